/* SPDX-License-Identifier: MIT */
/* The curvature at the leader, and how close its learning rate is to the edge of stability. */
#include "race/panes.h"

#include <math.h>
#include <stdio.h>

#include "draw/bar.h"
#include "draw/number.h"

enum { ROOMY_W = 34, ROOMY_H = 13 };

static const double ROUNDING = 1e-12; /* of the largest: what is less is shown as 0 */

/* An eigenvalue; what is rounding beside the largest is 0. */
static double value_at(const struct race_model *s, int i)
{
    const double *v = s->point.eigenvalue;
    double most = fmax(fabs(v[0]), fabs(v[s->surface->n - 1]));

    return fabs(v[i]) < most * ROUNDING ? 0 : v[i];
}

static enum style value_style(double v)
{
    return v < 0 ? STYLE_WARNING : STYLE_STRONG;
}

static void draw_values(const struct race_model *s, struct canvas *c, int y)
{
    int n = s->surface->n, x = 1 + canvas_text(c, 1, y, STYLE_QUIET, "λ");
    char text[NUMBER_SIZE];

    for (int i = 0; i < n; i++) {
        double v = value_at(s, i);
        number_reading(text, sizeof text, v, 3);
        if (x + 1 + canvas_width(c, text) > c->w) {
            canvas_put(c, c->w - 1, y, STYLE_QUIET, 0x2026);
            return;
        }
        x += 1 + canvas_text(c, x + 1, y, value_style(v), text);
    }
}

/* Each with its direction, the lowest first: a row each; returns them. */
static int draw_directions(const struct race_model *s, struct canvas *c, int y)
{
    int n = s->surface->n;
    char text[NUMBER_SIZE];

    for (int k = 0; k < n; k++) {
        double v = value_at(s, k);
        int x;
        number_reading(text, sizeof text, v, 3);
        canvas_text(c, 1, y + k, STYLE_QUIET, "λ");
        canvas_text_right(c, 11, y + k, value_style(v), text);
        x = 12 + canvas_text(c, 12, y + k, STYLE_QUIET, "along (");
        for (int i = 0; i < n; i++)
            x += canvas_format(c, x, y + k, STYLE_QUIET, i ? ", %.2f" : "%.2f", round(s->direction[k * n + i] * 100) / 100 + 0.); /* no −0.00 */
        canvas_put(c, x, y + k, STYLE_QUIET, ')');
    }
    return n;
}

/* η λmax as a share of its limit; beyond it, red. */
static void draw_gauge(const struct race_model *s, struct canvas *c, int y)
{
    double share = s->edge.reached / s->edge.limit;
    enum style style = share > 1 ? STYLE_DANGER : share > .9 ? STYLE_WARNING : STYLE_SERIES_3;
    char reached[NUMBER_SIZE], limit[NUMBER_SIZE];
    const char *name = s->edge.preconditioned ? "η λmax, preconditioned," : "η λmax";

    number_reading(reached, sizeof reached, s->edge.reached, 3);
    number_short(limit, sizeof limit, s->edge.limit);
    if (isnan(s->edge.limit)) {
        canvas_format(c, 1, y, STYLE_TEXT, "η λmax %s", reached);
        canvas_text(c, 1, y + 1, STYLE_QUIET, "no known stability limit");
    } else if (s->edge.reached <= 0)
        canvas_text(c, 1, y, STYLE_TEXT, "no positive curvature: no limit");
    else
        canvas_format(c, 1, y, share > 1 ? STYLE_DANGER : STYLE_TEXT, "%s %s of %s", c->w >= 44 ? name : "η λmax", reached, limit);
    if (!(share > 0) || c->w < 8)
        return;
    for (int x = 1; x < c->w - 1; x++)
        canvas_put(c, x, y + 1, STYLE_FRAME, 0x2500);
    bar_draw(c, 1, y + 1, c->w - 2, share, style, '=');
    number_reading(limit, sizeof limit, race_racer(s->race, s->leader)->rate / share, 3);
    canvas_format(c, 1, y + 2, STYLE_QUIET, "stable while η < %s", limit);
}

/* Rows the text takes when nothing is cut. */
static int rows_of(const struct canvas *c, const char *text)
{
    struct canvas nowhere = canvas_part(c, (struct rect){0, c->h, c->w, 0});

    return canvas_wrap(&nowhere, 1, 0, 100, STYLE_QUIET, text);
}

static void draw_verdict(const struct race_model *s, struct canvas *c, int y)
{
    char words[96], zero[NUMBER_SIZE], small[NUMBER_SIZE];

    verdict_words(&s->verdict, words, sizeof words);
    y += canvas_wrap(c, 1, y, 2, s->verdict.verdict == VERDICT_SADDLE ? STYLE_WARNING : STYLE_STRONG, words);
    if (c->h - y >= rows_of(c, s->verdict.evidence)) {
        canvas_wrap(c, 1, y, c->h - y, STYLE_QUIET, s->verdict.evidence);
        return;
    }
    number_short(zero, sizeof zero, s->verdict.zero);
    number_short(small, sizeof small, s->verdict.tolerance.gradient);
    if (s->verdict.verdict == VERDICT_SLOPE)
        snprintf(words, sizeof words, "|g| > %s", small);
    else
        snprintf(words, sizeof words, "|g| ≤ %s, zero: |λ| ≤ %s", small, zero);
    if (c->h - y >= rows_of(c, words))
        canvas_wrap(c, 1, y, c->h - y, STYLE_QUIET, words);
}

/* The leader's name and whether it arrived or has the lowest loss. In three lengths. */
static void leader_words(const struct race_model *s, char note[3][RACE_LABEL + 32])
{
    const char *name = s->leader >= 0 ? s->name[s->leader] : "";
    int arrived = s->leader >= 0 && race_racer(s->race, s->leader)->state == RACER_STOPPED;

    note[0][0] = note[1][0] = note[2][0] = '\0';
    if (s->leader < 0)
        return;
    if (s->steps == 0) {
        snprintf(note[0], sizeof note[0], "at the start");
        return;
    }
    snprintf(note[0], sizeof note[0], arrived ? "%s arrived first" : "%s: lowest loss", name);
    snprintf(note[1], sizeof note[1], arrived ? "%s: first" : "%s: lowest", name);
    snprintf(note[2], sizeof note[2], "%s", name);
}

static void race_point_draw(const struct model *m, struct canvas *c)
{
    const struct race_model *s = race_of(m);
    char note[3][RACE_LABEL + 32], gradient[NUMBER_SIZE];
    struct canvas inside;
    int y = 1;

    leader_words(s, note);
    inside = pane_frame(m, c, &leader_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!s->looked) {
        pane_hint(&inside, "no racers");
        return;
    }
    number_reading(gradient, sizeof gradient, s->point.gradient_norm, 3);
    if (inside.h >= ROOMY_H && inside.w >= ROOMY_W && s->surface->n == 2)
        y = draw_directions(s, &inside, 0);
    else
        draw_values(s, &inside, 0);
    canvas_format(&inside, 1, y, STYLE_QUIET, "|g| %s", gradient);
    draw_gauge(s, &inside, y + 1);
    draw_verdict(s, &inside, y + (inside.h >= 8 ? 5 : 4));
}

const struct pane leader_pane = {.name = "point", .help = "curvature at the position of the leader",
    .draw = race_point_draw};
