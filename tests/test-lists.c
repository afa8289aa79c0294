/* SPDX-License-Identifier: MIT */
/* Long lists: the help's page, the log and the knobs, whole on every width and paged through. */
#include "test.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "train/panes.h"
#include "draw/text.h"

/* What the help says on a screen of this size, in one line with single blanks. */
static char *words_of(struct stage *s, int w, int h)
{
    struct canvas c;
    char *text, *out;
    size_t n = 0;

    assert_int_equal(canvas_init(&c, w, h, CHARSET_BRAILLE), 0);
    help_draw(&s->app.model, &c);
    text = canvas_to_text(&c);
    out = malloc(strlen(text) + 1);
    assert_non_null(out);
    for (const char *p = text; *p;) {
        const char *before = p;
        uint32_t ch = text_next(&p);
        if (ch == 0x2502 || isspace((int)(ch < 128 ? ch : 'x'))) {
            if (n && out[n - 1] != ' ')
                out[n++] = ' ';
        } else {
            memcpy(out + n, before, (size_t)(p - before));
            n += (size_t)(p - before);
        }
    }
    out[n] = '\0';
    free(text);
    canvas_free(&c);
    return out;
}

static void no_word_of_the_help_is_cut(void **state)
{
    static const int widths[] = {40, 47, 60, 78, 80, 84, 120, 200};
    const struct command_row *t;
    const struct key_binding *b;
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 10 steps>?");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        char *words = words_of(&s, widths[i], 1200);
        if (!strstr(words, "need a restart; those with (·) are not used by the current methods."))
            fail_msg("%d columns: %.400s", widths[i], words);
        for (int k = 0; (b = key_binding_at(k)); k++)
            if (!strstr(words, b->help))
                fail_msg("%d columns cut \"%s\"", widths[i], b->help);
        for (int k = 0; (t = command_at(k)); k++) {
            char command[64];
            snprintf(command, sizeof command, " %s%s %.30s", t->name, t->args, t->help); /* its help stands apart */
            if (!strstr(words, command) || !strstr(words, t->help))
                fail_msg("%d columns cut \"%s\"", widths[i], command);
        }
        for (int k = 0; every_pane(k); k++)
            if (!strstr(words, every_pane(k)->help))
                fail_msg("%d columns cut \"%s\"", widths[i], every_pane(k)->help);
        free(words);
    }
    golden_screen("help", &s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_free(&s);
}

/* The keys of every pager. */
static void the_help_is_paged(void **state)
{
    struct stage s;
    const int *top = &s.app.model.ui.help_top;
    int last;

    (void)state;
    stage_init(&s, "<wait 10 steps>?");
    app_resize(&s.app, 40, 12);
    last = help_rows(&s.app.model, 40, CHARSET_BRAILLE) - 8;
    assert_true(last > 150);
    stage_play(&s, "<PgDn>");
    assert_int_equal(*top, 8);
    stage_play(&s, "<C-d>");
    assert_int_equal(*top, 12);
    stage_play(&s, "<C-u><PgUp>j");
    assert_int_equal(*top, 1);
    stage_play(&s, "G");
    assert_int_equal(*top, last);
    stage_play(&s, "<PgDn>j<End>");
    assert_int_equal(*top, last);
    stage_play(&s, "<Home>");
    assert_int_equal(*top, 0);
    stage_play(&s, "<End>g<WheelDown>");
    assert_int_equal(*top, 3);
    stage_play(&s, "G");
    app_resize(&s.app, 120, 40); /* less is scrolled away there: its end is seen all the same */
    golden_sweep(&s);
    stage_free(&s);
}

static void the_log_is_paged(void **state)
{
    struct stage s;
    const int *top = &s.app.model.ui.log_top;
    struct snapshot *d;

    (void)state;
    stage_init(&s, "");
    d = fake_trainer_draft(s.trainer);
    d->log_count = 50;
    for (int i = 0; i < 50; i++)
        snprintf(d->log[i].text, SNAPSHOT_TEXT, i % 2 ? "odd %d" : "even %d", i);
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    s.app.model.ui.focus = TRAIN_LOG;
    app_resize(&s.app, 80, 24);
    stage_play(&s, "z<PgDn>"); /* 24 rows but status line, footer and frame */
    assert_int_equal(*top, 20);
    stage_play(&s, "G");
    assert_int_equal(*top, 30);
    stage_play(&s, "<C-u>");
    assert_int_equal(*top, 20);
    stage_play(&s, "g");
    assert_int_equal(*top, 0);
    stage_play(&s, "/odd<Enter>G");
    assert_int_equal(*top, 5);
    stage_free(&s);
}

static void the_knobs_are_paged(void **state)
{
    struct stage s;
    const int *chosen = &s.app.model.ui.chosen;
    int first;

    (void)state;
    stage_init(&s, "");
    app_resize(&s.app, 80, 24);
    stage_play(&s, "ag");
    first = *chosen;
    assert_int_equal(first, 0);
    stage_play(&s, "<PgDn>");
    assert_true(*chosen > 1);
    stage_play(&s, "G");
    assert_int_equal(*chosen, KNOB_COUNT - 1);
    stage_play(&s, "<C-u><PgUp><Home>");
    assert_int_equal(*chosen, first);
    stage_free(&s);
}

/* The rows of the log pane that hold a word. */
static int rows_with(struct stage *s, int h, const char *word)
{
    struct canvas c;
    char *text, *at;
    int rows = 0;

    assert_int_equal(canvas_init(&c, 40, h, CHARSET_BRAILLE), 0);
    log_pane.draw(&s->app.model, &c);
    text = canvas_to_text(&c);
    for (at = text; (at = strstr(at, word)); at++)
        rows++;
    free(text);
    canvas_free(&c);
    return rows;
}

/* Entries longer than a row are shown whole where rows are left, the newest first; else each has one. */
static void long_entries_are_whole_where_there_is_room(void **state)
{
    struct stage s;
    struct snapshot *d;

    (void)state;
    stage_init(&s, "");
    d = fake_trainer_draft(s.trainer);
    d->log_count = 3;
    for (int i = 0; i < 3; i++)
        snprintf(d->log[i].text, SNAPSHOT_TEXT, "begin%d with words enough for two rows of it, and an end%d", i, i);
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    assert_true(rows_with(&s, 12, "begin") == 3 && rows_with(&s, 12, "end") == 3);
    assert_true(rows_with(&s, 5, "begin") == 3 && rows_with(&s, 5, "end") == 0);
    assert_true(rows_with(&s, 7, "begin") == 3 && rows_with(&s, 7, "end2") == 1 && rows_with(&s, 7, "end0") == 0);
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_word_of_the_help_is_cut),
        cmocka_unit_test(the_help_is_paged),
        cmocka_unit_test(the_log_is_paged),
        cmocka_unit_test(long_entries_are_whole_where_there_is_room),
        cmocka_unit_test(the_knobs_are_paged),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
