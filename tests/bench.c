/* SPDX-License-Identifier: MIT */
/* make bench: how fast the engine is. What a row compares is timed in interleaved rounds of one run; a figure is the
 * best of its rounds. Run it on a quiet machine. */
#include "bench.h"

int main(int argc, char **argv)
{
    struct pool *pool;

    if (bench_begin(argc, argv, &pool) != 0)
        return 1;
    bench_gather(pool); /* first: its memory is measured, and the others leave some behind */
    bench_networks(pool);
    pool_free(pool);
    return 0;
}
