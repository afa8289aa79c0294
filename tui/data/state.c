/* SPDX-License-Identifier: MIT */
/* What the panes of the Data view share. */
#include "data/panes.h"

#include <math.h>
#include <stdio.h>

#include "app/tasks.h"

struct data_ui *data_ui(const struct model *m)
{
    return view_state(m, &data_view);
}

const struct data_task *data_shown(const struct model *m)
{
    return (const struct data_task *)m->task[TASK_DATA].shown;
}

struct data_ui data_places(const struct model *m)
{
    const struct data_task *t = data_shown(m);
    struct data_ui ui = *data_ui(m);

    if (t && ui.of != &t->task)
        ui.utterance = ui.frame = ui.pair = ui.class = ui.row = ui.column = 0;
    ui.of = t ? &t->task : NULL;
    return ui;
}

const char *data_set_name(enum run_set_id set)
{
    static const char *const names[] = {[RUN_TRAIN] = "train", [RUN_VALIDATION] = "val", [RUN_TEST] = "test"};

    return names[set];
}

const char *data_class(const struct data_task *t, int class)
{
    const struct dataset *d = data_task_data(t);

    return class >= 0 && class < d->classes.count ? d->classes.names[class] : "";
}

int data_pairs(const struct data_task *t, struct confusion_pair pair[DATA_PAIRS_MOST])
{
    return confusion_pairs(&t->result.confusion, pair, DATA_PAIRS_MOST);
}

int data_top(int chosen, int rows, int h)
{
    int top = chosen - h / 2;

    if (top > rows - h)
        top = rows - h;
    return top > 0 ? top : 0;
}

void data_hint(const struct model *m, struct canvas *inside)
{
    const char *why = tasks_failure(m, TASK_DATA);
    char share[16], key[16] = "", text[96];

    tasks_progress(m, TASK_DATA, share, sizeof share);
    key_of("data-predict", inside->charset, key, sizeof key);
    if (*share)
        snprintf(text, sizeof text, "predicting %s", share);
    else if (*why && m->task[TASK_DATA].asked) {
        pane_hint(inside, why);
        return;
    } else
        snprintf(text, sizeof text, "no predictions yet; %s makes them with the current weights", key);
    pane_hint(inside, text);
}

double data_scored(const struct data_task *t, const char **of)
{
    const struct data_result *r = &t->result;
    int test = isfinite(r->unheard);

    *of = test ? "unheard voices" : "validation";
    return test ? r->unheard : r->validation;
}

void data_ladder_words(const struct data_task *t, char *out, size_t size)
{
    const char *of;

    baselines_words(t->task.data, data_scored(t, &of), out, size);
}
