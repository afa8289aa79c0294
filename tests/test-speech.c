/* SPDX-License-Identifier: MIT */
/* The real speech that may lie beside the sources, or where SADDLE_LIBRIPHONE says: skipped without it. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset.h"
#include "data/split.h"
#include "libriphone-folder.h"

static const char *speech;

static void counts_are_those_of_the_homework(void **state)
{
    struct dataset d;
    struct split s;
    struct err e = {0};
    int classes[41] = {0}, occur = 0;

    (void)state;
    if (dataset_open(&d, speech, NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_int_equal(d.utterances, 251);
    assert_int_equal(d.speakers.count, 251);
    for (int64_t i = 0; i < d.frames; i++)
        occur += classes[d.labels[i]]++ == 0;
    assert_int_equal(occur, 40);
    assert_int_equal(split_make(&s, &d, &(struct split_plan){.seed = 1337, .ratio = .8, .train_share = 1}, &e), 0);
    assert_int_equal(s.train.utterances, 160);
    assert_int_equal(s.validation.utterances, 41);
    assert_int_equal(s.train.frames + s.validation.frames, 252448);
    assert_int_equal(s.test.utterances, 50);
    assert_int_equal(s.test.frames, 61186);
    split_free(&s);
    dataset_free(&d);
}

/* Mean 0 and variance 1 per utterance and dimension is how the features were made. */
static void features_are_normalised(void **state)
{
    struct dataset d;
    const float *x;

    (void)state;
    assert_int_equal(dataset_open(&d, speech, NULL, NULL, NULL, NULL), 0);
    x = d.features;
    for (int64_t u = 0; u < d.utterances; u += 10)
        for (int k = 0; k < d.dims; k++) {
            double n = (double)(d.bounds[u + 1] - d.bounds[u]), sum = 0, squares = 0;
            for (int64_t i = d.bounds[u]; i < d.bounds[u + 1]; i++) {
                sum += (double)x[i * d.dims + k];
                squares += (double)x[i * d.dims + k] * (double)x[i * d.dims + k];
            }
            assert_true(sum / n < 1e-3 && sum / n > -1e-3);
            assert_true(squares / n < 1.01 && squares / n > .99);
        }
    dataset_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_homework),
        cmocka_unit_test(features_are_normalised),
    };
    const char *srcdir = getenv("srcdir");
    char beside[300], cache[40];
    int failed;

    snprintf(beside, sizeof beside, "%s/../shared/libriphone", srcdir ? srcdir : ".");
    speech = getenv("SADDLE_LIBRIPHONE");
    if (!speech)
        speech = beside;
    if (access(speech, R_OK) != 0) { /* cmocka's own skip is a failure to automake's TAP driver */
        printf("1..0 # SKIP there is no %s\n", speech);
        return 0;
    }
    snprintf(cache, sizeof cache, "%s", temporary_folder());
    setenv("XDG_CACHE_HOME", cache, 1);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(cache);
    return failed;
}
