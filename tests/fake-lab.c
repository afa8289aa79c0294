/* Stand-ins for the knob table and the schedules, as small as the screen's tests allow. To be
 * dropped where the engine's own are linked. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/ahead.h"

static const char *const optimizers[] = {"sgd", "adagrad", "rmsprop", "adam", "adamw", NULL};
static const char *const losses[] = {"cross_entropy", "mse", NULL};
static const char *const units[] = {"epochs", "steps", NULL};
static const char *const schedules[] = {"constant", "step", "exponential", "cosine", "cosine_warm_restarts", NULL};

#define REAL(id, n, t, al, lo, hi, std, st, lg, h) [id] = {KNOB_REAL, n, t, al, "training", "", h, lo, hi, std, st, lg, 1}
#define INTEGER(id, n, t, al, u, lo, hi, std, st, lg, lv, h) \
    [id] = {KNOB_INTEGER, n, t, al, "training", u, h, lo, hi, std, st, lg, lv}
#define CHOICE(id, n, t, al, hi, std, h) [id] = {KNOB_CHOICE, n, t, al, "training", "", h, 0, hi, std, 1, 0, 1}

static const struct knob table[KNOB_COUNT] = {
    REAL(KNOB_LEARNING_RATE, "learning_rate", "learning rate", "lr", 1e-8, 1000, 1e-3, 10, 1,
         "how far a step goes; the schedule makes the rate in force of it"),
    INTEGER(KNOB_BATCH_SIZE, "batch_size", "batch size", "bs", "frames", 1, 65536, 512, 0, 1, 1,
            "frames a gradient is averaged over"),
    CHOICE(KNOB_OPTIMIZER, "optimizer", "optimizer", NULL, 4, 4, "the rule that makes a step of a gradient"),
    REAL(KNOB_MOMENTUM, "momentum", "momentum", NULL, 0, .9999, .9, .05, 0, "how much of the last step is kept"),
    [KNOB_NESTEROV] = {KNOB_SWITCH, "nesterov", "Nesterov", NULL, "optimizer", "", "look ahead", 0, 1, 0, 1, 0, 1},
    REAL(KNOB_BETA1, "beta1", "beta 1", NULL, 0, .9999, .9, .05, 0, "memory of Adam's first moment"),
    REAL(KNOB_BETA2, "beta2", "beta 2", NULL, 0, .99999, .999, .001, 0, "memory of Adam's second moment"),
    REAL(KNOB_ALPHA, "alpha", "alpha", NULL, 0, .9999, .99, .01, 0, "memory of RMSprop"),
    REAL(KNOB_EPS, "eps", "epsilon", NULL, 1e-16, 1, 1e-8, 2, 1, "keeps a division finite"),
    REAL(KNOB_WEIGHT_DECAY, "weight_decay", "weight decay", "wd", 0, 10, .01, 2, 1, "pulls weights towards zero"),
    REAL(KNOB_DROPOUT, "dropout", "dropout", NULL, 0, .95, .2, .05, 0, "share of units left out in a step"),
    REAL(KNOB_CLIP_NORM, "clip_norm", "clip norm", NULL, 0, 1000, 0, 2, 1, "longest gradient; 0 clips nothing"),
    CHOICE(KNOB_LOSS, "loss", "loss", NULL, 1, 0, "what is made small"),
    REAL(KNOB_LABEL_SMOOTHING, "label_smoothing", "label smoothing", NULL, 0, 1, 0, .05, 0, "softens the targets"),
    CHOICE(KNOB_SCHEDULE, "schedule", "schedule", NULL, 4, 4, "how the rate changes with time"),
    CHOICE(KNOB_SCHEDULE_UNIT, "schedule_unit", "schedule unit", NULL, 1, 0, "what the schedule counts"),
    REAL(KNOB_WARMUP, "warmup", "warm-up", NULL, 0, 1e6, 0, 1, 0, "the rate rises from 0 for that long"),
    REAL(KNOB_STEP_SIZE, "step_size", "step size", NULL, 1, 1e6, 5, 1, 0, "the rate falls every so often"),
    REAL(KNOB_GAMMA, "gamma", "gamma", NULL, 0, 1, .5, .05, 0, "by that factor"),
    REAL(KNOB_T_MAX, "t_max", "T max", NULL, 1, 1e6, 20, 1, 0, "length of the cosine"),
    REAL(KNOB_T_0, "t_0", "T 0", NULL, 1, 1e6, 5, 1, 0, "length of the first cycle"),
    REAL(KNOB_T_MULT, "t_mult", "T mult", NULL, 1, 10, 1, 1, 0, "each cycle is longer by that"),
    REAL(KNOB_ETA_MIN, "eta_min", "least rate", NULL, 0, 1, 1e-6, 2, 1, "the schedule's floor"),
    INTEGER(KNOB_EVAL_EVERY, "eval_every", "evaluate every", NULL, "steps", 0, 1e6, 0, 100, 0, 1, "0: every epoch"),
    INTEGER(KNOB_EPOCHS, "epochs", "epochs", NULL, "", 1, 1e6, 20, 1, 0, 1, "where the run ends"),
    [KNOB_NETWORK] = {KNOB_TEXT, "network", "network", NULL, "network", "", "layers", 0, 0, 0, 0, 0, 0},
    INTEGER(KNOB_CONTEXT, "context", "context", NULL, "frames", 1, 199, 19, 2, 0, 0, "frames the network sees at once"),
    INTEGER(KNOB_SPLIT_SEED, "split_seed", "split seed", NULL, "", 0, 1e9, 1337, 1, 0, 0, "which utterances validate"),
    [KNOB_SPLIT_RATIO] = {KNOB_REAL, "split_ratio", "split ratio", NULL, "data", "", "share trained on", .01, .99, .8, .05, 0, 0},
    INTEGER(KNOB_SEED, "seed", "seed", NULL, "", 0, 1e9, 1, 1, 0, 0, "of weights, order and dropout"),
    INTEGER(KNOB_SHARDS, "shards", "shards", NULL, "", 1, 64, 2, 1, 0, 0, "pieces a batch is cut into"),
};

const struct knob *knob_row(enum knob_id id)
{
    return &table[id];
}

int knob_find(const char *name)
{
    for (int i = 0; i < KNOB_COUNT; i++)
        if (strcmp(name, table[i].name) == 0 || strcmp(name, table[i].title) == 0 ||
            (table[i].alias && strcmp(name, table[i].alias) == 0))
            return i;
    return -1;
}

const char *knob_choice(enum knob_id id, int i)
{
    const char *const *names = id == KNOB_OPTIMIZER       ? optimizers
                               : id == KNOB_LOSS          ? losses
                               : id == KNOB_SCHEDULE_UNIT ? units
                                                          : schedules;

    for (int k = 0; k < i; k++)
        if (!names[k])
            return NULL;
    return i < 0 ? NULL : names[i];
}

void knobs_standard(struct knobs *k)
{
    memset(k, 0, sizeof *k);
    for (int i = 0; i < KNOB_COUNT; i++)
        k->value[i] = table[i].standard;
    snprintf(k->network, sizeof k->network, "linear 256 bn relu dropout ×2 | linear 41");
}

int knobs_parse(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    const struct knob *row = &table[id];
    char *end;
    double v = strtod(text, &end);

    for (int i = 0; row->type == KNOB_CHOICE && knob_choice(id, i); i++)
        if (strcmp(text, knob_choice(id, i)) == 0) {
            k->value[id] = i;
            return 0;
        }
    if (row->type == KNOB_CHOICE || end == text || *end)
        return err_set(e, ERR_USAGE, "%s: \"%.40s\" is no value of it", row->title, text);
    if (!(v >= row->min && v <= row->max))
        return err_set(e, ERR_USAGE, "%s: %.40s is outside %g … %g", row->title, text, row->min, row->max);
    k->value[id] = v;
    return 0;
}

void knobs_format(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    snprintf(text, size, "%.17g", k->value[id]);
}

void knobs_show(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    double v = k->value[id];

    if (table[id].type == KNOB_TEXT)
        snprintf(text, size, "%s", k->network);
    else if (table[id].type == KNOB_CHOICE)
        snprintf(text, size, "%s", knob_choice(id, (int)v));
    else if (table[id].type == KNOB_SWITCH)
        snprintf(text, size, "%s", v != 0 ? "on" : "off");
    else if (v != 0 && fabs(v) < .01)
        snprintf(text, size, "%.1e", v);
    else
        snprintf(text, size, "%.4g", v);
}

double knob_turned(enum knob_id id, double value, int turns)
{
    const struct knob *row = &table[id];

    if (row->type == KNOB_TEXT)
        return value;
    if (!row->logarithmic)
        value += turns * row->step;
    else if (value <= 0)
        value = turns > 0 ? 1e-5 : 0;
    else
        value = row->step > 0 ? pow(10, round(log10(value) * row->step + turns) / row->step) : value * pow(2, turns);
    return fmin(fmax(value, row->min), row->max);
}

static double rate_constant(const struct schedule_args *a, double base, double t)
{
    (void)a, (void)t;
    return base;
}

static double rate_restarts(const struct schedule_args *a, double base, double t)
{
    double cycle = a->T_0 > 0 ? fmod(t, a->T_0) / a->T_0 : 0;

    return a->eta_min + (base - a->eta_min) * (1 + cos(M_PI * cycle)) / 2;
}

static const struct schedule constant = {"constant", "constant", rate_constant, ""};
static const struct schedule restarts = {"cosine_warm_restarts", "cosine, warm restarts", rate_restarts, "T_0 eta_min"};

const struct schedule *schedule_at(int i)
{
    return i < 0 || i > 4 ? NULL : i == 4 ? &restarts : &constant;
}

struct schedule_args knobs_schedule(const struct knobs *k)
{
    return (struct schedule_args){.T_0 = k->value[KNOB_T_0], .T_mult = 1, .eta_min = k->value[KNOB_ETA_MIN]};
}

double snapshot_rate_at(const struct snapshot *s, double epoch)
{
    struct schedule_args args = knobs_schedule(&s->knobs);

    return schedule_at((int)s->knobs.value[KNOB_SCHEDULE])->rate(&args, s->knobs.value[KNOB_LEARNING_RATE], epoch);
}
