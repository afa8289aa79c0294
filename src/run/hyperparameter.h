/* SPDX-License-Identifier: MIT */
/* Hyper-parameters, "knobs" for short: everything that a recipe, the command line or the keyboard can set. They are
 * declared in hyperparameter.def, the one place to touch when adding one. */
#ifndef SADDLE_RUN_HYPERPARAMETER_H
#define SADDLE_RUN_HYPERPARAMETER_H

#include <stddef.h>

#include "core/err.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

enum knob_id {
#define HYPERPARAMETER(id, ...) KNOB_##id,
#include "run/hyperparameter.def"
#undef HYPERPARAMETER
    KNOB_COUNT
};

enum knob_type {
    KNOB_REAL,
    KNOB_INTEGER,
    KNOB_CHOICE, /* value = index of the choice */
    KNOB_SWITCH, /* 0 off, 1 on */
    KNOB_TEXT    /* the network, the milestones */
};

/* What one step up or down does. */
enum knob_scale {
    KNOB_LINEAR,  /* adds `step` */
    KNOB_DECADES, /* goes to the next of `step` values per decade */
    KNOB_DOUBLING /* goes to the next power of 2 */
};

enum { KNOB_TEXT_SIZE = 512, KNOB_VALUE_SIZE = KNOB_TEXT_SIZE };

/* The value of every setting; plain data, part of the run's state. What nobody set follows the optimizer and the
 * schedule chosen. */
struct knobs {
    double value[KNOB_COUNT];
    unsigned char set[KNOB_COUNT]; /* 1: by a recipe or the user; 0: the default */
    char network[KNOB_TEXT_SIZE], milestones[KNOB_TEXT_SIZE];
};

/* One value on its way from where it is typed or turned to the run. */
struct knob_value {
    double number;
    int standard; /* no value of its own: back to the default, whatever `number` is */
    char text[KNOB_TEXT_SIZE]; /* of a KNOB_TEXT */
};

/* Names of a KNOB_CHOICE that come from a registry: of the i-th, NULL beyond the last. */
struct knob_names {
    const char *(*name)(int i), *(*title)(int i);
};

/* A field of struct optimizer_args or struct schedule_args. */
struct knob_field {
    enum { KNOB_OF_NONE, KNOB_OF_OPTIMIZER, KNOB_OF_SCHEDULE } of;
    size_t offset;
    int whole; /* it is an int, not a double */
};

struct knob {
    const char *name;    /* in recipes, files and --set: "learning_rate" */
    const char *title;   /* on the screen: "learning rate" */
    const char *alias;   /* a short form to type ("lr"), or NULL */
    const char *section; /* heading in recipe files: data, network, training, optimizer, schedule, probe */
    const char *unit;    /* "epochs", "frames"; "" or NULL: none. Read it by knob_unit */
    const char *help;    /* one line */
    enum knob_type type;
    enum knob_scale scale;
    double min, max;     /* both allowed; of a KNOB_CHOICE 0 and no bound */
    double standard;     /* the default; of what OF_OPTIMIZER or OF_SCHEDULE binds, where nothing chosen reads it */
    double step;
    int live;            /* takes effect between two steps; else a change restarts the run */
    int odd;             /* even numbers are refused */
    int identifier;      /* a seed: shown without thousands separators */
    int required;        /* its schedule publishes no default, or one in another unit: `standard` is it */
    const char *const *choices;      /* of a KNOB_CHOICE, ended by NULL; or … */
    const struct knob_names *names;  /* … these */
    struct knob_field field;
    int (*used)(const struct knobs *k); /* whether it has an effect beside these; NULL: it has */
};

const struct knob *knob_row(enum knob_id id);
const char *knob_unit(enum knob_id id);
/* By name, alias or title, in upper or lower case; −1 when there is none. */
int knob_find(const char *name);
/* Whether it is a setting's `name`, letter for letter. */
int knob_is_name(const char *name);
/* Choices of a KNOB_CHOICE: the i-th name and the title that stands for it on the screen, or NULL beyond the last. */
const char *knob_choice(enum knob_id id, int i);
const char *knob_choice_title(enum knob_id id, int i);
/* By name or title, in upper or lower case; −1 when there is none. */
int knob_choice_find(enum knob_id id, const char *name);

void knobs_standard(struct knobs *k);
/* The text of a KNOB_TEXT. */
const char *knobs_text(const struct knobs *k, enum knob_id id);
/* Whether a and b agree on it, and on whether it was set. */
int knobs_same(const struct knobs *a, const struct knobs *b, enum knob_id id);
/* Whether it has an effect under the optimizer, schedule, loss and network chosen; others are shown quiet. */
int knobs_read(const struct knobs *k, enum knob_id id);
/* When to use the optimizer chosen, in two lines; NULL: not told. */
const char *knobs_optimizer_use(const struct knobs *k);
/* Whether evaluation is of an average that the optimizer chosen keeps, not of the weights that it trains. */
int knobs_average(const struct knobs *k);
/* Whose published default its value is ("AdamW"); NULL: it was set, or is no optimizer's or schedule's. */
const char *knobs_default_of(const struct knobs *k, enum knob_id id);

/* ---- values --------------------------------------------------------------------------------- */

struct knob_value knob_number(double number);
/* The value as it is: `standard` where nobody set it. */
struct knob_value knobs_value(const struct knobs *k, enum knob_id id);
/* Whether it is within bounds. Errors: ERR_USAGE, one sentence that names the setting, without a file. */
int knob_check(enum knob_id id, const struct knob_value *v, struct err *e);
/* Check and set it. Settings that nobody set follow where the optimizer or schedule changes. */
int knobs_set(struct knobs *k, enum knob_id id, const struct knob_value *v, struct err *e);
/* Set a number that is known to be within bounds. */
void knobs_put(struct knobs *k, enum knob_id id, double number);
/* What nobody set takes the published default of the optimizer and schedule chosen. */
void knobs_follow(struct knobs *k);

/* The value after `turns` steps up (or down, when negative), within bounds, on the grid of its scale.
 * A KNOB_TEXT has no steps. */
double knob_turned(enum knob_id id, double value, int turns);

/* ---- as text -------------------------------------------------------------------------------- */

/* Read what a person typed or a file holds; "default" gives the value up. Choices by name or title. Errors as
 * knobs_set's. */
int knob_parse(enum knob_id id, const char *text, struct knob_value *v, struct err *e);
/* … and set it. */
int knobs_parse(struct knobs *k, enum knob_id id, const char *text, struct err *e);
/* The text that knob_parse reads back exactly. */
void knob_format(enum knob_id id, const struct knob_value *v, char *text, size_t size);
/* The same of the value in force, the number of a default too. */
void knobs_format(const struct knobs *k, enum knob_id id, char *text, size_t size);
/* The value for a reader: at most four digits, thousands separated, choices by title. */
void knobs_show(const struct knobs *k, enum knob_id id, char *text, size_t size);

/* ---- for optimizers and schedules ----------------------------------------------------------- */

/* Every number that is a hyper-parameter; `t`, and `lr` after the schedule, are the caller's. */
struct optimizer_args knobs_optimizer(const struct knobs *k);
struct schedule_args knobs_schedule(const struct knobs *k);
/* The schedule in force; NULL: none, beside an optimizer that averages instead. */
const struct schedule *knobs_schedule_kind(const struct knobs *k);

/* One number alone: 1, or 0 when the setting is none of an optimizer's (of a schedule's). */
int knob_to_optimizer(const struct knobs *k, enum knob_id id, struct optimizer_args *a);
int knob_to_schedule(const struct knobs *k, enum knob_id id, struct schedule_args *a);

/* "10,20,30" into out[SCHEDULE_MILESTONES] (may be NULL): how many, or −1 when it is not a list of
 * numbers ≥ 0. Empty text is none. */
int milestones_parse(const char *text, double *out);

#endif
