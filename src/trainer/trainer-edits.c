/* What the trainer's thread does about edits: knobs turned, edits taken back and made again. An edit that led to a step
 * that is not finite is taken back with all that came after it: the run goes on as if it had not been made. */
#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "trainer/trainer-private.h"

/* Give a live knob its value, or text for a KNOB_TEXT; mark and tell it. 1 when something changed. */
static int turn_to(struct trainer *t, enum knob_id knob, const char *text, const char *sign)
{
    struct knobs before = t->run->state->knobs;
    char from[64], to[64], line[SNAPSHOT_TEXT * 2];
    struct sample s = trainer_sample_of(t, SAMPLE_EDIT);
    struct err e;

    if (run_set_text(t->run, knob, text, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return 0;
    }
    if (knobs_same(&before, &t->run->state->knobs, knob))
        return 0;
    knobs_show(&before, knob, from, sizeof from);
    knobs_show(&t->run->state->knobs, knob, to, sizeof to);
    snprintf(line, sizeof line, "%s%s %s → %s", sign, knob_row(knob)->title, from, to);
    trainer_log(t, LOG_EDIT, line);
    s.edit.knob = knob;
    s.edit.before = before.value[knob];
    s.edit.after = t->run->state->knobs.value[knob];
    ring_push(&t->mail.samples, &s);
    return 1;
}

int trainer_command_value(const struct command *c, char *text, size_t size)
{
    struct knobs k;

    if (c->knob < 0 || c->knob >= KNOB_COUNT)
        return -1;
    if (knob_row(c->knob)->type == KNOB_TEXT) {
        text_copy(text, size, c->text);
        return 0;
    }
    if (knob_row(c->knob)->type == KNOB_CHOICE && !knob_choice(c->knob, (int)c->value))
        return -1;
    knobs_standard(&k);
    k.value[c->knob] = c->value;
    knobs_format(&k, c->knob, text, size);
    return 0;
}

/* The run as it is, for an edit to be taken back to; NULL where that is too large. */
static struct savepoint *keep(const struct trainer *t)
{
    return t->run->state->bytes <= EDITS_STATES ? savepoint_take(t->run) : NULL;
}

void trainer_turn(struct trainer *t, const struct command *c)
{
    struct edit edit = {
        .knob = c->knob,
        .step = t->run->state->counters.step,
        .before = t->run->state->knobs,
        .turned = c->count > 0,
    };
    char text[KNOB_VALUE_SIZE];

    if (trainer_command_value(c, text, sizeof text) != 0)
        return;
    if (t->now.status != RUN_DIVERGED && !edits_continues(&t->edits, &edit))
        edit.kept = keep(t);
    if (!turn_to(t, c->knob, text, "")) {
        savepoint_free(edit.kept);
        return;
    }
    edit.after = t->run->state->knobs;
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
    text_count(step, sizeof step, t->run->state->counters.step);
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
    char text[KNOB_VALUE_SIZE];

    if (t->now.status == RUN_DIVERGED && edit->kept && go_back(t, edit) == 0) {
        tell_back(t, edit);
        return;
    }
    knobs_format(&edit->before, edit->knob, text, sizeof text);
    turn_to(t, edit->knob, text, "back: ");
}

void trainer_step_back(struct trainer *t, int again)
{
    const struct edit *edit = again ? edits_redo(&t->edits) : edits_undo(&t->edits);
    char text[KNOB_VALUE_SIZE];

    if (!edit) {
        trainer_log(t, LOG_NOTE, again ? "nothing to make again" : "nothing to take back");
    } else if (edit->escape) {
        trainer_escape_again(t, edit->escape, again);
    } else if (!again) {
        take_back(t, edit);
    } else {
        edits_keep(&t->edits, keep(t));
        knobs_format(&edit->after, edit->knob, text, sizeof text);
        turn_to(t, edit->knob, text, "again: ");
    }
}
