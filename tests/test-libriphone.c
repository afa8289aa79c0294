/* SPDX-License-Identifier: MIT */
/* data/: the homework's folder and its cache. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/dataset.h"
#include "data/libriphone.h"
#include "libriphone-folder.h"
#include "run/run.h"
#include "run/run-private.h"

struct folders {
    char dir[40], cache[40];
};

static int set_up(void **state)
{
    struct folders *p = calloc(1, sizeof *p);

    snprintf(p->dir, sizeof p->dir, "%s", temporary_folder());
    snprintf(p->cache, sizeof p->cache, "%s", temporary_folder());
    setenv("XDG_CACHE_HOME", p->cache, 1);
    folder_make(p->dir);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct folders *p = *state;

    remove_folder(p->dir);
    remove_folder(p->cache);
    free(p);
    return 0;
}

static int count_calls(void *context, int64_t done, int64_t total)
{
    int *calls = context;

    ++*calls;
    assert_int_equal(done, *calls);
    assert_int_equal(total, FOLDER_UTTERANCES);
    return 0;
}

static void open_well(struct dataset *d, const char *name, int *calls, char **note)
{
    struct err e = {0};
    int r = dataset_open(d, name, calls ? count_calls : NULL, calls, note, &e);

    if (r)
        fail_msg("%s", e.text);
}

static void assert_folder(const struct dataset *d)
{
    assert_int_equal(d->utterances, FOLDER_UTTERANCES);
    assert_int_equal(d->frames, 11);
    assert_int_equal(d->dims, FOLDER_DIMS);
    assert_int_equal(d->classes.count, 41);
    assert_string_equal(d->classes.names[0], "SIL");
    assert_string_equal(d->classes.names[40], "EH");
    for (int u = 0; u < FOLDER_UTTERANCES; u++) {
        assert_string_equal(d->ids.names[u], folder_utterances[u].id);
        assert_int_equal(d->role[u], u < 3 ? ROLE_SPLIT : ROLE_TEST);
        assert_memory_equal(d->speakers.names[d->speaker[u]], folder_utterances[u].id, 3);
        assert_int_equal(d->bounds[u + 1] - d->bounds[u], folder_utterances[u].frames);
        for (int i = 0; i < folder_utterances[u].frames; i++) {
            assert_int_equal(d->labels[d->bounds[u] + i], folder_label(u, i));
            for (int k = 0; k < FOLDER_DIMS; k++)
                assert_true(((const float *)d->features)[(d->bounds[u] + i) * FOLDER_DIMS + k] ==
                            folder_value(u, i, k));
        }
    }
}

static void folder_is_read_in_stored_order(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    char *note;

    open_well(&d, p->dir, NULL, &note);
    assert_null(note);
    assert_folder(&d);
    assert_int_equal(d.speakers.count, 3);
    assert_string_equal(d.path, p->dir);
    assert_string_equal(d.name, strrchr(p->dir, '/') + 1);
    dataset_free(&d);
}

/* Progress is only asked for when utterances are read: no call means that the cache was used. */
static void cache_is_reused_and_rebuilt(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    uint64_t fingerprint;
    int calls = 0;

    open_well(&d, p->dir, &calls, NULL);
    assert_int_equal(calls, FOLDER_UTTERANCES);
    assert_non_null(d.file);
    fingerprint = d.fingerprint;
    dataset_free(&d);
    open_well(&d, p->dir, &calls, NULL);
    assert_int_equal(calls, FOLDER_UTTERANCES);
    assert_folder(&d);
    assert_true(d.fingerprint == fingerprint);
    dataset_free(&d);

    calls = 0;
    write_text(folder_path(p->dir, "train_labels.txt"),
               "100-1-0000 1 2 3\n100-1-0001 4 5\n200-2-0000 6 7 8 9\nnot-listed 1 2 3\n");
    open_well(&d, p->dir, &calls, NULL);
    assert_int_equal(calls, FOLDER_UTTERANCES);
    assert_int_equal(d.labels[0], 6);
    assert_true(d.fingerprint != fingerprint);
    dataset_free(&d);
}

static void newer_features_rebuild_the_cache(void **state)
{
    struct folders *p = *state;
    struct pt_make m;
    struct dataset d;
    int calls = 0;
    float *values;

    open_well(&d, p->dir, NULL, NULL);
    dataset_free(&d);
    usleep(20000); /* times of files have the grain of the kernel's clock */
    values = folder_values(1);
    values[5] = 42;
    m = pt_plain(2, FOLDER_DIMS, values);
    pt_write(folder_pt(p->dir, 1), &m);
    open_well(&d, p->dir, &calls, NULL);
    assert_int_equal(calls, FOLDER_UTTERANCES);
    assert_true(((const float *)d.features)[4 * FOLDER_DIMS + 5] == 42);
    dataset_free(&d);
}

static void damaged_cache_is_rebuilt_in_silence(void **state)
{
    struct folders *p = *state;
    struct libriphone l;
    struct dataset d;
    struct err e;
    char path[200], *note;
    int calls = 0;

    open_well(&d, p->dir, NULL, NULL);
    dataset_free(&d);
    assert_int_equal(libriphone_scan(&l, p->dir, &e), 0);
    snprintf(path, sizeof path, "%s/saddle/libriphone-%s.safetensors", p->cache, l.key);
    libriphone_free(&l);
    assert_int_equal(truncate(path, 500), 0);
    open_well(&d, p->dir, &calls, &note);
    assert_int_equal(calls, FOLDER_UTTERANCES);
    assert_null(note);
    assert_folder(&d);
    dataset_free(&d);
}

static void unwritable_cache_means_memory_and_a_note(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    char *note;

    write_text(folder_path(p->cache, "file"), "");
    setenv("XDG_CACHE_HOME", folder_path(p->cache, "file"), 1);
    open_well(&d, p->dir, NULL, &note);
    assert_non_null(note);
    assert_non_null(strstr(note, "/file/saddle"));
    assert_null(d.file);
    assert_folder(&d);
    dataset_free(&d);
    free(note);
}

static void unnamed_files_are_noted(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    char *note;

    for (int again = 0; again < 2; again++) { /* from the cache, too */
        write_text(folder_path(p->dir, "feat/train/9-9-9.pt"), "");
        open_well(&d, p->dir, NULL, &note);
        assert_non_null(note);
        assert_non_null(strstr(note, "that no list names, left out: 1"));
        assert_folder(&d);
        dataset_free(&d);
        free(note);
    }
}

static void without_test_labels_test_is_left_out(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    char *note;

    unlink(folder_path(p->dir, "test_labels.txt"));
    unlink(folder_pt(p->dir, 3));
    open_well(&d, p->dir, NULL, &note);
    assert_non_null(note);
    assert_non_null(strstr(note, "test utterances left out for that: 1"));
    assert_int_equal(d.utterances, 3);
    assert_int_equal(d.frames, 9);
    dataset_free(&d);
    free(note);
}

/* … but can be predicted, whatever else the folder lacks. */
static void without_test_labels_test_can_be_predicted(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    struct err e = {0};
    int frames = folder_utterances[3].frames;

    assert_int_equal(dataset_open_test(&d, p->dir, NULL, NULL, NULL, &e), 0); /* with labels, as any other */
    assert_int_equal(d.utterances, FOLDER_UTTERANCES);
    dataset_free(&d);
    unlink(folder_path(p->dir, "test_labels.txt"));
    unlink(folder_path(p->dir, "train_labels.txt"));
    if (dataset_open_test(&d, p->dir, NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_int_equal(d.utterances, 1);
    assert_int_equal(d.frames, frames);
    assert_int_equal(d.bounds[1], frames);
    assert_int_equal(d.role[0], ROLE_TEST);
    assert_string_equal(d.ids.names[0], folder_utterances[3].id);
    assert_memory_equal(d.features, folder_values(3), sizeof(float) * (size_t)(frames * FOLDER_DIMS));
    for (int i = 0; i < frames; i++)
        assert_int_equal(d.labels[i], DATASET_UNLABELLED);
    dataset_free(&d);
    unlink(folder_pt(p->dir, 3));
    assert_int_equal(dataset_open_test(&d, p->dir, NULL, NULL, NULL, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, folder_utterances[3].id));
}

/* What there is to train on stayed elsewhere: it can be evaluated on, and nothing else. */
static void a_test_split_alone_can_be_evaluated_on(void **state)
{
    struct folders *p = *state;
    struct knobs k;
    struct dataset d;
    struct pool *pool;
    struct run *run;
    struct err e = {0};
    double loss, accuracy;

    unlink(folder_path(p->dir, "train_split.txt"));
    unlink(folder_path(p->dir, "train_labels.txt"));
    open_well(&d, p->dir, NULL, NULL);
    assert_int_equal(d.utterances, 1);
    assert_string_equal(d.ids.names[0], folder_utterances[3].id);
    assert_int_equal(d.role[0], ROLE_TEST);
    knobs_standard(&k);
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "linear 41", &e), 0);
    assert_int_equal(pool_new(&pool, 1, &e), 0);
    if (run_new(&run, &d, &k, pool, &e))
        fail_msg("%s", e.text);
    assert_int_equal(run->train.frames->frames, 0);
    assert_int_equal(run->test.frames->frames, folder_utterances[3].frames);
    assert_int_equal(run_evaluate(run, &run->test, NULL, NULL, &loss, &accuracy), 0);
    assert_true(loss > 0 && accuracy >= 0);
    run_free(run);
    pool_free(pool);
    dataset_free(&d);
    unlink(folder_path(p->dir, "test_labels.txt")); /* without labels it is no data set at all */
    assert_int_equal(dataset_open(&d, p->dir, NULL, NULL, NULL, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "train_split.txt"));
}

static void line_ends_of_other_systems(void **state)
{
    struct folders *p = *state;
    struct dataset d;

    write_text(folder_path(p->dir, "train_split.txt"), "200-2-0000\r\n100-1-0001\r\n100-1-0000");
    write_text(folder_path(p->dir, "train_labels.txt"),
               "200-2-0000 0 3 6 9\r\n100-1-0001 11 14\r\n100-1-0000 22 25 28");
    open_well(&d, p->dir, NULL, NULL);
    assert_folder(&d);
    dataset_free(&d);
}

static int cancel(void *context, int64_t done, int64_t total)
{
    (void)context;
    (void)total;
    return done == 2;
}

static void import_can_be_cancelled(void **state)
{
    struct folders *p = *state;
    struct dataset d;
    struct err e;

    assert_int_equal(dataset_open(&d, p->dir, cancel, NULL, NULL, &e), -ERR_CANCELLED);
    assert_null(d.owned);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(folder_is_read_in_stored_order),
        PLACED(cache_is_reused_and_rebuilt),
        PLACED(newer_features_rebuild_the_cache),
        PLACED(damaged_cache_is_rebuilt_in_silence),
        PLACED(unwritable_cache_means_memory_and_a_note),
        PLACED(unnamed_files_are_noted),
        PLACED(without_test_labels_test_is_left_out),
        PLACED(without_test_labels_test_can_be_predicted),
        PLACED(a_test_split_alone_can_be_evaluated_on),
        PLACED(line_ends_of_other_systems),
        PLACED(import_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
