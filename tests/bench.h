/* What the rows of make bench share. */
#ifndef SADDLE_TESTS_BENCH_H
#define SADDLE_TESTS_BENCH_H

#include "core/pool.h"

typedef void bench_run(void *context);

/* Seconds that a(context) and b(context) take: medians of rounds in turns; short work is repeated in each. */
void bench_measure(bench_run *a, bench_run *b, void *context, double *ta, double *tb);
/* Was this row asked for? */
int bench_wanted(const char *row);

/* The rows, a line each on stdout. */
void bench_networks(struct pool *pool);
void bench_gather(struct pool *pool);

#endif
