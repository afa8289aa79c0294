/* SPDX-License-Identifier: MIT */
/* Two runs side by side on a scripted screen, and what stands on it. */
#ifndef SADDLE_TESTS_TWO_RUNS_H
#define SADDLE_TESTS_TWO_RUNS_H

#include "test.h"

#include "app/pane.h"
#include "scripted-app.h"

void two_runs_begin(struct stage *s, const char *script);
struct command two_runs_last(const struct stage *s);
const struct series *two_runs_series(const struct pane_plot *p, char letter);
char *two_runs_screen(struct stage *s, int w, int h, enum charset charset);
void two_runs_hold(struct stage *s, int w, int h, const char *words);
void two_runs_lack(struct stage *s, int w, int h, const char *words);

#endif
