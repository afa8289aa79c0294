/* SPDX-License-Identifier: MIT */
/* What the network takes for what: the matrix as a map, the confusions as a list, the accuracy of each class. */
#include "data/panes.h"

#include <math.h>
#include <stdio.h>

#include "app/describe.h"
#include "draw/bar.h"
#include "draw/number.h"

static void mark_row(struct canvas *c, int y, int focused)
{
    canvas_put(c, 0, y, focused ? STYLE_FOCUS : STYLE_QUIET, 0x25b8);
}

/* ---- the list ------------------------------------------------------------------------------- */

static void draw_pair(const struct data_task *t, struct canvas *c, int y, enum style s, const struct confusion_pair *p)
{
    const struct confusion *all = &t->result.confusion;
    double share = (double)p->count / (double)confusion_row(all, p->truth);
    char count[NUMBER_SIZE], percent[16];

    number_count(count, sizeof count, (uint64_t)p->count);
    snprintf(percent, sizeof percent, "%.0f %%", 100 * share);
    canvas_format(c, 2, y, s, "%s → %s", data_class(t, p->truth), data_class(t, p->predicted));
    canvas_text_right(c, 20, y, STYLE_TEXT, count);
    canvas_text_right(c, 26, y, STYLE_QUIET, percent);
    if (c->w > 30)
        bar_draw(c, 28, y, c->w - 28, share, STYLE_SERIES_2, '#');
}

static void pairs_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    struct confusion_pair pair[DATA_PAIRS_MOST];
    struct canvas inside;
    int n = t ? data_pairs(t, pair) : 0, focus = pane_has_focus(m, &pairs_pane), chosen = data_places(m).pair, top;
    char note[64];

    snprintf(note, sizeof note, "%s%d, share of the true class", n == DATA_PAIRS_MOST ? "the first " : "", n);
    inside = pane_frame(m, c, &pairs_pane, (const char *const[]){t ? note : NULL, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!t)
        data_hint(m, &inside);
    else if (n == 0)
        pane_hint(&inside, t->result.confusion.frames ? "nothing is confused" : "these frames have no labels");
    top = data_top(chosen, n, inside.h);
    for (int y = 0; y < inside.h && top + y < n; y++) {
        int here = top + y == chosen;
        if (here)
            mark_row(&inside, y, focus);
        draw_pair(t, &inside, y, here && focus ? STYLE_CHOSEN : STYLE_TEXT, &pair[top + y]);
    }
}

/* The confusion that is chosen in the list, or the first. */
static void pair_words(const struct data_task *t, const struct confusion_pair *p, const char *before, char *out, size_t size)
{
    const char *truth = data_class(t, p->truth);
    char count[NUMBER_SIZE];

    number_count(count, sizeof count, (uint64_t)p->count);
    snprintf(out, size, "%s%s taken for %s: %s frames, %.0f %% of %s", before, truth, data_class(t, p->predicted), count,
             100 * (double)p->count / (double)confusion_row(&t->result.confusion, p->truth), truth);
}

static int pairs_words(const struct model *m, char *out)
{
    const struct data_task *t = data_shown(m);
    struct confusion_pair pair[DATA_PAIRS_MOST];
    int n = t ? data_pairs(t, pair) : 0, chosen = data_places(m).pair;
    char first[160], here[160] = "";

    if (n == 0)
        return 0;
    pair_words(t, &pair[0], "", first, sizeof first);
    if (chosen > 0 && chosen < n)
        pair_words(t, &pair[chosen], ". Chosen: ", here, sizeof here);
    snprintf(out, DESCRIBE_SIZE, "confusions, %d kinds%s. Most frequent: %s%s", n, n == DATA_PAIRS_MOST ? " shown" : "", first, here);
    return 1;
}

const struct pane pairs_pane = {.name = "confusions", .help = "true class → predicted class, most frequent first",
    .keys = PANE_KEYS(&pairs_keys), .describe = pairs_words, .draw = pairs_draw};

/* ---- the matrix ----------------------------------------------------------------------------- */

enum { NAMES = 5 };
static const double LEAST = 1e-3; /* share of the lowest shade but one, which is of none; the highest is 1, as a logarithm */

static int level_of(const struct confusion *c, int truth, int predicted)
{
    double share = (double)c->matrix[truth * c->classes + predicted] / (double)confusion_row(c, truth);

    if (isnan(share)) /* there are none of this class */
        return 0;
    if (!(share > 0))
        return 1;
    share = 1 - log(fmax(share, LEAST)) / log(LEAST);
    return 2 + (int)(share * (SHADES - 2));
}

/* The names of the columns, downwards. */
static void draw_heads(const struct data_task *t, struct canvas *c, int left, int columns, int chosen, int rows)
{
    for (int x = 0; x < columns; x++) {
        const char *name = data_class(t, left + x);
        for (int y = 0; y < rows && name[y]; y++)
            canvas_put(c, NAMES + x, y, left + x == chosen ? STYLE_CHOSEN : STYLE_QUIET, (unsigned char)name[y]);
    }
}

/* The part of the matrix that is shown: a class a row or, where there are more classes than rows, two. */
struct part {
    int top, left, rows, columns; /* in classes */
    int heads;                    /* rows of the names above */
    int each;                     /* classes a row */
};

static struct part part_of(const struct canvas *c, int classes, struct data_ui ui)
{
    struct part p = {.heads = c->h > 8 ? 3 : 0, .each = 1};
    int room = c->h - p.heads;

    if (classes > room && c->charset != CHARSET_ASCII)
        p.each = 2;
    p.rows = classes < room * p.each ? classes : room * p.each;
    p.columns = classes < c->w - NAMES ? classes : c->w - NAMES;
    p.top = data_top(ui.row, classes, p.rows);
    p.left = data_top(ui.column, classes, p.columns);
    return p;
}

static void draw_row(const struct data_task *t, struct canvas *c, const struct part *p, int y, int chosen)
{
    const struct confusion *all = &t->result.confusion;
    int upper = p->top + y * p->each, lower = p->each == 1 ? upper : upper + 1, named = chosen == lower ? lower : upper;

    canvas_cut(c, 0, p->heads + y, NAMES - 1, named == chosen ? STYLE_CHOSEN : STYLE_QUIET, data_class(t, named));
    for (int x = 0; x < p->columns; x++)
        canvas_halves(c, NAMES + x, p->heads + y, level_of(all, upper, p->left + x),
                      lower < p->top + p->rows ? level_of(all, lower, p->left + x) : 0);
}

/* The chosen element: a mark on its cell, or on its half of one. */
static void mark_chosen(const struct data_task *t, struct canvas *c, const struct part *p, struct data_ui ui)
{
    int x = NAMES + ui.column - p->left, y = p->heads + (ui.row - p->top) / p->each, low = (ui.row - p->top) % p->each;
    int other = ui.row + (low ? -1 : 1);

    if (p->each == 2 && other < p->top + p->rows)
        canvas_shade(c, x, y, level_of(&t->result.confusion, other, ui.column));
    canvas_put(c, x, y, STYLE_FOCUS, p->each == 1 ? 0x25cf : low ? 0x2584 : 0x2580);
}

/* The chosen element in words. */
static void element_words(const struct data_task *t, struct data_ui ui, char *out, size_t size)
{
    const struct confusion *all = &t->result.confusion;
    int64_t row = confusion_row(all, ui.row);

    if (row)
        snprintf(out, size, "%s as %s %.1f %%", data_class(t, ui.row), data_class(t, ui.column),
                 100 * (double)all->matrix[ui.row * all->classes + ui.column] / (double)row);
    else
        snprintf(out, size, "no %s here", data_class(t, ui.row));
}

static int matrix_words(const struct model *m, char *out)
{
    const struct data_task *t = data_shown(m);
    struct confusion_pair pair[DATA_PAIRS_MOST];
    char share[NUMBER_SIZE], frames[NUMBER_SIZE], most[160] = "", chosen[128];

    if (!t || !t->result.confusion.frames)
        return 0;
    if (data_pairs(t, pair) > 0)
        pair_words(t, &pair[0], "; most often ", most, sizeof most);
    number_share(share, sizeof share, (double)t->result.confusion.correct / (double)t->result.confusion.frames);
    number_count(frames, sizeof frames, (uint64_t)t->result.confusion.frames);
    element_words(t, data_places(m), chosen, sizeof chosen);
    snprintf(out, DESCRIBE_SIZE, "confusion matrix, %d classes: %s of %s frames are on the diagonal%s. Chosen: %s",
             t->result.confusion.classes, share, frames, most, chosen);
    return 1;
}

static void matrix_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    struct data_ui ui = data_places(m);
    int classes = t ? t->result.confusion.classes : 0;
    struct part p;
    char note[128] = "";
    struct canvas inside;

    if (t)
        element_words(t, ui, note, sizeof note);
    inside = pane_frame(m, c, &matrix_pane, (const char *const[]){note, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!t || !t->result.confusion.frames) {
        if (t)
            pane_hint(&inside, "these frames have no labels");
        else
            data_hint(m, &inside);
        return;
    }
    p = part_of(&inside, classes, ui);
    draw_heads(t, &inside, p.left, p.columns, ui.column, p.heads);
    for (int y = 0; y * p.each < p.rows; y++)
        draw_row(t, &inside, &p, y, ui.row);
    if (p.columns > 0 && p.rows > 0)
        mark_chosen(t, &inside, &p, ui);
}

const struct pane matrix_pane = {.name = "confusion matrix",
    .help = "true class by predicted class, share of each row",
    .keys = PANE_KEYS(&matrix_keys), .describe = matrix_words, .draw = matrix_draw};

/* ---- the classes ---------------------------------------------------------------------------- */

static void classes_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    struct canvas inside = pane_frame(m, c, &classes_pane, (const char *const[]){"least accurate first", NULL});
    int order[DATASET_MOST_CLASSES], n = t ? confusion_order(&t->result.confusion, order) : 0;
    int chosen = data_places(m).class, focus = pane_has_focus(m, &classes_pane), top = data_top(chosen, n, inside.h);
    char count[NUMBER_SIZE], share[NUMBER_SIZE];

    if (inside.w < 1 || inside.h < 1)
        return;
    if (!t)
        data_hint(m, &inside);
    else if (n == 0)
        pane_hint(&inside, "these frames have no labels");
    for (int y = 0; y < inside.h && top + y < n; y++) {
        int class = order[top + y], here = top + y == chosen;
        double accuracy = confusion_accuracy(&t->result.confusion, class);
        if (here)
            mark_row(&inside, y, focus);
        number_count(count, sizeof count, (uint64_t)confusion_row(&t->result.confusion, class));
        number_share(share, sizeof share, accuracy);
        canvas_cut(&inside, 2, y, 6, here && focus ? STYLE_CHOSEN : STYLE_TEXT, data_class(t, class));
        canvas_text_right(&inside, 14, y, STYLE_STRONG, share);
        canvas_text_right(&inside, 24, y, STYLE_QUIET, count);
        if (inside.w > 30)
            bar_draw(&inside, 26, y, inside.w - 26, accuracy, STYLE_SERIES_1, '=');
    }
}

static int classes_words(const struct model *m, char *out)
{
    const struct data_task *t = data_shown(m);
    int order[DATASET_MOST_CLASSES], n = t ? confusion_order(&t->result.confusion, order) : 0, ends[2];
    char share[2][NUMBER_SIZE], frames[2][NUMBER_SIZE];

    if (n == 0)
        return 0;
    ends[0] = order[0], ends[1] = order[n - 1];
    for (int i = 0; i < 2; i++) {
        number_share(share[i], sizeof share[i], confusion_accuracy(&t->result.confusion, ends[i]));
        number_count(frames[i], sizeof frames[i], (uint64_t)confusion_row(&t->result.confusion, ends[i]));
    }
    snprintf(out, DESCRIBE_SIZE, "accuracy by class, %d classes: least accurate is %s, %s of %s frames; most accurate %s, %s of %s frames", n,
             data_class(t, ends[0]), share[0], frames[0], data_class(t, ends[1]), share[1], frames[1]);
    return 1;
}

const struct pane classes_pane = {.name = "accuracy by class", .help = "accuracy and number of frames of each class",
    .keys = PANE_KEYS(&classes_keys), .describe = classes_words, .draw = classes_draw};
