/* SPDX-License-Identifier: MIT */
#include "lecture/data-task.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "data/names.h"
#include "data/recording.h"
#include "data/window.h"
#include "lecture/diagnosis-tree.h"
#include "lecture/predict.h"

enum { SHOW_EVERY = 4096 }; /* frames between two reports of progress */

const struct dataset *data_task_data(const struct data_task *t)
{
    return *t->file ? &t->recording : t->task.data;
}

void data_task_features(const struct data_task *t, int64_t u, int64_t from, int count, float *out)
{
    const struct dataset *d = data_task_data(t);

    window_copy(d, t->result.begin[u] + from, count, out, d->dims);
}

/* ---- the work ------------------------------------------------------------------------------- */

static int make_room(struct data_result *r, const struct frame_set *set, struct err *e)
{
    size_t frames = (size_t)set->frames, utterances = (size_t)set->utterances;

    r->frames = set->frames;
    r->utterances = set->utterances;
    if (memory_need("predictions", 6ull * frames + 20ull * utterances, e))
        return -ERR_RUNTIME;
    r->first = malloc(sizeof *r->first * (utterances + 1));
    r->begin = malloc(sizeof *r->begin * utterances);
    r->utterance = malloc(sizeof *r->utterance * utterances);
    r->label = malloc(frames);
    r->predicted = malloc(frames);
    r->probability = malloc(sizeof *r->probability * frames);
    if (r->first && r->begin && r->utterance && r->label && r->predicted && r->probability)
        return 0;
    return err_memory(e, "predictions", 6ull * frames);
}

static void note_utterances(struct data_result *r, const struct frame_set *set, const struct dataset *d)
{
    memcpy(r->first, set->first, sizeof *r->first * (size_t)(set->utterances + 1));
    for (int64_t u = 0; u < set->utterances; u++) {
        r->utterance[u] = set->utterance[u];
        r->begin[u] = d->bounds[set->utterance[u]];
    }
}

struct taking {
    struct data_task *task;
    int64_t before, of; /* frames of the sets, for the progress */
};

static void take(void *context, const struct run_answer *a)
{
    struct taking *s = context;
    struct data_result *r = &s->task->result;
    double p[LOSS_MOST_CLASSES];
    int best;

    confusion_count(&r->confusion, a);
    if (a->frame < 0)
        return;
    best = softmax_probabilities(r->confusion.classes, a->logits, p);
    r->label[a->frame] = (uint8_t)a->label;
    r->predicted[a->frame] = (uint8_t)best;
    r->probability[a->frame] = (float)p[best];
    if (a->frame % SHOW_EVERY == 0)
        task_changed(&s->task->task, (int)(100 * (s->before + a->frame) / s->of), 100);
}

static int ended(struct run *l, int r, struct err *e)
{
    if (r == -ERR_INPUT)
        return dataset_check(run_data(l), e);
    return r ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

static void note_look(struct data_task *t, double loss, double accuracy)
{
    t->task.looked = 1;
    t->task.test_loss = loss;
    t->task.test_accuracy = accuracy;
}

static int predict(struct data_task *t, struct run *l, enum run_set_id set, struct err *e)
{
    const struct source *source = run_source(l, set);
    struct taking taking = {t, 0, source->frames->frames};
    struct data_result *r = &t->result;
    double accuracy;
    int result;

    if (source->frames->frames == 0)
        return err_set(e, ERR_INPUT, "%s: the split has no such frames", run_data(l)->path);
    r->set = set;
    result = make_room(r, source->frames, e);
    if (result == 0)
        result = confusion_init(&r->confusion, run_network(l)->classes, e);
    if (result)
        return result;
    note_utterances(r, source->frames, run_data(l));
    confusion_begin(&r->confusion, l, source);
    result = ended(l, run_answers(l, source, take, &taking, &r->loss, &accuracy), e);
    r->confusion.set = NULL; /* the run's */
    if (result == 0 && set == RUN_TEST && !*t->file)
        note_look(t, r->loss, (double)r->confusion.correct / (double)r->confusion.frames);
    return result;
}

/* The accuracy on one more set, unless it is the one that was looked at. */
static int score(struct data_task *t, enum run_set_id set, double *accuracy, struct err *e)
{
    const struct confusion *c = &t->result.confusion;
    struct run *l = t->task.copy;
    double loss;

    *accuracy = NAN;
    if (set == t->set)
        *accuracy = c->frames ? (double)c->correct / (double)c->frames : NAN;
    else if (run_source(l, set)->frames->frames > 0) {
        int r = ended(l, run_evaluate(l, run_source(l, set), NULL, NULL, &loss, accuracy), e);
        if (r == 0 && set == RUN_TEST)
            note_look(t, loss, *accuracy);
        return r;
    }
    return 0;
}

/* The set itself, then what is to stand beside it. */
static int look_at_set(struct data_task *t, struct err *e)
{
    struct data_result *r = &t->result;
    int result = predict(t, t->task.copy, t->set, e);

    r->unheard = NAN;
    r->no_unheard = tree_no_unheard(t->task.copy);
    if (result == 0)
        result = score(t, RUN_VALIDATION, &r->validation, e);
    return result == 0 && !r->no_unheard ? score(t, RUN_TEST, &r->unheard, e) : result;
}

/* The same network on a data set of one utterance. */
static int look_at_recording(struct data_task *t, struct err *e)
{
    char *classes = name_list_join(&t->task.data->classes);
    struct run *l = NULL;
    int r = classes ? recording_open(&t->recording, t->file, classes, e) : err_memory(e, "the names of the classes", 1);

    free(classes);
    if (r == 0 && t->recording.dims != t->task.data->dims)
        r = err_set(e, ERR_INPUT, "%s: recordings have %d features a frame, this data has %d", t->file, t->recording.dims,
                    t->task.data->dims);
    if (r == 0)
        r = run_new(&l, &t->recording, run_knobs(t->task.copy), task_pool(&t->task), e);
    if (r == 0) {
        run_measure_shown(t->task.copy);
        r = run_take_weights(l, t->task.copy, e);
    }
    if (r == 0) {
        run_watch(l, task_cancel(&t->task), NULL);
        r = predict(t, l, RUN_TEST, e);
    }
    run_free(l);
    t->result.validation = t->result.unheard = NAN;
    t->result.no_unheard = "a recording has no labels";
    return r;
}

static int work(struct task *task, struct err *e)
{
    struct data_task *t = (struct data_task *)task;

    run_watch(task->copy, task_cancel(task), NULL);
    return *t->file ? look_at_recording(t, e) : look_at_set(t, e);
}

/* ---- its making ----------------------------------------------------------------------------- */

static void free_task(struct task *task)
{
    struct data_task *t = (struct data_task *)task;
    struct data_result *r = &t->result;

    free(r->first);
    free(r->begin);
    free(r->utterance);
    free(r->label);
    free(r->predicted);
    free(r->probability);
    confusion_free(&r->confusion);
    dataset_free(&t->recording);
    free(t);
}

static const struct task_kind kind = {.slot = TASK_DATA, .copies = 1, .work = work, .free = free_task};

int data_task_new(struct data_task **out, enum run_set_id set, const char *recording, struct err *e)
{
    struct data_task *t = calloc(1, sizeof *t);

    if (!t)
        return err_memory(e, "predictions", sizeof *t);
    task_init(&t->task, &kind);
    t->set = set;
    text_copy(t->file, sizeof t->file, recording ? recording : "");
    *out = t;
    return 0;
}
