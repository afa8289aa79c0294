/* SPDX-License-Identifier: MIT */
#include "run/setting-unknown.h"

#include <stdio.h>
#include <string.h>

#include "core/nearest.h"

int setting_unknown(enum err_code code, const char *before, const char *name, struct err *e)
{
    struct nearest n = nearest_to(name);
    char meant[NEAREST_WORDS];

    for (int i = 0; i < KNOB_COUNT; i++)
        nearest_offer(&n, knob_row(i)->name);
    return err_set(e, code, "%sunknown setting \"%.40s\"%s", before, name, nearest_words(&n, meant, sizeof meant));
}

int setting_no_choice(const char *title, enum knob_id id, const char *text, struct err *e)
{
    struct nearest n = nearest_to(text);
    char all[320] = "", meant[NEAREST_WORDS];

    for (int i = 0; knob_choice(id, i); i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", knob_choice(id, i));
        nearest_offer(&n, knob_choice(id, i));
    }
    return err_set(e, ERR_USAGE, "%s: there is no \"%.40s\"; choose from %s%s", title, text, all,
                   nearest_words(&n, meant, sizeof meant));
}
