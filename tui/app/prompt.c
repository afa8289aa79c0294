/* SPDX-License-Identifier: MIT */
#include "app/prompt.h"

#include <string.h>

#include "core/text.h"
#include "draw/text.h"

void prompt_begin(struct ui *ui, const char *text)
{
    text_copy(ui->input, sizeof ui->input, text);
    ui->caret = strlen(ui->input);
    ui->offered = 0;
}

void prompt_offer(struct ui *ui, const char *text)
{
    prompt_begin(ui, text);
    ui->offered = 1;
}

void prompt_type(struct ui *ui, uint32_t ch)
{
    char text[4];
    size_t n, bytes = (size_t)text_encode(ch, text);

    if (ui->offered)
        prompt_begin(ui, "");
    n = strlen(ui->input);
    if (n + bytes >= sizeof ui->input)
        return;
    memmove(ui->input + ui->caret + bytes, ui->input + ui->caret, n - ui->caret + 1);
    memcpy(ui->input + ui->caret, text, bytes);
    ui->caret += bytes;
}

static int is_tail(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Columns of the character that begins at this byte. */
static int columns_at(const char *text)
{
    uint32_t ch = text_next(&text);

    return ch ? text_columns(ch) : 1;
}

static size_t before(const char *text, size_t at)
{
    do
        for (at -= at > 0; at && is_tail(text[at]);)
            at--;
    while (at && columns_at(text + at) == 0);
    return at;
}

static size_t after(const char *text, size_t at)
{
    const char *next = text + at;

    do
        text_next(&next);
    while (*next && columns_at(next) == 0);
    return (size_t)(next - text);
}

static size_t word_before(const char *text, size_t at)
{
    while (at && text[at - 1] == ' ')
        at--;
    while (at && text[at - 1] != ' ')
        at--;
    return at;
}

static size_t place_of(const struct ui *ui, enum prompt_place to)
{
    switch (to) {
    case PROMPT_LEFT:
        return before(ui->input, ui->caret);
    case PROMPT_RIGHT:
        return after(ui->input, ui->caret);
    case PROMPT_WORD:
        return word_before(ui->input, ui->caret);
    case PROMPT_BEGIN:
        return 0;
    case PROMPT_END:
        break;
    }
    return strlen(ui->input);
}

void prompt_move(struct ui *ui, enum prompt_place to)
{
    ui->caret = place_of(ui, to);
    ui->offered = 0;
}

void prompt_erase(struct ui *ui, enum prompt_place to)
{
    size_t place = place_of(ui, to), from = place < ui->caret ? place : ui->caret;
    size_t end = place < ui->caret ? ui->caret : place;

    memmove(ui->input + from, ui->input + end, strlen(ui->input + end) + 1);
    ui->caret = from;
    ui->offered = 0;
}
