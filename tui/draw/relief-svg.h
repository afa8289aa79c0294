/* SPDX-License-Identifier: MIT */
/* A field as a surface seen from its eye, as part of an SVG page. */
#ifndef SADDLE_TUI_DRAW_RELIEF_SVG_H
#define SADDLE_TUI_DRAW_RELIEF_SVG_H

#include "draw/canvas.h"
#include "draw/field.h"
#include "draw/svg-page.h"

/* Within a rectangle of the page. Returns 0, or −1 without memory. */
int relief_svg(const struct field *f, enum theme p, struct svg_page *out, const struct rect *at);

#endif
