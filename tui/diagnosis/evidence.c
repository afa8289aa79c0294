/* SPDX-License-Identifier: MIT */
/* The figures behind the branch, the test to run next, and whether training is stuck. */
#include <math.h>
#include <stdio.h>

#include "diagnosis/panes.h"
#include "draw/number.h"

enum { NAME_W = 11, COLUMN_W = 6, TEXT = 480 };

static void __attribute__((format(printf, 6, 0))) put(struct canvas *c, int y, int column, enum style s, double x, const char *format)
{
    char text[NUMBER_SIZE];

    snprintf(text, sizeof text, format, x);
    canvas_text_right(c, NAME_W + column * COLUMN_W + COLUMN_W - 1, y, isnan(x) ? STYLE_QUIET : s, isnan(x) ? "–" : text);
}

static void row(struct canvas *c, int y, const char *name, const struct tree_figures *f, const struct tree_loss *l)
{
    canvas_cut(c, 0, y, NAME_W, STYLE_QUIET, name);
    put(c, y, 0, STYLE_STRONG, l->loss, fabs(l->loss) < 1 ? "%.3f" : "%.2f");
    put(c, y, 1, STYLE_TEXT, l->accuracy, "%.3f");
    put(c, y, 2, STYLE_TEXT, tree_relative(f, l->loss), "%.2f");
}

/* The unheard voices were measured, and the run has gone on since. */
static int is_old(const struct diagnosed *d, const struct measured *measured)
{
    return !isfinite(d->figures.unheard.loss) && measured->known && isfinite(measured->figures.unheard.loss);
}

/* Returns the rows it takes. */
static int draw_table(const struct diagnosed *d, const struct measured *measured, struct canvas *c)
{
    const struct tree_figures *f = &d->figures;
    int old = is_old(d, measured);
    static const char *const head[] = {"loss", "acc.", "rel."};
    char smaller[24] = "smaller";

    for (int k = 0; k < 3; k++)
        canvas_text_right(c, NAME_W + k * COLUMN_W + COLUMN_W - 1, 0, STYLE_QUIET, head[k]);
    row(c, 1, "training", f, &f->train);
    row(c, 2, "validation", f, &f->validation);
    row(c, 3, old ? "unheard *" : "unheard", f, old ? &measured->figures.unheard : &f->unheard);
    if (d->against)
        snprintf(smaller, sizeof smaller, "smaller, %c", 'A' + d->against - 1);
    row(c, 4, smaller, f, &f->against);
    return 5;
}

static int line(struct canvas *c, int y, enum style s, const char *text)
{
    return y < c->h ? y + canvas_wrap(c, 0, y, c->h - y, s, text) : y;
}

static void evidence_draw(const struct model *m, struct canvas *c)
{
    struct diagnosed d;
    char note[2][96], text[TEXT], guess[NUMBER_SIZE], least[NUMBER_SIZE], test[16] = "", cures[16] = "", measure[16] = "";
    struct canvas inside;
    int y;

    diagnosis_of(m, &d);
    number_reading(guess, sizeof guess, d.figures.guess, 3);
    number_reading(least, sizeof least, d.figures.floor, 2);
    snprintf(note[0], sizeof note[0], "relative: %s is 0, guessing %s is 1", least, guess);
    snprintf(note[1], sizeof note[1], "guessing %s", guess);
    inside = pane_frame(m, c, &diagnosis_evidence_pane, (const char *const[]){note[0], note[1], NULL});
    if (inside.w < NAME_W + COLUMN_W || inside.h < 1)
        return;
    y = draw_table(&d, &m->snapshot->measured, &inside);
    key_of("diagnosis-test", inside.charset, test, sizeof test);
    key_of("diagnosis-cures", inside.charset, cures, sizeof cures);
    key_of("diagnosis-measure", inside.charset, measure, sizeof measure);
    if (d.test == TREE_TEST_NONE)
        snprintf(text, sizeof text, "%s", tree_test_words(d.test));
    else
        snprintf(text, sizeof text, "%s %s", d.test == TREE_TEST_MEASURE ? measure : d.test == TREE_TEST_CURES ? cures : test,
                 tree_test_words(d.test));
    y = line(&inside, y, STYLE_TEXT, text);
    if (is_old(&d, &m->snapshot->measured)) {
        number_count(guess, sizeof guess, m->snapshot->measured.step);
        snprintf(text, sizeof text, "* measured at step %s", guess);
        y = line(&inside, y, STYLE_QUIET, text);
    }
    if (m->snapshot->measured.status == MEASURED_FAILED)
        y = line(&inside, y, STYLE_WARNING, m->snapshot->measured.text);
    diagnosis_stuck_words(m, text, sizeof text);
    y = line(&inside, y, STYLE_STRONG, text);
    line(&inside, y, STYLE_QUIET, m->snapshot->stuck.evidence);
}

const struct pane diagnosis_evidence_pane = {
    .name = "evidence", .help = "losses of whole sets, the next test, stuck or not",
    .draw = evidence_draw};
