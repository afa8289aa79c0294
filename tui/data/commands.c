/* SPDX-License-Identifier: MIT */
/* data and wav, of the command line. */
#include "data/panes.h"

#include <string.h>

#include "app/actions.h"
#include "core/file.h"

enum { SETS = 3 };

static const enum run_set_id sets[SETS] = {RUN_VALIDATION, RUN_TEST, RUN_TRAIN};

static const char *data_word(const char *rest, int i)
{
    (void)rest;
    return i < SETS ? data_set_name(sets[i]) : i == SETS ? "cancel" : NULL;
}

static void show(struct app *a)
{
    if (view_shown(&a->model) != &data_view)
        action_view(a, view_index(&data_view));
}

static unsigned command_data(struct app *a, const char *rest)
{
    if (strcmp(rest, "cancel") == 0) {
        if (!app_cancel_task(a, TASK_DATA))
            app_say(a, 0, "nothing is being predicted");
        return REACT_DRAW;
    }
    show(a);
    if (!*rest)
        return REACT_DRAW;
    for (int i = 0; i < SETS; i++)
        if (strcmp(rest, data_set_name(sets[i])) == 0) {
            data_ui(&a->model)->set = sets[i];
            return data_predict(a, NULL);
        }
    app_say(a, 1, "data %.40s: choose val, test or train", rest);
    return REACT_DRAW;
}

static unsigned command_wav(struct app *a, const char *rest)
{
    char path[DATA_TASK_FILE];
    struct err e = {0};

    if (!*rest)
        app_say(a, 1, "wav: name a recording");
    else if (file_typed(path, sizeof path, rest, &e) != 0)
        app_say(a, 1, "wav: %s", e.text);
    else {
        show(a);
        return data_predict(a, path);
    }
    return REACT_DRAW;
}

const struct command_row data_commands[] = {
    {"data", " [SPLIT]", "open the view; with val, test or train, predict that split", command_data, data_word},
    {"wav", " FILE", "show a recording with the phones that the network hears", command_wav, NULL},
    {0},
};
