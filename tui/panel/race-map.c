/* The surface from above, everyone's way on it. */
#include "race.h"

#include <stdio.h>
#include <string.h>

#include "view/text.h"

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

uint32_t race_marker(const struct canvas *c, int i)
{
    return c->charset == CHARSET_ASCII ? (uint32_t)('A' + i) : looks[i % LOOKS].glyph;
}

static void add_mark(struct race_map *map, const char *name, double x, double y, enum style s, uint32_t glyph, char plain)
{
    map->mark[map->field.mark_count++] = (struct field_mark){name, x, y, s, glyph, plain};
}

/* Who leads is drawn last. */
void race_map(const struct race_stage *s, struct race_map *map)
{
    memset(map, 0, sizeof *map);
    map->field = (struct field){.name = s->surface->title, .x = s->x, .y = s->y, .z_axis = s->height, .z_name = "loss",
                                .columns = RACE_COLUMNS, .rows = RACE_ROWS, .z = s->z, .paths = map->path, .marks = map->mark};
    for (int i = 0; i < s->surface->optima; i++)
        add_mark(map, "minimum", s->surface->optimum[i][0], s->surface->optimum[i][1], STYLE_STRONG, MINIMUM, 'X');
    add_mark(map, "start", s->start[0], s->start[1], STYLE_STRONG, START, 'S');
    for (int k = 0; k < s->racers; k++) {
        int i = (s->leader + 1 + k) % s->racers;
        const struct race_curve *c = &s->curve[i];
        map->path[map->field.path_count++] = (struct field_path){
            .name = s->name[i], .style = race_style(i), .plain = (char)('a' + i), .count = c->count, .x = c->x, .y = c->y};
        if (s->steps > 0)
            add_mark(map, s->name[i], c->x[c->count - 1], c->y[c->count - 1], race_style(i), looks[i % LOOKS].glyph, (char)('A' + i));
    }
}

static void legend(const struct race_stage *s, struct canvas *c)
{
    static const struct {
        const char *name;
        uint32_t glyph;
        char plain;
    } entry[] = {{"start", START, 'S'}, {"minimum", MINIMUM, 'X'}};
    int x = 2;

    for (int i = 0; i < (s->surface->optima ? 2 : 1) && x + text_width(entry[i].name) + 4 < c->w; i++) {
        x += canvas_format(c, x, c->h - 1, STYLE_QUIET, " %s ", entry[i].name);
        canvas_put(c, x++, c->h - 1, STYLE_STRONG, c->charset == CHARSET_ASCII ? (uint32_t)entry[i].plain : entry[i].glyph);
        canvas_put(c, x++, c->h - 1, STYLE_QUIET, ' ');
    }
}

static void race_map_draw(const struct model *m, struct canvas *c)
{
    const struct race_stage *s = m->race;
    int room = c->w - 9 - text_width(s->surface->title), log = s->height.log;
    struct race_map map;
    struct canvas inside;
    char note[FORMULA_TEXT + 16];

    snprintf(note, sizeof note, "%s%s", s->surface->formula, log ? " · log" : "");
    if (text_width(note) > room)
        snprintf(note, sizeof note, "%s", log ? "log" : "");
    inside = canvas_frame(c, m->ui.focus == PANE_RACE_MAP, s->surface->title, note);
    if (inside.w < 1 || inside.h < 1)
        return;
    race_map(s, &map);
    field_draw(&map.field, &inside);
    if (c->h > 2)
        legend(s, c);
}

const struct panel race_map_panel = {.name = "map", .keys = WHERE_RACE | WHERE_RACE_MAP, .draw = race_map_draw};
