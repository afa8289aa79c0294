/* SPDX-License-Identifier: MIT */
#include "run/savepoint.h"

#include <stdlib.h>

#include "run/update.h"
#include "run/run-private.h"

struct savepoint *savepoint_take(const struct run *l)
{
    struct savepoint *k = malloc(sizeof *k);

    if (!k)
        return NULL;
    *k = (struct savepoint){.state = state_copy(l->state), .journal_size = l->journal_size, .mark = l->mark};
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
    if (r) {
        free(s);
        return r;
    }
    free(l->state);
    l->state = s;
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

void savepoint_free(struct savepoint *k)
{
    if (!k)
        return;
    free(k->state);
    free(k);
}
