/* SPDX-License-Identifier: MIT */
/* saddle(1), in the macros of man(7). */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/generate.h"
#include "cli/json-keys.h"
#include "app/keymap.h"
#include "lesson/quantity.h"
#include "run/hyperparameter.h"
#include "app/autosave.h"
#include "app/command-line.h"
#include "app/script.h"

/* Text as roff takes it: no escape and no control line by accident, dashes that stay dashes. */
static void put(const char *text)
{
    int start = 1;

    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
        start = *text == '\n';
    }
}

static void line(const char *text)
{
    put(text);
    putchar('\n');
}

static void write_options(const struct cmd *c)
{
    struct cmd_option o;
    const char *help = NULL;
    int at = 0;

    while (generate_option(c, &at, &help, &o)) {
        puts(".TP");
        fputs("\\fB", stdout);
        if (o.letter[0])
            printf("\\-%s\\fR, \\fB", o.letter);
        fputs("\\-\\-", stdout);
        put(o.name);
        fputs("\\fR", stdout);
        if (o.value[0]) {
            fputs(" \\fI", stdout);
            put(o.value);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        line(o.text);
    }
}

static void write_commands(void)
{
    puts(".SH COMMANDS");
    for (int i = 0; cmd_at(i); i++) {
        fputs(".SS saddle ", stdout);
        line(cmd_at(i)->synopsis);
        line(cmd_at(i)->summary);
        write_options(cmd_at(i));
    }
}

static void write_bounds(const struct knob *k, enum knob_id id)
{
    char value[KNOB_VALUE_SIZE];
    struct knobs standard;

    knobs_standard(&standard);
    knobs_format(&standard, id, value, sizeof value);
    if (k->type == KNOB_CHOICE)
        for (int i = 0; knob_choice(id, i); i++)
            printf("%s%s", i ? ", " : ". One of ", knob_choice(id, i));
    else if (k->type == KNOB_REAL || k->type == KNOB_INTEGER)
        printf(". From %.10g to %.10g%s%s", k->min, k->max, *knob_unit(id) ? " " : "", knob_unit(id));
    printf("; default %s", *value ? "" : "none");
    line(value);
}

static void write_knobs(void)
{
    puts(".SH SETTINGS");
    puts("Set by recipes, by \\fB\\-\\-set\\fR and on the screen. A change of those marked (restart) needs a restart.");
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *k = knob_row((enum knob_id)i);
        puts(".TP");
        printf("\\fB%s\\fR", k->name);
        if (k->alias)
            printf(", \\fB%s\\fR", k->alias);
        printf(" [%s]%s\n", k->section, k->live ? "" : " (restart)");
        put(k->help);
        write_bounds(k, (enum knob_id)i);
    }
}

/* Each with the settings that it reads, and when to use it where it says so. */
static void write_optimizers(void)
{
    const struct optimizer *o;

    puts(".SH OPTIMIZERS");
    puts("Settings that an optimizer reads beside the learning rate; the others have no effect. Every optimizer takes\n"
         "\\fBsam\\fR: sharpness\\-aware minimisation, whose second gradient doubles the cost of a step.");
    for (int i = 0; (o = optimizers_f.at(i)) != NULL; i++) {
        fputs(".TP\n\\fB", stdout);
        put(o->name);
        printf("\\fR (");
        put(o->title);
        puts(")");
        if (o->use)
            line(o->use);
        if (*o->reads) {
            fputs("Reads ", stdout);
            put(o->reads);
            puts(".");
        }
    }
}

/* An example of a recipe file; the tests load it. */
static void write_recipes(void)
{
    puts(".SH RECIPES");
    puts("A recipe is an INI file: settings by name, each under the section shown beside it above; those not");
    puts("named keep their defaults. Lines that begin with ; are comments. \\fB\\-\\-recipe\\fR takes a file whose");
    puts("name ends in .ini or contains a slash:");
    puts(".PP\n.nf\n; own.ini\n[network]\nnetwork = linear 64 relu | linear 41\n[training]\nbatch_size = 512\nepochs = 3\n"
         "[optimizer]\noptimizer = adamw\nlearning_rate = 1e-3\n.fi");
}

/* An example of a plan, and how to spread its jobs; the tests try the plan. */
static void write_sweeps(void)
{
    puts(".SH SWEEPS");
    puts("\\fBsaddle sweep\\fR takes a plan from options, or from an INI file. Values are separated by commas, and one that\n"
         "holds a comma stands between double quotes (a double quote in it is doubled); a long list goes on in indented lines:");
    puts(".PP\n.nf\n; plan.ini\n[sweep]\nrecipe = simple, medium\nseeds = 2\nfolds = 3\nfold_by = utterance\nsteps = 20\n"
         "[set]\nlearning_rate = 1e\\-4, 1e\\-3\n.fi");
    puts(".PP\nUnder [sweep] stand data, recipe, seed, seeds, folds, fold_by, draws, epochs and steps, as the options are\n"
         "named; under [set] settings. Jobs are numbered from 0: for each recipe, for each combination (the last setting\n"
         "varies fastest) or draw, for each seed, for each fold. With \\fB\\-\\-draws\\fR, a range such as 1e\\-4..1e\\-2 is drawn\n"
         "from uniformly, on a logarithmic scale for settings that are changed by factors, such as the learning rate and\n"
         "the batch size; of a list, each value is equally likely; every recipe gets the same draws.");
    puts(".PP\nThe directory holds \\fIplan.ini\\fR, with every default and the recipes' settings written out, and a file\n"
         "\\fIjob\\-0007.json\\fR for each job that ended. An interrupted job goes on\nfrom "
         "\\fIjob\\-0007.safetensors\\fR, which is written every minute and when the sweep is stopped, and its result is the same to "
         "the last digit.\nWhere that is not certain, because the program\\(aqs version, its matrix products or the data changed, it begins "
         "again; so do the jobs of\nmpirun\\(aqs ranks other than 0. A job that failed, or whose file is\n"
         "malformed, is done again. Whoever does a job holds a lock on a byte of the file \\fIclaims\\fR, which the system\n"
         "releases when the process ends in any way. Between hosts, locks hold on file systems that support them, as NFS\n"
         "does; without them a job may be done twice, with the same result. A directory that holds another plan is refused.\n"
         "The number of shards is fixed with the plan, one per core of the host that wrote it; for jobs that begin at once on\n"
         "hosts with different numbers of cores, set it: \\fB\\-\\-set shards=4\\fR. Hosts whose processors use other kernels\n"
         "may differ in the last digits.");
    puts(".PP\nOn a cluster with Slurm, and with GNU parallel:");
    puts(".PP\n.nf\n#!/bin/sh\n#SBATCH \\-\\-array=0\\-23 \\-\\-cpus\\-per\\-task=4\n"
         "saddle sweep run plan.ini \\-o sweep \\-\\-threads 4 \\-\\-index $SLURM_ARRAY_TASK_ID\n\n"
         "parallel \\-j 2 saddle sweep run plan.ini \\-o sweep \\-\\-threads 2 \\-\\-index {} ::: $(seq 0 23)\n\n"
         "saddle sweep gather sweep\n.fi");
    puts(".PP\nFolds are settings of a run, too: \\fBsaddle train \\-\\-set folds=3 \\-\\-set fold=1\\fR repeats a job. All utterances but\n"
         "those for test are divided, in a pseudo\\-random order given by split_seed; sizes differ by one utterance at most. By\n"
         "speaker, the speakers are dealt out, those with the most utterances first, each to the smallest fold.");
}

static void write_keys(void)
{
    const struct key_binding *k;
    char first[32], second[32];

    puts(".SH KEYS");
    puts("The name of each action, as used in config.ini, and its keys.");
    for (int i = 0; (k = key_binding_at(i)); i++) {
        script_name(k->key, first, sizeof first);
        script_name(k->other ? k->other : k->key, second, sizeof second);
        fputs(".TP\n\\fB", stdout);
        put(k->name);
        fputs("\\fR: ", stdout);
        put(first);
        if (k->other) {
            fputs(" or ", stdout);
            put(second);
        }
        putchar('\n');
        line(k->help);
    }
}

static void write_commands_of_screen(void)
{
    const struct command_row *t;

    for (int i = 0; (t = command_at(i)); i++) {
        fputs(".TP\n\\fB", stdout);
        put(t->name);
        fputs(t->args[0] == '[' ? "\\fR" : "\\fR\\&", stdout);
        put(t->args);
        putchar('\n');
        put(t->help);
        for (int k = 0; t->word && t->word("", k); k++) {
            fputs(k ? ", " : ". WHAT: ", stdout);
            put(t->word("", k));
        }
        puts(".");
    }
}

static void write_palette(void)
{
    puts(".SH COMMAND LINE OF THE SCREEN\nAfter \\fB:\\fR, and on the standard input of \\fBsaddle \\-\\-plain\\fR, type a setting "
         "and its value, such as\n\\fBlr 3e\\-4\\fR, or one of these commands. Tab completes names and choices.");
    write_commands_of_screen();
    puts(".PP\n\\fBscreenshot\\fR, \\fBplot\\fR and \\fBsave\\fR replace an existing file only with a !, as in\n"
         "\\fBplot! loss.svg\\fR. A plot is written with its axes and legend.\n"
         "\\fBescape\\fR without the length A goes as far as the loss falls.\n"
         "\\fBlandscape\\fR takes the directions, then 1d or 2d, points=N, extent=X, epsilon=X, seed=N; "
         "line takes a checkpoint FILE, or run and the letter of another run.\n"
         "\\fBtheory\\fR takes hypotheses N, samples N, epsilon X or delta X, \\fBbatch\\fR measure, compare or line.\n"
         "\\fBracer add\\fR sgd:lr=.05,momentum=.9 adds one, \\fBracer schedule\\fR cosine gives the selected one a schedule.\n"
         "With \\fB\\-\\-plain\\fR, \\fBgradients\\fR prints the gradients of the last step: at the logits under both losses,\n"
         "by probability of the true class, and by layer. \\fBwait\\fR delays the next line until training pauses,\n"
         "\\fBwait\\fR N until N more steps are done.");
}

static void write_key_names(void)
{
    fputs("Keys are F1 to F12, C\\-a to C\\-z (except those the terminal uses, such as C\\-z), a character, or\n", stdout);
    for (int i = 0; script_key_name(i); i++) {
        fputs(i ? ", " : "", stdout);
        put(script_key_name(i));
    }
    puts(".");
}

static void write_json(void)
{
    const char *command = "";

    puts(".SH JSON OUTPUT\nWith \\fB\\-\\-json\\fR a command prints one JSON object per line (\\fBdata info\\fR: one over "
         "several lines).\na.b is the key b in the object a, and a[].b the key b in each object of the array a. A "
         "number that is\nnot finite, or that was not computed, is null.");
    for (int i = 0; json_key_at(i); i++) {
        const struct json_key *k = json_key_at(i);
        if (strcmp(k->command, command) != 0) {
            fputs(".SS saddle ", stdout);
            put(k->command);
            puts(" \\-\\-json");
            command = k->command;
        }
        fputs(".TP\n\\fB", stdout);
        put(k->key);
        puts("\\fR");
        line(k->text);
    }
}

static void write_quantities(void)
{
    const struct quantity_row *q;

    puts(".SH LESSONS\nA lesson is a Markdown file: a title (# ...), a line *N minutes*, and steps (## ...) of text and blocks between\n"
         "lines of ``` with a name. Each line in a \\fBdo\\fR block is a command as typed after \\fB:\\fR, such as\n"
         ".PP\n.nf\n"
         "\\`\\`\\`do\nrecipe quick\nlearning_rate 1e\\-2\nfork\noptimizer sgd\nwait 200 steps\n\\`\\`\\`\n.fi\n.PP\nor\n"
         ".IP \\(bu 2\nwait N steps, wait N epochs, wait probe, wait landscape, wait measure;\n"
         ".IP \\(bu 2\nwait until CONDITION [within N steps], 5000 steps at most if not given;\n"
         ".IP \\(bu 2\nlet NAME = EXPRESSION, a quantity from then on;\n"
         ".IP \\(bu 2\nsaddle COMMAND ..., run with \\-\\-json, whose keys become quantities; @A is a file that run A is saved in.\n"
         ".PP\nA line of \\fBcheck\\fR is EXPRESSION | sentence if it holds | sentence if not; {QUANTITY} in a sentence is its value.\n"
         "\\fBask\\fR is a question and its answers, - TEXT | CONDITION under which it is right, or - number EXPRESSION within TOLERANCE.\n"
         "\\fBshow\\fR is a view, or a view and one of its panes.\n"
         ".PP\nExpressions have + - * / ( ), < <= > >= == !=, and or not, abs sqrt log10 min max, numbers, \"texts\" and these quantities. Those\n"
         "of a run have its letter before them, as in B.train_loss, or are those of the run in focus. One that is not known makes every\n"
         "comparison false.");
    for (int i = 0; (q = quantity_at(i)); i++) {
        fputs(".TP\n\\fB", stdout);
        put(q->group);
        put(*q->group ? "." : "");
        put(q->name);
        fputs("\\fR", stdout);
        if (*q->unit) {
            fputs(" (", stdout);
            put(q->unit);
            fputs(")", stdout);
        }
        puts("");
        line(q->help);
    }
}

static void write_files(void)
{
    puts(".SH FILES\n.TP\n\\fI$XDG_CONFIG_HOME/saddle/config.ini\\fR\nConfiguration: under [screen] palette, colormap (cividis, viridis, inferno or grey), cells (braille, sextants or octants), "
         "ascii, mouse, color,\nand autosave, the seconds between two saves of the session (60; 0: only on quitting); under [store] record, no if runs are not to be recorded,\nand checkpoints, how many of the newest checkpoints that nobody named are kept (20; all: none is removed); under [keys] an action and one or two\nkeys for it, named as in scripts, such as \\(lqsetting\\-up = L "
         "Right\\(rq.");
    write_key_names();
    puts(".TP\n\\fI$XDG_STATE_HOME/saddle/runs/\\fR\nRuns of the lab without \\fB\\-\\-checkpoint\\fR, "
         "one file each.");
    puts("When the lab ends, it removes the oldest and says so: the newest 20 are kept, those of runs that are marked or were renamed, "
         "and those of\nprograms that are running; of those in \\-unrecorded, by labs that were not recorded, the newest 20. What "
         "\\fB\\-\\-checkpoint\\fR named, and any other\nfiles, are never removed. \\fBsaddle info\\fR\nshows the rule, their number and size.");
    puts(".TP\n\\fI$XDG_DATA_HOME/saddle/runs.db\\fR\nThe runs recorded by \\fBtrain\\fR and the lab, an SQLite database for "
         "\\fBsaddle runs\\fR. Other programs may read\nit at any time. Tables: runs, settings, points (one row for each step), "
         "evaluations, edits, probes, events (the log), sessions,\ncheckpoints and looks (at the test set), each with the id of "
         "its run, and the view curves, points by the name of their run:\n.PP\n.nf\n"
         "sqlite3 runs.db \"SELECT step, loss FROM curves WHERE name = 'quick\\-3'\"\n"
         "sqlite3 runs.db \"SELECT name, best_accuracy FROM runs ORDER BY best_accuracy DESC\"\n.fi\n.PP\n"
         "Times are seconds since the epoch, UTC. A restart is a run of its own, and so is a fork, which has a copy of the settings,\n"
         "curves and edits so far. Where a run goes back to an earlier step, what was recorded after that step is removed, but not the log.");
    puts(".TP\n\\fI$XDG_STATE_HOME/saddle/sessions/\\fR\nSessions of the lab, for \\fB\\-\\-resume\\fR; the newest five are kept.");
    puts(".TP\n\\fI$XDG_STATE_HOME/saddle/plots\\fR\nWhich plots show the run whole, to its end, or as far as it has come, where that is not as at first:\n"
         "a line each, such as \\(lqloss = whole\\(rq or \\(lqlearning rate = growing\\(rq.");
    puts(".TP\n\\fI$XDG_STATE_HOME/saddle/sweeps/\\fR\nSweeps without \\fB\\-o\\fR, a folder each, named after the plan.");
    puts(".TP\n\\fI$XDG_CACHE_HOME/saddle/\\fR\nCaches: data sets that were converted, and the fastest correct OpenBLAS "
         "kernels of this machine. They can be deleted.");
    puts(".SH SCRIPTS\nPlain characters stand for themselves. <Up>, <Enter>, <Esc>, <Tab>, <Space>, <C\\-l>, <lt> are keys by name,\n"
         "<click 10 5>, <wheel\\-up 10 5>, <wheel\\-down 10 5> the mouse at a column and row, <wait 200 steps> runs\n"
         "200 steps, <wait probe>, <wait landscape> and <wait measure> wait until that is done, <wait task> until "
         "what the views of the lecture measure is.");
}

void generate_man(void)
{
    puts(".\\\" -*- coding: utf-8 -*-  written by saddle --generate man\n"
         ".TH SADDLE 1 \"\" \"saddle " PACKAGE_VERSION "\" \"User Commands\"\n"
         ".SH NAME\nsaddle \\- a terminal lab for optimizers and loss landscapes\n"
         ".SH SYNOPSIS\n\\fBsaddle\\fR [\\fICOMMAND\\fR] [\\fIOPTION\\fR]...\n"
         ".SH DESCRIPTION\nTrains small networks on frames of speech, on a screen where every setting can be changed "
         "during training.\nWithout a command, \\fBsaddle\\fR runs \\fBsaddle lab\\fR.");
    write_commands();
    write_knobs();
    write_optimizers();
    write_recipes();
    write_sweeps();
    write_keys();
    write_palette();
    write_json();
    write_quantities();
    write_files();
    puts(".SH OUTPUT FILES\nA file is written under a temporary name and then renamed, so that it is complete at "
         "any moment. Symbolic links are\nfollowed, and a replaced file keeps its mode. Devices and pipes are written "
         "to. A command replaces a\nfile that it reads, or one of another kind, only with \\fB\\-\\-force\\fR. If a write "
         "is killed, it leaves\n\\fINAME\\fR.saddle-\\fI123abc\\fR.tmp behind; the next write of the same file "
         "removes it.\n"
         ".SH SIGNALS\nOn a signal that asks the program to end, \\fBtrain\\fR and the lab save the run first; further "
         "signals do not\ninterrupt that. SIGQUIT (Ctrl-\\e) ends \\fBtrain\\fR at once, and the lab when sent twice. "
         "Signals that are\nignored when the program starts, as under \\fBnohup\\fR, stay ignored.");
    puts(".SH RANKS\n\\fBmpirun \\-n\\fR \\fIN\\fR \\fBsaddle train\\fR trains one run on \\fIN\\fR ranks, on one machine or several, if saddle "
         "was built with MPI. Each\ncomputes some of the shards of every batch; there must be at least as many shards as "
         "ranks. Without the setting\n\\fBshards\\fR there are as many as the ranks have cores. The results are those of one "
         "process with as many shards, bit\nfor bit. Each rank uses its part of its machine's cores, or \\fB\\-\\-threads\\fR. "
         "Rank 0 prints and saves. A rank whose program,\nprocessor, kernels, data or settings differ from rank 0's is refused. "
         "If a rank dies, mpirun ends the others; the\ncheckpoint saved before stays. mpirun gives the ranks a second to end "
         "after a signal;\n\\fB\\-\\-mca odls_base_sigkill_timeout\\fR \\fISECONDS\\fR gives them more, which long steps need.\n"
         ".PP\nThis pays when a step takes long compared with sending the gradient: at most 8 bytes per parameter and rank. On one\n"
         "machine it does not, except for very short steps: a process with all cores is faster. The summary of \\fBtrain\\fR shows the share of the\n"
         "time spent on communication, waiting for slower ranks included. Gradients are sent when all of them are known: sending those of\n"
         "the last layers earlier made no step faster, as far as one machine can tell.");
    puts(".SH EXIT STATUS\n0 ok, 1 runtime error, 2 usage, 3 bad input, 4 diverged, 128+N ended by signal N.\n"
         ".SH ENVIRONMENT\nNO_COLOR, TERM, ESCDELAY, LC_ALL, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME.\n"
         ".TP\nOPENBLAS_CORETYPE\nThe kernels of OpenBLAS, such as SkylakeX or Haswell. If it is not set, saddle tests those "
         "that the\nprocessor supports, stores its choice in the cache and restarts itself with it.\n"
         ".TP\nOMP_NUM_THREADS\nsaddle sets it to 1, so that oneDNN starts no threads of its own. Use \\-\\-threads to set "
         "the number of threads.");
}
