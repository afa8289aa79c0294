/* SPDX-License-Identifier: MIT */
/* Files that a command writes: whether it may, before it begins its work. Where nothing is lost by it, it may; else
 * the user says --force (core/file.h). What a command prints, main checks at the end. */
#ifndef SADDLE_TUI_CLI_OUTPUT_H
#define SADDLE_TUI_CLI_OUTPUT_H

#include "core/err.h"

enum output_kind {
    OUTPUT_CHECKPOINT,
    OUTPUT_CURVES,
    OUTPUT_DATA_SET,
    OUTPUT_FEATURES,
    OUTPUT_LANDSCAPE,
    OUTPUT_ONNX,
    OUTPUT_PICTURE,
    OUTPUT_PREDICTIONS,
    OUTPUT_REPORT,
    OUTPUT_SESSION,
    OUTPUT_TRACE
};

/* inputs: the files the command reads, ended by NULL, or NULL. */
int output_check(const char *path, enum output_kind kind, const char *const *inputs, int force, struct err *e);

/* Two outputs of one command, by the names of their options; either may be NULL. ERR_USAGE if one would replace the other. */
int output_differ(const char *option_a, const char *a, const char *option_b, const char *b, struct err *e);

/* The option, as every help text tells it. */
#define OUTPUT_FORCE_HELP "      --force        replace a file that is read, or that holds something else\n"

#endif
