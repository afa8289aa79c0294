/* SPDX-License-Identifier: MIT */
/* A screen too small for any pane: the size needed, the key that quits, and any question or input, so that nothing waits
 * unseen. */
#include "app/view.h"

#include <stdio.h>
#include <string.h>

#include "draw/text.h"

enum { WORDS = 4, SIZE = UI_MESSAGE + 64 };

static int longest_word(const char *text)
{
    int longest = 0, width = 0;
    uint32_t ch;

    while ((ch = text_next(&text))) {
        width = ch == ' ' ? 0 : width + (text_columns(ch) < 0 ? 1 : text_columns(ch));
        longest = width > longest ? width : longest;
    }
    return longest;
}

/* The first of these that fits into so many rows without a word being cut, or the last. */
static const char *that_fits(const struct canvas *c, int rows, char words[WORDS][SIZE])
{
    struct canvas nowhere = canvas_part(c, (struct rect){0, c->h, c->w, 0});
    int i = 0;

    while (i < WORDS - 1 && (longest_word(words[i]) > c->w || canvas_wrap(&nowhere, 0, 0, rows + 1, STYLE_TEXT, words[i]) > rows))
        i++;
    return words[i];
}

static void size_words(const struct canvas *c, char words[WORDS][SIZE])
{
    char quit[16] = "";

    key_of("quit", c->charset, quit, sizeof quit);
    snprintf(words[0], SIZE, "screen too small: %d×%d, needs %d×%d; %s quits", c->w, c->h, LAYOUT_LEAST_W, LAYOUT_LEAST_H, quit);
    snprintf(words[1], SIZE, "needs %d×%d; %s quits", LAYOUT_LEAST_W, LAYOUT_LEAST_H, quit);
    snprintf(words[2], SIZE, "%d×%d %s", LAYOUT_LEAST_W, LAYOUT_LEAST_H, quit);
    snprintf(words[3], SIZE, "…");
}

/* The question in mode MODE_QUIT, MODE_RESTART or MODE_ASK, with the keys that answer it. */
static void question_words(const struct model *m, enum charset charset, char words[WORDS][SIZE])
{
    int quit = m->ui.mode == MODE_QUIT, other = m->ui.mode == MODE_ASK;
    char yes[16] = "", no[16] = "";

    key_of(quit ? "quit-yes" : other ? "ask-yes" : "restart-yes", charset, yes, sizeof yes);
    key_of(quit ? "quit-no" : other ? "ask-no" : "restart-no", charset, no, sizeof no);
    if (quit)
        snprintf(words[0], SIZE, "%s %s quit, %s cancel",
                 m->checkpoint ? "Quit? The run will be saved." : "Quit without saving?", yes, no);
    else if (other)
        snprintf(words[0], SIZE, "%s %s yes, %s cancel", m->ui.message, yes, no);
    else
        snprintf(words[0], SIZE, "%s? The current run will be discarded. %s restart, %s cancel", m->ui.message, yes, no);
    snprintf(words[1], SIZE, "%s? %s %s", quit ? "Quit" : other ? "Really" : "Restart", yes, no);
    snprintf(words[2], SIZE, "%s/%s", yes, no);
    snprintf(words[3], SIZE, "?");
}

void small_draw(const struct model *m, struct canvas *c)
{
    int asks = m->ui.mode == MODE_QUIT || m->ui.mode == MODE_RESTART || m->ui.mode == MODE_ASK;
    int types = m->ui.mode == MODE_TYPING || m->ui.mode == MODE_COMMAND || m->ui.mode == MODE_FILTER;
    struct canvas last = canvas_part(c, (struct rect){0, c->h - 1, c->w, 1});
    char words[WORDS][SIZE];

    if (types)
        footer_draw(m, &last);
    if (types && c->h == 1)
        return;
    if (asks)
        question_words(m, c->charset, words);
    else
        size_words(c, words);
    canvas_wrap(c, 0, c->h > 4 && !asks ? c->h / 2 - 1 : 0, c->h - types, STYLE_WARNING, that_fits(c, c->h - types, words));
}
