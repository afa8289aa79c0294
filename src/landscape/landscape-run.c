/* SPDX-License-Identifier: MIT */
/* The part that needs no numbers; the network's landscape is computed in float. */
#include <stdlib.h>
#include <string.h>

#include "landscape/landscape.h"

static const char *const names[LANDSCAPE_KINDS] = {
    [LANDSCAPE_RANDOM] = "random", [LANDSCAPE_GRADIENT] = "gradient", [LANDSCAPE_TOP] = "top",
    [LANDSCAPE_ENDS] = "ends",     [LANDSCAPE_LINE] = "line",         [LANDSCAPE_PCA] = "pca",
    [LANDSCAPE_CURVE] = "curve",
};

const char *landscape_kind_name(int kind)
{
    return kind >= 0 && kind < LANDSCAPE_KINDS ? names[kind] : NULL;
}

int landscape_kind_find(const char *name)
{
    for (int i = 0; i < LANDSCAPE_KINDS; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

int landscape_kind_joins(int kind)
{
    return kind == LANDSCAPE_LINE || kind == LANDSCAPE_CURVE;
}

int landscape_run(const struct landscape_ask *a, struct landscape *l, struct err *e)
{
    return landscape_network_f.run(a, l, e);
}

void landscape_free(struct landscape *l)
{
    landscape_grid_free(&l->grid);
    free(l->path);
    free(l->path_point);
    free(l->curve);
    free(l->control);
    for (int i = 0; i < 2; i++)
        free(l->vector[i]);
    memset(l, 0, sizeof *l);
}
