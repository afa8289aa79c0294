/* SPDX-License-Identifier: MIT */
/* What a run's newest checkpoint tells a report: its journal, and the session that makes the run again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "cli/setup.h"
#include "core/text.h"
#include "run/checksum.h"
#include "run/journal.h"
#include "trainer/session.h"

/* ---- the newest checkpoint ------------------------------------------------------------------ */

struct newest {
    char path[STORE_TEXT];
    int64_t step;
    int saved; /* checkpoints there were */
};

static int keep_newest(void *context, const struct store_checkpoint *k)
{
    struct newest *n = context;

    n->saved++;
    if (strlen(k->path) < sizeof n->path && k->step >= n->step && access(k->path, R_OK) == 0) {
        text_copy(n->path, sizeof n->path, k->path);
        n->step = k->step;
    }
    return 0;
}

/* ---- a session ------------------------------------------------------------------------------ */

static int take_setting(void *context, const struct store_setting *t)
{
    struct knobs *k = context;
    int id = knob_find(t->name);
    struct err ignored;

    if (id < 0 || !t->value || knobs_parse(k, (enum knob_id)id, t->value, &ignored) != 0)
        return 0;
    k->set[id] = t->set;
    return 0;
}

static int copy_lines(struct session *t, const char *journal, struct err *e)
{
    struct journal_line line;
    int n;

    for (; (n = journal_read(journal, &line, e)) > 0; journal += n) {
        struct session_line to = {.step = line.step, .seconds = NAN};
        int r;
        if (strcmp(line.name, JOURNAL_PRODUCTS) == 0)
            continue;
        text_copy(to.name, sizeof to.name, line.name);
        text_copy(to.value, sizeof to.value, line.value);
        r = session_add(t, &to, e);
        if (r)
            return r;
    }
    return n;
}

/* How it began; 0 where what is recorded does not end with the settings that it has now. */
static int take_beginning(struct store *s, int64_t run, const struct knobs *now, struct knobs *first, struct err *e)
{
    struct store_course *all = calloc(KNOB_COUNT, sizeof *all);
    char value[KNOB_VALUE_SIZE];
    struct err ignored;
    int well = all && store_settings(s, run, take_setting, first, e) == 0 && store_courses(s, run, all, e) == 0;

    for (int i = 0; i < KNOB_COUNT && well; i++) {
        int set = first->set[i];
        if (!*all[i].first)
            continue;
        knobs_parse(first, (enum knob_id)i, all[i].first, &ignored);
        first->set[i] = set;
        knobs_format(now, (enum knob_id)i, value, sizeof value);
        well = !knob_row(i)->live || !now->set[i] || strcmp(value, all[i].last) == 0;
    }
    if (!all)
        err_memory(e, "its settings", KNOB_COUNT * sizeof *all);
    else if (!well && !*e->text)
        err_set(e, ERR_INPUT, "its settings are not those that are recorded; in the lab, :session FILE writes what was done");
    free(all);
    return well;
}

/* The session of a run that began from scratch, or is a fork of one: how it began, its journal, its end. */
static void make_session(struct report_run *r, struct store *s, const struct checkpoint *from, uint64_t step)
{
    struct session t = {.recipe = strdup(r->run.recipe), .data = strdup(from->data), .text = calloc(1, 1)};
    struct session_line end = {.step = step, .name = "end", .seconds = NAN};
    struct err e = {0};

    knobs_standard(&t.first);
    text_copy(t.products, sizeof t.products, r->run.products);
    t.fingerprint = strtoull(r->run.fingerprint, NULL, 16);
    text_copy(end.value, sizeof end.value, r->checksum);
    if (t.recipe && t.data && t.text && take_beginning(s, r->run.id, &from->knobs, &t.first, &e) &&
        copy_lines(&t, r->journal, &e) == 0 && session_add(&t, &end, &e) == 0)
        r->session = session_text(&t);
    if (!r->session)
        text_copy(r->why, sizeof r->why, *e.text ? e.text : "there was no memory for its session");
    session_free(&t);
}

/* Its weights' checksum takes the network, and so the data. */
static int take_checksum(struct report_run *r, const struct checkpoint *from, uint64_t *step, struct err *e)
{
    struct setup run = {0};
    int bad = setup_open_data(&run, from->data, 0, e);

    if (bad == 0)
        bad = setup_look_at(&run, from, e);
    if (bad == 0)
        bad = checkpoint_restore(from, run.run, 1, e);
    if (bad == 0) {
        run_checksum(run.run, r->checksum);
        *step = run_counters(run.run)->step;
        r->journal = strdup(run_journal(run.run));
    }
    setup_close(&run);
    return bad;
}

static void tell_session(struct report_run *r, struct store *s, const struct checkpoint *from, const char *path, uint64_t step)
{
    struct err e = {0};
    int whole = 0;

    text_copy(r->checkpoint, sizeof r->checkpoint, path);
    if (store_is_whole(s, r->run.id, &whole, &e) != 0)
        text_copy(r->why, sizeof r->why, e.text);
    else if (!whole)
        text_copy(r->why, sizeof r->why,
                  r->run.first_step > 0 ? "it goes on from a checkpoint, or from a run that does; in the lab, :session FILE writes both"
                                        : "it began with weights of another run; in the lab, :session FILE writes both");
    else
        make_session(r, s, from, step);
}

void report_read_checkpoint(struct report_run *r, struct store *s)
{
    struct newest newest = {.path = ""};
    struct checkpoint from = {0};
    struct err e = {0};
    uint64_t step = 0;
    int bad = store_checkpoints(s, r->run.id, keep_newest, &newest, &e);

    if (bad == 0 && !*newest.path) {
        text_copy(r->why, sizeof r->why,
                  newest.saved ? "none of its checkpoints is left"
                               : "no checkpoint of it was saved; its weights and its journal are not known");
        return;
    }
    if (bad == 0)
        bad = checkpoint_open(&from, newest.path, &e);
    if (bad == 0)
        bad = take_checksum(r, &from, &step, &e);
    if (bad || !r->journal)
        text_copy(r->why, sizeof r->why, *e.text ? e.text : "there was no memory for its journal");
    else
        tell_session(r, s, &from, newest.path, step);
    checkpoint_close(&from);
}
