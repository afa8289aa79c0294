/* SPDX-License-Identifier: MIT */
/* Keys of the lessons. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/actions.h"
#include "core/number.h"
#include "core/text.h"
#include "lesson/lessons.h"

enum { SAVED_MOST = 1000 }; /* runs saved before lessons, beside one file */

/* ---- opening ---------------------------------------------------------------------------------- */

static void forget_term(struct lessons *s)
{
    free(s->entry);
    s->entry = NULL;
    s->term = s->entry_top = 0;
}

/* The step to begin with, from 0 on: the one that is wanted, or the one that a lesson was left at. */
static int first_step(const struct lessons *s, const struct lesson *l, int still)
{
    struct progress_of of = progress_of(&s->progress, l->name);

    if (s->wanted)
        return clamp(s->wanted, 1, l->steps) - 1;
    return !still && !of.done && of.step < l->steps ? of.step : 0;
}

static void begin(struct app *a, struct lesson *l)
{
    struct lessons *s = lessons_of(&a->model);
    int from = first_step(s, l, a->options.still);

    forget_term(s);
    s->down = s->seen_step = s->declined = s->asked = s->kept_step = 0;
    s->rested = 0;
    s->told_step = s->told_block = s->told_checks = 0;
    for (int i = 0; i < s->shelf->count; i++)
        if (strcmp(s->shelf->entry[i].name, l->name) == 0)
            s->chosen = i;
    if (from > 0 && !s->wanted)
        app_say(a, 0, "goes on at step %d; lesson %s 1 begins at the first", from + 1, l->name);
    player_open(&s->player, a, l, from);
    if (!a->options.plain && view_shown(&a->model) != &lessons_view)
        action_view(a, view_index(&lessons_view));
    a->model.ui.focus = LESSONS_PAGE;
    lessons_advance(a);
}

static char *name_before(const char *file, int size, int number, const char *run)
{
    return text_format("%.*s-before-lesson-%d%s.safetensors", size, file, number, run);
}

/* The least number with which no file beside the run's own is named; 0: none was found. */
static int number_before(const char *file, int size)
{
    for (int i = 1; i < SAVED_MOST; i++) {
        char *path = name_before(file, size, i, "");
        int is_free = path && strlen(path) + 2 < KNOB_TEXT_SIZE && access(path, F_OK) != 0;
        free(path);
        if (is_free)
            return i;
    }
    return 0;
}

static int save_run(struct app *a, int run, char *path)
{
    struct command c = {.kind = COMMAND_SAVE, .run = 1 + run};
    int sent = 0;

    if (path) {
        text_copy(c.text, sizeof c.text, path);
        sent = app_send_command(a, &c);
    }
    free(path);
    return sent;
}

/* The runs that were trained so far, apart from their own file, which the lesson's runs are saved in later: the one in
 * focus as FILE-before-lesson-N, another as FILE-before-lesson-N-B. 1, or 0: one could not be asked for, and the lesson
 * must not begin. */
static int save_before(struct app *a)
{
    static const char end[] = ".safetensors";
    const char *file = a->model.checkpoint;
    int n = file ? (int)strlen(file) : 0, k = (int)strlen(end), number, sent = 1;

    if (!file)
        return 1;
    if (n > k && strcmp(file + n - k, end) == 0)
        n -= k;
    number = number_before(file, n);
    if (!number)
        app_say(a, 1, "no file to save the run in before the lesson: save it first, as save FILE");
    for (int i = 0; number && i < TRAINER_RUNS; i++) {
        char letter[] = {'-', (char)('A' + i), '\0'};
        int focus = i == a->model.runs->focus;
        if ((a->model.runs->there >> i & 1) && (focus || a->model.runs->run[i].step > 0))
            sent &= save_run(a, i, name_before(file, n, number, focus ? "" : letter));
    }
    return number && sent;
}

/* The lesson to be begun once the reader agrees. */
static unsigned begin_asked(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);
    struct lesson *l;
    struct err e;

    if (lesson_read(&l, s->opened.path, &e) != 0) {
        app_say(a, 1, "%s", e.text);
        return REACT_DRAW;
    }
    if (save_before(a))
        begin(a, l);
    else
        lesson_free(l);
    return REACT_DRAW;
}

int lessons_open(struct app *a, const char *name, int step)
{
    struct lessons *s = lessons_of(&a->model);
    struct lesson *l;
    struct err e;
    int runs = 0;

    if (!s->shelf || shelf_read(s->shelf, name, &l, &e) != 0) {
        app_say(a, 1, "%s", s->shelf ? e.text : s->problem.text);
        return -1;
    }
    s->wanted = step;
    for (int i = 0; i < TRAINER_RUNS; i++)
        runs += (a->model.runs->there >> i & 1) && a->model.runs->run[i].step > 0;
    if (!runs || s->player.lesson || (a->options.plain && save_before(a))) {
        begin(a, l);
        return 0;
    }
    if (a->options.plain) {
        lesson_free(l);
        return -1;
    }
    free(s->opened.path);
    s->opened.path = strdup(l->path);
    lesson_free(l);
    if (s->opened.path)
        app_ask(a, begin_asked, a->model.checkpoint ? "Save run %c and end %s? The lesson begins with its own run." : "End run %c unsaved%s? The lesson begins with its own run.",
                'A' + a->model.snapshot->run, a->model.checkpoint ? runs > 1 ? "all runs" : "it" : runs > 1 ? ", and all others" : "");
    return 0;
}

static unsigned open_chosen(struct app *a, int by)
{
    const struct lessons *s = lessons_of(&a->model);

    (void)by;
    if (s->shelf && s->chosen < s->shelf->count)
        lessons_open(a, s->shelf->entry[s->chosen].path, 0);
    return REACT_DRAW;
}

static unsigned choose(struct app *a, int by)
{
    struct lessons *s = lessons_of(&a->model);

    if (s->shelf && s->shelf->count)
        s->chosen = clamp(s->chosen + by, 0, s->shelf->count - 1);
    return REACT_DRAW;
}

static unsigned scroll(struct app *a, int by)
{
    lessons_scroll(a, by);
    return REACT_DRAW;
}

int lessons_asks_number(const struct lessons *s)
{
    int block = player_question(&s->player);

    return block >= 0 && s->player.lesson->block[block].line[1].within >= 0;
}

/* ---- questions -------------------------------------------------------------------------------- */

static unsigned back(struct app *a, int by);
static unsigned term(struct app *a, int by);

/* The page, or the view that it was called from. */
static unsigned turn_page(struct app *a)
{
    const struct lessons *s = lessons_of(&a->model);
    int page = view_index(&lessons_view);

    return action_view(a, a->model.ui.view == page && s->from != page ? s->from : page);
}

static unsigned answered(struct app *a, int choice)
{
    struct lessons *s = lessons_of(&a->model);

    if (choice == CHOOSE_PAGE)
        return turn_page(a);
    if (choice == CHOOSE_TERM)
        return term(a, 0);
    if (choice == CHOOSE_UP)
        return scroll(a, -1);
    if (s->entry) { /* all other keys close it */
        forget_term(s);
        return REACT_DRAW;
    }
    if (choice > 0 && player_choose(&s->player, choice) != 0)
        return REACT_DRAW;
    a->model.ui.mode = MODE_NORMAL;
    s->asked = 0;
    if (choice == CHOOSE_BACK)
        return back(a, 1);
    if (choice == CHOOSE_NOTHING)
        player_go(&s->player, a);
    s->declined = choice == CHOOSE_LATER;
    if (s->declined)
        app_say(a, 0, "the question waits: . asks it again; digits choose views");
    lessons_advance(a);
    return REACT_DRAW;
}

/* Ask what the step asks, where nothing else is being typed or asked. */
static void ask(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);
    int block = player_question(&s->player);
    const struct lesson_block *b = block < 0 ? NULL : &s->player.lesson->block[block];

    if (!b || a->options.plain || s->declined || s->entry || a->model.ui.mode != MODE_NORMAL || s->asked == 1 + block || lessons_below(a))
        return;
    s->asked = 1 + block;
    if (b->line[1].within >= 0)
        action_command_with(a, "answer ");
    else
        app_choose(a, answered, b->count - 1);
}

/* The screen of what is done: the view before the page was shown. */
static void show_doing(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);

    if (view_shown(&a->model) == &lessons_view && s->player.phase == PLAYER_DOING && s->player.target < 0 && !a->options.plain)
        action_view(a, s->from == view_index(&lessons_view) ? 0 : s->from);
}

static void keep(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);
    const struct lesson_player *p = &s->player;
    struct progress_of now = {.step = p->step + 1, .steps = p->lesson->steps, .done = p->step + 1 == p->lesson->steps, .checks = p->checks};
    struct progress_answer answer[LESSON_STEPS];
    char number[LESSON_STEPS][32];
    struct err e;

    s->kept_step = p->step + 1;
    for (int i = 0; i < p->checks; i++)
        now.held += p->check[i].holds;
    for (int i = 0; i < p->answers; i++) {
        const struct lesson_block *b = &p->lesson->block[p->answer[i].block];
        const struct player_answer *x = &p->answer[i];
        snprintf(number[i], sizeof number[i], "%.6g", x->number);
        answer[i] = (struct progress_answer){.question = b->line[0].text, .truth = x->judged ? x->truth : NULL, .right = x->right, .ungraded = x->ungraded,
                                             .answer = x->skipped ? NULL : b->line[1].within >= 0 ? number[i] : b->line[x->choice].text};
    }
    if (!a->options.still && progress_keep(&s->progress, p->lesson->name, &now, answer, p->answers, &e) != 0)
        app_say(a, 1, "%s", e.text);
}

/* The reader may train on, and is told once what that does to the lesson. */
static void note_training(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);
    const struct lesson_player *p = &s->player;
    uint64_t step = a->model.snapshot->step + 1;

    if (player_is_busy(p) || p->phase == PLAYER_FAILED || (!p->step && !p->made) || a->options.plain)
        s->rested = 0;
    else if (!s->rested && app_is_settled(a))
        s->rested = step;
    else if (s->rested && s->rested != UINT64_MAX && s->rested != step) {
        s->rested = UINT64_MAX;
        app_say(a, 0, "the run has changed since the lesson's step; , restores it");
    }
}

int lessons_advance(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);
    int changed;

    if (!s->player.lesson || !a->model.snapshot->version)
        return 0;
    changed = player_advance(&s->player, a);
    lessons_note_fresh(s);
    if (s->player.phase == PLAYER_END && s->kept_step != s->player.step + 1)
        keep(a);
    if (s->player.phase != PLAYER_END)
        s->kept_step = 0;
    note_training(a);
    show_doing(a);
    ask(a);
    return changed;
}

/* ---- through the lesson ------------------------------------------------------------------------ */

static int has_lesson(struct app *a)
{
    char hint[HINT_SIZE];

    if (lessons_of(&a->model)->player.lesson)
        return 1;
    app_say(a, 0, "no lesson is open%s", a->options.plain ? "; lesson NAME opens one" : action_hint(a, "; ", "view-lessons", " shows them", hint));
    return 0;
}

static unsigned leave(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);

    player_close(&s->player);
    forget_term(s);
    if (view_shown(&a->model) == &lessons_view)
        a->model.ui.focus = LESSONS_LIST;
    return REACT_DRAW;
}

static unsigned end_lesson(struct app *a)
{
    app_say(a, 0, "the lesson \"%s\" is done", lessons_of(&a->model)->player.lesson->title);
    leave(a);
    return action_view(a, view_index(&lessons_view));
}

/* What was not seen yet is shown before anything is done. */
static unsigned go(struct app *a, int by)
{
    struct lessons *s = lessons_of(&a->model);

    (void)by;
    if (!has_lesson(a))
        return REACT_DRAW;
    if (lessons_scroll(a, 0)) {
        lessons_advance(a);
        return REACT_DRAW;
    }
    if (s->entry) {
        forget_term(s);
        return REACT_DRAW;
    }
    if (s->player.phase == PLAYER_ASKING && (s->declined || lessons_asks_number(s))) {
        s->declined = s->asked = 0;
        ask(a);
        return REACT_DRAW;
    }
    s->declined = 0;
    if (!player_go(&s->player, a))
        return end_lesson(a);
    lessons_advance(a);
    return REACT_DRAW;
}

/* By 1: to the beginning of the step, and from there to the step before; by 0: to the beginning. */
static unsigned back(struct app *a, int by)
{
    struct lessons *s = lessons_of(&a->model);

    if (!has_lesson(a))
        return REACT_DRAW;
    forget_term(s);
    s->seen_step = s->declined = s->asked = s->kept_step = 0;
    player_back(&s->player, a, by && player_at_beginning(&s->player));
    lessons_advance(a);
    return REACT_DRAW;
}

/* The next term of the step in the glossary, or none after the last. */
static unsigned term(struct app *a, int by)
{
    struct lessons *s = lessons_of(&a->model);
    char name[LESSON_NAME];
    int next = s->term + 1;

    (void)by;
    if (!has_lesson(a))
        return REACT_DRAW;
    forget_term(s);
    if (!page_term(s, next, name, sizeof name)) {
        if (next == 1)
            app_say(a, 0, "this step has no term of the glossary");
        return REACT_DRAW;
    }
    s->entry = shelf_term(s->shelf, name);
    s->term = next;
    if (!s->entry)
        app_say(a, 1, "the glossary has no entry \"%s\"", name);
    return REACT_DRAW;
}

/* ---- commands --------------------------------------------------------------------------------- */

/* "escape", or "escape 2": at the second step. */
static void open_words(struct app *a, const char *rest)
{
    const char *space = strrchr(rest, ' ');
    char name[KNOB_TEXT_SIZE];

    if (!space || !space[1] || space[1 + strspn(space + 1, "0123456789")] || strlen(space) > 4) {
        lessons_open(a, rest, 0);
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)(space - rest), rest);
    lessons_open(a, name, atoi(space + 1) > 0 ? atoi(space + 1) : 1);
}

static unsigned run_lesson(struct app *a, const char *rest)
{
    if (strcmp(rest, "next") == 0)
        return go(a, 0);
    if (strcmp(rest, "back") == 0)
        return back(a, 1);
    if (strcmp(rest, "reset") == 0)
        return back(a, 0);
    if (strcmp(rest, "leave") == 0)
        return has_lesson(a) ? leave(a) : REACT_DRAW;
    if (*rest)
        open_words(a, rest);
    else
        action_view(a, view_index(&lessons_view));
    return REACT_DRAW;
}

static unsigned run_answer(struct app *a, const char *rest)
{
    struct lessons *s = lessons_of(&a->model);
    char *end;
    double number = strtod(rest, &end);

    if (!has_lesson(a))
        return REACT_DRAW;
    s->asked = 0;
    s->declined = 0;
    if (s->player.phase != PLAYER_ASKING)
        app_say(a, 1, "answer: no question is asked");
    else if (strcmp(rest, "skip") == 0 || (s->player.phase == PLAYER_ASKING && lessons_asks_number(s) && (!*rest || strcmp(rest, ".") == 0)))
        player_go(&s->player, a);
    else if (end == rest || *end || (player_number(&s->player, number) != 0 && player_choose(&s->player, (int)fmax(-1, fmin(number, 100))) != 0))
        app_say(a, 1, "answer: expected %s", s->player.lesson->block[player_question(&s->player)].line[1].within >= 0 ? "a number, or skip" : "the number of a choice, or skip");
    lessons_advance(a);
    return REACT_DRAW;
}

/* Without a term, the next one of the lesson's step. Beside a view it is shown where the lesson is. */
static unsigned run_glossary(struct app *a, const char *rest)
{
    struct lessons *s = lessons_of(&a->model);

    if (!*rest && s->player.lesson)
        return term(a, 0);
    if (!*rest || !s->shelf) {
        app_say(a, 1, "glossary: expected a term, such as glossary saddle point");
        return REACT_DRAW;
    }
    forget_term(s);
    s->entry = shelf_term(s->shelf, rest);
    if (!s->entry) {
        app_say(a, 1, "the glossary has no entry \"%.60s\"", rest);
        return REACT_DRAW;
    }
    if (!s->player.lesson)
        action_view(a, view_index(&lessons_view));
    if (view_shown(&a->model) == &lessons_view)
        a->model.ui.focus = LESSONS_PAGE;
    return REACT_DRAW;
}

static const char *lesson_word(const char *rest, int k)
{
    static const char *const words[] = {"next", "back", "reset", "leave"};

    return !*rest && k >= 0 && k < 4 ? words[k] : NULL;
}

const struct command_row lessons_commands[] = {
    {"lesson", " [NAME [STEP]]", "show the lessons, or open one by name or number, where it was left or at a step", run_lesson, lesson_word},
    {"answer", " N|skip", "answer the lesson's question by a choice or a number", run_answer, NULL},
    {"glossary", " [TERM]", "explain a term, or those of the lesson's step", run_glossary, NULL},
    {0},
};

static const struct key_binding rows[] = {
    {'.', 0, KEY_EVERYWHERE, "lesson-go", "go on", "go on with the lesson: do what it says, show the next step", go, 0},
    {',', 0, KEY_EVERYWHERE, "lesson-back", "back", "go back to the beginning of the lesson's step, then to the step before; the runs are as they were then", back, 1},
    {'\'', 0, KEY_EVERYWHERE | KEY_LATER, "lesson-scroll", NULL, "scroll the lesson up by a line", scroll, -1},
    {'v', 0, KEY_EVERYWHERE, "lesson-term", "term", "explain the terms of the lesson's step, one after the other", term, 0},
};
const struct key_set lessons_keys = KEY_SET("lessons", rows);

static const struct key_binding list_rows[] = {
    {INPUT_UP, 'k', 0, "lesson-up", "select", "select the lesson above", choose, -1},
    {INPUT_DOWN, 'j', 0, "lesson-down", "select", "select the lesson below", choose, 1},
    {INPUT_ENTER, 0, 0, "lesson-open", "open", "open the selected lesson", open_chosen, 0},
};
const struct key_set lessons_list_keys = KEY_SET("list of lessons", list_rows);

static const struct key_binding page_rows[] = {
    {INPUT_UP, 'k', 0, "lesson-page-up", "scroll", "scroll the page up", scroll, -1},
    {INPUT_DOWN, 'j', 0, "lesson-page-down", "scroll", "scroll the page down", scroll, 1},
    {INPUT_PAGE_UP, 0, 0, "lesson-page-up-far", NULL, "scroll the page up by ten lines", scroll, -10},
    {INPUT_PAGE_DOWN, 0, 0, "lesson-page-down-far", NULL, "scroll the page down by ten lines", scroll, 10},
};
const struct key_set lessons_page_keys = KEY_SET("page of a lesson", page_rows);
