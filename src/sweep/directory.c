/* SPDX-License-Identifier: MIT */
#include "sweep/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "run/ini-text.h"

static char *join(const char *folder, const char *name)
{
    return text_format("%s/%s", folder, name);
}

static int failed(struct err *e, const char *path, const char *what)
{
    return err_set(e, ERR_RUNTIME, "%s: cannot %s: %s", path, what, strerror(errno));
}

static void name_plan(const char *text, size_t size, char id[SHA256_TEXT])
{
    unsigned char digest[SHA256_SIZE];
    struct sha256 s;

    sha256_begin(&s);
    sha256_add(&s, text, size);
    sha256_end(&s, digest);
    sha256_hex(digest, id);
}

/* ---- its plan ------------------------------------------------------------------------------- */

int sweep_directory_is_one(const char *path)
{
    char *plan = join(path, "plan.ini");
    int is = plan && access(plan, F_OK) == 0;

    free(plan);
    return is;
}

int sweep_directory_plan(const char *path, struct sweep_plan *p, struct err *e)
{
    char *plan = join(path, "plan.ini");
    int r = plan ? sweep_plan_read(p, plan, e) : err_memory(e, "a path", strlen(path));

    if (r == 0 && sweep_plan_finish(p, e) != 0) {
        e->code = ERR_INPUT;
        r = err_in_file(e, plan);
    }
    free(plan);
    return r;
}

char *sweep_directory_default(const struct sweep_plan *p, struct err *e)
{
    char *text, *name, *path, id[SHA256_TEXT];

    if (sweep_plan_text(p, &text, e) != 0)
        return NULL;
    name_plan(text, strlen(text), id);
    free(text);
    name = text_format("sweeps/%.16s", id);
    path = name ? file_xdg("state", name) : NULL;
    free(name);
    if (!path)
        err_set(e, ERR_USAGE, "there is no place for the sweep's directory: name one with -o DIR");
    return path;
}

/* Number of the plan's differences is not told: that they differ is. */
static int compare_plans(const struct sweep_directory *d, const char *text, struct err *e)
{
    struct sweep_plan other;
    char *there = NULL;
    int r = sweep_plan_init(&other, e);

    if (r)
        return r;
    r = sweep_directory_plan(d->path, &other, e);
    if (r == 0)
        r = sweep_plan_text(&other, &there, e);
    if (r == 0 && strcmp(there, text) != 0)
        r = err_set(e, ERR_USAGE, "%s: holds the sweep of another plan; choose another directory with -o", d->path);
    free(there);
    sweep_plan_free(&other);
    return r;
}

/* The name of the plan as it stands in the directory. */
static int read_id(struct sweep_directory *d, struct err *e)
{
    char *plan = join(d->path, "plan.ini"), *text = NULL;
    size_t size;
    int r = plan ? file_read(plan, INI_MOST_BYTES, &text, &size, e) : err_memory(e, "a path", strlen(d->path));

    if (r == 0)
        name_plan(text, size, d->id);
    free(text);
    free(plan);
    return r;
}

/* ---- locks ---------------------------------------------------------------------------------- */

/* 1, 0 while another has it, or −1 with errno. A file system without locks gives every claim. */
static int lock(int fd, int64_t byte, int wait)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int r;

    do
        r = fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &l);
    while (r != 0 && errno == EINTR);
    if (r == 0 || errno == ENOLCK || errno == ENOSYS || errno == EINVAL || errno == EOPNOTSUPP)
        return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

static void unlock(int fd, int64_t byte)
{
    struct flock l = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

    (void)!fcntl(fd, F_OFD_SETLK, &l);
}

int sweep_directory_reopen(struct sweep_directory *d, struct err *e)
{
    char *claims = join(d->path, "claims");

    if (!claims)
        return err_memory(e, "a path", strlen(d->path));
    if (d->claims >= 0)
        close(d->claims);
    d->claims = open(claims, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (d->claims < 0)
        failed(e, claims, "open");
    free(claims);
    return d->claims < 0 ? -ERR_RUNTIME : 0;
}

int sweep_directory_claim(struct sweep_directory *d, int job, struct err *e)
{
    int r = lock(d->claims, 1 + (int64_t)job, 0);

    return r < 0 ? failed(e, d->path, "lock a job") : r;
}

void sweep_directory_release(struct sweep_directory *d, int job)
{
    unlock(d->claims, 1 + (int64_t)job);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Whether it is there and holds something but no plan. The claims come before the plan, when it is made. */
static int is_of_others(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    int others = 0;

    while (folder && (entry = readdir(folder)))
        others |= strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
                  strcmp(entry->d_name, "claims") != 0 && strncmp(entry->d_name, "plan.ini", 8) != 0;
    if (folder)
        closedir(folder);
    return others && !sweep_directory_is_one(path);
}

/* Under the lock of the plan: of several processes that begin at once, one writes it. */
static int settle_plan(struct sweep_directory *d, const char *text, struct err *e)
{
    char *plan = join(d->path, "plan.ini");
    int r;

    if (!plan)
        return err_memory(e, "a path", strlen(d->path));
    if (lock(d->claims, 0, 1) < 0)
        r = failed(e, d->path, "lock the plan");
    else if (access(plan, F_OK) == 0)
        r = compare_plans(d, text, e);
    else
        r = file_replace(plan, text, strlen(text), e);
    unlock(d->claims, 0);
    free(plan);
    return r;
}

int sweep_directory_look(struct sweep_directory *d, const char *path, struct err *e)
{
    *d = (struct sweep_directory){.claims = -1, .path = strdup(path)};
    if (!d->path)
        return err_memory(e, "a path", strlen(path));
    if (!sweep_directory_is_one(path))
        return err_set(e, ERR_INPUT, "%s: not a sweep's directory: it has no plan.ini", path);
    return read_id(d, e);
}

int sweep_directory_open(struct sweep_directory *d, const char *path, const struct sweep_plan *p, struct err *e)
{
    char *text = NULL;
    int r;

    *d = (struct sweep_directory){.claims = -1, .path = strdup(path)};
    if (!d->path)
        return err_memory(e, "a path", strlen(path));
    r = sweep_plan_text(p, &text, e);
    if (r == 0 && is_of_others(path))
        r = err_set(e, ERR_USAGE, "%s: holds files that are no sweep's; choose another directory with -o", path);
    if (r == 0 && sweep_directory_is_one(path))
        r = compare_plans(d, text, e); /* before anything is made */
    if (r == 0)
        r = file_make_directories(path, e);
    if (r == 0)
        r = sweep_directory_reopen(d, e);
    if (r == 0)
        r = settle_plan(d, text, e);
    if (r == 0)
        r = read_id(d, e);
    free(text);
    if (r)
        sweep_directory_close(d);
    return r;
}

void sweep_directory_close(struct sweep_directory *d)
{
    if (d->claims >= 0)
        close(d->claims);
    free(d->path);
    *d = (struct sweep_directory){.claims = -1};
}

/* ---- results -------------------------------------------------------------------------------- */

static char *result_path(const struct sweep_directory *d, int job)
{
    return text_format("%s/job-%04d.json", d->path, job);
}

char *sweep_directory_state(const struct sweep_directory *d, int job)
{
    return text_format("%s/job-%04d.safetensors", d->path, job);
}

static void remove_state(const struct sweep_directory *d, int job)
{
    char *path = sweep_directory_state(d, job);

    if (path)
        unlink(path);
    free(path);
}

int sweep_directory_result(const struct sweep_directory *d, int job, struct sweep_result *r, struct err *e)
{
    char *path = result_path(d, job);
    int result;

    if (!path)
        return err_memory(e, "a path", strlen(d->path));
    result = access(path, F_OK) != 0 && errno == ENOENT ? 0 : sweep_result_read(path, d->id, job, r, e) == 0 ? 1 : -e->code;
    free(path);
    return result;
}

/* Under the job's claim. */
static int remove_result(const struct sweep_directory *d, int job, struct err *e)
{
    char *path = result_path(d, job);
    int r = !path ? err_memory(e, "a path", strlen(d->path)) : unlink(path) != 0 ? failed(e, path, "remove") : 0;

    free(path);
    return r;
}

int sweep_directory_tidy(struct sweep_directory *d, int jobs, void (*complain)(void *context, const char *sentence),
                         void *context, struct err *e)
{
    int r = 0;

    for (int i = 0; r == 0 && i < jobs; i++) {
        struct sweep_result result;
        struct err why;
        int found = sweep_directory_result(d, i, &result, &why), claimed;
        if (found > 0 && result.status != SWEEP_FAILED)
            remove_state(d, i); /* of a process that was killed between the two */
        if (found == 0 || (found > 0 && result.status != SWEEP_FAILED))
            continue;
        claimed = sweep_directory_claim(d, i, e);
        if (claimed <= 0) {
            r = claimed;
            continue;
        }
        found = sweep_directory_result(d, i, &result, &why); /* what was there before may have been replaced */
        if (found < 0)
            complain(context, why.text);
        if (found < 0 || (found > 0 && result.status == SWEEP_FAILED))
            r = remove_result(d, i, e);
        sweep_directory_release(d, i);
    }
    return r;
}

int sweep_directory_keep(const struct sweep_directory *d, const struct sweep_plan *p, const struct sweep_job *j,
                         const struct sweep_result *r, struct err *e)
{
    char *path = result_path(d, j->index);
    int result = path ? sweep_result_write(path, d->id, p, j, r, e) : err_memory(e, "a path", strlen(d->path));

    free(path);
    if (result == 0)
        remove_state(d, j->index);
    return result;
}
