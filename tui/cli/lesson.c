/* SPDX-License-Identifier: MIT */
/* saddle lesson: the lessons, listed, read, checked, run without a reader, and what was answered. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/options.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "core/file.h"
#include "core/text.h"
#include "lesson/check.h"
#include "lesson/progress.h"
#include "lesson/shelf.h"
#include "lesson/unattended.h"

struct asking {
    struct setup_options options;
    const char *verb, *name, *language;
    int json, headless;
};

static int parse(struct asking *a, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--lang", &a->language}, {"--data", &a->options.data}, {"--seed", &a->options.seed}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0 && strcmp(argv[i], "--json") == 0)
            r = a->json = 1;
        if (r == 0 && strcmp(argv[i], "--headless") == 0)
            r = a->headless = 1;
        if (r == 0 && argv[i][0] != '-' && !a->verb)
            r = (a->verb = argv[i]) != NULL;
        if (r == 0 && argv[i][0] != '-' && !a->name)
            r = (a->name = argv[i]) != NULL;
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    return 0;
}

static int is_command(const char *name)
{
    return cmd_find(name) != NULL;
}

/* ---- list ------------------------------------------------------------------------------------- */

static void print_entry(const struct asking *a, const struct shelf_entry *x, const struct progress *p)
{
    struct progress_of of = progress_of(p, x->name);
    json_t *o;

    if (!a->json) {
        printf("%3d  %-24s %2d min  %-5s %s", x->number, x->name, x->minutes,
               of.done ? "done" : of.step ? "begun" : "", x->title ? x->title : x->why.text);
        if (of.done && of.held < of.checks)
            printf(" (%d of %d check%s hold)", of.held, of.checks, of.checks == 1 ? "" : "s");
        printf("\n");
        return;
    }
    o = json_object();
    json_line_integer(o, "number", x->number);
    json_object_set_new(o, "name", json_string(x->name));
    json_object_set_new(o, "title", x->title ? json_string(x->title) : json_null());
    json_line_integer(o, "minutes", x->minutes);
    json_object_set_new(o, "own", json_boolean(x->own));
    json_object_set_new(o, "done", json_boolean(of.done));
    json_line_print(o);
}

static int list(const struct asking *a, const struct shelf *s, struct err *e)
{
    struct progress p;
    int r = a->name ? option_unknown(a->name, e) : progress_open(&p, e);

    if (r)
        return r;
    for (int i = 0; i < s->count; i++)
        print_entry(a, &s->entry[i], &p);
    progress_close(&p);
    return 0;
}

/* ---- show and check --------------------------------------------------------------------------- */

static int needs_name(const struct asking *a, const char *what, struct err *e)
{
    return a->name ? 0 : err_set(e, ERR_USAGE, "lesson %s: %s is expected", a->verb, what);
}

static int show(const struct asking *a, const struct shelf *s, struct err *e)
{
    struct lesson *l;
    char *bytes;
    size_t size;
    int r = needs_name(a, "a lesson's name or number", e);

    if (r == 0)
        r = shelf_read(s, a->name, &l, e);
    if (r)
        return r;
    r = file_read(l->path, LESSON_BYTES, &bytes, &size, e);
    lesson_free(l);
    if (r)
        return r;
    fwrite(bytes, 1, size, stdout);
    free(bytes);
    return 0;
}

static int check(const struct asking *a, struct err *e)
{
    char name[FIGURE_NAME];
    struct lesson *l;
    int r = needs_name(a, "a file", e);

    if (r == 0)
        r = lesson_read(&l, a->name, e);
    if (r)
        return r;
    r = lesson_check(l, is_command, e);
    if (r == 0)
        printf("%s: %d step%s, %d minute%s, no error found\n", figure_name(name, a->name), l->steps, l->steps == 1 ? "" : "s", l->minutes,
               l->minutes == 1 ? "" : "s");
    lesson_free(l);
    return r;
}

/* ---- run -------------------------------------------------------------------------------------- */

static void print_step(void *context, const struct lesson *l, int step)
{
    const struct asking *a = context;

    if (!a->json)
        printf("%s\n", l->step[step].title);
    fflush(stdout);
}

static void print_check(void *context, const struct lesson *l, const struct player_check *c)
{
    const struct asking *a = context;
    const struct lesson_line *line = &l->block[c->block].line[c->line];
    char left[PLAYER_SENTENCE];
    json_t *o;

    if (!a->json) {
        printf("  %s  %s\n", c->holds ? "holds" : "FAILS", c->sentence);
        if (!c->holds)
            printf("         %s:%d: %s\n", l->path, line->number, line->text);
        fflush(stdout);
        return;
    }
    expression_left(line->text, left, sizeof left);
    o = json_object();
    json_object_set_new(o, "quantity", json_string(left));
    if (c->value.is_text)
        json_object_set_new(o, "value", json_string(c->value.text));
    else
        json_line_number(o, "value", c->value.number);
    json_object_set_new(o, "holds", json_boolean(c->holds));
    json_object_set_new(o, "check", json_string(line->text));
    json_object_set_new(o, "sentence", json_string(c->sentence));
    json_line_integer(o, "line", line->number);
    json_line_print(o);
    fflush(stdout);
}

static int play(const struct asking *a, struct setup *s, struct lesson *l, struct err *e)
{
    const struct trainer_options how = {.recipe = s->recipe, .paused = 1};
    const struct unattended u = {.seed = a->options.seed, .checked = print_check, .step = print_step, .context = (void *)a};
    struct trainer *t;
    struct err end;
    int checks = 0, failed = 0, r = trainer_start_with(&t, &s->run, &how, e);

    if (r) {
        lesson_free(l);
        return r;
    }
    for (int i = 0; i < l->blocks; i++)
        checks += l->block[i].kind == LESSON_CHECK ? l->block[i].count : 0;
    r = lesson_unattended(t, l, &u, &failed, e);
    trainer_stop(t, &end);
    if (r == 0 && failed)
        r = err_set(e, ERR_RUNTIME, "%d of %d check%s %s not hold", failed, checks, checks == 1 ? "" : "s", failed == 1 ? "does" : "do");
    return r;
}

static int run_headless(const struct asking *a, struct lesson *l, struct err *e)
{
    struct setup s = {0};
    struct setup_options o = a->options;
    int r = setup_open(&s, &o, e);

    if (r) {
        lesson_free(l);
        return r;
    }
    r = play(a, &s, l, e);
    setup_close(&s);
    return r;
}

/* In the lab, which opens it. */
static int run_in_lab(const struct asking *a, const char *path, struct err *e)
{
    char *argv[12] = {"lab", "--lesson", (char *)path};
    int n = 3;

    if (a->options.data)
        argv[n++] = "--data", argv[n++] = (char *)a->options.data;
    if (a->options.seed)
        argv[n++] = "--seed", argv[n++] = (char *)a->options.seed;
    if (a->language)
        argv[n++] = "--lang", argv[n++] = (char *)a->language;
    return cmd_lab.run(n, argv, e);
}

static int run_lesson(const struct asking *a, const struct shelf *s, struct err *e)
{
    struct lesson *l;
    char *path;
    int r = needs_name(a, "a lesson's name, its number or a file", e);

    if (r == 0 && a->json && !a->headless)
        r = err_set(e, ERR_USAGE, "lesson run: --json needs --headless");
    if (r == 0)
        r = shelf_read(s, a->name, &l, e);
    if (r)
        return r;
    r = lesson_check(l, is_command, e);
    if (r) {
        lesson_free(l);
        return r;
    }
    if (a->headless)
        return run_headless(a, l, e);
    path = strdup(l->path);
    lesson_free(l);
    r = path ? run_in_lab(a, path, e) : err_memory(e, "a path", 4096);
    free(path);
    return r;
}

/* ---- new -------------------------------------------------------------------------------------- */

static const char template[] =
    "# %s\n"
    "*5 minutes*\n"
    "\n"
    "## Predict, then do\n"
    "Say here what this is about.\n"
    "\n"
    "```ask\n"
    "Does the loss fall below 2 within 200 steps?\n"
    "- yes | A.batch_loss < 2\n"
    "- no | A.batch_loss >= 2\n"
    "```\n"
    "\n"
    "```do\n"
    "recipe quick\n"
    "wait 200 steps\n"
    "```\n"
    "\n"
    "```check\n"
    "A.batch_loss < 2 | the loss fell to {A.batch_loss} | the loss is still {A.batch_loss}\n"
    "```\n";

/* A name is a file's: letters, digits, - and _. */
static int new_lesson(const struct asking *a, struct err *e)
{
    char *folder = shelf_own_folder(), *path = NULL, *text = NULL;
    int r = needs_name(a, "a name", e);

    if (r == 0 && (strlen(a->name) >= LESSON_NAME - 4 ||
                   a->name[strspn(a->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")]))
        r = err_set(e, ERR_USAGE, "lesson new: a name of letters, digits, - and _ is expected");
    if (r == 0 && !folder)
        r = err_set(e, ERR_RUNTIME, "lesson new: neither $XDG_DATA_HOME nor $HOME is set");
    if (r == 0)
        r = file_make_directories(folder, e);
    path = r ? NULL : text_format("%s/%s.md", folder, a->name);
    text = r ? NULL : text_format(template, a->name);
    if (r == 0 && (!path || !text))
        r = err_memory(e, "a lesson", sizeof template);
    if (r == 0 && access(path, F_OK) == 0)
        r = err_set(e, ERR_USAGE, "%s is there already", path);
    if (r == 0)
        r = file_replace(path, text, strlen(text), e);
    if (r == 0)
        printf("%s\n", path);
    free(text);
    free(path);
    free(folder);
    return r;
}

/* ---- report ----------------------------------------------------------------------------------- */

static json_t *answers_of(const struct progress *p, const char *lesson)
{
    struct progress_answer x;
    json_t *list = json_array();

    for (int i = 0; progress_answer(p, lesson, i, &x); i++) {
        json_t *o = json_object();
        json_object_set_new(o, "question", json_string(x.question));
        json_object_set_new(o, "answer", x.answer ? json_string(x.answer) : json_null());
        json_object_set_new(o, "measured", x.truth ? json_string(x.truth) : json_null());
        json_object_set_new(o, "right", json_boolean(x.right));
        json_object_set_new(o, "graded", json_boolean(!x.ungraded));
        json_array_append_new(list, o);
    }
    return list;
}

static void report_lesson(const struct asking *a, const struct shelf_entry *x, const struct progress *p)
{
    struct progress_of of = progress_of(p, x->name);
    struct progress_answer answer;
    json_t *o;

    if (a->json) {
        o = json_object();
        json_line_integer(o, "number", x->number);
        json_object_set_new(o, "name", json_string(x->name));
        json_line_integer(o, "step", of.step);
        json_line_integer(o, "steps", of.steps);
        json_object_set_new(o, "done", json_boolean(of.done));
        json_line_integer(o, "checks", of.checks);
        json_line_integer(o, "held", of.held);
        json_object_set_new(o, "when", json_string(of.when));
        json_object_set_new(o, "answers", answers_of(p, x->name));
        json_line_print(o);
        return;
    }
    printf("%3d  %-24s %s, %d of %d check%s hold, step %d of %d, %d of %d answers right  %s\n", x->number, x->name,
           of.done ? "done" : "begun", of.held, of.checks, of.checks == 1 ? "" : "s", of.step, of.steps, of.right, of.answers, of.when);
    for (int i = 0; progress_answer(p, x->name, i, &answer); i++)
        printf("       %s\n         %s: %s%s%s\n", answer.question, !answer.answer ? "skipped" : answer.ungraded ? "not graded, a check failed" : answer.right ? "right" : "wrong",
               answer.answer ? answer.answer : "", answer.truth ? "; measured: " : "", answer.truth ? answer.truth : "");
}

static int report(const struct asking *a, const struct shelf *s, struct err *e)
{
    struct progress p;
    int begun = 0, r = progress_open(&p, e);

    if (r)
        return r;
    for (int i = 0; i < s->count; i++) {
        if (!progress_of(&p, s->entry[i].name).step || (a->name && strcmp(a->name, s->entry[i].name) != 0))
            continue;
        begun++;
        report_lesson(a, &s->entry[i], &p);
    }
    if (!begun && !a->json)
        printf("no lesson was begun yet\n");
    progress_close(&p);
    return 0;
}

static int act(const struct asking *a, const struct shelf *s, struct err *e)
{
    if (!a->verb)
        return err_set(e, ERR_USAGE, "lesson: expected list, show, check, run, new or report");
    if (strcmp(a->verb, "list") == 0)
        return list(a, s, e);
    if (strcmp(a->verb, "show") == 0)
        return show(a, s, e);
    if (strcmp(a->verb, "check") == 0)
        return check(a, e);
    if (strcmp(a->verb, "run") == 0)
        return run_lesson(a, s, e);
    if (strcmp(a->verb, "new") == 0)
        return new_lesson(a, e);
    if (strcmp(a->verb, "report") == 0)
        return report(a, s, e);
    return err_set(e, ERR_USAGE, "lesson: \"%.40s\" is none of list, show, check, run, new, report", a->verb);
}

static int run(int argc, char **argv, struct err *e)
{
    struct asking a = {0};
    char language[SHELF_LANGUAGE];
    struct shelf *s;
    int r = parse(&a, argc, argv, e);

    if (r)
        return r;
    shelf_user_language(a.language, language);
    r = shelf_open(&s, language, e);
    if (r)
        return r;
    r = act(&a, s, e);
    shelf_free(s);
    return r;
}

const struct cmd cmd_lesson = {
    .name = "lesson",
    .synopsis = "lesson list|show|check|run|new|report [NAME] [OPTION]…",
    .summary = "step through the lecture: predict, do, and be checked by what was measured",
    .help = "list shows all lessons, report what was answered. show prints a lesson, run starts the lab with it. check FILE looks\n"
            "for errors in a lesson file; new NAME begins one of your own. NAME is a lesson's name, its number or a file.\n"
            "  --headless       with run: without a screen and a reader; one line for each check. Exit code 1: a check fails\n"
            "  --seed N         with run: the seed of its runs and of what its commands draw\n"
            "  --data D         with run: other data than the sample, for which the figures were chosen\n"
            "  --lang L         language, such as zh-TW (that of LC_ALL, LC_MESSAGES or LANG)\n"
            "  --json           print JSON\n",
    .verbs = "list show check run new report",
    .computes = 1,
    .run = run,
};
