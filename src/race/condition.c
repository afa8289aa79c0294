/* SPDX-License-Identifier: MIT */
#include "race/condition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOSS, GRADIENT, COORDINATE }; /* COORDINATE + i */

int text_number(const char **at, double *out)
{
    size_t n = strspn(*at, "0123456789.eE+-");
    char *end;

    *out = strtod(*at, &end);
    if (n == 0 || end != *at + n || !isfinite(*out))
        return -1;
    *at = end;
    return 0;
}

static const char *blanks(const char *at)
{
    return at + strspn(at, " \t");
}

int race_goal_parse(struct race_goal *g, const char *text, const struct surface *s, struct err *e)
{
    const char *names[] = {"loss", "gradient", s->axis[0], s->axis[1]}, *name = blanks(text), *at;
    size_t n = strcspn(name, "<> \t");

    g->what = -1;
    for (int i = 0; i < COORDINATE + RACE_SEEN; i++)
        if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
            g->what = i;
    at = blanks(name + n);
    g->below = *at == '<';
    if (*at != '<' && *at != '>')
        g->what = -1;
    at += *at != 0;
    g->or_equal = *at == '=';
    at = blanks(at + g->or_equal);
    if (g->what >= 0 && text_number(&at, &g->bound) == 0 && *blanks(at) == 0)
        return 0;
    return err_set(e, ERR_USAGE,
                   "until %.40s: expected loss, gradient, %s or %s, then < or >, then a number", text,
                   s->axis[0], s->axis[1]);
}

int race_goal_reached(const struct race_goal *g, const struct racer *c)
{
    double v = g->what == LOSS       ? c->loss
               : g->what == GRADIENT ? c->gradient_norm
                                     : c->x[g->what - COORDINATE];

    return (g->below ? v < g->bound : v > g->bound) || (g->or_equal && v == g->bound);
}
