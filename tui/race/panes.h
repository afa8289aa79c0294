/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Race view: the racers' colours and markers, and the map. */
#ifndef SADDLE_TUI_RACE_PANES_H
#define SADDLE_TUI_RACE_PANES_H

#include "app/view.h"
#include "draw/field.h"
#include "race/map-axes.h"
#include "race/model.h"

enum { RACE_MAP, RACE_RACERS_LIST, RACE_LEADER, RACE_LOSS }; /* panes, in Tab's order */

extern const struct pane race_map_pane, racers_pane, leader_pane, race_loss_pane;
extern const struct view race_view;
extern const struct key_set race_keys, race_map_keys, racers_keys;
extern const struct command_row race_commands[];

/* The view's own state: the race. */
struct race_model *race_of(const struct model *m);
/* Take the race's last edit back (1), or make it again (−1). */
unsigned action_race_undo(struct app *a, int by);
void race_report_noise(struct app *a);

enum { RACE_PICTURE_W = 960, RACE_PICTURE_H = 680 };

/* Of the i-th racer: its colour, its marker, and its letter (upper case) in ASCII. */
enum style race_style(int i);
uint32_t race_glyph(int i);
uint32_t race_marker(enum charset charset, int i);
/* A racer in a picture's legend: "momentum, η 0.05, momentum 0.9"; and the surface's formula: "f(x, y) = x² + y²". */
enum { RACE_LEGEND = RACE_LABEL + 64, RACE_FORMULA = FORMULA_TEXT + 64 };
void race_legend(const char *name, const struct racer_setup *setup, char out[RACE_LEGEND]);
void race_formula(const struct surface *s, char out[RACE_FORMULA]);
/* The surface's minima and the start; returns how many. */
int race_marks(const struct surface *s, const double *start, struct field_mark *mark);

/* The map as it is drawn, and what it points to. */
struct race_map {
    struct field field;
    struct field_path path[RACE_RACERS];
    struct field_mark mark[RACE_RACERS + SURFACE_OPTIMA + 1];
};
void race_map(const struct race_model *s, struct race_map *map);

/* The losses, the same way. */
struct race_losses {
    struct plot plot;
    struct series series[RACE_RACERS];
    struct plot_mark mark[RACE_EDITS];
};
void race_losses(const struct race_model *s, int log_y, enum charset charset, struct race_losses *l);

/* The racer in row y of the inside of its pane, w columns wide and h rows high; −1: none. */
int racers_row(const struct race_model *s, int w, int h, int y);

#endif
