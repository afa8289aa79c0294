/* SPDX-License-Identifier: MIT */
/* The surface from above, everyone's way on it. */
#include "race/panes.h"
#include "app/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/relief-keys.h"
#include "draw/number.h"
#include "race/picture.h"

static const struct {
    uint32_t glyph;
    enum style style;
} looks[] = {
    {0x25cf, STYLE_SERIES_1}, {0x25c6, STYLE_SERIES_2}, {0x25b2, STYLE_SERIES_3}, {0x25a0, STYLE_SERIES_4},
    {0x25bc, STYLE_SERIES_5}, {0x2605, STYLE_SERIES_6}, {0x25cb, STYLE_SERIES_1}, {0x25c7, STYLE_SERIES_2},
    {0x25b3, STYLE_SERIES_3}, {0x25a1, STYLE_SERIES_4}, {0x25bd, STYLE_SERIES_5}, {0x2606, STYLE_SERIES_6},
};
enum { LOOKS = sizeof looks / sizeof *looks, START = 0x2302, MINIMUM = 0xd7 };

enum style race_style(int i)
{
    return looks[i % LOOKS].style;
}

uint32_t race_marker(enum charset charset, int i)
{
    return charset == CHARSET_ASCII ? (uint32_t)('A' + i) : looks[i % LOOKS].glyph;
}

uint32_t race_glyph(int i)
{
    return looks[i % LOOKS].glyph;
}

void race_legend(const char *name, const struct racer_setup *setup, char out[RACE_LEGEND])
{
    const struct optimizer *o = R(optimizers).find(setup->optimizer);
    char rate[NUMBER_SIZE], momentum[NUMBER_SIZE];

    number_short(rate, sizeof rate, setup->args.lr);
    number_short(momentum, sizeof momentum, setup->args.momentum);
    if (o && strstr(o->reads, "momentum") && setup->args.momentum > 0)
        snprintf(out, RACE_LEGEND, "%s, η %s, momentum %s", name, rate, momentum);
    else
        snprintf(out, RACE_LEGEND, "%s, η %s", name, rate);
}

void race_formula(const struct surface *s, char out[RACE_FORMULA])
{
    snprintf(out, RACE_FORMULA, "f(%s, %s%s) = %s", s->axis[0], s->axis[1], s->n > 2 ? ", …" : "", s->formula);
}

int race_marks(const struct surface *s, const double *start, struct field_mark *mark)
{
    int n = 0;

    for (; n < s->optima; n++)
        mark[n] = (struct field_mark){"minimum", s->optimum[n][0], s->optimum[n][1], STYLE_STRONG, MINIMUM, 'X'};
    mark[n++] = (struct field_mark){"start", start[0], start[1], STYLE_STRONG, START, 'S'};
    return n;
}

/* The leader is drawn last. */
void race_map(const struct race_model *s, struct race_map *map)
{
    struct field *f = &map->field;

    memset(map, 0, sizeof *map);
    *f = (struct field){.name = s->surface->title, .x = race_axis(s->surface, 0, &s->x), .y = race_axis(s->surface, 1, &s->y),
                        .z_axis = race_height_axis(s->z, s->linear), .z_name = "loss",
                        .columns = RACE_COLUMNS, .rows = RACE_ROWS, .z = s->z, .paths = map->path, .marks = map->mark,
                        .aspect = race_aspect(&s->x, &s->y)};
    f->mark_count = race_marks(s->surface, s->start, map->mark);
    for (int k = 0; k < s->racers; k++) {
        int i = (s->leader + 1 + k) % s->racers;
        const struct race_curve *c = &s->curve[i];
        map->path[f->path_count++] = (struct field_path){
            .name = s->name[i], .style = race_style(i), .marker = race_glyph(i), .plain = (char)('a' + i), .count = c->count,
            .x = c->x, .y = c->y, .time = c->step};
        if (s->steps > 0)
            map->mark[f->mark_count++] = (struct field_mark){s->name[i], c->x[c->count - 1], c->y[c->count - 1], race_style(i),
                                                             race_glyph(i), (char)('A' + i)};
    }
}

static void legend(const struct race_model *s, struct canvas *c)
{
    static const struct {
        const char *name;
        uint32_t glyph;
        char plain;
    } entry[] = {{"start", START, 'S'}, {"minimum", MINIMUM, 'X'}};
    int x = 2;

    for (int i = 0; i < (s->surface->optima ? 2 : 1) && x + canvas_width(c, entry[i].name) + 4 < c->w; i++) {
        x += canvas_format(c, x, c->h - 1, STYLE_QUIET, " %s ", entry[i].name);
        canvas_put(c, x++, c->h - 1, STYLE_STRONG, c->charset == CHARSET_ASCII ? (uint32_t)entry[i].plain : entry[i].glyph);
        canvas_put(c, x++, c->h - 1, STYLE_QUIET, ' ');
    }
}

static void race_map_draw(const struct model *m, struct canvas *c)
{
    const struct race_model *s = race_of(m);
    int room = c->w - 9 - canvas_width(c, s->surface->title), log = race_height_axis(s->z, s->linear).log;
    struct race_map map;
    struct canvas inside;
    char note[FORMULA_TEXT + 16];

    snprintf(note, sizeof note, "%s%s", s->surface->formula, log ? " · log" : "");
    if (canvas_width(c, note) > room)
        snprintf(note, sizeof note, "%s", log ? "log" : "");
    inside = canvas_frame(c, pane_has_focus(m, &race_map_pane), s->surface->title, note);
    if (inside.w < 1 || inside.h < 1)
        return;
    race_map(s, &map);
    map.field.eye = relief_eye(m);
    field_draw(&map.field, &inside);
    if (c->h > 2)
        legend(s, c);
}

static char *picture(const struct model *m, enum theme p, const struct film *film)
{
    const struct race_model *s = race_of(m);
    char legend_of[RACE_RACERS][RACE_LEGEND], formula[RACE_FORMULA], *text;
    struct race_map map;

    race_map(s, &map);
    race_formula(s->surface, formula);
    map.field.note = formula;
    map.field.colormap = m->ui.colormap;
    map.field.eye = film ? NULL : relief_eye(m);
    map.field.film = film;
    for (int i = 0; i < s->racers; i++) {
        race_legend(s->name[i], &s->setup[i], legend_of[i]);
        for (int k = 0; k < map.field.path_count; k++)
            if (map.path[k].name == s->name[i])
                map.path[k].legend = legend_of[i];
    }
    if (!map.field.eye && race_refine(&map.field, s->surface, s->start, &s->x, &s->y) != 0)
        return NULL;
    text = field_to_svg(&map.field, p, RACE_PICTURE_W, RACE_PICTURE_H);
    if (map.field.z != s->z)
        free((void *)map.field.z);
    return text;
}

static char *race_map_svg(const struct model *m, enum theme p)
{
    return picture(m, p, NULL);
}

static char *race_map_film(const struct model *m, enum theme p)
{
    static const struct film film = {"step"};

    return race_of(m)->racers ? picture(m, p, &film) : NULL;
}

static int is_map(const struct model *m)
{
    (void)m;
    return 1;
}

static int race_map_words(const struct model *m, char *out)
{
    struct race_map map;

    race_map(race_of(m), &map);
    describe_map(race_of(m)->surface->title, &map.field, out);
    return 1;
}

const struct pane race_map_pane = {
    .name = "map", .help = "the surface from above, with the racers' paths",
    .keys = PANE_KEYS(&race_map_keys, &relief_switch_keys), .is_map = is_map, .describe = race_map_words, .draw = race_map_draw, .svg = race_map_svg, .film = race_map_film};
