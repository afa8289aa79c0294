/* SPDX-License-Identifier: MIT */
/* saddle runs: the runs that were recorded. */
#include "cli/runs.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/subcommand.h"

static const struct verb {
    const char *name;
    int least, most; /* words after it */
    runs_verb *run;
    const char *words; /* as the usage says it */
} verbs[] = {
    {"list", 0, 1, runs_list, "list [FILTER]"},
    {"show", 1, 1, runs_show, "show NAME"},
    {"compare", 2, RUNS_NAMES, runs_compare, "compare A B…"},
    {"export", 1, 1, runs_export, "export NAME"},
    {"rename", 2, 2, runs_rename, "rename NAME NEW"},
    {"note", 2, 2, runs_note, "note NAME TEXT"},
    {"mark", 1, RUNS_NAMES, runs_mark, "mark NAME…"},
    {"rm", 0, RUNS_NAMES, runs_rm, "rm NAME…"},
    {"gc", 0, 0, runs_gc, "gc"},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(name, verbs[i].name) == 0)
            return &verbs[i];
    return NULL;
}

/* An option is one of some verbs only. */
static int check_option(const struct runs_request *q, const char *option, const char *of, struct err *e)
{
    const char *at = strstr(of, q->verb);

    if (at && (at[strlen(q->verb)] == ' ' || !at[strlen(q->verb)]))
        return 1;
    return err_set(e, ERR_USAGE, "runs %s: %s is an option of runs %s", q->verb, option, of);
}

static int take_switch(struct runs_request *q, const char *argument, struct err *e)
{
    const struct {
        const char *name;
        int *on;
        const char *of;
    } switches[] = {
        {"--json", &q->json, "list show compare export rename note mark rm gc"},
        {"--reverse", &q->reverse, "list"},
        {"--deleted", &q->deleted, "list"},
        {"--csv", &q->csv, "export"},
        {"--jsonl", &q->jsonl, "export"},
        {"--tensorboard", &q->tensorboard, "export"},
        {"--svg", &q->svg, "export"},
        {"--evaluations", &q->evaluations, "export"},
        {"--probes", &q->probes, "export"},
        {"--force", &q->force, "export"},
        {"--off", &q->off, "mark"},
        {"--undo", &q->undo, "rm"},
    };

    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(argument, switches[i].name) == 0)
            return *switches[i].on = check_option(q, argument, switches[i].of, e);
    return 0;
}

static int take_value(struct runs_request *q, int argc, char **argv, int *i, struct err *e)
{
    int r = option_value(argc, argv, i, "--sort", &q->sort, e);

    if (r)
        return r < 0 ? r : check_option(q, "--sort", "list", e);
    r = option_value(argc, argv, i, "--output", &q->output, e);
    if (r == 0)
        r = option_value(argc, argv, i, "-o", &q->output, e);
    return r <= 0 ? r : check_option(q, "-o", "export", e);
}

static int take_word(struct runs_request *q, const char *word, struct err *e)
{
    if (word[0] == '-' && word[1])
        return option_unknown(word, e);
    if (q->count == RUNS_NAMES)
        return err_set(e, ERR_USAGE, "runs %s: more than %d names", q->verb, RUNS_NAMES);
    q->name[q->count++] = word;
    return 1;
}

static int parse(struct runs_request *q, int argc, char **argv, struct err *e)
{
    const struct verb *v = find_verb(argc > 1 ? argv[1] : "list");

    if (!v)
        return err_set(e, ERR_USAGE, "runs: expected list, show, compare, export, rename, note, mark, rm or gc; see saddle runs --help");
    q->verb = v->name;
    for (int i = 2, only_words = 0; i < argc; i++) {
        int r = 0;
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = 1;
            continue;
        }
        if (!only_words)
            r = take_switch(q, argv[i], e);
        if (r == 0 && !only_words)
            r = take_value(q, argc, argv, &i, e);
        if (r == 0 && only_words && q->count < RUNS_NAMES)
            r = (q->name[q->count++] = argv[i]) != NULL;
        if (r == 0)
            r = take_word(q, argv[i], e);
        if (r < 0)
            return r;
    }
    if (q->count < v->least || q->count > v->most || (v->run == runs_rm && q->count == 0 && !q->undo))
        return err_set(e, ERR_USAGE, "runs: expected \"%s\"; see saddle runs --help", v->words);
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct runs_request q = {0};
    struct store *s = NULL;
    char *path;
    int r = parse(&q, argc, argv, e);

    if (r)
        return r;
    path = store_path();
    if (!path)
        return err_set(e, ERR_RUNTIME, "no place for the store: neither XDG_DATA_HOME nor HOME is set");
    r = store_open(&s, path, STORE_READ, e);
    if (r == 0)
        r = find_verb(q.verb)->run(s, &q, e);
    store_close(s);
    free(path);
    return r;
}

const struct cmd cmd_runs = {
    .name = "runs",
    .synopsis = "runs list|show|compare|export|rename|note|mark|rm|gc [NAME]… [OPTION]…",
    .summary = "list, compare and export the runs that were recorded",
    .verbs = "list show compare export rename note mark rm gc",
    .help = "list [FILTER]          the runs, the newest first (also without a word); only those with FILTER in name, recipe, data, network, status\n"
            "                       or note\n"
            "      --sort COLUMN    name, data, network, steps, best (validation accuracy) or when\n"
            "      --reverse        the other way round\n"
            "      --deleted        the deleted runs\n"
            "show NAME              its settings, edits, evaluations, probes, checkpoints, and how often the test set was looked at\n"
            "compare A B…           the settings in which runs differ, and their figures\n"
            "export NAME            the curves of its steps\n"
            "      --csv            as comma-separated values (the default)\n"
            "      --jsonl          as one JSON object per line\n"
            "      --evaluations    the evaluations instead of the steps\n"
            "      --probes         the probes of the curvature instead of the steps\n"
            "      --svg            training and validation loss as a picture\n"
            "      --tensorboard    event files of TensorBoard, in -o FOLDER: scalars, edits as text, settings as hparams\n"
            "  -o, --output FILE    write to FILE\n"
            "      --force          replace a file that holds something else\n"
            "rename NAME NEW        another name\n"
            "note NAME TEXT         a note, shown by list and show; \"\" for none\n"
            "mark NAME…             mark runs that are to be kept\n"
            "      --off            take the mark off\n"
            "rm NAME…               delete runs from the list\n"
            "      --undo           list again what rm deleted last, or the runs named\n"
            "gc                     remove deleted runs for good, with the checkpoints that nobody named of them; of the\n"
            "                       others', as when the lab ends, all but the newest 20 and those of marked or renamed runs\n"
            "      --json           print one JSON object per line\n",
    .run = run,
};
