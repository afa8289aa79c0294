/* What the leader stands on: the curvature there, and how near its rate is to the edge of stability. */
#include "race.h"

#include <math.h>
#include <stdio.h>

#include "view/bar.h"
#include "view/number.h"
#include "view/text.h"

static const double ROUNDING = 1e-12; /* of the largest: what is less is shown as 0 */

static void draw_values(const struct race_stage *s, struct canvas *c, int y)
{
    int n = s->surface->n, x = 1 + canvas_text(c, 1, y, STYLE_QUIET, "λ");
    char text[NUMBER_SIZE];

    for (int i = 0; i < n; i++) {
        double v = s->point.eigenvalue[i], most = fmax(fabs(s->point.eigenvalue[0]), fabs(s->point.eigenvalue[n - 1]));
        v = fabs(v) < most * ROUNDING ? 0 : v;
        number_reading(text, sizeof text, v, 3);
        if (x + 1 + text_width(text) > c->w) {
            canvas_put(c, c->w - 1, y, STYLE_QUIET, 0x2026);
            return;
        }
        x += 1 + canvas_text(c, x + 1, y, v < 0 ? STYLE_WARNING : STYLE_STRONG, text);
    }
}

/* η λmax as a share of its limit; beyond it, red. */
static void draw_gauge(const struct race_stage *s, struct canvas *c, int y)
{
    double share = s->edge.reached / s->edge.limit;
    enum style style = share > 1 ? STYLE_DANGER : share > .9 ? STYLE_WARNING : STYLE_SERIES_3;
    char reached[NUMBER_SIZE], limit[NUMBER_SIZE];
    const char *name = s->edge.preconditioned ? "η λmax, preconditioned," : "η λmax";

    number_reading(reached, sizeof reached, s->edge.reached, 3);
    number_short(limit, sizeof limit, s->edge.limit);
    if (isnan(s->edge.limit)) {
        canvas_format(c, 1, y, STYLE_TEXT, "η λmax %s", reached);
        canvas_text(c, 1, y + 1, STYLE_QUIET, "no limit of it is known");
    } else if (s->edge.reached <= 0)
        canvas_text(c, 1, y, STYLE_TEXT, "nothing curves up: no limit");
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

static void draw_verdict(const struct race_stage *s, struct canvas *c, int y)
{
    char words[96];

    verdict_words(&s->verdict, words, sizeof words);
    y += canvas_wrap(c, 1, y, 2, s->verdict.verdict == VERDICT_SADDLE ? STYLE_WARNING : STYLE_STRONG, words);
    if (c->h - y >= rows_of(c, s->verdict.evidence))
        canvas_wrap(c, 1, y, c->h - y, STYLE_QUIET, s->verdict.evidence);
}

static void race_point_draw(const struct model *m, struct canvas *c)
{
    const struct race_stage *s = m->race;
    char note[RACE_LABEL + 16] = "", gradient[NUMBER_SIZE];
    struct canvas inside;

    if (s->leader >= 0)
        snprintf(note, sizeof note, s->steps ? "%s leads" : "at the start", s->name[s->leader]);
    inside = panel_frame(m, c, PANE_RACE_POINT, (const char *const[]){note, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!s->looked) {
        panel_hint(&inside, "nobody to look at");
        return;
    }
    draw_values(s, &inside, 0);
    number_reading(gradient, sizeof gradient, s->point.gradient_norm, 3);
    canvas_format(&inside, 1, 1, STYLE_QUIET, "|g| %s", gradient);
    draw_gauge(s, &inside, 2);
    draw_verdict(s, &inside, inside.h >= 8 ? 6 : 5);
}

const struct panel race_point_panel = {.name = "point", .keys = WHERE_RACE, .draw = race_point_draw};
