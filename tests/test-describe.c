/* SPDX-License-Identifier: MIT */
/* Plots and maps in words: :describe, for every pane that draws one. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/describe.h"
#include "scripted-app.h"

/* Whatever can be saved as a picture can be told in words, and everything that is told has a name to ask for it by. */
static void every_picture_has_words(void **state)
{
    int pictures = 0;

    (void)state;
    for (int i = 0; every_pane(i); i++) {
        const struct pane *pane = every_pane(i);
        int named = 0;
        if (!pane->svg && !pane->plot)
            continue;
        if (!pane->describe && !pane->plot)
            fail_msg("%s is not described", pane->name);
        for (int k = 0; command_describe_word("", k); k++)
            named |= strcmp(command_describe_word("", k), pane->name) == 0;
        assert_int_equal(named, 1);
        pictures++;
    }
    assert_true(pictures > 20);
}

/* In any state, a line that is whole. */
static void words_are_bounded(void **state)
{
    struct stage *s = *state;
    char line[160];

    for (int k = 0; command_describe_word("", k); k++) {
        snprintf(line, sizeof line, ":describe %s<Enter>", command_describe_word("", k));
        stage_play(s, line);
        assert_true(strlen(s->app.model.ui.message) > 10 && strlen(s->app.model.ui.message) < DESCRIBE_SIZE);
        assert_null(strstr(s->app.model.ui.message, "nan"));
        assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    }
}

static void curves_are_told(void **state)
{
    static const double x[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    static const float falls[] = {4, 3, 2, 1.5f, 1.2f, 1.1f, 1.02f, 1.01f, 1, 1, 1, 1};
    static const float dips[] = {2, 1, .5f, .2f, .5f, 1, 1.2f, 1.4f, 1.6f, 1.7f, 1.75f, 1.8f};
    const struct series series[] = {{.name = "dips", .count = 12, .x = x, .y = dips}, {.name = "falls", .count = 12, .x = x, .y = falls}};
    const struct plot_mark marks[] = {{.x = 4, .style = STYLE_EDIT, .name = "N"}, {.x = 2, .style = STYLE_EDIT, .name = "edit"}};
    struct plot p = {.x = {.lo = 0, .hi = 12, .unit = "step"}, .series = series, .series_count = 2, .now = NAN, .cross = 3,
                     .marks = marks, .mark_count = 2};
    char text[DESCRIBE_SIZE];

    (void)state;
    describe_plot("loss", &p, text);
    assert_string_equal(text, "loss, step 0 to 12: falls falls from 4 to 1, flat at the end; dips falls from 2 to 1.8, lowest 0.2 at 3, rising at the "
                              "end. At the cross-hair, 3: falls 1.5, dips 0.2. Since the edit at 2, falls went from 2 to 1");
    p.series_count = 0;
    p.cross = NAN;
    describe_plot("loss", &p, text);
    assert_string_equal(text, "loss, step 0 to 12: nothing to see yet");
}

static void maps_are_told(void **state)
{
    static const float z[] = {1, 2, 3, 4, NAN, 6, 7, 8, 9};
    /* the middle is not known: beside it the nearest height counts */
    static const double way_x[] = {NAN, -1, 0, .5}, way_y[] = {NAN, -1, 0, 1}, off_x[] = {0, 3}, off_y[] = {0, 3};
    const struct field_path paths[] = {{.name = "sgd", .count = 4, .x = way_x, .y = way_y}, {.name = "adam", .count = 2, .x = off_x, .y = off_y}};
    struct field f = {.x = {.lo = -1, .hi = 1, .unit = "w1"}, .y = {.lo = -1, .hi = 1}, .z_axis = {.lo = 1, .hi = 9}, .z_name = "loss",
                      .columns = 3, .rows = 3, .z = z, .paths = paths, .path_count = 2};
    char text[DESCRIBE_SIZE];

    (void)state;
    describe_map("bowl", &f, text);
    assert_string_equal(text, "bowl, w1 -1 to 1, y -1 to 1: loss from 1 at (-1, -1) to 9 at (1, 1); sgd from (-1, -1) to (0.5, 1), height about 9; "
                              "adam from (0, 0) to (3, 3), off the map");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_has_words),
        WITH_APP(words_are_bounded),
        cmocka_unit_test(curves_are_told),
        cmocka_unit_test(maps_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
