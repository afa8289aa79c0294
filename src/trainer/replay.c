/* SPDX-License-Identifier: MIT */
#include "trainer/replay.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "run/journal.h"
#include "trainer/probe-job.h"

struct replay {
    struct run *run;
    const char *rest, *end;              /* of the journal */
    struct escape_direction **direction; /* of probe number i + 1, NULL: of no use so far */
    int directions;
    struct saddle_escape **escape;         /* made and not taken back to the bit, the last one last */
    int escapes;
};

/* Whether an escape that is to be made again goes along this probe's eigenvector. */
static int is_used(const struct replay *p, int number)
{
    const char *at;
    char word[40];

    snprintf(word, sizeof word, " escape %d:", number);
    at = strstr(p->rest, word);
    return at && at < p->end;
}

static int grow(void *list, int count, size_t size, struct err *e)
{
    void **at = list, *grown = realloc(*at, (size_t)(count + 1) * size);

    if (!grown)
        return err_memory(e, "a replay", (unsigned long long)(unsigned)count * size);
    *at = grown;
    return 0;
}

static int probe(struct replay *p, const struct journal_line *line, struct err *e)
{
    int series = strstr(line->value, ":series") != NULL, number = p->directions + 1, r;
    struct probe_job *study;

    if (journal_number(line->value) != number)
        return err_set(e, ERR_INPUT, "the journal counts its probes otherwise: %.40s, not %d", line->value, number);
    r = grow(&p->direction, p->directions, sizeof(struct escape_direction *), e);
    if (r)
        return r;
    p->direction[p->directions++] = NULL;
    if (!is_used(p, number)) {
        r = run_note_probe(p->run, series, e);
        return r < 0 ? r : 0;
    }
    r = probe_job_new(&study, p->run, series, 0, e);
    if (r)
        return r;
    r = probe_job_run(study, run_pool(p->run), e);
    if (r == 0)
        p->direction[number - 1] = probe_job_direction(study);
    probe_job_free(study);
    return r;
}

static int escape(struct replay *p, const struct journal_line *line, struct err *e)
{
    const char *colon = strchr(line->value, ':');
    int number = journal_number(line->value), r;
    struct saddle_escape *x;
    double by;

    if (number < 1 || number > p->directions || !p->direction[number - 1] || !colon ||
        sscanf(colon, ":%lf", &by) != 1)
        return err_set(e, ERR_INPUT, "the journal escapes along an eigenvector that is not there: %.40s", line->value);
    r = grow(&p->escape, p->escapes, sizeof(struct saddle_escape *), e);
    x = r ? NULL : calloc(1, sizeof *x);
    if (!x)
        return r ? r : err_memory(e, "an escape", sizeof *x);
    x->along = escape_direction_share(p->direction[number - 1]);
    x->by = by;
    p->escape[p->escapes++] = x;
    return saddle_escape(p->run, x, e);
}

static int escape_back(struct replay *p, const struct journal_line *line, struct err *e)
{
    struct saddle_escape *x = p->escapes ? p->escape[p->escapes - 1] : NULL;
    int r;

    if (!x || x->along->number != journal_number(line->value) || x->step != run_counters(p->run)->step ||
        x->to != run_mark(p->run))
        return err_set(e, ERR_INPUT, "the journal takes an escape back that was not the last: %.40s", line->value);
    r = saddle_escape_back(p->run, x, e);
    saddle_escape_free(x);
    p->escapes--;
    return r;
}

static int play(struct replay *p, const struct journal_line *line, struct err *e)
{
    int id = knob_find(line->name), r;
    struct knob_value value;

    if (strcmp(line->name, "probe") == 0)
        return probe(p, line, e);
    if (strcmp(line->name, "escape") == 0)
        return escape(p, line, e);
    if (strcmp(line->name, "escape_back") == 0)
        return escape_back(p, line, e);
    if (strcmp(line->name, JOURNAL_PRODUCTS) == 0) {
        char remark[120];
        journal_compare(p->run, "the journal", line->value, remark, sizeof remark);
        if (*remark)
            run_remark(p->run, remark);
        return journal_products(p->run, e);
    }
    if (id < 0)
        return err_set(e, ERR_INPUT, "the journal has a line of \"%.60s\", which is no setting", line->name);
    r = knob_parse(id, line->value, &value, e);
    return r ? r : run_set(p->run, id, &value, e);
}

/* The lines of the step where the run stands. */
static int play_here(struct replay *p, struct err *e)
{
    struct journal_line line;

    while (p->rest < p->end) {
        int used = journal_read(p->rest, &line, e), r;
        if (used <= 0 || line.step > run_counters(p->run)->step)
            return used < 0 ? used : 0;
        if (line.step < run_counters(p->run)->step)
            return err_set(e, ERR_INPUT, "the journal goes back from step %" PRIu64 " to %" PRIu64,
                           run_counters(p->run)->step, line.step);
        r = play(p, &line, e);
        if (r)
            return r;
        p->rest += used;
    }
    return 0;
}

/* The probes before the part were made; what they found is not known any more. */
static int skip_probes(struct replay *p, const struct replay_part *part, struct err *e)
{
    for (const char *at = part->journal; (at = strstr(at, " probe ")) && at < part->journal + part->from; at++) {
        int r = grow(&p->direction, p->directions, sizeof(struct escape_direction *), e);
        if (r)
            return r;
        p->direction[p->directions++] = NULL;
    }
    return 0;
}

static int advance(struct replay *p, const struct replay_part *part, struct err *e)
{
    struct run_report report;
    int r = run_advance(p->run, &report, e);

    if (r == 0 && part->tell && report.did == RUN_STEP)
        part->tell(part->context, run_counters(p->run)->step);
    return r;
}

int run_replay_part(struct run *l, const struct replay_part *part, uint64_t steps, struct err *e)
{
    struct replay p = {.run = l, .rest = part->journal + part->from, .end = part->journal + part->to};
    int r = skip_probes(&p, part, e);

    while (r == 0) {
        if (!run_counters(l)->evaluation_due)
            r = play_here(&p, e);
        if (r || (run_counters(l)->step >= steps && !run_counters(l)->evaluation_due))
            break;
        r = advance(&p, part, e);
    }
    for (int i = 0; i < p.escapes; i++)
        saddle_escape_free(p.escape[i]);
    for (int i = 0; i < p.directions; i++)
        escape_direction_drop(p.direction[i]);
    free(p.escape);
    free(p.direction);
    return r;
}

int run_replay(struct run *l, const char *journal, uint64_t steps, struct err *e)
{
    struct replay_part whole = {.journal = journal, .to = strlen(journal)};

    return run_replay_part(l, &whole, steps, e);
}
