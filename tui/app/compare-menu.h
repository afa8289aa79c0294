/* SPDX-License-Identifier: MIT */
/* The menu of comparisons: a list over the screen, of which one is begun beside the run in focus. */
#ifndef SADDLE_TUI_APP_COMPARE_MENU_H
#define SADDLE_TUI_APP_COMPARE_MENU_H

#include "app/app.h"

/* Open it, having found out which comparisons can be begun now, and why the others cannot. */
unsigned action_compare_menu(struct app *a, int by);
/* The same of the tests and cures that the diagnosis of the run asks for. */
unsigned action_cure_menu(struct app *a, int by);
/* Select another row. */
unsigned action_compare_select(struct app *a, int by);
/* Begin the selected comparison, or with `by` > 0 the by-th; one that cannot be begun says why, and the menu stays. */
unsigned action_compare(struct app *a, int by);
/* What a click does in the list: selects, on the selected row begins, beside the list leaves it. */
unsigned action_compare_here(struct app *a, int by);
/* The comparison at x, y of the area that compare_menu_draw gets, of this size; −1: none. */
int compare_menu_at(const struct ui *ui, int w, int h, int x, int y);
/* Begin the comparison of this name, without the menu; one that cannot be begun says why. */
unsigned action_compare_with(struct app *a, const char *name);
/* Over everything else, while ui.mode is MODE_COMPARE, between the first line and the footer. */
void compare_menu_draw(const struct model *m, struct canvas *c);

#endif
