/* SPDX-License-Identifier: MIT */
#include "run/savepoint.h"

#include <math.h>
#include <stdlib.h>

#include "run/update.h"
#include "run/run-private.h"

struct savepoint *savepoint_take(const struct run *l)
{
    struct savepoint *k = malloc(sizeof *k);

    if (!k)
        return NULL;
    *k = (struct savepoint){.references = 1, .state = state_copy(l->state), .journal_size = l->journal_size, .mark = l->mark, .loss = NAN};
    if (!k->state) {
        free(k);
        return NULL;
    }
    return k;
}

int savepoint_restore(struct run *l, const struct savepoint *k, struct err *e)
{
    struct state *s = state_copy(k->state);
    int r;

    if (!s)
        return err_memory(e, "the weights of before", k->state->bytes);
    r = update_fit(l, &k->state->knobs, 0, e);
    if (r == 0 && (int)k->state->knobs.value[KNOB_BATCH_SIZE] > network_f.capacity(l->workspace))
        r = run_make_workspace(l, (int)k->state->knobs.value[KNOB_BATCH_SIZE], e);
    if (r) {
        free(s);
        return r;
    }
    free(l->state);
    l->state = s;
    l->average_known = 0;
    l->journal_size = k->journal_size;
    l->journal[l->journal_size] = '\0';
    l->mark = k->mark;
    l->evaluation = (struct evaluation){0};
    return 0;
}

size_t savepoint_bytes(const struct savepoint *k)
{
    return k ? k->state->bytes : 0;
}

struct savepoint *savepoint_share(struct savepoint *k)
{
    k->references++;
    return k;
}

void savepoint_free(struct savepoint *k)
{
    if (!k || --k->references > 0)
        return;
    free(k->state);
    free(k);
}
