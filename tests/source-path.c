/* SPDX-License-Identifier: MIT */
#include "source-path.h"

#include <limits.h>
#include <stdio.h>

const char *source_path(const char *name)
{
    static char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", SADDLE_SOURCE_DIR, name);
    return path;
}
