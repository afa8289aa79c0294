/* SPDX-License-Identifier: MIT */
/* One parity case in one build: networks and short trainings here, optimizers and schedules in
 * parity-optim.c, surfaces in parity-surface.c. */
#include "parity-optim.h"
#include "parity-surface.h"
#include "parity-tools.h"

#include "core/pool.h"
#include "net/network.h"
#include "hessian/spectrum.h"

enum { SHARDS = 2, WORKERS = 2 };

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_OUTPUT = 1e-8, TOLERANCE_CURVATURE = 1e-8, TOLERANCE_TRAINING = 1e-6;
#else
static const double TOLERANCE_OUTPUT = 2e-4, TOLERANCE_CURVATURE = 2e-3, TOLERANCE_TRAINING = 1e-3;
#endif
enum { FLOAT_LOSSES = 10 }; /* batch losses compared in the float build */

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

/* "last", "center", "all" as enum spec_select. */
static int read_select(const json_t *l, struct parity_report *r)
{
    static const char *const names[] = {"last", "center", "all"};
    const char *step = json_string_value(json_object_get(l, "step"));

    for (int i = 0; step && i < 3; i++)
        if (strcmp(names[i], step) == 0)
            return i;
    if (step)
        fail(r, "select: unknown step ", step);
    return SELECT_LAST;
}

static struct layer_spec read_layer(const json_t *l, const char *type, struct parity_report *r)
{
    static const char *const known[] = {"type",   "in",     "out",           "bias", "features", "eps", "momentum",
                                        "hidden", "layers", "bidirectional", "step", "slope",    NULL};
    struct layer_spec spec = spec_layer(type);

    refuse_unread(l, known, r);
    spec.width = (int)(json_object_get(l, "hidden") ? whole(l, "hidden") : whole(l, "out"));
    spec.levels = (int)number_or(l, "layers", 1);
    spec.bidirectional = (int)number_or(l, "bidirectional", 0);
    spec.bias = (int)number_or(l, "bias", 1);
    spec.select = read_select(l, r);
    spec.eps = number_or(l, "eps", spec.eps);
    spec.momentum = number_or(l, "momentum", spec.momentum);
    spec.slope = number_or(l, "slope", spec.slope);
    return spec;
}

static int read_layers(const json_t *layers, struct network_spec *s, struct parity_report *r)
{
    size_t i;
    json_t *l;

    s->count = 0;
    json_array_foreach(layers, i, l) {
        const char *type = json_string_value(json_object_get(l, "type"));
        if (!type || !R(layers).find(type) || s->count == SPEC_MOST_LAYERS) {
            fail(r, "layer: there is none named ", type ? type : "nothing");
            return -1;
        }
        s->layer[s->count++] = read_layer(l, type, r);
    }
    return 0;
}

/* What a layer says of its input must be what it gets. */
static void check_widths(const json_t *layers, const struct network *n, struct parity_report *r)
{
    for (int i = 0; i < n->count; i++) {
        const json_t *l = json_array_get(layers, (size_t)i);
        double width = number_or(l, "in", number_or(l, "features", n->layer[i].in.width));
        if ((int)width != n->layer[i].in.width)
            fail(r, n->layer[i].kind->name, ": the width of its input differs");
    }
}

/* Steps that have a label of their own. */
static int label_steps(const struct network *n)
{
    return n->layer[n->count - 1].out.steps;
}

static void fill(void *context, int first, int count, real *x, int ld, uint8_t *labels)
{
    const struct model *m = context;
    int steps = m->net.in.steps, width = m->net.in.width, own = label_steps(&m->net);

    for (int i = 0; i < count; i++) {
        int64_t row = m->rows ? m->rows[first + i] : first + i;
        for (int t = 0; t < own; t++)
            labels[t * count + i] = m->labels[row * own + t];
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

/* The same in real. */
static void load_vector(struct model *m, const json_t *o, real *out, struct parity_report *r)
{
    double *flat = by_place(o, m->net.place, m->net.places, m->net.parameters, r);

    for (int64_t i = 0; i < m->net.parameters; i++)
        out[i] = (real)flat[i];
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
        fail(r, "loss: there is none named ", loss ? loss : "nothing");
        return -1;
    }
    read_data(m, c, &in);
    if (R(network).build(&m->net, &spec, in, &e) != 0 || pool_new(&m->pool, WORKERS, &e) != 0) {
        fail(r, "building: ", e.text);
        return -1;
    }
    m->net.blas = R(products_blas)(parity_products);
    m->work = R(network).workspace_new(&m->net, SHARDS, (int)m->examples);
    m->theta = calloc((size_t)m->net.parameters + 1, sizeof(real));
    m->gradient = calloc((size_t)m->net.parameters + 1, sizeof(real));
    m->statistics = calloc((size_t)m->net.statistics + 1, sizeof(real));
    R(network).init(&m->net, 1, m->theta, m->statistics);
    load_vector(m, json_object_get(c, "params"), m->theta, r);
    check_widths(json_object_get(c, "layers"), &m->net, r);
    if ((int64_t)json_array_size(json_object_get(c, "y")) != m->examples * label_steps(&m->net)) {
        fail(r, "labels", " are of another number than the logits");
        return -1;
    }
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
    int64_t rows = m->examples * label_steps(&m->net);

    if (n != rows * m->net.classes)
        fail(r, "logits", " are of another size");
    for (int64_t i = 0; i < n; i++)
        scale = larger(scale, fabs(z[i]));
    for (int64_t i = 0; r->outcome == PARITY_OK && i < rows; i++)
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

/* The exact Hessian times v. */
static void compare_hvp(struct model *m, const json_t *hvp, struct parity_report *r)
{
    static const char *const known[] = {"v", "expect", NULL};
    double *want = by_place(json_object_get(hvp, "expect"), m->net.place, m->net.places, m->net.parameters, r);
    real *v = calloc((size_t)m->net.parameters + 1, sizeof *v);

    refuse_unread(hvp, known, r);
    load_vector(m, json_object_get(hvp, "v"), v, r);
    if (R(network).hessian_vector(m->work, m->pool, &m->job, v, m->gradient) != 0)
        fail(r, "Hessian-vector product", ": no memory");
    compare_all(r, "Hessian-vector product", m->gradient, want, m->net.parameters, 0, TOLERANCE_CURVATURE);
    free(want);
    free(v);
}

/* The case's loss as the probes see one. */
static int model_product(const struct objective *o, const real *theta, const real *v, real *out, struct err *e)
{
    struct model *m = o->context;

    (void)theta; /* the job has it */
    return R(network).hessian_vector(m->work, m->pool, &m->job, v, out) ? err_memory(e, "a product", 1) : 0;
}

/* The probes' whole spectrum: every eigenvalue, and the trace. */
static void compare_spectrum(struct model *m, const json_t *spectrum, struct parity_report *r)
{
    static const char *const known[] = {"eigenvalues", "trace", NULL};
    struct objective o = {.n = m->net.parameters, .context = m, .hessian_vector = model_product};
    struct curvature c = {.objective = &o, .theta = m->job.theta};
    int64_t wanted;
    double *want = numbers(json_object_get(spectrum, "eigenvalues"), &wanted), scale = 0;
    struct spectrum s = {0};
    struct err e = {0};

    refuse_unread(spectrum, known, r);
    if (wanted != o.n)
        fail(r, "eigenvalues", " are of another number");
    else if (R(curvature).open(&c, &e) != 0 || R(spectrum).whole(&c, &s, NULL, NULL, &e) != 0)
        fail(r, "eigenvalues", e.text);
    for (int64_t i = 0; i < wanted; i++)
        scale = larger(scale, fabs(want[i]));
    for (int64_t i = 0; r->outcome == PARITY_OK && i < s.n; i++)
        compare(r, "eigenvalues", s.value[i], want[i], scale, TOLERANCE_CURVATURE);
    compare(r, "trace", s.trace, number_or(spectrum, "trace", NAN), scale, TOLERANCE_CURVATURE);
    R(curvature).close(&c);
    R(spectrum).free(&s);
    free(want);
}

static void compare_gradient(struct model *m, const json_t *expect, struct parity_report *r)
{
    static const char *const known[] = {"logits", "loss", "grad", "running", NULL};
    double *grad = by_place(json_object_get(expect, "grad"), m->net.place, m->net.places, m->net.parameters, r);
    double loss = json_number_value(json_object_get(expect, "loss"));
    struct batch_result result;

    refuse_unread(expect, known, r);
    R(network).gradient(m->work, m->pool, &m->job, m->gradient, &result);
    compare_logits(m, json_object_get(expect, "logits"), r);
    compare(r, "loss", result.loss, loss, fabs(loss), TOLERANCE_OUTPUT);
    compare_all(r, "gradient", m->gradient, grad, m->net.parameters, 0, TOLERANCE_OUTPUT);
    compare_running(m, json_object_get(expect, "running"), r);
    free(grad);
}

static void network_case(const json_t *c, struct parity_report *r)
{
    static const char *const known[] = {"kind",            "name",   "layers", "loss", "classes",
                                        "label_smoothing", "params", "x",      "y",    "expect",
                                        "hvp",             "spectrum", NULL};
    const json_t *hvp = json_object_get(c, "hvp"), *spectrum = json_object_get(c, "spectrum");
    struct model m;

    refuse_unread(c, known, r);
    if (model_open(&m, c, r) == 0) {
        compare_gradient(&m, json_object_get(c, "expect"), r);
        if (hvp)
            compare_hvp(&m, hvp, r);
        if (spectrum)
            compare_spectrum(&m, spectrum, r);
    }
    model_close(&m);
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
    R(stepper_step)(s, m->net.parameters, m->theta, m->gradient);
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
    static const char *const given[] = {"kind",      "name",  "layers",         "classes", "loss", "label_smoothing",
                                        "algorithm", "hyper", "clip_grad_norm", "params",  "x",    "y",
                                        "batches",   "expect", NULL};
    const json_t *expect = json_object_get(c, "expect"), *batches = json_object_get(c, "batches");
    struct batch_result result;
    struct stepper s;
    struct model m;
    int64_t n;
    double *want = numbers(json_object_get(expect, "batch_loss"), &n);
    int64_t compared = sizeof(real) == sizeof(double) ? n : FLOAT_LOSSES;

    refuse_unread(c, given, r);
    refuse_unread(expect, known, r);
    memset(&s, 0, sizeof s);
    if (model_open(&m, c, r) == 0 && R(stepper_open)(&s, c, m.net.parameters, NULL, 0, r) == 0) {
        for (int64_t t = 0; t < n && t < (int64_t)json_array_size(batches); t++) {
            train_batch(&m, &s, json_array_get(batches, (size_t)t), number_or(c, "clip_grad_norm", 0), &result);
            if (t < compared)
                compare(r, "batch loss", result.loss, want[t], fabs(want[t]), TOLERANCE_TRAINING);
        }
        if (sizeof(real) == sizeof(double))
            compare_end(&m, expect, r);
    }
    R(stepper_close)(&s);
    model_close(&m);
    free(want);
}

void R(parity_case)(const json_t *c, struct parity_report *r)
{
    static const struct {
        const char *kind;
        void (*run)(const json_t *c, struct parity_report *r);
    } kinds[] = {{"network", network_case},
                 {"closure", R(closure_case)},
                 {"matrix_optimizer", R(matrix_optimizer_case)},
                 {"optimizer", R(optimizer_case)},
                 {"saddle_free_newton", R(saddle_free_newton_case)},
                 {"schedule", R(schedule_case)},
                 {"toy_chain", R(toy_chain_case)},
                 {"training", training_case}};
    const char *kind = json_string_value(json_object_get(c, "kind"));

    *r = (struct parity_report){.worst_at = "exact"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0) {
            kinds[i].run(c, r);
            return;
        }
    fail(r, kind, ": there is no such kind of case");
}
