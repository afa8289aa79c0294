/* SPDX-License-Identifier: MIT */
/* saddle runs show: all that is known of a run but its curves. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/runs.h"
#include "core/text.h"

/* ---- as JSON -------------------------------------------------------------------------------- */

static int add(json_t *array, json_t *row)
{
    json_array_append_new(array, row);
    return 0;
}

static int add_setting(void *array, const struct store_setting *t)
{
    json_t *o = json_object();

    json_object_set_new(o, "name", json_string(t->name));
    json_object_set_new(o, "value", json_string(t->value));
    json_object_set_new(o, "set", json_boolean(t->set));
    return add(array, o);
}

static int add_edit(void *array, const struct store_edit *d)
{
    json_t *o = json_object();

    json_line_integer(o, "step", d->step);
    json_line_number(o, "timestamp", d->time);
    json_object_set_new(o, "setting", json_string(d->setting));
    json_object_set_new(o, "before", json_string(d->before));
    json_object_set_new(o, "after", json_string(d->after));
    return add(array, o);
}

static int add_evaluation(void *array, const struct store_evaluation *v)
{
    json_t *o = json_object();

    json_line_integer(o, "step", v->step);
    json_line_number(o, "timestamp", v->time);
    json_line_number(o, "epoch", v->epoch);
    json_line_number(o, "val_loss", v->loss);
    json_line_number(o, "val_accuracy", v->accuracy);
    json_line_number(o, "part_loss", v->part_loss);
    json_line_number(o, "part_accuracy", v->part_accuracy);
    return add(array, o);
}

static int add_probe(void *array, const struct store_probe *p)
{
    json_t *o = json_object();

    json_line_integer(o, "step", p->step);
    json_line_number(o, "timestamp", p->time);
    json_line_number(o, "highest", p->highest);
    json_line_number(o, "lowest", p->lowest);
    json_line_number(o, "trace", p->trace);
    json_line_number(o, "sharpness", p->sharpness);
    json_line_number(o, "predicted_gain", p->predicted_gain);
    json_line_number(o, "curvature_cost", p->curvature_cost);
    json_line_number(o, "actual", p->actual);
    json_line_number(o, "directional_sharpness", p->directional_sharpness);
    json_line_number(o, "batch_sharpness", p->batch_sharpness);
    json_line_number(o, "limit_small", p->limit_small);
    json_line_number(o, "limit_large", p->limit_large);
    return add(array, o);
}

static int add_event(void *array, const struct store_event *v)
{
    json_t *o = json_object();

    json_line_integer(o, "step", v->step);
    json_line_number(o, "timestamp", v->time);
    json_object_set_new(o, "text", json_string(v->text));
    return add(array, o);
}

static int add_checkpoint(void *array, const struct store_checkpoint *k)
{
    json_t *o = json_object();

    json_object_set_new(o, "path", json_string(k->path));
    json_line_integer(o, "step", k->step);
    json_line_number(o, "timestamp", k->time);
    json_object_set_new(o, "named", json_boolean(k->named));
    return add(array, o);
}

static int add_look(void *array, const struct store_look *l)
{
    json_t *o = json_object();

    json_object_set_new(o, "split", json_string(l->split));
    json_object_set_new(o, "source", json_string(l->source));
    json_line_number(o, "timestamp", l->time);
    json_line_number(o, "loss", l->loss);
    json_line_number(o, "accuracy", l->accuracy);
    return add(array, o);
}

static json_t *array_of(json_t *o, const char *key)
{
    json_t *array = json_array();

    json_object_set_new(o, key, array);
    return array;
}

static int show_json(struct store *s, const struct store_run *run, struct err *e)
{
    json_t *o = runs_json(run);
    int r = store_settings(s, run->id, add_setting, array_of(o, "settings"), e);

    if (r == 0)
        r = store_edits(s, run->id, add_edit, array_of(o, "edits"), e);
    if (r == 0)
        r = store_evaluations(s, run->id, add_evaluation, array_of(o, "evaluations"), e);
    if (r == 0)
        r = store_probes(s, run->id, add_probe, array_of(o, "probes"), e);
    if (r == 0)
        r = store_events(s, run->id, add_event, array_of(o, "events"), e);
    if (r == 0)
        r = store_checkpoints(s, run->id, add_checkpoint, array_of(o, "checkpoints"), e);
    if (r == 0)
        r = store_looks(s, run->id, add_look, array_of(o, "looks"), e);
    if (r == 0)
        json_line_print(o);
    else
        json_decref(o);
    return r;
}

/* ---- as text -------------------------------------------------------------------------------- */

struct part { /* of the text: its heading comes with its first row */
    const char *heading;
    int rows;
};

static void head(struct part *p)
{
    if (p->rows++ == 0)
        printf("\n%s\n", p->heading);
}

static int print_setting(void *context, const struct store_setting *t)
{
    char name[RUNS_TEXT], value[RUNS_TEXT];

    if (!t->set)
        return 0;
    head(context);
    printf("  %-22s %s\n", runs_text(name, t->name, 60), runs_text(value, t->value, RUNS_TEXT));
    return 0;
}

static int print_edit(void *context, const struct store_edit *d)
{
    char name[RUNS_TEXT], before[RUNS_TEXT], after[RUNS_TEXT];

    head(context);
    printf("  step %-9lld %s %s → %s\n", (long long)d->step, runs_text(name, d->setting, 60), runs_text(before, d->before, 60),
           runs_text(after, d->after, 60));
    return 0;
}

static int print_evaluation(void *context, const struct store_evaluation *v)
{
    head(context);
    printf("  step %-9lld epoch %-7.2f validation loss %.4f accuracy %.4f\n", (long long)v->step, v->epoch, v->loss, v->accuracy);
    return 0;
}

static int print_probe(void *context, const struct store_probe *p)
{
    head(context);
    printf("  step %-9lld λmax %.4g  λmin %.4g  trace %.4g", (long long)p->step, p->highest, p->lowest, p->trace);
    if (isfinite(p->sharpness))
        printf("  η λmax %.3g", p->sharpness);
    putchar('\n');
    if (isfinite(p->actual))
        printf("  %14s next step: gain %.3g predicted, curvature takes %.3g, loss %+.3g; batch sharpness %.3g\n", "",
               p->predicted_gain, p->curvature_cost, p->actual, p->batch_sharpness);
    return 0;
}

static int print_event(void *context, const struct store_event *v)
{
    char text[RUNS_TEXT];

    head(context);
    printf("  step %-9lld %s\n", (long long)v->step, runs_text(text, v->text, RUNS_TEXT));
    return 0;
}

static int print_checkpoint(void *context, const struct store_checkpoint *k)
{
    char path[RUNS_TEXT];

    head(context);
    printf("  step %-9lld %s%s\n", (long long)k->step, runs_text(path, k->path, RUNS_TEXT), k->named ? "" : " (by the lab)");
    return 0;
}

static void print_looks(const struct store_run *run)
{
    char times[TEXT_COUNT + 8];

    if (run->looks == 0) {
        puts("\nThe test set was not looked at.");
        return;
    }
    snprintf(times, sizeof times, "%lld times", (long long)run->looks);
    printf("\nThe test set was looked at %s, last with accuracy %.4f. A figure by which settings (or the seed) are chosen is\n"
           "optimistic: choose by validation, or by cross-validation, and look at the test set once.\n",
           run->looks == 1 ? "once" : times, run->test_accuracy);
}

static void print_head(const struct store_run *run)
{
    char text[RUNS_TEXT], when[32], steps[TEXT_COUNT], parameters[TEXT_COUNT], accuracy[32];

    text_count(steps, sizeof steps, (uint64_t)run->steps);
    text_count(parameters, sizeof parameters, (uint64_t)run->parameters);
    printf("%s%s%s: %s, %s steps, %.2f epochs\n", run->name, run->marked ? " (marked)" : "", run->deleted ? " (deleted)" : "",
           run->status, steps, run->epochs);
    if (run->note[0])
        printf("  %-22s %s\n", "note", run->note);
    printf("  %-22s %s, by saddle %s\n", "begun", runs_when(when, run->started), run->source);
    printf("  %-22s %s, fingerprint %s\n", "data", run->data, run->fingerprint);
    printf("  %-22s %s\n", "recipe", run->recipe);
    printf("  %-22s %s, %s parameters\n", "network", runs_text(text, run->network, 200), parameters);
    printf("  %-22s %lld, %lld shards\n", "seed", (long long)run->seed, (long long)run->shards);
    printf("  %-22s %s\n", "products", run->products);
    printf("  %-22s %s", "best validation", runs_share(accuracy, run->best_accuracy));
    if (!isnan(run->best_accuracy))
        printf(" at step %lld, loss %.4f", (long long)run->best_step, run->best_loss);
    putchar('\n');
    if (run->lost)
        printf("  %-22s %lld steps could not be recorded\n", "incomplete", (long long)run->lost);
}

static int show_text(struct store *s, const struct store_run *run, struct err *e)
{
    struct part settings = {"settings that are not the default:", 0}, edits = {"edits:", 0}, evaluations = {"evaluations:", 0},
                probes = {"probes of the curvature:", 0}, events = {"log:", 0}, checkpoints = {"checkpoints:", 0};
    int r;

    print_head(run);
    r = store_settings(s, run->id, print_setting, &settings, e);
    if (r == 0)
        r = store_edits(s, run->id, print_edit, &edits, e);
    if (r == 0)
        r = store_evaluations(s, run->id, print_evaluation, &evaluations, e);
    if (r == 0)
        r = store_probes(s, run->id, print_probe, &probes, e);
    if (r == 0)
        r = store_events(s, run->id, print_event, &events, e);
    if (r == 0)
        r = store_checkpoints(s, run->id, print_checkpoint, &checkpoints, e);
    if (r == 0)
        print_looks(run);
    return r;
}

int runs_show(struct store *s, const struct runs_request *q, struct err *e)
{
    struct store_run run;
    int r = store_find(s, q->name[0], &run, e);

    if (r)
        return r;
    return q->json ? show_json(s, &run, e) : show_text(s, &run, e);
}
