/* SPDX-License-Identifier: MIT */
/* Lesson files: Markdown that reads well by itself, with fenced blocks that the lab acts on.
 *
 *     # Batch size                       the title, once
 *     *8 minutes · part 3*               how long it takes; 5 minutes where this line is missing
 *     ## Small against large             a step: all up to the next one is shown together; without one all is one step
 *     Text, *emphasis*, [a term](glossary.md#noise-scale).
 *     ```ask
 *     Which batch size trains best in one epoch?
 *     - 32 | A.validation_accuracy > B.validation_accuracy
 *     - 8192 | A.validation_accuracy < B.validation_accuracy
 *     ```
 *     ```do
 *     recipe quick
 *     wait 2 epochs
 *     ```
 *     ```check
 *     A.validation_accuracy > .6 | it learned: {A.validation_accuracy} | it did not
 *     ```
 *     ```show
 *     batch
 *     ```
 * A block's lines are kept as they stand, blank lines and those beginning with # left out. What a line of `do` means is
 * the lab's business; expressions are expression.h's. An `ask` has a question and choices, each with the condition under
 * which it was right, or `- number EXPRESSION within TOLERANCE`. */
#ifndef SADDLE_LESSON_LESSON_H
#define SADDLE_LESSON_LESSON_H

#include "core/err.h"

enum {
    LESSON_BYTES = 1 << 17, /* of a file, at most */
    LESSON_BLOCKS = 256, LESSON_LINES = 64, LESSON_STEPS = 32, LESSON_NAME = 64
};

enum lesson_kind { LESSON_TEXT, LESSON_ASK, LESSON_DO, LESSON_CHECK, LESSON_SHOW };

struct lesson_line {
    int number;       /* in the file, from 1 on */
    const char *text; /* of a check or a choice: what stands before the first bar */
    const char *condition; /* of a choice: when it was right; of a number: the quantity; else NULL */
    const char *holds, *fails; /* of a check: the sentences */
    double within;    /* of a number: its tolerance; NaN of a choice */
};

struct lesson_block {
    enum lesson_kind kind;
    int number; /* of its first line in the file */
    int count;
    struct lesson_line *line; /* of text: paragraphs, joined to a line each; list items and tables a line each */
};

struct lesson_step {
    const char *title;
    int number; /* of the line of its heading */
    int first, blocks; /* of the lesson's blocks */
};

struct lesson {
    char *path;
    int number;             /* 3 of 03-overfitting.md; 0: none */
    char name[LESSON_NAME]; /* "overfitting" */
    const char *title;
    int minutes;
    int steps;
    struct lesson_step step[LESSON_STEPS];
    int blocks;
    struct lesson_block block[LESSON_BLOCKS];
    char *bytes;
};

/* Errors: ERR_INPUT, "FILE:LINE: …"; ERR_RUNTIME. What the blocks mean is not checked: lesson_check. Free accepts NULL. */
int lesson_read(struct lesson **l, const char *path, struct err *e);
void lesson_free(struct lesson *l);

/* 3 of the file name 03-overfitting.md; 0: it has none. */
int lesson_number(const char *file);

/* "FILE:LINE: sentence" from an error about that line. Returns -ERR_INPUT. */
int lesson_error(const struct lesson *l, int line, struct err *e);

#endif
