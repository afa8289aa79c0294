/* SPDX-License-Identifier: MIT */
/* The journal of a run: one line for each thing that was done to the run from outside, between two steps,
 *
 *     step run name value
 *
 * in the order it was done. With recipe, seed, shards and data set it makes the run again. */
#ifndef SADDLE_RUN_JOURNAL_H
#define SADDLE_RUN_JOURNAL_H

#include "run/run.h"

struct journal_line {
    uint64_t step;
    char name[64], value[KNOB_VALUE_SIZE];
};

/* The line that text begins with. Returns its length; 0 at the end of the journal; or a negative error, which names no
 * file: whoever read the journal from one does (err_in_file). Errors: ERR_INPUT. */
int journal_read(const char *text, struct journal_line *line, struct err *e);
/* The number that the value of a probe or an escape begins with, "3:series" or "3"; −1 if it begins with none. */
int journal_number(const char *value);
/* Whether all lines can be read. Errors: as journal_read. */
int journal_check(const char *text, struct err *e);
/* A line for here and now. Errors: ERR_RUNTIME. */
int journal_add(struct run *l, const char *name, const char *value, struct err *e);
/* The kernels and the library that compute the run's products, on which its bits depend: a line "products_by TEXT" (products_describe), unless the
 * last such line says the same. */
#define JOURNAL_PRODUCTS "products_by"
int journal_products(struct run *l, struct err *e);
/* "", or one line for the log: `from` ("the checkpoint") was computed by `was`, this run is computed by other kernels or
 * another library. */
void journal_compare(const struct run *l, const char *from, const char *was, char *text, size_t size);
/* Of a journal's text: the bytes before the first line of something done after `step` steps, or later (lines that
 * only tell by what products are computed are nothing done); those of so many lines; and how many lines there are. */
size_t journal_before(const char *journal, uint64_t step);
size_t journal_bytes(const char *journal, int lines);
int journal_lines(const char *journal);
/* How many lines of this name it has. */
int journal_count(const struct run *l, const char *name);

#endif
