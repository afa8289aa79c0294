/* SPDX-License-Identifier: MIT */
/* The Diagnosis view: the lecture's tree, its evidence, and the layers. */
#ifndef SADDLE_TUI_DIAGNOSIS_PANES_H
#define SADDLE_TUI_DIAGNOSIS_PANES_H

#include "app/view.h"
#include "lecture/diagnosis-tree.h"

enum { DIAGNOSIS_TREE, DIAGNOSIS_EVIDENCE, DIAGNOSIS_LAYERS, DIAGNOSIS_LOG }; /* panes, in Tab's order */

enum { DIAGNOSIS_TEXT = 640 };

struct diagnosis_ui {
    char told[DIAGNOSIS_TEXT]; /* the last line of the text mode */
};

/* The diagnosis of the run in focus. */
struct diagnosed {
    struct tree_thresholds thresholds;
    enum tree_source source;
    struct tree_figures figures;
    int against;              /* 1 + the run of the smaller network; 0: none */
    struct tree_report report;
    enum tree_test test;
};

struct diagnosis_ui *diagnosis_ui(const struct model *m);
void diagnosis_of(const struct model *m, struct diagnosed *d);
/* Where its figures are from: "of the last evaluation", "measured at step 1,412, 200 steps ago". */
void diagnosis_source_words(const struct model *m, const struct diagnosed *d, char *out, size_t size);
/* The sentence; before there are figures, how to get them. */
const char *diagnosis_sentence(const struct diagnosed *d);
/* Whether the loss falls, and if not, on what it is stuck and what to do. */
void diagnosis_stuck_words(const struct model *m, char *out, size_t size);

#define DIAGNOSIS_MEASURING "measuring in evaluation mode, beside the training" /* said meanwhile */

extern const struct pane diagnosis_tree_pane, diagnosis_evidence_pane, diagnosis_layers_pane;
extern const struct view diagnosis_view;
extern const struct key_set diagnosis_keys;
extern const struct command_row diagnosis_commands[];
/* Cancel the measurement in hand; 1 when there was one. */
int action_measure_cancel(struct app *a);

#endif
