/* SPDX-License-Identifier: MIT */
#include "sample-curvature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAIRS = 5, STEP = 1200 };

static struct curvature_pair pair(double value, double share)
{
    return (struct curvature_pair){value, fabs(value) * share, share <= .1};
}

static void set_ends(struct curvature_view *v, double highest, double lowest, double share)
{
    v->top_count = v->bottom_count = PAIRS;
    for (int i = 0; i < PAIRS; i++) {
        v->top[i] = pair(highest * pow(.55, i), i < 3 ? 1e-3 : share);
        v->bottom[i] = pair(lowest * pow(.6, i), i < 3 ? 1e-3 : share);
    }
}

/* The verdict as probes come to it, from the ends or from all values. */
static void judge(struct curvature_view *v)
{
    double ends[2 * PAIRS];
    struct verdict_facts f = {.gradient_norm = v->gradient_norm, .gradient_curvature = v->gradient_curvature,
                              .n = v->parameters, .values = v->whole ? v->values : 2 * PAIRS,
                              .value = v->whole ? v->value : ends};

    for (int i = 0; i < PAIRS; i++)
        ends[i] = v->bottom[i].value, ends[2 * PAIRS - 1 - i] = v->top[i].value;
    v->verdict = verdict_of(&f, VERDICT_TOLERANCE);
    verdict_words(&v->verdict, v->words, sizeof v->words);
    v->escape.possible = v->verdict.lowest < 0;
    v->escape.probed = v->step;
    v->escape.lowest = v->verdict.lowest;
    snprintf(v->escape.why_not, sizeof v->escape.why_not, "%s", v->escape.possible ? "" : "no eigenvalue is negative");
}

static void begin(struct curvature_view *v, double gradient, double along)
{
    v->status = CURVATURE_DONE;
    v->known = 1;
    v->step = STEP;
    v->epoch = 6;
    v->seconds = 3.42;
    v->frames = 2048;
    v->parameters = 230697;
    v->loss = 1.2345;
    v->gradient_norm = gradient;
    v->gradient_curvature = along;
    v->trace = 812.3, v->trace_error = 21.4;
    v->product_seconds = .0213;
    snprintf(v->optimizer, sizeof v->optimizer, "AdamW");
    v->learning_rate = 9.1e-4;
    v->sharpness = 31.4;
    v->stability_limit = 38;
    v->preconditioned = 1;
    v->latest = (struct curvature_point){STEP, NAN, NAN, v->trace, v->sharpness, gradient};
}

static void fill_saddle(struct snapshot *s, struct curvature_view *v)
{
    (void)s;
    begin(v, 4.21e-3, -.31);
    set_ends(v, 41.7, -1.23, 1e-3);
    judge(v);
}

static void fill_whole(struct snapshot *s, struct curvature_view *v)
{
    begin(v, 7e-4, .12);
    v->parameters = s->parameters = v->values = 385;
    v->whole = 1;
    for (int i = 0; i < 385; i++)
        v->value[i] = i < 75 ? -.8 * exp(-i / 9.) : i < 305 ? (i - 190) * 1e-8 : 3.1 * exp((i - 384) / 11.);
    v->top_count = v->bottom_count = PAIRS;
    for (int i = 0; i < PAIRS; i++)
        v->top[i] = pair(v->value[384 - i], 0), v->bottom[i] = pair(v->value[i], 0);
    v->trace = 31.41, v->trace_error = 0;
    judge(v);
    v->shares = share_count(v->values, v->value, v->verdict.zero);
}

/* SGD with momentum, of whose mini-batches noise makes most. */
static void fill_ahead(struct snapshot *s, struct curvature_view *v)
{
    fill_saddle(s, v);
    snprintf(v->optimizer, sizeof v->optimizer, "SGD");
    v->learning_rate = .02, v->preconditioned = 0;
    v->sharpness = v->latest.sharpness = .834, v->stability_limit = 3.8;
    v->next = (struct curvature_step){
        .known = 1, .step = STEP, .learning_rate = .02, .batch_norm = 1, .stability = {3.8, 0, .2, 3.8},
        .figures = {.own = {.0123, .00344, -.00871, 15.2, .0213}, .probe = {.0104, .00331, -.00702, 14.6, .0213},
                    .batch = {8, 61.7, 4.2, .87}}};
    snprintf(v->next.optimizer, sizeof v->next.optimizer, "SGD");
}

static void fill_minimum(struct snapshot *s, struct curvature_view *v)
{
    begin(v, 2.1e-3, 5.2);
    set_ends(v, 12.5, .002, 1e-3);
    snprintf(v->optimizer, sizeof v->optimizer, "SGD");
    v->preconditioned = 0;
    v->learning_rate = .1, v->sharpness = v->latest.sharpness = 2.31, v->stability_limit = 2;
    s->stuck.verdict = DIAGNOSIS_CRITICAL;
    snprintf(s->stuck.evidence, sizeof s->stuck.evidence,
             "the loss is flat and the gradient small: over 64 steps "
             "slope -1.2e-07 ± 3e-07 a step at loss 0.7012, |g| = 0.0021 (largest 2.4)");
    judge(v);
}

static void fill_slope(struct snapshot *s, struct curvature_view *v)
{
    begin(v, .831, 17.2);
    set_ends(v, 103, -2.7, 1e-2);
    s->stuck.verdict = DIAGNOSIS_BOUNCING;
    snprintf(s->stuck.evidence, sizeof s->stuck.evidence,
             "the loss is flat and gradients turn round from step to step: over 64 steps "
             "slope 1e-05 ± 3e-05 a step at loss 0.7012, |g| = 0.83 "
             "(largest 2.4), cosine of successive gradients -0.71");
    judge(v);
}

/* As a small probe batch leaves it of a saddle. */
static void fill_noise(struct snapshot *s, struct curvature_view *v)
{
    (void)s;
    begin(v, .038, .02);
    set_ends(v, .903, -.901, 1e-3);
    judge(v);
}

static int optimizer_index(const char *name)
{
    int i = 0;

    while (strcmp(knob_choice(KNOB_OPTIMIZER, i), name) != 0)
        i++;
    return i;
}

static void fill_plateau(struct snapshot *s, struct curvature_view *v)
{
    begin(v, 3.3e-6, 1e-7);
    set_ends(v, 4.2e-5, -3.1e-6, 1e-3);
    knobs_put(&s->knobs, KNOB_OPTIMIZER, optimizer_index("adagrad"));
    v->sharpness = v->latest.sharpness = v->stability_limit = NAN;
    snprintf(v->optimizer, sizeof v->optimizer, "Adagrad");
    v->trace = 2.1e-4, v->trace_error = 3e-6;
    s->stuck.verdict = DIAGNOSIS_PLATEAU;
    judge(v);
}

/* All that can be asked for, two pairs of each end not converged. */
static void fill_unconverged(struct snapshot *s, struct curvature_view *v)
{
    static const char *const names[] = {"0 linear", "2 linear", "4 linear"};

    (void)s;
    begin(v, 6.1e-3, .4);
    set_ends(v, 41.7, -1.23, .31);
    v->gauss_newton_count = PAIRS;
    for (int i = 0; i < PAIRS; i++)
        v->gauss_newton[i] = pair(40.2 * pow(.55, i), 1e-3);
    v->density_points = CURVATURE_DENSITY;
    v->density_low = -3, v->density_high = 44, v->density_width = .31;
    for (int i = 0; i < CURVATURE_DENSITY; i++) {
        double at = v->density_low + (v->density_high - v->density_low) * i / (CURVATURE_DENSITY - 1);
        v->density[i] = 1.2 * exp(-at * at / .3) + 1e-3 * exp(-pow(at - 8, 2) / 30) + 4e-5 * exp(-pow(at - 40, 2) / 3);
    }
    v->shares = (struct shares){1, 4.17e-3, {.511, .0021, .034}, {.463, .0021, .031}, {.525, .0022, .035}};
    v->gauss_newton_shares = (struct shares){1, 4.02e-3, {.0942, .0007, .014}, {0, 0, 0}, {1, 0, 0}};
    v->layers = 3;
    for (int i = 0; i < 3; i++) {
        v->layer[i] = (struct curvature_layer){.parameters = 110080 - 40000 * i, .highest = 21.3 / (i + 1),
                                               .residual = .01, .converged = i != 1, .trace = 402.1 / (i + 1),
                                               .trace_error = 11.2};
        snprintf(v->layer[i].name, sizeof v->layer[i].name, "%s", names[i]);
    }
    judge(v);
}

static void fill_escaped(struct snapshot *s, struct curvature_view *v)
{
    struct log_entry *entry = &s->log[s->log_count++];

    fill_saddle(s, v);
    v->escape.count = 1;
    v->escape.step = 1300;
    v->escape.alpha = .512;
    v->escape.searched = 1;
    v->escape.slope = -1.1e-4, v->escape.curvature = -.322;
    v->escape.predicted = -.1612, v->escape.came = -.1377, v->escape.loss = 1.0968;
    *entry = (struct log_entry){.step = 1300, .epoch = 6.5, .kind = LOG_EDIT,
                                .text = "escape by 0.512 along the lowest eigenvector"};
}

/* Where the probe looked, no step of training since, and much too far for the quadratic. */
static void fill_moved(struct snapshot *s, struct curvature_view *v)
{
    fill_escaped(s, v);
    s->step = v->escape.step = STEP;
    v->moved = v->escape.moved = 1;
    v->escape.alpha = 10.2, v->escape.searched = 0;
    v->escape.predicted = -64.79, v->escape.came = -.238;
}

/* Another probe since: its gᵀHg and the way on in the old figures' place. */
static void fill_over(struct snapshot *s, struct curvature_view *v)
{
    fill_escaped(s, v);
    v->escape.over = 1;
}

/* The series has gone on since the probe by hand. */
static void fill_series(struct snapshot *s, struct curvature_view *v)
{
    fill_slope(s, v);
    knobs_put(&s->knobs, KNOB_PROBE_EVERY, 50);
    v->passed_over = 2;
    v->latest = (struct curvature_point){STEP + 200, 12.5, -.41, 233, 9.81, .02};
}

static void run(struct curvature_view *v, const char *text, int done, int of)
{
    v->status = CURVATURE_RUNNING;
    snprintf(v->text, sizeof v->text, "%s", text);
    v->done = done, v->of = of;
}

static void fill_running(struct snapshot *s, struct curvature_view *v)
{
    (void)s;
    run(v, "eigenvalues", 12, 40);
}

static void fill_again(struct snapshot *s, struct curvature_view *v)
{
    fill_saddle(s, v);
    run(v, "trace", 31, 40);
}

static void fill_failed(struct snapshot *s, struct curvature_view *v)
{
    (void)s;
    v->status = CURVATURE_FAILED;
    snprintf(v->text, sizeof v->text,
             "the spectrum's basis wants 1.3 GB, more than there is: ask for fewer eigenvalues");
}

static void fill_nothing(struct snapshot *s, struct curvature_view *v)
{
    (void)s;
    (void)v;
}

const struct canned_curvature *canned_curvature(int i)
{
    static const struct canned_curvature all[] = {
        {"none", fill_nothing},       {"saddle", fill_saddle},   {"whole", fill_whole},     {"minimum", fill_minimum},
        {"slope", fill_slope},        {"plateau", fill_plateau}, {"unconverged", fill_unconverged},
        {"escaped", fill_escaped},    {"moved", fill_moved},     {"over", fill_over},       {"running", fill_running},
        {"again", fill_again},        {"failed", fill_failed}, {"series", fill_series}, {"noise", fill_noise},
        {"ahead", fill_ahead},
    };

    return i >= 0 && i < (int)(sizeof all / sizeof *all) ? &all[i] : NULL;
}

/* Figures of the step that came next, 0 ≤ i ≤ 12. */
static void add_next(struct sample *p, int i)
{
    p->probe.ahead = 1;
    p->probe.gain = .05 * exp(-i * .12);
    p->probe.cost = .002 * i * exp(-i * .1);
    p->probe.actual = p->probe.cost - p->probe.gain;
    p->probe.batch_sharpness = p->probe.highest * 1.5;
    p->probe.small = 10, p->probe.large = 190;
}

static void add_series(struct stage *s)
{
    int ahead = s->app.model.curvature->next.known;

    for (int i = 0; i <= 12; i++) {
        struct sample p = {.kind = SAMPLE_PROBE, .step = (uint64_t)i * 100, .epoch = i * .5};
        p.probe.highest = 3 + 44 * (1 - exp(-i * .4));
        p.probe.lowest = -3.2 * exp(-i * .1) + .02 * i;
        p.probe.trace = 900 - 7 * i;
        p.probe.sharpness = p.probe.highest * .8;
        if (ahead)
            add_next(&p, i);
        history_add(s->app.history, &p);
    }
}

void canned_stage(struct stage *s, const struct canned_curvature *c)
{
    struct sample escape = {.kind = SAMPLE_ESCAPE, .step = 1300, .epoch = 6.5};

    stage_init(s, "<wait 1412 steps>2");
    c->fill(fake_trainer_draft(s->trainer), fake_trainer_curvature(s->trainer));
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    if (s->app.model.curvature->known)
        add_series(s);
    if (s->app.model.curvature->latest.step > STEP) {
        const struct curvature_point *p = &s->app.model.curvature->latest;
        struct sample newest = {.kind = SAMPLE_PROBE, .step = p->step, .epoch = 7,
                                .probe = {.highest = p->highest, .lowest = p->lowest, .trace = p->trace, .sharpness = p->sharpness}};
        history_add(s->app.history, &newest);
    }
    if (s->app.model.curvature->escape.count)
        history_add(s->app.history, &escape);
}
