/* SPDX-License-Identifier: MIT */
/* The landscape in lines, for whoever hears the lab instead of seeing it. */
#ifndef SADDLE_TUI_LANDSCAPE_TEXT_H
#define SADDLE_TUI_LANDSCAPE_TEXT_H

#include "trainer/published.h"

enum { PLAIN_LANDSCAPE_PATH = 8, PLAIN_LANDSCAPE_LINES = 7 + PLAIN_LANDSCAPE_PATH, PLAIN_LANDSCAPE_SIZE = 512 };

struct plain_landscape { /* what was told; all zero at first */
    uint64_t drawn;
    enum landscape_status status;
};

/* "step 400: loss 1.31 here, 1.52 on the plane, distance 2.4 from it, 9.8 from the middle": a point of the path, where it is and where it falls
 * on the plane; its distance from the plane, and from the weights in the middle. */
void landscape_point_words(const struct landscape_view *v, int point, char *out, size_t size);
/* "line 1.23, curve .12": the barriers of landscape.h; "" where none is known. */
void landscape_barrier_words(const struct landscape_view *v, char *out, size_t size);

/* The lines that there are to tell since the last call; returns how many. */
int plain_landscape(struct plain_landscape *told, const struct landscape_view *v,
                    char line[PLAIN_LANDSCAPE_LINES][PLAIN_LANDSCAPE_SIZE]);

#endif
