/* SPDX-License-Identifier: MIT */
/* core/: random numbers, rings, mailbox, pool, safe files, memory, text. */
#include "test.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/err.h"
#include "core/fair-share.h"
#include "core/file.h"
#include "core/mailbox.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/pool.h"
#include "core/ring.h"
#include "core/rng.h"
#include "core/text.h"
#include "core/thread.h"

/* Known answers of Philox4x32-10: the all-zero vector from the Random123 distribution. */
static void philox_known_answer(void **state)
{
    struct rng r = {.seed = 0, .purpose = 0};
    uint32_t w[4];

    (void)state;
    rng_block(&r, 0, 0, w);
    assert_int_equal(w[0], 0x6627e8d5);
    assert_int_equal(w[1], 0xe169c58d);
    assert_int_equal(w[2], 0xbc57ac4c);
    assert_int_equal(w[3], 0x9b00dbd8);
}

static void bulk_halves_equal_single_words(void **state)
{
    struct rng r = {.seed = 77, .purpose = RNG_DROPOUT};
    uint16_t out[400];

    (void)state;
    rng_halves(&r, 5, 1600, 400, out);
    for (int i = 0; i < 400; i++) {
        uint32_t w = rng_word(&r, 5, (1600 + (uint64_t)i) / 2);
        assert_int_equal(out[i], (uint16_t)(i % 2 ? w >> 16 : w));
    }
}

static void uniform_and_normal_moments(void **state)
{
    struct rng r = {.seed = 3, .purpose = RNG_INIT};
    double u = 0, n = 0, n2 = 0;
    int count = 20000;

    (void)state;
    for (int i = 0; i < count; i++) {
        double z = rng_normal(&r, 0, (uint64_t)i);
        u += rng_uniform(&r, 1, (uint64_t)i);
        n += z;
        n2 += z * z;
    }
    assert_true(fabs(u / count - .5) < .01);
    assert_true(fabs(n / count) < .03);
    assert_true(fabs(n2 / count - 1) < .05);
}

static void permutation_hits_each_once(void **state)
{
    static const uint64_t sizes[] = {1, 2, 3, 10, 1000, 4097};
    struct rng r = {.seed = 9, .purpose = RNG_ORDER};

    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        uint64_t n = sizes[k], fixed = 0;
        char *seen = calloc(1, n);
        for (uint64_t i = 0; i < n; i++) {
            uint64_t at = rng_permute(&r, 4, i, n);
            assert_true(at < n);
            assert_false(seen[at]);
            seen[at] = 1;
            fixed += at == i;
        }
        if (n >= 1000)
            assert_true(fixed < 10);
        free(seen);
    }
}

static void ring_counts_what_it_drops(void **state)
{
    struct ring r;
    int x;

    (void)state;
    assert_int_equal(ring_init(&r, sizeof x, 4), 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(ring_push(&r, &i), i < 4);
    assert_int_equal(r.dropped, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ring_pop(&r, &x), 1);
        assert_int_equal(x, i);
    }
    assert_int_equal(ring_pop(&r, &x), 0);
    ring_free(&r);
}

enum { VALUES = 20000, WORDS = 64 };

static void *mailbox_writer(void *arg)
{
    struct mailbox *m = arg;

    for (uint64_t v = 1; v <= VALUES; v++) {
        uint64_t *d = mailbox_draft(m);
        for (int i = 0; i < WORDS; i++)
            d[i] = v;
        mailbox_publish(m);
    }
    return NULL;
}

static void mailbox_never_shows_half_a_value(void **state)
{
    struct mailbox m;
    pthread_t t;
    uint64_t last = 0;

    (void)state;
    assert_int_equal(mailbox_init(&m, WORDS * sizeof(uint64_t)), 0);
    pthread_create(&t, NULL, mailbox_writer, &m);
    while (last < VALUES) {
        const uint64_t *v = mailbox_latest(&m, NULL);
        assert_true(v[0] >= last);
        for (int i = 1; i < WORDS; i++)
            assert_int_equal(v[i], v[0]);
        last = v[0];
    }
    pthread_join(t, NULL);
    mailbox_free(&m);
}

/* ---- threads -------------------------------------------------------------------------------- */

static void *read_mask(void *mask)
{
    pthread_sigmask(SIG_BLOCK, NULL, mask);
    return NULL;
}

/* A fault's handler must run in the thread that caused it; everything else goes to the main thread. */
static void assert_only_faults_open(const sigset_t *mask)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    static const int others[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGWINCH,
                                 SIGTSTP, SIGCONT, SIGXCPU, SIGXFSZ, SIGVTALRM};

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        assert_false(sigismember(mask, faults[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(sigismember(mask, others[i]));
}

static void a_thread_takes_only_the_signals_of_its_own_faults(void **state)
{
    sigset_t mask, before, after;
    pthread_t thread;

    (void)state;
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    assert_int_equal(thread_start(&thread, read_mask, &mask), 0);
    pthread_join(thread, NULL);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    assert_only_faults_open(&mask);
    for (int s = 1; s < NSIG; s++)
        assert_int_equal(sigismember(&before, s), sigismember(&after, s));
}

static void *read_priority(void *priority)
{
    *(int *)priority = getpriority(PRIO_PROCESS, 0);
    return NULL;
}

static int priority_of_new_thread(void)
{
    pthread_t thread;
    int priority;

    assert_int_equal(thread_start(&thread, read_priority, &priority), 0);
    pthread_join(thread, NULL);
    return priority;
}

static void *start_another(void *priority)
{
    *(int *)priority = priority_of_new_thread();
    return NULL;
}

/* Not the first thread, and not further with each thread that starts another. */
static void threads_give_way_to_the_first(void **state)
{
    int own = getpriority(PRIO_PROCESS, 0), lowered = own + 2 > 19 ? 19 : own + 2, priority;
    pthread_t thread;

    (void)state;
    assert_int_equal(priority_of_new_thread(), own);
    thread_yield_to_first(2);
    assert_int_equal(priority_of_new_thread(), lowered);
    assert_int_equal(thread_start(&thread, start_another, &priority), 0);
    pthread_join(thread, NULL);
    assert_int_equal(priority, lowered);
    thread_yield_to_first(0);
    assert_int_equal(priority_of_new_thread(), own);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), own);
}

struct masks {
    pthread_barrier_t both;
    pthread_t main;
    sigset_t worker;
};

static void read_worker_mask(void *context, int task)
{
    struct masks *m = context;

    (void)task;
    pthread_barrier_wait(&m->both); /* so that two threads take one task each */
    if (!pthread_equal(pthread_self(), m->main))
        read_mask(&m->worker);
}

static void a_worker_takes_only_the_signals_of_its_own_faults(void **state)
{
    struct masks m = {.main = pthread_self()};
    struct pool *p;
    struct err e;

    (void)state;
    pthread_barrier_init(&m.both, NULL, 2);
    assert_int_equal(pool_new(&p, 2, &e), 0);
    pool_run(p, read_worker_mask, &m, 2);
    assert_only_faults_open(&m.worker);
    pool_free(p);
    pthread_barrier_destroy(&m.both);
}

static void the_clock_is_one_in_seconds_and_milliseconds(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        double before = clock_seconds();
        int64_t ms = clock_ms();
        assert_true(before * 1e3 < (double)ms + 1);
        assert_true((double)ms <= clock_seconds() * 1e3 + 1e-3);
    }
}

struct tally {
    atomic_int runs[100];
};

static void count_task(void *context, int task)
{
    atomic_fetch_add(&((struct tally *)context)->runs[task], 1);
}

static void pool_runs_each_task_once(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers++) {
        struct pool *p;
        struct tally t = {0};
        assert_int_equal(pool_new(&p, workers, NULL), 0);
        for (int round = 0; round < 200; round++)
            pool_run(p, count_task, &t, 1 + round % 100);
        for (int i = 0; i < 100; i++)
            assert_int_equal(t.runs[i], 2 * (100 - i));
        pool_free(p);
    }
}

/* A thread that runs jobs through an entrance of its own, each of some thousand squarings in a row. */
struct caller {
    struct pool *pool;
    const atomic_int *stop;
    uint64_t seed, result[8], jobs;
};

static void square_task(void *context, int task)
{
    struct caller *c = context;

    for (int i = 0; i < 20000; i++)
        c->result[task] = c->result[task] * c->result[task] + c->seed + (uint64_t)task;
}

static void *call(void *arg)
{
    struct caller *c = arg;

    for (int i = 0; i < 8; i++)
        c->result[i] = 3;
    while (c->jobs < 50 || (c->stop && !atomic_load(c->stop))) {
        pool_run(c->pool, square_task, c, 8);
        c->jobs++;
    }
    return NULL;
}

static void pool_lets_two_threads_in_in_turn(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 3; workers++) {
        struct pool *p, *entrance;
        struct caller alone = {.seed = 7}, one = {.seed = 7}, other = {.seed = 9};
        pthread_t thread;
        assert_int_equal(pool_new(&p, workers, NULL), 0);
        alone.pool = one.pool = p;
        call(&alone);
        assert_int_equal(pool_enter(&entrance, p, NULL), 0);
        assert_int_equal(pool_workers(entrance), workers);
        other.pool = entrance;
        assert_int_equal(pthread_create(&thread, NULL, call, &other), 0);
        call(&one);
        pthread_join(thread, NULL);
        assert_memory_equal(one.result, alone.result, sizeof one.result);
        assert_int_equal(other.jobs, 50);
        pool_free(entrance);
        call(&one);
        pool_free(p);
    }
}

/* Threads with three entrances compute beside each other, never more tasks at once than there are workers. */
struct crowd {
    struct pool *pool;
    atomic_int *running, *most;
    uint64_t sum[8];
};

static void crowd_task(void *context, int task)
{
    struct crowd *c = context;
    int now = atomic_fetch_add(c->running, 1) + 1, most = atomic_load(c->most);

    while (now > most && !atomic_compare_exchange_weak(c->most, &most, now))
        ;
    for (uint64_t i = 0; i < 5000; i++)
        c->sum[task] += i * i;
    atomic_fetch_sub(c->running, 1);
}

static void *crowd_call(void *arg)
{
    struct crowd *c = arg;

    for (int i = 0; i < 300; i++)
        pool_run(c->pool, crowd_task, c, 1 + i % 8);
    return NULL;
}

static void pool_has_no_more_tasks_at_once_than_workers(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers++) {
        atomic_int running = 0, most = 0;
        struct crowd alone = {.running = &running, .most = &most}, c[3];
        pthread_t thread[3];
        assert_int_equal(pool_new(&alone.pool, workers, NULL), 0);
        crowd_call(&alone);
        for (int i = 0; i < 3; i++) {
            c[i] = (struct crowd){alone.pool, &running, &most, {0}};
            if (i > 0)
                assert_int_equal(pool_enter(&c[i].pool, alone.pool, NULL), 0);
        }
        for (int i = 0; i < 3; i++)
            assert_int_equal(pthread_create(&thread[i], NULL, crowd_call, &c[i]), 0);
        for (int i = 0; i < 3; i++) {
            pthread_join(thread[i], NULL);
            assert_memory_equal(c[i].sum, alone.sum, sizeof alone.sum);
        }
        assert_in_range(atomic_load(&most), 1, workers);
        pool_free(c[1].pool);
        pool_free(c[2].pool);
        pool_free(alone.pool);
    }
}

/* One that comes alone has all workers; two of a share have half each, at once. */
static void two_have_their_parts_of_the_workers_at_once(void **state)
{
    struct fair_share t;
    struct turn one, other;
    int part = 0;

    (void)state;
    fair_share_init(&t, 4);
    assert_int_equal(fair_share_join(&t, &one), 0);
    assert_int_equal(fair_share_join(&t, &other), 0);
    assert_int_equal(fair_share_take(&t, &one), 4);
    fair_share_give(&t, &one);
    for (int tries = 0; tries < 10000 && part != 2; tries++) { /* it has to come before the other counts as away */
        part = fair_share_take(&t, &other);
        if (part != 2)
            fair_share_give(&t, &other), fair_share_take(&t, &one), fair_share_give(&t, &one);
    }
    assert_int_equal(part, 2);
    assert_int_equal(fair_share_take(&t, &one), 2);
    fair_share_give(&t, &one);
    fair_share_give(&t, &other);
    fair_share_leave(&t, &other);
    fair_share_leave(&t, &one);
    fair_share_free(&t);
}

/* Time goes by the share: with equal jobs, the numbers of jobs do. */
static void pool_shares_its_time(void **state)
{
    struct pool *p, *entrance;
    struct caller one = {.seed = 7}, other = {.seed = 9};
    atomic_int stop = 0;
    pthread_t thread;

    (void)state;
    assert_int_equal(pool_new(&p, 2, NULL), 0);
    assert_int_equal(pool_enter(&entrance, p, NULL), 0);
    pool_set_share(p, .8);
    pool_set_share(entrance, .2);
    one.pool = p;
    other.pool = entrance;
    other.stop = &stop;
    assert_int_equal(pthread_create(&thread, NULL, call, &other), 0);
    while (one.jobs < 2000)
        pool_run(p, square_task, &one, 8), one.jobs++;
    atomic_store(&stop, 1);
    pthread_join(thread, NULL);
    assert_in_range(other.jobs, 50, 1600); /* 500, were turns exact; 2000, were they even; machines are busy */
    pool_free(entrance);
    pool_free(p);
}

static void file_is_replaced_whole_or_not(void **state)
{
    char dir[] = "/tmp/saddle-test-XXXXXX", *bytes, path[64];
    struct file_writer w;
    struct err e = {0};
    size_t size;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a", dir);
    assert_int_equal(file_replace(path, "old", 3, &e), 0);
    assert_int_equal(file_writer_open(&w, path, &e), 0);
    assert_int_equal(file_writer_write(&w, "new", 3, &e), 0);
    file_writer_abort(&w);
    assert_int_equal(file_read(path, 100, &bytes, &size, &e), 0);
    assert_string_equal(bytes, "old");
    free(bytes);
    assert_int_equal(file_replace(path, "newer", 5, &e), 0);
    assert_int_equal(file_read(path, 4, &bytes, &size, &e), -ERR_INPUT);
    assert_int_equal(file_read(path, 5, &bytes, &size, &e), 0);
    assert_string_equal(bytes, "newer");
    free(bytes);
    unlink(path);
    assert_int_equal(rmdir(dir), 0); /* no temporary file is left */
}

static void sizes_that_overflow_are_seen(void **state)
{
    size_t total;

    (void)state;
    assert_int_equal(memory_product(3, 5, 7, &total), 0);
    assert_int_equal(total, 22);
    assert_int_equal(memory_product(SIZE_MAX / 2, 3, 0, &total), -1);
    assert_int_equal(memory_product(SIZE_MAX, 1, 1, &total), -1);
}

/* Small and large, fresh and where something stood before. */
static void zeroed_memory_is_zero(void **state)
{
    static const size_t sizes[] = {1, 1000, 4 << 20, (9 << 20) + 5};

    (void)state;
    for (int again = 0; again < 3; again++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            unsigned char *p = memory_zeroed(sizes[i]);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % MEMORY_ALIGN, 0);
            assert_int_equal(p[0], 0);
            assert_int_equal(memcmp(p, p + 1, sizes[i] - 1), 0);
            memset(p, 7, sizes[i]);
            free(p);
        }
}

/* Used twice: first to measure, then to hand out pieces that keep out of each other's way. */
static void an_arena_is_measured_and_filled(void **state)
{
    static const size_t sizes[] = {1, 64, 65, 0, 200};
    enum { PIECES = sizeof sizes / sizeof *sizes };
    struct arena a = {.base = NULL};
    char *piece[PIECES];
    size_t measured;

    (void)state;
    for (int i = 0; i < PIECES; i++)
        assert_null(arena_take(&a, sizes[i]));
    measured = a.used;
    assert_int_equal(measured, 64 + 64 + 128 + 0 + 256);
    a = (struct arena){.base = memory_zeroed(measured)};
    assert_non_null(a.base);
    for (int i = 0; i < PIECES; i++) {
        piece[i] = arena_take(&a, sizes[i]);
        assert_int_equal((uintptr_t)piece[i] % MEMORY_ALIGN, 0);
        memset(piece[i], i + 1, sizes[i]);
    }
    assert_int_equal(a.used, measured);
    for (int i = 0; i < PIECES; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(piece[i][k], i + 1);
    free(a.base);
}

/* ---- text ----------------------------------------------------------------------------------- */

static void text_is_cut_between_characters(void **state)
{
    static const struct {
        size_t size;
        const char *copy;
    } rows[] = {{1, ""}, {2, "a"}, {3, "a"}, {4, "aη"}, {6, "aη"}, {7, "aη→"}, {8, "aη→b"}, {20, "aη→b"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char to[21];
        memset(to, 'x', sizeof to);
        text_copy(to, rows[i].size, "aη→b"); /* of 1, 2, 3 and 1 bytes */
        assert_string_equal(to, rows[i].copy);
        assert_int_equal(to[rows[i].size], 'x');
    }
}

/* Whatever a file's names hold, it is one line that drives no terminal; and it fits. */
static void an_error_is_one_line(void **state)
{
    char name[1000];
    struct err e;

    (void)state;
    assert_int_equal(err_set(&e, ERR_INPUT, "%s: %d", "a\n\033[2Jb\177", 3), -ERR_INPUT);
    assert_string_equal(e.text, "a??[2Jb?: 3");
    assert_int_equal(e.code, ERR_INPUT);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    assert_int_equal(err_set(&e, ERR_USAGE, "%s", name), -ERR_USAGE);
    assert_int_equal(strlen(e.text), sizeof e.text - 1);
    assert_int_equal(err_set(NULL, ERR_RUNTIME, "%s", name), -ERR_RUNTIME);
}

static void a_misspelt_word_finds_its_name(void **state)
{
    static const char *const names[] = {"fork", "train", "momentum", "learning_rate", "lr", "sgd", "schedule-free-adamw"};
    static const char *const tried[][2] = {{"fokr", "fork"}, {"trian", "train"}, {"Train", "train"}, {"momentun", "momentum"},
                                           {"learning-rat", "learning_rate"}, {"sgdd", "sgd"}, {"schedule_free_adam", "schedule-free-adamw"},
                                           {"frk", "fork"}, {"nonsense", ""}, {"", ""}, {"x", ""}, {"zz", ""}, {"size", ""}};
    char text[NEAREST_WORDS], want[NEAREST_WORDS], longest[200];

    (void)state;
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        struct nearest n = nearest_to(tried[i][0]);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            nearest_offer(&n, names[k]);
        assert_string_equal(n.name, tried[i][1]);
    }
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    for (size_t i = 0; i < sizeof longest - 1; i += 7) { /* of any length, on both sides */
        struct nearest n = nearest_to(longest + i);
        nearest_offer(&n, longest + i);
        nearest_offer(&n, longest);
        snprintf(want, sizeof want, *n.name ? "; did you mean \"%s\"?" : "%s", n.name);
        assert_string_equal(nearest_words(&n, text, sizeof text), want);
    }
}

static void exponents_are_short(void **state)
{
    static const char *const tried[][2] = {{"1.39e+05 and 1e-04", "1.39e5 and 1e-4"}, {"3e+100 1e+00", "3e100 1e0"}, {"2.5e-10.", "2.5e-10."},
                                           {"the+05 e-04 1e+ 1e", "the+05 e-04 1e+ 1e"}, {"", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", tried[i][0]);
        text_short_exponents(text);
        assert_string_equal(text, tried[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponents_are_short),
        cmocka_unit_test(philox_known_answer),
        cmocka_unit_test(bulk_halves_equal_single_words),
        cmocka_unit_test(uniform_and_normal_moments),
        cmocka_unit_test(permutation_hits_each_once),
        cmocka_unit_test(ring_counts_what_it_drops),
        cmocka_unit_test(mailbox_never_shows_half_a_value),
        cmocka_unit_test(a_thread_takes_only_the_signals_of_its_own_faults),
        cmocka_unit_test(threads_give_way_to_the_first),
        cmocka_unit_test(a_worker_takes_only_the_signals_of_its_own_faults),
        cmocka_unit_test(the_clock_is_one_in_seconds_and_milliseconds),
        cmocka_unit_test(pool_runs_each_task_once),
        cmocka_unit_test(pool_lets_two_threads_in_in_turn),
        cmocka_unit_test(pool_has_no_more_tasks_at_once_than_workers),
        cmocka_unit_test(two_have_their_parts_of_the_workers_at_once),
        cmocka_unit_test(pool_shares_its_time),
        cmocka_unit_test(file_is_replaced_whole_or_not),
        cmocka_unit_test(sizes_that_overflow_are_seen),
        cmocka_unit_test(zeroed_memory_is_zero),
        cmocka_unit_test(an_arena_is_measured_and_filled),
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(an_error_is_one_line),
        cmocka_unit_test(a_misspelt_word_finds_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
