/* SPDX-License-Identifier: MIT */
/* Optimizers and schedules against PyTorch's figures and those of published implementations, in one build. */
#include "parity-optim.h"

#include "core/memory.h"
#include "optim/prodigy.h"
#include "optim/schedule.h"
#include "parity-tools.h"

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_OPTIMIZER = 1e-8, TOLERANCE_SCHEDULE = 1e-9;
#else
static const double TOLERANCE_OPTIMIZER = 1e-4, TOLERANCE_SCHEDULE = 1e-6;
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
    REAL("warmup_steps", warmup_steps),
    REAL("r", average_power),
    REAL("weight_lr_power", weight_lr_power),
    REAL("beta3", beta3),
    REAL("d0", d0),
    REAL("d_coef", d_coef),
    REAL("growth_rate", growth_rate),
    WHOLE("use_bias_correction", use_bias_correction),
    WHOLE("safeguard_warmup", safeguard_warmup),
    WHOLE("ns_steps", ns_steps),
    CHOICE("adjust_lr_fn", adjust_lr_fn, "original", "match_rms_adamw"),
    REAL("shampoo_beta", shampoo_beta),
    WHOLE("precondition_frequency", precondition_frequency),
    WHOLE("correct_bias", correct_bias),
    REAL("damping", damping),
    WHOLE("lanczos_vectors", lanczos_vectors),
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

/* "ScheduleFreeAdamW" is "schedule-free-adamw". */
static int same_name(const char *algorithm, const char *name)
{
    for (; *name; name++) {
        if (*name == '-')
            continue;
        if (!*algorithm || (*algorithm | 32) != (*name | 32))
            return 0;
        algorithm++;
    }
    return !*algorithm;
}

static const struct optimizer *kind_of(const char *algorithm)
{
    const struct optimizer *o = NULL;

    for (int i = 0; (o = R(optimizers).at(i)) != NULL && !same_name(algorithm, o->name); i++)
        ;
    return o;
}

/* What stands in no field of its own. */
static void put_special(struct stepper *s, const json_t *hyper, struct parity_report *r)
{
    const json_t *list = json_object_get(hyper, "ns_coefficients"), *decouple = json_object_get(hyper, "decouple");

    if (list && json_array_size(list) != 3)
        fail(r, "ns_coefficients", ": expected three numbers");
    for (size_t i = 0; i < json_array_size(list) && i < 3; i++)
        s->args.ns_coefficients[i] = json_number_value(json_array_get(list, i));
    if (decouple && !json_is_true(decouple))
        fail(r, "decouple", ": weight decay is always decoupled");
}

static void make_memory(struct stepper *s, int64_t n)
{
    struct optimizer_size size = s->kind->size(&s->args, (size_t)n);

    s->memory =
        (struct optimizer_memory){.vector = memory_zeroed(size.vectors * (size_t)n * sizeof(real)),
                                  .scalar = memory_zeroed(size.scalars * sizeof(double)),
                                  .scratch = memory_zeroed(size.scratch * (size_t)n * sizeof(real)),
                                  .scratch_scalar = memory_zeroed(size.scratch_scalars * sizeof(double))};
}

int R(stepper_open)(struct stepper *s, const json_t *c, int64_t n, const struct optimizer_part *part, int parts,
                    struct parity_report *r)
{
    static const char *const special[][3] = {{"prodigy", "decouple", NULL}, {"muon", "ns_coefficients", NULL}};
    const char *algorithm = json_string_value(json_object_get(c, "algorithm")), *const *elsewhere = NULL;
    static const char *const nowhere[] = {NULL};
    char reads[256];
    unsigned used;

    memset(s, 0, sizeof *s);
    s->kind = kind_of(algorithm ? algorithm : "");
    if (!s->kind) {
        fail(r, "no such optimizer: ", algorithm ? algorithm : "");
        return -1;
    }
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(special[i][0], s->kind->name) == 0)
            elsewhere = &special[i][1];
    s->args = R(optimizers).defaults(s->kind);
    s->args.t = 0;
    s->args.part = part;
    s->args.parts = parts;
    snprintf(reads, sizeof reads, "lr %s", s->kind->reads);
    put_all(json_object_get(c, "hyper"), optimizer_fields, reads, elsewhere ? elsewhere : nowhere, &s->args, r);
    put_special(s, json_object_get(c, "hyper"), r);
    if (s->kind->size)
        make_memory(s, n);
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
    if (s->kind->step_vector)
        s->kind->step_vector(&s->args, &s->closure, (size_t)n, theta, gradient, &s->memory);
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

real *R(read_vector)(const json_t *a, int64_t *n)
{
    double *from = numbers(a, n);
    real *to = calloc((size_t)*n + 1, sizeof *to);

    for (int64_t i = 0; i < *n; i++)
        to[i] = (real)from[i];
    free(from);
    return to;
}

void R(compare_vector)(const char *what, const json_t *want, const real *got, int64_t n, double tolerance,
                       struct parity_report *r)
{
    int64_t given;
    double *expected = numbers(want, &given);

    if (given == n)
        compare_all(r, what, got, expected, n, 0, tolerance);
    else
        fail(r, what, " is of another size");
    free(expected);
}

/* While d is 1e-6, x₀ − x has few digits in float: the reference itself is 1e-2 off. */
static double tolerance_of(const json_t *c)
{
    int first_distance = strcmp(json_string_value(json_object_get(c, "name")), "prodigy") == 0;

    return sizeof(real) == sizeof(float) && first_distance ? 5e-2 : TOLERANCE_OPTIMIZER;
}

/* What is expected of step t beside θ: the average of Schedule-Free, the distance of Prodigy. */
static void compare_rest(const struct stepper *s, const json_t *expect, size_t t, int64_t n, double tolerance,
                         struct parity_report *r)
{
    const json_t *average = json_object_get(expect, "average"), *d = json_object_get(expect, "d");

    if (average && s->kind->average)
        R(compare_vector)("average", json_array_get(average, t), s->slot[s->kind->average - 1], n, tolerance, r);
    else if (average)
        fail(r, "average", ": this optimizer has none");
    if (d && strcmp(s->kind->name, "prodigy") == 0) {
        double want = json_number_value(json_array_get(d, t));
        compare(r, "d", s->memory.scalar[PRODIGY_DISTANCE], want, fabs(want), tolerance);
    } else if (d)
        fail(r, "d", ": this optimizer has none");
}

void R(optimizer_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"theta", "average", "d", NULL};
    static const char *const given[] = {"kind",   "name",  "algorithm", "hyper",
                                        "theta0", "grads", "expect",    NULL};
    const json_t *expect = json_object_get(c, "expect"), *thetas = json_object_get(expect, "theta");
    const json_t *grads = json_object_get(c, "grads");
    double tolerance = tolerance_of(c);
    int64_t n, same;
    real *theta = R(read_vector)(json_object_get(c, "theta0"), &n);
    struct stepper s;

    refuse_unread(c, given, r);
    refuse_unread(expect, known, r);
    if (R(stepper_open)(&s, c, n, NULL, 0, r) == 0) {
        if (s.kind->step_whole)
            fail(r, s.kind->name, " needs a closure");
        for (size_t t = 0; t < json_array_size(grads); t++) {
            real *gradient = R(read_vector)(json_array_get(grads, t), &same);
            if (same != n)
                fail(r, "gradient", " is of another size");
            else
                R(stepper_step)(&s, n, theta, gradient);
            R(compare_vector)("theta", json_array_get(thetas, t), theta, n, tolerance, r);
            compare_rest(&s, expect, t, n, tolerance, r);
            free(gradient);
        }
    }
    if (json_array_size(grads) == 0 || json_array_size(grads) != json_array_size(thetas))
        fail(r, "steps", " are not all compared");
    R(stepper_close)(&s);
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
