/* SPDX-License-Identifier: MIT */
/* A pool of two workers for all tests of a program. */
#ifndef SADDLE_TESTS_WORKERS_H
#define SADDLE_TESTS_WORKERS_H

#include "core/pool.h"

extern struct pool *pool;

/* cmocka's set-up and tear-down of a group of tests: the pool is there between them. */
int workers_start(void **state);
int workers_end(void **state);

#endif
