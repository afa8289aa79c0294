/* SPDX-License-Identifier: MIT */
#include "run/run-ranks.h"

#include "ranks/ranks.h"
#include "run/hyperparameter.h"
#include "run/run-private.h"
#include "run/update.h"

int run_ranks_workspace(struct workspace *w, int shards, struct err *e)
{
    int r = network_f.spread(w);

    if (r == -ERR_USAGE)
        return err_set(e, ERR_USAGE, "%d ranks cannot share %d shards: set shards to %d or more, or start fewer ranks",
                       ranks_size(), shards, ranks_size());
    return r ? err_set(e, ERR_RUNTIME, "not enough memory for what ranks exchange") : 0;
}

int run_on_ranks(struct run *l, struct err *e)
{
    l->on_ranks = ranks_size() > 1;
    return l->on_ranks ? run_ranks_workspace(l->workspace, (int)l->state->knobs.value[KNOB_SHARDS], e) : 0;
}

/* Here, whatever the others do. */
static int is_asked_to_end(const struct run *l)
{
    return l->cancel && atomic_load(l->cancel);
}

int run_ranks_ready(struct run *l)
{
    if (!l->on_ranks)
        return update_ready(l);
    if (!l->ready && ranks_most(update_ready(l) != 0))
        l->ready = 0;
    return l->ready ? 0 : -1;
}

void run_ranks_agree(struct run *l, struct batch_result *b)
{
    enum pass_end own = PASS_WHOLE;

    if (!l->on_ranks)
        return;
    if (dataset_check(l->data, NULL))
        own = PASS_DATA_LOST;
    else if (b->cancelled || is_asked_to_end(l))
        own = PASS_CANCELLED;
    l->pass_end = (enum pass_end)ranks_most((int)own);
    if (ranks_check(NULL) != 0)
        l->pass_end = PASS_ALONE;
    b->cancelled = run_ranks_cancelled(l);
}

int run_ranks_check_data(const struct run *l, struct err *e)
{
    if (!l->on_ranks)
        return dataset_check(l->data, e);
    if (l->pass_end != PASS_DATA_LOST)
        return 0;
    return dataset_check(l->data, e) ? -ERR_INPUT : err_set(e, ERR_INPUT, "the data of another rank is no longer there");
}

int run_ranks_most(const struct run *l, int value)
{
    return l->on_ranks ? ranks_most(value) : value;
}

int run_ranks_cancelled(const struct run *l)
{
    return l->on_ranks ? l->pass_end == PASS_CANCELLED || l->pass_end == PASS_ALONE : is_asked_to_end(l);
}

int run_ranks_error(struct err *e)
{
    return ranks_check(e) ? -ERR_RUNTIME : err_set(e, ERR_CANCELLED, "cancelled");
}
