/* SPDX-License-Identifier: MIT */
/* saddle data: what is in a data set, and a homework folder made into one file. */
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/confusion.h"
#include "cli/json-line.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "core/clock.h"
#include "data/dataset.h"
#include "data/libriphone.h"
#include "data/timit.h"

static const char *const role_names[] = {
    [ROLE_TRAIN] = "train", [ROLE_VALIDATION] = "validation", [ROLE_TEST] = "test", [ROLE_SPLIT] = "split"};
enum { ROLES = sizeof role_names / sizeof *role_names };

struct tally {
    int64_t role_frames[ROLES], role_utterances[ROLES], class_frames[DATASET_MOST_CLASSES];
    int64_t bytes; /* of the features as they are stored */
    int major;     /* the most frequent class */
};

static void count(struct tally *t, const struct dataset *d)
{
    *t = (struct tally){.bytes = d->frames * d->dims * (d->type == FEATURE_I8 ? 1 : 4)};
    for (int64_t u = 0; u < d->utterances; u++) {
        t->role_frames[d->role[u]] += d->bounds[u + 1] - d->bounds[u];
        t->role_utterances[d->role[u]]++;
    }
    for (int64_t i = 0; i < d->frames; i++)
        t->class_frames[d->labels[i]]++;
    for (int c = 1; c < d->classes.count; c++)
        if (t->class_frames[c] > t->class_frames[t->major])
            t->major = c;
}

/* 252448 as "252,448". */
static const char *grouped(char text[32], int64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, n), to = 0;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[to++] = ',';
        text[to++] = digits[i];
    }
    text[to] = 0;
    return text;
}

static void print_names(const char *what, const struct name_list *l)
{
    enum { SHOWN = 4 };
    char number[32];

    printf("%-12s %s:", what, grouped(number, l->count));
    for (int i = 0; i < l->count && i < SHOWN; i++)
        printf("%s %s", i ? "," : "", l->names[i]);
    puts(l->count > SHOWN ? ", …" : "");
}

static double share(int64_t part, int64_t whole)
{
    return 100.0 * (double)part / (double)whole;
}

static void print_classes(const struct dataset *d, const struct tally *t)
{
    char number[32];

    printf("\n%-12s %12s %10s\n", "class", "frames", "share");
    for (int c = 0; c < d->classes.count; c++)
        printf("%3d %-8s %12s %8.2f %%\n", c, d->classes.names[c], grouped(number, t->class_frames[c]),
               share(t->class_frames[c], d->frames));
}

static void print_text(const struct dataset *d, const struct tally *t)
{
    char a[32], b[32];

    printf("%-12s %s\n", "name", d->name);
    printf("%-12s %s (%.2f hours at 10 ms each)\n", "frames", grouped(a, d->frames),
           (double)d->frames / 360000);
    printf("%-12s %s\n", "utterances", grouped(a, d->utterances));
    printf("%-12s %d\n", "dimensions", d->dims);
    printf("%-12s %d\n", "classes", d->classes.count);
    for (int r = 0; r < ROLES; r++)
        if (t->role_utterances[r])
            printf("%-12s %s frames in %s utterances\n", role_names[r], grouped(a, t->role_frames[r]),
                   grouped(b, t->role_utterances[r]));
    print_names("speakers", &d->speakers);
    print_names("sources", &d->sources);
    printf("%-12s %s, %.2f %% of frames\n", "majority", d->classes.names[t->major],
           share(t->class_frames[t->major], d->frames));
    printf("%-12s %.1f MB as %s\n", "features", (double)t->bytes / 1e6,
           d->type == FEATURE_I8 ? "int8" : "float32");
    printf("%-12s %016" PRIx64 "\n", "fingerprint", d->fingerprint);
    print_classes(d, t);
}

static json_t *json_names(const struct name_list *l)
{
    json_t *names = json_array();

    for (int i = 0; i < l->count; i++)
        json_array_append_new(names, json_string(l->names[i]));
    return names;
}

static json_t *json_roles(const struct tally *t)
{
    json_t *roles = json_object();

    for (int r = 0; r < ROLES; r++)
        json_object_set_new(roles, role_names[r],
                            json_pack("{s:I, s:I}", "utterances", (json_int_t)t->role_utterances[r], "frames",
                                      (json_int_t)t->role_frames[r]));
    return roles;
}

static json_t *json_classes(const struct dataset *d, const struct tally *t)
{
    json_t *classes = json_array();

    for (int c = 0; c < d->classes.count; c++)
        json_array_append_new(classes, json_pack("{s:s, s:I, s:f}", "name", d->classes.names[c], "frames",
                                                 (json_int_t)t->class_frames[c], "share",
                                                 share(t->class_frames[c], d->frames) / 100));
    return classes;
}

static int print_json(const struct dataset *d, const struct tally *t, const char *note, struct err *e)
{
    char fingerprint[17];
    json_t *info;
    int r;

    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, d->fingerprint);
    info = json_pack("{s:s, s:s, s:I, s:I, s:i, s:s, s:I, s:s, s:s, s:f, s:s?, s:o, s:o, s:o, s:o}", "name",
                     d->name, "path", d->path, "frames", (json_int_t)d->frames, "utterances",
                     (json_int_t)d->utterances, "dimensions", d->dims, "type",
                     d->type == FEATURE_I8 ? "int8" : "float32", "feature_bytes", (json_int_t)t->bytes,
                     "fingerprint", fingerprint, "majority", d->classes.names[t->major], "majority_share",
                     share(t->class_frames[t->major], d->frames) / 100, "note", note, "roles", json_roles(t),
                     "classes", json_classes(d, t), "speakers", json_names(&d->speakers), "sources",
                     json_names(&d->sources));
    r = info ? 0 : err_set(e, ERR_RUNTIME, "%s: cannot be written as JSON", d->path);
    if (info) /* main tells of an output that is lost */
        json_line_dump(info, JSON_INDENT(2));
    putchar('\n');
    json_decref(info);
    return r;
}

struct bar {
    int tty, shown;
    int64_t last; /* ms */
};

/* On a terminal a bar at most every 50 ms; nothing in a pipe. */
static int draw_bar(void *context, int64_t done, int64_t total)
{
    enum { CELLS = 40 };
    struct bar *bar = context;
    char a[32], b[32];
    int full = (int)(done * CELLS / total);
    int64_t now = clock_ms();

    if (!bar->tty || (done < total && bar->shown && now - bar->last < 50))
        return 0;
    bar->last = now;
    bar->shown = 1;
    fprintf(stderr, "\r[%.*s%.*s] %s of %s utterances", full, "########################################",
            CELLS - full, "                                        ", grouped(a, done), grouped(b, total));
    return 0;
}

static void end_bar(const struct bar *bar)
{
    if (bar->shown)
        fputc('\n', stderr);
}

static int show(const char *name, int json, struct err *e)
{
    struct bar bar = {.tty = isatty(STDERR_FILENO)};
    struct dataset d;
    struct tally t;
    char *note;
    int r = dataset_open(&d, name, draw_bar, &bar, &note, e);

    end_bar(&bar);
    if (r)
        return r;
    count(&t, &d);
    if (note)
        fprintf(stderr, "saddle: note: %s\n", note);
    if (json)
        r = print_json(&d, &t, note, e);
    else
        print_text(&d, &t);
    free(note);
    dataset_free(&d);
    return r;
}

/* Straight from the folder: the cache would only hold a second copy. */
static int read_folder(struct dataset *d, const char *dir, char **note, struct bar *bar, struct err *e)
{
    struct libriphone l;
    int r;

    if (timit_has(dir, TIMIT_TRAIN)) /* nothing of it goes into the cache */
        return dataset_open(d, dir, draw_bar, bar, note, e);
    r = libriphone_scan(&l, dir, e);
    if (r == 0)
        r = libriphone_read(d, &l, draw_bar, bar, e);
    if (r == 0)
        *note = libriphone_note(&l);
    libriphone_free(&l);
    return r;
}

static int import(const char *dir, const char *to, struct err *e)
{
    struct bar bar = {.tty = isatty(STDERR_FILENO)};
    struct dataset d = {0};
    char *note = NULL, number[32], frames[32];
    int r = read_folder(&d, dir, &note, &bar, e);

    end_bar(&bar);
    if (r == 0)
        r = dataset_write(&d, to, e);
    if (r == 0) {
        fprintf(stderr, "saddle: %s: %s utterances, %s frames\n", to, grouped(number, d.utterances),
                grouped(frames, d.frames));
    }
    if (note && r == 0)
        fprintf(stderr, "saddle: note: %s\n", note);
    free(note);
    dataset_free(&d);
    return r;
}

struct options {
    const char *verb, *path, *output;
    int json, force;
};

static int parse(struct options *o, int argc, char **argv, struct err *e)
{
    static const struct option known[] = {
        {"json", no_argument, NULL, 'j'}, {"output", required_argument, NULL, 'o'},
        {"force", no_argument, NULL, 'f'}, {NULL, 0, NULL, 0}};
    int c;

    *o = (struct options){0};
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    while ((c = getopt_long(argc, argv, ":o:", known, NULL)) != -1) {
        if (c == ':')
            return err_set(e, ERR_USAGE, "data: option %s needs a value", argv[optind - 1]);
        if (c == '?')
            return err_set(e, ERR_USAGE, "data: unknown option %s; see saddle data --help",
                           argv[optind - 1]);
        if (c == 'j')
            o->json = 1;
        else if (c == 'f')
            o->force = 1;
        else
            o->output = optarg;
    }
    if (argc - optind != 2)
        return err_set(
            e, ERR_USAGE,
            "data: expected \"info PATH\", \"import DIR -o FILE\" or \"confusion --checkpoint FILE\"; see saddle data --help");
    o->verb = argv[optind];
    o->path = argv[optind + 1];
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct options o;
    int r;

    if (argc > 1 && strcmp(argv[1], "confusion") == 0)
        return confusion_command(argc - 1, argv + 1, e);
    r = parse(&o, argc, argv, e);
    if (r)
        return r;
    if (strcmp(o.verb, "info") == 0) {
        if (o.output)
            return err_set(e, ERR_USAGE, "data info: -o is an option of data import");
        return show(o.path, o.json, e);
    }
    if (strcmp(o.verb, "import") != 0)
        return err_set(e, ERR_USAGE, "data: \"%s\" is neither info nor import nor confusion", o.verb);
    if (o.json)
        return err_set(e, ERR_USAGE, "data import: --json is an option of data info");
    if (!o.output)
        return err_set(e, ERR_USAGE, "data import: -o FILE is missing");
    r = output_check(o.output, OUTPUT_DATA_SET, NULL, o.force, e);
    return r ? r : import(o.path, o.output, e);
}

const struct cmd cmd_data = {
    .name = "data",
    .synopsis = "data info PATH [--json] | data import DIR -o FILE | data confusion --checkpoint FILE [OPTION]…",
    .summary = "describe a data set, convert a homework folder to one file, or show what a network confuses",
    .verbs = "info import confusion",
    .help = "info PATH            print the frames, utterances and classes of PATH: \"sample\", a\n"
            "                     .safetensors file, a libriphone folder, or a timit_11 folder of 2021\n"
            "import DIR -o FILE   convert the libriphone or timit_11 folder DIR to one file\n"
            "  -o, --output FILE  the .safetensors file to write\n" OUTPUT_FORCE_HELP
            "confusion            print which classes a checkpoint takes for which, its accuracy class by class, and\n"
            "                     its calibration: whether the probability of an answer is how often it is right\n"
            "  --checkpoint FILE  the checkpoint\n"
            "  --data D           data set (default: the one it was trained on)\n"
            "  --split S          train, val (the default) or test\n"
            "  --json             print as JSON what info or confusion finds\n",
    .computes = 1,
    .run = run,
};
