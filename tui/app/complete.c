/* SPDX-License-Identifier: MIT */
#include "app/complete.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "app/command-line.h"
#include "app/prompt.h"

/* Candidates so far: how many, what they have in common, and all of them. */
struct completion {
    size_t place; /* of the word within the input */
    char word[UI_INPUT];
    char common[UI_INPUT];
    int count;
    char *list; /* or NULL */
    size_t size;
};

static void add_to_list(struct completion *c, const char *candidate)
{
    size_t used = strlen(c->list);

    if (used)
        text_copy(c->list + used, c->size - used, " ");
    used = strlen(c->list);
    text_copy(c->list + used, c->size - used, candidate);
}

static void consider(struct completion *c, const char *candidate)
{
    size_t n = 0;

    if (strncmp(candidate, c->word, strlen(c->word)) != 0)
        return;
    if (c->list)
        add_to_list(c, candidate);
    if (c->count++ == 0) {
        snprintf(c->common, sizeof c->common, "%s", candidate);
        return;
    }
    while (c->common[n] && c->common[n] == candidate[n])
        n++;
    c->common[n] = '\0';
}

static void consider_choices(struct completion *c, int id)
{
    if (id < 0 || knob_row((enum knob_id)id)->type != KNOB_CHOICE)
        return;
    for (int i = 0; knob_choice((enum knob_id)id, i); i++)
        consider(c, knob_choice((enum knob_id)id, i));
}

static void consider_names(struct completion *c, int with_commands)
{
    const struct command_row *row;

    for (int i = 0; with_commands && (row = command_at(i)); i++)
        consider(c, row->name);
    for (int i = 0; i < KNOB_COUNT; i++)
        if (knob_row((enum knob_id)i)->live)
            consider(c, knob_row((enum knob_id)i)->name);
}

/* The words that can follow a command and what is typed behind it. */
static void consider_words(struct completion *c, const char *text, const char *last)
{
    char rest[UI_INPUT], name[UI_INPUT];
    const struct command_row *row;
    const char *word;

    snprintf(rest, sizeof rest, "%.*s", (int)(last - text), text);
    word = command_line_cut(rest, name, sizeof name);
    for (int i = 0; (row = command_at(i)); i++)
        for (int k = 0; strcmp(row->name, name) == 0 && row->word && row->word(word, k); k++)
            consider(c, row->word(word, k));
}

static void consider_all(const struct ui *ui, struct completion *c)
{
    const char *text = ui->input, *last, *rest;
    int typing = ui->mode == MODE_TYPING;

    if (!typing && strncmp(text, "set ", 4) == 0)
        text += 4;
    last = strrchr(text, ' ');
    last = last && !typing ? last + 1 : text;
    c->place = (size_t)(last - ui->input);
    text_copy(c->word, sizeof c->word, ui->offered ? "" : last);
    if (typing)
        consider_choices(c, ui->chosen);
    else if (last == text)
        consider_names(c, text == ui->input);
    else {
        int id = command_line_knob(text, &rest);
        if (rest == last) /* a setting has one value */
            consider_choices(c, id);
        consider_words(c, text, last);
    }
}

int complete_list(const struct ui *ui, char *out, size_t size)
{
    struct completion c = {.list = out, .size = size};

    out[0] = '\0';
    consider_all(ui, &c);
    return c.count == 1 && strcmp(c.common, c.word) == 0 ? 0 : c.count;
}

void complete_input(struct ui *ui)
{
    struct completion c = {0};
    char line[UI_INPUT];

    consider_all(ui, &c);
    if (!c.count || (ui->offered && !c.common[0]))
        return;
    text_copy(line, sizeof line, ui->input);
    snprintf(line + c.place, sizeof line - c.place, "%s%s", c.common, c.count == 1 && ui->mode != MODE_TYPING ? " " : "");
    prompt_begin(ui, line);
}
