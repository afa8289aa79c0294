/* SPDX-License-Identifier: MIT */
/* Which lines of a lesson's step are seen: nothing is done or asked before all of them were. */
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "lesson/lessons.h"

enum { HIGH = 12, FRAME = 9, HINT = 26 };

/* Whether the hint has a row of its own, the last one: the frame's line has no room beside the title, or the pane is high. */
static int hint_has_row(int w, int h, enum charset charset, const char *title, const char *hint)
{
    struct canvas c = {.charset = charset};
    int width = canvas_width(&c, hint);

    return h > 4 && (h >= HIGH || canvas_width(&c, title) + (width > HINT ? width : HINT) + FRAME > w);
}

/* A question that is not asked yet is seen whole or not at all: its numbers would not answer it, but choose views. */
static void hide_part_of_question(const struct lessons *s, const struct page *p, struct page_window *w)
{
    int block = player_question(&s->player), before = p->question - w->top;

    if (block < 0 || s->asked == 1 + block || w->below == 0 || before <= 0 || before >= w->rows)
        return;
    w->rows = before;
    w->below = p->count - p->question;
}

void page_window(const struct model *m, int w, int h, enum charset charset, int beside, struct page *p, struct page_window *out)
{
    const struct lessons *s = lessons_of(m);
    const char *title = s->entry || !s->player.lesson ? "" : s->player.lesson->title;
    int from, most;

    page_make(s, w - 4, charset, beside, p);
    page_hint(m, charset, 0, out->hint, sizeof out->hint);
    out->row = beside ? hint_has_row(w, h, charset, title, out->hint) : 1;
    out->rows = h - 2 - out->row > 0 ? h - 2 - out->row : 0;
    most = p->count > out->rows ? p->count - out->rows : 0;
    from = s->entry ? s->entry_top : p->relevant + s->down;
    out->top = clamp(from, 0, most);
    out->below = most - out->top;
    hide_part_of_question(s, p, out);
    page_hint(m, charset, out->below, out->hint, sizeof out->hint);
}

/* The rectangle that the lesson has on the screen: its page, or the part beside another view. Width 0: none. */
static struct rect place(const struct app *a, int *beside)
{
    struct layout l = app_layout(a, a->w, a->h);

    *beside = view_shown(&a->model) != &lessons_view;
    if (l.too_small || a->options.plain)
        return (struct rect){0};
    return *beside ? l.beside : l.pane[LESSONS_PAGE];
}

/* 0: it is not on the screen. */
static int look(const struct app *a, struct page *p, struct page_window *w)
{
    int beside;
    struct rect r = place(a, &beside);

    if (r.w < 5 || r.h < 3)
        return 0;
    page_window(&a->model, r.w, r.h, a->charset, beside, p, w);
    return 1;
}

int lessons_below(const struct app *a)
{
    struct page *p = malloc(sizeof *p);
    struct page_window w = {0};
    int below = p && look(a, p, &w) ? w.below : 0;

    free(p);
    return below;
}

/* A screenful further on, or to the question that is cut off: it is read as a whole, if it fits. */
static int next_top(const struct page *p, const struct page_window *w)
{
    int next = w->top + (w->rows > 1 ? w->rows : 1);

    return p->question > w->top && p->question < next ? p->question : next;
}

int lessons_scroll(struct app *a, int by)
{
    struct lessons *s = lessons_of(&a->model);
    struct page *p = malloc(sizeof *p);
    struct page_window w;
    int more = 0;

    if (p && look(a, p, &w)) {
        int top = clamp(by ? w.top + by : next_top(p, &w), 0, w.top + w.below);
        more = w.below > 0;
        if (s->entry)
            s->entry_top = top;
        else
            s->down = top - p->relevant;
    }
    free(p);
    return more;
}

void lessons_note_fresh(struct lessons *s)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_step *step = &p->lesson->step[p->step];
    int from = s->seen_block;

    if (s->seen_step == p->step + 1 && p->block == from)
        return;
    if (s->seen_step == p->step + 1 && p->block > from && from < step->first + step->blocks)
        s->fresh = from + (p->lesson->block[from].kind == LESSON_ASK || p->lesson->block[from].kind == LESSON_DO);
    else
        s->fresh = step->first;
    s->down = 0;
    s->seen_step = p->step + 1;
    s->seen_block = p->block;
}
