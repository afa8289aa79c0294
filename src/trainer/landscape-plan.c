/* SPDX-License-Identifier: MIT */
#include "trainer/landscape-plan.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"

enum { PLANE_POINTS = 33, WORD = 64 };

int landscape_plan_points(const struct landscape_plan *p)
{
    return p->points ? p->points : p->axes == 1 ? LANDSCAPE_LINE_POINTS : PLANE_POINTS;
}

int landscape_plan_run(const struct landscape_plan *p)
{
    const char *letter = p->file + 4;

    if (!landscape_kind_joins((int)p->kind) || strncmp(p->file, "run ", 4) != 0 || *letter < 'A' || *letter > 'Z' || letter[1])
        return -1;
    return *letter - 'A';
}

static int whole(const char *text, double most, double *value)
{
    char *end;

    errno = 0;
    *value = strtod(text, &end);
    return end != text && !*end && !errno && *value >= 0 && *value <= most && *value == floor(*value) ? 0 : -1;
}

static int take_points(struct landscape_plan *p, const char *text, struct err *e)
{
    double n;

    if (whole(text, LANDSCAPE_PLAN_LINE, &n) != 0 || n < LANDSCAPE_LEAST_POINTS || fmod(n, 2) != 1)
        return err_set(e, ERR_INPUT, "points=%.20s: an odd number from %d to %d", text, LANDSCAPE_LEAST_POINTS,
                       LANDSCAPE_PLAN_LINE);
    p->points = (int)n;
    return 0;
}

static int take_positive(const char *name, const char *text, double *value, struct err *e)
{
    char *end;

    *value = strtod(text, &end);
    if (end == text || *end || !(*value > 0) || !isfinite(*value))
        return err_set(e, ERR_INPUT, "%s=%.20s: a number above 0", name, text);
    return 0;
}

static int take_extent(struct landscape_plan *p, const char *text, struct err *e)
{
    return take_positive("extent", text, &p->extent, e);
}

static int take_epsilon(struct landscape_plan *p, const char *text, struct err *e)
{
    return take_positive("epsilon", text, &p->epsilon, e);
}

static int take_seed(struct landscape_plan *p, const char *text, struct err *e)
{
    double n;

    if (whole(text, 0x1p52, &n) != 0)
        return err_set(e, ERR_INPUT, "seed=%.20s: a whole number from 0 on", text);
    p->seed = (uint64_t)n;
    return 0;
}

/* An option: 1 when it was one. */
static int take_option(struct landscape_plan *p, const char *word, struct err *e)
{
    static const struct {
        const char *name;
        int (*take)(struct landscape_plan *p, const char *text, struct err *e);
    } options[] = {
        {"points=", take_points}, {"extent=", take_extent}, {"epsilon=", take_epsilon}, {"seed=", take_seed}};

    for (int axes = 1; axes <= 2; axes++)
        if (strcmp(word, axes == 1 ? "1d" : "2d") == 0) {
            p->axes = axes;
            return 1;
        }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t n = strlen(options[i].name);
        if (strncmp(word, options[i].name, n) == 0) {
            int r = options[i].take(p, word + n, e);
            return r ? r : 1;
        }
    }
    return 0;
}

static int check(const struct landscape_plan *p, struct err *e)
{
    const char *kind = landscape_kind_name((int)p->kind);

    if (landscape_kind_joins((int)p->kind) && p->axes == 2)
        return err_set(e, ERR_INPUT, "a %s has one axis", kind);
    if (landscape_kind_joins((int)p->kind) && !*p->file)
        return err_set(e, ERR_INPUT, "%s: name the checkpoint at its other end", kind);
    if (p->axes == 2 && p->points > LANDSCAPE_PLAN_PLANE)
        return err_set(e, ERR_INPUT, "points=%d: of two axes at most %d each", p->points, LANDSCAPE_PLAN_PLANE);
    return 0;
}

/* The word at the start of text, cut where it is too long for any that is known. */
static size_t cut_word(const char *text, char word[WORD])
{
    size_t n = strcspn(text, " ");

    snprintf(word, WORD, "%.*s", (int)n, text);
    return n;
}

/* The first word may be a kind: then nothing stays as it was. Returns its length, or 0. */
static size_t take_kind(struct landscape_plan *p, const char *text)
{
    char word[WORD];
    size_t n = cut_word(text, word);
    int kind = landscape_kind_find(word);

    if (kind < 0)
        return 0;
    *p = (struct landscape_plan){.kind = (enum landscape_kind)kind};
    return n;
}

int landscape_plan_parse(struct landscape_plan *p, const char *text, struct err *e)
{
    struct landscape_plan new = *p;
    char word[WORD];
    size_t kind;
    int r = 1;

    text += strspn(text, " ");
    kind = take_kind(&new, text);
    for (text += kind; text += strspn(text, " "), *text;) {
        size_t n = cut_word(text, word);
        r = take_option(&new, word, e);
        if (r < 0)
            return r;
        if (r == 0 && (!landscape_kind_joins((int)new.kind) || !kind))
            return err_set(e, ERR_INPUT, "\"%.40s\": expected random, gradient, top, ends, pca, line FILE or curve FILE, then 1d, "
                           "points=N, extent=X, epsilon=X, seed=N", word);
        if (r == 0) {
            if (file_typed(new.file, sizeof new.file, text, e) != 0)
                return -e->code;
            break;
        }
        text += n;
    }
    if (!new.axes)
        new.axes = landscape_kind_joins((int)new.kind) ? 1 : 2;
    r = check(&new, e);
    if (r == 0)
        *p = new;
    return r;
}

void landscape_plan_format(const struct landscape_plan *p, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "%s%s", landscape_kind_name((int)p->kind),
                                p->axes == 1 && !landscape_kind_joins((int)p->kind) ? " 1d" : "");

    if (p->points && n < size)
        n += (size_t)snprintf(out + n, size - n, " points=%d", p->points);
    if (p->extent > 0 && n < size)
        n += (size_t)snprintf(out + n, size - n, " extent=%.6g", p->extent);
    if (p->epsilon > 0 && n < size)
        n += (size_t)snprintf(out + n, size - n, " epsilon=%.6g", p->epsilon);
    if (p->seed && n < size)
        n += (size_t)snprintf(out + n, size - n, " seed=%llu", (unsigned long long)p->seed);
    if (landscape_kind_joins((int)p->kind) && n < size)
        text_copy(out + n, size - n, " ");
    if (landscape_kind_joins((int)p->kind) && n + 1 < size)
        text_copy(out + n + 1, size - n - 1, p->file);
}
