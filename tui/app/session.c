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

#include "app/actions.h"
#include "app/curves-kept.h"
#include "app/overlay.h"
#include "app/view.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/text.h"

/* ---- curves --------------------------------------------------------------------------------- */

/* Takes `bytes` over; NULL: there was no memory for them. */
static void add(struct session_extra *x, const char *kind, int number, void *bytes, size_t size)
{
    struct session_extra_item *item = &x->item[x->count];

    if (!bytes || x->count == SESSION_EXTRAS) {
        free(bytes);
        return;
    }
    item->bytes = bytes;
    item->size = size;
    snprintf(item->name, sizeof item->name, "%s.%d", kind, number);
    x->count++;
}

static struct session_extra *extra_of(const struct model *m)
{
    const struct run_curves *c = m->curves;
    struct session_extra *x = calloc(1, sizeof *x);
    size_t size = 0;

    for (int i = 0; x && i < TRAINER_RUNS; i++)
        if (c->of[i]) {
            void *bytes = curves_pack(c->of[i], &size);
            add(x, "curves", i, bytes, size);
        }
    for (int i = 0; x && i < c->ghosts; i++) {
        void *bytes = ghost_pack(&c->ghost[i], &size);
        add(x, "ghost", i, bytes, size);
    }
    for (int v = 0; x && views[v]; v++)
        if (views[v]->keep) {
            void *bytes = views[v]->keep(m, &size);
            add(x, views[v]->name, 0, bytes, size);
        }
    return x;
}

static const void *extra(const struct session_state *s, const char *kind, int number, size_t *size)
{
    char name[SESSION_EXTRA_NAME];

    snprintf(name, sizeof name, "%s.%d", kind, number);
    return session_state_extra(s, name, size);
}

/* Returns the ghosts that could not be taken. */
static int take_ghosts(struct run_curves *c, const struct session_state *s, const struct session_settings *known)
{
    int lost = 0;

    for (int i = 0; i < GHOSTS_MOST && c->ghosts < GHOSTS_MOST; i++) {
        size_t size = 0;
        const void *bytes = extra(s, "ghost", i, &size);
        int taken = bytes && ghost_unpack(&c->ghost[c->ghosts], bytes, size, known) == 0;
        c->ghosts += taken;
        lost += bytes && !taken;
    }
    return lost;
}

/* … and runs whose curves could not be, by their letters. */
static void take_runs(struct run_curves *c, const struct session_state *s, const struct session_settings *known,
                      char lost[TRAINER_RUNS + 1])
{
    int n = 0;

    for (int i = 0; i < TRAINER_RUNS; i++) {
        size_t size = 0;
        const void *bytes = s->there >> i & 1 ? extra(s, "curves", i, &size) : NULL;
        struct history *h = bytes ? curves_unpack(bytes, size, known) : NULL;
        if (h) {
            history_free(c->of[i]);
            c->of[i] = h;
        } else if (bytes) {
            lost[n++] = run_letter(i);
        }
    }
    lost[n] = '\0';
}

void app_take_curves(struct app *a, const struct session_state *s)
{
    char runs[TRAINER_RUNS + 1];
    struct session_settings known;
    int ghosts;

    session_state_settings(s, s->focus, &known);
    take_runs(&a->curves, s, &known, runs);
    ghosts = take_ghosts(&a->curves, s, &known);
    if (*runs)
        app_say(a, 1, "The curves of run%s %s were not restored: another version of saddle kept them.", runs[1] ? "s" : "", runs);
    else if (ghosts)
        app_say(a, 1, "The curves of earlier runs were not restored: another version of saddle kept them.");
    a->history = run_curves_of(&a->curves, s->focus);
    a->model.history = a->history;
}

void app_resume_views(struct app *a, const struct session_state *s)
{
    for (int v = 0; views[v]; v++) {
        size_t size = 0;
        const void *bytes = views[v]->resume ? extra(s, views[v]->name, 0, &size) : NULL;
        if (bytes)
            views[v]->resume(a, bytes, size);
    }
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
    for (int v = 0; views[v]; v++)
        if (views[v]->changes)
            stamp = stamp * 1000003 + views[v]->changes(&a->model);
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
    c.extra = extra_of(&a->model);
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
