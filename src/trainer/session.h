/* SPDX-License-Identifier: MIT */
/* A session as text: how its first run began, and one line for each thing done to a run, in the order it was done,
 *
 *     saddle session 1
 *     recipe quick
 *     data sample
 *     fingerprint 0123456789abcdef
 *     products OpenBLAS 0.3.21, SkylakeX kernels
 *     seed 1
 *     shards 2
 *     setting learning_rate 1e-3
 *     …
 *     begin
 *     120 A learning_rate 1e-3
 *     300 A fork B
 *     450 B back 300:2
 *     500 A end 3b5c…
 *
 * A line is "step run name value". The name is a setting (one that is live; journal.h), one of the run's own lines
 * (probe, escape, escape_back: saddle-escape.h), or
 *     fork X          run X begins as a copy
 *     compare NAME    the runs of a comparison begin (run/comparison.h)
 *     restart S V     the run begins again with setting S at value V
 *     recipe NAME     the run begins again with the settings of a recipe
 *     back STEP:N     the run is as it was after step STEP, N lines into its journal
 *     drop            the run is no more
 *     end CHECKSUM    here the run ended; CHECKSUM names its weights (run/checksum.h)
 * A line "# SECONDS" tells the training clock of the next line's run. A session that began from a checkpoint has a line
 * "from FILE" in its head. Replayed on the same machine it makes the same runs, bit for bit. */
#ifndef SADDLE_TRAINER_SESSION_H
#define SADDLE_TRAINER_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "run/run.h"

enum { SESSION_NAME = 64, SESSION_PRODUCTS = 160 };

struct session {
    char *recipe, *data, *from; /* from: NULL where it began from scratch */
    uint64_t fingerprint;       /* of the data */
    char products[SESSION_PRODUCTS];
    struct knobs first;         /* of its first run */
    char *text;                 /* the lines after "begin" */
    size_t size;
    int lines_before;           /* in the file, before these */
};

struct session_line {
    uint64_t step;
    int run;
    char name[SESSION_NAME];
    char value[KNOB_VALUE_SIZE];
    double seconds; /* NaN: not told */
};

/* A session that begins with this run. Errors: ERR_RUNTIME. */
int session_begin(struct session *s, const struct run *l, const char *recipe, const char *from, struct err *e);
/* Read one and check every line. Errors: ERR_INPUT, with file and line. */
int session_load(struct session *s, const char *path, struct err *e);
/* The same from text; `path` is what errors call it. */
int session_parse(struct session *s, const char *text, size_t size, const char *path, struct err *e);
/* Whether the file is a session, by its first line. */
int session_is_one(const char *path);
void session_free(struct session *s);
int session_copy(struct session *to, const struct session *from, struct err *e);

/* Add a line, and before it the clock unless `seconds` is NaN. Errors: ERR_RUNTIME. */
int session_add(struct session *s, const struct session_line *line, struct err *e);
/* The line at byte *at, which moves behind it: 1; 0 at the end. Only of a session that was checked. */
int session_next(const struct session *s, size_t *at, struct session_line *line);
/* The whole text, malloced; NULL: no memory. */
char *session_text(const struct session *s);

#endif
