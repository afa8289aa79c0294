/* SPDX-License-Identifier: MIT */
/* What commands answer: on a screen with the keys that go on from there, in lines without. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command-line.h"
#include "app/keymap.h"
#include "draw/text.h"
#include "run/hyperparameter.h"
#include "scripted-app.h"

enum { FIRST = 0x4e00 }; /* every action's own character: no message contains one unless it names a key */

static const char *const rests[] = {"",    "nonsense", "0",         "1",       "-1",        "1e99",   "none/none.svg",
                                    "5 5", "1000 2000", "add sgd",  "next",    "all",       "cancel", "off",
                                    "1 1", "9999 9999", "1d",       "follow",  "line none", "random", "gradient 1d",
                                    "! none/none.svg",  "x^2 + y^2"};

static void bind_own_characters(void)
{
    const struct key_binding *b;
    struct err e;
    int bound = 0;

    for (int i = 0; (b = key_binding_at(i)); i++) {
        char key[8] = "";
        key[text_encode((uint32_t)(FIRST + i), key)] = '\0';
        bound += keys_bind(b->name, key, &e) == 0; /* else it acts in text, where a character would be typed */
    }
    assert_true(bound > 60);
}

/* Keys that act in text have names. */
static const char *named_key(const char *message)
{
    static const char *const names[] = {"Tab", "Enter", "Esc", "Ctrl-", "Home", "End", "PgUp", "PgDn", "⏎", "⇥", "←", "→",
                                        "press"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(message, names[i]))
            return names[i];
    return NULL;
}

static int names_key(const char *message)
{
    const char *at = message;

    while (*at) {
        uint32_t ch = text_next(&at);
        if (ch >= FIRST && ch < FIRST + 0x1000)
            return 1;
    }
    return named_key(message) != NULL;
}

/* The answer to one line, with this pane in focus; "" is none. */
static const char *answer(struct stage *s, const struct view *v, int pane, const char *line)
{
    struct ui *ui = &s->app.model.ui;

    stage_focus(s, v, pane);
    ui->message[0] = '\0';
    command_line_run(&s->app, line);
    app_gather(&s->app);
    ui->mode = MODE_NORMAL;
    return ui->message;
}

/* Every command and setting, in every pane of every view; returns how many answers name a key. */
static int ask_all(struct stage *s, int *answers, char *example, size_t size)
{
    const struct command_row *row;
    char line[200];
    int named = 0;

    *answers = 0;
    for (int v = 0; views[v]; v++)
        for (int p = 0; p < view_panes(views[v]); p++)
            for (int c = 0; c < KNOB_COUNT || command_at(c - KNOB_COUNT); c++)
                for (size_t r = 0; r < sizeof rests / sizeof *rests; r++) {
                    const char *said;
                    row = c < KNOB_COUNT ? NULL : command_at(c - KNOB_COUNT);
                    if (!row && p > 0) /* a setting is one in every pane */
                        break;
                    snprintf(line, sizeof line, "%s%s%s", row ? row->name : knob_row((enum knob_id)c)->name,
                             *rests[r] == '!' ? "" : " ", rests[r]);
                    said = answer(s, views[v], p, line);
                    *answers += *said != '\0';
                    if (names_key(said) && named++ == 0)
                        snprintf(example, size, "%.100s: %.250s", line, said);
                }
    return named;
}

static void in_lines_no_answer_names_a_key(void **state)
{
    struct stage *s = *state;
    char example[400] = "";
    int answers;

    bind_own_characters();
    assert_true(ask_all(s, &answers, example, sizeof example) > 0); /* a screen has keys, and they are seen here */
    s->app.options.plain = 1;
    if (ask_all(s, &answers, example, sizeof example) > 0)
        fail_msg("%s", example);
    assert_true(answers > 1000);
    keys_reset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_APP(in_lines_no_answer_names_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
