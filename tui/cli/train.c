/* SPDX-License-Identifier: MIT */
/* saddle train: a run without a screen. Data on stdout, a line an epoch; progress on stderr. */
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/recording.h"
#include "cli/all-ranks.h"
#include "cli/train-probe.h"
#include "cli/train-ranks.h"
#include "cli/subcommand.h"
#include "cli/json-line.h"
#include "core/clock.h"
#include "run/checkpoint.h"
#include "cli/setup.h"
#include "ranks/ranks.h"
#include "term/signals.h"

/* The signal that asked to stop; the engine looks at it within a step. */
static atomic_int stopped_by;

struct training {
    struct setup_options options;
    long long epochs, steps;    /* asked for; −1: not */
    long long every;            /* steps between two lines of --json-steps; −1: none */
    struct gradient_stats seen; /* of the step just done, where every > 0 */
    int json, bar;              /* output as JSON; a progress bar on stderr */
    struct setup run;
    struct recording recording;
    uint64_t first_step, first_epoch;
    double first_progress;      /* in epochs */
    double goal;                /* steps or epochs to do: see share_done */
    double started, drawn;      /* on the monotonic clock, seconds */
    double communicated;        /* seconds that ranks had communicated by then */
    uint64_t epoch_frames;      /* since the last line, and … */
    double epoch_seconds;       /* … the time their steps took */
    int line_due;
    double validation_loss, validation_accuracy; /* of the last evaluation */
    double loss;                /* smoothed, for the bar */
};

static void on_signal(int number)
{
    stopped_by = number;
}

/* A second signal changes nothing: the run is being saved. Only SIGQUIT (Ctrl-\) ends it at once. */
static void catch_signals(void)
{
    struct sigaction quit;

    sigaction(SIGQUIT, NULL, &quit);
    term_catch_endings(on_signal);
    sigaction(SIGQUIT, &quit, NULL);
}

/* ---- options -------------------------------------------------------------------------------- */

static int parse(struct training *t, int argc, char **argv, struct err *e)
{
    const struct option_count counts[] = {
        {"--epochs", &t->epochs, 0, 1ll << 52},
        {"--steps", &t->steps, 0, 1ll << 52},
        {"--json-steps", &t->every, 1, 1ll << 52},
        {NULL, NULL, 0, 0}};

    for (int i = 1; i < argc; i++) {
        int r = setup_options_take(&t->options, argc, argv, &i, e);
        if (r == 0)
            r = option_take_count(counts, argc, argv, &i, e);
        if (r == 0 && strcmp(argv[i], "--json") == 0)
            r = t->json = 1;
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (t->epochs >= 0 && t->steps >= 0)
        return err_set(e, ERR_USAGE, "--epochs and --steps exclude each other");
    t->json |= t->every > 0;
    return 0;
}

/* ---- what is printed ------------------------------------------------------------------------ */

static const struct counters *counters(const struct training *t)
{
    return run_counters(t->run.run);
}

static void clear_bar(struct training *t)
{
    if (t->bar)
        fputs("\r\033[K", stderr);
    t->drawn = 0;
}

/* The share of the work that is done. */
static double share_done(const struct training *t)
{
    double done = t->steps >= 0 ? (double)(counters(t)->step - t->first_step)
                                : run_epoch(t->run.run) - t->first_progress;

    return t->goal > 0 && done < t->goal ? done / t->goal : 1;
}

static void draw_bar(struct training *t, const struct run_report *r)
{
    enum { WIDTH = 24 };
    static const char full[] = "########################", empty[] = "........................";
    double now = clock_seconds(), share = share_done(t), left;
    int filled = (int)(share * WIDTH);
    char eta[32] = "–:––";

    if (!t->bar || now - t->drawn < .2)
        return;
    t->drawn = now;
    left = share > 0 ? (now - t->started) * (1 - share) / share : 0;
    if (share > 0)
        snprintf(eta, sizeof eta, "%d:%02d", (int)left / 60, (int)left % 60);
    fprintf(stderr, "\r\033[K[%.*s%.*s] %3.0f %%  epoch %.2f  loss %.3f%s  ETA %s", filled, full, WIDTH - filled,
            empty, 100 * share, run_epoch(t->run.run), t->loss, r->did == RUN_STEP ? "" : "  evaluating", eta);
    fflush(stderr);
}

static double frames_per_second(const struct training *t)
{
    return t->epoch_seconds > 0 ? (double)t->epoch_frames / t->epoch_seconds : 0;
}

static void print_epoch(struct training *t)
{
    const struct counters *c = counters(t);
    double rate = run_learning_rate(t->run.run);

    clear_bar(t);
    if (t->json) {
        json_t *o = json_object();
        json_line_integer(o, "epoch", (long long)c->epoch);
        json_line_integer(o, "step", (long long)c->step);
        json_line_number(o, "learning_rate", rate);
        json_line_number(o, "train_loss", c->last_epoch_loss);
        json_line_number(o, "train_accuracy", c->last_epoch_accuracy);
        json_line_number(o, "val_loss", t->validation_loss);
        json_line_number(o, "val_accuracy", t->validation_accuracy);
        json_line_number(o, "frames_per_second", frames_per_second(t));
        json_line_print(o);
    } else {
        printf("epoch %llu  step %llu  learning rate %.3g  train loss %.4f accuracy %.4f  validation loss %.4f "
               "accuracy %.4f  %.1f k frames/s\n",
               (unsigned long long)c->epoch, (unsigned long long)c->step, rate, c->last_epoch_loss,
               c->last_epoch_accuracy, t->validation_loss, t->validation_accuracy, frames_per_second(t) / 1000);
    }
    fflush(stdout);
    t->epoch_frames = 0;
    t->epoch_seconds = 0;
}

/* A step in numbers: the loss, accuracy and gradient norm are the batch's, before the update; the mean lengths of
 * the loss's gradient at the logits are given for both losses, whichever is trained with. */
static void print_step(struct training *t, const struct run_report *r)
{
    json_t *line = json_object(), *o = json_object();

    clear_bar(t);
    json_line_integer(o, "step", (long long)counters(t)->step);
    json_line_number(o, "epoch", run_epoch(t->run.run));
    json_line_number(o, "loss", r->loss);
    json_line_number(o, "accuracy", r->accuracy);
    json_line_number(o, "learning_rate", r->learning_rate);
    json_line_number(o, "gradient_norm", r->gradient_norm);
    json_line_number(o, "logit_gradient_cross_entropy", t->seen.cross_entropy);
    json_line_number(o, "logit_gradient_mse", t->seen.mse);
    json_object_set_new(line, "train_step", o);
    json_line_print(line);
    fflush(stdout);
}

static void print_early_stop(struct training *t)
{
    recorder_event(t->recording.recorder, 0, t->run.run, "stopped early: back to the best weights");
    clear_bar(t);
    if (!t->json)
        printf("stopped early: back to the weights of step %llu, validation accuracy %.4f\n",
               (unsigned long long)counters(t)->best_step, counters(t)->best_accuracy);
}

/* ---- training ------------------------------------------------------------------------------- */

static int is_done(const struct training *t)
{
    const struct counters *c = counters(t);

    if (c->evaluation_due)
        return 0;
    if (t->steps >= 0)
        return c->step >= t->first_step + (uint64_t)t->steps;
    if (t->epochs >= 0)
        return c->epoch >= t->first_epoch + (uint64_t)t->epochs;
    return (double)c->epoch >= run_knobs(t->run.run)->value[KNOB_EPOCHS];
}

static void record(struct training *t, const struct run_report *r)
{
    struct recorder *to = t->recording.recorder;

    if (r->did == RUN_STEP)
        recorder_step(to, 0, t->run.run, r);
    if (r->did == RUN_EVALUATED)
        recorder_evaluation(to, 0, t->run.run, r);
    if (!t->recording.reported && recorder_problem(to)) {
        clear_bar(t);
        recording_check(&t->recording);
    }
}

static void note_step(struct training *t, const struct run_report *r, double seconds)
{
    t->epoch_frames += (uint64_t)r->frames;
    t->epoch_seconds += seconds;
    t->loss = t->loss > 0 ? .98 * t->loss + .02 * r->loss : r->loss;
    t->line_due |= r->epoch_ended;
}

static void note_evaluation(struct training *t, const struct run_report *r)
{
    t->validation_loss = r->validation_loss;
    t->validation_accuracy = r->validation_accuracy;
}

/* A probe that cannot be made is no reason to end: the run goes on without it. Rank 0 makes it, the others wait. */
static int probe(struct training *t, struct err *e)
{
    struct store_probe figures;
    struct probe_job *p;
    int r = run_measure_shown(t->run.run); /* by all of them */

    if (r == 0 && ranks_rank() == 0)
        r = training_probe(&p, t->run.run, e);
    else if (r == -ERR_CANCELLED)
        err_set(e, ERR_CANCELLED, "cancelled");
    else if (r)
        dataset_check(run_data(t->run.run), e);

    if (ranks_most(r == -ERR_CANCELLED))
        return -ERR_CANCELLED;
    if (ranks_rank() > 0)
        return 0;
    clear_bar(t);
    if (r) {
        fprintf(stderr, "saddle: the probe at step %llu: %s\n", (unsigned long long)counters(t)->step, e->text);
        return 0;
    }
    training_probe_print(p, t->run.run, t->json);
    figures = training_probe_figures(p);
    recorder_probe(t->recording.recorder, 0, &figures);
    probe_job_free(p);
    return 0;
}

/* Whether training is to end here: after a signal at any rank, or when rank 0's output is lost, which main tells of. */
static int is_ended(void)
{
    enum { LOST = 1 << 8 };
    int end = ranks_most(stopped_by ? stopped_by : ferror(stdout) ? LOST : 0);

    if (end && end != LOST)
        stopped_by = end;
    return end;
}

static int train(struct training *t, struct err *e)
{
    struct run_report r;

    while (!is_done(t) && !is_ended()) {
        double before = clock_seconds();
        int result = run_advance(t->run.run, &r, e);
        if (result == -ERR_CANCELLED)
            break;
        if (result)
            return result;
        record(t, &r);
        if (r.did == RUN_STEP)
            note_step(t, &r, clock_seconds() - before);
        if (r.did == RUN_STEP && t->every > 0 && counters(t)->step % (uint64_t)t->every == 0)
            print_step(t, &r);
        if (r.did == RUN_EVALUATED)
            note_evaluation(t, &r);
        if (r.did == RUN_STEP && training_probe_due(t->run.run))
            result = probe(t, e);
        if (result == -ERR_CANCELLED)
            break;
        if (t->line_due && !counters(t)->evaluation_due) {
            print_epoch(t);
            t->line_due = 0;
        }
        draw_bar(t, &r);
        if (r.did == RUN_EVALUATED && r.stopped_early) {
            print_early_stop(t);
            break;
        }
    }
    is_ended(); /* a signal that cancelled a step was perhaps another rank's */
    return 0;
}

static void start(struct training *t)
{
    t->first_step = counters(t)->step;
    t->validation_loss = counters(t)->validation_loss;
    t->validation_accuracy = counters(t)->validation_accuracy;
    t->first_epoch = counters(t)->epoch;
    t->first_progress = run_epoch(t->run.run);
    if (t->steps >= 0)
        t->goal = (double)t->steps;
    else if (t->epochs >= 0)
        t->goal = (double)(t->first_epoch + (uint64_t)t->epochs) - t->first_progress;
    else
        t->goal = run_knobs(t->run.run)->value[KNOB_EPOCHS] - t->first_progress;
    t->started = clock_seconds();
    t->communicated = ranks_seconds();
}

/* ---- the end -------------------------------------------------------------------------------- */

static int stop_asked(void *context)
{
    (void)context;
    return stopped_by != 0;
}

/* Multiplications of an evaluation that nobody should have to wait for after a few steps: minutes. */
static const double LONG_EVALUATION = 5e12;

/* An epoch that was trained through is worth evaluating, whatever it takes; else only what is quick. */
static int worth_measuring(const struct training *t, const struct source *set)
{
    const struct run *l = t->run.run;
    double frames = (double)set->frames->frames, steps = set->pieces.length > 0 ? 1 : run_network(l)->in.steps;

    return (counters(t)->position == 0 && counters(t)->step > t->first_step) ||
           frames * steps * (double)run_network(l)->parameters < LONG_EVALUATION;
}

/* Loss and accuracy of a set; NaN where it is empty, would take too long, or the user has no patience left. */
static void measure(struct training *t, const struct source *set, double *loss, double *accuracy)
{
    *loss = *accuracy = NAN;
    if (set->frames->frames == 0)
        return;
    if (!worth_measuring(t, set))
        fprintf(stderr, "saddle: after so few steps, %lld frames are not evaluated; use saddle eval\n",
                (long long)set->frames->frames);
    else if (run_evaluate(t->run.run, set, stop_asked, NULL, loss, accuracy) != 0)
        *loss = *accuracy = NAN;
}

/* The final figures; that of the test set counts as a look at it. */
static void record_figures(struct training *t, double val_loss, double val_accuracy, double test_loss, double test_accuracy)
{
    const struct run_report last = {.validation_loss = val_loss, .validation_accuracy = val_accuracy, .part_loss = NAN,
                                    .part_accuracy = NAN};

    if (!isnan(val_accuracy))
        recorder_evaluation(t->recording.recorder, 0, t->run.run, &last);
    if (!isnan(test_accuracy))
        recorder_look(t->recording.recorder, 0, "test", test_loss, test_accuracy);
}

static void print_summary(struct training *t, double seconds)
{
    const struct counters *c = counters(t);
    double val_loss, val_accuracy, test_loss, test_accuracy;
    double communicated = (ranks_seconds() - t->communicated) / seconds;
    char val[96] = "", test[96] = "", ranks[96] = "";

    measure(t, run_source(t->run.run, RUN_VALIDATION), &val_loss, &val_accuracy);
    measure(t, run_source(t->run.run, RUN_TEST), &test_loss, &test_accuracy);
    record_figures(t, val_loss, val_accuracy, test_loss, test_accuracy);
    clear_bar(t);
    if (t->json) {
        json_t *line = json_object(), *o = json_object();
        json_line_integer(o, "step", (long long)c->step);
        json_line_number(o, "epoch", run_epoch(t->run.run));
        json_line_number(o, "val_loss", val_loss);
        json_line_number(o, "val_accuracy", val_accuracy);
        json_line_number(o, "best_val_accuracy", c->best_accuracy);
        json_line_number(o, "test_loss", test_loss);
        json_line_number(o, "test_accuracy", test_accuracy);
        json_line_integer(o, "parameters", run_network(t->run.run)->parameters);
        json_line_number(o, "seconds", seconds);
        if (ranks_size() > 1) {
            json_line_integer(o, "ranks", ranks_size());
            json_line_number(o, "communication_share", communicated);
        }
        json_object_set_new(o, "stopped", json_boolean(stopped_by != 0));
        json_object_set_new(line, "summary", o);
        json_line_print(line);
        return;
    }
    if (!isnan(val_accuracy))
        snprintf(val, sizeof val, "  validation loss %.4f accuracy %.4f", val_loss, val_accuracy);
    if (!isnan(test_accuracy))
        snprintf(test, sizeof test, "  test (unheard voices) loss %.4f accuracy %.4f", test_loss, test_accuracy);
    if (ranks_size() > 1)
        snprintf(ranks, sizeof ranks, "  %d ranks, communication %.0f %%", ranks_size(), 100 * communicated);
    printf("%s after %llu steps, %.2f epochs, %.1f s%s%s%s\n", stopped_by ? "stopped" : "done",
           (unsigned long long)c->step, run_epoch(t->run.run), seconds, val, test, ranks);
}

/* Save what was learnt, also where training ended on an error; the first error is the one to tell. */
static int finish(struct training *t, int result, struct err *e)
{
    struct err why = {0};
    int saved = 0;

    clear_bar(t);
    if (result == 0) /* by all ranks */
        run_measure_shown(t->run.run);
    if (t->options.checkpoint)
        saved = checkpoint_write(t->run.run, t->options.checkpoint, &why);
    if (t->options.checkpoint && saved == 0)
        recorder_checkpoint(t->recording.recorder, 0, t->run.run, t->options.checkpoint, 1);
    if (result == 0)
        saved = all_ranks_agree(saved, &why);
    if (result == 0 && saved == 0)
        print_summary(t, clock_seconds() - t->started);
    if (result == 0 && saved == 0 && stopped_by && t->options.checkpoint)
        fprintf(stderr, "saddle: run saved. To continue it: saddle train --from %s\n", t->options.checkpoint);
    if (result == 0 && saved != 0) {
        *e = why;
        return saved;
    }
    if (saved != 0)
        fprintf(stderr, "saddle: %s\n", why.text);
    return result;
}

/* Before the first step. */
static void begin_record(struct training *t)
{
    const struct recorder_run begun = {
        .run = t->run.run, .recipe = t->run.recipe, .parent = -1, .from = t->options.from};

    recording_start(&t->recording, "train", t->options.no_record || ranks_rank() > 0);
    recorder_begin(t->recording.recorder, 0, &begun);
}

static void end_record(struct training *t, int result, const struct err *e)
{
    if (result == -ERR_DIVERGED)
        recorder_event(t->recording.recorder, 0, t->run.run, e->text);
    recorder_end(t->recording.recorder, 0,
                 result == -ERR_DIVERGED ? "diverged" : result ? "failed" : stopped_by ? "stopped" : "finished");
    recording_stop(&t->recording);
    if (!t->json && *t->recording.name)
        printf("recorded as %s\n", t->recording.name);
}

static int run(int argc, char **argv, struct err *e)
{
    struct training t = {.epochs = -1, .steps = -1, .every = -1};
    int r = all_ranks_agree(parse(&t, argc, argv, e), e);
    char slow[160];

    if (r)
        return r;
    t.bar = isatty(STDERR_FILENO);
    r = training_open(&t.run, &t.options, e);
    if (r)
        return r;
    r = all_ranks_agree(t.every > 0 ? run_look(t.run.run, &t.seen, e) : 0, e);
    if (r) {
        setup_close(&t.run);
        return r;
    }
    if (run_slow_words(t.run.run, slow, sizeof slow))
        fprintf(stderr, "saddle: %s\n", slow);
    catch_signals();
    run_watch(t.run.run, &stopped_by, NULL);
    begin_record(&t);
    start(&t);
    r = train(&t, e);
    r = finish(&t, r, e);
    end_record(&t, r, e);
    setup_close(&t.run);
    if (r == 0 && stopped_by) {
        fflush(stdout);
        all_ranks_end();
        exit(128 + atomic_load(&stopped_by));
    }
    return r;
}

const struct cmd cmd_train = {
    .name = "train",
    .synopsis = "train [OPTION]…",
    .summary = "train without a screen: one line per epoch",
    .help = "  --epochs N          train for N more epochs (default: the recipe's number)\n"
            "  --steps N           train for N more steps\n"
            "  --json              print one line of JSON per epoch, then one with \"summary\"\n"
            "  --json-steps N      as --json, plus a line with \"train_step\" every N steps: step, epoch, loss, accuracy,\n"
            "                      learning_rate, gradient_norm (before clipping), logit_gradient_cross_entropy and\n"
            "                      logit_gradient_mse (mean length of the gradient at the logits under each loss)\n"
            "With probe_every N, the curvature is probed every N steps on probe_frames frames and printed as one line,\n"
            "in JSON with \"probe\". The run itself stays the same.\n",
    .more = setup_options_help,
    .computes = 1,
    .ranks = 1,
    .run = run,
};
