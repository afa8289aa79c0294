#include "math/start.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* OpenBLAS's own choice of kernels, made when it is loaded; builds for one processor do not have it. */
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/* AMD's processors with AVX-512 (Zen 4) get kernels made for Intel's; those for AVX2 are faster there by a tenth. A
 * user's own choice stands. */
static void choose_kernels(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (!__builtin_cpu_is("amd") || !__builtin_cpu_supports("avx512f") || getenv("OPENBLAS_CORETYPE") ||
        !gotoblas_dynamic_init || !gotoblas_dynamic_quit || strcmp(openblas_get_corename(), "Haswell") == 0)
        return;
    setenv("OPENBLAS_CORETYPE", "Haswell", 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");
#endif
}

int math_start(struct err *e)
{
    if (openblas_get_parallel() == OPENBLAS_OPENMP)
        return err_set(e, ERR_RUNTIME,
                       "this OpenBLAS is the OpenMP variant; install the package libopenblas0-pthread and choose "
                       "it by update-alternatives");
    choose_kernels();
    openblas_set_num_threads(1);
    return 0;
}

const char *math_library(void)
{
    static char text[256];

    snprintf(text, sizeof text, "%s, %s kernels", openblas_get_config(), openblas_get_corename());
    return text;
}
