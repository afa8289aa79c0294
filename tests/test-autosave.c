/* SPDX-License-Identifier: MIT */
/* Runs nobody named a file for: each has a name of its own, and they are counted. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libriphone-folder.h"
#include "app/autosave.h"

static void checkpoints_are_counted(void **state)
{
    char *dir = temporary_folder();
    long long bytes;

    (void)state;
    assert_int_equal(autosave_count(dir, &bytes), 0);
    write_text(folder_path(dir, "20260101-000001-7.safetensors"), "12345");
    write_text(folder_path(dir, "mine.safetensors"), "123");
    write_text(folder_path(dir, "notes.txt"), "1");
    write_text(folder_path(dir, ".safetensors"), "1");
    assert_int_equal(mkdir(folder_path(dir, "folder.safetensors"), 0700), 0);
    assert_int_equal(symlink("mine.safetensors", folder_path(dir, "link.safetensors")), 0);
    assert_int_equal(autosave_count(dir, &bytes), 2);
    assert_int_equal(bytes, 8);
    remove_folder(dir);
    assert_int_equal(autosave_count("/nowhere/at/all", &bytes), 0);
}

static void a_new_name_is_in_the_folder(void **state)
{
    char *dir = temporary_folder(), *path, *folder, *unrecorded;
    struct stat s;

    (void)state;
    setenv("XDG_STATE_HOME", dir, 1);
    path = autosave_path(1);
    unrecorded = autosave_path(0);
    folder = autosave_folder();
    assert_non_null(path);
    assert_non_null(folder);
    assert_memory_equal(path, folder, strlen(folder));
    assert_int_equal(stat(folder, &s), 0);
    assert_int_equal(stat(path, &s), -1);
    assert_null(strstr(path, "unrecorded"));
    assert_non_null(strstr(unrecorded, "-unrecorded.safetensors"));
    free(folder);
    free(unrecorded);
    free(path);
    remove_folder(dir);
}

/* Only files with names of unrecorded runs; the oldest go, but not that of a program that is running. */
static void the_newest_unrecorded_runs_are_kept(void **state)
{
    static const char *const kept[] = {"20200101-000003-99999999-unrecorded.safetensors", "20200101-000002-99999999-unrecorded.safetensors",
                                       "20190101-000000-99999999.safetensors", "mine-unrecorded.safetensors",
                                       "20190101-000000-12-unrecorded.safetensors.bak", "20190101-000000-1-unrecorded.safetensors"};
    static const char *const gone[] = {"20200101-000001-99999999-unrecorded.safetensors", "20191231-235959-99999999-unrecorded.safetensors"};
    char *dir = temporary_folder();
    long long bytes;

    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        write_text(folder_path(dir, kept[i]), "12");
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        write_text(folder_path(dir, gone[i]), "12345");
    assert_int_equal(autosave_keep_newest(dir, 2, &bytes), 2);
    assert_int_equal(bytes, 10);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_int_equal(access(folder_path(dir, kept[i]), F_OK), 0);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_int_not_equal(access(folder_path(dir, gone[i]), F_OK), 0);
    assert_int_equal(autosave_keep_newest(dir, 2, &bytes), 0);
    assert_int_equal(autosave_keep_newest("/nowhere/at/all", 2, &bytes), 0);
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checkpoints_are_counted),
        cmocka_unit_test(a_new_name_is_in_the_folder),
        cmocka_unit_test(the_newest_unrecorded_runs_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
