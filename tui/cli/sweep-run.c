/* SPDX-License-Identifier: MIT */
/* The jobs of a sweep, one after the other, or several at once in processes of their own. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/all-ranks.h"
#include "cli/json-line.h"
#include "cli/setup.h"
#include "cli/sweep-worker.h"
#include "core/clock.h"
#include "ranks/ranks.h"
#include "sweep/job.h"
#include "term/signals.h"

enum { MOST_PROCESSES = 64 };

atomic_int sweep_stopped_by;

/* The processes that are told of a signal. */
static pid_t process[MOST_PROCESSES];
static volatile sig_atomic_t processes;

static void tell_processes(int number)
{
    for (int i = 0; i < processes; i++)
        if (process[i] > 0)
            kill(process[i], number);
}

static void on_signal(int number)
{
    sweep_stopped_by = number;
    tell_processes(number);
}

int sweep_say_stopped(struct err *e)
{
    return err_set(e, ERR_CANCELLED, "stopped");
}

/* ---- one job -------------------------------------------------------------------------------- */

static void draw_bar(void *context, double share)
{
    struct worker *w = context;
    double now = clock_seconds();

    sweep_ranks_tick(w);
    if (!w->bar || now - w->drawn < .2)
        return;
    w->drawn = now;
    fprintf(stderr, "\r\033[Kjob %d of %d: %3.0f %%", w->job, sweep_plan_jobs(w->plan), 100 * (share < 1 ? share : 1));
    fflush(stderr);
}

void sweep_tell(struct worker *w, const struct sweep_job *j, const struct sweep_result *r)
{
    char label[512], fold[32] = "", how[sizeof r->why + 128], text[sizeof label + sizeof how + 128];

    if (w->bar)
        fputs("\r\033[K", stderr);
    if (w->json) {
        json_t *line = json_object();
        json_object_set_new(line, "job", sweep_result_object(w->plan, j, r));
        json_line_print(line);
        return;
    }
    sweep_cell_label(w->plan, j->cell, label, sizeof label);
    if (j->fold > 0)
        snprintf(fold, sizeof fold, ", fold %d", j->fold);
    if (r->status == SWEEP_DONE)
        snprintf(how, sizeof how, "best validation accuracy %.4f at step %llu, %.1f s", r->metric[SWEEP_BEST_VAL_ACCURACY],
                 (unsigned long long)r->best_step, r->seconds);
    else
        snprintf(how, sizeof how, "%s: %s", sweep_status_name(r->status), r->why);
    snprintf(text, sizeof text, "job %d of %d: %s%sseed %.0f%s: %s\n", j->index, sweep_plan_jobs(w->plan), label, *label ? ", " : "",
             j->seed, fold, how);
    fputs(text, w->out); /* at once: other processes write there, too */
}

static const double STATE_SECONDS = 60; /* that a job which is killed loses at most */

int sweep_do_job(struct worker *w, int index, const struct sweep_place *place, struct sweep_result *r, struct err *e)
{
    const struct sweep_watch watch = {.cancel = &sweep_stopped_by, .progress = draw_bar, .context = w,
                                      .recorder = w->recording.recorder, .state = place->path, .state_seconds = STATE_SECONDS,
                                      .id = place->id, .kept = place->kept};
    struct sweep_job j;
    int result = sweep_plan_job(w->plan, index, &j, e);

    w->job = index;
    if (result == 0)
        result = sweep_job_run(w->plan, &j, &w->setup->data, w->setup->pool, &watch, r, e);
    return result;
}

int sweep_do_claimed(struct worker *w, int index, struct sweep_result *r, struct err *e)
{
    struct sweep_place place = {.path = sweep_directory_state(w->directory, index), .id = w->directory->id};
    struct sweep_job j;
    int result = place.path ? sweep_do_job(w, index, &place, r, e) : err_memory(e, "a path", strlen(w->directory->path));

    free(place.path);
    if (result == 0)
        result = sweep_plan_job(w->plan, index, &j, e);
    if (result == 0)
        result = sweep_directory_keep(w->directory, w->plan, &j, r, e);
    if (result == 0)
        sweep_tell(w, &j, r);
    w->did += result == 0;
    return result;
}

int sweep_is_done(const struct worker *w, int index, struct err *e)
{
    struct sweep_result r;
    struct err why;

    if (sweep_directory_result(w->directory, index, &r, &why) <= 0)
        return 0;
    if (r.status != SWEEP_FAILED && r.fingerprint != w->setup->data.fingerprint)
        return err_set(e, ERR_INPUT, "%s: job %d saw other data than %s is now; choose another directory with -o",
                       w->directory->path, index, w->setup->data.path);
    return 1;
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* 1: its result is there now; 0: another process has it. */
static int try_job(struct worker *w, int index, struct err *e)
{
    struct sweep_result result;
    int r = sweep_is_done(w, index, e);

    if (r)
        return r;
    r = sweep_directory_claim(w->directory, index, e);
    if (r <= 0)
        return r;
    r = sweep_is_done(w, index, e); /* it may have been finished between the two */
    if (r == 0)
        r = sweep_do_claimed(w, index, &result, e) == 0 ? 1 : -e->code;
    sweep_directory_release(w->directory, index);
    return r;
}

/* Jobs that others have are waited for: where such a process dies, its job is to be done here. */
static int work(struct worker *w, struct err *e)
{
    int jobs = sweep_plan_jobs(w->plan), left = jobs;

    while (left > 0) {
        int before = left;
        for (int i = 0; i < jobs; i++) {
            int r = w->over[i] ? 0 : try_job(w, i, e);
            if (r < 0)
                return r;
            if (sweep_stopped_by)
                return sweep_say_stopped(e);
            left -= r > 0;
            w->over[i] |= r > 0;
        }
        if (left == before)
            poll(NULL, 0, 100);
    }
    return 0;
}

/* ---- the work of a process --------------------------------------------------------------------- */

/* The data, the pool and the signals, then the work. */
static int work_on(struct sweeping *s, struct sweep_directory *d, int threads, struct err *e)
{
    struct setup setup = {0};
    struct worker w = {.plan = &s->plan, .directory = d, .setup = &setup, .out = stderr,
                       .bar = isatty(STDERR_FILENO) && s->jobs == 1};
    int r = setup_open_data(&setup, s->plan.data, threads, e);

    w.over = calloc((size_t)sweep_plan_jobs(&s->plan), 1);
    if (r == 0 && !w.over)
        r = err_memory(e, "a list of jobs", (unsigned long long)sweep_plan_jobs(&s->plan));
    if (r == 0)
        r = sweep_job_check(&s->plan, &setup.data, e);
    r = all_ranks_agree(r, e);
    recording_start(&w.recording, "sweep", s->no_record);
    if (r == 0)
        r = ranks_size() == 1 ? work(&w, e) : d ? sweep_work_as_first(&w, e) : sweep_work_for_first(&w, e);
    if (w.bar)
        fputs("\r\033[K", stderr);
    recording_check(&w.recording);
    recording_stop(&w.recording);
    free(w.over);
    setup_close(&setup);
    return r;
}

static int threads_of(const struct sweeping *s)
{
    return s->threads > 0 ? (int)s->threads : ranks_cores();
}

/* A process that was forked: it ends here. */
static void work_and_exit(struct sweeping *s, struct sweep_directory *d, pid_t parent)
{
    int share = threads_of(s) / (int)s->jobs, r;
    struct err e = {0};

    processes = 0;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    r = getppid() == parent ? sweep_directory_reopen(d, &e) : sweep_say_stopped(&e);
    if (r == 0)
        r = work_on(s, d, share > 1 ? share : 1, &e);
    if (r && r != -ERR_CANCELLED)
        fprintf(stderr, "saddle: %s\n", e.text);
    fflush(stderr);
    _exit(r ? e.code : 0);
}

/* Signals come when every process is known. */
static int start_processes(struct sweeping *s, struct sweep_directory *d, struct err *e)
{
    pid_t parent = getpid();
    sigset_t all, before;
    int failed = 0;

    fflush(NULL);
    signal(SIGCHLD, SIG_DFL); /* where it was ignored, nobody could be waited for */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    for (int i = 0; i < s->jobs && !failed; i++) {
        process[i] = fork();
        if (process[i] == 0) {
            sigprocmask(SIG_SETMASK, &before, NULL);
            work_and_exit(s, d, parent);
        }
        failed = process[i] < 0;
        processes = i + !failed;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return failed ? err_set(e, ERR_RUNTIME, "cannot start %lld processes", s->jobs) : 0;
}

/* The worst end of any of them. Those that are left do the jobs of one that was killed. */
static int wait_for_processes(struct err *e)
{
    int worst = 0, killed = 0;

    for (int i = 0; i < processes; i++) {
        int status;
        while (waitpid(process[i], &status, 0) < 0)
            if (errno != EINTR)
                return err_set(e, ERR_RUNTIME, "cannot wait for a process of the sweep: %s", strerror(errno));
        process[i] = 0;
        killed += WIFSIGNALED(status);
        if (WIFEXITED(status) && WEXITSTATUS(status) != ERR_CANCELLED && WEXITSTATUS(status) > worst)
            worst = WEXITSTATUS(status);
    }
    if (sweep_stopped_by)
        return sweep_say_stopped(e);
    if (worst)
        return err_set(e, worst, "a process of the sweep ended with an error");
    return killed == processes ? err_set(e, ERR_RUNTIME, "every process of the sweep was killed") : 0;
}

static int work_in_processes(struct sweeping *s, struct sweep_directory *d, struct err *e)
{
    struct setup once = {0};
    int r = setup_open_data(&once, s->plan.data, 1, e); /* a folder is converted once, before they begin */

    if (r == 0)
        r = sweep_job_check(&s->plan, &once.data, e);
    setup_close(&once);
    if (r == 0)
        r = start_processes(s, d, e);
    if (r == 0)
        return wait_for_processes(e);
    tell_processes(SIGTERM);
    wait_for_processes(NULL);
    return r;
}

static void complain(void *context, const char *sentence)
{
    (void)context;
    fprintf(stderr, "saddle: %s; the job is done again\n", sentence);
}

static int jobs_done(const struct sweep_plan *p, const struct sweep_directory *d)
{
    struct sweep_result r;
    int done = 0;

    for (int i = 0; i < sweep_plan_jobs(p); i++)
        done += sweep_directory_result(d, i, &r, NULL) > 0;
    return done;
}

/* End as the signal asked, the jobs that are done being kept. */
static void leave(void)
{
    fprintf(stderr, "saddle: stopped; start the sweep again to go on\n");
    all_ranks_end();
    exit(128 + atomic_load(&sweep_stopped_by));
}

int sweep_do_all(struct sweeping *s, struct sweep_directory *d, struct err *e)
{
    int r = sweep_directory_tidy(d, sweep_plan_jobs(&s->plan), complain, NULL, e), done;

    r = all_ranks_agree(r, e);
    done = r ? 0 : jobs_done(&s->plan, d);
    if (r || (ranks_size() == 1 && done == sweep_plan_jobs(&s->plan)))
        return r;
    if (done)
        fprintf(stderr, "saddle: %d of %d jobs are done already\n", done, sweep_plan_jobs(&s->plan));
    term_catch_endings(on_signal);
    r = s->jobs > 1 ? work_in_processes(s, d, e) : work_on(s, d, threads_of(s), e);
    if (sweep_stopped_by)
        leave();
    return r;
}

int sweep_do_for_first(struct sweeping *s, struct err *e)
{
    int r = all_ranks_agree(0, e);

    if (r)
        return r;
    term_catch_endings(on_signal);
    return work_on(s, NULL, s->threads > 0 ? (int)s->threads : ranks_cores(), e);
}

/* ---- one by its number ---------------------------------------------------------------------- */

static int do_this(struct worker *w, int index, struct err *e)
{
    struct sweep_result result;
    int r = sweep_directory_claim(w->directory, index, e);

    if (r == 0)
        return err_set(e, ERR_RUNTIME, "%s: job %d is being done by another process", w->directory->path, index);
    if (r < 0)
        return r;
    if (sweep_directory_result(w->directory, index, &result, NULL) > 0 && result.status != SWEEP_FAILED) {
        fprintf(stderr, "saddle: job %d is done already\n", index);
        r = 0;
    } else {
        r = sweep_do_claimed(w, index, &result, e);
    }
    sweep_directory_release(w->directory, index);
    if (r == 0 && result.status == SWEEP_FAILED)
        r = err_set(e, ERR_RUNTIME, "job %d failed: %s", index, result.why);
    return r;
}

int sweep_do_one(struct sweeping *s, struct sweep_directory *d, int index, struct err *e)
{
    struct setup setup = {0};
    struct worker w = {.plan = &s->plan, .directory = d, .setup = &setup, .out = stdout, .json = s->json,
                       .bar = isatty(STDERR_FILENO)};
    int r;

    term_catch_endings(on_signal);
    r = setup_open_data(&setup, s->plan.data, threads_of(s), e);
    if (r == 0)
        r = sweep_job_check(&s->plan, &setup.data, e);
    recording_start(&w.recording, "sweep", s->no_record);
    if (r == 0)
        r = do_this(&w, index, e);
    recording_check(&w.recording);
    recording_stop(&w.recording);
    setup_close(&setup);
    if (sweep_stopped_by)
        leave();
    return r;
}
