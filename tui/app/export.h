/* SPDX-License-Identifier: MIT */
/* Pictures: the screen, or what one pane plots, as a file. The handlers of two commands; `rest` is what was typed
 * after the name. */
#ifndef SADDLE_TUI_APP_EXPORT_H
#define SADDLE_TUI_APP_EXPORT_H

#include "app/app.h"

/* The screen as it is without the command line, at its size and in its characters: FILE.txt or FILE.svg. */
unsigned pictures_screenshot(struct app *a, const char *rest);
/* The focused pane's plot, or that of a pane named first ("loss FILE.svg"), with its axes and legend. */
unsigned pictures_plot(struct app *a, const char *rest);
unsigned pictures_film(struct app *a, const char *rest);

#endif
