/* SPDX-License-Identifier: MIT */
/* saddle lab: the screen on a run of one's own. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/subcommand.h"
#include "app/headless.h"
#include "app/autosave.h"
#include "app/session.h"
#include "app/whole-run.h"
#include "cli/text-mode.h"
#include "cli/output.h"
#include "cli/recording.h"
#include "cli/setup.h"
#include "app/loop.h"
#include "app/script.h"
#include "cli/config.h"
#include "core/text.h"
#include "core/thread.h"
#include "lesson/progress.h"
#include "lesson/shelf.h"
#include "draw/escape.h"
#include "store/lab-recording.h"

static const double PLAIN_SECONDS = 10; /* between two status lines */
static const double AUTOSAVE_SECONDS = 60;
enum { SESSIONS_KEPT = 5, WORKERS_NICER = 5 };

struct screen_options {
    struct app_options app;
    struct dump dump;
    struct plain plain;
    int paused;
    int nameless; /* no file was named to save in */
    char first[APP_PATH]; /* the line that opens a lesson */
    int resume;   /* go on with the newest session, or … */
    const char *session; /* … with this one */
    char next[APP_PATH]; /* a checkpoint to go on from after this run; "": none */
};

static int take_flag(struct screen_options *o, const char *argument)
{
    const struct {
        const char *name;
        int *flag;
    } flags[] = {{"--ascii", &o->app.ascii},
                 {"--no-color", &o->app.no_color},
                 {"--no-mouse", &o->app.no_mouse},
                 {"--paused", &o->paused},
                 {"--plain", &o->plain.on}};

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(argument, flags[i].name) == 0)
            return *flags[i].flag = 1;
    return 0;
}

static int take_palette(struct screen_options *o, const char *name, struct err *e)
{
    int palette = theme_find(name);

    if (palette < 0)
        return err_set(e, ERR_USAGE, "--palette: \"%.40s\" is unknown; choose from dark, light, contrast, terminal", name);
    o->app.palette = (enum theme)palette;
    return 1;
}

static int take_colormap(struct screen_options *o, const char *name, struct err *e)
{
    int map = colormap_find(name);

    if (map < 0)
        return err_set(e, ERR_USAGE, "--colormap: \"%.40s\" is unknown; choose from cividis, viridis, inferno, grey", name);
    o->app.colormap = (enum colormap)map;
    return 1;
}

static int take_cells(struct screen_options *o, const char *name, struct err *e)
{
    int kind = mosaic_find(name);

    if (kind < 0)
        return err_set(e, ERR_USAGE, "--cells: \"%.40s\" is unknown; choose from braille, sextants, octants", name);
    o->app.mosaic = (enum mosaic)kind;
    return 1;
}

/* 24 is the bits of a colour, as in "24bit". */
static int take_colours(struct screen_options *o, const char *text, struct err *e)
{
    static const struct {
        const char *text;
        int colours;
    } choices[] = {{"24", TRUE_COLOUR}, {"256", 256}, {"16", 16}, {"8", 8}, {"0", 0}};

    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (strcmp(text, choices[i].text) == 0) {
            o->app.colours = 1 + choices[i].colours;
            return 1;
        }
    return err_set(e, ERR_USAGE, "--colors: \"%.40s\" is unknown; choose from 24 (true colour), 256, 16, 8, 0", text);
}

/* A lesson begins on a run that rests. */
static int take_lesson(struct screen_options *o, const char *name)
{
    snprintf(o->first, sizeof o->first, "lesson %s", name);
    o->app.first = o->first;
    return o->paused = 1;
}

/* One of the screen's own options: 1; 0 when it is none; or a negative error. */
static int take_screen_option(struct screen_options *o, int argc, char **argv, int *i, struct err *e)
{
    const char *value;
    int r = take_flag(o, argv[*i]);

    if (r)
        return r;
    r = option_value(argc, argv, i, "--palette", &value, e);
    if (r)
        return r < 0 ? r : take_palette(o, value, e);
    r = option_value(argc, argv, i, "--colormap", &value, e);
    if (r)
        return r < 0 ? r : take_colormap(o, value, e);
    r = option_value(argc, argv, i, "--cells", &value, e);
    if (r)
        return r < 0 ? r : take_cells(o, value, e);
    r = option_value(argc, argv, i, "--colors", &value, e);
    if (r)
        return r < 0 ? r : take_colours(o, value, e);
    if (strncmp(argv[*i], "--resume", 8) == 0 && (!argv[*i][8] || argv[*i][8] == '=')) {
        o->resume = 1;
        o->session = argv[*i][8] ? argv[*i] + 9 : NULL;
        return 1;
    }
    r = option_value(argc, argv, i, "--lesson", &value, e);
    if (r)
        return r < 0 ? r : take_lesson(o, value);
    r = option_value(argc, argv, i, "--lang", &o->app.language, e);
    if (r)
        return r;
    r = option_value(argc, argv, i, "--every", &value, e);
    if (r)
        return r < 0 || plain_every(&o->plain, value, e) ? -ERR_USAGE : 1;
    r = option_value(argc, argv, i, "--dump-screen", &value, e);
    if (r)
        return r < 0 || dump_size(&o->dump, value, e) ? -ERR_USAGE : 1;
    r = option_value(argc, argv, i, "--script", &o->dump.script, e);
    if (r > 0 && script_check(o->dump.script, e))
        return -ERR_USAGE;
    return r;
}

static int parse(struct screen_options *o, struct setup_options *run, int argc, char **argv, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        int r = take_screen_option(o, argc, argv, &i, e);
        if (r == 0)
            r = setup_options_take(run, argc, argv, &i, e);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (o->dump.script && !o->dump.w)
        return err_set(e, ERR_USAGE, "--script needs --dump-screen");
    if (o->plain.on && o->dump.w)
        return err_set(e, ERR_USAGE, "--plain and --dump-screen exclude each other");
    if (o->resume && (run->data || run->recipe || run->from || run->sets || run->seed))
        return err_set(e, ERR_USAGE, "--resume uses the data and settings of the session: --data, --recipe, "
                                     "--from, --set and --seed do not apply");
    if (o->plain.every > 0 && !o->plain.on)
        return err_set(e, ERR_USAGE, "--every needs --plain");
    if (o->plain.on && !(o->plain.every > 0))
        o->plain.every = PLAIN_SECONDS;
    if (!o->dump.w && !o->plain.on && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
        return err_set(e, ERR_RUNTIME, "the screen needs a terminal; use saddle train to train without one, or "
                                       "saddle --plain for the lab as lines of text");
    return 0;
}

/* Whether a run is as it was opened: then there is nothing to keep in a file that nobody asked for. */
static int is_untouched(const struct setup *r, uint64_t step, size_t journal)
{
    return run_counters(r->run)->step == step && strlen(run_journal(r->run)) == journal;
}

static void report_saved(const struct screen_options *o, const struct err *e, int code)
{
    int well = code == 0 || e->code > 128 || e->code == ERR_INPUT;

    if (well && o->app.checkpoint)
        fprintf(stderr, "saddle: run saved. To continue it: saddle --from %s\n", o->app.checkpoint);
    if (well && o->app.session && access(o->app.session, F_OK) == 0)
        fprintf(stderr, "saddle: session saved. To resume it with all runs and curves: saddle --resume\n");
}

/* The lab on a trainer, until the user leaves; *trainer is stopped by the caller. */
static int show_trainer(struct trainer *t, const struct screen_options *o, const struct recorder *recorder, struct err *e)
{
    struct app_options app = o->app;
    char *plots = o->dump.w || o->plain.on ? NULL : whole_run_path();
    int code;

    app.recorder = recorder;
    app.plots = plots;
    code = o->dump.w      ? dump_run(t, &app, &o->dump, e)
           : o->plain.on ? plain_run(t, &app, &o->plain, e)
                         : app_run(t, &app, e);
    free(plots);
    return code;
}

/* The screen on an open run. Stopping saves; that it could not is worse news than why the screen ended. */
static int show(struct setup *r, const struct screen_options *o, const struct lab_recording *recording, struct err *e)
{
    struct lab_recording to = *recording;
    const struct trainer_options how = {.recipe = r->recipe, .checkpoint = o->app.checkpoint, .from = recording->from,
                                        .paused = o->paused || o->dump.w, .resume = o->app.resume,
                                        .observer = lab_recording_observer(&to)};
    struct trainer *trainer = NULL;
    struct err end = {0};
    uint64_t step = run_counters(r->run)->step;
    size_t journal = strlen(run_journal(r->run));
    int asked_for;
    int code = trainer_start_with(&trainer, &r->run, &how, e);

    if (code)
        return code;
    code = show_trainer(trainer, o, recording->recorder, e);
    asked_for = !o->nameless || (o->app.checkpoint && access(o->app.checkpoint, F_OK) == 0); /* by a key, just now */
    if (trainer_stop(trainer, &end)) {
        *e = end;
        return -end.code;
    }
    if (!asked_for && o->app.checkpoint && is_untouched(r, step, journal)) {
        unlink(o->app.checkpoint);
        return code;
    }
    if (!o->dump.w)
        report_saved(o, e, code);
    return code;
}

/* As the user wants it. */
static int is_unrecorded(const struct screen_options *o, const struct setup_options *options)
{
    return options->no_record || o->app.no_record;
}

/* Record it, but a scripted session. */
static int show_recorded(struct setup *r, const struct screen_options *o, const struct setup_options *options,
                         const char *resumed, struct err *e)
{
    struct lab_recording to = {
        .from = options->from, .resume = resumed, .unnamed = o->nameless ? o->app.checkpoint : NULL};
    struct recording recording;
    int code;

    recording_start(&recording, "lab", is_unrecorded(o, options) || o->dump.w);
    to.recorder = recording.recorder;
    code = show(r, o, &to, e);
    recording_stop(&recording);
    if (to.recorder || (is_unrecorded(o, options) && !o->dump.w))
        recording_drop_checkpoints(&o->app, to.recorder != NULL);
    return code;
}

/* The file that a run without --checkpoint is saved in; NULL: none, as screen and lines show. */
static char *writable_autosave(int recorded)
{
    char *path = autosave_path(recorded);

    if (path && output_check(path, OUTPUT_CHECKPOINT, NULL, 0, NULL) != 0) {
        free(path);
        return NULL;
    }
    return path;
}

/* The session to go on with: the one named, or the newest. */
static int open_session(struct screen_options *o, struct session_state *s, char **path, struct err *e)
{
    *path = o->session ? strdup(o->session) : session_newest();
    if (!*path)
        return err_set(e, ERR_USAGE, "--resume: no session to resume");
    return session_state_open(s, *path, e);
}

/* That there is one, in the log of a lab that begins anew. */
static void offer_session(struct setup *r)
{
    char *newest = session_newest(), text[120], when[32];
    struct stat s;
    struct tm local;

    if (newest && stat(newest, &s) == 0 && localtime_r(&s.st_mtime, &local) &&
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local) > 0) {
        snprintf(text, sizeof text, "saddle --resume continues the last session (%s)", when);
        run_remark(r->run, text);
    }
    free(newest);
}

/* The lessons, in the log of who was never here. */
static void offer_lessons(struct setup *r, const struct screen_options *o)
{
    struct progress p;
    struct shelf *s = NULL;
    char language[SHELF_LANGUAGE], text[120], key[16] = "";

    shelf_user_language(o->app.language, language);
    if (progress_open(&p, NULL) == 0 && p.path && access(p.path, F_OK) != 0 && shelf_open(&s, language, NULL) == 0 && s->count &&
        s->entry[0].title) {
        key_of("view-lessons", CHARSET_ASCII, key, sizeof key);
        snprintf(text, sizeof text, "new here? %s shows the lessons; the first takes %d minutes", key, s->entry[0].minutes);
        run_remark(r->run, text);
        progress_write(&p, NULL);
    }
    shelf_free(s);
    progress_close(&p);
}

/* Where this one is kept; a session that is resumed, where it was. */
static void choose_session_file(struct screen_options *o, char **path)
{
    if (!*path && !o->dump.w)
        *path = session_new_path();
    if (*path && !o->dump.w && output_check(*path, OUTPUT_SESSION, NULL, 0, NULL) == 0)
        o->app.session = *path;
    session_prune(SESSIONS_KEPT);
}

static int run_one(struct screen_options *o, struct setup_options *options, struct err *e)
{
    struct session_state state = {0};
    struct setup r = {0};
    char *standard = NULL, *path = NULL;
    int code = o->resume ? open_session(o, &state, &path, e) : 0;

    options->logged = 1;
    if (code == 0)
        code = o->resume ? setup_open_state(&r, &state, options->threads, e) : setup_open(&r, options, e);
    if (code == 0) {
        if (!o->resume && !o->dump.w)
            offer_session(&r);
        if (o->app.next && !o->resume && !o->app.first)
            offer_lessons(&r, o);
        if (!options->checkpoint && !o->dump.w)
            standard = writable_autosave(!is_unrecorded(o, options));
        o->app.seed = o->app.first ? options->seed : NULL;
        o->nameless = !options->checkpoint;
        o->app.checkpoint = options->checkpoint ? options->checkpoint : standard;
        o->app.resume = o->resume ? &state : NULL;
        choose_session_file(o, &path);
        code = show_recorded(&r, o, options, o->resume ? path : NULL, e);
    }
    setup_close(&r);
    session_state_close(&state);
    free(standard);
    free(path);
    return code;
}

/* One run after the other, as long as the user leaves one for another. */
static int run_lab(struct screen_options *o, struct setup_options *options, struct err *e)
{
    char from[APP_PATH];
    int code;

    o->app.next = o->dump.w || o->plain.on ? NULL : o->next;
    if (!o->dump.w && !o->plain.on)
        thread_yield_to_first(WORKERS_NICER);
    code = run_one(o, options, e);
    while (code == 0 && o->next[0]) {
        struct setup_options next = {.threads = options->threads, .no_record = options->no_record, .from = from};
        text_copy(from, sizeof from, o->next);
        o->next[0] = '\0';
        o->resume = 0;
        o->app.session = o->app.checkpoint = NULL;
        code = run_one(o, &next, e);
    }
    return code;
}

static int run(int argc, char **argv, struct err *e)
{
    struct screen_options o = {.app.autosave = AUTOSAVE_SECONDS};
    struct setup_options options = {0};
    int code = settings_load(&o.app, e); /* the command line has the last word */

    if (code == 0)
        code = parse(&o, &options, argc, argv, e);
    return code ? code : run_lab(&o, &options, e);
}

const struct cmd cmd_lab = {
    .name = "lab",
    .synopsis = "[lab] [OPTION]…",
    .summary = "train on a live screen where every setting can be changed (the default)",
    .help = "  --paused            start paused\n"
            "  --ascii             use ASCII characters only\n"
            "  --no-color          use no colours; NO_COLOR does the same\n"
            "  --no-mouse          leave the mouse to the terminal\n"
            "  --palette NAME      dark, light, contrast, or terminal: its own colours\n"
            "  --colormap NAME     colours of maps: cividis (the default), viridis, inferno or grey\n"
            "  --cells NAME        draw with braille (the default), sextants or octants, as the font has them\n"
            "  --colors N          colours of the screen: 24 (true colour, 24 bits), 256, 16, 8 or 0; as many as\n"
            "                      the terminal has if not given. With --dump-screen: print the screen's colours\n"
            "                      as escape sequences\n"
            "  --plain             print lines instead of a screen, for screen readers and pipes; commands are\n"
            "                      read from standard input: set lr 3e-4, pause, step 100, probe,\n"
            "                      escape, wait, wait 300, quit\n"
            "  --resume            continue the last session: its runs, curves, edits and log; --resume=F that\n"
            "                      of file F\n"
            "  --lesson NAME       begin with this lesson: its name, its number or a file\n"
            "  --lang L            language of the lessons, such as zh-TW (that of LC_ALL, LC_MESSAGES or LANG)\n"
            "  --every N           with --plain: print a status line every N steps, or every 10 s as 10s (10s)\n"
            "  --dump-screen CxR   play --script without a terminal, print the screen of C columns and R rows\n"
            "  --script KEYS       keys to play, such as 'j<Right>:lr 3e-4<Enter><wait 200 steps>'; training\n"
            "                      starts paused\n",
    .more = setup_options_help,
    .computes = 1,
    .run = run,
};
