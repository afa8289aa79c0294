/* SPDX-License-Identifier: MIT */
/* The session's journal as it grows, and a session that is replayed: its lines are done, each when its run has come to the
 * line's step, by the functions that did them when they were recorded. */
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/text.h"
#include "run/checksum.h"
#include "run/journal.h"
#include "trainer/probe-job.h"
#include "trainer/trainer-private.h"

/* ---- recording ------------------------------------------------------------------------------ */

static void record(struct runner *runner, const struct session_line *line)
{
    struct err e;

    if (session_add(&runner->trainer->session, line, &e) != 0)
        trainer_log(runner, LOG_NOTE, e.text);
}

/* What runs have noted in their own journals since. */
void session_catch_up(struct trainer *t)
{
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct runner *runner = &t->runner[i];
        struct session_line line = {.run = i, .seconds = runner->now.seconds};
        struct journal_line own;
        int used;
        while (runner->run && (used = journal_read(run_journal(runner->run) + runner->journaled, &own, NULL)) > 0) {
            line.step = own.step;
            text_copy(line.name, sizeof line.name, own.name);
            text_copy(line.value, sizeof line.value, own.value);
            record(runner, &line);
            runner->journaled += (size_t)used;
        }
    }
}

void session_note(struct runner *runner, const char *name, const char *value)
{
    struct session_line line = {.step = run_counters(runner->run)->step, .run = run_id(runner->run), .seconds = runner->now.seconds};

    session_catch_up(runner->trainer);
    text_copy(line.name, sizeof line.name, name);
    text_copy(line.value, sizeof line.value, value);
    record(runner, &line);
}

void session_note_back(struct runner *runner, uint64_t step, int lines)
{
    char value[64];

    snprintf(value, sizeof value, "%llu:%d", (unsigned long long)step, lines);
    session_note(runner, "back", value);
}

void session_skip(struct runner *runner)
{
    runner->journaled = strlen(run_journal(runner->run));
}

char *trainer_session_text(struct trainer *t)
{
    session_catch_up(t);
    return session_text(&t->session);
}

/* The session so far, every run's end with it; NULL: no memory. */
static char *whole_text(struct trainer *t, struct err *e)
{
    struct session s;
    char *text = NULL;
    int r;

    session_catch_up(t);
    r = session_copy(&s, &t->session, e);
    if (r)
        return NULL;
    for (int i = 0; i < TRAINER_RUNS && r == 0; i++) {
        struct session_line line = {.run = i, .name = "end", .seconds = t->runner[i].now.seconds};
        if (!t->runner[i].run)
            continue;
        line.step = run_counters(t->runner[i].run)->step;
        run_checksum(t->runner[i].run, line.value);
        r = session_add(&s, &line, e);
    }
    if (r == 0 && !(text = session_text(&s)))
        err_memory(e, "the session", s.size);
    session_free(&s);
    return text;
}

void trainer_write_session(struct trainer *t, const char *path)
{
    char line[SNAPSHOT_TEXT * 2];
    struct err e = {0};
    char *text = whole_text(t, &e);
    int r = text ? file_replace(path, text, strlen(text), &e) : -1;

    snprintf(line, sizeof line, "session saved as %.90s", path);
    trainer_tell_saved(t, r != 0, r ? e.text : line);
    free(text);
}

/* ---- replaying ------------------------------------------------------------------------------ */

struct found { /* the eigenvector of a run's probe that an escape goes along, now or later */
    int run;
    struct escape_direction *direction;
};

struct player {
    struct session session;
    struct found *found;
    int founds;
    size_t at;
    struct session_line line; /* the next to be done, if `have` */
    int have;
    double speed;             /* of the training as it was; 0: as fast as it goes */
    int probes;               /* are made again for who watches, not where an escape needs them only */
    double began_clock, began_seconds; /* where the way to the line began, to keep its pace; and … */
    uint64_t began_step;
    int differ;               /* runs whose weights are not those of the session */
};

int player_begin(struct trainer *t, const struct trainer_options *o, struct err *e)
{
    int r;

    t->player = calloc(1, sizeof *t->player);
    if (!t->player)
        return err_memory(e, "a replay", sizeof *t->player);
    r = session_copy(&t->player->session, o->replay, e);
    t->player->speed = o->speed;
    t->player->probes = o->probes;
    t->report.play = PLAY_RUNNING;
    if (r)
        player_end(t);
    return r;
}

void player_end(struct trainer *t)
{
    if (!t->player)
        return;
    for (int i = 0; i < t->player->founds; i++)
        escape_direction_drop(t->player->found[i].direction);
    free(t->player->found);
    session_free(&t->player->session);
    free(t->player);
    t->player = NULL;
}

/* It is over; `why` is what went wrong, NULL: nothing. */
static void finish(struct trainer *t, const char *why)
{
    t->report.play = why || t->player->differ ? PLAY_FAILED : PLAY_DONE;
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (t->runner[i].run) {
            run_checksum(t->runner[i].run, t->runner[i].now.checksum);
            runner_rest(&t->runner[i], RUN_PAUSED);
        }
    t->pace.running = 0;
    if (!why)
        why = t->player->differ ? "the replay is done: its weights differ from the session's" : "the replay is done";
    text_copy(t->report.play_text, sizeof t->report.play_text, why);
    trainer_log(t->focus, LOG_NOTE, why);
    player_end(t);
}

static void fail(struct runner *runner, const char *why)
{
    char line[sizeof((struct err *)0)->text + 80];

    snprintf(line, sizeof line, "the replay ends at step %llu of run %c: %s",
             (unsigned long long)run_counters(runner->run)->step, runner_letter(runner), why);
    finish(runner->trainer, line);
}

/* ---- probes and escapes --------------------------------------------------------------------- */

/* Whether an escape goes along its eigenvector later on, of whatever run. */
static int is_used(const struct player *p, int number)
{
    char word[40];

    snprintf(word, sizeof word, " escape %d:", number);
    return strstr(p->session.text + p->at, word) != NULL;
}

static struct found *found_by(const struct runner *runner, int probe)
{
    const struct player *p = runner->trainer->player;

    for (int i = 0; i < p->founds; i++)
        if (p->found[i].run == run_id(runner->run) && p->found[i].direction->number == probe)
            return &p->found[i];
    return NULL;
}

/* Kept until the end: an escape that is made again goes along it, however far the run went back meanwhile. A later probe of
 * the same number takes its place. */
static int keep_direction(const struct runner *runner, struct escape_direction *direction, struct err *e)
{
    struct player *p = runner->trainer->player;
    struct found *at = found_by(runner, direction->number);

    if (at) {
        escape_direction_drop(at->direction);
    } else {
        struct found *grown = realloc(p->found, sizeof *grown * (size_t)(p->founds + 1));
        if (!grown)
            return err_memory(e, "the eigenvectors of a replay", sizeof *grown * (size_t)(p->founds + 1));
        p->found = grown;
        at = &p->found[p->founds++];
    }
    *at = (struct found){run_id(runner->run), escape_direction_share(direction)};
    return 0;
}

static void forget_found(struct player *p, int run)
{
    int kept = 0;

    for (int i = 0; i < p->founds; i++)
        if (p->found[i].run == run)
            escape_direction_drop(p->found[i].direction);
        else
            p->found[kept++] = p->found[i];
    p->founds = kept;
}

/* A run that begins here as a fork has the eigenvectors of its parent's probes: it may make an escape again. `there`: the
 * runs before, bit by bit. */
static int share_found(struct trainer *t, unsigned there, struct err *e)
{
    struct player *p = t->player;
    int r = 0;

    for (int id = 0; id < TRAINER_RUNS && r == 0; id++) {
        if (!t->runner[id].run || there >> id & 1)
            continue;
        forget_found(p, id);
        for (int i = 0, all = p->founds; i < all && r == 0; i++)
            if (p->found[i].run == t->runner[id].now.parent)
                r = keep_direction(&t->runner[id], p->found[i].direction, e);
    }
    return r;
}

static unsigned runs_there(const struct trainer *t)
{
    unsigned there = 0;

    for (int i = 0; i < TRAINER_RUNS; i++)
        there |= t->runner[i].run ? 1u << i : 0;
    return there;
}

/* Here and now, as an escape needs what it finds. */
static int probe_now(struct runner *runner, int series, struct err *e)
{
    struct probe_job *job;
    int r = probe_job_new(&job, runner->run, series, 0, e);

    if (r)
        return r;
    if (runner->trainer->player->probes)
        probe_job_look_ahead(job, runner->run);
    r = probe_job_run(job, run_pool(runner->run), e);
    if (r == 0 && runner->trainer->player->probes) {
        trainer_probe_show(runner, &job->job);
    } else if (r == 0) {
        escape_direction_drop(runner->probe.direction);
        runner->probe.direction = probe_job_direction(job);
    }
    if (r == 0 && runner->probe.direction)
        r = keep_direction(runner, runner->probe.direction, e);
    probe_job_free(job);
    return r;
}

/* Beside the training, for who watches; one that fails says so on the screen, but its line is there. */
static void probe_beside(struct runner *runner, int series)
{
    runner->probe.with = 0;
    if (series)
        trainer_job_again(runner, JOB_PROBE);
    else
        trainer_job_ask(runner, JOB_PROBE, NULL);
}

static int do_probe(struct runner *runner, const struct session_line *line, struct err *e)
{
    const struct player *p = runner->trainer->player;
    int series = strstr(line->value, ":series") != NULL, number = journal_number(line->value), r = 0;

    if (number != journal_count(runner->run, "probe") + 1)
        return err_set(e, ERR_INPUT, "its probe numbers do not match");
    if (is_used(p, number))
        return probe_now(runner, series, e);
    if (p->probes)
        probe_beside(runner, series);
    if (journal_count(runner->run, "probe") < number)
        r = run_note_probe(runner->run, series, e);
    return r < 0 ? r : 0;
}

static int do_escape(struct runner *runner, const struct session_line *line, struct err *e)
{
    const char *colon = strchr(line->value, ':');
    const struct found *along = found_by(runner, journal_number(line->value));
    char *end = NULL;
    double by = colon ? strtod(colon + 1, &end) : NAN;

    if (!isfinite(by) || !end || *end || !along)
        return err_set(e, ERR_INPUT, "escape along an unknown eigenvector");
    return trainer_escape_by(runner, along->direction, by, e);
}

static int do_escape_back(struct runner *runner, const struct session_line *line, struct err *e)
{
    const struct edits *edits = &runner->edits;
    const struct edit *last = edits->done ? &edits->list[edits->done - 1] : NULL;

    if (!last || !last->escape || last->escape->along->number != journal_number(line->value))
        return err_set(e, ERR_INPUT, "escape_back: not the last escape");
    trainer_step_back(runner, 0);
    return 0;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static int do_fork(struct runner *runner, const struct session_line *line, struct err *e)
{
    struct trainer *t = runner->trainer;
    unsigned there = runs_there(t);

    trainer_fork(runner);
    return runner_letter(t->focus) == *line->value && t->focus != runner ? share_found(t, there, e) : err_set(e, ERR_INPUT, "cannot fork run %c here", *line->value);
}

static int do_compare(struct runner *runner, const struct session_line *line, struct err *e)
{
    unsigned there = runs_there(runner->trainer);

    trainer_compare(runner, line->value);
    return runs_there(runner->trainer) != there ? share_found(runner->trainer, there, e) : err_set(e, ERR_INPUT, "cannot start the comparison %.30s here", line->value);
}

static int do_restart(struct runner *runner, const struct session_line *line, struct err *e)
{
    struct command c = {.kind = COMMAND_CHANGE};
    char name[SESSION_NAME] = "";
    const char *value;
    int n = 0;

    sscanf(line->value, "%63s%n", name, &n);
    value = line->value + n;
    c.knob = (enum knob_id)knob_find(name);
    if (knob_parse(c.knob, value + (*value == ' '), &c.setting, e) != 0)
        return -ERR_INPUT;
    trainer_restart_changed(runner, &c);
    return run_counters(runner->run)->step == 0 ? 0 : err_set(e, ERR_INPUT, "cannot restart with %.80s", line->value);
}

static int do_recipe(struct runner *runner, const struct session_line *line, struct err *e)
{
    int r = trainer_restart_recipe(runner, line->value, e);

    if (r)
        return r;
    return run_counters(runner->run)->step == 0 ? 0 : err_set(e, ERR_INPUT, "cannot restart with recipe %.80s", line->value);
}

static int do_back(struct runner *runner, const struct session_line *line, struct err *e)
{
    const char *at = line->value;
    uint64_t step = 0, lines = 0;
    int r;

    text_unsigned(&at, UINT64_MAX, &step);
    at += *at == ':';
    text_unsigned(&at, INT_MAX, &lines);
    if (step > run_counters(runner->run)->step)
        return err_set(e, ERR_INPUT, "back: the run has not reached that step");
    r = travel_to(runner, step, (int)lines, INFINITY, e);
    if (r == 0)
        edits_forget_beyond(&runner->edits, step, (int)lines);
    return r;
}

static void do_end(struct runner *runner, const struct session_line *line)
{
    char sum[SHA256_TEXT], text[SNAPSHOT_TEXT];
    int same;

    run_checksum(runner->run, sum);
    same = strcmp(sum, line->value) == 0;
    runner->trainer->player->differ += !same;
    snprintf(text, sizeof text, "run %c: weights %s the session's", runner_letter(runner), same ? "identical to" : "differ from");
    trainer_log(runner, LOG_NOTE, text);
}

static void do_products(struct runner *runner, const struct session_line *line)
{
    char text[SNAPSHOT_TEXT];

    journal_compare(runner->run, "the session", line->value, text, sizeof text);
    if (*text)
        trainer_log(runner, LOG_NOTE, text);
}

static int do_setting(struct runner *runner, const struct session_line *line, struct err *e)
{
    struct command c = {.kind = COMMAND_SET, .knob = (enum knob_id)knob_find(line->name)};
    int before = journal_lines(run_journal(runner->run));

    if (knob_parse(c.knob, line->value, &c.setting, e) != 0)
        return -ERR_INPUT;
    trainer_turn(runner, &c);
    return journal_lines(run_journal(runner->run)) > before ? 0 : err_set(e, ERR_INPUT, "%s cannot be set here", line->name);
}

static int do_line(struct runner *runner, const struct session_line *line, struct err *e)
{
    static const struct {
        const char *name;
        int (*act)(struct runner *runner, const struct session_line *line, struct err *e);
    } acts[] = {{"fork", do_fork},     {"compare", do_compare}, {"restart", do_restart},        {"back", do_back}, {"recipe", do_recipe},
                {"probe", do_probe},   {"escape", do_escape},   {"escape_back", do_escape_back}};

    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(line->name, acts[i].name) == 0)
            return acts[i].act(runner, line, e);
    if (strcmp(line->name, "drop") == 0)
        trainer_drop(runner->trainer, run_id(runner->run));
    else if (strcmp(line->name, "end") == 0)
        do_end(runner, line);
    else if (strcmp(line->name, JOURNAL_PRODUCTS) == 0)
        do_products(runner, line);
    else
        return do_setting(runner, line, e);
    return 0;
}

/* ---- the pace, and a piece of work ---------------------------------------------------------- */

static int next_line(struct player *p, struct trainer *t)
{
    const struct runner *runner;

    p->have = session_next(&p->session, &p->at, &p->line);
    runner = p->have ? &t->runner[p->line.run] : NULL;
    if (runner && runner->run) {
        p->began_clock = clock_seconds();
        p->began_seconds = runner->now.seconds;
        p->began_step = run_counters(runner->run)->step;
    }
    return p->have;
}

/* A line of a probe that is to be seen, while the one before is in hand. */
static int waits_for_probe(const struct player *p, const struct trainer *t)
{
    return p->probes && strcmp(p->line.name, "probe") == 0 && trainer_job_busy(t, JOB_PROBE);
}

/* Until a command comes, or a job is over. */
static void wait_a_little(struct trainer *t, double seconds)
{
    struct pollfd p = {.fd = t->mail.command_fd, .events = POLLIN};

    poll(&p, 1, (int)fmin(ceil(seconds * 1000), 20));
    t->pace.worked = clock_seconds();
}

/* Seconds until the next step is due, at the pace it was trained at. */
static double patience(const struct player *p, const struct runner *runner)
{
    uint64_t step = run_counters(runner->run)->step;
    double way = (double)(p->line.step - p->began_step), done = (double)(step - p->began_step), took;

    if (!(p->speed > 0) || isnan(p->line.seconds) || way <= 0)
        return 0;
    took = fmax(0, p->line.seconds - p->began_seconds) / p->speed;
    return p->began_clock + took * done / way - clock_seconds();
}

/* One step or slice on the way to the line. */
static int step_to_line(struct runner *runner)
{
    struct trainer *t = runner->trainer;
    double wait = patience(t->player, runner);
    int show;

    if (wait > 0) {
        wait_a_little(t, wait);
        return 0;
    }
    runner_go_on(runner, UINT64_MAX);
    t->pace.running = 1;
    show = runner_work(runner);
    if (runner->now.status == RUN_DIVERGED || runner->now.status == RUN_FAILED)
        fail(runner, runner->now.note);
    else
        t->pace.running = 1;
    return show;
}

int player_work(struct trainer *t)
{
    struct player *p = t->player;
    struct runner *runner;
    struct err e = {0};

    if (!p->have && !next_line(p, t)) {
        finish(t, NULL);
        return 1;
    }
    runner = &t->runner[p->line.run];
    if (!runner->run) {
        fail(t->focus, "the next line refers to a run that does not exist");
        return 1;
    }
    if (run_counters(runner->run)->step < p->line.step || run_counters(runner->run)->evaluation_due)
        return step_to_line(runner);
    if (run_counters(runner->run)->step > p->line.step) {
        fail(runner, "the next line refers to an earlier step");
        return 1;
    }
    if (waits_for_probe(p, t)) {
        wait_a_little(t, 1);
        return 0;
    }
    p->have = 0;
    if (do_line(runner, &p->line, &e) != 0)
        fail(runner, e.text);
    return 1;
}
