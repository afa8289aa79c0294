/* SPDX-License-Identifier: MIT */
/* The landscape as a kind of background job: pictures are taken as they get finer, and drawn again while the run is
 * followed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "trainer/landscape-job.h"
#include "trainer/trainer-private.h"

static const size_t WAY_BYTES = (size_t)128 << 20; /* of the weights that are kept along the way */

/* ---- the view ------------------------------------------------------------------------------- */

static void begin_way(struct runner *runner)
{
    struct err e;

    trajectory_free(&runner->trajectory);
    if (trajectory_init(&runner->trajectory, run_network(runner->run)->parameters, WAY_BYTES, &e) != 0)
        trainer_log(runner, LOG_NOTE, e.text);
    trainer_landscape_note(runner);
}

void trainer_landscape_note(struct runner *runner)
{
    trajectory_note(&runner->trajectory, run_counters(runner->run)->step, run_shown_theta(runner->run));
}

void trainer_landscape_reset(struct runner *runner)
{
    trainer_job_forget(runner, JOB_LANDSCAPE);
    runner->landscape = (struct landscape_view){.version = runner->landscape.version, .drawn = runner->landscape.drawn};
    runner->landscape_new = 1;
    begin_way(runner);
}

static void show(struct runner *runner, enum job_state state, const char *text, int done, int of)
{
    runner->landscape.status = (enum landscape_status)state;
    runner->landscape.done = done;
    runner->landscape.of = of;
    text_copy(runner->landscape.text, sizeof runner->landscape.text, text);
    runner->landscape_new = 1;
}

/* What cannot be drawn once is not tried at every step. */
static void failed(struct runner *runner, const char *why)
{
    runner->landscape.follow = 0;
    show(runner, JOB_FAILED, why, 0, 0);
    trainer_log(runner, LOG_NOTE, why);
}

/* ---- the job -------------------------------------------------------------------------------- */

/* Once, and not each time that it is drawn again while the run is followed. */
static void report_unknown(struct runner *runner, const struct landscape_job *job)
{
    const char *slash = strrchr(job->plan.file, '/');
    char line[2 * SNAPSHOT_TEXT + 40]; /* the log keeps as much as it has room for */

    if (!*job->unknown || job->again)
        return;
    snprintf(line, sizeof line, "%.40s: ignoring settings of another version: %s", slash ? slash + 1 : job->plan.file,
             job->unknown);
    trainer_log(runner, LOG_NOTE, line);
}

static struct background_job *make(struct runner *runner, int again, struct err *e)
{
    int id = landscape_plan_run(&runner->plan);
    struct run *other = id >= 0 && id < TRAINER_RUNS ? runner->trainer->runner[id].run : NULL;
    struct landscape_job *job;

    runner->landscape.asked = runner->plan;
    if (id >= 0 && !other) {
        err_set(e, ERR_USAGE, "there is no run %c", 'A' + id);
        return NULL;
    }
    if (other)
        run_measure_shown(other);
    if (landscape_job_new(&job, runner->run, &runner->plan, other, &runner->trajectory, e) != 0)
        return NULL;
    job->again = again;
    report_unknown(runner, job);
    return &job->job;
}

static void free_job(struct background_job *job)
{
    landscape_job_free((struct landscape_job *)job);
}

/* All but what is said of the one in hand. */
static void take_picture(struct runner *runner, const struct landscape_view *picture)
{
    struct landscape_view *v = &runner->landscape, before = *v;

    *v = *picture;
    v->version = before.version;
    v->status = before.status;
    v->done = before.done;
    v->of = before.of;
    memcpy(v->text, before.text, sizeof v->text);
    v->follow = before.follow;
    v->asked = before.asked;
    v->drawn = before.drawn + (uint64_t)picture->whole;
    runner->landscape_new = 1;
}

/* A run that is followed keeps its picture until the next is whole: nothing jumps. */
static int look(struct runner *runner, struct background_job *job)
{
    struct landscape_job *s = (struct landscape_job *)job;
    const struct landscape_view *picture = landscape_job_picture(s);

    if (!picture || (s->again && !picture->whole))
        return 0;
    take_picture(runner, picture);
    return 1;
}

static void succeeded(struct runner *runner, struct background_job *job)
{
    (void)job;
    show(runner, JOB_DONE, "", runner->landscape.done, runner->landscape.of);
}

static int is_due(const struct runner *runner)
{
    return runner->landscape.follow && runner->landscape.known && runner->landscape.step != run_counters(runner->run)->step;
}

const struct job_kind job_landscape = {
    .first = "directions",
    .waiting = "directions",
    .make = make,
    .free = free_job,
    .show = show,
    .look = look,
    .succeeded = succeeded,
    .failed = failed,
    .is_due = is_due,
};

/* ---- commands ------------------------------------------------------------------------------- */

void trainer_landscape_ask(struct runner *runner, const char *text, struct run *past)
{
    struct landscape_plan plan = {0};
    struct err e = {0};

    if (landscape_plan_parse(&plan, text, &e) == 0) {
        runner->plan = plan;
        trainer_job_ask(runner, JOB_LANDSCAPE, past);
        return;
    }
    run_free(past);
    if (trainer_job_busy(runner->trainer, JOB_LANDSCAPE))
        trainer_log(runner, LOG_NOTE, e.text);
    else
        failed(runner, e.text);
}

void trainer_landscape_cancel(struct runner *runner)
{
    trainer_job_cancel(runner->trainer, JOB_LANDSCAPE);
    runner->landscape.follow = 0;
    runner->landscape_new = 1;
}

void trainer_landscape_follow(struct runner *runner, int on)
{
    runner->landscape.follow = on && (trainer_job_busy(runner->trainer, JOB_LANDSCAPE) || runner->landscape.known);
    runner->landscape_new = 1;
    if (on && !runner->landscape.follow)
        trainer_log(runner, LOG_NOTE, "no landscape to redraw yet");
}

void trainer_landscape_end(struct runner *runner)
{
    trajectory_free(&runner->trajectory);
}
