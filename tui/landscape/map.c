/* SPDX-License-Identifier: MIT */
/* The landscape: the loss over a slice through the weights, as a map from above, or a curve of one axis. */
#include "landscape/map.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/overlay.h"
#include "app/relief-keys.h"
#include "draw/number.h"
#include "draw/plot-svg.h"
#include "landscape/picture.h"

enum {
    NOTE = 400,
    NAMES_LEAST = 11, /* rows of the inside from which on the axes' names have rows of their own */
    SVG_WIDTH = 760, SVG_HEIGHT = 600,
    HERE = 0x25cf, THERE = 0x25c6, LEAST = 0xd7, CROSS = 0x253c, BEGIN = 0x25cb, HEAD = 0x25c6
};

static const double STEEP = 30;  /* largest to least height: from here on they are shown as logarithms */
static const double DECADES = 6; /* of them, at most */

static double least_shown(const struct landscape_view *v)
{
    double least = INFINITY;

    for (int i = 0; i < v->x.points * v->y.points; i++)
        if (isfinite(v->z[i]))
            least = fmin(least, v->z[i]);
    return least;
}

int landscape_is_log(const struct model *m)
{
    const struct landscape_view *v = m->landscape;
    double least = v->known ? least_shown(v) : NAN;
    int steep = least > 0 && v->most > STEEP * least;

    return steep ^ pane_log_y(m, &landscape_pane);
}

double landscape_height(const struct landscape_view *v, double x, double y)
{
    double column = (x - v->x.lo) / (v->x.hi - v->x.lo) * (v->x.points - 1);
    double row = v->axes == 1 ? 0 : (y - v->y.lo) / (v->y.hi - v->y.lo) * (v->y.points - 1);
    int i = (int)fmin(fmax(floor(column), 0), v->x.points - 2);
    int j = v->axes == 1 ? 0 : (int)fmin(fmax(floor(row), 0), v->y.points - 2);
    int up = v->axes == 1 ? 0 : v->x.points;
    const float *z = v->z + j * v->x.points + i;
    double s = column - i, t = row - j, low, high;

    if (!(column >= -1e-9 && column <= v->x.points - 1 + 1e-9 && row >= -1e-9 && row <= v->y.points - 1 + 1e-9))
        return NAN;
    low = s < 1e-9 ? z[0] : s > 1 - 1e-9 ? z[1] : (1 - s) * z[0] + s * z[1];
    high = s < 1e-9 ? z[up] : s > 1 - 1e-9 ? z[up + 1] : (1 - s) * z[up] + s * z[up + 1];
    return t < 1e-9 ? low : t > 1 - 1e-9 ? high : (1 - t) * low + t * high;
}

/* ---- what is drawn ---------------------------------------------------------------------------- */

static struct axis axis_of(const struct landscape_side *s, const char *name)
{
    return (struct axis){.lo = s->lo, .hi = s->hi, .unit = name};
}

/* "top eigenvector, λ 3.21", "first principal component, 84 %" */
static void name_side(const struct landscape_direction *d, char *text, size_t size)
{
    char number[NUMBER_SIZE];

    snprintf(text, size, "%s", d->name ? d->name : "");
    if (isfinite(d->eigenvalue)) {
        number_reading(number, sizeof number, d->eigenvalue, 3);
        snprintf(text, size, "%s, λ %s", d->name, number);
    } else if (isfinite(d->share))
        snprintf(text, size, "%s, %.3g %%", d->name, 100 * d->share);
}

static void add_mark(struct landscape_map *map, const char *name, double x, double y, enum style s, uint32_t glyph,
                     char plain)
{
    map->mark[map->field.mark_count++] = (struct field_mark){name, x, y, s, glyph, plain};
}

/* The path as far as it was gone, and who goes it. */
static void show_replay(const struct model *m, struct landscape_map *map)
{
    double at[2];

    map->path.count = landscape_replay_way(m, map->way, at);
    map->path.x = map->way[0];
    map->path.y = map->way[0] + 1;
    map->path.away = NULL; /* it goes between the points, too */
    add_mark(map, map->path.name, at[0], at[1], map->path.style, HEAD, '#');
}

/* A path far from the plane everywhere is as far as its farthest point. */
static const double *measure_path(const struct landscape_view *v, double *away)
{
    double most = 0;

    for (int i = 0; i < v->path_points; i++)
        most = fmax(most, v->path_point[i].distance);
    for (int i = 0; i < v->path_points; i++)
        away[i] = most > 0 ? v->path_point[i].distance / most : v->path_point[i].distance;
    return away;
}

int landscape_point_at(const struct landscape_view *v, double x, double y)
{
    double nearest = .5001;
    int at = -1;

    for (int i = 0; v->axes == 2 && i < v->path_points; i++) {
        double away = fmax(fabs(v->path[i][0] - x) / (v->x.hi - v->x.lo) * (v->x.points - 1),
                           fabs(v->path[i][1] - y) / (v->y.hi - v->y.lo) * (v->y.points - 1));
        if (away < nearest)
            nearest = away, at = i;
    }
    return at;
}

static int make_field(const struct model *m, struct landscape_map *map)
{
    const struct landscape_view *v = m->landscape;
    const double *path = &v->path[0][0];
    enum style style = overlay_style(m->snapshot->run); /* as its curves */

    map->field = (struct field){.name = "landscape", .x = axis_of(&v->x, map->x_name), .y = axis_of(&v->y, map->y_name),
                                .z_axis.log = landscape_is_log(m), .z_name = "loss", .columns = v->x.points,
                                .rows = v->y.points, .z = v->z, .paths = &map->path, .path_count = v->path_points > 1,
                                .marks = map->mark};
    map->path = (struct field_path){.name = "path", .style = style, .plain = 'o', .count = v->path_points,
                                    .x = path, .y = path + 1, .stride = 2, .away = measure_path(v, map->away)};
    map->field.aspect = landscape_aspect(&v->x.direction, v->x.hi - v->x.lo, &v->y.direction, v->y.hi - v->y.lo);
    field_fit(&map->field, DECADES);
    if (v->path_points > 1 && isfinite(landscape_height(v, v->path[0][0], v->path[0][1])))
        add_mark(map, "path start", v->path[0][0], v->path[0][1], style, BEGIN, 'o');
    if (isfinite(v->least))
        add_mark(map, "lowest", v->least_at[0], v->least_at[1], STYLE_SERIES_6, LEAST, 'x');
    add_mark(map, "here", 0, 0, STYLE_SERIES_5, HERE, '@');
    if (isfinite(landscape_ui(m)->cross_x))
        add_mark(map, "cross-hair", landscape_ui(m)->cross_x, landscape_ui(m)->cross_y, STYLE_FOCUS, CROSS, '+');
    if (landscape_replays(m))
        show_replay(m, map);
    return isfinite(map->field.z_axis.lo) && isfinite(map->field.z_axis.hi);
}

/* The loss along the axis as slope and curvature at the weights predict it. */
static int add_model(const struct landscape_view *v, struct landscape_map *map)
{
    const struct landscape_direction *d = &v->x.direction;

    if (!isfinite(d->slope) || !isfinite(d->curvature) || !isfinite(v->loss))
        return 0;
    for (int i = 0; i < v->x.points; i++) {
        double a = map->at[i];
        map->model[i] = (float)(v->loss + d->slope * a + d->curvature * a * a / 2);
    }
    map->series[0] = (struct series){.name = "slope and curvature here", .style = STYLE_LEVEL, .stroke = STROKE_DASHED,
                                     .plain = '.', .count = v->x.points, .x = map->at, .y = map->model};
    return 1;
}

/* The model below the loss; the axis stays that of the loss. */
static int move_to_model(const struct landscape_view *v, struct landscape_map *map)
{
    struct series loss = map->series[0];

    if (!add_model(v, map))
        return 0;
    map->series[1] = loss;
    return 1;
}

/* The loss along the curve between the same ends, by its own coordinate. */
static int add_curve(const struct landscape_view *v, struct landscape_map *map)
{
    if (!v->curve_points)
        return 0;
    map->series[0].name = "line";
    map->series[1] = (struct series){.name = "curve", .style = STYLE_SERIES_2, .stroke = STROKE_SOLID, .plain = 'c',
                                     .count = v->curve_points, .x = map->at, .y = v->curve};
    return 1;
}

/* Where the line ends: a run in the colour of its curves, or a file. */
static struct plot_mark other_end(const struct landscape_view *v)
{
    static const char *const names[TRAINER_RUNS] = {"run A", "run B", "run C", "run D"};
    int run = landscape_plan_run(&v->plan);

    if (run < 0 || run >= TRAINER_RUNS)
        return (struct plot_mark){1, THERE, STYLE_SERIES_2, 1, "weights in file"};
    return (struct plot_mark){1, THERE, overlay_style(run), 1, names[run]};
}

static int make_plot(const struct model *m, struct landscape_map *map)
{
    const struct landscape_view *v = m->landscape;
    struct plot *p = &map->plot;
    double lo, hi;
    int models;

    for (int i = 0; i < v->x.points; i++)
        map->at[i] = v->x.lo + (v->x.hi - v->x.lo) * i / (v->x.points - 1);
    *p = (struct plot){.x = axis_of(&v->x, map->x_name), .y = {.log = landscape_is_log(m), .unit = "loss"},
                       .marks = map->plot_mark, .now = NAN, .cross = landscape_ui(m)->cross_x, .label_room = 4};
    map->series[0] = (struct series){.name = "loss", .style = STYLE_SERIES_1, .stroke = STROKE_SOLID, .plain = '*',
                                     .count = v->x.points, .x = map->at, .y = v->z};
    p->series = map->series;
    p->series_count = 1 + add_curve(v, map);
    if (!plot_extent(p, 0, &lo, &hi))
        return 0;
    axis_fit(&p->y, lo, hi);
    models = v->curve_points ? 0 : move_to_model(v, map);
    p->series_count += models;
    map->plot_mark[p->mark_count++] = (struct plot_mark){0, HERE, STYLE_SERIES_5, 1, "here"};
    if (landscape_kind_joins((int)v->plan.kind))
        map->plot_mark[p->mark_count++] = other_end(v);
    if (isfinite(v->least))
        map->plot_mark[p->mark_count++] = (struct plot_mark){v->least_at[0], LEAST, STYLE_SERIES_6, 0, "lowest"};
    return 1;
}

int landscape_map(const struct model *m, struct landscape_map *map)
{
    const struct landscape_view *v = m->landscape;

    memset(map, 0, sizeof *map);
    if (!v->known)
        return 0;
    map->axes = v->axes;
    name_side(&v->x.direction, map->x_name, sizeof map->x_name);
    name_side(&v->y.direction, map->y_name, sizeof map->y_name);
    return v->axes == 1 ? make_plot(m, map) : make_field(m, map);
}

struct rect landscape_part(const struct model *m, int w, int h)
{
    int below = h >= NAMES_LEAST, above = below && m->landscape->axes == 2;

    return (struct rect){0, above, w, h - above - below};
}

/* ---- the frame ------------------------------------------------------------------------------ */

static void grid_words(const struct landscape_view *v, int columns, int rows, char *out, size_t size)
{
    if (v->axes == 1)
        snprintf(out, size, "%d", columns);
    else
        snprintf(out, size, "%d×%d", columns, rows);
}

/* "17×17 of 33×33", "33×33"; "eigenvectors, product 12 of 40" while there is nothing of its own to show; "33×33, next 81 %"
 * while the run is followed. */
static void progress_words(const struct landscape_view *v, char *out, size_t size)
{
    char now[24], all[24], done[NUMBER_SIZE], of[NUMBER_SIZE];

    grid_words(v, v->columns, v->rows, now, sizeof now);
    grid_words(v, v->x.points, v->y.points, all, sizeof all);
    number_count(done, sizeof done, (uint64_t)v->done);
    number_count(of, sizeof of, (uint64_t)v->of);
    *out = '\0';
    if (v->known && !v->whole && (v->columns < v->x.points || v->rows < v->y.points))
        snprintf(out, size, "%s of %s", now, all);
    else if (v->status == LANDSCAPE_RUNNING && v->known && v->whole && v->follow)
        snprintf(out, size, "%s, next %.0f %%", all, v->of ? 100. * v->done / v->of : 0.);
    else if (v->status == LANDSCAPE_RUNNING)
        snprintf(out, size, v->of ? "%s %s of %s" : "%s", v->text, done, of);
    else if (v->known)
        snprintf(out, size, v->axes == 1 ? "%s points" : "%s", all);
}

/* "step 1,412 · 200 steps ago", and "200 steps ago" alone. */
static void age_words(const struct model *m, char out[96], char ago[64])
{
    const struct landscape_view *v = m->landscape;
    char step[NUMBER_SIZE], steps[NUMBER_SIZE];

    *out = *ago = '\0';
    if (!v->known)
        return;
    number_count(step, sizeof step, v->step);
    number_count(steps, sizeof steps, m->snapshot->step - v->step);
    if (m->snapshot->step > v->step)
        snprintf(ago, 64, "%s step%s ago", steps, m->snapshot->step == v->step + 1 ? "" : "s");
    snprintf(out, 96, "step %s%s%s", step, *ago ? " · " : "", ago);
}

/* Between the curve's points. */
static double landscape_curve_height(const struct landscape_view *v, double x)
{
    double column = fmin(fmax((x - v->x.lo) / (v->x.hi - v->x.lo) * (v->x.points - 1), 0), v->x.points - 1);
    int i = (int)fmin(floor(column), v->x.points - 2);

    return v->curve[i] + (column - i) * (v->curve[i + 1] - v->curve[i]);
}

/* "at 0.25, -0.5: loss 1.234", and at a point of the path "step 400: loss 1.31, on the plane 1.52" */
static void cross_words(const struct model *m, char *out, size_t size)
{
    const struct landscape_view *v = m->landscape;
    const struct landscape_ui *ui = landscape_ui(m);
    char x[NUMBER_SIZE], y[NUMBER_SIZE], z[NUMBER_SIZE];
    int point;

    *out = '\0';
    if (!v->known || !isfinite(ui->cross_x))
        return;
    number_reading(x, sizeof x, ui->cross_x, 3);
    number_reading(y, sizeof y, ui->cross_y, 3);
    number_reading(z, sizeof z, landscape_height(v, ui->cross_x, ui->cross_y), 4);
    point = landscape_point_at(v, ui->cross_x, ui->cross_y);
    if (point >= 0 && isfinite(v->path_point[point].loss)) { /* the figures have it at length */
        number_count(x, sizeof x, v->path_step[point]);
        number_reading(y, sizeof y, v->path_point[point].loss, 3);
        number_reading(z, sizeof z, v->path_point[point].on_plane, 3);
        snprintf(out, size, "step %s: loss %s, on the plane %s", x, y, z);
    } else if (v->curve_points) {
        number_reading(y, sizeof y, landscape_curve_height(v, ui->cross_x), 4);
        snprintf(out, size, "at %s: line %s, curve %s", x, z, y);
    } else
        snprintf(out, size, v->axes == 1 ? "at %s: loss %s" : "at %s, %s: loss %s", x, v->axes == 1 ? z : y, z);
}

static void join(char out[NOTE], const char *const part[3])
{
    size_t n = 0;

    *out = '\0';
    for (int i = 0; i < 3; i++)
        if (*part[i])
            n += (size_t)snprintf(out + n, NOTE - n, "%s%s", n ? " · " : "", part[i]);
}

/* Kind and resolution of the picture, which may differ from the list's: "pca · 33×33". */
static void picture_words(const struct landscape_view *v, char *out, size_t size)
{
    size_t n = v->known ? (size_t)snprintf(out, size, "%s", landscape_kind_name((int)v->plan.kind)) : 0;
    char progress[LANDSCAPE_VIEW_TEXT + 80];

    progress_words(v, progress, sizeof progress);
    snprintf(out + n, size - n, "%s%s", n && *progress ? " · " : "", progress);
}

/* The reading at the cross-hair, the kind of picture, and its age. */
static struct canvas draw_frame(const struct model *m, struct canvas *c)
{
    char cross[160], progress[LANDSCAPE_VIEW_TEXT + 120], age[96], ago[64], text[4][NOTE];
    const char *log = m->landscape->known && landscape_is_log(m) ? "log" : "";

    cross_words(m, cross, sizeof cross);
    if (landscape_replays(m))
        landscape_replay_words(m, cross, sizeof cross);
    picture_words(m->landscape, progress, sizeof progress);
    age_words(m, age, ago);
    join(text[0], *cross ? (const char *const[]){cross, progress, age} : (const char *const[]){progress, age, log});
    join(text[1], (const char *const[]){cross, progress, ago});
    join(text[2], (const char *const[]){cross, *cross ? "" : progress, ""});
    join(text[3], (const char *const[]){cross, *cross ? "" : ago, ""});
    return pane_frame(m, c, &landscape_pane, (const char *const[]){text[0], text[1], text[2], text[3], NULL});
}

static int legend_entry(struct canvas *c, int x, const char *name, enum style s, uint32_t glyph, char plain)
{
    if (x + canvas_width(c, name) + 4 > c->w - 1)
        return x;
    x += canvas_format(c, x, c->h - 1, STYLE_QUIET, " %s ", name);
    canvas_put(c, x++, c->h - 1, s, c->charset == CHARSET_ASCII ? (uint32_t)(unsigned char)plain : glyph);
    canvas_put(c, x++, c->h - 1, STYLE_QUIET, ' ');
    return x;
}

/* The marks that are not moved by hand, the clearest first, then the path. */
static void field_legend(const struct landscape_map *map, struct canvas *c)
{
    int x = 2;

    for (int i = map->field.mark_count; i-- > 0 && c->h > 1;) {
        const struct field_mark *k = &map->mark[i];
        if (k->glyph != CROSS && k->glyph != HEAD)
            x = legend_entry(c, x, k->name, k->style, k->glyph, k->plain);
    }
    if (map->field.path_count && c->h > 1)
        legend_entry(c, x, "path", map->path.style, 0x2501, 'o');
}

static void plot_marks_legend(const struct landscape_map *map, struct canvas *c)
{
    static const char plain[] = {'*', 'o', 'x'}; /* as the axis has them */
    int x = plot_legend(&map->plot, 0, c, 2, c->h - 1);

    for (int i = 0; i < map->plot.mark_count && c->h > 1; i++) {
        const struct plot_mark *k = &map->plot_mark[i];
        x = legend_entry(c, x, k->name, k->style, k->glyph, plain[k->glyph == HERE ? 0 : k->glyph == THERE ? 1 : 2]);
    }
}

/* ---- drawing -------------------------------------------------------------------------------- */

static void hint(const struct model *m, struct canvas *inside)
{
    const struct landscape_view *v = m->landscape;
    char text[LANDSCAPE_VIEW_TEXT + 80], key[16] = "";

    key_of("landscape", inside->charset, key, sizeof key);
    if (v->status == LANDSCAPE_FAILED)
        canvas_wrap(inside, 1, inside->h / 3, inside->h - inside->h / 3, STYLE_WARNING, v->text);
    else if (v->known)
        pane_hint(inside, "this slice has no finite loss");
    else if (v->status == LANDSCAPE_RUNNING) {
        snprintf(text, sizeof text, v->of ? "%s %d of %d" : "%s", v->text, v->done, v->of);
        pane_hint(inside, text);
    } else {
        snprintf(text, sizeof text, "%s draws the loss around the weights", key);
        pane_hint(inside, text);
    }
}

/* The names of the axes, in the rows that landscape_part leaves. */
static void draw_names(const struct landscape_map *map, const struct rect *part, struct canvas *inside)
{
    char text[96];

    if (part->y > 0)
        canvas_format(inside, 0, 0, STYLE_QUIET, "↑ %s", map->y_name);
    snprintf(text, sizeof text, "→ %s", map->x_name);
    if (part->y + part->h < inside->h)
        canvas_text_right(inside, inside->w, inside->h - 1, STYLE_QUIET, text);
}

static void landscape_draw(const struct model *m, struct canvas *c)
{
    struct canvas inside = draw_frame(m, c), part;
    struct landscape_map map;
    struct rect where;

    if (inside.w < 1 || inside.h < 1)
        return;
    if (!landscape_map(m, &map)) {
        hint(m, &inside);
        return;
    }
    where = landscape_part(m, inside.w, inside.h);
    part = canvas_part(&inside, where);
    map.field.x.unit = map.field.y.unit = map.plot.x.unit = NULL; /* they have rows of their own */
    map.field.eye = relief_eye(m);
    draw_names(&map, &where, &inside);
    if (map.axes == 1) {
        plot_draw(&map.plot, &part);
        plot_marks_legend(&map, c);
    } else {
        map.field.levels = part.h > 16 ? 12 : part.h > 8 ? 8 : 5; /* a slice of the loss is seldom steep all over */
        field_draw(&map.field, &part);
        field_legend(&map, c);
    }
}

static char *landscape_svg(const struct model *m, enum theme palette)
{
    struct landscape_map map;

    if (!landscape_map(m, &map))
        return NULL;
    map.field.colormap = m->ui.colormap;
    map.field.eye = relief_eye(m);
    return map.axes == 1 ? plot_to_svg(&map.plot, "landscape", palette)
                         : field_to_svg(&map.field, palette, SVG_WIDTH, SVG_HEIGHT);
}

static char *landscape_film(const struct model *m, enum theme palette)
{
    double time[LANDSCAPE_VIEW_PATH];
    struct landscape_map map;

    if (!landscape_map(m, &map) || map.axes == 1 || !map.field.path_count)
        return NULL;
    if (landscape_replays(m)) { /* a film has all of the path */
        map.path.count = m->landscape->path_points;
        map.path.x = m->landscape->path[0], map.path.y = m->landscape->path[0] + 1;
        map.field.mark_count--;
    }
    map.field.colormap = m->ui.colormap;
    map.field.film = landscape_times(m->landscape, time);
    map.path.time = time;
    map.path.marker = HEAD;
    return field_to_svg(&map.field, palette, SVG_WIDTH, SVG_HEIGHT);
}

static int landscape_words(const struct model *m, char *out)
{
    struct landscape_map map;

    if (!landscape_map(m, &map))
        return 0;
    map.field.x.unit = map.x_name, map.field.y.unit = map.y_name;
    if (map.axes == 1)
        describe_plot(landscape_pane.name, &map.plot, out);
    else
        describe_map(landscape_pane.name, &map.field, out);
    return 1;
}

/* A film is of a path on a map. */
static const char *film_lacks(const struct model *m, const char **action)
{
    if (!m->landscape->known) {
        *action = "landscape";
        return "it needs a map with the run's path";
    }
    if (m->landscape->axes == 1) {
        *action = "landscape-axes";
        return "it needs a map, and this is a line";
    }
    return m->landscape->path_points ? NULL : "this map has no path of a run that has moved";
}

static int is_map(const struct model *m)
{
    return m->landscape->known && m->landscape->axes == 2;
}

const struct pane landscape_pane = {.name = "landscape", .help = "the loss over a slice through the weights",
    .keys = PANE_KEYS(&landscape_keys, &landscape_map_keys, &slice_keys, &relief_switch_keys), .is_map = is_map,
                                      .describe = landscape_words, .draw = landscape_draw, .svg = landscape_svg, .film = landscape_film, .film_lacks = film_lacks};
