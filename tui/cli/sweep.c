/* SPDX-License-Identifier: MIT */
/* saddle sweep: many runs from one plan, one file each, and their table. */
#include "cli/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "cli/all-ranks.h"
#include "cli/output.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "core/file.h"
#include "ranks/ranks.h"
#include "sweep/job.h"

/* ---- options -------------------------------------------------------------------------------- */

static const char *const numbers[] = {"seed", "folds", "draws", "epochs", "steps"};

static int take_set(struct sweeping *s, const char *value, struct err *e)
{
    if (!strchr(value, '='))
        return err_set(e, ERR_USAGE, "--set %.80s: expected NAME=VALUE,VALUE…", value);
    if (s->sets == (int)(sizeof s->set / sizeof *s->set))
        return err_set(e, ERR_USAGE, "more than %d options --set", s->sets);
    s->set[s->sets++] = value;
    return 1;
}

/* What the plan is made of. */
static int take_plan(struct sweeping *s, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {
        {"--recipe", &s->recipes},       {"--seeds", &s->seeds},         {"--fold-by", &s->fold_by},
        {"--data", &s->data},            {"--seed", &s->numbers[0]},     {"--folds", &s->numbers[1]},
        {"--draws", &s->numbers[2]},     {"--epochs", &s->numbers[3]},   {"--steps", &s->numbers[4]},
        {NULL, NULL},
    };
    const char *value;
    int r = option_value(argc, argv, i, "--set", &value, e);

    if (r > 0)
        r = take_set(s, value, e);
    if (r == 0)
        r = option_take_text(texts, argc, argv, i, e);
    s->planned |= r > 0;
    return r;
}

static int take(struct sweeping *s, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {
        {"--output", &s->directory}, {"-o", &s->directory}, {"--svg", &s->picture}, {"--metric", &s->metric_name}, {NULL, NULL}};
    const struct option_count counts[] = {
        {"--index", &s->index, 0, SWEEP_JOBS - 1}, {"--jobs", &s->jobs, 1, 64}, {"--threads", &s->threads, 1, 256},
        {NULL, NULL, 0, 0}};
    const struct option_switch switches[] = {
        {"--json", &s->json}, {"--csv", &s->csv}, {"--force", &s->force}, {"--dry-run", &s->dry_run},
        {"--no-record", &s->no_record}, {NULL, NULL}};
    int r = take_plan(s, argc, argv, i, e);

    if (r == 0)
        r = option_take_text(texts, argc, argv, i, e);
    if (r == 0)
        r = option_take_count(counts, argc, argv, i, e);
    if (r == 0)
        r = option_take_switch(switches, argv[*i]);
    return r;
}

static int parse(struct sweeping *s, int argc, char **argv, const char **place, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        int r = take(s, argc, argv, &i, e);
        if (r == 0 && argv[i][0] != '-' && !*place) {
            *place = argv[i];
            r = 1;
        }
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    s->metric = sweep_metric_find(s->metric_name);
    if (s->metric < 0)
        return err_set(e, ERR_USAGE,
                       "--metric %.40s: choose best_val_accuracy, best_val_loss, or val, test or train followed by _accuracy "
                       "or _loss",
                       s->metric_name);
    if (s->json && s->csv)
        return err_set(e, ERR_USAGE, "--json and --csv exclude each other");
    return 0;
}

/* ---- the plan ------------------------------------------------------------------------------- */

static int apply_sets(struct sweeping *s, struct err *e)
{
    int r = 0;

    for (int i = 0; r == 0 && i < s->sets; i++) {
        const char *equals = strchr(s->set[i], '=');
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(equals - s->set[i]), s->set[i]);
        r = sweep_plan_set(&s->plan, name, equals + 1, e);
    }
    return r;
}

static int apply_options(struct sweeping *s, struct err *e)
{
    struct sweep_plan *p = &s->plan;
    int r = 0;

    if (s->data && strlen(s->data) >= sizeof p->data)
        return err_set(e, ERR_USAGE, "--data: longer than %zu characters", sizeof p->data - 1);
    if (s->data)
        strcpy(p->data, s->data);
    if (s->recipes)
        r = sweep_plan_recipes(p, s->recipes, e);
    if (r == 0)
        r = apply_sets(s, e);
    if (r == 0 && s->seeds)
        r = sweep_plan_seeds(p, s->seeds, e);
    if (r == 0 && s->fold_by)
        r = sweep_plan_fold_by(p, s->fold_by, e);
    if (r == 0 && s->numbers[3]) /* a bound on the command line replaces that of the file */
        p->steps = -1;
    if (r == 0 && s->numbers[4])
        p->epochs = s->numbers[3] ? p->epochs : -1;
    for (int i = 0; r >= 0 && i < 5; i++)
        if (s->numbers[i])
            r = sweep_plan_number(p, numbers[i], s->numbers[i], e);
    return r < 0 ? r : 0;
}

/* A directory that is gone on with says by how many shards, where the options do not. */
static int adopt_shards(struct sweeping *s, struct err *e)
{
    struct sweep_plan there;
    int r;

    if (!s->directory || !sweep_directory_is_one(s->directory))
        return 0;
    r = sweep_plan_init(&there, e);
    if (r)
        return r;
    r = sweep_directory_plan(s->directory, &there, e);
    if (r == 0)
        sweep_plan_adopt_shards(&s->plan, &there);
    sweep_plan_free(&there);
    return r;
}

/* From the file, then the options; or that of the directory. */
static int make_plan(struct sweeping *s, struct err *e)
{
    int r;

    if (!s->plan_file && !s->planned && s->directory && sweep_directory_is_one(s->directory))
        return sweep_directory_plan(s->directory, &s->plan, e);
    if (!s->plan_file && !s->planned)
        return err_set(e, ERR_USAGE, "a sweep needs a PLAN.ini, options such as --set lr=1e-4,1e-3, or -o with the directory "
                                     "of a sweep");
    r = s->plan_file ? sweep_plan_read(&s->plan, s->plan_file, e) : 0;
    if (r == 0)
        r = apply_options(s, e);
    if (r == 0 && s->plan.recipes == 0)
        r = sweep_plan_recipes(&s->plan, "quick", e);
    if (r == 0)
        r = adopt_shards(s, e);
    if (r == 0)
        r = sweep_plan_finish(&s->plan, e);
    return r && s->plan_file && !s->planned ? err_in_file(e, s->plan_file) : r;
}

/* ---- the table ------------------------------------------------------------------------------ */

static void complain(void *context, const char *sentence)
{
    int *complaints = context;

    ++*complaints;
    fprintf(stderr, "saddle: %s; the job counts as not done\n", sentence);
}

static void name_missing(const struct sweep_table *t)
{
    int named = 0;

    fprintf(stderr, "saddle: missing jobs:");
    for (int i = 0; i < t->jobs && named < 20; i++)
        if (!t->have[i])
            fprintf(stderr, " %d", i), named++;
    fprintf(stderr, "%s\n", t->missing > named ? " …" : "");
}

static int write_picture(const struct sweeping *s, const struct sweep_table *t, struct err *e)
{
    char *text = sweep_picture(t);
    int r = text ? file_replace(s->picture, text, strlen(text), e) : err_memory(e, "the picture", 1 << 20);

    free(text);
    return r;
}

static void print_table(const struct sweeping *s, const struct sweep_table *t)
{
    if (s->json)
        sweep_print_json(t);
    else if (s->csv)
        sweep_print_csv(t);
    else
        sweep_print_text(t);
}

/* What there is is printed; jobs that are missing or failed make it an error. */
static int report(const struct sweeping *s, const struct sweep_directory *d, struct err *e)
{
    struct sweep_table t;
    int complaints = 0, r = sweep_table_read(&t, &s->plan, d, complain, &complaints, e);

    if (r)
        return r;
    sweep_table_count(&t, s->metric);
    print_table(s, &t);
    if (t.kernels_differ)
        fprintf(stderr, "saddle: note: jobs were computed by different libraries or kernels; the last digits may differ\n");
    if (s->picture)
        r = write_picture(s, &t, e);
    if (t.missing > 0)
        name_missing(&t);
    if (r == 0 && t.missing > 0)
        r = err_set(e, ERR_RUNTIME, "%s: %d of %d jobs are missing", d->path, t.missing, t.jobs);
    if (r == 0 && t.failed > 0)
        r = err_set(e, ERR_RUNTIME, "%s: %d of %d jobs failed; they are done again when the sweep is started again", d->path,
                    t.failed, t.jobs);
    sweep_table_free(&t);
    return r;
}

/* ---- verbs ---------------------------------------------------------------------------------- */

static int check_outputs(const struct sweeping *s, struct err *e)
{
    const char *inputs[] = {s->plan_file ? s->plan_file : "", NULL};
    int r;

    if (!s->picture)
        return 0;
    r = sweep_picture_check(&s->plan, e);
    return r ? r : output_check(s->picture, OUTPUT_PICTURE, inputs, s->force, e);
}

static int open_directory(struct sweeping *s, struct sweep_directory *d, struct err *e)
{
    char *place = s->directory ? strdup(s->directory) : sweep_directory_default(&s->plan, e);
    int r = place ? sweep_directory_open(d, place, &s->plan, e) : -e->code;

    if (r == 0 && !s->directory)
        fprintf(stderr, "saddle: the sweep is kept in %s\n", place);
    free(place);
    return r;
}

/* Folds that the data does not have, before a directory is made for them. */
static int check_folds(const struct sweeping *s, struct err *e)
{
    struct setup setup = {0};
    int r;

    if (s->plan.folds == 1 || (s->directory && sweep_directory_is_one(s->directory)))
        return 0;
    r = setup_open_data(&setup, s->plan.data, 1, e);
    if (r == 0 && sweep_job_check(&s->plan, &setup.data, e) != 0)
        r = -(e->code = ERR_USAGE);
    setup_close(&setup);
    return r;
}

static int sweep(struct sweeping *s, struct err *e)
{
    struct sweep_directory d = {.claims = -1};
    int r = make_plan(s, e);

    if (r == 0 && s->index >= 0)
        r = err_set(e, ERR_USAGE, "--index is for `saddle sweep run`");
    if (r == 0 && s->dry_run) {
        sweep_list(&s->plan, s->json);
        return 0;
    }
    if (r == 0 && ranks_size() > 1 && s->jobs > 1)
        r = err_set(e, ERR_USAGE, "--jobs: mpirun says how many processes there are");
    if (r == 0 && ranks_rank() == 0)
        r = check_outputs(s, e);
    if (r == 0)
        r = check_folds(s, e);
    if (r == 0 && ranks_rank() == 0)
        r = open_directory(s, &d, e);
    r = all_ranks_agree(r, e);
    if (r == 0 && ranks_rank() > 0)
        return sweep_do_for_first(s, e);
    if (r == 0)
        r = sweep_do_all(s, &d, e);
    if (r == 0)
        r = report(s, &d, e);
    sweep_directory_close(&d);
    return r;
}

static int run_one(struct sweeping *s, struct err *e)
{
    struct sweep_directory d = {.claims = -1};
    int r = s->index < 0     ? err_set(e, ERR_USAGE, "`saddle sweep run` needs --index K")
            : !s->directory ? err_set(e, ERR_USAGE, "`saddle sweep run` needs -o DIR, the same for all jobs")
                            : make_plan(s, e);

    if (r == 0 && s->index >= sweep_plan_jobs(&s->plan))
        r = err_set(e, ERR_USAGE, "--index %lld: the sweep has jobs 0 to %d", s->index, sweep_plan_jobs(&s->plan) - 1);
    if (r == 0)
        r = check_folds(s, e);
    if (r == 0)
        r = open_directory(s, &d, e);
    if (r == 0)
        r = sweep_do_one(s, &d, (int)s->index, e);
    sweep_directory_close(&d);
    return r;
}

static int gather(struct sweeping *s, struct err *e)
{
    struct sweep_directory d = {.claims = -1};
    int r = 0;

    if (s->planned || (s->plan_file && s->directory))
        r = err_set(e, ERR_USAGE, "`saddle sweep gather` takes the directory of a sweep, whose plan is in it");
    if (!s->directory)
        s->directory = s->plan_file;
    s->plan_file = NULL;
    if (r == 0 && !s->directory)
        r = err_set(e, ERR_USAGE, "`saddle sweep gather` needs the directory of a sweep");
    if (r == 0)
        r = sweep_directory_look(&d, s->directory, e);
    if (r == 0)
        r = sweep_directory_plan(s->directory, &s->plan, e);
    if (r == 0)
        r = check_outputs(s, e);
    if (r == 0)
        r = report(s, &d, e);
    sweep_directory_close(&d);
    return r;
}

static int list_jobs(struct sweeping *s, struct err *e)
{
    int r = make_plan(s, e);

    if (r == 0)
        sweep_list(&s->plan, s->json);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    static const struct {
        const char *name;
        int (*run)(struct sweeping *s, struct err *e);
    } verbs[] = {{"run", run_one}, {"gather", gather}, {"list-jobs", list_jobs}};
    struct sweeping s = {.metric_name = "best_val_accuracy", .index = -1, .jobs = 1};
    int (*verb)(struct sweeping *s, struct err *e) = sweep;
    int skip = 0, r;

    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0) {
            verb = verbs[i].run;
            skip = 1;
        }
    if (skip && ranks_size() > 1)
        return err_set(e, ERR_USAGE, "mpirun hands out the jobs of `saddle sweep`; `sweep %s` is one process", argv[1]);
    r = parse(&s, argc - skip, argv + skip, &s.plan_file, e);
    if (r == 0)
        r = sweep_plan_init(&s.plan, e);
    if (r == 0) {
        r = verb(&s, e);
        sweep_plan_free(&s.plan);
    }
    return r;
}

const struct cmd cmd_sweep = {
    .name = "sweep",
    .ranks = 1,
    .synopsis = "sweep [run|gather|list-jobs] [PLAN.ini|DIR] [OPTION]…",
    .summary = "train one run for each combination of settings, seeds and folds, and compare them",
    .help = "  --recipe A,B        recipes (default: quick)\n"
            "  --set NAME=A,B,…    values of a setting, or NAME=LOW..HIGH to draw from; may be repeated. A value that holds a\n"
            "                      comma stands between double quotes: --set 'milestones=\"10,20\",\"15,30\"'\n"
            "  --draws N           N random draws of the settings instead of every combination\n"
            "  --seeds N|LIST      runs of each combination, seeds 1 to N or those listed (1)\n"
            "  --seed N            first of those seeds, and seed of the draws (1)\n"
            "  --folds N           cross validation: each combination once for every fold (1: the recipe's split)\n"
            "  --fold-by WORD      utterance (the default), or speaker: validate on unheard voices\n"
            "  --epochs N          epochs of a job (default: its recipe's)\n"
            "  --steps N           steps of a job\n"
            "  --data D            sample (the default), a libriphone folder, or a .safetensors data set\n"
            "  -o, --output DIR    where plan and results are kept (default: below $XDG_STATE_HOME, named after the plan)\n"
            "  --index K           with run: the job to do\n"
            "  --dry-run           list the jobs by number and do none, as list-jobs does\n"
            "  --jobs N            jobs done at once, in processes that share the threads (1)\n"
            "  --threads N         compute threads in all (default: one per core); results do not depend on it\n"
            "  --metric NAME       figure of the table: best_val_accuracy (the default), best_val_loss, val_accuracy, val_loss,\n"
            "                      test_accuracy, test_loss, train_accuracy or train_loss\n"
            "  --json              a line with \"job\" for each job, one with \"cell\" for each row, one with \"summary\"\n"
            "  --csv               a line for each job\n"
            "  --svg F.svg         write a plot of the metric over the first numeric setting that varies\n"
            "  --no-record         do not record the runs; see saddle runs\n"
            "  --force             replace a picture file that holds something else\n"
            "Started again, a sweep does the jobs that have no result yet; several processes may share a directory.\n"
            "`sweep -o DIR` goes on with the plan in DIR, `sweep run --index K -o DIR` does one job of it, and\n"
            "`sweep gather DIR` prints the table; it exits with 1 while jobs are missing or have failed.\n"
            "A run that diverges is a result: its row says so, and it has no part in the mean.\n",
    .verbs = "run gather list-jobs",
    .computes = 1,
    .run = run,
};
