/* SPDX-License-Identifier: MIT */
#include "app/session.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/text.h"

/* ---- curves --------------------------------------------------------------------------------- */

struct kept_ghost {
    int kind, run;
    double from;
    char name[GHOST_NAME];
    struct history history;
};

static void add(struct session_extra *x, const char *kind, int number, const void *bytes, size_t size)
{
    struct session_extra_item *item = &x->item[x->count];

    if (x->count == SESSION_EXTRAS || !(item->bytes = malloc(size)))
        return;
    memcpy(item->bytes, bytes, size);
    item->size = size;
    snprintf(item->name, sizeof item->name, "%s.%d", kind, number);
    x->count++;
}

static struct session_extra *extra_of(const struct run_curves *c)
{
    struct session_extra *x = calloc(1, sizeof *x);
    struct kept_ghost *g = malloc(sizeof *g);

    for (int i = 0; x && i < TRAINER_RUNS; i++)
        if (c->of[i])
            add(x, "curves", i, c->of[i], sizeof *c->of[i]);
    for (int i = 0; x && g && i < c->ghosts; i++) {
        memset(g, 0, sizeof *g);
        g->kind = c->ghost[i].kind;
        g->run = c->ghost[i].run;
        g->from = c->ghost[i].from;
        memcpy(g->name, c->ghost[i].name, sizeof g->name);
        g->history = *c->ghost[i].history;
        add(x, "ghost", i, g, sizeof *g);
    }
    free(g);
    return x;
}

/* A copy of what the file has, if it is of this size. */
static void *copy_of(const struct session_state *s, const char *kind, int number, size_t size)
{
    char name[SESSION_EXTRA_NAME];
    const void *bytes;
    size_t has;
    void *copy;

    snprintf(name, sizeof name, "%s.%d", kind, number);
    bytes = session_state_extra(s, name, &has);
    copy = bytes && has == size ? malloc(size) : NULL;
    if (copy)
        memcpy(copy, bytes, size);
    return copy;
}

static void take_ghost(struct run_curves *c, const struct kept_ghost *g)
{
    struct ghost *to = &c->ghost[c->ghosts];

    if (c->ghosts == GHOSTS_MOST || g->run < 0 || g->run >= TRAINER_RUNS || g->kind < 0 || g->kind > GHOST_RECORDED ||
        !isfinite(g->from) || !history_is_valid(&g->history))
        return;
    *to = (struct ghost){
        .kind = (enum ghost_kind)g->kind, .run = g->run, .from = g->from, .history = history_copy(&g->history)};
    snprintf(to->name, sizeof to->name, "%.*s", (int)sizeof g->name - 1, g->name);
    text_make_printable(to->name);
    c->ghosts += to->history != NULL;
}

void app_take_curves(struct app *a, const struct session_state *s)
{
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct history *h = copy_of(s, "curves", i, sizeof *h);
        if (h && (s->there >> i & 1) && history_is_valid(h)) {
            history_free(a->curves.of[i]);
            a->curves.of[i] = h;
        } else {
            free(h);
        }
    }
    for (int i = 0; i < GHOSTS_MOST; i++) {
        struct kept_ghost *g = copy_of(s, "ghost", i, sizeof *g);
        if (g)
            take_ghost(&a->curves, g);
        free(g);
    }
    a->history = run_curves_of(&a->curves, s->focus);
    a->model.history = a->history;
}

static const double LAST_SECONDS = 5; /* that the end waits for room among the commands */

/* ---- when ----------------------------------------------------------------------------------- */

/* What changes whenever there is something new to be kept. */
static uint64_t stamp_of(const struct app *a)
{
    const struct snapshots *all = a->model.runs;
    uint64_t stamp = all->there + 16u * (unsigned)all->focus + a->model.snapshot->log_count * 64;

    for (int i = 0; i < TRAINER_RUNS; i++)
        if (all->there >> i & 1)
            stamp = stamp * 1000003 + all->run[i].step;
    return stamp;
}

/* 0: the trainer has too many commands waiting. */
static int keep(struct app *a)
{
    struct command c = {.kind = COMMAND_KEEP};
    uint64_t stamp = stamp_of(a);

    if (!a->options.session || !a->model.snapshot->version || stamp == a->kept_stamp)
        return 1;
    a->kept = clock_seconds();
    text_copy(c.text, sizeof c.text, a->options.session);
    c.extra = extra_of(&a->curves);
    if (!trainer_send(a->trainer, &c)) {
        session_extra_free(c.extra);
        return 0;
    }
    a->kept_stamp = stamp;
    return 1;
}

void app_keep(struct app *a)
{
    struct pollfd p = {.fd = trainer_event_fd(a->trainer), .events = POLLIN};
    double until = clock_seconds() + LAST_SECONDS;
    uint64_t rung;

    while (!keep(a) && clock_seconds() < until)
        if (poll(&p, 1, 100) > 0)
            (void)!read(p.fd, &rung, sizeof rung);
}

double app_keep_patience(const struct app *a)
{
    if (!a->options.session || !(a->options.autosave > 0) || stamp_of(a) == a->kept_stamp)
        return INFINITY;
    return fmax(0, a->kept + a->options.autosave - clock_seconds());
}

void app_keep_tick(struct app *a)
{
    if (app_keep_patience(a) == 0)
        keep(a);
}

/* ---- files ---------------------------------------------------------------------------------- */

static const char ENDING[] = ".session";

static char *folder_of(void)
{
    return file_xdg("state", "sessions");
}

char *session_new_path(void)
{
    char *folder = folder_of(), *path = NULL, when[32];
    time_t now = time(NULL);
    struct tm local;
    struct err e;

    if (folder && file_make_directories(folder, &e) == 0 && localtime_r(&now, &local) &&
        strftime(when, sizeof when, "%Y%m%d-%H%M%S", &local) > 0)
        path = text_format("%s/%s-%d%s", folder, when, (int)getpid(), ENDING);
    free(folder);
    return path;
}

struct found {
    char *path;
    struct timespec when;
};

static int is_newer(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* The newest session; and how many there are. With `oldest` the oldest one. */
static int look(struct found *found, int oldest)
{
    char *folder = folder_of();
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;
    int count = 0;

    *found = (struct found){0};
    while (d && (entry = readdir(d))) {
        size_t n = strlen(entry->d_name), end = sizeof ENDING - 1;
        struct stat s;
        if (n <= end || strcmp(entry->d_name + n - end, ENDING) != 0 ||
            fstatat(dirfd(d), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode))
            continue;
        count++;
        if (found->path && is_newer(&found->when, &s.st_mtim) != oldest)
            continue;
        free(found->path);
        found->path = text_format("%s/%s", folder, entry->d_name);
        found->when = s.st_mtim;
    }
    if (d)
        closedir(d);
    free(folder);
    return count;
}

char *session_newest(void)
{
    struct found found;

    look(&found, 0);
    return found.path;
}

void session_prune(int most)
{
    char *folder = folder_of();
    struct found found;

    if (folder)
        file_remove_abandoned(folder);
    free(folder);
    while (look(&found, 1) > most && found.path && unlink(found.path) == 0) {
        free(found.path);
        found.path = NULL;
    }
    free(found.path);
}
