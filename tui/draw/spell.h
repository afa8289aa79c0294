/* SPDX-License-Identifier: MIT */
/* Texts in the characters a charset has. A stand-in of one character would mislead (η is no n, → no >), so that
 * what is missing is spelt in the field's words, which may be longer: η is lr, λmax eig_max, ≥ >=. */
#ifndef SADDLE_TUI_DRAW_SPELL_H
#define SADDLE_TUI_DRAW_SPELL_H

#include "draw/canvas.h"

/* A place in a text. Begin with {text, NULL}. */
struct spelling {
    const char *text; /* what is left of it */
    const char *word; /* what is left of the word that stands for what was read last, or NULL */
};

/* The next character as it is to be drawn; 0 at the end. */
uint32_t spell_next(struct spelling *s, enum charset charset);

#endif
