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

static void begin_way(struct trainer *t)
{
    struct err e;

    trajectory_free(&t->trajectory);
    if (trajectory_init(&t->trajectory, run_network(t->run)->parameters, WAY_BYTES, &e) != 0)
        trainer_log(t, LOG_NOTE, e.text);
    trainer_landscape_note(t);
}

void trainer_landscape_note(struct trainer *t)
{
    trajectory_note(&t->trajectory, run_counters(t->run)->step, state_theta(run_state(t->run)));
}

void trainer_landscape_reset(struct trainer *t)
{
    trainer_job_forget(t, JOB_LANDSCAPE);
    t->landscape = (struct landscape_view){.version = t->landscape.version, .drawn = t->landscape.drawn};
    t->landscape_new = 1;
    begin_way(t);
}

static void show(struct trainer *t, enum job_state state, const char *text, int done, int of)
{
    t->landscape.status = (enum landscape_status)state;
    t->landscape.done = done;
    t->landscape.of = of;
    text_copy(t->landscape.text, sizeof t->landscape.text, text);
    t->landscape_new = 1;
}

/* What cannot be drawn once is not tried at every step. */
static void failed(struct trainer *t, const char *why)
{
    t->landscape.follow = 0;
    show(t, JOB_FAILED, why, 0, 0);
    trainer_log(t, LOG_NOTE, why);
}

/* ---- the job -------------------------------------------------------------------------------- */

/* Once, and not each time that it is drawn again while the run is followed. */
static void report_unknown(struct trainer *t, const struct landscape_job *job)
{
    const char *slash = strrchr(job->plan.file, '/');
    char line[2 * SNAPSHOT_TEXT + 40]; /* the log keeps as much as it has room for */

    if (!*job->unknown || job->again)
        return;
    snprintf(line, sizeof line, "%.40s: ignoring settings of another version: %s", slash ? slash + 1 : job->plan.file,
             job->unknown);
    trainer_log(t, LOG_NOTE, line);
}

static struct background_job *make(struct trainer *t, int again, struct err *e)
{
    struct landscape_job *job;

    t->landscape.asked = t->plan;
    if (landscape_job_new(&job, t->run, &t->plan, &t->trajectory, e) != 0)
        return NULL;
    job->again = again;
    report_unknown(t, job);
    return &job->job;
}

static void free_job(struct background_job *job)
{
    landscape_job_free((struct landscape_job *)job);
}

/* All but what is said of the one in hand. */
static void take_picture(struct trainer *t, const struct landscape_view *picture)
{
    struct landscape_view *v = &t->landscape, before = *v;

    *v = *picture;
    v->version = before.version;
    v->status = before.status;
    v->done = before.done;
    v->of = before.of;
    memcpy(v->text, before.text, sizeof v->text);
    v->follow = before.follow;
    v->asked = before.asked;
    v->drawn = before.drawn + (uint64_t)picture->whole;
    t->landscape_new = 1;
}

/* A run that is followed keeps its picture until the next is whole: nothing jumps. */
static int look(struct trainer *t, struct background_job *job)
{
    struct landscape_job *s = (struct landscape_job *)job;
    const struct landscape_view *picture = landscape_job_picture(s);

    if (!picture || (s->again && !picture->whole))
        return 0;
    take_picture(t, picture);
    return 1;
}

static void succeeded(struct trainer *t, struct background_job *job)
{
    (void)job;
    show(t, JOB_DONE, "", t->landscape.done, t->landscape.of);
}

static int is_due(const struct trainer *t)
{
    return t->landscape.follow && t->landscape.known && t->landscape.step != run_counters(t->run)->step;
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

void trainer_landscape_ask(struct trainer *t, const char *text)
{
    struct landscape_plan plan = {0};
    struct err e = {0};

    if (landscape_plan_parse(&plan, text, &e) == 0) {
        t->plan = plan;
        trainer_job_ask(t, JOB_LANDSCAPE);
    } else if (trainer_job_busy(t, JOB_LANDSCAPE)) {
        trainer_log(t, LOG_NOTE, e.text);
    } else {
        failed(t, e.text);
    }
}

void trainer_landscape_cancel(struct trainer *t)
{
    trainer_job_cancel(t, JOB_LANDSCAPE);
    t->landscape.follow = 0;
    t->landscape_new = 1;
}

void trainer_landscape_follow(struct trainer *t, int on)
{
    t->landscape.follow = on && (trainer_job_busy(t, JOB_LANDSCAPE) || t->landscape.known);
    t->landscape_new = 1;
    if (on && !t->landscape.follow)
        trainer_log(t, LOG_NOTE, "there is no landscape to draw again yet");
}

void trainer_landscape_end(struct trainer *t)
{
    trajectory_free(&t->trajectory);
}
