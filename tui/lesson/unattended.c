/* SPDX-License-Identifier: MIT */
#include "lesson/unattended.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHILD_MS = 50 }; /* between two looks whether a command has ended, once its output has */

/* Sleep until the trainer published something or a command printed something. */
static void hear(struct app *a, const struct lesson_player *p)
{
    struct pollfd polls[] = {{.fd = trainer_event_fd(a->trainer), .events = POLLIN},
                             {.fd = p->child.out, .events = POLLIN},
                             {.fd = p->child.said, .events = POLLIN}};
    uint64_t count;

    if (poll(polls, 3, p->child.pid ? CHILD_MS : -1) > 0 && (polls[0].revents & POLLIN) &&
        read(polls[0].fd, &count, sizeof count) > 0)
        app_gather(a);
}

/* What was told so far: steps, and checks. */
struct telling {
    int steps, checks, failed;
};

static void tell_steps(struct telling *t, const struct lesson_player *p, const struct unattended *u, int last)
{
    while (t->steps <= last)
        u->step(u->context, p->lesson, t->steps++);
}

static int step_of(const struct lesson *l, int block)
{
    int step = 0;

    while (step + 1 < l->steps && l->step[step + 1].first <= block)
        step++;
    return step;
}

static void tell(struct telling *t, const struct lesson_player *p, const struct unattended *u)
{
    for (; t->checks < p->checks; t->checks++) {
        const struct player_check *c = &p->check[t->checks];
        tell_steps(t, p, u, step_of(p->lesson, c->block));
        t->failed += !c->holds;
        u->checked(u->context, p->lesson, c);
    }
    tell_steps(t, p, u, p->step);
}

static void play(struct lesson_player *p, struct app *a, const struct unattended *u, int *failed)
{
    struct telling t = {0};

    while (p->phase != PLAYER_END && p->phase != PLAYER_FAILED) {
        player_advance(p, a);
        tell(&t, p, u);
        if (player_is_busy(p))
            hear(a, p);
    }
    *failed = t.failed;
}

int lesson_unattended(struct trainer *t, struct lesson *l, const struct unattended *u, int *failed, struct err *e)
{
    const struct app_options still = {.still = 1, .timed = 1, .plain = 1, .no_record = 1};
    struct lesson_player *p = calloc(1, sizeof *p);
    struct app *a = calloc(1, sizeof *a);
    int r = p && a ? app_init(a, t, &still, e) : err_memory(e, "a lesson", sizeof *p + sizeof *a);

    *failed = 0;
    if (r) {
        lesson_free(l);
        free(p);
        free(a);
        return r;
    }
    p->automatic = 1;
    p->seed = u->seed;
    player_open(p, a, l, 0);
    while (!a->model.snapshot->version)
        hear(a, p);
    play(p, a, u, failed);
    if (p->phase == PLAYER_FAILED) {
        err_set(e, ERR_RUNTIME, "%s", p->text);
        lesson_error(l, l->block[p->block].kind == LESSON_DO ? l->block[p->block].line[p->line].number : l->block[p->block].number, e);
        e->code = ERR_RUNTIME;
        r = -ERR_RUNTIME;
    }
    player_close(p);
    app_free(a);
    free(p);
    free(a);
    return r;
}
