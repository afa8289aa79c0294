/* SPDX-License-Identifier: MIT */
/* Fields by number as in onnx.proto3 of ONNX 1.12 (https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto3), operators as
 * in its Operators.md. Inside, activations are [batch, width] or [batch, steps, width]; only recurrent operators want time
 * first. */
#include "run/onnx.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/protobuf.h"
#include "core/text.h"
#include "net/spec.h"
#include "run/run-private.h"

enum { IR_VERSION = 8, OPSET = 17 };
enum { TYPE_FLOAT = 1, TYPE_INT64 = 7 };                                /* of a tensor */
enum { ATTRIBUTE_FLOAT = 1, ATTRIBUTE_INT = 2, ATTRIBUTE_TEXT = 3, ATTRIBUTE_INTS = 7 };
enum { MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_GRAPH = 7, MODEL_OPSET = 8 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5 };

enum { NAME = TENSOR_NAME + 16 };

struct writer {
    const struct network *n;
    const float *theta, *statistics;
    int any_length;       /* sequences may have any number of steps */
    struct protobuf graph;
    char now[NAME];       /* the value that the next operator reads */
    int values;           /* named so far */
    int steps;            /* of it; 0: it is [batch, width] */
};

/* ---- tensors -------------------------------------------------------------------------------- */

static void put_tensor(struct writer *w, const char *name, int type, int dims, const int64_t *shape, const void *data,
                       size_t bytes)
{
    struct protobuf t = {0};

    for (int i = 0; i < dims; i++)
        protobuf_integer(&t, 1, shape[i]);
    protobuf_integer(&t, 2, type);
    protobuf_text(&t, 8, name);
    protobuf_bytes(&t, 9, data, bytes);
    protobuf_message(&w->graph, GRAPH_INITIALIZER, &t);
}

static void put_floats(struct writer *w, const char *name, int dims, const int64_t *shape, const float *data)
{
    size_t count = 1;

    for (int i = 0; i < dims; i++)
        count *= (size_t)shape[i];
    put_tensor(w, name, TYPE_FLOAT, dims, shape, data, sizeof *data * count);
}

static void put_places(struct writer *w)
{
    const struct network *n = w->n;

    for (int i = 0; i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        for (int k = 0; k < l->parameters && !l->kind->cell; k++)
            put_floats(w, l->parameter[k].name, l->parameter[k].dims, l->parameter[k].shape,
                       w->theta + l->parameter[k].offset);
        for (int k = 0; k < l->statistics; k++)
            put_floats(w, l->statistic[k].name, l->statistic[k].dims, l->statistic[k].shape,
                       w->statistics + l->statistic[k].offset);
    }
}

static void put_scalar(struct writer *w, const char *name, float value)
{
    put_tensor(w, name, TYPE_FLOAT, 0, NULL, &value, sizeof value);
}

static void put_integers(struct writer *w, const char *name, int64_t count, const int64_t *values)
{
    put_tensor(w, name, TYPE_INT64, count ? 1 : 0, &count, values, sizeof *values * (size_t)(count ? count : 1));
}

/* ---- operators ------------------------------------------------------------------------------ */

struct node { /* one that is being put together */
    struct protobuf bytes;
};

static void attribute_integer(struct node *o, const char *name, int64_t value)
{
    struct protobuf a = {0};

    protobuf_text(&a, 1, name);
    protobuf_integer(&a, 3, value);
    protobuf_integer(&a, 20, ATTRIBUTE_INT);
    protobuf_message(&o->bytes, NODE_ATTRIBUTE, &a);
}

static void attribute_float(struct node *o, const char *name, double value)
{
    struct protobuf a = {0};

    protobuf_text(&a, 1, name);
    protobuf_float(&a, 2, (float)value);
    protobuf_integer(&a, 20, ATTRIBUTE_FLOAT);
    protobuf_message(&o->bytes, NODE_ATTRIBUTE, &a);
}

static void attribute_text(struct node *o, const char *name, const char *value)
{
    struct protobuf a = {0};

    protobuf_text(&a, 1, name);
    protobuf_text(&a, 4, value);
    protobuf_integer(&a, 20, ATTRIBUTE_TEXT);
    protobuf_message(&o->bytes, NODE_ATTRIBUTE, &a);
}

static void attribute_integers(struct node *o, const char *name, int count, const int64_t *values)
{
    struct protobuf a = {0};

    protobuf_text(&a, 1, name);
    for (int i = 0; i < count; i++)
        protobuf_integer(&a, 8, values[i]);
    protobuf_integer(&a, 20, ATTRIBUTE_INTS);
    protobuf_message(&o->bytes, NODE_ATTRIBUTE, &a);
}

static void input(struct node *o, const char *name)
{
    protobuf_text(&o->bytes, NODE_INPUT, name);
}

/* End the operator; its result is what the next one reads. */
static void result(struct writer *w, struct node *o, const char *op)
{
    char name[NAME];

    snprintf(name, sizeof name, "value.%d", w->values++);
    protobuf_text(&o->bytes, NODE_OUTPUT, name);
    protobuf_text(&o->bytes, NODE_NAME, name);
    protobuf_text(&o->bytes, NODE_OP, op);
    protobuf_message(&w->graph, GRAPH_NODE, &o->bytes);
    text_copy(w->now, sizeof w->now, name);
}

/* now = op(now, second); second NULL: op(now). */
static void apply(struct writer *w, const char *op, const char *second)
{
    struct node o = {0};

    input(&o, w->now);
    if (second)
        input(&o, second);
    result(w, &o, op);
}

static void transpose(struct writer *w, int dims, const int64_t *order)
{
    struct node o = {0};

    input(&o, w->now);
    attribute_integers(&o, "perm", dims, order);
    result(w, &o, "Transpose");
}

/* ---- layers --------------------------------------------------------------------------------- */

static void put_linear(struct writer *w, const struct layer *l)
{
    static const int64_t turned[] = {1, 0};
    const char *weight = l->parameter[0].name, *bias = l->parameters > 1 ? l->parameter[1].name : NULL;
    struct node o = {0};
    char x[NAME], matrix[NAME];

    if (!w->steps) {
        input(&o, w->now);
        input(&o, weight);
        if (bias)
            input(&o, bias);
        attribute_integer(&o, "transB", 1);
        result(w, &o, "Gemm");
        return;
    }
    text_copy(x, sizeof x, w->now);
    text_copy(w->now, sizeof w->now, weight);
    transpose(w, 2, turned);
    text_copy(matrix, sizeof matrix, w->now);
    text_copy(w->now, sizeof w->now, x);
    apply(w, "MatMul", matrix);
    if (bias)
        apply(w, "Add", bias);
}

static void put_batchnorm(struct writer *w, const struct layer *l)
{
    static const int64_t channels_second[] = {0, 2, 1};
    struct node o = {0};

    if (w->steps)
        transpose(w, 3, channels_second);
    input(&o, w->now);
    for (int k = 0; k < 2; k++)
        input(&o, l->parameter[k].name);
    for (int k = 0; k < 2; k++)
        input(&o, l->statistic[k].name);
    attribute_float(&o, "epsilon", l->spec.eps);
    result(w, &o, "BatchNormalization");
    if (w->steps)
        transpose(w, 3, channels_second);
}

static void put_layernorm(struct writer *w, const struct layer *l)
{
    struct node o = {0};

    input(&o, w->now);
    input(&o, l->parameter[0].name);
    input(&o, l->parameter[1].name);
    attribute_float(&o, "epsilon", l->spec.eps);
    attribute_integer(&o, "axis", -1);
    result(w, &o, "LayerNormalization");
}

static void put_relu(struct writer *w, const struct layer *l)
{
    (void)l;
    apply(w, "Relu", NULL);
}

static void put_leaky_relu(struct writer *w, const struct layer *l)
{
    struct node o = {0};

    input(&o, w->now);
    attribute_float(&o, "alpha", l->spec.slope);
    result(w, &o, "LeakyRelu");
}

static void put_elu(struct writer *w, const struct layer *l)
{
    (void)l;
    apply(w, "Elu", NULL);
}

static void put_sigmoid(struct writer *w, const struct layer *l)
{
    (void)l;
    apply(w, "Sigmoid", NULL);
}

static void put_tanh(struct writer *w, const struct layer *l)
{
    (void)l;
    apply(w, "Tanh", NULL);
}

static void put_silu(struct writer *w, const struct layer *l)
{
    char x[NAME];

    (void)l;
    text_copy(x, sizeof x, w->now);
    apply(w, "Sigmoid", NULL);
    apply(w, "Mul", x);
}

/* x ½ (1 + erf(x/√2)) */
static void put_gelu(struct writer *w, const struct layer *l)
{
    char x[NAME], half[NAME], root[NAME], one[NAME];

    snprintf(half, sizeof half, "layers.%d.half", l->index);
    snprintf(root, sizeof root, "layers.%d.root", l->index);
    snprintf(one, sizeof one, "layers.%d.one", l->index);
    put_scalar(w, half, .5f);
    put_scalar(w, root, 0.70710678f);
    put_scalar(w, one, 1);
    text_copy(x, sizeof x, w->now);
    apply(w, "Mul", root);
    apply(w, "Erf", NULL);
    apply(w, "Add", one);
    apply(w, "Mul", half);
    apply(w, "Mul", x);
}

static void put_dropout(struct writer *w, const struct layer *l)
{
    (void)w; /* off in evaluation mode */
    (void)l;
}

static void put_select(struct writer *w, const struct layer *l)
{
    int64_t step = l->spec.select == SELECT_CENTER ? l->in.steps / 2 : -1;
    char index[NAME];
    struct node o = {0};

    if (l->spec.select == SELECT_ALL || !w->steps)
        return;
    snprintf(index, sizeof index, "layers.%d.step", l->index);
    put_integers(w, index, 0, &step);
    input(&o, w->now);
    input(&o, index);
    attribute_integer(&o, "axis", 1);
    result(w, &o, "Gather");
    w->steps = 0;
}

/* Blocks of rows in ONNX's order, from PyTorch's: LSTM i, f, g, o → i, o, f, c; GRU r, z, n → z, r, h. */
static const struct {
    const char *kind, *op;
    int gates, from[4];
} cells[] = {{"rnn", "RNN", 1, {0}}, {"lstm", "LSTM", 4, {0, 3, 1, 2}}, {"gru", "GRU", 3, {1, 0, 2}}};

/* One of a level's tensors for all directions, gates put in order, of `part` of PyTorch's four tensors, rows after rows. */
static float *gather_gates(const struct writer *w, const struct layer *l, int level, int part, int cell, float *to)
{
    int directions = l->spec.bidirectional ? 2 : 1, tensors = l->spec.bias ? 4 : 2;

    for (int d = 0; d < directions; d++) {
        const struct place *p = &l->parameter[(level * directions + d) * tensors + part];
        int64_t block = p->count / cells[cell].gates;
        /* the two biases of a direction stand one after the other */
        float *at = to + d * p->count * (part >= 2 ? 2 : 1) + (part == 3 ? p->count : 0);
        for (int g = 0; g < cells[cell].gates; g++)
            memcpy(at + g * block, w->theta + p->offset + cells[cell].from[g] * block, sizeof *at * (size_t)block);
    }
    return to;
}

/* The level's W, R and B as initializers; their names. Returns −1 without memory. */
static int put_level_tensors(struct writer *w, const struct layer *l, int level, int cell, char name[3][NAME])
{
    int64_t directions = l->spec.bidirectional ? 2 : 1, rows = (int64_t)cells[cell].gates * l->spec.width;
    int64_t in = level ? l->out.width : l->in.width;
    const int64_t shape[3][3] = {{directions, rows, in}, {directions, rows, l->spec.width}, {directions, 2 * rows, 1}};
    float *buffer = malloc(sizeof *buffer * (size_t)(directions * rows * (in > l->out.width ? in : l->out.width) + 2 * directions * rows));

    if (!buffer)
        return -1;
    for (int k = 0; k < 2; k++) {
        snprintf(name[k], NAME, "layers.%d.%s_l%d", l->index, k ? "R" : "W", level);
        put_floats(w, name[k], 3, shape[k], gather_gates(w, l, level, k, cell, buffer));
    }
    *name[2] = '\0';
    if (l->spec.bias) {
        snprintf(name[2], NAME, "layers.%d.B_l%d", l->index, level);
        gather_gates(w, l, level, 2, cell, buffer);
        put_floats(w, name[2], 2, shape[2], gather_gates(w, l, level, 3, cell, buffer));
    }
    free(buffer);
    return 0;
}

static void put_recurrent(struct writer *w, const struct layer *l)
{
    static const int64_t swapped[] = {1, 0, 2}, batch_first[] = {2, 0, 1, 3};
    const int64_t joined[] = {0, 0, l->out.width};
    char name[3][NAME], shape[NAME];
    int cell = 0;

    while (strcmp(cells[cell].kind, l->kind->name) != 0)
        cell++;
    snprintf(shape, sizeof shape, "layers.%d.joined", l->index);
    put_integers(w, shape, 3, joined);
    for (int level = 0; level < l->spec.levels; level++) {
        struct node o = {0};
        if (put_level_tensors(w, l, level, cell, name) != 0) {
            w->graph.failed = 1;
            return;
        }
        transpose(w, 3, swapped);
        input(&o, w->now);
        for (int k = 0; k < (*name[2] ? 3 : 2); k++)
            input(&o, name[k]);
        attribute_integer(&o, "hidden_size", l->spec.width);
        attribute_text(&o, "direction", l->spec.bidirectional ? "bidirectional" : "forward");
        if (cells[cell].gates == 3)
            attribute_integer(&o, "linear_before_reset", 1);
        result(w, &o, cells[cell].op);
        transpose(w, 4, batch_first);
        apply(w, "Reshape", shape);
    }
}

static const struct {
    const char *kind;
    void (*put)(struct writer *w, const struct layer *l);
} layers[] = {
    {"linear", put_linear},   {"relu", put_relu},           {"leaky_relu", put_leaky_relu}, {"elu", put_elu},
    {"gelu", put_gelu},       {"silu", put_silu},           {"sigmoid", put_sigmoid},       {"tanh", put_tanh},
    {"batchnorm", put_batchnorm}, {"layernorm", put_layernorm}, {"dropout", put_dropout},   {"select", put_select},
    {"rnn", put_recurrent},   {"lstm", put_recurrent},      {"gru", put_recurrent},
};

/* ---- the model ------------------------------------------------------------------------------ */

static void put_value(struct writer *w, int field, const char *name, int steps, int width)
{
    struct protobuf shape = {0}, tensor = {0}, type = {0}, value = {0}, dim = {0};

    protobuf_text(&dim, 2, "batch");
    protobuf_message(&shape, 1, &dim);
    if (steps && w->any_length)
        protobuf_text(&dim, 2, "steps");
    else if (steps)
        protobuf_integer(&dim, 1, steps);
    if (steps)
        protobuf_message(&shape, 1, &dim);
    protobuf_integer(&dim, 1, width);
    protobuf_message(&shape, 1, &dim);
    protobuf_integer(&tensor, 1, TYPE_FLOAT);
    protobuf_message(&tensor, 2, &shape);
    protobuf_message(&type, 1, &tensor);
    protobuf_text(&value, 1, name);
    protobuf_message(&value, 2, &type);
    protobuf_message(&w->graph, field, &value);
}

/* Returns the name of a layer that has no operator, or NULL. */
static const char *put_layers(struct writer *w)
{
    for (int i = 0; i < w->n->count; i++) {
        const struct layer *l = &w->n->layer[i];
        size_t k = 0;
        while (k < sizeof layers / sizeof *layers && strcmp(layers[k].kind, l->kind->name) != 0)
            k++;
        if (k == sizeof layers / sizeof *layers)
            return l->kind->name;
        layers[k].put(w, l);
    }
    return NULL;
}

static void put_output(struct writer *w)
{
    struct node o = {0};

    input(&o, w->now);
    protobuf_text(&o.bytes, NODE_OUTPUT, "logits");
    protobuf_text(&o.bytes, NODE_NAME, "logits");
    protobuf_text(&o.bytes, NODE_OP, "Identity");
    protobuf_message(&w->graph, GRAPH_NODE, &o.bytes);
    put_value(w, GRAPH_OUTPUT, "logits", w->steps, w->n->classes);
}

static void put_model(struct writer *w, struct protobuf *model)
{
    struct protobuf opset = {0};

    protobuf_integer(model, MODEL_IR, IR_VERSION);
    protobuf_text(model, MODEL_PRODUCER, "saddle");
    protobuf_text(&opset, 1, "");
    protobuf_integer(&opset, 2, OPSET);
    protobuf_message(model, MODEL_OPSET, &opset);
    protobuf_message(model, MODEL_GRAPH, &w->graph);
}

int onnx_write(const struct run *l, const char *path, struct err *e)
{
    const struct network *n = &l->network;
    struct writer w = {.n = n, .theta = run_shown_theta(l), .statistics = run_shown_statistics(l),
                       .any_length = l->train.pieces.length > 0, .steps = n->in.steps > 1 ? n->in.steps : 0,
                       .now = "frames"};
    struct protobuf model = {0};
    const char *unknown;
    int r = 0;

    if (n->parameters > INT_MAX / 8)
        return err_set(e, ERR_RUNTIME, "ONNX files hold less than 2 GB: %lld parameters are too many", (long long)n->parameters);
    put_places(&w);
    put_value(&w, GRAPH_INPUT, "frames", w.steps, n->in.width);
    unknown = put_layers(&w);
    put_output(&w);
    protobuf_text(&w.graph, GRAPH_NAME, "saddle");
    put_model(&w, &model);
    if (unknown)
        r = err_set(e, ERR_RUNTIME, "a layer %s has no operator in ONNX", unknown);
    else if (model.failed)
        r = err_memory(e, path, sizeof(float) * (unsigned long long)n->parameters);
    else
        r = file_replace(path, model.bytes, model.size, e);
    protobuf_free(&w.graph);
    protobuf_free(&model);
    return r;
}
