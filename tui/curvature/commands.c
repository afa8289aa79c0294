/* SPDX-License-Identifier: MIT */
/* probe and escape, of the command line. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int with;
} things[] = {
    {"density", CURVATURE_WITH_DENSITY},
    {"layers", CURVATURE_WITH_LAYERS},
    {"gauss-newton", CURVATURE_WITH_GAUSS_NEWTON},
    {"all", CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON},
};
enum { THINGS = sizeof things / sizeof *things };

static const char *probe_word(const char *rest, int i)
{
    (void)rest;
    return i >= 0 && i < THINGS ? things[i].name : i == THINGS ? "cancel" : NULL;
}

static unsigned run_probe(struct app *a, const char *rest)
{
    int with = 0;
    size_t n;

    if (strcmp(rest, "cancel") == 0) {
        if (!action_probe_cancel(a))
            app_say(a, 0, "no probe is running");
        return REACT_DRAW;
    }
    for (; *rest; rest += n, rest += strspn(rest, " ")) {
        int i = 0;
        n = strcspn(rest, " ");
        while (i < THINGS && (strlen(things[i].name) != n || strncmp(things[i].name, rest, n) != 0))
            i++;
        if (i == THINGS) {
            app_say(a, 1, "probe: \"%.*s\" is unknown; use density, layers, gauss-newton, all or cancel",
                    (int)n, rest);
            return REACT_DRAW;
        }
        with |= things[i].with;
    }
    return action_probe(a, with);
}

static unsigned run_escape(struct app *a, const char *rest)
{
    char *end;
    double alpha = strtod(rest, &end);

    if (!*rest)
        return action_escape_along(a, 0);
    if (end == rest || *end || !isfinite(alpha) || alpha == 0)
        app_say(a, 1, "escape: \"%.40s\" is not a length; > 0 goes where the gradient falls, without one it is searched",
                rest);
    else
        return action_escape_along(a, alpha);
    return REACT_DRAW;
}

const struct command_row curvature_commands[] = {
    {"probe", " [WHAT]", "probe the curvature here, and compute WHAT as well", run_probe, probe_word},
    {"escape", " [A]", "step along the lowest eigenvector, by length A if given", run_escape, NULL},
    {0},
};
