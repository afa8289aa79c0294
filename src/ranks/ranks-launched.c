/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>

#include "ranks/ranks.h"

/* Open MPI, then the launchers that speak PMI (MPICH, Intel MPI, Slurm). Slurm sets its variables for programs that are no
 * MPI's as well, but those for the number of PMI's processes only where it was asked to launch them. */
int ranks_launched(void)
{
    static const char *const sizes[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE"};
    static const char *const ranks[] = {"PMIX_RANK", "PMI_RANK"};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const char *size = getenv(sizes[i]);
        long n = size ? strtol(size, NULL, 10) : 0;
        if (n > 0)
            return n < INT_MAX ? (int)n : INT_MAX;
    }
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
        if (getenv(ranks[i]))
            return 1; /* at least; the library knows */
    return 0;
}
