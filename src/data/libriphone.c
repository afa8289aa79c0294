/* SPDX-License-Identifier: MIT */
/* Looking at a folder: what is used, what is not, and how it would be known again. */
#include "data/libriphone.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/text.h"
#include "data/hash.h"

static int stat_path(struct stat *st, const char *dir, const char *name)
{
    char *path = text_format("%s/%s", dir, name);
    int r = path ? stat(path, st) : -1;

    free(path);
    return r;
}

static uint64_t hash_stat(uint64_t h, const struct stat *st)
{
    const int64_t facts[] = {st->st_size, st->st_mtim.tv_sec, st->st_mtim.tv_nsec};

    return hash_bytes(h, facts, sizeof facts);
}

static uint64_t hash_lists(uint64_t h, const char *dir)
{
    static const char *const names[] = {"train_split.txt", "test_split.txt", "train_labels.txt",
                                        "test_labels.txt"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stat st;
        if (stat_path(&st, dir, names[i]) == 0)
            h = hash_stat(hash_bytes(h, names[i], strlen(names[i])), &st);
    }
    return h;
}

/* Every utterance of the list must have its file. */
static int hash_features(uint64_t *h, const struct libriphone *l, const struct list *list, const char *part,
                         struct err *e)
{
    for (int64_t i = 0; i < list->count; i++) {
        const struct listed *u = &list->items[i];
        char name[160];
        struct stat st;
        snprintf(name, sizeof name, "feat/%s/%s.pt", part, u->id);
        if (stat_path(&st, l->dir, name) != 0)
            return err_set(e, ERR_INPUT, "%s/%s: %s, but %s:%lld names it", l->dir, name,
                           errno == ENOENT ? "no such file" : strerror(errno), list->path,
                           (long long)u->line);
        *h = hash_stat(hash_bytes(*h, u->id, strlen(u->id)), &st);
    }
    return 0;
}

/* Count the .pt files of feat/PART that the list does not name. */
static int64_t count_unnamed(const char *dir, const char *part, const struct list *list, int64_t *files)
{
    char *path = text_format("%s/feat/%s", dir, part);
    DIR *folder = path ? opendir(path) : NULL;
    struct dirent *entry;
    int64_t unnamed = 0;

    while (folder && (entry = readdir(folder))) {
        char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".pt") != 0)
            continue;
        *dot = 0;
        *files += 1;
        unnamed += !list_find(list, entry->d_name);
    }
    if (folder)
        closedir(folder);
    free(path);
    return unnamed;
}

static int sign(struct libriphone *l, struct err *e)
{
    static const char layout[] = "libriphone 1"; /* to change with what libriphone_read makes of the files */
    char *real = realpath(l->dir, NULL);
    int64_t files = 0;
    uint64_t h;
    int r;

    if (!real)
        return err_set(e, ERR_INPUT, "%s: cannot read: %s", l->dir, strerror(errno));
    h = hash_bytes(HASH_START, real, strlen(real));
    free(real);
    snprintf(l->key, sizeof l->key, "%016llx", (unsigned long long)h);
    h = hash_lists(hash_bytes(h, layout, sizeof layout), l->dir);
    r = hash_features(&h, l, &l->train, "train", e);
    if (r == 0 && l->unlabelled == 0)
        r = hash_features(&h, l, &l->test, "test", e);
    l->unnamed =
        count_unnamed(l->dir, "train", &l->train, &files) + count_unnamed(l->dir, "test", &l->test, &files);
    h = hash_bytes(h, &files, sizeof files);
    snprintf(l->signature, sizeof l->signature, "%016llx", (unsigned long long)h);
    return r;
}

static int check_overlap(const struct libriphone *l, struct err *e)
{
    for (int64_t i = 0; i < l->test.count; i++) {
        const struct listed *u = &l->test.items[i], *twin = list_find(&l->train, u->id);
        if (twin)
            return err_set(e, ERR_INPUT, "%s:%lld: utterance %s is already used for training (%s:%lld)",
                           l->test.path, (long long)u->line, u->id, l->train.path, (long long)twin->line);
    }
    return 0;
}

static int read_list(struct list *list, const char *dir, const char *name, struct err *e)
{
    char *path = text_format("%s/%s", dir, name);
    int r = path ? list_read_ids(list, path, e) : err_memory(e, name, 1);

    free(path);
    return r;
}

/* A folder to evaluate on: what there is to train on stayed elsewhere. */
static int is_test_only(const char *dir)
{
    struct stat st;

    return stat_path(&st, dir, "train_split.txt") != 0 && stat_path(&st, dir, "train_labels.txt") != 0 &&
           stat_path(&st, dir, "test_split.txt") == 0 && stat_path(&st, dir, "test_labels.txt") == 0;
}

static int begin_scan(struct libriphone *l, const char *dir, struct err *e)
{
    *l = (struct libriphone){.dir = strdup(dir)};
    if (!l->dir)
        return err_memory(e, dir, strlen(dir));
    for (size_t n = strlen(dir); n > 1 && l->dir[n - 1] == '/'; n--)
        l->dir[n - 1] = 0;
    return 0;
}

int libriphone_scan_test(struct libriphone *l, const char *dir, struct err *e)
{
    int r = begin_scan(l, dir, e);

    l->labels_unknown = 1;
    return r ? r : read_list(&l->test, l->dir, "test_split.txt", e);
}

int libriphone_scan(struct libriphone *l, const char *dir, struct err *e)
{
    struct stat st;
    int r = begin_scan(l, dir, e);

    if (r)
        return r;
    if (!is_test_only(l->dir))
        r = read_list(&l->train, l->dir, "train_split.txt", e);
    if (r == 0)
        r = read_list(&l->test, l->dir, "test_split.txt", e);
    if (r == 0)
        r = check_overlap(l, e);
    if (r)
        return r;
    if (stat_path(&st, l->dir, "test_labels.txt") != 0)
        l->unlabelled = l->test.count;
    r = sign(l, e);
    if (l->unlabelled)
        list_free(&l->test);
    return r;
}

char *libriphone_note(const struct libriphone *l)
{
    char *left = NULL, *extra = NULL, *note = NULL;

    if (l->unlabelled)
        left = text_format("%s has no test_labels.txt; test utterances left out for that: %lld", l->dir,
                           (long long)l->unlabelled);
    if (l->unnamed)
        extra = text_format(".pt files in %s/feat that no list names, left out: %lld", l->dir,
                            (long long)l->unnamed);
    if (left && extra)
        note = text_format("%s; %s", left, extra);
    else if (left || extra)
        note = strdup(left ? left : extra);
    free(left);
    free(extra);
    return note;
}

void libriphone_free(struct libriphone *l)
{
    free(l->dir);
    list_free(&l->train);
    list_free(&l->test);
    *l = (struct libriphone){0};
}
