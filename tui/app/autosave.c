/* SPDX-License-Identifier: MIT */
#include "app/autosave.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

char *autosave_folder(void)
{
    return file_xdg("state", "runs");
}

char *autosave_path(void)
{
    char *folder = autosave_folder(), *path = NULL, when[32];
    time_t now = time(NULL);
    struct tm local;
    struct err e;

    if (folder) /* no other run will ever write these files again */
        file_remove_abandoned(folder);
    if (folder && file_make_directories(folder, &e) == 0 && localtime_r(&now, &local) &&
        strftime(when, sizeof when, "%Y%m%d-%H%M%S", &local) > 0)
        path = text_format("%s/%s-%d.safetensors", folder, when, (int)getpid());
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
