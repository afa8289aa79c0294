/* Scripted keys, for tests and for screens without a terminal: plain characters are typed,
 * <Up> <Enter> <Esc> <Tab> <C-l> <Space> <lt> … are keys by name, <wait 200 steps> lets the trainer go on. */
#ifndef SADDLE_TUI_SCRIPT_H
#define SADDLE_TUI_SCRIPT_H

#include "core/err.h"
#include "keys.h"

enum script_kind { SCRIPT_END, SCRIPT_KEY, SCRIPT_WAIT };

struct script_item {
    enum script_kind kind;
    struct event event;
    unsigned long long steps; /* of SCRIPT_WAIT */
};

/* The next item, *script moved past it. Returns 0, or −ERR_USAGE for an unknown name. */
int script_next(const char **script, struct script_item *item, struct err *e);

#endif
