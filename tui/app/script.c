/* SPDX-License-Identifier: MIT */
#include "app/script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "draw/text.h"

static const struct {
    const char *name;
    uint32_t key;
} names[] = {
    {"Up", INPUT_UP},       {"Down", INPUT_DOWN},         {"Left", INPUT_LEFT},    {"Right", INPUT_RIGHT},
    {"PgUp", INPUT_PAGE_UP}, {"PgDn", INPUT_PAGE_DOWN},   {"Home", INPUT_HOME},    {"End", INPUT_END},
    {"BS", INPUT_BACKSPACE}, {"Del", INPUT_DELETE},       {"Enter", INPUT_ENTER},
    {"CR", INPUT_ENTER},    {"Tab", INPUT_TAB},           {"S-Tab", INPUT_BACK_TAB}, {"Esc", INPUT_ESCAPE},
    {"Space", ' '},        {"lt", '<'},
    {"WheelUp", INPUT_WHEEL_UP}, {"WheelDown", INPUT_WHEEL_DOWN}, {"Click", INPUT_PRESS}, {"semicolon", ';'},
    {"S-Left", INPUT_SHIFT_LEFT}, {"S-Right", INPUT_SHIFT_RIGHT},
};

static const struct {
    const char *name;
    uint32_t key;
} mouse[] = {{"click", INPUT_PRESS}, {"wheel-up", INPUT_WHEEL_UP}, {"wheel-down", INPUT_WHEEL_DOWN}};

uint32_t script_key(const char *name)
{
    const char *rest = name;
    uint32_t ch = text_next(&rest);
    int number, end = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i].name, name) == 0)
            return names[i].key;
    if ((name[0] == 'F' || name[0] == 'f') && sscanf(name + 1, "%2d%n", &number, &end) == 1 && !name[1 + end] &&
        name[1] != '0' && number >= 1 && number <= 12)
        return INPUT_F1 + (uint32_t)number - 1;
    if (strncasecmp(name, "C-", 2) == 0 && name[2] >= '@' && !name[3])
        return (uint32_t)(name[2] & 0x1f);
    return *rest || text_columns(ch) < 0 ? 0 : ch;
}

void script_name(uint32_t key, char *out, size_t size)
{
    char text[4];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key && key != '<') {
            snprintf(out, size, "%s", names[i].name);
            return;
        }
    if (key >= INPUT_F1 && key <= INPUT_F12)
        snprintf(out, size, "F%u", key - INPUT_F1 + 1);
    else if (key < ' ')
        snprintf(out, size, "C-%c", (char)(key + (key <= 26 ? '`' : '@')));
    else
        snprintf(out, size, "%.*s", text_encode(key, text), text);
}

const char *script_key_name(int i)
{
    return i >= 0 && i < (int)(sizeof names / sizeof *names) ? names[i].name : NULL;
}

/* The text between < and >. */
static int read_name(const char *name, struct script_item *item)
{
    char word[16];
    int end = 0;

    if (sscanf(name, "wait %llu step%n", &item->steps, &end) == 1 && end && (!name[end] || strcmp(name + end, "s") == 0)) {
        item->kind = SCRIPT_WAIT;
        return 1;
    }
    if (strcmp(name, "wait probe") == 0 || strcmp(name, "wait landscape") == 0 ||
        strcmp(name, "wait measure") == 0) {
        item->kind = name[5] == 'p' ? SCRIPT_PROBE : name[5] == 'l' ? SCRIPT_LANDSCAPE : SCRIPT_MEASURE;
        return 1;
    }
    if (strcmp(name, "wait task") == 0) {
        item->kind = SCRIPT_TASK;
        return 1;
    }
    if (sscanf(name, "%15s %d %d%n", word, &item->event.x, &item->event.y, &end) == 3 && !name[end])
        for (size_t i = 0; i < sizeof mouse / sizeof *mouse; i++)
            if (strcasecmp(mouse[i].name, word) == 0) {
                item->event.key = mouse[i].key;
                return 1;
            }
    item->event.key = strlen(name) > 1 ? script_key(name) : 0;
    return item->event.key != 0;
}

int script_next(const char **script, struct script_item *item, struct err *e)
{
    const char *end;
    char name[32];

    memset(item, 0, sizeof *item);
    if (!**script)
        return 0;
    item->kind = SCRIPT_KEY;
    if (**script != '<') {
        item->event.key = text_next(script);
        return 0;
    }
    end = strchr(*script, '>');
    if (!end)
        return err_set(e, ERR_USAGE, "script: \"%.30s\" has no closing >; <lt> types a <", *script);
    snprintf(name, sizeof name, "%.*s", (int)(end - *script - 1), *script + 1);
    if (end - *script > (int)sizeof name || !read_name(name, item))
        return err_set(e, ERR_USAGE, "script: unknown key <%.30s>", name);
    *script = end + 1;
    return 0;
}

int script_check(const char *script, struct err *e)
{
    struct script_item item;
    struct err why;
    int place = 1;

    while (*script) {
        const char *before = script;
        if (script_next(&script, &item, &why))
            return err_set(e, ERR_USAGE, "%s, at character %d", why.text, place);
        while (before < script)
            place += text_next(&before) != 0;
    }
    return 0;
}
