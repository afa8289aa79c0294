#include "app/command-line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "app/actions.h"
#include "race/commands.h"
#include "app/export.h"

static unsigned run_pause(struct app *a, const char *rest)
{
    (void)rest;
    app_send(a, COMMAND_PAUSE, 0);
    return REACT_DRAW;
}

static unsigned run_resume(struct app *a, const char *rest)
{
    (void)rest;
    app_send(a, COMMAND_RESUME, 0);
    return REACT_DRAW;
}

static unsigned run_step(struct app *a, const char *rest)
{
    char *end;
    unsigned long long n;

    errno = 0;
    n = *rest ? strtoull(rest, &end, 10) : 1;
    if (*rest && (*end || errno || *rest == '-' || !n))
        app_say(a, 1, "step: \"%s\" is no number of steps", rest);
    else
        app_send(a, COMMAND_STEPS, n);
    return REACT_DRAW;
}

static unsigned run_save(struct app *a, const char *rest)
{
    char file[KNOB_TEXT_SIZE];
    struct err e;

    if (file_typed(file, sizeof file, rest, &e) != 0)
        app_say(a, 1, "%s", e.text);
    else if (!*file && !a->model.checkpoint)
        app_say(a, 1, "there is no file to save in: name one, or start with --checkpoint FILE");
    else
        app_save(a, file);
    return REACT_DRAW;
}

static unsigned run_restart(struct app *a, const char *rest)
{
    return action_restart(a, strcmp(rest, "next") == 0);
}

static unsigned run_undo(struct app *a, const char *rest)
{
    (void)rest;
    return action_undo(a, 1);
}

static unsigned run_redo(struct app *a, const char *rest)
{
    (void)rest;
    return action_undo(a, -1);
}

/* all, recent (the last quarter), or from step A to step B. */
static unsigned run_zoom(struct app *a, const char *rest)
{
    struct ui *ui = &a->model.ui;
    double from, to;
    int end = 0;

    if (sscanf(rest, "%lf %lf%n", &from, &to, &end) == 2 && !rest[end] && from >= 0 && to > from && to < 1e15) {
        action_zoom_all(a, 0);
        ui->range_from = from;
        ui->range_to = to;
    } else if (strcmp(rest, "all") == 0 || strcmp(rest, "recent") == 0) {
        action_zoom_all(a, 0);
        ui->zoom = strcmp(rest, "all") == 0 ? 0 : 2;
    } else
        app_say(a, 1, "zoom: say all, recent, or a range of steps as 1000 2000");
    return REACT_DRAW;
}

static unsigned run_quit(struct app *a, const char *rest)
{
    (void)rest;
    return action_quit(a, 0);
}

static unsigned run_help(struct app *a, const char *rest)
{
    (void)rest;
    return action_help(a, 0);
}

static unsigned run_set(struct app *a, const char *rest);

static const struct {
    struct command_text text;
    unsigned (*run)(struct app *a, const char *rest);
    const char *(*word)(int i); /* the i-th that may follow, or NULL beyond the last */
} commands[] = {
    {{"set", " KNOB VALUE", "turn a knob; KNOB VALUE alone does as well"}, run_set, NULL},
    {{"pause", "", "pause the training"}, run_pause, NULL},
    {{"resume", "", "let the training go on"}, run_resume, NULL},
    {{"step", " [N]", "N steps, or one, then pause"}, run_step, NULL},
    {{"restart", " [next]", "begin again with the same seed, or the next; asks"}, run_restart, NULL},
    {{"undo", "", "take the last edit back"}, run_undo, NULL},
    {{"redo", "", "make it again"}, run_redo, NULL},
    {{"probe", " [WHAT]", "look at the curvature here, with WHAT besides"}, command_line_probe, command_line_probe_thing},
    {{"escape", " [A]", "step along the lowest eigenvector, by A if given"}, command_line_escape, NULL},
    {{"landscape", " [WHAT]", "its view; with WHAT, draw the loss on that slice"}, command_line_landscape,
     command_line_landscape_thing},
    {{"save", " [F]", "save the run, as F if given"}, run_save, NULL},
    {{"zoom", " all|recent|A B", "all of the run, its last quarter, or steps A to B"}, run_zoom, NULL},
    {{"screenshot", "[!] [--paper] F", "save the screen as F, .txt or .svg; --paper: light colours; ! replaces F"}, pictures_screenshot, NULL},
    {{"plot", "[!] [--paper] [PANE] F.svg", "save the plot of this pane or PANE; --paper: light colours; ! replaces F"}, pictures_plot, NULL},
    {{"help", "", "every key and command"}, run_help, NULL},
    {{"quit", "", "leave; asks while something runs"}, run_quit, NULL},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

const struct command_text *command_text(int i)
{
    return i >= 0 && i < COMMANDS ? &commands[i].text : NULL;
}

const char *command_line_word(int i, int k)
{
    return commands[i].word ? commands[i].word(k) : NULL;
}

const char *command_line_list(void)
{
    static char list[256];
    size_t n = (size_t)snprintf(list, sizeof list, "a knob and its value");

    for (int i = 0; i < COMMANDS && n < sizeof list; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, ", %s", commands[i].text.name);
    return list;
}

const char *command_line_cut(const char *line, char *word, size_t size)
{
    size_t n;

    line += strspn(line, " ");
    n = strcspn(line, " =!");
    snprintf(word, size, "%.*s", (int)n, line);
    return line + n + strspn(line + n, " =");
}

static void say_unknown(struct app *a, const char *name)
{
    char complete[16] = "", help[16] = "";

    key_of("command-complete", a->charset, complete, sizeof complete);
    key_of("help", a->charset, help, sizeof help);
    app_say(a, 1, "there is no knob or command \"%.100s\": %s completes, %s helps", name, complete, help);
}

static unsigned run_set(struct app *a, const char *rest)
{
    char name[UI_INPUT];
    const char *value;
    int id = command_line_knob(rest, &value);

    if (id >= 0)
        return command_line_set(a, (enum knob_id)id, value);
    command_line_cut(rest, name, sizeof name);
    if (name[0])
        say_unknown(a, name);
    else
        app_say(a, 1, "set: a knob and its value are wanted, as set lr 3e-4");
    return REACT_DRAW;
}

/* Habits from elsewhere. */
static const char *meant(const char *word)
{
    return strcmp(word, "q") == 0 ? "quit" : strcmp(word, "w") == 0 ? "save" : word;
}

unsigned command_line_run(struct app *a, const char *text)
{
    char line[UI_INPUT], word[UI_INPUT];
    const char *rest, *value;
    size_t n;

    snprintf(line, sizeof line, "%s", text);
    for (n = strlen(line); n && line[n - 1] == ' ';)
        line[--n] = '\0';
    rest = command_line_cut(line, word, sizeof word);
    if (!word[0])
        return REACT_DRAW;
    if (command_line_knob(line, &value) >= 0 && value > rest) /* a title of several words, as "step size" */
        return run_set(a, line);
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].text.name, meant(word)) == 0)
            return commands[i].run(a, rest);
    for (int i = 0; race_command_text(i); i++)
        if (strcmp(race_command_text(i)->name, word) == 0)
            return race_command_run(a, i, rest);
    for (int i = 0; i < VIEW_COUNT; i++)
        if (strcmp(view_name((enum view_id)i), word) == 0)
            return action_view(a, i);
    return run_set(a, line);
}
