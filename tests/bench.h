/* SPDX-License-Identifier: MIT */
/* What the programs of make bench share. Each takes
 *
 *   [--json] [ROW…]   one line of JSON for each row; only rows whose name contains one of these words */
#ifndef SADDLE_TESTS_BENCH_H
#define SADDLE_TESTS_BENCH_H

#include "core/pool.h"

enum { BENCH_FIGURES = 4 };

struct bench_row {
    const char *name;
    double seconds;  /* of a step, or of whatever the row times; 0: nothing */
    double flop;     /* of its products, a multiply-add counted as two; 0: not counted */
    double products; /* seconds of its products alone, on the same pool; 0: not measured */
    struct bench_figure {
        const char *key; /* a JSON name; NULL: no more */
        double value;
        enum { BENCH_FREE, BENCH_AT_LEAST, BENCH_AT_MOST } what;
        double limit;
    } figure[BENCH_FIGURES];
};

/* Reads the command line, starts the mathematics, makes the pool and measures the peak of all its workers together.
 * Prints what it found as the first line. Returns 0, or −1 after a sentence on stderr. */
int bench_begin(int argc, char **argv, struct pool **pool);
int bench_json(void);
/* Was a row of this name asked for? */
int bench_wanted(const char *name);
void bench_print(const struct bench_row *r);

typedef void bench_run(void *context);

/* Seconds that a(context) and b(context) take: each the best of rounds in turns; short work is repeated in each. No
 * round begins after 20 s; both have run once by then. */
void bench_measure(bench_run *a, bench_run *b, void *context, double *ta, double *tb);

/* Single-precision FMA peak of all workers together, FLOP/s. */
double bench_peak(void);

/* The rows of tests/bench. */
void bench_networks(struct pool *pool);
void bench_gather(struct pool *pool);

#endif
