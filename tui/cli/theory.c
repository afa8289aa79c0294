/* SPDX-License-Identifier: MIT */
/* saddle theory: how likely is a training set that misleads? The bound, and draws beside it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/json-line.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "lecture/theory.h"

struct asking {
    const char *data, *class_name, *epsilon_text, *delta_text;
    long long hypotheses, samples, draws, seed, feature;
    double epsilon, delta;
    int json, trade_off;
};

#define MOST_HYPOTHESES 1000000000000LL

/* ---- options -------------------------------------------------------------------------------- */

/* A number between 0 and 1, both left out. */
static int parse_share(const char *name, const char *text, double *share, struct err *e)
{
    char *end;

    *share = strtod(text, &end);
    if (end == text || *end || !(*share > 0 && *share < 1))
        return err_set(e, ERR_USAGE, "%s %.40s: expected a number between 0 and 1", name, text);
    return 0;
}

static int parse(struct asking *a, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--data", &a->data},           {"--class", &a->class_name}, {"--epsilon", &a->epsilon_text},
                                        {"--delta", &a->delta_text}, {NULL, NULL}};
    const struct option_count counts[] = {{"--hypotheses", &a->hypotheses, 1, MOST_HYPOTHESES},
                                          {"--samples", &a->samples, 1, THEORY_MOST_WORK},
                                          {"--draws", &a->draws, 1, THEORY_MOST_DRAWS},
                                          {"--seed", &a->seed, 0, 1000000000},
                                          {"--feature", &a->feature, 0, 1000000},
                                          {NULL, NULL, 0, 0}};
    const struct option_switch switches[] = {{"--json", &a->json}, {"--trade-off", &a->trade_off}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_count(counts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (parse_share("--epsilon", a->epsilon_text, &a->epsilon, e) != 0)
        return -ERR_USAGE;
    return parse_share("--delta", a->delta_text, &a->delta, e);
}

/* ---- results -------------------------------------------------------------------------------- */

static int find_class(const struct dataset *d, const char *name, struct err *e)
{
    for (int c = 0; c < d->classes.count; c++)
        if (strcasecmp(d->classes.names[c], name) == 0)
            return c;
    return err_set(e, ERR_USAGE, "--class %.40s: not a class of %.200s, the first of which is %.40s", name, d->path,
                   d->classes.names[0]);
}

/* What a draw of |H| thresholds shows. */
struct answer {
    int64_t hypotheses;
    int distinct;
    double bound, needed;
    struct theory_report seen;
};

static int answer(struct answer *out, const struct asking *a, const struct dataset *d, int64_t hypotheses, struct err *e)
{
    const struct theory_draws plan = {
        .samples = a->samples, .draws = (int)a->draws, .epsilon = a->epsilon, .seed = (uint64_t)a->seed};
    int class = find_class(d, a->class_name, e), r;
    struct thresholds t = {0};

    if (class < 0)
        return class;
    if (a->feature >= d->dims)
        return err_set(e, ERR_USAGE, "--feature %lld: the data has features 0 to %d", a->feature, d->dims - 1);
    *out = (struct answer){.hypotheses = hypotheses,
                           .bound = theory_bound((double)hypotheses, a->epsilon, (double)a->samples),
                           .needed = theory_samples_needed((double)hypotheses, a->epsilon, a->delta)};
    r = thresholds_init(&t, d, (int)a->feature, class, hypotheses, e);
    out->distinct = t.count;
    if (r == 0)
        r = theory_draw(&out->seen, &t, &plan, e);
    thresholds_free(&t);
    return r;
}

static void put_bound(json_t *o, const struct answer *x)
{
    json_line_integer(o, "hypotheses", x->hypotheses);
    json_line_integer(o, "distinct_hypotheses", x->distinct);
    json_line_number(o, "bound", x->bound);
    json_object_set_new(o, "vacuous", json_boolean(x->bound >= 1));
    json_line_number(o, "samples_needed", x->needed);
    json_line_number(o, "bad_share", x->seen.bad_share);
}

static json_t *hypothesis(float threshold, double loss_draw, double loss_all)
{
    json_t *o = json_object();

    json_line_number(o, "threshold", (double)threshold);
    if (loss_draw >= 0)
        json_line_number(o, "loss_draw", loss_draw);
    json_line_number(o, "loss_all", loss_all);
    return o;
}

static void print_json(const struct asking *a, const struct answer *x)
{
    json_t *o = json_object();

    put_bound(o, x);
    json_line_number(o, "epsilon", a->epsilon);
    json_line_number(o, "delta", a->delta);
    json_line_integer(o, "samples", a->samples);
    json_line_integer(o, "draws", a->draws);
    json_line_number(o, "worst_difference", x->seen.worst);
    json_object_set_new(o, "best", hypothesis(x->seen.best, -1, x->seen.best_loss));
    json_object_set_new(o, "trained", hypothesis(x->seen.trained, x->seen.trained_draw, x->seen.trained_all));
    json_line_print(o);
}

static void print_text(const struct asking *a, const struct answer *x)
{
    const struct theory_report *s = &x->seen;

    printf("P(bad) <= |H| 2 exp(-2 N eps^2) = %.4g%s  for |H| = %lld, N = %lld, eps = %g\n", x->bound,
           x->bound >= 1 ? " (vacuous: no probability is larger than 1)" : "", (long long)x->hypotheses, a->samples,
           a->epsilon);
    printf("at most %g from N = %.1f on\n", a->delta, x->needed);
    printf("measured: %.3f of %lld draws are bad, with %d distinct thresholds; the largest difference is %.3f\n",
           s->bad_share, a->draws, x->distinct, s->worst);
    printf("best threshold    %8.4g  loss on all %.4f\n", (double)s->best, s->best_loss);
    printf("of the first draw %8.4g  loss on all %.4f, on the draw %.4f\n", (double)s->trained, s->trained_all,
           s->trained_draw);
}

/* ---- the trade-off -------------------------------------------------------------------------- */

static void print_trade_off(const struct asking *a, const struct answer *x)
{
    const struct theory_report *s = &x->seen;
    json_t *o;

    if (!a->json) {
        printf("%13lld %9d %10.1f %10.3g %8.3f %11.4f %11.4f %11.4f\n", (long long)x->hypotheses, x->distinct, x->needed,
               x->bound, s->bad_share, s->best_loss, s->mean_trained_all, s->mean_trained_all - s->mean_trained_draw);
        return;
    }
    o = json_object();
    put_bound(o, x);
    json_line_number(o, "least_loss", s->best_loss);
    json_line_number(o, "trained_loss_draw", s->mean_trained_draw);
    json_line_number(o, "trained_loss_all", s->mean_trained_all);
    json_line_print(o);
}

/* 1, 10, 100 … and, last, the number asked for. */
static int trade_off(const struct asking *a, const struct dataset *d, struct err *e)
{
    struct answer x;

    if (!a->json)
        printf("N = %lld, eps = %g, delta = %g, %lld draws\n%13s %9s %10s %10s %8s %11s %11s %11s\n", a->samples, a->epsilon,
               a->delta, a->draws, "|H|", "distinct", "N needed", "bound", "bad", "least loss", "trained", "- on draw");
    for (int64_t n = 1;; n = n * 10 < a->hypotheses ? n * 10 : a->hypotheses) {
        int r = answer(&x, a, d, n, e);
        if (r)
            return r;
        print_trade_off(a, &x);
        if (n == a->hypotheses)
            return 0;
    }
}

static int run(int argc, char **argv, struct err *e)
{
    struct asking a = {.data = "sample", .class_name = "SIL", .epsilon_text = ".1", .delta_text = ".1",
                       .hypotheses = 10000, .samples = 500, .draws = 1000};
    struct setup s = {0};
    struct answer x;
    int r = parse(&a, argc, argv, e);

    if (r == 0)
        r = setup_open_data(&s, a.data, 1, e);
    if (r == 0 && a.trade_off)
        r = trade_off(&a, &s.data, e);
    else if (r == 0) {
        r = answer(&x, &a, &s.data, a.hypotheses, e);
        if (r == 0 && a.json)
            print_json(&a, &x);
        else if (r == 0)
            print_text(&a, &x);
    }
    setup_close(&s);
    return r;
}

const struct cmd cmd_theory = {
    .name = "theory",
    .synopsis = "theory [OPTION]…",
    .summary = "how likely a training set is bad: Hoeffding's bound, and draws beside it",
    .help = "  --hypotheses N      number of hypotheses |H| (10000)\n"
            "  --epsilon X         a draw is bad if some hypothesis' loss on it and on all data differ by more (.1)\n"
            "  --samples N         frames in a draw (500)\n"
            "  --delta X           the probability of a bad draw for which the frames needed are computed (.1)\n"
            "  --draws N           draws (1000)\n"
            "  --seed N            seed of the draws (0)\n"
            "  --data D            sample (the default), a libriphone folder, or a .safetensors data set\n"
            "  --class NAME        class that is told from all others (SIL)\n"
            "  --feature N         feature that is compared with the threshold (0: the energy of the frame)\n"
            "  --trade-off         a line for each of 1, 10, 100 … hypotheses: small |H| keeps the loss on a draw near that on\n"
            "                      all data, large |H| has a hypothesis with a lower loss\n"
            "  --json              print one object, or one per line with --trade-off\n"
            "A hypothesis says that frames whose feature is at or above its threshold are not of the class; its loss is the\n"
            "error rate. The thresholds are spread evenly over the range of the feature, both ends included. Those between the same two\n"
            "values decide alike, so fewer hypotheses may be distinct. Draws are made with replacement from all frames.\n",
    .computes = 1,
    .run = run,
};
