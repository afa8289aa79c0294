/* SPDX-License-Identifier: MIT */
/* Key bindings. They stand in sets, const tables beside their handlers: the app's own (bindings.c), a view's, a pane's.
 * Footer, help, manual and the configuration are made from these rows. A handler changes the app and reports by flags
 * what is to follow; it never draws. To add a key: a row in the set of its pane or view, and its handler. */
#ifndef SADDLE_TUI_APP_KEYMAP_H
#define SADDLE_TUI_APP_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "draw/canvas.h"
#include "term/event.h"

enum reaction { REACT_DRAW = 1, REACT_REPAINT = 2, REACT_QUIT = 4 };

enum key_flags {
    KEY_ALWAYS = 1, /* at the right end of the footer, however narrow */
    KEY_LATER = 2,  /* in the footer where the others have left room */
    KEY_SHARED = 4, /* of a view: acts in every view of the training run */
    KEY_EVERYWHERE = 16, /* of a view: acts in every view */
    KEY_IN_TEXT = 8 /* acts while a line is typed: cannot be a character */
};

struct app;
struct model;

struct key_binding {
    uint32_t key, other; /* two keys that do the same; other may be 0 */
    unsigned flags;      /* of enum key_flags */
    const char *name;    /* "setting-up": for the configuration */
    const char *brief;   /* in the footer (neighbouring rows with the same word share a place), or NULL */
    const char *help;
    unsigned (*act)(struct app *a, int by);
    int by;
};

struct key_set {
    const char *title; /* in the help */
    const struct key_binding *row;
    int count;
};

#define KEY_SET(title, rows) {title, rows, sizeof(rows) / sizeof *(rows)}

/* The keys a binding has now: which 0 or 1; 0 when it has no such key. */
uint32_t binding_key(const struct key_binding *b, int which);
/* Give an action other keys: one or two names as in scripts, separated by a blank. Its mouse button or wheel stays.
 * Errors: an unknown action or key, a third one, one the terminal keeps, a character that could not be typed any more.
 * Conflicts are looked for when all is bound. */
int keys_bind(const char *action, const char *keys, struct err *e);
/* Two bindings that one key would reach in one place: 1, or 0 when there are none. */
int keys_conflict(const struct key_binding **a, const struct key_binding **b);
/* The key that is meant by what arrives: Ctrl-J is Enter, Ctrl-H and 127 are Backspace. */
uint32_t key_meant(uint32_t arrived);
/* Every binding as its table has it. */
void keys_reset(void);

/* The i-th set of all there are, each once: the pane's and views' own before the app's; NULL beyond the last. */
const struct key_set *key_set_at(int i);
/* The i-th binding of all sets, or NULL beyond the last. */
const struct key_binding *key_binding_at(int i);

/* Bindings that act together, in the order of the footer; the first that has a key gets it. */
enum { KEYS_ACTIVE = 192 };
struct key_list {
    const struct key_binding *row[KEYS_ACTIVE];
    unsigned char borrowed[KEYS_ACTIVE]; /* another view's: 1, KEY_SHARED; 2, KEY_EVERYWHERE */
    int count;
};

/* All that act in the mode, view and pane of the model. */
void keys_active(const struct model *m, struct key_list *l);
/* The binding of a key among them, or NULL. */
const struct key_binding *keys_find(const struct key_list *l, uint32_t key);

/* The label printed on a key: "⏎", "Ctrl-L", "space". */
void key_label(uint32_t key, enum charset charset, char *out, size_t size);
/* The label of an action's key, for hints: "space" of "pause". */
void key_of(const char *action, enum charset charset, char *out, size_t size);

/* A place in the footer: the keys of neighbouring rows with the same word. */
struct key_hint {
    char label[64];
    const char *brief;
    int later; /* shown after the others */
};

/* Walk the footer: the first place at or after `row` whose KEY_ALWAYS flag is `always`; returns the row to go on with, or 0
 * when there is no more. */
int keys_footer(const struct key_list *l, int row, int always, enum charset charset, struct key_hint *h);

#endif
