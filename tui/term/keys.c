/* SPDX-License-Identifier: MIT */
#include "term/keys.h"

#include <termios.h>
#include <unistd.h>

/* As terminals begin, but without flow control, which many turn off. */
static const struct termios usual = {
    .c_lflag = ISIG, .c_cc = {[VINTR] = 'C' - '@', [VQUIT] = '\\' - '@', [VSUSP] = 'Z' - '@'}};

const char *term_keeps(uint32_t key)
{
    static const struct {
        int place, flow;
        const char *does;
    } kept[] = {{VINTR, 0, "interrupts the program"},
                {VQUIT, 0, "interrupts the program"},
                {VSUSP, 0, "suspends the program"},
                {VSTOP, 1, "stops output"},
                {VSTART, 1, "resumes output"}};
    struct termios modes;

    if (tcgetattr(STDIN_FILENO, &modes))
        modes = usual;
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++)
        if ((kept[i].flow ? modes.c_iflag & IXON : modes.c_lflag & ISIG) && key && modes.c_cc[kept[i].place] == key)
            return kept[i].does;
    return 0;
}
