/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Other XML than SVG is somebody else's. */
static int is_picture(const char *path)
{
    char text[1024] = "";

    read_begin(path, text, sizeof text - 1);
    return strncmp(text, "<svg ", 5) == 0 || (strncmp(text, "<?xml", 5) == 0 && strstr(text, "<svg "));
}

static int is_trace(const char *path)
{
    char text[12] = "";

    read_begin(path, text, sizeof text - 1);
    return strcmp(text, "step,racer,") == 0;
}

/* The step and the moment; many a log has lines of JSON that begin with a step. */
static int is_curves(const char *path)
{
    char text[48] = "";
    int n = 0;

    read_begin(path, text, sizeof text - 1);
    return strncmp(text, "step,timestamp", 14) == 0 || (sscanf(text, "{\"step\":%*20[0-9],\"timestamp\":%n", &n) == 0 && n > 0);
}

/* Raw floats bear no name: whole frames of numbers as features are. Those of letters would be far larger, and those of
 * digits have neither a zero byte nor one beyond ASCII. */
static int is_features(const char *path)
{
    enum { FRAMES = 16, FRAME = MFCC_DIMS * sizeof(float) };
    float values[FRAMES * MFCC_DIMS];
    size_t n = read_begin(path, values, sizeof values);
    const unsigned char *bytes = (const unsigned char *)values;
    int text = 1;
    struct stat st;

    for (size_t i = 0; i < n / sizeof *values; i++)
        if (!isfinite(values[i]) || fabsf(values[i]) > 1e4f)
            return 0;
    for (size_t i = 0; i < n; i++)
        text &= bytes[i] > 0 && bytes[i] < 128;
    return !text && stat(path, &st) == 0 && st.st_size % FRAME == 0;
}

/* ModelProto begins with its version, saddle's with its producer after that. */
static int is_onnx(const char *path)
{
    char text[5] = "";

    read_begin(path, text, sizeof text - 1);
    return text[0] == 8 && text[2] == 18;
}

/* A page or Markdown, as many are: saddle's tells who made it. */
static int is_report(const char *path)
{
    char *text = NULL;
    size_t size;
    struct err e;
    int is = file_read(path, 1 << 28, &text, &size, &e) == 0 &&
             ((strncmp(text, "<!DOCTYPE html>", 15) == 0 && strstr(text, "<p class=\"quiet\">Made by saddle ")) ||
              (strncmp(text, "# ", 2) == 0 && strstr(text, "\nMade by saddle ")));

    free(text);
    return is;
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

int output_differ(const char *option_a, const char *a, const char *option_b, const char *b, struct err *e)
{
    if (!a || !b || (strcmp(a, b) != 0 && !file_same_place(a, b)))
        return 0;
    return err_set(e, ERR_USAGE, "%s and %s name the same file, %.200s", option_a, option_b, b);
}
