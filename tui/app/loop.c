/* SPDX-License-Identifier: MIT */
/* The loop sleeps in poll() until a key, a signal or something published wakes it. Keys are answered
 * at once; what the trainer publishes is drawn 20 times a second at most; nothing is drawn while
 * nothing changes. */
#include "app/loop.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "app/session.h"
#include "core/clock.h"
#include "term/terminal.h"
#include "term/signals.h"

enum { FRAME_MS = 50, KEY_FRAME_MS = 8, KEYS_AT_ONCE = 256 };
enum { POLL_KEYS, POLL_TRAINER, POLL_SIGNALS, POLLS };

struct loop {
    struct app app;
    struct canvas canvas;
    int dirty;         /* something is to be drawn */
    int urgent;        /* and the user waits for it */
    int whole;         /* and all of it */
    int64_t drawn;     /* when that was begun, in ms */
    int64_t ticked;
    int leave, ending; /* the user left; the signal that ended it */
    int failed;        /* the run cannot go on; its note says why */
};

static void loop_draw(struct loop *l)
{
    int w, h;

    l->drawn = clock_ms();
    term_size(&w, &h);
    if (w != l->canvas.w || h != l->canvas.h) {
        canvas_free(&l->canvas);
        if (canvas_init(&l->canvas, w, h, term_charset())) {
            l->canvas.w = 0;
            return;
        }
        app_resize(&l->app, w, h);
        app_take_charset(&l->app, term_charset());
    }
    app_draw(&l->app, &l->canvas);
    l->dirty = term_show(&l->canvas, l->whole);
    l->urgent &= l->dirty;
    l->whole = 0;
}

static int at_least_none(int64_t ms)
{
    return ms > 0 ? (int)ms : 0;
}

/* Milliseconds until what is dirty may be drawn. */
static int draw_patience(const struct loop *l)
{
    return at_least_none(l->drawn + (l->urgent ? KEY_FRAME_MS : FRAME_MS) - clock_ms());
}

/* Milliseconds to sleep at most; −1: until something happens. */
static int loop_patience(const struct loop *l)
{
    int draw = l->dirty ? draw_patience(l) : INT_MAX;
    int tick = app_has_ticks(&l->app) ? at_least_none(l->ticked + FRAME_MS - clock_ms()) : INT_MAX;
    int least = draw < tick ? draw : tick;
    double keep = app_keep_patience(&l->app) * 1000;

    if (keep < least)
        least = (int)ceil(keep);
    return least == INT_MAX ? -1 : least;
}

static void loop_tick(struct loop *l)
{
    int64_t now = clock_ms();

    if (app_has_ticks(&l->app) && now - l->ticked >= FRAME_MS) {
        l->ticked = now;
        l->dirty |= app_tick(&l->app);
    }
}

static void clear_event(int fd)
{
    uint64_t count;
    ssize_t n = read(fd, &count, sizeof count);

    (void)n;
}

static void loop_keys(struct loop *l)
{
    struct event event;

    for (int i = 0; i < KEYS_AT_ONCE && !l->leave && term_read(&event); i++) {
        unsigned reaction = app_handle(&l->app, &event);
        l->dirty = l->urgent = 1;
        l->whole |= (reaction & REACT_REPAINT) != 0;
        l->leave |= (reaction & REACT_QUIT) != 0;
    }
}

static void loop_signals(struct loop *l)
{
    int ending;
    unsigned flags = term_signal_take(&ending);

    if (ending)
        l->ending = ending;
    else if (flags & SIGNAL_SUSPEND) {
        term_suspend();
        term_signal_stop();
        term_resume();
    }
    if (flags & SIGNAL_CONTINUED)
        term_resume();
    if (flags & (SIGNAL_SUSPEND | SIGNAL_CONTINUED))
        l->whole = 1;
    l->dirty = l->urgent = 1;
}

static void loop_wait(struct loop *l)
{
    struct pollfd polls[POLLS] = {
        [POLL_KEYS] = {.fd = term_fd(), .events = POLLIN},
        [POLL_TRAINER] = {.fd = trainer_event_fd(l->app.trainer), .events = POLLIN},
        [POLL_SIGNALS] = {.fd = term_signal_fd(), .events = POLLIN},
    };

    if (poll(polls, POLLS, loop_patience(l)) < 0 && errno != EINTR)
        l->ending = SIGHUP;
    if (polls[POLL_SIGNALS].revents) {
        clear_event(polls[POLL_SIGNALS].fd);
        loop_signals(l);
    }
    /* Gone is gone: reading on would spin. */
    if (polls[POLL_KEYS].revents & (POLLHUP | POLLERR | POLLNVAL))
        l->ending = SIGHUP;
    else if ((polls[POLL_KEYS].revents & POLLIN) && term_is_gone())
        l->ending = SIGHUP;
    else if (polls[POLL_KEYS].revents & POLLIN)
        loop_keys(l);
    if (polls[POLL_TRAINER].revents) {
        clear_event(polls[POLL_TRAINER].fd);
        l->dirty |= app_gather(&l->app);
        l->failed = l->app.model.snapshot->status == RUN_FAILED;
    }
}

static void loop_run(struct loop *l)
{
    if (term_remark()[0])
        app_say(&l->app, 1, "%s", term_remark());
    app_gather(&l->app);
    l->dirty = l->urgent = 1;
    while (!l->leave && !l->ending && !l->failed) {
        loop_tick(l);
        app_keep_tick(&l->app);
        if (l->dirty && draw_patience(l) == 0)
            loop_draw(l);
        loop_wait(l);
    }
}

int app_run(struct trainer *t, const struct app_options *o, struct err *e)
{
    struct term_options term = {
        .ascii = o->ascii, .no_color = o->no_color, .no_mouse = o->no_mouse, .palette = o->palette,
        .colours = o->colours - 1};
    struct loop l;

    memset(&l, 0, sizeof l);
    if (app_init(&l.app, t, o, e))
        return -ERR_RUNTIME;
    if (term_open(&term, e) == 0) {
        loop_run(&l);
        app_keep(&l.app);
        term_close();
        if (l.failed)
            err_set(e, ERR_INPUT, "%s", l.app.model.snapshot->note);
        else if (l.ending)
            err_set(e, 128 + l.ending, "terminated by %s", l.ending == SIGHUP ? "the terminal closing" : strsignal(l.ending));
    }
    canvas_free(&l.canvas);
    app_free(&l.app);
    return e->code ? -e->code : 0;
}
