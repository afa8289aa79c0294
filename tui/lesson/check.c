/* SPDX-License-Identifier: MIT */
#include "lesson/check.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/command-line.h"
#include "app/view.h"
#include "core/text.h"
#include "lesson/player-private.h"
#include "lesson/quantity.h"
#include "race/model.h"
#include "run/comparison.h"
#include "run/racer-options.h"
#include "run/recipe.h"
#include "trainer/trainer.h"

enum { WORDS_MOST = 128, WORD_SIZE = 48 };

struct checking {
    const struct lesson *l;
    int (*command)(const char *name);
    char word[WORDS_MOST][WORD_SIZE]; /* what was kept or printed so far: first words of quantities */
    const char *list[WORDS_MOST + 1];
    int words;
};

/* A quantity's first word that there is from here on. */
static void learn(struct checking *c, const char *word, size_t n)
{
    if (c->words == WORDS_MOST || n >= WORD_SIZE)
        return;
    memcpy(c->word[c->words], word, n);
    c->word[c->words][n] = '\0';
    for (char *at = c->word[c->words]; *at; at++)
        *at = *at == '-' ? '_' : *at;
    c->list[c->words] = c->word[c->words];
    c->list[++c->words] = NULL;
}

static int check_expression(struct checking *c, const char *text, struct err *e)
{
    struct quantity_words words = {c->list};
    struct expression_names names = {quantity_known, &words};
    struct expression_value v;

    return expression_evaluate(text, &names, &v, e);
}

/* The quantities in braces. */
static int check_sentence(struct checking *c, const char *text, struct err *e)
{
    const char *at = text;

    while ((at = strchr(at, '{'))) {
        size_t n = strcspn(++at, "}");
        char name[EXPRESSION_NAME];
        if (at[n] != '}')
            return err_set(e, ERR_INPUT, "a brace that is not closed in \"%.60s\"", text);
        if (n >= sizeof name)
            return err_set(e, ERR_INPUT, "what stands in braces is too long in \"%.60s\"", text);
        snprintf(name, sizeof name, "%.*s", (int)n, at);
        if (check_expression(c, name, e) != 0)
            return -ERR_INPUT;
    }
    return 0;
}

/* ---- do ---------------------------------------------------------------------------------------- */

static int check_wait(struct checking *c, const char *rest, struct err *e)
{
    const char *within = strstr(rest, " within ");
    char condition[EXPRESSION_NAME * 4], word[16] = "";
    double n = 0;
    int end = 0;

    if (strcmp(rest, "probe") == 0 || strcmp(rest, "landscape") == 0 || strcmp(rest, "measure") == 0)
        return 0;
    if (strncmp(rest, "until ", 6) == 0) {
        if (within && (sscanf(within, " within %lf steps%n", &n, &end) != 1 || !end || within[end] || !(n >= 1 && n < 1e9)))
            return err_set(e, ERR_INPUT, "wait until: expected within N steps, not \"%.40s\"", within + 1);
        snprintf(condition, sizeof condition, "%.*s", within ? (int)(within - rest) - 6 : (int)strlen(rest) - 6, rest + 6);
        return check_expression(c, condition, e);
    }
    if (sscanf(rest, "%lf %15s%n", &n, word, &end) == 2 && !rest[end] && n > 0 && n < 1e9 &&
        (strcmp(word, "step") == 0 || strcmp(word, "steps") == 0 || strcmp(word, "epoch") == 0 || strcmp(word, "epochs") == 0))
        return 0;
    return err_set(e, ERR_INPUT, "wait: expected N steps, N epochs, until CONDITION, probe, landscape or measure");
}

static int check_let(struct checking *c, const char *rest, struct err *e)
{
    size_t n = strspn(rest, "abcdefghijklmnopqrstuvwxyz_0123456789");
    const char *behind = rest + n + strspn(rest + n, " ");

    if (!isalpha((unsigned char)*rest) || *behind != '=')
        return err_set(e, ERR_INPUT, "let: expected NAME = EXPRESSION, the name of small letters");
    if (check_expression(c, behind + 1, e) != 0)
        return -ERR_INPUT;
    learn(c, rest, n);
    return 0;
}

static int check_saddle(struct checking *c, const char *rest, struct err *e)
{
    size_t n = strcspn(rest, " ");
    char name[WORD_SIZE];

    snprintf(name, sizeof name, "%.*s", (int)n, rest);
    if (!c->command(name))
        return err_set(e, ERR_INPUT, "saddle has no command \"%s\"", name);
    learn(c, rest, n);
    return 0;
}

static int check_show(const char *what, struct err *e)
{
    char name[48] = "";
    int n = 0;

    sscanf(what, "%47s %n", name, &n);
    for (int v = 0; views[v]; v++) {
        if (strcmp(views[v]->name, name) != 0)
            continue;
        if (!what[n])
            return 0;
        for (int i = 0; views[v]->panes[i]; i++)
            if (strcmp(views[v]->panes[i]->name, what + n) == 0)
                return 0;
        return err_set(e, ERR_INPUT, "the view %s has no pane \"%.40s\"", name, what + n);
    }
    return err_set(e, ERR_INPUT, "there is no view \"%.40s\"", name);
}

/* On a race of its own. */
static int check_race(const char *name, const char *rest, struct err *e)
{
    struct race_model *r = race_model_new(&racer_options_words, e);
    int bad;

    if (!r)
        return -ERR_INPUT;
    if (strcmp(name, "surface") == 0)
        bad = race_model_surface(r, rest, e);
    else if (strncmp(rest, "add ", 4) == 0)
        bad = race_model_add(r, rest + 4, e);
    else if (strncmp(rest, "schedule ", 9) == 0)
        bad = race_model_schedule(r, 0, rest + 9, e);
    else
        bad = strcmp(rest, "drop") == 0 ? 0 : race_model_change(r, 0, rest, e);
    race_model_free(r);
    return bad ? -ERR_INPUT : 0;
}

static int is_run(const char *rest)
{
    return rest[0] >= 'A' && rest[0] < 'A' + TRAINER_RUNS && !rest[1];
}

/* Words of commands that are refused only when they run, where that can be told from the words alone. */
static int check_command(const char *name, const char *rest, struct err *e)
{
    struct knobs k;

    if (strcmp(name, "recipe") == 0) {
        knobs_standard(&k);
        return recipe_load(&k, rest, e) ? -ERR_INPUT : 0;
    }
    if ((strcmp(name, "run") == 0 || strcmp(name, "drop") == 0) && *rest && !is_run(rest) && strcmp(rest, "ghosts") != 0)
        return err_set(e, ERR_INPUT, "%s: runs are named A to %c, not \"%.40s\"", name, 'A' + TRAINER_RUNS - 1, rest);
    if (strcmp(name, "surface") == 0 || strcmp(name, "racer") == 0)
        return check_race(name, rest, e);
    if (strcmp(name, "compare") == 0 && *rest && !comparison_find(rest))
        return err_set(e, ERR_INPUT, "there is no comparison \"%.40s\"", rest);
    if (strcmp(name, "view") == 0)
        return check_show(rest, e);
    return 0;
}

/* A setting and its value, or a command: what else a command makes of its words is seen when it runs. */
static int check_line(const char *line, struct err *e)
{
    char word[KNOB_TEXT_SIZE];
    const char *value, *rest = command_line_cut(line, word, sizeof word);
    const struct command_row *row;
    struct knob_value parsed;
    int id;

    if (strcmp(word, "set") == 0)
        line = rest;
    else
        for (int i = 0; (row = command_at(i)); i++)
            if (strcmp(row->name, word) == 0)
                return check_command(word, rest, e);
    id = command_line_knob(line, &value);
    if (id < 0)
        return err_set(e, ERR_INPUT, "there is no command or setting \"%.60s\"", word);
    return knob_parse((enum knob_id)id, value, &parsed, e) ? -ERR_INPUT : 0;
}

static int check_do(struct checking *c, const char *line, struct err *e)
{
    if (strncmp(line, "wait ", 5) == 0)
        return check_wait(c, line + 5, e);
    if (strncmp(line, "let ", 4) == 0)
        return check_let(c, line + 4, e);
    if (strncmp(line, "saddle ", 7) == 0)
        return check_saddle(c, line + 7 + strspn(line + 7, " "), e);
    if (player_is_program(line)) {
        size_t n = strcspn(line, " ");
        char name[WORD_SIZE];
        snprintf(name, sizeof name, "%.*s", (int)n, line);
        return c->command(name) ? check_saddle(c, line, e) : err_set(e, ERR_INPUT, "there is no command or setting \"%.40s\"", name);
    }
    return check_line(line, e);
}

/* ---- the others --------------------------------------------------------------------------------- */

static int check_check(struct checking *c, const struct lesson_line *line, struct err *e)
{
    int r = check_expression(c, line->text, e);

    if (r == 0)
        r = check_sentence(c, line->holds, e);
    return r ? r : check_sentence(c, line->fails, e);
}

static int check_a_line(struct checking *c, const struct lesson_block *b, const struct lesson_line *line, struct err *e)
{
    switch (b->kind) {
    case LESSON_DO:
        return check_do(c, line->text, e);
    case LESSON_CHECK:
        return check_check(c, line, e);
    case LESSON_SHOW:
        return check_show(line->text, e);
    case LESSON_ASK: /* what decides it is measured after the question: see below */
    default:
        return 0;
    }
}

/* The conditions of all answers, once all that can be kept is known. */
static int check_answers(struct checking *c, struct err *e)
{
    for (int i = 0; i < c->l->blocks; i++) {
        const struct lesson_block *b = &c->l->block[i];
        for (int k = 1; b->kind == LESSON_ASK && k < b->count; k++)
            if (check_expression(c, b->line[k].condition, e) != 0)
                return lesson_error(c->l, b->line[k].number, e);
    }
    return 0;
}

int lesson_check(const struct lesson *l, int (*command)(const char *name), struct err *e)
{
    struct checking c = {.l = l, .command = command};

    for (int i = 0; i < l->blocks; i++)
        for (int k = 0; k < l->block[i].count; k++)
            if (check_a_line(&c, &l->block[i], &l->block[i].line[k], e) != 0)
                return lesson_error(l, l->block[i].line[k].number, e);
    return check_answers(&c, e);
}
