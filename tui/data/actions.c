/* SPDX-License-Identifier: MIT */
/* The keys of the Data view: what is predicted, and the places in it that are looked at. */
#include "app/actions.h"

#include "data/panes.h"

/* The state to change, about the result that is shown; NULL: there is none. */
static struct data_ui *places(struct app *a)
{
    struct data_ui *ui = data_ui(&a->model);

    *ui = data_places(&a->model);
    return ui->of ? ui : NULL;
}

static int64_t bounded(int64_t x, int64_t rows)
{
    return x < 0 ? 0 : x >= rows ? rows - 1 : x;
}

/* ---- predictions ---------------------------------------------------------------------------- */

unsigned data_predict(struct app *a, const char *recording)
{
    struct data_task *t;
    struct err e = {0};

    if (data_task_new(&t, data_ui(&a->model)->set, recording, &e) != 0)
        app_say(a, 1, "%s", e.text);
    else
        app_ask_task(a, &t->task);
    return REACT_DRAW;
}

static unsigned action_data_predict(struct app *a, int by)
{
    (void)by;
    return data_predict(a, NULL);
}

static unsigned action_data_split(struct app *a, int by)
{
    struct data_ui *ui = data_ui(&a->model);
    static const enum run_set_id next[] = {
        [RUN_VALIDATION] = RUN_TEST, [RUN_TEST] = RUN_TRAIN, [RUN_TRAIN] = RUN_VALIDATION};

    (void)by;
    ui->set = next[ui->set];
    return data_predict(a, NULL);
}

/* ---- the utterance -------------------------------------------------------------------------- */

static int64_t length_of(const struct data_result *r, int64_t u)
{
    return r->first[u + 1] - r->first[u];
}

static unsigned action_data_frame(struct app *a, int by)
{
    struct data_ui *ui = places(a);

    if (ui)
        ui->frame = bounded(ui->frame + by, length_of(&data_shown(&a->model)->result, ui->utterance));
    return REACT_DRAW;
}

static unsigned action_data_utterance(struct app *a, int by)
{
    struct data_ui *ui = places(a);
    int64_t before;

    if (!ui)
        return REACT_DRAW;
    before = ui->utterance;
    ui->utterance = bounded(before + by, data_shown(&a->model)->result.utterances);
    if (ui->utterance != before)
        ui->frame = 0;
    return REACT_DRAW;
}

static int is_sought(const struct data_result *r, int64_t f, int truth, int predicted)
{
    if (truth < 0)
        return r->label[f] != r->predicted[f] && r->label[f] != DATASET_UNLABELLED;
    return r->label[f] == truth && r->predicted[f] == predicted;
}

/* Go to the next stretch after the cursor's, over the ends of utterances, whose frames have this truth and prediction; −1, −1:
 * to the next frame that is wrong. */
static void find(struct app *a, struct data_ui *ui, int truth, int predicted)
{
    const struct data_result *r = &data_shown(&a->model)->result;
    int64_t f = r->first[ui->utterance] + ui->frame, left = r->frames;

    while (truth >= 0 && left > 0 && is_sought(r, f, truth, predicted))
        f = (f + 1) % r->frames, left--;
    for (f = truth < 0 ? (f + 1) % r->frames : f; left > 0 && !is_sought(r, f, truth, predicted); left--)
        f = (f + 1) % r->frames;
    if (left == 0) {
        app_say(a, 0, "no other frame like that");
        return;
    }
    ui->utterance = 0;
    while (f >= r->first[ui->utterance + 1])
        ui->utterance++;
    ui->frame = f - r->first[ui->utterance];
}

static unsigned action_data_wrong(struct app *a, int by)
{
    struct data_ui *ui = places(a);

    (void)by;
    if (ui)
        find(a, ui, -1, -1);
    return REACT_DRAW;
}

/* ---- lists and the matrix --------------------------------------------------------------------- */

static unsigned action_pairs_choose(struct app *a, int by)
{
    struct confusion_pair pair[DATA_PAIRS_MOST];
    struct data_ui *ui = places(a);

    if (ui)
        ui->pair = (int)bounded(ui->pair + by, data_pairs(data_shown(&a->model), pair));
    return REACT_DRAW;
}

static unsigned action_pairs_find(struct app *a, int by)
{
    struct confusion_pair pair[DATA_PAIRS_MOST];
    struct data_ui *ui = places(a);

    (void)by;
    if (ui && data_pairs(data_shown(&a->model), pair) > ui->pair && ui->pair >= 0)
        find(a, ui, pair[ui->pair].truth, pair[ui->pair].predicted);
    return REACT_DRAW;
}

static unsigned action_classes_choose(struct app *a, int by)
{
    int order[DATASET_MOST_CLASSES];
    struct data_ui *ui = places(a);

    if (ui)
        ui->class = (int)bounded(ui->class + by, confusion_order(&data_shown(&a->model)->result.confusion, order));
    return REACT_DRAW;
}

/* by: −1, 1 to another column, −2, 2 to another row. */
static unsigned action_matrix_move(struct app *a, int by)
{
    struct data_ui *ui = places(a);

    if (!ui)
        return REACT_DRAW;
    ui->column = (int)bounded(ui->column + by % 2, data_shown(&a->model)->result.confusion.classes);
    ui->row = (int)bounded(ui->row + by / 2, data_shown(&a->model)->result.confusion.classes);
    return REACT_DRAW;
}

static const struct key_binding data_rows[] = {
    {INPUT_ENTER, 0, 0, "data-predict", "predict", "predict every frame of the chosen split with the current weights",
     action_data_predict, 0},
    {'s', 0, 0, "data-split", "split", "take the next split: validation, test, training", action_data_split, 1},
    {'w', 0, 0, "data-wrong", "next error", "move to the next frame that is predicted wrongly", action_data_wrong, 1},
};
const struct key_set data_keys = KEY_SET("data", data_rows);

static const struct key_binding utterance_rows[] = {
    {INPUT_LEFT, 'h', 0, "data-left", "frame", "move the cursor to the frame before", action_data_frame, -1},
    {INPUT_RIGHT, 'l', 0, "data-right", "frame", "move the cursor to the next frame", action_data_frame, 1},
    {INPUT_SHIFT_LEFT, 0, 0, "data-left-far", NULL, "move the cursor back by 20 frames", action_data_frame, -20},
    {INPUT_SHIFT_RIGHT, 0, 0, "data-right-far", NULL, "move the cursor on by 20 frames", action_data_frame, 20},
    {INPUT_UP, 'k', 0, "data-previous", "utterance", "show the utterance before", action_data_utterance, -1},
    {INPUT_DOWN, 'j', 0, "data-next", "utterance", "show the next utterance", action_data_utterance, 1},
    {INPUT_PAGE_UP, 0, 0, "data-previous-far", NULL, "show the utterance ten before", action_data_utterance, -10},
    {INPUT_PAGE_DOWN, 0, 0, "data-next-far", NULL, "show the utterance ten further on", action_data_utterance, 10},
};
const struct key_set utterance_keys = KEY_SET("data", utterance_rows);

static const struct key_binding pairs_rows[] = {
    {INPUT_UP, 'k', 0, "confusion-previous", "select", "select the confusion above", action_pairs_choose, -1},
    {INPUT_DOWN, 'j', 0, "confusion-next", "select", "select the confusion below", action_pairs_choose, 1},
    {INPUT_RIGHT, 'l', 0, "confusion-find", "find", "move the cursor to the next frame with this confusion", action_pairs_find, 1},
};
const struct key_set pairs_keys = KEY_SET("data", pairs_rows);

static const struct key_binding classes_rows[] = {
    {INPUT_UP, 'k', 0, "class-previous", "select", "select the class above", action_classes_choose, -1},
    {INPUT_DOWN, 'j', 0, "class-next", "select", "select the class below", action_classes_choose, 1},
};
const struct key_set classes_keys = KEY_SET("data", classes_rows);

static const struct key_binding matrix_rows[] = {
    {INPUT_LEFT, 'h', 0, "matrix-left", "move", "select the predicted class to the left", action_matrix_move, -1},
    {INPUT_RIGHT, 'l', 0, "matrix-right", "move", "select the predicted class to the right", action_matrix_move, 1},
    {INPUT_UP, 'k', 0, "matrix-up", "move", "select the true class above", action_matrix_move, -2},
    {INPUT_DOWN, 'j', 0, "matrix-down", "move", "select the true class below", action_matrix_move, 2},
};
const struct key_set matrix_keys = KEY_SET("data", matrix_rows);
