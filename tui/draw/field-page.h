/* SPDX-License-Identifier: MIT */
/* A field as a picture while it is written: shared by the files field-svg*.c. */
#ifndef SADDLE_TUI_DRAW_FIELD_PAGE_H
#define SADDLE_TUI_DRAW_FIELD_PAGE_H

#include "draw/field.h"
#include "draw/svg-page.h"

enum { FIELD_FONT = 13, FIELD_LEVELS = 12 };

struct field_page {
    const struct field *f;
    enum theme palette;
    struct svg_page *out;
    double x, y, w, h; /* the map on the page, in whole pixels */
    int out_of_scale;  /* the axes have one unit, but are drawn in two */
    int holes;         /* some heights are not finite */
};

/* The format's %g are coordinates, %s markup as it is, %t text to be made safe. */
void field_page_add(const struct field_page *o, const char *format, ...);
/* Of a place on the page. */
double field_page_x(const struct field_page *o, double x);
double field_page_y(const struct field_page *o, double y);
int field_is_on_map(const struct field *f, const struct field_mark *m);

/* The heights as an image with lines of equal height; what is not finite is hatched (field-svg-map.c). 0, or −1: no
 * memory. */
int field_page_ground(const struct field_page *o);
/* What the hatching is in the legend. */
void field_page_hatch(const struct field_page *o, double x, double y, double w, double h);

/* The heights of lines, written on them where there is room: no label on another or on a mark, on a path only where it must
 * be (field-svg-labels.c). */
struct field_labels {
    int count, room, failed;
    struct field_spot {
        double x, y;
        int soft; /* of a path */
    } *spot; /* that are taken */
};
struct contour_lines;
void field_labels_init(const struct field_page *o, struct field_labels *labels);
void field_labels_free(struct field_labels *labels);
/* For the lines of one level, whose points are places on the page, on a ground of this colour. */
void field_labels_place(const struct field_page *o, const struct contour_lines *lines, const char *text, struct rgb ground,
                        struct field_labels *labels);

/* Paths and marks, still or in a film (field-svg-paths.c, field-svg-film.c). 0, or −1: no memory. */
int field_page_paths(const struct field_page *o);
void field_page_marks(const struct field_page *o);
void field_page_mark(const struct field_page *o, const struct field_mark *m, double x, double y);
int field_page_film(const struct field_page *o);
/* Below the map, how far the film is. */
void field_page_count(const struct field_page *o);
/* "100 steps a second"; 0: there is no film. */
int field_page_speed(const struct field_page *o, char *out, size_t size);
/* Whether a film moves along this path. */
int field_is_filmed(const struct field *f, const struct field_path *p);
/* A path's dashes (NULL: none), between which what it hides is seen, and what begins the two elements that draw a path in its colour with its edge: `d` is to follow. */
const char *field_dashes(int i);
void field_page_begin_edge(const struct field_page *o, const char *dashes);
void field_page_begin_way(const struct field_page *o, const struct field_path *p, const char *dashes);
/* The same in the legend. */
void field_page_begin_sample(const struct field_page *o, const struct field_path *p, const char *dashes);

/* Part of a path on the page. */
struct field_way {
    int count;
    double (*at)[2], *time; /* NULL: the path has none */
    uint8_t *keep;
};
/* From point `from` on, to the next that is not finite; what is very far away is brought nearer. Returns the points it
 * consists of, 0: none, −1: no memory. */
int field_way_init(const struct field_page *o, const struct field_path *p, int from, struct field_way *way);
void field_way_free(struct field_way *way);
/* The points that are kept, as the content of `d`; returns its length. */
double field_way_add(const struct field_page *o, const struct field_way *way);

#endif
