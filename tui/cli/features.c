/* SPDX-License-Identifier: MIT */
/* saddle features: MFCC frames of recordings, as text, JSON or raw floats. */
#include "config.h"

#include <endian.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/json-line.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "core/file.h"
#include "core/memory.h"
#include "core/text.h"
#include "data/audio.h"
#include "data/mfcc.h"

struct job {
    bool json, force, plain; /* plain: as they come, not normalised */
    const char *out, *list;
    char *list_text; /* the list's file; `paths` points into it and into argv */
    const char **paths;
    size_t count;
    struct mfcc *mfcc;
    struct file_writer writer;
    int64_t first; /* frames before the utterance at hand */
};

static int read_options(struct job *j, int argc, char **argv, struct err *e)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"list", required_argument, NULL, 'l'},
        {"json", no_argument, NULL, 'j'},
        {"force", no_argument, NULL, 'f'},
        {"plain", no_argument, NULL, 'p'},
        {0},
    };
    int c;

    opterr = 0;
    optind = 0;
    while ((c = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
        if (c == 'o')
            j->out = optarg;
        else if (c == 'l')
            j->list = optarg;
        else if (c == 'j')
            j->json = true;
        else if (c == 'f')
            j->force = true;
        else if (c == 'p')
            j->plain = true;
        else
            return err_set(e, ERR_USAGE, "features: %s %s; see saddle features --help",
                           argv[optind - 1], c == ':' ? "needs a value" : "is not an option");
    }
    return 0;
}

static void add_lines(struct job *j)
{
    for (char *line = j->list_text, *next; line && *line; line = next) {
        size_t length = strcspn(line, "\n");
        next = line + length + (line[length] == '\n');
        line[length] = '\0';
        if (length > 0)
            j->paths[j->count++] = line;
    }
}

static int gather_paths(struct job *j, int argc, char **argv, struct err *e)
{
    size_t most = (size_t)(argc - optind), size;

    if (j->list) {
        int r = file_read(j->list, 64 << 20, &j->list_text, &size, e);
        if (r != 0)
            return r;
        for (const char *p = j->list_text; *p; p++)
            most += *p == '\n';
        most++;
    }
    j->paths = calloc(most + 1, sizeof *j->paths);
    if (!j->paths)
        return err_memory(e, "the list of files", most * sizeof *j->paths);
    for (int i = optind; i < argc; i++)
        j->paths[j->count++] = argv[i];
    add_lines(j);
    if (j->count == 0)
        return err_set(e, ERR_USAGE, "features: no recording given; see saddle features --help");
    return 0;
}

static void print_text(const struct job *j, const char *path, const float *features, int64_t frames)
{
    char *shown = j->count > 1 ? strdup(path) : NULL; /* a list may name anything */

    if (shown) {
        text_make_printable(shown);
        printf("# %s\n", shown);
        free(shown);
    }
    for (int64_t t = 0; t < frames; t++)
        for (int k = 0; k < MFCC_DIMS; k++)
            printf("%.7g%c", (double)features[t * MFCC_DIMS + k], k + 1 < MFCC_DIMS ? ' ' : '\n');
}

static json_t *json_frames(const float *features, int64_t frames)
{
    json_t *all = json_array();

    for (int64_t t = 0; t < frames; t++) {
        json_t *row = json_array();
        for (int k = 0; k < MFCC_DIMS; k++)
            json_array_append_new(row, json_real((double)features[t * MFCC_DIMS + k]));
        json_array_append_new(all, row);
    }
    return all;
}

static int print_json(const struct job *j, const char *path, const float *features, int64_t frames,
                      struct err *e)
{
    json_t *line = json_pack("{s:s, s:I, s:I, s:i}", "path", path, "first", (json_int_t)j->first, "frames",
                             (json_int_t)frames, "dims", MFCC_DIMS);
    int r = line ? 0 : err_set(e, ERR_INPUT, "%s: the name is not UTF-8, which JSON needs", path);

    if (line && !j->out)
        r = json_object_set_new(line, "features", json_frames(features, frames));
    if (r == 0 && (json_line_dump(line, 0) != 0 || putchar('\n') == EOF))
        r = err_set(e, ERR_RUNTIME, "features: cannot write the JSON of %s", path);
    json_decref(line);
    return r;
}

static int write_raw(struct job *j, const float *features, int64_t frames, struct err *e)
{
    for (int64_t i = 0; i < frames * MFCC_DIMS; i++) {
        uint32_t bits;
        int r;
        memcpy(&bits, features + i, sizeof bits);
        bits = htole32(bits);
        r = file_writer_write(&j->writer, &bits, sizeof bits, e);
        if (r != 0)
            return r;
    }
    return 0;
}

static int emit(struct job *j, const char *path, const float *features, int64_t frames, struct err *e)
{
    int r = 0;

    if (j->out)
        r = write_raw(j, features, frames, e);
    if (r == 0 && j->json)
        r = print_json(j, path, features, frames, e);
    else if (r == 0 && !j->out)
        print_text(j, path, features, frames);
    j->first += frames;
    return r;
}

static int one_file(struct job *j, const char *path, struct err *e)
{
    struct audio a;
    float *features;
    int64_t frames;
    int r = audio_read(&a, path, e);

    if (r != 0)
        return r;
    frames = mfcc_frames(a.count);
    features = memory_zeroed((size_t)frames * MFCC_DIMS * sizeof *features);
    if (features) {
        mfcc_compute(j->mfcc, a.samples, a.count, features);
        if (!j->plain)
            mfcc_normalise(features, frames);
        r = emit(j, path, features, frames, e);
    } else {
        r = err_memory(e, "features", (unsigned long long)frames * MFCC_DIMS * sizeof *features);
    }
    free(features);
    audio_free(&a);
    return r;
}

static int all_files(struct job *j, struct err *e)
{
    int r = j->out ? output_check(j->out, OUTPUT_FEATURES, j->paths, j->force, e) : 0;

    if (r == 0 && j->out)
        r = file_writer_open(&j->writer, j->out, e);
    for (size_t i = 0; r == 0 && i < j->count; i++)
        r = one_file(j, j->paths[i], e);
    if (r == 0 && j->out)
        r = file_writer_commit(&j->writer, e);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct job j = {.writer = {.fd = -1}};
    int r = read_options(&j, argc, argv, e);

    if (r == 0)
        r = gather_paths(&j, argc, argv, e);
    if (r == 0 && !(j.mfcc = mfcc_new()))
        r = err_memory(e, "the tables of the front end", 1 << 20);
    if (r == 0)
        r = all_files(&j, e);
    file_writer_abort(&j.writer);
    mfcc_free(j.mfcc);
    free(j.paths);
    free(j.list_text);
    return r;
}

const struct cmd cmd_features = {
    .name = "features",
    .synopsis = "features [OPTION]… RECORDING…",
    .summary = "convert recordings of speech to frames of features",
    .help =
        "Recordings are 16 kHz mono (wav, flac, …). A frame is 39 numbers: MFCCs with deltas over 25 ms, one\n"
        "frame every 10 ms, each dimension normalised over the recording. Prints one line per frame; with\n"
        "several recordings, a line \"# RECORDING\" precedes the frames of each.\n\n"
        "  -o, --output FILE  write all frames to FILE as little-endian float32, in the order given\n"
        "      --list FILE    read the names of more recordings from FILE, one per line\n"
        "      --json         print one JSON object per recording and line: path, first, frames, dims and\n"
        "                     (without -o) features\n"
        OUTPUT_FORCE_HELP
        "      --plain        leave out the normalisation\n",
    .run = run,
};
