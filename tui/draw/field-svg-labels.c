/* SPDX-License-Identifier: MIT */
/* A label is a row of spots along its line; two labels whose spots keep apart do not touch. */
#include <math.h>
#include <stdlib.h>

#include "draw/contour-lines.h"
#include "draw/field-page.h"
#include "draw/text.h"

enum { LABEL_FONT = 11, PER_LEVEL = 2, STEP = 5, LEAST_LENGTH = 3 /* label widths */, BORDER = 8, APART = 15, WAY_STEP = 8, WAY_SPOTS = 400 };

static const double LETTER = .6, STRAIGHT = .95; /* of the font; of the label's width, from its one end to the other */

static void add_spot(struct field_labels *l, double x, double y, int soft)
{
    struct field_spot *more;

    if (l->count == l->room) {
        more = realloc(l->spot, (size_t)(l->room ? 2 * l->room : 64) * sizeof *more);
        l->failed |= !more;
        if (!more)
            return;
        l->spot = more;
        l->room = l->room ? 2 * l->room : 64;
    }
    l->spot[l->count++] = (struct field_spot){x, y, soft};
}

static void add_way(const struct field_page *o, const struct field_path *p, struct field_labels *l)
{
    size_t stride = p->stride ? (size_t)p->stride : 1;
    double x0 = NAN, y0 = NAN;

    for (int i = 0, spots = 0; i < p->count && spots < WAY_SPOTS; i++) {
        double x = field_page_x(o, p->x[(size_t)i * stride]), y = field_page_y(o, p->y[(size_t)i * stride]);
        double way = fmin(hypot(x - x0, y - y0), 2000);
        if (way < WAY_STEP)
            continue;
        for (int k = 1; k <= (int)(way / WAY_STEP) && spots < WAY_SPOTS; k++, spots++)
            add_spot(l, x0 + (x - x0) * k * WAY_STEP / way, y0 + (y - y0) * k * WAY_STEP / way, 1);
        x0 = x, y0 = y;
    }
}

void field_labels_init(const struct field_page *o, struct field_labels *labels)
{
    *labels = (struct field_labels){0};
    for (int i = 0; i < o->f->mark_count; i++)
        if (field_is_on_map(o->f, &o->f->marks[i]))
            add_spot(labels, field_page_x(o, o->f->marks[i].x), field_page_y(o, o->f->marks[i].y), 0);
    for (int i = 0; i < o->f->path_count; i++)
        add_way(o, &o->f->paths[i], labels);
}

void field_labels_free(struct field_labels *labels)
{
    free(labels->spot);
    *labels = (struct field_labels){0};
}

/* ---- a line ----------------------------------------------------------------------------------- */

struct track {
    const double (*at)[2];
    double *way; /* along it, to each point */
    int count;
};

static int track_init(struct track *t, const struct contour_lines *lines, const struct contour_line *line)
{
    *t = (struct track){(const double (*)[2])lines->at + line->first, malloc((size_t)line->count * sizeof *t->way), line->count};
    for (int i = 0; t->way && i < t->count; i++)
        t->way[i] = i ? t->way[i - 1] + hypot(t->at[i][0] - t->at[i - 1][0], t->at[i][1] - t->at[i - 1][1]) : 0;
    return t->way ? 0 : -1;
}

static double track_length(const struct track *t)
{
    return t->count ? t->way[t->count - 1] : 0;
}

static void track_at(const struct track *t, double way, double out[2])
{
    int lo = 0, hi = t->count - 1;

    while (hi - lo > 1) {
        int middle = (lo + hi) / 2;
        *(t->way[middle] <= way ? &lo : &hi) = middle;
    }
    double whole = t->way[hi] - t->way[lo], s = whole > 0 ? (way - t->way[lo]) / whole : 0;
    for (int k = 0; k < 2; k++)
        out[k] = t->at[lo][k] + s * (t->at[hi][k] - t->at[lo][k]);
}

/* ---- places ----------------------------------------------------------------------------------- */

struct place {
    double x, y, cos, sin, width, cost;
};

static int spots_of(double width)
{
    return 1 + (int)ceil(width / 10);
}

static void spot_of(const struct place *p, int i, double out[2])
{
    int n = spots_of(p->width);
    double along = n > 1 ? p->width * ((double)i / (n - 1) - .5) : 0;

    out[0] = p->x + along * p->cos, out[1] = p->y + along * p->sin;
}

/* What it costs to write there: INFINITY where one may not. */
static double cost_of_spots(const struct field_page *o, const struct place *p, const struct field_labels *l)
{
    double cost = 0, at[2];

    for (int i = 0; i < spots_of(p->width); i++) {
        spot_of(p, i, at);
        if (at[0] < o->x + BORDER || at[0] > o->x + o->w - BORDER || at[1] < o->y + BORDER || at[1] > o->y + o->h - BORDER)
            return INFINITY;
        for (int k = 0; k < l->count; k++) {
            if (hypot(at[0] - l->spot[k].x, at[1] - l->spot[k].y) >= APART - 5 * l->spot[k].soft)
                continue;
            if (!l->spot[k].soft)
                return INFINITY;
            cost += .5;
        }
    }
    return cost;
}

/* Flat, straight, towards the middle. */
static struct place place_at(const struct field_page *o, const struct track *t, double way, double width, const struct field_labels *l)
{
    struct place p = {.width = width, .cost = INFINITY};
    double a[2], b[2], middle[2], chord;

    track_at(t, way - width / 2, a);
    track_at(t, way + width / 2, b);
    track_at(t, way, middle);
    chord = hypot(b[0] - a[0], b[1] - a[1]);
    if (chord < STRAIGHT * width)
        return p;
    p.cos = (b[0] - a[0]) / chord, p.sin = (b[1] - a[1]) / chord;
    if (p.cos < 0 || (p.cos < 1e-9 && p.sin > 0))
        p.cos = -p.cos, p.sin = -p.sin;
    p.x = (a[0] + b[0] + 2 * middle[0]) / 4, p.y = (a[1] + b[1] + 2 * middle[1]) / 4;
    p.cost = cost_of_spots(o, &p, l) + fabs(p.sin) + 10 * (1 - chord / width) + hypot((p.x - o->x) / o->w - .5, (p.y - o->y) / o->h - .5);
    return p;
}

static struct place best_place(const struct field_page *o, const struct track *t, double width, const struct field_labels *l)
{
    struct place best = {.cost = INFINITY};

    for (double way = width / 2; way <= track_length(t) - width / 2; way += STEP) {
        struct place p = place_at(o, t, way, width, l);
        if (p.cost < best.cost)
            best = p;
    }
    return best;
}

static void write_label(const struct field_page *o, const struct place *p, const char *text, struct rgb ground, struct field_labels *l)
{
    const struct rgb white = {255, 255, 255}, black = {0, 0, 0};
    char ink[SVG_COLOUR], halo[SVG_COLOUR];
    double at[2];

    svg_rgb(colour_contrast(white, ground) > colour_contrast(black, ground) ? white : black, ink);
    svg_rgb(ground, halo);
    field_page_add(o, "<text class=\"level\" transform=\"translate(%g %g) rotate(%g)\" y=\"%g\" fill=\"%s\" style=\"stroke:%s\">%t</text>\n", p->x, p->y,
                   atan2(p->sin, p->cos) * 180 / M_PI, LABEL_FONT * .36, ink, halo, text);
    for (int i = 0; i < spots_of(p->width); i++) {
        spot_of(p, i, at);
        add_spot(l, at[0], at[1], 0);
    }
}

void field_labels_place(const struct field_page *o, const struct contour_lines *lines, const char *text, struct rgb ground,
                        struct field_labels *labels)
{
    double width = text_width(text) * LABEL_FONT * LETTER + 2;

    for (int placed = 0; placed < PER_LEVEL; placed++) {
        struct place best = {.cost = INFINITY};
        for (int i = 0; i < lines->lines; i++) {
            struct track t;
            if (track_init(&t, lines, &lines->line[i]) != 0)
                labels->failed = 1;
            else if (track_length(&t) >= LEAST_LENGTH * width) {
                struct place p = best_place(o, &t, width, labels);
                p.cost -= fmin(track_length(&t) / (o->w + o->h), 1);
                if (p.cost < best.cost)
                    best = p;
            }
            free(t.way);
        }
        if (best.cost < (placed ? .9 : INFINITY)) /* another one only where it stands well */
            write_label(o, &best, text, ground, labels);
        else
            break;
    }
}
