#include "nameless.h"

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

struct run_file {
    struct timespec saved;
    char name[64];
};

struct run_list {
    struct run_file *file;
    size_t count, room;
};

char *nameless_folder(void)
{
    return file_xdg("state", "runs");
}

char *nameless_path(void)
{
    char *folder = nameless_folder(), *path = NULL, when[32];
    time_t now = time(NULL);
    struct tm local;
    struct err e;

    if (folder && file_make_directories(folder, &e) == 0 && localtime_r(&now, &local) &&
        strftime(when, sizeof when, "%Y%m%d-%H%M%S", &local) > 0)
        path = text_format("%s/%s-%d.safetensors", folder, when, (int)getpid());
    free(folder);
    return path;
}

/* The process in a name that nameless_path made, or −1. */
static long process_of(const char *name)
{
    static const char digits[] = "0123456789";
    size_t n;

    if (strspn(name, digits) != 8 || name[8] != '-' || strspn(name + 9, digits) != 6 || name[15] != '-')
        return -1;
    n = strspn(name + 16, digits);
    if (n < 1 || n > 9 || strcmp(name + 16 + n, ".safetensors") != 0)
        return -1;
    return strtol(name + 16, NULL, 10);
}

/* A number that another process has got since only keeps a file longer. */
static int still_runs(long process)
{
    return process == (long)getpid() || kill((pid_t)process, 0) == 0 || errno == EPERM;
}

/* Whether it is ours to delete; when it was saved. */
static int is_spent(int folder, const char *name, struct timespec *saved)
{
    long process = process_of(name);
    struct stat s;

    if (process < 1 || still_runs(process) || fstatat(folder, name, &s, AT_SYMLINK_NOFOLLOW) != 0)
        return 0;
    *saved = s.st_mtim;
    return S_ISREG(s.st_mode) && s.st_uid == geteuid();
}

static int add(struct run_list *l, const char *name, struct timespec saved)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        struct run_file *file = realloc(l->file, room * sizeof *file);
        if (!file)
            return -1;
        l->file = file;
        l->room = room;
    }
    l->file[l->count].saved = saved;
    text_copy(l->file[l->count++].name, sizeof l->file->name, name);
    return 0;
}

/* The newest first. */
static int compare(const void *a, const void *b)
{
    const struct run_file *f = a, *g = b;

    if (f->saved.tv_sec != g->saved.tv_sec)
        return f->saved.tv_sec < g->saved.tv_sec ? 1 : -1;
    if (f->saved.tv_nsec != g->saved.tv_nsec)
        return f->saved.tv_nsec < g->saved.tv_nsec ? 1 : -1;
    return strcmp(g->name, f->name);
}

int nameless_prune(const char *folder, int kept)
{
    DIR *d = opendir(folder);
    struct run_list list = {0};
    struct dirent *entry;
    struct timespec saved;
    int deleted = 0;

    while (d && (entry = readdir(d)))
        if (is_spent(dirfd(d), entry->d_name, &saved) && add(&list, entry->d_name, saved) != 0)
            break;
    if (list.count)
        qsort(list.file, list.count, sizeof *list.file, compare);
    for (size_t i = (size_t)kept; i < list.count; i++)
        deleted += unlinkat(dirfd(d), list.file[i].name, 0) == 0;
    free(list.file);
    if (d)
        closedir(d);
    return deleted;
}
