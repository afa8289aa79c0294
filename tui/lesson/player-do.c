/* SPDX-License-Identifier: MIT */
#include "lesson/player-private.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/actions.h"
#include "app/command-line.h"
#include "app/view.h"
#include "core/text.h"

static const double UNTIL_STEPS = 5000; /* of a wait without a bound of its own */
enum { UNTIL_AT_ONCE = 10 };            /* steps between two looks at its condition */

static const struct snapshot *focused(const struct app *a)
{
    return a->model.snapshot;
}

/* ---- waiting for steps ------------------------------------------------------------------------ */

static void say_waiting(struct lesson_player *p, const char *format, const char *what)
{
    char text[sizeof p->text];

    snprintf(text, sizeof text, format, what);
    if (strcmp(text, p->text) != 0)
        p->changed++;
    text_copy(p->text, sizeof p->text, text);
}

/* So many steps of the run in focus. */
static void train_steps(struct lesson_player *p, struct app *a, double steps)
{
    char count[TEXT_COUNT];

    text_count(count, sizeof count, (uint64_t)steps);
    p->goal = (double)focused(a)->step + steps;
    p->wait = WAIT_STEPS;
    say_waiting(p, "training %s steps", count);
    app_send(a, COMMAND_STEPS, (uint64_t)steps);
}

/* The last step of an epoch takes what is left of it: that many there are, though it may have fewer frames. */
static double steps_of_epochs(const struct app *a, double epochs)
{
    double each = focused(a)->steps_per_epoch, whole = floor(epochs);

    return whole * ceil(each - 1e-6) + ceil((epochs - whole) * each - 1e-6);
}

static int rests(const struct app *a)
{
    return app_is_settled(a);
}

static int cannot_go_on(const struct app *a)
{
    enum run_status s = focused(a)->status;

    return s == RUN_DIVERGED || s == RUN_FAILED || s == RUN_FINISHED;
}

static int waited_steps(struct lesson_player *p, const struct app *a)
{
    if (!rests(a))
        return 0;
    if ((double)focused(a)->step >= p->goal || cannot_go_on(a))
        return 1;
    say_waiting(p, "%s", "paused amid the lesson's steps; . goes on");
    return 0;
}

static int holds(const struct lesson_player *p, const struct app *a, struct err *e)
{
    struct quantity_world world;
    struct expression_names names = player_names(p, a, &world);
    double value = 0;
    int r = expression_number(p->until, &names, &value, e);

    return r ? r : value > 0;
}

/* A race makes its steps at once. */
static int race_until(struct lesson_player *p, struct app *a, struct err *e)
{
    int r;

    for (r = holds(p, a, e); r == 0 && p->goal > 0; r = holds(p, a, e), p->goal -= UNTIL_AT_ONCE)
        view_shown(&a->model)->wait(a, UNTIL_AT_ONCE);
    return r ? r : err_set(e, ERR_RUNTIME, "waited in vain for %s", p->until);
}

static int waited_until(struct lesson_player *p, struct app *a, struct err *e)
{
    int r;

    if (view_shown(&a->model)->wait)
        return race_until(p, a, e);
    if (!rests(a))
        return 0;
    r = holds(p, a, e);
    if (r)
        return r;
    if ((double)focused(a)->step >= p->goal || cannot_go_on(a))
        return err_set(e, ERR_RUNTIME, "waited in vain for %s", p->until);
    app_send(a, COMMAND_STEPS, UNTIL_AT_ONCE);
    return 0;
}

void player_resume(struct lesson_player *p, struct app *a)
{
    double left = p->goal - (double)focused(a)->step;

    if (p->wait == WAIT_STEPS && rests(a) && left > 0)
        app_send(a, COMMAND_STEPS, (uint64_t)left);
}

/* "until loss<1.2 [within 300 steps]" */
static int begin_until(struct lesson_player *p, struct app *a, const char *rest, struct err *e)
{
    const char *within = strstr(rest, " within ");
    double steps = UNTIL_STEPS;
    int end = 0, n = within ? (int)(within - rest) : (int)strlen(rest), r;

    if (within && (sscanf(within, " within %lf steps%n", &steps, &end) != 1 || !end || within[end] || !(steps >= 1 && steps < 1e9)))
        return err_set(e, ERR_USAGE, "wait until: expected within N steps, not \"%.40s\"", within + 1);
    snprintf(p->until, sizeof p->until, "%.*s", n, rest);
    r = holds(p, a, e);
    if (r < 0)
        return r;
    p->goal = view_shown(&a->model)->wait ? steps : (double)focused(a)->step + steps;
    p->wait = WAIT_UNTIL;
    say_waiting(p, "training until %.200s", p->until);
    return 0;
}

static int begin_wait(struct lesson_player *p, struct app *a, const char *rest, struct err *e)
{
    double n;
    int end = 0;
    char word[16];

    if (strcmp(rest, "probe") == 0 || strcmp(rest, "landscape") == 0) {
        p->wait = *rest == 'p' ? WAIT_PROBE : WAIT_LANDSCAPE;
        say_waiting(p, "waiting for the %s", rest);
        return 0;
    }
    if (strcmp(rest, "measure") == 0) {
        p->wait = WAIT_MEASURE;
        say_waiting(p, "%s", "measuring whole sets");
        return 0;
    }
    if (strncmp(rest, "until ", 6) == 0)
        return begin_until(p, a, rest + 6, e);
    if (sscanf(rest, "%lf %15s%n", &n, word, &end) != 2 || rest[end] || !(n > 0 && n < 1e9))
        return err_set(e, ERR_USAGE, "wait: expected N steps, N epochs, until CONDITION, probe, landscape or measure");
    if (strncmp(word, "epoch", 5) != 0 && strncmp(word, "step", 4) != 0)
        return err_set(e, ERR_USAGE, "wait: expected steps or epochs, not \"%s\"", word);
    if (*word == 'e')
        train_steps(p, a, steps_of_epochs(a, n));
    else if (view_shown(&a->model)->wait) /* a race makes its steps at once */
        view_shown(&a->model)->wait(a, (uint64_t)n);
    else
        train_steps(p, a, n);
    return 0;
}

/* ---- let -------------------------------------------------------------------------------------- */

static int begin_let(struct lesson_player *p, const struct app *a, const char *rest, struct err *e)
{
    struct quantity_world world;
    struct expression_names names = player_names(p, a, &world);
    struct expression_value v;
    char name[48];
    int end = 0, r;

    if (sscanf(rest, "%47[a-z_0-9] =%n", name, &end) != 1 || !end || !isalpha((unsigned char)name[0]))
        return err_set(e, ERR_USAGE, "let: expected NAME = EXPRESSION, the name of small letters");
    r = expression_evaluate(rest + end + strspn(rest + end, " "), &names, &v, e);
    return r ? r : quantity_keep(&p->kept, name, &v, e);
}

/* ---- commands of saddle ----------------------------------------------------------------------- */

enum { WORDS_ADDED = 4 }; /* at most, to those of a line; the NULL with them */

/* Cut the line into words at blanks, those within quotation marks left together. */
static int cut(struct lesson_player *p, const char *line, struct err *e)
{
    size_t used = 0;
    int n = 0;

    while (*(line += strspn(line, " "))) {
        char quote = 0;
        if (n == CHILD_WORDS - WORDS_ADDED)
            return err_set(e, ERR_USAGE, "more words than a command may have");
        p->word[n++] = p->words + used;
        for (; *line && (quote || *line != ' '); line++) {
            if (!quote && (*line == '\'' || *line == '"'))
                quote = *line;
            else if (quote && *line == quote)
                quote = 0;
            else if (used + 300 < sizeof p->words)
                p->words[used++] = *line;
            else
                return err_set(e, ERR_USAGE, "a command that is too long");
        }
        if (quote)
            return err_set(e, ERR_USAGE, "a quotation mark that is not closed");
        p->words[used++] = '\0';
    }
    p->word[n] = NULL;
    return n;
}

static int make_scratch(struct lesson_player *p, struct err *e)
{
    const char *root = getenv("TMPDIR");

    if (p->scratch)
        return 0;
    p->scratch = text_format("%s/saddle-lesson-XXXXXX", root && *root ? root : "/tmp");
    if (p->scratch && mkdtemp(p->scratch))
        return 0;
    free(p->scratch);
    p->scratch = NULL;
    return err_set(e, ERR_RUNTIME, "no folder for the checkpoints of a lesson can be made");
}

/* The file of a run: "@A". */
static char *scratch_file(const struct lesson_player *p, char letter)
{
    return text_format("%s/%c.safetensors", p->scratch, letter);
}

static int save_run(struct app *a, int run, const char *file, struct err *e)
{
    struct command c = {.kind = COMMAND_SAVE, .run = 1 + run};

    text_copy(c.text, sizeof c.text, file);
    if (app_send_command(a, &c))
        return 0;
    return err_set(e, ERR_RUNTIME, "%s", a->model.ui.message);
}

/* "@A" becomes the file that run A is saved in, and the save is asked for; the names are kept in p->words' end. */
static int save_runs(struct lesson_player *p, struct app *a, struct err *e)
{
    size_t used = sizeof p->words;

    for (int i = 0; p->word[i]; i++) {
        int run = p->word[i][0] == '@' ? p->word[i][1] - 'A' : -1;
        char *file;
        size_t n;
        if (p->word[i][0] != '@')
            continue;
        if (run < 0 || run >= TRAINER_RUNS || p->word[i][2] || !(a->model.runs->there >> run & 1))
            return err_set(e, ERR_USAGE, "%.20s: there is no such run", p->word[i]);
        if (make_scratch(p, e) != 0)
            return -e->code;
        file = scratch_file(p, p->word[i][1]);
        n = file ? strlen(file) + 1 : 0;
        if (!file || n > 140) {
            free(file);
            return err_set(e, ERR_RUNTIME, "the folder for temporary files has too long a name");
        }
        used -= n;
        memcpy(p->words + used, file, n);
        p->word[i] = p->words + used;
        free(file);
        unlink(p->word[i]);
        if (save_run(a, run, p->word[i], e) != 0)
            return -ERR_RUNTIME;
    }
    return 0;
}

static int has_word(const struct lesson_player *p, const char *word)
{
    size_t n = strlen(word);

    for (int i = 0; p->word[i]; i++)
        if (strncmp(p->word[i], word, n) == 0 && (!p->word[i][n] || p->word[i][n] == '='))
            return 1;
    return 0;
}

/* The reader's own seed, where the command draws at random and the lesson does not say how; a run that goes on from a
 * checkpoint has its own. Returns how many words there are. */
static int add_seed(struct lesson_player *p, int n)
{
    static const char *const draws[] = {"train", "sweep", "range-test", "theory", "race", "batch", "probe", "landscape"};
    int does = 0;

    for (size_t i = 0; i < sizeof draws / sizeof *draws; i++)
        does |= strcmp(p->word[0], draws[i]) == 0;
    if (!p->seed || !does || has_word(p, "--seed") || has_word(p, "--from"))
        return n;
    p->word[n++] = "--seed";
    p->word[n++] = p->seed;
    p->word[n] = NULL;
    return n;
}

static int begin_saddle(struct lesson_player *p, struct app *a, const char *rest, struct err *e)
{
    int n = cut(p, rest, e), json = 0, r;

    if (n < 1)
        return n < 0 ? n : err_set(e, ERR_USAGE, "saddle: expected a command");
    n = add_seed(p, n);
    for (int i = 0; i < n; i++)
        json |= strncmp(p->word[i], "--json", 6) == 0;
    if (!json) {
        p->word[n] = "--json";
        p->word[n + 1] = NULL;
    }
    text_copy(p->command, sizeof p->command, p->word[0]);
    for (char *at = p->command; *at; at++)
        *at = *at == '-' ? '_' : *at;
    r = save_runs(p, a, e);
    p->wait = WAIT_SAVED;
    say_waiting(p, "saddle %s", rest);
    return r;
}

static int waited_saved(struct lesson_player *p, const struct app *a, struct err *e)
{
    if (focused(a)->obeyed < a->sent)
        return 0;
    p->wait = WAIT_CHILD;
    return child_start(&p->child, p->word, e);
}

static int take_output(struct lesson_player *p, struct err *e)
{
    char *line = p->child.text, *end;
    int r = 0;

    quantity_forget(&p->kept, p->command);
    for (int n = 1; r == 0 && line && *line; n++) {
        end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (*line)
            r = quantity_keep_json(&p->kept, p->command, n, line, e);
        line = end ? end + 1 : NULL;
    }
    return r;
}

static int waited_child(struct lesson_player *p, struct err *e)
{
    struct expression_value v = {0};
    char name[64], why[CHILD_SAID];
    int code = 0, r;

    if (!child_poll(&p->child, &code))
        return 0;
    v.number = code;
    snprintf(name, sizeof name, "%s.exit_code", p->command);
    text_copy(why, sizeof why, p->child.last);
    r = p->child.too_much ? err_set(e, ERR_RUNTIME, "%s printed too much", p->command) : take_output(p, e);
    if (r == 0)
        r = quantity_keep(&p->kept, name, &v, e);
    child_end(&p->child);
    if (code && code != ERR_DIVERGED)
        return err_set(e, ERR_RUNTIME, "%s", *why ? why : "the command failed");
    return r ? r : 1;
}

/* ---- a line ----------------------------------------------------------------------------------- */

int player_show(struct app *a, const char *what, struct err *e)
{
    char name[48];
    int n = 0;

    if (sscanf(what, "%47s %n", name, &n) != 1)
        return err_set(e, ERR_USAGE, "expected a view to show");
    for (int v = 0; views[v]; v++) {
        if (strcmp(views[v]->name, name) != 0)
            continue;
        action_view(a, v);
        for (int i = 0; views[v]->panes[i]; i++)
            if (strcmp(views[v]->panes[i]->name, what + n) == 0) {
                a->model.ui.focus = i;
                return 0;
            }
        return what[n] ? err_set(e, ERR_USAGE, "the view %s has no pane \"%.40s\"", name, what + n) : 0;
    }
    return err_set(e, ERR_USAGE, "there is no view \"%.40s\"", name);
}

/* A line after ':'. What asks first is answered: the reader was asked when the lesson began. */
static int begin_command(struct lesson_player *p, struct app *a, const char *line, struct err *e)
{
    struct ui *ui = &a->model.ui;

    ui->message[0] = '\0';
    ui->warning = 0;
    command_line_run(a, line);
    if (ui->mode == MODE_RESTART)
        action_restart_now(a, 0);
    if (ui->mode == MODE_NORMAL && !(ui->warning && ui->message[0])) {
        p->wait = WAIT_HEARD;
        say_waiting(p, "%s", line);
        ui->message[0] = '\0';
        return 0;
    }
    ui->mode = MODE_NORMAL;
    return err_set(e, ERR_USAGE, "%.300s", ui->message[0] ? ui->message : "this cannot be done in a lesson");
}

int player_is_program(const char *line)
{
    char word[KNOB_TEXT_SIZE];
    const char *rest = command_line_cut(line, word, sizeof word), *value;
    const struct command_row *row;

    if (strncmp(rest, "--", 2) == 0)
        return 1;
    for (int i = 0; (row = command_at(i)); i++)
        if (strcmp(row->name, word) == 0)
            return 0;
    return strcmp(word, "set") != 0 && command_line_knob(line, &value) < 0;
}

int player_do(struct lesson_player *p, struct app *a, const char *line, struct err *e)
{
    p->wait = WAIT_NOTHING;
    if (strncmp(line, "wait ", 5) == 0)
        return begin_wait(p, a, line + 5, e);
    if (strncmp(line, "let ", 4) == 0)
        return begin_let(p, a, line + 4, e);
    if (strncmp(line, "saddle ", 7) == 0)
        return begin_saddle(p, a, line + 7, e);
    if (player_is_program(line))
        return begin_saddle(p, a, line, e);
    return begin_command(p, a, line, e);
}

static int is_done(struct lesson_player *p, struct app *a, struct err *e)
{
    switch (p->wait) {
    case WAIT_HEARD:
        return focused(a)->version && focused(a)->obeyed >= a->sent;
    case WAIT_STEPS:
        return waited_steps(p, a);
    case WAIT_UNTIL:
        return waited_until(p, a, e);
    case WAIT_PROBE:
        return !app_is_probing(a);
    case WAIT_LANDSCAPE:
        return !app_is_surveying(a);
    case WAIT_MEASURE:
        return !app_is_measuring(a);
    case WAIT_SAVED:
        return waited_saved(p, a, e);
    case WAIT_CHILD:
        return waited_child(p, e);
    default:
        return 1;
    }
}

int player_waited(struct lesson_player *p, struct app *a, struct err *e)
{
    int r = is_done(p, a, e);

    if (r)
        p->wait = WAIT_NOTHING;
    return r;
}
