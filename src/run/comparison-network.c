/* SPDX-License-Identifier: MIT */
/* Comparisons that change the network. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "net/network.h"
#include "run/comparison-private.h"

static int is(const struct layer_spec *l, const char *kind)
{
    return strcmp(l->kind, kind) == 0;
}

int comparison_is_recurrent(const struct layer_spec *l)
{
    const struct layer_kind *kind = layers_f.find(l->kind);

    return kind && kind->cell;
}

static int is_activation(const struct layer_spec *l)
{
    const struct layer_kind *kind = layers_f.find(l->kind);

    return kind && kind->elementwise && !is(l, "dropout");
}

/* A linear layer with another after it; the last one makes the logits. */
int comparison_is_hidden(const struct network_spec *s, int i)
{
    if (!is(&s->layer[i], "linear"))
        return 0;
    while (++i < s->count)
        if (is(&s->layer[i], "linear"))
            return 1;
    return 0;
}

/* Where the activations, norms and dropout that follow layer i end. */
int comparison_block_end(const struct network_spec *s, int i)
{
    while (++i < s->count)
        if (is(&s->layer[i], "linear") || is(&s->layer[i], "select") || comparison_is_recurrent(&s->layer[i]))
            break;
    return i;
}

static int too_many_layers(const struct comparison_draft *d)
{
    return err_set(d->e, ERR_USAGE, "the network would have more than %d layers", SPEC_MOST_LAYERS);
}

/* A layer of this kind at place i. */
static int insert(const struct comparison_draft *d, struct network_spec *s, int i, const char *kind)
{
    if (s->count == SPEC_MOST_LAYERS)
        return too_many_layers(d);
    memmove(&s->layer[i + 1], &s->layer[i], (size_t)(s->count - i) * sizeof *s->layer);
    s->layer[i] = spec_layer(kind);
    s->count++;
    return 0;
}

/* Returns how many there were. */
static int remove_all(struct network_spec *s, const char *kind)
{
    int kept = 0, before = s->count;

    for (int i = 0; i < s->count; i++)
        if (!is(&s->layer[i], kind))
            s->layer[kept++] = s->layer[i];
    s->count = kept;
    return before - kept;
}

int comparison_set_network(const struct comparison_draft *d, struct knobs *k, const struct network_spec *s)
{
    struct knob_value v = {0};

    if (spec_format(s, v.text, sizeof v.text) != 0)
        return err_set(d->e, ERR_USAGE, "the network would take more than %d characters", KNOB_TEXT_SIZE - 1);
    return knobs_set(k, KNOB_NETWORK, &v, d->e);
}

/* ---- batch norm ----------------------------------------------------------------------------- */

/* In after the activation, as the homework's baselines and the recipes have it. */
int comparison_batch_norm(struct comparison_draft *d)
{
    struct network_spec s;
    int r = spec_parse(&s, d->base->network, d->e), added = 0;

    if (r)
        return r;
    if (remove_all(&s, "batchnorm") > 0)
        return comparison_set_network(d, comparison_add(d, "no batch norm"), &s);
    for (int i = 0; i < s.count; i++) {
        int at = i + 1 < s.count && is_activation(&s.layer[i + 1]) ? i + 2 : i + 1;
        if (!comparison_is_hidden(&s, i))
            continue;
        r = insert(d, &s, at, "batchnorm");
        if (r)
            return r;
        added++;
    }
    if (added == 0)
        return err_set(d->e, ERR_USAGE, "batch norm needs a hidden linear layer, and this network has none");
    return comparison_set_network(d, comparison_add(d, "batch norm"), &s);
}

/* ---- dropout -------------------------------------------------------------------------------- */

/* Of layers with a rate of their own, and of those that follow the setting. */
struct dropout_use {
    int own, following;
};

static struct dropout_use dropout_use(const struct network_spec *s)
{
    struct dropout_use use = {0, 0};

    for (int i = 0; i < s->count; i++) {
        use.following += isnan(s->layer[i].rate);
        use.own += s->layer[i].rate > 0;
    }
    return use;
}

static void remove_dropout(struct network_spec *s)
{
    remove_all(s, "dropout");
    for (int i = 0; i < s->count; i++)
        s->layer[i].rate = 0;
}

/* At the end of every hidden layer's block and between the levels of recurrent layers. */
static int insert_dropout(const struct comparison_draft *d, struct network_spec *s)
{
    int added = 0, r = 0;

    remove_dropout(s); /* rates of 0 */
    for (int i = 0; r == 0 && i < s->count; i++) {
        if (comparison_is_hidden(s, i))
            r = insert(d, s, comparison_block_end(s, i), "dropout");
        else if (comparison_is_recurrent(&s->layer[i]) && s->layer[i].levels > 1)
            s->layer[i].rate = NAN;
        else
            continue;
        added++;
    }
    if (r == 0 && added == 0)
        r = err_set(d->e, ERR_USAGE, "dropout needs a hidden linear layer or a recurrent layer of at least two levels, "
                                     "and this network has neither");
    return r;
}

/* Where all of it follows the setting, the setting alone changes, and the run may go on from the base's weights. */
int comparison_dropout(struct comparison_draft *d)
{
    double rate = d->base->value[KNOB_DROPOUT], put = rate > 0 ? rate : knob_row(KNOB_DROPOUT)->standard;
    struct network_spec s;
    struct dropout_use use;
    struct knobs *k;
    int r = spec_parse(&s, d->base->network, d->e);

    if (r)
        return r;
    use = dropout_use(&s);
    if (use.own) {
        remove_dropout(&s);
        return comparison_set_network(d, comparison_add(d, "no dropout"), &s);
    }
    if (use.following && rate > 0) {
        knobs_put(comparison_add(d, "no dropout"), KNOB_DROPOUT, 0);
        return 0;
    }
    if (!use.following)
        r = insert_dropout(d, &s);
    if (r)
        return r;
    k = comparison_add(d, "dropout %g", put);
    if (put != rate)
        knobs_put(k, KNOB_DROPOUT, put);
    return use.following ? 0 : comparison_set_network(d, k, &s);
}

/* ---- depth ---------------------------------------------------------------------------------- */

/* How hidden layers are counted here: the homework's code makes one layer from the input and then `hidden_layers`
 * more, so its 6 × 1024 has seven hidden linear layers (6,380,585 parameters at one frame say so) and its 2 × 1700 has
 * three. Its count is that of the square matrices, one less than that of the hidden layers, and is the one used below.
 * 1700 belongs to the 19 frames of its stronger baselines: at 741 inputs 2 × 1698 comes nearest to the parameters of
 * 6 × 1024, and 1700 is that in two digits. At one frame it would be 1766. */
enum { SHALLOW = 2, DEEP = 6, DEEPER = 3, AT_LEAST_DEEP = 4 };

static int other_depth(int depth)
{
    int deeper = DEEPER * depth;

    return depth >= AT_LEAST_DEEP ? SHALLOW : deeper > DEEP ? deeper : DEEP;
}

/* An MLP: what comes before its first linear layer, the hidden layers, and the last linear layer with what follows. */
struct mlp {
    struct network_spec spec;
    int first, second, last; /* linear layers: the first two, and that of the logits */
    int hidden;
};

static int read_mlp(const struct comparison_draft *d, struct mlp *m)
{
    int r = spec_parse(&m->spec, d->base->network, d->e);

    if (r)
        return r;
    m->hidden = 0;
    for (int i = 0; i < m->spec.count; i++) {
        const struct layer_spec *l = &m->spec.layer[i];
        if (comparison_is_recurrent(l) || is(l, "select"))
            return err_set(d->e, ERR_USAGE, "shallow against deep needs an MLP, and this network works on sequences");
        if (comparison_is_hidden(&m->spec, i))
            m->hidden++;
        if (is(l, "linear"))
            m->last = i;
        if (is(l, "linear") && m->hidden == 1 && comparison_is_hidden(&m->spec, i)) {
            m->first = i;
            m->second = comparison_block_end(&m->spec, i);
        }
    }
    if (m->hidden == 0)
        return err_set(d->e, ERR_USAGE, "shallow against deep needs a hidden layer, and this network has none");
    return 0;
}

static void append(struct network_spec *s, const struct layer_spec *layers, int from, int end)
{
    memcpy(&s->layer[s->count], layers + from, (size_t)(end - from) * sizeof *layers);
    s->count += end - from;
}

/* So many hidden layers of this width, each as the base's first one. */
static int stack(const struct comparison_draft *d, const struct mlp *m, int hidden, int width, struct network_spec *s)
{
    const struct layer_spec *layers = m->spec.layer;

    s->count = 0;
    if (m->first + hidden * (m->second - m->first) + (m->spec.count - m->last) > SPEC_MOST_LAYERS)
        return too_many_layers(d);
    append(s, layers, 0, m->first);
    for (int i = 0; i < hidden; i++) {
        append(s, layers, m->first, m->second);
        s->layer[s->count - (m->second - m->first)].width = width;
    }
    append(s, layers, m->last, m->spec.count);
    return 0;
}

static int count_parameters(const struct comparison_draft *d, const struct network_spec *s, int64_t *parameters)
{
    struct network *n = malloc(sizeof *n);
    int r = n ? network_f.build(n, s, d->in, d->e) : err_memory(d->e, "a network", sizeof *n);

    if (r == 0) {
        *parameters = n->parameters;
        network_f.free(n);
    }
    free(n);
    return r;
}

static int parameters_of_width(const struct comparison_draft *d, const struct mlp *m, int hidden, int width,
                               int64_t *parameters)
{
    struct network_spec s;
    int r = stack(d, m, hidden, width, &s);

    return r ? r : count_parameters(d, &s, parameters);
}

/* The width of `hidden` layers whose parameters come nearest to so many; they rise with it. */
static int find_width(const struct comparison_draft *d, const struct mlp *m, int hidden, int64_t wanted, int *width)
{
    int low = 1, high = SPEC_MOST_WIDTH, r; /* of the narrowest that has enough */
    int64_t enough, fewer;

    while (low < high) {
        int middle = low + (high - low) / 2;
        r = parameters_of_width(d, m, hidden, middle, &enough);
        if (r)
            return r;
        if (enough < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    *width = low;
    r = parameters_of_width(d, m, hidden, low, &enough);
    if (r || low == 1)
        return r;
    r = parameters_of_width(d, m, hidden, low - 1, &fewer);
    if (r == 0 && wanted - fewer <= enough - wanted)
        *width = low - 1;
    return r;
}

/* As people choose widths: a power of 2 where one is within a hundredth, else two digits. */
static int round_width(int width)
{
    int power = 1 << (int)lround(log2(width)), unit = 1;

    if (abs(width - power) * 100 <= power)
        return power;
    while (width / unit >= 100)
        unit *= 10;
    return (width + unit / 2) / unit * unit;
}

int comparison_depth(struct comparison_draft *d)
{
    struct mlp m;
    struct network_spec s;
    int64_t wanted = 0;
    int r = read_mlp(d, &m), hidden, width;
    char shown[TEXT_COUNT];

    if (r == 0)
        r = count_parameters(d, &m.spec, &wanted);
    if (r)
        return r;
    hidden = other_depth(m.hidden - 1) + 1;
    r = find_width(d, &m, hidden, wanted, &width);
    if (r)
        return r;
    width = round_width(width);
    r = stack(d, &m, hidden, width, &s);
    if (r)
        return r;
    text_count(shown, sizeof shown, (uint64_t)width);
    return comparison_set_network(d, comparison_add(d, "%d hidden layers of %s", hidden, shown), &s);
}
