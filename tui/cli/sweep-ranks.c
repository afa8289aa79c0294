/* SPDX-License-Identifier: MIT */
/* The jobs of a sweep on several ranks. Rank 0 has the directory, hands out jobs and does some itself; the others may be on
 * other machines, and send what is to be kept: results, and from time to time, and when they are stopped, where the job
 * stands. Rank 0 sends that along when it hands the job out again, to whichever rank. A signal to any rank ends all. */
#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/sweep-worker.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/text.h"
#include "ranks/ranks.h"

enum says { ASKS, STANDS, DONE, UNDONE };      /* what a rank says; with STANDS the bytes of the state follow */
enum { LEAVE = -1, ASK_AGAIN = -2, STOP = -3 }; /* answers beside the number of a job; STOP is none, but sent to who does one */
enum { NOBODY = -1 };
enum { STATE_MOST = 1 << 29 };                 /* bytes of a state that is sent */

static const double LEAVING_SECONDS = 5; /* for ranks to end what they do once the sweep was stopped */

struct message { /* to rank 0 */
    enum says says;
    int job, stopped_by;
    struct sweep_result result;
};

struct answer { /* of rank 0; the bytes of the job's state follow, if there are any */
    int job, stopped_by;
    char plan[SHA256_TEXT];
};

struct office {
    int *holder;      /* [jobs] the rank that does it, or NOBODY */
    int left, failed; /* ranks that were told to leave; results cannot be kept */
    struct err *e;    /* why */
};

struct errand {
    char *folder, *path; /* where the state of the job in hand is written before it is sent; NULL: nowhere */
    char plan[SHA256_TEXT];
};

/* Head and tail as one message. */
static int send_both(int to, const void *head, size_t head_size, const void *tail, size_t tail_size, struct err *e)
{
    char *bytes = malloc(head_size + tail_size);
    int r;

    if (!bytes)
        return err_memory(e, "a message", head_size + tail_size);
    memcpy(bytes, head, head_size);
    if (tail_size)
        memcpy(bytes + head_size, tail, tail_size);
    r = ranks_send(to, bytes, head_size + tail_size, e);
    free(bytes);
    return r;
}

/* ---- rank 0 ------------------------------------------------------------------------------------- */

/* A job for somebody; LEAVE: there will be none, ASK_AGAIN: another process has what is left. */
static int next_job(struct worker *w, int holder)
{
    struct office *o = w->office;
    int answer = LEAVE;

    for (int i = 0; i < sweep_plan_jobs(w->plan) && !o->failed && !sweep_stopped_by; i++) {
        int r;
        if (w->over[i] || o->holder[i] != NOBODY)
            continue;
        r = sweep_is_done(w, i, o->e);
        if (r == 0 && (r = sweep_directory_claim(w->directory, i, o->e)) > 0) {
            o->holder[i] = holder;
            return i;
        }
        o->failed |= r < 0;
        if (r == 0)
            answer = ASK_AGAIN;
        else
            w->over[i] = 1;
    }
    return answer;
}

static void put_down(struct worker *w, int job, int over)
{
    sweep_directory_release(w->directory, job);
    w->office->holder[job] = NOBODY;
    w->over[job] |= over;
}

/* Send a job with its state, where one is kept: what cannot be read is no state. */
static int answer(const struct worker *w, int to, int job, struct err *e)
{
    struct answer a = {.job = job, .stopped_by = sweep_stopped_by};
    char *path = job >= 0 ? sweep_directory_state(w->directory, job) : NULL, *bytes = NULL;
    size_t size = 0;
    int r;

    text_copy(a.plan, sizeof a.plan, w->directory->id);
    if (path && access(path, F_OK) == 0 && file_read(path, STATE_MOST, &bytes, &size, NULL) != 0)
        size = 0;
    r = send_both(to, &a, sizeof a, bytes, size, e);
    free(bytes);
    free(path);
    return r;
}

/* Keep where another rank's job stands: a file that cannot be written is done without, as with a job of one's own. */
static void take_state(const struct worker *w, const struct message *m, size_t size)
{
    char *path = sweep_directory_state(w->directory, m->job);
    struct err e;

    if (path)
        file_replace(path, m + 1, size, &e);
    free(path);
}

/* Keep what another rank has done. */
static void take_result(struct worker *w, const struct message *m)
{
    struct office *o = w->office;
    struct sweep_job j;

    if (sweep_plan_job(w->plan, m->job, &j, o->e) != 0 || sweep_directory_keep(w->directory, w->plan, &j, &m->result, o->e) != 0)
        o->failed = 1;
    else
        sweep_tell(w, &j, &m->result);
    put_down(w, m->job, !o->failed);
}

static void heed(struct worker *w, int from, const struct message *m, size_t size)
{
    struct office *o = w->office;
    int none = 0, job;

    if (m->stopped_by) /* that of the first who was stopped */
        atomic_compare_exchange_strong(&sweep_stopped_by, &none, m->stopped_by);
    if (m->says == ASKS) {
        job = next_job(w, from);
        o->left += job == LEAVE;
        o->failed |= answer(w, from, job, o->e) != 0;
    } else if (m->job < 0 || m->job >= sweep_plan_jobs(w->plan) || o->holder[m->job] != from) {
        o->failed = 1;
        err_set(o->e, ERR_RUNTIME, "rank %d told of a job that it does not have", from);
    } else if (m->says == STANDS) {
        take_state(w, m, size - sizeof *m);
    } else if (m->says == DONE) {
        take_result(w, m);
    } else {
        put_down(w, m->job, 0);
    }
}

static void serve(struct worker *w)
{
    struct office *o = w->office;

    while (ranks_waiting() && !o->failed) {
        struct message *m = NULL;
        size_t n = 0;
        int from = ranks_receive(RANKS_ANY, (void **)&m, &n, o->e);
        if (from >= 0 && n >= sizeof *m)
            heed(w, from, m, n);
        else
            o->failed = 1;
        free(m);
    }
}

/* Those that are in the midst of a job do not ask. */
static void tell_to_stop(struct worker *w)
{
    const struct answer a = {.job = STOP, .stopped_by = sweep_stopped_by};

    for (int i = 0; i < sweep_plan_jobs(w->plan) && !w->office->failed; i++)
        if (w->office->holder[i] > 0)
            w->office->failed |= ranks_send(w->office->holder[i], &a, sizeof a, w->office->e) != 0;
}

/* Until every other rank has left. */
static void see_them_off(struct worker *w)
{
    double begin = clock_seconds();
    int told = 0;

    while (w->office->left < ranks_size() - 1) {
        if (sweep_stopped_by && !told) {
            tell_to_stop(w);
            begin = clock_seconds();
            told = 1;
        }
        if (w->office->failed || (sweep_stopped_by && clock_seconds() - begin > LEAVING_SECONDS)) {
            if (w->office->failed)
                fprintf(stderr, "saddle: %s\n", w->office->e->text);
            ranks_abort(w->office->failed ? w->office->e->code : 128 + atomic_load(&sweep_stopped_by));
        }
        serve(w);
        poll(NULL, 0, 5);
    }
}

static int do_own(struct worker *w, int job, struct err *e)
{
    struct sweep_result result;
    int r = sweep_do_claimed(w, job, &result, e);

    put_down(w, job, r == 0);
    return r;
}

int sweep_work_as_first(struct worker *w, struct err *e)
{
    int jobs = sweep_plan_jobs(w->plan), r = 0, left = 1;
    struct office o = {.holder = calloc((size_t)jobs, sizeof *o.holder), .e = e};

    if (!o.holder)
        return err_memory(e, "a list of jobs", (unsigned long long)jobs);
    for (int i = 0; i < jobs; i++)
        o.holder[i] = NOBODY;
    w->office = &o;
    while (left && !sweep_stopped_by && r == 0 && !o.failed) {
        int job = next_job(w, 0);
        if (job >= 0)
            r = do_own(w, job, e);
        else
            poll(NULL, 0, 20);
        serve(w);
        left = 0;
        for (int i = 0; i < jobs; i++)
            left |= !w->over[i];
    }
    o.failed |= r != 0 && r != -ERR_CANCELLED;
    see_them_off(w);
    free(o.holder);
    w->office = NULL;
    return r ? r : sweep_stopped_by ? sweep_say_stopped(e) : 0;
}

/* ---- another rank ------------------------------------------------------------------------------- */

/* Where a state is put between its writing and its sending. Without such a place the job begins anew when it is interrupted. */
static void begin_errands(struct errand *n)
{
    const char *above = getenv("TMPDIR");

    *n = (struct errand){.folder = text_format("%s/saddle-sweep-XXXXXX", above && *above ? above : "/tmp")};
    if (n->folder && mkdtemp(n->folder))
        n->path = text_format("%s/state.safetensors", n->folder);
}

static void end_errands(struct errand *n)
{
    if (n->path)
        rmdir(n->folder);
    free(n->path);
    free(n->folder);
}

/* The state that was just written goes to rank 0. */
static void send_state(void *context)
{
    struct worker *w = context;
    const struct message m = {.says = STANDS, .job = w->job, .stopped_by = sweep_stopped_by};
    char *bytes = NULL;
    size_t size;
    struct err e;

    if (file_read(w->errand->path, STATE_MOST, &bytes, &size, &e) == 0)
        send_both(0, &m, sizeof m, bytes, size, &e);
    unlink(w->errand->path);
    free(bytes);
}

/* Rank 0 says nothing to who does a job but that all is to end. */
void sweep_ranks_tick(struct worker *w)
{
    struct answer *a = NULL;
    size_t n;
    struct err e;
    int none = 0;

    if (w->office) {
        serve(w);
    } else if (w->errand && ranks_waiting() && ranks_receive(0, (void **)&a, &n, &e) >= 0) {
        if (n == sizeof *a && a->job == STOP)
            atomic_compare_exchange_strong(&sweep_stopped_by, &none, a->stopped_by);
        free(a);
    }
}

/* malloced, or NULL. A word to stop that comes when the job is over is passed over: the answer comes after it. */
static struct answer *ask(size_t *n, struct err *e)
{
    const struct message m = {.says = ASKS, .stopped_by = sweep_stopped_by};
    struct answer *a = NULL;

    if (ranks_send(0, &m, sizeof m, e) != 0)
        return NULL;
    do {
        free(a);
        if (ranks_receive(0, (void **)&a, n, e) < 0)
            return NULL;
    } while (*n >= sizeof *a && a->job == STOP);
    if (*n >= sizeof *a)
        return a;
    free(a);
    err_set(e, ERR_RUNTIME, "rank 0 sent an answer that was cut short");
    return NULL;
}

static int do_errand(struct worker *w, const struct answer *a, size_t state, struct err *e)
{
    struct errand *n = w->errand;
    const struct sweep_place place = {.path = n->path, .id = n->plan, .kept = send_state};
    struct message m = {.says = UNDONE, .job = a->job};
    struct err why;

    text_copy(n->plan, sizeof n->plan, a->plan);
    if (n->path && state)
        file_replace(n->path, a + 1, state, &why);
    if (sweep_do_job(w, a->job, &place, &m.result, &why) == 0)
        m.says = DONE;
    if (n->path)
        unlink(n->path);
    m.stopped_by = sweep_stopped_by;
    return ranks_send(0, &m, sizeof m, e);
}

int sweep_work_for_first(struct worker *w, struct err *e)
{
    struct errand errand;
    int r = 0, left = 0;

    begin_errands(&errand);
    w->errand = &errand;
    while (r == 0 && !left) {
        size_t n = 0;
        struct answer *a = ask(&n, e);
        if (!a)
            r = -e->code;
        else if (a->job >= 0)
            r = do_errand(w, a, n - sizeof *a, e);
        else if (a->job == ASK_AGAIN)
            poll(NULL, 0, 100);
        left = a && a->job == LEAVE;
        free(a);
    }
    w->errand = NULL;
    end_errands(&errand);
    return r;
}
