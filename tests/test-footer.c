/* SPDX-License-Identifier: MIT */
/* The footer of every pane at every width: the keys that matter, whole or not at all, and the way out. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curvature/curvature.h"
#include "landscape/map.h"
#include "race/panes.h"
#include "runs/panes.h"
#include "train/panes.h"
#include "scripted-app.h"

enum { HINTS = 40 };

static int gap_at(int w)
{
    return w >= 100 ? 3 : 2;
}

struct footer {
    char *text;
    struct key_hint hint[HINTS];
    int hints, shown[HINTS], free; /* columns that are left between both ends */
};

static void draw(const struct stage *s, int w, enum charset charset, struct footer *f)
{
    struct canvas c;

    assert_int_equal(canvas_init(&c, w, 1, charset), 0);
    footer_draw(&s->app.model, &c);
    f->text = canvas_to_text(&c);
    assert_non_null(f->text);
    f->text[strcspn(f->text, "\n")] = '\0';
    canvas_free(&c);
}

static void spell(enum charset charset, const struct key_hint *h, char *out, size_t size)
{
    struct canvas c;
    char *text, words[96];

    snprintf(words, sizeof words, "%s %s", h->label, h->brief);
    assert_int_equal(canvas_init(&c, 90, 1, charset), 0);
    canvas_text(&c, 0, 0, STYLE_TEXT, words);
    text = canvas_to_text(&c);
    assert_non_null(text);
    snprintf(out, size, "%.*s", (int)strcspn(text, "\n"), text);
    free(text);
    canvas_free(&c);
}

/* Takes the hints off the line from the left, in the table's order: nothing else may stand there. */
static void read_hints(const struct stage *s, int w, enum charset charset, struct footer *f)
{
    struct key_list active;
    const char *p = f->text + 1, *end = strstr(f->text, ": command");
    char words[96];

    assert_non_null(end);
    assert_int_equal(f->text[0], ' ');
    keys_active(&s->app.model, &active);
    for (int row = 0; (row = keys_footer(&active, row, 0, charset, &f->hint[f->hints])) > 0; f->hints++) {
        assert_in_range(f->hints, 0, HINTS - 2);
        spell(charset, &f->hint[f->hints], words, sizeof words);
        if (strncmp(p, words, strlen(words)) == 0 && p[strlen(words)] == ' ' && p[strlen(words) + 1] == ' ') {
            f->shown[f->hints] = 1;
            p += strlen(words);
            for (int blanks = 0; blanks < gap_at(w) && *p == ' '; blanks++)
                p++;
        }
    }
    f->free = (int)(end - p);
    if ((int)strspn(p, " ") != f->free)
        fail_msg("at %d columns \"%s\" has what is no key's", w, f->text);
}

static void check(const struct stage *s, int w, enum charset charset)
{
    const char *way_out = w >= 100 ? ": command   ? help   q quit" : ": command  ? help  q quit";
    struct footer f = {0};
    char words[96];

    draw(s, w, charset, &f);
    assert_true(strlen(f.text) > strlen(way_out));
    assert_string_equal(f.text + strlen(f.text) - strlen(way_out), way_out);
    read_hints(s, w, charset, &f);
    if (f.hints <= 3 || !f.shown[0]) /* what the pane is for */
        fail_msg("%d columns, %d hints: \"%s\"", w, f.hints, f.text);
    for (int i = 0; i < f.hints; i++) {
        struct canvas c = {.charset = charset};
        spell(charset, &f.hint[i], words, sizeof words);
        if (!f.shown[i] && canvas_width(&c, words) + gap_at(w) <= f.free)
            fail_msg("at %d columns there is room for \"%s\": \"%s\"", w, words, f.text);
        if (!f.shown[i] && w >= 200)
            fail_msg("\"%s\" is not told at %d columns: \"%s\"", words, w, f.text);
    }
    free(f.text);
}

static void every_pane_at_every_width(void **state)
{
    static const int widths[] = {80, 100, 120, 200};
    struct stage s;
    struct ui *ui;

    (void)state;
    stage_init(&s, "<wait 10 steps>");
    ui = &s.app.model.ui;
    ui->message[0] = '\0';
    for (int v = 0; views[v]; v++)
        for (int place = 0; place < view_panes(views[v]); place++) {
            stage_focus(&s, views[v], place);
            for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
                for (int charset = CHARSET_BRAILLE; charset <= CHARSET_ASCII; charset++)
                    check(&s, widths[i], (enum charset)charset);
        }
    stage_free(&s);
}

/* At 80 columns too: what is turned here, and what lets the training, or the race, go. */
static void what_matters_has_its_place(void **state)
{
    static const struct {
        const struct view *view;
        int place;
        const char *begins;
    } cases[] = {
        {&train_view, TRAIN_SETTINGS, " ↑↓ select  ←→ edit  ⏎ type  space pause  1–9 view  "},
        {&train_view, TRAIN_LOSS, " ←→ read  +- zoom  space pause  1–9 view  n step  "},
        {&curvature_view, CURVATURE_PANE_SPECTRUM, " pP probe  eE escape  i series  space pause  1–9 view  "},
        {&landscape_view, LANDSCAPE_MAP, " ⏎ draw  d directions  ←→↑↓ read  space pause  n step  "},
        {&race_view, RACE_MAP, " ↑↓←→ start  space race  n step  1–9 view  Tab pane  "},
        {&runs_view, RUNS_LIST, " ↑↓ select  space mark  s sort  1–9 view  "},
        {&race_view, RACE_RACERS_LIST, " ↑↓ select  ←→ edit  ⏎ type  space race  n step  "},
    };
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 10 steps>");
    s.app.model.ui.message[0] = '\0';
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct footer f = {0};
        stage_focus(&s, cases[i].view, cases[i].place);
        draw(&s, 80, CHARSET_BRAILLE, &f);
        if (strncmp(f.text, cases[i].begins, strlen(cases[i].begins)) != 0)
            fail_msg("\"%s\" does not begin with \"%s\"", f.text, cases[i].begins);
        free(f.text);
    }
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pane_at_every_width),
        cmocka_unit_test(what_matters_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
