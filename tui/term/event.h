/* SPDX-License-Identifier: MIT */
/* Keys and mouse events as the terminal hands them up. */
#ifndef SADDLE_TUI_TERM_EVENT_H
#define SADDLE_TUI_TERM_EVENT_H

#include <stdint.h>

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
    INPUT_DRAG,       /* moved with its button down */
    INPUT_ENTER = '\r',
    INPUT_TAB = '\t',
    INPUT_ESCAPE = 27,
    INPUT_REPAINT = 'L' - '@' /* Ctrl-L */
};

struct event {
    uint32_t key; /* a character, or enum input_key */
    int x, y;     /* of the mouse */
};

#endif
