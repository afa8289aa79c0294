/* SPDX-License-Identifier: MIT */
/* The figures under the landscape: how high, how curved and how sharp it is here, and what the axes are. */
#include "landscape/map.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

enum { VALUE_AT = 12, TEXT = 160, READING = NUMBER_SIZE + 16 };

/* Sharpness within 10⁻³, in percent, of networks trained with small and with large batches (Keskar et al. 2017,
 * table 3), rounded: where the one kind ends and the other begins. */
static const double FLAT = 30, SHARP = 200, KESKAR_EPSILON = 1e-3;

/* Rows from the top down; what has no room is left out. */
struct page {
    struct canvas *c;
    int y;
};

static void row(struct page *p, const char *name, enum style s, const char *value)
{
    if (p->y >= p->c->h)
        return;
    canvas_text(p->c, 0, p->y, STYLE_QUIET, name);
    canvas_text(p->c, VALUE_AT, p->y++, s, value);
}

static void words(struct page *p, enum style s, const char *text)
{
    if (p->y < p->c->h)
        p->y += canvas_wrap(p->c, 0, p->y, p->c->h - p->y, s, text);
}

/* ---- heights -------------------------------------------------------------------------------- */

static void height_row(struct page *p, const struct landscape_view *v, const char *name, double z, const double at[2])
{
    char height[NUMBER_SIZE], x[NUMBER_SIZE], y[NUMBER_SIZE], text[TEXT];

    number_reading(height, sizeof height, z, 4);
    number_reading(x, sizeof x, at[0], 3);
    number_reading(y, sizeof y, at[1], 3);
    snprintf(text, sizeof text, v->axes == 1 ? "%s  at %s" : "%s  at %s, %s", height, x, y);
    if (VALUE_AT + canvas_width(p->c, text) > p->c->w)
        snprintf(text, sizeof text, "%s", height);
    row(p, name, STYLE_TEXT, text);
}

static void heights(struct page *p, const struct landscape_view *v)
{
    char text[TEXT];

    number_reading(text, sizeof text, v->loss, 4);
    if (v->feet == 1)
        row(p, "loss here", STYLE_STRONG, text);
    if (!isfinite(v->least))
        return;
    height_row(p, v, "lowest", v->least, v->least_at);
    height_row(p, v, "highest", v->most, v->most_at);
    if (v->not_finite) {
        snprintf(text, sizeof text, "%d heights are not finite", v->not_finite);
        words(p, STYLE_WARNING, text);
    }
}

/* ---- curvature and sharpness ------------------------------------------------------------------ */

/* "12.34", marked where the pair has not converged. */
static void highest_words(const struct landscape_foot *f, char *out, size_t size)
{
    char value[NUMBER_SIZE];

    number_reading(value, sizeof value, f->highest, 4);
    snprintf(out, size, "%s%s", value, isfinite(f->highest) && !f->converged ? " ?" : "");
}

/* A bound from below while some climb had not ended. */
static void sharpness_words(const struct sharpness_report *s, char *out, size_t size)
{
    char value[NUMBER_SIZE];

    number_reading(value, sizeof value, s->percent, 3);
    snprintf(out, size, isnan(s->percent) ? "–" : "%s%s %%", s->settled ? "" : "≥", value);
}

/* The first of the texts that fits beside a name; the last one is the shortest. */
static const char *fitting(const struct page *p, const char *const *text)
{
    while (text[1] && VALUE_AT + canvas_width(p->c, *text) > p->c->w)
        text++;
    return *text;
}

/* An eigenvalue lies within |Hv − λv| of the one shown. */
static void highest_row(struct page *p, const struct landscape_foot *f)
{
    char value[READING], residual[NUMBER_SIZE], text[2][TEXT];

    highest_words(f, value, sizeof value);
    number_reading(residual, sizeof residual, f->residual, 3);
    snprintf(text[0], TEXT, "%s  |Hv−λv| %s%s", value, residual, f->converged ? "" : ", not converged");
    snprintf(text[1], TEXT, "%s ± %s", value, residual);
    row(p, "λmax", STYLE_TEXT,
        fitting(p, isfinite(f->highest) ? (const char *const[]){text[0], text[1], value, NULL}
                                        : (const char *const[]){value, NULL}));
}

static const char *word_of(const struct sharpness_report *s)
{
    if (isnan(s->percent) || s->epsilon != KESKAR_EPSILON)
        return "";
    return s->percent <= FLAT ? "  flat" : s->percent >= SHARP ? "  sharp" : "  neither flat nor sharp";
}

static void sharpness_row(struct page *p, const struct sharpness_report *s)
{
    char value[READING], epsilon[NUMBER_SIZE], text[2][TEXT];

    sharpness_words(s, value, sizeof value);
    number_short(epsilon, sizeof epsilon, s->epsilon);
    snprintf(text[0], TEXT, "%s within %s%s", value, epsilon, word_of(s));
    snprintf(text[1], TEXT, "%s%s", value, word_of(s));
    row(p, "ε-sharpness", STYLE_STRONG,
        fitting(p, isnan(s->percent) ? (const char *const[]){value, NULL}
                                     : (const char *const[]){text[0], text[1], value, NULL}));
}

static void here(struct page *p, const struct landscape_view *v)
{
    const struct landscape_foot *f = &v->foot[0];

    highest_row(p, f);
    sharpness_row(p, &f->sharpness);
    if (*word_of(&f->sharpness))
        words(p, STYLE_QUIET, "Keskar et al.: up to 30 % after small batches, above 200 % after large ones");
}

/* Both ends of a line, side by side. */
static void pair(struct page *p, const char *name, const char *a, const char *b)
{
    int second = VALUE_AT + (p->c->w - VALUE_AT) / 2;

    if (p->y >= p->c->h)
        return;
    canvas_text(p->c, 0, p->y, STYLE_QUIET, name);
    canvas_text(p->c, VALUE_AT, p->y, STYLE_TEXT, a);
    canvas_text(p->c, second, p->y++, STYLE_TEXT, b);
}

static void barrier_row(struct page *p, const char *name, double barrier, const char *where)
{
    char value[NUMBER_SIZE], text[TEXT];

    number_reading(value, sizeof value, barrier, 3);
    snprintf(text, sizeof text, "%s %s", value, where);
    if (isfinite(barrier))
        row(p, name, STYLE_STRONG, text);
}

static void both_ends(struct page *p, const struct landscape_view *v)
{
    const struct landscape_foot *f = v->foot;
    char a[READING], b[READING], text[TEXT];
    double here = f[0].sharpness.percent, there = f[1].sharpness.percent;

    pair(p, "", "here, 0", "there, 1");
    number_reading(a, sizeof a, f[0].loss, 4);
    number_reading(b, sizeof b, f[1].loss, 4);
    pair(p, "loss", a, b);
    if (v->plan.kind == LANDSCAPE_LINE) { /* beside a curve they are not looked for */
        highest_words(&f[0], a, sizeof a);
        highest_words(&f[1], b, sizeof b);
        pair(p, "λmax", a, b);
        sharpness_words(&f[0].sharpness, a, sizeof a);
        sharpness_words(&f[1].sharpness, b, sizeof b);
        pair(p, "ε-sharpness", a, b);
    }
    barrier_row(p, "barrier", v->line_barrier, "on line");
    barrier_row(p, "", v->curve_barrier, v->curve_barrier > v->line_barrier ? "on curve: no better" : "on curve");
    if (isnan(here) || isnan(there))
        return;
    snprintf(text, sizeof text, "%s%s",
             here == there ? "equally sharp" : here < there ? "flatter here" : "flatter there",
             f[here < there ? 0 : 1].sharpness.settled ? "" : ", as far as the search found");
    words(p, STYLE_STRONG, text);
    if (*word_of(&f[0].sharpness))
        words(p, STYLE_QUIET, "Keskar et al.: up to 30 % after small batches, above 200 % after large ones");
}

/* ---- axes ----------------------------------------------------------------------------------- */

static void side(struct page *p, const char *arrow, const struct landscape_direction *d)
{
    char a[NUMBER_SIZE], b[NUMBER_SIZE], text[TEXT];

    snprintf(text, sizeof text, "%s %s", arrow, d->name ? d->name : "");
    words(p, STYLE_TEXT, text);
    if (isfinite(d->eigenvalue)) {
        number_reading(a, sizeof a, d->eigenvalue, 4);
        number_reading(b, sizeof b, d->residual, 2);
        snprintf(text, sizeof text, "  λ %s%s, |Hv−λv| %s", a, d->converged ? "" : " ?", b);
    } else if (isfinite(d->share))
        snprintf(text, sizeof text, "  %.1f %% of the path's variance", 100 * d->share);
    else if (isfinite(d->slope)) {
        number_reading(a, sizeof a, d->slope, 3);
        number_reading(b, sizeof b, d->curvature, 3);
        snprintf(text, sizeof text, "  slope %s, curvature %s", a, b);
    } else
        return;
    words(p, STYLE_QUIET, text);
}

static void origin(struct page *p, const struct landscape_view *v)
{
    char step[NUMBER_SIZE], frames[NUMBER_SIZE], clock[NUMBER_SIZE], parameters[NUMBER_SIZE], text[TEXT + 24];

    number_count(step, sizeof step, v->step);
    number_count(frames, sizeof frames, (uint64_t)v->frames);
    number_time(clock, sizeof clock, v->seconds);
    if (v->seconds < 60)
        snprintf(clock, sizeof clock, "%.1f s", v->seconds);
    number_scaled(parameters, sizeof parameters, (double)v->parameters);
    snprintf(text, sizeof text, "step %s%s; %s frames, %s parameters; took %s", step, v->average ? ", at the average x" : "", frames, parameters, clock);
    words(p, STYLE_QUIET, text);
}

static void state(struct page *p, const struct landscape_view *v)
{
    if (v->status == LANDSCAPE_FAILED)
        words(p, STYLE_WARNING, v->text);
    else if (v->status == LANDSCAPE_CANCELLED && v->known && !v->whole)
        words(p, STYLE_WARNING, "cancelled before completion");
}

/* The point of the path that the cross-hair is at. */
static void at_point(struct page *p, const struct model *m)
{
    const struct landscape_ui *ui = landscape_ui(m);
    int point = isfinite(ui->cross_x) ? landscape_point_at(m->landscape, ui->cross_x, ui->cross_y) : -1;
    char text[TEXT];

    if (point < 0 || !isfinite(m->landscape->path_point[point].loss))
        return;
    landscape_point_words(m->landscape, point, text, sizeof text);
    words(p, STYLE_FOCUS, text);
}

static void figures_draw(const struct model *m, struct canvas *c)
{
    const struct landscape_view *v = m->landscape;
    struct canvas inside = pane_frame(m, c, &summary_pane, (const char *const[]){NULL});
    struct page p = {&inside, 0};

    if (!v->known) {
        pane_hint(&inside, v->status == LANDSCAPE_RUNNING ? "shown with the map" : "no landscape yet");
        return;
    }
    state(&p, v);
    at_point(&p, m);
    heights(&p, v);
    if (v->feet == 2)
        both_ends(&p, v);
    else
        here(&p, v);
    side(&p, "→", &v->x.direction);
    if (v->axes == 2)
        side(&p, "↑", &v->y.direction);
    origin(&p, v);
}

const struct pane summary_pane = {.name = "figures", .help = "loss, curvature and sharpness at the weights",
    .keys = PANE_KEYS(&landscape_keys, &slice_keys), .draw = figures_draw};
