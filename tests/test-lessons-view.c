/* SPDX-License-Identifier: MIT */
/* A lesson through the real key handler. */
#include "test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draw/text.h"
#include "golden.h"
#include "lesson/check.h"
#include "lesson/lessons.h"
#include "race/panes.h"

static char open_it[600];

/* A screen of these columns and rows. */
static char *screen(struct stage *s, int w, int h)
{
    struct canvas c;
    char *lines;

    assert_int_equal(canvas_init(&c, w, h, CHARSET_BRAILLE), 0);
    app_resize(&s->app, w, h);
    app_draw(&s->app, &c);
    lines = canvas_to_text(&c);
    canvas_free(&c);
    return lines;
}

/* … holds the text, or the other one. */
static int shows_either(struct stage *s, int w, int h, const char *text, const char *other)
{
    char *lines = screen(s, w, h);
    int found = strstr(lines, text) || strstr(lines, other);

    if (!found)
        print_message("%s\n", lines);
    free(lines);
    return found;
}

static int shows(struct stage *s, int w, int h, const char *text)
{
    return shows_either(s, w, h, text, text);
}

static void a_lesson_is_predicted_done_and_checked(void **state)
{
    struct stage *s = *state;
    const struct lesson_player *p = &lessons_of(&s->app.model)->player;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK) /* the run has made steps */
        stage_play(s, "y");
    assert_true(shows(s, 80, 24, "on a quadratic bowl"));
    assert_int_equal(p->phase, PLAYER_ASKING);
    assert_int_equal(s->app.model.ui.mode, MODE_COMMAND);
    stage_play(s, "4<Enter>");
    assert_int_equal(p->phase, PLAYER_END);
    assert_ptr_equal(view_shown(&s->app.model), &race_view);
    assert_int_equal(race_of(&s->app.model)->steps, 5);
    assert_true(shows(s, 80, 24, "✓ 5 steps"));
    assert_true(shows(s, 80, 24, "✗ no more than 5"));
    assert_true(shows(s, 120, 40, "you said 4"));
    assert_int_equal(p->checks, 2);
    assert_true(p->check[0].holds && !p->check[1].holds);
    assert_true(p->answer[0].judged);

    stage_play(s, "."); /* the next step: a choice */
    assert_int_equal(s->app.model.ui.mode, MODE_CHOOSE);
    stage_play(s, "3"); /* is none */
    assert_int_equal(s->app.model.ui.mode, MODE_CHOOSE);
    stage_play(s, "1");
    assert_int_equal(p->phase, PLAYER_END);
    assert_ptr_equal(pane_focused(&s->app.model), &racers_pane);
    assert_true(p->answer[1].judged && p->answer[1].right);
    assert_true(shows(s, 120, 40, "right: the first"));

    stage_play(s, "..");
    assert_null(p->lesson);
    assert_ptr_equal(view_shown(&s->app.model), &lessons_view);
}

/* What "." does next stands beside every view, however long the title is: without it nobody knows how to go on. */
static void the_next_key_is_shown_at_every_size(void **state)
{
    static const char *const title[] = {"Short", "A title as long as the line of the frame has room for, and more than that by far"};
    struct stage *s = *state;
    struct lesson *l;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    stage_play(s, "4<Enter>");
    l = lessons_of(&s->app.model)->player.lesson;
    for (int i = 0; i < 2; i++) {
        const char *own = l->title;
        l->title = title[i];
        for (int w = 80; w <= 200; w += 10)
            for (int h = 24; h <= 60; h += 4)
                if (!shows_either(s, w, h, ". shows the next step", ". … "))
                    fail_msg("%dx%d, title %d", w, h, i);
        l->title = own;
    }
}

/* However many commands a step has: they are one line beside a view, with an end. */
static void a_long_block_is_folded(void **state)
{
    char file[] = "/tmp/saddle-lesson-XXXXXX", open_that[64];
    int fd = mkstemp(file);
    FILE *f = fdopen(fd, "w");
    struct stage *s = *state;

    assert_non_null(f);
    fputs("# Long\n*5 minutes*\n\n## Step\nText.\n\n```do\n", f);
    for (int i = 0; i < 30; i++) /* as many lines as a block may have */
        fprintf(f, "learning_rate 1e-3\nsurface (x - %d)^2 + y^2 + x*y/1%d + (y - %d)^2 + (x + 2)^4 + (y - 3)^4\n", i, i, i);
    fputs("```\n", f);
    fclose(f);
    snprintf(open_that, sizeof open_that, ":lesson %s<Enter>", file);
    stage_play(s, open_that);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    assert_int_equal(lessons_of(&s->app.model)->player.phase, PLAYER_READING);
    stage_play(s, "1"); /* beside a view */
    assert_true(shows(s, 120, 40, "· 1 setting, surface"));
    unlink(file);
}

static void going_back_does_again_what_came_before(void **state)
{
    struct stage *s = *state;
    const struct lesson_player *p = &lessons_of(&s->app.model)->player;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    app_resize(&s->app, 200, 60);
    stage_play(s, "4<Enter>.1");
    assert_int_equal(p->step, 1);
    stage_play(s, ":start 2,2<Enter>:lesson reset<Enter>");
    assert_int_equal(p->step, 1);
    assert_int_equal(p->answers, 1); /* that of this step is asked again */
    stage_play(s, "<Esc>,");
    assert_int_equal(p->step, 0);
    assert_int_equal(p->answers, 0);
    assert_int_equal(p->phase, PLAYER_ASKING);
}

static void questions_may_be_left_and_skipped(void **state)
{
    struct stage *s = *state;
    const struct lesson_player *p = &lessons_of(&s->app.model)->player;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    stage_play(s, "<Esc>");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    assert_int_equal(p->phase, PLAYER_ASKING);
    stage_play(s, ".");
    assert_int_equal(s->app.model.ui.mode, MODE_COMMAND);
    stage_play(s, "<C-u>answer nonsense<Enter>");
    assert_int_equal(p->phase, PLAYER_ASKING);
    stage_play(s, "<Esc>:answer skip<Enter>");
    assert_int_equal(p->phase, PLAYER_READING);
    stage_play(s, "..<Esc>"); /* done; the choice is left */
    assert_int_equal(p->step, 1);
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, ".");
    assert_int_equal(s->app.model.ui.mode, MODE_CHOOSE);
    stage_play(s, "."); /* skipped */
    assert_int_equal(p->phase, PLAYER_END);
    assert_true(p->answer[1].skipped && !p->answer[1].right);
}

/* ---- each lesson, read by "." alone ------------------------------------------------------------ */

enum { SEEN_MOST = 4000 };
struct reader {
    int count;
    char line[SEEN_MOST][330]; /* what there was to be read, and … */
    char seen[SEEN_MOST];      /* … whether it was on the screen */
};

static int in_question(const struct stage *s)
{
    return s->app.model.ui.mode == MODE_COMMAND;
}

/* A question that is not asked yet is not seen in part, but for one that is higher than the pane. */
static void numbers_that_are_seen_answer(const struct stage *s, struct rect r, int beside, struct page *p)
{
    struct page_window w;

    page_window(&s->app.model, r.w, r.h, CHARSET_BRAILLE, beside, p, &w);
    if (p->question > w.top && w.below && s->app.model.ui.mode == MODE_NORMAL)
        assert_true(w.top + w.rows <= p->question);
}

/* What there is to be read now, and which of it is seen. */
static void look(struct stage *s, struct reader *r, int w, int h)
{
    const struct lessons *l = lessons_of(&s->app.model);
    struct layout at = app_layout(&s->app, w, h);
    int beside = view_shown(&s->app.model) != &lessons_view;
    struct rect rect = beside ? at.beside : at.pane[LESSONS_PAGE];
    struct page *p = malloc(sizeof *p);
    char *lines = screen(s, w, h);

    assert_true(rect.w > 0);
    page_make(l, rect.w - 4, CHARSET_BRAILLE, beside, p);
    for (int i = 0; i < p->count; i++) {
        int k = 0;
        if (!p->line[i].text[0] || (p->line[i].block >= 0 && l->player.lesson->block[p->line[i].block].kind == LESSON_DO))
            continue;
        while (k < r->count && strcmp(r->line[k], p->line[i].text) != 0)
            k++;
        assert_true(k < SEEN_MOST);
        if (k == r->count)
            snprintf(r->line[r->count++], sizeof r->line[k], "%s", p->line[i].text);
        if (strstr(lines, p->line[i].text))
            r->seen[k] = 1;
    }
    free(lines);
    numbers_that_are_seen_answer(s, rect, beside, p);
    free(p);
}

/* The lesson's file, but for what takes a trainer: commands are one that does nothing. */
static void without_commands(const char *from, const char *to)
{
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    char line[2000];
    int inside = 0;

    assert_non_null(in);
    assert_non_null(out);
    while (fgets(line, sizeof line, in)) {
        int fence = strncmp(line, "```", 3) == 0;
        if (fence && (inside = !inside && strncmp(line, "```do", 5) == 0))
            fputs("```do\npause\n", out);
        else if (fence || !inside)
            fputs(line, out);
    }
    fclose(in);
    fclose(out);
}

/* Each word of the step's paragraphs was on a line of it. */
static void every_word_was_there(const struct lesson *l, const struct reader *r, const char *what)
{
    for (int b = 0; b < l->blocks; b++)
        for (int i = 0; l->block[b].kind == LESSON_TEXT && i < l->block[b].count; i++) {
            char plain[4096], *word, *rest = plain;
            page_plain(l->block[b].line[i].text, plain, sizeof plain);
            while ((word = strtok_r(rest, " ", &rest))) {
                int found = 0; /* words of Chinese are not set apart by blanks */
                for (const char *at = word; *at; at++)
                    found |= (unsigned char)*at >= 0x80;
                for (int k = 0; k < r->count && !found; k++)
                    found = r->seen[k] && strstr(r->line[k], word);
                if (!found)
                    fail_msg("%s: \"%s\" was never seen", what, word);
            }
        }
}

static void walk(struct stage *s, const char *file, int w, int h)
{
    const struct lesson_player *p = &lessons_of(&s->app.model)->player;
    struct reader *r = calloc(1, sizeof *r);
    struct lesson *l;
    struct err e;
    char open[700], what[720];
    int presses = 0;

    snprintf(open, sizeof open, ":lesson %s 1<Enter>", file);
    snprintf(what, sizeof what, "%s at %dx%d", file, w, h);
    assert_int_equal(lesson_read(&l, file, &e), 0);
    app_resize(&s->app, w, h);
    stage_play(s, open);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    for (; p->lesson && presses < 900; presses++) {
        for (int i = 0; i < 4; i++)
            app_gather(&s->app), lessons_advance(&s->app);
        look(s, r, w, h);
        stage_play(s, in_question(s) ? ".<Enter>" : ".");
    }
    if (p->lesson)
        fail_msg("%s does not end: step %d, phase %d, %s", what, p->step, p->phase, p->text);
    for (int k = 0; k < r->count; k++)
        if (!r->seen[k])
            fail_msg("%s: never seen: \"%s\"", what, r->line[k]);
    if (r->count <= 20)
        fail_msg("%s: %d lines, %d presses, %s", what, r->count, presses, s->app.model.ui.message);
    every_word_was_there(l, r, what);
    lesson_free(l);
    free(r);
}

static void nothing_goes_unseen_by_who_presses_the_same_key(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {80, 60}};
    static const char *const languages[] = {"", "/zh-TW"};
    const char *srcdir = getenv("srcdir");
    char pattern[600], file[] = "/tmp/saddle-lesson-XXXXXX";
    int fd = mkstemp(file);
    glob_t found;

    (void)state;
    close(fd);
    for (size_t k = 0; k < 2; k++) {
        snprintf(pattern, sizeof pattern, "%s/lessons%s/[0-9]*.md", srcdir ? srcdir : ".", languages[k]);
        assert_int_equal(glob(pattern, 0, NULL, &found), 0);
        assert_int_equal(found.gl_pathc, 17);
        for (size_t i = 0; i < found.gl_pathc; i++)
            for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
                static struct stage s;
                without_commands(found.gl_pathv[i], file);
                stage_init(&s, "<wait 10 steps>");
                walk(&s, file, sizes[n][0], sizes[n][1]);
                stage_free(&s);
            }
        globfree(&found);
    }
    unlink(file);
}

/* A question does not lock the keys that help to answer it. */
static void a_question_can_be_looked_away_from(void **state)
{
    struct stage *s = *state;
    const struct lessons *l = lessons_of(&s->app.model);
    const struct lesson_player *p = &l->player;

    app_resize(&s->app, 120, 40);
    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    stage_play(s, "4<Enter>."); /* the choice, beside the race */
    assert_int_equal(s->app.model.ui.mode, MODE_CHOOSE);
    assert_ptr_equal(view_shown(&s->app.model), &race_view);
    stage_play(s, "0");
    assert_ptr_equal(view_shown(&s->app.model), &lessons_view);
    assert_int_equal(s->app.model.ui.mode, MODE_CHOOSE);
    assert_true(shows(s, 120, 40, "1  the first"));
    stage_play(s, "0");
    assert_ptr_equal(view_shown(&s->app.model), &race_view);
    stage_play(s, "v"); /* a term: the step's text has one */
    assert_int_equal(s->app.model.ui.mode, MODE_CHOOSE);
    assert_int_equal(p->phase, PLAYER_ASKING);
    stage_play(s, "."); /* skipped … */
    if (p->phase == PLAYER_ASKING)
        stage_play(s, ".");
    assert_true(p->answer[1].skipped);
    stage_play(s, ","); /* … by mistake */
    assert_int_equal(p->phase, PLAYER_ASKING);
    assert_int_equal(p->step, 1);
    assert_int_equal(p->answers, 1);
    stage_play(s, ","); /* to the step before */
    for (int i = 0; i < 4; i++)
        app_gather(&s->app), lessons_advance(&s->app);
    assert_int_equal(p->step, 0);
    assert_int_equal(p->phase, PLAYER_ASKING);
    assert_int_equal(s->app.model.ui.mode, MODE_COMMAND);
    stage_play(s, "<Enter>"); /* no number: skipped */
    assert_true(p->answers == 1 && p->answer[0].skipped);
    stage_play(s, ".");
    assert_int_equal(p->phase, PLAYER_END);
    assert_true(shows(s, 120, 40, "not answered; measured: 5"));
}

/* What follows a question, or what is to be done, is not on the page before. */
static void the_answer_is_not_on_the_page_before(void **state)
{
    struct stage *s = *state;
    char *lines;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    lines = screen(s, 120, 40);
    assert_non_null(strstr(lines, "How many steps does it take?"));
    assert_null(strstr(lines, "wait 5 steps"));
    free(lines);
}

static void the_list_and_the_page_take_turns(void **state)
{
    struct stage *s = *state;
    const struct lessons *l = lessons_of(&s->app.model);

    app_resize(&s->app, 80, 24);
    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    stage_play(s, "4<Enter>0");
    assert_int_equal(s->app.model.ui.focus, LESSONS_PAGE);
    assert_true(shows(s, 80, 24, ":lesson leave"));
    stage_play(s, "0");
    assert_int_equal(s->app.model.ui.focus, LESSONS_LIST);
    stage_play(s, "0");
    assert_int_equal(s->app.model.ui.focus, LESSONS_PAGE);
    stage_play(s, "1:lesson leave<Enter>0");
    assert_int_equal(s->app.model.ui.focus, LESSONS_LIST);
    assert_null(l->player.lesson);
    stage_play(s, "<Enter>");
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    assert_non_null(l->player.lesson);
}

static void training_on_in_a_lesson_is_told(void **state)
{
    struct stage *s = *state;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    stage_play(s, "4<Enter>1");
    fake_trainer_draft(s->trainer)->status = RUN_PAUSED;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    lessons_advance(&s->app);
    s->app.model.ui.message[0] = '\0';
    stage_play(s, "<wait 3 steps>");
    lessons_advance(&s->app);
    assert_non_null(strstr(s->app.model.ui.message, "changed since the lesson's step; , restores it"));
}

static int alone(const struct stage *s)
{
    return s->app.model.runs->there == 1 && s->app.model.runs->focus == 0;
}

/* Checks name their runs: the lesson's own is A, whatever there was before. */
static void a_lesson_begins_with_run_a_alone(void **state)
{
    static const char *const before[] = {
        "",                 /* A alone */
        "f",                /* B with the focus */
        "f<lt>",            /* … and without it */
        "f<lt>Ky",          /* B alone */
        "ff<lt>Ky",         /* A and C, or so */
        "fff",              /* four */
        "f<lt>Kyff<lt>Ky",  /* … of which some are gone */
    };

    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        static struct stage s;
        const struct lesson_player *p;
        stage_init(&s, "<wait 10 steps>");
        p = &lessons_of(&s.app.model)->player;
        stage_play(&s, before[i]);
        stage_play(&s, open_it);
        if (s.app.model.ui.mode == MODE_ASK)
            stage_play(&s, "y");
        for (int k = 0; k < 5; k++)
            app_gather(&s.app), lessons_advance(&s.app);
        if (!alone(&s) || p->phase != PLAYER_ASKING)
            fail_msg("opened after \"%s\": runs %x, focus %d", before[i], s.app.model.runs->there, s.app.model.runs->focus);
        stage_play(&s, "4<Enter>f:lesson reset<Enter>");
        for (int k = 0; k < 5; k++)
            app_gather(&s.app), lessons_advance(&s.app);
        if (!alone(&s))
            fail_msg("reset after \"%s\": runs %x, focus %d", before[i], s.app.model.runs->there, s.app.model.runs->focus);
        stage_play(&s, "4<Enter>.1f:run A<Enter>Ky:lesson back<Enter>:lesson back<Enter>");
        for (int k = 0; k < 5; k++)
            app_gather(&s.app), lessons_advance(&s.app);
        if (!alone(&s))
            fail_msg("back after \"%s\": runs %x, focus %d", before[i], s.app.model.runs->there, s.app.model.runs->focus);
        stage_free(&s);
    }
}

/* Without memory for run A it is said once, nothing more is asked of the trainer, and another try is the reader's. */
static void a_lesson_without_room_for_its_run_says_so(void **state)
{
    const struct lesson_player *p;
    struct stage s;
    int taken;

    (void)state;
    stage_init(&s, "<wait 10 steps>f<lt>Ky"); /* B alone */
    p = &lessons_of(&s.app.model)->player;
    fake_trainer_crowd(s.trainer, 1);
    stage_play(&s, open_it);
    if (s.app.model.ui.mode == MODE_ASK)
        stage_play(&s, "y");
    for (int k = 0; k < 5; k++)
        app_gather(&s.app), lessons_advance(&s.app);
    taken = fake_trainer_taken(s.trainer);
    assert_int_equal(p->phase, PLAYER_FAILED);
    for (int k = 0; k < 5; k++)
        app_gather(&s.app), lessons_advance(&s.app);
    assert_int_equal(fake_trainer_taken(s.trainer), taken);
    assert_true(shows(&s, 80, 24, "Run A, which the lesson begins with"));
    fake_trainer_crowd(s.trainer, 0);
    stage_play(&s, ".");
    for (int k = 0; k < 5; k++)
        app_gather(&s.app), lessons_advance(&s.app);
    assert_true(alone(&s) && p->phase == PLAYER_ASKING);
    stage_free(&s);
}

/* The view's part of a kept session, taken up by another lab. */
static void resume_from(struct stage *from, struct stage *to)
{
    size_t size = 0;
    void *bytes = lessons_keep(&from->app.model, &size);

    assert_non_null(bytes);
    stage_init(to, "<wait 10 steps>");
    lessons_resume(&to->app, bytes, size);
    free(bytes);
    for (int k = 0; k < 8; k++)
        app_gather(&to->app), lessons_advance(&to->app);
}

/* What was done in the race is no part of the session: it is done again, up to the step, where questions stay answered. */
static void a_resumed_lesson_does_again_what_is_not_kept(void **state)
{
    const struct lesson_player *p;
    struct stage *s = *state, again;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    stage_play(s, "4<Enter>.");
    assert_int_equal(lessons_of(&s->app.model)->player.step, 1);
    resume_from(s, &again);
    p = &lessons_of(&again.app.model)->player;
    assert_int_equal(p->step, 1);
    assert_int_equal(p->phase, PLAYER_ASKING);
    assert_int_equal(race_of(&again.app.model)->steps, 5);
    assert_true(p->answers == 1 && p->answer[0].number == 4);
    assert_true(p->checks == 2 && p->check[0].holds && !p->check[1].holds);
    if (again.app.model.ui.mode != MODE_CHOOSE) /* what is to be read comes first */
        stage_play(&again, ".");
    stage_play(&again, "1");
    assert_true(p->answer[1].judged && p->answer[1].right); /* by what `let` has kept */
    stage_free(&again);
}

/* Of a file that holds anything else only what fits is taken. */
static void nonsense_is_no_lesson(void **state)
{
    static const char *const wrong[] = {"", "{", "[]", "{}", "{\"file\": 3}", "{\"file\": \"/nowhere.md\"}"};
    char text[1000], path[600];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct stage again;
        stage_init(&again, "");
        lessons_resume(&again.app, wrong[i], strlen(wrong[i]));
        assert_null(lessons_of(&again.app.model)->player.lesson);
        stage_free(&again);
    }
    (void)state;
    snprintf(path, sizeof path, "%.*s", (int)strcspn(open_it + 8, "<"), open_it + 8);
    snprintf(text, sizeof text, "{\"file\": \"%s\", \"step\": 99, \"block\": -4, \"whole\": true, \"blocks\": 3, \"answers\": "
             "[{\"block\": 1000}, {\"block\": 0}, 7], \"checks\": [{\"block\": 3, \"line\": 88}], \"quantities\": [{\"name\": 3}]}", path);
    {
        struct stage again;
        stage_init(&again, "");
        lessons_resume(&again.app, text, strlen(text));
        assert_non_null(lessons_of(&again.app.model)->player.lesson);
        assert_int_equal(lessons_of(&again.app.model)->player.answers, 0);
        assert_int_equal(lessons_of(&again.app.model)->player.checks, 0);
        stage_free(&again);
    }
}

/* What the race's start was moved to by the lesson, or before it, is not what the lesson is about. */
static void the_race_is_as_at_first(void **state)
{
    struct stage *s = *state;
    double first = race_of(&s->app.model)->start[0];

    stage_play(s, ":start 2,2<Enter>");
    assert_true(race_of(&s->app.model)->start[0] != first);
    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    assert_true(race_of(&s->app.model)->start[0] == first);
    assert_string_equal(race_of(&s->app.model)->surface->name, RACE_FIRST_SURFACE);
    stage_play(s, "4<Enter>");
    assert_true(race_of(&s->app.model)->start[0] != first);
    stage_play(s, ":lesson back<Enter>");
    assert_true(race_of(&s->app.model)->start[0] == first);
}

static void keys_without_a_lesson_say_so(void **state)
{
    struct stage *s = *state;

    stage_play(s, ".");
    assert_non_null(strstr(s->app.model.ui.message, "no lesson is open"));
    stage_play(s, ":lesson nothing<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "there is no lesson \"nothing\""));
    stage_play(s, "<Esc>:answer 3<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "no lesson is open"));
}

static int any_command(const char *name)
{
    return strcmp(name, "eval") == 0;
}

static void what_does_not_exist_is_found_before_it_runs(void **state)
{
    static const char *const wrong[][2] = {
        {"```do\nlearning_rate fast\n```", ":5: learning rate"},        {"```do\nrecipe nosuch\n```", ":5: "},   {"```do\nrun E\n```", "runs are named A to D"},
        {"```do\nsurface nosuch\n```", ":5: "},  {"```do\nracer add nosuch:lr=1\n```", ":5: "}, {"```do\nview nosuch\n```", "no view \"nosuch\""},
        {"```do\ncompare nosuch\n```", "no comparison \"nosuch\""}, {"```do\nwait weasel\n```", "wait: expected"},
        {"```do\nnothing 3\n```", "there is no command or setting \"nothing\""},
        {"```do\nwait 3 weeks\n```", "wait: expected"},    {"```do\nwait until x<1\n```", "no quantity \"x\""},
        {"```do\nwait until step<1 within x steps\n```", "within N steps"},
        {"```do\nlet X = 1\n```", "let: expected"},        {"```do\nlet x = y\n```", "no quantity \"y\""},
        {"```do\nsaddle dance\n```", "no command \"dance\""}, {"```check\nE.step > 1 | a | b\n```", "no quantity \"E.step\""},
        {"```check\nstep > 1 | a {no} | b\n```", "no quantity \"no\""}, {"```show\nnothing\n```", "no view \"nothing\""},
        {"```show\nrace nothing\n```", "has no pane"},     {"```ask\nQ\n- a | eval.loss < 1\n- b | 1\n```", "no quantity \"eval.loss\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char file[] = "/tmp/saddle-lesson-XXXXXX", text[400];
        int fd = mkstemp(file), n = snprintf(text, sizeof text, "# T\n*5 minutes*\n## S\n%s\n", wrong[i][0]);
        struct lesson *l;
        struct err e = {0};
        assert_int_equal(write(fd, text, (size_t)n), n);
        close(fd);
        assert_int_equal(lesson_read(&l, file, &e), 0);
        assert_int_equal(lesson_check(l, any_command, &e), -ERR_INPUT);
        if (!strstr(e.text, wrong[i][1]))
            fail_msg("%s: %s", wrong[i][0], e.text);
        lesson_free(l);
        unlink(file);
    }
}

static void the_page_looks_right(void **state)
{
    struct stage *s = *state;

    stage_play(s, open_it);
    if (s->app.model.ui.mode == MODE_ASK)
        stage_play(s, "y");
    golden_screen("lesson-page", s, 80, 24, CHARSET_BRAILLE);
    stage_play(s, "4<Enter>");
    golden_screen("lesson-beside", s, 80, 24, CHARSET_BRAILLE);
    golden_screen("lesson-beside", s, 120, 40, CHARSET_BRAILLE);
    stage_play(s, ".<Esc>0");
    golden_screen("lesson-chinese", s, 80, 24, CHARSET_BRAILLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_APP(a_lesson_is_predicted_done_and_checked),
        WITH_APP(the_next_key_is_shown_at_every_size),
        WITH_APP(a_long_block_is_folded),
        WITH_APP(going_back_does_again_what_came_before),
        WITH_APP(questions_may_be_left_and_skipped),
        cmocka_unit_test(nothing_goes_unseen_by_who_presses_the_same_key),
        WITH_APP(a_question_can_be_looked_away_from),
        WITH_APP(the_answer_is_not_on_the_page_before),
        WITH_APP(the_list_and_the_page_take_turns),
        WITH_APP(training_on_in_a_lesson_is_told),
        cmocka_unit_test(a_lesson_begins_with_run_a_alone),
        cmocka_unit_test(a_lesson_without_room_for_its_run_says_so),
        WITH_APP(a_resumed_lesson_does_again_what_is_not_kept),
        WITH_APP(nonsense_is_no_lesson),
        WITH_APP(the_race_is_as_at_first),
        WITH_APP(keys_without_a_lesson_say_so),
        cmocka_unit_test(what_does_not_exist_is_found_before_it_runs),
        WITH_APP(the_page_looks_right),
        cmocka_unit_test(golden_all_drawn),
    };
    char folder[] = "/tmp/saddle-lessons-XXXXXX", command[64];
    const char *srcdir = getenv("srcdir");
    int r;

    snprintf(open_it, sizeof open_it, ":lesson %s/tests/lessons/01-example.md<Enter>", srcdir ? srcdir : ".");
    if (!mkdtemp(folder))
        return 1;
    setenv("XDG_DATA_HOME", folder, 1);
    r = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) ? 1 : r;
}
