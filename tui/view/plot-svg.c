#include "plot-svg.h"

#include <math.h>
#include <string.h>

#include "number.h"
#include "svg-page.h"
#include "text.h"

/* In pixels. The legend stands below, in rows as it needs them. */
enum {
    WIDTH = 960, HEIGHT = 560, LEFT = 92, RIGHT = 932, TOP = 56, BOTTOM = 456, FONT = 14, LETTER = 8, LEGEND_TOP = 522,
    LEGEND_ROW = 22, SAMPLE = 44, ENTRY_GAP = 28, MARKER_GAP = 48, X_TICKS = 10, Y_TICKS = 8
};

struct sheet {
    struct svg_page page;
    const struct plot *plot;
    enum palette palette;
    int legend_x, legend_y;
};

/* Far outside is held near: viewers lose their way in huge numbers. */
static double hold(double v)
{
    return fmin(fmax(v, -1e5), 1e5);
}

static double x_of(const struct sheet *o, double x)
{
    return hold(LEFT + axis_place(&o->plot->x, x) * (RIGHT - LEFT));
}

static double y_of(const struct sheet *o, double y)
{
    return hold(BOTTOM - axis_place(&o->plot->y, y) * (BOTTOM - TOP));
}

static int in_sight(const struct axis *a, double v)
{
    double place = axis_place(a, v);

    return place >= -1e-9 && place <= 1 + 1e-9;
}

static void add_point(struct sheet *o, const char *command, double x, double y)
{
    svg_add(&o->page, command);
    svg_number(&o->page, x);
    svg_add(&o->page, " ");
    svg_number(&o->page, y);
}

static void add_line(struct sheet *o, enum style s, double width, double x0, double y0, double x1, double y1)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s, colour);
    add_point(o, "<path d=\"M", x0, y0);
    add_point(o, " L", x1, y1);
    svg_format(&o->page, "\" stroke=\"%s\" stroke-width=\"", colour);
    svg_number(&o->page, width);
    svg_add(&o->page, "\"/>");
}

/* anchor: start, middle or end. */
static void add_text(struct sheet *o, enum style s, const char *anchor, double x, double y, const char *text)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s, colour);
    svg_add(&o->page, "<text x=\"");
    svg_number(&o->page, x);
    svg_add(&o->page, "\" y=\"");
    svg_number(&o->page, y);
    svg_format(&o->page, "\" fill=\"%s\" text-anchor=\"%s\">", colour, anchor);
    svg_text(&o->page, text);
    svg_add(&o->page, "</text>");
}

static void begin_named(struct sheet *o, const char *class, const char *name)
{
    svg_format(&o->page, "<g class=\"%s\" data-name=\"", class);
    svg_text(&o->page, name ? name : "");
    svg_add(&o->page, "\">");
}

static void end_group(struct sheet *o)
{
    svg_add(&o->page, "</g>\n");
}

/* ---- the axes ---- */

static void add_tick(struct sheet *o, int across, double v, const char *label)
{
    double at = across ? x_of(o, v) : y_of(o, v);

    begin_named(o, "tick", label);
    if (across) {
        add_line(o, STYLE_FRAME, 1, at, BOTTOM, at, BOTTOM + 6);
        add_text(o, STYLE_QUIET, "middle", at, BOTTOM + 22, label);
    } else {
        svg_add(&o->page, "<g opacity=\".4\">");
        add_line(o, STYLE_FRAME, 1, LEFT, at, RIGHT, at);
        svg_add(&o->page, "</g>");
        add_line(o, STYLE_FRAME, 1, LEFT - 6, at, LEFT, at);
        add_text(o, STYLE_QUIET, "end", LEFT - 10, at + 5, label);
    }
    end_group(o);
}

static void add_axis(struct sheet *o, int across)
{
    const struct axis *a = across ? &o->plot->x : &o->plot->y;
    double ticks[AXIS_TICKS];
    char label[NUMBER_SIZE];
    int n = axis_ticks(a, across ? X_TICKS : Y_TICKS, ticks);

    svg_format(&o->page, "<g class=\"axis %s\" data-scale=\"%s\">\n", across ? "x" : "y", a->log ? "log" : a->linear > 0 ? "symlog" : "linear");
    add_line(o, STYLE_FRAME, 1, LEFT, across ? BOTTOM : TOP, across ? RIGHT : LEFT, BOTTOM);
    for (int i = 0; i < n; i++) {
        axis_label(a, ticks, n, i, label, sizeof label);
        add_tick(o, across, ticks[i], label);
    }
    if (a->unit) {
        begin_named(o, "unit", a->unit);
        if (across)
            add_text(o, STYLE_QUIET, "end", RIGHT, BOTTOM + 42, a->unit);
        else
            add_text(o, STYLE_QUIET, "start", LEFT, TOP - 12, a->unit);
        end_group(o);
    }
    end_group(o);
}

/* ---- what stands in the field ---- */

static void add_zones(struct sheet *o)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, STYLE_LEVEL, colour);
    for (int i = 0; i < o->plot->zone_count; i++) {
        const struct plot_zone *z = &o->plot->zones[i];
        begin_named(o, "zone", z->name);
        add_point(o, "<path d=\"M", LEFT, y_of(o, z->hi));
        add_point(o, " L", RIGHT, y_of(o, z->hi));
        add_point(o, " L", RIGHT, y_of(o, z->lo));
        add_point(o, " L", LEFT, y_of(o, z->lo));
        svg_format(&o->page, "Z\" fill=\"%s\" fill-opacity=\".25\"/>", colour);
        add_text(o, STYLE_LEVEL, "start", LEFT + 6, y_of(o, z->hi) - 4, z->name);
        end_group(o);
    }
}

static void add_levels(struct sheet *o)
{
    for (int i = 0; i < o->plot->level_count; i++) {
        const struct plot_level *level = &o->plot->levels[i];
        double y = y_of(o, level->y);
        if (!in_sight(&o->plot->y, level->y))
            continue;
        begin_named(o, "level", level->name);
        svg_add(&o->page, "<g stroke-dasharray=\"2 4\">");
        add_line(o, level->style, 1, LEFT, y, RIGHT, y);
        svg_add(&o->page, "</g>");
        add_text(o, level->style, "end", RIGHT - 6, y - 4, level->name);
        end_group(o);
    }
}

/* Shapes, for fonts that lack them; around 0, 0. */
static void add_glyph(struct sheet *o, uint32_t glyph, enum style s, double x, double y)
{
    static const struct {
        uint32_t glyph;
        const char *path;
    } shapes[] = {
        {0x25c6, "M0 -5L5 0L0 5L-5 0Z"},
        {0x25b2, "M0 -5L5 4L-5 4Z"},
        {0x25b4, "M0 -5L5 4L-5 4Z"},
        {0x2717, "M-4 -5L0 -1L4 -5L5 -4L1 0L5 4L4 5L0 1L-4 5L-5 4L-1 0L-5 -4Z"},
    };
    const char *path = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z";
    char colour[SVG_COLOUR];

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].glyph == glyph)
            path = shapes[i].path;
    svg_ink(o->palette, s, colour);
    svg_add(&o->page, "<path transform=\"translate(");
    svg_number(&o->page, x);
    svg_add(&o->page, " ");
    svg_number(&o->page, y);
    svg_format(&o->page, ")\" d=\"%s\" fill=\"%s\"/>", path, colour);
}

static void add_marks(struct sheet *o)
{
    for (int i = 0; i < o->plot->mark_count; i++) {
        const struct plot_mark *m = &o->plot->marks[i];
        double x = x_of(o, m->x);
        if (!in_sight(&o->plot->x, m->x))
            continue;
        begin_named(o, "mark", m->name);
        if (m->line)
            add_line(o, m->style, 1, x, TOP, x, BOTTOM);
        add_glyph(o, m->glyph, m->style, x, BOTTOM);
        end_group(o);
    }
}

static void add_upright(struct sheet *o, const char *class, enum style s, double at)
{
    char text[NUMBER_SIZE];

    if (!isfinite(at) || !in_sight(&o->plot->x, at))
        return;
    number_short(text, sizeof text, at);
    begin_named(o, class, text);
    svg_add(&o->page, "<g stroke-dasharray=\"3 3\">");
    add_line(o, s, 1, x_of(o, at), TOP, x_of(o, at), BOTTOM);
    svg_add(&o->page, "</g>");
    end_group(o);
}

/* ---- series ---- */

static void begin_stroke(struct sheet *o, const struct series *s)
{
    static const char *const dashes[] = {
        [STROKE_SOLID] = "none", [STROKE_DASHED] = "9 5", [STROKE_DOTTED] = "2 5", [STROKE_BAND] = "none",
        [STROKE_STEM] = "none", [STROKE_AREA] = "none", [STROKE_LOOSE] = "1 5", [STROKE_NONE] = "none"};
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s->style, colour);
    if (s->stroke == STROKE_BAND || s->stroke == STROKE_AREA)
        svg_format(&o->page, "<path fill=\"%s\" fill-opacity=\".6\" stroke=\"%s\" stroke-opacity=\".8\" d=\"",
                   colour, colour);
    else
        svg_format(&o->page,
                   "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\""
                   " stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"",
                   colour, dashes[s->stroke]);
}

static int is_drawn(const struct sheet *o, float y)
{
    return isfinite(y) && isfinite(axis_place(&o->plot->y, y));
}

/* The points from the last one before the window to the first one after it. */
static void window_of(const struct sheet *o, const struct series *s, int *from, int *to)
{
    *from = series_index(s, o->plot->x.lo);
    if (*from < 0)
        *from = 0;
    *to = series_index(s, o->plot->x.hi) + 2;
    if (*to > s->count)
        *to = s->count;
}

/* A point between two that cannot be drawn is a line of no length: a dot. */
static void add_curve(struct sheet *o, const struct series *s)
{
    int from, to, pen = 0;

    window_of(o, s, &from, &to);
    for (int i = from; i < to; i++) {
        if (is_drawn(o, s->y[i])) {
            add_point(o, pen ? "L" : "M", x_of(o, s->x[i]), y_of(o, s->y[i]));
            if (!pen && (i + 1 == to || !is_drawn(o, s->y[i + 1])))
                svg_add(&o->page, "h0");
        }
        pen = is_drawn(o, s->y[i]);
    }
}

/* What a logarithmic axis cannot place lies below it. */
static double band_y(const struct sheet *o, float y)
{
    return is_drawn(o, y) ? y_of(o, y) : y > 0 ? TOP - 1 : BOTTOM + 1;
}

/* There along the largest, and back along the least, as far as there are values. */
static void add_band(struct sheet *o, const struct series *s)
{
    int from, to;

    window_of(o, s, &from, &to);
    for (int i = from; i < to; i++) {
        int begin = i;
        for (; i < to && !isnan(s->hi[i]) && !isnan(s->lo[i]); i++)
            add_point(o, i > begin ? "L" : "M", x_of(o, s->x[i]), band_y(o, s->hi[i]));
        for (int k = i; k-- > begin;)
            add_point(o, "L", x_of(o, s->x[k]), band_y(o, s->lo[k]));
        if (i > begin)
            svg_add(&o->page, "Z");
    }
}

/* Where uprights begin: at zero, or at the nearer end of the axis. */
static double base_of(const struct sheet *o)
{
    double y = o->plot->y.log ? BOTTOM : y_of(o, 0);

    return fmin(fmax(y, TOP), BOTTOM);
}

static void add_stems(struct sheet *o, const struct series *s)
{
    for (int i = 0; i < s->count; i++)
        if (is_drawn(o, s->y[i])) {
            add_point(o, "M", x_of(o, s->x[i]), base_of(o));
            add_point(o, "L", x_of(o, s->x[i]), y_of(o, s->y[i]));
        }
}

/* Each value stands up to the next point. */
static void add_area(struct sheet *o, const struct series *s)
{
    for (int i = 0; i < s->count; i++) {
        double from = x_of(o, s->x[i]), to = i + 1 < s->count ? x_of(o, s->x[i + 1]) : from;
        if (!is_drawn(o, s->y[i]))
            continue;
        add_point(o, "M", from, base_of(o));
        add_point(o, "L", from, y_of(o, s->y[i]));
        add_point(o, "L", to, y_of(o, s->y[i]));
        add_point(o, "L", to, base_of(o));
        svg_add(&o->page, "Z");
    }
}

static void add_strokes(struct sheet *o, const struct series *s)
{
    switch (s->stroke) {
    case STROKE_BAND:
        add_band(o, s);
        break;
    case STROKE_STEM:
    case STROKE_LOOSE:
        add_stems(o, s);
        break;
    case STROKE_AREA:
        add_area(o, s);
        break;
    case STROKE_NONE:
        break;
    default:
        add_curve(o, s);
    }
}

static void add_markers(struct sheet *o, const struct series *s)
{
    int upright = s->stroke == STROKE_STEM || s->stroke == STROKE_LOOSE || s->stroke == STROKE_NONE;
    double gap = upright ? 0 : MARKER_GAP, last = -MARKER_GAP;

    for (int i = 0; s->marker && i < s->count; i++) {
        double x = x_of(o, s->x[i]);
        if (!in_sight(&o->plot->x, s->x[i]) || !in_sight(&o->plot->y, s->y[i]) || x < last + gap)
            continue;
        add_glyph(o, s->marker, s->style, x, y_of(o, s->y[i]));
        last = x;
    }
}

static void add_series(struct sheet *o, const struct series *s)
{
    begin_named(o, s->stroke == STROKE_BAND ? "series band" : "series", s->name);
    begin_stroke(o, s);
    add_strokes(o, s);
    svg_add(&o->page, "\"/>");
    add_markers(o, s);
    end_group(o);
}

/* ---- the legend ---- */

/* Returns where the entry begins: in the next row where the width is used up. Its name is written. */
static int begin_entry(struct sheet *o, const char *name)
{
    int width = SAMPLE + text_width(name) * LETTER + ENTRY_GAP, x = o->legend_x;

    if (x > LEFT && x + width > RIGHT) {
        x = LEFT;
        o->legend_y += LEGEND_ROW;
    }
    o->legend_x = x + width;
    begin_named(o, "entry", name);
    add_text(o, STYLE_TEXT, "start", x + SAMPLE, o->legend_y + 5, name);
    return x;
}

static void add_series_entry(struct sheet *o, const struct series *s)
{
    int x = begin_entry(o, s->name), y = o->legend_y;

    begin_stroke(o, s);
    if (s->stroke == STROKE_BAND || s->stroke == STROKE_AREA)
        svg_format(&o->page, "M%d %dh34v10h-34Z", x, y - 5);
    else
        svg_format(&o->page, "M%d %dh34", x, y);
    svg_add(&o->page, "\"/>");
    if (s->marker)
        add_glyph(o, s->marker, s->style, x + 17, y);
    end_group(o);
}

static void add_mark_entry(struct sheet *o, const struct plot_mark *m)
{
    int x = begin_entry(o, m->name);

    add_glyph(o, m->glyph, m->style, x + 17, o->legend_y);
    end_group(o);
}

static int is_first_of_name(const struct plot *p, int i)
{
    for (int k = 0; k < i; k++)
        if (p->marks[k].name && strcmp(p->marks[k].name, p->marks[i].name) == 0)
            return 0;
    return 1;
}

static void add_legend(struct sheet *o)
{
    const struct plot *p = o->plot;

    svg_add(&o->page, "<g class=\"legend\">\n");
    for (int i = p->series_count; i-- > 0;)
        if (p->series[i].name && p->series[i].count)
            add_series_entry(o, &p->series[i]);
    for (int i = 0; i < p->mark_count; i++)
        if (p->marks[i].name && is_first_of_name(p, i))
            add_mark_entry(o, &p->marks[i]);
    end_group(o);
}

static void begin_sheet(struct sheet *o, const char *title)
{
    char paper[SVG_COLOUR];

    svg_colour(o->palette, SVG_PAPER, paper);
    svg_format(&o->page,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" width=\"%d\" height=\"%d\""
               " viewBox=\"0 0 %d %d\">\n<title>",
               WIDTH, HEIGHT, WIDTH, HEIGHT);
    svg_text(&o->page, title);
    svg_format(&o->page,
               "</title>\n<style>text{font:%dpx sans-serif}.heading text{font-size:%dpx;font-weight:bold}</style>\n"
               "<clipPath id=\"field\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>\n"
               "<rect class=\"paper\" width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n<g class=\"heading\">",
               FONT, FONT + 2, LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, paper);
    add_text(o, STYLE_TEXT, "middle", (LEFT + RIGHT) / 2., TOP - 28, title);
    end_group(o);
}

char *plot_to_svg(const struct plot *p, const char *title, enum palette palette)
{
    struct sheet o = {.plot = p, .palette = palette, .legend_x = LEFT, .legend_y = LEGEND_TOP};

    begin_sheet(&o, title);
    add_axis(&o, 1);
    add_axis(&o, 0);
    add_zones(&o);
    add_levels(&o);
    svg_add(&o.page, "<g class=\"field\" clip-path=\"url(#field)\">\n");
    for (int i = 0; i < p->series_count; i++)
        add_series(&o, &p->series[i]);
    end_group(&o);
    add_upright(&o, "now", STYLE_QUIET, p->now);
    add_upright(&o, "cross", STYLE_FOCUS, p->cross);
    add_marks(&o);
    add_legend(&o);
    svg_add(&o.page, "</svg>\n");
    return svg_end(&o.page);
}
