/* SPDX-License-Identifier: MIT */
/* What the screen costs, on the real trainer with all cores at work: from key to screen, of a core
 * while it trains, of a core while it is paused. It measures and judges nothing: make bench. */
#include "bench.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/clock.h"
#include "data/dataset.h"
#include "draw/number.h"
#include "run/run.h"
#include "run/recipe.h"
#include "terminal-screen.h"
#include "terminal-session.h"
#include "timing.h"

enum { KEYS = 300, MOST_STEPS = 150, FOREVER = 1000, LINE = 30, SETTLE_READS = 10, SETTLE_MS = 100 };

/* Work is bounded by time, not by count: a slow machine does less of it, and each piece may take WATCHDOG seconds. */
enum { WATCHDOG = 120 };
static const double KEYS_SECONDS = 30, TURN_SECONDS = .3, START_SECONDS = 25;

/* Typed into the command line: characters that neither the screen nor what steers a terminal has. */
static const char typed[] = "QWY";

static void in_folder(const char *folder)
{
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("TERM", "xterm-256color", 1);
}

static void saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    in_folder(context);
    execl(program, program, "--set", "epochs=1000000", (char *)NULL);
}

/* Processor seconds of the screen's thread, the process's first; or of the whole process. */
static double used(pid_t pid, int whole)
{
    char path[64], text[512];
    unsigned long user = 0, kernel = 0;
    const char *after;
    FILE *f;

    snprintf(path, sizeof path, whole ? "/proc/%d/stat" : "/proc/%d/task/%d/stat", (int)pid, (int)pid);
    f = fopen(path, "r");
    if (!f)
        return 0;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    after = strrchr(text, ')');
    if (after)
        sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static double share_over(struct session *s, double seconds, int whole)
{
    double begin = clock_seconds(), before = used(s->pid, whole);

    while (clock_seconds() - begin < seconds)
        session_read(s, 100);
    return (used(s->pid, whole) - before) / (clock_seconds() - begin);
}

static void print_ms(const char *name, double ms, struct bench_figure figure, struct bench_figure second)
{
    bench_print(&(struct bench_row){.name = name, .seconds = 1e-3 * ms, .figure = {figure, second}});
}

static void measure_keys(struct session *s)
{
    double took[KEYS], start = clock_seconds();
    int keys = 0;

    session_type(s, ":");
    session_read(s, 200);
    for (; keys < KEYS && clock_seconds() - start < KEYS_SECONDS; keys++) {
        char key[2] = {typed[keys % 3]};
        double begin;
        alarm(WATCHDOG);
        if (keys % LINE == LINE - 1)
            session_type(s, "\025"); /* Ctrl-U */
        for (int k = 0; k < 2 + keys % 5; k++) /* keys come at no rhythm of the screen's */
            session_read(s, 17 + keys % 31);
        free(s->seen);
        s->seen = NULL;
        s->size = 0;
        begin = clock_seconds();
        session_type(s, key);
        session_expect(s, key, 0);
        took[keys] = 1e3 * (clock_seconds() - begin);
    }
    session_type(s, "\033");
    sort_figures(took, keys);
    print_ms("key-to-screen", took[keys / 2],
             (struct bench_figure){"p99_ms", took[keys * 99 / 100], BENCH_FREE, 0},
             (struct bench_figure){"keys", keys, BENCH_FREE, 0});
}

/* ---- steps a second ------------------------------------------------------------------------- */

/* The same run without a screen: the engine's run, on this process's own pool. */
struct engine {
    struct dataset data;
    struct pool *pool;
    struct run *run;
};

static void engine_open(struct engine *g)
{
    struct knobs k;
    struct err e = {0};

    knobs_standard(&k);
    if (recipe_load(&k, "quick", &e) != 0 || dataset_open(&g->data, "sample", NULL, NULL, NULL, &e) != 0 ||
        pool_new(&g->pool, pool_cores(), &e) != 0)
        fail_msg("%s", e.text);
    knobs_put(&k, KNOB_EVAL_EVERY, FOREVER);
    if (run_new(&g->run, &g->data, &k, g->pool, &e) != 0)
        fail_msg("%s", e.text);
}

static void engine_close(struct engine *g)
{
    run_free(g->run);
    pool_free(g->pool);
    dataset_free(&g->data);
}

/* Seconds of so many steps. */
static double engine_steps(struct engine *g, int steps)
{
    double begin = clock_seconds();

    for (int i = 0; i < steps; i++) {
        struct run_report r;
        struct err e;
        if (run_advance(g->run, &r, &e) != 0)
            fail_msg("%s", e.text);
    }
    return clock_seconds() - begin;
}

static void paused_saddle(const void *context)
{
    const char *program = getenv("SADDLE");

    in_folder(context);
    execl(program, program, "--paused", "--set", "eval_every=1000", "--set",
          "epochs=1000", (char *)NULL);
}

/* A session and what its terminal shows: of a word that stood elsewhere in the line before, only some letters are sent. */
struct watched {
    struct session s;
    struct screen screen;
    uint64_t step; /* that was asked for */
};

static int take_in(struct watched *w, int ms)
{
    size_t before = w->s.size;
    int came = session_read(&w->s, ms);

    screen_take(&w->screen, w->s.seen + before, w->s.size - before);
    return came;
}

static void expect_shown(struct watched *w, const char *text)
{
    while (!screen_shows(&w->screen, text))
        if (!take_in(w, PATIENCE_MS))
            fail_msg("\"%s\" is not shown", text);
}

/* From the command to the pause after so many steps. That it trains may be seen too late: the step says that it did. */
static double screen_steps(struct watched *w, int steps)
{
    char line[32], count[NUMBER_SIZE], there[64];
    double begin = clock_seconds();

    free(w->s.seen);
    w->s.seen = NULL;
    w->s.size = 0;
    w->step += (uint64_t)steps;
    number_count(count, sizeof count, w->step);
    snprintf(there, sizeof there, "step %s ", count);
    snprintf(line, sizeof line, ":step %d\r", steps);
    session_type(&w->s, line);
    while (!screen_row_shows(&w->screen, 0, there) || !screen_row_shows(&w->screen, 0, "paused"))
        if (!take_in(w, PATIENCE_MS))
            fail_msg("step %s is not reached", count);
    begin = clock_seconds() - begin;
    take_in(w, SETTLE_MS);
    return begin;
}

/* The mean of the middle half of what is in order; *error is its standard error, from the width of that half as in a
 * normal distribution (whose middle half is 1.35 σ wide). */
static double middle(const double *x, int n, double *error)
{
    double sum = 0;

    for (int i = n / 4; i < n - n / 4; i++)
        sum += x[i] / (n - n / 4 * 2);
    *error = (x[n * 3 / 4] - x[n / 4]) / 1.35 * 1.1 / sqrt(n);
    return sum;
}

/* As many steps as a turn has time for. */
static int steps_of_turn(struct engine *g)
{
    double steps;

    engine_steps(g, 2);
    steps = TURN_SECONDS / engine_steps(g, 1);
    return steps > MOST_STEPS ? MOST_STEPS : steps < 1 ? 1 : (int)steps;
}

/* In short turns, so that a busy machine is so for both; begun several times, since where a process's memory lies
 * counts too. More steps less fewer: what comes before the first step and after the last is left out. */
static void measure_throughput(const char *folder)
{
    enum { STARTS = 4, TURNS = 16 };
    double without[STARTS * TURNS], ratio[STARTS * TURNS], step, with, error;
    int done = 0;

    for (int i = 0; i < STARTS; i++) {
        double begin = clock_seconds();
        struct engine g;
        struct watched w = {0};
        int steps, few;
        alarm(WATCHDOG);
        session_start(&w.s, paused_saddle, folder);
        expect_shown(&w, "paused");
        engine_open(&g);
        steps = steps_of_turn(&g);
        few = 1 + steps;
        screen_steps(&w, steps);
        for (int k = 0; k < TURNS && (k == 0 || clock_seconds() - begin < START_SECONDS); k++, done++) {
            alarm(WATCHDOG);
            without[done] = engine_steps(&g, steps);
            ratio[done] = (screen_steps(&w, steps + few) - screen_steps(&w, few)) / without[done];
            without[done] /= steps;
        }
        session_type(&w.s, "qy");
        session_wait(&w.s);
        session_end(&w.s);
        engine_close(&g);
    }
    sort_figures(ratio, done);
    sort_figures(without, done);
    step = middle(without, done, &error);
    with = middle(ratio, done, &error);
    bench_print(&(struct bench_row){.name = "screen-step",
                                    .seconds = with * step,
                                    .figure = {{"without_screen_ms", 1e3 * step, BENCH_FREE, 0},
                                               {"percent_slower", 100 * (with - 1), BENCH_FREE, 0},
                                               {"standard_error_percent", 100 * error, BENCH_FREE, 0}}});
}

/* ---- a surface in three dimensions, turned --------------------------------------------------- */

enum { TURNS_MOST = 200, SURFACE_BYTES = 1000 /* more than the first line takes */, KEYS_EVERY_MS = 15 };
static const double SURFACE_SECONDS = 20, HELD_SECONDS = 5;

static void true_colour_saddle(const void *context)
{
    setenv("COLORTERM", "truecolor", 1);
    saddle(context);
}

/* Pictures of the surface among the bytes from `from` on: each ends with the colours set back, as does a first line alone,
 * which is short. The largest one's bytes, and where the last one ended. */
struct pictures {
    int count;
    size_t bytes, most, end;
};

static void count_pictures(const struct session *s, struct pictures *p)
{
    static const char ending[] = "\033[0m";
    const char *at;

    while (s->size > p->end && (at = strstr(s->seen + p->end, ending))) {
        size_t size = (size_t)(at - s->seen) + sizeof ending - 1 - p->end;
        p->end += size;
        if (size < SURFACE_BYTES)
            continue;
        p->count++;
        p->bytes += size;
        p->most = size > p->most ? size : p->most;
    }
}

static void measure_turns(struct session *s)
{
    double took[TURNS_MOST], start = clock_seconds(), before = used(s->pid, 0);
    struct pictures p = {.end = s->size};
    int turns = 0;

    for (; turns < TURNS_MOST && clock_seconds() - start < SURFACE_SECONDS; turns++) {
        double begin;
        alarm(WATCHDOG);
        for (int k = 0; k < 2 + turns % 5; k++)
            session_read(s, 17 + turns % 31);
        count_pictures(s, &p);
        begin = clock_seconds();
        session_type(s, "l");
        for (int seen = p.count; p.count == seen; count_pictures(s, &p))
            if (!session_read(s, PATIENCE_MS))
                fail_msg("the surface does not turn");
        took[turns] = 1e3 * (clock_seconds() - begin);
    }
    before = used(s->pid, 0) - before;
    sort_figures(took, turns);
    print_ms("key-to-surface", took[turns / 2],
             (struct bench_figure){"p99_ms", took[turns * 99 / 100], BENCH_FREE, 0},
             (struct bench_figure){"keys", turns, BENCH_FREE, 0});
}

/* A key held down. */
static void measure_held(struct session *s)
{
    double begin = clock_seconds(), next = begin, before = used(s->pid, 0), seconds;
    struct pictures p = {.end = s->size};

    alarm(WATCHDOG);
    while (clock_seconds() - begin < HELD_SECONDS) {
        if (clock_seconds() >= next) {
            session_type(s, "l");
            next += 1e-3 * KEYS_EVERY_MS;
        }
        session_read(s, 5);
        count_pictures(s, &p);
    }
    seconds = clock_seconds() - begin;
    before = used(s->pid, 0) - before;
    bench_print(&(struct bench_row){.name = "surface-frame",
                                    .seconds = before / fmax(p.count, 1),
                                    .figure = {{"frames_per_second", p.count / seconds, BENCH_FREE, 0},
                                               {"kilobytes", 1e-3 * (double)p.bytes / fmax(p.count, 1), BENCH_FREE, 0},
                                               {"most_kilobytes", 1e-3 * (double)p.most, BENCH_FREE, 0}}});
}

/* The race's surface on the whole of a large screen, in all colours, while training goes on. */
static void measure_surface(const char *folder)
{
    struct winsize size = {.ws_row = 40, .ws_col = 120};
    struct session s;

    alarm(WATCHDOG);
    session_start(&s, true_colour_saddle, folder);
    assert_int_equal(ioctl(s.master, TIOCSWINSZ, &size), 0);
    session_expect(&s, "help", 0);
    session_type(&s, "4zV");
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    measure_turns(&s);
    measure_held(&s);
    session_type(&s, "\033:q\ry");
    session_wait(&s);
    session_end(&s);
}

/* ---- bytes a frame, by what maps are drawn with ----------------------------------------------- */

struct with_cells {
    const char *folder, *cells;
};

static void saddle_with_cells(const void *context)
{
    const struct with_cells *w = context;
    const char *program = getenv("SADDLE");

    in_folder(w->folder);
    setenv("COLORTERM", "truecolor", 1);
    execl(program, program, "--paused", "--cells", w->cells, (char *)NULL);
}

/* Until nothing more comes: the lab is paused. */
static double kilobytes_of(struct session *s, const char *keys)
{
    size_t before = s->size;

    alarm(WATCHDOG);
    session_type(s, keys);
    while (session_read(s, 300))
        ;
    return 1e-3 * (double)(s->size - before);
}

/* All of a smooth map, of one without a smooth part (in several frames: escape.h) and of a surface; and a step of the racers,
 * which changes little. */
static void measure_bytes(const char *folder)
{
    static const char *const kinds[] = {"braille", "sextants", "octants"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct with_cells how = {folder, kinds[i]};
        struct winsize size = {.ws_row = 40, .ws_col = 120};
        double steep, smooth, surface, step;
        struct session s;
        char name[32];
        alarm(WATCHDOG);
        session_start(&s, saddle_with_cells, &how);
        assert_int_equal(ioctl(s.master, TIOCSWINSZ, &size), 0);
        session_expect(&s, "help", 0);
        kilobytes_of(&s, "4z");
        smooth = kilobytes_of(&s, "\f");
        step = kilobytes_of(&s, "n");
        kilobytes_of(&s, "V");
        surface = kilobytes_of(&s, "\f");
        kilobytes_of(&s, "V:surface sin(8*x)*sin(8*y)\r");
        steep = kilobytes_of(&s, "\f");
        snprintf(name, sizeof name, "bytes-%s", kinds[i]);
        bench_print(&(struct bench_row){.name = name,
                                        .figure = {{"map_kilobytes", smooth, BENCH_FREE, 0},
                                                   {"steep_map_kilobytes", steep, BENCH_FREE, 0},
                                                   {"surface_kilobytes", surface, BENCH_FREE, 0},
                                                   {"step_kilobytes", step, BENCH_FREE, 0}}});
        session_type(&s, "\033:q\ry");
        session_wait(&s);
        session_end(&s);
    }
}

/* Processor time over five seconds. */
static void measure_share(struct session *s, const char *name, int whole)
{
    alarm(WATCHDOG);
    bench_print(&(struct bench_row){
        .name = name, .figure = {{"percent_of_a_core", 100 * share_over(s, 5, whole), BENCH_FREE, 0}}});
}

/* The training view: keys, and what is used of a core while it trains and while it is paused. */
static void measure_training(const char *folder)
{
    struct session s;

    alarm(WATCHDOG);
    session_start(&s, saddle, folder);
    session_expect(&s, "help", 0);
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    measure_keys(&s);
    measure_share(&s, "screen-training", 0);
    session_type(&s, " ");
    for (int i = 0; i < SETTLE_READS; i++)
        session_read(&s, 200);
    measure_share(&s, "all-paused", 1);
    session_type(&s, "qy");
    session_wait(&s);
    session_end(&s);
}

static int are_wanted(const char *const *rows)
{
    for (; *rows; rows++)
        if (bench_wanted(*rows))
            return 1;
    return 0;
}

static void bench(void **state)
{
    static const struct {
        const char *rows[4];
        void (*measure)(const char *folder);
    } parts[] = {{{"key-to-screen", "screen-training", "all-paused", NULL}, measure_training},
                 {{"key-to-surface", "surface-frame", NULL}, measure_surface},
                 {{"bytes-braille", "bytes-sextants", "bytes-octants", NULL}, measure_bytes},
                 {{"screen-step", NULL}, measure_throughput}};
    char folder[] = "/tmp/saddle-bench-XXXXXX", clean[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (are_wanted(parts[i].rows))
            parts[i].measure(folder);
    snprintf(clean, sizeof clean, "rm -rf %s", folder);
    assert_int_equal(system(clean), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest benches[] = {cmocka_unit_test(bench)};
    struct pool *pool;

    if (bench_begin(argc, argv, &pool) != 0)
        return 1;
    pool_free(pool);
    return cmocka_run_group_tests(benches, NULL, NULL);
}
