/* SPDX-License-Identifier: MIT */
/* The recorder's thread sleeps until something comes, waits a quarter of a second for what follows, and writes it all in one
 * transaction. A transaction that failed is made again as a whole, with what the places were before it. */
#include "store/recorder.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/ring.h"
#include "core/text.h"
#include "core/thread.h"
#include "math/products.h"
#include "run/journal.h"
#include "run/run.h"
#include "store/record.h"
#include "store/store-private.h"

enum { RING = 1 << 15, BATCH = 1 << 13, COMMIT_MS = 250 };
_Static_assert((int)RECORDER_PLACES == (int)RECORD_PLACES, "places of the recorder and of its records");

struct recorder {
    struct ring ring;
    pthread_t thread;
    int bell;               /* an eventfd */
    atomic_int asleep;      /* the thread waits for the bell */
    atomic_int hurried;     /* the bell was rung because the ring fills up */
    atomic_int quit;
    atomic_int has_problem; /* `problem` is set, for good */
    struct err problem;

    /* the recording thread's */
    char source[STORE_STATUS];
    struct recorded_place {
        int lost;            /* its beginning was dropped: so is what follows */
        struct knobs knobs;  /* as last recorded */
    } known[RECORDER_PLACES];
    _Atomic uint64_t dropped[RECORDER_PLACES]; /* that no row tells yet */
    _Atomic int64_t written[RECORDER_PLACES];  /* the run at each place, once its row is there; 0: none */

    /* the recorder's thread's */
    char *path;
    struct store *store;    /* NULL: cannot be opened */
    int off;                /* recording was given up */
    int64_t begun;          /* the run that began last at place 0; its name is told at the end to … */
    char *name;             /* … whoever asked, or NULL */
    struct record_place place[RECORD_PLACES];
    struct record batch[BATCH];
    int count;
    uint64_t failed;        /* records that were not written */
};

/* ---- writing -------------------------------------------------------------------------------- */

static void report(struct recorder *r, const struct err *e)
{
    if (atomic_load(&r->has_problem))
        return;
    r->problem = *e;
    atomic_store(&r->has_problem, 1);
}

static void drop_batch(struct recorder *r)
{
    for (int i = 0; i < r->count; i++)
        record_free(&r->batch[i]);
    r->count = 0;
}

static void gather(struct recorder *r)
{
    while (r->count < BATCH && ring_pop(&r->ring, &r->batch[r->count]))
        r->count++;
}

/* Each run's row tells what is missing of it: `counted` of it is in the row already. */
static void count_lost(struct recorder *r, uint64_t *counted)
{
    for (int i = 0; i < RECORD_PLACES; i++) {
        uint64_t dropped = atomic_load(&r->dropped[i]);
        if (dropped == counted[i] || !r->place[i].run)
            continue;
        r->place[i].lost += (int64_t)(dropped - counted[i]);
        r->place[i].changed = 1;
        counted[i] = dropped;
    }
}

static void note_begun(struct recorder *r, const struct record *record)
{
    if (record->kind == RECORD_BEGIN && record->place == 0)
        r->begun = r->place[0].run;
}

static void tell_name(struct recorder *r)
{
    struct err e;
    sqlite3_stmt *q = r->name && r->store && r->begun ? store_select(r->store, &e, "SELECT name FROM runs WHERE id = ?", "i", r->begun) : NULL;

    if (q && store_next(r->store, q, &e) > 0) {
        text_copy(r->name, STORE_NAME, store_column_text(q, 0));
        sqlite3_reset(q);
    }
}

static int write_all(struct recorder *r, uint64_t *counted, struct err *e)
{
    int result = store_begin(r->store, e);

    count_lost(r, counted); /* of runs that end in this batch, too; … */
    for (int i = 0; i < r->count && result == 0; i++)
        result = record_write(r->store, r->place, &r->batch[i], e), note_begun(r, &r->batch[i]);
    count_lost(r, counted); /* … and of those that begin */
    if (result == 0)
        result = record_update(r->store, r->place, e);
    return result ? result : store_commit(r->store, e);
}

/* 1: the batch is done with; 0: to be tried again. */
static int write_batch(struct recorder *r)
{
    struct record_place before[RECORD_PLACES];
    uint64_t counted[RECORD_PLACES] = {0};
    struct err e = {0};

    memcpy(before, r->place, sizeof before);
    if (!r->off && write_all(r, counted, &e) == 0) {
        for (int i = 0; i < RECORD_PLACES; i++)
            atomic_fetch_sub(&r->dropped[i], counted[i]), atomic_store(&r->written[i], r->place[i].run);
        drop_batch(r);
        return 1;
    }
    if (!r->off) {
        store_roll_back(r->store);
        memcpy(r->place, before, sizeof before);
        report(r, &e);
        r->off = !store_may_recover(r->store);
    }
    if (!r->off && !atomic_load(&r->quit))
        return 0;
    r->failed += (uint64_t)r->count;
    drop_batch(r);
    return 1;
}

static void open_store(struct recorder *r)
{
    struct err e = {0};

    if (!r->path)
        err_set(&e, ERR_RUNTIME, "no place for the store: neither XDG_DATA_HOME nor HOME is set");
    else if (store_open(&r->store, r->path, STORE_RECORD, &e) == 0 && record_note_killed(r->store, &e) == 0)
        return;
    report(r, &e);
    r->off = 1;
}

static void wait_for(struct recorder *r, int ms)
{
    struct pollfd p = {.fd = r->bell, .events = POLLIN};
    uint64_t rung;

    if (poll(&p, 1, ms) > 0)
        (void)!read(r->bell, &rung, sizeof rung);
    atomic_store(&r->hurried, 0);
}

static int is_empty(const struct recorder *r)
{
    return atomic_load(&r->ring.head) == atomic_load(&r->ring.tail);
}

/* Until something is in the ring, however long that takes. */
static void sleep_until_used(struct recorder *r)
{
    atomic_exchange(&r->asleep, 1); /* after a producer's exchange its record is seen, before it the bell is heard */
    while (is_empty(r) && !atomic_load(&r->quit))
        wait_for(r, -1);
    atomic_store(&r->asleep, 0);
}

static void *thread_main(void *arg)
{
    struct recorder *r = arg;
    int over;

    open_store(r);
    do {
        if (r->count == 0)
            sleep_until_used(r);
        if (!atomic_load(&r->quit))
            wait_for(r, COMMIT_MS);
        over = atomic_load(&r->quit);
        do {
            gather(r);
        } while (r->count && write_batch(r) && !is_empty(r));
    } while (!over);
    tell_name(r);
    store_close(r->store);
    return NULL;
}

/* ---- the thread's life ---------------------------------------------------------------------- */

static void release(struct recorder *r)
{
    if (r->bell >= 0)
        close(r->bell);
    ring_free(&r->ring);
    free(r->path);
    free(r);
}

int recorder_start(struct recorder **out, const struct recorder_options *o, struct err *e)
{
    struct recorder *r = calloc(1, sizeof *r);

    if (!r)
        return err_memory(e, "the recorder", sizeof *r);
    r->path = o->path ? strdup(o->path) : store_path();
    text_copy(r->source, sizeof r->source, o->source);
    r->name = o->name;
    if (r->name)
        *r->name = '\0';
    r->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->bell < 0 || ring_init(&r->ring, sizeof(struct record), RING) != 0) {
        release(r);
        return err_memory(e, "the recorder's ring", RING * sizeof(struct record));
    }
    if (thread_start(&r->thread, thread_main, r) != 0) {
        release(r);
        return err_set(e, ERR_RUNTIME, "cannot create the recorder's thread");
    }
    *out = r;
    return 0;
}

static void ring_bell(struct recorder *r)
{
    uint64_t one = 1;
    (void)!write(r->bell, &one, sizeof one);
}

int recorder_stop(struct recorder *r, struct err *e)
{
    uint64_t lost;
    int result = 0;

    if (!r)
        return 0;
    atomic_store(&r->quit, 1);
    ring_bell(r);
    pthread_join(r->thread, NULL);
    lost = r->failed + atomic_load(&r->ring.dropped);
    if (lost && r->problem.code)
        result = err_set(e, r->problem.code, "%s", r->problem.text);
    else if (lost)
        result = err_set(e, ERR_RUNTIME, "%" PRIu64 " steps and events were not recorded: they came faster than they were written", lost);
    release(r);
    return result;
}

const char *recorder_problem(const struct recorder *r)
{
    return r && atomic_load(&r->has_problem) ? r->problem.text : NULL;
}

uint64_t recorder_dropped(const struct recorder *r)
{
    return r ? atomic_load(&r->ring.dropped) : 0;
}

int64_t recorder_run(const struct recorder *r, int place)
{
    return r ? atomic_load(&r->written[place]) : 0;
}

double recorder_seconds(const struct recorder *r)
{
    return r ? clock_of_thread(r->thread) : 0;
}

/* ---- what is recorded ----------------------------------------------------------------------- */

/* The ring takes over what the record owns. Returns 0 where it was dropped. */
static int push(struct recorder *r, struct record *record)
{
    int taken;

    record->time = clock_utc();
    taken = !r->known[record->place].lost && ring_push(&r->ring, record);
    if (!taken) {
        atomic_fetch_add(&r->dropped[record->place], 1);
        record_free(record);
    }
    if (atomic_exchange(&r->asleep, 0))
        ring_bell(r);
    if (atomic_load_explicit(&r->ring.head, memory_order_relaxed) -
                atomic_load_explicit(&r->ring.tail, memory_order_relaxed) > RING / 2 &&
        !atomic_exchange(&r->hurried, 1))
        ring_bell(r);
    return taken;
}

static struct record_text *text_of(const char *a, const char *b, const char *c)
{
    const char *const texts[] = {a, b, c};
    size_t size = sizeof(struct record_text), used = 0;
    struct record_text *t;

    for (int i = 0; i < 3; i++)
        size += texts[i] ? strlen(texts[i]) + 1 : 0;
    t = calloc(1, size);
    for (int i = 0; t && i < 3; i++)
        if (texts[i]) {
            t->text[i] = strcpy(t->bytes + used, texts[i]);
            used += strlen(texts[i]) + 1;
        }
    return t;
}

static struct record record_of(enum record_kind kind, int place, const struct run *run)
{
    return (struct record){.kind = kind, .place = place, .step = run_counters(run)->step, .epoch = run_epoch(run)};
}

static void push_text(struct recorder *r, struct record record, struct record_text *text)
{
    record.said.text = text;
    if (text)
        push(r, &record);
}

void recorder_begin(struct recorder *r, int place, const struct recorder_run *begun)
{
    struct record record;
    struct record_run *f = r ? calloc(1, sizeof *f) : NULL;

    if (!r)
        return;
    r->known[place].knobs = *run_knobs(begun->run);
    r->known[place].lost = 0;
    record = record_of(RECORD_BEGIN, place, begun->run);
    record.run = f;
    if (f) {
        f->knobs = *run_knobs(begun->run);
        f->parent = begun->parent;
        f->alike = begun->alike;
        f->parameters = run_network(begun->run)->parameters;
        text_copy(f->recipe, sizeof f->recipe, begun->recipe);
        text_copy(f->data, sizeof f->data, run_data(begun->run)->name);
        text_copy(f->source, sizeof f->source, r->source);
        text_copy(f->from, sizeof f->from, begun->from ? begun->from : "");
        text_copy(f->resume, sizeof f->resume, begun->resume ? begun->resume : "");
        snprintf(f->fingerprint, sizeof f->fingerprint, "%016" PRIx64, run_data(begun->run)->fingerprint);
        products_describe((enum products_source)f->knobs.value[KNOB_PRODUCTS], f->products, sizeof f->products);
    }
    r->known[place].lost = !f || !push(r, &record);
}

void recorder_step(struct recorder *r, int place, const struct run *run, const struct run_report *report)
{
    struct record record;

    if (!r)
        return;
    record = record_of(RECORD_POINT, place, run);
    record.point.loss = report->loss;
    record.point.accuracy = report->accuracy;
    record.point.learning_rate = report->learning_rate;
    record.point.gradient_norm = report->gradient_norm;
    push(r, &record);
}

void recorder_evaluation(struct recorder *r, int place, const struct run *run, const struct run_report *report)
{
    struct record record;

    if (!r)
        return;
    record = record_of(RECORD_EVALUATION, place, run);
    record.evaluation.loss = report->validation_loss;
    record.evaluation.accuracy = report->validation_accuracy;
    record.evaluation.part_loss = report->part_loss;
    record.evaluation.part_accuracy = report->part_accuracy;
    push(r, &record);
}

void recorder_edits(struct recorder *r, int place, const struct run *run)
{
    char before[KNOB_VALUE_SIZE], after[KNOB_VALUE_SIZE];
    struct knobs *known;

    if (!r)
        return;
    known = &r->known[place].knobs;
    for (int i = 0; i < KNOB_COUNT; i++) {
        struct record_text *t;
        knobs_format(known, (enum knob_id)i, before, sizeof before);
        knobs_format(run_knobs(run), (enum knob_id)i, after, sizeof after);
        if (strcmp(before, after) == 0)
            continue;
        t = text_of(knob_row((enum knob_id)i)->name, before, after);
        if (t)
            t->line = journal_lines(run_journal(run));
        push_text(r, record_of(RECORD_EDIT, place, run), t);
    }
    *known = *run_knobs(run);
}

void recorder_probe(struct recorder *r, int place, const struct store_probe *probe)
{
    struct record record = {.kind = RECORD_PROBE, .place = place, .step = (uint64_t)probe->step, .probe = *probe};

    if (r)
        push(r, &record);
}

void recorder_event(struct recorder *r, int place, const struct run *run, const char *text)
{
    if (r)
        push_text(r, record_of(RECORD_EVENT, place, run), text_of(text, NULL, NULL));
}

void recorder_back(struct recorder *r, int place, const struct run *run)
{
    struct record_text *t = r ? text_of(NULL, NULL, NULL) : NULL;

    if (!t)
        return;
    t->line = journal_lines(run_journal(run));
    r->known[place].knobs = *run_knobs(run);
    push_text(r, record_of(RECORD_BACK, place, run), t);
}

void recorder_checkpoint(struct recorder *r, int place, const struct run *run, const char *path, int named)
{
    struct record_text *t = r ? text_of(path, NULL, NULL) : NULL;

    if (!t)
        return;
    t->named = named;
    push_text(r, record_of(RECORD_CHECKPOINT, place, run), t);
}

void recorder_session(struct recorder *r, int place, const struct run *run, const char *path)
{
    if (r)
        push_text(r, record_of(RECORD_SESSION, place, run), text_of(path, NULL, NULL));
}

void recorder_look(struct recorder *r, int place, const char *split, double loss, double accuracy)
{
    struct record record = {.kind = RECORD_LOOK, .place = place, .said = {.loss = loss, .accuracy = accuracy}};

    if (r)
        push_text(r, record, text_of(split, NULL, NULL));
}

void recorder_status(struct recorder *r, int place, const char *status)
{
    if (r)
        push_text(r, (struct record){.kind = RECORD_STATUS, .place = place}, text_of(status, NULL, NULL));
}

void recorder_end(struct recorder *r, int place, const char *status)
{
    if (r)
        push_text(r, (struct record){.kind = RECORD_END, .place = place}, text_of(status, NULL, NULL));
}
