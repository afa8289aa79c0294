/* SPDX-License-Identifier: MIT */
/* Scripted keys, for tests and for screens without a terminal: plain characters are typed,
 * <Up> <Enter> <Esc> <Tab> <C-l> <Space> <lt> … are keys by name, <click 10 5> and <wheel-up 10 5> the mouse
 * at column 10 of row 5 (from 0), <wait 200 steps> lets the trainer go on, or the race
 * where that is shown, <wait probe>, <wait landscape>, <wait measure> and <wait task> go on when what was asked for is done. */
#ifndef SADDLE_TUI_APP_SCRIPT_H
#define SADDLE_TUI_APP_SCRIPT_H

#include "core/err.h"
#include "app/keymap.h"

enum script_kind { SCRIPT_END, SCRIPT_KEY, SCRIPT_WAIT, SCRIPT_PROBE, SCRIPT_LANDSCAPE, SCRIPT_MEASURE, SCRIPT_TASK };

struct script_item {
    enum script_kind kind;
    struct event event;
    unsigned long long steps; /* of SCRIPT_WAIT */
};

/* The next item, *script moved past it. Returns 0, or −ERR_USAGE for an unknown name. */
int script_next(const char **script, struct script_item *item, struct err *e);
/* Whether all of it can be played; the sentence of the error says at which character it cannot. */
int script_check(const char *script, struct err *e);
/* The key of a name ("Up", "C-l", "Space") or of a single character; 0 when there is none. */
uint32_t script_key(const char *name);
/* The i-th of the names that are neither F1 to F12, C-a to C-z nor the character itself; NULL beyond the last. */
const char *script_key_name(int i);
/* The name of a key, for which script_key gives it back. */
void script_name(uint32_t key, char *out, size_t size);

#endif
