/* SPDX-License-Identifier: MIT */
#include "lecture/theory-task.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

enum { FEATURE = 0 }; /* energy */

/* Silence, which the energy tells from speech; the first class of data without it. */
static int class_of(const struct dataset *d)
{
    for (int c = 0; c < d->classes.count; c++)
        if (strcasecmp(d->classes.names[c], "SIL") == 0)
            return c;
    return 0;
}

static int make(struct thresholds *h, const struct theory_task *t, int64_t hypotheses, struct err *e)
{
    const struct dataset *d = t->task.data;

    return thresholds_init(h, d, FEATURE, class_of(d), hypotheses, e);
}

static int cancelled(struct theory_task *t, struct err *e)
{
    return atomic_load(task_cancel(&t->task)) ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

static struct theory_draws plan_of(const struct theory_task *t, int64_t samples)
{
    int64_t most = THEORY_MOST_WORK / 20 / (samples > 0 ? samples : 1), draws = THEORY_SHOWN_DRAWS;

    return (struct theory_draws){.samples = samples,
                                 .draws = (int)(draws < most ? draws : most > 1 ? most : 1),
                                 .epsilon = t->settings.epsilon};
}

static struct theory_row row_of(const struct theory_task *t, const struct thresholds *h, double x, int64_t hypotheses,
                                int64_t samples, const struct theory_report *r)
{
    return (struct theory_row){.x = x,
                               .distinct = h->count,
                               .bound = theory_bound((double)hypotheses, t->settings.epsilon, (double)samples),
                               .bad_share = r->bad_share,
                               .best = r->best_loss,
                               .gap = r->mean_trained_all - r->mean_trained_draw};
}

/* ---- one draw ------------------------------------------------------------------------------- */

static void fill_curves(struct theory_result *r, const struct thresholds *h, const double *drawn)
{
    int trained = 0, best = 0;

    r->points = h->count < THEORY_POINTS ? h->count : THEORY_POINTS;
    for (int i = 0; i < r->points; i++) {
        int k = r->points < 2 ? 0 : (int)((int64_t)i * (h->count - 1) / (r->points - 1));
        r->threshold[i] = (double)h->threshold[k];
        r->all[i] = (float)h->loss[k];
        r->drawn[i] = (float)drawn[k];
    }
    for (int k = 0; k < h->count; k++) {
        r->worst = fmax(r->worst, fabs(drawn[k] - h->loss[k]));
        trained = drawn[k] < drawn[trained] ? k : trained;
        best = h->loss[k] < h->loss[best] ? k : best;
    }
    r->best = (double)h->threshold[best];
    r->best_loss = h->loss[best];
    r->trained = (double)h->threshold[trained];
    r->trained_drawn = drawn[trained];
    r->trained_all = h->loss[trained];
}

static int draw_one(struct theory_task *t, const struct thresholds *h, struct err *e)
{
    const struct theory_settings *s = &t->settings;
    const struct theory_draws plan = plan_of(t, s->samples);
    struct theory_result *r = &t->result;
    double *drawn = malloc(sizeof *drawn * (size_t)h->count);
    struct theory_report seen;
    int result = drawn ? theory_losses(drawn, h, &plan, s->draw, e)
                       : err_memory(e, "a draw", sizeof *drawn * (unsigned long long)h->count);

    if (result == 0)
        result = theory_draw(&seen, h, &plan, e);
    if (result == 0) {
        fill_curves(r, h, drawn);
        r->distinct = h->count;
        r->frames = h->frames;
        r->bound = theory_bound((double)s->hypotheses, s->epsilon, (double)s->samples);
        r->needed = theory_samples_needed((double)s->hypotheses, s->epsilon, s->delta);
        r->bad_share = seen.bad_share;
        atomic_store(&t->drawn, 1);
        task_changed(&t->task, 1, 3);
    }
    free(drawn);
    return result;
}

/* ---- for several N, and several |H| --------------------------------------------------------- */

static int by_samples(struct theory_task *t, const struct thresholds *h, struct err *e)
{
    static const int64_t samples[] = {5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
    int r = cancelled(t, e);

    for (int i = 0; r == 0 && i < (int)(sizeof samples / sizeof *samples); i++) {
        const struct theory_draws plan = plan_of(t, samples[i]);
        struct theory_report seen;
        r = theory_draw(&seen, h, &plan, e);
        if (r)
            return r;
        t->result.by_samples[i] = row_of(t, h, (double)samples[i], t->settings.hypotheses, samples[i], &seen);
        atomic_store(&t->samples_rows, i + 1);
        r = cancelled(t, e);
    }
    task_changed(&t->task, 2, 3);
    return r;
}

/* Powers of ten up to |H|, which is the last. */
static int by_hypotheses(struct theory_task *t, struct err *e)
{
    const struct theory_draws plan = plan_of(t, t->settings.samples);
    int64_t most = t->settings.hypotheses;
    int r = cancelled(t, e), i = 0;

    for (int64_t n = 1; r == 0 && i < THEORY_ROWS; n = n * 10 < most ? n * 10 : most) {
        struct thresholds h = {0};
        struct theory_report seen;
        r = make(&h, t, n, e);
        if (r == 0)
            r = theory_draw(&seen, &h, &plan, e);
        if (r == 0) {
            t->result.by_hypotheses[i] = row_of(t, &h, (double)n, n, t->settings.samples, &seen);
            atomic_store(&t->hypotheses_rows, ++i);
            task_changed(&t->task, 2, 3);
            r = cancelled(t, e);
        }
        thresholds_free(&h);
        if (n == most)
            break;
    }
    return r;
}

static int work(struct task *task, struct err *e)
{
    struct theory_task *t = (struct theory_task *)task;
    struct thresholds h = {0};
    int r = make(&h, t, t->settings.hypotheses, e);

    if (r == 0)
        r = draw_one(t, &h, e);
    if (r == 0)
        r = by_samples(t, &h, e);
    thresholds_free(&h);
    return r ? r : by_hypotheses(t, e);
}

static int shows(const struct task *task)
{
    return atomic_load(&((const struct theory_task *)task)->drawn);
}

static void free_task(struct task *task)
{
    free(task);
}

static const struct task_kind kind = {.slot = TASK_THEORY, .work = work, .shows = shows, .free = free_task};

int theory_task_new(struct theory_task **out, const struct theory_settings *s, struct err *e)
{
    struct theory_task *t = calloc(1, sizeof *t);

    if (!t)
        return err_memory(e, "a draw", sizeof *t);
    task_init(&t->task, &kind);
    t->settings = *s;
    *out = t;
    return 0;
}
