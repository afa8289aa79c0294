/* SPDX-License-Identifier: MIT */
/* saddle runs rename, note, mark, rm and gc. */
#include <stdio.h>
#include <stdlib.h>

#include "app/autosave.h"
#include "cli/config.h"
#include "cli/json-line.h"
#include "cli/runs.h"

int runs_rename(struct store *s, const struct runs_request *q, struct err *e)
{
    int r = store_rename(s, q->name[0], q->name[1], e);

    if (r == 0 && q->json)
        return runs_print_json(s, q->name[1], e);
    if (r == 0)
        printf("%s is now %s\n", q->name[0], q->name[1]);
    return r;
}

int runs_note(struct store *s, const struct runs_request *q, struct err *e)
{
    int r = store_note(s, q->name[0], q->name[1], e);

    return r == 0 && q->json ? runs_print_json(s, q->name[0], e) : r;
}

int runs_mark(struct store *s, const struct runs_request *q, struct err *e)
{
    int r = 0;

    for (int i = 0; i < q->count && r == 0; i++) {
        r = store_mark(s, q->name[i], !q->off, e);
        if (r == 0 && q->json)
            r = runs_print_json(s, q->name[i], e);
    }
    return r;
}

static int print_changed(struct store *s, const struct runs_request *q, struct err *e)
{
    int r = 0;

    for (int i = 0; i < q->count && r == 0; i++)
        r = runs_print_json(s, q->name[i], e);
    return r;
}

static int restore(struct store *s, const struct runs_request *q, struct err *e)
{
    char restored[RUNS_NAMES * STORE_NAME];
    int r = 0;

    for (int i = 0; r == 0 && (i == 0 || i < q->count); i++) {
        r = store_restore(s, q->count ? q->name[i] : NULL, restored, sizeof restored, e);
        if (r == 0 && !q->json)
            printf("listed again: %s\n", restored);
    }
    return r == 0 && q->json ? print_changed(s, q, e) : r;
}

int runs_rm(struct store *s, const struct runs_request *q, struct err *e)
{
    int r;

    if (q->undo)
        return restore(s, q, e);
    r = store_delete(s, q->name, q->count, e);
    if (r == 0 && q->json)
        return print_changed(s, q, e);
    if (r == 0)
        printf("deleted %d run%s; saddle runs rm --undo lists %s again, saddle runs gc removes %s for good\n", q->count,
               q->count > 1 ? "s" : "", q->count > 1 ? "them" : "it", q->count > 1 ? "them" : "it");
    return r;
}

int runs_gc(struct store *s, const struct runs_request *q, struct err *e)
{
    struct app_options settings = {0};
    struct store_collected c;
    char *folder;
    int r = settings_load(&settings, e);

    if (r)
        return r;
    folder = autosave_folder();
    r = store_collect(s, folder, settings_checkpoints(&settings), &c, e);
    free(folder);
    if (r)
        return r;
    if (q->json) {
        json_t *o = json_object();
        json_line_integer(o, "runs", c.runs);
        json_line_integer(o, "checkpoints", c.checkpoints);
        json_line_integer(o, "bytes", c.bytes);
        json_line_print(o);
    } else {
        printf("removed %lld deleted run%s and %lld checkpoint%s of the lab, %.1f MB\n", (long long)c.runs, c.runs == 1 ? "" : "s",
               (long long)c.checkpoints, c.checkpoints == 1 ? "" : "s", 1e-6 * (double)c.bytes);
    }
    return 0;
}
