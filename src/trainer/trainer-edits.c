/* SPDX-License-Identifier: MIT */
/* What the trainer's thread does about edits: knobs turned, edits taken back and made again. An edit that led to a step
 * that is not finite is taken back with all that came after it: the run goes on as if it had not been made. */
#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "trainer/trainer-private.h"

/* A value for the log; `set_too` where the log would else say that it is what it was. */
static void show(const struct knobs *k, enum knob_id id, int set_too, char *out, size_t size)
{
    char value[64];

    knobs_show(k, id, value, sizeof value);
    snprintf(out, size, "%s%s", value, set_too && !k->set[id] ? " (default)" : "");
}

/* Whether only who says so has changed. */
static int shows_same(const struct knobs *a, const struct knobs *b, enum knob_id id)
{
    struct knobs c = *b;

    c.set[id] = a->set[id];
    return knobs_same(a, &c, id);
}

/* Give a live setting its value; mark and log it. 1 when something changed. */
static int turn_to(struct trainer *t, enum knob_id knob, const struct knob_value *value, const char *sign)
{
    struct knobs before = *run_knobs(t->run);
    const struct knobs *now;
    char from[80], to[80], line[SNAPSHOT_TEXT * 2];
    struct sample s = trainer_sample_of(t, SAMPLE_EDIT);
    struct err e;

    if (run_set(t->run, knob, value, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return 0;
    }
    now = run_knobs(t->run);
    if (knobs_same(&before, now, knob))
        return 0;
    show(&before, knob, shows_same(&before, now, knob), from, sizeof from);
    show(now, knob, shows_same(&before, now, knob), to, sizeof to);
    snprintf(line, sizeof line, "%s%s %s → %s", sign, knob_row(knob)->title, from, to);
    trainer_log(t, LOG_EDIT, line);
    s.edit.knob = knob;
    s.edit.before = before.value[knob];
    s.edit.after = now->value[knob];
    ring_push(&t->mail.samples, &s);
    return 1;
}

/* The run as it is, for an edit to be taken back to; NULL where that is too large. */
static struct savepoint *keep(const struct trainer *t)
{
    return run_state(t->run)->bytes <= EDITS_STATES ? savepoint_take(t->run) : NULL;
}

void trainer_turn(struct trainer *t, const struct command *c)
{
    struct edit edit = {
        .knob = c->knob,
        .step = run_counters(t->run)->step,
        .before = *run_knobs(t->run),
        .turned = c->count > 0,
    };

    if ((unsigned)c->knob >= KNOB_COUNT)
        return;
    if (t->now.status != RUN_DIVERGED && !edits_continues(&t->edits, &edit))
        edit.kept = keep(t);
    if (!turn_to(t, c->knob, &c->setting, "")) {
        savepoint_free(edit.kept);
        return;
    }
    edit.after = *run_knobs(t->run);
    edits_note(&t->edits, &edit);
}

/* The run is again what it was before the edit, and paused there. */
static int go_back(struct trainer *t, const struct edit *edit)
{
    struct sample s;
    struct err e;

    if (savepoint_restore(t->run, edit->kept, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return -1;
    }
    s = trainer_sample_of(t, SAMPLE_BACK);
    ring_push(&t->mail.samples, &s);
    edits_forget_later(&t->edits);
    trainer_probe_reset(t);
    trainer_landscape_note(t);
    t->now.train_loss = t->now.train_accuracy = t->now.gradient_norm = NAN;
    t->pace.epoch_ended = 0;
    trainer_pause(t, RUN_PAUSED);
    trainer_note(t, "");
    return 0;
}

/* The knob is back with the run: told as if it had been turned. */
static void tell_back(struct trainer *t, const struct edit *edit)
{
    char before[64], after[64], step[TEXT_COUNT], line[SNAPSHOT_TEXT * 2];
    struct sample s = trainer_sample_of(t, SAMPLE_EDIT);

    knobs_show(&edit->before, edit->knob, before, sizeof before);
    knobs_show(&edit->after, edit->knob, after, sizeof after);
    text_count(step, sizeof step, run_counters(t->run)->step);
    snprintf(line, sizeof line, "back: %s %s → %s, and the weights of step %s", knob_row(edit->knob)->title, after,
             before, step);
    trainer_log(t, LOG_EDIT, line);
    s.edit.knob = edit->knob;
    s.edit.before = edit->after.value[edit->knob];
    s.edit.after = edit->before.value[edit->knob];
    ring_push(&t->mail.samples, &s);
}

static void take_back(struct trainer *t, const struct edit *edit)
{
    struct knob_value value = knobs_value(&edit->before, edit->knob);

    if (t->now.status == RUN_DIVERGED && edit->kept && go_back(t, edit) == 0) {
        tell_back(t, edit);
        return;
    }
    turn_to(t, edit->knob, &value, "back: ");
}

void trainer_step_back(struct trainer *t, int again)
{
    const struct edit *edit = again ? edits_redo(&t->edits) : edits_undo(&t->edits);
    struct knob_value value;

    if (!edit) {
        trainer_log(t, LOG_NOTE, again ? "nothing to make again" : "nothing to take back");
    } else if (edit->escape) {
        trainer_escape_again(t, edit->escape, again);
    } else if (!again) {
        take_back(t, edit);
    } else {
        edits_keep(&t->edits, keep(t));
        value = knobs_value(&edit->after, edit->knob);
        turn_to(t, edit->knob, &value, "again: ");
    }
}
