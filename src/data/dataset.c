/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "data/container.h"
#include "data/libriphone.h"
#include "data/names.h"
#include "data/safetensors.h"
#include "data/timit.h"

/* The data beside the program where it was built, one folder up for programs of the tests; else where `make install`
 * put it, counted from the program, so that an installed tree may be moved. */
static const char *const places[] = {"datasets", "../datasets", SADDLE_DATA_FROM_PROGRAM};
enum { PLACES = sizeof places / sizeof *places };

/* The folder of the program that runs, or NULL. The caller frees it. */
static char *program_folder(void)
{
    char *self = realpath("/proc/self/exe", NULL), *slash = self ? strrchr(self, '/') : NULL;

    if (slash)
        *slash = '\0';
    return self;
}

static int holds_sample(const char *folder)
{
    char *sample = text_format("%s/phones.safetensors", folder);
    int held = sample && access(sample, F_OK) == 0;

    free(sample);
    return held;
}

/* `place` seen from the folder `program`, or NULL where the sample is not there. */
static char *sample_folder(const char *program, const char *place)
{
    char *relative = text_format("%s/%s", program, place), *folder = relative ? realpath(relative, NULL) : NULL;

    free(relative);
    if (folder && !holds_sample(folder)) {
        free(folder);
        return NULL;
    }
    return folder;
}

char *dataset_home(void)
{
    const char *named = getenv("SADDLE_DATA");
    char *program, *home = NULL;

    if (named && *named)
        return strdup(named);
    program = program_folder();
    for (int i = 0; program && !home && i < PLACES; i++)
        home = sample_folder(program, places[i]);
    if (!home) /* for the error that names it */
        home = text_format("%s/%s", program ? program : ".", SADDLE_DATA_FROM_PROGRAM);
    free(program);
    return home;
}

void dataset_free(struct dataset *d)
{
    free(d->name);
    free(d->path);
    name_list_free(&d->classes);
    name_list_free(&d->speakers);
    name_list_free(&d->sources);
    name_list_free(&d->ids);
    safetensors_close(d->file);
    free(d->owned);
    *d = (struct dataset){0};
}

int dataset_check(const struct dataset *d, struct err *e)
{
    return d->file ? safetensors_check(d->file, e) : 0;
}

int dataset_write(const struct dataset *d, const char *path, struct err *e)
{
    return container_write(d, path, NULL, e);
}

/* The user named it otherwise than by the file it was read from. */
static int rename_path(struct dataset *d, const char *path, struct err *e)
{
    char *copy = strdup(path);

    if (!copy)
        return err_memory(e, path, strlen(path));
    free(d->path);
    d->path = copy;
    return 0;
}

static int open_sample(struct dataset *d, struct err *e)
{
    char *home = dataset_home(), *path = home ? text_format("%s/phones.safetensors", home) : NULL;
    int r = path ? container_open(d, path, NULL, e) : err_memory(e, "a path", PATH_MAX);

    free(path);
    free(home);
    return r ? r : rename_path(d, "sample", e);
}

/* Add a sentence to a malloced note, which may be NULL. Without memory the note is lost, no more. */
static char *add_note(char *note, const char *sentence)
{
    char *both = note ? text_format("%s; %s", note, sentence) : strdup(sentence);

    free(note);
    return both;
}

static int write_cache(const struct dataset *d, const char *cache, const char *signature, struct err *e)
{
    char *folder = strndup(cache, (size_t)(strrchr(cache, '/') - cache));
    int r = folder ? file_make_directories(folder, e) : err_memory(e, cache, 1);

    free(folder);
    return r ? r : container_write(d, cache, signature, e);
}

/* Write d to the cache and go on with the mapped copy; on any trouble d stays in memory. */
static char *move_to_cache(struct dataset *d, const char *cache, const char *signature, char *note)
{
    struct dataset mapped;
    struct err e;
    char *sentence;

    if (!cache)
        return add_note(note, "neither XDG_CACHE_HOME nor HOME is set, so it is read anew each time");
    if (write_cache(d, cache, signature, &e) == 0 && container_open(&mapped, cache, signature, &e) == 0) {
        if (rename_path(&mapped, d->path, &e) == 0) {
            dataset_free(d);
            *d = mapped;
            return note;
        }
        dataset_free(&mapped);
    }
    sentence = text_format("it is read anew each time: %s", e.text);
    if (sentence)
        note = add_note(note, sentence);
    free(sentence);
    return note;
}

static int open_folder(struct dataset *d, const struct libriphone *l, dataset_progress *progress,
                       void *context, char **note, struct err *e)
{
    char *name = text_format("libriphone-%s.safetensors", l->key),
         *cache = name ? file_xdg("cache", name) : NULL;
    int r;

    *note = libriphone_note(l);
    if (cache && container_open(d, cache, l->signature, NULL) == 0) {
        r = rename_path(d, l->dir, e);
    } else {
        if (cache)
            dataset_free(d);
        r = libriphone_read(d, l, progress, context, e);
        if (r == 0)
            *note = move_to_cache(d, cache, l->signature, *note);
    }
    free(cache);
    free(name);
    return r;
}

static int open_libriphone(struct dataset *d, const char *dir, dataset_progress *progress, void *context,
                           char **note, struct err *e)
{
    struct libriphone l;
    char *told = NULL;
    int r = libriphone_scan(&l, dir, e);

    if (r == 0)
        r = open_folder(d, &l, progress, context, &told, e);
    libriphone_free(&l);
    if (note && r == 0)
        *note = told;
    else
        free(told);
    return r;
}

static int open_timit(struct dataset *d, const char *dir, dataset_progress *progress, void *context, char **note,
                      struct err *e)
{
    int r = timit_read(d, dir, TIMIT_TRAIN, progress, context, e);

    if (note && r == 0 && timit_has(dir, TIMIT_TEST))
        *note = text_format("%s has no labels for test_11.npy; it is left out", dir);
    return r;
}

/* A folder with a list of test utterances, whose labels nobody knows. */
static int lacks_test_labels(const char *name)
{
    char *list = text_format("%s/test_split.txt", name), *labels = text_format("%s/test_labels.txt", name);
    int lacks = list && labels && access(list, F_OK) == 0 && access(labels, F_OK) != 0;

    free(list);
    free(labels);
    return lacks;
}

int dataset_open_test(struct dataset *d, const char *name, dataset_progress *progress, void *context, char **note,
                      struct err *e)
{
    struct libriphone l;
    int r;

    if (strcmp(name, "sample") == 0 || (!lacks_test_labels(name) && !timit_has(name, TIMIT_TEST)))
        return dataset_open(d, name, progress, context, note, e);
    if (note)
        *note = NULL;
    *d = (struct dataset){0};
    if (lacks_test_labels(name)) {
        r = libriphone_scan_test(&l, name, e);
        if (r == 0)
            r = libriphone_read(d, &l, progress, context, e);
        libriphone_free(&l);
    } else
        r = timit_read(d, name, TIMIT_TEST, progress, context, e);
    if (r)
        dataset_free(d);
    return r;
}

int dataset_open(struct dataset *d, const char *name, dataset_progress *progress, void *context, char **note,
                 struct err *e)
{
    struct stat st;
    int r;

    *d = (struct dataset){0};
    if (note)
        *note = NULL;
    if (strcmp(name, "sample") == 0)
        r = open_sample(d, e);
    else if (stat(name, &st) != 0)
        r = err_set(e, ERR_INPUT, "%s: %s; expected \"sample\", a .safetensors file, a libriphone or a timit_11 folder",
                    name, strerror(errno));
    else if (S_ISDIR(st.st_mode) && timit_has(name, TIMIT_TRAIN))
        r = open_timit(d, name, progress, context, note, e);
    else if (S_ISDIR(st.st_mode))
        r = open_libriphone(d, name, progress, context, note, e);
    else
        r = container_open(d, name, NULL, e);
    if (r)
        dataset_free(d);
    return r;
}
