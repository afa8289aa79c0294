/* SPDX-License-Identifier: MIT */
#include "app/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "app/actions.h"
#include "app/describe.h"
#include "app/testcard.h"
#include "app/whole-run.h"
#include "app/export.h"
#include "core/nearest.h"

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
        app_say(a, 1, "step: \"%s\" is not a number of steps", rest);
    else
        app_send(a, COMMAND_STEPS, n);
    return REACT_DRAW;
}

static unsigned run_save(struct app *a, const char *rest)
{
    int insists = *rest == '!';
    char file[KNOB_TEXT_SIZE];
    struct file_target target = {.path = file, .remedy = "use save! to replace it", .force = insists};
    struct err e;

    rest += insists + strspn(rest + insists, " ");
    if (file_typed(file, sizeof file, rest, &e) != 0)
        app_say(a, 1, "%s", e.text);
    else if (*file && !app_is_own_file(a, file) && file_target_check(&target, &e) == -ERR_USAGE)
        app_say(a, 1, "%s", e.text);
    else if (!*file && !a->model.checkpoint)
        app_say(a, 1, "no checkpoint file: use save FILE, or start with --checkpoint FILE");
    else
        app_save(a, file);
    return REACT_DRAW;
}

static unsigned run_restart(struct app *a, const char *rest)
{
    struct knob_value seed;
    struct err e;

    if (!*rest || strcmp(rest, "next") == 0)
        return action_restart(a, *rest != '\0');
    if (knob_parse(KNOB_SEED, rest, &seed, &e) == 0 && !seed.standard)
        return action_restart_seeded(a, &seed);
    app_say(a, 1, "restart: expected next, a seed such as 5, or nothing");
    return REACT_DRAW;
}

static unsigned run_recipe(struct app *a, const char *rest)
{
    if (*rest && view_shown(&a->model)->wait) /* of something else than a run */
        action_view(a, 0);
    if (*rest)
        return action_restart_recipe(a, rest);
    app_say(a, 1, "recipe: expected a recipe, such as recipe quick, or a file that ends in .ini");
    return REACT_DRAW;
}

static unsigned run_view(struct app *a, const char *rest)
{
    for (int v = 0; views[v]; v++)
        if (strcmp(views[v]->name, rest) == 0)
            return action_view(a, v);
    app_say(a, 1, "view: there is no view \"%.40s\"", rest);
    return REACT_DRAW;
}

static const char *view_word(const char *rest, int k)
{
    return !*rest && k >= 0 && k < view_count() ? views[k]->name : NULL;
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
        app_say(a, 1, "zoom: expected all, recent or a range of steps such as 1000 2000");
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

static const struct command_row own[] = {
    {"set", " SETTING VALUE", "change a setting; the word set may be omitted", run_set, NULL},
    {"pause", "", "pause training", run_pause, NULL},
    {"resume", "", "resume training", run_resume, NULL},
    {"step", " [N]", "run N steps, 1 if not given, then pause", run_step, NULL},
    {"restart", " [next|N]", "restart with the same seed, the next one or N; asks first", run_restart, NULL},
    {"recipe", " NAME", "restart with the settings of a recipe; asks first", run_recipe, NULL},
    {"fork", "", "copy the run in focus exactly; the copy gets the focus", command_fork, NULL},
    {"run", " A|B|C|D", "give a run the focus: settings and commands apply to it", command_run, NULL},
    {"drop", " A|B|C|D|ghosts", "end a run without saving it, or forget the curves of runs that are gone", command_drop, NULL},
    {"back", " STEP", "continue from an earlier step, with its weights and settings", command_back, NULL},
    {"compare", " [NAME]", "begin the runs of a comparison beside the one in focus: loss, batch, schedule, depth …", command_compare, command_compare_word},
    {"minus", " A|B|C|D|off", "draw loss and accuracy of the run in focus less those of another", command_minus, command_minus_word},
    {"level", " steps|examples", "let runs side by side make as many steps, or see as many examples", command_level, command_level_word},
    {"axis", " progress|seconds", "draw curves over steps or epochs, or over the seconds each run was computed for (not replayable)", command_axis, command_axis_word},
    {"session", "[!] F", "save the session as text, to be replayed by saddle replay F; ! replaces F", command_session, NULL},
    {"undo", "", "undo the last edit", run_undo, NULL},
    {"redo", "", "redo the last edit that was undone", run_redo, NULL},
    {"save", "[!] [F]", "save the run, to F if given; ! replaces F", run_save, NULL},
    {"view", " NAME", "show a view; the word view may be omitted", run_view, view_word},
    {"zoom", " all|recent|A B", "show the whole run, its last quarter, or steps A to B", run_zoom, NULL},
    {"whole", " on|off [PANE]", "show a plot over the whole run from the start, or as far as it has come; remembered", command_whole, command_whole_word},
    {"screenshot", "[!] [--paper] F", "save the screen as F, .txt or .svg; --paper: light colours; ! replaces F", pictures_screenshot, NULL},
    {"plot", "[!] [--paper] [PANE] F.svg", "save the plot of this pane or PANE; --paper: light colours; ! replaces F", pictures_plot, NULL},
    {"film", "[!] [--paper] F.svg", "save the race, or the path over the landscape, as a film for a browser; ! replaces F", pictures_film, NULL},
    {"describe", " [PANE]", "say in words what the plot of this pane or PANE shows", command_describe, command_describe_word},
    {"colormap", " NAME", "colours of maps: cividis, viridis, inferno or grey", command_colormap, command_colormap_word},
    {"cells", " NAME", "draw with braille, sextants or octants", command_cells, command_cells_word},
    {"testcard", "", "show which of these the font has", command_testcard, NULL},
    {"help", "", "show every key and command", run_help, NULL},
    {"quit", "", "quit; asks first if a run would be interrupted or lost", run_quit, NULL},
};
enum { OWN = sizeof own / sizeof *own };

/* The i-th command of the views' descriptors, or NULL beyond the last. */
static const struct command_row *view_command(int i)
{
    for (int v = 0; views[v]; v++)
        for (const struct command_row *row = views[v]->commands; row && row->name; row++)
            if (i-- == 0)
                return row;
    return NULL;
}

static const struct command_row *view_command_named(const char *name)
{
    const struct command_row *row;

    for (int i = 0; (row = view_command(i)); i++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

/* The views whose name is no command already, as commands without a handler. */
static const struct command_row *view_name_command(int i)
{
    static struct command_row rows[VIEWS_MOST];
    static int count;

    if (!count)
        for (int v = 0; views[v]; v++)
            if (!view_command_named(views[v]->name))
                rows[count++] = (struct command_row){views[v]->name, "", views[v]->help, NULL, NULL};
    return i < count ? &rows[i] : NULL;
}

const struct command_row *command_at(int i)
{
    int k = 0;

    if (i < OWN)
        return &own[i];
    for (i -= OWN; view_command(k) && k < i; k++)
        ;
    return view_command(k) ? view_command(k) : view_name_command(i - k);
}

const char *command_line_list(void)
{
    static char list[512];
    const struct command_row *row;
    size_t n = (size_t)snprintf(list, sizeof list, "a setting and its value");

    for (int i = 0; (row = command_at(i)) && n < sizeof list; i++)
        if (row->run)
            n += (size_t)snprintf(list + n, sizeof list - n, ", %s", row->name);
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
    char complete[HINT_SIZE], help[HINT_SIZE], meant[NEAREST_WORDS];
    struct nearest n = nearest_to(name);

    for (int i = 0; command_at(i); i++)
        nearest_offer(&n, command_at(i)->name);
    for (int i = 0; i < KNOB_COUNT; i++)
        nearest_offer(&n, knob_row(i)->name);
    if (*n.name) {
        app_say(a, 1, "unknown setting or command \"%.100s\"%s", name, nearest_words(&n, meant, sizeof meant));
        return;
    }
    app_say(a, 1, "unknown setting or command \"%.100s\"%s%s", name,
            action_hint(a, "; ", "command-complete", " completes", complete),
            a->options.plain ? "; help lists them" : action_hint(a, ", ", "help", " shows help", help));
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
        app_say(a, 1, "set: expected a setting and its value, such as set lr 3e-4");
    return REACT_DRAW;
}

/* Commands of other programs. */
static const char *meant(const char *word)
{
    return strcmp(word, "q") == 0 ? "quit" : strcmp(word, "w") == 0 ? "save" : word;
}

unsigned command_line_run(struct app *a, const char *text)
{
    char line[UI_INPUT], word[UI_INPUT];
    const struct command_row *row;
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
    for (int i = 0; (row = command_at(i)); i++)
        if (row->run && strcmp(row->name, meant(word)) == 0)
            return row->run(a, rest);
    for (int v = 0; views[v]; v++)
        if (strcmp(views[v]->name, word) == 0)
            return action_view(a, v);
    return run_set(a, line);
}
