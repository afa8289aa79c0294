/* SPDX-License-Identifier: MIT */
/* Expressions over measured quantities, as lessons and :wait write them:
 *     B.train_loss > A.train_loss and probe.lambda_min < -1e-3
 *     abs(race.sgd.steps - 83) <= 1          diagnose.branch == "overfitting"
 * From the loosest to the tightest: or; and; not; < <= > >= == !=, of which one may stand between two sums; + -; * /;
 * a sign; names, numbers, "texts", ( ), and the functions abs, sqrt, log10, min, max. A condition is 1 or 0. A quantity
 * that is not known is NaN: no comparison with it holds, != neither. */
#ifndef SADDLE_LESSON_EXPRESSION_H
#define SADDLE_LESSON_EXPRESSION_H

#include <stddef.h>

#include "core/err.h"

enum { EXPRESSION_NAME = 96, EXPRESSION_WORD = 64, EXPRESSION_DEPTH = 32 };

struct expression_value {
    int is_text;
    double number;
    char text[EXPRESSION_WORD]; /* where is_text */
};

/* What a name stands for. */
struct expression_names {
    int (*read)(void *context, const char *name, struct expression_value *v, struct err *e);
    void *context;
};

/* Errors: ERR_INPUT, with the place as a character counted from 1; whatever `read` returns. */
int expression_evaluate(const char *text, const struct expression_names *names, struct expression_value *v, struct err *e);
/* The same for a condition or number. */
int expression_number(const char *text, const struct expression_names *names, double *value, struct err *e);
/* What stands left of the comparison: "A.train_loss" of "A.train_loss < 1.2"; without one the whole text, cut to size. */
void expression_left(const char *text, char *out, size_t size);

#endif
