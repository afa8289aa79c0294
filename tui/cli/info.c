/* SPDX-License-Identifier: MIT */
/* saddle info: where things are, what was built in, what the terminal can do, and which keys act. */
#include "config.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/figure.h"
#include "cli/subcommand.h"
#include "core/file.h"
#include "core/pool.h"
#include "data/dataset.h"
#include "math/kernel-choice.h"
#include "math/onednn.h"
#include "math/peak.h"
#include "math/products.h"
#include "math/start.h"
#include "ranks/ranks.h"
#include "app/whole-run.h"
#include "app/autosave.h"
#include "cli/setup.h"
#include "app/script.h"
#include "cli/config.h"
#include "store/store.h"
#include "term/terminal.h"

static void say_path(const char *what, char *path)
{
    char name[FIGURE_NAME];

    printf("%-14s %s%s\n", what, path ? figure_name(name, path) : "none: neither HOME nor XDG variables are set",
           path && access(path, F_OK) != 0 ? " (does not exist yet)" : "");
    free(path);
}

/* "OpenBLAS 0.3.21, SkylakeX kernels (chosen: …); oneDNN 2.6.3, AVX-512 kernels, for …", then how fast. */
static void say_products(void)
{
    char library[96], why[160], other[64], remark[240];

    openblas_describe(library, sizeof library);
    kernels_describe(why, sizeof why);
    onednn_describe(other, sizeof other);
    printf("%-14s %s (%s)\n", "products", library, why);
    if (onednn_usable())
        printf("%-14s %s, in single precision, for shapes where it is faster\n", "", other);
    else
        printf("%-14s %s\n", "", onednn_built_in() ? "oneDNN is not used: it needs OMP_NUM_THREADS=1" : "without oneDNN");
    printf("%-14s %.0f of %.0f GFLOP/s (%s multiply-adds), single precision, one thread\n", "",
           products_gflops(PRODUCTS_AUTO), peak_gflops(), peak_instructions());
    kernels_warning(remark, sizeof remark);
    if (*remark)
        printf("%-14s %s\n", "", remark);
}

static void say_build(void)
{
    struct err e;

    printf("%-14s %s\n", "saddle", PACKAGE_VERSION);
    printf("%-14s %s\n", "compiler", SADDLE_BUILD_COMPILER);
    printf("%-14s %s\n", "sanitizer", SADDLE_BUILD_SANITIZER);
    if (math_start(&e) == 0)
        say_products();
    else
        printf("%-14s %s\n", "products", e.text);
    printf("%-14s %s\n", "exp, tanh", SADDLE_BUILD_VECTOR);
    printf("%-14s %s\n", "curses", SADDLE_BUILD_CURSES);
    printf("%-14s %s\n", "store", store_library());
    printf("%-14s %d\n", "cores", pool_cores());
    printf("%-14s %s\n", "mpirun", *ranks_library() ? ranks_library() : "not supported: built without MPI");
}

static void say_terminal(void)
{
    char text[128];

    term_describe(text, sizeof text);
    printf("%-14s %s%s\n", "terminal", text, isatty(STDOUT_FILENO) ? "" : " (standard output is not a terminal)");
    printf("%-14s %s\n", "characters", nl_langinfo(CODESET));
    printf("%-14s %s\n", "NO_COLOR", getenv("NO_COLOR") && *getenv("NO_COLOR") ? "set" : "not set");
}

static void say_keys(void)
{
    const struct key_binding *b;
    char key[32];

    puts("\nactions and their keys, for [keys] in config.ini:");
    for (int i = 0; (b = key_binding_at(i)); i++) {
        script_name(binding_key(b, 0), key, sizeof key);
        printf("  %-16s = %s", b->name, key);
        if (binding_key(b, 1)) {
            script_name(binding_key(b, 1), key, sizeof key);
            printf(" %s", key);
        }
        putchar('\n');
    }
}

static void say_runs(const struct app_options *o)
{
    char *folder = autosave_folder();
    long long bytes = 0;
    int count = folder ? autosave_count(folder, &bytes) : 0, most = settings_checkpoints(o);

    printf("%-14s %d runs of the lab without --checkpoint, %.1f MB\n", "", count, 1e-6 * (double)bytes);
    if (most == STORE_KEEP_ALL)
        printf("%-14s all are kept: checkpoints = all, under [store] in config.ini\n", "");
    else
        printf("%-14s kept: the newest %d of recorded and of unrecorded runs, those of marked or renamed runs, and of programs that run\n", "", most);
    free(folder);
}

static int run(int argc, char **argv, struct err *e)
{
    struct app_options o = {0};
    struct err fault = {0};

    if (argc > 1)
        return option_unknown(argv[1], e);
    if (settings_load(&o, &fault)) /* told below: this command is how one finds out what is wrong */
        keys_reset();
    say_build();
    say_path("data", dataset_home());
    say_path("settings", settings_path());
    if (fault.code)
        printf("%-14s error: %s\n", "", fault.text);
    say_path("runs", autosave_folder());
    say_runs(&o);
    say_path("store", store_path());
    say_path("sessions", file_xdg("state", "sessions"));
    say_path("plots", whole_run_path());
    say_path("cache", file_xdg("cache", ""));
    say_terminal();
    say_keys();
    return 0;
}

const struct cmd cmd_info = {
    .name = "info",
    .synopsis = "info",
    .summary = "paths, versions, build options, the terminal, the keys",
    .help = "",
    .computes = 1,
    .run = run,
};
