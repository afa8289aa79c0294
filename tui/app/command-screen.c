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

const char *command_cells_word(const char *rest, int k)
{
    return !*rest && k >= 0 && k < MOSAIC_COUNT ? mosaic_name((enum mosaic)k) : NULL;
}

/* A screen of other characters cannot have them. */
static int refuse_cells(struct app *a, enum mosaic kind)
{
    if (kind == MOSAIC_NONE || a->charset == CHARSET_BRAILLE)
        return 0;
    if (a->charset == CHARSET_BLOCK)
        app_say(a, 1, "cells: the console's font has no %s", mosaic_name(kind));
    else
        app_say(a, 1, "cells: %s need a UTF-8 locale, such as LANG=C.UTF-8", mosaic_name(kind));
    return 1;
}

unsigned command_cells(struct app *a, const char *rest)
{
    int kind = mosaic_find(rest);

    if (kind < 0)
        app_say(a, 1, "cells: expected braille, sextants or octants");
    else if (!refuse_cells(a, (enum mosaic)kind))
        a->model.ui.mosaic = (enum mosaic)kind;
    return REACT_DRAW;
}

void app_take_charset(struct app *a, enum charset charset)
{
    a->charset = charset;
    if (refuse_cells(a, a->model.ui.mosaic))
        a->model.ui.mosaic = MOSAIC_NONE;
}
