/* SPDX-License-Identifier: MIT */
/* Accuracy by position, and by the probability that the network gives: is it as sure as it is right? */
#include "data/panes.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"
#include "draw/plot-svg.h"

struct curves {
    struct plot plot;
    struct series series[2];
    double x[2][CONFUSION_PLACES];
    float y[2][CONFUSION_PLACES];
};

static void begin(struct curves *p, const char *unit)
{
    *p = (struct curves){.plot = {.now = NAN, .cross = NAN, .label_room = 4}};
    p->plot.series = p->series;
    p->plot.x = (struct axis){.lo = 0, .hi = 1, .share = 1, .unit = unit};
    p->plot.y = (struct axis){.lo = 0, .hi = 1, .share = 1, .unit = "share of frames that are right"};
}

/* ---- by position ---------------------------------------------------------------------------- */

static void add_places(struct curves *p, const char *name, const struct confusion_place *place, int places)
{
    int i = p->plot.series_count++;

    p->series[i] = (struct series){.name = name,
                                   .style = i ? STYLE_SERIES_2 : STYLE_SERIES_1,
                                   .stroke = i ? STROKE_DASHED : STROKE_SOLID,
                                   .marker = i ? 0x25c6 : 0x25cf,
                                   .plain = i ? 'o' : '*',
                                   .count = places,
                                   .x = p->x[i],
                                   .y = p->y[i]};
    for (int k = 0; k < places; k++) {
        p->x[i][k] = (k + .5) / places;
        p->y[i][k] = place[k].frames ? (float)place[k].correct / (float)place[k].frames : NAN;
    }
}

static int position_curves(const struct model *m, struct curves *p)
{
    const struct data_task *t = data_shown(m);
    double lo, hi;

    begin(p, "position");
    if (!t || !t->result.confusion.frames)
        return 0;
    add_places(p, "utterance", t->result.confusion.tenth, CONFUSION_TENTHS);
    if (t->result.confusion.places)
        add_places(p, "window", t->result.confusion.place, t->result.confusion.places);
    if (plot_extent(&p->plot, 0, &lo, &hi) && hi > lo)
        axis_fit(&p->plot.y, lo, hi);
    return 1;
}

static void draw(const struct model *m, struct canvas *c, struct canvas *inside, struct curves *p, int any)
{
    const struct data_task *t = data_shown(m);

    if (inside->w < 1 || inside->h < 1)
        return;
    if (!any) {
        if (t)
            pane_hint(inside, "these frames have no labels");
        else
            data_hint(m, inside);
        return;
    }
    plot_draw(&p->plot, inside);
    pane_legend(c, &p->plot);
}

static void position_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    struct curves p;
    int any = position_curves(m, &p);
    char note[64] = "";
    struct canvas inside;

    if (any && t->result.confusion.places)
        snprintf(note, sizeof note, "window of %d frames", t->result.confusion.window);
    else if (any)
        snprintf(note, sizeof note, "one answer a window");
    inside = pane_frame(m, c, &position_pane, (const char *const[]){note, NULL});
    draw(m, c, &inside, &p, any);
}

static char *position_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return position_curves(m, &p) ? plot_to_svg(&p.plot, "accuracy by position", theme) : NULL;
}

static int position_words(const struct model *m, char *out)
{
    struct curves p;

    if (!position_curves(m, &p))
        return 0;
    describe_plot("accuracy by position", &p.plot, out);
    return 1;
}

const struct pane position_pane = {.name = "accuracy by position",
    .help = "accuracy from begin to end of utterances and windows",
    .describe = position_words, .draw = position_draw, .svg = position_svg};

/* ---- calibration ---------------------------------------------------------------------------- */

static int calibration_curves(const struct model *m, struct curves *p)
{
    const struct data_task *t = data_shown(m);
    int n = 0;

    begin(p, "probability");
    if (!t || !t->result.confusion.frames)
        return 0;
    for (int i = 0; i < CONFUSION_BINS; i++) {
        const struct confusion_bin *b = &t->result.confusion.bin[i];
        if (!b->count)
            continue;
        p->x[1][n] = b->probability / (double)b->count;
        p->y[1][n++] = (float)b->correct / (float)b->count;
    }
    p->x[0][1] = 1, p->y[0][1] = 1;
    p->series[0] = (struct series){.name = "as sure as right", .style = STYLE_LEVEL, .stroke = STROKE_DOTTED, .plain = '.',
                                   .count = 2, .x = p->x[0], .y = p->y[0]};
    p->series[1] = (struct series){.name = "measured", .style = STYLE_SERIES_1, .marker = 0x25cf, .plain = '*', .count = n,
                                   .x = p->x[1], .y = p->y[1]};
    p->plot.series_count = 2;
    return 1;
}

/* Above the diagonal it is less sure than right. */
static const char *leaning(const struct confusion *c)
{
    double probability = 0, accuracy = (double)c->correct / (double)c->frames;

    for (int i = 0; i < CONFUSION_BINS; i++)
        probability += c->bin[i].probability / (double)c->frames;
    return fabs(probability - accuracy) < .01 ? "" : probability > accuracy ? ", too sure" : ", too unsure";
}

static void calibration_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    struct curves p;
    int any = calibration_curves(m, &p);
    char ece[NUMBER_SIZE], note[80] = "", brief[40] = "";
    struct canvas inside;

    if (any) {
        number_share(ece, sizeof ece, confusion_ece(&t->result.confusion));
        snprintf(note, sizeof note, "error (ECE) %s%s", ece, leaning(&t->result.confusion));
        snprintf(brief, sizeof brief, "ECE %s", ece);
    }
    inside = pane_frame(m, c, &calibration_pane, (const char *const[]){note, brief, NULL});
    draw(m, c, &inside, &p, any);
}

static char *calibration_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return calibration_curves(m, &p) ? plot_to_svg(&p.plot, "calibration", theme) : NULL;
}

static int calibration_words(const struct model *m, char *out)
{
    struct curves p;

    if (!calibration_curves(m, &p))
        return 0;
    describe_plot("calibration", &p.plot, out);
    return 1;
}

const struct pane calibration_pane = {.name = "calibration",
    .help = "accuracy by the probability the network gives; ECE",
    .describe = calibration_words, .draw = calibration_draw, .svg = calibration_svg};
