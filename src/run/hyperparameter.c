#include "run/hyperparameter-table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "run/hyper.h"
#include "net/init.h"
#include "net/loss.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

static const char NETWORK[] = "linear 256 relu bn dropout x2 | linear 41";

/* Choices that are not in a registry. */
static const struct {
    enum knob_id id;
    const char *choice[4];
} lists[] = {
    {KNOB_SCHEDULE_UNIT, {"epochs", "steps"}},
    {KNOB_CLASS_WEIGHTS, {"none", "balanced"}},
    {KNOB_LINE_SEARCH_FN, {"none", "strong_wolfe"}},
    {KNOB_ANNEAL_STRATEGY, {"cos", "linear"}},
    {KNOB_CYCLIC_MODE, {"triangular", "triangular2", "exp_range"}},
    {KNOB_PLATEAU_MODE, {"loss", "accuracy"}},
    {KNOB_THRESHOLD_MODE, {"rel", "abs"}},
    {KNOB_PRODUCTS, {"auto", "openblas", "onednn"}}, /* enum products_source */
};

/* Below this a logarithmic knob that may be 0 becomes 0. */
static const double LEAST = 1e-8;

const struct knob *knob_row(enum knob_id id)
{
    return &knob_table[id];
}

const char *knob_choice(enum knob_id id, int i)
{
    if (i < 0)
        return NULL;
    if (id == KNOB_OPTIMIZER)
        return optimizers_f.at(i) ? optimizers_f.at(i)->name : NULL;
    if (id == KNOB_LOSS)
        return losses_f.at(i) ? losses_f.at(i)->name : NULL;
    if (id == KNOB_SCHEDULE)
        return schedule_at(i) ? schedule_at(i)->name : NULL;
    if (id == KNOB_INIT)
        return inits_f.at(i) ? inits_f.at(i)->name : NULL;
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        if (lists[k].id == id)
            return i < 4 ? lists[k].choice[i] : NULL;
    return NULL;
}

static int choices(enum knob_id id)
{
    int n = 0;

    while (knob_choice(id, n))
        n++;
    return n;
}

int knob_find(const char *name)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *k = &knob_table[i];
        if (strcmp(name, k->name) == 0 || strcmp(name, k->title) == 0 || (k->alias && strcmp(name, k->alias) == 0))
            return i;
    }
    return -1;
}

void knobs_standard(struct knobs *k)
{
    memset(k, 0, sizeof *k);
    for (int i = 0; i < KNOB_COUNT; i++)
        k->value[i] = knob_table[i].standard;
    memcpy(k->network, NETWORK, sizeof NETWORK);
}

static int parse_choice(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    char all[320] = "";

    for (int i = 0; knob_choice(id, i); i++) {
        size_t used = strlen(all);
        if (strcmp(knob_choice(id, i), text) == 0) {
            k->value[id] = i;
            return 0;
        }
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", knob_choice(id, i));
    }
    return err_set(e, ERR_USAGE, "%s: there is no \"%.40s\"; choose from %s", knob_table[id].title, text, all);
}

static int parse_switch(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    int on;

    if (text_switch(text, &on) == 0) {
        k->value[id] = on;
        return 0;
    }
    return err_set(e, ERR_USAGE, "%s: \"%.40s\" is neither on nor off", knob_table[id].title, text);
}

/* "1e-8", "10000" */
static void format_bound(double v, char text[32])
{
    char *e;

    snprintf(text, 32, "%.10g", v);
    e = strchr(text, 'e');
    if (e)
        snprintf(e, (size_t)(text + 32 - e), "e%ld", strtol(e + 1, NULL, 10));
}

static int parse_number(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    const struct knob *row = &knob_table[id];
    char *end, least[32], most[32];
    double v = strtod(text, &end);

    if (end == text || *end || strspn(text, "0123456789.eE+-") != strlen(text))
        return err_set(e, ERR_USAGE, "%s: \"%.40s\" is not a number", row->title, text);
    if (row->type == KNOB_INTEGER && v != floor(v))
        return err_set(e, ERR_USAGE, "%s: %.40s is not a whole number", row->title, text);
    format_bound(row->min, least);
    format_bound(row->max, most);
    if (!(v >= row->min && v <= row->max))
        return err_set(e, ERR_USAGE, "%s: %.40s is outside %s … %s%s%s", row->title, text, least, most, *row->unit ? " " : "",
                       row->unit);
    if (id == KNOB_CONTEXT && fmod(v, 2) == 0)
        return err_set(e, ERR_USAGE, "%s: %.40s is even; the frame itself stands in the middle", row->title, text);
    k->value[id] = v;
    return 0;
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
    return knob_table[id].type == KNOB_TEXT ? strcmp(knobs_text(a, id), knobs_text(b, id)) == 0
                                            : a->value[id] == b->value[id];
}

int knobs_parse(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    switch (knob_table[id].type) {
    case KNOB_TEXT:
        if (strlen(text) >= KNOB_TEXT_SIZE)
            return err_set(e, ERR_USAGE, "%s: longer than %d characters", knob_table[id].title, KNOB_TEXT_SIZE - 1);
        if (id == KNOB_MILESTONES && milestones_parse(text, NULL) < 0)
            return err_set(e, ERR_USAGE, "%s: \"%.40s\": expected up to %d numbers, as 10,20,30",
                           knob_table[id].title, text, SCHEDULE_MILESTONES);
        memset(text_place(k, id), 0, KNOB_TEXT_SIZE); /* no old bytes behind: states are compared whole */
        memcpy(text_place(k, id), text, strlen(text));
        return 0;
    case KNOB_CHOICE:
        return parse_choice(k, id, text, e);
    case KNOB_SWITCH:
        return parse_switch(k, id, text, e);
    default:
        return parse_number(k, id, text, e);
    }
}

/* Whether `word` is one of the words of `list`. */
static int lists_word(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == 0 || at[n] == ' '))
            return 1;
    return 0;
}

/* Knobs that belong to one optimizer or schedule alone are those that some of them reads. */
int knobs_read(const struct knobs *k, enum knob_id id)
{
    const char *name = knob_table[id].name;
    int own = 0;

    for (int i = 0; optimizers_f.at(i); i++)
        if (lists_word(optimizers_f.at(i)->reads, name))
            own = 1;
    for (int i = 0; schedule_at(i); i++)
        if (lists_word(schedule_at(i)->reads, name))
            own = 1;
    if (id == KNOB_LABEL_SMOOTHING || id == KNOB_CLASS_WEIGHTS)
        return strcmp(losses_f.at((int)k->value[KNOB_LOSS])->name, "cross_entropy") == 0;
    return !own || id == KNOB_WARMUP || lists_word(optimizers_f.at((int)k->value[KNOB_OPTIMIZER])->reads, name) ||
           lists_word(schedule_at((int)k->value[KNOB_SCHEDULE])->reads, name);
}

/* The fewest digits that read back as the same double. */
static void shortest(double v, char *text, size_t size)
{
    char tried[32] = "";

    for (int digits = 1; digits <= 17; digits++) {
        snprintf(tried, sizeof tried, "%.*g", digits, v);
        if (strtod(tried, NULL) == v)
            break;
    }
    text_copy(text, size, tried);
}

void knobs_format(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    double v = k->value[id];

    switch (knob_table[id].type) {
    case KNOB_TEXT:
        snprintf(text, size, "%s", knobs_text(k, id));
        break;
    case KNOB_CHOICE:
        snprintf(text, size, "%s", knob_choice(id, (int)v));
        break;
    case KNOB_SWITCH:
        snprintf(text, size, "%s", v != 0 ? "on" : "off");
        break;
    case KNOB_INTEGER:
        snprintf(text, size, "%.0f", v);
        break;
    default:
        shortest(v, text, size);
    }
}

static const char *choice_title(enum knob_id id, int i)
{
    if (id == KNOB_OPTIMIZER)
        return optimizers_f.at(i)->title;
    if (id == KNOB_LOSS)
        return losses_f.at(i)->title;
    if (id == KNOB_SCHEDULE)
        return schedule_at(i)->title;
    if (id == KNOB_INIT)
        return inits_f.at(i)->title;
    return knob_choice(id, i);
}

static void show_thousands(double v, char *text, size_t size)
{
    char digits[32];
    size_t n, out = 0;

    snprintf(digits, sizeof digits, "%.0f", v);
    n = strlen(digits);
    for (size_t i = 0; i < n && out + 2 < size; i++) {
        if (i && (n - i) % 3 == 0)
            text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = 0;
}

/* At most four digits; 1.3e-3 below a hundredth. */
static void show_real(double v, char *text, size_t size)
{
    char shown[32], *e;

    if (fabs(v) >= 1000 && fabs(v) < 1e9) {
        show_thousands(v, text, size);
        return;
    }
    if (v == 0 || fabs(v) >= .01) {
        snprintf(text, size, "%.4g", v);
        return;
    }
    for (int digits = 0; digits <= 3; digits++) { /* no more than it has */
        snprintf(shown, sizeof shown, "%.*e", digits, v);
        if (fabs(strtod(shown, NULL) / v - 1) < 5e-4)
            break;
    }
    e = strchr(shown, 'e');
    snprintf(text, size, "%.*se%d", (int)(e - shown), shown, (int)strtol(e + 1, NULL, 10));
}

void knobs_show(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    double v = k->value[id];

    if (knob_table[id].type == KNOB_CHOICE)
        snprintf(text, size, "%s", choice_title(id, (int)v));
    else if (knob_table[id].type == KNOB_INTEGER && id != KNOB_SEED && id != KNOB_SPLIT_SEED)
        show_thousands(v, text, size);
    else if (knob_table[id].type == KNOB_REAL)
        show_real(v, text, size);
    else
        knobs_format(k, id, text, size);
}

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

static double turned_linear(const struct knob *row, double v, int turns)
{
    double at = turns > 0 ? floor(v / row->step + 1e-9) : ceil(v / row->step - 1e-9);

    return round((at + turns) * row->step * 1e9) / 1e9;
}

double knob_turned(enum knob_id id, double v, int turns)
{
    const struct knob *row = &knob_table[id];
    double max = row->type == KNOB_CHOICE ? choices(id) - 1 : row->max, w;

    if (row->type == KNOB_TEXT || turns == 0)
        return v;
    if (id == KNOB_CONTEXT)
        w = v + 2 * turns;
    else if (row->logarithmic)
        w = row->step > 0 ? turned_decade(row, v, turns) : turned_doubling(v, turns);
    else
        w = turned_linear(row, v, turns);
    return w < row->min ? row->min : w > max ? max : w;
}
