/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Curvature view. */
#ifndef SADDLE_TUI_CURVATURE_CURVATURE_H
#define SADDLE_TUI_CURVATURE_CURVATURE_H

#include "app/view.h"

enum { /* panes, in Tab's order */
    CURVATURE_PANE_VERDICT,
    CURVATURE_PANE_STABILITY,
    CURVATURE_PANE_SPECTRUM,
    CURVATURE_PANE_DENSITY,
    CURVATURE_PANE_EIGENVALUES,
    CURVATURE_PANE_SHARPNESS,
    CURVATURE_PANE_EIGENPAIRS,
    CURVATURE_PANE_LAYERS,
    CURVATURE_PANE_STEP,
    CURVATURE_PANE_LOG
};

extern const struct pane verdict_pane, stability_pane, spectrum_pane, density_pane, eigenvalues_pane, sharpness_pane,
    eigenpairs_pane, layer_curvature_pane, step_pane;
extern const struct view curvature_view;
extern const struct key_set curvature_keys;
extern const struct command_row curvature_commands[];

/* Stop a probe that was asked for: 1, or 0 when none runs. */
int action_probe_cancel(struct app *a);
/* With bits of enum curvature_with; while a probe runs, stop it. */
unsigned action_probe(struct app *a, int with);
/* Step along the eigenvector of the lowest eigenvalue by alpha, as COMMAND_ESCAPE has it, or say why not. */
unsigned action_escape_along(struct app *a, double alpha);

/* Before the first probe is done: how it gets on, why it failed, or which key begins it; in a pane that shows a
 * part (`what`, "eigenvalues"; else NULL), which key fills it. 1 when it was drawn. */
int curvature_hint(const struct model *m, struct canvas *inside, const char *what);
/* The trend of the last steps, "still falling", and after the last one "finished (still falling)". */
void curvature_training(const struct model *m, char *out, size_t size);
/* Progress of a probe: "probing: eigenvalues, product 12 of 40 at most", or "" when none that was asked for runs; and
 * "probing, product 12". The number of products needed is known only at convergence, usually long before the maximum. */
void curvature_progress(const struct model *m, char *out, size_t size);
void curvature_progress_brief(const struct model *m, char *out, size_t size);
/* Of which step the figures are, in three lengths, for a frame: "step 1,200, 340 steps ago". */
enum { CURVATURE_NOTE = 96 };
void curvature_age(const struct model *m, char note[3][CURVATURE_NOTE]);
/* "step 1,200: ", where the last probe by hand and the newest point are of different steps; else "". */
enum curvature_point_of { CURVATURE_SHOWN, CURVATURE_LATEST };
void curvature_step(const struct model *m, enum curvature_point_of of, char *out, size_t size);
/* A value and its error, "12.3 ± 0.4". */
void curvature_with_error(char *out, size_t size, double v, double error);
/* The share of eigenvalues and its error, ".511 ± .015"; exact, or the sign as given. */
void curvature_share(char *out, size_t size, struct share s, const char *plus_minus);
/* The cost of a density where none is known, "160 products, about 12 s". */
void curvature_density_cost(const struct curvature_view *v, char *out, size_t size);
/* A bar of `width` cells, filled up to a share 0…1. */
void curvature_bar(struct canvas *c, int x, int y, int width, double share, enum style s);
/* The mark of a pair that is converged, or not; as in the spectrum. */
void curvature_converged(struct canvas *c, int x, int y, int converged);
/* The limit of η λmax of the optimizer as it is set now; NaN: none known. */
double curvature_limit(const struct model *m);
/* The linear part of an axis on which what counts as zero shows as a band. */
double curvature_linear(const struct curvature_view *v);

#endif
