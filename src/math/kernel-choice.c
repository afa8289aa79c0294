/* SPDX-License-Identifier: MIT */
#include "math/kernel-choice.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/text.h"
#include "math/kernels.h"
#include "math/onednn.h"
#include "math/peak.h"
#include "math/products.h"
#include "math/self-test.h"
#include "math/start.h"

/* SADDLE_KERNELS is private: "test" in a child that tests kernels; after a restart, how the kernels were chosen. */
static const char GUARD[] = "SADDLE_KERNELS", CORETYPE[] = "OPENBLAS_CORETYPE", THREADS[] = "OMP_NUM_THREADS";
static const char TEST[] = "test";
enum { NAME = 32 };

enum origin { UNASKED, OWN, CHOSEN, USER, FIXED };
static const char *const words[] = {"", "own", "chosen", "user", "fixed"};

static struct { /* written before the first thread, and then no more */
    enum origin origin;
    char own[NAME];      /* OpenBLAS's choice; where the user chose, that */
    int set_kernels, set_threads;
    char *threads;       /* the user's OMP_NUM_THREADS, in case it has to be put back */
} state;

/* ---- the child ------------------------------------------------------------------------------ */

int kernels_child(void)
{
    const char *guard = getenv(GUARD), *asked = getenv(CORETYPE);

    if (!guard || strcmp(guard, TEST) != 0)
        return -1;
    openblas_set_num_threads(1);
    if (!asked || strcasecmp(openblas_get_corename(), asked) != 0) /* this OpenBLAS does not have them */
        return KERNELS_WRONG;
    return openblas_right_f() && openblas_right_d() ? KERNELS_RIGHT : KERNELS_WRONG;
}

/* ---- the choice ----------------------------------------------------------------------------- */

/* The beginning of a cache file of this format, processor and library. */
static char *cache_head(const struct processor *p, const char *own, const char *library)
{
    return text_format("saddle kernels 1\nprocessor %s %u %u %u %x\nlibrary %s\nown %s\nkernels ", p->vendor, p->family,
                       p->model, p->stepping, p->features, library, own);
}

/* 1 and *kernels (NULL: none was right) when the cache knows; it is believed only what this processor can do. */
static int cache_read(const char *path, const char *head, const char *const *candidate, int n, const char **kernels)
{
    char *text;
    size_t size, used = strlen(head);
    int found = 0;

    if (!path || file_read(path, 4096, &text, &size, NULL) != 0)
        return 0;
    *kernels = NULL;
    if (size > used + 1 && memcmp(text, head, used) == 0 && text[size - 1] == '\n') {
        text[size - 1] = '\0';
        found = strcmp(text + used, "-") == 0;
        for (int i = 0; !found && i < n; i++)
            if (strcmp(text + used, candidate[i]) == 0) {
                *kernels = candidate[i];
                found = 1;
            }
    }
    free(text);
    return found;
}

/* A cache that cannot be written is no error: the next start tries again. */
static void cache_write(const char *path, const char *head, const char *kernels)
{
    char *text = text_format("%s%s\n", head, kernels ? kernels : "-"), *folder = path ? strdup(path) : NULL;
    char *slash = folder ? strrchr(folder, '/') : NULL;

    if (text && slash) {
        *slash = '\0';
        if (file_make_directories(folder, NULL) == 0)
            (void)file_replace(path, text, strlen(text), NULL);
    }
    free(folder);
    free(text);
}

const char *kernels_decide(const struct processor *p, const char *own, const char *library, const char *path,
                           kernels_try *try, void *context)
{
    const char *candidate[KERNELS_CANDIDATES], *kernels = NULL;
    int n = kernels_candidates(p, own, candidate), tried = 1;
    char *head = n ? cache_head(p, own, library) : NULL;

    if (!head)
        return NULL;
    if (!cache_read(path, head, candidate, n, &kernels)) {
        for (int i = 0; !kernels && tried && i < n; i++) {
            int right = try(context, candidate[i]);
            if (right == 1)
                kernels = candidate[i];
            tried = right >= 0;
        }
        if (tried)
            cache_write(path, head, kernels);
    }
    free(head);
    return kernels;
}

/* One line: version, and the file with its size and date; a package that mends a kernel has another. */
static char *library_name(void)
{
    char version[64];
    struct stat s = {0};
    Dl_info at;
    int known = dladdr((void *)(size_t)openblas_get_config, &at) && at.dli_fname && stat(at.dli_fname, &s) == 0;

    openblas_version(version, sizeof version);
    return text_format("%s, %s, %lld bytes of %lld.%09ld", version, known ? at.dli_fname : "?", (long long)s.st_size,
                       (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

/* A file for each kind of processor: a home folder may be shared by several. */
static char *cache_path(const struct processor *p)
{
    char name[96];

    snprintf(name, sizeof name, "kernels-%s-%u-%u-%u-%x", *p->vendor ? p->vendor : "arm", p->family, p->model,
             p->stepping, p->features);
    for (char *c = name; *c; c++)
        if (*c == '/' || *c == ' ')
            *c = '_';
    return file_xdg("cache", name);
}

static const char *decide(void)
{
    struct processor p;
    char *path, *library;
    const char *kernels;

    processor_read(&p);
    path = cache_path(&p);
    library = library_name();
    kernels = library ? kernels_decide(&p, state.own, library, path, kernels_try_child, NULL) : NULL;
    free(library);
    free(path);
    return kernels;
}

/* ---- restart ------------------------------------------------------------------------------------ */

static void read_guard(const char *text)
{
    size_t word = strcspn(text, " ");

    state.origin = OWN;
    for (int i = OWN; i <= FIXED; i++)
        if (strlen(words[i]) == word && memcmp(words[i], text, word) == 0)
            state.origin = (enum origin)i;
    snprintf(state.own, sizeof state.own, "%s", text[word] ? text + word + 1 : openblas_get_corename());
}

static int is_set(const char *name)
{
    const char *value = getenv(name);

    return value && *value;
}

/* One thread for oneDNN, whatever the user's number was: other libraries of this process have none. */
static void choose_threads(void)
{
    const char *threads = getenv(THREADS);

    if (!onednn_built_in() || onednn_usable())
        return;
    state.threads = threads ? strdup(threads) : NULL;
    state.set_threads = setenv(THREADS, "1", 1) == 0;
}

int kernels_choose(void)
{
    const char *guard = getenv(GUARD), *kernels = NULL;
    char mark[2 * NAME];

    if (guard) {
        read_guard(guard);
        unsetenv(GUARD);
        return 0;
    }
    snprintf(state.own, sizeof state.own, "%s", openblas_get_corename());
    state.origin = is_set(CORETYPE) ? USER : strstr(openblas_get_config(), "DYNAMIC_ARCH") ? OWN : FIXED;
    if (state.origin == OWN)
        kernels = decide();
    if (kernels)
        state.origin = CHOSEN;
    if (kernels && strcasecmp(kernels, state.own) != 0)
        state.set_kernels = setenv(CORETYPE, kernels, 1) == 0;
    choose_threads();
    if (!state.set_kernels && !state.set_threads)
        return 0;
    snprintf(mark, sizeof mark, "%s %s", words[state.origin], state.own);
    if (setenv(GUARD, mark, 1) == 0)
        return 1;
    kernels_stay();
    return 0;
}

void kernels_stay(void)
{
    unsetenv(GUARD);
    if (state.set_kernels) {
        unsetenv(CORETYPE);
        state.origin = OWN;
    }
    if (state.set_threads && state.threads)
        setenv(THREADS, state.threads, 1);
    else if (state.set_threads)
        unsetenv(THREADS);
    free(state.threads);
    state.threads = NULL;
    state.set_kernels = state.set_threads = 0;
}

/* ---- reports ------------------------------------------------------------------------------------ */

void kernels_describe(char *text, size_t size)
{
    const char *reason;
    struct processor p;

    processor_read(&p);
    reason = kernels_reason(&p);
    if (state.origin == CHOSEN)
        snprintf(text, size, "chosen: %s; OpenBLAS's own choice %s", reason ? reason : "by its features", state.own);
    else if (state.origin == USER)
        snprintf(text, size, "OPENBLAS_CORETYPE=%s", is_set(CORETYPE) ? getenv(CORETYPE) : state.own);
    else
        snprintf(text, size, "%s", state.origin == FIXED ? "built for them alone" : "OpenBLAS's own choice");
}

void kernels_warning(char *text, size_t size)
{
    const char *candidate[KERNELS_CANDIDATES], *in_use = openblas_get_corename();
    struct processor p;
    double rate;

    *text = '\0';
    processor_read(&p);
    if (!kernels_are_poor(&p, in_use) || kernels_candidates(&p, in_use, candidate) == 0)
        return;
    rate = products_gflops(PRODUCTS_OPENBLAS);
    if (state.origin == USER && is_set(CORETYPE))
        snprintf(text, size, "OPENBLAS_CORETYPE=%s: products run at %.0f of %.0f GFLOP/s; unset it to use %s kernels",
                 getenv(CORETYPE), rate, peak_gflops(), candidate[0]);
    else
        snprintf(text, size, "OpenBLAS has only %s kernels here: its products run at %.0f of %.0f GFLOP/s", in_use, rate,
                 peak_gflops());
}
