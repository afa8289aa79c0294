/* SPDX-License-Identifier: MIT */
#include "app/timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/overlay.h"
#include "draw/number.h"

enum { ROOMY = 13, LEAST = 4 }; /* rows of a pane's inside: for a time line at all times; with a cross-hair */
enum { BASE = 0x2500, KEYFRAME = 0x2022, EDIT = 0x25b4, EVENT = 0x2717, CROSS = 0x250a };

struct rect timeline_plot(const struct model *m, int w, int h)
{
    int some = m->snapshot->keyframes > 0, room = h >= ROOMY || (h >= LEAST && isfinite(pane_cross(m, pane_over(m))));

    return (struct rect){0, 0, w, h - (some && room)};
}

/* A place in the row; what is outside the plot's window is not shown. */
struct row {
    struct axes axes;
    struct canvas *c;
    const struct model *m;
    const struct pane_plot *p;
};

static void put(struct row *r, double step, enum style s, uint32_t glyph)
{
    double x = pane_x_at(r->m, step, r->p->over);

    if (x >= r->p->plot.x.lo && x <= r->p->plot.x.hi)
        canvas_put(r->c, r->axes.left + 1 + axes_dot_x(&r->axes, x) / r->axes.across, 0, s, glyph);
}

static void put_forks(struct row *r)
{
    const struct snapshots *all = r->m->runs;

    for (int i = 0; i < TRAINER_RUNS; i++)
        if ((all->there >> i & 1) && all->run[i].parent >= 0)
            put(r, (double)all->run[i].forked, overlay_style(i), (unsigned char)run_letter(i));
}

void timeline_draw(const struct model *m, const struct pane_plot *p, struct canvas *inside)
{
    const struct snapshot *s = m->snapshot;
    struct rect plot = timeline_plot(m, inside->w, inside->h);
    struct canvas above = canvas_part(inside, plot), c;
    struct row r = {.m = m, .p = p, .c = &c};

    if (plot.h == inside->h || plot.w < 1)
        return;
    c = canvas_part(inside, (struct rect){0, plot.h, plot.w, 1});
    r.axes = axes_lay(&p->plot.x, &p->plot.y, p->plot.label_room, &above);
    if (r.axes.left >= 4)
        canvas_text_right(&c, r.axes.left - 1, 0, STYLE_QUIET, "kept");
    for (int x = r.axes.left + 1; x < c.w; x++)
        canvas_put(&c, x, 0, STYLE_FRAME, BASE);
    for (int i = 0; i < s->keyframes; i++)
        put(&r, (double)s->keyframe[i], STYLE_TEXT, KEYFRAME);
    for (int i = 0; i < m->history->mark_count; i++) {
        const struct history_mark *k = &m->history->mark[i];
        put(&r, k->step, k->event ? STYLE_DANGER : STYLE_EDIT, k->event ? EVENT : EDIT);
    }
    put_forks(&r);
    if (isfinite(m->ui.cross))
        put(&r, m->ui.cross, STYLE_FOCUS, CROSS);
}

int timeline_keyframe(const struct model *m, double step, uint64_t *found)
{
    const struct snapshot *s = m->snapshot;
    int i = s->keyframes;

    while (i > 0 && (double)s->keyframe[i - 1] > step)
        i--;
    *found = i > 0 ? s->keyframe[i - 1] : 0;
    return s->keyframes > 0 && (double)s->first_step <= step;
}

void timeline_words(const struct model *m, enum charset charset, int brief, char *out, size_t size)
{
    char key[16] = "", to[NUMBER_SIZE], from[NUMBER_SIZE];
    double cross = m->ui.cross;
    uint64_t kept;

    *out = '\0';
    if (!isfinite(cross) || cross >= (double)m->snapshot->step || !timeline_keyframe(m, cross, &kept))
        return;
    key_of("cross-back", charset, key, sizeof key);
    number_count(to, sizeof to, (uint64_t)cross);
    number_count(from, sizeof from, kept);
    snprintf(out, size, brief ? "kept %s: %s to %s" : "nearest keyframe %s: %s goes back to step %s", from, key, to);
}
