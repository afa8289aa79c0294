/* SPDX-License-Identifier: MIT */
/* The landscape in lines, for whoever hears the lab instead of seeing it. */
#ifndef SADDLE_TUI_LANDSCAPE_TEXT_H
#define SADDLE_TUI_LANDSCAPE_TEXT_H

#include "trainer/published.h"

enum { PLAIN_LANDSCAPE_LINES = 6, PLAIN_LANDSCAPE_SIZE = 512 };

struct plain_landscape { /* what was told; all zero at first */
    uint64_t drawn;
    enum landscape_status status;
};

/* The lines that there are to tell since the last call; returns how many. */
int plain_landscape(struct plain_landscape *told, const struct landscape_view *v,
                    char line[PLAIN_LANDSCAPE_LINES][PLAIN_LANDSCAPE_SIZE]);

#endif
