/* SPDX-License-Identifier: MIT */
/* data/mfcc and data/audio: against figures computed independently (cases/mfcc/make-figures), at the
 * edges, and through a file. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "data/audio.h"
#include "data/mfcc.h"

/* As in make-figures, integers only. */
static void make_signal(const char *name, float *out, int count)
{
    uint32_t phase = 0, step = 600, seed = 1;

    for (int i = 0; i < count; i++) {
        phase = (phase + step++) % 65536;
        seed = seed * 1664525u + 1013904223u;
        out[i] = floorf(((float)phase - 32768) / 4) + (float)(seed >> 20) - 2048;
        if (strcmp(name, "half-silent") == 0 && i >= count / 2)
            out[i] = 0;
        if (strcmp(name, "constant") == 0)
            out[i] = 1000;
    }
}

/* The largest difference from the next frames × 39 figures of the file. */
static double compare(FILE *figures, const float *features, int frames)
{
    double most = 0;

    for (int i = 0; i < frames * MFCC_DIMS; i++) {
        double expected;
        assert_int_equal(fscanf(figures, "%lf", &expected), 1);
        assert_true(isfinite(features[i]));
        most = fmax(most, fabs(features[i] - expected));
    }
    return most;
}

static void agrees_with_independent_figures(void **state)
{
    char *path = text_format("%s/tests/cases/mfcc/figures.txt", getenv("srcdir") ? getenv("srcdir") : "."),
         name[32];
    FILE *figures = fopen(path, "r");
    struct mfcc *m = mfcc_new();
    int count, frames, cases = 0;

    (void)state;
    assert_non_null(figures);
    for (; fscanf(figures, "%31s %d %d", name, &count, &frames) == 3; cases++) {
        float *samples = calloc((size_t)count, sizeof *samples);
        float *features = calloc((size_t)frames * MFCC_DIMS, sizeof *features);
        double plain, normal;
        make_signal(name, samples, count);
        assert_int_equal(mfcc_frames(count), frames);
        mfcc_compute(m, samples, count, features);
        plain = compare(figures, features, frames);
        mfcc_normalise(features, frames);
        normal = compare(figures, features, frames);
        print_message("# %s: largest difference %.2g, normalised %.2g\n", name, plain, normal);
        assert_true(plain < 1e-4);
        assert_true(normal < 1e-4);
        free(samples);
        free(features);
    }
    assert_int_equal(cases, 3);
    mfcc_free(m);
    fclose(figures);
    free(path);
}

static void counts_whole_frames_only(void **state)
{
    static const int pairs[][2] = {{0, 0}, {399, 0}, {400, 1}, {559, 1}, {560, 2}, {16000, 98}};

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(mfcc_frames(pairs[i][0]), pairs[i][1]);
}

static void normalised_columns_have_mean_0_and_variance_1(void **state)
{
    enum { FRAMES = 50 };
    float f[FRAMES][MFCC_DIMS];

    (void)state;
    for (int t = 0; t < FRAMES; t++)
        for (int k = 0; k < MFCC_DIMS; k++)
            f[t][k] = k == 7 ? 16.3f : (float)(1000 + k + (k + 1) * ((t * 37) % 11));
    mfcc_normalise(f[0], FRAMES);
    for (int k = 0; k < MFCC_DIMS; k++) {
        double sum = 0, square = 0;
        for (int t = 0; t < FRAMES; t++) {
            sum += f[t][k];
            square += f[t][k] * f[t][k];
        }
        assert_true(fabs(sum / FRAMES) < 1e-5);
        assert_true(fabs(square / (FRAMES - 1) - (k == 7 ? 0 : 1)) < 1e-5);
    }
}

static void one_frame_becomes_zeros(void **state)
{
    struct mfcc *m = mfcc_new();
    float samples[MFCC_WINDOW], f[MFCC_DIMS];

    (void)state;
    make_signal("speechlike", samples, MFCC_WINDOW);
    mfcc_compute(m, samples, MFCC_WINDOW, f);
    assert_true(fabs((double)f[0]) > 1);
    mfcc_normalise(f, 1);
    for (int k = 0; k < MFCC_DIMS; k++)
        assert_true(f[k] == 0);
    mfcc_free(m);
}

static void put(unsigned char *at, unsigned long value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

/* A wav file of 16-bit samples i % 256 · sign, whose data is cut to `kept` bytes. */
static void write_wav(const char *path, unsigned rate, unsigned channels, int samples, int kept)
{
    unsigned char *b = calloc(1, 44 + 2 * (size_t)samples);

    memcpy(b, "RIFF....WAVEfmt ", 16);
    put(b + 4, 36 + 2 * (unsigned long)samples, 4);
    put(b + 16, 16, 4);
    put(b + 20, 1, 2);
    put(b + 22, channels, 2);
    put(b + 24, rate, 4);
    put(b + 28, rate * channels * 2, 4);
    put(b + 32, channels * 2, 2);
    put(b + 34, 16, 2);
    memcpy(b + 36, "data", 4);
    put(b + 40, 2 * (unsigned long)samples, 4);
    for (int i = 0; i < samples; i++)
        put(b + 44 + 2 * i, (unsigned long)((i % 2 ? -1 : 1) * (i % 256)) & 0xffff, 2);
    assert_int_equal(file_replace(path, b, 44 + (size_t)kept, NULL), 0);
    free(b);
}

static void assert_refused(const char *path, const char *sentence)
{
    struct audio a;
    struct err e = {0};

    assert_int_equal(audio_read(&a, path, &e), -ERR_INPUT);
    assert_null(a.samples);
    assert_non_null(strstr(e.text, path));
    if (!strstr(e.text, sentence))
        fail_msg("\"%s\" does not say \"%s\"", e.text, sentence);
}

static void audio_comes_in_16_bit_scale(void **state)
{
    char path[] = "/tmp/saddle-test-XXXXXX";
    struct audio a;

    (void)state;
    close(mkstemp(path));
    write_wav(path, AUDIO_RATE, 1, 1000, 2000);
    assert_int_equal(audio_read(&a, path, NULL), 0);
    assert_int_equal(a.count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_true(a.samples[i] == (i % 2 ? -1 : 1) * (i % 256));
    audio_free(&a);
    write_wav(path, AUDIO_RATE, 1, 1000, 1000); /* cut off in the middle */
    assert_int_equal(audio_read(&a, path, NULL), 0);
    assert_int_equal(a.count, 500);
    audio_free(&a);
    unlink(path);
}

static void audio_refuses_with_a_reason(void **state)
{
    char path[] = "/tmp/saddle-test-XXXXXX";

    (void)state;
    close(mkstemp(path));
    assert_refused(path, "not audio");
    write_wav(path, 8000, 1, 1000, 2000);
    assert_refused(path, "8000 samples a second, expected 16000");
    write_wav(path, AUDIO_RATE, 2, 2000, 4000);
    assert_refused(path, "2 channels, expected 1");
    write_wav(path, AUDIO_RATE, 1, 399, 798);
    assert_refused(path, "399 samples, at least 400");
    write_wav(path, AUDIO_RATE, 1, AUDIO_MOST + 1, 2 * (AUDIO_MOST + 1));
    assert_refused(path, "28800001 samples, at most 28800000");
    unlink(path);
    assert_refused(path, "No such file");
    assert_refused("/tmp", "not a regular file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_independent_figures),
        cmocka_unit_test(counts_whole_frames_only),
        cmocka_unit_test(normalised_columns_have_mean_0_and_variance_1),
        cmocka_unit_test(one_frame_becomes_zeros),
        cmocka_unit_test(audio_comes_in_16_bit_scale),
        cmocka_unit_test(audio_refuses_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
