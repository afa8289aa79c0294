/* SPDX-License-Identifier: MIT */
/* parity [--products openblas|onednn|auto] PATH…: run every case of these files and folders in both builds, print TAP
 * with the largest error of each, as a share of its tolerance. Exit 1 when one fails.
 * parity --kernels: the kernels this processor can run, as OPENBLAS_CORETYPE takes them, and the sources of products. */
#include "parity.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "math/kernels.h"
#include "math/onednn.h"
#include "math/start.h"

enum products_source parity_products = PRODUCTS_AUTO;

static int number, failed;

static void tap(int ok, const char *name, const char *build, const char *tail)
{
    printf("%s %d - %s %s%s\n", ok ? "ok" : "not ok", ++number, name, build, tail);
    failed += !ok;
}

static void report(const char *name, const char *build, const struct parity_report *r)
{
    char tail[512];

    snprintf(tail, sizeof tail, " largest error %.2g of its tolerance (%s)", r->worst, r->worst_at);
    tap(r->outcome == PARITY_OK, name, build, tail);
    if (r->outcome == PARITY_FAILED)
        printf("# %s\n", r->reason);
}

static void run_file(const char *path)
{
    json_error_t error;
    json_t *c = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const char *kind = json_string_value(json_object_get(c, "kind"));
    const char *name = json_string_value(json_object_get(c, "name"));
    char title[128];
    struct parity_report r;

    if (!kind || !name) {
        tap(0, path, "", " is not a parity case");
        json_decref(c);
        return;
    }
    snprintf(title, sizeof title, "%s %s", kind, name);
    parity_case_d(c, &r);
    report(title, "double", &r);
    parity_case_f(c, &r);
    report(title, "float", &r);
    json_decref(c);
}

static int is_case(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 5 && strcmp(d->d_name + n - 5, ".json") == 0;
}

static void run_path(const char *path)
{
    struct dirent **entries;
    struct stat st;
    int n;

    if (stat(path, &st) != 0) {
        tap(0, path, "", " cannot be read");
        return;
    }
    if (!S_ISDIR(st.st_mode)) {
        run_file(path);
        return;
    }
    n = scandir(path, &entries, is_case, alphasort);
    for (int i = 0; i < n; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        run_file(file);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    if (n <= 0)
        tap(0, path, "", " holds no case");
}

static int list_kernels(void)
{
    const char *kernels[KERNELS_CANDIDATES];
    struct processor p;
    int n;

    processor_read(&p);
    n = kernels_candidates(&p, "", kernels);
    for (int i = 0; i < n; i++)
        printf("%s openblas%s\n", kernels[i], onednn_usable() ? " onednn" : "");
    return 0;
}

static int take_products(const char *name)
{
    static const char *const names[] = {"auto", "openblas", "onednn"};

    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            parity_products = (enum products_source)i;
            return products_check(parity_products, NULL);
        }
    return -1;
}

int main(int argc, char **argv)
{
    int first = 1;

    if (argc == 2 && strcmp(argv[1], "--kernels") == 0)
        return list_kernels();
    if (argc > 2 && strcmp(argv[1], "--products") == 0)
        first = take_products(argv[2]) == 0 ? 3 : argc;
    if (argc <= first) {
        fputs("Usage: parity [--products openblas|onednn|auto] FILE|FOLDER…\n       parity --kernels\n", stderr);
        return 2;
    }
    if (math_start(NULL) != 0)
        return 1;
    for (int i = first; i < argc; i++)
        run_path(argv[i]);
    printf("1..%d\n", number);
    return failed != 0;
}
