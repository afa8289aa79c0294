/* Files: nothing user-made is lost. A file is written beside its name, synced,
 * and renamed over it; on any failure the old file stays whole. */
#ifndef SADDLE_CORE_FILE_H
#define SADDLE_CORE_FILE_H

#include <stddef.h>

#include "core/err.h"

struct file_writer {
    int fd;       /* -1 when nothing is open */
    char *path;   /* where the file will stand */
    char *temp;   /* where it is written until then, in the same directory */
    char *buffer; /* small writes are gathered here */
    size_t used;
};

/* Begin to replace `path`. Errors name the path and the system's reason. */
int file_writer_open(struct file_writer *w, const char *path, struct err *e);
int file_writer_write(struct file_writer *w, const void *bytes, size_t size, struct err *e);
/* Flush, fsync, rename, fsync the directory; the writer is closed either way. */
int file_writer_commit(struct file_writer *w, struct err *e);
/* Give up: the temporary file goes, the old file stays. Safe on a closed writer. */
void file_writer_abort(struct file_writer *w);

/* Replace `path` by these bytes. */
int file_replace(const char *path, const void *bytes, size_t size, struct err *e);

/* Read a whole regular file of at most `limit` bytes into *bytes (caller frees; one NUL byte
 * follows the content, not counted). Errors: ERR_INPUT, naming the path. */
int file_read(const char *path, size_t limit, char **bytes, size_t *size, struct err *e);

/* mkdir -p. */
int file_make_directories(const char *path, struct err *e);

/* A file's name as one types it where no shell reads it: "~/" at its beginning stands for $HOME. Errors: ERR_INPUT
 * when it is longer than `size` allows. */
int file_typed(char *out, size_t size, const char *name, struct err *e);

/* A path under $XDG_CACHE_HOME, $XDG_CONFIG_HOME or $XDG_STATE_HOME (or their defaults below
 * $HOME) in saddle's own folder: which = "cache", "config" or "state". Returns malloced text,
 * or NULL when neither the variable nor $HOME is set. */
char *file_xdg(const char *which, const char *name);

#endif
