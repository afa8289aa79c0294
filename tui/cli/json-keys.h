/* SPDX-License-Identifier: MIT */
/* The keys of every --json output, for the manual; the tests compare them with what is printed. */
#ifndef SADDLE_TUI_CLI_JSON_KEYS_H
#define SADDLE_TUI_CLI_JSON_KEYS_H

/* A key is written as a path: "axes[].points" stands in each object of the array "axes". ROLE is one of train,
 * validation, test and split (not yet divided), and a last * any key of the output named in the text. */
struct json_key {
    const char *command; /* the words before the options: "data info" */
    const char *key, *text;
};

/* The i-th key, or NULL beyond the last; the keys of a command follow one another. */
const struct json_key *json_key_at(int i);

#endif
