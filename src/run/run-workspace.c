/* SPDX-License-Identifier: MIT */
/* The memory of a run's passes. Forks share it, since they work in turn: what four runs need of the processor's caches is
 * little more than what one needs. */
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "run/run-private.h"
#include "run/run-ranks.h"

void run_release_workspace(struct run *l)
{
    if (l->sharers && --*l->sharers == 0) {
        network_f.workspace_free(l->workspace);
        free(l->lengths);
        free(l->sharers);
    }
    l->workspace = NULL;
    l->lengths = NULL;
    l->sharers = NULL;
}

void run_share_workspace(struct run *l, const struct run *other)
{
    run_release_workspace(l);
    l->workspace = other->workspace;
    l->lengths = other->lengths;
    l->sharers = other->sharers;
    ++*l->sharers;
}

int run_make_workspace(struct run *l, int batch, struct err *e)
{
    int shards = (int)l->state->knobs.value[KNOB_SHARDS], size = run_slice(l, batch), *lengths, *sharers;
    struct workspace *w;
    char what[64];

    snprintf(what, sizeof what, "a batch of %d examples", batch);
    if (memory_need(what, network_f.workspace_bytes(&l->network, shards, size), e) != 0)
        return -e->code;
    w = network_f.workspace_new(&l->network, shards, size);
    lengths = calloc((size_t)size, sizeof *lengths);
    sharers = malloc(sizeof *sharers);
    if (!w || !lengths || !sharers) {
        network_f.workspace_free(w);
        free(lengths);
        free(sharers);
        return err_set(e, ERR_RUNTIME, "not enough memory for batches of %d examples", batch);
    }
    if (l->on_ranks && run_ranks_workspace(w, shards, e) != 0) {
        network_f.workspace_free(w);
        free(lengths);
        free(sharers);
        return -e->code;
    }
    run_release_workspace(l);
    *sharers = 1;
    l->workspace = w;
    l->lengths = lengths;
    l->sharers = sharers;
    return 0;
}
