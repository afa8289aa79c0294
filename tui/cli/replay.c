/* SPDX-License-Identifier: MIT */
/* saddle replay: a session again, line by line, without a screen or on it; and the checksums of its weights. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/loop.h"
#include "cli/config.h"
#include "cli/json-line.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "term/signals.h"
#include "trainer/trainer.h"

struct replaying {
    const char *file, *data;
    long long threads, speed;
    int json, live;
    struct app_options app;
};

static int parse(struct replaying *v, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--data", &v->data}, {NULL, NULL}};
    const struct option_count counts[] = {
        {"--threads", &v->threads, 1, 1024}, {"--speed", &v->speed, 0, 1000}, {NULL, NULL, 0, 0}};
    const struct option_switch switches[] = {{"--json", &v->json}, {"--live", &v->live}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_count(counts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0 && argv[i][0] != '-' && !v->file)
            v->file = argv[i], r = 1;
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (!v->file)
        return err_set(e, ERR_USAGE, "a session file is missing: saddle replay FILE");
    if (v->live && v->json)
        return err_set(e, ERR_USAGE, "--live and --json exclude each other");
    if (v->live && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
        return err_set(e, ERR_RUNTIME, "--live needs a terminal");
    return 0;
}

static void progress(const struct snapshots *all)
{
    const struct snapshot *s = &all->run[all->focus];

    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rreplaying: step %llu of run %c\033[K", (unsigned long long)s->step, 'A' + all->focus);
}

/* Until the replay is over, or a signal. */
static const struct snapshots *wait_for_end(struct trainer *t, int *ending)
{
    const struct snapshots *all;
    struct sample sample;

    while (all = trainer_snapshots(t), all->play == PLAY_NONE || all->play == PLAY_RUNNING) {
        struct pollfd polls[] = {{.fd = trainer_event_fd(t), .events = POLLIN}, {.fd = term_signal_fd(), .events = POLLIN}};
        uint64_t rung;
        if (poll(polls, 2, -1) < 0)
            continue;
        if (polls[0].revents)
            (void)!read(polls[0].fd, &rung, sizeof rung);
        if (polls[1].revents) {
            (void)!read(polls[1].fd, &rung, sizeof rung);
            term_signal_take(ending);
            if (*ending)
                break;
        }
        while (trainer_sample(t, &sample))
            ;
        progress(all);
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    return all;
}

static void print_json(const struct snapshots *all)
{
    json_t *runs = json_object(), *o = json_object();

    for (int i = 0; i < TRAINER_RUNS; i++) {
        char name[2] = {(char)('A' + i), '\0'};
        json_t *run;
        if (!(all->there >> i & 1))
            continue;
        run = json_object();
        json_line_integer(run, "step", (long long)all->run[i].step);
        json_object_set_new(run, "checksum", json_string(all->run[i].checksum));
        json_object_set_new(runs, name, run);
    }
    json_object_set_new(o, "runs", runs);
    json_line_print(o);
}

static void print_runs(const struct snapshots *all)
{
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (all->there >> i & 1)
            printf("run %c: step %llu, weights %s\n", 'A' + i, (unsigned long long)all->run[i].step, all->run[i].checksum);
}

static int play_headless(struct trainer *t, const struct replaying *v, struct err *e)
{
    const struct snapshots *all;
    int ending = 0;

    if (term_signal_init(e) != 0)
        return -e->code;
    all = wait_for_end(t, &ending);
    term_signal_free();
    if (ending)
        return err_set(e, 128 + ending, "ended by %s", strsignal(ending));
    for (uint64_t i = 0; !v->json && i < all->run[all->focus].log_count && i < SNAPSHOT_LOG; i++) {
        const struct snapshot *s = &all->run[all->focus];
        uint64_t first = s->log_count > SNAPSHOT_LOG ? s->log_count - SNAPSHOT_LOG : 0;
        const struct log_entry *entry = &s->log[(first + i) % SNAPSHOT_LOG];
        printf("step %llu of run %c: %s\n", (unsigned long long)entry->step, 'A' + entry->run, entry->text);
    }
    if (v->json)
        print_json(all);
    else
        print_runs(all);
    return all->play == PLAY_DONE ? 0 : err_set(e, ERR_INPUT, "%s: %s", v->file, all->play_text);
}

static int play(struct setup *r, const struct session *s, struct replaying *v, struct err *e)
{
    const struct trainer_options o = {
        .recipe = r->recipe, .from = s->from, .replay = s, .speed = v->live ? (double)v->speed : 0, .probes = v->live};
    struct trainer *t = NULL;
    struct err end;
    int code = trainer_start_with(&t, &r->run, &o, e);

    if (code)
        return code;
    code = v->live ? app_run(t, &v->app, e) : play_headless(t, v, e);
    trainer_stop(t, &end);
    return code;
}

static int run(int argc, char **argv, struct err *e)
{
    struct replaying v = {.speed = 1};
    struct session s = {0};
    struct setup r = {0};
    int code = parse(&v, argc, argv, e);

    if (code == 0)
        code = session_load(&s, v.file, e);
    if (code == 0 && v.live)
        code = settings_load(&v.app, e);
    if (code == 0)
        code = setup_open_session(&r, &s, v.data, (int)v.threads, e);
    if (code == 0)
        code = play(&r, &s, &v, e);
    setup_close(&r);
    session_free(&s);
    return code;
}

const struct cmd cmd_replay = {
    .name = "replay",
    .synopsis = "replay FILE [OPTION]…",
    .summary = "replay a session and print the checksums of its weights",
    .help = "  --json              print {\"runs\": {\"A\": {\"step\", \"checksum\"}, …}}\n"
            "  --live              show it on the screen, at the speed it was trained at,\n"
            "                      with its probes\n"
            "  --speed N           with --live: N times as fast; 0: as fast as possible (default: 1)\n"
            "  --data D            data set, if it has moved since\n"
            "  --threads N         threads to train with (default: one per core); the result is the same\n",
    .computes = 1,
    .run = run,
};
