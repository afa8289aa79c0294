/* SPDX-License-Identifier: MIT */
/* Edits as the trainer's thread makes them, undoes and redoes them. Undo takes an edit back with what came of it, the
 * weights, where the run can go back that far within the trainer's undo_seconds: it goes on as if the edit had not been
 * made. Else only the setting gets its old value. */
#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "run/journal.h"
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

/* The mark of an edit, with the value before it. */
static void push_edit(struct runner *runner, enum knob_id knob, const struct knobs *before, const struct knobs *after)
{
    struct sample s = runner_sample(runner, SAMPLE_EDIT);

    s.edit.knob = knob;
    s.edit.before = before->value[knob];
    s.edit.after = after->value[knob];
    s.edit.standard = !before->set[knob];
    text_copy(s.edit.text, sizeof s.edit.text, knob_row(knob)->type == KNOB_TEXT ? knobs_text(before, knob) : "");
    runner_push(runner, &s);
}

/* Give a live setting its value; mark and log it. 1 when something changed. */
static int turn_to(struct runner *runner, enum knob_id knob, const struct knob_value *value, const char *sign,
                   const char *rest)
{
    struct knobs before = *run_knobs(runner->run);
    const struct knobs *now;
    char from[80], to[80], line[SNAPSHOT_TEXT * 2];
    struct err e;

    if (run_set(runner->run, knob, value, &e) != 0) {
        trainer_log(runner, LOG_NOTE, e.text);
        return 0;
    }
    now = run_knobs(runner->run);
    if (knobs_same(&before, now, knob))
        return 0;
    show(&before, knob, shows_same(&before, now, knob), from, sizeof from);
    show(now, knob, shows_same(&before, now, knob), to, sizeof to);
    snprintf(line, sizeof line, "%s%s %s → %s%s", sign, knob_row(knob)->title, from, to, rest);
    trainer_log(runner, LOG_EDIT, line);
    push_edit(runner, knob, &before, now);
    return 1;
}

void trainer_turn(struct runner *runner, const struct command *c)
{
    struct edit edit = {
        .knob = c->knob,
        .step = run_counters(runner->run)->step,
        .began = run_counters(runner->run)->step,
        .lines = journal_lines(run_journal(runner->run)),
        .before = *run_knobs(runner->run),
        .turned = c->count > 0,
    };

    if ((unsigned)c->knob >= KNOB_COUNT)
        return;
    if (!edits_continues(&runner->edits, &edit))
        travel_note(runner, 1);
    if (!turn_to(runner, c->knob, &c->setting, "", ""))
        return;
    edit.after = *run_knobs(runner->run);
    edits_note(&runner->edits, &edit);
}

/* The setting is back with the run: told as if it had been turned. */
static void tell_back(struct runner *runner, const struct edit *edit)
{
    char before[64], after[64], step[TEXT_COUNT], line[SNAPSHOT_TEXT * 2];

    knobs_show(&edit->before, edit->knob, before, sizeof before);
    knobs_show(&edit->after, edit->knob, after, sizeof after);
    text_count(step, sizeof step, run_counters(runner->run)->step);
    snprintf(line, sizeof line, "undo: %s %s → %s, back at step %s, with its weights", knob_row(edit->knob)->title, after,
             before, step);
    trainer_log(runner, LOG_EDIT, line);
    push_edit(runner, edit->knob, &edit->after, &edit->before);
}

static void take_back(struct runner *runner, const struct edit *edit)
{
    struct knob_value value = knobs_value(&edit->before, edit->knob);
    struct edit copy = *edit;
    struct err e;

    if (travel_to(runner, edit->began, edit->lines, runner->trainer->undo_seconds, &e) == 0)
        tell_back(runner, &copy);
    else
        turn_to(runner, edit->knob, &value, "undo: ", ", setting only");
}

/* An escape goes with what came of it: its weights of before are put back where nothing has moved them since, else the run
 * goes back where it can. Else the step is subtracted. */
static void take_escape_back(struct runner *runner, const struct edit *edit)
{
    char step[TEXT_COUNT], line[SNAPSHOT_TEXT];
    struct err e;

    if (saddle_escape_is_last(runner->run, edit->escape) ||
        travel_to(runner, edit->step, edit->lines, runner->trainer->undo_seconds, &e) != 0) {
        trainer_escape_again(runner, edit->escape, 0);
        return;
    }
    text_count(step, sizeof step, run_counters(runner->run)->step);
    snprintf(line, sizeof line, "undo: escape, back at step %s, with its weights", step);
    trainer_log(runner, LOG_EDIT, line);
}

/* An edit is made again here and now: it is undone to here. */
static void made_here(struct runner *runner, struct edit *edit)
{
    travel_note(runner, 1);
    edit->step = edit->began = run_counters(runner->run)->step;
    edit->lines = journal_lines(run_journal(runner->run));
}

static void escape_anew(struct runner *runner, struct edit *edit)
{
    made_here(runner, edit);
    trainer_escape_again(runner, edit->escape, 1);
}

void trainer_step_back(struct runner *runner, int again)
{
    const struct edit *edit = again ? edits_redo(&runner->edits) : edits_undo(&runner->edits);
    struct knob_value value;

    if (!edit) {
        trainer_log(runner, LOG_NOTE, again ? "nothing to redo" : "nothing to undo");
    } else if (edit->escape && again) {
        escape_anew(runner, &runner->edits.list[runner->edits.done - 1]);
    } else if (edit->escape) {
        take_escape_back(runner, edit);
    } else if (!again) {
        take_back(runner, edit);
    } else {
        struct edit *redone = &runner->edits.list[runner->edits.done - 1];
        made_here(runner, redone);
        value = knobs_value(&redone->after, redone->knob);
        turn_to(runner, redone->knob, &value, "redo: ", "");
    }
}
