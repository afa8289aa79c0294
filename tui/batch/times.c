/* SPDX-License-Identifier: MIT */
/* Time of an update and of an epoch by batch size, on this machine and on the lecture's; and the same in figures. */
#include "batch/panes.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/tasks.h"
#include "draw/number.h"
#include "draw/plot-svg.h"

static const struct chart_point chart[] = {{1, NAN, 362},   {10, NAN, 43},  {100, NAN, 14},
                                           {1000, .15, 9}, {10000, 1.5, 9}, {60000, 9.5, 9}};
enum { CHART = sizeof chart / sizeof *chart };
_Static_assert((int)CHART <= (int)BATCH_TASK_SIZES, "both curves have room");

const struct chart_point *batch_chart(int i)
{
    return i >= 0 && i < CHART ? &chart[i] : NULL;
}

/* ---- the plots ------------------------------------------------------------------------------ */

struct curves {
    struct plot plot;
    struct series series[2];
    double x[2][BATCH_TASK_SIZES];
    float y[2][BATCH_TASK_SIZES];
    struct plot_mark mark;
};

static void add(struct curves *p, const char *name, enum style s, int count)
{
    int i = p->plot.series_count++;

    p->series[i] = (struct series){.name = name, .style = s, .stroke = i ? STROKE_SOLID : STROKE_DASHED,
                                   .marker = i ? 0x25cf : 0x25b2, .plain = i ? '*' : '%', .count = count, .x = p->x[i], .y = p->y[i]};
}

static void fit(struct curves *p)
{
    double lo, hi;

    p->plot.x = (struct axis){.lo = 1, .hi = 65536, .log = 1, .unit = "batch size"};
    p->plot.y = (struct axis){.lo = 1e-3, .hi = 10, .log = 1, .unit = "seconds"};
    if (plot_extent(&p->plot, 0, &lo, &hi) && lo > 0)
        axis_fit(&p->plot.y, lo, hi > lo ? hi : 2 * lo);
}

/* 1 where something was measured: the chart alone says nothing of this machine. */
static int time_curves(const struct model *m, struct curves *p, int epoch)
{
    const struct batch_task *t = batch_shown(m);
    int n = 0, own = 0;

    p->plot = (struct plot){.now = NAN, .cross = NAN, .label_room = 4, .series = p->series, .marks = &p->mark};
    for (int i = 0; i < CHART; i++) {
        double seconds = epoch ? chart[i].epoch : chart[i].update;
        if (!isnan(seconds))
            p->x[0][n] = chart[i].size, p->y[0][n++] = (float)seconds;
    }
    add(p, "V100, lecture", STYLE_SERIES_3, n);
    for (int i = 0; i < batch_rows(t); i++)
        if (t->row[i].updates > 0)
            p->x[1][own] = t->row[i].size, p->y[1][own++] = (float)(epoch ? t->row[i].epoch : t->row[i].update);
    add(p, "this machine", STYLE_SERIES_1, own);
    fit(p);
    p->mark = (struct plot_mark){.x = m->snapshot->knobs.value[KNOB_BATCH_SIZE], .glyph = 0x25b4, .style = STYLE_EDIT, .name = "now"};
    p->plot.mark_count = p->mark.x >= 1;
    return own > 0;
}

static void draw(const struct model *m, struct canvas *c, const struct pane *pane, int epoch)
{
    struct curves p;
    int any = time_curves(m, &p, epoch);
    char share[16], note[64] = "";
    struct canvas inside;

    tasks_progress(m, TASK_BATCH, share, sizeof share);
    if (*share)
        snprintf(note, sizeof note, "measuring %s", share);
    else if (any)
        snprintf(note, sizeof note, "log · log");
    inside = pane_frame(m, c, pane, (const char *const[]){note, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!any) {
        batch_hint(m, &inside);
        return;
    }
    plot_draw(&p.plot, &inside);
    pane_legend(c, &p.plot);
}

static void update_draw(const struct model *m, struct canvas *c)
{
    draw(m, c, &update_pane, 0);
}

static void epoch_draw(const struct model *m, struct canvas *c)
{
    draw(m, c, &epoch_pane, 1);
}

static char *update_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return time_curves(m, &p, 0) ? plot_to_svg(&p.plot, "time of an update", theme) : NULL;
}

static char *epoch_svg(const struct model *m, enum theme theme)
{
    struct curves p;

    return time_curves(m, &p, 1) ? plot_to_svg(&p.plot, "time of an epoch", theme) : NULL;
}

static int update_words(const struct model *m, char *out)
{
    struct curves p;

    if (!time_curves(m, &p, 0))
        return 0;
    describe_plot("time of an update", &p.plot, out);
    return 1;
}

static int epoch_words(const struct model *m, char *out)
{
    struct curves p;

    if (!time_curves(m, &p, 1))
        return 0;
    describe_plot("time of an epoch", &p.plot, out);
    return 1;
}

const struct pane update_pane = {.name = "time of an update",
    .help = "seconds of an update by batch size, V100 beside",
    .describe = update_words, .draw = update_draw, .svg = update_svg};
const struct pane epoch_pane = {.name = "time of an epoch", .help = "seconds of an epoch by batch size, V100 beside",
    .describe = epoch_words, .draw = epoch_draw, .svg = epoch_svg};

/* ---- in figures ----------------------------------------------------------------------------- */

void batch_noise_words(const struct batch_task *t, char *out, size_t size)
{
    char scale[NUMBER_SIZE];

    *out = '\0';
    if (!t || !atomic_load(&t->noise_known))
        return;
    number_reading(scale, sizeof scale, t->noise.scale, 3);
    if (*t->no_noise)
        snprintf(out, size, "gradient noise scale not known: %s", t->no_noise);
    else
        snprintf(out, size, "gradient noise scale %s examples: smaller batches are mostly noise, larger ones save few steps", scale);
}

static void draw_size(struct canvas *c, int y, const struct batch_time *b, int now)
{
    char size[NUMBER_SIZE], update[NUMBER_SIZE], epoch[NUMBER_SIZE];

    number_count(size, sizeof size, (uint64_t)b->size);
    canvas_text_right(c, 7, y, now ? STYLE_STRONG : STYLE_TEXT, size);
    if (*b->skipped) {
        canvas_cut(c, 9, y, c->w - 9, STYLE_QUIET, b->skipped);
        return;
    }
    number_reading(update, sizeof update, b->update, 3);
    number_reading(epoch, sizeof epoch, b->epoch, 3);
    canvas_text_right(c, 19, y, STYLE_TEXT, update);
    canvas_text_right(c, 31, y, STYLE_STRONG, epoch);
}

/* The noise scale in the frame, and with room in a sentence below the sizes. */
static void draw_noise(const struct batch_task *t, struct canvas *c, struct canvas *inside, int rows)
{
    char words[BATCH_LINE], brief[BATCH_LINE + 2];

    batch_noise_words(t, words, sizeof words);
    if (!*words)
        return;
    if (inside->h > rows + 3) {
        canvas_wrap(inside, 0, rows + 1, inside->h - rows - 1, STYLE_STRONG, words);
        return;
    }
    snprintf(brief, sizeof brief, " %.*s ", (int)strcspn(words, ":") - 9, words + strlen("gradient "));
    canvas_cut(c, 2, c->h - 1, c->w - 4, STYLE_STRONG, brief);
}

static void sizes_draw(const struct model *m, struct canvas *c)
{
    const struct batch_task *t = batch_shown(m);
    int rows = batch_rows(t), heads, top, now = (int)m->snapshot->knobs.value[KNOB_BATCH_SIZE];
    char share[16];
    struct canvas inside;

    tasks_progress(m, TASK_BATCH, share, sizeof share);
    inside = pane_frame(m, c, &sizes_pane,
                        (const char *const[]){*share ? share : *tasks_failure(m, TASK_BATCH) ? tasks_failure(m, TASK_BATCH)
                                                                                             : "s/update · s/epoch", NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!t) {
        batch_hint(m, &inside);
        return;
    }
    heads = inside.h > rows;
    if (heads) {
        canvas_text_right(&inside, 7, 0, STYLE_QUIET, "batch");
        canvas_text_right(&inside, 19, 0, STYLE_QUIET, "s/update");
        canvas_text_right(&inside, 31, 0, STYLE_QUIET, "s/epoch");
    }
    top = rows > inside.h - heads ? rows - (inside.h - heads) : 0;
    for (int i = top; i < rows; i++)
        draw_size(&inside, heads + i - top, &t->row[i], t->row[i].size == now);
    draw_noise(t, c, &inside, heads + rows);
}

const struct pane sizes_pane = {.name = "batch sizes", .help = "seconds by batch size; gradient noise scale",
    .draw = sizes_draw};

int batch_text(const struct batch_task *t, char line[BATCH_LINES][BATCH_LINE])
{
    int n = 0;

    for (int i = 0; i < batch_rows(t); i++) {
        const struct batch_time *b = &t->row[i];
        if (*b->skipped)
            snprintf(line[n++], BATCH_LINE, "batch %d: skipped, %.200s", b->size, b->skipped);
        else
            snprintf(line[n++], BATCH_LINE, "batch %d: %.3g s per update, %.3g s per epoch", b->size, b->update, b->epoch);
    }
    batch_noise_words(t, line[n], BATCH_LINE);
    n += *line[n] != '\0';
    if (*tasks_word(&t->task))
        snprintf(line[n++], BATCH_LINE, "timing of batches: %s", tasks_word(&t->task));
    return n;
}
