/* SPDX-License-Identifier: MIT */
/* Settings of the slice to draw: a list, and an explanation of the chosen row. */
#include "landscape/map.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

enum { NAME_AT = 2, VALUE_AT = 14, VALUE = 96 };

static const struct {
    const char *name, *help;
} rows[SLICE_ROWS] = {
    [SLICE_DIRECTIONS] = {"directions", NULL},
    [SLICE_AXES] = {"axes", "one axis for a curve, two for a map"},
    [SLICE_POINTS] = {"points", "points along an axis, computed from coarse to fine"},
    [SLICE_EXTENT] = {"extent", "length of each axis, or length beyond both ends of a line"},
    [SLICE_HEIGHTS] = {"heights", "linear, or logarithmic if they span orders of magnitude"},
    [SLICE_SEED] = {"seed", "seed of the random directions"},
    [SLICE_FOLLOW] = {"follow", "redraw as training proceeds"},
};

const char *landscape_meaning(enum landscape_kind kind)
{
    static const char *const meanings[LANDSCAPE_KINDS] = {
        [LANDSCAPE_RANDOM] = "two random directions, scaled to the weights filter by filter: shows how wide the valley is",
        [LANDSCAPE_GRADIENT] = "the gradient, and the direction the Hessian turns it to",
        [LANDSCAPE_TOP] = "eigenvectors of the two largest eigenvalues: the steepest walls",
        [LANDSCAPE_ENDS] =
            "eigenvectors of the largest and lowest eigenvalues: the steepest wall and the way out of a saddle",
        [LANDSCAPE_LINE] = "a straight line from these weights (0) to those of a checkpoint (1): shows which is flatter",
        [LANDSCAPE_CURVE] = "the line to a checkpoint, and a curve trained for low loss between the same ends",
        [LANDSCAPE_PCA] = "principal components of the path of the weights: the plane that holds most of it",
    };
    return meanings[kind];
}

static void extent_words(const struct model *m, char *out, size_t size)
{
    const struct landscape_plan *p = &landscape_ui(m)->plan;
    const struct landscape_view *v = m->landscape;
    char number[NUMBER_SIZE];

    number_short(number, sizeof number, p->extent > 0 ? p->extent : .5);
    if (p->kind == LANDSCAPE_CURVE && !(p->extent > 0))
        snprintf(out, size, "end to end");
    else if (landscape_kind_joins((int)p->kind))
        snprintf(out, size, "%s beyond", number);
    else if (p->extent > 0)
        snprintf(out, size, "±%s", number);
    else if (p->kind == LANDSCAPE_PCA)
        snprintf(out, size, "the path");
    else if (v->known && v->plan.kind == p->kind && !(v->plan.extent > 0)) {
        number_reading(number, sizeof number, v->x.hi, 3);
        snprintf(out, size, "chosen: %s", number);
    } else
        snprintf(out, size, "chosen");
}

static void value_of(const struct model *m, enum slice_row row, char *out, size_t size)
{
    const struct landscape_plan *p = &landscape_ui(m)->plan;
    int points = landscape_plan_points(p);

    switch (row) {
    case SLICE_DIRECTIONS:
        snprintf(out, size, "%s", landscape_kind_name((int)p->kind));
        break;
    case SLICE_AXES:
        snprintf(out, size, p->axes == 1 ? "1, a curve" : "2, a map");
        break;
    case SLICE_POINTS:
        snprintf(out, size, p->axes == 1 ? "%d" : "%d×%d", points, points);
        break;
    case SLICE_EXTENT:
        extent_words(m, out, size);
        break;
    case SLICE_HEIGHTS:
        snprintf(out, size, "%s", landscape_is_log(m) ? "logarithmic" : "linear");
        break;
    case SLICE_SEED:
        number_count(out, size, p->seed);
        break;
    case SLICE_FOLLOW:
        snprintf(out, size, "%s", m->landscape->follow ? "the run" : "no");
        break;
    case SLICE_ROWS:
        break;
    }
}

static const char *help_of(const struct model *m, enum slice_row row)
{
    return row == SLICE_DIRECTIONS ? landscape_meaning(landscape_ui(m)->plan.kind) : rows[row].help;
}

/* The rows on show: all, or those around the chosen one. */
static int top_of(const struct model *m, int h)
{
    int top = landscape_ui(m)->row - h / 2;

    if (top > SLICE_ROWS - h)
        top = SLICE_ROWS - h;
    return top > 0 ? top : 0;
}

int slice_row_at(const struct model *m, int h, int y)
{
    int row = top_of(m, h) + y;

    return y >= 0 && y < h && row < SLICE_ROWS ? row : -1;
}

/* That the list asks for another picture than the one that is drawn. */
static struct canvas draw_frame(const struct model *m, struct canvas *c)
{
    const struct landscape_view *v = m->landscape;
    const struct landscape_plan *p = &landscape_ui(m)->plan;
    char note[48] = "", key[16] = "";

    key_of("landscape", c->charset, key, sizeof key);
    if (v->known && (v->plan.kind != p->kind || v->axes != p->axes))
        snprintf(note, sizeof note, v->status == LANDSCAPE_RUNNING ? "drawing" : "not drawn yet; %s draws", key);
    return pane_frame(m, c, &controls_pane, (const char *const[]){note, NULL});
}

static void slice_draw(const struct model *m, struct canvas *c)
{
    struct canvas inside = draw_frame(m, c);
    int top = top_of(m, inside.h), shown = inside.h < SLICE_ROWS ? inside.h : SLICE_ROWS;
    char value[VALUE];

    for (int y = 0; y < shown; y++) {
        int row = top + y, chosen = row == landscape_ui(m)->row;
        enum style s = chosen ? STYLE_CHOSEN : STYLE_TEXT;
        if (chosen)
            canvas_put(&inside, 0, y, pane_has_focus(m, &controls_pane) ? STYLE_FOCUS : STYLE_STRONG, 0x25b8);
        value_of(m, (enum slice_row)row, value, sizeof value);
        canvas_text(&inside, NAME_AT, y, chosen ? STYLE_CHOSEN : STYLE_QUIET, rows[row].name);
        canvas_text(&inside, VALUE_AT, y, s, value);
        if (chosen && VALUE_AT + canvas_width(&inside, value) + 4 < inside.w)
            canvas_text_right(&inside, inside.w, y, STYLE_KEY, "◂ ▸");
    }
    if (inside.h > shown)
        canvas_wrap(&inside, NAME_AT, shown + (inside.h > shown + 3), inside.h - shown, STYLE_QUIET,
                    help_of(m, (enum slice_row)landscape_ui(m)->row));
}

const struct pane controls_pane = {
    .name = "slice", .help = "settings of the slice to draw",
    .keys = PANE_KEYS(&controls_keys, &slice_keys), .draw = slice_draw};
