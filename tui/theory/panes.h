/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Theory view. */
#ifndef SADDLE_TUI_THEORY_PANES_H
#define SADDLE_TUI_THEORY_PANES_H

#include "app/view.h"
#include "lecture/theory-task.h"

enum { THEORY_DRAW, THEORY_FIGURES, THEORY_BAD, THEORY_TRADE_OFF, THEORY_LOG }; /* in Tab's order */

extern const struct pane draw_pane, figures_pane, bad_pane, trade_off_pane;
extern const struct view theory_view;
extern const struct key_set theory_keys, figures_keys;
extern const struct command_row theory_commands[];

/* Rows of the settings. */
enum theory_row_id { ROW_HYPOTHESES, ROW_SAMPLES, ROW_EPSILON, ROW_DELTA, THEORY_SETTINGS };

struct theory_ui { /* the view's own state */
    struct theory_settings settings; /* of the next computation */
    int row;                         /* the setting that is chosen */
    const struct task *told;         /* by the text mode */
};

struct theory_ui *theory_ui(const struct model *m);
/* The result shown; NULL: none yet. */
const struct theory_task *theory_shown(const struct model *m);
/* One quiet line: why the pane is empty, or which key fills it. */
void theory_hint(const struct model *m, struct canvas *inside);

/* Draw again. */
unsigned action_theory_draw(struct app *a, int by);
/* Compute with the settings as they are, for the draw with this number. */
unsigned theory_compute(struct app *a, uint64_t draw);
/* Set one by its name in a text; errors: ERR_USAGE, a sentence. */
int theory_set(struct theory_settings *s, enum theory_row_id row, const char *text, struct err *e);
const char *theory_setting_name(enum theory_row_id row);
void theory_setting_words(const struct theory_settings *s, enum theory_row_id row, char *out, size_t size);

enum { THEORY_LINES = 6, THEORY_LINE = 240 };
/* The result in lines; returns how many. */
int theory_text(const struct theory_task *t, char line[THEORY_LINES][THEORY_LINE]);
/* "0.908", or "2,707: vacuous, no probability exceeds 1". */
void theory_bound_words(double bound, char *out, size_t size);

#endif
