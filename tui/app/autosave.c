/* SPDX-License-Identifier: MIT */
#include "app/autosave.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

static const char UNRECORDED[] = "-unrecorded";

char *autosave_folder(void)
{
    return file_xdg("state", "runs");
}

char *autosave_path(int recorded)
{
    char *folder = autosave_folder(), *path = NULL, when[32];
    time_t now = time(NULL);
    struct tm local;
    struct err e;

    if (folder) /* no other run will ever write these files again */
        file_remove_abandoned(folder);
    if (folder && file_make_directories(folder, &e) == 0 && localtime_r(&now, &local) &&
        strftime(when, sizeof when, "%Y%m%d-%H%M%S", &local) > 0)
        path = text_format("%s/%s-%d%s.safetensors", folder, when, (int)getpid(), recorded ? "" : UNRECORDED);
    free(folder);
    return path;
}

int autosave_count(const char *folder, long long *bytes)
{
    static const char end[] = ".safetensors";
    DIR *d = opendir(folder);
    struct dirent *entry;
    int count = 0;

    *bytes = 0;
    while (d && (entry = readdir(d))) {
        size_t n = strlen(entry->d_name);
        struct stat s;
        if (n <= strlen(end) || strcmp(entry->d_name + n - strlen(end), end) != 0 ||
            fstatat(dirfd(d), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode))
            continue;
        count++;
        *bytes += (long long)s.st_size;
    }
    if (d)
        closedir(d);
    return count;
}

/* ---- the rule of the unrecorded ones ------------------------------------------------------------ */

struct unrecorded {
    char name[64]; /* they sort by time */
    long long bytes;
};

/* "20261128-104400-1234-unrecorded.safetensors"; the process goes to *pid. */
static int is_unrecorded(const char *name, long *pid)
{
    char end[32];
    size_t n = strspn(name, "0123456789-");
    const char *dash;

    snprintf(end, sizeof end, "%s.safetensors", UNRECORDED);
    if (n < 18 || n >= 48 || name[8] != '-' || name[15] != '-' || strcmp(name + n - 1, end) != 0)
        return 0;
    dash = name + 15;
    *pid = strtol(dash + 1, NULL, 10);
    return *pid > 0;
}

static int lives(long pid)
{
    return pid != getpid() && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(((const struct unrecorded *)b)->name, ((const struct unrecorded *)a)->name);
}

/* All of them; malloced. */
static struct unrecorded *list_unrecorded(DIR *d, int *count)
{
    struct unrecorded *list = NULL, *longer;
    struct dirent *entry;
    struct stat s;
    long pid;

    *count = 0;
    while ((entry = readdir(d))) {
        if (!is_unrecorded(entry->d_name, &pid) || fstatat(dirfd(d), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(s.st_mode))
            continue;
        longer = reallocarray(list, (size_t)*count + 1, sizeof *list);
        if (!longer)
            break;
        list = longer;
        text_copy(list[*count].name, sizeof list->name, entry->d_name);
        list[(*count)++].bytes = (long long)s.st_size;
    }
    return list;
}

int autosave_keep_newest(const char *folder, int most, long long *bytes)
{
    DIR *d = opendir(folder);
    int count = 0, removed = 0;
    struct unrecorded *list = d ? list_unrecorded(d, &count) : NULL;
    long pid;

    *bytes = 0;
    if (list)
        qsort(list, (size_t)count, sizeof *list, newest_first);
    for (int i = most; i < count; i++)
        if (is_unrecorded(list[i].name, &pid) && !lives(pid) && unlinkat(dirfd(d), list[i].name, 0) == 0) {
            *bytes += list[i].bytes;
            removed++;
        }
    free(list);
    if (d)
        closedir(d);
    return removed;
}
