/* SPDX-License-Identifier: MIT */
#include "math/start.h"

#include <cblas.h>
#include <stdio.h>
#include <string.h>

#include "math/products.h"

int math_start(struct err *e)
{
    if (openblas_get_parallel() == OPENBLAS_OPENMP)
        return err_set(e, ERR_RUNTIME,
                       "this OpenBLAS is the OpenMP variant; install the package libopenblas0-pthread and choose "
                       "it by update-alternatives");
    openblas_set_num_threads(1);
    return 0;
}

/* OpenBLAS's own text begins "OpenBLAS 0.3.21 " and goes on with how it was built. */
void openblas_version(char *text, size_t size)
{
    const char *config = openblas_get_config();
    size_t name = strcspn(config, " "), version = config[name] ? strcspn(config + name + 1, " ") : 0;

    snprintf(text, size, "%.*s", (int)(name + (version ? version + 1 : 0)), config);
}

void openblas_describe(char *text, size_t size)
{
    char version[48];

    openblas_version(version, sizeof version);
    snprintf(text, size, "%s, %s kernels", version, openblas_get_corename());
}

const char *math_library(void)
{
    static char text[160];

    products_describe(PRODUCTS_AUTO, text, sizeof text);
    return text;
}
