#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

enum { BUFFER_SIZE = 1 << 16 };

static int failed(struct err *e, const char *path, const char *what)
{
    return err_set(e, ERR_RUNTIME, "%s: cannot %s: %s", path, what, strerror(errno));
}

int file_writer_open(struct file_writer *w, const char *path, struct err *e)
{
    int mask;

    *w = (struct file_writer){.fd = -1};
    w->path = strdup(path);
    w->temp = text_format("%s.XXXXXX", path);
    w->buffer = malloc(BUFFER_SIZE);
    if (!w->path || !w->temp || !w->buffer) {
        file_writer_abort(w);
        return err_memory(e, "a file buffer", BUFFER_SIZE);
    }
    w->fd = mkstemp(w->temp);
    if (w->fd < 0) {
        int r = failed(e, path, "write");
        free(w->temp);
        w->temp = NULL;
        file_writer_abort(w);
        return r;
    }
    mask = umask(0); /* mkstemp makes the file private; give it the mode any new file has */
    umask((mode_t)mask);
    (void)!fchmod(w->fd, 0666 & ~(mode_t)mask);
    return 0;
}

static int write_all(struct file_writer *w, const char *bytes, size_t size, struct err *e)
{
    while (size > 0) {
        ssize_t n = write(w->fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(e, w->path, "write");
        bytes += n;
        size -= (size_t)n;
    }
    return 0;
}

int file_writer_write(struct file_writer *w, const void *bytes, size_t size, struct err *e)
{
    int r;

    if (w->used + size <= BUFFER_SIZE) {
        if (size)
            memcpy(w->buffer + w->used, bytes, size);
        w->used += size;
        return 0;
    }
    r = write_all(w, w->buffer, w->used, e);
    w->used = 0;
    if (r == 0)
        r = write_all(w, bytes, size, e);
    return r;
}

/* A rename is only durable once its directory is on disk. Some file systems refuse to sync a
 * directory; the file itself is safe by then, so that is not an error. */
static void sync_directory(const char *path)
{
    char *copy = strdup(path), *slash;
    int fd;

    if (!copy)
        return;
    slash = strrchr(copy, '/');
    if (slash)
        slash[slash == copy] = 0;
    fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)!fsync(fd);
        close(fd);
    }
    free(copy);
}

int file_writer_commit(struct file_writer *w, struct err *e)
{
    int r = write_all(w, w->buffer, w->used, e);

    if (r == 0 && fsync(w->fd) != 0)
        r = failed(e, w->path, "write to disk");
    if (close(w->fd) != 0 && r == 0)
        r = failed(e, w->path, "write");
    w->fd = -1;
    if (r == 0 && rename(w->temp, w->path) != 0)
        r = failed(e, w->path, "replace");
    if (r == 0) {
        sync_directory(w->path);
        free(w->temp);
        w->temp = NULL;
    }
    file_writer_abort(w);
    return r;
}

void file_writer_abort(struct file_writer *w)
{
    if (w->fd >= 0)
        close(w->fd);
    if (w->temp)
        unlink(w->temp);
    free(w->temp);
    free(w->path);
    free(w->buffer);
    *w = (struct file_writer){.fd = -1};
}

int file_replace(const char *path, const void *bytes, size_t size, struct err *e)
{
    struct file_writer w;
    int r = file_writer_open(&w, path, e);

    if (r)
        return r;
    r = file_writer_write(&w, bytes, size, e);
    if (r) {
        file_writer_abort(&w);
        return r;
    }
    return file_writer_commit(&w, e);
}

int file_read(const char *path, size_t limit, char **bytes, size_t *size, struct err *e)
{
    struct stat st;
    size_t have = 0, want;
    char *text;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

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
        return err_set(e, ERR_INPUT, "%.40s…: a longer name than the %zu characters there is room for", name, size - 1);
    return 0;
}

char *file_xdg(const char *which, const char *name)
{
    static const struct {
        const char *which, *variable, *below_home;
    } places[] = {
        {"cache", "XDG_CACHE_HOME", ".cache"},
        {"config", "XDG_CONFIG_HOME", ".config"},
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
