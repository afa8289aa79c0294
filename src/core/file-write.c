/* SPDX-License-Identifier: MIT */
#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

enum { BUFFER_SIZE = 1 << 16, MOST_LINKS = 40, TAG_DIGITS = 6 };

static const char before_tag[] = ".saddle-", after_tag[] = ".tmp";
enum { ENDING_SIZE = sizeof before_tag - 1 + TAG_DIGITS + sizeof after_tag - 1 };

static int failed(struct err *e, const char *path, const char *what)
{
    return err_set(e, ERR_RUNTIME, "%s: cannot %s: %s", path, what, strerror(errno));
}

/* ---- the place ------------------------------------------------------------------------------ */

enum place_kind { PLACE_NEW, PLACE_FILE, PLACE_STREAM };

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The directory of `path`, malloced. */
static char *directory_of(const char *path)
{
    size_t n = (size_t)(base_of(path) - path);

    return n ? strndup(path, n > 1 ? n - 1 : n) : strdup(".");
}

/* Target of a symbolic link, "dir/link -> name" as "dir/name"; NULL if it is not a link. */
static char *link_target(const char *path)
{
    char text[PATH_MAX];
    ssize_t n = readlink(path, text, sizeof text - 1);

    if (n < 0)
        return NULL;
    text[n] = 0;
    return text[0] == '/' ? strdup(text) : text_format("%.*s%s", (int)(base_of(path) - path), path, text);
}

/* The path behind all links, also where the last one leads to a file that is not there yet. */
static char *follow_links(const char *path)
{
    char *at = strdup(path), *next;

    for (int i = 0; at && i < MOST_LINKS && (next = link_target(at)); i++) {
        free(at);
        at = next;
    }
    return at;
}

/* A path such as /dev/stdout, or the file that the shell sent the standard output to. */
static int is_standard_output(const struct stat *st)
{
    struct stat out;

    return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == st->st_dev && out.st_ino == st->st_ino;
}

/* Stat `path` into *st unless it is new; or set an error if nothing can be written there. */
static int look_at(const char *path, enum place_kind *kind, struct stat *st, struct err *e)
{
    *kind = PLACE_NEW;
    if (stat(path, st) != 0)
        return errno == ENOENT ? 0 : failed(e, path, "write");
    *kind = S_ISREG(st->st_mode) && !is_standard_output(st) ? PLACE_FILE : PLACE_STREAM;
    if (S_ISDIR(st->st_mode))
        return err_set(e, ERR_RUNTIME, "%s: is a folder, not a file", path);
    if (S_ISBLK(st->st_mode))
        return err_set(e, ERR_RUNTIME, "%s: is a block device; saddle does not write to it", path);
    if (is_standard_output(st))
        return 0;
    if (S_ISSOCK(st->st_mode))
        return err_set(e, ERR_RUNTIME, "%s: is a socket; saddle does not write to it", path);
    return access(path, W_OK) == 0 ? 0 : failed(e, path, "write");
}

/* Nobody waits for a reader that may never come. */
static int open_stream(const char *path, const struct stat *st, struct err *e)
{
    int fd = is_standard_output(st) ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                                    : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0 && errno == ENXIO)
        return err_set(e, ERR_RUNTIME, "%s: is a pipe without a reader", path);
    if (fd < 0)
        return failed(e, path, "write");
    if (!is_standard_output(st))
        (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

/* ---- temporary files ------------------------------------------------------------------------ */

/* Length of the part of the name that begins the names of its temporary files, so that they stay within NAME_MAX. */
static int stem_length(const char *base)
{
    size_t n = strlen(base);

    return (int)(n + ENDING_SIZE <= NAME_MAX ? n : NAME_MAX - ENDING_SIZE);
}

/* Whether it is the name of a temporary file: then the bytes of it before the ending, else 0. */
static size_t temp_stem(const char *name)
{
    size_t n = strlen(name), stem = n > ENDING_SIZE ? n - ENDING_SIZE : 0;

    return stem && strncmp(name + stem, before_tag, sizeof before_tag - 1) == 0 &&
                   strspn(name + stem + sizeof before_tag - 1, "0123456789abcdef") == TAG_DIGITS &&
                   strcmp(name + n - (sizeof after_tag - 1), after_tag) == 0
               ? stem
               : 0;
}

static int is_temp_of(const char *name, const char *base)
{
    size_t stem = (size_t)stem_length(base);

    return temp_stem(name) == stem && memcmp(name, base, stem) == 0;
}

/* A writer holds the lock of its temporary file; an unlocked one was left by a write that was killed. */
static void remove_if_abandoned(int directory, const char *name)
{
    int fd = openat(directory, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(directory, name, 0);
    close(fd);
}

/* Those of this file; `base` NULL: of all files in the folder. */
static void remove_in(const char *folder, const char *base)
{
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;

    while (d && (entry = readdir(d)))
        if (base ? is_temp_of(entry->d_name, base) : temp_stem(entry->d_name) > 0)
            remove_if_abandoned(dirfd(d), entry->d_name);
    if (d)
        closedir(d);
}

static void remove_abandoned(const char *place)
{
    char *folder = directory_of(place);

    remove_in(folder, base_of(place));
    free(folder);
}

void file_remove_abandoned(const char *folder)
{
    remove_in(folder, NULL);
}

/* A name beside the place that nobody else thinks of; malloced. */
static char *temp_name(const char *place)
{
    const char *base = base_of(place);
    unsigned tag = 0;

    (void)!getrandom(&tag, sizeof tag, 0);
    return text_format("%.*s%s%06x%s", (int)(base - place) + stem_length(base), place, before_tag, tag & 0xFFFFFF, after_tag);
}

/* A new locked file beside the place, with the mode that the umask gives: its descriptor, or −1 with errno. */
static int open_temp(const char *place, char **temp)
{
    struct stat st;

    for (;;) {
        int fd;
        *temp = temp_name(place);
        if (!*temp) {
            errno = ENOMEM;
            return -1;
        }
        fd = open(*temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd >= 0 && (flock(fd, LOCK_EX) != 0 || fstat(fd, &st) != 0 || st.st_nlink > 0))
            return fd;
        if (fd >= 0) /* another write took it for abandoned before it was locked */
            close(fd);
        else if (errno != EEXIST) {
            free(*temp);
            *temp = NULL;
            return -1;
        }
        free(*temp);
    }
}

static int use_names;

void file_writer_use_names(int on)
{
    use_names = on;
}

/* The same without a name; −1 where the file system has none such, or none could be given later. */
static int open_unnamed(const char *place)
{
    char *folder = directory_of(place);
    int fd = folder && !use_names && access("/proc/self/fd", X_OK) == 0 ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;

    free(folder);
    if (fd >= 0 && flock(fd, LOCK_EX) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Give it the name of a temporary file, under which it can replace another. */
static int name_it(struct file_writer *w, struct err *e)
{
    char self[40];
    int r;

    snprintf(self, sizeof self, "/proc/self/fd/%d", w->fd);
    do {
        free(w->temp);
        w->temp = temp_name(w->place);
        r = w->temp ? linkat(AT_FDCWD, self, AT_FDCWD, w->temp, AT_SYMLINK_FOLLOW) : -1;
    } while (r != 0 && w->temp && errno == EEXIST);
    if (r == 0)
        return 0;
    r = failed(e, w->path, "write");
    free(w->temp);
    w->temp = NULL;
    return r;
}

/* ---- writing -------------------------------------------------------------------------------- */

static int open_place(struct file_writer *w, struct err *e)
{
    enum place_kind kind;
    struct stat st;
    int r = look_at(w->path, &kind, &st, e);

    if (r)
        return r;
    if (kind == PLACE_STREAM) {
        w->fd = open_stream(w->path, &st, e);
        return w->fd < 0 ? w->fd : 0;
    }
    remove_abandoned(w->place);
    w->fd = open_unnamed(w->place);
    w->unnamed = w->fd >= 0;
    if (w->fd < 0)
        w->fd = open_temp(w->place, &w->temp);
    if (w->fd < 0)
        return failed(e, w->path, "write");
    if (kind == PLACE_FILE) { /* the owner first: changing it takes bits of the mode away */
        (void)!fchown(w->fd, st.st_uid, st.st_gid);
        (void)!fchmod(w->fd, st.st_mode & 0777);
    }
    return 0;
}

int file_writer_open(struct file_writer *w, const char *path, struct err *e)
{
    int r;

    *w = (struct file_writer){.fd = -1};
    w->path = strdup(path);
    w->place = follow_links(path);
    w->buffer = malloc(BUFFER_SIZE);
    r = w->path && w->place && w->buffer ? open_place(w, e) : err_memory(e, "a file buffer", BUFFER_SIZE);
    if (r) {
        w->fd = -1;
        file_writer_abort(w);
    }
    return r;
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
    char *name = directory_of(path);
    int fd = name ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        (void)!fsync(fd);
        close(fd);
    }
    free(name);
}

int file_writer_commit(struct file_writer *w, struct err *e)
{
    int r = write_all(w, w->buffer, w->used, e);

    if (r == 0 && (w->temp || w->unnamed) && fsync(w->fd) != 0)
        r = failed(e, w->path, "write to disk");
    if (r == 0 && w->unnamed)
        r = name_it(w, e);
    /* Renamed while it is locked: closed, it would seem abandoned. */
    if (r == 0 && w->temp && rename(w->temp, w->place) != 0)
        r = failed(e, w->path, "replace");
    if (r == 0 && w->temp) {
        free(w->temp);
        w->temp = NULL;
        sync_directory(w->place);
    }
    if (close(w->fd) != 0 && r == 0)
        r = failed(e, w->path, "write");
    w->fd = -1;
    file_writer_abort(w);
    return r;
}

void file_writer_abort(struct file_writer *w)
{
    if (w->temp)
        unlink(w->temp);
    if (w->fd >= 0)
        close(w->fd);
    free(w->temp);
    free(w->place);
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

/* ---- before the work begins ----------------------------------------------------------------- */

static int is_input(const struct file_target *t, const struct stat *st)
{
    struct stat input;

    for (int i = 0; t->inputs && t->inputs[i]; i++)
        if (stat(t->inputs[i], &input) == 0 && input.st_dev == st->st_dev && input.st_ino == st->st_ino)
            return 1;
    return 0;
}

int file_target_check(const struct file_target *t, struct err *e)
{
    enum place_kind kind;
    struct file_writer try;
    struct stat st;
    int r = look_at(t->path, &kind, &st, e);

    if (r || kind == PLACE_STREAM)
        return r;
    if (kind == PLACE_FILE && !t->force && st.st_size > 0) {
        if (is_input(t, &st))
            return err_set(e, ERR_USAGE, "%s: is also an input of this command; %s", t->path, t->remedy);
        if (!t->is_kind)
            return err_set(e, ERR_USAGE, "%s: file exists; %s", t->path, t->remedy);
        if (!t->is_kind(t->path))
            return err_set(e, ERR_USAGE, "%s: file exists and is not %s; %s", t->path, t->kind, t->remedy);
    }
    r = file_writer_open(&try, t->path, e);
    if (r == 0)
        file_writer_abort(&try);
    return r;
}

static int same_inode(const char *a, const char *b, mode_t kind)
{
    struct stat of_a, of_b;

    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && (of_a.st_mode & S_IFMT) == kind && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

int file_same_place(const char *a, const char *b)
{
    char *at = follow_links(a), *bt = follow_links(b), *in_a = at ? directory_of(at) : NULL, *in_b = bt ? directory_of(bt) : NULL;
    int same = same_inode(a, b, S_IFREG);

    if (in_a && in_b && access(at, F_OK) != 0 && access(bt, F_OK) != 0)
        same = strcmp(base_of(at), base_of(bt)) == 0 && same_inode(in_a, in_b, S_IFDIR);
    free(in_a);
    free(in_b);
    free(at);
    free(bt);
    return same;
}
