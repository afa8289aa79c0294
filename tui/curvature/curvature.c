/* SPDX-License-Identifier: MIT */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/hyperparameter.h"
#include "hessian/stability.h"
#include "draw/number.h"
#include "hessian/probe.h"
#include "draw/text.h"

void curvature_progress(const struct model *m, char *out, size_t size)
{
    const struct curvature_view *v = m->curvature;

    *out = '\0';
    if (v->status != CURVATURE_RUNNING || v->series)
        return;
    snprintf(out, size, "probing: %s", v->text);
    if (v->of > 0)
        snprintf(out + strlen(out), size - strlen(out), ", product %d of %d at most", v->done, v->of);
}

void curvature_progress_brief(const struct model *m, char *out, size_t size)
{
    const struct curvature_view *v = m->curvature;

    *out = '\0';
    if (v->status != CURVATURE_RUNNING || v->series)
        return;
    snprintf(out, size, "probing");
    if (v->of > 0)
        snprintf(out + strlen(out), size - strlen(out), ", product %d", v->done);
}

void curvature_bar(struct canvas *c, int x, int y, int width, double share, enum style s)
{
    int full = share > 0 ? (int)lround(fmin(share, 1) * width) : 0;

    for (int i = 0; i < width; i++)
        canvas_put(c, x + i, y, i < full ? s : STYLE_FRAME, i < full ? 0x2588 : 0x2591);
}

static void draw_running(const struct model *m, struct canvas *c)
{
    const struct curvature_view *v = m->curvature;
    char text[CURVATURE_TEXT + 64], key[16] = "";
    int y = c->h > 4 ? c->h / 2 - 1 : 0;

    curvature_progress(m, text, sizeof text);
    y += canvas_wrap(c, 1, y, c->h, STYLE_FOCUS, text);
    if (v->of > 0 && c->w > 4)
        curvature_bar(c, 1, y, c->w - 2, (double)v->done / v->of, STYLE_FOCUS);
    key_of("probe", c->charset, key, sizeof key);
    canvas_format(c, 1, y + 1, STYLE_QUIET, "%s cancels it", key);
}

/* Points of a series are there, though no probe by hand is done. */
/* The newest point of the series, or the one before the step that is shown; NaN: there is none. */
static struct curvature_point series_point(const struct model *m)
{
    const struct track *highest = &m->history->track[TRACK_HIGHEST];
    const struct series points = {.x = highest->step, .count = highest->count};
    double past = pane_past(m);
    int i = isfinite(past) ? series_index(&points, past) : -1;

    if (!isfinite(past))
        return m->curvature->latest;
    if (i < 0)
        return (struct curvature_point){.highest = NAN};
    return (struct curvature_point){.step = (uint64_t)highest->step[i], .highest = highest->y[i],
                                    .lowest = pane_reading(&m->history->track[TRACK_LOWEST], past)};
}

static int has_series(const struct model *m)
{
    return m->history->track[TRACK_HIGHEST].count > 0 && isfinite(series_point(m).highest);
}

static void series_words(const struct model *m, char *out, size_t size)
{
    struct curvature_point p = series_point(m);
    char highest[NUMBER_SIZE], lowest[NUMBER_SIZE], step[NUMBER_SIZE];

    number_reading(highest, sizeof highest, p.highest, 3);
    number_reading(lowest, sizeof lowest, p.lowest, 3);
    number_count(step, sizeof step, p.step);
    snprintf(out, size, "the series at step %s: λmax %s, λmin %s", step, highest, lowest);
}

/* In a pane that shows a part. Eigenvalues come with every probe, other parts when they are asked for. */
static void draw_missing(const struct model *m, struct canvas *inside, const char *what)
{
    const struct curvature_view *v = m->curvature;
    int eigenvalues = strcmp(what, "eigenvalues") == 0;
    char key[16] = "", text[256];

    key_of(eigenvalues ? "probe" : "probe-all", inside->charset, key, sizeof key);
    if (v->status == CURVATURE_RUNNING && !v->series)
        snprintf(text, sizeof text, "no %s yet, probe running", what);
    else if (eigenvalues && has_series(m)) {
        series_words(m, text, sizeof text);
        snprintf(text + strlen(text), sizeof text - strlen(text), "; %s also computes those between", key);
    } else
        snprintf(text, sizeof text, isfinite(pane_past(m)) ? "no %s up to this step; %s probes the nearest keyframe" : "no %s yet; %s probes", what, key);
    pane_hint(inside, text);
}

/* The effect of the probe's key, in any state of the training. */
static int draw_offer(const struct model *m, struct canvas *inside, int y)
{
    enum run_status status = m->snapshot->status;
    const char *meanwhile = status == RUN_TRAINING || status == RUN_EVALUATING ? " while training continues" : "";
    char key[16] = "", text[160];

    key_of("probe", inside->charset, key, sizeof key);
    if (has_series(m)) {
        series_words(m, text, sizeof text);
        y += canvas_wrap(inside, 1, y, inside->h - y, STYLE_TEXT, text);
        snprintf(text, sizeof text, "%s adds the verdict and the eigenvalues between, with errors%s", key, meanwhile);
    } else
        snprintf(text, sizeof text, "%s probes the curvature at %s%s", key, isfinite(pane_past(m)) ? "the nearest keyframe" : "this step", meanwhile);
    return y + canvas_wrap(inside, 1, y, inside->h - y, STYLE_QUIET, text);
}

int curvature_hint(const struct model *m, struct canvas *inside, const char *what)
{
    const struct curvature_view *v = m->curvature;
    int y = 0;

    if (v->known)
        return 0;
    if (what) {
        draw_missing(m, inside, what);
        return 1;
    }
    if (v->status == CURVATURE_RUNNING && !v->series) {
        draw_running(m, inside);
        return 1;
    }
    if (v->status == CURVATURE_FAILED)
        y = canvas_wrap(inside, 1, 0, inside->h, STYLE_DANGER, v->text) + 1;
    if (v->status == CURVATURE_CANCELLED)
        canvas_text(inside, 1, y++, STYLE_QUIET, "probe cancelled");
    draw_offer(m, inside, y ? y : has_series(m) ? 0 : inside->h > 3 ? inside->h / 2 - 1 : 0);
    return 1;
}

void curvature_training(const struct model *m, char *out, size_t size)
{
    static const char *const states[] = {[RUN_PAUSED] = "paused", [RUN_TRAINING] = "", [RUN_EVALUATING] = "",
                                         [RUN_DIVERGED] = "paused", [RUN_FINISHED] = "finished", [RUN_FAILED] = "failed"};
    const struct snapshot *s = m->snapshot;
    const char *state = states[s->status], *verdict = diagnosis_name(s->stuck.verdict);

    if (!*state)
        snprintf(out, size, "%s", verdict);
    else if (s->stuck.verdict == DIAGNOSIS_UNKNOWN)
        snprintf(out, size, "%s", state);
    else
        snprintf(out, size, "%s (%s)", state, verdict);
}

void curvature_age(const struct model *m, char note[3][CURVATURE_NOTE])
{
    const struct curvature_view *v = m->curvature;
    char step[NUMBER_SIZE + 16], ago[NUMBER_SIZE];
    uint64_t now = isfinite(pane_past(m)) ? (uint64_t)pane_past(m) : m->snapshot->step;
    const char *before = v->moved == CURVATURE_MOVED_BY_STOPPING ? "before early stop" : "before escape";

    note[0][0] = note[1][0] = note[2][0] = '\0';
    if (v->status == CURVATURE_RUNNING && !v->series) {
        for (int i = 0; i < 3; i++)
            curvature_progress_brief(m, note[i], CURVATURE_NOTE);
        return;
    }
    if (!v->known)
        return;
    number_count(step, NUMBER_SIZE, v->step);
    if (v->average)
        strcat(step, ", average x");
    number_count(ago, sizeof ago, now > v->step ? now - v->step : v->step - now);
    if (now == v->step && v->moved) {
        snprintf(note[0], CURVATURE_NOTE, "taken at step %s, %s", step, before);
        snprintf(note[1], CURVATURE_NOTE, "step %s, %s", step, before);
    } else if (now == v->step) {
        snprintf(note[0], CURVATURE_NOTE, "taken at step %s, here", step);
        snprintf(note[1], CURVATURE_NOTE, "step %s, here", step);
    } else {
        const char *side = isfinite(pane_past(m)) ? "before" : now > v->step ? "ago" : "ahead";
        snprintf(note[0], CURVATURE_NOTE, "taken at step %s, %s steps %s", step, ago, side);
        snprintf(note[1], CURVATURE_NOTE, "%s steps %s, at %s", ago, side, step);
        snprintf(note[2], CURVATURE_NOTE, "%s steps %s", ago, side);
        return;
    }
    snprintf(note[2], CURVATURE_NOTE, v->moved ? "%s" : "step %s", v->moved ? before : step);
}

void curvature_step(const struct model *m, enum curvature_point_of of, char *out, size_t size)
{
    const struct curvature_view *v = m->curvature;
    char step[NUMBER_SIZE];

    *out = '\0';
    if (!v->known || v->latest.step == v->step)
        return;
    number_count(step, sizeof step, of == CURVATURE_SHOWN ? v->step : v->latest.step);
    snprintf(out, size, "step %s: ", step);
}

void curvature_with_error(char *out, size_t size, double v, double error)
{
    char value[NUMBER_SIZE], spread[NUMBER_SIZE];

    number_short(value, sizeof value, v);
    number_reading(spread, sizeof spread, error, 2);
    if (error > 0)
        snprintf(out, size, "%s ± %s", value, spread);
    else
        snprintf(out, size, "%s", value);
}

void curvature_share(char *out, size_t size, struct share s, const char *plus_minus)
{
    char value[NUMBER_SIZE], spread[NUMBER_SIZE];

    number_share(value, sizeof value, s.value);
    number_share(spread, sizeof spread, fmax(share_error(s), .001));
    if (share_error(s) > 0)
        snprintf(out, size, "%s %s %s", value, plus_minus, spread);
    else
        snprintf(out, size, "%s", value);
}

void curvature_density_cost(const struct curvature_view *v, char *out, size_t size)
{
    int products = probe_density_products(v->parameters);
    double seconds = products * v->product_seconds;

    if (seconds > 0)
        snprintf(out, size, "%d products, about %.*f s", products, seconds < 10, seconds);
    else
        snprintf(out, size, "%d products", products);
}

void curvature_converged(struct canvas *c, int x, int y, int converged)
{
    canvas_put(c, x, y, converged ? STYLE_SERIES_1 : STYLE_SERIES_2, converged ? 0x25cf : 0x25cb);
}

double curvature_limit(const struct model *m)
{
    struct optimizer_args args = knobs_optimizer(&m->knobs);

    return stability_of(knob_choice(KNOB_OPTIMIZER, (int)m->knobs.value[KNOB_OPTIMIZER]), &args).limit;
}

double curvature_linear(const struct curvature_view *v)
{
    double most = fmax(fabs(v->verdict.lowest), fabs(v->verdict.highest)), zero = v->verdict.zero;

    if (!(most > 0) || !isfinite(most))
        return 1e-6;
    return fmax(zero / 3, most * 1e-12);
}
