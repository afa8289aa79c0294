/* SPDX-License-Identifier: MIT */
/* The page of a lesson's step, as wrapped lines. */
#include "lesson/lessons.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "draw/number.h"

/* ---- Markdown --------------------------------------------------------------------------------- */

/* "[minimum ratio](glossary.md#minimum-ratio)": bytes of it, or 0; the text and where it leads. */
static size_t link_at(const char *at, const char **text, size_t *text_size, const char **to, size_t *to_size)
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
        whole = link_at(at, &text, &n, &to, &m);
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

int page_term(const struct lessons *s, int i, char *name, size_t size)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_step *step = p->lesson ? &p->lesson->step[p->step] : NULL;
    const char *text, *to;
    size_t n, m, whole;

    for (int b = 0; step && b < step->blocks; b++) {
        const struct lesson_block *block = &p->lesson->block[step->first + b];
        for (int k = 0; block->kind == LESSON_TEXT && k < block->count; k++)
            for (const char *at = block->line[k].text; *at; at += whole ? whole : 1) {
                whole = link_at(at, &text, &n, &to, &m);
                if (!whole || m < 13 || strncmp(to, "glossary.md#", 12) != 0 || --i > 0)
                    continue;
                snprintf(name, size, "%.*s", (int)m - 12, to + 12);
                return 1;
            }
    }
    return 0;
}

/* ---- lines ------------------------------------------------------------------------------------ */

struct maker {
    struct page *page;
    int width;
    enum charset charset;
};

static void add_line(struct maker *k, enum style style, int indent, const char *text, size_t n)
{
    struct page_line *line = &k->page->line[k->page->count];

    if (k->page->count == PAGE_LINES)
        return;
    line->style = style;
    line->indent = indent;
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
            add(k, STYLE_KEY, 2, 2, "a number is expected");
        else
            addf(k, STYLE_KEY, 2, 3, "%d  %s", i, b->line[i].text);
    add_blank(k);
}

/* The commands, as they would be typed; the one in hand is marked. */
static void add_do(struct maker *k, const struct lessons *s, int block)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_block *b = &p->lesson->block[block];
    int now = p->block == block && (p->phase == PLAYER_DOING || p->phase == PLAYER_FAILED);

    for (int i = 0; i < b->count; i++) {
        int done = p->block > block || (now && i < p->line), at = now && i == p->line;
        addf(k, at ? STYLE_FOCUS : STYLE_QUIET, 0, 4, "%s %s", at ? "▸" : done ? "✓" : "·", b->line[i].text);
        if (at && p->phase == PLAYER_FAILED)
            add(k, STYLE_WARNING, 4, 0, p->text);
    }
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

void page_title(const struct lessons *s, char *out, size_t size)
{
    const struct lesson_player *p = &s->player;

    snprintf(out, size, "%s", p->lesson ? p->lesson->title : "lesson");
}

void page_hint(const struct lessons *s, enum charset charset, char *out, size_t size)
{
    const struct lesson_player *p = &s->player;
    char go[16] = "", what[96] = "";

    key_of("lesson-go", charset, go, sizeof go);
    if (p->phase == PLAYER_READING)
        snprintf(what, sizeof what, "does what follows");
    else if (p->phase == PLAYER_ASKING)
        snprintf(what, sizeof what, lessons_asks_number(s) ? "asks again; :answer skip skips" : s->declined ? "asks again" : "skips the question");
    else if (p->phase == PLAYER_FAILED)
        snprintf(what, sizeof what, "tries again");
    else if (p->phase == PLAYER_END)
        snprintf(what, sizeof what, p->step + 1 < p->lesson->steps ? "shows the next step" : "ends the lesson");
    if (p->phase == PLAYER_DOING)
        snprintf(out, size, "%s%s", p->target >= 0 ? "back: " : "", p->text);
    else
        snprintf(out, size, "%s %s", go, what);
}

static void add_block(struct maker *k, const struct lessons *s, int block)
{
    const struct lesson_block *b = &s->player.lesson->block[block];

    if (block == s->player.block || (s->player.phase == PLAYER_END && b->kind == LESSON_CHECK && !k->page->relevant))
        k->page->relevant = k->page->count;
    if (b->kind == LESSON_TEXT)
        add_text(k, b);
    else if (b->kind == LESSON_ASK)
        add_ask(k, s, block);
    else if (b->kind == LESSON_DO)
        add_do(k, s, block);
    else if (b->kind == LESSON_CHECK)
        add_check(k, s, block);
}

static void add_entry(struct maker *k, const char *entry)
{
    char line[2048], plain[2048];

    for (const char *at = entry; *at;) {
        size_t n = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, at);
        page_plain(line, plain, sizeof plain);
        add(k, at == entry ? STYLE_TITLE : STYLE_TEXT, 0, 0, plain);
        at += n + (at[n] == '\n');
        if (at[0] == '\n')
            add_blank(k);
    }
}

void page_make(const struct lessons *s, int width, enum charset charset, int so_far, struct page *out)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_step *step = p->lesson ? &p->lesson->step[p->step] : NULL;
    struct maker k = {out, width < 8 ? 8 : width, charset};

    out->count = out->relevant = 0;
    if (s->entry) {
        add_entry(&k, s->entry);
        return;
    }
    if (!step)
        return;
    addf(&k, STYLE_TITLE, 0, 0, "%d/%d  %s", p->step + 1, p->lesson->steps, step->title);
    add_blank(&k);
    for (int b = 0; b < step->blocks && (!so_far || step->first + b <= p->block || p->phase == PLAYER_END); b++)
        add_block(&k, s, step->first + b);
    while (out->count && !out->line[out->count - 1].text[0])
        out->count--;
}
