/* SPDX-License-Identifier: MIT */
/* The settings and what comes out: the bound, the share of bad draws, the examples needed, and what training finds. */
#include "theory/panes.h"

#include <math.h>
#include <stdio.h>

#include "app/tasks.h"
#include "draw/number.h"

enum { NAME_AT = 2, VALUE_AT = 12 };

struct page {
    struct canvas *c;
    int y;
};

static void row(struct page *p, const char *name, enum style s, const char *value)
{
    if (p->y >= p->c->h)
        return;
    canvas_text(p->c, NAME_AT, p->y, STYLE_QUIET, name);
    canvas_cut(p->c, VALUE_AT, p->y++, p->c->w - VALUE_AT, s, value);
}

void theory_bound_words(double bound, char *out, size_t size)
{
    char number[NUMBER_SIZE];

    number_short(number, sizeof number, bound);
    snprintf(out, size, bound >= 1 ? "%s: vacuous, no probability exceeds 1" : "%s", number);
}

/* Distinct hypotheses stand beside their number where they are fewer. */
static void setting(struct page *p, const struct model *m, enum theory_row_id id)
{
    static const char *const titles[THEORY_SETTINGS] = {
        [ROW_HYPOTHESES] = "|H|", [ROW_SAMPLES] = "N", [ROW_EPSILON] = "ε", [ROW_DELTA] = "δ"};
    const struct theory_ui *ui = theory_ui(m);
    const struct theory_task *t = theory_shown(m);
    int chosen = ui->row == (int)id, focus = pane_has_focus(m, &figures_pane);
    char value[NUMBER_SIZE], text[96];

    theory_setting_words(&ui->settings, id, value, sizeof value);
    snprintf(text, sizeof text, "%s", value);
    if (id == ROW_HYPOTHESES && t && t->settings.hypotheses == ui->settings.hypotheses && t->result.distinct < t->settings.hypotheses)
        snprintf(text, sizeof text, "%s, %d distinct", value, t->result.distinct);
    if (chosen && p->y < p->c->h)
        canvas_put(p->c, 0, p->y, focus ? STYLE_FOCUS : STYLE_QUIET, 0x25b8);
    if (chosen && focus && VALUE_AT + canvas_width(p->c, text) + 4 < p->c->w)
        canvas_text_right(p->c, p->c->w, p->y, STYLE_KEY, "◂ ▸");
    row(p, titles[id], chosen && focus ? STYLE_CHOSEN : STYLE_TEXT, text);
}

/* The first of the texts that fits beside a name; the last one is the shortest. */
static void fitting(struct page *p, const char *name, enum style s, const char *whole, const char *brief)
{
    row(p, name, s, VALUE_AT + canvas_width(p->c, whole) <= p->c->w ? whole : brief);
}

static void chances(struct page *p, const struct theory_task *t)
{
    const struct theory_result *r = &t->result;
    char whole[160], brief[80], a[NUMBER_SIZE];

    theory_bound_words(r->bound, whole, sizeof whole);
    number_short(a, sizeof a, r->bound);
    snprintf(brief, sizeof brief, r->bound >= 1 ? "%s, vacuous" : "%s", a);
    fitting(p, "P(bad) ≤", r->bound >= 1 ? STYLE_WARNING : STYLE_STRONG, whole, brief);
    number_share(a, sizeof a, r->bad_share);
    snprintf(whole, sizeof whole, "%s of %d draws are bad", a, THEORY_SHOWN_DRAWS);
    snprintf(brief, sizeof brief, "%s of %d draws", a, THEORY_SHOWN_DRAWS);
    fitting(p, "measured", STYLE_STRONG, whole, brief);
    number_short(a, sizeof a, t->settings.delta);
    snprintf(whole, sizeof whole, "%.1f for P(bad) ≤ %s", r->needed, a);
    snprintf(brief, sizeof brief, "%.1f for δ", r->needed);
    fitting(p, "N needed", STYLE_STRONG, whole, brief);
}

static void hypotheses(struct page *p, const struct theory_task *t)
{
    const struct theory_result *r = &t->result;
    char whole[160], brief[120], a[NUMBER_SIZE], b[NUMBER_SIZE], h[NUMBER_SIZE];

    number_share(a, sizeof a, r->trained_drawn);
    number_share(b, sizeof b, r->trained_all);
    number_short(h, sizeof h, r->trained);
    snprintf(whole, sizeof whole, "%s  L on the draw %s, on all %s", h, a, b);
    snprintf(brief, sizeof brief, "%s L %s all %s", h, a, b);
    fitting(p, "h train", STYLE_TEXT, whole, brief);
    number_share(a, sizeof a, r->best_loss);
    number_short(h, sizeof h, r->best);
    snprintf(whole, sizeof whole, "%s  L on all %s, the least", h, a);
    snprintf(brief, sizeof brief, "%s L all %s", h, a);
    fitting(p, "h all", STYLE_TEXT, whole, brief);
}

static const char explanation[] =
    "h(x) says speech where the frame's energy is at or above the threshold h, else silence; L is its error rate. A draw of N "
    "frames is bad if L on the draw and L on all frames differ by more than ε for some h. P(bad) ≤ |H| 2 exp(−2Nε²).";

static void figures_draw(const struct model *m, struct canvas *c)
{
    const struct theory_task *t = theory_shown(m);
    struct canvas inside = pane_frame(m, c, &figures_pane,
                                      (const char *const[]){tasks_is_busy(m, TASK_THEORY) ? "computing" : NULL, NULL});
    struct page p = {&inside, 0};

    if (inside.w < 1 || inside.h < 1)
        return;
    for (int i = 0; i < THEORY_SETTINGS; i++)
        setting(&p, m, (enum theory_row_id)i);
    if (t) {
        chances(&p, t);
        hypotheses(&p, t);
    }
    if (p.y + 2 < inside.h)
        canvas_wrap(&inside, NAME_AT, p.y + 1, inside.h - p.y - 1, STYLE_QUIET, explanation);
}

const struct pane figures_pane = {.name = "bound", .help = "settings, bound, share of bad draws, examples needed",
    .keys = PANE_KEYS(&figures_keys), .draw = figures_draw};

/* ---- the same in lines ------------------------------------------------------------------------ */

int theory_text(const struct theory_task *t, char line[THEORY_LINES][THEORY_LINE])
{
    const struct theory_settings *s = &t->settings;
    const struct theory_result *r = &t->result;
    char bound[96];
    int n = 0;

    theory_bound_words(r->bound, bound, sizeof bound);
    snprintf(line[n++], THEORY_LINE, "theory: |H| %lld (%d distinct), N %lld, epsilon %g, delta %g", (long long)s->hypotheses,
             r->distinct, (long long)s->samples, s->epsilon, s->delta);
    snprintf(line[n++], THEORY_LINE, "P(bad) at most %s; measured %.3f of %d draws", bound, r->bad_share, THEORY_SHOWN_DRAWS);
    snprintf(line[n++], THEORY_LINE, "N needed %.1f", r->needed);
    snprintf(line[n++], THEORY_LINE, "draw %llu is %s: the losses differ by up to %.3f", (unsigned long long)s->draw + 1,
             r->worst > s->epsilon ? "bad" : "good", r->worst);
    snprintf(line[n++], THEORY_LINE, "trained on it: threshold %g, loss %.3f on the draw, %.3f on all frames", r->trained,
             r->trained_drawn, r->trained_all);
    snprintf(line[n++], THEORY_LINE, "best: threshold %g, loss %.3f on all frames", r->best, r->best_loss);
    return n;
}
