/* What the trainer's thread does when a command comes. */
#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "run/checkpoint.h"
#include "trainer/trainer-private.h"

/* Begin again with other knobs; where they do not fit, the run stays as it is. */
static void restart(struct trainer *t, const struct knobs *k, const char *why)
{
    struct sample s = {.kind = SAMPLE_RESTART, .run = t->run->id};
    char line[SNAPSHOT_TEXT * 2];
    struct err e;

    if (run_restart(t->run, k, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return;
    }
    ring_push(&t->samples, &s);
    edits_clear(&t->edits);
    trainer_studies_reset(t);
    trainer_landscape_reset(t);
    t->now.train_loss = t->now.train_accuracy = t->now.gradient_norm = NAN;
    t->now.seconds = 0;
    t->epoch_ended = 0;
    snprintf(line, sizeof line, "restarted: %s", why);
    trainer_log(t, LOG_NOTE, line);
    if (!t->running) {
        t->now.status = RUN_PAUSED;
        trainer_note(t, "");
    }
}

static void restart_seeded(struct trainer *t, uint64_t more)
{
    struct knobs k = t->run->state->knobs;
    char why[64];

    if (more)
        knobs_put(&k, KNOB_SEED, k.value[KNOB_SEED] + (double)more);
    if (k.value[KNOB_SEED] > knob_row(KNOB_SEED)->max)
        knobs_put(&k, KNOB_SEED, 0);
    snprintf(why, sizeof why, "seed %.0f", k.value[KNOB_SEED]);
    restart(t, &k, why);
}

static void restart_changed(struct trainer *t, const struct command *c)
{
    struct knobs k = t->run->state->knobs;
    char text[KNOB_VALUE_SIZE], why[KNOB_VALUE_SIZE + 64];
    struct err e;

    if ((unsigned)c->knob >= KNOB_COUNT)
        return;
    if (knobs_set(&k, c->knob, &c->setting, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return;
    }
    knobs_format(&k, c->knob, text, sizeof text);
    snprintf(why, sizeof why, "%s %s", knob_row(c->knob)->title, text);
    restart(t, &k, why);
}

/* How it went: in the log, and for who asked. */
static void tell_saved(struct trainer *t, int failed, const char *text)
{
    t->now.unsaved = failed;
    text_copy(t->now.saved, sizeof t->now.saved, text);
    trainer_log(t, LOG_NOTE, text);
}

static void save(struct trainer *t, const char *path)
{
    char line[SNAPSHOT_TEXT * 2];
    struct err e = {0};

    if (!*path && !t->checkpoint) {
        tell_saved(t, 1, "nothing is saved: the run has no checkpoint file");
        return;
    }
    if (!*path)
        path = t->checkpoint;
    snprintf(line, sizeof line, "saved as %.100s", path);
    if (checkpoint_write(t->run, path, &e) != 0)
        tell_saved(t, 1, e.text);
    else
        tell_saved(t, 0, line);
}

void trainer_obey(struct trainer *t, const struct command *c)
{
    switch (c->kind) {
    case COMMAND_PAUSE:
        if (t->running)
            trainer_pause(t, RUN_PAUSED);
        break;
    case COMMAND_RESUME:
        if (!t->running)
            trainer_run(t, UINT64_MAX);
        break;
    case COMMAND_TOGGLE:
        if (t->running)
            trainer_pause(t, RUN_PAUSED);
        else
            trainer_run(t, UINT64_MAX);
        break;
    case COMMAND_STEPS:
        if (c->count > 0)
            trainer_run(t, c->count);
        break;
    case COMMAND_SET:
        trainer_turn(t, c);
        break;
    case COMMAND_UNDO:
        trainer_step_back(t, 0);
        break;
    case COMMAND_REDO:
        trainer_step_back(t, 1);
        break;
    case COMMAND_RESTART:
        restart_seeded(t, c->count);
        break;
    case COMMAND_CHANGE:
        restart_changed(t, c);
        break;
    case COMMAND_SAVE:
        save(t, c->text);
        break;
    case COMMAND_PROBE:
        trainer_probe(t, (unsigned)c->count);
        break;
    case COMMAND_PROBE_CANCEL:
        trainer_probe_cancel(t);
        break;
    case COMMAND_ESCAPE:
        trainer_escape(t, c->value);
        break;
    case COMMAND_LANDSCAPE:
        trainer_landscape_begin(t, c->text);
        break;
    case COMMAND_LANDSCAPE_CANCEL:
        trainer_landscape_cancel(t);
        break;
    case COMMAND_LANDSCAPE_FOLLOW:
        trainer_landscape_follow(t, c->count != 0);
        break;
    }
    t->now.commands++;
}
