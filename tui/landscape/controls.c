/* What slice of the loss is to be drawn: a list to turn, and what the chosen row means. */
#include "landscape/map.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

enum { NAME_AT = 2, VALUE_AT = 14, VALUE = 96 };

static const struct {
    const char *name, *help;
} rows[SLICE_ROWS] = {
    [SLICE_DIRECTIONS] = {"directions", NULL},
    [SLICE_AXES] = {"axes", "one axis: a curve; two: a map from above"},
    [SLICE_POINTS] = {"points", "along an axis; coarse ones first, then those between"},
    [SLICE_EXTENT] = {"extent", "how far along each axis; of a line, how far beyond its ends"},
    [SLICE_HEIGHTS] = {"heights", "linear, or logarithmic where they are of different orders"},
    [SLICE_SEED] = {"seed", "of random directions: another pair, another slice"},
    [SLICE_FOLLOW] = {"follow", "draw it again whenever it is done and the run has gone on"},
};

const char *landscape_meaning(enum landscape_kind kind)
{
    static const char *const meanings[LANDSCAPE_KINDS] = {
        [LANDSCAPE_RANDOM] = "two random directions, as long as the weights filter by filter: how wide the valley is",
        [LANDSCAPE_GRADIENT] = "the gradient, and where the Hessian turns it to",
        [LANDSCAPE_TOP] = "eigenvectors of the two largest eigenvalues: the steepest walls",
        [LANDSCAPE_ENDS] =
            "eigenvectors of the largest and the lowest eigenvalue: the wall, and the way out of a saddle",
        [LANDSCAPE_LINE] = "straight from these weights, 0, to a checkpoint's, 1: which of them lies flatter",
        [LANDSCAPE_PCA] = "principal components of the way the weights took: the plane that holds most of it",
    };
    return meanings[kind];
}

static void extent_words(const struct model *m, char *out, size_t size)
{
    const struct landscape_plan *p = &landscape_ui(m)->plan;
    const struct landscape_view *v = m->landscape;
    char number[NUMBER_SIZE];

    number_short(number, sizeof number, p->extent > 0 ? p->extent : .5);
    if (p->kind == LANDSCAPE_LINE)
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
        snprintf(note, sizeof note, v->status == LANDSCAPE_RUNNING ? "is being drawn" : "not drawn yet: %s", key);
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
    .name = "slice", .help = "what slice is to be drawn",
    .keys = PANE_KEYS(&controls_keys, &slice_keys), .draw = slice_draw};
