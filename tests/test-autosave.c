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
    char *dir = temporary_folder(), *path, *folder;
    struct stat s;

    (void)state;
    setenv("XDG_STATE_HOME", dir, 1);
    path = autosave_path();
    folder = autosave_folder();
    assert_non_null(path);
    assert_non_null(folder);
    assert_memory_equal(path, folder, strlen(folder));
    assert_int_equal(stat(folder, &s), 0);
    assert_int_equal(stat(path, &s), -1);
    free(folder);
    free(path);
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checkpoints_are_counted),
        cmocka_unit_test(a_new_name_is_in_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
