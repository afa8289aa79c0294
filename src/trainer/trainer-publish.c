/* What the trainer's thread shows of itself: the master copy of the snapshot brought up to date, and copies of it, of
 * the curvature and of the landscape handed up by mailbox. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"
#include "trainer/trainer-private.h"

double trainer_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void trainer_ring(int fd)
{
    uint64_t one = 1;
    (void)!write(fd, &one, sizeof one);
}

static void refresh(struct trainer *t)
{
    const struct run *l = t->run;
    const struct counters *c = &l->state->counters;
    struct snapshot *s = &t->now;

    s->knobs = l->state->knobs;
    s->seed = (uint64_t)l->state->knobs.value[KNOB_SEED];
    s->parameters = l->network.parameters;
    s->train_frames = l->split.train.frames;
    s->validation_frames = l->split.validation.frames;
    for (int i = 0; i < GRADIENT_STATS_LAYERS && gradient_stats_layer(l, i) >= 0; i++)
        snprintf(s->layer[i], sizeof s->layer[i], "%d %s", gradient_stats_layer(l, i),
                 l->network.layer[gradient_stats_layer(l, i)].kind->name);
    s->stuck = trainer_stuck(t);
    s->undos = t->edits.done;
    s->redos = t->edits.all - t->edits.done;
    s->step = c->step;
    s->epoch = run_epoch(l);
    s->schedule_start = run_schedule_start(l);
    s->schedule_factor = l->state->schedule.factor;
    s->steps_per_epoch = run_steps_per_epoch(l);
    if (c->step == 0 || !t->running)
        s->learning_rate = run_learning_rate(l);
    s->validation_loss = c->validation_loss;
    s->validation_accuracy = c->validation_accuracy;
    s->part_loss = c->part_loss;
    s->part_accuracy = c->part_accuracy;
    s->best_accuracy = c->best_accuracy;
    s->best_step = c->best_step;
    s->samples_dropped = atomic_load_explicit(&t->samples.dropped, memory_order_relaxed);
}

void trainer_publish(struct trainer *t)
{
    refresh(t);
    if (t->curvature_new) {
        t->curvature_new = 0;
        t->curvature.version++;
        memcpy(mailbox_draft(&t->curvatures), &t->curvature, sizeof t->curvature);
        mailbox_publish(&t->curvatures);
    }
    if (t->landscape_new) {
        t->landscape_new = 0;
        t->landscape.version++;
        memcpy(mailbox_draft(&t->landscapes), &t->landscape, sizeof t->landscape);
        mailbox_publish(&t->landscapes);
    }
    t->now.version++;
    memcpy(mailbox_draft(&t->snapshots), &t->now, sizeof t->now);
    mailbox_publish(&t->snapshots);
    t->published = trainer_clock();
    trainer_ring(t->event_fd);
}

struct sample trainer_sample_of(const struct trainer *t, enum sample_kind kind)
{
    return (struct sample){.kind = kind,
                           .run = t->run->id,
                           .step = t->run->state->counters.step,
                           .epoch = run_epoch(t->run)};
}

void trainer_log(struct trainer *t, enum log_kind kind, const char *text)
{
    struct log_entry *entry = &t->now.log[t->now.log_count++ % SNAPSHOT_LOG];

    *entry = (struct log_entry){
        .step = t->run->state->counters.step, .epoch = run_epoch(t->run), .kind = kind, .run = t->run->id};
    text_copy(entry->text, sizeof entry->text, text);
}

void trainer_note(struct trainer *t, const char *text)
{
    text_copy(t->now.note, sizeof t->now.note, text);
}
