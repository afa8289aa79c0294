/* SPDX-License-Identifier: MIT */
#include "sweep/plan.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pool.h"
#include "core/rng.h"
#include "core/text.h"
#include "data/folds.h"
#include "net/spec.h"
#include "run/recipe.h"
#include "sweep/values.h"
#include "run/setting-unknown.h"

int sweep_plan_init(struct sweep_plan *p, struct err *e)
{
    memset(p, 0, sizeof *p);
    p->recipe = calloc(SWEEP_RECIPES, sizeof *p->recipe);
    if (!p->recipe)
        return err_memory(e, "a plan", SWEEP_RECIPES * sizeof *p->recipe);
    snprintf(p->data, sizeof p->data, "sample");
    p->seed = p->seeds = p->folds = 1;
    p->epochs = p->steps = -1;
    return 0;
}

static void free_axis(struct sweep_axis *a)
{
    free(a->value);
    *a = (struct sweep_axis){0};
}

void sweep_plan_free(struct sweep_plan *p)
{
    for (int i = 0; i < p->axes; i++)
        free_axis(&p->axis[i]);
    free(p->recipe);
    free(p->listed);
    memset(p, 0, sizeof *p);
}

/* ---- what is said of it --------------------------------------------------------------------- */

int sweep_plan_recipes(struct sweep_plan *p, const char *list, struct err *e)
{
    int began = 0, n = 0, r;
    char name[SWEEP_NAME];

    while ((r = values_next(&list, &began, name, sizeof name)) > 0) {
        struct sweep_recipe *to = &p->recipe[n];
        if (n == SWEEP_RECIPES)
            return err_set(e, ERR_USAGE, "recipe: more than %d recipes", SWEEP_RECIPES);
        knobs_standard(&to->knobs);
        r = recipe_load(&to->knobs, name, e);
        if (r)
            return r;
        snprintf(to->name, sizeof to->name, "%s", name);
        n++;
    }
    if (r < 0)
        return err_set(e, ERR_USAGE, "recipe: expected names, separated by commas");
    p->recipes = n;
    return 0;
}

static int check_network(const char *text, struct err *e)
{
    struct network_spec *spec = malloc(sizeof *spec);
    struct err why;
    int r = spec ? spec_parse(spec, text, &why) : err_memory(&why, "a network", sizeof *spec);

    free(spec);
    return r ? err_set(e, ERR_USAGE, "%s", why.text) : 0;
}

static int add_value(struct sweep_axis *a, const char *text, struct err *e)
{
    struct knob_value *v;
    int r;

    if (a->count == SWEEP_VALUES)
        return err_set(e, ERR_USAGE, "%s: more than %d values", knob_row(a->id)->name, SWEEP_VALUES);
    v = realloc(a->value, sizeof *v * (size_t)(a->count + 1));
    if (!v)
        return err_memory(e, "the values of a setting", sizeof *v * (size_t)(a->count + 1));
    a->value = v;
    r = knob_parse(a->id, text, &v[a->count], e);
    if (r == 0 && a->id == KNOB_NETWORK)
        r = check_network(text, e);
    a->count += r == 0;
    return r;
}

static int is_multiplied(enum knob_id id)
{
    return knob_row(id)->scale != KNOB_LINEAR;
}

static int is_number(enum knob_id id)
{
    return knob_row(id)->type == KNOB_REAL || knob_row(id)->type == KNOB_INTEGER;
}

static int set_range(struct sweep_axis *a, double low, double high, struct err *e)
{
    const char *name = knob_row(a->id)->name;
    struct knob_value ends[2] = {knob_number(low), knob_number(high)};

    for (int i = 0; i < 2; i++)
        if (knob_check(a->id, &ends[i], e) != 0)
            return -ERR_USAGE;
    if (!(low < high))
        return err_set(e, ERR_USAGE, "%s: a range goes from a lower to a higher value", name);
    if (is_multiplied(a->id) && low <= 0)
        return err_set(e, ERR_USAGE, "%s: a range on a logarithmic scale begins above 0", name);
    a->low = low;
    a->high = high;
    return 0;
}

static int read_axis(struct sweep_axis *a, const char *list, struct err *e)
{
    const char *name = knob_row(a->id)->name;
    char value[KNOB_VALUE_SIZE];
    double low, high;
    int began = 0, r;

    if (is_number(a->id) && values_range(list, &low, &high))
        return set_range(a, low, high, e);
    while ((r = values_next(&list, &began, value, sizeof value)) > 0) {
        r = add_value(a, value, e);
        if (r)
            return r;
    }
    return r < 0 ? err_set(e, ERR_USAGE, "%s: expected values, separated by commas, or a range as 1e-4..1e-2", name) : 0;
}

/* Settings that have words of their own in a plan. */
static const char *own_word(enum knob_id id)
{
    return id == KNOB_SEED                          ? "seeds"
           : id == KNOB_FOLD || id == KNOB_FOLDS    ? "folds"
           : id == KNOB_FOLD_BY                     ? "fold-by"
                                                    : NULL;
}

int sweep_plan_set(struct sweep_plan *p, const char *name, const char *list, struct err *e)
{
    int id = knob_find(name), i = 0, r;
    struct sweep_axis a = {0};

    if (id < 0)
        return setting_unknown(ERR_USAGE, "", name, e);
    if (own_word(id))
        return err_set(e, ERR_USAGE, "%s is not swept as other settings are: use --%s", knob_row(id)->name, own_word(id));
    a.id = id;
    r = read_axis(&a, list, e);
    while (i < p->axes && (int)p->axis[i].id != id)
        i++;
    if (r == 0 && i == SWEEP_AXES)
        r = err_set(e, ERR_USAGE, "more than %d settings in a sweep", SWEEP_AXES);
    if (r) {
        free_axis(&a);
        return r;
    }
    free_axis(&p->axis[i]);
    p->axis[i] = a;
    p->axes += i == p->axes;
    return 0;
}

static int parse_count(const char *name, const char *text, long long least, long long most, long long *n, struct err *e)
{
    char *end;

    errno = 0;
    *n = strtoll(text, &end, 10);
    if (end == text || *end || errno || *n < least || *n > most)
        return err_set(e, ERR_USAGE, "%s %.40s: expected a whole number from %lld to %lld", name, text, least, most);
    return 0;
}

static const long long MOST_SEED = 9007199254740991; /* that a double holds exactly */

int sweep_plan_seeds(struct sweep_plan *p, const char *text, struct err *e)
{
    int began = 0, n = 0, r;
    double listed[SWEEP_VALUES];
    char value[64];
    long long seed;

    if (!strchr(text, ',')) {
        r = parse_count("seeds", text, 1, SWEEP_JOBS, &seed, e);
        if (r == 0) {
            p->seeds = (int)seed;
            free(p->listed);
            p->listed = NULL;
        }
        return r;
    }
    while ((r = values_next(&text, &began, value, sizeof value)) > 0) {
        if (n == SWEEP_VALUES)
            return err_set(e, ERR_USAGE, "seeds: more than %d in a list", SWEEP_VALUES);
        if (parse_count("seeds", value, 0, MOST_SEED, &seed, e) != 0)
            return -ERR_USAGE;
        for (int i = 0; i < n; i++)
            if (listed[i] == (double)seed)
                return err_set(e, ERR_USAGE, "seeds: %lld is listed twice", seed);
        listed[n++] = (double)seed;
    }
    if (r < 0)
        return err_set(e, ERR_USAGE, "seeds: expected a number of seeds, or a list such as 1,2,5");
    free(p->listed);
    p->listed = malloc(sizeof listed);
    if (!p->listed)
        return err_memory(e, "seeds", sizeof listed);
    memcpy(p->listed, listed, sizeof listed);
    p->seeds = n;
    return 0;
}

int sweep_plan_fold_by(struct sweep_plan *p, const char *text, struct err *e)
{
    struct knob_value v;
    int r = knob_parse(KNOB_FOLD_BY, text, &v, e);

    if (r == 0)
        p->by_speaker = v.number != 0;
    return r;
}

int sweep_plan_number(struct sweep_plan *p, const char *name, const char *text, struct err *e)
{
    const long long most = 1ll << 52;
    long long n = 0, *wide = strcmp(name, "epochs") == 0  ? &p->epochs
                             : strcmp(name, "steps") == 0 ? &p->steps
                             : strcmp(name, "seed") == 0  ? &p->seed
                                                          : NULL;
    int *narrow = strcmp(name, "folds") == 0 ? &p->folds : strcmp(name, "draws") == 0 ? &p->draws : NULL;

    if (wide)
        return parse_count(name, text, wide == &p->steps ? 1 : wide == &p->epochs, wide == &p->seed ? MOST_SEED : most,
                           wide, e)
                   ? -ERR_USAGE
                   : 1;
    if (!narrow)
        return 0;
    if (parse_count(name, text, narrow == &p->folds, narrow == &p->folds ? FOLDS_MOST : SWEEP_JOBS, &n, e) != 0)
        return -ERR_USAGE;
    *narrow = (int)n;
    return 1;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Numbers of combinations, seeds and folds, multiplied: beyond SWEEP_JOBS it is SWEEP_JOBS + 1. */
static int times(int n, int m)
{
    return n > SWEEP_JOBS / m ? SWEEP_JOBS + 1 : n * m;
}

static int points(const struct sweep_plan *p)
{
    int n = 1;

    if (p->draws > 0)
        return p->draws;
    for (int i = 0; i < p->axes; i++)
        n = times(n, p->axis[i].count > 0 ? p->axis[i].count : 1);
    return n;
}

int sweep_plan_cells(const struct sweep_plan *p)
{
    return times(points(p), p->recipes);
}

int sweep_plan_jobs(const struct sweep_plan *p)
{
    return times(times(sweep_plan_cells(p), p->seeds), p->folds);
}

void sweep_plan_adopt_shards(struct sweep_plan *p, const struct sweep_plan *other)
{
    for (int i = 0; i < p->recipes && i < other->recipes; i++)
        if (p->recipe[i].knobs.value[KNOB_SHARDS] == 0)
            knobs_put(&p->recipe[i].knobs, KNOB_SHARDS, other->recipe[i].knobs.value[KNOB_SHARDS]);
}

/* The data wherever the sweep goes on from. */
static void make_absolute(char data[SWEEP_NAME])
{
    char *path = strcmp(data, "sample") == 0 ? NULL : realpath(data, NULL);

    if (path && strlen(path) < SWEEP_NAME)
        text_copy(data, SWEEP_NAME, path);
    free(path);
}

int sweep_plan_finish(struct sweep_plan *p, struct err *e)
{
    struct sweep_job j;

    make_absolute(p->data);
    if (p->recipes == 0 && sweep_plan_recipes(p, "quick", e) != 0)
        return -e->code;
    if (p->epochs >= 0 && p->steps >= 0)
        return err_set(e, ERR_USAGE, "epochs and steps exclude each other: both bound a job");
    if (!p->listed && p->seed > MOST_SEED - p->seeds)
        return err_set(e, ERR_USAGE, "seed %lld is too large for %d seeds", p->seed, p->seeds);
    for (int i = 0; i < p->axes && p->draws == 0; i++)
        if (p->axis[i].count == 0)
            return err_set(e, ERR_USAGE, "%s: a range is drawn from: say how often with --draws",
                           knob_row(p->axis[i].id)->name);
    if (sweep_plan_jobs(p) > SWEEP_JOBS)
        return err_set(e, ERR_USAGE, "the sweep has more than %d jobs", SWEEP_JOBS);
    for (int i = 0; i < p->recipes; i++)
        if (p->recipe[i].knobs.value[KNOB_SHARDS] == 0)
            knobs_put(&p->recipe[i].knobs, KNOB_SHARDS, pool_cores());
    for (int i = 0; i < sweep_plan_jobs(p); i++)
        if (sweep_plan_job(p, i, &j, e) != 0)
            return -e->code;
    return 0;
}

/* ---- jobs ----------------------------------------------------------------------------------- */

/* Rounded to digits that a reader can copy, and to what the setting allows. */
static double drawn(const struct sweep_axis *a, double u)
{
    const struct knob *row = knob_row(a->id);
    double v = is_multiplied(a->id) ? exp(log(a->low) + u * (log(a->high) - log(a->low)))
                                    : a->low + u * (a->high - a->low);
    char text[32];

    snprintf(text, sizeof text, "%.3e", v);
    v = strtod(text, NULL);
    if (row->odd)
        v = 2 * floor(v / 2) + 1;
    else if (row->type == KNOB_INTEGER)
        v = round(v);
    return v < a->low ? a->low : v > a->high ? a->high : v;
}

/* The value of the i-th setting in a combination or a draw. */
static struct knob_value value_at(const struct sweep_plan *p, int point, int i)
{
    const struct sweep_axis *a = &p->axis[i];
    struct rng r = {.seed = (uint64_t)p->seed, .purpose = RNG_SWEEP};
    double u = rng_uniform(&r, (uint64_t)point, (uint64_t)i);

    if (p->draws > 0)
        return a->count == 0 ? knob_number(drawn(a, u)) : a->value[(int)(u * a->count)];
    for (int k = p->axes - 1; k > i; k--)
        point /= p->axis[k].count;
    return a->value[point % a->count];
}

int sweep_plan_job(const struct sweep_plan *p, int index, struct sweep_job *j, struct err *e)
{
    int at = index / p->folds, r = 0;

    *j = (struct sweep_job){.index = index, .fold = p->folds > 1 ? index % p->folds + 1 : 0};
    j->seed_index = at % p->seeds;
    j->cell = at / p->seeds;
    j->recipe = j->cell / points(p);
    j->point = j->cell % points(p);
    j->seed = p->listed ? p->listed[j->seed_index] : (double)(p->seed + j->seed_index);
    j->knobs = p->recipe[j->recipe].knobs;
    for (int i = 0; r == 0 && i < p->axes; i++) {
        struct knob_value v = value_at(p, j->point, i);
        r = knobs_set(&j->knobs, p->axis[i].id, &v, e);
    }
    knobs_put(&j->knobs, KNOB_SEED, j->seed);
    if (j->fold > 0) {
        knobs_put(&j->knobs, KNOB_FOLDS, p->folds);
        knobs_put(&j->knobs, KNOB_FOLD, j->fold);
        knobs_put(&j->knobs, KNOB_FOLD_BY, p->by_speaker);
    }
    return r;
}

int sweep_axis_varies(const struct sweep_plan *p, const struct sweep_axis *a)
{
    return a->count == 0 ? p->draws > 1 : a->count > 1;
}

void sweep_cell_value(const struct sweep_plan *p, int cell, int i, char *text, size_t size, double *number)
{
    struct knob_value v = value_at(p, cell % points(p), i);
    struct sweep_job j;

    knob_format(p->axis[i].id, &v, text, size);
    *number = NAN;
    if (!is_number(p->axis[i].id))
        return;
    *number = v.standard && sweep_plan_job(p, cell * p->seeds * p->folds, &j, NULL) == 0 ? j.knobs.value[p->axis[i].id]
                                                                                         : v.number;
}
