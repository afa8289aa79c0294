/* SPDX-License-Identifier: MIT */
#include "two-workers.h"

#include <stddef.h>

#include "math/start.h"

struct pool *pool;

int workers_start(void **state)
{
    (void)state;
    return math_start(NULL) != 0 || pool_new(&pool, 2, NULL) != 0;
}

int workers_end(void **state)
{
    (void)state;
    pool_free(pool);
    return 0;
}
