/* SPDX-License-Identifier: MIT */
/* Lists of names as the container stores them: one a line. */
#ifndef SADDLE_DATA_NAMES_H
#define SADDLE_DATA_NAMES_H

#include "data/dataset.h"

/* Split `text` at its newlines (a last newline ends the last name; empty text is no name). One block
 * holds pointers and text. Returns 0, -1 for no memory, or the number (from 1) of the first name that
 * is empty or would not print: control characters, broken UTF-8. */
int name_list_split(struct name_list *l, const char *text);
/* The names, a newline between two; malloced, or NULL when there is no memory. */
char *name_list_join(const struct name_list *l);
void name_list_free(struct name_list *l);

/* Whether text can be put on a screen as it is: UTF-8 without control characters. */
int name_is_clean(const char *text);

#endif
