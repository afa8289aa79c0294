/* SPDX-License-Identifier: MIT */
#include "run/hyperparameter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/init.h"
#include "net/loss.h"
#include "net/spec.h"

static const char NETWORK[] = "linear 256 relu bn dropout x2 | linear 41";

/* Below this a value on a scale of decades that may be 0 becomes 0. */
static const double LEAST = 1e-8;

/* ---- names from registries ------------------------------------------------------------------ */

#define NAMES(family, at)                                                                                    \
    static const char *family##_name(int i)                                                                  \
    {                                                                                                        \
        return at(i) ? at(i)->name : NULL;                                                                   \
    }                                                                                                        \
    static const char *family##_title(int i)                                                                 \
    {                                                                                                        \
        return at(i) ? at(i)->title : NULL;                                                                  \
    }                                                                                                        \
    static const struct knob_names family##_names = {family##_name, family##_title};

NAMES(optimizer, optimizers_f.at)
NAMES(loss, losses_f.at)
NAMES(schedule, schedule_at)
NAMES(init, inits_f.at)

/* ---- when settings have an effect ----------------------------------------------------------- */

static const struct optimizer *optimizer_of(const struct knobs *k)
{
    return optimizers_f.at((int)k->value[KNOB_OPTIMIZER]);
}

static const struct schedule *schedule_of(const struct knobs *k)
{
    return schedule_at((int)k->value[KNOB_SCHEDULE]);
}

static int uses_cross_entropy(const struct knobs *k)
{
    return strcmp(losses_f.at((int)k->value[KNOB_LOSS])->name, "cross_entropy") == 0;
}

/* A layer with a rate of its own does not follow the setting. */
static int uses_dropout(const struct knobs *k)
{
    struct network_spec spec;

    if (spec_parse(&spec, k->network, NULL) != 0)
        return 1;
    for (int i = 0; i < spec.count; i++)
        if (isnan(spec.layer[i].rate))
            return 1;
    return 0;
}

static int uses_momentum(const struct knobs *k)
{
    return k->value[KNOB_MOMENTUM] > 0;
}

static int uses_sam(const struct knobs *k)
{
    return k->value[KNOB_SAM] != OPTIMIZER_SAM_OFF;
}

static int uses_asam(const struct knobs *k)
{
    return k->value[KNOB_SAM] == OPTIMIZER_ASAM;
}

static int uses_schedule_unit(const struct knobs *k)
{
    const char *name = schedule_of(k)->name;

    return k->value[KNOB_WARMUP] > 0 || (strcmp(name, "constant") != 0 && strcmp(name, "plateau") != 0);
}

static int uses_windows(const struct knobs *k)
{
    return k->value[KNOB_PIECE] == 0;
}

static int uses_folds(const struct knobs *k)
{
    return k->value[KNOB_FOLDS] > 1;
}

static int uses_split_ratio(const struct knobs *k)
{
    return !uses_folds(k);
}

static int uses_gamma(const struct knobs *k)
{
    return strcmp(schedule_of(k)->name, "cyclic") != 0 || k->value[KNOB_CYCLIC_MODE] == SCHEDULE_EXP_RANGE;
}

/* ---- the table ------------------------------------------------------------------------------ */

#define CHOICES(...)     .choices = (const char *const[]){__VA_ARGS__, NULL}
#define NAMES_OF(family) .names = &family##_names

#define FIELD(owner, type, member)                                                                           \
    .field = {owner, offsetof(struct type, member), _Generic(((struct type *)0)->member, int: 1, double: 0)}
#define OF_OPTIMIZER(member) FIELD(KNOB_OF_OPTIMIZER, optimizer_args, member)
#define OF_SCHEDULE(member)  FIELD(KNOB_OF_SCHEDULE, schedule_args, member)

static const struct knob table[KNOB_COUNT] = {
#define HYPERPARAMETER(id, ...) [KNOB_##id] = {__VA_ARGS__},
#include "run/hyperparameter.def"
#undef HYPERPARAMETER
};

const struct knob *knob_row(enum knob_id id)
{
    return &table[id];
}

const char *knob_unit(enum knob_id id)
{
    return table[id].unit ? table[id].unit : "";
}

static int is_named(const struct knob *row, const char *name, int (*compare)(const char *, const char *))
{
    return compare(name, row->name) == 0 || compare(name, row->title) == 0 ||
           (row->alias && compare(name, row->alias) == 0);
}

int knob_find(const char *name)
{
    for (int i = 0; i < KNOB_COUNT; i++)
        if (is_named(&table[i], name, strcmp))
            return i;
    for (int i = 0; i < KNOB_COUNT; i++)
        if (is_named(&table[i], name, strcasecmp))
            return i;
    return -1;
}

int knob_is_name(const char *name)
{
    for (int i = 0; i < KNOB_COUNT; i++)
        if (strcmp(name, table[i].name) == 0)
            return 1;
    return 0;
}

/* The i-th of a list ended by NULL. */
static const char *listed(const char *const *list, int i)
{
    for (int n = 0; n < i; n++)
        if (!list[n])
            return NULL;
    return list[i];
}

const char *knob_choice(enum knob_id id, int i)
{
    const struct knob *row = &table[id];

    if (i < 0)
        return NULL;
    return row->names ? row->names->name(i) : row->choices ? listed(row->choices, i) : NULL;
}

const char *knob_choice_title(enum knob_id id, int i)
{
    return i >= 0 && table[id].names ? table[id].names->title(i) : knob_choice(id, i);
}

int knob_choice_find(enum knob_id id, const char *name)
{
    for (int i = 0; knob_choice(id, i); i++)
        if (strcasecmp(name, knob_choice(id, i)) == 0 || strcasecmp(name, knob_choice_title(id, i)) == 0)
            return i;
    return -1;
}

static int choices(enum knob_id id)
{
    int n = 0;

    while (knob_choice(id, n))
        n++;
    return n;
}

/* ---- values --------------------------------------------------------------------------------- */

void knobs_standard(struct knobs *k)
{
    memset(k, 0, sizeof *k);
    for (int i = 0; i < KNOB_COUNT; i++)
        k->value[i] = table[i].standard;
    memcpy(k->network, NETWORK, sizeof NETWORK);
    knobs_follow(k);
}

static char *text_place(struct knobs *k, enum knob_id id)
{
    return id == KNOB_MILESTONES ? k->milestones : k->network;
}

const char *knobs_text(const struct knobs *k, enum knob_id id)
{
    return text_place((struct knobs *)k, id);
}

int knobs_same(const struct knobs *a, const struct knobs *b, enum knob_id id)
{
    if (a->set[id] != b->set[id])
        return 0;
    return table[id].type == KNOB_TEXT ? strcmp(knobs_text(a, id), knobs_text(b, id)) == 0
                                       : a->value[id] == b->value[id];
}

/* Whether `word` is one of the words of `list`. */
static int lists_word(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = list; at && (at = strstr(at, word)) != NULL; at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == 0 || at[n] == ' '))
            return 1;
    return 0;
}

/* Whether it is a setting of some optimizers or some schedules, not of all. */
static int is_special(const char *name)
{
    for (int i = 0; optimizers_f.at(i); i++)
        if (lists_word(optimizers_f.at(i)->reads, name))
            return 1;
    for (int i = 0; schedule_at(i); i++)
        if (lists_word(schedule_at(i)->reads, name))
            return 1;
    return 0;
}

/* The chosen optimizer or schedule reads it. */
static int is_read(const struct knobs *k, enum knob_id id)
{
    const char *name = table[id].name;

    if (lists_word(optimizer_of(k)->ignores, name) ||
        (optimizer_of(k)->average && strcmp(table[id].section, "schedule") == 0))
        return 0;
    return id == KNOB_WARMUP || lists_word(optimizer_of(k)->reads, name) || lists_word(schedule_of(k)->reads, name) ||
           !is_special(name);
}

int knobs_read(const struct knobs *k, enum knob_id id)
{
    return is_read(k, id) && (!table[id].used || table[id].used(k));
}

static int follows(const struct knobs *k, enum knob_id id)
{
    return !k->set[id] && table[id].field.of != KNOB_OF_NONE && !table[id].required && is_read(k, id);
}

const char *knobs_optimizer_use(const struct knobs *k)
{
    return optimizer_of(k)->use;
}

int knobs_average(const struct knobs *k)
{
    return optimizer_of(k)->average > 0;
}

const char *knobs_default_of(const struct knobs *k, enum knob_id id)
{
    if (!follows(k, id) || id == KNOB_WARMUP)
        return NULL;
    return table[id].field.of == KNOB_OF_OPTIMIZER ? optimizer_of(k)->title : schedule_of(k)->title;
}

static double field_value(const struct knob_field *field, const void *args)
{
    const void *at = (const char *)args + field->offset;

    return field->whole ? *(const int *)at : *(const double *)at;
}

void knobs_follow(struct knobs *k)
{
    struct optimizer_args optimizer = optimizers_f.defaults(optimizer_of(k));
    struct schedule_args schedule = schedule_defaults(schedule_of(k));

    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob_field *field = &table[i].field;
        if (follows(k, i))
            k->value[i] = field_value(field, field->of == KNOB_OF_OPTIMIZER ? (void *)&optimizer : (void *)&schedule);
        else if (!k->set[i] && field->of != KNOB_OF_NONE)
            k->value[i] = table[i].standard;
    }
}

struct knob_value knob_number(double number)
{
    return (struct knob_value){.number = number};
}

struct knob_value knobs_value(const struct knobs *k, enum knob_id id)
{
    struct knob_value v = {.number = k->value[id], .standard = !k->set[id] && table[id].type != KNOB_TEXT};

    if (table[id].type == KNOB_TEXT)
        memcpy(v.text, knobs_text(k, id), sizeof v.text);
    return v;
}

enum { BOUND = 32 };

/* "1e-8", "10000"; all digits of a whole number */
static void format_bound(double v, char text[BOUND])
{
    char *e;

    snprintf(text, BOUND, v == floor(v) && fabs(v) < 1e20 ? "%.0f" : "%.10g", v);
    e = strchr(text, 'e');
    if (e)
        snprintf(e, (size_t)(text + BOUND - e), "e%ld", strtol(e + 1, NULL, 10));
}

static int outside(const struct knob *row, double v, const char *unit, struct err *e)
{
    char given[BOUND], least[BOUND], most[BOUND];

    format_bound(v, given);
    format_bound(row->min, least);
    format_bound(row->max, most);
    return err_set(e, ERR_USAGE, "%s: %s is outside %s … %s%s%s", row->title, given, least, most, *unit ? " " : "", unit);
}

static int check_number(enum knob_id id, double v, struct err *e)
{
    const struct knob *row = &table[id];

    switch (row->type) {
    case KNOB_CHOICE:
        if (!(v >= 0 && v < choices(id)) || v != floor(v))
            return err_set(e, ERR_USAGE, "%s: there is no such choice", row->title);
        return 0;
    case KNOB_SWITCH:
        if (v != 0 && v != 1)
            return err_set(e, ERR_USAGE, "%s: %g is neither on nor off", row->title, v);
        return 0;
    default:
        if (row->type == KNOB_INTEGER && v != floor(v))
            return err_set(e, ERR_USAGE, "%s: %g is not a whole number", row->title, v);
        if (!(v >= row->min && v <= row->max))
            return outside(row, v, knob_unit(id), e);
        if (row->odd && fmod(v, 2) == 0)
            return err_set(e, ERR_USAGE, "%s: %g is even; an odd number has a frame in the middle", row->title, v);
        return 0;
    }
}

int knob_check(enum knob_id id, const struct knob_value *v, struct err *e)
{
    if (table[id].type != KNOB_TEXT)
        return v->standard ? 0 : check_number(id, v->number, e);
    if (id == KNOB_MILESTONES && milestones_parse(v->text, NULL) < 0)
        return err_set(e, ERR_USAGE, "%s: \"%.40s\": expected up to %d numbers, as 10,20,30", table[id].title, v->text,
                       SCHEDULE_MILESTONES);
    return 0;
}

/* Which settings are read, and what they default to, depends on these. */
static int leads(enum knob_id id)
{
    return id == KNOB_OPTIMIZER || id == KNOB_SCHEDULE;
}

int knobs_set(struct knobs *k, enum knob_id id, const struct knob_value *v, struct err *e)
{
    int r = knob_check(id, v, e);

    if (r)
        return r;
    k->set[id] = !v->standard;
    if (table[id].type == KNOB_TEXT) {
        memset(text_place(k, id), 0, KNOB_TEXT_SIZE); /* no old bytes behind: states are compared whole */
        memcpy(text_place(k, id), v->text, strnlen(v->text, KNOB_TEXT_SIZE - 1));
        return 0;
    }
    k->value[id] = v->standard ? table[id].standard : v->number;
    if (v->standard || leads(id))
        knobs_follow(k);
    return 0;
}

void knobs_put(struct knobs *k, enum knob_id id, double number)
{
    k->set[id] = 1;
    k->value[id] = number;
    if (leads(id))
        knobs_follow(k);
}

/* ---- steps ---------------------------------------------------------------------------------- */

/* The next point of the grid that has row->step points in a decade, two digits each. */
static double turned_decade(const struct knob *row, double v, int turns)
{
    double at = v > 0 ? round(log10(v) * row->step) : round(log10(LEAST) * row->step) - 1;
    double raw = pow(10, (at + turns) / row->step);
    char text[32];

    if (row->min == 0 && raw < LEAST * .99)
        return 0;
    snprintf(text, sizeof text, "%.1e", raw);
    return strtod(text, NULL);
}

static double turned_doubling(double v, int turns)
{
    double at = log2(v > 0 ? v : 1);

    return exp2(turns > 0 ? floor(at + 1e-9) + turns : ceil(at - 1e-9) + turns);
}

static double turned_linear(double step, double v, int turns)
{
    double at = turns > 0 ? floor(v / step + 1e-9) : ceil(v / step - 1e-9);

    return round((at + turns) * step * 1e9) / 1e9;
}

double knob_turned(enum knob_id id, double v, int turns)
{
    const struct knob *row = &table[id];
    int counted = row->type == KNOB_CHOICE || row->type == KNOB_SWITCH;
    double max = row->type == KNOB_CHOICE ? choices(id) - 1 : row->max, w;

    if (row->type == KNOB_TEXT || turns == 0)
        return v;
    if (row->odd)
        w = v + 2 * turns;
    else if (row->scale == KNOB_DECADES)
        w = turned_decade(row, v, turns);
    else if (row->scale == KNOB_DOUBLING)
        w = turned_doubling(v, turns);
    else
        w = turned_linear(counted ? 1 : row->step, v, turns);
    return w < row->min ? row->min : w > max ? max : w;
}

/* ---- for optimizers and schedules ----------------------------------------------------------- */

static void put(const struct knobs *k, enum knob_id id, void *args)
{
    void *at = (char *)args + table[id].field.offset;

    if (table[id].field.whole)
        *(int *)at = (int)k->value[id];
    else
        *(double *)at = k->value[id];
}

int knob_to_optimizer(const struct knobs *k, enum knob_id id, struct optimizer_args *a)
{
    if (table[id].field.of != KNOB_OF_OPTIMIZER)
        return 0;
    put(k, id, a);
    return 1;
}

int knob_to_schedule(const struct knobs *k, enum knob_id id, struct schedule_args *a)
{
    if (id == KNOB_MILESTONES) {
        a->milestone_count = milestones_parse(k->milestones, a->milestones);
        return 1;
    }
    if (table[id].field.of != KNOB_OF_SCHEDULE)
        return 0;
    put(k, id, a);
    return 1;
}

struct optimizer_args knobs_optimizer(const struct knobs *k)
{
    struct optimizer_args a = optimizers_f.defaults(optimizer_of(k));

    for (int i = 0; i < KNOB_COUNT; i++)
        knob_to_optimizer(k, i, &a);
    a.seed = (uint64_t)k->value[KNOB_SEED];
    return a;
}

struct schedule_args knobs_schedule(const struct knobs *k)
{
    struct schedule_args a = schedule_defaults(schedule_of(k));

    for (int i = 0; i < KNOB_COUNT; i++)
        knob_to_schedule(k, i, &a);
    return a;
}

const struct schedule *knobs_schedule_kind(const struct knobs *k)
{
    return optimizer_of(k)->average ? NULL : schedule_of(k);
}
