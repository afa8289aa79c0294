/* Optimizers and schedules against PyTorch's figures, in one build. */
#include "parity-optim.h"

#include "optim/schedule.h"
#include "parity-tools.h"

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_OPTIMIZER = 1e-8, TOLERANCE_SCHEDULE = 1e-9;
#else
static const double TOLERANCE_OPTIMIZER = 1e-4, TOLERANCE_SCHEDULE = 1e-6;
#endif

/* ---- optimizers ----------------------------------------------------------------------------- */

static void read_hyper(const json_t *hyper, struct optimizer_args *a, struct parity_report *r)
{
    static const char *const known[] = {"lr",      "momentum",     "dampening", "nesterov",
                                        "amsgrad", "centered",     "betas",     "alpha",
                                        "eps",     "weight_decay", "lr_decay",  "initial_accumulator_value",
                                        NULL};
    const json_t *betas = json_object_get(hyper, "betas");

    refuse_unread(hyper, known, r);
    a->lr = number_or(hyper, "lr", a->lr);
    a->momentum = number_or(hyper, "momentum", a->momentum);
    a->dampening = number_or(hyper, "dampening", a->dampening);
    a->nesterov = (int)number_or(hyper, "nesterov", 0);
    a->amsgrad = (int)number_or(hyper, "amsgrad", 0);
    a->centered = (int)number_or(hyper, "centered", 0);
    a->alpha = number_or(hyper, "alpha", a->alpha);
    a->eps = number_or(hyper, "eps", a->eps);
    a->weight_decay = number_or(hyper, "weight_decay", a->weight_decay);
    a->lr_decay = number_or(hyper, "lr_decay", a->lr_decay);
    a->initial_accumulator_value = number_or(hyper, "initial_accumulator_value", 0);
    if (betas) {
        a->beta1 = json_number_value(json_array_get(betas, 0));
        a->beta2 = json_number_value(json_array_get(betas, 1));
    }
}

int R(stepper_open)(struct stepper *s, const json_t *c, int64_t n, struct parity_report *r)
{
    const char *algorithm = json_string_value(json_object_get(c, "algorithm"));
    char name[32] = "";

    memset(s, 0, sizeof *s);
    for (int i = 0; algorithm && algorithm[i] && i < 31; i++)
        name[i] = (char)(algorithm[i] | 32);
    s->kind = R(optimizers).find(name);
    if (!s->kind) {
        skip(r, "optimizer", algorithm ? algorithm : "without a name");
        return -1;
    }
    s->args = R(optimizers).defaults(s->kind);
    s->args.t = 0;
    read_hyper(json_object_get(c, "hyper"), &s->args, r);
    for (int k = 0; k < R(optimizers).slots(s->kind); k++)
        s->slot[k] = calloc((size_t)n, sizeof(real));
    if (s->kind->start)
        s->kind->start(&s->args, (size_t)n, s->slot);
    return 0;
}

void R(stepper_step)(struct stepper *s, int64_t n, real *theta, const real *gradient)
{
    s->args.t++;
    s->kind->step(&s->args, (size_t)n, theta, gradient, s->slot);
}

void R(stepper_close)(struct stepper *s)
{
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        free(s->slot[k]);
}

void R(optimizer_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"theta", NULL};
    const json_t *expect = json_object_get(c, "expect"), *thetas = json_object_get(expect, "theta");
    const json_t *grads = json_object_get(c, "grads");
    int64_t n, same;
    double *theta0 = numbers(json_object_get(c, "theta0"), &n);
    real *theta = calloc((size_t)n, sizeof *theta), *gradient = calloc((size_t)n, sizeof *gradient);
    struct stepper s;

    refuse_unread(expect, known, r);
    for (int64_t i = 0; i < n; i++)
        theta[i] = (real)theta0[i];
    for (size_t t = 0; t < json_array_size(grads) && (t > 0 || R(stepper_open)(&s, c, n, r) == 0); t++) {
        double *g = numbers(json_array_get(grads, t), &same),
               *want = numbers(json_array_get(thetas, t), &same);
        for (int64_t i = 0; i < n; i++)
            gradient[i] = (real)g[i];
        R(stepper_step)(&s, n, theta, gradient);
        compare_all(r, "theta", theta, want, n, 0, TOLERANCE_OPTIMIZER);
        free(g);
        free(want);
    }
    if (r->outcome != PARITY_SKIPPED && json_array_size(grads) != json_array_size(thetas))
        fail(r, "steps", " are not all compared");
    if (json_array_size(grads))
        R(stepper_close)(&s);
    free(theta0);
    free(theta);
    free(gradient);
}

/* ---- schedules ------------------------------------------------------------------------------ */

void R(schedule_case)(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"type", "step_size", "gamma",  "T_max", "eta_min",
                                        "T_0",  "T_mult",    "warmup", NULL};
    const json_t *s = json_object_get(c, "schedule"),
                 *lr = json_object_get(json_object_get(c, "expect"), "lr");
    const char *type = json_string_value(json_object_get(s, "type"));
    struct schedule_args a = {.warmup = number_or(s, "warmup", 0),
                              .step_size = number_or(s, "step_size", 1),
                              .gamma = number_or(s, "gamma", 1),
                              .T_max = number_or(s, "T_max", 1),
                              .eta_min = number_or(s, "eta_min", 0),
                              .T_0 = number_or(s, "T_0", 1),
                              .T_mult = number_or(s, "T_mult", 1)};
    int kind = schedule_find(type ? type : "");

    if (kind < 0) {
        skip(r, "schedule", type ? type : "without a type");
        return;
    }
    refuse_unread(s, known, r);
    for (size_t t = 0; t < json_array_size(lr); t++) {
        double want = json_number_value(json_array_get(lr, t));
        double got = schedule_rate(schedule_at(kind), &a, number_or(c, "base_lr", 0), (double)t, 1);
        compare(r, "learning rate", got, want, larger(fabs(want), 1e-300), TOLERANCE_SCHEDULE);
    }
}
