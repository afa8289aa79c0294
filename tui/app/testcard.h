/* SPDX-License-Identifier: MIT */
/* A test card of the characters that maps and lines can be drawn with: the user sees which of them the terminal's font has. */
#ifndef SADDLE_TUI_APP_TESTCARD_H
#define SADDLE_TUI_APP_TESTCARD_H

#include "draw/canvas.h"

struct app;
struct model;

/* :testcard */
unsigned command_testcard(struct app *a, const char *rest);
/* A digit on it chooses. */
unsigned action_cells(struct app *a, int kind);
/* Over everything else, while ui.mode is MODE_TESTCARD, between the first line and the footer. */
void testcard_draw(const struct model *m, struct canvas *c);

#endif
