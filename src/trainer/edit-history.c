/* SPDX-License-Identifier: MIT */
#include "trainer/edit-history.h"

#include <string.h>

static void forget(struct edit *edit)
{
    saddle_escape_free(edit->escape);
    edit->escape = NULL;
}

static void forget_after(struct edits *e, int from)
{
    for (int i = from; i < e->all; i++)
        forget(&e->list[i]);
    e->all = from;
}

static void forget_oldest(struct edits *e, int count)
{
    for (int i = 0; i < count; i++)
        forget(&e->list[i]);
    memmove(e->list, e->list + count, sizeof *e->list * (size_t)(e->all - count));
    e->done = e->done > count ? e->done - count : 0;
    e->all -= count;
}

static void add(struct edits *e, const struct edit *edit)
{
    forget_after(e, e->done);
    if (e->done == EDITS_KEPT)
        forget_oldest(e, 1);
    e->list[e->done++] = *edit;
    e->all = e->done;
}

int edits_continues(const struct edits *e, const struct edit *edit)
{
    const struct edit *last = e->done ? &e->list[e->done - 1] : NULL;

    return last && !last->escape && last->knob == edit->knob && last->turned && edit->turned && e->done == e->all &&
           edit->step >= last->step && edit->step - last->step <= EDITS_TOGETHER;
}

void edits_note(struct edits *e, const struct edit *edit)
{
    struct edit *last;

    if (!edits_continues(e, edit)) {
        add(e, edit);
        return;
    }
    last = &e->list[e->done - 1];
    last->after = edit->after;
    last->step = edit->step;
}

void edits_note_escape(struct edits *e, uint64_t step, int lines, struct saddle_escape *x)
{
    struct edit edit = {.step = step, .began = step, .lines = lines, .escape = x};
    int escapes = 0;

    add(e, &edit);
    for (int i = e->all - 1; i >= 0; i--)
        if (e->list[i].escape && ++escapes > EDITS_ESCAPES_KEPT) {
            forget_oldest(e, i + 1);
            break;
        }
}

const struct edit *edits_undo(struct edits *e)
{
    return e->done ? &e->list[--e->done] : NULL;
}

const struct edit *edits_redo(struct edits *e)
{
    return e->done < e->all ? &e->list[e->done++] : NULL;
}

void edits_forget_later(struct edits *e)
{
    for (int i = e->done + 1; i < e->all; i++)
        if (e->list[i].escape) {
            forget_after(e, i);
            return;
        }
}

void edits_forget_from(struct edits *e, uint64_t step)
{
    int from = e->all;

    while (from > 0 && e->list[from - 1].began >= step)
        from--;
    forget_after(e, from);
    e->done = e->done < from ? e->done : from;
}

void edits_forget_beyond(struct edits *e, uint64_t step, int lines)
{
    int from = e->all;

    while (from > 0 && (e->list[from - 1].began > step || (e->list[from - 1].began == step && e->list[from - 1].lines >= lines)))
        from--;
    forget_after(e, from);
    e->done = e->done < from ? e->done : from;
}

void edits_copy(struct edits *to, const struct edits *from)
{
    int missing = 0;

    memcpy(to->list, from->list, sizeof *to->list * (size_t)from->all);
    to->all = from->all;
    to->done = from->done;
    for (int i = 0; i < to->all; i++)
        if (to->list[i].escape && !(to->list[i].escape = saddle_escape_copy(from->list[i].escape)))
            missing = i + 1;
    if (missing)
        forget_oldest(to, missing);
}

void edits_clear(struct edits *e)
{
    forget_after(e, 0);
    e->done = 0;
}
