#include "lab/edits.h"

#include <string.h>

static void forget_after(struct edits *e, int from)
{
    for (int i = from; i < e->all; i++)
        lane_escape_free(e->list[i].escape);
    e->all = from;
}

static void forget_oldest(struct edits *e, int count)
{
    for (int i = 0; i < count; i++)
        lane_escape_free(e->list[i].escape);
    memmove(e->list, e->list + count, sizeof *e->list * (size_t)(e->all - count));
    e->done -= count;
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

void edits_note(struct edits *e, enum knob_id knob, uint64_t step, const struct knobs *before,
                const struct knobs *after)
{
    struct edit *last = e->done ? &e->list[e->done - 1] : NULL;
    struct edit edit = {.knob = knob, .step = step, .before = *before, .after = *after};

    if (last && !last->escape && last->knob == knob && last->step == step && e->done == e->all)
        last->after = *after;
    else
        add(e, &edit);
}

void edits_note_escape(struct edits *e, uint64_t step, struct lane_escape *x)
{
    struct edit edit = {.step = step, .escape = x};
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

void edits_clear(struct edits *e)
{
    forget_after(e, 0);
    e->done = 0;
}
