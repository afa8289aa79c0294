/* SPDX-License-Identifier: MIT */
/* The command line: how the screen looks. */
#include "app/command-line.h"

#include "app/app.h"

const char *command_colormap_word(const char *rest, int k)
{
    return !*rest && k >= 0 && k < COLORMAP_COUNT ? colormap_name((enum colormap)k) : NULL;
}

unsigned command_colormap(struct app *a, const char *rest)
{
    int map = colormap_find(rest);

    if (map >= 0)
        a->model.ui.colormap = (enum colormap)map;
    else
        app_say(a, 1, "colormap: expected cividis, viridis, inferno or grey");
    return REACT_DRAW;
}
