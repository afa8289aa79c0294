/* SPDX-License-Identifier: MIT */
/* The quantities of lessons and of :wait until, by name: what the runs, the last probe and escape, the landscape and the
 * race have measured, and what commands have printed. A run's have its letter before them ("B.train_loss"); without one
 * they are those of the run in focus. One that is not known yet is NaN. */
#ifndef SADDLE_LESSON_QUANTITY_H
#define SADDLE_LESSON_QUANTITY_H

#include "lesson/expression.h"
#include "race/model.h"
#include "trainer/published.h"
#include "trainer/snapshot.h"

/* What was kept by `let`, or printed as JSON by a command: "sweep.cell.2.mean". */
struct quantity_kept {
    int count, room;
    struct quantity_pair {
        char name[EXPRESSION_NAME];
        struct expression_value value;
    } *pair;
};
enum { QUANTITY_MOST_KEPT = 1 << 16 };

/* Put a value under this name, in place of one that is there. Errors: ERR_RUNTIME. */
int quantity_keep(struct quantity_kept *k, const char *name, const struct expression_value *v, struct err *e);
/* All the numbers, texts and truths of a line of JSON, under `command`: "command.key.key"; the items of a list, and lines
 * with the same only key, are counted from 1 on. A line that is no object is an error (ERR_INPUT). `line` counts from 1. */
int quantity_keep_json(struct quantity_kept *k, const char *command, int line, const char *json, struct err *e);
/* Forget those of a command, or (NULL) all. */
void quantity_forget(struct quantity_kept *k, const char *command);
void quantity_free(struct quantity_kept *k);

struct quantity_world { /* NULL: nothing of it */
    const struct snapshots *runs;
    const struct curvature_view *curvature;
    const struct landscape_view *landscape;
    const struct race_model *race;
    const struct quantity_kept *kept;
};

/* expression_names.read on a world. Errors: ERR_INPUT, there is no such quantity. */
int quantity_read(void *world, const char *name, struct expression_value *v, struct err *e);
/* The same where nothing was measured yet, to check a name: kept ones are those whose first word is in the list, ended
 * by NULL. */
struct quantity_words {
    const char *const *first;
};
int quantity_known(void *words, const char *name, struct expression_value *v, struct err *e);

/* The i-th of all, for the manual: NULL beyond the last. */
struct quantity_row {
    const char *group; /* "", of a run; "probe"; "race.NAME" */
    const char *name, *unit, *help;
};
const struct quantity_row *quantity_at(int i);

/* "{A.train_loss}" in a sentence is replaced by the value, with at most 4 significant digits; what cannot be read, by "?". */
void quantity_fill(const char *sentence, const struct expression_names *names, char *out, size_t size);

#endif
