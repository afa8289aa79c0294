/* SPDX-License-Identifier: MIT */
/* Shared by the files that make a plot's picture: the sheet it is drawn on, from the upper left, in pixels. */
#ifndef SADDLE_TUI_DRAW_PLOT_SHEET_H
#define SADDLE_TUI_DRAW_PLOT_SHEET_H

#include "draw/plot.h"
#include "draw/svg-page.h"

enum { SHEET_LEFT = 124, SHEET_RIGHT = 932, SHEET_TOP = 56, SHEET_BOTTOM = 456 }; /* the curves' part */

struct sheet {
    struct svg_page page;
    const struct plot *plot;
    enum theme palette;
    int legend_x, legend_y; /* where its next entry goes */
};

/* Positions of values; those far outside are clamped nearby, because viewers fail on huge numbers. */
double sheet_x(const struct sheet *o, double x);
double sheet_y(const struct sheet *o, double y);
/* Whether a value lies between the ends of an axis. */
int sheet_shows(const struct axis *a, double v);

/* Open a document about a plot (its axes, events and legend are those that are drawn), and end it. */
void sheet_open(struct sheet *o, const struct plot *p, const char *title, enum theme palette);
char *sheet_close(struct sheet *o);
/* The horizontal axis, or the vertical one. */
void sheet_axis(struct sheet *o, int across);
/* Marks, the end of the known, and the cross-hair. */
void sheet_events(struct sheet *o);
/* An entry of the legend for each name of a mark. */
void sheet_mark_entries(struct sheet *o);

/* A group of this class, data-name="name", until its end. */
void sheet_begin(struct sheet *o, const char *class, const char *name);
void sheet_end(struct sheet *o);
/* A path's command and its point. */
void sheet_point(struct sheet *o, const char *command, double x, double y);
void sheet_line(struct sheet *o, enum style s, double width, double x0, double y0, double x1, double y1);
/* anchor: start, middle or end. */
void sheet_text(struct sheet *o, enum style s, const char *anchor, double x, double y, const char *text);
/* A marker around a point, as a shape: fonts may lack it. */
void sheet_glyph(struct sheet *o, uint32_t glyph, enum style s, double x, double y);

/* A path with a series' stroke and colour, up to the quote that opens its points: "M…" and "\"/>" are to follow. */
void sheet_stroke(struct sheet *o, const struct series *s);
void sheet_series(struct sheet *o, const struct series *s);
/* Whether a series is drawn as bodies, not as a line. */
int sheet_is_filled(const struct series *s);

#endif
