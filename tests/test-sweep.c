/* SPDX-License-Identifier: MIT */
/* sweep/: lists of values, plans and their jobs, results, directories, tables, the range test. */
#include "test.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "learnable-data.h"
#include "sweep/job.h"
#include "sweep/range-test.h"
#include "sweep/table.h"
#include "sweep/values.h"

static char dir[] = "/tmp/saddle-sweep-XXXXXX";
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

/* ---- lists ---------------------------------------------------------------------------------- */

static void values_are_separated_by_commas(void **state)
{
    static const struct {
        const char *list, *values; /* a | between two; "!" at the end: refused there */
    } rows[] = {
        {"1", "1"}, {"1,2,3", "1|2|3"}, {" 1 , 2 ", "1|2"}, {"\"10,20\",\"15,30\"", "10,20|15,30"},
        {"\"a \"\"b\"\"\" , c d", "a \"b\"|c d"}, {"\"\",x", "|x"}, {"", "!"}, {"1,", "1|!"}, {"1,,2", "1|!"}, {",1", "!"},
        {"\"1", "!"}, {"\"1\"2", "!"}, {"1\"2\"", "!"}, {"12345678901234567890", "!"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *at = rows[i].list;
        char seen[64] = "", value[16];
        int began = 0, n = 0, r;
        while ((r = values_next(&at, &began, value, sizeof value)) > 0)
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s%s", n++ ? "|" : "", value);
        if (r < 0)
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s!", n ? "|" : "");
        assert_string_equal(seen, rows[i].values);
    }
}

static void a_quoted_value_is_read_back(void **state)
{
    static const char *const values[] = {"1", "10,20", "a \"b\"", " x", "x ", "", "linear 9 relu | linear 41"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char quoted[64], back[64];
        const char *at = quoted;
        int began = 0;
        assert_in_range(values_quote(values[i], quoted, sizeof quoted), 0, sizeof quoted - 1);
        assert_int_equal(values_next(&at, &began, back, sizeof back), 1);
        assert_string_equal(back, values[i]);
        assert_int_equal(values_next(&at, &began, back, sizeof back), 0);
    }
}

/* ---- plans ---------------------------------------------------------------------------------- */

static void say(struct sweep_plan *p, const char *name, const char *list)
{
    struct err e = {0};

    if (sweep_plan_set(p, name, list, &e) != 0)
        fail_msg("%s", e.text);
}

static void number(struct sweep_plan *p, const char *name, const char *text)
{
    assert_int_equal(sweep_plan_number(p, name, text, NULL), 1);
}

static void finish(struct sweep_plan *p)
{
    struct err e = {0};

    if (sweep_plan_finish(p, &e) != 0)
        fail_msg("%s", e.text);
}

/* A plan of the toy's network: 2 recipes (of one network) × 3 rates × 2 optimizers, 2 seeds, 3 folds. */
static void plan_init(struct sweep_plan *p)
{
    assert_int_equal(sweep_plan_init(p, NULL), 0);
    assert_int_equal(sweep_plan_recipes(p, "simple,quick", NULL), 0);
    say(p, "network", "linear 6 tanh | linear 3");
    say(p, "context", "3");
    say(p, "batch", "50");
    say(p, "shards", "2");
    say(p, "lr", "1e-3,1e-2, .1");
    say(p, "optimizer", "sgd,adam");
    assert_int_equal(sweep_plan_seeds(p, "2", NULL), 0);
    number(p, "folds", "3");
    number(p, "steps", "8");
    finish(p);
}

static void jobs_are_in_order(void **state)
{
    struct sweep_plan p;
    struct sweep_job j;

    (void)state;
    plan_init(&p);
    assert_int_equal(sweep_plan_cells(&p), 12);
    assert_int_equal(sweep_plan_jobs(&p), 72);
    for (int i = 0; i < 72; i++) {
        static const double rates[] = {1e-3, 1e-2, .1};
        assert_int_equal(sweep_plan_job(&p, i, &j, NULL), 0);
        assert_int_equal(j.fold, i % 3 + 1);
        assert_true(j.seed == i / 3 % 2 + 1);
        assert_int_equal(j.cell, i / 6);
        assert_int_equal(j.knobs.value[KNOB_OPTIMIZER] == 0, i / 6 % 2 == 0);
        assert_true(j.knobs.value[KNOB_LEARNING_RATE] == rates[i / 12 % 3]);
        assert_int_equal(j.recipe, i / 36);
        assert_true(j.knobs.value[KNOB_FOLD] == j.fold && j.knobs.value[KNOB_FOLDS] == 3 && j.knobs.value[KNOB_SEED] == j.seed);
    }
    sweep_plan_free(&p);
}

static char *write_plan(const struct sweep_plan *p, char **text)
{
    char *path = text_format("%s/plan.ini", dir);
    struct err e = {0};

    if (sweep_plan_text(p, text, &e) != 0 || file_replace(path, *text, strlen(*text), &e) != 0)
        fail_msg("%s", e.text);
    return path;
}

/* The plan as written, read and written again, is the same, and makes the same jobs. */
static void check_read_back(const struct sweep_plan *p)
{
    char *text, *again, *path = write_plan(p, &text);
    struct sweep_plan back;
    struct err e = {0};

    assert_int_equal(sweep_plan_init(&back, NULL), 0);
    if (sweep_plan_read(&back, path, &e) != 0)
        fail_msg("%s\n%s", e.text, text);
    finish(&back);
    assert_int_equal(sweep_plan_text(&back, &again, NULL), 0);
    assert_string_equal(text, again);
    assert_int_equal(sweep_plan_jobs(&back), sweep_plan_jobs(p));
    for (int i = 0; i < sweep_plan_jobs(p); i++) {
        struct sweep_job a, b;
        assert_int_equal(sweep_plan_job(p, i, &a, NULL), 0);
        assert_int_equal(sweep_plan_job(&back, i, &b, NULL), 0);
        for (int id = 0; id < KNOB_COUNT; id++)
            assert_true(a.knobs.value[id] == b.knobs.value[id]);
        assert_string_equal(a.knobs.network, b.knobs.network);
        assert_string_equal(a.knobs.milestones, b.knobs.milestones);
    }
    sweep_plan_free(&back);
    free(text);
    free(again);
    free(path);
}

static void a_plan_is_its_text(void **state)
{
    struct sweep_plan p;

    (void)state;
    plan_init(&p);
    check_read_back(&p);
    say(&p, "milestones", "\"10,20\", \"15,30\"");
    say(&p, "network", "linear 256 relu bn dropout x2 | linear 128 relu bn dropout x3 | linear 64 relu bn dropout x3 | linear 41, "
                       "lstm 512x6 bi dropout=.3 | last | linear 1024 bn relu dropout x6 | linear 41, linear 41");
    assert_int_equal(sweep_plan_seeds(&p, "7,5,11", NULL), 0);
    check_read_back(&p);
    say(&p, "lr", "1e-4..1e-2");
    say(&p, "context", "1..21");
    number(&p, "draws", "9");
    check_read_back(&p);
    sweep_plan_free(&p);
}

static void draws_stay_within_their_ranges(void **state)
{
    struct sweep_plan p;
    int low = 0, first = 0;

    (void)state;
    assert_int_equal(sweep_plan_init(&p, NULL), 0);
    say(&p, "lr", "1e-4..1e-2");
    say(&p, "dropout", "0.1..0.3");
    say(&p, "context", "3..19");
    say(&p, "optimizer", "sgd,adam");
    number(&p, "draws", "2000");
    finish(&p);
    for (int i = 0; i < 2000; i++) {
        struct sweep_job j;
        char text[64];
        double rate, context;
        assert_int_equal(sweep_plan_job(&p, i, &j, NULL), 0);
        rate = j.knobs.value[KNOB_LEARNING_RATE], context = j.knobs.value[KNOB_CONTEXT];
        assert_true(rate >= 1e-4 && rate <= 1e-2);
        assert_true(j.knobs.value[KNOB_DROPOUT] >= .1 && j.knobs.value[KNOB_DROPOUT] <= .3);
        assert_true(context >= 3 && context <= 19 && fmod(context, 2) == 1);
        snprintf(text, sizeof text, "%.3e", rate);
        assert_true(strtod(text, NULL) == rate);
        low += rate < 1e-3;
        first += j.knobs.value[KNOB_OPTIMIZER] == 0;
    }
    assert_in_range(low, 900, 1100); /* half of the decades */
    assert_in_range(first, 900, 1100);
    sweep_plan_free(&p);
}

/* ---- results and tables --------------------------------------------------------------------- */

static void mean_and_deviation_are_the_known_ones(void **state)
{
    static const double v[] = {2, 4, 4, 4, 5, 5, 7, 9}, lecture[] = {.2, .4, .3}, lost[] = {NAN, .5, NAN};
    struct sweep_moments m = sweep_moments(v, 8);

    (void)state;
    assert_true(m.count == 8 && m.mean == 5 && fabs(m.deviation - 2.1380899352993952) < 1e-15);
    m = sweep_moments(lecture, 3);
    assert_true(fabs(m.mean - .3) < 1e-15 && fabs(m.deviation - .1) < 1e-15);
    m = sweep_moments(lost, 3);
    assert_true(m.count == 1 && m.mean == .5 && isnan(m.deviation));
    m = sweep_moments(lost, 1);
    assert_true(m.count == 0 && isnan(m.mean) && isnan(m.deviation));
}

static struct sweep_directory directory_of(const struct sweep_plan *p, const char *name)
{
    char *path = text_format("%s/%s", dir, name);
    struct sweep_directory d;
    struct err e = {0};

    if (sweep_directory_open(&d, path, p, &e) != 0)
        fail_msg("%s", e.text);
    free(path);
    return d;
}

/* The lecture's 3 models × 3 folds of squared error: M1 wins, and says so. */
static void the_lectures_table_comes_out(void **state)
{
    static const double mse[] = {.2, .4, .3, .4, .5, .6, .4, .5, .3}, average[] = {.3, .5, .4};
    struct sweep_plan p;
    struct sweep_directory d;
    struct sweep_table t;
    struct err e = {0};

    (void)state;
    assert_int_equal(sweep_plan_init(&p, NULL), 0);
    say(&p, "lr", "1e-3,1e-2,1e-1");
    number(&p, "folds", "3");
    finish(&p);
    d = directory_of(&p, "lecture");
    for (int i = 0; i < 9; i++) {
        struct sweep_result r = {.job = i}, back;
        struct sweep_job j;
        for (int m = 0; m < SWEEP_METRICS; m++)
            r.metric[m] = NAN;
        r.metric[SWEEP_BEST_VAL_LOSS] = mse[i];
        assert_int_equal(sweep_plan_job(&p, i, &j, NULL), 0);
        assert_int_equal(sweep_directory_keep(&d, &p, &j, &r, &e), 0);
        assert_int_equal(sweep_directory_result(&d, i, &back, &e), 1);
        assert_true(back.metric[SWEEP_BEST_VAL_LOSS] == mse[i] && isnan(back.metric[SWEEP_TEST_LOSS]));
    }
    assert_int_equal(sweep_table_read(&t, &p, &d, NULL, NULL, &e), 0);
    sweep_table_count(&t, SWEEP_BEST_VAL_LOSS);
    for (int c = 0; c < 3; c++)
        assert_true(fabs(t.cell[c].whole.mean - average[c]) < 1e-15 && fabs(t.cell[c].whole.deviation - .1) < 1e-15);
    for (int i = 0; i < 9; i++)
        assert_true(t.fold[i].mean == mse[i]);
    assert_int_equal(t.best, 0);
    sweep_table_free(&t);
    sweep_directory_close(&d);
    sweep_plan_free(&p);
}

/* A cell with a job that diverged is averaged over the others, and never the best. */
static void what_diverged_is_not_averaged(void **state)
{
    struct sweep_plan p;
    struct sweep_directory d;
    struct sweep_table t;
    struct err e = {0};

    (void)state;
    assert_int_equal(sweep_plan_init(&p, NULL), 0);
    say(&p, "lr", "1e-3,1e-2");
    assert_int_equal(sweep_plan_seeds(&p, "3", NULL), 0);
    finish(&p);
    d = directory_of(&p, "diverged");
    for (int i = 0; i < 6; i++) {
        struct sweep_result r = {.job = i, .status = i == 3 || i == 4 ? SWEEP_DIVERGED : SWEEP_DONE};
        struct sweep_job j;
        r.metric[SWEEP_BEST_VAL_ACCURACY] = i < 3 ? .5 : .9;
        assert_int_equal(sweep_plan_job(&p, i, &j, NULL), 0);
        assert_int_equal(sweep_directory_keep(&d, &p, &j, &r, &e), 0);
    }
    assert_int_equal(sweep_table_read(&t, &p, &d, NULL, NULL, &e), 0);
    sweep_table_count(&t, SWEEP_BEST_VAL_ACCURACY);
    assert_true(t.cell[1].diverged == 2 && t.cell[1].done == 1 && t.cell[1].whole.count == 1 && t.cell[1].whole.mean == .9);
    assert_int_equal(t.best, 0);
    sweep_table_free(&t);
    sweep_directory_close(&d);
    sweep_plan_free(&p);
}

static void data_that_differs_is_refused(void **state)
{
    struct sweep_plan p;
    struct sweep_directory d;
    struct sweep_table t;
    struct err e = {0};

    (void)state;
    assert_int_equal(sweep_plan_init(&p, NULL), 0);
    say(&p, "lr", "1e-3,1e-2");
    finish(&p);
    d = directory_of(&p, "data");
    for (int i = 0; i < 2; i++) {
        struct sweep_result r = {.job = i, .fingerprint = (uint64_t)i};
        struct sweep_job j;
        assert_int_equal(sweep_plan_job(&p, i, &j, NULL), 0);
        assert_int_equal(sweep_directory_keep(&d, &p, &j, &r, &e), 0);
    }
    assert_int_equal(sweep_table_read(&t, &p, &d, NULL, NULL, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "jobs 0 and 1 saw different data"));
    sweep_directory_close(&d);
    sweep_plan_free(&p);
}

/* A result cut short anywhere, or with a byte changed to a NUL, is refused and crashes nobody. */
static void a_damaged_result_is_refused(void **state)
{
    struct sweep_plan p;
    struct sweep_directory d;
    struct sweep_result r = {.job = 0};
    struct sweep_job j;
    struct err e = {0};
    char *path, *text;
    size_t size;

    (void)state;
    assert_int_equal(sweep_plan_init(&p, NULL), 0);
    finish(&p);
    d = directory_of(&p, "damaged");
    assert_int_equal(sweep_plan_job(&p, 0, &j, NULL), 0);
    assert_int_equal(sweep_directory_keep(&d, &p, &j, &r, &e), 0);
    path = text_format("%s/damaged/job-0000.json", dir);
    assert_int_equal(file_read(path, 1 << 20, &text, &size, &e), 0);
    for (size_t n = 0; n + 2 < size; n += 7) {
        int fd = open(path, O_WRONLY | O_TRUNC);
        assert_int_equal(write(fd, text, n), n);
        close(fd);
        assert_int_equal(sweep_directory_result(&d, 0, &r, &e), -ERR_INPUT);
    }
    free(text);
    free(path);
    sweep_directory_close(&d);
    sweep_plan_free(&p);
}

/* ---- claims --------------------------------------------------------------------------------- */

/* A process that claims job 4 and waits to be killed. */
static pid_t claimant(struct sweep_directory *d, int job)
{
    int ready[2];
    char byte = 0;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        byte = sweep_directory_reopen(d, NULL) == 0 && sweep_directory_claim(d, job, NULL) == 1;
        (void)!write(ready[1], &byte, 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void a_claim_ends_with_its_process(void **state)
{
    struct sweep_plan p;
    struct sweep_directory d, other;
    pid_t pid;

    (void)state;
    assert_int_equal(sweep_plan_init(&p, NULL), 0);
    finish(&p);
    d = directory_of(&p, "claims");
    other = directory_of(&p, "claims");
    pid = claimant(&other, 4);
    assert_int_equal(sweep_directory_claim(&d, 4, NULL), 0);
    assert_int_equal(sweep_directory_claim(&d, 3, NULL), 1);
    assert_int_equal(sweep_directory_claim(&other, 3, NULL), 0);
    sweep_directory_release(&d, 3);
    assert_int_equal(sweep_directory_claim(&other, 3, NULL), 1);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_int_equal(sweep_directory_claim(&d, 4, NULL), 1);
    sweep_directory_close(&d);
    sweep_directory_close(&other);
    sweep_plan_free(&p);
}

/* ---- jobs ----------------------------------------------------------------------------------- */

/* A job is the run of its settings: the same figures as when the run is made by hand. */
static void a_job_is_a_run(void **state)
{
    struct sweep_plan p;
    struct sweep_job j;
    struct sweep_result r, again;
    struct toy_run by_hand;
    struct err e = {0};
    double loss, accuracy;
    const struct sweep_watch watch = {0};

    (void)state;
    plan_init(&p);
    assert_int_equal(sweep_plan_job(&p, 43, &j, NULL), 0);
    toy_run_open(&by_hand, &toy, &j.knobs, 2);
    toy_steps(by_hand.run, 8);
    assert_int_equal(run_evaluate(by_hand.run, run_source(by_hand.run, RUN_VALIDATION), NULL, NULL, &loss, &accuracy), 0);
    assert_int_equal(sweep_job_run(&p, &j, &toy.d, by_hand.pool, &watch, &r, &e), 0);
    assert_int_equal(r.status, SWEEP_DONE);
    assert_int_equal(r.steps, 8);
    assert_true(r.metric[SWEEP_VAL_LOSS] == loss && r.metric[SWEEP_VAL_ACCURACY] == accuracy);
    assert_true(r.metric[SWEEP_BEST_VAL_ACCURACY] >= accuracy && r.metric[SWEEP_BEST_VAL_LOSS] <= loss);
    assert_true(isfinite(r.metric[SWEEP_TEST_LOSS]) && isfinite(r.metric[SWEEP_TRAIN_ACCURACY]));
    assert_int_equal(sweep_job_run(&p, &j, &toy.d, by_hand.pool, &watch, &again, &e), 0);
    assert_memory_equal(r.metric, again.metric, sizeof r.metric);
    toy_run_close(&by_hand);
    sweep_plan_free(&p);
}

static void a_job_is_cancelled(void **state)
{
    struct sweep_plan p;
    struct sweep_job j;
    struct sweep_result r;
    struct toy_run t;
    struct err e = {0};
    atomic_int cancel = 1;
    const struct sweep_watch watch = {.cancel = &cancel};

    (void)state;
    plan_init(&p);
    assert_int_equal(sweep_plan_job(&p, 0, &j, NULL), 0);
    toy_run_open(&t, &toy, &j.knobs, 2);
    assert_int_equal(sweep_job_run(&p, &j, &toy.d, t.pool, &watch, &r, &e), -ERR_CANCELLED);
    toy_run_close(&t);
    sweep_plan_free(&p);
}

/* ---- the range test ------------------------------------------------------------------------- */

static void the_steepest_fall_is_found(void **state)
{
    double rate[101], loss[101];

    (void)state;
    for (int i = 0; i <= 100; i++) {
        rate[i] = pow(10, -6 + 6.0 * i / 100);
        loss[i] = 2 - tanh((i - 60) / 10.0) + (i > 80 ? .02 * (i - 80) * (i - 80) : 0);
    }
    assert_int_equal(range_test_steepest(rate, loss, 101), 60);
    for (int i = 0; i <= 100; i++) /* a fall after the minimum, from a height of its own, does not count */
        loss[i] = i < 50 ? 3 - .02 * i : i < 70 ? 2 + .5 * (i - 50) : 12 - .3 * (i - 70);
    assert_in_range(range_test_steepest(rate, loss, 101), 10, 50);
    for (int i = 0; i <= 100; i++)
        loss[i] = 1 + i;
    assert_int_equal(range_test_steepest(rate, loss, 101), -1);
}

static void a_range_test_leaves_the_run_alone(void **state)
{
    const struct range_test_options o = {.low = 1e-5, .high = 1, .steps = 60};
    struct knobs k = toy_knobs();
    struct toy_run a, b;
    struct range_test t;
    struct err e = {0};

    (void)state;
    toy_run_open(&a, &toy, &k, 2);
    toy_run_open(&b, &toy, &k, 2);
    toy_steps(a.run, 5);
    toy_steps(b.run, 5);
    assert_int_equal(range_test(&t, a.run, &o, &e), 0);
    assert_in_range(t.count, 20, 60);
    assert_true(fabs(t.rate[0] / 1e-5 - 1) < 1e-12);
    for (int i = 1; i < t.count; i++)
        assert_true(fabs(t.rate[i] / t.rate[i - 1] / pow(1e5, 1 / 59.0) - 1) < 1e-9);
    assert_true(t.suggestion > 1e-5 && t.suggestion < 1);
    assert_true(toy_same(a.run, b.run));
    toy_steps(a.run, 5);
    toy_steps(b.run, 5);
    assert_true(toy_same(a.run, b.run));
    range_test_free(&t);
    toy_run_close(&a);
    toy_run_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_separated_by_commas),
        cmocka_unit_test(a_quoted_value_is_read_back),
        cmocka_unit_test(jobs_are_in_order),
        cmocka_unit_test(a_plan_is_its_text),
        cmocka_unit_test(draws_stay_within_their_ranges),
        cmocka_unit_test(mean_and_deviation_are_the_known_ones),
        cmocka_unit_test(the_lectures_table_comes_out),
        cmocka_unit_test(what_diverged_is_not_averaged),
        cmocka_unit_test(data_that_differs_is_refused),
        cmocka_unit_test(a_damaged_result_is_refused),
        cmocka_unit_test(a_claim_ends_with_its_process),
        cmocka_unit_test(a_job_is_a_run),
        cmocka_unit_test(a_job_is_cancelled),
        cmocka_unit_test(the_steepest_fall_is_found),
        cmocka_unit_test(a_range_test_leaves_the_run_alone),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
