/* SPDX-License-Identifier: MIT */
#include "cli/text-mode.h"

#include <errno.h>
#include <langinfo.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/actions.h"
#include "app/session.h"
#include "app/command-line.h"
#include "app/status.h"
#include "app/tasks.h"
#include "core/clock.h"
#include "app/view.h"
#include "train/text-gradients.h"
#include "term/signals.h"
#include "draw/glyph.h"
#include "draw/number.h"
#include "draw/spell.h"
#include "draw/text.h"

enum { LINE = 1024, MOMENT = NUMBER_SIZE + 16, WAITING_COMMANDS = 64 }; /* a script may be longer than the trainer's ring */

struct dialogue {
    struct app app;
    const struct plain *how;
    char input[LINE];
    size_t used;
    int skipping;            /* the rest of a line that is too long */
    int input_open, waiting; /* "wait" holds the input back while training goes on … */
    uint64_t wait_until;     /* … to this step at most; 0: until it rests */
    int quits;               /* asked to, as soon as what was asked before is answered */
    int leave, ending;
    uint64_t logged, told_step;
    double told;             /* when the status was told, seconds */
    enum run_status status;  /* that was told, … */
    int status_run;          /* … of which run … */
    uint64_t status_step;    /* … at which step */
    struct task *failed[TASK_SLOTS]; /* tasks whose failure is told */
};

int plain_every(struct plain *p, const char *text, struct err *e)
{
    char *end;

    p->every = strtod(text, &end);
    p->in_steps = *end != 's';
    if (end == text || (*end && strcmp(end, "s") != 0) || !(p->every >= .1 && p->every <= 1e9) ||
        (p->in_steps && p->every != floor(p->every)))
        return err_set(e, ERR_USAGE, "--every %.40s: expected steps, as 500, or seconds, as 10s", text);
    return 0;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void tell(const struct dialogue *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(const struct dialogue *s, const char *format, ...)
{
    char text[LINE], bytes[4];
    struct spelling spelling = {text, NULL};
    uint32_t ch;
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    while ((ch = spell_next(&spelling, s->app.charset))) {
        ch = glyph_for(s->app.charset, text_columns(ch) < 0 ? '?' : ch);
        fwrite(bytes, 1, (size_t)text_encode(ch, bytes), stdout);
    }
    putchar('\n');
}

static void tell_line(void *session, const char *line)
{
    tell(session, "%s", line);
}

/* "step 120"; of runs side by side "run B, step 120". */
static const char *moment(const struct dialogue *s, int run, uint64_t step, char text[MOMENT])
{
    const struct snapshots *all = s->app.model.runs;
    char count[NUMBER_SIZE];

    number_count(count, sizeof count, step);
    if (all && (all->there & (all->there - 1)) != 0 && run >= 0 && run < TRAINER_RUNS)
        snprintf(text, MOMENT, "run %c, step %s", 'A' + run, count);
    else
        snprintf(text, MOMENT, "step %s", count);
    return text;
}

static void tell_status(struct dialogue *s)
{
    const struct snapshot *n = s->app.model.snapshot;
    char when[MOMENT], loss[NUMBER_SIZE], accuracy[NUMBER_SIZE], rate[NUMBER_SIZE], norm[NUMBER_SIZE];
    char speed[NUMBER_SIZE], clock[NUMBER_SIZE], same[64] = "";

    status_identical(&s->app.model, 1, same, sizeof same);
    number_reading(loss, sizeof loss, n->train_loss, 4);
    number_share(accuracy, sizeof accuracy, n->train_accuracy);
    number_reading(rate, sizeof rate, n->learning_rate, 3);
    number_reading(norm, sizeof norm, n->gradient_norm, 3);
    number_scaled(speed, sizeof speed, n->frames_per_second);
    number_time(clock, sizeof clock, n->seconds);
    tell(s, "%s: epoch %.2f of %.0f, loss %s, accuracy %s, learning rate %s, gradient norm %s, %s frames/s, %s%s%s",
         moment(s, n->run, n->step, when), n->epoch, s->app.model.knobs.value[KNOB_EPOCHS], loss, accuracy, rate, norm, speed, clock,
         *same ? ", " : "", same);
    s->told_step = n->step;
    s->told = clock_seconds();
}

static void tell_sample(void *context, const struct sample *p)
{
    const struct dialogue *s = context;
    const struct text_sink out = {tell_line, context};
    char when[MOMENT], loss[NUMBER_SIZE], accuracy[NUMBER_SIZE];

    for (int v = 0; views[v]; v++)
        if (views[v]->text_sample)
            views[v]->text_sample(&s->app.model, p, &out);
    if (p->kind != SAMPLE_EVALUATION)
        return;
    number_reading(loss, sizeof loss, p->evaluation.loss, 4);
    number_share(accuracy, sizeof accuracy, p->evaluation.accuracy);
    tell(context, "%s: evaluation: validation loss %s, accuracy %s", moment(s, p->run, p->step, when), loss, accuracy);
}

static void tell_log(struct dialogue *s)
{
    static const char *const kinds[] = {[LOG_EDIT] = "edit: ", [LOG_EVENT] = "event: ", [LOG_NOTE] = ""};
    const struct snapshot *n = s->app.model.snapshot;
    char when[MOMENT];

    if (n->log_count > s->logged + SNAPSHOT_LOG)
        s->logged = n->log_count - SNAPSHOT_LOG;
    for (; s->logged < n->log_count; s->logged++) {
        const struct log_entry *entry = &n->log[s->logged % SNAPSHOT_LOG];
        tell(s, "%s: %s%s", moment(s, entry->run, entry->step, when), kinds[entry->kind], entry->text);
    }
}

/* Pausing, going on, an end: evaluations tell of themselves. */
static void tell_state(struct dialogue *s)
{
    static const char *const names[] = {[RUN_PAUSED] = "paused",     [RUN_TRAINING] = "training",
                                        [RUN_EVALUATING] = "",       [RUN_DIVERGED] = "diverged",
                                        [RUN_FINISHED] = "finished", [RUN_FAILED] = "failed"};
    const struct snapshot *n = s->app.model.snapshot;
    char when[MOMENT];

    int stood = n->run == s->status_run && n->step == s->status_step;

    if (n->status == RUN_EVALUATING || (n->status == s->status && (n->status != RUN_PAUSED || stood)))
        return;
    tell(s, "%s: %s%s%s", moment(s, n->run, n->step, when), names[n->status], n->note[0] ? ": " : "", n->note);
    s->status = n->status;
    s->status_run = n->run;
    s->status_step = n->step;
}

static void tell_begin(struct dialogue *s)
{
    const struct snapshot *n = s->app.model.snapshot;
    char parameters[NUMBER_SIZE], frames[NUMBER_SIZE];

    number_count(parameters, sizeof parameters, (uint64_t)n->parameters);
    number_count(frames, sizeof frames, (uint64_t)n->train_frames);
    if (!s->app.model.checkpoint)
        tell(s, "this run has nowhere to be saved; start with --checkpoint FILE to keep it");
    tell(s, "saddle: %s on %s, seed %llu, %s parameters, %s frames to train on", n->recipe, n->data,
         (unsigned long long)n->seed, parameters, frames);
}

static void tell_views(struct dialogue *s)
{
    struct text_sink out = {tell_line, s};

    for (int v = 0; views[v]; v++)
        if (views[v]->text)
            views[v]->text(&s->app.model, &out);
}

/* A view tells what its task found; that it found nothing is told here, for all of them. */
static void tell_failures(struct dialogue *s)
{
    for (int i = 0; i < TASK_SLOTS; i++) {
        struct task *newest = s->app.model.task[i].asked ? s->app.model.task[i].asked : s->app.model.task[i].shown;
        const char *why = tasks_failure(&s->app.model, (enum task_slot)i);
        if (!*why || newest == s->failed[i])
            continue;
        tell(s, "%s", why);
        task_release(s->failed[i]);
        task_share(s->failed[i] = newest);
    }
}

static void hear_trainer(struct dialogue *s)
{
    uint64_t first = s->app.model.snapshot->version;
    const char *problem;

    app_gather(&s->app);
    problem = app_recording_problem(&s->app);
    if (problem)
        tell(s, "not recorded: %s", problem);
    if (!first && s->app.model.snapshot->version)
        tell_begin(s);
    if (!s->app.model.snapshot->version)
        return;
    tell_log(s);
    tell_views(s);
    tell_failures(s);
    tell_state(s);
    if (s->how->in_steps && (double)(s->app.model.snapshot->step - s->told_step) >= s->how->every)
        tell_status(s);
}

/* ---- what is asked --------------------------------------------------------------------------- */

static void tell_gradients(const struct dialogue *s)
{
    char line[PLAIN_GRADIENTS_LINES][PLAIN_GRADIENTS_SIZE];

    for (int i = 0, n = plain_gradients(s->app.model.snapshot, line); i < n; i++)
        tell(s, "%s", line[i]);
}

static int is_steps(const char *unit)
{
    return !*unit || strcmp(unit, " step") == 0 || strcmp(unit, " steps") == 0;
}

/* "", or how many steps: "200", or "200 steps" as in a lesson. */
static void begin_wait(struct dialogue *s, const char *rest)
{
    char *end;
    unsigned long long steps;

    rest += strspn(rest, " ");
    errno = 0;
    steps = strtoull(rest, &end, 10);
    if (*rest && (strspn(rest, "0123456789") == 0 || !is_steps(end) || errno || !steps)) {
        tell(s, "wait: \"%.40s\" is not a number of steps; without one, wait until training pauses", rest);
        return;
    }
    s->waiting = 1;
    s->wait_until = *rest ? s->app.model.snapshot->step + steps : 0;
}

/* What was sent is heard first: a restart may stand before the wait. */
/* Nothing goes on, in training or beside it. */
static int is_at_rest(const struct dialogue *s)
{
    return app_is_settled(&s->app) && !app_is_busy(&s->app) && !app_is_probing(&s->app) && !app_is_surveying(&s->app) &&
           !app_is_working(&s->app) && !app_is_measuring(&s->app);
}

static int is_waited(const struct dialogue *s)
{
    const struct snapshot *n = s->app.model.snapshot;

    if (s->wait_until && n->obeyed >= s->app.sent && n->step >= s->wait_until)
        return 1;
    return is_at_rest(s);
}

static void obey(struct dialogue *s, const char *line)
{
    struct ui *ui = &s->app.model.ui;
    unsigned reaction;

    if (!*line) {
        tell_status(s);
        return;
    }
    if (strncmp(line, "wait", 4) == 0 && (!line[4] || line[4] == ' ')) {
        begin_wait(s, line + 4);
        return;
    }
    if (strcmp(line, "gradients") == 0) {
        tell_gradients(s);
        return;
    }
    ui->message[0] = '\0';
    reaction = command_line_run(&s->app, *line == ':' ? line + 1 : line);
    if (ui->message[0])
        tell(s, "%s", ui->message);
    tell_views(s);
    if (ui->mode == MODE_HELP)
        tell(s, "%s, gradients, wait, wait N steps; an empty line tells the status", command_line_list());
    if (ui->mode == MODE_RESTART)
        action_restart_now(&s->app, 0);
    s->quits |= (reaction & REACT_QUIT) || ui->mode == MODE_QUIT; /* leaving saves; a pipe cannot be asked */
    ui->mode = MODE_NORMAL;
}

static void refuse_long(const struct dialogue *s)
{
    tell(s, "a line longer than %d bytes is not obeyed", UI_INPUT - 1);
}

/* Commands begin when the run's first state is told, and do not run far ahead of what was heard. */
static int may_obey(struct dialogue *s)
{
    if (s->app.model.snapshot->version == 0)
        return 0;
    if (s->waiting && is_waited(s))
        s->waiting = 0;
    return !s->waiting && !app_is_busy(&s->app) && s->app.sent < s->app.model.snapshot->obeyed + WAITING_COMMANDS;
}

/* A line of n bytes that is to be obeyed whole or not at all. */
static void obey_line(struct dialogue *s, char *line, size_t n)
{
    if (s->skipping)
        s->skipping = 0;
    else if (n >= UI_INPUT)
        refuse_long(s);
    else if (memchr(line, '\0', n))
        tell(s, "a line with a zero byte is not obeyed");
    else {
        line[n && line[n - 1] == '\r' ? n - 1 : n] = '\0';
        obey(s, line);
    }
}

static void obey_lines(struct dialogue *s)
{
    char *end, line[LINE];

    while (!s->leave && !s->quits && may_obey(s) && (end = memchr(s->input, '\n', s->used))) {
        size_t n = (size_t)(end - s->input);
        memcpy(line, s->input, n);
        s->used -= n + 1;
        memmove(s->input, end + 1, s->used);
        obey_line(s, line, n);
    }
}

static void read_input(struct dialogue *s)
{
    ssize_t n = read(STDIN_FILENO, s->input + s->used, sizeof s->input - s->used - 1);

    if (n > 0)
        s->used += (size_t)n;
    else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        s->input_open = 0;
        if (s->used && s->input[s->used - 1] != '\n')
            s->input[s->used++] = '\n';
    }
    if (s->used == sizeof s->input - 1 && !memchr(s->input, '\n', s->used)) {
        if (!s->skipping)
            refuse_long(s);
        s->skipping = 1;
        s->used = 0;
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

static const double BUSY_SECONDS = .05; /* between two looks at what is no trainer's */

/* Milliseconds until the next status line, or until the session is to be kept; −1: until something happens. */
static int patience(const struct dialogue *s)
{
    double left = s->told + s->how->every - clock_seconds(), keep = app_keep_patience(&s->app);

    if (s->how->in_steps || !s->app.busy)
        left = INFINITY;
    left = fmin(left, keep);
    if (app_is_busy(&s->app))
        left = fmin(left, BUSY_SECONDS);
    return isinf(left) ? -1 : left <= 0 ? 0 : left > 1000 ? 1000000 : (int)(left * 1000) + 1;
}

static int is_status_due(const struct dialogue *s)
{
    return s->app.busy && !s->how->in_steps && s->told + s->how->every <= clock_seconds();
}

static void clear_event(int fd)
{
    uint64_t count;

    (void)!read(fd, &count, sizeof count);
}

static void hear_signals(struct dialogue *s)
{
    if (term_signal_take(&s->ending) & SIGNAL_SUSPEND)
        term_signal_stop();
}

static void wait_for_any(struct dialogue *s)
{
    struct pollfd polls[] = {
        {.fd = s->input_open && s->used < sizeof s->input - 1 ? STDIN_FILENO : -1, .events = POLLIN},
        {.fd = trainer_event_fd(s->app.trainer), .events = POLLIN},
        {.fd = term_signal_fd(), .events = POLLIN},
    };

    if (poll(polls, 3, patience(s)) < 0)
        return;
    if (polls[2].revents) {
        clear_event(polls[2].fd);
        hear_signals(s);
    }
    if (polls[1].revents || app_is_busy(&s->app)) {
        if (polls[1].revents)
            clear_event(polls[1].fd);
        hear_trainer(s);
    }
    if (polls[0].revents)
        read_input(s);
    if (is_status_due(s))
        tell_status(s);
}

static int is_over(const struct dialogue *s)
{
    return s->leave || s->ending || s->app.model.snapshot->status == RUN_FAILED ||
           (s->quits && s->app.model.snapshot->obeyed >= s->app.sent) || (!s->input_open && !s->used && is_at_rest(s));
}

static int verdict(const struct dialogue *s, struct err *e)
{
    const struct snapshot *n = s->app.model.snapshot;

    if (s->ending)
        err_set(e, 128 + s->ending, "ended by %s", strsignal(s->ending));
    else if (!s->leave && !s->quits && n->status == RUN_DIVERGED)
        err_set(e, ERR_DIVERGED, "%s", n->note);
    else if (n->status == RUN_FAILED)
        err_set(e, ERR_INPUT, "%s", n->note);
    return e->code ? -e->code : 0;
}

static int reader_is_gone(void)
{
    struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&p, 1, 0) > 0 && (p.revents & POLLERR);
}

int plain_run(struct trainer *t, const struct app_options *o, const struct plain *how, struct err *e)
{
    struct dialogue s = {.how = how, .input_open = 1, .status = RUN_EVALUATING, .told = clock_seconds()};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    if (app_init(&s.app, t, o, e))
        return -e->code;
    s.app.watch = tell_sample;
    s.app.watcher = &s;
    s.app.options.plain = 1;
    s.app.charset = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ? CHARSET_ASCII : CHARSET_BRAILLE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (term_signal_init(e) == 0) {
        sigaction(SIGPIPE, &ignore, NULL);
        hear_trainer(&s);
        if (*s.app.model.ui.message) /* of the session that is resumed */
            tell(&s, "%s", s.app.model.ui.message);
        while (!is_over(&s)) {
            app_keep_tick(&s.app);
            obey_lines(&s);
            if (!is_over(&s))
                wait_for_any(&s);
            if (ferror(stdout) && reader_is_gone())
                s.ending = SIGPIPE;
            else if (ferror(stdout)) /* main tells of it */
                s.leave = 1;
        }
        app_keep(&s.app);
        verdict(&s, e);
        term_signal_free();
    }
    for (int i = 0; i < TASK_SLOTS; i++)
        task_release(s.failed[i]);
    app_free(&s.app);
    return e->code ? -e->code : 0;
}
