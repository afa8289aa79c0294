/* SPDX-License-Identifier: MIT */
/* What every test program includes: cmocka with the headers it wants first. */
#ifndef SADDLE_TEST_H
#define SADDLE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* cmocka 2 has two names for what was one, and warns of the old one. */
#ifdef assert_uint_in_range
#undef assert_in_range
#define assert_in_range(value, minimum, maximum) assert_uint_in_range(value, minimum, maximum)
#endif

/* cmocka 1.1.5 counts skip() as a failure in TAP: return after this instead. */
static inline void test_is_skipped(const char *why)
{
    printf("# skipped: %s\n", why);
}

#endif
