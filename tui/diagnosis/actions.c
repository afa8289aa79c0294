/* SPDX-License-Identifier: MIT */
/* Keys and the command of the Diagnosis view: measure, run the next test, try a cure. */
#include <stdlib.h>
#include <string.h>

#include "app/actions.h"
#include "app/compare-menu.h"
#include "diagnosis/panes.h"

static unsigned measure(struct app *a, int by)
{
    (void)by;
    if (app_send(a, COMMAND_MEASURE, 0))
        app_say(a, 0, "%s", DIAGNOSIS_MEASURING);
    return REACT_DRAW;
}

int action_measure_cancel(struct app *a)
{
    if (a->model.snapshot->measured.status != MEASURED_RUNNING)
        return 0;
    app_send(a, COMMAND_MEASURE_CANCEL, 0);
    return 1;
}

static unsigned go_on(struct app *a)
{
    if (!app_is_training(a))
        app_send(a, COMMAND_RESUME, 0);
    app_say(a, 0, "the smaller network has to see as many examples first");
    return REACT_DRAW;
}

static unsigned next_test(struct app *a, int by)
{
    struct diagnosed d;

    diagnosis_of(&a->model, &d);
    switch (d.test) {
    case TREE_TEST_MEASURE:
        return measure(a, by);
    case TREE_TEST_SHALLOWER:
        return action_compare_with(a, "shallower");
    case TREE_TEST_WIDER:
        return action_compare_with(a, "wider");
    case TREE_TEST_WAIT:
        return go_on(a);
    case TREE_TEST_PROBE:
        if (app_send(a, COMMAND_PROBE, 0))
            app_say(a, 0, "probing the curvature: is it a critical point?");
        return REACT_DRAW;
    case TREE_TEST_CURES:
        return action_cure_menu(a, 0);
    case TREE_TEST_NONE:
        app_say(a, 0, "%s", tree_test_words(d.test));
    }
    return REACT_DRAW;
}

static const struct key_binding diagnosis_rows[] = {
    {INPUT_ENTER, '=', 0, "diagnosis-measure", "measure",
     "measure the losses of whole sets in evaluation mode, unheard voices among them, and the layers", measure, 0},
    {'t', 0, 0, "diagnosis-test", "next test", "run the test that the tree asks for", next_test, 0},
    {'c', 0, 0, "diagnosis-cures", "cures", "show tests and cures, each a run beside this one", action_cure_menu, 0},
};
const struct key_set diagnosis_keys = KEY_SET("diagnosis", diagnosis_rows);

/* ---- the command ---------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum knob_id setting;
} thresholds[] = {
    {"large", KNOB_DIAGNOSIS_LARGE},
    {"gap", KNOB_DIAGNOSIS_GAP},
    {"mismatch", KNOB_DIAGNOSIS_MISMATCH},
    {"margin", KNOB_DIAGNOSIS_MARGIN},
    {"frames", KNOB_DIAGNOSIS_FRAMES},
};
enum { THRESHOLDS = sizeof thresholds / sizeof *thresholds };

static const char *diagnosis_word(const char *rest, int i)
{
    static const char *const more[] = {"measure", "test", "cures", "cancel"};

    if (*rest)
        return NULL;
    if (i < THRESHOLDS)
        return thresholds[i].name;
    i -= THRESHOLDS;
    return i < (int)(sizeof more / sizeof *more) ? more[i] : NULL;
}

/* "gap .2" */
static unsigned set_threshold(struct app *a, const char *rest)
{
    for (int i = 0; i < THRESHOLDS; i++) {
        size_t n = strlen(thresholds[i].name);
        if (strncmp(rest, thresholds[i].name, n) == 0 && rest[n] == ' ')
            return action_set(a, thresholds[i].setting, rest + n + 1);
    }
    app_say(a, 1, "diagnosis: expected large, gap, mismatch, margin or frames and a number, or measure, test, cures or cancel");
    return REACT_DRAW;
}

static unsigned run_diagnosis(struct app *a, const char *rest)
{
    if (strcmp(rest, "cancel") == 0) {
        if (!action_measure_cancel(a))
            app_say(a, 0, "nothing is being measured");
        return REACT_DRAW;
    }
    if (view_shown(&a->model) != &diagnosis_view)
        action_view(a, view_index(&diagnosis_view));
    if (!*rest)
        return REACT_DRAW;
    if (strcmp(rest, "measure") == 0)
        return measure(a, 0);
    if (strcmp(rest, "test") == 0)
        return next_test(a, 0);
    if (strcmp(rest, "cures") == 0)
        return action_cure_menu(a, 0);
    return set_threshold(a, rest);
}

const struct command_row diagnosis_commands[] = {
    {"diagnosis", " [WHAT]", "open the view; WHAT: measure, test, cures, cancel, or a threshold and its value, such as gap .2",
     run_diagnosis, diagnosis_word},
    {0},
};
