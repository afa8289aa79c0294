/* SPDX-License-Identifier: MIT */
#include "sweep/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sweep_moments sweep_moments(const double *v, int n)
{
    struct sweep_moments m = {.mean = NAN, .deviation = NAN};
    double sum = 0, squares = 0;

    for (int i = 0; i < n; i++)
        if (!isnan(v[i]))
            sum += v[i], m.count++;
    if (m.count == 0)
        return m;
    m.mean = sum / m.count;
    for (int i = 0; i < n; i++)
        if (!isnan(v[i]))
            squares += (v[i] - m.mean) * (v[i] - m.mean);
    if (m.count > 1)
        m.deviation = sqrt(squares / (m.count - 1));
    return m;
}

/* All jobs of a sweep saw the same data. */
static int check_data(const struct sweep_table *t, const struct sweep_directory *d, struct err *e)
{
    int first = -1;

    for (int i = 0; i < t->jobs; i++) {
        if (!t->have[i] || t->result[i].status == SWEEP_FAILED)
            continue;
        if (first < 0)
            first = i;
        if (t->result[i].fingerprint != t->result[first].fingerprint)
            return err_set(e, ERR_INPUT, "%s: jobs %d and %d saw different data (%016" PRIx64 ", %016" PRIx64 ")", d->path,
                           first, i, t->result[first].fingerprint, t->result[i].fingerprint);
    }
    return 0;
}

static void compare_kernels(struct sweep_table *t)
{
    int first = -1;

    for (int i = 0; i < t->jobs; i++) {
        if (!t->have[i] || t->result[i].status == SWEEP_FAILED)
            continue;
        if (first < 0)
            first = i;
        t->kernels_differ |= strcmp(t->result[i].products, t->result[first].products) != 0;
    }
}

static int allocate(struct sweep_table *t, const struct sweep_plan *p, struct err *e)
{
    *t = (struct sweep_table){.plan = p, .cells = sweep_plan_cells(p), .jobs = sweep_plan_jobs(p), .best = -1};
    t->of_cell = p->seeds * p->folds;
    t->result = calloc((size_t)t->jobs, sizeof *t->result);
    t->have = calloc((size_t)t->jobs, 1);
    t->cell = calloc((size_t)t->cells, sizeof *t->cell);
    t->fold = p->folds > 1 ? calloc((size_t)t->cells * (size_t)p->folds, sizeof *t->fold) : NULL;
    if (t->result && t->have && t->cell && (t->fold || p->folds == 1))
        return 0;
    sweep_table_free(t);
    return err_memory(e, "the results of a sweep", sizeof *t->result * (unsigned long long)t->jobs);
}

int sweep_table_read(struct sweep_table *t, const struct sweep_plan *p, const struct sweep_directory *d,
                     void (*complain)(void *context, const char *sentence), void *context, struct err *e)
{
    int r = allocate(t, p, e);

    for (int i = 0; r == 0 && i < t->jobs; i++) {
        struct err why = {0};
        int found = sweep_directory_result(d, i, &t->result[i], &why);
        t->have[i] = found > 0;
        if (found < 0 && complain)
            complain(context, why.text);
    }
    if (r == 0)
        r = check_data(t, d, e);
    if (r == 0)
        compare_kernels(t);
    if (r)
        sweep_table_free(t);
    return r;
}

void sweep_table_free(struct sweep_table *t)
{
    free(t->result);
    free(t->have);
    free(t->cell);
    free(t->fold);
    *t = (struct sweep_table){0};
}

/* ---- cells ---------------------------------------------------------------------------------- */

static double value_of(const struct sweep_table *t, int job)
{
    return t->have[job] && t->result[job].status == SWEEP_DONE ? t->result[job].metric[t->metric] : NAN;
}

static void count_jobs(struct sweep_table *t, int c)
{
    struct sweep_cell *cell = &t->cell[c];

    *cell = (struct sweep_cell){0};
    for (int i = c * t->of_cell; i < (c + 1) * t->of_cell; i++) {
        int *kind = !t->have[i]                             ? &cell->missing
                    : t->result[i].status == SWEEP_DONE     ? &cell->done
                    : t->result[i].status == SWEEP_DIVERGED ? &cell->diverged
                                                            : &cell->failed;
        ++*kind;
    }
    t->done += cell->done;
    t->diverged += cell->diverged;
    t->failed += cell->failed;
    t->missing += cell->missing;
}

static int is_better(const struct sweep_table *t, double a, double b)
{
    return sweep_metric_is_loss(t->metric) ? a < b : a > b;
}

/* Jobs of a cell lie together: for each seed, for each fold. */
static void fill_cell(struct sweep_table *t, int c, double *v)
{
    int folds = t->plan->folds, first = c * t->of_cell;

    count_jobs(t, c);
    for (int i = 0; i < t->of_cell; i++)
        v[i] = value_of(t, first + i);
    t->cell[c].whole = sweep_moments(v, t->of_cell);
    for (int f = 0; t->fold && f < folds; f++) {
        for (int s = 0; s < t->plan->seeds; s++)
            v[s] = value_of(t, first + s * folds + f);
        t->fold[c * folds + f] = sweep_moments(v, t->plan->seeds);
    }
    if (t->cell[c].done == t->of_cell && t->cell[c].whole.count == t->of_cell &&
        (t->best < 0 || is_better(t, t->cell[c].whole.mean, t->cell[t->best].whole.mean)))
        t->best = c;
}

void sweep_table_count(struct sweep_table *t, int metric)
{
    double v[SWEEP_JOBS];

    t->metric = metric;
    t->best = -1;
    t->done = t->diverged = t->failed = t->missing = 0;
    for (int c = 0; c < t->cells; c++)
        fill_cell(t, c, v);
}
