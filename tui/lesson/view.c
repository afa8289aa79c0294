/* SPDX-License-Identifier: MIT */
/* The Lessons view: all lessons, and the page of the one that is open. */
#include "lesson/lessons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/actions.h"
#include "core/text.h"

struct lessons *lessons_of(const struct model *m)
{
    return view_state(m, &lessons_view);
}

/* While a lesson is open, its page is what the view is about. */
static void arrange(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, list = w >= 110 ? w * 2 / 5 : 0;

    if (!list) {
        l->pane[focus] = (struct rect){0, 1, w, body};
        return;
    }
    l->pane[LESSONS_LIST] = (struct rect){0, 1, list, body};
    l->pane[LESSONS_PAGE] = (struct rect){list, 1, w - list, body};
}

static const struct pane *const panes[] = {[LESSONS_LIST] = &lessons_list_pane, [LESSONS_PAGE] = &lessons_page_pane, NULL};

static void *open_state(struct err *e)
{
    struct lessons *s = calloc(1, sizeof *s);

    if (!s) {
        err_memory(e, "the view of lessons", sizeof *s);
        return NULL;
    }
    s->player.target = -1;
    s->player.child.out = s->player.child.said = -1;
    return s;
}

static void close_state(void *state)
{
    struct lessons *s = state;

    player_close(&s->player);
    progress_close(&s->progress);
    shelf_free(s->shelf);
    free(s->opened.path);
    free(s->entry);
    free(s);
}

/* Read the lessons, once: their language is known by then. A shelf or a file that cannot be read leaves a view that says so. */
static void read_shelf(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);
    char language[SHELF_LANGUAGE];

    if (s->shelf || *s->problem.text)
        return;
    s->player.seed = a->options.seed;
    shelf_user_language(a->options.language, language);
    if (shelf_open(&s->shelf, language, &s->problem) == 0)
        progress_open(&s->progress, &s->problem);
}

/* The page where a lesson is open, else the list. */
static void enter(struct app *a)
{
    read_shelf(a);
    a->model.ui.focus = lessons_of(&a->model)->player.lesson ? LESSONS_PAGE : LESSONS_LIST;
}

/* The list and the page by turns. */
static void again(struct app *a)
{
    struct ui *ui = &a->model.ui;

    ui->focus = ui->focus == LESSONS_PAGE ? LESSONS_LIST : LESSONS_PAGE;
}

/* The view to come back to. */
static void remember_view(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);

    if (view_shown(&a->model) != &lessons_view)
        s->from = a->model.ui.view;
}

static int heard(struct app *a)
{
    read_shelf(a);
    remember_view(a);
    return lessons_advance(a);
}

static int is_busy(const struct model *m)
{
    return player_is_busy(&lessons_of(m)->player);
}

static int back_out(struct app *a)
{
    struct lessons *s = lessons_of(&a->model);

    if (s->entry) {
        free(s->entry);
        s->entry = NULL;
        s->term = s->entry_top = 0;
        return 1;
    }
    if (a->model.ui.focus == LESSONS_PAGE && s->player.lesson && s->from != view_index(&lessons_view)) {
        action_view(a, s->from);
        return 1;
    }
    return 0;
}

/* ---- text --------------------------------------------------------------------------------------- */

/* The step's blocks that are to be read by now, once each; what was measured is told by itself. */
static void tell_blocks(struct lessons *s, const struct text_sink *out)
{
    const struct lesson_player *p = &s->player;
    struct page *page = malloc(sizeof *page);
    char line[400];

    if (!page)
        return;
    if (s->told_step != p->step + 1)
        s->told_block = -1;
    page_make(s, 100, CHARSET_BRAILLE, 0, page);
    for (int i = 0; i < page->count; i++) {
        const struct page_line *l = &page->line[i];
        if (l->block < 0 ? s->told_step == p->step + 1 : l->block < s->told_block || p->lesson->block[l->block].kind == LESSON_CHECK)
            continue;
        snprintf(line, sizeof line, "%*s%s", l->indent, "", l->text);
        out->line(out->context, line);
    }
    free(page);
    s->told_step = p->step + 1;
    s->told_block = p->phase == PLAYER_END ? LESSON_BLOCKS : p->block + 1;
}

static void tell_checks(struct lessons *s, const struct text_sink *out)
{
    char line[PLAYER_SENTENCE + 16];

    for (; s->told_checks < s->player.checks; s->told_checks++) {
        const struct player_check *c = &s->player.check[s->told_checks];
        snprintf(line, sizeof line, "lesson: %s: %s", c->holds ? "holds" : "does not hold", c->sentence);
        out->line(out->context, line);
    }
}

/* A step when it begins, checks as they are measured, and what is waited for. */
static void text(const struct model *m, const struct text_sink *out)
{
    struct lessons *s = lessons_of(m);
    char hint[200];

    if (!s->player.lesson || s->told == s->player.changed)
        return;
    s->told = s->player.changed;
    tell_checks(s, out);
    tell_blocks(s, out);
    if (s->player.phase == PLAYER_FAILED)
        out->line(out->context, s->player.text);
    if (s->player.phase == PLAYER_DOING)
        return;
    snprintf(hint, sizeof hint, "lesson: %s", s->player.phase == PLAYER_ASKING ? "answer N answers, answer skip skips" : s->player.phase == PLAYER_END && s->player.step + 1 == s->player.lesson->steps ? "lesson next ends it" : "lesson next goes on");
    out->line(out->context, hint);
}

const struct view lessons_view = {
    .name = "lessons", .key = '0', .help = "lessons: step through the lecture, predict, do, and see what was measured",
    .panes = panes, .bindings = &lessons_keys, .commands = lessons_commands,
    .arrange = arrange,
    .open = open_state, .close = close_state, .enter = enter, .again = again,
    .heard = heard, .is_busy = is_busy, .beside = &lessons_beside,
    .text = text, .back = back_out, .keep = lessons_keep, .changes = lessons_changes, .resume = lessons_resume,
};
