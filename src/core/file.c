/* SPDX-License-Identifier: MIT */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

static int failed(struct err *e, const char *path, const char *what)
{
    return err_set(e, ERR_RUNTIME, "%s: cannot %s: %s", path, what, strerror(errno));
}

int file_read(const char *path, size_t limit, char **bytes, size_t *size, struct err *e)
{
    struct stat st;
    size_t have = 0, want;
    char *text;
    /* Not blocking: opening a FIFO that nobody writes to would wait forever. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0 || fstat(fd, &st) != 0) {
        int r = err_set(e, ERR_INPUT, "%s: cannot read: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return r;
    }
    if (!S_ISREG(st.st_mode) || (unsigned long long)st.st_size > limit) {
        close(fd);
        if (!S_ISREG(st.st_mode))
            return err_set(e, ERR_INPUT, "%s: not a regular file", path);
        return err_set(e, ERR_INPUT, "%s: larger than %zu MB", path, limit / 1000000);
    }
    want = (size_t)st.st_size;
    text = malloc(want + 1);
    while (text && have < want) {
        ssize_t n = read(fd, text + have, want - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    close(fd);
    if (!text)
        return err_memory(e, path, want);
    if (have < want) {
        free(text);
        return err_set(e, ERR_INPUT, "%s: cut short while it was read", path);
    }
    text[want] = 0;
    *bytes = text;
    *size = want;
    return 0;
}

int file_make_directories(const char *path, struct err *e)
{
    char *copy = strdup(path);
    int r = 0;

    if (!copy)
        return err_memory(e, "a path", strlen(path));
    for (char *p = copy + 1; r == 0; p++) {
        char c = *p;
        if (c && c != '/')
            continue;
        *p = 0;
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            r = failed(e, copy, "make the folder");
        *p = c;
        if (!c)
            break;
    }
    free(copy);
    return r;
}

int file_typed(char *out, size_t size, const char *name, struct err *e)
{
    const char *home = getenv("HOME");
    int in_home = strncmp(name, "~/", 2) == 0 && home && *home;
    int n = snprintf(out, size, "%s%s", in_home ? home : "", in_home ? name + 1 : name);

    if (n < 0 || (size_t)n >= size)
        return err_set(e, ERR_INPUT, "%.40s…: a name longer than %zu characters", name, size - 1);
    return 0;
}

char *file_xdg(const char *which, const char *name)
{
    static const struct {
        const char *which, *variable, *below_home;
    } places[] = {
        {"cache", "XDG_CACHE_HOME", ".cache"},
        {"config", "XDG_CONFIG_HOME", ".config"},
        {"data", "XDG_DATA_HOME", ".local/share"},
        {"state", "XDG_STATE_HOME", ".local/state"},
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *base = getenv(places[i].variable), *home = getenv("HOME");
        if (strcmp(which, places[i].which) != 0)
            continue;
        if (base && base[0] == '/') /* the standard says to ignore relative ones */
            return text_format("%s/saddle/%s", base, name);
        return home && *home ? text_format("%s/%s/saddle/%s", home, places[i].below_home, name) : NULL;
    }
    return NULL;
}
