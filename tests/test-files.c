/* SPDX-License-Identifier: MIT */
/* Writing and mapping files: links, modes, devices, what killed writes leave, files cut short, memory. */
#include "test.h"

#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mapping.h"
#include "core/memory.h"
#include "core/text.h"

static char folder[] = "/tmp/saddle-files-XXXXXX";

static const char *in(const char *name)
{
    static char path[4][512];
    static int at;

    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(in(name), "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void holds(const char *name, const char *text)
{
    char *bytes;
    size_t size;

    assert_int_equal(file_read(in(name), 1000, &bytes, &size, NULL), 0);
    assert_string_equal(bytes, text);
    free(bytes);
}

/* Files in the folder; all of them are removed. */
static int clear(void)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    int count = 0;

    while ((entry = readdir(d)))
        if (entry->d_name[0] != '.') {
            unlink(in(entry->d_name));
            count++;
        }
    closedir(d);
    return count;
}

static void replace(const char *name, const char *text)
{
    struct err e = {0};

    if (file_replace(in(name), text, strlen(text), &e))
        fail_msg("%s", e.text);
}

static void refused(const char *name, int code, const char *why)
{
    struct err e = {0};

    assert_int_equal(file_replace(in(name), "x", 1, &e), -code);
    if (!strstr(e.text, why) || !strstr(e.text, name))
        fail_msg("%s", e.text);
}

static void a_link_is_followed_and_a_mode_stays(void **state)
{
    struct stat st;

    (void)state;
    put("file", "old");
    assert_int_equal(chmod(in("file"), 0640), 0);
    assert_int_equal(symlink("file", in("link")), 0);
    assert_int_equal(symlink(in("link"), in("link2")), 0);
    replace("link2", "new");
    holds("file", "new");
    assert_int_equal(lstat(in("link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(in("file"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(symlink("later", in("dangling")), 0);
    replace("dangling", "made");
    holds("later", "made");
    assert_int_equal(stat(in("later"), &st), 0);
    umask(umask(0)); /* as it is */
    assert_int_equal(symlink("round", in("round")), 0);
    refused("round", ERR_RUNTIME, "symbolic links");
    assert_int_equal(clear(), 6);
}

static void what_is_no_file_is_written_to_or_refused(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[8] = "";
    struct stat st;
    int fd, s;

    (void)state;
    assert_int_equal(mkfifo(in("fifo"), 0600), 0);
    refused("fifo", ERR_RUNTIME, "without a reader");
    fd = open(in("fifo"), O_RDONLY | O_NONBLOCK);
    replace("fifo", "there");
    assert_int_equal(read(fd, text, sizeof text), 5);
    assert_string_equal(text, "there");
    close(fd);
    assert_int_equal(lstat(in("fifo"), &st), 0);
    assert_true(S_ISFIFO(st.st_mode));

    assert_int_equal(symlink("/dev/null", in("null")), 0);
    replace("null", "gone");
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));

    s = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", in("socket"));
    assert_int_equal(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    refused("socket", ERR_RUNTIME, "is a socket");
    close(s);
    assert_int_equal(mkdir(in("dir"), 0700), 0);
    refused("dir", ERR_RUNTIME, "is a folder");
    refused("nowhere/file", ERR_RUNTIME, "No such file");
    rmdir(in("dir"));
    clear();
}

/* What stands at the standard output is written to, not replaced: what was printed there stays. */
static void the_standard_output_is_written_to(void **state)
{
    int before = dup(STDOUT_FILENO), fd = open(in("out"), O_RDWR | O_CREAT, 0600);
    struct err e;

    (void)state;
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    (void)!write(STDOUT_FILENO, "a ", 2);
    assert_int_equal(file_replace("/dev/stdout", "b ", 2, &e), 0);
    (void)!write(STDOUT_FILENO, "c", 1);
    dup2(before, STDOUT_FILENO);
    close(before);
    close(fd);
    holds("out", "a b c");
    assert_int_equal(clear(), 1);
}

static void left_over_files_go_with_the_next_write(void **state)
{
    static const char *const keep[] = {"f.backup", "f.123456", "f.saddle-0123ab", "f.saddle-0123xx.tmp", "f.saddle-0123abc.tmp",
                                       "g.saddle-0123ab.tmp", "ff.saddle-0123ab.tmp"};
    enum { KEEP = sizeof keep / sizeof *keep };
    struct file_writer other;
    struct err e;

    (void)state;
    file_writer_use_names(1);
    for (int i = 0; i < KEEP; i++)
        put(keep[i], "mine");
    put("f.saddle-0123ab.tmp", "left");
    put("f.saddle-ffffff.tmp", "");
    assert_int_equal(file_writer_open(&other, in("f"), &e), 0); /* a write in progress */
    replace("f", "new");
    holds("f", "new");
    assert_int_not_equal(access(in("f.saddle-0123ab.tmp"), F_OK), 0);
    assert_int_not_equal(access(in("f.saddle-ffffff.tmp"), F_OK), 0);
    for (int i = 0; i < KEEP; i++)
        holds(keep[i], "mine");
    assert_int_equal(file_writer_write(&other, "newer", 5, &e), 0);
    assert_int_equal(file_writer_commit(&other, &e), 0);
    holds("f", "newer");
    assert_int_equal(clear(), KEEP + 1);
    file_writer_use_names(0);
}

static void kill_a_write(void)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct file_writer w;
        struct err e;
        if (file_writer_open(&w, in("f"), &e) == 0 && file_writer_write(&w, "new", 3, &e) == 0)
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    holds("f", "old");
}

static void killed_writes_leave_the_old_file_and_nothing_after_the_next(void **state)
{
    (void)state;
    file_writer_use_names(1);
    replace("f", "old");
    for (int i = 0; i < 20; i++)
        kill_a_write();
    replace("f", "new");
    assert_int_equal(clear(), 1);
    file_writer_use_names(0);
}

static void killed_writes_leave_nothing(void **state)
{
    int unnamed = open(folder, O_TMPFILE | O_WRONLY, 0600);

    (void)state;
    if (unnamed < 0) {
        test_is_skipped("files without a name: not on this file system");
        return;
    }
    close(unnamed);
    replace("f", "old");
    for (int i = 0; i < 20; i++)
        kill_a_write();
    assert_int_equal(clear(), 1);
}

static void the_longest_name_can_be_written(void **state)
{
    char name[256];

    (void)state;
    memset(name, 'n', 255);
    name[255] = 0;
    replace(name, "text");
    holds(name, "text");
    replace(name, "again");
    assert_int_equal(clear(), 1);
}

static int begins_with_k(const char *path)
{
    char *bytes;
    size_t size;
    int r;

    if (file_read(path, 100, &bytes, &size, NULL) != 0)
        return 0;
    r = bytes[0] == 'k';
    free(bytes);
    return r;
}

static void only_what_loses_nothing_is_replaced_unasked(void **state)
{
    const char *inputs[] = {"nosuch", NULL, NULL};
    static const struct {
        const char *name;
        int kinds, force, code;
        const char *why;
    } cases[] = {
        {"new", 1, 0, 0, ""},
        {"empty", 1, 0, 0, ""},
        {"same", 1, 0, 0, ""},
        {"other", 1, 0, ERR_USAGE, "file exists and is not a kind; say so"},
        {"other", 1, 1, 0, ""},
        {"same", 0, 0, ERR_USAGE, "file exists; say so"},
        {"input", 1, 0, ERR_USAGE, "is also an input of this command; say so"},
        {"link", 1, 0, ERR_USAGE, "is also an input of this command; say so"},
        {"input", 1, 1, 0, ""},
        {"nowhere/new", 1, 1, ERR_RUNTIME, "No such file"},
        {"same/new", 1, 1, ERR_RUNTIME, "Not a directory"},
    };

    (void)state;
    put("empty", "");
    put("same", "kind");
    put("other", "thesis");
    put("input", "kind");
    assert_int_equal(symlink("input", in("link")), 0);
    inputs[1] = strdup(in("input"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct file_target t = {.path = in(cases[i].name), .kind = "a kind", .inputs = inputs, .remedy = "say so",
                                .force = cases[i].force, .is_kind = cases[i].kinds ? begins_with_k : NULL};
        struct err e = {0};
        int r = file_target_check(&t, &e);
        if (r != -cases[i].code || !strstr(e.text, cases[i].why))
            fail_msg("%s: %d %s", cases[i].name, r, e.text);
    }
    free((char *)inputs[1]);
    holds("other", "thesis");
    assert_int_equal(clear(), 5); /* trying left nothing */
}

static void a_fifo_is_no_text(void **state)
{
    char *bytes;
    size_t size;
    struct err e;

    (void)state;
    assert_int_equal(mkfifo(in("fifo"), 0600), 0);
    assert_int_equal(file_read(in("fifo"), 100, &bytes, &size, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "not a regular file"));
    clear();
}

static void handle_bus(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    if (!mapping_fault(info->si_addr))
        _exit(7);
}

static void a_mapped_file_cut_short_reads_as_zeros_and_says_so(void **state)
{
    struct sigaction a = {.sa_sigaction = handle_bus, .sa_flags = SA_SIGINFO}, before;
    long page = sysconf(_SC_PAGESIZE);
    struct mapping m, other;
    struct err e = {0};
    long sum = 0;

    (void)state;
    put("f", "");
    put("g", "whole");
    assert_int_equal(truncate(in("f"), 5 * page), 0);
    assert_int_equal(mapping_open(&m, in("f"), &e), 0);
    assert_int_equal(mapping_open(&other, in("g"), &e), 0);
    assert_int_equal(mapping_check(&m, &e), 0);
    sigaction(SIGBUS, &a, &before);
    assert_int_equal(truncate(in("f"), page), 0);
    for (size_t i = 0; i < m.size; i++)
        sum += m.bytes[i];
    sigaction(SIGBUS, &before, NULL);
    assert_int_equal(sum, 0);
    assert_int_equal(mapping_check(&m, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "cut short"));
    assert_non_null(strstr(e.text, in("f")));
    assert_int_equal(mapping_check(&other, &e), 0);
    mapping_close(&m);
    mapping_close(&other);
    assert_int_equal(mapping_open(&m, in("f"), &e), 0);
    assert_int_equal(mapping_check(&m, &e), 0); /* another mapping in the same place */
    mapping_close(&m);
    assert_false(mapping_fault(state));
    clear();
}

/* C0, DEL, C1, bytes that are no UTF-8; and characters cut in the middle. */
static void no_sentence_drives_a_terminal(void **state)
{
    static const char *const texts[][2] = {
        {"a\033[31mb\nc\177", "a?[31mb?c?"}, {"\302\2331m\302\200\302\237", "??1m????"},
        {"\2331m\377", "?1m?"},              {"\303\244 \342\200\246 \302\240", "\303\244 \342\200\246 \302\240"},
        {"cut \342\200", "cut ??"},          {"\300\233 \355\240\200", "?? ???"},
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        err_set(&e, ERR_INPUT, "%s", texts[i][0]);
        assert_string_equal(e.text, texts[i][1]);
    }
}

static void an_error_names_its_file_once(void **state)
{
    struct err e;

    (void)state;
    err_set(&e, ERR_INPUT, "not a number");
    assert_int_equal(err_in_file(&e, "f.ini"), -ERR_INPUT);
    assert_string_equal(e.text, "f.ini: not a number");
    err_in_file(&e, "f.ini");
    assert_string_equal(e.text, "f.ini: not a number");
}

static void memory_is_compared_with_the_machines(void **state)
{
    const size_t large = (size_t)64 << 20;
    unsigned long long limit = memory_limit();
    struct err e = {0};
    char *held;

    (void)state;
    assert_true(limit > 1000000 && limit <= (unsigned long long)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE));
    assert_int_equal(memory_need("this", limit / 2, &e), 0);
    assert_int_equal(memory_need("this", 3000000000000000ull, &e), -ERR_RUNTIME);
    assert_non_null(strstr(e.text, "this needs 3000000.0 GB of memory"));
    held = malloc(large); /* what the program holds already is no longer to be had */
    assert_non_null(held);
    memset(held, 1, large);
    assert_int_equal(memory_need("this", limit - large / 2, &e), -ERR_RUNTIME);
    assert_non_null(strstr(e.text, "of which saddle uses "));
    free(held);
}

static void whole_numbers_do_not_wrap(void **state)
{
    static const struct {
        const char *text;
        uint64_t most;
        int r;
    } cases[] = {{"18446744073709551615", UINT64_MAX, 0}, {"18446744073709551616", UINT64_MAX, -1}, {"", 9, -1}, {"-1", 9, -1},
                 {"99999999999999999999999", UINT64_MAX, -1}, {"10", 9, -1}, {"9 x", 9, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *at = cases[i].text;
        uint64_t n;
        assert_int_equal(text_unsigned(&at, cases[i].most, &n), cases[i].r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_is_followed_and_a_mode_stays),
        cmocka_unit_test(what_is_no_file_is_written_to_or_refused),
        cmocka_unit_test(the_standard_output_is_written_to),
        cmocka_unit_test(left_over_files_go_with_the_next_write),
        cmocka_unit_test(killed_writes_leave_the_old_file_and_nothing_after_the_next),
        cmocka_unit_test(killed_writes_leave_nothing),
        cmocka_unit_test(the_longest_name_can_be_written),
        cmocka_unit_test(only_what_loses_nothing_is_replaced_unasked),
        cmocka_unit_test(a_fifo_is_no_text),
        cmocka_unit_test(a_mapped_file_cut_short_reads_as_zeros_and_says_so),
        cmocka_unit_test(no_sentence_drives_a_terminal),
        cmocka_unit_test(an_error_names_its_file_once),
        cmocka_unit_test(memory_is_compared_with_the_machines),
        cmocka_unit_test(whole_numbers_do_not_wrap),
    };
    int r;

    if (!mkdtemp(folder))
        return 1;
    r = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return r;
}
