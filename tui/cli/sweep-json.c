/* SPDX-License-Identifier: MIT */
/* A sweep's results as JSON: a line for each job, for each cell, and one for all. */
#include "cli/json-line.h"
#include "cli/sweep.h"

static void print_job(const struct sweep_table *t, int i)
{
    json_t *line = json_object();
    struct sweep_job j;

    if (t->have[i] && sweep_plan_job(t->plan, i, &j, NULL) == 0) {
        json_object_set_new(line, "job", sweep_result_object(t->plan, &j, &t->result[i]));
        json_line_print(line);
    } else {
        json_decref(line);
    }
}

static void put_moments(json_t *o, const struct sweep_moments *m)
{
    json_line_integer(o, "count", m->count);
    json_line_number(o, "mean", m->mean);
    json_line_number(o, "deviation", m->deviation);
}

static void print_cell(const struct sweep_table *t, int c)
{
    const struct sweep_plan *p = t->plan;
    json_t *line = json_object(), *folds = json_array(), *o;
    struct sweep_job j;

    if (sweep_plan_job(p, c * t->of_cell, &j, NULL) != 0)
        return;
    o = sweep_job_object(p, &j);
    json_object_del(o, "index");
    json_object_del(o, "seed");
    json_object_del(o, "fold");
    json_object_set_new(o, "metric", json_string(sweep_metric_name(t->metric)));
    put_moments(o, &t->cell[c].whole);
    for (int f = 0; t->fold && f < p->folds; f++) {
        json_t *fold = json_object();
        put_moments(fold, &t->fold[c * p->folds + f]);
        json_array_append_new(folds, fold);
    }
    json_object_set_new(o, "folds", folds);
    json_line_integer(o, "done", t->cell[c].done);
    json_line_integer(o, "diverged", t->cell[c].diverged);
    json_line_integer(o, "failed", t->cell[c].failed);
    json_line_integer(o, "missing", t->cell[c].missing);
    json_object_set_new(o, "best", json_boolean(c == t->best));
    json_object_set_new(line, "cell", o);
    json_line_print(line);
}

void sweep_print_json(const struct sweep_table *t)
{
    json_t *line = json_object(), *o = json_object();

    for (int i = 0; i < t->jobs; i++)
        print_job(t, i);
    for (int c = 0; c < t->cells; c++)
        print_cell(t, c);
    json_line_integer(o, "jobs", t->jobs);
    json_line_integer(o, "cells", t->cells);
    json_line_integer(o, "done", t->done);
    json_line_integer(o, "diverged", t->diverged);
    json_line_integer(o, "failed", t->failed);
    json_line_integer(o, "missing", t->missing);
    json_object_set_new(o, "metric", json_string(sweep_metric_name(t->metric)));
    json_object_set_new(o, "best", t->best >= 0 ? json_integer(t->best) : json_null());
    json_object_set_new(line, "summary", o);
    json_line_print(line);
}
