#include "script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "view/text.h"

static const struct {
    const char *name;
    uint32_t key;
} names[] = {
    {"Up", HAND_UP},       {"Down", HAND_DOWN},         {"Left", HAND_LEFT},    {"Right", HAND_RIGHT},
    {"PgUp", HAND_PAGE_UP}, {"PgDn", HAND_PAGE_DOWN},   {"Home", HAND_HOME},    {"End", HAND_END},
    {"BS", HAND_BACKSPACE}, {"Del", HAND_DELETE},       {"F1", HAND_F1},        {"Enter", HAND_ENTER},
    {"CR", HAND_ENTER},    {"Tab", HAND_TAB},           {"S-Tab", HAND_BACK_TAB}, {"Esc", HAND_ESCAPE},
    {"Space", ' '},        {"lt", '<'},
};

static int named_key(const char *name, uint32_t *key)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i].name, name) == 0) {
            *key = names[i].key;
            return 1;
        }
    if (strncasecmp(name, "C-", 2) == 0 && name[2] && !name[3]) {
        *key = (uint32_t)(name[2] & 0x1f);
        return 1;
    }
    return 0;
}

int script_next(const char **script, struct script_item *item, struct err *e)
{
    const char *end;
    char name[32];

    memset(item, 0, sizeof *item);
    if (!**script)
        return 0;
    item->kind = SCRIPT_KEY;
    end = **script == '<' ? strchr(*script, '>') : NULL;
    if (!end) {
        item->event.key = text_next(script);
        return 0;
    }
    snprintf(name, sizeof name, "%.*s", (int)(end - *script - 1), *script + 1);
    *script = end + 1;
    if (sscanf(name, "wait %llu step", &item->steps) == 1)
        item->kind = SCRIPT_WAIT;
    else if (!named_key(name, &item->event.key))
        return err_set(e, ERR_USAGE, "script: there is no key <%s>", name);
    return 0;
}
