/* SPDX-License-Identifier: MIT */
#include "landscape/find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hessian/lanczos.h"
#include "landscape/bezier.h"
#include "landscape/extent.h"
#include "landscape/path.h"
#include "landscape/pca.h"
#include "landscape/sharpness.h"
#include "landscape/slice.h"

static const double BEYOND = .5; /* both ends of a line */

struct finding {
    const struct landscape_of *of;
    const struct landscape_wish *wish;
    struct landscape *l;
    int64_t n;
    real *u, *v, *top, *work; /* the axes; the top eigenvector, when it is known; scratch */
    int top_known;
    const char *what; /* is being done, and what is counted */
};

/* ---- progress ------------------------------------------------------------------------------- */

static int told(struct finding *f, int done, int of)
{
    return f->wish->progress ? f->wish->progress(f->wish->context, f->l, f->what, done, of) : 0;
}

static int told_slice(void *context, const struct landscape_grid *g)
{
    return told(context, g->done, g->of);
}

static int told_lanczos(void *context, int products, int most, int converged)
{
    (void)converged;
    return told(context, products, most);
}

static int told_climb(void *context, int done, int of)
{
    return told(context, done, of);
}

/* ---- eigenvectors --------------------------------------------------------------------------- */

static void take_pair(struct finding *f, const struct eigenpair *from, struct landscape_direction *d,
                      real *to)
{
    d->eigenvalue = from->value;
    d->residual = from->residual;
    d->converged = from->converged;
    memcpy(to, from->vector, sizeof *to * (size_t)f->n);
}

static void take_foot(struct landscape_foot *foot, const struct eigenpair *top)
{
    foot->highest = top->value;
    foot->residual = top->residual;
    foot->converged = top->converged;
}

static int run_lanczos(struct finding *f, const real *theta, int top, int bottom, struct lanczos_result *r,
                       struct err *e)
{
    struct curvature c = {.objective = f->of->objective, .theta = theta};
    struct lanczos_ask ask = {
        .top = top,
        .bottom = bottom,
        .seed = f->wish->seed,
        .pool = f->of->pool,
        .progress = told_lanczos,
        .context = f,
    };
    int result = R(curvature).open(&c, e);

    f->what = "eigenvectors, product";
    if (result == 0)
        result = R(lanczos).run(&c, &ask, r, e);
    R(curvature).close(&c);
    if (result == 0)
        f->l->products += r->products;
    return result;
}

/* λmax at the point or at the line's other end, and its vector. */
static int find_highest(struct finding *f, const real *theta, struct landscape_foot *foot, struct err *e)
{
    struct lanczos_result r;
    int result = run_lanczos(f, theta, 1, 0, &r, e);

    if (result)
        return result;
    take_foot(foot, &r.at_top[0]);
    memcpy(f->top, r.at_top[0].vector, sizeof *f->top * (size_t)f->n);
    R(lanczos).free(&r);
    return 0;
}

static int eigen_directions(struct finding *f, struct err *e)
{
    int ends = f->wish->kind == LANDSCAPE_ENDS, top = ends ? 1 : 2, result;
    struct landscape_direction *d = f->l->direction;
    struct lanczos_result r;

    if (f->n < 2)
        return err_set(e, ERR_INPUT, "one parameter has one direction; choose another kind, along one axis");
    result = run_lanczos(f, f->of->theta, top, ends, &r, e);
    if (result)
        return result;
    take_pair(f, &r.at_top[0], &d[0], f->u);
    take_pair(f, ends ? &r.at_bottom[0] : &r.at_top[1], &d[1], f->v);
    take_foot(&f->l->foot[0], &r.at_top[0]);
    memcpy(f->top, f->u, sizeof *f->top * (size_t)f->n);
    f->top_known = 1;
    R(lanczos).free(&r);
    d[0].name = "top eigenvector";
    d[1].name = ends ? "bottom eigenvector" : "second eigenvector";
    return 0;
}

/* ---- the other directions ------------------------------------------------------------------- */

static void random_directions(struct finding *f)
{
    struct place all = {.dims = 2, .shape = {1, f->n}, .count = f->n};

    R(directions)
        .random(f->of->places ? f->of->places : 1, f->of->places ? f->of->place : &all, f->of->theta,
                f->wish->seed, f->u, f->v);
    f->l->direction[0].name = "random direction";
    f->l->direction[1].name = "another random direction";
}

static int gradient_directions(struct finding *f, struct err *e)
{
    int turns,
        r = R(directions).gradient(f->of->objective, f->of->theta, f->wish->seed, f->u, f->v, &turns, e);

    f->l->direction[0].name = "gradient";
    f->l->direction[1].name = r == 0 && turns ? "orthogonal part of Hg" : "random orthogonal direction";
    return r;
}

static int path_directions(struct finding *f, struct err *e)
{
    double share[2];
    int r;

    if (f->of->path_points < 2)
        return err_set(e, ERR_INPUT, "principal components need a path of two points or more");
    r = R(landscape_path).room(f->of, f->l, e);
    if (r)
        return r;
    r = R(pca).axes(f->n, f->of->path_points, f->of->path, f->wish->seed, f->of->pool, f->u, f->v, f->l->path,
                    share, e);
    if (r)
        return r;
    f->l->path_points = f->of->path_points;
    for (int i = 0; i < 2; i++)
        f->l->direction[i].share = share[i];
    f->l->direction[0].name = "first principal component";
    f->l->direction[1].name = share[1] > 0 ? "second principal component" : "random orthogonal direction";
    return 0;
}

static int line_direction(struct finding *f, struct err *e)
{
    if (!f->of->other)
        return err_set(e, ERR_INPUT, "a line or curve needs another point to go to");
    for (int64_t i = 0; i < f->n; i++)
        f->u[i] = f->of->other[i] - f->of->theta[i];
    f->l->direction[0].name = "line";
    return 0;
}

static int find_directions(struct finding *f, struct err *e)
{
    f->what = "directions";
    switch (f->wish->kind) {
    case LANDSCAPE_RANDOM:
        random_directions(f);
        return 0;
    case LANDSCAPE_GRADIENT:
        return gradient_directions(f, e);
    case LANDSCAPE_TOP:
    case LANDSCAPE_ENDS:
        return eigen_directions(f, e);
    case LANDSCAPE_LINE:
    case LANDSCAPE_CURVE:
        return line_direction(f, e);
    case LANDSCAPE_PCA:
        return path_directions(f, e);
    default:
        return err_set(e, ERR_INPUT, "unknown kind of landscape");
    }
}

/* ---- axes ----------------------------------------------------------------------------------- */

static int model_axes(struct finding *f, int points, struct landscape_axis axis[2], struct err *e)
{
    const real *const d[2] = {f->u, f->v};
    struct landscape_direction *measured = f->l->direction;
    double loss, x = f->wish->extent;
    int r = R(landscape_extent).measure(f->of, f->l->axes, d, f->work, measured, &loss, e);

    for (int i = 0; r == 0 && i < f->l->axes; i++) {
        if (f->wish->extent <= 0)
            r = R(landscape_extent).choose(f->of, d[i], &measured[i], loss, f->work, &x, e);
        axis[i] = landscape_axis_around(points, x);
    }
    return r;
}

static int make_axes(struct finding *f, struct landscape_axis axis[2], struct err *e)
{
    const struct landscape_wish *w = f->wish;
    int points = w->points ? w->points : f->l->axes == 1 ? LANDSCAPE_LINE_POINTS : LANDSCAPE_POINTS;

    if (points % 2 == 0)
        return err_set(e, ERR_INPUT, "%d points: an odd number has one in the middle", points);
    if (landscape_kind_joins((int)w->kind)) {
        axis[0] = landscape_axis_line(points, w->extent > 0 ? w->extent : w->kind == LANDSCAPE_LINE ? BEYOND : 0);
        return 0;
    }
    if (w->kind == LANDSCAPE_GRADIENT || w->kind == LANDSCAPE_TOP || w->kind == LANDSCAPE_ENDS)
        return model_axes(f, points, axis, e);
    for (int i = 0; i < f->l->axes; i++)
        axis[i] = w->kind == LANDSCAPE_PCA && w->extent <= 0
                      ? R(landscape_extent).path(f->l, i, points)
                      : landscape_axis_around(points, w->extent > 0 ? w->extent : 1);
    return 0;
}

/* ---- heights -------------------------------------------------------------------------------- */

static void move_to(const struct finding *f, double a)
{
    if (f->of->moved)
        f->of->moved(f->of->moved_context, a, 0);
}

/* Of heights over a way from 0 to 1; NaN where one of them is not finite. */
static double barrier(const struct landscape *l, const double *z)
{
    const struct landscape_axis *x = &l->grid.x;
    double most = 0;

    for (int i = x->zero; i <= x->zero + x->parts && i < x->points; i++) {
        double t = landscape_axis_at(x, i), above = z[i] - ((1 - t) * z[x->zero] + t * z[x->zero + x->parts]);
        if (!isfinite(above))
            return NAN;
        most = fmax(most, above);
    }
    return most;
}

static int find_heights(struct finding *f, struct err *e)
{
    int line = landscape_kind_joins((int)f->wish->kind), r;
    struct slice s = {
        .objective = f->of->objective,
        .origin = f->of->theta,
        .u = line ? NULL : f->u,
        .v = f->l->axes == 2 ? f->v : NULL,
        .end = line ? f->of->other : NULL,
        .pool = f->of->pool,
        .moved = f->of->moved,
        .context = f->of->moved_context,
    };
    const struct landscape_grid *g = &f->l->grid;

    f->what = "landscape, point";
    r = R(slice).fill(&s, &f->l->grid, told_slice, f, e);
    if (r == 0)
        f->l->foot[0].loss = g->z[g->y.zero * g->x.points + g->x.zero];
    if (r == 0 && line) {
        f->l->foot[1].loss = g->z[g->x.zero + g->x.parts];
        f->l->line_barrier = barrier(f->l, g->z);
    }
    return r;
}

/* ---- the curve beside the line -------------------------------------------------------------- */

static int curve_heights(struct finding *f, const struct bezier *b, struct err *e)
{
    struct landscape *l = f->l;
    const struct landscape_axis *x = &l->grid.x;
    int r = 0;

    f->what = "curve, point";
    for (int i = 0; r == 0 && i < x->points; i++) {
        R(bezier).point(b, landscape_axis_at(x, i), f->work);
        r = f->of->objective->f(f->of->objective, f->work, &l->curve[i], e);
        if (r == 0 && told(f, i + 1, x->points))
            r = err_set(e, ERR_CANCELLED, "cancelled");
    }
    if (r == 0)
        l->curve_barrier = barrier(l, l->curve);
    return r;
}

static int keep_control(struct finding *f, const real *control, struct err *e)
{
    if (!f->wish->vectors)
        return 0;
    f->l->control = malloc(sizeof(float) * (size_t)f->n + 1);
    if (!f->l->control)
        return err_memory(e, "the curve's control point", sizeof(float) * (unsigned long long)f->n);
    for (int64_t k = 0; k < f->n; k++)
        f->l->control[k] = (float)control[k];
    return 0;
}

static void next_batch(void *context, int step)
{
    const struct finding *f = context;
    f->of->next(f->of->next_context, step);
}

static int find_curve(struct finding *f, struct err *e)
{
    const struct landscape_wish *w = f->wish;
    struct bezier b = {
        .objective = f->of->train,
        .from = f->of->theta,
        .to = f->of->other,
        .control = f->v,
        .pool = f->of->pool,
        .steps = w->curve_steps > 0 ? w->curve_steps : BEZIER_STEPS,
        .rate = w->curve_rate > 0 ? w->curve_rate : BEZIER_RATE,
        .seed = w->seed,
        .next = f->of->next ? next_batch : NULL,
        .progress = told_climb,
        .context = f,
    };
    int points = f->l->grid.x.points, r;

    if (!f->of->train)
        return err_set(e, ERR_INPUT, "a curve needs examples to be trained on");
    f->l->curve = malloc(sizeof *f->l->curve * (size_t)points);
    if (!f->l->curve)
        return err_memory(e, "a curve", sizeof *f->l->curve * (unsigned)points);
    for (int i = 0; i < points; i++)
        f->l->curve[i] = NAN;
    f->what = "curve, step";
    r = R(bezier).train(&b, e);
    if (r == 0)
        r = curve_heights(f, &b, e);
    return r ? r : keep_control(f, f->v, e);
}

/* ---- figures -------------------------------------------------------------------------------- */

static int find_figures(struct finding *f, int end, struct err *e)
{
    const real *theta = end ? f->of->other : f->of->theta;
    struct landscape_foot *foot = &f->l->foot[end];
    int r = 0;

    move_to(f, end);
    if (end || !f->top_known)
        r = find_highest(f, theta, foot, e);
    f->what = "sharpness, gradient";
    if (r == 0)
        r = R(sharpness).find(f->of->objective, theta, f->top, f->wish->epsilon, &foot->sharpness, told_climb,
                              f, e);
    return r;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void begin(struct landscape *l, const struct landscape_of *of, const struct landscape_wish *w)
{
    memset(l, 0, sizeof *l);
    l->kind = w->kind;
    l->parameters = of->objective->n;
    l->axes = landscape_kind_joins((int)w->kind) || w->axes == 1 || of->objective->n < 2 ? 1 : 2;
    l->feet = landscape_kind_joins((int)w->kind) ? 2 : 1;
    l->line_barrier = l->curve_barrier = NAN;
    for (int i = 0; i < 2; i++) {
        l->direction[i] = (struct landscape_direction){
            .length = NAN, .slope = NAN, .curvature = NAN, .eigenvalue = NAN, .residual = NAN, .share = NAN};
        l->foot[i] = (struct landscape_foot){.loss = NAN, .highest = NAN, .residual = NAN};
        l->foot[i].sharpness = (struct sharpness_report){.percent = NAN, .loss = NAN, .highest = NAN};
    }
}

static int make_room(struct finding *f, struct err *e)
{
    size_t bytes = sizeof(real) * (size_t)f->n;

    f->u = malloc(4 * bytes + 1);
    if (!f->u)
        return err_memory(e, "the directions of a landscape", 4 * bytes);
    f->v = f->u + f->n;
    f->top = f->v + f->n;
    f->work = f->top + f->n;
    return 0;
}

/* Lengths of the directions, and the directions themselves if requested. */
static int tell_directions(struct finding *f, struct err *e)
{
    for (int i = 0; i < f->l->axes; i++) {
        const real *d = i ? f->v : f->u;
        f->l->direction[i].length = sqrt(R(directions).dot(f->n, d, d));
        if (!f->wish->vectors)
            continue;
        f->l->vector[i] = malloc(sizeof(float) * (size_t)f->n + 1);
        if (!f->l->vector[i])
            return err_memory(e, "the directions of a landscape", sizeof(float) * (unsigned long long)f->n);
        for (int64_t k = 0; k < f->n; k++)
            f->l->vector[i][k] = (float)d[k];
    }
    return 0;
}

static int find(const struct landscape_of *of, const struct landscape_wish *wish, struct landscape *l,
                struct err *e)
{
    struct finding f = {.of = of, .wish = wish, .l = l, .n = of->objective->n};
    struct landscape_axis axis[2] = {landscape_axis_none(), landscape_axis_none()};
    int r;

    begin(l, of, wish);
    r = make_room(&f, e);
    if (r == 0)
        r = find_directions(&f, e);
    if (r == 0)
        r = R(landscape_path).project(of, l, f.u, f.v, f.work, e);
    if (r == 0)
        r = make_axes(&f, axis, e);
    if (r == 0)
        r = landscape_grid_init(&l->grid, &axis[0], &axis[1], e);
    if (r == 0)
        r = tell_directions(&f, e);
    if (r == 0)
        r = find_heights(&f, e);
    f.what = "path, point";
    if (r == 0)
        r = R(landscape_path).measure(of, l, f.u, f.v, f.work, told_climb, &f, e);
    if (r == 0 && wish->kind == LANDSCAPE_CURVE)
        r = find_curve(&f, e);
    for (int end = 0; r == 0 && !wish->no_figures && wish->kind != LANDSCAPE_CURVE && end < l->feet; end++)
        r = find_figures(&f, end, e);
    free(f.u);
    if (r)
        landscape_free(l);
    return r;
}

const struct landscape_find_ops R(landscape_find) = {.find = find};
