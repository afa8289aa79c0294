/* What every test program includes: cmocka with the headers it wants first. */
#ifndef SADDLE_TEST_H
#define SADDLE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
