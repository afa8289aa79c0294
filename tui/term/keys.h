/* SPDX-License-Identifier: MIT */
/* Keys a program on a terminal never sees. */
#ifndef SADDLE_TUI_TERM_KEYS_H
#define SADDLE_TUI_TERM_KEYS_H

#include <stdint.h>

/* What the terminal of standard input does by this key before anyone reads it, "suspends the program"; NULL: it
 * arrives. The screen leaves signals and flow control as the user has them (stty); without a terminal what is usual
 * counts. */
const char *term_keeps(uint32_t key);

#endif
