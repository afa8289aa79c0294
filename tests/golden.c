/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "source-path.h"

/* Every screen that is compared, and why: a view, state or character set that no other one shows. All else that may go
 * wrong at a size is for the sweeps over sizes (golden_guarded, test-panes' views_at_all_sizes). */
static const struct {
    const char *name, *reason;
} screens[] = {
    {"train-80x24", "the smallest whole screen: what most terminals show"},
    {"train-120x40", "the usual large terminal: six panes"},
    {"train-200x60", "the layout with a column of its own for settings and log"},
    {"train-40x12", "the smallest screen that shows anything of a run"},
    {"train-80x24-ascii", "curves and frames without Unicode"},
    {"train-80x24-block", "curves of half blocks, for fonts without Braille"},
    {"starting-80x24", "before the trainer has published anything"},
    {"empty-80x24", "paused before the first step: each pane says how to fill it"},
    {"computing-80x24", "a long first step: its share, a running clock, no hint to start"},
    {"evaluating-120x40", "a long evaluation, and a warning in the log's frame"},
    {"diverged-80x24", "step and tensor of a divergence in one line of log"},
    {"diverged-120x40", "the same beside a longer way out, marked on the curves"},
    {"typing-80x24", "a value is typed"},
    {"choice-80x24", "a choice is typed, its candidates beside it"},
    {"refused-80x24", "a value out of range stays in the line"},
    {"candidates-80x24", "a command is completed"},
    {"restart-80x24", "a question with a long value"},
    {"quit-long-72x20-ascii", "a question that does not fit is cut, its answers are not"},
    {"cross-80x24", "cross-hair: titles show values at a step"},
    {"large-80x24", "one pane fills the screen"},
    {"contrast-120x40", "curves of the logit gradient beside its table"},
    {"layers-80x24", "the strip of layers: edit mark beside its axis's numbers"},
    {"help-120x40", "the help page in a box"},
    {"help-40x12", "the help page on a narrow screen"},
    {"small-quit-30x8", "a question on a screen too small for panes"},
    {"curvature-whole-80x24", "all eigenvalues known: histogram, verdict, stability"},
    {"curvature-whole-120x40", "the same with blocks and sharpness"},
    {"curvature-unconverged-80x24", "both ends of the spectrum, some not converged"},
    {"curvature-unconverged-200x60", "all panes of the view at once"},
    {"curvature-unconverged-80x24-ascii", "the spectrum without Unicode"},
    {"curvature-saddle-100x30", "the verdict alone, with an escape offered"},
    {"curvature-escaped-80x24", "predicted against real change after an escape"},
    {"curvature-running-80x24", "a probe is running"},
    {"curvature-failed-80x24", "a probe failed"},
    {"curvature-only-series-paused-80x24", "figures of a series without a probe by hand"},
    {"curvature-density-80x24", "the density takes the spectrum's place"},
    {"valley-80x24", "map, settings of the slice, figures"},
    {"valley-120x40", "the same with room for names and legend"},
    {"valley-80x24-ascii", "shades and contours without Unicode"},
    {"line-80x24", "a line between two checkpoints"},
    {"landscape-empty-80x24", "no landscape yet: how to draw one"},
    {"landscape-coarse-80x24", "a landscape half done"},
    {"race-80x24", "map and racers in two columns"},
    {"race-120x40", "the race's four panes with a table of racers"},
    {"race-40x12", "the race on a narrow screen"},
    {"race-diverged-80x24", "racers that diverged"},
    {"race-formula-80x24", "a formula of one's own fills the screen"},
};
enum { SCREENS = sizeof screens / sizeof *screens };

static int is_compared(const char *name)
{
    for (int i = 0; i < SCREENS; i++)
        if (strcmp(screens[i].name, name) == 0)
            return 1;
    return 0;
}

const char *golden_name(int i)
{
    return i < SCREENS && screens[i].reason[0] ? screens[i].name : NULL;
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

void golden_screen(const char *name, struct stage *s, int w, int h, enum charset charset)
{
    static const char *const suffixes[] = {"", "-block", "-ascii"};
    struct canvas c;
    char *text, *file = text_format("%s-%dx%d%s", name, w, h, suffixes[charset]);

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_resize(&s->app, w, h);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    if (is_compared(file))
        compare_text(file, text);
    free(text);
    free(file);
    canvas_free(&c);
}

void golden_guarded(const struct model *m, const struct pane *pane, int w, int h, enum charset charset)
{
    enum { EDGE = 3, SENTINEL = 0x2603 };
    struct canvas c, part;

    assert_int_equal(canvas_init(&c, w + 2 * EDGE, h + 2 * EDGE, charset), 0);
    for (int i = 0; i < c.w * c.h; i++)
        c.cells[i] = (struct cell){SENTINEL, 0, STYLE_COUNT, 0};
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
