/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "data/container.h"
#include "data/mfcc.h"
#include "data/safetensors.h"
#include "run/checkpoint.h"
#include "trainer/session-state.h"

static size_t read_begin(const char *path, void *to, size_t size)
{
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(to, 1, size, f) : 0;

    if (f)
        fclose(f);
    return n;
}

static int is_picture(const char *path)
{
    char text[6] = "";

    read_begin(path, text, sizeof text - 1);
    return strcmp(text, "<svg ") == 0 || strcmp(text, "<?xml") == 0;
}

static int is_trace(const char *path)
{
    char text[12] = "";

    read_begin(path, text, sizeof text - 1);
    return strcmp(text, "step,racer,") == 0;
}

static int is_curves(const char *path)
{
    char text[12] = "";

    read_begin(path, text, sizeof text - 1);
    return strncmp(text, "step,timest", 11) == 0 || strncmp(text, "{\"step\":", 8) == 0;
}

/* Raw floats bear no name: whole frames of numbers as features are. Those of a text would be far larger. */
static int is_features(const char *path)
{
    enum { FRAMES = 16, FRAME = MFCC_DIMS * sizeof(float) };
    float values[FRAMES * MFCC_DIMS];
    size_t n = read_begin(path, values, sizeof values);
    struct stat st;

    for (size_t i = 0; i < n / sizeof *values; i++)
        if (!isfinite(values[i]) || fabsf(values[i]) > 1e4f)
            return 0;
    return stat(path, &st) == 0 && st.st_size % FRAME == 0;
}

/* ModelProto begins with its version, saddle's with its producer after that. */
static int is_onnx(const char *path)
{
    char text[5] = "";

    read_begin(path, text, sizeof text - 1);
    return text[0] == 8 && text[2] == 18;
}

/* A page, or Markdown that begins with a title. */
static int is_report(const char *path)
{
    char text[16] = "";

    read_begin(path, text, sizeof text - 1);
    return strncmp(text, "<!DOCTYPE html>", sizeof text - 1) == 0 || strncmp(text, "# ", 2) == 0;
}

static int is_predictions(const char *path)
{
    char text[9] = "";

    read_begin(path, text, sizeof text - 1);
    return strcmp(text, "Id,Class") == 0;
}

static int is_landscape(const char *path)
{
    return safetensors_is(path, "saddle-landscape-1");
}

int output_check(const char *path, enum output_kind kind, const char *const *inputs, int force, struct err *e)
{
    static const struct {
        const char *name;
        int (*is_one)(const char *path);
    } kinds[] = {
        [OUTPUT_CHECKPOINT] = {"a checkpoint", checkpoint_is_one}, [OUTPUT_DATA_SET] = {"a data set", container_is_one},
        [OUTPUT_LANDSCAPE] = {"a landscape", is_landscape},        [OUTPUT_PICTURE] = {"an SVG picture", is_picture},
        [OUTPUT_FEATURES] = {"a file of features", is_features},   [OUTPUT_TRACE] = {"a trace", is_trace},
        [OUTPUT_SESSION] = {"a session", session_state_is_one},    [OUTPUT_ONNX] = {"an ONNX model", is_onnx},
        [OUTPUT_REPORT] = {"a report", is_report},
        [OUTPUT_CURVES] = {"a file of curves", is_curves},
        [OUTPUT_PREDICTIONS] = {"a file of predictions", is_predictions},
    };
    struct file_target t = {.path = path,
                            .kind = kinds[kind].name,
                            .is_kind = kinds[kind].is_one,
                            .inputs = inputs,
                            .remedy = "use --force to replace it",
                            .force = force};

    return file_target_check(&t, e);
}
