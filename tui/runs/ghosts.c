/* SPDX-License-Identifier: MIT */
/* Recorded runs beside the live ones: their curves become faint ones in every plot over steps. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/actions.h"
#include "core/text.h"
#include "runs/panes.h"

struct filling {
    struct history *history;
    double epochs_a_step;
    int failed;
};

static int add_point(void *context, const struct store_point *p)
{
    struct filling *f = context;
    struct sample s = {.kind = SAMPLE_STEP, .step = (uint64_t)p->step, .epoch = (double)p->step * f->epochs_a_step,
                       .seconds = NAN};

    s.at_step.loss = (float)p->loss;
    s.at_step.accuracy = (float)p->accuracy;
    s.at_step.learning_rate = (float)p->learning_rate;
    s.at_step.gradient_norm = (float)p->gradient_norm;
    history_add(f->history, &s);
    return 0;
}

static int add_evaluation(void *context, const struct store_evaluation *v)
{
    struct filling *f = context;
    struct sample s = {.kind = SAMPLE_EVALUATION, .step = (uint64_t)v->step, .epoch = v->epoch, .seconds = NAN};

    s.evaluation.loss = (float)v->loss;
    s.evaluation.accuracy = (float)v->accuracy;
    s.evaluation.part_loss = (float)v->part_loss;
    s.evaluation.part_accuracy = (float)v->part_accuracy;
    history_add(f->history, &s);
    return 0;
}

static int overlay_run(struct app *a, struct store *s, const struct store_run *run, struct err *e)
{
    struct filling f = {.history = history_new(), .epochs_a_step = run->steps ? run->epochs / (double)run->steps : 0};
    int r = f.history ? store_points(s, run->id, 1, add_point, &f, e) : err_memory(e, "curves", sizeof *f.history);

    if (r == 0)
        r = store_evaluations(s, run->id, add_evaluation, &f, e);
    if (r == 0)
        run_curves_take(&a->curves, f.history, run->name);
    else
        history_free(f.history);
    return r;
}

struct overlaying {
    struct app *app;
    const struct recorded *list;
    int done;
};

/* The marked ones, or the selected one where none is marked. */
static int overlay_runs(struct store *s, void *context, struct err *e)
{
    struct overlaying *o = context;
    int r = 0, marked = 0;

    for (size_t i = 0; i < o->list->runs; i++)
        marked |= o->list->run[i].marked;
    for (size_t i = 0; i < o->list->runs && r == 0 && o->done < GHOSTS_MOST; i++) {
        const struct store_run *run = &o->list->run[i];
        if (marked ? !run->marked : run->id != o->list->chosen)
            continue;
        r = overlay_run(o->app, s, run, e);
        o->done += r == 0;
    }
    return r;
}

unsigned action_runs_overlay(struct app *a, int by)
{
    struct overlaying o = {.app = a, .list = recorded_of(&a->model)};

    (void)by;
    if (recorded_change(a, overlay_runs, &o) == 0 && o.done)
        app_say(a, 0, "%d recorded run%s beside the live ones now; :drop ghosts removes %s", o.done,
                o.done > 1 ? "s are" : " is", o.done > 1 ? "them" : "it");
    else if (!o.done)
        app_say(a, 0, "no run is selected");
    return REACT_DRAW;
}
