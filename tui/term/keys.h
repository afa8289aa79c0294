/* SPDX-License-Identifier: MIT */
/* Keys a program on a terminal never sees. */
#ifndef SADDLE_TUI_TERM_KEYS_H
#define SADDLE_TUI_TERM_KEYS_H

#include <stdint.h>

/* Effect of this key in the terminal of standard input before it is read, "suspends the program"; NULL: none, it
 * arrives. The screen leaves signals and flow control as the user has them (stty); without a terminal what is usual
 * counts. */
const char *term_keeps(uint32_t key);

#endif
