/* SPDX-License-Identifier: MIT */
/* The processes of one command that mpirun started together, on one machine or several: rank 0 … size−1, of which rank 0
 * speaks for all. A process that was not started so is rank 0 of 1, and nothing here costs it anything. The only room
 * that knows of MPI; a program built without it has ranks-none.c.
 *
 * A call that every rank takes part in (barrier, broadcast, gather, exchange, most) has to be made by all, in the same
 * order, from one thread at a time. When communication fails, because a rank is gone, calls return at once from then
 * on, whatever they were to bring is undefined, and ranks_check has the sentence. */
#ifndef SADDLE_RANKS_RANKS_H
#define SADDLE_RANKS_RANKS_H

#include <stddef.h>

#include "core/err.h"

/* ---- beginning and end ---------------------------------------------------------------------- */

/* The number of processes that the launcher named in the environment started; 0: this one was started without. */
int ranks_launched(void);
/* For a command that knows what to do with ranks; not before the program has restarted itself with other kernels
 * (math/kernel-start.h). Errors: ERR_USAGE, started as one of several, but they cannot be joined. */
int ranks_start(struct err *e);
/* Wait until all have come here, and leave. */
void ranks_end(void);
/* End every rank now, as the launcher does: for a rank that cannot go on and cannot tell the others. */
void ranks_abort(int code);

int ranks_rank(void);
int ranks_size(void); /* 1: alone */
/* "node7": this machine. */
const char *ranks_host(void);
/* The cores that are this rank's share of those its machine gives to the ranks on it, at least 1. */
int ranks_cores(void);

/* The shares of all ranks together. */
int ranks_all_cores(void);

/* "", or what is built in: "Open MPI 4.1.4". */
const char *ranks_library(void);

/* ---- what all ranks take part in ------------------------------------------------------------- */

void ranks_barrier(void);
/* The largest of the ranks' numbers: for "has anybody …?". */
int ranks_most(int value);
/* Rank 0's bytes, at every rank. */
void ranks_broadcast(void *bytes, size_t n);
/* Items of `size` bytes each: those from first[rank] up to first[rank + 1] are there, the others come. first[size + 1]
 * is the same at every rank; NULL: one item a rank. */
void ranks_gather(void *items, size_t size, const int *first);

/* Send pieces to other ranks and receive theirs, all at once. Between two ranks the k-th piece sent is the k-th
 * received, and as large. */
struct ranks_piece {
    int rank;
    int is_sent;
    void *bytes;
    size_t n;
};
void ranks_exchange(const struct ranks_piece *piece, int pieces);

/* 0, or the sentence of the failure after which nothing was communicated any more. Errors: ERR_RUNTIME. */
int ranks_check(struct err *e);
/* Seconds spent in the calls above, waiting for slower ranks included. */
double ranks_seconds(void);

/* ---- messages from one rank to another ------------------------------------------------------- */

enum { RANKS_ANY = -1 };

/* Returns when the bytes may be used again. Errors: ERR_RUNTIME. */
int ranks_send(int to, const void *bytes, size_t n, struct err *e);
/* Whether a message is there. */
int ranks_waiting(void);
/* The next message of a rank, or of RANKS_ANY: *bytes (malloced, a zero byte after its end) and *n. Sleeps while it waits,
 * as long as there is none. Returns the sender's rank. Errors: ERR_RUNTIME. */
int ranks_receive(int from, void **bytes, size_t *n, struct err *e);

#endif
