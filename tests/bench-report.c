/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "math/peak.h"
#include "math/start.h"
#include "core/clock.h"

enum { ROUNDS = 7, MOST_WORKERS = 256 };
static const double ROUND_SECONDS = .15; /* a round repeats short work for about as long */
static const double MOST_SECONDS = 20;   /* no further round is begun after them */

static char **words; /* of the command line; ends in NULL */
static int json;
static double peak;

/* ---- time ----------------------------------------------------------------------------------- */

static double timed(bench_run *run, void *context, int times)
{
    double start = clock_seconds();

    for (int i = 0; i < times; i++)
        run(context);
    return (clock_seconds() - start) / times;
}

static double round_of(bench_run *run, void *context, double once)
{
    return timed(run, context, once < ROUND_SECONDS ? 1 + (int)(ROUND_SECONDS / once) : 1);
}

void bench_measure(bench_run *a, bench_run *b, void *context, double *ta, double *tb)
{
    double start = clock_seconds(), a_once = timed(a, context, 1), b_once = timed(b, context, 1);

    *ta = a_once;
    *tb = b_once;
    for (int i = 0; i < ROUNDS && clock_seconds() - start < MOST_SECONDS; i++) {
        *ta = fmin(*ta, round_of(a, context, a_once));
        *tb = fmin(*tb, round_of(b, context, b_once));
    }
}

/* ---- the peak ------------------------------------------------------------------------------- */

static void measure_peak(void *context, int task)
{
    ((double *)context)[task] = peak_gflops();
}

double bench_peak(void)
{
    return peak;
}

/* ---- rows ----------------------------------------------------------------------------------- */

int bench_json(void)
{
    return json;
}

int bench_wanted(const char *name)
{
    int found = !*words;

    for (char **w = words; *w; w++)
        found |= strstr(name, *w) != NULL;
    return found;
}

static void print_json_number(const char *key, double value, int decimals)
{
    if (isfinite(value) && value != 0)
        printf(", \"%s\": %.*f", key, decimals, value);
    else
        printf(", \"%s\": null", key);
}

static void print_json(const struct bench_row *r, double rate)
{
    printf("{\"name\": \"%s\"", r->name);
    print_json_number("ms", 1e3 * r->seconds, 4);
    print_json_number("gflops", 1e-9 * rate, 2);
    print_json_number("peak_share", rate / peak, 4);
    print_json_number("products_share", r->products / r->seconds, 4);
    for (int i = 0; i < BENCH_FIGURES && r->figure[i].key; i++)
        printf(", \"%s\": %.4f", r->figure[i].key, r->figure[i].value);
    printf("}\n");
}

static void print_text(const struct bench_row *r, double rate)
{
    static const char *const limit[] = {"", "at least", "at most"};

    printf("%-22s", r->name);
    if (r->seconds > 0)
        printf(" %9.2f ms", 1e3 * r->seconds);
    if (r->flop > 0)
        printf("  %6.1f GFLOP/s, %.2f of the peak", 1e-9 * rate, rate / peak);
    if (r->products > 0)
        printf(", products %.2f of the time", r->products / r->seconds);
    for (int i = 0; i < BENCH_FIGURES && r->figure[i].key; i++) {
        const struct bench_figure *f = &r->figure[i];
        printf("%s %s %.*f", i ? "," : " ", f->key, fabs(f->value) < 10 ? 2 : 0, f->value);
        if (f->what != BENCH_FREE)
            printf(" (%s %g)", limit[f->what], f->limit);
    }
    printf("\n");
}

void bench_print(const struct bench_row *r)
{
    double rate = r->flop > 0 ? r->flop / r->seconds : 0;

    if (json)
        print_json(r, rate);
    else
        print_text(r, rate);
    fflush(stdout);
}

int bench_begin(int argc, char **argv, struct pool **pool)
{
    double of_worker[MOST_WORKERS] = {0};
    struct err e = {0};
    int workers;

    json = argc > 1 && strcmp(argv[1], "--json") == 0;
    words = argv + (argc > 0) + json;
    if (math_start(&e) != 0 || pool_new(pool, pool_cores(), &e) != 0) {
        fprintf(stderr, "bench: %s\n", e.text);
        return -1;
    }
    workers = pool_workers(*pool);
    pool_run(*pool, measure_peak, of_worker, workers);
    for (int i = 0; i < workers; i++)
        peak += 1e9 * of_worker[i];
    if (!json)
        printf("%d workers, %s; peak %.0f GFLOP/s (%s)\n", workers, math_library(), 1e-9 * peak, peak_instructions());
    return 0;
}
