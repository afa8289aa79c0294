/* SPDX-License-Identifier: MIT */
/* The text files of a libriphone folder: lists of utterance ids, and the labels of each. */
#ifndef SADDLE_DATA_LIBRIPHONE_LISTS_H
#define SADDLE_DATA_LIBRIPHONE_LISTS_H

#include <stdint.h>

#include "core/err.h"

struct listed {
    const char *id;       /* letters, digits, _ and -: safe as part of a file name */
    int64_t line;         /* from 1 */
    int64_t first, count; /* its labels, for a file of labels */
};

struct list {
    char *path, *text;
    int64_t count, room;
    struct listed *items;  /* in the order of the file */
    struct listed *sorted; /* by id */
    uint8_t *labels;
};

/* One id a line. Errors: ERR_INPUT with file and line, for a bad or a doubled id. CR LF and a missing
 * last newline are fine. list_free(l) is due after a failure too. */
int list_read_ids(struct list *l, const char *path, struct err *e);
/* One "id label label …" a line, every label below `classes`. */
int list_read_labels(struct list *l, const char *path, int classes, struct err *e);
/* NULL when the list has no such id. */
const struct listed *list_find(const struct list *l, const char *id);
void list_free(struct list *l);

#endif
