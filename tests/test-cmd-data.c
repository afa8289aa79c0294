/* SPDX-License-Identifier: MIT */
/* saddle data, as a user runs it: what goes to which stream, and the exit codes. */
#include "test.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/dataset.h"
#include "libriphone-folder.h"

static char dir[40], out[4000], said[1000];

static void slurp(const char *name, char *text, size_t size)
{
    FILE *f = fopen(folder_path(dir, name), "r");

    assert_non_null(f);
    text[fread(text, 1, size - 1, f)] = 0;
    fclose(f);
}

/* Run "saddle data ARGUMENTS" in the folder; returns the exit code. */
static int run(const char *arguments)
{
    char command[600];
    int status;

    snprintf(command, sizeof command, "cd '%s' && '%s' data %s >out 2>said", dir, getenv("SADDLE"),
             arguments);
    status = system(command);
    slurp("out", out, sizeof out);
    slurp("said", said, sizeof said);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void info_shows_what_is_there(void **state)
{
    (void)state;
    assert_int_equal(run("info ."), 0);
    assert_string_equal(said, "");
    assert_non_null(strstr(out, "\nframes       11 ("));
    assert_non_null(strstr(out, "\ndimensions   39\n"));
    assert_non_null(strstr(out, "\ntest         2 frames in 1 utterances\n"));
    assert_non_null(strstr(out, "\nsplit        9 frames in 3 utterances\n"));
    assert_non_null(strstr(out, "speakers     3: 100, 200, 300\n"));
    assert_non_null(strstr(out, "\n 40 EH"));
}

static void info_is_json_on_demand(void **state)
{
    json_t *info;

    (void)state;
    assert_int_equal(run("info --json ."), 0);
    info = json_loads(out, 0, NULL);
    assert_non_null(info);
    assert_int_equal(json_integer_value(json_object_get(info, "frames")), 11);
    assert_int_equal(json_array_size(json_object_get(info, "classes")), 41);
    assert_int_equal(json_array_size(json_object_get(info, "speakers")), 3);
    assert_true(json_is_null(json_object_get(info, "note")));
    json_decref(info);
}

static void notes_go_to_the_other_stream(void **state)
{
    (void)state;
    write_text(folder_path(dir, "feat/train/9.pt"), "");
    assert_int_equal(run("info ."), 0);
    assert_null(strstr(out, "left out"));
    assert_memory_equal(said, "saddle: note: .pt files in", 26);
    unlink(folder_path(dir, "feat/train/9.pt"));
}

static void import_writes_what_info_reads(void **state)
{
    struct dataset a, b;

    (void)state;
    assert_int_equal(run("import . -o made.safetensors"), 0);
    assert_string_equal(out, "");
    assert_non_null(strstr(said, "4 utterances, 11 frames"));
    assert_null(strchr(said, '\r')); /* no bar in a pipe */
    assert_int_equal(dataset_open(&a, dir, NULL, NULL, NULL, NULL), 0);
    assert_int_equal(dataset_open(&b, folder_path(dir, "made.safetensors"), NULL, NULL, NULL, NULL), 0);
    assert_true(a.fingerprint == b.fingerprint);
    assert_memory_equal(a.features, b.features, sizeof(float) * 11 * FOLDER_DIMS);
    dataset_free(&a);
    dataset_free(&b);
}

static void large_numbers_are_grouped(void **state)
{
    static float features[1234567];
    static uint8_t labels[1234567];
    static char *names[] = {"x"};
    const int64_t bounds[2] = {0, 1234567};
    const uint8_t role = ROLE_TRAIN;
    const int32_t zero = 0;
    const struct name_list one = {1, names};
    struct dataset d = {.name = "big",
                        .features = features,
                        .scale = 1,
                        .labels = labels,
                        .bounds = bounds,
                        .role = &role,
                        .speaker = &zero,
                        .source = &zero,
                        .frames = 1234567,
                        .utterances = 1,
                        .dims = 1,
                        .classes = one,
                        .speakers = one,
                        .sources = one};

    (void)state;
    assert_int_equal(dataset_write(&d, folder_path(dir, "big.safetensors"), NULL), 0);
    assert_int_equal(run("info big.safetensors"), 0);
    assert_non_null(strstr(out, "frames       1,234,567 ("));
    assert_non_null(strstr(out, "  0 x           1,234,567   100.00 %"));
}

static void mistakes_on_the_command_line(void **state)
{
    static const struct {
        const char *arguments, *says;
    } wrong[] = {
        {"", "expected"},
        {"info", "expected"},
        {"info a b", "expected"},
        {"show .", "neither info nor import"},
        {"info . --jason", "unknown option --jason"},
        {"info . -x", "unknown option -x"},
        {"info . -o f", "is an option of data import"},
        {"import .", "-o FILE"},
        {"import . -o", "needs a value"},
        {"import . -o f --json", "is an option of data info"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(run(wrong[i].arguments), ERR_USAGE);
        assert_string_equal(out, "");
        assert_memory_equal(said, "saddle: data", 12);
        if (!strstr(said, wrong[i].says))
            fail_msg("%s: %s", wrong[i].arguments, said);
    }
}

static void failures_leave_with_their_code(void **state)
{
    (void)state;
    assert_int_equal(run("info nowhere"), ERR_INPUT);
    assert_non_null(strstr(said, "saddle: nowhere: "));
    assert_int_equal(run("import nowhere -o f"), ERR_INPUT);
    assert_int_equal(run("import . -o nowhere/f"), ERR_RUNTIME);
    assert_non_null(strstr(said, "nowhere/f"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(info_shows_what_is_there),       cmocka_unit_test(info_is_json_on_demand),
        cmocka_unit_test(notes_go_to_the_other_stream),   cmocka_unit_test(import_writes_what_info_reads),
        cmocka_unit_test(large_numbers_are_grouped),      cmocka_unit_test(mistakes_on_the_command_line),
        cmocka_unit_test(failures_leave_with_their_code),
    };
    int failed;

    if (!getenv("SADDLE")) {
        puts("1..0 # SKIP SADDLE does not name the program; make check does");
        return 0;
    }
    snprintf(dir, sizeof dir, "%s", temporary_folder());
    setenv("XDG_CACHE_HOME", folder_path(dir, "cache"), 1);
    folder_make(dir);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(dir);
    return failed;
}
