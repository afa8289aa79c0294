/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "draw/text.h"
#include "source-path.h"

/* Every screen that is compared, the program that draws it, and why: a view, state or character set that no other one
 * shows. All else that may go wrong at a size is for the sweeps (golden_sweep, golden_guarded, test-panes'
 * views_at_all_sizes). */
static const struct {
    const char *program, *name, *reason;
} screens[] = {
    {"test-panes", "train-80x24", "the smallest whole screen: the size of most terminals"},
    {"test-panes", "train-120x40", "the usual large terminal: six panes"},
    {"test-panes", "train-200x60", "the layout with a column for settings and log"},
    {"test-panes", "train-40x12", "the smallest screen that shows anything of a run"},
    {"test-panes", "train-80x24-ascii", "curves and frames without Unicode"},
    {"test-panes", "train-80x24-block", "curves of half blocks, for fonts without Braille"},
    {"test-panes", "starting-80x24", "before the trainer has published anything"},
    {"test-panes", "empty-80x24", "paused before the first step: each pane says how to fill it"},
    {"test-panes", "computing-80x24", "a long first step: its share, a running clock, no hint to start"},
    {"test-panes", "evaluating-120x40", "a long evaluation, and a warning in the log's frame"},
    {"test-panes", "diverged-80x24", "step and tensor of a divergence, and what to do, in one line of log"},
    {"test-panes", "choice-80x24", "a value is typed, its candidates beside it"},
    {"test-panes", "refused-80x24", "a value out of range stays in the line"},
    {"test-panes", "candidates-80x24", "a command is completed"},
    {"test-panes", "restart-80x24", "a question with a long value"},
    {"test-panes", "quit-long-72x20-ascii", "a question that does not fit is cut, its answers are not"},
    {"test-panes", "cross-80x24", "cross-hair: titles show values at a step"},
    {"test-panes", "large-80x24", "one pane fills the screen"},
    {"test-panes", "contrast-120x40", "curves of the logit gradient beside its table"},
    {"test-panes", "layers-80x24", "the strip of layers: edit mark beside its axis's numbers"},
    {"test-panes", "small-quit-30x8", "a question on a screen too small for panes"},
    {"test-lists", "help-120x40", "the help page in a box"},
    {"test-experiments", "experiment-80x24", "two runs: curves, the first line, a setting they differ in"},
    {"test-experiments", "experiment-80x24-ascii", "two runs told apart without colour and Unicode"},
    {"test-experiments", "compare-80x24", "the list of comparisons"},
    {"test-look", "curvature-whole-80x24", "all eigenvalues known: histogram, verdict, stability"},
    {"test-look", "curvature-unconverged-200x60", "all panes of the view at once, some eigenpairs not converged"},
    {"test-look", "curvature-unconverged-80x24-ascii", "the spectrum without Unicode"},
    {"test-look", "curvature-saddle-100x30", "the verdict alone, with an escape offered"},
    {"test-look", "curvature-escaped-80x24", "predicted against actual change after an escape"},
    {"test-look", "curvature-running-80x24", "a probe is running"},
    {"test-look", "curvature-failed-80x24", "a probe failed"},
    {"test-look", "curvature-only-series-paused-80x24", "figures of a series without a probe by hand"},
    {"test-look", "curvature-step-120x40", "a step's gain, cost and fall as bars and over steps"},
    {"test-look", "curvature-step-80x24-ascii", "the same in the bottom row, without Unicode"},
    {"test-look", "curvature-stability-120x40", "λmax, batch sharpness and its limits over steps"},
    {"test-look", "curvature-stability-80x24", "the same where the verdict gives way"},
    {"test-look", "curvature-density-80x24", "the density takes the spectrum's place"},
    {"test-landscape-screen", "valley-80x24", "map, settings of the slice, figures"},
    {"test-landscape-screen", "valley-80x24-ascii", "shades and contours without Unicode"},
    {"test-landscape-screen", "line-80x24", "a line between two checkpoints"},
    {"test-landscape-screen", "curve-80x24", "the line and the curve in one plot, the barriers among the figures"},
    {"test-landscape-screen", "valley-path-120x40", "the cross-hair at a point of the path: its own loss and its distance"},
    {"test-landscape-screen", "landscape-empty-80x24", "no landscape yet: how to draw one"},
    {"test-landscape-screen", "landscape-coarse-80x24", "a landscape half done"},
    {"test-race-view", "race-80x24", "map and racers in two columns"},
    {"test-race-view", "race-120x40", "the race's four panes with a table of racers"},
    {"test-race-view", "race-diverged-80x24", "racers that diverged"},
    {"test-lessons-view", "lesson-page-80x24", "a step of a lesson: text, a question, what it will do"},
    {"test-lessons-view", "lesson-beside-80x24", "the lesson below the view that shows what it did"},
    {"test-lessons-view", "lesson-beside-120x40", "the lesson at the right of a wide screen"},
    {"test-lessons-view", "lesson-chinese-80x24", "wide characters are wrapped between any two"},
    {"test-lecture-views", "data-empty-80x24", "no predictions yet: how to make them"},
    {"test-lecture-views", "data-80x24", "an utterance with its phones, confusions, the ladder on data that does not compare"},
    {"test-lecture-views", "data-120x40", "the confusion matrix, classes and calibration beside them"},
    {"test-lecture-views", "data-80x24-ascii", "the heat map without Unicode"},
    {"test-lecture-views", "theory-80x24", "a bad draw, a vacuous bound, both plots"},
    {"test-lecture-views", "theory-120x40", "the same with the explanation of the terms"},
    {"test-lecture-views", "batch-empty-80x24", "nothing measured yet: how to measure"},
    {"test-lecture-views", "batch-80x24", "times beside the lecture's, a size skipped, both ends of a line"},
    {"test-lecture-views", "batch-120x40", "the same with the line drawn"},
    {"test-range-view", "range-test-80x24", "loss over learning rate, the suggestion in a sentence, beside the rate"},
    {"test-range-view", "range-test-120x40", "the same below loss and rate"},
    {"test-diagnosis-view", "diagnosis-80x24", "an overfitted run: the lit branch, evidence, layers of which two do badly"},
    {"test-diagnosis-view", "diagnosis-80x24-ascii", "the lit branch without colour and Unicode"},
    {"test-diagnosis-view", "diagnosis-120x40", "a sentence for each layer"},
    {"test-diagnosis-view", "diagnosis-empty-80x24", "not evaluated yet: the key that measures"},
    {"test-diagnosis-view", "cures-80x24", "the list of tests and cures"},
    {"test-losses-view", "losses-80x24", "two maps, their figures and the live run's logit gradient"},
    {"test-losses-view", "losses-120x40", "a descent that is not over; the table by probability"},
    {"test-runs-view", "runs-80x24", "the list of recorded runs, curves of a marked one beneath the selected one's"},
    {"test-race-view", "race-formula-80x24", "a formula of one's own fills the screen"},
};
enum { SCREENS = sizeof screens / sizeof *screens };
static int drawn[SCREENS];

/* The screen of this name, which must be listed for this program. */
static int place_of(const char *name)
{
    for (int i = 0; i < SCREENS; i++)
        if (strcmp(screens[i].name, name) == 0) {
            if (strcmp(screens[i].program, program_invocation_short_name) != 0)
                fail_msg("%s is listed in tests/golden.c for %s", name, screens[i].program);
            return i;
        }
    fail_msg("%s is not listed in tests/golden.c", name);
    return -1;
}

const char *golden_name(int i, const char **program)
{
    if (i >= SCREENS)
        return NULL;
    *program = screens[i].program;
    return screens[i].reason[0] ? screens[i].name : NULL;
}

void golden_all_drawn(void **state)
{
    int own = 0;

    (void)state;
    for (int i = 0; i < SCREENS; i++) {
        int here = strcmp(screens[i].program, program_invocation_short_name) == 0;
        if (here && !drawn[i])
            fail_msg("%s is listed for this program, which never draws it", screens[i].name);
        own += here;
    }
    assert_true(own > 0);
}

static void compare_text(const char *name, const char *text)
{
    char *path = text_format("%s/%s.txt", source_path("tests/golden"), name), *golden = NULL;
    struct err e = {0};
    size_t size;

    assert_non_null(path);
    if (getenv("SADDLE_UPDATE_GOLDEN"))
        assert_int_equal(file_replace(path, text, strlen(text), &e), 0);
    if (file_read(path, 1 << 20, &golden, &size, &e))
        fail_msg("%s", e.text);
    if (strcmp(golden, text) != 0)
        fail_msg("%s differs; this is drawn now:\n%s", path, text);
    free(golden);
    free(path);
}

static char *drawn_text(struct stage *s, int w, int h, enum charset charset)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_resize(&s->app, w, h);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    assert_non_null(text);
    canvas_free(&c);
    return text;
}

void golden_screen(const char *name, struct stage *s, int w, int h, enum charset charset)
{
    static const char *const suffixes[] = {"", "-block", "-ascii"};
    char *file = text_format("%s-%dx%d%s", name, w, h, suffixes[charset]), *text = drawn_text(s, w, h, charset);
    int i = place_of(file);

    compare_text(file, text);
    drawn[i] = 1;
    free(text);
    free(file);
}

/* As many lines as the screen has rows, none longer than its columns, and in ASCII nothing above 7 bits. */
static void check_extent(const char *text, int w, int h, enum charset charset)
{
    char line[4096];
    int rows = 0;

    for (const char *end; *text; text = end + 1, rows++) {
        end = strchr(text, '\n');
        assert_non_null(end);
        assert_true((size_t)(end - text) < sizeof line);
        snprintf(line, sizeof line, "%.*s", (int)(end - text), text);
        if (text_width(line) > w)
            fail_msg("row %d of %d×%d is too long: \"%s\"", rows, w, h, line);
        for (const char *p = line; charset == CHARSET_ASCII && *p; p++)
            if ((unsigned char)*p > 126)
                fail_msg("row %d of %d×%d is not ASCII: \"%s\"", rows, w, h, line);
    }
    assert_int_equal(rows, h);
}

void golden_sweep(struct stage *s)
{
    static const int sizes[][2] = {{1, 1}, {12, 3}, {20, 5}, {40, 12}, {60, 36}, {64, 20}, {76, 18},
                                   {80, 24}, {100, 30}, {120, 40}, {160, 50}, {200, 60}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int charset = CHARSET_BRAILLE; charset <= CHARSET_ASCII; charset++) {
            char *text = drawn_text(s, sizes[i][0], sizes[i][1], (enum charset)charset);
            check_extent(text, sizes[i][0], sizes[i][1], (enum charset)charset);
            free(text);
        }
    app_resize(&s->app, 80, 24);
}

void golden_guarded(const struct model *m, const struct pane *pane, int w, int h, enum charset charset)
{
    enum { EDGE = 3, SENTINEL = 0x2603 };
    struct canvas c, part;

    assert_int_equal(canvas_init(&c, w + 2 * EDGE, h + 2 * EDGE, charset), 0);
    for (int i = 0; i < c.w * c.h; i++)
        c.cells[i] = (struct cell){.ch = SENTINEL, .style = STYLE_COUNT};
    part = canvas_part(&c, (struct rect){EDGE, EDGE, w, h});
    if (!pane)
        help_draw(m, &part);
    else
        pane->draw(m, &part);
    for (int y = 0; y < c.h; y++)
        for (int x = 0; x < c.w; x++)
            if (x < EDGE || y < EDGE || x >= EDGE + w || y >= EDGE + h)
                if (c.cells[y * c.w + x].ch != SENTINEL || c.cells[y * c.w + x].style != STYLE_COUNT)
                    fail_msg("%s at %d×%d writes outside, at %d, %d", pane ? pane->name : "the help", w, h, x - EDGE, y - EDGE);
    canvas_free(&c);
}
