/* SPDX-License-Identifier: MIT */
/* A build without MPI: one process, rank 0 of 1. */
#include <string.h>

#include "core/pool.h"
#include "ranks/ranks.h"

int ranks_start(struct err *e)
{
    if (ranks_launched() > 1)
        return err_set(e, ERR_USAGE, "saddle was built without MPI, and cannot be one of %d processes; install "
                                     "libopenmpi-dev and configure it again", ranks_launched());
    return 0;
}

void ranks_end(void)
{
}

void ranks_abort(int code)
{
    (void)code;
}

int ranks_rank(void)
{
    return 0;
}

int ranks_size(void)
{
    return 1;
}

const char *ranks_host(void)
{
    return "";
}

int ranks_cores(void)
{
    return pool_cores();
}

int ranks_all_cores(void)
{
    return pool_cores();
}

const char *ranks_library(void)
{
    return "";
}

void ranks_barrier(void)
{
}

int ranks_most(int value)
{
    return value;
}

void ranks_broadcast(void *bytes, size_t n)
{
    (void)bytes;
    (void)n;
}

void ranks_gather(void *items, size_t size, const int *first)
{
    (void)items;
    (void)size;
    (void)first;
}

void ranks_exchange(const struct ranks_piece *piece, int pieces)
{
    (void)piece;
    (void)pieces;
}

int ranks_check(struct err *e)
{
    (void)e;
    return 0;
}

double ranks_seconds(void)
{
    return 0;
}

static int alone(struct err *e)
{
    return err_set(e, ERR_RUNTIME, "there is no other rank");
}

int ranks_send(int to, const void *bytes, size_t n, struct err *e)
{
    (void)to;
    (void)bytes;
    (void)n;
    return alone(e);
}

int ranks_receive(int from, void **bytes, size_t *n, struct err *e)
{
    (void)from;
    *bytes = NULL;
    *n = 0;
    return alone(e);
}

int ranks_waiting(void)
{
    return 0;
}
