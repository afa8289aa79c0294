/* SPDX-License-Identifier: MIT */
/* Jobs of a sweep that are interrupted: they go on, to the bit, or begin anew. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "learnable-data.h"
#include "sweep/directory.h"
#include "sweep/job.h"

static char dir[] = "/tmp/saddle-interrupted-XXXXXX";
static struct toy toy;

static int set_up(void **state)
{
    (void)state;
    toy_init(&toy);
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    char *line = text_format("rm -rf %s", dir);
    int r = system(line);

    (void)state;
    free(line);
    return r;
}

/* A job that is stopped after so many pieces of work: by a signal's flag, or all of its process as by a power cut. */
struct interruption {
    int after, kills; /* after 0: never */
    int pieces;
    atomic_int cancel;
};

static void count_piece(void *context, double share)
{
    struct interruption *i = context;

    (void)share;
    if (++i->pieces != i->after)
        return;
    if (i->kills)
        kill(getpid(), SIGKILL);
    atomic_store(&i->cancel, 1);
}

/* Its state in the file is kept after every piece, or only when the job is cancelled; returns what sweep_job_run does. */
static int do_interrupted(const struct sweep_plan *p, struct pool *pool, const char *state, const char *id, struct interruption *i,
                          struct sweep_result *r)
{
    const struct sweep_watch w = {.cancel = &i->cancel, .progress = count_piece, .context = i, .state = state,
                                  .state_seconds = i->kills ? 0 : 1e9, .id = id};
    struct sweep_job j;
    struct err e = {0};

    assert_int_equal(sweep_plan_job(p, 1, &j, NULL), 0);
    return sweep_job_run(p, &j, &toy.d, pool, &w, r, &e);
}

/* In a process of its own, which is killed. */
static void do_killed(const struct sweep_plan *p, const char *state, const char *id, int after)
{
    struct interruption i = {.after = after, .kills = 1};
    struct sweep_result r;
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct pool *pool = NULL;
        if (pool_new(&pool, 1, NULL) == 0)
            do_interrupted(p, pool, state, id, &i, &r);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int is_same_result(const struct sweep_result *a, const struct sweep_result *b)
{
    return a->status == b->status && a->steps == b->steps && a->best_step == b->best_step && a->epochs == b->epochs &&
           memcmp(a->metric, b->metric, sizeof a->metric) == 0;
}

static void interrupted_plan(struct sweep_plan *p)
{
    static const char *const set[][2] = {{"network", "linear 8 relu bn dropout | linear 3"}, {"context", "3"}, {"batch", "50"},
                                         {"shards", "2"}, {"eval_every", "0.3"}, {"optimizer", "adamw,nadam"}};

    assert_int_equal(sweep_plan_init(p, NULL), 0);
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        assert_int_equal(sweep_plan_set(p, set[i][0], set[i][1], NULL), 0);
    assert_int_equal(sweep_plan_number(p, "steps", "60", NULL), 1);
    assert_int_equal(sweep_plan_finish(p, NULL), 0);
}

/* Cancelled, killed and cancelled again, it goes on each time, and ends with the same figures to the bit. */
static void an_interrupted_job_goes_on(void **state)
{
    char *file = text_format("%s/job.safetensors", dir);
    struct interruption never = {0}, third = {.after = 9}, last = {0};
    struct sweep_result whole, r;
    struct sweep_plan p;
    struct pool *pool = NULL;

    (void)state;
    interrupted_plan(&p);
    do_killed(&p, file, "a plan", 20); /* before this process has threads of its own */
    assert_int_equal(pool_new(&pool, 2, NULL), 0);
    assert_int_equal(do_interrupted(&p, pool, file, "a plan", &third, &r), -ERR_CANCELLED);
    assert_int_equal(do_interrupted(&p, pool, file, "a plan", &last, &r), 0);
    assert_int_equal(do_interrupted(&p, pool, NULL, NULL, &never, &whole), 0);
    assert_true(never.pieces > 60 && whole.best_step > 0);
    assert_in_range(last.pieces, never.pieces - 19 - 9, never.pieces - 19 - 9 + 2); /* an evaluation in hand begins anew */
    assert_true(is_same_result(&r, &whole));
    pool_free(pool);
    sweep_plan_free(&p);
    free(file);
}

/* The state of another plan, and one that is damaged, are no beginning. */
static void a_job_begins_anew_where_its_state_is_of_no_use(void **state)
{
    char *file = text_format("%s/useless.safetensors", dir), *bytes;
    struct interruption never = {0}, cut = {.after = 30}, again = {0}, damaged = {0};
    struct sweep_result whole, r;
    struct sweep_plan p;
    struct pool *pool = NULL;
    size_t size;

    (void)state;
    interrupted_plan(&p);
    assert_int_equal(pool_new(&pool, 2, NULL), 0);
    assert_int_equal(do_interrupted(&p, pool, NULL, NULL, &never, &whole), 0);
    assert_int_equal(do_interrupted(&p, pool, file, "a plan", &cut, &r), -ERR_CANCELLED);
    assert_int_equal(do_interrupted(&p, pool, file, "another plan", &again, &r), 0);
    assert_true(again.pieces == never.pieces && is_same_result(&r, &whole));
    assert_int_equal(file_read(file, 1 << 20, &bytes, &size, NULL), 0);
    assert_int_equal(file_replace(file, bytes, size - 100, NULL), 0);
    assert_int_equal(do_interrupted(&p, pool, file, "a plan", &damaged, &r), 0);
    assert_true(damaged.pieces == never.pieces && is_same_result(&r, &whole));
    free(bytes);
    pool_free(pool);
    sweep_plan_free(&p);
    free(file);
}

/* A job's state goes when its result comes. */
static void a_state_ends_with_its_job(void **state)
{
    struct sweep_directory d;
    struct sweep_plan p;
    struct sweep_job j;
    struct sweep_result r = {.job = 1};
    struct err e;
    char *file, *path = text_format("%s/states", dir);

    (void)state;
    interrupted_plan(&p);
    assert_int_equal(sweep_directory_open(&d, path, &p, &e), 0);
    file = sweep_directory_state(&d, 1);
    assert_int_equal(file_replace(file, "x", 1, &e), 0);
    assert_int_equal(sweep_directory_tidy(&d, 2, NULL, NULL, &e), 0);
    assert_int_equal(access(file, F_OK), 0); /* it is not done */
    assert_int_equal(sweep_plan_job(&p, 1, &j, &e), 0);
    assert_int_equal(sweep_directory_keep(&d, &p, &j, &r, &e), 0);
    assert_int_not_equal(access(file, F_OK), 0);
    assert_int_equal(file_replace(file, "x", 1, &e), 0);
    assert_int_equal(sweep_directory_tidy(&d, 2, NULL, NULL, &e), 0);
    assert_int_not_equal(access(file, F_OK), 0);
    sweep_directory_close(&d);
    sweep_plan_free(&p);
    free(file);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interrupted_job_goes_on),
        cmocka_unit_test(a_job_begins_anew_where_its_state_is_of_no_use),
        cmocka_unit_test(a_state_ends_with_its_job),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
