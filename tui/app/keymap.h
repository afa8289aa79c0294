/* Keys: one table, from which come the footer, the help and the tests. A handler changes the app and
 * says by flags what is to follow; it never draws. To add a key: a row, and its handler. */
#ifndef SADDLE_TUI_APP_KEYMAP_H
#define SADDLE_TUI_APP_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "draw/canvas.h"

enum input_key { /* keys that are no character, above all of Unicode */
    INPUT_UP = 0x110000,
    INPUT_DOWN,
    INPUT_LEFT,
    INPUT_RIGHT,
    INPUT_PAGE_UP,
    INPUT_PAGE_DOWN,
    INPUT_HOME,
    INPUT_END,
    INPUT_BACKSPACE,
    INPUT_DELETE,
    INPUT_BACK_TAB,
    INPUT_F1,
    INPUT_F12 = INPUT_F1 + 11,
    INPUT_SHIFT_LEFT,
    INPUT_SHIFT_RIGHT,
    INPUT_PRESS,      /* mouse: x, y of the event say where */
    INPUT_WHEEL_UP,
    INPUT_WHEEL_DOWN,
    INPUT_ENTER = '\r',
    INPUT_TAB = '\t',
    INPUT_ESCAPE = 27,
    INPUT_REPAINT = 'L' - '@' /* Ctrl-L */
};

struct event {
    uint32_t key; /* a character, or enum input_key */
    int x, y;     /* of the mouse */
};

enum reaction { REACT_DRAW = 1, REACT_REPAINT = 2, REACT_QUIT = 4 };

enum {
    WHERE_KNOBS = 1,
    WHERE_PLOT = 2,
    WHERE_LOG_Y = 4,
    WHERE_LOG = 8,
    WHERE_EVERY = 16,   /* no mode of its own is on */
    WHERE_TYPING = 32,
    WHERE_COMMAND = 64,
    WHERE_HELP = 128,
    WHERE_QUIT = 256,
    WHERE_RESTART = 4096,
    WHERE_LIST = 1024,  /* long lists: knobs, log, help */
    WHERE_FILTER = 2048,
    WHERE_LINE = WHERE_TYPING | WHERE_COMMAND | WHERE_FILTER, /* a line is typed */
    WHERE_CURVATURE = 1 << 19, /* the panes of the Curvature view */
    WHERE_LANDSCAPE = 1 << 24,      /* all panes of the landscape */
    WHERE_LANDSCAPE_MAP = 1 << 25,
    WHERE_LANDSCAPE_LIST = 1 << 26,
    WHERE_RUN = 1 << 20,      /* everywhere but in the race: the training's */
    WHERE_RACE = 1 << 21,     /* all panes of the race */
    WHERE_RACE_MAP = 1 << 22,
    WHERE_RACERS = 1 << 23,
    WHERE_ALWAYS = 512, /* at the right end of the footer, however narrow */
    WHERE_LATER = 1 << 13 /* in the footer where the others have left room */
};

struct app;

struct key_row {
    uint32_t key, other; /* two keys that do the same; other may be 0 */
    unsigned where;
    const char *name;    /* "knob-up": for the configuration */
    const char *brief;   /* in the footer (neighbouring rows with the same word share a place), or NULL */
    const char *help;
    unsigned (*act)(struct app *a, int by);
    int by;
};

/* Give an action other keys: one or two names as in scripts, set apart by a blank. Its mouse stays.
 * Errors: an unknown action or key, a third one, one the terminal keeps, a character that could not be typed any more.
 * Conflicts are looked for when all is bound. */
int keys_bind(const char *action, const char *keys, struct err *e);
/* Two actions that one key would reach in one place: 1, or 0 when there are none. */
int keys_conflict(const struct key_row **a, const struct key_row **b);
/* The key that is meant by what arrives: Ctrl-J is Enter, Ctrl-H and 127 are Backspace. */
uint32_t key_meant(uint32_t arrived);
/* As the table has it. */
void keys_reset(void);
/* The i-th row, or NULL beyond the last. */
const struct key_row *key_row(int i);
/* The row a key has at these places, or NULL. */
const struct key_row *key_find(uint32_t key, unsigned where);
/* What is printed on a key: "⏎", "Ctrl-L", "space". */
void key_label(uint32_t key, enum charset charset, char *out, size_t size);
/* The label of an action's key, for hints: "space" of "pause". */
void key_of(const char *action, enum charset charset, char *out, size_t size);
/* A place in the footer: the keys of neighbouring rows with the same word. */
struct key_hint {
    char label[64];
    const char *brief;
    int later; /* told after the others */
};

/* Walk the footer: the first place at or after `row`; returns the row to go on with, or 0 when there is no more. */
int keys_footer(int row, unsigned where, enum charset charset, struct key_hint *h);

#endif
