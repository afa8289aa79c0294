/* SPDX-License-Identifier: MIT */
/* The keys of every --json output are the documented ones: each key printed stands in the table the manual is made of,
 * and each row of the table is printed by one of the commands here. */
#include "test.h"

#include <jansson.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json-keys.h"
#include "core/file.h"
#include "core/text.h"
#include "data/dataset.h"
#include "learnable-data.h"

enum { MOST_KEYS = 1000, PATH = 200 };

static char dir[] = "/tmp/saddle-json-XXXXXX";
static int printed[MOST_KEYS]; /* whether the row of that number was seen */

static const char *const roles[] = {"train", "validation", "test", "split"};

/* Whether `path` is what a row's key stands for. */
static int matches(const char *key, const char *path)
{
    const char *role = strstr(key, "ROLE");

    if (!role)
        return strcmp(key, path) == 0;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        char named[PATH];
        snprintf(named, sizeof named, "%.*s%s%s", (int)(role - key), key, roles[i], role + strlen("ROLE"));
        if (strcmp(named, path) == 0)
            return 1;
    }
    return 0;
}

static int find_row(const char *command, const char *path)
{
    for (int i = 0; json_key_at(i); i++)
        if (strcmp(json_key_at(i)->command, command) == 0 && matches(json_key_at(i)->key, path))
            return i;
    return -1;
}

/* A line of train with a probe holds the probe's keys, and lines of runs those of runs list, beside some of their own. */
static int find_row_of_other(const char *command, const char *path)
{
    static const char begins[] = "probe.";

    if (strncmp(command, "runs ", 5) == 0)
        return find_row("runs list", path) < 0 ? -1 : find_row(command, "*");
    if (strcmp(command, "train") != 0 || strncmp(path, begins, strlen(begins)) != 0)
        return -1;
    return find_row("probe", path + strlen(begins)) < 0 ? -1 : find_row("train", "probe.*");
}

static void see(const char *command, const char *path)
{
    int row = find_row(command, path);

    if (row < 0)
        row = find_row_of_other(command, path);
    if (row < 0)
        fail_msg("saddle %s --json prints \"%s\", which is not documented in tui/cli/json-keys.c", command, path);
    printed[row] = 1;
}

static void walk(const char *command, json_t *value, const char *path)
{
    const char *key;
    json_t *child;
    char inner[PATH];

    if (json_is_object(value)) {
        json_object_foreach(value, key, child)
        {
            snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", key);
            walk(command, child, inner);
        }
    } else if (json_is_object(json_array_get(value, 0))) {
        size_t i;
        snprintf(inner, sizeof inner, "%s[]", path);
        json_array_foreach(value, i, child) walk(command, child, inner);
    } else {
        see(command, path);
    }
}

/* Run `BEFORE saddle ARGUMENTS` in the folder of the test and look at every object it prints. */
static void keys_of(const char *command, const char *before, const char *arguments)
{
    char *line = text_format("cd %s && %s %s %s", dir, before, getenv("SADDLE"), arguments);
    FILE *out = popen(line, "r");
    json_error_t why;
    json_t *value;
    int objects = 0;

    assert_non_null(out);
    while ((value = json_loadf(out, JSON_DISABLE_EOF_CHECK, &why)) != NULL) {
        walk(command, value, "");
        json_decref(value);
        objects++;
    }
    assert_int_equal(pclose(out), 0);
    if (objects == 0)
        fail_msg("%s prints no JSON: %s", line, why.text);
    free(line);
}

static void write_recording(void)
{
    SF_INFO info = {.samplerate = 16000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    char *path = text_format("%s/silence.wav", dir);
    static const short silence[1600];
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);

    assert_non_null(file);
    assert_int_equal(sf_write_short(file, silence, 1600), 1600);
    sf_close(file);
    free(path);
}

static void write_data(void)
{
    static struct toy t;
    char *path = text_format("%s/data.safetensors", dir);
    struct err e = {0};

    toy_init(&t);
    assert_int_equal(dataset_write(&t.d, path, &e), 0);
    free(path);
}

/* A session that does nothing, on that data. */
static void write_session(void)
{
    char *path = text_format("%s/data.safetensors", dir), *name = text_format("%s/session.txt", dir), *text;
    struct dataset d;
    struct err e = {0};

    assert_int_equal(dataset_open(&d, path, NULL, NULL, NULL, &e), 0);
    text = text_format("saddle session 1\nrecipe toy\ndata data.safetensors\nfingerprint %016llx\nseed 1\nshards 1\n"
                       "setting network linear 3\nbegin\n2 A learning_rate 0.01\n",
                       (unsigned long long)d.fingerprint);
    assert_int_equal(file_replace(name, text, strlen(text), &e), 0);
    dataset_free(&d);
    free(text);
    free(name);
    free(path);
}

/* A run with an edit, a probe and a log: "quick-1" of the store in the test's folder. */
static int record_lab(void)
{
    char *line = text_format("cd %s && printf 'step 3\\nwait\\nset lr 1e-2\\nstep 60\\nwait\\nprobe\\nwait\\nquit\\n' |"
                             " %s --plain --paused --data data.safetensors --set batch_size=50 --set probe_frames=64"
                             " --set 'network=linear 6 tanh | linear 3' --checkpoint l > plain.txt && %s eval --checkpoint l --split test"
                             " > eval.txt",
                             dir, getenv("SADDLE"), getenv("SADDLE"));
    int r = system(line);

    free(line);
    return r;
}

/* Checkpoints for features as recordings have them, and of one that answers every frame of a piece. */
static int train_for_speech(void)
{
    char *line = text_format("cd %s && %s train --no-record --set context=1 --set 'network=linear 41' --set train_share=.02"
                             " --steps 1 --checkpoint speech > speech.txt && %s train --no-record --data data.safetensors"
                             " --set context=1 --set piece=16 --set 'network=lstm 4 | linear 3' --steps 1 --checkpoint pieces"
                             " > pieces.txt", dir, getenv("SADDLE"), getenv("SADDLE"));
    int r = system(line);

    free(line);
    return r;
}

static void write_recipe(void)
{
    static const char text[] = "[training]\nbatch_size = 50\n[network]\nnetwork = linear 3\n";
    char *path = text_format("%s/own.ini", dir);
    struct err e = {0};

    assert_int_equal(file_replace(path, text, strlen(text), &e), 0);
    free(path);
}

static void write_file(const char *name, const char *text)
{
    char *path = text_format("%s/%s", dir, name);
    struct err e = {0};

    assert_int_equal(file_replace(path, text, strlen(text), &e), 0);
    free(path);
}

/* A lesson of one's own, and how far somebody got in it. */
static void write_lesson(void)
{
    char *folder = text_format("%s/saddle/lessons", dir);

    assert_int_equal(file_make_directories(folder, NULL), 0);
    free(folder);
    write_file("saddle/lessons/own.md", "# Own\n*5 minutes*\n## Step\n```do\nlet x = 2\n```\n```check\nx > 1 | yes | no\n```\n");
    write_file("saddle/lessons.json", "{\"own\": {\"step\": 1, \"steps\": 1, \"done\": true, \"when\": \"\", \"checks\": 1, \"held\": 1,"
                                      " \"answers\": [{\"question\": \"?\", \"answer\": \"a\", \"truth\": \"b\", \"right\": false}]}}");
}

/* In a container, as root, on fewer cores than ranks. */
static void set_up_mpirun(void)
{
    static const char *const settings[][2] = {
        {"OMPI_ALLOW_RUN_AS_ROOT", "1"},          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
        {"OMPI_MCA_rmaps_base_oversubscribe", "1"}, {"OMPI_MCA_hwloc_base_binding_policy", "none"},
        {"OMPI_MCA_plm_rsh_agent", "sh"},         {"TMPDIR", dir},
    };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        setenv(settings[i][0], settings[i][1], 1);
}

static int set_up(void **state)
{
    (void)state;
    if (!getenv("SADDLE") || !mkdtemp(dir))
        return -1;
    setenv("XDG_DATA_HOME", dir, 1);
    setenv("XDG_STATE_HOME", dir, 1);
    write_data();
    write_session();
    write_recording();
    write_recipe();
    write_lesson();
    set_up_mpirun();
    return train_for_speech() ? -1 : record_lab();
}

static int tear_down(void **state)
{
    char *line = text_format("rm -rf %s", dir);
    int r = system(line);

    (void)state;
    free(line);
    return r;
}

/* Whether the program was built with MPI, and mpirun is there. */
static int on_ranks(void)
{
    char *line = text_format("command -v mpirun > /dev/null && %s info | grep -q '^mpirun  *Open MPI'", getenv("SADDLE"));
    int r = system(line);

    free(line);
    return r == 0;
}

static void keys_are_documented(void **state)
{
    static const char train[] = "train --json --data data.safetensors --threads 1 --set batch_size=50 "
                                "--set 'network=linear 6 tanh | linear 3' --set probe_every=5 --set probe_frames=64 ";
    static const char *const runs[][2] = {
        {"train", "--epochs 1 --json-steps 10 --checkpoint a"},
        {"train", "--steps 3 --seed 2 --checkpoint b"},
        {"eval", "eval --json --checkpoint a --split test"},
        {"diagnose", "diagnose --json --checkpoint a --against b"},
        {"probe", "probe --json --checkpoint a --frames 64 --gauss-newton --layers --density"},
        {"landscape", "landscape --json --checkpoint a --frames 64 --points 3 --directions line --and b"},
        {"landscape", "landscape --json --checkpoint a --frames 64 --points 3 --directions pca --path b --path a"},
        {"landscape", "landscape --json --checkpoint a --frames 64 --points 3 --directions curve --and b --curve-steps 2"},
        {"lesson list", "lesson list --json"},
        {"lesson run --headless", "lesson run own --headless --json"},
        {"lesson report", "lesson report --json"},
        {"theory", "theory --json --data data.safetensors --class one --samples 50 --draws 10"},
        {"theory --trade-off", "theory --trade-off --json --data data.safetensors --class two --samples 50 --draws 10"},
        {"losses", "losses --json --point -7,5"},
        {"race", "race --json --surface saddle --optimizer sgd:lr=.01 --steps 3 --time"},
        {"race --list", "race --list --json"},
        {"sweep", "sweep --json --data data.safetensors --recipe own.ini --set learning_rate=1e-3,1e-2 --folds 2 --steps 3 -o s"},
        {"sweep", "sweep gather --json s"},
        {"sweep", "sweep run --json --data data.safetensors --recipe own.ini --set lr=.1,1 --steps 3 --index 1 -o s1"},
        {"sweep list-jobs", "sweep list-jobs --json -o s"},
        {"range-test", "range-test --json --data data.safetensors --recipe own.ini --steps 20"},
        {"batch", "batch --json --data data.safetensors --recipe own.ini --sizes 1,50,60000"},
        {"replay", "replay session.txt --json"},
        {"runs list", "runs list --json"},
        {"runs show", "runs show quick-1 --json"},
        {"runs compare", "runs compare quick-1 quick-2 quick-3 --json"},
        {"runs export", "runs export quick-1 --jsonl"},
        {"runs export --evaluations", "runs export quick-2 --evaluations --json"},
        {"runs export --probes", "runs export quick-1 --probes --json"},
        {"runs rename|note|mark|rm", "runs mark quick-1 quick-2 --json"},
        {"runs gc", "runs gc --json"},
        {"data info", "data info data.safetensors --json"},
        {"data confusion", "data confusion --json --checkpoint a --data data.safetensors"},
        {"data confusion", "data confusion --json --checkpoint pieces --data data.safetensors"},
        {"predict", "predict --json --checkpoint a,b -o answers.csv"},
        {"predict --wav", "predict --json --checkpoint speech --wav silence.wav"},
        {"features", "features --json silence.wav"},
        {"report", "report --json quick-1 -o r.html"},
        {"import-weights", "import-weights --json a -o c --data data.safetensors --set 'network=linear 6 tanh | linear 3'"},
        {"export-weights", "export-weights --json --checkpoint a -o a.onnx"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        int trains = strcmp(runs[i][0], "train") == 0;
        char *arguments = text_format("%s%s", trains ? train : "", runs[i][1]);
        keys_of(runs[i][0], "", arguments);
        free(arguments);
    }
    if (on_ranks()) {
        char *arguments = text_format("%s--steps 2 --set shards=2", train);
        keys_of("train", "ASAN_OPTIONS=detect_leaks=0 mpirun -n 2", arguments); /* Open MPI leaves memory behind */
        free(arguments);
    }
}

static int needs_ranks(const char *key)
{
    return strcmp(key, "summary.ranks") == 0 || strcmp(key, "summary.communication_share") == 0;
}

static void documented_keys_are_printed(void **state)
{
    int rows = 0;

    (void)state;
    for (; json_key_at(rows); rows++)
        if (!printed[rows] && (on_ranks() || !needs_ranks(json_key_at(rows)->key)))
            fail_msg("saddle %s --json: \"%s\" is documented and not printed", json_key_at(rows)->command,
                     json_key_at(rows)->key);
    assert_in_range(rows, 100, MOST_KEYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_documented),
        cmocka_unit_test(documented_keys_are_printed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
