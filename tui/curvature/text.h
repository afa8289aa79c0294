/* SPDX-License-Identifier: MIT */
/* The curvature in lines: what a finished probe found, with its evidence. */
#ifndef SADDLE_TUI_CURVATURE_TEXT_H
#define SADDLE_TUI_CURVATURE_TEXT_H

#include <stddef.h>

#include "trainer/published.h"
#include "trainer/snapshot.h"

enum { PLAIN_CURVATURE_LINES = 5, PLAIN_CURVATURE_SIZE = 640 };

struct plain_curvature { /* what was told; zeroed: nothing */
    uint64_t step;
    double seconds;
    enum curvature_status status;
};

/* Changes since the last call, as lines; returns their number. */
int plain_curvature(struct plain_curvature *told, const struct curvature_view *v,
                    char line[PLAIN_CURVATURE_LINES][PLAIN_CURVATURE_SIZE]);
/* A point of the series. */
void plain_curvature_point(const struct sample *s, char *line, size_t size);
/* What it says of the step that came next: 1, or 0 where nobody looked. */
int plain_curvature_step(const struct sample *s, char *line, size_t size);

#endif
