/* SPDX-License-Identifier: MIT */
#ifndef SADDLE_TUI_CLI_CONFUSION_H
#define SADDLE_TUI_CLI_CONFUSION_H

#include "core/err.h"

/* `saddle data confusion`, argv[0] being the verb; as struct cmd's run. */
int confusion_command(int argc, char **argv, struct err *e);

#endif
