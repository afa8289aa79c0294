/* SPDX-License-Identifier: MIT */
#include "cli/all-ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ranks/ranks.h"

static FILE *own_errors; /* of a rank that is silent otherwise */

static int fall_silent(struct err *e)
{
    FILE *nowhere = fopen("/dev/null", "we");

    if (!nowhere)
        return err_set(e, ERR_RUNTIME, "rank %d: cannot open /dev/null", ranks_rank());
    own_errors = stderr;
    stdout = stderr = nowhere; /* glibc lets one; descriptor 2 stays open for crashes */
    return 0;
}

int all_ranks_start(struct err *e)
{
    int r = ranks_start(e);

    return r == 0 && ranks_rank() > 0 ? fall_silent(e) : r;
}

void all_ranks_end(void)
{
    struct err e = {0};

    if (ranks_check(&e) != 0) {
        fprintf(own_errors ? own_errors : stderr, "saddle: %s\n", e.text);
        fflush(NULL);
    }
    ranks_end();
}

/* What every rank tells of itself. */
struct word {
    int result;
    char host[64];
    struct err why;
};

int all_ranks_agree(int result, struct err *e)
{
    struct word *word;
    int n = ranks_size(), first = 0;

    if (n == 1)
        return result;
    word = calloc((size_t)n, sizeof *word);
    if (!word) { /* the others cannot be told */
        fprintf(own_errors ? own_errors : stderr, "saddle: rank %d: not enough memory\n", ranks_rank());
        ranks_abort(ERR_RUNTIME);
        return -ERR_RUNTIME;
    }
    word[ranks_rank()] = (struct word){.result = result, .why = result ? *e : (struct err){0}};
    snprintf(word[ranks_rank()].host, sizeof word->host, "%s", ranks_host());
    ranks_gather(word, sizeof *word, NULL);
    while (first < n - 1 && word[first].result == 0)
        first++;
    result = word[first].result;
    if (result && first > 0)
        err_set(e, word[first].why.code, "rank %d on %s: %s", first, word[first].host, word[first].why.text);
    else if (result)
        *e = word[0].why;
    free(word);
    return ranks_check(e) ? -e->code : result;
}
