/* SPDX-License-Identifier: MIT */
#include "landscape/landscape.h"

#include <stdlib.h>
#include <string.h>

#include "landscape/bezier.h"
#include "landscape/find.h"
#include "hessian/probe-point.h"

struct run {
    const struct landscape_ask *a;
    struct probe_point point; /* its statistics are those at the place of the slice that is computed */
    real *other;
    real **copied; /* the path's points, where `real` is no float */
    const real *const *path;
    struct probe_ask own;    /* of the point */
    struct probe_ask small;  /* of a curve: the same on a mini-batch … */
    struct probe_batch mini; /* … a part of a->train */
    struct probe_point training;
};

/* ---- the points ----------------------------------------------------------------------------- */

/* A path may be the largest thing in memory: in float it is used as it stands. */
static int take_path(struct run *s, struct err *e)
{
    const void *own = s->a->path;
    int64_t n = s->point.network.parameters;

    s->path = own;
    if (sizeof(real) == sizeof(float) || s->a->path_points == 0)
        return 0;
    s->copied = calloc((size_t)s->a->path_points + 1, sizeof *s->copied);
    for (int i = 0; s->copied && i < s->a->path_points; i++) {
        s->copied[i] = R(probe_point).converted(s->a->path[i], n);
        if (!s->copied[i])
            return err_memory(e, "a path", sizeof(real) * (unsigned long long)n);
    }
    s->path = (const real *const *)s->copied;
    return s->copied ? 0 : err_memory(e, "a path", sizeof *s->copied);
}

/* ---- what a curve is trained on ------------------------------------------------------------- */

/* As many examples as a mini-batch has, from one on. */
static void cut_batch(struct run *s, int first, int examples)
{
    const struct probe_batch *all = s->a->train;

    s->mini = *all;
    s->mini.examples = examples;
    s->mini.x += (size_t)first * (size_t)all->steps * (size_t)all->width;
    s->mini.labels += (size_t)first * (size_t)all->answers;
    if (all->lengths)
        s->mini.lengths += first;
}

/* One part of the examples after the other, and from the beginning again. */
static void next_batch(void *context, int step)
{
    struct run *s = context;
    int examples = s->mini.examples, parts = s->a->train->examples / examples;

    cut_batch(s, step % parts * examples, examples);
    R(objective_network).renew(&s->training.source);
}

static int open_training(struct run *s, struct err *e)
{
    const struct probe_batch *all = s->a->train;
    int wanted = BEZIER_BATCH / all->answers > 1 ? BEZIER_BATCH / all->answers : 1;

    cut_batch(s, 0, wanted < all->examples ? wanted : all->examples);
    s->small = s->own;
    s->small.batch = &s->mini;
    s->small.slice = 0;
    return R(probe_point).open(&s->training, &s->small, e);
}

static int open_run(struct run *s, struct err *e)
{
    int r;

    s->own = s->a->point;
    if (s->a->wish.kind == LANDSCAPE_CURVE)
        s->own.batch_statistics = 1;
    r = R(probe_point).open(&s->point, &s->own, e);
    if (r)
        return r;
    if (s->a->other)
        s->other = R(probe_point).converted(s->a->other, s->point.network.parameters);
    if (s->a->other && !s->other)
        return err_memory(e, "the end of a line",
                          sizeof(real) * (unsigned long long)s->point.network.parameters);
    r = take_path(s, e);
    return r == 0 && s->a->wish.kind == LANDSCAPE_CURVE && s->a->train ? open_training(s, e) : r;
}

static void close_run(struct run *s)
{
    R(probe_point).close(&s->training);
    R(probe_point).close(&s->point);
    for (int i = 0; s->copied && i < s->a->path_points; i++)
        free(s->copied[i]);
    free(s->copied);
    free(s->other);
}

/* ---- statistics along a line ---------------------------------------------------------------- */

static int is_variance(const char *name)
{
    static const char ending[] = "running_var";
    size_t n = strlen(name);
    return n >= sizeof ending - 1 && strcmp(name + n - (sizeof ending - 1), ending) == 0;
}

static double mixed(double from, double to, double a, int variance)
{
    double linear = (1 - a) * from + a * to;

    if (!variance)
        return linear;
    return from > 0 && to > 0 ? from * pow(to / from, a) : linear > 0 ? linear : 0;
}

static void mix_statistics(void *context, double a, double b)
{
    struct run *s = context;
    const struct network *n = &s->point.network;
    const float *from = s->a->point.statistics, *to = s->a->other_statistics;

    (void)b;
    for (int p = 0; p < n->statistic_places; p++) {
        const struct place *place = &n->statistic[p];
        int variance = is_variance(place->name);
        for (int64_t i = place->offset; i < place->offset + place->count; i++)
            s->point.statistics[i] = a == 0   ? (real)from[i]
                                     : a == 1 ? (real)to[i]
                                              : (real)mixed((double)from[i], (double)to[i], a, variance);
    }
}

/* ---- all of it ------------------------------------------------------------------------------ */

static int run(const struct landscape_ask *a, struct landscape *l, struct err *e)
{
    struct run s = {.a = a};
    int line = a->wish.kind == LANDSCAPE_LINE && a->other_statistics, r;

    memset(l, 0, sizeof *l);
    r = open_run(&s, e);
    if (r == 0) {
        struct landscape_of of = {
            .objective = &s.point.objective,
            .theta = s.point.theta,
            .places = s.point.network.places,
            .place = s.point.network.place,
            .other = s.other,
            .train = s.training.objective.n > 0 ? &s.training.objective : NULL,
            .next = next_batch,
            .next_context = &s,
            .path_points = a->path_points,
            .path = s.path,
            .pool = a->point.pool,
            .moved = line && s.point.network.statistics > 0 ? mix_statistics : NULL,
            .moved_context = &s,
        };
        r = R(landscape_find).find(&of, &a->wish, l, e);
    }
    close_run(&s);
    return r;
}

const struct landscape_network R(landscape_network) = {.run = run};
