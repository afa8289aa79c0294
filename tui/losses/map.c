/* SPDX-License-Identifier: MIT */
/* One loss over y1 and y2 from above: the point, the gradient downhill as an arrow, and the descent so far. */
#include <math.h>
#include <stdio.h>

#include "app/relief-keys.h"
#include "app/describe.h"
#include "draw/number.h"
#include "losses/panes.h"

enum { NOTE = 160, START = 0x2302, NOW = 0x25cf, TIP = 0x2198, MARKS = 3, PATHS = 2, SVG_W = 640, SVG_H = 560 };

static const double LENGTH = 4; /* of the arrow, for the longest gradient there is, in logits */

struct losses_map {
    struct field field;
    struct field_mark mark[MARKS];
    struct field_path path[PATHS];
    double arrow[2][2], way[2][2]; /* ends, x and y */
};

static void add_arrow(const struct losses_ui *ui, enum plane_loss k, struct losses_map *map)
{
    double scale = LENGTH / sqrt(2), to;

    for (int i = 0; i < 2; i++) {
        to = ui->y[i] - scale * ui->at[k].gradient[i];
        map->arrow[0][i] = ui->y[i];
        map->arrow[1][i] = fmin(fmax(to, -PLANE_END), PLANE_END);
    }
    map->path[map->field.path_count++] = (struct field_path){.name = "gradient", .style = STYLE_SERIES_2, .plain = '-',
                                                             .count = 2, .x = map->arrow[0], .y = map->arrow[0] + 1, .stride = 2};
    if (hypot(map->arrow[1][0] - ui->y[0], map->arrow[1][1] - ui->y[1]) > .5)
        map->mark[map->field.mark_count++] =
            (struct field_mark){"gradient", map->arrow[1][0], map->arrow[1][1], STYLE_SERIES_2, TIP, '\\'};
}

static void make_map(const struct losses_ui *ui, enum plane_loss k, struct losses_map *map)
{
    const struct loss_descent *d = &ui->descent[k];

    *map = (struct losses_map){.field = {.name = plane_loss_title(k), .note = plane_loss_surface(k)->formula,
                                         .x = {.lo = -PLANE_END, .hi = PLANE_END, .unit = "y1"},
                                         .y = {.lo = -PLANE_END, .hi = PLANE_END, .unit = "y2"}, .z_name = "loss",
                                         .columns = LOSSES_GRID, .rows = LOSSES_GRID, .z = ui->z[k], .aspect = 1}};
    map->field.marks = map->mark;
    map->field.paths = map->path;
    field_fit(&map->field, 0);
    for (int i = 0; i < 2; i++) {
        map->way[0][i] = d->start[i];
        map->way[1][i] = d->y[i];
    }
    map->path[map->field.path_count++] = (struct field_path){.name = "descent", .style = STYLE_SERIES_1, .plain = '.',
                                                             .count = 2, .x = map->way[0], .y = map->way[0] + 1, .stride = 2};
    add_arrow(ui, k, map);
    map->mark[map->field.mark_count++] = (struct field_mark){"descent", d->y[0], d->y[1], STYLE_SERIES_1, NOW, '@'};
    map->mark[map->field.mark_count++] = (struct field_mark){"point", ui->y[0], ui->y[1], STYLE_STRONG, START, 'S'};
}

static void notes(const struct losses_ui *ui, enum plane_loss k, char note[3][NOTE])
{
    char norm[NUMBER_SIZE], steps[LOSSES_STEPS];

    number_reading(norm, sizeof norm, ui->at[k].norm, 4);
    losses_steps(&ui->descent[k], steps);
    snprintf(note[0], NOTE, "|gradient| %s · %s", norm, steps);
    snprintf(note[1], NOTE, "|∇| %s · %s", norm, steps);
    snprintf(note[2], NOTE, "|∇| %s", norm);
}

static int legend_entry(struct canvas *c, int x, const struct field_mark *k)
{
    if (x + canvas_width(c, k->name) + 4 > c->w - 1)
        return x;
    x += canvas_format(c, x, c->h - 1, STYLE_QUIET, " %s ", k->name);
    canvas_put(c, x++, c->h - 1, k->style, c->charset == CHARSET_ASCII ? (uint32_t)(unsigned char)k->plain : k->glyph);
    canvas_put(c, x++, c->h - 1, STYLE_QUIET, ' ');
    return x;
}

static void draw(const struct model *m, struct canvas *c, const struct pane *pane, enum plane_loss k)
{
    const struct losses_ui *ui = losses_ui(m);
    struct losses_map map;
    char note[3][NOTE];
    struct canvas inside;
    int x = 2;

    notes(ui, k, note);
    inside = pane_frame(m, c, pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    make_map(ui, k, &map);
    map.field.eye = relief_eye(m);
    field_draw(&map.field, &inside);
    for (int i = map.field.mark_count; i-- > 0 && c->h > 2;)
        x = legend_entry(c, x, &map.mark[i]);
}

static char *svg(const struct model *m, enum plane_loss k, enum theme p)
{
    struct losses_map map;

    make_map(losses_ui(m), k, &map);
    map.field.colormap = m->ui.colormap;
    map.field.eye = relief_eye(m);
    return field_to_svg(&map.field, p, SVG_W, SVG_H);
}

static void mse_draw(const struct model *m, struct canvas *c)
{
    draw(m, c, &losses_mse_pane, PLANE_MSE);
}

static char *mse_svg(const struct model *m, enum theme p)
{
    return svg(m, PLANE_MSE, p);
}

static void cross_entropy_draw(const struct model *m, struct canvas *c)
{
    draw(m, c, &losses_cross_entropy_pane, PLANE_CROSS_ENTROPY);
}

static char *cross_entropy_svg(const struct model *m, enum theme p)
{
    return svg(m, PLANE_CROSS_ENTROPY, p);
}

static int words(const struct model *m, enum plane_loss k, const char *name, char *out)
{
    struct losses_map map;

    make_map(losses_ui(m), k, &map);
    describe_map(name, &map.field, out);
    return 1;
}

static int mse_words(const struct model *m, char *out)
{
    return words(m, PLANE_MSE, losses_mse_pane.name, out);
}

static int cross_entropy_words(const struct model *m, char *out)
{
    return words(m, PLANE_CROSS_ENTROPY, losses_cross_entropy_pane.name, out);
}

static int is_map(const struct model *m)
{
    (void)m;
    return 1;
}

const struct pane losses_mse_pane = {
    .name = "MSE", .help = "MSE over two logits, and a descent from the point",
    .keys = PANE_KEYS(&losses_map_keys, &relief_switch_keys), .is_map = is_map, .describe = mse_words, .draw = mse_draw, .svg = mse_svg};

const struct pane losses_cross_entropy_pane = {
    .name = "cross-entropy", .help = "cross-entropy over them, and a descent from the point",
    .keys = PANE_KEYS(&losses_map_keys, &relief_switch_keys), .is_map = is_map, .describe = cross_entropy_words, .draw = cross_entropy_draw, .svg = cross_entropy_svg};
