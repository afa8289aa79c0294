/* SPDX-License-Identifier: MIT */
#include "lesson/lesson.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "race/condition.h"

enum { MINUTES = 5, MINUTES_MOST = 120, NUMBER_MOST = 9999 }; /* of a lesson that does not say, and of any */

struct reading {
    struct lesson *l;
    char *next;  /* the rest of the file */
    char *line;  /* the one in hand, trimmed at its end; NULL at the end of the file */
    int number;
    struct err *e;
};

int lesson_error(const struct lesson *l, int line, struct err *e)
{
    struct err why = *e;

    return err_set(e, ERR_INPUT, "%s:%d: %s", l->path, line, why.text);
}

static int wrong(const struct reading *r, int line, const char *sentence)
{
    return err_set(r->e, ERR_INPUT, "%s:%d: %s", r->l->path, line, sentence);
}

/* ---- lines ------------------------------------------------------------------------------------ */

static void next_line(struct reading *r)
{
    char *end = r->next ? strchr(r->next, '\n') : NULL;
    size_t n;

    r->line = r->next && *r->next ? r->next : NULL;
    if (end)
        *end = '\0';
    r->next = end ? end + 1 : NULL;
    if (!r->line)
        return;
    r->number++;
    for (n = strlen(r->line); n && strchr(" \t\r", r->line[n - 1]);)
        r->line[--n] = '\0';
}

static char *trimmed(char *text)
{
    size_t n;

    text += strspn(text, " \t");
    for (n = strlen(text); n && strchr(" \t", text[n - 1]);)
        text[--n] = '\0';
    return text;
}

static struct lesson_block *new_block(struct reading *r, enum lesson_kind kind)
{
    struct lesson *l = r->l;
    struct lesson_block *b = &l->block[l->blocks];

    if (l->blocks == LESSON_BLOCKS)
        return wrong(r, r->number, "more blocks than a lesson may have (256)"), NULL;
    b->line = calloc(LESSON_LINES, sizeof *b->line);
    if (!b->line)
        return err_memory(r->e, "a lesson", LESSON_LINES * sizeof *b->line), NULL;
    b->kind = kind;
    b->number = r->number;
    l->blocks++;
    l->step[l->steps - 1].blocks++;
    return b;
}

static struct lesson_line *new_line(struct reading *r, struct lesson_block *b, const char *text)
{
    struct lesson_line *line = &b->line[b->count];

    if (b->count == LESSON_LINES)
        return wrong(r, r->number, "more lines than a block may have (64)"), NULL;
    *line = (struct lesson_line){.number = r->number, .text = text, .within = NAN};
    b->count++;
    return line;
}

/* ---- blocks ----------------------------------------------------------------------------------- */

/* What stands behind the next bar, which is cut off; NULL: there is none. */
static char *behind_bar(char *text)
{
    char *bar = strchr(text, '|');

    if (!bar)
        return NULL;
    *bar = '\0';
    return trimmed(bar + 1);
}

static int read_check(struct reading *r, struct lesson_block *b, char *text)
{
    char *holds = behind_bar(text), *fails = holds ? behind_bar(holds) : NULL;
    struct lesson_line *line;

    if (!fails || !*holds || !*fails || strchr(fails, '|'))
        return wrong(r, r->number, "expected EXPRESSION | sentence when it holds | sentence when it does not");
    line = new_line(r, b, trimmed(text));
    if (!line)
        return -r->e->code;
    line->holds = trimmed(holds);
    line->fails = fails;
    return 0;
}

/* "number EXPRESSION within TOLERANCE" */
static int read_number(struct reading *r, struct lesson_block *b, char *text)
{
    char *within = strstr(text, " within ");
    const char *at = within ? within + strlen(" within ") : NULL;
    struct lesson_line *line;
    double tolerance;

    if (!within || text_number(&at, &tolerance) != 0 || *at || !(tolerance >= 0))
        return wrong(r, r->number, "expected number EXPRESSION within TOLERANCE, a number of 0 or more");
    *within = '\0';
    line = new_line(r, b, "");
    if (!line)
        return -r->e->code;
    line->condition = trimmed(text);
    line->within = tolerance;
    return 0;
}

/* The question, or a choice. */
static int read_ask(struct reading *r, struct lesson_block *b, char *text)
{
    struct lesson_line *line;
    char *condition;

    if (text[0] != '-' || text[1] != ' ') {
        if (b->count)
            return wrong(r, r->number, "expected a choice, such as - the deeper one | B.train_loss < A.train_loss");
        return new_line(r, b, text) ? 0 : -r->e->code;
    }
    text = trimmed(text + 1);
    if (!b->count)
        return wrong(r, r->number, "expected a question before its choices");
    if (b->count > 1 && b->line[1].within >= 0)
        return wrong(r, r->number, "a question that asks for a number has no other answer");
    if (strncmp(text, "number ", 7) == 0)
        return b->count > 1 ? wrong(r, r->number, "a question that asks for a number has no choices") : read_number(r, b, text + 7);
    condition = behind_bar(text);
    if (!condition || !*condition || !*trimmed(text))
        return wrong(r, r->number, "expected a choice, a bar and the condition under which it was right");
    line = new_line(r, b, trimmed(text));
    if (!line)
        return -r->e->code;
    line->condition = condition;
    return 0;
}

static int read_line(struct reading *r, struct lesson_block *b, char *text)
{
    if (b->kind == LESSON_CHECK)
        return read_check(r, b, text);
    if (b->kind == LESSON_ASK)
        return read_ask(r, b, text);
    return new_line(r, b, text) ? 0 : -r->e->code;
}

static int finish_block(const struct reading *r, const struct lesson_block *b)
{
    int numbers = b->kind == LESSON_ASK && b->count == 2 && b->line[1].within >= 0;

    if (!b->count)
        return wrong(r, b->number, "this block is empty");
    if (b->kind == LESSON_ASK && b->count < 3 && !numbers)
        return wrong(r, b->number, "a question needs two choices or a number");
    return b->kind == LESSON_SHOW && b->count > 1 ? wrong(r, b->number, "one view or pane is shown at a time") : 0;
}

static int read_block(struct reading *r)
{
    static const char *const names[] = {[LESSON_ASK] = "ask", [LESSON_DO] = "do", [LESSON_CHECK] = "check", [LESSON_SHOW] = "show"};
    char *name = trimmed(r->line + 3);
    struct lesson_block *b = NULL;
    int opened = r->number;

    for (int k = LESSON_ASK; k <= LESSON_SHOW && !b; k++)
        if (strcmp(name, names[k]) == 0 && !(b = new_block(r, (enum lesson_kind)k)))
            return -r->e->code;
    if (!b && *name)
        return err_set(r->e, ERR_INPUT, "%s:%d: a block is do, ask, check or show, not \"%.40s\"", r->l->path, opened, name);
    if (!b && !(b = new_block(r, LESSON_TEXT)))
        return -r->e->code;
    for (next_line(r); r->line && strncmp(r->line, "```", 3) != 0; next_line(r)) {
        char *text = b->kind == LESSON_TEXT ? r->line : trimmed(r->line);
        if (b->kind != LESSON_TEXT && (!*text || *text == '#'))
            continue;
        if (read_line(r, b, text) != 0)
            return -r->e->code;
    }
    if (!r->line)
        return wrong(r, opened, "this block is not closed by a line of ```");
    return finish_block(r, b);
}

/* ---- text ------------------------------------------------------------------------------------- */

static int begins_item(const char *line)
{
    return (strchr("-*|>", *line) && line[0] && (line[1] == ' ' || line[0] == '|')) ||
           (isdigit((unsigned char)*line) && strncmp(line + strspn(line, "0123456789"), ". ", 2) == 0);
}

/* Lines up to a blank one or a block, those of a paragraph joined: in place, as a line's end becomes a blank. */
static int read_text(struct reading *r)
{
    struct lesson_block *b = new_block(r, LESSON_TEXT);
    char *end = NULL; /* of the paragraph so far */

    if (!b)
        return -r->e->code;
    for (; r->line && r->line[0] && r->line[0] != '#' && strncmp(r->line, "```", 3) != 0; next_line(r)) {
        char *text = r->line + strspn(r->line, " ");
        size_t n = strlen(text);
        if (!end || begins_item(text)) {
            if (!new_line(r, b, text))
                return -r->e->code;
            end = text + n;
            continue;
        }
        *end = ' ';
        memmove(end + 1, text, n + 1);
        end += n + 1;
    }
    return 0;
}

/* "*8 minutes · part 3*", or nothing of the kind. */
static int read_minutes(struct reading *r)
{
    const char *at = r->line + 1;
    uint64_t minutes;

    if (r->line[0] != '*' || !isdigit((unsigned char)r->line[1]))
        return 0;
    if (text_unsigned(&at, MINUTES_MOST, &minutes) != 0 || minutes < 1)
        return wrong(r, r->number, "expected how long the lesson takes, 1 to 120 minutes, such as *8 minutes*");
    r->l->minutes = (int)minutes;
    next_line(r);
    return 0;
}

static int read_title(struct reading *r)
{
    while (r->line && !*r->line)
        next_line(r);
    if (!r->line || strncmp(r->line, "# ", 2) != 0)
        return wrong(r, r->number ? r->number : 1, "expected the title, such as # Batch size");
    r->l->title = trimmed(r->line + 2);
    if (!*r->l->title)
        return wrong(r, r->number, "the title is empty");
    for (next_line(r); r->line && !*r->line;)
        next_line(r);
    r->l->minutes = MINUTES;
    return r->line ? read_minutes(r) : 0;
}

/* Before the first heading of a step: the lesson has one step, or begins with one, of its own title. */
static void begin_unnamed_step(struct lesson *l, int number)
{
    l->step[0] = (struct lesson_step){.title = l->title, .number = number};
    l->steps = 1;
}

static int read_heading(struct reading *r)
{
    struct lesson *l = r->l;

    if (strncmp(r->line, "## ", 3) != 0)
        return wrong(r, r->number, "expected a step, such as ## The first step");
    if (l->steps == LESSON_STEPS)
        return wrong(r, r->number, "more steps than a lesson may have (32)");
    l->step[l->steps] = (struct lesson_step){.title = trimmed(r->line + 3), .number = r->number, .first = l->blocks};
    if (!*l->step[l->steps].title)
        return wrong(r, r->number, "the step has no title");
    l->steps++;
    next_line(r);
    return 0;
}

static int read_piece(struct reading *r)
{
    if (!*r->line) {
        next_line(r);
        return 0;
    }
    if (r->line[0] == '#')
        return read_heading(r);
    if (!r->l->steps)
        begin_unnamed_step(r->l, r->number);
    if (strncmp(r->line, "```", 3) != 0)
        return read_text(r);
    if (read_block(r) != 0)
        return -r->e->code;
    next_line(r);
    return 0;
}

static int read_all(struct reading *r)
{
    next_line(r);
    if (read_title(r) != 0)
        return -r->e->code;
    while (r->line)
        if (read_piece(r) != 0)
            return -r->e->code;
    if (!r->l->steps)
        return wrong(r, r->number ? r->number : 1, "the lesson is empty");
    for (int i = 0; i < r->l->steps; i++)
        if (!r->l->step[i].blocks)
            return wrong(r, r->l->step[i].number, "the step is empty");
    return 0;
}

/* ---- the file --------------------------------------------------------------------------------- */

int lesson_number(const char *file)
{
    const char *at = file;
    uint64_t n;

    return text_unsigned(&at, NUMBER_MOST, &n) == 0 && *at == '-' ? (int)n : 0;
}

/* "03-overfitting.md" */
static void take_name(struct lesson *l)
{
    const char *base = strrchr(l->path, '/') ? strrchr(l->path, '/') + 1 : l->path;
    size_t digits = strspn(base, "0123456789"), n;

    l->number = lesson_number(base);
    base += l->number ? digits + 1 : 0;
    text_copy(l->name, sizeof l->name, base);
    n = strlen(l->name);
    if (n > 3 && strcmp(l->name + n - 3, ".md") == 0)
        l->name[n - 3] = '\0';
}

/* Controls would drive the terminal, and a NUL would end the text. */
static int check_bytes(struct lesson *l, size_t size, struct err *e)
{
    int line = 1;

    for (size_t i = 0; i < size;) {
        int n = l->bytes[i] == '\n' || l->bytes[i] == '\t' || l->bytes[i] == '\r' ? 1 : text_printable(l->bytes + i);
        if (!n)
            return err_set(e, ERR_INPUT, "%s:%d: a byte that is no part of a UTF-8 text", l->path, line);
        line += l->bytes[i] == '\n';
        i += (size_t)n;
    }
    return 0;
}

int lesson_read(struct lesson **out, const char *path, struct err *e)
{
    struct lesson *l = calloc(1, sizeof *l);
    struct reading r = {.l = l, .e = e};
    size_t size = 0;
    int result;

    *out = NULL;
    if (!l || !(l->path = text_format("%s", path))) {
        lesson_free(l);
        return err_memory(e, "a lesson", sizeof *l);
    }
    take_name(l);
    result = file_read(path, LESSON_BYTES, &l->bytes, &size, e);
    if (result == 0)
        result = check_bytes(l, size, e);
    if (result == 0) {
        r.next = l->bytes;
        result = read_all(&r);
    }
    if (result) {
        lesson_free(l);
        return result;
    }
    *out = l;
    return 0;
}

void lesson_free(struct lesson *l)
{
    if (!l)
        return;
    for (int i = 0; i < l->blocks; i++)
        free(l->block[i].line);
    free(l->bytes);
    free(l->path);
    free(l);
}
