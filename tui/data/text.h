/* SPDX-License-Identifier: MIT */
/* Predictions in lines, for whoever hears the lab instead of seeing it. */
#ifndef SADDLE_TUI_DATA_TEXT_H
#define SADDLE_TUI_DATA_TEXT_H

#include "data/panes.h"

void data_text(const struct data_task *t, const struct text_sink *out);

#endif
