/* SPDX-License-Identifier: MIT */
/* Optimizers and schedules against PyTorch's figures, in one build. */
#include "parity-optim.h"

#include "core/memory.h"
#include "optim/schedule.h"
#include "parity-tools.h"

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_OPTIMIZER = 1e-8, TOLERANCE_CLOSURE = 1e-8, TOLERANCE_SCHEDULE = 1e-9;
#else
static const double TOLERANCE_OPTIMIZER = 1e-4, TOLERANCE_CLOSURE = 1e-3, TOLERANCE_SCHEDULE = 1e-6;
#endif

/* ---- hyper-parameters ----------------------------------------------------------------------- */

enum { CHOICES = 3 };

/* Where a number of a case goes. */
struct field {
    const char *key;             /* in the case */
    const char *name;            /* as `reads` has it */
    size_t at;                   /* offset of a double, or of an int when `whole` */
    int whole, entry;            /* entry of a pair */
    const char *choice[CHOICES]; /* value = index */
};

#define REAL(key, member)                                                                                    \
    {                                                                                                        \
        key, #member, offsetof(struct FIELDS_OF, member), 0, 0,                                              \
        {                                                                                                    \
            NULL                                                                                             \
        }                                                                                                    \
    }
#define PAIR(key, entry, member)                                                                             \
    {                                                                                                        \
        key, #member, offsetof(struct FIELDS_OF, member), 0, entry,                                          \
        {                                                                                                    \
            NULL                                                                                             \
        }                                                                                                    \
    }
#define WHOLE(key, member)                                                                                   \
    {                                                                                                        \
        key, #member, offsetof(struct FIELDS_OF, member), 1, 0,                                              \
        {                                                                                                    \
            NULL                                                                                             \
        }                                                                                                    \
    }
#define CHOICE(key, member, ...)                                                                             \
    {                                                                                                        \
        key, #member, offsetof(struct FIELDS_OF, member), 1, 0,                                              \
        {                                                                                                    \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    }

#define FIELDS_OF optimizer_args
static const struct field optimizer_fields[] = {
    REAL("lr", lr),
    REAL("momentum", momentum),
    REAL("dampening", dampening),
    WHOLE("nesterov", nesterov),
    WHOLE("amsgrad", amsgrad),
    WHOLE("centered", centered),
    PAIR("betas", 0, beta1),
    PAIR("betas", 1, beta2),
    REAL("alpha", alpha),
    REAL("eps", eps),
    REAL("weight_decay", weight_decay),
    REAL("lr_decay", lr_decay),
    REAL("initial_accumulator_value", initial_accumulator_value),
    REAL("rho", rho),
    REAL("momentum_decay", momentum_decay),
    PAIR("etas", 0, etaminus),
    PAIR("etas", 1, etaplus),
    PAIR("step_sizes", 0, step_size_min),
    PAIR("step_sizes", 1, step_size_max),
    REAL("lambd", lambd),
    REAL("t0", t0),
    WHOLE("max_iter", max_iter),
    WHOLE("max_eval", max_eval),
    WHOLE("history_size", history_size),
    REAL("tolerance_grad", tolerance_grad),
    REAL("tolerance_change", tolerance_change),
    CHOICE("line_search_fn", line_search_fn, "none", "strong_wolfe"),
    {NULL, NULL, 0, 0, 0, {NULL}},
};
#undef FIELDS_OF

#define FIELDS_OF schedule_args
static const struct field schedule_fields[] = {
    REAL("warmup", warmup),
    REAL("step_size", step_size),
    REAL("gamma", gamma),
    REAL("T_max", T_max),
    REAL("eta_min", eta_min),
    REAL("T_0", T_0),
    REAL("T_mult", T_mult),
    REAL("start_factor", start_factor),
    REAL("end_factor", end_factor),
    REAL("total_iters", total_iters),
    REAL("power", power),
    REAL("base_lr", base_lr),
    REAL("max_lr", max_lr),
    REAL("total_steps", total_steps),
    REAL("pct_start", pct_start),
    REAL("div_factor", div_factor),
    REAL("final_div_factor", final_div_factor),
    WHOLE("three_phase", three_phase),
    CHOICE("anneal", anneal_strategy, "cos", "linear"),
    CHOICE("anneal_strategy", anneal_strategy, "cos", "linear"),
    REAL("step_size_up", step_size_up),
    REAL("step_size_down", step_size_down),
    CHOICE("mode", cyclic_mode, "triangular", "triangular2", "exp_range"),
    CHOICE("mode", plateau_mode, "min", "max"),
    REAL("factor", factor),
    WHOLE("patience", patience),
    REAL("threshold", threshold),
    CHOICE("threshold_mode", threshold_mode, "rel", "abs"),
    WHOLE("cooldown", cooldown),
    REAL("min_lr", min_lr),
    REAL("eps", plateau_eps),
    {NULL, NULL, 0, 0, 0, {NULL}},
};
#undef FIELDS_OF

static int has_word(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return 1;
    return 0;
}

static int choice_of(const struct field *f, const char *text)
{
    for (int i = 0; text && i < CHOICES && f->choice[i]; i++)
        if (strcmp(f->choice[i], text) == 0)
            return i;
    return -1;
}

static int put(const struct field *f, const json_t *v, char *args)
{
    const json_t *one = json_is_array(v) ? json_array_get(v, (size_t)f->entry) : v;
    double x = f->choice[0]        ? choice_of(f, json_string_value(one))
               : json_is_true(one) ? 1
                                   : json_number_value(one);

    if (f->choice[0] ? x < 0 : !json_is_number(one) && !json_is_boolean(one))
        return -1;
    if (f->whole)
        *(int *)(void *)(args + f->at) = (int)x;
    else
        *(double *)(void *)(args + f->at) = x;
    return 0;
}

/* Every number of the case goes to its place; one that this kind does not read is a failure. Null is the
 * default. */
static void put_all(const json_t *o, const struct field *fields, const char *reads,
                    const char *const *elsewhere, void *args, struct parity_report *r)
{
    const char *key;
    json_t *v;

    json_object_foreach((json_t *)o, key, v)
    {
        int found = 0;
        for (int i = 0; elsewhere[i]; i++)
            found |= strcmp(elsewhere[i], key) == 0;
        for (const struct field *f = fields; f->key; f++)
            if (strcmp(f->key, key) == 0 && has_word(reads, f->name)) {
                found = 1;
                if (!json_is_null(v) && put(f, v, args) != 0)
                    fail(r, key, ": a value that is not understood");
            }
        if (!found)
            fail(r, key, ": nothing reads this field");
    }
}

/* ---- optimizers ----------------------------------------------------------------------------- */

int R(stepper_open)(struct stepper *s, const json_t *c, int64_t n, struct parity_report *r)
{
    static const char *const nowhere[] = {NULL};
    const char *algorithm = json_string_value(json_object_get(c, "algorithm"));
    char name[32] = "", reads[256];
    unsigned used;

    memset(s, 0, sizeof *s);
    for (int i = 0; algorithm && algorithm[i] && i < 31; i++)
        name[i] = (char)(algorithm[i] | 32);
    s->kind = R(optimizers).find(name);
    if (!s->kind) {
        fail(r, "no such optimizer: ", name);
        return -1;
    }
    s->args = R(optimizers).defaults(s->kind);
    s->args.t = 0;
    snprintf(reads, sizeof reads, "lr %s", s->kind->reads);
    put_all(json_object_get(c, "hyper"), optimizer_fields, reads, nowhere, &s->args, r);
    used = R(optimizers).slots_used(s->kind, &s->args);
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        if (used >> k & 1)
            s->slot[k] = memory_zeroed((size_t)n * sizeof(real));
    if (s->kind->start)
        s->kind->start(&s->args, (size_t)n, s->slot);
    return 0;
}

void R(stepper_step)(struct stepper *s, int64_t n, real *theta, const real *gradient)
{
    s->args.t++;
    if (s->kind->begin)
        s->kind->begin(&s->args, s->scalar);
    if (s->kind->step)
        s->kind->step(&s->args, (size_t)n, theta, gradient, s->slot);
}

void R(stepper_close)(struct stepper *s)
{
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        free(s->slot[k]);
    free(s->memory.vector);
    free(s->memory.scalar);
    free(s->memory.scratch);
    free(s->memory.scratch_scalar);
}

static real *read_vector(const json_t *a, int64_t *n)
{
    double *from = numbers(a, n);
    real *to = calloc((size_t)*n + 1, sizeof *to);

    for (int64_t i = 0; i < *n; i++)
        to[i] = (real)from[i];
    free(from);
    return to;
}

static void compare_theta(const json_t *want, const real *theta, int64_t n, double tolerance,
                          struct parity_report *r)
{
    int64_t given;
    double *expected = numbers(want, &given);

    if (given == n)
        compare_all(r, "theta", theta, expected, n, 0, tolerance);
    else
        fail(r, "theta", " is of another size");
    free(expected);
}

void R(optimizer_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"theta", NULL};
    static const char *const given[] = {"kind",   "name",  "algorithm", "hyper",
                                        "theta0", "grads", "expect",    NULL};
    const json_t *expect = json_object_get(c, "expect"), *thetas = json_object_get(expect, "theta");
    const json_t *grads = json_object_get(c, "grads");
    int64_t n, same;
    real *theta = read_vector(json_object_get(c, "theta0"), &n);
    struct stepper s;

    refuse_unread(c, given, r);
    refuse_unread(expect, known, r);
    if (R(stepper_open)(&s, c, n, r) == 0) {
        if (s.kind->step_whole)
            fail(r, s.kind->name, " needs a closure");
        for (size_t t = 0; t < json_array_size(grads); t++) {
            real *gradient = read_vector(json_array_get(grads, t), &same);
            if (same != n)
                fail(r, "gradient", " is of another size");
            else
                R(stepper_step)(&s, n, theta, gradient);
            compare_theta(json_array_get(thetas, t), theta, n, TOLERANCE_OPTIMIZER, r);
            free(gradient);
        }
    }
    if (json_array_size(grads) == 0 || json_array_size(grads) != json_array_size(thetas))
        fail(r, "steps", " are not all compared");
    R(stepper_close)(&s);
    free(theta);
}

/* ---- closures: f = ½ θᵀAθ − bᵀθ + ¼ Σθ⁴ ----------------------------------------------------- */

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

static void make_memory(struct stepper *s, int64_t n)
{
    struct optimizer_size size = s->kind->size(&s->args);

    s->memory =
        (struct optimizer_memory){.vector = memory_zeroed(size.vectors * (size_t)n * sizeof(real)),
                                  .scalar = memory_zeroed(size.scalars * sizeof(double)),
                                  .scratch = memory_zeroed(size.scratch * (size_t)n * sizeof(real)),
                                  .scratch_scalar = memory_zeroed(size.scratch_scalars * sizeof(double))};
}

void R(closure_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"theta", NULL};
    static const char *const given[] = {"kind", "name",   "algorithm", "hyper", "A",
                                        "b",    "theta0", "expect",    NULL};
    const json_t *expect = json_object_get(c, "expect"), *thetas = json_object_get(expect, "theta");
    int64_t n, square;
    struct quartic q = {.A = numbers(json_object_get(c, "A"), &square),
                        .b = numbers(json_object_get(c, "b"), &q.n)};
    struct optimizer_closure closure = {quartic, &q};
    real *theta = read_vector(json_object_get(c, "theta0"), &n);
    struct stepper s;

    refuse_unread(c, given, r);
    refuse_unread(expect, known, r);
    if (q.n != n || square != n * n || json_array_size(thetas) == 0)
        fail(r, "A, b, theta0 and theta", " do not fit together");
    if (R(stepper_open)(&s, c, n, r) == 0 && !s.kind->step_whole)
        fail(r, s.kind->name, " takes no closure");
    if (r->outcome == PARITY_OK) {
        make_memory(&s, n);
        for (size_t t = 0; t < json_array_size(thetas); t++) {
            s.kind->step_whole(&s.args, &closure, (size_t)n, theta, &s.memory);
            compare_theta(json_array_get(thetas, t), theta, n, TOLERANCE_CLOSURE, r);
        }
    }
    R(stepper_close)(&s);
    free(q.A);
    free(q.b);
    free(theta);
}

/* ---- schedules ------------------------------------------------------------------------------ */

static void read_milestones(const json_t *list, struct schedule_args *a, struct parity_report *r)
{
    size_t n = json_array_size(list);

    if (n > SCHEDULE_MILESTONES)
        fail(r, "milestones", ": more than there is room for");
    for (size_t i = 0; i < n && i < SCHEDULE_MILESTONES; i++)
        a->milestones[i] = json_number_value(json_array_get(list, i));
    a->milestone_count = (int)n;
}

static void read_schedule(const json_t *s, const struct schedule *kind, struct schedule_args *a,
                          struct parity_report *r)
{
    static const char *const elsewhere[] = {"type", "milestones", NULL};
    char reads[256];

    *a = schedule_defaults(kind);
    snprintf(reads, sizeof reads, "warmup %s", kind->reads);
    put_all(s, schedule_fields, reads, elsewhere, a, r);
    if (has_word(kind->reads, "milestones"))
        read_milestones(json_object_get(s, "milestones"), a, r);
    else if (json_object_get(s, "milestones"))
        fail(r, "milestones", ": nothing reads this field");
}

void R(schedule_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"lr", NULL};
    static const char *const given[] = {"kind", "name", "schedule", "base_lr", "expect", NULL};
    static const char *const fed[] = {"kind", "name", "schedule", "base_lr", "expect", "metrics", NULL};
    const json_t *s = json_object_get(c, "schedule"), *expect = json_object_get(c, "expect");
    const json_t *lr = json_object_get(expect, "lr"), *metrics = json_object_get(c, "metrics");
    const char *type = json_string_value(json_object_get(s, "type"));
    const struct schedule *kind = schedule_at(schedule_find(type ? type : ""));
    double base = number_or(c, "base_lr", 0);
    struct schedule_state state = schedule_begin();
    struct schedule_args a;

    if (!kind) {
        fail(r, "no such schedule: ", type ? type : "without a type");
        return;
    }
    refuse_unread(c, kind->feed ? fed : given, r);
    refuse_unread(expect, known, r);
    read_schedule(s, kind, &a, r);
    if (json_array_size(lr) == 0 || (kind->feed && json_array_size(metrics) != json_array_size(lr)))
        fail(r, "rates and metrics", " are not all there");
    for (size_t t = 0; t < json_array_size(lr); t++) {
        double want = json_number_value(json_array_get(lr, t));
        double got = schedule_rate(kind, &a, base * state.factor, (double)t, 1);
        /* what is less than the base's last bit came out of rounding: 0 */
        double noise = 2.2e-16 * base / TOLERANCE_SCHEDULE;
        compare(r, "learning rate", got, want, larger(larger(fabs(want), noise), 1e-300), TOLERANCE_SCHEDULE);
        if (kind->feed)
            kind->feed(&a, base, json_number_value(json_array_get(metrics, t)), &state);
    }
}
