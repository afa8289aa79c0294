/* SPDX-License-Identifier: MIT */
#include "app/headless.h"

#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/script.h"
#include "draw/escape.h"

int dump_size(struct dump *d, const char *text, struct err *e)
{
    int end = 0;

    if (strspn(text, "0123456789x") != strlen(text) || sscanf(text, "%4dx%4d%n", &d->w, &d->h, &end) != 2 || text[end])
        return err_set(e, ERR_USAGE, "--dump-screen %.40s: expected COLUMNSxROWS, such as 80x24", text);
    if (d->w < 1 || d->w > DUMP_MOST_W || d->h < 1 || d->h > DUMP_MOST_H)
        return err_set(e, ERR_USAGE, "--dump-screen %.40s: expected a size from 1x1 to %dx%d", text, DUMP_MOST_W, DUMP_MOST_H);
    return 0;
}

enum { BUSY_MS = 50 }; /* between two looks at what is no trainer's */

/* Sleep until the trainer published something, and take it in. */
static void hear(struct app *a)
{
    struct pollfd p = {.fd = trainer_event_fd(a->trainer), .events = POLLIN};
    uint64_t count;

    if (poll(&p, 1, app_is_busy(a) ? BUSY_MS : -1) > 0 && read(p.fd, &count, sizeof count) > 0)
        app_gather(a);
}

/* Until the trainer heard all and rests. */
static void settle(struct app *a)
{
    for (app_gather(a); !app_is_settled(a) || app_is_busy(a); app_gather(a))
        hear(a);
}

/* Until no probe runs that was asked for. */
static void wait_for_probe(struct app *a)
{
    while (app_is_probing(a))
        hear(a);
}

static void wait_for_landscape(struct app *a)
{
    while (app_is_surveying(a))
        hear(a);
}

static void wait_for_task(struct app *a)
{
    while (app_is_working(a))
        hear(a);
}

static void wait_for_figures(struct app *a)
{
    while (app_is_measuring(a))
        hear(a);
}

static int play(struct app *a, const char *script, struct err *e)
{
    struct script_item item;
    unsigned reaction = 0;

    settle(a);
    while (!(reaction & REACT_QUIT)) {
        if (script_next(&script, &item, e))
            return -e->code;
        if (item.kind == SCRIPT_END)
            return 0;
        if (item.kind == SCRIPT_PROBE)
            wait_for_probe(a);
        else if (item.kind == SCRIPT_LANDSCAPE)
            wait_for_landscape(a);
        else if (item.kind == SCRIPT_TASK)
            wait_for_task(a);
        else if (item.kind == SCRIPT_MEASURE)
            wait_for_figures(a);
        else if (item.kind == SCRIPT_WAIT)
            app_wait(a, item.steps);
        else
            reaction = app_handle(a, &item.event);
        settle(a);
    }
    return 0;
}

static int print_coloured(const struct app *a, const struct canvas *c, struct err *e)
{
    struct escape_page page = {0};
    int failed;

    escape_lines(&page, c, a->options.palette, a->options.colours - 1);
    failed = page.failed;
    if (!failed)
        fwrite(page.bytes, 1, page.used, stdout);
    escape_free(&page);
    return failed ? err_memory(e, "the screen's bytes", (unsigned long long)a->w * (unsigned)a->h * 40) : 0;
}

static int print_plain(const struct app *a, const struct canvas *c, struct err *e)
{
    char *text = canvas_to_text(c);

    if (!text)
        return err_memory(e, "the screen's text", (unsigned long long)a->w * (unsigned)a->h * 8);
    fputs(text, stdout);
    free(text);
    return 0;
}

static int print_screen(const struct app *a, struct err *e)
{
    struct canvas c;
    int r;

    if (canvas_init(&c, a->w, a->h, a->charset))
        return err_memory(e, "the screen", (unsigned long long)a->w * (unsigned)a->h * sizeof(struct cell));
    app_draw(a, &c);
    r = a->options.colours > 0 ? print_coloured(a, &c, e) : print_plain(a, &c, e);
    canvas_free(&c);
    return r;
}

int dump_run(struct trainer *t, const struct app_options *o, const struct dump *d, struct err *e)
{
    struct app_options still = *o;
    struct app a;
    int r;

    still.still = 1;
    r = app_init(&a, t, &still, e);
    if (r)
        return r;
    app_take_charset(&a, o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ? CHARSET_ASCII : CHARSET_BRAILLE);
    app_resize(&a, d->w, d->h);
    r = play(&a, d->script ? d->script : "", e);
    if (r == 0)
        r = print_screen(&a, e);
    app_free(&a);
    return r;
}
