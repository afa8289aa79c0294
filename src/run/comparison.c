/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "run/comparison-private.h"

struct knobs *comparison_add(struct comparison_draft *d, const char *format, ...)
{
    struct knobs *k = &d->out[d->count];
    va_list list;

    *k = *d->base;
    va_start(list, format);
    vsnprintf(d->label[d->count], COMPARISON_LABEL, format, list);
    va_end(list);
    d->count++;
    return k;
}

/* ---- loss ----------------------------------------------------------------------------------- */

/* MSE is that on softmax outputs, as in the lecture. */
static int make_loss(struct comparison_draft *d)
{
    int cross_entropy = knob_choice_find(KNOB_LOSS, "cross_entropy");
    int other = d->base->value[KNOB_LOSS] == cross_entropy ? knob_choice_find(KNOB_LOSS, "mse_softmax") : cross_entropy;

    knobs_put(comparison_add(d, "%s", knob_choice_title(KNOB_LOSS, other)), KNOB_LOSS, other);
    return 0;
}

/* ---- batch size ----------------------------------------------------------------------------- */

static void add_batch(struct comparison_draft *d, double size)
{
    const struct knob *row = knob_row(KNOB_BATCH_SIZE);
    char shown[TEXT_COUNT];

    size = size < row->min ? row->min : size > row->max ? row->max : size;
    if (size == d->base->value[KNOB_BATCH_SIZE])
        return;
    text_count(shown, sizeof shown, (uint64_t)size);
    knobs_put(comparison_add(d, "batch %s", shown), KNOB_BATCH_SIZE, size);
}

static int make_batch(struct comparison_draft *d)
{
    int size = (int)d->base->value[KNOB_BATCH_SIZE];

    add_batch(d, size / 8);
    add_batch(d, 8. * size);
    return 0;
}

/* ---- schedule ------------------------------------------------------------------------------- */

/* The cosine falls over the whole run, unless a length was set. */
static int make_schedule(struct comparison_draft *d)
{
    const struct knobs *base = d->base;
    int constant = schedule_find("constant"), cosine = schedule_find("cosine");
    struct knobs *k;

    if (base->value[KNOB_SCHEDULE] != constant) {
        knobs_put(comparison_add(d, "constant rate"), KNOB_SCHEDULE, constant);
        return 0;
    }
    if (!base->set[KNOB_T_MAX] &&
        base->value[KNOB_SCHEDULE_UNIT] != knob_choice_find(KNOB_SCHEDULE_UNIT, "epochs"))
        return err_set(d->e, ERR_USAGE, "the schedule unit is steps: set T_max to the length of the cosine to compare");
    k = comparison_add(d, "cosine");
    knobs_put(k, KNOB_SCHEDULE, cosine);
    if (!base->set[KNOB_T_MAX])
        knobs_put(k, KNOB_T_MAX, base->value[KNOB_EPOCHS]);
    return 0;
}

/* Half an epoch, as the recipes that warm up have it, or as many steps as that is on a small data set. */
static int make_warm_up(struct comparison_draft *d)
{
    int epochs = d->base->value[KNOB_SCHEDULE_UNIT] == knob_choice_find(KNOB_SCHEDULE_UNIT, "epochs");
    double length = epochs ? .5 : 500;

    if (d->base->value[KNOB_WARMUP] > 0)
        knobs_put(comparison_add(d, "no warm-up"), KNOB_WARMUP, 0);
    else
        knobs_put(comparison_add(d, "warm-up over %g %s", length, epochs ? "epochs" : "steps"), KNOB_WARMUP, length);
    return 0;
}

/* ---- momentum ------------------------------------------------------------------------------- */

static const double MOMENTUM = .9;

/* Adam's first average is its momentum. */
static int make_momentum(struct comparison_draft *d)
{
    enum knob_id id = knobs_read(d->base, KNOB_MOMENTUM) ? KNOB_MOMENTUM : KNOB_BETA1;
    const char *title = knob_row(id)->title;

    if (!knobs_read(d->base, id))
        return err_set(d->e, ERR_USAGE, "%s has no momentum: choose another optimizer, as SGD or Adam",
                       knob_choice_title(KNOB_OPTIMIZER, (int)d->base->value[KNOB_OPTIMIZER]));
    if (d->base->value[id] > 0)
        knobs_put(comparison_add(d, "%s 0", title), id, 0);
    else
        knobs_put(comparison_add(d, "%s %g", title, MOMENTUM), id, MOMENTUM);
    return 0;
}

/* ---- optimizers ----------------------------------------------------------------------------- */

/* Each with a rate at which it moves near a saddle of a usual network, and with a momentum where that is what counts. */
struct way {
    const char *optimizer;
    double rate, momentum;
    const char *also; /* one that is as good as this one beside it */
};

/* Five are worth a look, and there is room for three: two sets, momentum in both. */
static const struct way OUT[] = {
    {"saddle-free", 1, 0, ""}, {"perturbed", .1, 0, ""}, {"sgd", .02, .9, ""}, {"adam", 1e-3, 0, "adamw"}};
static const struct way DOWN[] = {{"sgd", .1, 0, ""}, {"sgd", .02, .9, ""}, {"adam", 1e-3, 0, ""}};

/* The base trains in that way already; SGD with momentum is another way than without. */
static int is_own(const struct knobs *base, const struct way *w)
{
    const char *own = knob_choice(KNOB_OPTIMIZER, (int)base->value[KNOB_OPTIMIZER]);

    if (strcmp(own, w->optimizer) != 0)
        return *w->also && strcmp(own, w->also) == 0;
    return strcmp(own, "sgd") != 0 || (base->value[KNOB_MOMENTUM] > 0) == (w->momentum > 0);
}

/* As many as there can be beside the base's own optimizer. */
static int add_ways(struct comparison_draft *d, const struct way *way, size_t count)
{
    for (size_t i = 0; i < count && d->count < COMPARISON_RUNS; i++) {
        int optimizer = knob_choice_find(KNOB_OPTIMIZER, way[i].optimizer), momentum = strcmp(way[i].optimizer, "sgd") == 0;
        struct knobs *k;
        if (is_own(d->base, &way[i]))
            continue;
        k = comparison_add(d, "%s", way[i].momentum > 0 ? "momentum" : knob_choice_title(KNOB_OPTIMIZER, optimizer));
        knobs_put(k, KNOB_OPTIMIZER, optimizer);
        knobs_put(k, KNOB_LEARNING_RATE, way[i].rate);
        if (momentum)
            knobs_put(k, KNOB_MOMENTUM, way[i].momentum);
    }
    return 0;
}

static int make_saddle(struct comparison_draft *d)
{
    return add_ways(d, OUT, sizeof OUT / sizeof *OUT);
}

static int make_saddle_sgd(struct comparison_draft *d)
{
    return add_ways(d, DOWN, sizeof DOWN / sizeof *DOWN);
}

/* ---- the table ------------------------------------------------------------------------------ */

static const struct comparison table[] = {
    {
        .name = "loss",
        .title = "MSE | cross-entropy",
        .help = "train on from these weights with the other loss; where all is still wrong, MSE has hardly any gradient",
        .make = make_loss,
    },
    {
        .name = "batch",
        .title = "batch ÷8 | batch ×8",
        .help = "train on with batches an eighth and eight times as large, level after as many examples",
        .equal_examples = 1,
        .make = make_batch,
    },
    {
        .name = "schedule",
        .title = "constant rate | schedule",
        .help = "train on with a constant learning rate instead of the schedule, or with a cosine where there is none",
        .make = make_schedule,
    },
    {
        .name = "warm-up",
        .title = "warm-up | none",
        .help = "train from the start with a learning rate that rises from zero, or without",
        .from_scratch = 1, /* it is over after the first steps */
        .make = make_warm_up,
    },
    {
        .name = "momentum",
        .title = "momentum | none",
        .help = "train on with or without momentum: beta 1 of Adam and its relatives",
        .make = make_momentum,
    },
    {
        .name = "batch-norm",
        .title = "batch norm | none",
        .help = "train from the start with batch norm in every hidden layer, or without any",
        .from_scratch = 1,
        .make = comparison_batch_norm,
    },
    {
        .name = "dropout",
        .title = "dropout | none",
        .help = "train with dropout in every hidden layer, or without any",
        .make = comparison_dropout,
    },
    {
        .name = "depth",
        .title = "shallow | deep",
        .help = "train a shallow and wide network from the start beside a deep and narrow one with as many parameters",
        .from_scratch = 1,
        .make = comparison_depth,
    },
    {
        .name = "saddle",
        .title = "one saddle | optimizers",
        .help = "train on from these weights with saddle-free Newton, perturbed gradient descent, momentum or Adam",
        .make = make_saddle,
    },
    {
        .name = "saddle-sgd",
        .title = "one saddle | SGD",
        .help = "train on from these weights with plain SGD, momentum and Adam",
        .make = make_saddle_sgd,
    },
};

enum { ROWS = sizeof table / sizeof *table };

const struct comparison *comparison_at(int i)
{
    return i >= 0 && i < ROWS ? &table[i] : NULL;
}

const struct comparison *comparison_find(const char *name)
{
    const struct comparison *c;

    for (int i = 0; (c = i < ROWS ? comparison_at(i) : comparison_cure_at(i - ROWS)); i++)
        if (strcasecmp(name, c->name) == 0 || strcasecmp(name, c->title) == 0)
            return c;
    return NULL;
}

int comparison_make(const struct comparison *c, const struct knobs *base, struct shape in,
                    struct knobs out[COMPARISON_RUNS], int *count, char label[COMPARISON_RUNS][COMPARISON_LABEL],
                    struct err *e)
{
    struct comparison_draft d = {.base = base, .in = in, .out = out, .label = label, .e = e};
    int r = c->make(&d);

    *count = r == 0 ? d.count : 0;
    return r;
}

int comparison_from_scratch(const struct comparison *c, const struct knobs *base, const struct knobs *other)
{
    if (c->from_scratch)
        return 1;
    for (int i = 0; i < KNOB_COUNT; i++)
        if (!knob_row(i)->live && !knobs_same(base, other, i))
            return 1;
    return 0;
}
