/* SPDX-License-Identifier: MIT */
/* The lecture's tree, drawn: the branch on which the run stands is lit. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "diagnosis/panes.h"
#include "draw/number.h"

enum { NODES = 9, LABEL = 120, STEM = 4 };

/* A row of the tree: what leads there, and whether the run stands on it. */
struct node {
    int depth, last;   /* last: no sibling below it */
    int lit, leaf;
    char text[LABEL];
};

struct tree {
    struct node node[NODES];
};

/* ".42", "+.06", "–" */
enum { SHARE = NUMBER_SIZE + 4 };

static void share(char out[SHARE], double x, int sign)
{
    char text[NUMBER_SIZE];

    if (isnan(x)) {
        snprintf(out, SHARE, "–");
        return;
    }
    number_short(text, sizeof text, round(fabs(x) * 100) / 100);
    snprintf(out, SHARE, "%s%s", x < 0 ? "−" : sign ? "+" : "", text);
}

static void __attribute__((format(printf, 4, 5))) put(struct node *n, int lit, int leaf, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(n->text, sizeof n->text, format, ap);
    va_end(ap);
    n->lit = lit;
    n->leaf = leaf;
}

static double above(const struct tree_figures *f, const struct tree_loss *a, const struct tree_loss *b)
{
    return tree_relative(f, a->loss) - tree_relative(f, b->loss);
}

static void put_large(struct tree *t, const struct diagnosed *d, int large)
{
    const struct tree_figures *f = &d->figures;
    enum tree_branch b = d->report.branch;
    char by[SHARE], margin[SHARE];

    share(by, above(f, &f->against, &f->train), 1);
    share(margin, d->thresholds.margin, 0);
    if (d->against)
        put(&t->node[1], large, 0, "large: smaller network %c %s (±%s)", 'A' + d->against - 1, by, margin);
    else
        put(&t->node[1], large, 0, "large: smaller network %s", isnan(f->against.loss) ? "– (none)" : by);
    put(&t->node[2], b == TREE_OPTIMIZATION, 1, "lower: optimization");
    put(&t->node[3], b == TREE_MODEL_BIAS, 1, "higher: model bias");
}

static void put_small(struct tree *t, const struct diagnosed *d, int small)
{
    const struct tree_figures *f = &d->figures;
    enum tree_branch b = d->report.branch;
    int heard = b == TREE_HEALTHY || b == TREE_MISMATCH;
    char by[SHARE], gap[SHARE], over[SHARE], mismatch[SHARE];

    share(by, above(f, &f->validation, &f->train), 1);
    share(gap, d->thresholds.gap, 0);
    share(over, above(f, &f->unheard, &f->validation), 1);
    share(mismatch, d->thresholds.mismatch, 0);
    put(&t->node[4], small, 0, "small: validation %s (> %s?)", by, gap);
    put(&t->node[5], b == TREE_OVERFITTING, 1, "more: overfitting");
    put(&t->node[6], heard, 0, "less: unheard voices %s (> %s?)", over, mismatch);
    put(&t->node[7], b == TREE_MISMATCH, 1, "more: mismatch");
    put(&t->node[8], b == TREE_HEALTHY, 1, "less: healthy");
}

static void make_tree(const struct diagnosed *d, struct tree *t)
{
    static const struct {
        int depth, last;
    } shape[NODES] = {{0, 1}, {1, 0}, {2, 0}, {2, 1}, {1, 1}, {2, 0}, {2, 1}, {3, 0}, {3, 1}};
    double train = tree_relative(&d->figures, d->figures.train.loss);
    char relative[SHARE], limit[SHARE];

    memset(t, 0, sizeof *t);
    for (int i = 0; i < NODES; i++) {
        t->node[i].depth = shape[i].depth;
        t->node[i].last = shape[i].last;
    }
    share(relative, train, 0);
    share(limit, d->thresholds.large, 0);
    put(&t->node[0], isfinite(train), 0, "training loss %s of guessing (large > %s)", relative, limit);
    put_large(t, d, train > d->thresholds.large);
    put_small(t, d, train <= d->thresholds.large);
}

/* ---- drawing -------------------------------------------------------------------------------- */

/* Whether the stem of this depth goes on below row i. */
static int goes_on(const struct tree *t, int i, int depth)
{
    for (int k = i + 1; k < NODES && t->node[k].depth >= depth; k++)
        if (t->node[k].depth == depth)
            return 1;
    return 0;
}

/* "│   ├─ ", lit where the run stands. */
static int draw_stem(const struct tree *t, struct canvas *c, int i, int y)
{
    const struct node *n = &t->node[i];
    int x = 1;

    for (int depth = 1; depth <= n->depth; depth++, x += STEM) {
        if (depth < n->depth) {
            if (goes_on(t, i, depth))
                canvas_put(c, x, y, STYLE_FRAME, 0x2502);
            continue;
        }
        canvas_put(c, x, y, n->lit ? STYLE_FOCUS : STYLE_FRAME, n->last ? 0x2514 : 0x251c);
        for (int k = 1; k < STEM - 1; k++)
            canvas_put(c, x + k, y, n->lit ? STYLE_FOCUS : STYLE_FRAME, !n->lit ? 0x2500 : c->charset == CHARSET_ASCII ? '=' : 0x2501);
    }
    return x;
}

static void draw_gap(const struct tree *t, struct canvas *c, int i, int y)
{
    for (int depth = 1, x = 1; depth <= 3; depth++, x += STEM)
        if (goes_on(t, i, depth))
            canvas_put(c, x, y, STYLE_FRAME, 0x2502);
}

/* Where the run stands: in words too, colour is not the only one to say it. */
static void draw_node(const struct tree *t, struct canvas *c, int i, int y)
{
    const struct node *n = &t->node[i];
    enum style s = !n->lit ? STYLE_QUIET : n->leaf ? STYLE_FOCUS_TITLE : STYLE_TEXT;
    int x = draw_stem(t, c, i, y), room = c->w - x - 1;

    x += canvas_cut(c, x, y, room, s, n->text);
    if (n->lit && n->leaf)
        canvas_text(c, x, y, STYLE_FOCUS_TITLE, " ◂ here");
}

/* Where there is no room for all of it, without the accuracies, which stand in the table of evidence. */
static void draw_sentence(const struct diagnosed *d, struct canvas *c, int y)
{
    char text[DIAGNOSIS_TEXT], *accuracies;

    text_copy(text, sizeof text, diagnosis_sentence(d));
    accuracies = strstr(text, " (accuracy");
    if (accuracies && canvas_width(c, text) > (c->h - y) * (c->w - 2) * 9 / 10)
        *accuracies = '\0';
    canvas_wrap(c, 1, y, c->h - y, d->report.branch == TREE_HEALTHY ? STYLE_STRONG : STYLE_WARNING, text);
}

static void tree_draw(const struct model *m, struct canvas *c)
{
    struct diagnosed d;
    struct tree t;
    char note[2][200];
    struct canvas inside;
    int rows, stride, y = 0;

    diagnosis_of(m, &d);
    diagnosis_source_words(m, &d, note[0], sizeof note[0]);
    snprintf(note[1], sizeof note[1], "%s", tree_branch_name(d.report.branch));
    inside = pane_frame(m, c, &diagnosis_tree_pane, (const char *const[]){note[0], note[1], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    make_tree(&d, &t);
    rows = inside.h;
    stride = rows >= 2 * NODES + 1 ? 2 : 1;
    for (int i = 0; i < NODES; i++, y += stride) {
        draw_node(&t, &inside, i, y);
        if (stride > 1 && i + 1 < NODES)
            draw_gap(&t, &inside, i, y + 1);
    }
    y = (NODES - 1) * stride + 1 + (rows > 2 * NODES + 3);
    if (y < rows)
        draw_sentence(&d, &inside, y);
}

const struct pane diagnosis_tree_pane = {
    .name = "diagnosis", .help = "the lecture's tree, and the branch the run stands on",
    .draw = tree_draw};
