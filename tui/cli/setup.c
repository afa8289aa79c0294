/* SPDX-License-Identifier: MIT */
#include "cli/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "data/recording.h"
#include "run/checkpoint.h"
#include "run/recipe.h"
#include "math/kernel-choice.h"
#include "math/products.h"
#include "math/start.h"
#include "net/spec.h"
#include "ranks/ranks.h"
#include "run/journal.h"
#include "run/setting-unknown.h"

const char setup_options_help[] =
    "  --data D            sample (the default), a libriphone or timit_11 folder, or a .safetensors data set\n"
    "  --recipe NAME|FILE  quick (the default), simple, medium, strong, rnn, boss-window, boss-utterance, or an INI file\n"
    "  --set NAME=VALUE    change a setting of the recipe, or NAME=default; may be repeated\n"
    "  --seed N            seed for initial weights, shuffling and dropout\n"
    "  --threads N         compute threads (default: one per core); results do not depend on it\n"
    "  --checkpoint FILE   save the run to FILE when it ends\n"
    "  --force             replace the checkpoint file even if it holds something else\n"
    "  --from FILE         continue from a checkpoint\n"
    "  --no-record         do not record the run; see saddle runs\n";

static int take_set(struct setup_options *o, const char *value, struct err *e)
{
    if (!strchr(value, '='))
        return err_set(e, ERR_USAGE, "--set %.80s: expected NAME=VALUE", value);
    if (o->sets == SETUP_SETS)
        return err_set(e, ERR_USAGE, "more than %d options --set", SETUP_SETS);
    o->set[o->sets++] = value;
    return 1;
}

int setup_options_take(struct setup_options *o, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {
        {"--data", &o->data}, {"--recipe", &o->recipe},         {"--seed", &o->seed},
        {"--from", &o->from}, {"--checkpoint", &o->checkpoint}, {NULL, NULL},
    };
    const char *value;
    long long n;
    int r = option_take_text(texts, argc, argv, i, e);

    if (r)
        return r;
    if (strcmp(argv[*i], "--force") == 0)
        return o->force = 1;
    if (strcmp(argv[*i], "--no-record") == 0)
        return o->no_record = 1;
    r = option_value(argc, argv, i, "--set", &value, e);
    if (r)
        return r < 0 ? r : take_set(o, value, e);
    r = option_value(argc, argv, i, "--threads", &value, e);
    if (r > 0) {
        if (option_number("--threads", value, 1, 256, &n, e) != 0)
            return -ERR_USAGE;
        o->threads = (int)n;
    }
    return r;
}

/* ---- making the run ------------------------------------------------------------------------- */

/* The setting that "name=value" names; −1: none. */
static int set_id(const char *set, char name[64])
{
    snprintf(name, 64, "%.*s", (int)(strchr(set, '=') - set), set);
    return knob_find(name);
}

static int check_network(const struct knobs *k, struct err *e)
{
    struct network_spec spec;
    struct err why;

    return spec_parse(&spec, k->network, &why) == 0 ? 0 : err_set(e, ERR_USAGE, "%s", why.text);
}

static int apply_set(struct knobs *k, const char *set, struct err *e)
{
    char name[64];
    int id = set_id(set, name), r;

    if (id < 0)
        return setting_unknown(ERR_USAGE, "--set: ", name, e);
    r = knobs_parse(k, id, strchr(set, '=') + 1, e);
    return r == 0 && id == KNOB_NETWORK ? check_network(k, e) : r;
}

/* Whether --set has a say in what a run is made of. */
static int sets_restart(const struct setup_options *o)
{
    char name[64];

    for (int i = 0; i < o->sets; i++)
        if (!knob_row((enum knob_id)set_id(o->set[i], name))->live)
            return 1;
    return 0;
}

/* As many shards as the ranks have cores. One process does the same when the run is made. */
static void choose_shards(struct knobs *k, const struct setup_options *o)
{
    int most = (int)knob_row(KNOB_SHARDS)->max, cores = ranks_all_cores();

    if (o->shared && k->value[KNOB_SHARDS] == 0)
        k->value[KNOB_SHARDS] = cores < most ? cores : most;
}

/* Recipe (or checkpoint) first, then --set, then --seed. */
static int gather_knobs(struct knobs *k, const struct setup_options *o, const struct checkpoint *from, struct err *e)
{
    int r = 0;

    knobs_standard(k);
    if (from)
        *k = from->knobs;
    else
        r = recipe_load(k, o->recipe ? o->recipe : "quick", e);
    for (int i = 0; r == 0 && i < o->sets; i++)
        r = apply_set(k, o->set[i], e);
    if (r == 0 && o->seed)
        r = knobs_parse(k, KNOB_SEED, o->seed, e);
    choose_shards(k, o);
    return r;
}

/* A continued run keeps the settings that need a restart; its live settings are changed, and journaled. */
static int turn_knobs(struct run *l, const struct knobs *k, struct err *e)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knobs *now = run_knobs(l);
        struct knob_value value = knobs_value(k, i);
        int r = 0;
        if (!knobs_same(now, k, i) && (now->set[i] || k->set[i])) /* the others follow */
            r = run_set(l, i, &value, e);
        if (r)
            return r;
    }
    return 0;
}

static int show_progress(void *context, int64_t done, int64_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO) && (done % 16 == 0 || done == total))
        fprintf(stderr, "\rreading utterances %lld of %lld%s", (long long)done, (long long)total,
                done == total ? "\r\033[K" : "");
    return 0;
}

typedef int data_opener(struct dataset *d, const char *name, dataset_progress *progress, void *context, char **note,
                        struct err *e);

static int open_data_by(data_opener *open, struct setup *r, const char *name, int threads, struct err *e)
{
    char *note = NULL;
    int result = math_start(e);

    if (result == 0)
        result = open(&r->data, name, show_progress, NULL, &note, e);
    if (note)
        fprintf(stderr, "saddle: %s\n", note);
    free(note);
    return result ? result : pool_new(&r->pool, threads ? threads : ranks_cores(), e);
}

static int open_data(struct setup *r, const char *name, int threads, struct err *e)
{
    return open_data_by(dataset_open, r, name, threads, e);
}

/* A network that does not fit is the recipe's fault unless it was typed. */
static int is_of_recipe(const struct setup_options *o, const struct err *e)
{
    for (int i = 0; i < o->sets; i++)
        if (strncmp(o->set[i], "network", 7) == 0)
            return 0;
    return o->recipe && !o->from && strncmp(e->text, "network", 7) == 0;
}

/* The place of the checkpoint, before minutes are spent on the data. A run that goes on may be saved where it came
 * from: nothing is lost by that. */
static int check_checkpoint(const struct setup_options *o, struct err *e)
{
    const char *inputs[] = {o->data ? o->data : "", o->recipe ? o->recipe : "", NULL};

    return o->checkpoint ? output_check(o->checkpoint, OUTPUT_CHECKPOINT, inputs, o->force, e) : 0;
}

static int warn_of_kernels(int result)
{
    char text[120];

    kernels_warning(text, sizeof text);
    if (result == 0 && *text)
        fprintf(stderr, "saddle: note: %s\n", text);
    return result;
}

int setup_open_data(struct setup *r, const char *name, int threads, struct err *e)
{
    return warn_of_kernels(open_data(r, name, threads, e));
}

int setup_open_test_data(struct setup *r, const char *name, int threads, struct err *e)
{
    return warn_of_kernels(open_data_by(dataset_open_test, r, name, threads, e));
}

int setup_open_recording(struct setup *r, const char *path, const char *classes, int threads, struct err *e)
{
    int result = math_start(e);

    if (result == 0)
        result = recording_open(&r->data, path, classes, e);
    if (result == 0)
        result = pool_new(&r->pool, threads ? threads : ranks_cores(), e);
    return warn_of_kernels(result);
}

int setup_look_at(struct setup *r, const struct checkpoint *from, struct err *e)
{
    struct knobs k = from->knobs;

    if (products_check((enum products_source)k.value[KNOB_PRODUCTS], NULL) != 0)
        k.value[KNOB_PRODUCTS] = PRODUCTS_AUTO;
    return checkpoint_fits(from, &r->data, e) ? -e->code : run_new(&r->run, &r->data, &k, r->pool, e);
}

int setup_open_checkpoint(struct setup *r, const char *path, const char *data, struct err *e)
{
    struct checkpoint from = {0};
    int result = checkpoint_open(&from, path, e);

    setup_report_unknown(&from);
    if (result == 0)
        result = setup_open_data(r, data ? data : from.data, 0, e);
    if (result == 0)
        result = setup_look_at(r, &from, e);
    if (result == 0)
        result = checkpoint_restore(&from, r->run, 0, e);
    checkpoint_close(&from);
    return result;
}

/* For the log where there is one, else for stderr. */
static void remark(struct setup *r, const struct setup_options *o, const char *text)
{
    if (*text && o->logged)
        run_remark(r->run, text);
    else if (*text)
        fprintf(stderr, "saddle: note: %s\n", text);
}

/* Kernels that are slow; and those the run was begun with, if these are others. The journal gets the present ones. */
static int note_products(struct setup *r, const struct setup_options *o, const struct checkpoint *from, struct err *e)
{
    char text[120];

    kernels_warning(text, sizeof text);
    remark(r, o, text);
    if (from && from->products) {
        journal_compare(r->run, "the checkpoint", from->products, text, sizeof text);
        remark(r, o, text);
    }
    return journal_products(r->run, e);
}

static int make_lane(struct setup *r, const struct setup_options *o, const struct checkpoint *from, struct err *e)
{
    struct knobs k;
    int result = gather_knobs(&k, o, from, e);

    if (result) /* a recipe that cannot be read is bad input, whatever was set besides */
        return result;
    if (from)
        result = checkpoint_fits(from, &r->data, e);
    if (result == 0)
        result = run_new(&r->run, &r->data, from ? &from->knobs : &k, r->pool, e);
    if (result && is_of_recipe(o, e))
        err_in_file(e, o->recipe);
    if (result == -ERR_INPUT && !from && sets_restart(o)) /* what was set does not fit the data */
        result = -(e->code = ERR_USAGE);
    if (result == 0 && run_source(r->run, RUN_TRAIN)->frames->frames == 0)
        result = err_set(e, ERR_INPUT, "%s: no utterances to train on", r->data.path);
    if (result == 0 && from)
        result = checkpoint_restore(from, r->run, 1, e);
    if (result == 0 && from)
        result = turn_knobs(r->run, &k, e);
    return result;
}

void setup_report_unknown(const struct checkpoint *c)
{
    if (c->unknown[0])
        fprintf(stderr, "saddle: %s: ignoring settings of another version: %s\n", c->path, c->unknown);
}

int setup_open(struct setup *r, const struct setup_options *o, struct err *e)
{
    struct checkpoint from = {0};
    int result;

    memset(r, 0, sizeof *r);
    if (o->from && o->recipe)
        return err_set(e, ERR_USAGE, "--from and --recipe exclude each other: a continued run keeps its own recipe");
    snprintf(r->recipe, sizeof r->recipe, "%s", o->from ? o->from : o->recipe ? o->recipe : "quick");
    result = check_checkpoint(o, e);
    if (result == 0 && o->from)
        result = checkpoint_open(&from, o->from, e);
    setup_report_unknown(&from);
    if (result == 0)
        result = open_data(r, o->data ? o->data : o->from ? from.data : "sample", o->threads, e);
    if (result == 0)
        result = make_lane(r, o, o->from ? &from : NULL, e);
    if (result == 0)
        result = note_products(r, o, o->from ? &from : NULL, e);
    checkpoint_close(&from);
    if (result)
        setup_close(r);
    return result;
}

/* The checkpoint it began from is restored, and set as the session says. */
static int begin_session(struct setup *r, const struct session *s, const struct checkpoint *from, struct err *e)
{
    int result = from ? checkpoint_fits(from, &r->data, e) : 0;

    if (result == 0)
        result = run_new(&r->run, &r->data, from ? &from->knobs : &s->first, r->pool, e);
    if (result == 0 && from)
        result = checkpoint_restore(from, r->run, 1, e);
    if (result == 0 && from)
        result = turn_knobs(r->run, &s->first, e);
    return result;
}

int setup_open_session(struct setup *r, const struct session *s, const char *data, int threads, struct err *e)
{
    const struct setup_options o = {.logged = 1};
    struct checkpoint from = {0};
    int result = 0;

    memset(r, 0, sizeof *r);
    snprintf(r->recipe, sizeof r->recipe, "%s", s->recipe);
    if (s->from)
        result = checkpoint_open(&from, s->from, e);
    if (result == 0)
        result = open_data(r, data ? data : s->data, threads, e);
    if (result == 0 && r->data.fingerprint != s->fingerprint)
        result = err_set(e, ERR_INPUT, "%s: not the data that the session was trained on", r->data.path);
    if (result == 0)
        result = begin_session(r, s, s->from ? &from : NULL, e);
    if (result == 0)
        result = note_products(r, &o, NULL, e);
    checkpoint_close(&from);
    if (result)
        setup_close(r);
    return result;
}

int setup_open_state(struct setup *r, const struct session_state *s, int threads, struct err *e)
{
    const struct setup_options o = {.logged = 1};
    int result;

    memset(r, 0, sizeof *r);
    snprintf(r->recipe, sizeof r->recipe, "%s", s->session.recipe);
    result = open_data(r, s->session.data, threads, e);
    if (result == 0)
        result = session_state_run(s, s->focus, &r->data, r->pool, &r->run, e);
    if (result == 0)
        result = note_products(r, &o, NULL, e);
    if (result)
        setup_close(r);
    return result;
}

void setup_close(struct setup *r)
{
    run_free(r->run);
    pool_free(r->pool);
    dataset_free(&r->data);
    memset(r, 0, sizeof *r);
}
