/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "math/products.h"
#include "run/hyperparameter.h"
#include "run/journal.h"
#include "run/parts.h"
#include "run/batch.h"
#include "run/run-private.h"
#include "run/run-ranks.h"
#include "run/update.h"
#include "net/init.h"

static double knob(const struct run *l, enum knob_id id)
{
    return l->state->knobs.value[id];
}

/* ---- making one ----------------------------------------------------------------------------- */

int run_build_network(struct network *n, const struct dataset *d, const struct knobs *k, struct err *e)
{
    enum products_source products = (enum products_source)k->value[KNOB_PRODUCTS];
    struct network_spec *spec = malloc(sizeof *spec);
    int r = spec ? spec_parse(spec, k->network, e) : err_memory(e, "a network", sizeof *spec);

    if (r == 0)
        r = products_check(products, e);
    if (r == 0)
        r = network_f.build(n, spec, feed_shape(d, k, spec), e);
    free(spec);
    if (r)
        return r;
    n->blas = products_blas_f(products);
    return feed_check(n, d, k, e);
}

/* What will be allocated for the network and its optimizer: the weights, their gradient and the one before it, the
 * optimizer's vectors, and, unless the workspace is another run's, each shard's share of a batch with a gradient of its
 * own. */
static int check_memory(const struct run *l, const struct knobs *k, int shares, struct err *e)
{
    int shards = k->value[KNOB_SHARDS] > 0 ? (int)k->value[KNOB_SHARDS] : pool_cores();
    double bytes = sizeof(float) * (double)l->network.parameters * (3 + (double)update_vectors(l, k));
    char what[96];

    if (!shares)
        bytes += (double)network_f.workspace_bytes(&l->network, shards, run_slice(l, (int)k->value[KNOB_BATCH_SIZE]));
    snprintf(what, sizeof what, "a network of %.4g million parameters", 1e-6 * (double)l->network.parameters);
    return memory_need(what, bytes < 1e18 ? (unsigned long long)bytes : (unsigned long long)1e18, e);
}

/* A data set that brings a split of its own keeps it until somebody asks for another. */
static int make_split(struct run *l, const struct knobs *k, struct err *e)
{
    struct split_plan plan = {.seed = (uint32_t)k->value[KNOB_SPLIT_SEED],
                              .ratio = k->value[KNOB_SPLIT_RATIO],
                              .anew = k->set[KNOB_SPLIT_SEED] || k->set[KNOB_SPLIT_RATIO],
                              .train_share = k->value[KNOB_TRAIN_SHARE],
                              .folds = (int)k->value[KNOB_FOLDS],
                              .fold = (int)k->value[KNOB_FOLD],
                              .by_speaker = k->value[KNOB_FOLD_BY] != 0};

    return split_make_for_evaluation(&l->split, l->data, &plan, e);
}

_Static_assert((int)DATASET_MOST_CLASSES <= (int)LOSS_MOST_CLASSES, "every class of a data set has its place");

/* The split's sets as examples, and how much a class counts where rare ones count as much as common ones. */
static int make_sources(struct run *l, const struct knobs *k, struct err *e)
{
    const struct frame_set *t = &l->split.train;
    int64_t count[LOSS_MOST_CLASSES] = {0};
    int present = 0, r;

    for (int64_t u = 0; u < t->utterances; u++)
        for (int64_t f = l->data->bounds[t->utterance[u]]; f < l->data->bounds[t->utterance[u] + 1]; f++)
            count[l->data->labels[f]]++;
    for (int c = 0; c < LOSS_MOST_CLASSES; c++)
        present += count[c] > 0;
    for (int c = 0; c < LOSS_MOST_CLASSES; c++)
        l->class_weight[c] = count[c] ? (double)t->frames / ((double)present * (double)count[c]) : 0;
    r = source_make(&l->train, &l->split.train, l->data, k, e);
    if (r == 0)
        r = source_make(&l->validation, &l->split.validation, l->data, k, e);
    return r ? r : source_make(&l->test, &l->split.test, l->data, k, e);
}

static int make_state(struct run *l, const struct knobs *k, struct err *e)
{
    struct state_shape bare = {.parameters = l->network.parameters, .statistics = l->network.statistics};
    struct state *s = state_new(&bare);

    if (!s)
        return err_memory(e, "the weights", (unsigned long long)l->network.parameters * sizeof(float));
    l->state = s;
    s->knobs = *k;
    if (k->value[KNOB_SHARDS] == 0)
        s->knobs.value[KNOB_SHARDS] = pool_cores();
    s->schedule = schedule_begin();
    s->counters.validation_loss = s->counters.validation_accuracy = s->counters.best_accuracy = NAN;
    s->counters.last_epoch_loss = s->counters.last_epoch_accuracy = NAN;
    s->counters.part_loss = s->counters.part_accuracy = NAN;
    s->counters.best_loss = s->counters.best_part_loss = s->counters.best_part_accuracy = NAN;
    if (inits_f.apply(inits_f.at((int)k->value[KNOB_INIT]), &l->network, (uint64_t)k->value[KNOB_SEED], state_theta(s),
                      state_statistics(s)) != 0)
        return err_memory(e, "the initial weights", 1);
    return update_fit(l, k, 1, e);
}

static int make_parts(struct run *l, struct err *e)
{
    size_t bytes = sizeof(float) * (size_t)l->network.statistics;

    l->part = network_parts(&l->network, &l->parts);
    l->kept_statistics = memory_zeroed(bytes);
    l->average_statistics = memory_zeroed(bytes);
    return l->part && l->kept_statistics && l->average_statistics ? 0 : err_memory(e, "a list of the network's matrices", bytes);
}

/* Everything but the state and what is made for it. */
static int begin(struct run **out, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e)
{
    struct run *l = calloc(1, sizeof *l);
    int r;

    *out = l;
    if (!l)
        return err_memory(e, "a run", sizeof *l);
    l->data = d;
    l->pool = p;
    l->journal = calloc(1, 1);
    r = make_split(l, k, e);
    if (r == 0)
        r = make_sources(l, k, e);
    if (r == 0)
        r = run_build_network(&l->network, d, k, e);
    if (r == 0)
        r = make_parts(l, e);
    if (r == 0 && !l->journal)
        r = err_memory(e, "the journal", 1);
    return r;
}

static int make_gradient(struct run *l, struct err *e)
{
    l->gradient = memory_zeroed(sizeof(float) * (size_t)l->network.parameters);
    return l->gradient ? 0 : err_memory(e, "the gradient", sizeof(float) * (size_t)l->network.parameters);
}

/* The workspace and the gradient of a run whose state stands; `capacity`: examples of a batch, at least. */
static int finish(struct run *l, int capacity, struct err *e)
{
    int r = run_make_workspace(l, capacity, e);

    return r ? r : make_gradient(l, e);
}

/* Only a run that stands is handed out. */
static int made(struct run **l, int r)
{
    if (r) {
        run_free(*l);
        *l = NULL;
    }
    return r;
}

int run_new(struct run **l, const struct dataset *d, const struct knobs *k, struct pool *p, struct err *e)
{
    int r = begin(l, d, k, p, e);

    if (r == 0)
        r = check_memory(*l, k, 0, e);
    if (r == 0)
        r = make_state(*l, k, e);
    if (r == 0)
        r = finish(*l, (int)k->value[KNOB_BATCH_SIZE], e);
    return made(l, r);
}

int run_restarted(struct run **l, const struct run *old, const struct knobs *k, struct err *e)
{
    int r = run_new(l, old->data, k, old->pool, e);

    if (r)
        return r;
    (*l)->id = old->id;
    return made(l, journal_count(old, JOURNAL_PRODUCTS) > 0 ? journal_products(*l, e) : 0);
}

/* "weight_ih_l0" of "layers.3.weight_ih_l0" */
static const char *role(const struct place *p)
{
    const char *dot = strrchr(p->name, '.');

    return dot ? dot + 1 : p->name;
}

static int is_alike(const struct place *a, const struct place *b)
{
    return a->dims == b->dims && memcmp(a->shape, b->shape, sizeof *a->shape * (size_t)a->dims) == 0 &&
           strcmp(role(a), role(b)) == 0;
}

int run_begin_alike(struct run *l, const struct run *other, struct err *e)
{
    const struct network *n = &other->network;
    float *theta = state_theta(l->state), *from = malloc(sizeof *from * (size_t)(n->parameters + n->statistics + 1));
    int next = 0;

    if (!from || inits_f.apply(inits_f.at((int)knob(other, KNOB_INIT)), n, (uint64_t)knob(l, KNOB_SEED), from,
                               from + n->parameters) != 0) {
        free(from);
        return err_memory(e, "the initial weights", sizeof *from * (unsigned long long)n->parameters);
    }
    for (int i = 0; i < l->network.places; i++) {
        const struct place *to = &l->network.place[i];
        int k = next;
        while (k < n->places && !is_alike(to, &n->place[k]))
            k++;
        if (k == n->places)
            continue;
        memcpy(theta + to->offset, from + n->place[k].offset, sizeof *theta * (size_t)to->count);
        next = k + 1;
    }
    free(from);
    return 0;
}

static int copy_journal(struct run *l, const struct run *old, struct err *e)
{
    char *copy = realloc(l->journal, old->journal_size + 1);

    if (!copy)
        return err_memory(e, "the journal", old->journal_size);
    memcpy(copy, old->journal, old->journal_size + 1);
    l->journal = copy;
    l->journal_size = old->journal_size;
    return 0;
}

int run_fork(struct run **l, const struct run *old, struct err *e)
{
    int r = begin(l, old->data, &old->state->knobs, old->pool, e);

    if (r == 0)
        r = check_memory(*l, &old->state->knobs, 1, e);
    if (r == 0 && !((*l)->state = state_copy(old->state)))
        r = err_memory(e, "the weights", old->state->bytes);
    if (r == 0)
        r = update_adopt(*l, old, e);
    if (r == 0)
        r = copy_journal(*l, old, e);
    if (r == 0)
        r = make_gradient(*l, e);
    if (r == 0) {
        run_share_workspace(*l, old);
        (*l)->mark = old->mark;
        (*l)->marks = old->marks;
    }
    return made(l, r);
}

int run_copy_apart(struct run **l, const struct run *old, struct err *e)
{
    int r = begin(l, old->data, &old->state->knobs, old->pool, e);

    if (r == 0)
        r = check_memory(*l, &old->state->knobs, 0, e);
    if (r == 0 && !((*l)->state = state_copy(old->state)))
        r = err_memory(e, "the weights", old->state->bytes);
    if (r == 0)
        r = update_adopt(*l, old, e);
    if (r == 0)
        r = finish(*l, (int)old->state->knobs.value[KNOB_BATCH_SIZE], e);
    return made(l, r);
}

int run_copy(struct run **l, const struct run *old, struct pool *p, struct err *e)
{
    int r = run_copy_apart(l, old, e);

    if (r == 0)
        run_use_pool(*l, p);
    return r;
}

int run_take_weights(struct run *l, const struct run *from, struct err *e)
{
    const struct state_shape *a = &l->state->shape, *b = &from->state->shape;
    const float *theta = b->ema ? state_ema(from->state) : run_shown_theta(from);

    if (a->parameters != b->parameters || a->statistics != b->statistics)
        return err_set(e, ERR_INPUT, "%s: its network has another shape", l->data->path);
    memcpy(state_theta(l->state), theta, sizeof *theta * (size_t)a->parameters);
    if (a->ema)
        memcpy(state_ema(l->state), theta, sizeof *theta * (size_t)a->parameters);
    memcpy(state_statistics(l->state), run_shown_statistics(from), sizeof *theta * (size_t)a->statistics);
    return 0;
}

void run_use_pool(struct run *l, struct pool *p)
{
    l->pool = p;
}

void run_remark(struct run *l, const char *text)
{
    for (int i = 0; i < RUN_REMARKS; i++)
        if (!*l->remark[i]) {
            text_copy(l->remark[i], sizeof l->remark[i], text);
            return;
        }
}

int run_look(struct run *l, struct gradient_stats *seen, struct err *e)
{
    size_t bytes = sizeof(float) * (size_t)l->network.parameters;

    free(l->previous);
    gradient_stats_close(l);
    l->previous = NULL;
    l->seen = NULL;
    if (!seen)
        return 0;
    l->previous = memory_zeroed(bytes);
    if (!l->previous || gradient_stats_open(l, (int)knob(l, KNOB_SHARDS)) != 0)
        return err_memory(e, "the gradient before", bytes);
    l->seen = seen;
    return 0;
}

void run_free(struct run *l)
{
    if (!l)
        return;
    update_free(l);
    run_release_workspace(l);
    network_f.free(&l->network);
    source_free(&l->train);
    source_free(&l->validation);
    source_free(&l->test);
    split_free(&l->split);
    free(l->part);
    free(l->kept_statistics);
    free(l->average_statistics);
    free(l->state);
    free(l->gradient);
    free(l->previous);
    gradient_stats_close(l);
    free(l->journal);
    free(l);
}

/* ---- where it stands ------------------------------------------------------------------------ */

int run_id(const struct run *l)
{
    return l->id;
}

void run_set_id(struct run *l, int id)
{
    l->id = id;
}

void run_watch(struct run *l, const atomic_int *cancel, atomic_llong *work)
{
    l->cancel = cancel;
    l->work = work;
}

const atomic_int *run_cancel(const struct run *l)
{
    return l->cancel;
}

const struct state *run_state(const struct run *l)
{
    return l->state;
}

const struct counters *run_counters(const struct run *l)
{
    return &l->state->counters;
}

const struct knobs *run_knobs(const struct run *l)
{
    return &l->state->knobs;
}

const struct network *run_network(const struct run *l)
{
    return &l->network;
}

const struct optimizer *run_optimizer(const struct run *l)
{
    return l->optimizer;
}

const struct dataset *run_data(const struct run *l)
{
    return l->data;
}

struct pool *run_pool(const struct run *l)
{
    return l->pool;
}

const struct source *run_source(const struct run *l, enum run_set_id set)
{
    return set == RUN_TRAIN ? &l->train : set == RUN_VALIDATION ? &l->validation : &l->test;
}

const char *run_journal(const struct run *l)
{
    return l->journal;
}

uint64_t run_mark(const struct run *l)
{
    return l->mark;
}

uint64_t run_marks(const struct run *l)
{
    return l->marks;
}

const char *run_remark_at(const struct run *l, int i)
{
    return i >= 0 && i < RUN_REMARKS ? l->remark[i] : "";
}

static int64_t epoch_examples(const struct run *l)
{
    return source_examples(&l->train, &l->state->knobs, 1);
}

double run_epoch(const struct run *l)
{
    const struct counters *c = &l->state->counters;
    return (double)c->epoch + (double)c->position / (double)epoch_examples(l);
}

double run_steps_per_epoch(const struct run *l)
{
    return (double)epoch_examples(l) / knob(l, KNOB_BATCH_SIZE);
}

double run_step_work(const struct run *l)
{
    struct optimizer_args a = knobs_optimizer(&l->state->knobs);
    double passes = 3, products = 0;

    if (a.sam != OPTIMIZER_SAM_OFF)
        passes *= 2;
    if (l->optimizer->products)
        products = (double)l->optimizer->products(&a, (size_t)l->network.parameters);
    return (passes + 7 * products) * knob(l, KNOB_BATCH_SIZE) * network_f.work(&l->network);
}

/* "3 min", "5 h" */
static void duration_words(double seconds, char *text, size_t size)
{
    if (seconds < 90)
        snprintf(text, size, "%.0f s", seconds);
    else if (seconds < 90 * 60)
        snprintf(text, size, "%.0f min", seconds / 60);
    else
        snprintf(text, size, "%.0f h", seconds / 3600);
}

int run_slow_words(const struct run *l, char *text, size_t size)
{
    /* Multiplications a second on one core, within a factor of two or three: steps in time are small products. */
    const double speed = l->network.in.steps > 1 ? 5e9 : 1.5e10, long_step = 60, long_epoch = 1800;
    double step = run_step_work(l) / speed / pool_workers(l->pool), epoch = step * run_steps_per_epoch(l);
    char a[32], b[32];

    *text = '\0';
    if (step < long_step && epoch < long_epoch)
        return 0;
    duration_words(step, a, sizeof a);
    duration_words(epoch, b, sizeof b);
    return snprintf(text, size, "slow recipe: about %s a step and %s an epoch, estimated from %.1e multiplications a step", a, b,
                    run_step_work(l));
}

static int counts_steps(const struct run *l)
{
    return knob(l, KNOB_SCHEDULE_UNIT) != 0;
}

double run_schedule_start(const struct run *l)
{
    const struct counters *c = &l->state->counters;
    return counts_steps(l) ? (double)c->schedule_step : c->schedule_epoch;
}

double run_learning_rate(const struct run *l)
{
    struct schedule_args a = knobs_schedule(&l->state->knobs);
    const struct schedule *kind = knobs_schedule_kind(&l->state->knobs);
    double now = counts_steps(l) ? (double)l->state->counters.step : run_epoch(l);
    double tick = counts_steps(l) ? 1 : 1 / run_steps_per_epoch(l);

    return !kind ? knob(l, KNOB_LEARNING_RATE) : schedule_rate(kind, &a,
                         knob(l, KNOB_LEARNING_RATE) * l->state->schedule.factor, now - run_schedule_start(l), tick);
}

/* ---- a step --------------------------------------------------------------------------------- */

/* The sentence of a step that is not applied: what, where, at which step. */
static int not_finite(const struct run *l, const struct batch_result *b, struct err *e)
{
    const char *tensor = "no single tensor";
    char loss[32], step[TEXT_COUNT];

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
    snprintf(loss, sizeof loss, isnan(b->loss) ? "NaN" : "%.3g", b->loss);
    text_count(step, sizeof step, l->state->counters.step + 1);
    return err_set(e, ERR_DIVERGED, "step %s is not applied: loss %s, gradient of %s not finite", step, loss, tensor);
}

static int not_found(const struct run *l, struct err *e)
{
    char step[TEXT_COUNT];

    text_count(step, sizeof step, l->state->counters.step + 1);
    return err_set(e, ERR_DIVERGED, "step %s is not applied: %s found no finite loss along its way", step,
                   l->optimizer->title);
}

/* Move the counters past a batch of n examples; set what the report says of the epoch. */
static void count_step(struct run *l, int n, const struct batch_result *b, struct run_report *r)
{
    struct counters *c = &l->state->counters;
    double every = knob(l, KNOB_EVAL_EVERY), before = run_epoch(l);

    c->step++;
    c->optimizer_steps++;
    c->fresh_slots = 0;
    c->position += (uint64_t)n;
    c->epoch_frames += (uint64_t)r->frames;
    c->epoch_loss += b->loss * b->weight;
    c->epoch_weight += b->weight;
    c->epoch_correct += (uint64_t)b->correct;
    if (c->position >= (uint64_t)epoch_examples(l)) {
        c->last_epoch_loss = c->epoch_loss / c->epoch_weight;
        c->last_epoch_accuracy = (double)c->epoch_correct / (double)c->epoch_frames;
        c->epoch++;
        c->position = c->epoch_correct = c->epoch_frames = 0;
        c->epoch_loss = c->epoch_weight = 0;
        r->epoch_ended = 1;
    }
    c->evaluation_due = floor(run_epoch(l) / every + 1e-9) > floor(before / every + 1e-9);
}

/* Apply the gradient in hand, of which b tells; r is filled. */
static int apply(struct run *l, const struct batch_job *job, const struct batch_result *b, struct run_report *r,
                 struct err *e)
{
    int applied;

    if (run_ranks_check_data(l, e)) /* the gradient is of examples that were no longer there */
        return -ERR_INPUT;
    if (!isfinite(b->loss) || !isfinite(b->gradient_norm))
        return not_finite(l, b, e);
    if (run_ranks_cancelled(l))
        return run_ranks_error(e);
    r->learning_rate = run_learning_rate(l);
    applied = update_apply(l, job, r->learning_rate, b->gradient_norm);
    if (applied != 0 && run_ranks_check_data(l, e))
        return -ERR_INPUT;
    if (applied != 0 && run_ranks_cancelled(l))
        return run_ranks_error(e);
    if (applied == -ERR_RUNTIME)
        return err_set(e, ERR_RUNTIME, "not enough memory for products with the Hessian");
    return applied != 0 ? not_found(l, e) : 0;
}

static int step(struct run *l, struct run_report *r, struct err *e)
{
    struct counters *c = &l->state->counters;
    int64_t left = epoch_examples(l) - (int64_t)c->position, batch = (int64_t)knob(l, KNOB_BATCH_SIZE);
    int n = (int)(left < batch ? left : batch), result;
    struct feed feed = {.run = l, .source = &l->train, .from = (int64_t)c->position, .training = 1};
    struct batch_result b;
    struct batch_job job;

    *r = (struct run_report){.did = RUN_STEP};
    if (run_ranks_ready(l) != 0)
        return run_ranks_error(e);
    job = feed_job(l, &feed, n, &r->frames);
    network_f.gradient(l->workspace, l->pool, &job, l->gradient, &b);
    run_ranks_agree(l, &b);
    if (b.cancelled)
        return run_ranks_error(e);
    r->loss = b.loss;
    r->accuracy = (double)b.correct / (double)r->frames;
    r->gradient_norm = b.gradient_norm;
    result = apply(l, &job, &b, r, e);
    if (result)
        return result;
    count_step(l, n, &b, r);
    if (l->previous) {
        float *applied = l->gradient;
        l->gradient = l->previous;
        l->previous = applied;
    }
    return 0;
}

int run_advance(struct run *l, struct run_report *r, struct err *e)
{
    network_f.workspace_use(l->workspace, &l->network);
    return l->state->counters.evaluation_due ? run_evaluation(l, r, e) : step(l, r, e);
}

/* ---- settings changed between two steps -------------------------------------------------------- */

/* Memory that a value needs, before the setting takes it. */
static int prepare(struct run *l, enum knob_id id, const struct knobs *tried, struct err *e)
{
    if (id == KNOB_BATCH_SIZE && (int)tried->value[id] > network_f.capacity(l->workspace))
        return run_make_workspace(l, (int)tried->value[id], e);
    return update_fit(l, tried, id == KNOB_OPTIMIZER && tried->value[id] != knob(l, id), e);
}

/* Another schedule starts now. */
static void start_schedule(struct run *l)
{
    l->state->counters.schedule_step = l->state->counters.step;
    l->state->counters.schedule_epoch = run_epoch(l);
    l->state->schedule = schedule_begin();
}

int run_set(struct run *l, enum knob_id id, const struct knob_value *value, struct err *e)
{
    struct knobs tried = l->state->knobs;
    char text[KNOB_VALUE_SIZE];
    int r;

    if (!knob_row(id)->live)
        return err_set(e, ERR_USAGE, "%s cannot change while the run goes on", knob_row(id)->title);
    r = knobs_set(&tried, id, value, e);
    if (r == 0)
        r = prepare(l, id, &tried, e);
    if (r)
        return r;
    if (id == KNOB_SCHEDULE || id == KNOB_SCHEDULE_UNIT)
        start_schedule(l);
    if (id == KNOB_EARLY_STOPPING && knob(l, id) == 0) { /* the best weights so far were not kept: look anew */
        l->state->counters.best_accuracy = NAN;
        l->state->counters.stale = 0;
    }
    l->state->knobs = tried;
    knob_format(id, value, text, sizeof text);
    return journal_add(l, knob_row(id)->name, text, e);
}
