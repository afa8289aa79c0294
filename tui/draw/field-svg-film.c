/* SPDX-License-Identifier: MIT */
/* Paths as a film, in SVG's own animation (SMIL): a marker moves along its path and the path appears behind it, by a dash as
 * long as what is behind. Everything holds its last state without being animated, so that a program that does not play films
 * shows the end. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw/field-page.h"
#include "draw/number.h"
#include "draw/thin.h"

enum {
    POINTS = 6000, /* of all paths together: what is about 300 KB of a file */
    COUNTS = 100   /* different numbers that the counter shows, at most */
};

static const double TOLERANCE = .5;        /* pixels that a marker may be off */
static const double SECONDS = 10, HOLD = 2; /* of a film at most; of its end */

int field_is_filmed(const struct field *f, const struct field_path *p)
{
    return f->film && !f->eye && p->time && p->count > 0;
}

double film_rate(double steps)
{
    static const double round[] = {1, 2, 5, 10};
    double least = fmax(steps, 1) / SECONDS, power = pow(10, floor(log10(least)));
    int i = 0;

    while (i < 3 && round[i] * power < least * (1 - 1e-9))
        i++;
    return round[i] * power;
}

struct film_page {
    const struct field_page *o;
    double begin, end; /* times */
    double cycle;      /* seconds, the hold among them */
    double rate;
};

static struct film_page film_of(const struct field_page *o)
{
    struct film_page m = {.o = o, .begin = INFINITY, .end = -INFINITY};

    for (int i = 0; i < o->f->path_count; i++) {
        const struct field_path *p = &o->f->paths[i];
        if (!field_is_filmed(o->f, p))
            continue;
        m.begin = fmin(m.begin, p->time[0]);
        m.end = fmax(m.end, p->time[p->count - 1]);
    }
    m.rate = film_rate(m.end - m.begin);
    m.cycle = (m.end - m.begin) / m.rate + HOLD;
    return m;
}

/* A moment within the cycle, 0 … 1. */
static double moment(const struct film_page *m, double time)
{
    return (time - m->begin) / m->rate / m->cycle;
}

static void begin_animation(const struct film_page *m, const char *element, const char *attribute)
{
    field_page_add(m->o, "<%s ", element);
    if (attribute)
        field_page_add(m->o, "attributeName=\"%s\" ", attribute);
    field_page_add(m->o, "dur=\"%gs\" repeatCount=\"indefinite\" fill=\"freeze\" ", m->cycle);
}

/* The times of the points kept; before the first one and after the last nothing changes. */
static void add_moments(const struct film_page *m, const struct field_way *w)
{
    struct svg_page *out = m->o->out;
    int late = w->time[0] > m->begin;

    field_page_add(m->o, "keyTimes=\"%s", late ? "0;" : "");
    for (int i = 0; i < w->count; i++)
        if (w->keep[i]) {
            svg_decimals(out, moment(m, w->time[i]), 5);
            svg_add(out, ";");
        }
    field_page_add(m->o, "1\" ");
}

static void add_place(const struct film_page *m, const struct field_way *w, int i)
{
    const double *end = w->at[w->count - 1];

    svg_decimals(m->o->out, w->at[i][0] - end[0], 1);
    svg_add(m->o->out, " ");
    svg_decimals(m->o->out, w->at[i][1] - end[1], 1);
}

/* From where the marker ends, at which it stands without an animation. */
static void add_motion(const struct film_page *m, const struct field_way *w)
{
    begin_animation(m, "animateMotion", NULL);
    field_page_add(m->o, "calcMode=\"linear\" ");
    add_moments(m, w);
    field_page_add(m->o, "values=\"");
    if (w->time[0] > m->begin) {
        add_place(m, w, 0);
        svg_add(m->o->out, ";");
    }
    for (int i = 0; i < w->count; i++)
        if (w->keep[i]) {
            add_place(m, w, i);
            svg_add(m->o->out, ";");
        }
    field_page_add(m->o, "0 0\"/>");
}

/* The dash is as long as the path; what of it is before the path's beginning is not there yet. */
static void add_growth(const struct film_page *m, const struct field_way *w, double length)
{
    double behind = 0;

    begin_animation(m, "animate", "stroke-dashoffset");
    add_moments(m, w);
    field_page_add(m->o, "values=\"");
    if (w->time[0] > m->begin)
        field_page_add(m->o, "%g;", length);
    for (int i = 0, last = 0; i < w->count; i++)
        if (w->keep[i]) {
            behind += hypot(w->at[i][0] - w->at[last][0], w->at[i][1] - w->at[last][1]);
            svg_decimals(m->o->out, fmax(length - behind, 0), 1);
            svg_add(m->o->out, ";");
            last = i;
        }
    field_page_add(m->o, "0\"/>");
}

static double length_of(const struct field_way *w)
{
    double sum = 0;

    for (int i = 0, last = 0; i < w->count; i++)
        if (w->keep[i]) {
            sum += hypot(w->at[i][0] - w->at[last][0], w->at[i][1] - w->at[last][1]);
            last = i;
        }
    return sum;
}

static void add_tail(const struct film_page *m, const struct field_path *p, const struct field_way *w)
{
    double length = ceil(length_of(w)) + 1; /* more than the path has by anyone's sum */

    field_page_add(m->o, "<g stroke-dasharray=\"%g %g\" stroke-dashoffset=\"0\">", length, length);
    add_growth(m, w, length);
    field_page_begin_edge(m->o, NULL);
    field_page_add(m->o, " d=\"");
    field_way_add(m->o, w);
    field_page_add(m->o, "\"/>");
    field_page_begin_way(m->o, p, NULL);
    field_page_add(m->o, " d=\"");
    field_way_add(m->o, w);
    field_page_add(m->o, "\"/></g>\n");
}

static void add_head(const struct film_page *m, const struct field_path *p, const struct field_way *w)
{
    const struct field_mark mark = {.name = p->name, .style = p->style, .glyph = p->marker ? p->marker : 0x25cf};
    const double *end = w->at[w->count - 1];

    field_page_add(m->o, "<g class=\"racer\" data-name=\"%t\">", p->name);
    if (w->count > 1)
        add_motion(m, w);
    field_page_mark(m->o, &mark, end[0], end[1]);
    field_page_add(m->o, "</g>\n");
}

/* ---- counting ----------------------------------------------------------------------------------- */

static void add_count(const struct film_page *m, double time, double until, int last)
{
    char count[NUMBER_SIZE], of[NUMBER_SIZE];
    double from = moment(m, time), to = moment(m, until);

    number_count(count, sizeof count, (uint64_t)llround(time));
    number_count(of, sizeof of, (uint64_t)llround(m->end));
    field_page_add(m->o, "<text visibility=\"%s\">%t %t of %t", last ? "visible" : "hidden", m->o->f->film->unit, count, of);
    if (from > 0 || !last) {
        begin_animation(m, "animate", "visibility");
        field_page_add(m->o, "calcMode=\"discrete\" values=\"%s%s%s\" keyTimes=\"0", from > 0 ? "hidden;" : "", "visible", last ? "" : ";hidden");
        for (int i = from > 0 ? 0 : 1; i < (last ? 1 : 2); i++) {
            svg_add(m->o->out, ";");
            svg_decimals(m->o->out, i ? to : from, 5);
        }
        field_page_add(m->o, "\"/>");
    }
    field_page_add(m->o, "</text>\n");
}

static void add_counter(const struct film_page *m)
{
    double span = m->end - m->begin;
    int n = (int)fmin(fmax(span, 1), COUNTS);

    field_page_add(m->o, "<g class=\"count\" transform=\"translate(%g %g)\">\n", m->o->x + m->o->w + 20, m->o->y + m->o->h + 42);
    for (int i = 0; i <= n; i++)
        if (i == n || span > 0)
            add_count(m, m->begin + round(span * i / n), m->begin + round(span * (i + 1) / n), i == n);
    field_page_add(m->o, "</g>\n");
}

/* ---- the film ----------------------------------------------------------------------------------- */

struct reel {
    struct field_way *way; /* of each path */
    int count;
};

static void reel_free(struct reel *r)
{
    for (int i = 0; i < r->count; i++)
        field_way_free(&r->way[i]);
    free(r->way);
}

/* Fewer points the more there are in all. */
static int thin_all(struct reel *r)
{
    double tolerance = TOLERANCE;
    int all;

    do {
        all = 0;
        for (int i = 0; i < r->count; i++) {
            struct field_way *w = &r->way[i];
            const struct thin_line line = {w->count, (const double (*)[2])w->at, w->time};
            int kept = w->count ? thin_line(&line, tolerance, w->keep) : 0;
            if (kept < 0)
                return -1;
            all += kept;
        }
        tolerance *= 1.5;
    } while (all > POINTS);
    return 0;
}

static int reel_init(struct reel *r, const struct field_page *o)
{
    *r = (struct reel){calloc((size_t)o->f->path_count + 1, sizeof *r->way), 0};
    if (!r->way)
        return -1;
    for (; r->count < o->f->path_count; r->count++)
        if (field_is_filmed(o->f, &o->f->paths[r->count]) && field_way_init(o, &o->f->paths[r->count], 0, &r->way[r->count]) < 0) {
            r->count++;
            return -1;
        }
    return thin_all(r);
}

/* Heads may stand half beyond the border, as marks do. */
static void add_frame(const struct field_page *o)
{
    enum { HALF = 8 };

    field_page_add(o, "<clipPath id=\"around\"><rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/></clipPath>\n", o->x - HALF, o->y - HALF,
                   o->w + 2 * HALF, o->h + 2 * HALF);
}

int field_page_film(const struct field_page *o)
{
    struct film_page m = film_of(o);
    struct reel reel;
    int r = reel_init(&reel, o);

    add_frame(o);
    field_page_add(o, "<g class=\"film\" clip-path=\"url(#map)\">\n");
    for (int i = 0; r == 0 && i < reel.count; i++)
        if (reel.way[i].count > 1)
            add_tail(&m, &o->f->paths[i], &reel.way[i]);
    field_page_add(o, "</g>\n<g class=\"film\" clip-path=\"url(#around)\">\n");
    for (int i = 0; r == 0 && i < reel.count; i++)
        if (reel.way[i].count > 0)
            add_head(&m, &o->f->paths[i], &reel.way[i]);
    field_page_add(o, "</g>\n");
    reel_free(&reel);
    return r;
}

void field_page_count(const struct field_page *o)
{
    const struct film_page m = film_of(o);

    if (isfinite(m.end))
        add_counter(&m);
}

int field_page_speed(const struct field_page *o, char *out, size_t size)
{
    const struct film_page m = film_of(o);
    char rate[NUMBER_SIZE];

    if (!isfinite(m.end))
        return 0;
    number_short(rate, sizeof rate, m.rate);
    snprintf(out, size, "film: %s %ss a second", rate, o->f->film->unit);
    return 1;
}
