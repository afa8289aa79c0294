/* SPDX-License-Identifier: MIT */
/* Evaluations: of validation, then of a part of training as large, in slices between which a run can be paused. */
#include <math.h>
#include <string.h>

#include "run/hyperparameter.h"
#include "run/batch.h"
#include "run/run-private.h"
#include "run/run-ranks.h"
#include "run/update.h"

static double knob(const struct run *l, enum knob_id id)
{
    return l->state->knobs.value[id];
}

/* How many examples an evaluation has. */
static int64_t evaluation_examples(const struct run *l, const struct evaluation *v)
{
    int64_t all = source_examples(v->source, &l->state->knobs, 0);
    int64_t part = v->most ? v->most : source_examples(&l->validation, &l->state->knobs, 0);

    return (v->part || v->most) && part < all ? part : all;
}

/* The answer of this row, at this position of its window: the one that counts, or one beside it. */
static void hand_over(const struct run *l, struct evaluation *v, int row, int position, int counts)
{
    struct run_answer a = {.frame = counts ? v->taken++ : -1,
                           .position = position,
                           .logits = network_f.logits(l->workspace, row),
                           .label = network_f.label(l->workspace, row)};

    if (v->take_answer)
        v->take_answer(v->taker, &a);
    else
        v->take(v->taker, a.frame, a.logits, a.label);
}

/* The logits of the slice of n examples that was just computed. */
static void hand_over_slice(const struct run *l, struct evaluation *v, int n)
{
    int pieces = v->source->pieces.length > 0, steps = l->network.layer[l->network.count - 1].out.steps;

    for (int i = 0; i < n; i++) {
        int middle = steps / 2, all = pieces || v->take_answer;
        int from = all ? 0 : middle, to = pieces ? l->lengths[i] : all ? steps : middle + 1;
        for (int t = from; t < to; t++)
            hand_over(l, v, i * steps + t, t, pieces || t == middle);
    }
}

/* Slices of training of which the statistics at the optimizer's average are the mean. */
enum { MEASURED = 16 };

/* Batch norm at the optimizer's average: its statistics belong to other weights than the run's own. The next slice of
 * training, as steps see it; returns as evaluate_slice. */
static int measure_slice(struct run *l, struct evaluation *v)
{
    int64_t all = source_examples(&l->train, &l->state->knobs, 0), most = run_slice(l, (int)knob(l, KNOB_BATCH_SIZE));
    int64_t slices = (all + most - 1) / most, from = v->measured * most, frames;
    int n = (int)(all - from < most ? all - from : most);
    struct feed feed = {.run = l, .source = &l->train, .from = from, .part = 1};
    struct batch_result b;
    struct batch_job job;

    if (v->measured == 0)
        memcpy(l->kept_statistics, state_statistics(l->state), sizeof(float) * (size_t)l->network.statistics);
    job = feed_job(l, &feed, n, &frames);
    job.measure = 1;
    network_f.evaluate(l->workspace, l->pool, &job, &b);
    run_ranks_agree(l, &b);
    if (b.cancelled || run_ranks_check_data(l, NULL))
        return -1;
    network_f.commit_share(l->workspace, 1 / (1. + v->measured), l->kept_statistics);
    if (++v->measured >= (slices < MEASURED ? slices : MEASURED))
        v->measured = -1;
    return 0;
}

/* The next slice; returns 1 when the set is done, −1 if it was cancelled or the data is gone. */
static int evaluate_slice(struct run *l, struct evaluation *v)
{
    int64_t all = evaluation_examples(l, v), left = all - v->done, frames;
    int most = run_slice(l, (int)knob(l, KNOB_BATCH_SIZE)), n = (int)(left < most ? left : most);
    struct feed feed = {.run = l, .source = v->source, .from = v->done, .part = v->part || v->most};
    struct batch_result b;
    struct batch_job job;

    if (update_average(l) && l->network.statistics > 0 && v->measured >= 0)
        return measure_slice(l, v);
    if (n > 0) {
        job = feed_job(l, &feed, n, &frames);
        job.weight = 1; /* sums of the slice, not its mean */
        network_f.evaluate(l->workspace, l->pool, &job, &b);
        run_ranks_agree(l, &b);
        if (b.cancelled || run_ranks_check_data(l, NULL))
            return -1;
        v->loss += b.loss;
        v->weight += b.weight;
        v->frames += frames;
        v->correct += b.correct;
        v->done += n;
        if (v->take || v->take_answer)
            hand_over_slice(l, v, n);
    }
    return v->done == all;
}

/* The weighted mean over the set, however it was sliced. Undefined where no example has weight: with balanced
 * weights, a set of nothing but classes that do not occur in training. */
static double mean_loss(const struct evaluation *v)
{
    return v->weight > 0 ? v->loss / v->weight : NAN;
}

/* The schedule may look at an evaluation (plateau does). */
static void feed_schedule(struct run *l)
{
    const struct schedule *kind = knobs_schedule_kind(&l->state->knobs);
    struct schedule_args a = knobs_schedule(&l->state->knobs);
    const struct counters *c = &l->state->counters;

    if (kind && kind->feed)
        kind->feed(&a, knob(l, KNOB_LEARNING_RATE),
                   a.plateau_mode == SCHEDULE_MIN ? c->validation_loss : c->validation_accuracy, &l->state->schedule);
}

static void keep_best(struct run *l)
{
    struct state *s = l->state;
    size_t n = (size_t)s->shape.parameters;

    if (!s->shape.best)
        return;
    memcpy(state_best(s), evaluated_theta(l), sizeof(float) * n);
    memcpy(state_best(s) + n, evaluated_statistics(l), sizeof(float) * (size_t)s->shape.statistics);
}

/* Early stopping (Prechelt 1998): after so many evaluations without a better one, back to the best weights and their
 * figures. */
static int stop_early(struct run *l)
{
    struct state *s = l->state;
    size_t n = (size_t)s->shape.parameters;

    if (!s->shape.best || (double)s->counters.stale < knob(l, KNOB_EARLY_STOPPING))
        return 0;
    s->counters.stale = 0;
    memcpy(state_theta(s), state_best(s), sizeof(float) * n);
    if (s->shape.ema)
        memcpy(state_ema(s), state_best(s), sizeof(float) * n);
    for (int i = 0; i < update_points(l); i++)
        memcpy(state_vector(s, i), state_best(s), sizeof(float) * n);
    memcpy(state_statistics(s), state_best(s) + n, sizeof(float) * (size_t)s->shape.statistics);
    s->counters.validation_loss = s->counters.best_loss;
    s->counters.validation_accuracy = s->counters.best_accuracy;
    s->counters.part_loss = s->counters.best_part_loss;
    s->counters.part_accuracy = s->counters.best_part_accuracy;
    l->mark = ++l->marks;
    return 1;
}

/* Validation is first, then the part of training. */
static void begin_evaluation(struct run *l, int part)
{
    l->evaluation = (struct evaluation){.source = part ? &l->train : &l->validation, .part = part,
                                        .measured = part ? l->evaluation.measured : 0};
}

/* Both are done. Returns whether the run has stopped early. */
static int note_evaluation(struct run *l)
{
    struct counters *c = &l->state->counters;

    c->evaluation_due = 0;
    if (!(c->validation_accuracy <= c->best_accuracy)) {
        c->best_accuracy = c->validation_accuracy;
        c->best_step = c->step;
        c->best_loss = c->validation_loss;
        c->best_part_loss = c->part_loss;
        c->best_part_accuracy = c->part_accuracy;
        c->stale = 0;
        keep_best(l);
    } else {
        c->stale++;
    }
    feed_schedule(l);
    l->evaluation = (struct evaluation){0};
    return stop_early(l);
}

int run_evaluation(struct run *l, struct run_report *r, struct err *e)
{
    struct counters *c = &l->state->counters;
    struct evaluation *v = &l->evaluation;
    int done;

    if (!l->evaluation.source)
        begin_evaluation(l, 0);
    *r = (struct run_report){.did = RUN_SLICE};
    done = evaluate_slice(l, v);
    if (done < 0 && run_ranks_check_data(l, e))
        return -ERR_INPUT;
    if (done < 0)
        return run_ranks_error(e);
    r->share = ((double)v->done / (double)evaluation_examples(l, v) + v->part) / 2;
    if (!done)
        return 0;
    *(v->part ? &c->part_loss : &c->validation_loss) = mean_loss(v);
    *(v->part ? &c->part_accuracy : &c->validation_accuracy) = (double)v->correct / (double)v->frames;
    if (!v->part) {
        begin_evaluation(l, 1);
        return 0;
    }
    r->did = RUN_EVALUATED;
    r->validation_loss = c->validation_loss;
    r->validation_accuracy = c->validation_accuracy;
    r->part_loss = c->part_loss;
    r->part_accuracy = c->part_accuracy;
    r->stopped_early = note_evaluation(l);
    return 0;
}

/* A whole set, slice by slice. */
static int evaluate(struct run *l, struct evaluation *v, int (*stop)(void *), void *context, double *loss, double *accuracy)
{
    int done;

    network_f.workspace_use(l->workspace, &l->network);
    do {
        if (run_ranks_most(l, stop && stop(context)))
            return -ERR_CANCELLED;
        done = evaluate_slice(l, v);
    } while (done == 0);
    if (done < 0)
        return run_ranks_check_data(l, NULL) ? -ERR_INPUT : -ERR_CANCELLED;
    *loss = mean_loss(v);
    *accuracy = (double)v->correct / (double)v->frames;
    return 0;
}

int run_evaluate(struct run *l, const struct source *source, int (*stop)(void *), void *context, double *loss,
                  double *accuracy)
{
    struct evaluation v = {.source = source};

    return evaluate(l, &v, stop, context, loss, accuracy);
}

int run_evaluate_part(struct run *l, const struct source *source, int64_t frames, int (*stop)(void *), void *context, double *loss,
                      double *accuracy)
{
    int64_t all = source_examples(source, &l->state->knobs, 0), in_all = source->frames->frames;
    double share = (double)frames / (double)(in_all > 0 ? in_all : 1); /* examples may be pieces of many frames */
    struct evaluation v = {.source = source, .most = frames > 0 && share < 1 ? (int64_t)ceil(share * (double)all) : 0};

    return evaluate(l, &v, stop, context, loss, accuracy);
}

int run_logits(struct run *l, const struct source *source, run_take_logits *take, void *context, double *loss,
               double *accuracy)
{
    struct evaluation v = {.source = source, .take = take, .taker = context};

    return evaluate(l, &v, NULL, NULL, loss, accuracy);
}

int run_answers(struct run *l, const struct source *source, run_take_answer *take, void *context, double *loss,
                double *accuracy)
{
    struct evaluation v = {.source = source, .take_answer = take, .taker = context};

    return evaluate(l, &v, NULL, NULL, loss, accuracy);
}

int run_answer_steps(const struct run *l, const struct source *source)
{
    int steps = l->network.layer[l->network.count - 1].out.steps;

    return source->pieces.length > 0 ? source->pieces.length : steps > 1 ? steps : 0;
}

double run_majority(const struct run *l)
{
    int64_t count[256] = {0}, most = 0;
    const struct frame_set *v = &l->split.validation;

    for (int64_t u = 0; u < v->utterances; u++)
        for (int64_t f = l->data->bounds[v->utterance[u]]; f < l->data->bounds[v->utterance[u] + 1]; f++)
            count[l->data->labels[f]]++;
    for (int c = 0; c < 256; c++)
        most = count[c] > most ? count[c] : most;
    return v->frames ? (double)most / (double)v->frames : NAN;
}
