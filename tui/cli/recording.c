/* SPDX-License-Identifier: MIT */
#include "cli/recording.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/autosave.h"
#include "cli/config.h"
#include "store/store.h"

static void report(struct recording *r, const char *why)
{
    if (!r->reported)
        fprintf(stderr, "saddle: not recorded: %s\n", why);
    r->reported = 1;
}

void recording_start(struct recording *r, const char *source, int no_record)
{
    const struct recorder_options how = {.source = source, .name = r->name};
    struct app_options settings = {0};
    struct err e = {0};

    *r = (struct recording){0};
    if (no_record)
        return;
    if (settings_load(&settings, &e) != 0) { /* it may say that nothing is to be recorded */
        report(r, e.text);
        return;
    }
    if (!settings.no_record && recorder_start(&r->recorder, &how, &e) != 0)
        report(r, e.text);
}

int recording_check(struct recording *r)
{
    const char *why = r->reported ? NULL : recorder_problem(r->recorder);

    if (why)
        report(r, why);
    return why != NULL;
}

void recording_stop(struct recording *r)
{
    struct err e = {0};

    if (recorder_stop(r->recorder, &e) != 0)
        report(r, e.text);
    r->recorder = NULL;
}

static void drop_recorded(const char *folder, int most, struct store_collected *c)
{
    char *path = store_path();
    struct store *s = NULL;
    struct err e;

    if (path && store_open(&s, path, STORE_READ, &e) == 0)
        store_keep_newest(s, folder, most, c, &e);
    store_close(s);
    free(path);
}

/* What cannot be done now is done when the next lab ends. */
void recording_drop_checkpoints(const struct app_options *o, int recorded)
{
    char *folder = autosave_folder();
    int most = settings_checkpoints(o);
    struct store_collected c = {0};
    long long bytes;

    if (folder && most != STORE_KEEP_ALL && recorded) {
        drop_recorded(folder, most, &c);
    } else if (folder && most != STORE_KEEP_ALL) {
        c.checkpoints = autosave_keep_newest(folder, most, &bytes);
        c.bytes = bytes;
    }
    if (c.checkpoints)
        fprintf(stderr, "saddle: removed %lld old checkpoint%s %s, %.1f MB. The newest %d are kept%s.\n", (long long)c.checkpoints,
                c.checkpoints == 1 ? "" : "s", recorded ? "that nobody named" : "of unrecorded runs", 1e-6 * (double)c.bytes, most,
                recorded ? ", and those of marked or renamed runs" : "");
    free(folder);
}

void recording_count_look(const char *checkpoint, double loss, double accuracy)
{
    char *path = store_path();
    struct app_options settings = {0};
    struct store *s = NULL;
    struct err e = {0};

    if (path && settings_load(&settings, &e) == 0 && !settings.no_record && store_open(&s, path, STORE_READ, &e) == 0)
        store_look_at(s, checkpoint, "test", loss, accuracy, NULL, &e);
    if (e.code)
        fprintf(stderr, "saddle: not recorded: %s\n", e.text);
    store_close(s);
    free(path);
}
