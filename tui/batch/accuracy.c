/* SPDX-License-Identifier: MIT */
/* Accuracy by batch size: the lecture's figures, and this lab's runs beside them. */
#include "batch/panes.h"

#include <stdio.h>

#include "draw/number.h"

enum { SIZES = 6, NAME = 6, COLUMN = 5 };

static const char *const heads[SIZES] = {"1", "10", "100", "1k", "10k", "60k"};

/* Read off the lecture's charts, to the digits that can be read. */
static const struct {
    const char *name, *accuracy[SIZES];
} chart[] = {
    {"MNIST", {".982", ".991", ".992", ".985", ".955", ".838"}},
    {"  val", {".991", ".993", ".992", ".990", ".970", ".871"}},
    {"CIFAR", {".58", ".56", ".44", ".43", ".40", ".30"}},
    {"  val", {".61", ".55", ".46", ".43", ".44", ".33"}},
};
enum { ROWS = sizeof chart / sizeof *chart };

/* Test accuracy in %, batches of 256 and of a tenth of the data: Keskar et al., arXiv 1609.04836, as in the lecture. */
static const struct {
    const char *name;
    double small, large;
} networks[] = {
    {"F1", 98.03, 97.81}, {"F2", 64.02, 59.45}, {"C1", 80.04, 77.26}, {"C2", 89.24, 87.26}, {"C3", 49.58, 46.45}, {"C4", 63.08, 57.81},
};
enum { NETWORKS = sizeof networks / sizeof *networks, BESIDE = 2 };

static int draw_chart(struct canvas *c, int y)
{
    if (c->h - y > ROWS + 1)
        canvas_cut(c, 0, y++, c->w, STYLE_QUIET, "lecture: training, validation below");
    canvas_text(c, 0, y, STYLE_QUIET, "batch");
    for (int i = 0; i < SIZES; i++)
        canvas_text_right(c, NAME + COLUMN * (i + 1), y, STYLE_QUIET, heads[i]);
    y++;
    for (int r = 0; r < ROWS; r++, y++) {
        canvas_text(c, 0, y, STYLE_QUIET, chart[r].name);
        for (int i = 0; i < SIZES; i++)
            canvas_text_right(c, NAME + COLUMN * (i + 1), y, STYLE_TEXT, chart[r].accuracy[i]);
    }
    return y;
}

/* "A: batch 512, validation .704", where there are figures. */
static int draw_runs(const struct model *m, struct canvas *c, int y)
{
    for (int i = 0; i < TRAINER_RUNS && y < c->h; i++) {
        const struct snapshot *s = &m->runs->run[i];
        char size[NUMBER_SIZE], share[NUMBER_SIZE], line[96];
        if (!(m->runs->there >> i & 1) || !(s->validation_accuracy >= 0))
            continue;
        number_count(size, sizeof size, (uint64_t)s->knobs.value[KNOB_BATCH_SIZE]);
        number_share(share, sizeof share, s->validation_accuracy);
        snprintf(line, sizeof line, "run %c, batch %s: validation %s", 'A' + i, size, share);
        canvas_cut(c, 0, y++, c->w, STYLE_STRONG, line);
    }
    return y;
}

static int draw_keskar(struct canvas *c, int y)
{
    char line[64];

    canvas_cut(c, 0, y++, c->w, STYLE_QUIET, "Keskar et al., % of the test set:");
    canvas_cut(c, 0, y++, c->w, STYLE_QUIET, "batch 256 | 10 % of the data");
    for (int i = 0; i < NETWORKS / BESIDE && y < c->h; i++, y++)
        for (int k = 0; k < BESIDE; k++) {
            int n = i + k * NETWORKS / BESIDE;
            snprintf(line, sizeof line, "%s %.2f | %.2f", networks[n].name, networks[n].small, networks[n].large);
            canvas_cut(c, 19 * k, y, c->w - 19 * k, STYLE_TEXT, line);
        }
    return y;
}

int batch_accuracy(const struct model *m, struct canvas *c, int y)
{
    y = draw_runs(m, c, y);
    if (c->h - y < ROWS + 1)
        return y;
    y = draw_chart(c, y);
    if (c->h - y < 3 + NETWORKS / BESIDE)
        return y;
    return draw_keskar(c, y + 1);
}

static void accuracy_draw(const struct model *m, struct canvas *c)
{
    struct canvas inside = pane_frame(m, c, &batch_accuracy_pane, (const char *const[]){"lecture's charts", NULL});

    if (inside.w > 0 && inside.h > 0)
        batch_accuracy(m, &inside, 0);
}

const struct pane batch_accuracy_pane = {.name = "accuracy by batch", .help = "accuracy by batch size: the lecture's, and the runs'",
    .draw = accuracy_draw};
