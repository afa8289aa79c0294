#include "lab/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "data/window.h"

/* Frames of an evaluation's slice: enough to keep the products busy, short enough that commands are
 * answered in between. */
enum { SLICE = 1024 };

static double knob(const struct lane *l, enum knob_id id)
{
    return l->state->knobs.value[id];
}

/* ---- making one ----------------------------------------------------------------------------- */

static int build_network(struct lane *l, const struct knobs *k, struct err *e)
{
    struct network_spec *spec = malloc(sizeof *spec);
    struct shape in = {1, (int)k->value[KNOB_CONTEXT] * l->data->dims};
    int r = spec ? spec_parse(spec, k->network, e) : err_memory(e, "a network", sizeof *spec);

    if (r == 0)
        r = network_f.build(&l->network, spec, in, e);
    free(spec);
    if (r == 0 && l->network.classes != l->data->classes.count)
        r = err_set(e, ERR_INPUT, "network: it ends in %d outputs, the data has %d classes", l->network.classes,
                    l->data->classes.count);
    return r;
}

static int make_workspace(struct lane *l, int batch, struct err *e)
{
    int shards = (int)knob(l, KNOB_SHARDS), size = batch > SLICE ? batch : SLICE;
    struct workspace *w = network_f.workspace_new(&l->network, shards, size);

    if (!w)
        return err_set(e, ERR_RUNTIME, "not enough memory for batches of %d frames", batch);
    network_f.workspace_free(l->workspace);
    l->workspace = w;
    return 0;
}

static struct optimizer_args optimizer_args(const struct lane *l)
{
    return (struct optimizer_args){
        .momentum = knob(l, KNOB_MOMENTUM),
        .nesterov = knob(l, KNOB_NESTEROV) != 0,
        .beta1 = knob(l, KNOB_BETA1),
        .beta2 = knob(l, KNOB_BETA2),
        .alpha = knob(l, KNOB_ALPHA),
        .eps = knob(l, KNOB_EPS),
        .weight_decay = knob(l, KNOB_WEIGHT_DECAY),
        .lr = lane_learning_rate(l),
        .t = l->state->counters.optimizer_steps + 1,
    };
}

static void start_optimizer(struct lane *l)
{
    struct optimizer_args a = optimizer_args(l);
    float *slot[OPTIMIZER_SLOTS];

    for (int i = 0; i < l->state->slots; i++)
        slot[i] = state_slot(l->state, i);
    if (l->optimizer->start)
        l->optimizer->start(&a, (size_t)l->state->parameters, slot);
}

static int make_state(struct lane *l, const struct knobs *k, struct err *e)
{
    struct state *s;

    l->optimizer = optimizers_f.at((int)k->value[KNOB_OPTIMIZER]);
    s = state_new(l->network.parameters, l->network.statistics, optimizers_f.slots(l->optimizer));
    if (!s)
        return err_memory(e, "the weights", (unsigned long long)l->network.parameters * sizeof(float));
    l->state = s;
    s->knobs = *k;
    if (k->value[KNOB_SHARDS] == 0)
        s->knobs.value[KNOB_SHARDS] = pool_cores();
    s->counters.validation_loss = s->counters.validation_accuracy = s->counters.best_accuracy = NAN;
    s->counters.last_epoch_loss = s->counters.last_epoch_accuracy = NAN;
    network_f.init(&l->network, (uint64_t)k->value[KNOB_SEED], state_theta(s), state_statistics(s));
    start_optimizer(l);
    return 0;
}

int lane_new(struct lane **out, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e)
{
    struct lane *l = calloc(1, sizeof *l);
    int r;

    if (!l)
        return err_memory(e, "a run", sizeof *l);
    l->data = d;
    l->pool = p;
    l->journal = calloc(1, 1);
    r = split_make(&l->split, d, (uint32_t)k->value[KNOB_SPLIT_SEED], k->value[KNOB_SPLIT_RATIO], e);
    if (r == 0)
        r = build_network(l, k, e);
    if (r == 0)
        r = make_state(l, k, e);
    if (r == 0)
        r = make_workspace(l, (int)k->value[KNOB_BATCH_SIZE], e);
    if (r == 0) {
        l->gradient = memory_zeroed(sizeof(float) * (size_t)l->network.parameters);
        if (!l->gradient || !l->journal)
            r = err_memory(e, "the gradient", sizeof(float) * (size_t)l->network.parameters);
    }
    if (r) {
        lane_free(l);
        return r;
    }
    *out = l;
    return 0;
}

void lane_free(struct lane *l)
{
    if (!l)
        return;
    network_f.workspace_free(l->workspace);
    network_f.free(&l->network);
    split_free(&l->split);
    free(l->state);
    free(l->gradient);
    free(l->journal);
    free(l);
}

/* ---- where it stands ------------------------------------------------------------------------ */

double lane_epoch(const struct lane *l)
{
    const struct counters *c = &l->state->counters;
    return (double)c->epoch + (double)c->position / (double)l->split.train.frames;
}

double lane_steps_per_epoch(const struct lane *l)
{
    return (double)l->split.train.frames / knob(l, KNOB_BATCH_SIZE);
}

static int counts_steps(const struct lane *l)
{
    return knob(l, KNOB_SCHEDULE_UNIT) != 0;
}

double lane_schedule_start(const struct lane *l)
{
    const struct counters *c = &l->state->counters;
    return counts_steps(l) ? (double)c->schedule_step : c->schedule_epoch;
}

double lane_learning_rate(const struct lane *l)
{
    struct schedule_args a = knobs_schedule(&l->state->knobs);
    double now = counts_steps(l) ? (double)l->state->counters.step : lane_epoch(l);
    double tick = counts_steps(l) ? 1 : 1 / lane_steps_per_epoch(l);

    return schedule_rate(schedule_at((int)knob(l, KNOB_SCHEDULE)), &a, knob(l, KNOB_LEARNING_RATE),
                         now - lane_schedule_start(l), tick);
}

/* ---- batches -------------------------------------------------------------------------------- */

struct feed { /* what batch_fill needs: which examples of which set */
    const struct lane *lane;
    const struct frame_set *set;
    int64_t from;
    int shuffled;
    struct rng order;
};

static void fill(void *context, int first, int count, float *x, int ld, uint8_t *labels)
{
    const struct feed *f = context;
    const struct dataset *d = f->lane->data;
    int window = f->lane->network.in.width / d->dims;

    for (int i = 0; i < count; i++) {
        int64_t at = f->from + first + i, begin, end, frame;
        if (f->shuffled)
            at = (int64_t)rng_permute(&f->order, f->lane->state->counters.epoch, (uint64_t)at,
                                      (uint64_t)f->set->frames);
        frame = frame_set_locate(f->set, d, at, &begin, &end);
        window_gather(d, frame, begin, end, window, x + (size_t)i * (size_t)ld);
        labels[i] = d->labels[frame];
    }
}

static struct batch_job job_of(const struct lane *l, struct feed *f, int examples)
{
    return (struct batch_job){
        .theta = state_theta(l->state),
        .statistics = state_statistics(l->state),
        .loss = losses_f.at((int)knob(l, KNOB_LOSS)),
        .loss_args = {.label_smoothing = knob(l, KNOB_LABEL_SMOOTHING)},
        .examples = examples,
        .fill = fill,
        .fill_context = f,
        .seed = (uint64_t)knob(l, KNOB_SEED),
        .step = l->state->counters.step,
        .dropout = knob(l, KNOB_DROPOUT),
    };
}

/* ---- a step --------------------------------------------------------------------------------- */

/* One part of clip and update; parts begin on cache lines and do not touch each other. */
static void update_part(void *context, int part)
{
    struct lane *l = context;
    int64_t n = l->network.parameters, lines = (n + REAL_PAD - 1) / REAL_PAD;
    int parts = (int)knob(l, KNOB_SHARDS);
    int64_t from = lines * part / parts * REAL_PAD, to = lines * (part + 1) / parts * REAL_PAD;
    float *slot[OPTIMIZER_SLOTS] = {0};

    if (to > n)
        to = n;
    for (int i = 0; i < l->state->slots; i++)
        slot[i] = state_slot(l->state, i) + from;
    l->optimizer->step(&l->optimizer_args, (size_t)(to - from), state_theta(l->state) + from, l->gradient + from,
                       slot);
}

static void clip(struct lane *l, double norm)
{
    double factor = optimizer_clip(knob(l, KNOB_CLIP_NORM), norm);

    for (int64_t i = 0; factor < 1 && i < l->network.parameters; i++)
        l->gradient[i] *= (float)factor;
}

/* The sentence of a step that is not applied: what, where, at which step. */
static int not_finite(const struct lane *l, const struct batch_result *b, struct err *e)
{
    const char *tensor = "no single tensor";

    for (int i = 0; i < l->network.places; i++) {
        const struct place *t = &l->network.place[i];
        double sum = 0;
        for (int64_t k = 0; k < t->count; k++)
            sum += 0 * (double)l->gradient[t->offset + k]; /* NaN when one of them is not finite */
        if (sum != 0 || isnan(sum)) {
            tensor = t->name;
            break;
        }
    }
    return err_set(e, ERR_DIVERGED, "step %llu is not applied: loss %.3g, gradient of %s not finite",
                   (unsigned long long)l->state->counters.step + 1, b->loss, tensor);
}

/* Move the counters past a batch of n examples; set what the report says of the epoch. */
static void count_step(struct lane *l, int n, const struct batch_result *b, struct lane_report *r)
{
    struct counters *c = &l->state->counters;
    double every = knob(l, KNOB_EVAL_EVERY), before = lane_epoch(l), frames = (double)l->split.train.frames;

    c->step++;
    c->optimizer_steps++;
    c->position += (uint64_t)n;
    c->epoch_loss += b->loss * n;
    c->epoch_correct += (uint64_t)b->correct;
    if (c->position >= (uint64_t)l->split.train.frames) {
        c->last_epoch_loss = c->epoch_loss / frames;
        c->last_epoch_accuracy = (double)c->epoch_correct / frames;
        c->epoch++;
        c->position = c->epoch_correct = 0;
        c->epoch_loss = 0;
        r->epoch_ended = 1;
    }
    c->evaluation_due = floor(lane_epoch(l) / every + 1e-9) > floor(before / every + 1e-9);
}

static int step(struct lane *l, struct lane_report *r, struct err *e)
{
    struct counters *c = &l->state->counters;
    int64_t left = l->split.train.frames - (int64_t)c->position;
    int n = (int)(left < (int64_t)knob(l, KNOB_BATCH_SIZE) ? left : (int64_t)knob(l, KNOB_BATCH_SIZE));
    struct feed feed = {.lane = l,
                        .set = &l->split.train,
                        .from = (int64_t)c->position,
                        .shuffled = 1,
                        .order = {.seed = (uint64_t)knob(l, KNOB_SEED), .purpose = RNG_ORDER}};
    struct batch_job job = job_of(l, &feed, n);
    struct batch_result b;

    network_f.gradient(l->workspace, l->pool, &job, l->gradient, &b);
    if (!isfinite(b.loss) || !isfinite(b.gradient_norm))
        return not_finite(l, &b, e);
    network_f.commit(l->workspace, state_statistics(l->state));
    clip(l, b.gradient_norm);
    l->optimizer_args = optimizer_args(l);
    pool_run(l->pool, update_part, l, (int)knob(l, KNOB_SHARDS));
    *r = (struct lane_report){.did = LANE_STEP,
                              .examples = n,
                              .loss = b.loss,
                              .accuracy = (double)b.correct / n,
                              .learning_rate = l->optimizer_args.lr,
                              .gradient_norm = b.gradient_norm};
    count_step(l, n, &b, r);
    return 0;
}

/* ---- evaluation ----------------------------------------------------------------------------- */

/* The next slice; returns 1 when the set is done. */
static int evaluate_slice(struct lane *l, struct evaluation *v)
{
    int64_t left = v->set->frames - v->done;
    int n = (int)(left < SLICE ? left : SLICE);
    struct feed feed = {.lane = l, .set = v->set, .from = v->done};
    struct batch_job job = job_of(l, &feed, n);
    struct batch_result b;

    if (n > 0) {
        network_f.evaluate(l->workspace, l->pool, &job, &b);
        v->loss += b.loss * n;
        v->correct += b.correct;
        v->done += n;
    }
    return v->done == v->set->frames;
}

static void note_evaluation(struct lane *l)
{
    struct counters *c = &l->state->counters;

    c->evaluation_due = 0;
    c->validation_loss = l->evaluation.loss / (double)l->evaluation.done;
    c->validation_accuracy = (double)l->evaluation.correct / (double)l->evaluation.done;
    if (!(c->validation_accuracy <= c->best_accuracy)) {
        c->best_accuracy = c->validation_accuracy;
        c->best_step = c->step;
    }
    l->evaluation = (struct evaluation){0};
}

int lane_advance(struct lane *l, struct lane_report *r, struct err *e)
{
    if (!l->state->counters.evaluation_due)
        return step(l, r, e);
    l->evaluation.set = &l->split.validation;
    *r = (struct lane_report){.did = LANE_SLICE};
    if (evaluate_slice(l, &l->evaluation)) {
        note_evaluation(l);
        r->did = LANE_EVALUATED;
    } else {
        r->share = (double)l->evaluation.done / (double)l->evaluation.set->frames;
    }
    return 0;
}

int lane_evaluate(struct lane *l, const struct frame_set *set, int (*stop)(void *), void *context, double *loss,
                  double *accuracy)
{
    struct evaluation v = {.set = set};

    while (!evaluate_slice(l, &v))
        if (stop && stop(context))
            return -ERR_CANCELLED;
    *loss = v.loss / (double)v.done;
    *accuracy = (double)v.correct / (double)v.done;
    return 0;
}

/* ---- knobs ---------------------------------------------------------------------------------- */

static int write_journal(struct lane *l, enum knob_id id, struct err *e)
{
    char value[KNOB_VALUE_SIZE], line[KNOB_VALUE_SIZE + 96], *grown;
    int n;

    knobs_format(&l->state->knobs, id, value, sizeof value);
    n = snprintf(line, sizeof line, "%llu %d %s %s\n", (unsigned long long)l->state->counters.step, l->id,
                 knob_row(id)->name, value);
    grown = realloc(l->journal, l->journal_size + (size_t)n + 1);
    if (!grown)
        return err_memory(e, "the journal", l->journal_size);
    memcpy(grown + l->journal_size, line, (size_t)n + 1);
    l->journal = grown;
    l->journal_size += (size_t)n;
    return 0;
}

/* Another optimizer starts with a state of its own. */
static int change_optimizer(struct lane *l, int index, struct err *e)
{
    const struct optimizer *o = optimizers_f.at(index);
    struct state *s = state_with_slots(l->state, optimizers_f.slots(o));

    if (!s)
        return err_memory(e, "the optimizer's state", (unsigned long long)l->state->bytes);
    free(l->state);
    l->state = s;
    l->optimizer = o;
    s->counters.optimizer_steps = 0;
    start_optimizer(l);
    return 0;
}

/* What has to be ready before a knob can take its value. */
static int prepare(struct lane *l, enum knob_id id, double value, struct err *e)
{
    if (id == KNOB_OPTIMIZER && (int)value != (int)knob(l, id))
        return change_optimizer(l, (int)value, e);
    if (id == KNOB_BATCH_SIZE && (int)value > network_f.capacity(l->workspace))
        return make_workspace(l, (int)value, e);
    return 0;
}

int lane_set(struct lane *l, enum knob_id id, double value, struct err *e)
{
    struct knobs tried = l->state->knobs;
    char text[KNOB_VALUE_SIZE];
    int r;

    if (!knob_row(id)->live)
        return err_set(e, ERR_USAGE, "%s cannot change while the run goes on", knob_row(id)->title);
    tried.value[id] = value;
    if (knob_row(id)->type == KNOB_CHOICE && !knob_choice(id, (int)value))
        return err_set(e, ERR_USAGE, "%s: there is no choice %d", knob_row(id)->title, (int)value);
    knobs_format(&tried, id, text, sizeof text);
    r = knobs_parse(&tried, id, text, e); /* the table's bounds */
    if (r == 0 && tried.value[id] != value)
        r = err_set(e, ERR_USAGE, "%s: %g is not a whole number", knob_row(id)->title, value);
    if (r == 0)
        r = prepare(l, id, value, e);
    if (r)
        return r;
    if (id == KNOB_SCHEDULE || id == KNOB_SCHEDULE_UNIT) {
        l->state->counters.schedule_step = l->state->counters.step;
        l->state->counters.schedule_epoch = lane_epoch(l);
    }
    l->state->knobs.value[id] = value;
    return write_journal(l, id, e);
}
