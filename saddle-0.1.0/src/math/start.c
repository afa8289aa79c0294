#include "math/start.h"

#include <cblas.h>
#include <stdio.h>

int math_start(struct err *e)
{
    if (openblas_get_parallel() == OPENBLAS_OPENMP)
        return err_set(e, ERR_RUNTIME,
                       "this OpenBLAS is the OpenMP variant; install the package libopenblas0-pthread and choose "
                       "it by update-alternatives");
    openblas_set_num_threads(1);
    return 0;
}

const char *math_library(void)
{
    static char text[256];

    snprintf(text, sizeof text, "%s, %s kernels", openblas_get_config(), openblas_get_corename());
    return text;
}
