/* SPDX-License-Identifier: MIT */
/* Panes: one file each, in the folder of their view, ending in its const descriptor. */
#ifndef SADDLE_TUI_APP_PANE_H
#define SADDLE_TUI_APP_PANE_H

#include "app/bindings.h"
#include "trainer/rate-preview.h"
#include "app/model.h"
#include "draw/canvas.h"
#include "draw/plot.h"

enum { PLOT_MARKS = HISTORY_MARKS, PLOT_AHEAD = 512, PLOT_SERIES = 32, OVERLAY_MOST = TRAINER_RUNS - 1 + GHOSTS_MOST, PLOT_LEVELS = 6, PANE_AT = 40,
       PLOT_OWN = CURVATURE_VALUES + 3 * CURVATURE_PAIRS };

/* What curves are drawn over. Seconds are those that each run was computed for: they differ from one time to the next, so
 * that they are only for the display. */
enum over { OVER_STEPS, OVER_EPOCHS, OVER_SECONDS };

/* A track's values with gaps. */
struct pane_gaps {
    float y[TRACK_POINTS], lo[TRACK_POINTS], hi[TRACK_POINTS];
};

/* A plot and what it points to. */
struct pane_plot {
    struct plot plot;
    struct series series[PLOT_SERIES];
    struct plot_level levels[PLOT_LEVELS];
    struct plot_mark marks[PLOT_MARKS];
    double ahead_x[PLOT_AHEAD];
    float ahead_y[PLOT_AHEAD];
    double own_x[PLOT_OWN]; /* of curves that are no track's */
    float own_y[PLOT_OWN];
    struct pane_gaps gaps[3];
    float comparable[OVERLAY_MOST][TRACK_POINTS]; /* of other runs: their values with gaps */
    int own;         /* the first series of the run in focus: those before it are of others */
    struct {
        char brief[24], full[SNAPSHOT_LABEL + 24];
    } label[OVERLAY_MOST + 1]; /* of others, and last of the run in focus beside them */
    char other[KNOB_VALUE_SIZE]; /* name of a curve that is not of this unit */
    char unit[KNOB_VALUE_SIZE]; /* of its vertical axis */
    struct plot_zone zone;
    enum over over;
    int whole; /* all of the run, however the others are zoomed */
    int steady; /* it grows with the run: its axes are to move seldom */
    int apart; /* its x is none of the run's */
};

enum { DESCRIBE_SIZE = 500 };

#define PANE_KEYS(...) ((const struct key_set *const[]){__VA_ARGS__, NULL})

/* A pane whose rows are more than fit: it can be scrolled, paged and filtered. */
struct pane_list {
    enum filter filter;
    int (*rows)(const struct model *m);        /* all that the filter lets through */
    int (*seen)(const struct model *m, int h); /* at once, in a pane of h rows */
    unsigned (*scroll)(struct app *a, int by); /* by rows; NULL: ui.log_top */
};

/* Contents of a pane at one place. */
struct pane_hit {
    int knob;    /* enum knob_id, or −1 */
    double step; /* of the run, NaN: none */
};

struct pane {
    const char *name; /* "learning rate" */
    const char *help; /* what it shows, for the help page */
    const struct key_set *const *keys; /* that act while it is focused, NULL at the end; or NULL */
    int log_y;        /* its axis is logarithmic at the beginning */
    int to_end;       /* its plot shows the run to its end at the beginning, as long as that will be */
    const struct pane_list *list; /* its rows can be scrolled and filtered, by list_keys; or NULL */
    int (*is_map)(const struct model *m); /* it shows a map now, which can be seen from a side; NULL: never */
    /* On a canvas that is the pane's rectangle, frame included. Pure. */
    void (*draw)(const struct model *m, struct canvas *c);
    /* What it shows in one to three sentences (describe.h), out[DESCRIBE_SIZE]; 0 when there is nothing to see. NULL: as its plot
     * has it. */
    int (*describe)(const struct model *m, char *out);
    /* The plot it draws inside its frame, for pointing at; NULL: it draws none. Returns 0 when there is nothing to draw. */
    int (*plot)(const struct model *m, struct pane_plot *p);
    /* The run's step at x, y of its inside, NaN: none; NULL: as its plot has it, over all of the inside. */
    double (*step_at)(const struct model *m, struct canvas *inside, int x, int y);
    /* A picture of its own, an SVG document that the caller frees, or NULL: there is nothing to draw yet, or no memory.
     * NULL: its plot, if it has one. */
    char *(*svg)(const struct model *m, enum theme p);
    /* What moved on it as a film, in the same way; NULL: nothing moves. */
    char *(*film)(const struct model *m, enum theme p);
    /* Why it has no film now, a sentence that goes on with the key of *action, where there is one; NULL: it has one. */
    const char *(*film_lacks)(const struct model *m, const char **action);
    /* The setting at row y of its inside, −1: none; NULL: it shows none. */
    int (*knob)(const struct model *m, int h, int y);
};

int pane_has_focus(const struct model *m, const struct pane *pane);
/* Whether its axis is set to logarithmic: in the view shown, if the pane is there, for each view has its own. */
int pane_log_y(const struct model *m, const struct pane *pane);
/* The same of a plot that shows the run to its end. */
int pane_to_end(const struct model *m, const struct pane *pane);
/* The pane with the log, of every view that has room for it. */
extern const struct pane log_pane;
/* Norm of ∂L/∂logits of the run under both losses, over steps and by the probability of the true class. */
extern const struct pane logit_gradient_pane;

/* Target of a click at x, y of a pane of this size. */
struct pane_hit pane_hit(const struct model *m, const struct pane *pane, struct rect r, int x, int y, enum charset charset);

/* Instead of all panes, below LAYOUT_LEAST_W×LAYOUT_LEAST_H. */
void small_draw(const struct model *m, struct canvas *c);
/* The last line. */
void footer_draw(const struct model *m, struct canvas *c);
/* Over everything else, while ui.mode is MODE_HELP. */
void help_draw(const struct model *m, struct canvas *c);
/* The reason why the typed line was refused, on the rows above the footer of a whole screen. */
void remark_draw(const struct model *m, struct canvas *c);
/* Rows of all that it has to show on a screen this wide, and how many are seen of them on one this high. */
int help_rows(const struct model *m, int w, enum charset charset);
int help_seen(int h);

/* ---- shared by the panes ---- */

/* The frame of a pane with its name; of the notes the first that fits (a NULL ends them). */
struct canvas pane_frame(const struct model *m, struct canvas *c, const struct pane *pane, const char *const *notes);
/* One quiet line in the middle: which key fills this view. */
void pane_hint(struct canvas *inside, const char *text);
/* The same before the first step. */
void pane_hint_start(const struct model *m, struct canvas *inside);
/* "computing step 1, 40 %" */
void pane_computing(const struct model *m, char *out, size_t size);

/* The epoch or second that a step lies in. */
double pane_x_at(const struct model *m, double step, enum over over);
/* What plots over steps are over: epochs, where runs side by side are level after as many examples; seconds, where the user
 * chose them and they are known. */
enum over pane_over(const struct model *m);
/* The same of plots over epochs. */
enum over pane_over_epochs(const struct model *m);
/* Set the parts common to all plots over the run's steps, epochs or seconds. */
void pane_plot_init(const struct model *m, const struct pane *pane, struct pane_plot *p, enum over over);
/* The vertical range that holds lo…hi. */
void pane_fit_y(struct pane_plot *p, double lo, double hi);
/* The step or epoch that the run ends at, as far as it is known; NaN: not. Nobody knows the second. */
double pane_run_end(const struct model *m, enum over over);
/* Draw it inside a framed pane, its legend in the frame. */
void pane_plot_draw(struct pane_plot *p, struct canvas *c, struct canvas *inside);
/* A series over a track, its styles left to the caller. */
struct series pane_series(const struct track *t, enum over over);
/* The steps that plots over these show. */
struct pane_window {
    double from, to;
};
struct pane_window pane_window(const struct model *m, enum over over);
/* The cross-hair's step where such plots show it, else NaN. */
double pane_cross(const struct model *m, enum over over);
/* The step that panes show the run at: the cross-hair's, where it is in sight at a step before the newest; else NaN, they
 * show the run as it is. */
double pane_past(const struct model *m);
/* "at step 1,340" for the frame of a pane that shows the run as it was; "" where it shows it as it is. */
void pane_past_words(const struct model *m, char *out, size_t size);
/* The settings of a run at that step; of the run in focus now with edits not yet in force. */
void pane_settings(const struct model *m, int run, struct knobs *k);
/* "at step 1,340: " for a title whose values are the cross-hair's, or without the word; "" for NaN. */
void pane_at_words(double cross, int whole, char *out, size_t size);
/* The value of a track at the cross-hair's step, or for NaN its last. */
double pane_reading(const struct track *t, double cross);
/* The legend of a framed plot in its bottom line: curves, marks, and last what is faint. */
void pane_legend(struct canvas *c, const struct plot *p);

/* Of it, only the marks, from column x on in row y; returns the next column. */
int pane_legend_marks(struct canvas *c, int x, int y, const struct plot *p);
/* The step under a column of a canvas that the plot is drawn on. */
double pane_plot_step(const struct model *m, const struct pane_plot *p, struct canvas *c, int column);

#endif
