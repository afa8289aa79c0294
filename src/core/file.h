/* SPDX-License-Identifier: MIT */
/* Files: nothing user-made is lost. A file is written beside its name, synced, and renamed over it; on any failure
 * the old file stays whole. A symbolic link is followed, and a replaced file keeps its mode and owner. Devices, FIFOs
 * and what the standard output goes to are written to as they are; directories, disks and sockets are refused.
 *
 * A write that is killed leaves nothing where the file system has files without a name; else it leaves
 * "NAME.saddle-123abc.tmp" behind, and the next write of the same file removes it. */
#ifndef SADDLE_CORE_FILE_H
#define SADDLE_CORE_FILE_H

#include <stddef.h>

#include "core/err.h"

/* ---- writing (file-write.c) ----------------------------------------------------------------- */

struct file_writer {
    int fd;       /* -1 when nothing is open */
    char *path;   /* as the user named it */
    char *place;  /* what is replaced, behind symbolic links */
    char *temp;   /* where it is written until then, in the same directory; NULL: straight to a device, or without a name */
    int unnamed;  /* it gets that name when it is whole: nothing is left of a write that is killed before */
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

/* For tests: write as where a file system has no files without a name (on = 1). */
void file_writer_use_names(int on);

/* Remove what killed writes have left in a folder of saddle's own, whatever the file was. */
void file_remove_abandoned(const char *folder);

/* Replace `path` by these bytes. */
int file_replace(const char *path, const void *bytes, size_t size, struct err *e);

/* A file about to be written, and the files that must not be lost by it. */
struct file_target {
    const char *path;
    const char *kind;                  /* in words: "a checkpoint" */
    int (*is_kind)(const char *path);  /* whether the file there is of this kind; NULL: none is */
    const char *const *inputs;         /* files that are read meanwhile, ended by NULL; NULL: none */
    const char *remedy;                /* how the user insists: "use --force to replace it" */
    int force;                         /* the user insists */
};

/* Whether a command may write there, before it begins its work: the place is tried, and a file that is read
 * meanwhile or holds something else is not replaced unless forced. Empty files hold nothing. Errors: ERR_USAGE where
 * the user may insist, ERR_RUNTIME where nothing can be written. */
int file_target_check(const struct file_target *t, struct err *e);

/* Whether both names lead to one regular file, or would once it is written. */
int file_same_place(const char *a, const char *b);

/* ---- reading -------------------------------------------------------------------------------- */

/* Read a whole regular file of at most `limit` bytes into *bytes (caller frees; one NUL byte
 * follows the content, not counted). Errors: ERR_INPUT, naming the path. */
int file_read(const char *path, size_t limit, char **bytes, size_t *size, struct err *e);

/* mkdir -p. */
int file_make_directories(const char *path, struct err *e);

/* A file's name as one types it where no shell reads it: "~/" at its beginning stands for $HOME. Errors: ERR_INPUT
 * when it is longer than `size` allows. */
int file_typed(char *out, size_t size, const char *name, struct err *e);

/* A path under $XDG_CACHE_HOME, $XDG_CONFIG_HOME, $XDG_DATA_HOME or $XDG_STATE_HOME (or their defaults below
 * $HOME) in saddle's own folder: which = "cache", "config", "data" or "state". Returns malloced text,
 * or NULL when neither the variable nor $HOME is set. */
char *file_xdg(const char *which, const char *name);

#endif
