#include "probe/landscape.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "net/network.h"
#include "probe/landscape-find.h"
#include "probe/objective-network.h"

struct run {
    const struct landscape_ask *a;
    struct network network;
    struct objective_network source;
    struct objective objective;
    real *theta, *other, *statistics; /* statistics: at the place of the slice that is computed */
    real **copied;            /* the path's points, where `real` is no float */
    const real *const *path;
};

/* ---- the point ------------------------------------------------------------------------------ */

static real *converted(const float *from, int64_t n)
{
    real *to = memory_zeroed(sizeof *to * (size_t)(n + 1));

    for (int64_t i = 0; to && from && i < n; i++)
        to[i] = (real)from[i];
    return to;
}

/* A path may be the largest thing in memory: in float it is used as it stands. */
static int take_path(struct run *s, struct err *e)
{
    const void *own = s->a->path;

    s->path = own;
    if (sizeof(real) == sizeof(float) || s->a->wish.kind != LANDSCAPE_PCA)
        return 0;
    s->copied = calloc((size_t)s->a->path_points + 1, sizeof *s->copied);
    for (int i = 0; s->copied && i < s->a->path_points; i++) {
        s->copied[i] = converted(s->a->path[i], s->network.parameters);
        if (!s->copied[i])
            return err_memory(e, "a path", sizeof(real) * (unsigned long long)s->network.parameters);
    }
    s->path = (const real *const *)s->copied;
    return s->copied ? 0 : err_memory(e, "a path", sizeof *s->copied);
}

static int take_point(struct run *s, struct err *e)
{
    int64_t n = s->network.parameters;

    s->theta = converted(s->a->point.theta, n);
    s->statistics = converted(s->a->point.statistics, s->network.statistics);
    s->other = s->a->other ? converted(s->a->other, n) : NULL;
    if (!s->theta || !s->statistics || (s->a->other && !s->other))
        return err_memory(e, "the weights of a landscape", 3ull * sizeof(real) * (unsigned long long)n);
    return take_path(s, e);
}

static int open_run(struct run *s, struct err *e)
{
    const struct probe_ask *a = &s->a->point;
    int r = R(network).build(&s->network, a->spec, (struct shape){a->batch->steps, a->batch->width}, e);

    if (r == 0)
        r = take_point(s, e);
    if (r)
        return r;
    s->source = (struct objective_network){
        .network = &s->network,
        .batch = a->batch,
        .statistics = s->statistics,
        .loss = R(losses).find(a->loss),
        .loss_args = {.label_smoothing = a->label_smoothing, .class_weight = a->class_weight},
        .pool = a->pool,
        .shards = a->shards > 0 ? a->shards : 1,
        .slice = a->slice,
        .batch_statistics = a->batch_statistics,
        .cancel = a->cancel,
    };
    if (!s->source.loss)
        return err_set(e, ERR_INPUT, "there is no loss \"%.40s\"", a->loss);
    return R(objective_network).open(&s->source, &s->objective, e);
}

static void close_run(struct run *s)
{
    R(objective_network).close(&s->source);
    R(network).free(&s->network);
    for (int i = 0; s->copied && i < s->a->path_points; i++)
        free(s->copied[i]);
    free(s->copied);
    free(s->theta);
    free(s->other);
    free(s->statistics);
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
    const float *from = s->a->point.statistics, *to = s->a->other_statistics;

    (void)b;
    for (int p = 0; p < s->network.statistic_places; p++) {
        const struct place *place = &s->network.statistic[p];
        int variance = is_variance(place->name);
        for (int64_t i = place->offset; i < place->offset + place->count; i++)
            s->statistics[i] = (real)(a == 0   ? (double)from[i]
                                      : a == 1 ? (double)to[i]
                                               : mixed((double)from[i], (double)to[i], a, variance));
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
            .objective = &s.objective,
            .theta = s.theta,
            .places = s.network.places,
            .place = s.network.place,
            .other = s.other,
            .path_points = a->path_points,
            .path = s.path,
            .pool = a->point.pool,
            .moved = line && s.network.statistics > 0 ? mix_statistics : NULL,
            .moved_context = &s,
        };
        r = R(landscape_find).find(&of, &a->wish, l, e);
    }
    close_run(&s);
    return r;
}

const struct landscape_network R(landscape_network) = {.run = run};
