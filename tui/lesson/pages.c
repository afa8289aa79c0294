/* SPDX-License-Identifier: MIT */
/* The list of lessons, the page of the one that is open, and the same beside other views. */
#include "lesson/lessons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <string.h>

#include "core/number.h"

/* ---- the list --------------------------------------------------------------------------------- */

static void draw_row(const struct model *m, struct canvas *c, int y, int i)
{
    const struct lessons *s = lessons_of(m);
    const struct shelf_entry *x = &s->shelf->entry[i];
    struct progress_of of = progress_of(&s->progress, x->name);
    int chosen = i == s->chosen, focus = pane_has_focus(m, &lessons_list_pane), right = c->w - 1;
    char state[64] = "";

    if (chosen)
        canvas_put(c, 0, y, focus ? STYLE_FOCUS : STYLE_QUIET, 0x25b8);
    if (of.done && of.held < of.checks)
        snprintf(state, sizeof state, "done, %d of %d check%s hold", of.held, of.checks, of.checks == 1 ? "" : "s");
    else if (of.done)
        snprintf(state, sizeof state, of.answers ? "%d/%d right  done" : "done", of.right, of.answers);
    else if (of.step)
        snprintf(state, sizeof state, "step %d of %d", of.step, of.steps);
    if (x->number)
        canvas_format(c, 2, y, STYLE_KEY, "%2d", x->number);
    if (c->w > 50 && x->title) {
        char minutes[16];
        snprintf(minutes, sizeof minutes, "%d min", x->minutes);
        canvas_text_right(c, right, y, STYLE_QUIET, minutes);
        right -= 8;
    }
    if (c->w > 40 && state[0]) {
        canvas_text_right(c, right, y, of.done && of.held < of.checks ? STYLE_WARNING : of.done ? STYLE_STRONG : STYLE_QUIET, state);
        right -= canvas_width(c, state) + 2;
    }
    canvas_cut(c, 5, y, right - 5, x->title ? chosen && focus ? STYLE_CHOSEN : STYLE_TEXT : STYLE_WARNING, x->title ? x->title : x->why.text);
}

static void draw_list(const struct model *m, struct canvas *c)
{
    const struct lessons *s = lessons_of(m);
    char note[48] = "";
    struct canvas inside;
    int rows, top, done = 0;

    for (int i = 0; s->shelf && i < s->shelf->count; i++)
        done += progress_of(&s->progress, s->shelf->entry[i].name).done;
    if (s->shelf)
        snprintf(note, sizeof note, "%d of %d done", done, s->shelf->count);
    inside = pane_frame(m, c, &lessons_list_pane, (const char *const[]){note, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!s->shelf || *s->problem.text) {
        canvas_wrap(&inside, 1, inside.h / 2, inside.h - inside.h / 2, STYLE_WARNING, s->problem.text);
        return;
    }
    if (!s->shelf->count) {
        pane_hint(&inside, "no lesson is installed");
        return;
    }
    rows = inside.h;
    top = clamp(s->chosen - rows / 2, 0, s->shelf->count > rows ? s->shelf->count - rows : 0);
    for (int y = 0; y < rows && top + y < s->shelf->count; y++)
        draw_row(m, &inside, y, top + y);
}

/* ---- the page --------------------------------------------------------------------------------- */

static void draw_lines(const struct page *p, struct canvas *c, int top)
{
    for (int y = 0; y < c->h && top + y < p->count; y++)
        canvas_text(c, 1 + p->line[top + y].indent, y, p->line[top + y].style, p->line[top + y].text);
}

static void draw_hint(struct canvas *inside, const struct page_window *w)
{
    if (w->row)
        canvas_cut(inside, 1, inside->h - 1, inside->w - 2, STYLE_KEY, w->hint);
}

static void page_name(const struct lessons *s, char *out, size_t size)
{
    snprintf(out, size, s->entry ? "term: %.*s" : "%.*s%s", s->entry ? (int)strcspn(s->entry, "\r\n") : 0, s->entry ? s->entry : "",
             s->entry ? "" : s->player.lesson ? s->player.lesson->title : "lesson");
}

/* At the right of the hint, where it has room. */
static void draw_ways_out(struct canvas *inside, const struct lessons *s, const struct page_window *w)
{
    static const char leave[] = "0 list of lessons  :lesson leave";
    int room = inside->w - 4 - canvas_width(inside, w->hint);

    if (s->player.lesson && !s->entry && room > canvas_width(inside, leave))
        canvas_text_right(inside, inside->w - 1, inside->h - 1, STYLE_QUIET, leave);
}

static void draw_page(const struct model *m, struct canvas *c)
{
    const struct lessons *s = lessons_of(m);
    struct page *p = malloc(sizeof *p);
    char title[160], note[64] = "";
    struct page_window window;
    struct canvas inside, part;

    page_name(s, title, sizeof title);
    if (s->player.lesson && !s->entry)
        snprintf(note, sizeof note, "step %d of %d", s->player.step + 1, s->player.lesson->steps);
    inside = canvas_frame(c, pane_has_focus(m, &lessons_page_pane), title, note);
    if (p && inside.w > 0 && inside.h > 0 && (s->player.lesson || s->entry)) {
        page_window(m, c->w, c->h, c->charset, 0, p, &window);
        part = canvas_part(&inside, (struct rect){0, 0, inside.w, window.rows});
        draw_lines(p, &part, window.top);
        draw_hint(&inside, &window);
        draw_ways_out(&inside, s, &window);
    } else if (p && inside.w > 0 && inside.h > 0)
        pane_hint(&inside, "Enter opens the selected lesson");
    free(p);
}

/* ---- beside other views ------------------------------------------------------------------------ */

static int is_on(const struct model *m)
{
    const struct lessons *s = lessons_of(m);

    return s && s->player.lesson != NULL;
}

static void draw_beside(const struct model *m, struct canvas *c)
{
    const struct lessons *s = lessons_of(m);
    struct page *p = malloc(sizeof *p);
    char title[160];
    struct page_window window;
    struct canvas inside, part;

    if (!p)
        return;
    page_name(s, title, sizeof title);
    page_window(m, c->w, c->h, c->charset, 1, p, &window);
    inside = canvas_frame(c, 0, title, window.row ? NULL : window.hint);
    if (inside.w > 0 && inside.h > 0) {
        part = canvas_part(&inside, (struct rect){0, 0, inside.w, window.rows});
        draw_lines(p, &part, window.top);
        draw_hint(&inside, &window);
    }
    free(p);
}

const struct view_beside lessons_beside = {.is_on = is_on, .draw = draw_beside};

const struct pane lessons_list_pane = {
    .name = "lessons", .help = "all lessons, and how far you got", .keys = PANE_KEYS(&lessons_list_keys), .draw = draw_list};
const struct pane lessons_page_pane = {.name = "page", .help = "the step of the lesson that is open", .keys = PANE_KEYS(&lessons_page_keys), .draw = draw_page};
