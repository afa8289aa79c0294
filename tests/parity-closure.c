/* SPDX-License-Identifier: MIT */
/* Optimizers that ask for f at points of their choice, in one build: L-BFGS, SAM and ASAM over another optimizer, and
 * saddle-free Newton. */
#include "optim/sam.h"
#include "parity-optim.h"
#include "parity-tools.h"

#include "core/memory.h"
#include "race/surface-chain.h"

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_CLOSURE = 1e-8, TOLERANCE_NEWTON = 1e-8;
#else
static const double TOLERANCE_CLOSURE = 1e-3, TOLERANCE_NEWTON = 2e-3;
#endif

/* ---- f = ½ θᵀAθ − bᵀθ + ¼ Σθ⁴ ---------------------------------------------------------------- */

struct quartic {
    int64_t n;
    double *A, *b;
};

static double quartic(void *context, const real *theta, real *gradient)
{
    const struct quartic *q = context;
    double f = 0;

    for (int64_t i = 0; i < q->n; i++) {
        double x = (double)theta[i], row = 0;
        for (int64_t j = 0; j < q->n; j++)
            row += q->A[i * q->n + j] * (double)theta[j];
        f += x * (row / 2 - q->b[i] + x * x * x / 4);
        gradient[i] = (real)(row - q->b[i] + x * x * x);
    }
    return f;
}

enum { MOST_TENSORS = 16 };

/* `tensors` = [[name, size], …]; without it one weight. Returns how many, 0 when they do not fit. */
static int read_tensors(const json_t *list, int64_t n, struct optimizer_part part[MOST_TENSORS])
{
    size_t at = 0;
    int parts = 0;

    if (!list) {
        part[0] = (struct optimizer_part){.count = (size_t)n, .scaled = 1};
        return 1;
    }
    for (size_t i = 0; i < json_array_size(list) && parts < MOST_TENSORS; i++) {
        const json_t *t = json_array_get(list, i);
        const char *name = json_string_value(json_array_get(t, 0));
        size_t count = (size_t)json_integer_value(json_array_get(t, 1));
        part[parts++] =
            (struct optimizer_part){.offset = at, .count = count, .scaled = name && strstr(name, "weight") != NULL};
        at += count;
    }
    return at == (size_t)n && (size_t)parts == json_array_size(list) ? parts : 0;
}

/* SAM's own numbers, beside those of the base optimizer. */
static void read_sam(struct stepper *s, const json_t *c, struct parity_report *r)
{
    static const char *const sam[] = {"rho", "base", NULL}, *const asam[] = {"rho", "eta", "base", NULL};
    const json_t *hyper = json_object_get(c, "hyper");
    int scaled = strcmp(json_string_value(json_object_get(c, "algorithm")), "ASAM") == 0;

    refuse_unread(hyper, scaled ? asam : sam, r);
    s->args.sam = scaled ? OPTIMIZER_ASAM : OPTIMIZER_SAM;
    s->args.sam_rho = number_or(hyper, "rho", s->args.sam_rho);
    s->args.sam_eta = number_or(hyper, "eta", s->args.sam_eta);
}

/* One step of any optimizer, with SAM's gradient where it is on. */
static void step(struct stepper *s, int64_t n, real *theta)
{
    real *gradient = calloc((size_t)n, sizeof *gradient), *point = calloc((size_t)n, sizeof *point);
    double *sum = calloc(R(sam).sums((size_t)n), sizeof *sum);
    struct sam_closure sam = {.a = &s->args, .inner = s->closure, .n = (size_t)n, .memory = {point, sum}};
    struct optimizer_closure closure = s->args.sam != OPTIMIZER_SAM_OFF ? R(sam).closure(&sam) : s->closure;

    if (s->kind->step_whole) {
        s->args.t++;
        s->kind->step_whole(&s->args, &closure, (size_t)n, theta, &s->memory);
    } else {
        closure.f_and_gradient(closure.context, theta, gradient);
        R(stepper_step)(s, n, theta, gradient);
    }
    free(gradient);
    free(point);
    free(sum);
}

void R(closure_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"theta", NULL};
    static const char *const given[] = {"kind", "name",   "algorithm", "hyper",   "A",
                                        "b",    "theta0", "expect",    "tensors", NULL};
    const json_t *expect = json_object_get(c, "expect"), *thetas = json_object_get(expect, "theta");
    const json_t *base = json_object_get(json_object_get(c, "hyper"), "base");
    struct optimizer_part part[MOST_TENSORS];
    int64_t n, square;
    struct quartic q = {.A = numbers(json_object_get(c, "A"), &square),
                        .b = numbers(json_object_get(c, "b"), &q.n)};
    real *theta = R(read_vector)(json_object_get(c, "theta0"), &n);
    int parts = read_tensors(json_object_get(c, "tensors"), n, part);
    struct stepper s;

    refuse_unread(c, given, r);
    refuse_unread(expect, known, r);
    if (q.n != n || square != n * n || json_array_size(thetas) == 0 || parts == 0)
        fail(r, "A, b, theta0, theta and tensors", " do not fit together");
    if (R(stepper_open)(&s, base ? base : c, n, part, parts, r) == 0 && base)
        read_sam(&s, c, r);
    if (r->outcome == PARITY_OK && !base && !s.kind->step_whole)
        fail(r, s.kind->name, " takes no closure");
    s.closure = (struct optimizer_closure){.f_and_gradient = quartic, .context = &q};
    for (size_t t = 0; r->outcome == PARITY_OK && t < json_array_size(thetas); t++) {
        step(&s, n, theta);
        R(compare_vector)("theta", json_array_get(thetas, t), theta, n, TOLERANCE_CLOSURE, r);
    }
    R(stepper_close)(&s);
    free(q.A);
    free(q.b);
    free(theta);
}

/* ---- saddle-free Newton on surfaces, which are double in both builds --------------------------- */

struct ground {
    struct surface surface;
    double a, b; /* of Rosenbrock's */
};

static double rosenbrock(const struct ground *g, const double *w, double *gradient, double *hessian)
{
    double x = w[0], y = w[1], u = g->a - x, v = y - x * x;

    gradient[0] = -2 * u - 4 * g->b * x * v;
    gradient[1] = 2 * g->b * v;
    hessian[0] = 2 - 4 * g->b * (y - 3 * x * x);
    hessian[1] = hessian[2] = -4 * g->b * x;
    hessian[3] = 2 * g->b;
    return u * u + g->b * v * v;
}

static double look(const struct ground *g, const real *theta, double *gradient, double *hessian)
{
    double x[SURFACE_MOST];

    for (int i = 0; i < g->surface.n; i++)
        x[i] = (double)theta[i];
    return g->surface.f ? g->surface.f(&g->surface, x, gradient, hessian) : rosenbrock(g, x, gradient, hessian);
}

static double f_of(void *context, const real *theta, real *gradient)
{
    const struct ground *g = context;
    double slope[SURFACE_MOST], hessian[SURFACE_MOST * SURFACE_MOST], f = look(g, theta, slope, hessian);

    for (int i = 0; gradient && i < g->surface.n; i++)
        gradient[i] = (real)slope[i];
    return f;
}

static int hessian_vector(void *context, const real *theta, const real *v, real *out)
{
    const struct ground *g = context;
    double slope[SURFACE_MOST], hessian[SURFACE_MOST * SURFACE_MOST];
    int n = g->surface.n;

    look(g, theta, slope, hessian);
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < n; k++)
            sum += hessian[i * n + k] * (double)v[k];
        out[i] = (real)sum;
    }
    return 0;
}

static int find_ground(const json_t *function, int64_t n, struct ground *g, struct parity_report *r)
{
    static const char *const chain[] = {"type", "k", NULL}, *const valley[] = {"type", "a", "b", NULL},
                            *const saddle[] = {"type", NULL};
    const char *type = json_string_value(json_object_get(function, "type"));
    int is_chain = type && strcmp(type, "chain") == 0, is_valley = type && strcmp(type, "rosenbrock") == 0;

    refuse_unread(function, is_chain ? chain : is_valley ? valley : saddle, r);
    if (is_chain)
        g->surface = surface_chain;
    else if (type && strcmp(type, "monkey_saddle") == 0)
        g->surface = *surface_find("monkey");
    else if (!is_valley)
        fail(r, "function", ": no such type");
    g->a = number_or(function, "a", 1);
    g->b = number_or(function, "b", 100);
    g->surface.n = (int)n;
    if (n < 1 || n > SURFACE_MOST || (is_chain ? whole(function, "k") != n : n != 2))
        fail(r, "theta0", " does not fit the function");
    return r->outcome == PARITY_OK ? 0 : -1;
}

static void run_newton(struct stepper *s, const json_t *c, struct ground *g, real *theta, struct parity_report *r)
{
    const json_t *expect = json_object_get(c, "expect"), *thetas = json_object_get(expect, "theta");
    const json_t *threshold = json_object_get(c, "threshold");
    size_t steps = json_array_size(thetas), reached = SIZE_MAX;
    real gradient[SURFACE_MOST];

    for (size_t t = 0; t <= steps; t++) {
        double f = f_of(g, theta, gradient);
        if (threshold && reached == SIZE_MAX && f < json_number_value(threshold))
            reached = t;
        if (t == steps)
            break;
        R(stepper_step)(s, g->surface.n, theta, gradient);
        R(compare_vector)("theta", json_array_get(thetas, t), theta, g->surface.n, TOLERANCE_NEWTON, r);
    }
    if ((threshold != NULL) != (json_object_get(expect, "steps_to_threshold") != NULL))
        fail(r, "threshold", " and steps_to_threshold belong together");
    else if (threshold && reached != (size_t)whole(expect, "steps_to_threshold"))
        fail(r, "steps_to_threshold", " is another");
    if (steps == 0)
        fail(r, "theta", ": no steps to compare");
}

void R(saddle_free_newton_case)(const json_t *c, struct parity_report *r)
{
    static const char *const given[] = {"kind", "name", "function", "theta0", "hyper", "threshold", "expect", NULL};
    static const char *const known[] = {"theta", "steps_to_threshold", NULL};
    int64_t n;
    real *theta = R(read_vector)(json_object_get(c, "theta0"), &n);
    json_t *named = json_pack("{s:s, s:o}", "algorithm", "SaddleFree", "hyper", json_copy(json_object_get(c, "hyper")));
    struct ground g = {0};
    struct stepper s;

    refuse_unread(c, given, r);
    refuse_unread(json_object_get(c, "expect"), known, r);
    json_object_set_new(json_object_get(named, "hyper"), "lanczos_vectors", json_integer(n)); /* H is whole */
    if (R(stepper_open)(&s, named, n, NULL, 0, r) == 0 &&
        find_ground(json_object_get(c, "function"), n, &g, r) == 0) {
        s.closure = (struct optimizer_closure){f_of, hessian_vector, &g};
        run_newton(&s, c, &g, theta, r);
    }
    R(stepper_close)(&s);
    json_decref(named);
    free(theta);
}
