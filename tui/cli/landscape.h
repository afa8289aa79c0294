/* SPDX-License-Identifier: MIT */
/* Options and results of `saddle landscape`. */
#ifndef SADDLE_TUI_CLI_LANDSCAPE_H
#define SADDLE_TUI_CLI_LANDSCAPE_H

#include "run/probe-input.h"
#include "landscape/landscape.h"
#include "landscape/pca.h"

struct landscaping {
    const char *checkpoint, *data, *split, *output, *film, *palette, *colormap;
    const char *directions, *extent, *epsilon; /* as typed; NULL: not given */
    const char *other;                         /* the line's other end */
    const char *path[PCA_MOST_POINTS];
    int path_points, json, batch_statistics, no_figures, force;
    long long frames, points, axes, threads, seed, curve_steps;
    struct landscape_wish wish;
    struct probe_batch batch, train; /* train: of a curve */
    /* other weights than the checkpoint's: the line's end, or the path, its last point the checkpoint's */
    float *theta[PCA_MOST_POINTS], *statistics;
    double step[PCA_MOST_POINTS]; /* of the path's points */
    struct landscape landscape;
};

void landscaping_print_json(const struct landscaping *w);
/* Into w->output, by its ending: .safetensors or .svg, replaced safely. The run stands where the landscape was
 * taken. */
int landscaping_write(const struct landscaping *w, const struct run *l, struct err *e);
/* The path moving over its map, into w->film. */
int landscaping_write_film(const struct landscaping *w, struct err *e);
/* Grid points whose height is not finite. */
int landscaping_not_finite(const struct landscape_grid *g);

#endif
