/* All a panel may look at. Panels draw it and change nothing. */
#ifndef SADDLE_TUI_MODEL_H
#define SADDLE_TUI_MODEL_H

#include "history.h"
#include "lab/snapshot.h"
#include "view/layout.h"

enum mode {
    MODE_NORMAL,
    MODE_TYPING,  /* a value for the chosen knob */
    MODE_COMMAND, /* a line after ':' */
    MODE_HELP,
    MODE_QUIT     /* asked whether to leave */
};

enum { UI_INPUT = KNOB_TEXT_SIZE, UI_MESSAGE = 512 };

struct ui {
    enum mode mode;
    enum pane focus;
    int maximised;
    int log_y[PANE_FOCUSABLE];
    int chosen;       /* enum knob_id */
    int zoom;         /* plots show the last 1/2^zoom of the run */
    double cross;     /* step of the cross-hair, NaN: none */
    int log_top, help_top; /* lines scrolled away */
    char input[UI_INPUT];
    char message[UI_MESSAGE]; /* in the footer until the next key */
    int warning;              /* it is one */
};

struct model {
    const struct snapshot *snapshot;
    const struct history *history;
    struct knobs knobs;     /* as the user set them: the snapshot's, and edits not yet in force */
    const char *checkpoint; /* where the run is saved, or NULL */
    struct ui ui;
};

#endif
