/* SPDX-License-Identifier: MIT */
#include "app/runs.h"

#include <string.h>

#include "core/text.h"

struct history *run_curves_of(struct run_curves *c, int run)
{
    if (!c->of[run])
        c->of[run] = history_new();
    return c->of[run];
}

/* A history that the caller gives away. */
static void add_ghost(struct run_curves *c, enum ghost_kind kind, const struct sample *s, struct history *h)
{
    if (c->ghosts == GHOSTS_MOST)
        history_free(c->ghost[--c->ghosts].history);
    memmove(c->ghost + 1, c->ghost, sizeof *c->ghost * (size_t)c->ghosts);
    c->ghost[0] = (struct ghost){
        .kind = kind, .run = s->run, .from = kind == GHOST_LEFT ? (double)s->step : 0, .history = h};
    c->ghosts++;
}

void run_curves_take(struct run_curves *c, struct history *h, const char *name)
{
    const struct sample none = {.run = 0};

    add_ghost(c, GHOST_RECORDED, &none, h);
    text_copy(c->ghost[0].name, sizeof c->ghost[0].name, name);
}

static int has_steps_after(const struct history *h, double step)
{
    const struct track *t = h ? &h->track[TRACK_LOSS] : NULL;

    return t && t->count && t->step[t->count - 1] > step;
}

/* The run's curves as they are, where something of them is about to go. */
static void keep_ghost(struct run_curves *c, const struct sample *s)
{
    struct history *h = c->of[s->run], *copy;

    if (!has_steps_after(h, s->kind == SAMPLE_BACK ? (double)s->step : 0))
        return;
    if (s->kind == SAMPLE_DROP) {
        c->of[s->run] = NULL;
        add_ghost(c, GHOST_DROPPED, s, h);
        return;
    }
    copy = history_copy(h);
    if (copy)
        add_ghost(c, s->kind == SAMPLE_BACK ? GHOST_LEFT : GHOST_RESTARTED, s, copy);
}

static int fork_curves(struct run_curves *c, const struct sample *s)
{
    const struct history *parent = c->of[s->fork.parent];

    history_free(c->of[s->run]);
    c->of[s->run] = parent ? history_copy(parent) : history_new();
    return c->of[s->run] ? 0 : -1;
}

int run_curves_add(struct run_curves *c, const struct sample *s)
{
    if (s->run < 0 || s->run >= TRAINER_RUNS)
        return 0;
    if (s->kind == SAMPLE_FORK)
        return fork_curves(c, s);
    if (s->kind == SAMPLE_BACK || s->kind == SAMPLE_RESTART || s->kind == SAMPLE_DROP)
        keep_ghost(c, s);
    if (s->kind == SAMPLE_DROP) {
        history_free(c->of[s->run]);
        c->of[s->run] = NULL;
        return 0;
    }
    if (!run_curves_of(c, s->run))
        return -1;
    history_add(c->of[s->run], s);
    return 0;
}

void run_curves_drop_ghosts(struct run_curves *c)
{
    while (c->ghosts)
        history_free(c->ghost[--c->ghosts].history);
}

void run_curves_free(struct run_curves *c)
{
    run_curves_drop_ghosts(c);
    for (int i = 0; i < TRAINER_RUNS; i++)
        history_free(c->of[i]);
    memset(c, 0, sizeof *c);
}
