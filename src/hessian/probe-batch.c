/* SPDX-License-Identifier: MIT */
#include "hessian/probe-batch.h"

#include <stdlib.h>
#include <string.h>

int probe_batch_init(struct probe_batch *b, int examples, int steps, int width, int answers, int lengths,
                     struct err *e)
{
    size_t count = (size_t)examples;

    *b = (struct probe_batch){.examples = examples, .steps = steps, .width = width, .answers = answers};
    b->x = calloc(count * (size_t)steps * (size_t)width + 1, sizeof *b->x);
    b->labels = calloc(count * (size_t)answers + 1, 1);
    b->lengths = lengths ? calloc(count + 1, sizeof *b->lengths) : NULL;
    if (b->x && b->labels && (b->lengths || !lengths))
        return 0;
    probe_batch_free(b);
    return err_memory(e, "the probe batch",
                      (unsigned long long)count * (unsigned)steps * (unsigned)width * sizeof *b->x);
}

void probe_batch_free(struct probe_batch *b)
{
    free(b->x);
    free(b->labels);
    free(b->lengths);
    memset(b, 0, sizeof *b);
}
