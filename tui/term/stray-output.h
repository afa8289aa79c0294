/* SPDX-License-Identifier: MIT */
/* Output of the program or a library while the screen is in use is kept away from it, and shown at the end. */
#ifndef SADDLE_TUI_TERM_STRAY_OUTPUT_H
#define SADDLE_TUI_TERM_STRAY_OUTPUT_H

/* From now on stdout and stderr go where they are kept. */
void term_prints_keep(void);
/* Put both back, then print to stderr what was kept. Harmless when nothing is. */
void term_prints_replay(void);

#endif
