/* SPDX-License-Identifier: MIT */
#include "race/picture.h"

#include <stdlib.h>

#include "race/panes.h"

/* A trail's points are structs; a path counts in doubles. */
enum { STRIDE = sizeof(struct racer_point) / sizeof(double) };
_Static_assert(sizeof(struct racer_point) % sizeof(double) == 0, "a trail is walked in doubles");

struct picture {
    struct field field;
    struct field_path path[RACE_RACERS];
    struct field_mark mark[RACE_RACERS + SURFACE_OPTIMA + 1];
    float z[RACE_ROWS * RACE_COLUMNS];
    char legend[RACE_RACERS][RACE_LEGEND], formula[RACE_FORMULA];
};

static void add_racers(const struct race *r, struct picture *p)
{
    struct field *f = &p->field;
    const struct racer *c;

    for (int i = 0; (c = race_racer(r, i)) != NULL; i++) {
        race_legend(c->label, &c->setup, p->legend[i]);
        p->path[f->path_count++] = (struct field_path){.name = c->label, .legend = p->legend[i], .style = race_style(i), .count = c->points,
                                                       .x = &c->trail[0].x[0], .y = &c->trail[0].x[1], .stride = STRIDE};
        p->mark[f->mark_count++] =
            (struct field_mark){.name = c->label, .x = c->x[0], .y = c->x[1], .style = race_style(i), .glyph = race_glyph(i)};
    }
}

char *race_picture(const struct race *r, const double *start, enum theme palette, enum colormap map)
{
    const struct surface *s = race_surface(r);
    struct picture *p = calloc(1, sizeof *p);
    struct field *f;
    struct race_range x = race_window(s, 0), y = race_window(s, 1);
    char *text;

    if (!p)
        return NULL;
    f = &p->field;
    *f = (struct field){.name = s->title, .note = p->formula, .x = race_axis(s, 0, &x), .y = race_axis(s, 1, &y), .z_name = "loss", .colormap = map,
                        .columns = RACE_COLUMNS, .rows = RACE_ROWS, .z = p->z, .paths = p->path, .marks = p->mark};
    race_formula(s, p->formula);
    race_heights(s, start, &x, &y, p->z);
    f->z_axis = race_height_axis(p->z, 0);
    f->mark_count = race_marks(s, start, p->mark);
    add_racers(r, p);
    text = field_to_svg(f, palette, RACE_PICTURE_W, RACE_PICTURE_H);
    free(p);
    return text;
}
