/* SPDX-License-Identifier: MIT */
#include "curvature/curvature.h"
#include "curvature/text.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

static void write_verdict(const struct curvature_view *v, char *line, size_t size)
{
    char step[NUMBER_SIZE], frames[NUMBER_SIZE], loss[NUMBER_SIZE];

    number_count(step, sizeof step, v->step);
    number_count(frames, sizeof frames, (uint64_t)v->frames);
    number_short(loss, sizeof loss, v->loss);
    snprintf(line, size, "step %s%s: probe of %s frames, loss %s, in %.1f s: %s: %s", step,
             v->average ? ", at the average x" : "", frames, loss, v->seconds,
             v->words, v->verdict.evidence);
}

static void write_ratio(const struct curvature_view *v, char *out, size_t size)
{
    char all[64], both[64], negative[64], gauss_newton[64], more[128] = "";

    curvature_share(all, sizeof all, v->shares.positive, "+-");
    curvature_share(both, sizeof both, v->shares.of_signed, "+-");
    curvature_share(negative, sizeof negative, v->shares.negative, "+-");
    curvature_share(gauss_newton, sizeof gauss_newton, v->gauss_newton_shares.positive, "+-");
    if (v->gauss_newton_shares.known)
        snprintf(more, sizeof more, ", %s of the Gauss-Newton matrix", gauss_newton);
    if (v->shares.known)
        snprintf(out, size, "minimum ratio %s of all, %s of positive and negative, negative %s%s", all, both, negative, more);
    else
        snprintf(out, size, "minimum ratio not known without the density");
}

static void write_figures(const struct curvature_view *v, char *line, size_t size)
{
    char step[NUMBER_SIZE], trace[NUMBER_SIZE], error[NUMBER_SIZE], along[NUMBER_SIZE], share[NUMBER_SIZE],
        zero[NUMBER_SIZE], ratio[320], spread[NUMBER_SIZE + 8] = "";

    number_count(step, sizeof step, v->step);
    number_short(trace, sizeof trace, v->trace);
    number_reading(error, sizeof error, v->trace_error, 2);
    if (v->trace_error > 0)
        snprintf(spread, sizeof spread, " +- %s", error);
    number_short(along, sizeof along, v->gradient_curvature);
    number_share(share, sizeof share, v->verdict.asymmetry);
    number_short(zero, sizeof zero, v->verdict.zero);
    write_ratio(v, ratio, sizeof ratio);
    snprintf(line, size,
             "step %s: trace %s%s, g'Hg/|g|^2 %s, |lowest|/highest eigenvalue %s, %s, "
             "|eigenvalue| up to %s counts as zero",
             step, trace, spread, along, share, ratio, zero);
}

static void write_edge(const struct curvature_view *v, char *line, size_t size)
{
    char step[NUMBER_SIZE], rate[NUMBER_SIZE], product[NUMBER_SIZE], limit[NUMBER_SIZE];

    number_count(step, sizeof step, v->step);
    number_short(rate, sizeof rate, v->learning_rate);
    number_short(product, sizeof product, v->sharpness);
    number_short(limit, sizeof limit, v->stability_limit);
    if (isfinite(v->stability_limit))
        snprintf(line, size,
                 "step %s: learning rate %s times the highest eigenvalue%s: %s; %s is unstable above %s", step,
                 rate, v->preconditioned ? " of the preconditioned Hessian" : "", product, v->optimizer, limit);
    else
        snprintf(line, size, "step %s: no stability limit is known for %s", step, v->optimizer);
}

static void write_anatomy(const struct step_anatomy *a, char *out, size_t size)
{
    char gain[NUMBER_SIZE], cost[NUMBER_SIZE], change[NUMBER_SIZE];

    number_reading(gain, sizeof gain, a->gain, 3);
    number_reading(cost, sizeof cost, a->cost, 3);
    number_reading(change, sizeof change, a->actual, 3);
    snprintf(out, size, "gain %s predicted, curvature takes %s, loss %s%s", gain, cost, a->actual > 0 ? "+" : "", change);
}

static void write_step(const struct curvature_step *n, char *line, size_t size)
{
    char step[NUMBER_SIZE], along[NUMBER_SIZE], own[160], probe[160];

    number_count(step, sizeof step, n->step + 1);
    number_reading(along, sizeof along, n->figures.own.sharpness, 3);
    write_anatomy(&n->figures.own, own, sizeof own);
    write_anatomy(&n->figures.probe, probe, sizeof probe);
    snprintf(line, size, "step %s on its batch: %s; on the probe batch: %s; curvature along it %s", step, own, probe, along);
}

static void write_batches(const struct curvature_step *n, char *line, size_t size)
{
    char step[NUMBER_SIZE], mean[NUMBER_SIZE], error[NUMBER_SIZE], words[240];

    number_count(step, sizeof step, n->step);
    number_reading(mean, sizeof mean, n->figures.batch.mean, 3);
    number_reading(error, sizeof error, n->figures.batch.error, 2);
    stability_batch_words(&n->stability, n->figures.batch.noise, n->batch_norm, words, sizeof words);
    snprintf(line, size, "step %s: batch sharpness %s +- %s over %d batches: %s", step, mean, error, n->figures.batch.batches,
             words);
}

int plain_curvature(struct plain_curvature *told, const struct curvature_view *v,
                    char line[PLAIN_CURVATURE_LINES][PLAIN_CURVATURE_SIZE])
{
    enum curvature_status before = told->status;

    told->status = v->status;
    if (v->known && !isnan(v->seconds) && (v->step != told->step || v->seconds != told->seconds)) {
        told->step = v->step;
        told->seconds = v->seconds;
        write_verdict(v, line[0], PLAIN_CURVATURE_SIZE);
        write_figures(v, line[1], PLAIN_CURVATURE_SIZE);
        write_edge(v, line[2], PLAIN_CURVATURE_SIZE);
        if (!v->next.known || v->next.step != v->step)
            return 3;
        write_step(&v->next, line[3], PLAIN_CURVATURE_SIZE);
        write_batches(&v->next, line[4], PLAIN_CURVATURE_SIZE);
        return PLAIN_CURVATURE_LINES;
    }
    if (v->status == CURVATURE_CANCELLED && before != v->status) {
        snprintf(line[0], PLAIN_CURVATURE_SIZE, "probe cancelled");
        return 1;
    }
    return 0; /* a failure is in the log */
}

int plain_curvature_step(const struct sample *s, char *line, size_t size)
{
    struct step_anatomy a = {.gain = s->probe.gain, .cost = s->probe.cost, .actual = s->probe.actual};
    char step[NUMBER_SIZE], own[160], batch[NUMBER_SIZE];

    if (!s->probe.ahead)
        return 0;
    number_count(step, sizeof step, s->step + 1);
    number_reading(batch, sizeof batch, s->probe.batch_sharpness, 3);
    write_anatomy(&a, own, sizeof own);
    snprintf(line, size, "step %s on its batch: %s; batch sharpness %s", step, own, batch);
    return 1;
}

void plain_curvature_point(const struct sample *s, char *line, size_t size)
{
    char step[NUMBER_SIZE], highest[NUMBER_SIZE], lowest[NUMBER_SIZE], trace[NUMBER_SIZE], product[NUMBER_SIZE];

    number_count(step, sizeof step, s->step);
    number_short(highest, sizeof highest, s->probe.highest);
    number_short(lowest, sizeof lowest, s->probe.lowest);
    number_short(trace, sizeof trace, s->probe.trace);
    number_short(product, sizeof product, s->probe.sharpness);
    snprintf(line, size, "step %s: eigenvalues from %s to %s, trace %s, learning rate times the highest %s", step,
             lowest, highest, trace, product);
}
