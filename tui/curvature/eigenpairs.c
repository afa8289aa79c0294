/* SPDX-License-Identifier: MIT */
/* The eigenpairs known, with what is left over: the residual tells how far a pair is one. */
#include "curvature/curvature.h"

#include <stdio.h>

#include "draw/number.h"

enum { COLUMN = 30, SPEAKING = 45 /* wide enough for words beside the marks */ };

struct page {
    struct canvas *c;
    int x, y;
    int words;
};

static void draw_pair(struct page *p, const char *name, const struct curvature_pair *pair)
{
    char value[NUMBER_SIZE], residual[NUMBER_SIZE];

    number_reading(value, sizeof value, pair->value, 4);
    if (pair->residual > 0)
        number_reading(residual, sizeof residual, pair->residual, 2);
    else
        snprintf(residual, sizeof residual, "%s", pair->residual == 0 ? "0" : "–");
    canvas_text(p->c, p->x + 1, p->y, STYLE_QUIET, name);
    canvas_text_right(p->c, p->x + 17, p->y, STYLE_TEXT, value);
    canvas_text_right(p->c, p->x + 27, p->y, STYLE_TEXT, residual);
    curvature_converged(p->c, p->x + 28, p->y, pair->converged);
    if (!pair->converged && p->words)
        canvas_text(p->c, p->x + 30, p->y, STYLE_QUIET, "not converged");
    p->y++;
}

static void draw_pairs(struct page *p, const char *name, const struct curvature_pair *pair, int count)
{
    for (int i = 0; i < count; i++)
        draw_pair(p, i ? "" : name, &pair[i]);
}

static void draw_heading(struct page *p)
{
    canvas_text_right(p->c, p->x + 17, p->y, STYLE_QUIET, "eigenvalue");
    canvas_text_right(p->c, p->x + 27, p->y, STYLE_QUIET, "residual");
    if (p->words)
        canvas_text(p->c, p->x + 28, p->y, STYLE_QUIET, "● converged");
    p->y++;
}

/* The meaning of the marks, in the frame if the heading has no room for it. */
static void draw_legend(struct canvas *c)
{
    int x = 2 + canvas_text(c, 2, c->h - 1, STYLE_QUIET, " converged ");

    curvature_converged(c, x, c->h - 1, 1);
    x += 1 + canvas_text(c, x + 1, c->h - 1, STYLE_QUIET, "  not ");
    curvature_converged(c, x, c->h - 1, 0);
    canvas_put(c, x + 1, c->h - 1, STYLE_QUIET, ' ');
}

/* Beside the others where there is room, else below. */
static void draw_gauss_newton(struct page *p, const struct curvature_view *v)
{
    if (p->x == 0 && !p->words && p->c->w >= 2 * COLUMN - 2) {
        p->x = COLUMN - 1;
        p->y = 0;
        draw_heading(p);
    }
    draw_pairs(p, "G.-N.", v->gauss_newton, v->gauss_newton_count);
}

static void pairs_draw(const struct model *m, struct canvas *c)
{
    const struct curvature_view *v = m->curvature;
    struct canvas inside = pane_frame(m, c, &eigenpairs_pane, (const char *const[]){"residual: length of Hv − λv", "residual |Hv−λv|", NULL});
    struct page p = {.c = &inside, .words = inside.w >= SPEAKING};

    if (inside.w < 1 || inside.h < 1 || curvature_hint(m, &inside, "eigenvalues"))
        return;
    if (v->gauss_newton_count && 1 + v->top_count + v->bottom_count + v->gauss_newton_count > inside.h)
        p.words = 0;
    draw_heading(&p);
    draw_pairs(&p, "highest", v->top, v->top_count);
    draw_pairs(&p, "lowest", v->bottom, v->bottom_count);
    if (!p.words)
        draw_legend(c);
    draw_gauss_newton(&p, v);
}

const struct pane eigenpairs_pane = {.name = "eigenpairs", .help = "eigenvalues computed so far, with residuals",
    .draw = pairs_draw};
