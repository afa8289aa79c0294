/* What the trainer's thread does about landscapes: studies begun between two steps, their pictures taken as they get
 * finer, and begun anew while the run is followed. They have a study of their own: a probe may run beside them. */
#include <math.h>
#include <string.h>

#include "core/text.h"
#include "trainer/trainer-private.h"

static const size_t WAY_BYTES = (size_t)128 << 20; /* of the weights that are kept along the way */

/* ---- the view ------------------------------------------------------------------------------- */

static void begin_way(struct trainer *t)
{
    struct err e;

    trajectory_free(&t->trajectory);
    if (trajectory_init(&t->trajectory, t->run->network.parameters, WAY_BYTES, &e) != 0)
        trainer_log(t, LOG_NOTE, e.text);
    trainer_landscape_note(t);
}

void trainer_landscape_note(struct trainer *t)
{
    trajectory_note(&t->trajectory, t->run->state->counters.step, state_theta(t->run->state));
}

void trainer_landscape_reset(struct trainer *t)
{
    if (t->landscape_job)
        background_cancel(t->survey);
    t->landscape_forget = t->landscape_job != NULL;
    t->landscape_wanted = 0;
    t->landscape = (struct landscape_view){.version = t->landscape.version, .drawn = t->landscape.drawn};
    t->landscape_new = 1;
    begin_way(t);
}

static void say(struct trainer *t, enum landscape_status status, const char *text)
{
    t->landscape.status = status;
    text_copy(t->landscape.text, sizeof t->landscape.text, text);
    t->landscape_new = 1;
}

/* What cannot be drawn once is not tried at every step. */
static void failed(struct trainer *t, const char *why)
{
    t->landscape.follow = 0;
    say(t, LANDSCAPE_FAILED, why);
    trainer_log(t, LOG_NOTE, why);
}

/* ---- landscapes ----------------------------------------------------------------------------- */

static void set_share(struct trainer *t)
{
    background_set_share(t->survey, t->run->pool, t->run->state->knobs.value[KNOB_PROBE_SHARE]);
}

static void begin(struct trainer *t, int again)
{
    struct err e = {0};

    t->landscape.asked = t->landscape_plan;
    if ((!t->survey && background_new(&t->survey, t->run->pool, t->command_fd, &e) != 0) ||
        landscape_job_new(&t->landscape_job, t->run, &t->landscape_plan, &t->trajectory, &e) != 0) {
        failed(t, e.text);
        return;
    }
    t->landscape_job->again = again;
    t->landscape.done = t->landscape.of = 0;
    say(t, LANDSCAPE_RUNNING, "directions");
    set_share(t);
    background_begin(t->survey, &t->landscape_job->job);
}

void trainer_landscape_begin(struct trainer *t, const char *text)
{
    struct landscape_plan plan = {0};
    struct err e = {0};

    if (landscape_plan_parse(&plan, text, &e) != 0) {
        if (t->landscape_job)
            trainer_log(t, LOG_NOTE, e.text);
        else
            failed(t, e.text);
        return;
    }
    t->landscape_plan = plan;
    if (!t->landscape_job) {
        begin(t, 0);
        return;
    }
    background_cancel(t->survey);
    t->landscape_wanted = 1;
    say(t, LANDSCAPE_RUNNING, "directions");
}

void trainer_landscape_cancel(struct trainer *t)
{
    t->landscape_wanted = 0;
    t->landscape.follow = 0;
    t->landscape_new = 1;
    if (t->landscape_job)
        background_cancel(t->survey);
}

void trainer_landscape_follow(struct trainer *t, int on)
{
    t->landscape.follow = on && (t->landscape_job || t->landscape.known);
    t->landscape_new = 1;
    if (on && !t->landscape.follow)
        trainer_log(t, LOG_NOTE, "there is no landscape to draw again yet");
}

/* All but what this side says of it. */
static void take(struct trainer *t, const struct landscape_view *picture)
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
static int take_picture(struct trainer *t)
{
    const struct landscape_view *picture = landscape_job_picture(t->landscape_job);

    if (!picture || t->landscape_forget || (t->landscape_job->again && !picture->whole))
        return 0;
    take(t, picture);
    return 1;
}

static void collected(struct trainer *t)
{
    struct landscape_job *s = t->landscape_job;
    int forget = t->landscape_forget;

    take_picture(t);
    t->landscape_job = NULL;
    t->landscape_forget = 0;
    if (forget)
        t->landscape_new = 1;
    else if (s->job.result == 0)
        say(t, LANDSCAPE_DONE, "");
    else if (s->job.result == -ERR_CANCELLED)
        say(t, LANDSCAPE_CANCELLED, "called off");
    else
        failed(t, s->job.error.text);
    landscape_job_free(s);
    if (!t->landscape_wanted)
        return;
    t->landscape_wanted = 0;
    begin(t, 0);
}

static int show_progress(struct trainer *t)
{
    struct background_progress p = background_progress(t->survey);

    set_share(t);
    if (!t->landscape_forget && (p.done != t->landscape.done || p.of != t->landscape.of)) {
        t->landscape.done = p.done;
        t->landscape.of = p.of;
        say(t, LANDSCAPE_RUNNING, p.what);
    }
    return take_picture(t);
}

/* The next one of a run that is followed begins with the end of the one before: a thread that rests is not woken
 * for it. */
int trainer_landscapes(struct trainer *t)
{
    int over = t->landscape_job && background_collect(t->survey);

    if (over)
        collected(t);
    else if (t->landscape_job)
        return show_progress(t);
    if (t->landscape_job || !t->landscape.follow || !t->landscape.known ||
        t->landscape.step == t->run->state->counters.step)
        return over;
    begin(t, 1);
    return 1;
}

void trainer_landscape_end(struct trainer *t)
{
    background_free(t->survey);
    landscape_job_free(t->landscape_job);
    trajectory_free(&t->trajectory);
    t->survey = NULL;
    t->landscape_job = NULL;
}
