/* SPDX-License-Identifier: MIT */
/* A surface the user types: x, y, numbers and pi, + − * / ^ and parentheses, sin cos exp log sqrt abs. As
 * usual ^ binds tightest and to the right, then the sign (−x^2 is −(x²)), then * /, then + −. Length and
 * depth are bounded, nothing is allocated. Derivatives are exact: see formula-value.c. */
#ifndef SADDLE_RACE_FORMULA_H
#define SADDLE_RACE_FORMULA_H

#include "race/surface.h"

enum { FORMULA_TEXT = 256, FORMULA_DEPTH = 32 };

enum formula_code {
    FORMULA_NUMBER, /* pushes; the others replace the top of the stack, or its top two */
    FORMULA_X,
    FORMULA_Y,
    FORMULA_ADD,
    FORMULA_SUBTRACT,
    FORMULA_MULTIPLY,
    FORMULA_DIVIDE,
    FORMULA_POWER,
    FORMULA_NEGATE,
    FORMULA_SIN,
    FORMULA_COS,
    FORMULA_EXP,
    FORMULA_LOG,
    FORMULA_SQRT,
    FORMULA_ABS
};

/* In postfix order; plain data. */
struct formula {
    char text[FORMULA_TEXT];
    int count;
    struct {
        enum formula_code code;
        double number;
    } op[FORMULA_TEXT]; /* each has a character of the text of its own */
};

/* Errors: ERR_USAGE, a sentence that names the place ("character 5: expected …"), counted in characters
 * from 1. */
int formula_parse(struct formula *f, const char *text, struct err *e);

/* A two-dimensional surface of it, which must not outlive f. Where a derivative does not exist (abs at 0) abs
 * counts as flat; what lies outside the reals (log of a negative) is NaN. */
struct surface formula_surface(const struct formula *f);

#endif
