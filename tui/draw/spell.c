/* SPDX-License-Identifier: MIT */
#include "draw/spell.h"

#include <string.h>

#include "draw/text.h"

/* In ASCII, and in what a console's font has (the code page 437 at best), NULL: as it is. The longest come first. */
static const struct {
    const char *text, *plain, *block;
} words[] = {
    {"|λmin| / λmax", "|eig_min|/max", "|eig_min|/max"},
    {"η λmax", "lr*eig_max", "lr*eig_max"},
    {"ε-sharpness", "sharpness", NULL},
    {" · ", " | ", NULL},
    {"2π", "2 pi ", NULL},
    {"λv", "eig*v", "eig*v"},
    {"λm", "eig_m", "eig_m"},
    {"λ", "eig", "eig"},
    {"η", "lr", "lr"},
    {"θ", "theta", "theta"},
    {"ε", "eps", NULL},
    {"α", "alpha", NULL},
    {"β", "beta", NULL},
    {"γ", "gamma", "gamma"},
    {"δ", "delta", NULL},
    {"Δ", "delta ", "delta "},
    {"μ", "mu", "mu"},
    {"µ", "u", NULL},
    {"ρ", "rho", "rho"},
    {"σ", "sigma", NULL},
    {"π", "pi", NULL},
    {"Σ", "sum", NULL},
    {"∇", "grad ", "grad "},
    {"√", "sqrt", NULL},
    {"∞", "inf", NULL},
    {"‖", "||", "||"},
    {"→", "->", NULL},
    {"←", "<-", NULL},
    {"≥", ">=", NULL},
    {"≤", "<=", NULL},
    {"±", "+-", NULL},
    {"²", "^2", NULL},
    {"³", "^3", "^3"},
    {"₁", "_1", "_1"},
    {"½", "1/2", NULL},
    {"°", " deg", NULL},
    {"ᵀ", "'", "'"},
    {"…", "...", "..."},
    {"⋯", "...", "..."},
};

/* The word for what `text` begins with, or NULL; *bytes: how much of it that stands for. */
static const char *word_of(const char *text, enum charset charset, size_t *bytes)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *bytes = strlen(words[i].text);
        if (strncmp(text, words[i].text, *bytes) == 0)
            return charset == CHARSET_ASCII ? words[i].plain : words[i].block;
    }
    return NULL;
}

uint32_t spell_next(struct spelling *s, enum charset charset)
{
    size_t bytes;

    if (s->word && *s->word)
        return text_next(&s->word);
    s->word = charset == CHARSET_BRAILLE ? NULL : word_of(s->text, charset, &bytes);
    if (!s->word)
        return text_next(&s->text);
    s->text += bytes;
    return text_next(&s->word);
}
