/* One parity case in one build. Tolerances are those of tests/cases/README.md. */
#include "parity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pool.h"
#include "net/network.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

enum { SHARDS = 2, WORKERS = 2 };

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_OUTPUT = 1e-8, TOLERANCE_OPTIMIZER = 1e-8, TOLERANCE_SCHEDULE = 1e-9,
                    TOLERANCE_TRAINING = 1e-6;
#else
static const double TOLERANCE_OUTPUT = 2e-4, TOLERANCE_OPTIMIZER = 1e-4, TOLERANCE_SCHEDULE = 1e-6,
                    TOLERANCE_TRAINING = 1e-3;
#endif
enum { FLOAT_LOSSES = 10 }; /* batch losses compared in the float build */

/* ---- comparing ------------------------------------------------------------------------------ */

static void fail(struct parity_report *r, const char *what, const char *detail)
{
    if (r->outcome == PARITY_FAILED)
        return;
    r->outcome = PARITY_FAILED;
    snprintf(r->reason, sizeof r->reason, "%.96s%.156s", what, detail);
}

static void skip(struct parity_report *r, const char *what, const char *name)
{
    r->outcome = PARITY_SKIPPED;
    snprintf(r->reason, sizeof r->reason, "%s %s is not built yet", what, name);
}

/* got against want, as a share of tolerance × scale. */
static void compare(struct parity_report *r, const char *what, double got, double want, double scale,
                    double tolerance)
{
    double share = fabs(got - want) / (tolerance * scale);

    if (share <= r->worst)
        return;
    r->worst = share;
    snprintf(r->worst_at, sizeof r->worst_at, "%s", what);
    if (!(share <= 1)) {
        char text[128];
        snprintf(text, sizeof text, ": %.17g, expected %.17g", got, want);
        fail(r, what, text);
    }
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Compare n numbers; scale 0: by their own largest entry. NaN fails. */
static void compare_all(struct parity_report *r, const char *what, const real *got, const double *want, int64_t n,
                        double scale, double tolerance)
{
    if (scale == 0)
        for (int64_t i = 0; i < n; i++)
            scale = larger(scale, fabs(want[i]));
    for (int64_t i = 0; i < n; i++)
        if (isnan(got[i]))
            fail(r, what, ": NaN");
        else
            compare(r, what, (double)got[i], want[i], scale > 0 ? scale : 1, tolerance);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* How many numbers a nested list holds; append them to out (NULL: only count). */
static int64_t flatten(const json_t *a, double *out)
{
    int64_t n = 0;
    size_t i;
    json_t *v;

    if (json_is_number(a)) {
        if (out)
            *out = json_number_value(a);
        return 1;
    }
    json_array_foreach(a, i, v) {
        n += flatten(v, out ? out + n : NULL);
    }
    return n;
}

static double *numbers(const json_t *a, int64_t *n)
{
    double *out;

    *n = flatten(a, NULL);
    out = malloc(sizeof *out * (size_t)(*n + 1));
    flatten(a, out);
    return out;
}

static int64_t whole(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static double number_or(const json_t *o, const char *key, double standard)
{
    const json_t *v = json_object_get(o, key);
    return json_is_true(v) ? 1 : json_is_false(v) ? 0 : v ? json_number_value(v) : standard;
}

/* ---- networks ------------------------------------------------------------------------------- */

struct model {
    struct network net;
    struct workspace *work;
    struct pool *pool;
    real *theta, *statistics, *gradient;
    double *x;
    uint8_t *labels;
    int64_t examples;
    struct batch_job job;
    const int64_t *rows; /* which examples the batch is made of; NULL: all in order */
};

static int read_layers(const json_t *layers, struct network_spec *s, struct parity_report *r)
{
    size_t i;
    json_t *l;

    s->count = 0;
    json_array_foreach(layers, i, l) {
        const char *type = json_string_value(json_object_get(l, "type"));
        struct layer_spec spec;
        if (!type || !R(layers).find(type)) {
            skip(r, "layer", type ? type : "without a type");
            return -1;
        }
        spec = spec_layer(type);
        spec.width = (int)whole(l, "out");
        spec.bias = (int)number_or(l, "bias", 1);
        spec.eps = number_or(l, "eps", spec.eps);
        spec.momentum = number_or(l, "momentum", spec.momentum);
        s->layer[s->count++] = spec;
    }
    return 0;
}

static void fill(void *context, int first, int count, real *x, int ld, uint8_t *labels)
{
    const struct model *m = context;
    int steps = m->net.in.steps, width = m->net.in.width;

    for (int i = 0; i < count; i++) {
        int64_t row = m->rows ? m->rows[first + i] : first + i;
        labels[i] = m->labels[row];
        for (int t = 0; t < steps; t++)
            for (int f = 0; f < width; f++)
                x[((size_t)t * (size_t)count + (size_t)i) * (size_t)ld + (size_t)f] =
                    (real)m->x[(row * steps + t) * width + f];
    }
}

/* Tensors of an object by name, at their places in a flat vector; each must be there, and no other. */
static double *by_place(const json_t *o, const struct place *place, int places, int64_t total,
                        struct parity_report *r)
{
    double *flat = calloc((size_t)total + 1, sizeof *flat);

    if ((int)json_object_size(o) != places)
        fail(r, "number of tensors", " differs");
    for (int i = 0; i < places; i++) {
        const json_t *t = json_object_get(o, place[i].name);
        if (!t || flatten(t, NULL) != place[i].count)
            fail(r, place[i].name, " is missing or of another size");
        else
            flatten(t, flat + place[i].offset);
    }
    return flat;
}

static void load_theta(struct model *m, const json_t *params, struct parity_report *r)
{
    double *flat = by_place(params, m->net.place, m->net.places, m->net.parameters, r);

    for (int64_t i = 0; i < m->net.parameters; i++)
        m->theta[i] = (real)flat[i];
    free(flat);
}

static void read_data(struct model *m, const json_t *c, struct shape *in)
{
    const json_t *x = json_object_get(c, "x"), *row = json_array_get(x, 0), *y = json_object_get(c, "y");
    int64_t n;

    in->steps = json_is_array(json_array_get(row, 0)) ? (int)json_array_size(row) : 1;
    m->x = numbers(x, &n);
    m->examples = (int64_t)json_array_size(x);
    in->width = (int)(n / m->examples / in->steps);
    m->labels = malloc(json_array_size(y) + 1);
    for (size_t i = 0; i < json_array_size(y); i++)
        m->labels[i] = (uint8_t)json_integer_value(json_array_get(y, i));
}

static int model_open(struct model *m, const json_t *c, struct parity_report *r)
{
    const char *loss = json_string_value(json_object_get(c, "loss"));
    struct network_spec spec;
    struct shape in;
    struct err e;

    memset(m, 0, sizeof *m);
    if (read_layers(json_object_get(c, "layers"), &spec, r) != 0)
        return -1;
    if (!loss || !R(losses).find(loss)) {
        skip(r, "loss", loss ? loss : "without a name");
        return -1;
    }
    read_data(m, c, &in);
    if (R(network).build(&m->net, &spec, in, &e) != 0 || pool_new(&m->pool, WORKERS, &e) != 0) {
        fail(r, "building: ", e.text);
        return -1;
    }
    m->work = R(network).workspace_new(&m->net, SHARDS, (int)m->examples);
    m->theta = calloc((size_t)m->net.parameters + 1, sizeof(real));
    m->gradient = calloc((size_t)m->net.parameters + 1, sizeof(real));
    m->statistics = calloc((size_t)m->net.statistics + 1, sizeof(real));
    R(network).init(&m->net, 1, m->theta, m->statistics);
    load_theta(m, json_object_get(c, "params"), r);
    m->job = (struct batch_job){.theta = m->theta,
                                .statistics = m->statistics,
                                .loss = R(losses).find(loss),
                                .loss_args = {.label_smoothing = number_or(c, "label_smoothing", 0)},
                                .examples = (int)m->examples,
                                .fill = fill,
                                .fill_context = m};
    return 0;
}

static void model_close(struct model *m)
{
    R(network).workspace_free(m->work);
    R(network).free(&m->net);
    pool_free(m->pool);
    free(m->theta);
    free(m->gradient);
    free(m->statistics);
    free(m->x);
    free(m->labels);
}

static void compare_logits(struct model *m, const json_t *want, struct parity_report *r)
{
    int64_t n;
    double *z = numbers(want, &n), scale = 0;

    if (n != m->examples * m->net.classes)
        fail(r, "logits", " are of another size");
    for (int64_t i = 0; i < n; i++)
        scale = larger(scale, fabs(z[i]));
    for (int64_t i = 0; r->outcome == PARITY_OK && i < m->examples; i++)
        compare_all(r, "logits", R(network).logits(m->work, (int)i), z + i * m->net.classes, m->net.classes, scale,
                    TOLERANCE_OUTPUT);
    free(z);
}

static void compare_running(struct model *m, const json_t *want, struct parity_report *r)
{
    double *flat = by_place(want, m->net.statistic, m->net.statistic_places, m->net.statistics, r);

    R(network).commit(m->work, m->statistics);
    for (int i = 0; i < m->net.statistic_places; i++) {
        const struct place *t = &m->net.statistic[i];
        compare_all(r, t->name, m->statistics + t->offset, flat + t->offset, t->count, 0, TOLERANCE_OUTPUT);
    }
    free(flat);
}

/* Every field of an expectation must be one that is compared. */
static void refuse_unread(const json_t *o, const char *const *known, struct parity_report *r)
{
    const char *key;
    json_t *v;

    json_object_foreach((json_t *)o, key, v) {
        int found = 0;
        for (int i = 0; known[i]; i++)
            found |= strcmp(known[i], key) == 0;
        if (!found)
            fail(r, key, ": nothing compares this field");
    }
}

static void network_case(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"logits", "loss", "grad", "running", NULL};
    const json_t *expect = json_object_get(c, "expect");
    struct batch_result result;
    struct model m;

    if (model_open(&m, c, r) == 0) {
        double *grad = by_place(json_object_get(expect, "grad"), m.net.place, m.net.places, m.net.parameters, r);
        double loss = json_number_value(json_object_get(expect, "loss"));
        refuse_unread(expect, known, r);
        R(network).gradient(m.work, m.pool, &m.job, m.gradient, &result);
        compare_logits(&m, json_object_get(expect, "logits"), r);
        compare(r, "loss", result.loss, loss, fabs(loss), TOLERANCE_OUTPUT);
        compare_all(r, "gradient", m.gradient, grad, m.net.parameters, 0, TOLERANCE_OUTPUT);
        compare_running(&m, json_object_get(expect, "running"), r);
        snprintf(r->unchecked, sizeof r->unchecked, "%s%s", json_object_get(c, "hvp") ? "hvp " : "",
                 json_object_get(c, "spectrum") ? "spectrum" : "");
        free(grad);
    }
    model_close(&m);
}

/* ---- optimizers ----------------------------------------------------------------------------- */

struct stepper {
    const struct optimizer *kind;
    struct optimizer_args args;
    real *slot[OPTIMIZER_SLOTS];
};

static void read_hyper(const json_t *hyper, struct optimizer_args *a, struct parity_report *r)
{
    static const char *const known[] = {"lr",       "momentum", "dampening",    "nesterov", "amsgrad",
                                        "centered", "betas",    "alpha",        "eps",      "weight_decay",
                                        "lr_decay", "initial_accumulator_value", NULL};
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

static int stepper_open(struct stepper *s, const json_t *c, int64_t n, struct parity_report *r)
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

static void stepper_step(struct stepper *s, int64_t n, real *theta, const real *gradient)
{
    s->args.t++;
    s->kind->step(&s->args, (size_t)n, theta, gradient, s->slot);
}

static void stepper_close(struct stepper *s)
{
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        free(s->slot[k]);
}

static void optimizer_case(const json_t *c, struct parity_report *r)
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
    for (size_t t = 0; t < json_array_size(grads) && (t > 0 || stepper_open(&s, c, n, r) == 0); t++) {
        double *g = numbers(json_array_get(grads, t), &same), *want = numbers(json_array_get(thetas, t), &same);
        for (int64_t i = 0; i < n; i++)
            gradient[i] = (real)g[i];
        stepper_step(&s, n, theta, gradient);
        compare_all(r, "theta", theta, want, n, 0, TOLERANCE_OPTIMIZER);
        free(g);
        free(want);
    }
    if (r->outcome != PARITY_SKIPPED && json_array_size(grads) != json_array_size(thetas))
        fail(r, "steps", " are not all compared");
    if (json_array_size(grads))
        stepper_close(&s);
    free(theta0);
    free(theta);
    free(gradient);
}

/* ---- schedules ------------------------------------------------------------------------------ */

static void schedule_case(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"type",  "step_size", "gamma",  "T_max", "eta_min",
                                        "T_0",   "T_mult",    "warmup", NULL};
    const json_t *s = json_object_get(c, "schedule"), *lr = json_object_get(json_object_get(c, "expect"), "lr");
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

/* ---- short trainings ------------------------------------------------------------------------ */

static void train_batch(struct model *m, struct stepper *s, const json_t *rows, double clip,
                        struct batch_result *result)
{
    int64_t chosen[4096], n = (int64_t)json_array_size(rows);
    double factor;

    for (int64_t i = 0; i < n && i < 4096; i++)
        chosen[i] = json_integer_value(json_array_get(rows, (size_t)i));
    m->rows = chosen;
    m->job.examples = (int)n;
    R(network).gradient(m->work, m->pool, &m->job, m->gradient, result);
    R(network).commit(m->work, m->statistics);
    factor = optimizer_clip(clip, result->gradient_norm);
    for (int64_t i = 0; factor < 1 && i < m->net.parameters; i++)
        m->gradient[i] *= (real)factor;
    stepper_step(s, m->net.parameters, m->theta, m->gradient);
    m->rows = NULL;
}

static void compare_end(struct model *m, const json_t *expect, struct parity_report *r)
{
    const json_t *final = json_object_get(expect, "final_eval");
    double *want = by_place(json_object_get(expect, "params"), m->net.place, m->net.places, m->net.parameters, r);
    double loss = json_number_value(json_object_get(final, "loss"));
    struct batch_result result;

    m->job.examples = (int)m->examples;
    R(network).evaluate(m->work, m->pool, &m->job, &result);
    compare_all(r, "final parameters", m->theta, want, m->net.parameters, 0, TOLERANCE_TRAINING);
    compare(r, "final loss", result.loss, loss, fabs(loss), TOLERANCE_TRAINING);
    if (fabs((double)result.correct / (double)m->examples - number_or(final, "accuracy", -1)) > 1e-12)
        fail(r, "final accuracy", " differs");
    free(want);
}

static void training_case(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"batch_loss", "final_eval", "params", NULL};
    const json_t *expect = json_object_get(c, "expect"), *batches = json_object_get(c, "batches");
    struct batch_result result;
    struct stepper s;
    struct model m;
    int64_t n;
    double *want = numbers(json_object_get(expect, "batch_loss"), &n);
    int64_t compared = sizeof(real) == sizeof(double) ? n : FLOAT_LOSSES;

    refuse_unread(expect, known, r);
    memset(&s, 0, sizeof s);
    if (model_open(&m, c, r) == 0 && stepper_open(&s, c, m.net.parameters, r) == 0) {
        for (int64_t t = 0; t < n && t < (int64_t)json_array_size(batches); t++) {
            train_batch(&m, &s, json_array_get(batches, (size_t)t), number_or(c, "clip_grad_norm", 0), &result);
            if (t < compared)
                compare(r, "batch loss", result.loss, want[t], fabs(want[t]), TOLERANCE_TRAINING);
        }
        if (sizeof(real) == sizeof(double))
            compare_end(&m, expect, r);
    }
    stepper_close(&s);
    model_close(&m);
    free(want);
}

void R(parity_case)(const json_t *c, struct parity_report *r)
{
    static const struct {
        const char *kind;
        void (*run)(const json_t *c, struct parity_report *r);
    } kinds[] = {{"network", network_case},
                 {"optimizer", optimizer_case},
                 {"schedule", schedule_case},
                 {"training", training_case}};
    const char *kind = json_string_value(json_object_get(c, "kind"));

    *r = (struct parity_report){.worst_at = "exact"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0) {
            kinds[i].run(c, r);
            return;
        }
    skip(r, "kind", kind);
}
