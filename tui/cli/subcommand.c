/* SPDX-License-Identifier: MIT */
#include "cli/subcommand.h"

#include <stdio.h>
#include <string.h>

static const struct cmd *const commands[] = {
    &cmd_lab,
    &cmd_train,
    &cmd_lesson,
    &cmd_sweep,
    &cmd_range_test,
    &cmd_batch,
    &cmd_eval,
    &cmd_diagnose,
    &cmd_predict,
    &cmd_probe,
    &cmd_landscape,
    &cmd_theory,
    &cmd_losses,
    &cmd_race,
    &cmd_replay,
    &cmd_runs,
    &cmd_report,
    &cmd_data,
    &cmd_features,
    &cmd_import_weights,
    &cmd_export_weights,
    &cmd_info,
    &cmd_help,
};

const struct cmd *cmd_at(int i)
{
    return i >= 0 && i < (int)(sizeof commands / sizeof *commands) ? commands[i] : NULL;
}

const struct cmd *cmd_find(const char *name)
{
    for (int i = 0; cmd_at(i); i++)
        if (strcmp(name, cmd_at(i)->name) == 0)
            return cmd_at(i);
    return NULL;
}

/* Blanks at the beginning of a line. */
static size_t indent(const char *line)
{
    return strspn(line, " ");
}

/* "  -o, --output FILE  text": returns where the text begins, or NULL when the line tells no option. */
static const char *read_names(const char *line, struct cmd_option *o)
{
    int n = 0;

    line += indent(line);
    if (sscanf(line, "-%1[a-zA-Z], %n", o->letter, &n) == 1 && n)
        line += n;
    if (sscanf(line, "--%31[a-z-]%n", o->name, &n) != 1)
        return NULL;
    line += n;
    if (*line == ' ' && line[1] != ' ' && sscanf(line, " %31[^ \n]%n", o->value, &n) == 1)
        line += n;
    return line + indent(line);
}

static void add_text(struct cmd_option *o, const char *text, size_t n)
{
    size_t used = strlen(o->text);

    snprintf(o->text + used, sizeof o->text - used, "%s%.*s", used ? " " : "", (int)n, text);
}

int cmd_option_next(const char **help, struct cmd_option *o)
{
    const char *line, *text = NULL;

    for (line = *help; line && *line; line += line[0] == '\n') {
        size_t n = strcspn(line, "\n");
        const char *begins;
        struct cmd_option found = {0};
        begins = indent(line) < 12 ? read_names(line, &found) : NULL;
        if (text && (begins || indent(line) < 12))
            break;
        if (begins) {
            *o = found;
            text = begins;
            add_text(o, begins, n - (size_t)(begins - line));
        } else if (text)
            add_text(o, line + indent(line), n - indent(line));
        line += n;
    }
    *help = line;
    return text != NULL;
}
