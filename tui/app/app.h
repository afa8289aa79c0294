/* SPDX-License-Identifier: MIT */
/* The app: the model and what keys do to it. It knows no terminal: events come in, a canvas goes out,
 * the trainer is reached through trainer.h alone. */
#ifndef SADDLE_TUI_APP_APP_H
#define SADDLE_TUI_APP_APP_H

#include "app/keymap.h"
#include "trainer/trainer.h"
#include "app/layout.h"
#include "app/model.h"

struct recorder;

enum { APP_PATH = 4096 };

struct app_options {
    const char *checkpoint; /* where the trainer saves, as told to trainer_start; NULL: nowhere */
    int ascii;              /* no character beyond 7 bits */
    int no_color, no_mouse;
    int colours; /* 1 + the colours of the screen, 0: as many as the terminal has */
    enum theme palette;
    enum colormap colormap;
    enum mosaic mosaic;
    const char *session;    /* where the session is kept, to be resumed; NULL: nowhere */
    const char *plots;      /* where it is remembered which plots show the run whole (whole-run.h); NULL: nowhere */
    int no_record;          /* runs do not go into the store */
    int checkpoints;        /* so many of the newest that nobody named are kept; 0: STORE_CHECKPOINTS_KEPT; or STORE_KEEP_ALL */
    const struct recorder *recorder; /* by which they do, or NULL */
    double autosave;        /* seconds between two times; 0: only at the end */
    const struct session_state *resume; /* whose curves are shown from the start; or NULL */
    char *next;             /* [APP_PATH], "": the checkpoint that the user leaves for; NULL: nobody takes it up */
    const char *language; /* of lessons; NULL: the environment's */
    const char *seed; /* of the runs of lessons; NULL: the recipe's */
    const char *first; /* a line after ':' that is run at the beginning, or NULL */
    int plain; /* lines instead of a screen: messages name commands, not keys */
    int timed; /* … but of a still session the clocks go on */
    int still; /* a scripted session: clocks read 0, and only app_send(COMMAND_STEPS) lets the trainer go on */
};

/* An edit on its way: shown as made until the trainer's snapshots answer it. */
struct pending {
    int on;
    int run; /* that was in focus */
    struct knob_value value;
    uint64_t command; /* its number among those sent */
};

enum { APP_COMMANDS = 16 };

struct app {
    struct trainer *trainer;
    struct app_options options;
    struct model model;
    struct run_curves curves;
    struct past_curvature past_curvature;
    struct history *history; /* those of the run in focus */
    struct pending pending[KNOB_COUNT];
    char saved_file[UI_INPUT];            /* what the last save named; "": none */
    char saved_session[UI_INPUT];         /* and the last session as text */
    char command[APP_COMMANDS][UI_INPUT]; /* the last lines after ':', the latest first; "": none */
    int recalled;          /* which of them is shown again, from 1 on; 0: none */
    unsigned (*agreed)(struct app *a);             /* what MODE_ASK does instead of sending `asked`; or NULL */
    unsigned (*choose)(struct app *a, int choice); /* what MODE_CHOOSE does with a choice from 1 on, or enum choose */
    struct command asked;  /* what MODE_RESTART or MODE_ASK asks about, or … */
    char leaving_for[APP_PATH]; /* … the checkpoint to go on with instead; "": none */
    uint64_t focusing;     /* the number of the last command that gave a run the focus; … */
    int focus_meant;       /* … and which run */
    uint64_t sent;         /* number of the last command that the trainer took */
    int probing;           /* enum curvature_with of the last probe asked for by hand */
    uint64_t saving;       /* the number of a save that was asked for, until it is answered; 0: none */
    double series;         /* distance of probes when there last were any by themselves */
    double kept;           /* clock when the session was kept last … */
    uint64_t kept_stamp;   /* … as it was then */
    int busy;              /* it was at work when last heard of */
    int told_recording;    /* that runs are not recorded */
    int goes_on;           /* a still session: what space made of it */
    struct snapshots quiet; /* and what it shows … */
    struct curvature_view quiet_curvature; /* … of the curvature */
    struct landscape_view quiet_landscape; /* … and of the landscape */
    void (*watch)(void *watcher, const struct sample *s); /* told every sample, or NULL */
    void *watcher;
    enum charset charset;  /* of the screen; the terminal's when there is one */
    int mouse_x, mouse_y;  /* of the last event of the mouse */
    int by_mouse;          /* and whether that is the one in hand */
    int grip_x, grip_y;    /* where a drag began, or went last */
    int gripped;           /* the chosen knob was clicked, and only the wheel moved since */
    int w, h; /* of the last canvas drawn: where the mouse points, and which panes have a place */
};

/* The trainer stays the caller's. */
int app_init(struct app *a, struct trainer *t, const struct app_options *o, struct err *e);
void app_free(struct app *a);

/* Take in what the trainer published; 1 when something is to be drawn. */
int app_gather(struct app *a);
/* Whether the trainer has heard every command and rests. */
int app_is_settled(const struct app *a);
/* Whether a probe that was asked for is not done yet, or its asking not heard. */
int app_is_probing(const struct app *a);
/* The same of a landscape. */
int app_is_surveying(const struct app *a);
/* The same of tasks, of whatever view. */
int app_is_working(const struct app *a);
/* The same of the figures of the diagnosis. */
int app_is_measuring(const struct app *a);
/* Whether something moves by the clock, and a frame's worth of it; 1 when something is to be drawn. */
int app_has_ticks(const struct app *a);
int app_tick(struct app *a);
/* So many steps of what the view shows: the race, or else the training. For scripts. */
void app_wait(struct app *a, uint64_t steps);
/* A key or the mouse; returns enum reaction flags. */
unsigned app_handle(struct app *a, const struct event *event);
/* The screen's size, before the first drawing and whenever it changes. */
void app_resize(struct app *a, int w, int h);
/* What the screen is drawn with; what it cannot be is told in the footer. */
void app_take_charset(struct app *a, enum charset charset);
/* Where the panes of the view shown are, on a screen of this size. */
struct layout app_layout(const struct app *a, int w, int h);
/* Draw everything, on a canvas of any size. */
void app_draw(const struct app *a, struct canvas *c);

/* ---- for the handlers ---- */

/* Send a command; a full ring is said in the footer. 1 when it was taken. */
int app_send_command(struct app *a, const struct command *c);
int app_send(struct app *a, enum command_kind kind, uint64_t count);
/* The same with a text: a file's name. */
int app_send_text(struct app *a, enum command_kind kind, const char *text);
/* Have a task done, of the run in focus: the app takes the caller's share of it. 1 when the trainer took it. */
int app_ask_task(struct app *a, struct task *t);
/* Cancel the task of a slot: 1, or 0 where none is in hand. */
int app_cancel_task(struct app *a, enum task_slot slot);
/* Whether the run was begun with this file to be saved in, or was saved there last: saving there again loses nothing. */
int app_is_own_file(const struct app *a, const char *file);
/* Save as this file, "" as the run's own; how that went is said when it is known. */
void app_save(struct app *a, const char *file);
/* A save as this file was sent: how it went is said when it is known. */
void app_await_saved(struct app *a, const char *file);
/* Send a COMMAND_SET of a LIVE knob (checked and bounded by the caller), shown as made at once; 1 when it was taken. */
int app_set(struct app *a, const struct command *c);
/* Why runs are not recorded, the first time this is asked after it is known; else NULL. */
const char *app_recording_problem(struct app *a);
/* Something to say in the footer until the next key. */
void app_say(struct app *a, int warning, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Ask whether to do this. */
void app_ask(struct app *a, unsigned (*agreed)(struct app *a), const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Let the user choose by a digit, skip the question, leave it for later, or do something else before. */
enum choose { CHOOSE_NOTHING = 0, CHOOSE_LATER = -1, CHOOSE_BACK = -2, CHOOSE_PAGE = -3, CHOOSE_TERM = -4, CHOOSE_UP = -5 };
void app_choose(struct app *a, unsigned (*choose)(struct app *a, int choice), int choices);
/* Whether a view is at work on something that goes on across views. */
int app_is_busy(const struct app *a);
int app_is_training(const struct app *a);

#endif
