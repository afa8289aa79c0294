/* SPDX-License-Identifier: MIT */
/* The line that is typed, after ':' or '/' or as a setting's value: ui.input, the cursor before its byte ui.caret.
 * Characters are never cut, and what stands above a character (a combining one) stays with it. */
#ifndef SADDLE_TUI_APP_PROMPT_H
#define SADDLE_TUI_APP_PROMPT_H

#include "app/model.h"

enum prompt_place {
    PROMPT_LEFT,  /* a character back */
    PROMPT_RIGHT, /* a character on */
    PROMPT_WORD,  /* where the word before begins */
    PROMPT_BEGIN,
    PROMPT_END
};

/* A line to go on with: the cursor stands behind it. */
void prompt_begin(struct ui *ui, const char *text);
/* A value as it is: the first character typed takes its place, any other key edits it. */
void prompt_offer(struct ui *ui, const char *text);
/* One character at the cursor; a full line stays as it is. */
void prompt_type(struct ui *ui, uint32_t ch);
void prompt_move(struct ui *ui, enum prompt_place to);
/* Erase what stands between the cursor and that place. */
void prompt_erase(struct ui *ui, enum prompt_place to);

#endif
