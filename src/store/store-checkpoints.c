/* SPDX-License-Identifier: MIT */
/* Which of the checkpoints that nobody named are kept, and the end of the others. */
#include "store/store-private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int store_process_lives(int64_t pid)
{
    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

static int is_in(const char *path, const char *folder)
{
    size_t n = folder ? strlen(folder) : 0;

    return n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/' && !strchr(path + n + 1, '/');
}

/* 1: the file is gone, or was. */
static int remove_file(const char *path, const char *folder, struct store_collected *c)
{
    struct stat st;

    if (!is_in(path, folder))
        return 0;
    if (lstat(path, &st) != 0)
        return errno == ENOENT;
    if (!S_ISREG(st.st_mode) || unlink(path) != 0)
        return 0;
    c->checkpoints++;
    c->bytes += st.st_size;
    return 1;
}

/* A lab's own file ends in its process's number: it may be restarted, and go on with another run than the one recorded here. */
static int is_of_another_process(const char *path)
{
    const char *dash = strrchr(path, '-');
    char *end = NULL;
    long pid = dash ? strtol(dash + 1, &end, 10) : 0;

    return pid > 0 && strcmp(end, ".safetensors") == 0 && pid != getpid() && store_process_lives(pid);
}

enum { PATH, NAME, RECIPE, STATUS, PID, MARKED, DELETED };

/* Of the row at hand, which is not one of the newest. */
static int is_kept(sqlite3_stmt *q, const struct checkpoint_rule *rule)
{
    const char *name = store_column_text(q, NAME);

    if (strcmp(store_column_text(q, STATUS), "running") == 0 && store_process_lives(sqlite3_column_int64(q, PID)))
        return 1;
    if (is_of_another_process(store_column_text(q, PATH)))
        return 1;
    if (rule->deleted_runs_too && sqlite3_column_int(q, DELETED))
        return 0;
    return rule->most == STORE_KEEP_ALL || sqlite3_column_int(q, MARKED) ||
           (*name && !store_is_free_name(name, store_column_text(q, RECIPE)));
}

struct paths {
    char **path;
    size_t count;
};

static int add_path(struct paths *p, const char *path, struct err *e)
{
    char **longer = reallocarray(p->path, p->count + 1, sizeof *p->path);

    if (longer)
        p->path = longer;
    if (!longer || !(p->path[p->count] = strdup(path)))
        return err_memory(e, "the list of checkpoints", (p->count + 1) * sizeof *p->path);
    p->count++;
    return 0;
}

static int list_unkept(struct store *s, const struct checkpoint_rule *rule, struct paths *p, struct err *e)
{
    sqlite3_stmt *q = store_select(s, e,
                                   "SELECT c.path, r.name, r.recipe, r.status, r.pid, r.marked, r.id IS NULL OR r.deleted IS NOT NULL"
                                   " FROM checkpoints c LEFT JOIN runs r ON r.id = c.run WHERE c.named = 0"
                                   " ORDER BY c.time DESC, c.path DESC",
                                   "");
    int newest = 0, r = q ? 1 : -ERR_RUNTIME;

    while (r > 0 && (r = store_next(s, q, e)) > 0) {
        int counts = !(rule->deleted_runs_too && sqlite3_column_int(q, DELETED));
        if ((counts && newest++ < rule->most) || is_kept(q, rule))
            continue;
        if (add_path(p, store_column_text(q, PATH), e) != 0)
            r = -ERR_RUNTIME;
    }
    return r;
}

/* Rows are removed after the query has ended. */
int store_drop_checkpoints(struct store *s, const struct checkpoint_rule *rule, struct store_collected *c, struct err *e)
{
    struct paths p = {0};
    int r = list_unkept(s, rule, &p, e);

    for (size_t i = 0; i < p.count; i++) {
        if (r == 0 && remove_file(p.path[i], rule->folder, c))
            r = store_do(s, e, "DELETE FROM checkpoints WHERE path = ?", "t", p.path[i]);
        free(p.path[i]);
    }
    free(p.path);
    return r;
}

int store_keep_newest(struct store *s, const char *folder, int most, struct store_collected *c, struct err *e)
{
    int r = store_begin(s, e); /* so that nobody marks a run meanwhile */

    *c = (struct store_collected){0};
    if (r)
        return r;
    r = store_drop_checkpoints(s, &(struct checkpoint_rule){folder, most, 0}, c, e);
    if (r == 0)
        r = store_commit(s, e);
    if (r)
        store_roll_back(s);
    return r;
}
