/* SPDX-License-Identifier: MIT */
/* The curves of a run as bytes, in a kept session; those of older programs can be read as well. */
#ifndef SADDLE_TUI_APP_CURVES_KEPT_H
#define SADDLE_TUI_APP_CURVES_KEPT_H

#include <stddef.h>

#include "app/runs.h"
#include "trainer/session-state.h"

/* malloced; NULL: no memory. */
void *curves_pack(const struct history *h, size_t *size);
/* NULL: they are of no form that this program knows, or there is no memory. `known` says what their settings were. */
struct history *curves_unpack(const void *bytes, size_t size, const struct session_settings *known);
/* The same of a ghost. */
void *ghost_pack(const struct ghost *g, size_t *size);
/* 0, or −1 and no history. */
int ghost_unpack(struct ghost *g, const void *bytes, size_t size, const struct session_settings *known);

#endif
