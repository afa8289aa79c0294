/* SPDX-License-Identifier: MIT */
#include "race/picture.h"

#include <stdlib.h>

#include "race/panes.h"

enum { FINER = 3 };

struct way { /* a racer's trail, and where it is */
    double x[RACE_TRAIL + 1], y[RACE_TRAIL + 1], step[RACE_TRAIL + 1];
};

struct picture {
    struct field field;
    struct field_path path[RACE_RACERS];
    struct field_mark mark[RACE_RACERS + SURFACE_OPTIMA + 1];
    struct way way[RACE_RACERS];
    float z[RACE_ROWS * RACE_COLUMNS];
    char legend[RACE_RACERS][RACE_LEGEND], formula[RACE_FORMULA];
};

static int copy_way(const struct racer *c, struct way *way)
{
    int n = 0;

    for (; n < c->points; n++)
        way->x[n] = c->trail[n].x[0], way->y[n] = c->trail[n].x[1], way->step[n] = (double)c->trail[n].step;
    if (n && c->trail[n - 1].step == c->steps)
        return n;
    way->x[n] = c->x[0], way->y[n] = c->x[1], way->step[n] = (double)c->steps;
    return n + 1;
}

static void add_racers(const struct race *r, struct picture *p)
{
    struct field *f = &p->field;
    const struct racer *c;

    for (int i = 0; (c = race_racer(r, i)) != NULL; i++) {
        struct way *way = &p->way[i];
        race_legend(c->label, &c->setup, p->legend[i]);
        p->path[f->path_count++] = (struct field_path){.name = c->label, .legend = p->legend[i], .style = race_style(i), .marker = race_glyph(i),
                                                       .count = copy_way(c, way), .x = way->x, .y = way->y, .time = way->step};
        p->mark[f->mark_count++] =
            (struct field_mark){.name = c->label, .x = c->x[0], .y = c->x[1], .style = race_style(i), .glyph = race_glyph(i)};
    }
}

int race_refine(struct field *f, const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y)
{
    const struct race_grid grid = {FINER * (RACE_COLUMNS - 1) + 1, FINER * (RACE_ROWS - 1) + 1};
    float *z = malloc((size_t)grid.columns * (size_t)grid.rows * sizeof *z);

    if (!z)
        return -1;
    race_heights_on(s, start, x, y, &grid, z);
    f->columns = grid.columns;
    f->rows = grid.rows;
    f->z = z;
    return 0;
}

char *race_picture(const struct race *r, const double *start, const struct race_look *look)
{
    static const struct film film = {"step"};
    const struct surface *s = race_surface(r);
    struct picture *p = calloc(1, sizeof *p);
    struct field *f = p ? &p->field : NULL;
    struct race_range x = race_window(s, 0), y = race_window(s, 1);
    char *text = NULL;

    if (!p)
        return NULL;
    *f = (struct field){.name = s->title, .note = p->formula, .x = race_axis(s, 0, &x), .y = race_axis(s, 1, &y), .z_name = "loss",
                        .colormap = look->colormap, .columns = RACE_COLUMNS, .rows = RACE_ROWS, .z = p->z, .paths = p->path, .marks = p->mark,
                        .aspect = race_aspect(&x, &y), .film = look->film ? &film : NULL};
    race_formula(s, p->formula);
    race_heights(s, start, &x, &y, p->z);
    f->z_axis = race_height_axis(p->z, 0);
    f->mark_count = race_marks(s, start, p->mark);
    add_racers(r, p);
    if (race_refine(f, s, start, &x, &y) == 0) {
        text = field_to_svg(f, look->theme, RACE_PICTURE_W, RACE_PICTURE_H);
        free((void *)f->z);
    }
    free(p);
    return text;
}
