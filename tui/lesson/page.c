/* SPDX-License-Identifier: MIT */
/* The page of a lesson's step, as wrapped lines. */
#include "lesson/lessons.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/command-line.h"
#include "core/text.h"
#include "draw/number.h"

/* ---- Markdown --------------------------------------------------------------------------------- */

size_t page_link(const char *at, const char **text, size_t *text_size, const char **to, size_t *to_size)
{
    const char *close = *at == '[' ? strchr(at, ']') : NULL, *end = close && close[1] == '(' ? strchr(close, ')') : NULL;

    if (!end)
        return 0;
    *text = at + 1;
    *text_size = (size_t)(close - at - 1);
    *to = close + 2;
    *to_size = (size_t)(end - close - 2);
    return (size_t)(end - at + 1);
}

void page_plain(const char *markdown, char *out, size_t size)
{
    const char *at = markdown, *text, *to;
    size_t used = 0, n, m, whole;

    while (*at && used + 1 < size) {
        whole = page_link(at, &text, &n, &to, &m);
        if (whole) {
            used += (size_t)snprintf(out + used, size - used, "%.*s", (int)n, text);
            used = used < size ? used : size - 1;
            at += whole;
        } else if ((*at == '*' && (at == markdown || at[-1] != ' ' || at[1] != ' ')) || *at == '`')
            at++;
        else
            out[used++] = *at++;
    }
    out[used] = '\0';
}

/* ---- lines ------------------------------------------------------------------------------------ */

struct maker {
    struct page *page;
    int width;
    enum charset charset;
    int beside;
    int block; /* in hand; −1: none */
};

static void add_line(struct maker *k, enum style style, int indent, const char *text, size_t n)
{
    struct page_line *line = &k->page->line[k->page->count];

    if (k->page->count == PAGE_LINES)
        return;
    line->style = style;
    line->indent = indent;
    line->block = k->block;
    snprintf(line->text, sizeof line->text, "%.*s", (int)n, text);
    k->page->count++;
}

/* A text, wrapped; the lines after the first are indented by `hang` more. */
static void add(struct maker *k, enum style style, int indent, int hang, const char *text)
{
    int first = 1;

    while (*text) {
        int in = indent + (first ? 0 : hang);
        size_t n = canvas_line(text, k->width - in, k->charset);
        if (n == 0)
            return;
        add_line(k, style, in, text, n);
        for (text += n; *text == ' ';)
            text++;
        first = 0;
    }
}

static void add_blank(struct maker *k)
{
    if (k->page->count && k->page->line[k->page->count - 1].text[0])
        add_line(k, STYLE_TEXT, 0, "", 0);
}

static void __attribute__((format(printf, 5, 6))) addf(struct maker *k, enum style style, int indent, int hang, const char *format, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    add(k, style, indent, hang, text);
}

/* ---- blocks ----------------------------------------------------------------------------------- */

static int begins_item(const char *text)
{
    return strncmp(text, "- ", 2) == 0 || (isdigit((unsigned char)*text) && strchr(text, '.') == text + strspn(text, "0123456789"));
}

static void add_text(struct maker *k, const struct lesson_block *b)
{
    char plain[4096];

    for (int i = 0; i < b->count; i++) {
        page_plain(b->line[i].text, plain, sizeof plain);
        if (i && !begins_item(plain) && plain[0] != '|')
            add_blank(k);
        add(k, STYLE_TEXT, 0, begins_item(plain) ? 2 : 0, plain);
    }
    add_blank(k);
}

static void add_answer(struct maker *k, const struct lesson_block *b, const struct player_answer *x)
{
    char number[NUMBER_SIZE];

    if (x->skipped) {
        if (x->judged && x->truth[0])
            addf(k, STYLE_QUIET, 2, 2, "not answered; measured: %s", x->truth);
        else if (!x->judged) {
            key_of("lesson-back", k->charset, number, sizeof number);
            addf(k, STYLE_QUIET, 2, 2, "skipped; %s asks it again", number);
        }
        return;
    }
    if (b->line[1].within >= 0)
        snprintf(number, sizeof number, "%.6g", x->number);
    if (x->ungraded)
        addf(k, STYLE_TEXT, 2, 2, "not graded: you said %s; measured: %s", b->line[1].within >= 0 ? number : b->line[x->choice].text,
             x->truth[0] ? x->truth : "none of these");
    else if (!x->judged)
        addf(k, STYLE_QUIET, 2, 2, "your prediction: %s", b->line[1].within >= 0 ? number : b->line[x->choice].text);
    else if (b->line[1].within >= 0)
        addf(k, x->right ? STYLE_STRONG : STYLE_WARNING, 2, 2, "%s: you said %s, measured %s", x->right ? "right" : "not so", number, x->truth[0] ? x->truth : "nothing");
    else if (x->right)
        addf(k, STYLE_STRONG, 2, 2, "right: %s", b->line[x->choice].text);
    else
        addf(k, STYLE_WARNING, 2, 2, "not so: you said %s; measured: %s", b->line[x->choice].text, x->truth[0] ? x->truth : "none of these");
}

static void add_ask(struct maker *k, const struct lessons *s, int block)
{
    const struct lesson_block *b = &s->player.lesson->block[block];
    const struct player_answer *x = player_answer_of(&s->player, block);

    addf(k, STYLE_STRONG, 0, 2, "? %s", b->line[0].text);
    if (x) {
        add_answer(k, b, x);
        add_blank(k);
        return;
    }
    for (int i = 1; i < b->count; i++)
        if (b->line[i].within >= 0)
            add(k, STYLE_KEY, 2, 2, "Type a number, then Enter; Enter alone skips.");
        else
            addf(k, STYLE_KEY, 2, 3, "%d  %s", i, b->line[i].text);
    add_blank(k);
}

static int is_setting(const char *line)
{
    char word[KNOB_TEXT_SIZE];
    const char *value, *rest = command_line_cut(line, word, sizeof word);
    const struct command_row *row;

    for (int i = 0; (row = command_at(i)); i++)
        if (strcmp(row->name, word) == 0)
            return 0;
    return strcmp(word, "set") == 0 || (strncmp(line, "wait ", 5) != 0 && strncmp(rest, "--", 2) != 0 && command_line_knob(line, &value) >= 0);
}

/* What is only measured for the lesson's own sentences. */
static int is_measuring(const char *line)
{
    return strncmp(line, "let ", 4) == 0 || strncmp(line, "saddle ", 7) == 0;
}

/* The commands, as they would be typed; the one in hand is marked. */
static void list_do(struct maker *k, const struct lesson_player *p, const struct lesson_block *b, int done, int at)
{
    for (int i = 0; i < b->count; i++) {
        if (is_measuring(b->line[i].text) && i != at)
            continue;
        addf(k, i == at ? STYLE_FOCUS : STYLE_QUIET, 0, 4, "%s %s", i == at ? "▸" : i < done ? "✓" : "·", b->line[i].text);
        if (i == at && p->phase == PLAYER_FAILED)
            add(k, STYLE_WARNING, 4, 0, p->text);
    }
}

/* The same in a line: "recipe quick, 7 settings, fork, 2 epochs". */
static void fold_do(struct maker *k, const struct lesson_player *p, const struct lesson_block *b, int done, int at)
{
    enum { LONGEST = 100 }; /* bytes that one entry adds */
    char text[700];
    size_t used = 0;
    int settings = 0;

    text[0] = '\0';
    for (int i = 0; i <= b->count; i++) {
        const char *line = i < b->count ? b->line[i].text : NULL;
        int sets = line && is_setting(line);
        settings += sets;
        if (settings && !sets && used + LONGEST <= sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%d setting%s", used ? ", " : "", settings, settings == 1 ? "" : "s");
            settings = 0;
        }
        if (!line || sets || is_measuring(line) || used + LONGEST > sizeof text)
            continue;
        line += strncmp(line, "wait ", 5) == 0 ? 5 : 0;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.90s", used ? ", " : "", line);
    }
    addf(k, at >= 0 ? STYLE_FOCUS : STYLE_QUIET, 0, 2, "%s %s", at >= 0 ? "▸" : done == b->count ? "✓" : "·", *text ? text : "measure");
    if (at >= 0 && p->phase == PLAYER_FAILED)
        addf(k, STYLE_WARNING, 2, 2, "%s: %s", b->line[at].text, p->text);
}

static void add_do(struct maker *k, const struct lessons *s, int block)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_block *b = &p->lesson->block[block];
    int now = p->block == block && (p->phase == PLAYER_DOING || p->phase == PLAYER_FAILED);

    (k->beside ? fold_do : list_do)(k, p, b, p->block > block ? b->count : now ? p->line : 0, now ? p->line : -1);
    add_blank(k);
}

static void add_check(struct maker *k, const struct lessons *s, int block)
{
    const struct lesson_block *b = &s->player.lesson->block[block];
    int failed = 0;

    for (int i = 0; i < b->count; i++) {
        const struct player_check *c = player_check_of(&s->player, block, i);
        if (c)
            addf(k, c->holds ? STYLE_TEXT : STYLE_WARNING, 0, 2, "%s %s", c->holds ? "✓" : "✗", c->sentence);
        failed += c && !c->holds;
    }
    if (failed)
        add(k, STYLE_WARNING, 2, 0, "This did not come out as the lesson expects. What it says next may not fit.");
    add_blank(k);
}

/* What was made of the step's predictions. */
static void add_outcomes(struct maker *k, const struct lessons *s)
{
    const struct lesson_step *step = &s->player.lesson->step[s->player.step];
    int count = k->page->count;

    for (int b = step->first; b < step->first + step->blocks; b++) {
        const struct player_answer *x = player_answer_of(&s->player, b);
        if (x && x->judged)
            add_answer(k, &s->player.lesson->block[b], x);
    }
    if (k->page->count > count)
        add_blank(k);
}

void page_hint(const struct model *m, enum charset charset, int below, char *out, size_t size)
{
    const struct lessons *s = lessons_of(m);
    const struct lesson_player *p = &s->player;
    char go[16] = "", close[16] = "", next[LESSON_NAME];
    const char *does = "";

    key_of(s->entry ? "lesson-term" : "lesson-go", charset, go, sizeof go);
    key_of("lesson-go", charset, close, sizeof close);
    if (s->entry && s->term && page_term(s, s->term + 1, next, sizeof next))
        snprintf(out, size, "%s explains the next term, %s closes", go, close);
    else if (s->entry)
        snprintf(out, size, "%s closes", go);
    else if (below > 0)
        snprintf(out, size, "%s … %d more line%s", go, below, below == 1 ? "" : "s");
    else if (player_is_busy(p))
        snprintf(out, size, "%s%s", p->target >= 0 ? "again: " : "", p->text);
    else if (p->phase == PLAYER_ASKING && m->ui.mode == MODE_COMMAND)
        snprintf(out, size, "a number, then Enter");
    else {
        if (p->phase == PLAYER_READING)
            does = "does what follows";
        else if (p->phase == PLAYER_ASKING)
            does = m->ui.mode == MODE_NORMAL ? "asks again" : "skips the question";
        else if (p->phase == PLAYER_FAILED)
            does = "tries again";
        else if (p->phase == PLAYER_END)
            does = p->step + 1 < p->lesson->steps ? "shows the next step" : "ends the lesson";
        snprintf(out, size, "%s%s%s", p->lesson ? go : "", *does ? " " : "", does);
    }
}

/* Beside a view, what is over is left out: a question whose outcome is there, and commands that were made. */
static void add_block(struct maker *k, const struct lessons *s, int block)
{
    const struct lesson_block *b = &s->player.lesson->block[block];
    int ended = s->player.phase == PLAYER_END;

    k->block = block;
    if (block == s->player.block && s->player.phase == PLAYER_ASKING)
        k->page->question = k->page->count;
    if (b->kind == LESSON_TEXT)
        add_text(k, b);
    else if (b->kind == LESSON_ASK && !(k->beside && ended))
        add_ask(k, s, block);
    else if (b->kind == LESSON_DO && !(k->beside && (block < s->player.block || ended)))
        add_do(k, s, block);
    else if (b->kind == LESSON_CHECK)
        add_check(k, s, block);
}

/* Its heading is the pane's title. */
static void add_entry(struct maker *k, const char *entry)
{
    char line[2048], plain[2048], text[4096] = "";
    const char *at = entry + strcspn(entry, "\n");

    for (at += *at == '\n'; *at;) { /* lines of a paragraph are joined: they are wrapped anew */
        size_t n = strcspn(at, "\n"), used = strlen(text);
        snprintf(line, sizeof line, "%.*s", (int)n, at);
        page_plain(line, plain, sizeof plain);
        snprintf(text + used, sizeof text - used, "%s%s", used && *plain && (unsigned char)*plain < 0x80 ? " " : "", plain);
        at += n + (at[n] == '\n');
        if (*text && (n == 0 || !*at)) {
            add(k, STYLE_TEXT, 0, 0, text);
            add_blank(k);
            text[0] = '\0';
        }
    }
}

static int is_to_be_read(const struct lesson_player *p, int block)
{
    return block <= p->block || p->phase == PLAYER_END;
}

static void add_blocks(struct maker *k, const struct lessons *s)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_step *step = &p->lesson->step[p->step];
    int end = step->first + step->blocks;

    for (int b = step->first; b <= end; b++) {
        k->block = -1;
        if (b == s->fresh && b > step->first) {
            k->page->relevant = k->page->count;
            if (k->beside && p->phase == PLAYER_END)
                add_outcomes(k, s);
        }
        if (b < end && is_to_be_read(p, b))
            add_block(k, s, b);
    }
}

void page_make(const struct lessons *s, int width, enum charset charset, int beside, struct page *out)
{
    const struct lesson_player *p = &s->player;
    struct maker k = {out, width < 8 ? 8 : width, charset, beside, -1};

    out->count = out->relevant = 0;
    out->question = -1;
    if (s->entry)
        add_entry(&k, s->entry);
    else if (p->lesson) {
        addf(&k, STYLE_TITLE, 0, 0, "%d/%d  %s", p->step + 1, p->lesson->steps, p->lesson->step[p->step].title);
        if (!beside)
            add_blank(&k);
        if (p->phase == PLAYER_FAILED && p->crowded)
            add(&k, STYLE_WARNING, 0, 0, p->text);
        add_blocks(&k, s);
    }
    while (out->count && !out->line[out->count - 1].text[0])
        out->count--;
}
