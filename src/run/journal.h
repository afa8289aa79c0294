/* The journal of a lane: one line for each thing that was done to the run from outside, between two steps,
 *
 *     step lane name value
 *
 * in the order it was done. With recipe, seed, shards and data set it makes the run again. */
#ifndef SADDLE_LAB_JOURNAL_H
#define SADDLE_LAB_JOURNAL_H

#include "run/run.h"

/* A line for here and now. Errors: ERR_RUNTIME. */
int journal_add(struct lane *l, const char *name, const char *value, struct err *e);
/* What the run's bits depend on beside the journal: a line "products_by TEXT" (products_describe), unless the last such
 * line says the same. */
int journal_products(struct lane *l, struct err *e);
/* How many lines of this name it has. */
int journal_count(const struct lane *l, const char *name);

#endif
