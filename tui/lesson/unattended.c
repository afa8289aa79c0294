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

static void tell_checks(const struct lesson_player *p, const struct unattended *u, int *told, int *failed)
{
    for (; *told < p->checks; (*told)++) {
        *failed += !p->check[*told].holds;
        u->checked(u->context, p->lesson, &p->check[*told]);
    }
}

static void play(struct lesson_player *p, struct app *a, const struct unattended *u, int *failed)
{
    int told = 0, step = -1;

    while (p->phase != PLAYER_END && p->phase != PLAYER_FAILED) {
        if (step != p->step)
            u->step(u->context, p->lesson, step = p->step);
        player_advance(p, a);
        tell_checks(p, u, &told, failed);
        if (p->phase == PLAYER_DOING)
            hear(a, p);
    }
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
    player_open(p, a, l);
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
