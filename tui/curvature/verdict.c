/* SPDX-License-Identifier: MIT */
/* The verdict: one word, one sentence, and the evidence beside it. */
#include "curvature/curvature.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/timeline.h"
#include "draw/big.h"
#include "draw/number.h"

enum { LINES = 20, LABEL = 14, ROOMY = 42, VALUE = 400 };

static const double WIDE = .1; /* an error of a share that says little */

/* Lines in their order on the screen; where there is no room the least dear go. */
struct line {
    int rank;      /* 0: the dearest */
    enum style style;
    const char *label; /* NULL: it has all the width */
    char text[VALUE];
    int rows;
};

struct page {
    const struct model *m;
    struct line line[LINES];
    int count, w;
    int headline; /* the line with the word */
    enum charset charset;
};

static char *add(struct page *p, int rank, enum style style, const char *label)
{
    struct line *l = &p->line[p->count < LINES - 1 ? p->count++ : p->count];

    *l = (struct line){.rank = rank, .style = style, .label = label, .rows = 1};
    return l->text;
}

/* The verdict's reason in a few words, beside the word … */
static void say(const struct verdict_report *r, char *out, size_t size)
{
    char count[NUMBER_SIZE];

    number_count(count, sizeof count, (uint64_t)r->negative);
    switch (r->verdict) {
    case VERDICT_SADDLE:
        snprintf(out, size, "%s%s direction%s down", r->whole ? "" : "at least ", count, r->negative == 1 ? "" : "s");
        break;
    case VERDICT_MINIMUM:
        snprintf(out, size, "%s", r->whole ? "no direction down" : "no known direction down");
        break;
    case VERDICT_PLATEAU:
        snprintf(out, size, "no direction stands out");
        break;
    case VERDICT_FLAT:
        snprintf(out, size, "most directions are level");
        break;
    default:
        snprintf(out, size, "not a critical point");
    }
}

/* The same in a sentence. */
static const char *sentence(const struct verdict_report *r)
{
    switch (r->verdict) {
    case VERDICT_SADDLE:
        return "the gradient is small, but the loss falls along eigenvectors of negative eigenvalues";
    case VERDICT_MINIMUM:
        return r->whole ? "the gradient is small and no eigenvalue is negative"
                        : "the gradient is small and no known eigenvalue is negative";
    case VERDICT_PLATEAU:
        return "gradient and curvature are both small";
    case VERDICT_FLAT:
        return "the gradient is small, no eigenvalue is negative and most are zero";
    default:
        return "the gradient is not small, so the loss can fall along it";
    }
}

static void add_verdict(struct page *p)
{
    const struct curvature_view *v = p->m->curvature;
    char *text;
    size_t n;

    if (v->status == CURVATURE_FAILED)
        snprintf(add(p, 0, STYLE_DANGER, NULL), VALUE, "the last probe failed: %s", v->text);
    if (v->status == CURVATURE_CANCELLED)
        snprintf(add(p, 9, STYLE_QUIET, NULL), VALUE, "the last probe was cancelled");
    p->headline = p->count;
    text = add(p, 0, STYLE_STRONG, NULL);
    n = (size_t)snprintf(text, VALUE, "%s", verdict_name(v->verdict.verdict));
    for (size_t i = 0; i < n; i++)
        text[i] = (char)toupper((unsigned char)text[i]);
    n += (size_t)snprintf(text + n, VALUE - n, ": ");
    say(&v->verdict, text + n, VALUE - n);
    snprintf(add(p, 9, STYLE_TEXT, NULL), VALUE, "%s", sentence(&v->verdict));
}

static void add_gradient(struct page *p)
{
    const struct curvature_view *v = p->m->curvature;
    double most = v->verdict.tolerance.gradient;
    char norm[NUMBER_SIZE], tolerance[NUMBER_SIZE], along[NUMBER_SIZE];
    int small = v->gradient_norm <= most;

    number_reading(norm, sizeof norm, v->gradient_norm, 3);
    number_short(tolerance, sizeof tolerance, most);
    number_short(along, sizeof along, v->gradient_curvature);
    snprintf(add(p, 1, STYLE_TEXT, "gradient |g|"), VALUE, small ? "%s ≤ %s: small" : "%s > %s: not small", norm,
             tolerance);
    if (verdict_may_be_noise(&v->verdict, v->gradient_norm))
        snprintf(add(p, 6, STYLE_QUIET, NULL), VALUE,
                 p->w >= ROOMY ? "raising probe_frames or probe_gradient may change the verdict"
                               : "see probe_frames, probe_gradient");
    snprintf(add(p, 8, STYLE_TEXT, "gᵀHg / |g|²"), VALUE, "%s", along);
}

/* Of all eigenvalues counted, or of their density. */
static void add_ratio(struct page *p)
{
    const struct curvature_view *v = p->m->curvature;
    char *text = add(p, 5, STYLE_TEXT, "minimum ratio"), all[64], both[64], key[16] = "", cost[64];

    if (v->shares.known) {
        curvature_share(all, sizeof all, v->shares.positive, "±");
        curvature_share(both, sizeof both, v->shares.of_signed, "±");
        snprintf(text, VALUE, p->w >= ROOMY ? "%s of all · %s without those near zero" : "%s all · %s signed", all, both);
        if (share_error(v->shares.positive) > WIDE)
            snprintf(add(p, 12, STYLE_QUIET, NULL), VALUE, "a larger probe_zero gives smaller errors");
    } else {
        key_of("probe-all", p->charset, key, sizeof key);
        curvature_density_cost(v, cost, sizeof cost);
        snprintf(text, VALUE, p->w >= ROOMY ? "share of λ > 0: %s estimates it, %s" : "%s estimates it", key, cost);
    }
    if (v->gauss_newton_shares.known) {
        curvature_share(all, sizeof all, v->gauss_newton_shares.positive, "±");
        snprintf(add(p, 11, STYLE_TEXT, "Gauss–Newton"), VALUE, "%s of all are positive, none negative", all);
    }
}

static void add_spectrum(struct page *p)
{
    const struct verdict_report *r = &p->m->curvature->verdict;
    char lowest[NUMBER_SIZE], highest[NUMBER_SIZE], share[NUMBER_SIZE], zero[NUMBER_SIZE];
    char *text = add(p, 4, STYLE_TEXT, "|λmin| / λmax");

    number_reading(lowest, sizeof lowest, fabs(r->lowest), 3);
    number_reading(highest, sizeof highest, r->highest, 3);
    number_share(share, sizeof share, r->asymmetry);
    number_short(zero, sizeof zero, r->zero);
    snprintf(text, VALUE, r->lowest < 0 ? "%s / %s = %s" : "λmin is not negative", lowest, highest, share);
    add_ratio(p);
    snprintf(add(p, 10, STYLE_QUIET, "tolerance"), VALUE, "|λ| ≤ %s counts as zero", zero);
}

static int unconverged(const struct curvature_pair *pair, int count)
{
    int n = 0;

    for (int i = 0; i < count; i++)
        n += !pair[i].converged;
    return n;
}

static void add_estimates(struct page *p)
{
    const struct curvature_view *v = p->m->curvature;
    int pairs = v->top_count + v->bottom_count;
    int open = unconverged(v->top, v->top_count) + unconverged(v->bottom, v->bottom_count);
    char frames[NUMBER_SIZE], loss[NUMBER_SIZE], took[NUMBER_SIZE] = "";

    curvature_with_error(add(p, 7, STYLE_TEXT, "trace"), VALUE, v->trace, v->trace_error);
    if (!v->whole)
        snprintf(add(p, open ? 6 : 11, open ? STYLE_WARNING : STYLE_TEXT, "eigenpairs"), VALUE, "%d of %d %sconverged%s",
                 open ? open : pairs, pairs, open ? "not " : "", !open && v->may_miss ? ", some may be missing" : "");
    number_count(frames, sizeof frames, (uint64_t)v->frames);
    number_short(loss, sizeof loss, v->loss);
    if (v->seconds > 0)
        snprintf(took, sizeof took, ", took %.1f s", v->seconds);
    snprintf(add(p, 12, STYLE_QUIET, "probe batch"), VALUE, "%s frames, loss %s%s", frames, loss, took);
}

/* By more than a factor of three. */
static int differ_much(double predicted, double came)
{
    double ratio = came / predicted;

    return !(ratio >= 1. / 3 && ratio <= 3);
}

static void add_escape(struct page *p)
{
    const struct curvature_escape *e = &p->m->curvature->escape;
    char alpha[NUMBER_SIZE], step[NUMBER_SIZE], predicted[NUMBER_SIZE], came[NUMBER_SIZE], key[16] = "";

    if (!e->count || e->over || e->taken_back) {
        key_of("escape", p->charset, key, sizeof key);
        if (e->possible)
            snprintf(add(p, 2, STYLE_TEXT, "escape"), VALUE, "%s steps along λmin", key);
        else if (p->m->curvature->known)
            snprintf(add(p, 9, STYLE_QUIET, "escape"), VALUE, "%s", e->why_not);
        return;
    }
    number_reading(alpha, sizeof alpha, e->alpha, 3);
    number_count(step, sizeof step, e->step);
    number_reading(predicted, sizeof predicted, e->predicted, fabs(e->predicted) < 1e-2 ? 3 : 4);
    number_reading(came, sizeof came, e->came, fabs(e->came) < 1e-2 ? 3 : 4);
    snprintf(add(p, 9, STYLE_EDIT, "▴ escape"), VALUE, "step %s, length %s%s", step, alpha,
             e->searched ? ", searched" : "");
    snprintf(add(p, 2, STYLE_TEXT, "predicted"), VALUE, "loss %s%s", e->predicted >= 0 ? "+" : "", predicted);
    snprintf(add(p, 2, STYLE_STRONG, "actual"), VALUE, "loss %s%s", e->came >= 0 ? "+" : "", came);
    if (differ_much(e->predicted, e->came))
        snprintf(add(p, 3, STYLE_WARNING, NULL), VALUE, "far outside the range of the quadratic model");
}

/* The stuck detector looks at the last steps, not at the Hessian. */
static void add_stuck(struct page *p)
{
    const struct diagnosis_report *s = &p->m->snapshot->stuck;
    enum style style = s->verdict == DIAGNOSIS_DIVERGING ? STYLE_DANGER : STYLE_TEXT;

    if (!p->m->snapshot->version)
        return;
    curvature_training(p->m, add(p, 2, style, "training"), VALUE);
    if (s->evidence[0])
        snprintf(add(p, 13, STYLE_QUIET, NULL), VALUE, "%s", s->evidence);
}

/* ---- on the canvas --------------------------------------------------------------------------- */

/* The rows a line takes; canvas_wrap on a canvas of no rows would draw none, so it is counted on paper. */
static void measure(struct page *p, struct canvas *c)
{
    for (int i = 0; i < p->count; i++) {
        struct line *l = &p->line[i];
        struct canvas nowhere = canvas_part(c, (struct rect){0, 0, c->w, 0});
        l->rows = canvas_wrap(&nowhere, l->label ? LABEL + 1 : 1, 0, 8, STYLE_TEXT, l->text);
        if (l->label && l->rows > 2)
            l->rows = 2;
    }
}

static int rows_up_to(const struct page *p, int rank)
{
    int rows = 0;

    for (int i = 0; i < p->count; i++)
        if (p->line[i].rank <= rank)
            rows += p->line[i].rows;
    return rows;
}

/* The word large above the lines, where all of them leave room for it; returns its rows. */
static int draw_word(struct page *p, struct canvas *c)
{
    const char *word = verdict_name(p->m->curvature->verdict.verdict);
    struct line *l = &p->line[p->headline];
    int rows = big_rows(c->charset) + 1;

    if (rows_up_to(p, LINES) + rows > c->h || big_width(word) + 1 > c->w)
        return 0;
    big_draw(c, 1, 0, STYLE_STRONG, word);
    memmove(l->text, l->text + strlen(word) + 2, strlen(l->text + strlen(word) + 2) + 1);
    return rows;
}

static void draw_lines(struct page *p, struct canvas *c)
{
    int rank = 0, y;

    measure(p, c);
    y = draw_word(p, c);
    while (rank < LINES && rows_up_to(p, rank + 1) <= c->h)
        rank++;
    for (int i = 0; i < p->count; i++) {
        struct line *l = &p->line[i];
        if (l->rank > rank)
            continue;
        if (l->label)
            canvas_text(c, 1, y, STYLE_QUIET, l->label);
        y += canvas_wrap(c, l->label ? LABEL + 1 : 1, y, l->rows, l->style, l->text);
    }
}

/* Below what leads to the first figures. */
static void draw_training(const struct model *m, struct canvas *c)
{
    char text[64] = "training: ";

    curvature_training(m, text + strlen(text), sizeof text - strlen(text));
    if (c->h > 4 && m->snapshot->version)
        canvas_cut(c, 1, c->h - 1, c->w - 1, STYLE_QUIET, text);
}

static void verdict_draw(const struct model *m, struct canvas *c)
{
    char note[3][CURVATURE_NOTE];
    struct canvas inside, page;
    struct page p = {.m = m};

    char then[CURVATURE_NOTE];

    curvature_age(m, note);
    timeline_words(m, c->charset, 0, then, sizeof then);
    if (canvas_width(c, then) > c->w - 6)
        timeline_words(m, c->charset, 1, then, sizeof then);
    inside = pane_frame(m, c, &verdict_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 2 || inside.h < 1)
        return;
    if (*then) /* these are of weights that the run no longer has */
        canvas_cut(c, 2 + canvas_text(c, 2, c->h - 1, STYLE_FOCUS, " "), c->h - 1, c->w - 6, STYLE_FOCUS, then);
    page = canvas_part(&inside, (struct rect){0, 0, inside.w - 1, inside.h});
    if (curvature_hint(m, &page, NULL)) {
        draw_training(m, &inside);
        return;
    }
    p.w = page.w - LABEL - 1;
    p.charset = inside.charset;
    add_verdict(&p);
    add_gradient(&p);
    add_spectrum(&p);
    add_estimates(&p);
    add_escape(&p);
    add_stuck(&p);
    draw_lines(&p, &page);
}

const struct pane verdict_pane = {.name = "verdict", .help = "minimum, saddle, slope or plateau, and the evidence",
    .keys = PANE_KEYS(&back_keys), .draw = verdict_draw};
