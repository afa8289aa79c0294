/* SPDX-License-Identifier: MIT */
#include "cli/train-probe.h"

#include <math.h>
#include <stdio.h>

#include "cli/figure.h"
#include "cli/probe.h"

int training_probe_due(const struct run *l)
{
    uint64_t every = (uint64_t)run_knobs(l)->value[KNOB_PROBE_EVERY];

    return every > 0 && run_counters(l)->step % every == 0;
}

int training_probe(struct probe_job **out, struct run *l, struct err *e)
{
    struct probe_job *p;
    int r = probe_job_new(&p, l, 1, 0, e);

    if (r)
        return r;
    probe_job_look_ahead(p, l);
    p->point->ask.cancel = run_cancel(l);
    r = probe_job_run(p, run_pool(l), e);
    if (r)
        probe_job_free(p);
    else
        *out = p;
    return r;
}

struct store_probe training_probe_figures(const struct probe_job *p)
{
    const struct step_anatomy *own = &p->ahead.own;

    return (struct store_probe){
        .step = (int64_t)p->point->step,
        .highest = p->report.hessian.at_top[0].value,
        .lowest = p->report.hessian.at_bottom[0].value,
        .trace = p->report.trace,
        .sharpness = probe_job_sharpness(p),
        .predicted_gain = own->gain,
        .curvature_cost = own->cost,
        .actual = own->actual,
        .directional_sharpness = own->sharpness,
        .batch_sharpness = p->ahead.batch.mean,
        .limit_small = p->point->stability.small / p->point->learning_rate,
        .limit_large = p->point->stability.large / p->point->learning_rate,
    };
}

static void print_json(const struct probe_job *p, const struct run *l)
{
    const struct probe_copy *at = p->point;
    struct probing all = {
        .split = "train", .batch = at->batch, .report = p->report, .limit = at->stability, .rate = at->learning_rate,
        .ahead = p->ahead, .batch_norm = p->batch_norm};
    json_t *line = json_object(), *o = json_object(), *figures = probing_json(&all, l);

    json_line_integer(o, "step", (long long)at->step);
    json_line_number(o, "epoch", at->epoch);
    json_object_update(o, figures);
    json_decref(figures);
    json_line_number(o, "seconds", p->seconds);
    json_object_set_new(line, "probe", o);
    json_line_print(line);
}

static void print_words(const struct probe_job *p)
{
    const struct probe_report *r = &p->report;
    char batch[FIGURE_SIZE];

    printf("probe at step %llu  |g| %.4g  highest %.4g%s  lowest %.4g%s  trace %.4g +- %.2g",
           (unsigned long long)p->point->step, r->gradient_norm, r->hessian.at_top[0].value,
           r->hessian.at_top[0].converged ? "" : "?", r->hessian.at_bottom[0].value,
           r->hessian.at_bottom[0].converged ? "" : "?", r->trace, r->trace_error);
    if (isfinite(probe_job_sharpness(p)))
        printf("  learning rate x lmax %.3g", probe_job_sharpness(p));
    if (isfinite(p->point->stability.limit))
        printf(", limit %.3g", p->point->stability.limit);
    putchar('\n');
    if (isfinite(p->ahead.own.actual))
        printf("step %llu: gain %.3g predicted, curvature takes %.3g, loss %+.3g on its batch; batch sharpness %s\n",
               (unsigned long long)p->point->step + 1, p->ahead.own.gain, p->ahead.own.cost, p->ahead.own.actual,
               figure(batch, "%.3g", p->ahead.batch.mean));
}

void training_probe_print(const struct probe_job *p, const struct run *l, int json)
{
    if (json)
        print_json(p, l);
    else
        print_words(p);
    fflush(stdout);
}
