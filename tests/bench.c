/* make bench: how fast the engine is. What a row compares is timed in interleaved rounds of one run; the figures are
 * medians. Run it on a quiet machine.
 *
 *   bench [ROW…]   rows whose name contains one of these words */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "math/start.h"
#include "core/clock.h"
#include "timing.h"

enum { ROUNDS = 5 };
static const double ROUND_SECONDS = .25; /* a round repeats short work for about as long */

static char **words; /* of the command line; ends in NULL */

static double timed(bench_run *run, void *context, int times)
{
    double start = clock_seconds();

    for (int i = 0; i < times; i++)
        run(context);
    return (clock_seconds() - start) / times;
}

void bench_measure(bench_run *a, bench_run *b, void *context, double *ta, double *tb)
{
    double a_round[ROUNDS], b_round[ROUNDS], once;
    int times;

    a(context);
    b(context);
    once = timed(b, context, 1);
    times = once < ROUND_SECONDS ? 1 + (int)(ROUND_SECONDS / once) : 1;
    for (int i = 0; i < ROUNDS; i++) {
        a_round[i] = timed(a, context, times);
        b_round[i] = timed(b, context, times);
    }
    *ta = median(a_round, ROUNDS);
    *tb = median(b_round, ROUNDS);
}

int bench_wanted(const char *row)
{
    int found = !*words;

    for (char **w = words; *w; w++)
        found |= strstr(row, *w) != NULL;
    return found;
}

int main(int argc, char **argv)
{
    struct pool *pool;

    words = argv + (argc > 0);
    if (math_start(NULL) != 0 || pool_new(&pool, pool_cores(), NULL) != 0)
        return 1;
    printf("%d workers, %s\n", pool_workers(pool), math_library());
    bench_gather(pool); /* first: its memory is measured, and the others leave some behind */
    bench_networks(pool);
    pool_free(pool);
    return 0;
}
