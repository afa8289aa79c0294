/* Runs nobody named a file for: the newest stay, and nothing else is ever touched. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "nameless.h"

enum { ENDED = 99999999 }; /* above all process numbers */

static void touch(const char *path, long saved)
{
    struct timespec times[2] = {{saved, 0}, {saved, 0}};

    write_text(path, "a run");
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A run of the i-th second, saved `saved` seconds after 1970, of a process. */
static const char *run(const char *dir, int i, long process, long saved)
{
    char name[64];
    const char *path;

    snprintf(name, sizeof name, "20260101-0000%02d-%ld.safetensors", i, process);
    path = folder_path(dir, name);
    touch(path, saved);
    return path;
}

static int is_there(const char *path)
{
    struct stat s;

    return lstat(path, &s) == 0;
}

static void the_newest_are_kept(void **state)
{
    char *dir = temporary_folder();
    char path[8][256];

    (void)state;
    for (int i = 0; i < 8; i++) /* saved in another order than begun */
        snprintf(path[i], sizeof path[i], "%s", run(dir, i, ENDED, 1000 + i * 3 % 8));
    assert_int_equal(nameless_prune(dir, 8), 0);
    assert_int_equal(nameless_prune(dir, 3), 5);
    for (int i = 0; i < 8; i++)
        assert_int_equal(is_there(path[i]), i * 3 % 8 >= 5);
    assert_int_equal(nameless_prune(dir, 3), 0);
    remove_folder(dir);
}

/* Older than all that may go, and left where they are. */
static void what_is_not_ours_is_left(void **state)
{
    static const char *const others[] = {
        "best.safetensors",
        "20260101-000000.safetensors",
        "20260101-000000-.safetensors",
        "20260101-000000-99999999.safetensors.bak",
        "x20260101-000000-99999999.safetensors",
        "2026010-000000-99999999.safetensors",
        "20260101-00000-99999999.safetensors",
        "20260101-000000-9999999999.safetensors",
        "20260101-000000-99999999.csv",
    };
    char *dir = temporary_folder(), link[256], folder[256], target[256], own[256];

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        touch(folder_path(dir, others[i]), 1);
    snprintf(own, sizeof own, "%s", run(dir, 1, (long)getpid(), 1));
    snprintf(target, sizeof target, "%s", folder_path(dir, "target"));
    touch(target, 1);
    snprintf(link, sizeof link, "%s", folder_path(dir, "20260101-000002-99999999.safetensors"));
    assert_int_equal(symlink(target, link), 0);
    snprintf(folder, sizeof folder, "%s", folder_path(dir, "20260101-000003-99999999.safetensors"));
    assert_int_equal(mkdir(folder, 0700), 0);
    run(dir, 4, ENDED, 1000);
    assert_int_equal(nameless_prune(dir, 0), 1);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(is_there(folder_path(dir, others[i])));
    assert_true(is_there(own) && is_there(link) && is_there(target) && is_there(folder));
    remove_folder(dir);
    assert_int_equal(nameless_prune("/nowhere/at/all", 0), 0);
}

/* What a new run is called is what pruning knows. */
static void a_new_name_is_one_of_them(void **state)
{
    char *dir = temporary_folder(), *path, *folder, again[256];
    const char *dash;

    (void)state;
    setenv("XDG_STATE_HOME", dir, 1);
    path = nameless_path();
    folder = nameless_folder();
    assert_non_null(path);
    assert_non_null(folder);
    assert_memory_equal(path, folder, strlen(folder));
    dash = strrchr(path, '-');
    assert_non_null(dash);
    snprintf(again, sizeof again, "%.*s-%d.safetensors", (int)(dash - path), path, ENDED);
    touch(path, 1);
    touch(again, 1);
    assert_int_equal(nameless_prune(folder, 0), 1);
    assert_true(is_there(path) && !is_there(again));
    free(folder);
    free(path);
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_are_kept),
        cmocka_unit_test(what_is_not_ours_is_left),
        cmocka_unit_test(a_new_name_is_one_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
