/* SPDX-License-Identifier: MIT */
/* Which of several names a misspelt word was meant to be: the one at the fewest slips of the keyboard (a letter too many, too
 * few, another one, or two exchanged), if those are few for the word's length. */
#ifndef SADDLE_CORE_NEAREST_H
#define SADDLE_CORE_NEAREST_H

#include <stddef.h>

enum { NEAREST_NAME = 48 }; /* longer words are not compared */

struct nearest {
    const char *word;
    char name[NEAREST_NAME]; /* "": none yet */
    int slips;
};

struct nearest nearest_to(const char *word);
void nearest_offer(struct nearest *n, const char *name);

/* "; did you mean "fork"?", or "". */
const char *nearest_words(const struct nearest *n, char *text, size_t size);
enum { NEAREST_WORDS = NEAREST_NAME + 20 };

#endif
