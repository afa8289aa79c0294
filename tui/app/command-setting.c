/* SPDX-License-Identifier: MIT */
/* The command line: a setting and its value. */
#include "app/command-line.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "app/actions.h"

/* Length of this name at the beginning of the line; 0 unless it ends there, or before a blank or '='. */
static size_t reach(const char *line, const char *name)
{
    size_t n = name ? strlen(name) : 0;

    if (!n || !strchr(" =", line[strnlen(line, n)]))
        return 0;
    return strncasecmp(line, name, n) == 0 ? n : 0;
}

int command_line_knob(const char *line, const char **rest)
{
    size_t longest = 0;
    int found = -1;

    line += strspn(line, " ");
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row((enum knob_id)i);
        size_t names[] = {reach(line, row->name), reach(line, row->alias), reach(line, row->title)};
        for (int k = 0; k < 3; k++)
            if (names[k] > longest)
                longest = names[k], found = i;
    }
    *rest = line + longest + strspn(line + longest, " =");
    return found;
}

/* "a number from 1e-08 to 10000", "one of sgd, …". */
static void wanted(enum knob_id id, char *out, size_t size)
{
    const struct knob *row = knob_row(id);
    size_t used;

    switch (row->type) {
    case KNOB_SWITCH:
        snprintf(out, size, "on or off");
        return;
    case KNOB_TEXT:
        snprintf(out, size, "%s", row->help);
        return;
    case KNOB_CHOICE:
        snprintf(out, size, "one of");
        for (int i = 0; knob_choice(id, i) && (used = strlen(out)) < size; i++)
            snprintf(out + used, size - used, "%s %s", i ? "," : "", knob_choice(id, i));
        return;
    default:
        snprintf(out, size, "a %snumber from %.10g to %.10g", row->type == KNOB_INTEGER ? "whole " : "", row->min,
                 row->max);
    }
}

unsigned command_line_set(struct app *a, enum knob_id id, const char *value)
{
    char now[KNOB_VALUE_SIZE], what[UI_MESSAGE / 2];

    a->model.ui.chosen = (int)id;
    if (!model_shows_knob(&a->model, id)) /* a setting that is named is shown */
        a->model.ui.filter[FILTER_KNOBS][0] = '\0';
    if (*value)
        return action_set(a, id, value);
    wanted(id, what, sizeof what);
    knobs_format(&a->model.knobs, id, now, sizeof now);
    app_say(a, 0, "%s is %.100s; expected a new value: %s", knob_row(id)->title, *now ? now : "empty", what);
    return action_type(a, 0);
}
