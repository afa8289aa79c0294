/* SPDX-License-Identifier: MIT */
#include "app/describe.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/view.h"
#include "draw/number.h"

static const double FLAT = .02;      /* of its range: a curve that ends as near to where it began stays as it is */
static const double LAST_PART = .25; /* of the points: what is told of the end */
enum { CURVES_TOLD = 4, LEAST_POINTS = 8 };

struct words {
    char *out;
    size_t used;
};

static void __attribute__((format(printf, 2, 3))) say(struct words *w, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    if (w->used + 1 < DESCRIBE_SIZE)
        w->used += (size_t)vsnprintf(w->out + w->used, DESCRIBE_SIZE - w->used, format, ap);
    va_end(ap);
}

/* A curve within the window, without its gaps. */
struct curve {
    const struct series *s;
    int first, last, least, most; /* points; first > last: none */
    int count;
};

static struct curve curve_of(const struct plot *p, const struct series *s)
{
    struct curve c = {s, 0, -1, -1, -1, 0};

    for (int i = 0; i < s->count; i++) {
        if (!isfinite(s->y[i]) || s->x[i] < p->x.lo || s->x[i] > p->x.hi)
            continue;
        if (!c.count++)
            c.first = c.least = c.most = i;
        c.last = i;
        c.least = s->y[i] < s->y[c.least] ? i : c.least;
        c.most = s->y[i] > s->y[c.most] ? i : c.most;
    }
    return c;
}

static void number(char out[NUMBER_SIZE], double v)
{
    number_short(out, NUMBER_SIZE, v);
}

/* Mean of the points from one to another. */
static double mean(const struct series *s, int from, int to)
{
    double sum = 0;
    int n = 0;

    for (int i = from; i <= to; i++)
        if (isfinite(s->y[i])) {
            sum += s->y[i];
            n++;
        }
    return n ? sum / n : NAN;
}

static const char *way(double from, double to, double range)
{
    return fabs(to - from) <= FLAT * range ? "stays near" : to > from ? "rises" : "falls";
}

/* What its last part does, where that is not what all of it does. */
static const char *ending(const struct curve *c, double range)
{
    int length = (int)((c->last - c->first) * LAST_PART), middle = c->last - length / 2;
    double before = mean(c->s, c->last - length, middle - 1), after = mean(c->s, middle, c->last);
    double whole = c->s->y[c->last] - c->s->y[c->first];

    if (c->count < LEAST_POINTS || length < 2 || !isfinite(before) || !isfinite(after))
        return "";
    if (fabs(after - before) <= FLAT * range)
        return fabs(whole) > FLAT * range ? ", flat at the end" : "";
    return (after > before) == (whole > 0) ? "" : after > before ? ", rising at the end" : ", falling at the end";
}

static void tell_curve(struct words *w, const struct curve *c)
{
    const struct series *s = c->s;
    double range = (double)s->y[c->most] - (double)s->y[c->least];
    char from[NUMBER_SIZE], to[NUMBER_SIZE], least[NUMBER_SIZE], most[NUMBER_SIZE], at[NUMBER_SIZE];
    const char *how = way(s->y[c->first], s->y[c->last], range);

    number(from, s->y[c->first]);
    number(to, s->y[c->last]);
    if (*how == 's')
        say(w, "%s %s %s", s->name, how, to);
    else
        say(w, "%s %s from %s to %s", s->name, how, from, to);
    if (fmin(s->y[c->first], s->y[c->last]) - s->y[c->least] > FLAT * range) {
        number(least, s->y[c->least]);
        number(at, s->x[c->least]);
        say(w, ", lowest %s at %s", least, at);
    }
    if (s->y[c->most] - fmax(s->y[c->first], s->y[c->last]) > FLAT * range) {
        number(most, s->y[c->most]);
        number(at, s->x[c->most]);
        say(w, ", highest %s at %s", most, at);
    }
    say(w, "%s", ending(c, range));
}

/* The curves that stand in the legend, the clearest first, which are the last. */
static int tell_curves(struct words *w, const struct plot *p)
{
    int told = 0;

    for (int i = p->series_count; i-- > 0 && told < CURVES_TOLD;) {
        struct curve c = curve_of(p, &p->series[i]);
        if (!p->series[i].name || p->series[i].stroke == STROKE_BAND || c.count < 1)
            continue;
        say(w, "%s", told++ ? "; " : "");
        tell_curve(w, &c);
    }
    return told;
}

static void tell_cross(struct words *w, const struct plot *p)
{
    char at[NUMBER_SIZE], value[NUMBER_SIZE];
    int told = 0;

    if (!isfinite(p->cross))
        return;
    number(at, p->cross);
    say(w, ". At the cross-hair, %s:", at);
    for (int i = p->series_count; i-- > 0 && told < CURVES_TOLD;) {
        int k = p->series[i].name && p->series[i].stroke != STROKE_BAND ? series_index(&p->series[i], p->cross) : -1;
        if (k < 0 || !isfinite(p->series[i].y[k]))
            continue;
        number(value, p->series[i].y[k]);
        say(w, "%s %s %s", told++ ? "," : "", p->series[i].name, value);
    }
}

/* What the clearest curve did after the last edit. */
static void tell_edit(struct words *w, const struct plot *p)
{
    const struct series *s = p->series_count ? &p->series[p->series_count - 1] : NULL;
    const struct plot_mark *last = NULL;
    char at[NUMBER_SIZE], from[NUMBER_SIZE], to[NUMBER_SIZE];
    struct curve c;
    int k;

    for (int i = 0; i < p->mark_count; i++)
        if (p->marks[i].name && strcmp(p->marks[i].name, "edit") == 0 && (!last || p->marks[i].x >= last->x))
            last = &p->marks[i];
    if (!last || !s || !s->name)
        return;
    c = curve_of(p, s);
    k = series_index(s, last->x);
    if (c.count < 1 || k < c.first || k >= c.last || !isfinite(s->y[k]))
        return;
    number(at, last->x);
    number(from, s->y[k]);
    number(to, s->y[c.last]);
    say(w, ". Since the edit at %s, %s went from %s to %s", at, s->name, from, to);
}

void describe_plot(const char *name, const struct plot *p, char out[DESCRIBE_SIZE])
{
    struct words w = {out, 0};
    char lo[NUMBER_SIZE], hi[NUMBER_SIZE];

    out[0] = '\0';
    number(lo, p->x.lo);
    number(hi, p->x.hi);
    say(&w, "%s, %s %s to %s: ", name, p->x.unit ? p->x.unit : "x", lo, hi);
    if (!tell_curves(&w, p))
        say(&w, "nothing to see yet");
    tell_cross(&w, p);
    tell_edit(&w, p);
}

/* ---- maps ------------------------------------------------------------------------------------- */

static void say_point(struct words *w, double x, double y)
{
    char at[2][NUMBER_SIZE];

    number(at[0], x);
    number(at[1], y);
    say(w, "(%s, %s)", at[0], at[1]);
}

/* A point of the grid, by its number. */
static void say_height(struct words *w, const struct field *f, int i)
{
    char height[NUMBER_SIZE];

    number(height, f->z[i]);
    say(w, " %s at ", height);
    say_point(w, axis_value(&f->x, (double)(i % f->columns) / (f->columns - 1)),
              axis_value(&f->y, (double)(i / f->columns) / (f->rows - 1)));
}

/* The first point of a path, or its last, −1: it has none. */
static int end_of_path(const struct field_path *p, int last)
{
    size_t stride = p->stride ? (size_t)p->stride : 1;

    for (int i = 0; i < p->count; i++) {
        int k = last ? p->count - 1 - i : i;
        if (isfinite(p->x[(size_t)k * stride]) && isfinite(p->y[(size_t)k * stride]))
            return k;
    }
    return -1;
}

static void tell_path(struct words *w, const struct field *f, const struct field_path *p)
{
    size_t stride = p->stride ? (size_t)p->stride : 1;
    int first = end_of_path(p, 0), last = end_of_path(p, 1);
    char height[NUMBER_SIZE];
    double x, y, u, v;

    if (first < 0 || !p->name)
        return;
    x = p->x[(size_t)last * stride], y = p->y[(size_t)last * stride];
    say(w, "; %s from ", p->name);
    say_point(w, p->x[(size_t)first * stride], p->y[(size_t)first * stride]);
    say(w, " to ");
    say_point(w, x, y);
    u = axis_place(&f->x, x), v = axis_place(&f->y, y);
    if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1)) {
        say(w, ", off the map");
        return;
    }
    number(height, axis_value(&f->z_axis, field_place_at(f, u, v)));
    say(w, ", height about %s", height);
}

void describe_map(const char *name, const struct field *f, char out[DESCRIBE_SIZE])
{
    const struct axis *axes[] = {&f->x, &f->y};
    struct words w = {out, 0};
    char lo[NUMBER_SIZE], hi[NUMBER_SIZE];
    int least = -1, most = -1;

    out[0] = '\0';
    say(&w, "%s", name);
    for (int i = 0; i < 2; i++) {
        number(lo, axes[i]->lo);
        number(hi, axes[i]->hi);
        say(&w, ", %s %s to %s", axes[i]->unit ? axes[i]->unit : i ? "y" : "x", lo, hi);
    }
    for (int i = 0; i < f->columns * f->rows; i++)
        if (isfinite(f->z[i])) {
            least = least < 0 || f->z[i] < f->z[least] ? i : least;
            most = most < 0 || f->z[i] > f->z[most] ? i : most;
        }
    if (least < 0) {
        say(&w, ": nothing to see yet");
        return;
    }
    say(&w, ": %s from", f->z_name ? f->z_name : "height");
    say_height(&w, f, least);
    say(&w, " to");
    say_height(&w, f, most);
    for (int i = 0; i < f->path_count; i++)
        tell_path(&w, f, &f->paths[i]);
}

/* ---- the command ------------------------------------------------------------------------------ */

static const struct pane *pane_called(const struct app *a, const char *name)
{
    const struct view *shown = view_shown(&a->model);

    for (int i = 0; shown->panes[i]; i++)
        if (strcmp(shown->panes[i]->name, name) == 0)
            return shown->panes[i];
    for (int v = 0; views[v]; v++)
        for (int i = 0; views[v]->panes[i]; i++)
            if (strcmp(views[v]->panes[i]->name, name) == 0)
                return views[v]->panes[i];
    return NULL;
}

static int is_described(const struct pane *pane)
{
    return pane->describe || pane->plot;
}

static int described(const struct model *m, const struct pane *pane, char out[DESCRIBE_SIZE])
{
    static struct pane_plot p;

    if (pane->describe)
        return pane->describe(m, out);
    if (!pane->plot(m, &p))
        return 0;
    describe_plot(pane->name, &p.plot, out);
    return 1;
}

unsigned command_describe(struct app *a, const char *rest)
{
    const struct pane *pane = *rest ? pane_called(a, rest) : pane_focused(&a->model);
    char text[DESCRIBE_SIZE];

    if (!pane)
        app_say(a, 1, "describe: there is no pane \"%.60s\"", rest);
    else if (!is_described(pane))
        app_say(a, 1, "%s: this pane has no plot", pane->name);
    else if (!described(&a->model, pane, text))
        app_say(a, 0, "%s: nothing to see yet", pane->name);
    else {
        app_say(a, 0, "%s", text);
        a->model.ui.wrapped = 1;
    }
    return REACT_DRAW;
}

const char *command_describe_word(const char *rest, int k)
{
    for (int v = 0; views[v] && !*rest; v++)
        for (int i = 0; views[v]->panes[i]; i++)
            if (is_described(views[v]->panes[i]) && k-- == 0)
                return views[v]->panes[i]->name;
    return NULL;
}
