/* SPDX-License-Identifier: MIT */
#include "cli/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"

const char *figure(char out[FIGURE_SIZE], const char *format, double v)
{
    static const char dash[] = "–";
    int width = atoi(format + 1), bytes = (int)sizeof dash - 1; /* of one column */

    if (isnan(v))
        snprintf(out, FIGURE_SIZE, "%*s", width + (width ? bytes - 1 : 0), dash);
    else
        snprintf(out, FIGURE_SIZE, format, v);
    return out;
}

const char *figure_name(char out[FIGURE_NAME], const char *name)
{
    text_copy(out, FIGURE_NAME, name);
    text_make_printable(out);
    return out;
}
