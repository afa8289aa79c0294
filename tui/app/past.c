/* SPDX-License-Identifier: MIT */
#include "app/past.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/pane.h"

static void drop(struct past_curvature *p, int i)
{
    free(p->of[i].view);
    p->count--;
    memmove(&p->of[i], &p->of[i + 1], (size_t)(p->count - i) * sizeof *p->of);
}

void past_curvature_keep(struct past_curvature *p, int run, const struct curvature_view *v)
{
    struct curvature_view *copy = v->known && v->version != p->version ? malloc(sizeof *copy) : NULL;

    if (!copy)
        return;
    p->version = v->version;
    *copy = *v;
    for (int i = p->count - 1; i >= 0; i--)
        if (p->of[i].run == run && p->of[i].view->step == v->step)
            drop(p, i);
    if (p->count == PAST_CURVATURES)
        drop(p, 0);
    p->of[p->count].run = run;
    p->of[p->count++].view = copy;
}

void past_curvature_forget(struct past_curvature *p, const struct sample *s)
{
    int all = s->kind == SAMPLE_RESTART || s->kind == SAMPLE_DROP || s->kind == SAMPLE_FORK;

    for (int i = p->count - 1; i >= 0; i--)
        if (p->of[i].run == s->run && (all || (s->kind == SAMPLE_BACK && p->of[i].view->step > s->step)))
            drop(p, i);
}

void past_curvature_free(struct past_curvature *p)
{
    while (p->count)
        drop(p, p->count - 1);
}

const struct curvature_view *past_curvature_of(const struct model *m, const struct curvature_view *none)
{
    const struct past_curvature *p = m->past_curvature;
    const struct curvature_view *found = NULL;
    double past = pane_past(m);

    if (!isfinite(past) || (m->curvature->status == CURVATURE_RUNNING && !m->curvature->series))
        return m->curvature; /* how it gets on is shown first */
    for (int i = 0; i < p->count; i++)
        if (p->of[i].run == m->snapshot->run && (double)p->of[i].view->step <= past && (!found || p->of[i].view->step > found->step))
            found = p->of[i].view;
    return found ? found : none;
}
