/* SPDX-License-Identifier: MIT */
/* saddle probe: the curvature at a checkpoint's weights. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/subcommand.h"
#include "cli/probe.h"
#include "hessian/lanczos.h"
#include "run/checkpoint.h"
#include "cli/figure.h"
#include "cli/setup.h"

/* ---- options -------------------------------------------------------------------------------- */

/* The verdict's tolerances, which are settings of the lab. */
static const struct {
    const char *option;
    enum knob_id knob;
} tolerances[PROBING_TOLERANCES] = {{"--small-gradient", KNOB_PROBE_GRADIENT},
                                    {"--small-curvature", KNOB_PROBE_CURVATURE},
                                    {"--zero", KNOB_PROBE_ZERO}};

static int take_text(struct probing *p, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {
        {"--checkpoint", &p->checkpoint}, {"--data", &p->data}, {"--split", &p->split}, {NULL, NULL}};
    int r = option_take_text(texts, argc, argv, i, e);

    for (int k = 0; r == 0 && k < PROBING_TOLERANCES; k++)
        r = option_value(argc, argv, i, tolerances[k].option, &p->tolerance[k], e);
    return r;
}

static int take_number(struct probing *p, int argc, char **argv, int *i, struct err *e)
{
    const struct option_count numbers[] = {
        {"--top", &p->top, 1, 50},
        {"--frames", &p->frames, 1, 1000000},
        {"--threads", &p->threads, 1, 256},
        {"--seed", &p->seed, 0, 1ll << 52},
        {NULL, NULL, 0, 0},
    };

    return option_take_count(numbers, argc, argv, i, e);
}

static int take_switch(struct probing *p, const char *argument)
{
    const struct option_switch switches[] = {
        {"--json", &p->json},
        {"--density", &p->density},
        {"--gauss-newton", &p->gauss_newton},
        {"--layers", &p->blocks},
        {"--batch-statistics", &p->batch_statistics},
        {NULL, NULL},
    };

    return option_take_switch(switches, argument);
}

static int parse(struct probing *p, int argc, char **argv, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        int r = take_text(p, argc, argv, &i, e);
        if (r == 0)
            r = take_number(p, argc, argv, &i, e);
        if (r == 0)
            r = take_switch(p, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (!p->checkpoint)
        return err_set(e, ERR_USAGE, "--checkpoint FILE is missing");
    if (strcmp(p->split, "train") != 0 && strcmp(p->split, "val") != 0 && strcmp(p->split, "test") != 0)
        return err_set(e, ERR_USAGE, "--split %.40s: choose train, val or test", p->split);
    return 0;
}

/* ---- in words ------------------------------------------------------------------------------- */

static void print_pairs(const char *title, int n, const struct probe_pair *p)
{
    printf("%-10s", title);
    for (int i = 0; i < n; i++)
        printf(" %11.4g%c", p[i].value, p[i].converged ? ' ' : '?');
    printf("\n%10s", "|Hv-lv|");
    for (int i = 0; i < n; i++)
        printf(" %11.2g ", p[i].residual);
    putchar('\n');
}

static void print_shares(const char *of, const struct shares *s)
{
    const struct share *p = &s->positive, *m = &s->negative, *r = &s->of_signed;
    char of_signed[FIGURE_SIZE], error[FIGURE_SIZE];

    printf("%sminimum ratio %.3f +- %.3f of all, %s +- %s of those beyond ±%.2g; negative %.3f +- %.3f\n", of, p->value,
           share_error(*p), figure(of_signed, "%.3f", r->value), figure(error, "%.3f", share_error(*r)), s->zero, m->value,
           share_error(*m));
    printf("  of those errors of the positive share, %.3f by random vectors, %.3f by the number of steps\n", p->sampling,
           p->truncation);
}

static void print_ratio(const struct probe_report *r)
{
    const struct verdict_report *v = &r->verdict;
    const struct shares *g = &r->gauss_newton_density.shares;
    char of_signed[FIGURE_SIZE], asymmetry[FIGURE_SIZE];

    if (v->whole)
        printf("minimum ratio %.3f of all, %s of those beyond ±%.2g (%lld positive, %lld negative, %lld "
               "zero)\n",
               v->ratio_all, figure(of_signed, "%.3f", v->ratio_signed), v->zero, (long long)v->positive, (long long)v->negative,
               (long long)v->zeros);
    else if (r->density.shares.known)
        print_shares("", &r->density.shares);
    if (g->known && r->whole)
        printf("Gauss-Newton matrix: %.3f of all eigenvalues are positive, beyond %.2g\n", g->positive.value, g->zero);
    else if (g->known)
        print_shares("Gauss-Newton matrix: ", g);
    printf("|lmin|/lmax %s\n", figure(asymmetry, "%.3g", v->asymmetry));
}

static void print_stability(const struct probing *p, const struct run *l)
{
    const char *of = p->limit.preconditioned ? " of the preconditioned Hessian" : "";

    if (isnan(p->limit.limit))
        printf("edge of stability: no known limit for %s; learning rate x lmax = %.3g\n", run_optimizer(l)->title,
               p->rate * p->report.verdict.highest);
    else if (isnan(probing_sharpness(p)))
        printf(
            "edge of stability: the limit of %s is %.3g%s, which needs the state of a run on its own data\n",
            run_optimizer(l)->title, p->limit.limit, of);
    else
        printf("edge of stability: learning rate x lmax%s = %.3g, the limit of %s is %.3g\n", of,
               probing_sharpness(p), run_optimizer(l)->title, p->limit.limit);
}

/* The step that the run makes next, and what its mini-batches say. */
static void print_step(const struct probing *p)
{
    const struct step_anatomy *own = &p->ahead.own, *probe = &p->ahead.probe;
    char words[240], mean[FIGURE_SIZE], error[FIGURE_SIZE];

    if (!isfinite(own->length))
        return;
    printf("next step, on its batch: gain %.4g predicted, curvature takes %.4g, loss %+.4g\n", own->gain, own->cost,
           own->actual);
    printf("on the probe batch: gain %.4g predicted, curvature takes %.4g, loss %+.4g\n", probe->gain, probe->cost,
           probe->actual);
    printf("curvature along the step u'Hu/|u|^2: %.4g, |u| %.4g\n", own->sharpness, own->length);
    printf("batch sharpness %s +- %s over %d batches\n", figure(mean, "%.4g", p->ahead.batch.mean),
           figure(error, "%.2g", p->ahead.batch.error), p->ahead.batch.batches);
    stability_batch_words(&p->limit, p->ahead.batch.noise, p->batch_norm, words, sizeof words);
    puts(words);
}

enum { BINS = 20, BAR = 40 };

/* Shares of the eigenvalues by size; bars are logarithmic, down to one in ten million. */
static void print_density(const struct density *d)
{
    double low = d->value[0], high = d->value[d->count - 1], bin[BINS] = {0};

    for (int i = 0; i < d->count; i++) {
        int at = high > low ? (int)((d->value[i] - low) / (high - low) * BINS) : 0;
        bin[at < BINS ? at : BINS - 1] += d->weight[i];
    }
    puts("density of the eigenvalues, from … to, share");
    for (int i = 0; i < BINS; i++) {
        int bar = bin[i] > 1e-7 ? (int)((log10(bin[i]) + 7) / 7 * BAR) : 0;
        printf("%11.4g %11.4g %9.2g ", low + (high - low) * i / BINS, low + (high - low) * (i + 1) / BINS,
               bin[i]);
        while (bar-- > 0)
            putchar('#');
        putchar('\n');
    }
}

static void print_words(const struct probing *p, const struct run *l)
{
    const struct probe_report *r = &p->report;
    char words[80], along[FIGURE_SIZE];

    verdict_words(&r->verdict, words, sizeof words);
    printf("%s: %s\n", words, r->verdict.evidence);
    printf("%lld parameters, %d frames of %s: loss %.4f  |g| %.4g  gHg/|g|^2 %s\n",
           (long long)r->parameters, p->batch.examples * p->batch.answers, p->split, r->loss,
           r->gradient_norm, figure(along, "%.4g", r->gradient_curvature));
    print_pairs("highest", r->hessian.top, r->hessian.at_top);
    print_pairs("lowest", r->hessian.bottom, r->hessian.at_bottom);
    if (p->gauss_newton)
        print_pairs("Gauss-N.", r->gauss_newton.top, r->gauss_newton.at_top);
    if (!r->hessian.converged || (p->gauss_newton && !r->gauss_newton.converged))
        printf("? not converged: its residual is above %g of it\n", LANCZOS_TOLERANCE);
    if (r->hessian.may_miss || (p->gauss_newton && r->gauss_newton.may_miss))
        puts("residuals are not small enough to rule out eigenvalues missing between those shown");
    if (r->whole)
        printf("trace %.5g, the sum of all %d eigenvalues\n", r->trace, r->values);
    else
        printf("trace %.4g +- %.2g\n", r->trace, r->trace_error);
    print_ratio(r);
    print_stability(p, l);
    print_step(p);
    for (int i = 0; i < r->blocks; i++)
        printf("layer %d: %lld parameters, highest %.4g, trace %.4g +- %.2g\n", r->block[i].layer,
               (long long)r->block[i].parameters, r->block[i].highest, r->block[i].trace,
               r->block[i].trace_error);
    if (p->density && r->density.count > 0)
        print_density(&r->density);
}

/* ---- the run -------------------------------------------------------------------------------- */

static int show_progress(void *context, const char *what, int done, int of)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s: %d products of at most %d", what, done, of);
    return 0;
}

/* On a copy: the run stays as it is. */
static int look_ahead(struct probing *p, const struct run *l, const struct probe_ask *ask, struct err *e)
{
    struct run *copy;
    int r = run_copy_apart(&copy, l, e);

    if (r == 0)
        r = step_ahead_look(copy, ask, STEP_AHEAD_BATCHES, &p->ahead, e);
    run_free(copy);
    return r;
}

static int look(struct probing *p, struct run *l, int own_data, struct err *e)
{
    const struct source *set = strcmp(p->split, "train") == 0 ? run_source(l, RUN_TRAIN)
                               : strcmp(p->split, "val") == 0 ? run_source(l, RUN_VALIDATION)
                                                              : run_source(l, RUN_TEST);
    struct network_spec spec;
    struct probe_ask ask;
    int r = probe_input_batch(l, set, (int)p->frames, (uint64_t)p->seed, &p->batch, e);

    if (r == 0 && run_measure_shown(l) == -ERR_INPUT)
        r = dataset_check(run_data(l), e);
    if (r == 0)
        r = probe_input_ask(l, &p->batch, &spec, &ask, e);
    if (r == 0)
        r = probe_input_stability(l, &p->limit, &p->scale, e);
    if (r)
        return r;
    ask.top = ask.bottom = (int)p->top;
    ask.density = p->density;
    ask.gauss_newton = p->gauss_newton;
    ask.blocks = p->blocks;
    ask.batch_statistics = p->batch_statistics;
    ask.scale = p->scale;
    ask.seed = (uint64_t)p->seed;
    ask.progress = show_progress;
    p->rate = run_learning_rate(l);
    p->ahead = STEP_AHEAD_UNKNOWN;
    p->batch_norm = run_network(l)->statistics > 0;
    r = probe_run(&ask, &p->report, e);
    if (r == 0 && own_data)
        r = look_ahead(p, l, &ask, e);
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    return r;
}

static int set_tolerances(const struct probing *p, struct knobs *k, struct err *e)
{
    struct err why;

    for (int i = 0; i < PROBING_TOLERANCES; i++)
        if (p->tolerance[i] && knobs_parse(k, tolerances[i].knob, p->tolerance[i], &why) != 0)
            return err_set(e, ERR_USAGE, "%s: %.400s", tolerances[i].option, why.text);
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct probing p = {.split = "train", .top = 5, .frames = 512};
    struct checkpoint from = {0};
    struct setup run = {0};
    int r = parse(&p, argc, argv, e);

    if (r == 0)
        r = checkpoint_open(&from, p.checkpoint, e);
    setup_report_unknown(&from);
    if (r == 0)
        r = set_tolerances(&p, &from.knobs, e);
    if (r == 0)
        r = setup_open_data(&run, p.data ? p.data : from.data, (int)p.threads, e);
    if (r == 0)
        r = setup_look_at(&run, &from, e);
    if (r == 0) /* the optimizer's state and the schedule's place only with the run's own data */
        r = checkpoint_restore(&from, run.run, from.fingerprint == run.data.fingerprint, e);
    if (r == 0)
        r = look(&p, run.run, from.fingerprint == run.data.fingerprint, e);
    if (r == 0)
        r = dataset_check(&run.data, e);
    if (r == 0 && p.json)
        json_line_print(probing_json(&p, run.run));
    else if (r == 0)
        print_words(&p, run.run);
    probe_free(&p.report);
    probe_batch_free(&p.batch);
    free(p.scale);
    setup_close(&run);
    checkpoint_close(&from);
    return r;
}

const struct cmd cmd_probe = {
    .name = "probe",
    .synopsis = "probe --checkpoint FILE [OPTION]…",
    .summary = "curvature at a checkpoint: eigenvalues, trace, verdict",
    .help =
        "  --checkpoint FILE   checkpoint to probe\n"
        "  --data D            data set (default: the one it was trained on)\n"
        "  --split S           train (the default), val or test\n"
        "  --frames N          frames in the probe batch (default 512)\n"
        "  --top K             eigenvalues at each end of the spectrum (default 5)\n"
        "  --density           also estimate the density of all eigenvalues, and the share of positive ones with\n"
        "                      its error: 320 products with the Hessian, 160 of a network of more than a\n"
        "                      million parameters; with --gauss-newton of both matrices\n"
        "  --gauss-newton      also compute eigenvalues of the Gauss-Newton matrix\n"
        "  --layers            also compute the largest eigenvalue and trace of each layer's block\n"
        "  --batch-statistics  apply batch norm with the statistics of the probe batch, not the running ones\n"
        "  --small-gradient X  largest |g| of a critical point (default: the run's setting, .01)\n"
        "  --small-curvature X largest |eigenvalue| of a plateau (default: the run's setting, .001)\n"
        "  --zero X            share of the largest eigenvalue that counts as zero (default: the run's setting,\n"
        "                      .0001)\n"
        "  --seed N            seed of probe batch and random vectors (default 0)\n"
        "  --threads N         compute threads (default: one per core)\n"
        "  --json              print one object: eigenvalues, residuals, trace, gradient_norm, verdict, …\n"
        "It also looks at the step that the run would make next from here, on its own batch and on the probe batch: the\n"
        "gain that the gradient predicts, what curvature takes of it, and how the loss changes.\n"
        "Up to 2000 parameters all eigenvalues are computed, in double; beyond that, both ends of the\n"
        "spectrum by Lanczos, in float.\n",
    .computes = 1,
    .run = run,
};
