/* SPDX-License-Identifier: MIT */
/* Kernels tried in a child process: this program again, which ends with what it found (kernels_child). */
#include "math/kernel-choice.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { PATIENCE = 10000, TICK = 1 }; /* ms that a child may take; between two looks */

/* The environment with `extra` in front of what has other names; malloced, its texts borrowed. */
static char **environment_with(char *const *extra, int n)
{
    int count = 0, used = 0;
    char **all;

    while (environ[count])
        count++;
    all = calloc((size_t)(count + n + 1), sizeof *all);
    if (!all)
        return NULL;
    for (; used < n; used++)
        all[used] = extra[used];
    for (int i = 0; i < count; i++) {
        int replaced = 0;
        for (int k = 0; k < n; k++)
            replaced |= strncmp(environ[i], extra[k], strcspn(extra[k], "=") + 1) == 0;
        if (!replaced)
            all[used++] = environ[i];
    }
    return all;
}

static int spawn(pid_t *child, char **environment)
{
    char *argv[] = {(char *)"saddle", NULL};
    posix_spawn_file_actions_t quiet;
    int r = posix_spawn_file_actions_init(&quiet);

    if (r)
        return r;
    r = posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDWR, 0);
    for (int fd = 1; r == 0 && fd <= 2; fd++)
        r = posix_spawn_file_actions_adddup2(&quiet, 0, fd);
    if (r == 0)
        r = posix_spawn(child, "/proc/self/exe", &quiet, NULL, argv, environment);
    posix_spawn_file_actions_destroy(&quiet);
    return r;
}

/* The child's status; one that does not end is ended. */
static int status_of(pid_t child)
{
    struct timespec tick = {.tv_nsec = TICK * 1000000};
    int status = 0;

    for (int waited = 0; waited < PATIENCE; waited += TICK) {
        if (waitpid(child, &status, WNOHANG) == child)
            return status;
        nanosleep(&tick, NULL);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return status;
}

int kernels_try_child(void *context, const char *kernels)
{
    char type[64], guard[] = "SADDLE_KERNELS=test";
    char *extra[] = {type, guard}, **environment;
    pid_t child;
    int r, status;

    (void)context;
    snprintf(type, sizeof type, "OPENBLAS_CORETYPE=%s", kernels);
    environment = environment_with(extra, 2);
    if (!environment)
        return -1;
    r = spawn(&child, environment);
    free(environment);
    if (r)
        return -1;
    status = status_of(child);
    return WIFEXITED(status) && WEXITSTATUS(status) == KERNELS_RIGHT;
}
