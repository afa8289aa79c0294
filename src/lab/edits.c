#include "lab/edits.h"

#include <string.h>

void edits_note(struct edits *e, enum knob_id knob, uint64_t step, const struct knobs *before,
                const struct knobs *after)
{
    struct edit *last = e->done ? &e->list[e->done - 1] : NULL;

    if (last && last->knob == knob && last->step == step && e->done == e->all) {
        last->after = *after;
        return;
    }
    if (e->done == EDITS_KEPT) {
        memmove(e->list, e->list + 1, sizeof *e->list * (EDITS_KEPT - 1));
        e->done--;
    }
    e->list[e->done++] = (struct edit){.knob = knob, .step = step, .before = *before, .after = *after};
    e->all = e->done;
}

const struct edit *edits_undo(struct edits *e)
{
    return e->done ? &e->list[--e->done] : NULL;
}

const struct edit *edits_redo(struct edits *e)
{
    return e->done < e->all ? &e->list[e->done++] : NULL;
}
