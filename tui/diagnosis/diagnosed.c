/* SPDX-License-Identifier: MIT */
/* The diagnosis of the run in focus, and what is said of it. */
#include <math.h>
#include <stdio.h>

#include "diagnosis/panes.h"
#include "draw/number.h"

void diagnosis_of(const struct model *m, struct diagnosed *d)
{
    d->thresholds = tree_thresholds_of(&m->knobs);
    d->source = tree_figures_of(m->runs, m->snapshot->run, &d->figures, &d->against);
    d->report = tree_diagnose(&d->figures, &d->thresholds);
    d->test = tree_next_test(&d->figures, &d->thresholds, d->report.branch);
}

void diagnosis_source_words(const struct model *m, const struct diagnosed *d, char *out, size_t size)
{
    const struct measured *s = &m->snapshot->measured;
    char step[NUMBER_SIZE], ago[NUMBER_SIZE];

    number_count(step, sizeof step, s->step);
    number_count(ago, sizeof ago, m->snapshot->step - s->step);
    if (s->status == MEASURED_RUNNING)
        snprintf(out, size, "measuring %s, %d of %d", s->text, s->done + 1, s->of > 0 ? s->of : TREE_SETS);
    else if (d->source == TREE_MEASURED && s->step < m->snapshot->step)
        snprintf(out, size, "measured %s step%s ago", ago, m->snapshot->step - s->step == 1 ? "" : "s");
    else if (d->source == TREE_MEASURED)
        snprintf(out, size, "measured at step %s", step);
    else if (d->source == TREE_EVALUATION)
        snprintf(out, size, "of the last evaluation");
    else
        snprintf(out, size, "not evaluated yet");
}

const char *diagnosis_sentence(const struct diagnosed *d)
{
    return d->source == TREE_NOT_EVALUATED ? "unknown: the run has not been evaluated yet" : d->report.evidence;
}

/* What to do about it. */
static const char *advice(enum diagnosis verdict)
{
    switch (verdict) {
    case DIAGNOSIS_CRITICAL:
        return ": probe it, is it a saddle?";
    case DIAGNOSIS_BOUNCING:
        return ": reduce the learning rate";
    case DIAGNOSIS_PLATEAU:
        return ": try a higher rate or momentum";
    case DIAGNOSIS_DIVERGING:
        return ": undo, or reduce the learning rate";
    default:
        return "";
    }
}

void diagnosis_stuck_words(const struct model *m, char *out, size_t size)
{
    enum diagnosis verdict = m->snapshot->stuck.verdict;

    snprintf(out, size, "stuck? %s%s", diagnosis_name(verdict), advice(verdict));
}
