/* SPDX-License-Identifier: MIT */
/* What the files of `saddle runs` share: runs.c reads the command line, the others carry out its verbs. */
#ifndef SADDLE_TUI_CLI_RUNS_H
#define SADDLE_TUI_CLI_RUNS_H

#include <jansson.h>

#include "store/store.h"

enum { RUNS_NAMES = 64 };

struct runs_request {
    const char *verb;
    const char *name[RUNS_NAMES]; /* what follows it */
    int count;
    const char *sort, *output;
    int json, reverse, deleted, csv, jsonl, tensorboard, svg, evaluations, probes, undo, off, force;
};

typedef int runs_verb(struct store *s, const struct runs_request *q, struct err *e);
runs_verb runs_list, runs_show, runs_compare, runs_export, runs_rename, runs_note, runs_mark, runs_rm, runs_gc;

/* The picture of export. */
runs_verb runs_export_svg;

/* A run as every --json has it; and the same of the run called so, printed as one line. */
json_t *runs_json(const struct store_run *r);
int runs_print_json(struct store *s, const char *name, struct err *e);

enum { RUNS_TEXT = 400 };
/* Text of the store as a terminal may show it: at most `columns` of it, "…" at its end where it is longer. */
const char *runs_text(char out[RUNS_TEXT], const char *text, int columns);
/* "2026-11-27 21:59", local time; "–" for 0. */
const char *runs_when(char out[32], double when);
/* ".672", "–" where it is not known. */
const char *runs_share(char out[32], double share);

#endif
