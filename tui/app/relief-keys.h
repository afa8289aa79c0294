/* SPDX-License-Identifier: MIT */
/* Maps as surfaces seen from a side: the key that turns one into the other, and the keys that act meanwhile. */
#ifndef SADDLE_TUI_APP_RELIEF_KEYS_H
#define SADDLE_TUI_APP_RELIEF_KEYS_H

#include "app/keymap.h"
#include "app/pane.h"

/* Of panes that draw a map. */
extern const struct key_set relief_switch_keys;
/* While the focused pane shows it from a side; they come before all others. */
extern const struct key_set relief_keys;

/* From where the view shown sees its maps; NULL: from above. */
const struct eye *relief_eye(const struct model *m);
/* Whether the focused pane shows a map, from a side. */
int relief_is_on(const struct model *m);

#endif
