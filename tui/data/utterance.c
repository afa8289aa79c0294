/* SPDX-License-Identifier: MIT */
/* An utterance: its features as a heat map, one column a frame, and beneath it the phones, true and predicted. */
#include "data/panes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/describe.h"
#include "app/tasks.h"
#include "draw/number.h"

enum { LABEL = 5, ROWS_BELOW = 3, COLUMNS_MOST = 4000, DIMS_MOST = 1024 };
static const double RANGE = 2.5; /* features are normalised: standard deviations from the lowest shade to the middle */

/* The part of an utterance that is shown. */
struct shown {
    const struct data_task *t;
    int64_t utterance, frames, cursor, from;
    int columns;
};

static struct shown shown_of(const struct model *m, const struct data_task *t, int columns)
{
    const struct data_result *r = &t->result;
    struct data_ui ui = data_places(m);
    struct shown s = {.t = t, .utterance = ui.utterance, .cursor = ui.frame};

    s.frames = r->first[ui.utterance + 1] - r->first[ui.utterance];
    s.columns = columns < s.frames ? columns : (int)s.frames;
    s.columns = s.columns > COLUMNS_MOST ? COLUMNS_MOST : s.columns > 0 ? s.columns : 0;
    if (s.columns > 0) { /* the part moves by halves, so that the cursor moves and not the picture */
        int64_t half = s.columns > 1 ? s.columns / 2 : 1;
        s.from = s.cursor / half * half - half / 2;
        s.from = s.from > s.frames - s.columns ? s.frames - s.columns : s.from;
        s.from = s.from < 0 ? 0 : s.from;
    }
    return s;
}

static int64_t place(const struct shown *s, int column)
{
    return s->t->result.first[s->utterance] + s->from + column;
}

/* ---- the heat map --------------------------------------------------------------------------- */

static int level_of(double value)
{
    int shade = 1 + (int)((value + RANGE) / (2 * RANGE) * SHADES);

    return shade < 1 ? 1 : shade > SHADES ? SHADES : shade;
}

/* Pixel y from the top of `pixels`: the highest coefficient at the top; means where there are fewer pixels. */
static int shade_at(const float *frame, int dims, int y, int pixels)
{
    int from = (pixels - 1 - y) * dims / pixels, to = (pixels - y) * dims / pixels, last = to > from ? to : from + 1;
    double sum = 0;

    for (int k = from; k < last; k++)
        sum += (double)frame[k];
    return level_of(sum / (last - from));
}

/* Two pixels a row. */
static void draw_map(const struct shown *s, struct canvas *c, int rows)
{
    int dims = data_task_data(s->t)->dims, shown = rows < dims ? rows : dims;
    float frame[DIMS_MOST];

    for (int x = 0; x < s->columns && dims <= DIMS_MOST; x++) {
        data_task_features(s->t, s->utterance, s->from + x, 1, frame);
        for (int y = 0; y < shown; y++) {
            int upper = shade_at(frame, dims, 2 * y, 2 * shown), lower = shade_at(frame, dims, 2 * y + 1, 2 * shown);
            canvas_halves(c, LABEL + x, rows - shown + y, upper, lower);
        }
        if (s->from + x == s->cursor)
            for (int y = 0; y < shown; y++)
                canvas_put(c, LABEL + x, rows - shown + y, STYLE_FOCUS, 0x2502);
    }
    canvas_format(c, 0, rows - shown, STYLE_QUIET, "%d", dims - 1);
    if (shown > 1)
        canvas_text(c, 0, rows - 1, STYLE_QUIET, "0");
}

/* ---- the phones ----------------------------------------------------------------------------- */

/* Each phone over its frames: its name as far as there is room, after a line that begins it. */
static void draw_phones(const struct shown *s, struct canvas *c, int y, const char *name, const uint8_t *class)
{
    const struct data_result *r = &s->t->result;

    canvas_text(c, 0, y, STYLE_QUIET, name);
    for (int from = 0, to; from < s->columns; from = to) {
        int64_t at = place(s, from);
        int wrong = r->label[at] != DATASET_UNLABELLED && r->label[at] != r->predicted[at], begins, room;
        for (to = from; to < s->columns && class[place(s, to)] == class[at]; to++)
            wrong &= r->label[place(s, to)] != r->predicted[place(s, to)];
        begins = from > 0 && to - from > 2;
        room = to - from - begins;
        if (class[at] == DATASET_UNLABELLED)
            continue;
        if (begins)
            canvas_put(c, LABEL + from, y, STYLE_FRAME, 0x2502);
        canvas_cut(c, LABEL + from + begins, y, room, wrong && class == r->predicted ? STYLE_WARNING : STYLE_TEXT,
                   canvas_width(c, data_class(s->t, class[at])) <= room ? data_class(s->t, class[at]) : "");
    }
    for (int x = 0; x < s->columns && class == r->predicted; x++) /* single frames that are wrong */
        if (r->label[place(s, x)] != DATASET_UNLABELLED && r->label[place(s, x)] != r->predicted[place(s, x)])
            canvas_tint(c, LABEL + x, y, 1, STYLE_WARNING);
    if (s->cursor >= s->from && s->cursor < s->from + s->columns)
        canvas_tint(c, LABEL + (int)(s->cursor - s->from), y, 1, STYLE_CARET);
}

/* The frame under the cursor, in words. */
static void reading(const struct data_task *t, int64_t utterance, int64_t cursor, char *out, size_t size)
{
    const struct data_result *r = &t->result;
    int64_t at = r->first[utterance] + cursor;
    const char *heard = data_class(t, r->predicted[at]);
    char p[NUMBER_SIZE];

    number_share(p, sizeof p, (double)r->probability[at]);
    if (r->label[at] == DATASET_UNLABELLED)
        snprintf(out, size, "%.2f s  predicted %s, p %s", .01 * (double)cursor, heard, p);
    else if (r->label[at] == r->predicted[at])
        snprintf(out, size, "%.2f s  %s, predicted with p %s", .01 * (double)cursor, heard, p);
    else
        snprintf(out, size, "%.2f s  %s taken for %s, p %s", .01 * (double)cursor, data_class(t, r->label[at]), heard, p);
}

static void draw_reading(const struct shown *s, struct canvas *c, int y)
{
    char text[160];

    reading(s->t, s->utterance, s->cursor, text, sizeof text);
    canvas_cut(c, LABEL, y, c->w - LABEL, STYLE_STRONG, text);
}

/* ---- the pane ------------------------------------------------------------------------------- */

static const char *speaker_of(const struct data_task *t, int64_t u)
{
    const struct dataset *d = data_task_data(t);

    return d->speakers.count > 1 ? d->speakers.names[d->speaker[t->result.utterance[u]]] : "";
}

static struct canvas frame(const struct model *m, struct canvas *c, const struct data_task *t)
{
    struct data_ui ui = data_places(m);
    char share[16], number[NUMBER_SIZE], of[NUMBER_SIZE], step[NUMBER_SIZE], whole[240], brief[80];

    if (!t)
        return pane_frame(m, c, &utterance_pane, (const char *const[]){NULL});
    tasks_progress(m, TASK_DATA, share, sizeof share);
    number_count(number, sizeof number, (uint64_t)ui.utterance + 1);
    number_count(of, sizeof of, (uint64_t)t->result.utterances);
    number_count(step, sizeof step, t->task.step);
    if (*t->file)
        snprintf(whole, sizeof whole, "%.100s · run %c, step %s", t->file, 'A' + t->task.run, step);
    else
        snprintf(whole, sizeof whole, "%s %s of %s%s%.40s · run %c, step %s", data_set_name(t->result.set), number, of,
                 *speaker_of(t, ui.utterance) ? " · " : "", speaker_of(t, ui.utterance), 'A' + t->task.run, step);
    snprintf(brief, sizeof brief, "%s of %s", number, of);
    if (*share)
        snprintf(whole, sizeof whole, "predicting %s", share);
    return pane_frame(m, c, &utterance_pane, (const char *const[]){whole, brief, NULL});
}

static void utterance_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    struct canvas inside = frame(m, c, t);
    struct shown s;
    int rows;

    if (inside.w < 1 || inside.h < 1)
        return;
    if (!t) {
        data_hint(m, &inside);
        return;
    }
    s = shown_of(m, t, inside.w - LABEL);
    rows = inside.h - ROWS_BELOW;
    if (rows > 0)
        draw_map(&s, &inside, rows);
    rows = rows > 0 ? rows : 0;
    draw_phones(&s, &inside, rows, "true", t->result.label);
    draw_phones(&s, &inside, rows + 1, "net", t->result.predicted);
    draw_reading(&s, &inside, rows + 2);
}

/* How much of it is right, and the frame under the cursor. */
static int utterance_words(const struct model *m, char *out)
{
    const struct data_task *t = data_shown(m);
    struct data_ui ui = data_places(m);
    int64_t from, frames, labelled = 0, right = 0;
    char right_words[64], here[160];

    if (!t)
        return 0;
    from = t->result.first[ui.utterance];
    frames = t->result.first[ui.utterance + 1] - from;
    for (int64_t i = from; i < from + frames; i++) {
        labelled += t->result.label[i] != DATASET_UNLABELLED;
        right += t->result.label[i] != DATASET_UNLABELLED && t->result.label[i] == t->result.predicted[i];
    }
    if (labelled)
        snprintf(right_words, sizeof right_words, "%.3f of %lld frames are right", (double)right / (double)labelled, (long long)labelled);
    else
        snprintf(right_words, sizeof right_words, "%lld frames without labels", (long long)frames);
    reading(t, ui.utterance, ui.frame, here, sizeof here);
    snprintf(out, DESCRIBE_SIZE, "utterance %lld of %lld of %.200s, %.2f s: %s. At the cursor, %s", (long long)ui.utterance + 1,
             (long long)t->result.utterances, *t->file ? t->file : data_set_name(t->result.set), .01 * (double)frames, right_words, here);
    return 1;
}

const struct pane utterance_pane = {
    .name = "utterance", .help = "features of an utterance, true and predicted phones",
    .keys = PANE_KEYS(&utterance_keys), .describe = utterance_words, .draw = utterance_draw};
