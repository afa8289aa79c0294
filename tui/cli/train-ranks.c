/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/train-ranks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/all-ranks.h"
#include "core/sha256.h"
#include "math/processor.h"
#include "math/products.h"
#include "ranks/ranks.h"
#include "run/checksum.h"

/* What the bits of a run depend on, as a rank has it. */
enum trait { PROGRAM, VECTORS, PRODUCTS, DATA, SETTINGS, WEIGHTS, TRAITS };
enum { TRAIT_SIZE = 200 };

struct traits {
    char text[TRAITS][TRAIT_SIZE];
};

static void settings_checksum(const struct knobs *k, char *text)
{
    struct sha256 s;
    unsigned char digest[SHA256_SIZE];
    char value[KNOB_VALUE_SIZE];

    sha256_begin(&s);
    for (int i = 0; i < KNOB_COUNT; i++) {
        knobs_format(k, (enum knob_id)i, value, sizeof value);
        sha256_add(&s, value, strlen(value) + 1);
    }
    sha256_end(&s, digest);
    sha256_hex(digest, text);
}

/* The loops of the program and the vector library choose by these features. */
static const char *vectors(void)
{
    struct processor p;

    processor_read(&p);
    if (p.features & PROCESSOR_AVX512)
        return "AVX-512";
    return (p.features & PROCESSOR_AVX2) && (p.features & PROCESSOR_FMA) ? "AVX2" : "neither AVX2 nor AVX-512";
}

static void describe(const struct run *l, struct traits *t)
{
    snprintf(t->text[PROGRAM], TRAIT_SIZE, "saddle %s, %s, exp and tanh: %s", PACKAGE_VERSION, SADDLE_BUILD_COMPILER,
             SADDLE_BUILD_VECTOR);
    snprintf(t->text[VECTORS], TRAIT_SIZE, "%s", vectors());
    products_describe((enum products_source)run_knobs(l)->value[KNOB_PRODUCTS], t->text[PRODUCTS], TRAIT_SIZE);
    snprintf(t->text[DATA], TRAIT_SIZE, "%016" PRIx64, run_data(l)->fingerprint);
    settings_checksum(run_knobs(l), t->text[SETTINGS]);
    run_checksum(l, t->text[WEIGHTS]);
}

/* What differs from rank 0. */
static int refuse(const struct traits *zero, const struct traits *own, const struct run *l, struct err *e)
{
    int i = 0;

    while (i < TRAITS && strcmp(zero->text[i], own->text[i]) == 0)
        i++;
    switch (i) {
    case PROGRAM:
        return err_set(e, ERR_RUNTIME, "the program is %s; rank 0 runs %s", own->text[i], zero->text[i]);
    case VECTORS:
        return err_set(e, ERR_RUNTIME, "the processor has %s, that of rank 0 %s: their bits differ", own->text[i],
                       zero->text[i]);
    case PRODUCTS:
        return err_set(e, ERR_RUNTIME,
                       "products are computed by %s, at rank 0 by %s; mpirun -x OPENBLAS_CORETYPE=NAME gives all the same kernels",
                       own->text[i], zero->text[i]);
    case DATA:
        return err_set(e, ERR_INPUT, "%s is not the data that rank 0 has", run_data(l)->path);
    case SETTINGS:
        return err_set(e, ERR_INPUT, "the recipe or checkpoint has other settings than at rank 0");
    case WEIGHTS:
        return err_set(e, ERR_INPUT, "the checkpoint has other weights than at rank 0");
    default:
        return 0;
    }
}

static int compare(const struct run *l, struct err *e)
{
    struct traits zero, own;

    describe(l, &own);
    zero = own;
    ranks_broadcast(&zero, sizeof zero);
    return refuse(&zero, &own, l, e);
}

/* Rank 0 first: it may have a folder to convert, which the others then find converted. */
static int open_everywhere(struct setup *s, const struct setup_options *o, struct err *e)
{
    int r = all_ranks_agree(ranks_rank() == 0 ? setup_open(s, o, e) : 0, e);

    return r ? r : all_ranks_agree(ranks_rank() > 0 ? setup_open(s, o, e) : 0, e);
}

int training_open(struct setup *s, struct setup_options *o, struct err *e)
{
    int r;

    if (ranks_size() == 1)
        return setup_open(s, o, e);
    o->shared = 1;
    if (ranks_rank() > 0)
        o->checkpoint = NULL;
    r = open_everywhere(s, o, e);
    if (r == 0)
        r = all_ranks_agree(compare(s->run, e), e);
    if (r == 0)
        r = all_ranks_agree(run_on_ranks(s->run, e), e);
    if (r)
        setup_close(s);
    return r;
}
