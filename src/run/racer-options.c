/* SPDX-License-Identifier: MIT */
#include "run/racer-options.h"

#include <stdio.h>
#include <string.h>

#include "run/setting-unknown.h"

enum { NAME = 64, READS = 320 };

/* Where the numbers of one text go. */
struct target {
    const char *option, *kind; /* "optimizer", its name */
    char reads[READS];         /* knobs that mean something here */
    struct optimizer_args *optimizer;
    struct schedule_args *schedule; /* the one or the other */
};

static int lists(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == 0))
            return 1;
    return 0;
}

static void hand_over(const struct target *t, const struct knobs *k, enum knob_id id)
{
    if (t->schedule)
        knob_to_schedule(k, id, t->schedule);
    else
        knob_to_optimizer(k, id, t->optimizer);
}

static int take_pair(const struct target *t, const char *name, const char *value, struct err *e)
{
    int id = knob_find(name);
    struct knobs k;
    struct err why;

    if (id < 0 || !lists(t->reads, knob_row(id)->name))
        return err_set(e, ERR_USAGE, "%s %s: it does not read \"%s\"; it reads %s", t->option, t->kind, name,
                       t->reads);
    knobs_standard(&k);
    if (knobs_parse(&k, id, value, &why) != 0)
        return err_set(e, ERR_USAGE, "%s %s: %s", t->option, t->kind, why.text);
    hand_over(t, &k, id);
    return 0;
}

/* Where the value at `at` ends: at the comma before the next "name=", or at the end; so that a value may be a
 * list (milestones=10,20). */
static const char *value_end(const char *at)
{
    const char *comma = strchr(at, ',');

    while (comma && strcspn(comma + 1, "=,") == strcspn(comma + 1, ","))
        comma = strchr(comma + 1, ',');
    return comma ? comma : at + strlen(at);
}

/* "name=value,name=value"; empty text is none. */
static int take_pairs(const struct target *t, const char *text, struct err *e)
{
    while (*text) {
        size_t n = strcspn(text, "=,"), length;
        const char *end;
        char name[NAME], value[KNOB_VALUE_SIZE];
        int r;
        if (text[n] != '=' || n >= NAME)
            return err_set(e, ERR_USAGE, "%s %s: \"%.60s\": expected name=value", t->option, t->kind, text);
        end = value_end(text + n + 1);
        length = (size_t)(end - (text + n + 1));
        if (length >= sizeof value)
            return err_set(e, ERR_USAGE, "%s %s: the value is too long", t->option, t->kind);
        snprintf(name, sizeof name, "%.*s", (int)n, text);
        snprintf(value, sizeof value, "%.*s", (int)length, text + n + 1);
        r = take_pair(t, name, value, e);
        if (r)
            return r;
        text = *end ? end + 1 : end;
    }
    return 0;
}

/* What stands before the colon, and what behind it. */
static const char *split(const char *text, char name[NAME])
{
    size_t n = strcspn(text, ":");

    snprintf(name, NAME, "%.*s", (int)(n < NAME ? n : NAME - 1), text);
    return text[n] ? text + n + 1 : text + n;
}

int racer_options_optimizer(struct racer_setup *s, const char *text, struct err *e)
{
    char name[NAME];
    const char *numbers = split(text, name);
    const struct optimizer *o = R(optimizers).at(knob_choice_find(KNOB_OPTIMIZER, name));
    struct target t = {.option = "optimizer", .optimizer = &s->args};

    if (!o)
        return setting_no_choice("optimizer", KNOB_OPTIMIZER, name, e);
    *s = (struct racer_setup){.optimizer = o->name, .args = R(optimizers).defaults(o)};
    t.kind = o->name;
    snprintf(t.reads, sizeof t.reads, "%s %s sam sam_rho sam_eta", knob_row(KNOB_LEARNING_RATE)->name, o->reads);
    return take_pairs(&t, numbers, e);
}

int racer_options_schedule(struct racer_setup *s, const char *text, struct err *e)
{
    char name[NAME];
    const char *numbers = split(text, name);
    const struct schedule *kind = schedule_at(knob_choice_find(KNOB_SCHEDULE, name));
    struct target t = {.option = "schedule", .schedule = &s->schedule_args};

    if (!kind)
        return setting_no_choice("schedule", KNOB_SCHEDULE, name, e);
    s->schedule = kind;
    s->schedule_args = schedule_defaults(kind);
    t.kind = kind->name;
    snprintf(t.reads, sizeof t.reads, "%s %s", knob_row(KNOB_WARMUP)->name, kind->reads);
    return take_pairs(&t, numbers, e);
}

const struct racer_words racer_options_words = {racer_options_optimizer, racer_options_schedule};
