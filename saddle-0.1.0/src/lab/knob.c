#include "lab/knob.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/loss.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

static const char NETWORK[] = "linear 256 relu bn dropout x2 | linear 41";

static const struct knob rows[KNOB_COUNT] = {
    [KNOB_LEARNING_RATE] = {KNOB_REAL, "learning_rate", "learning rate", "lr", "optimizer", "",
                            "step size of the optimizer, before the schedule", 1e-8, 1e4, 1e-3, 10, 1, 1},
    [KNOB_BATCH_SIZE] = {KNOB_INTEGER, "batch_size", "batch size", "batch", "training", "frames",
                         "frames a step learns from", 1, 65536, 512, 0, 1, 1},
    [KNOB_OPTIMIZER] = {KNOB_CHOICE, "optimizer", "optimizer", NULL, "optimizer", "",
                        "rule that turns gradients into steps; its state starts afresh", 0, 0, 4, 1, 0, 1},
    [KNOB_MOMENTUM] = {KNOB_REAL, "momentum", "momentum", NULL, "optimizer", "",
                       "share of the last step that is kept (SGD, RMSProp)", 0, .9999, .9, .05, 0, 1},
    [KNOB_NESTEROV] = {KNOB_SWITCH, "nesterov", "Nesterov", NULL, "optimizer", "",
                       "look ahead along the momentum (SGD)", 0, 1, 0, 1, 0, 1},
    [KNOB_BETA1] = {KNOB_REAL, "beta1", "beta 1", NULL, "optimizer", "", "decay of Adam's mean of gradients", 0,
                    .9999, .9, .05, 0, 1},
    [KNOB_BETA2] = {KNOB_REAL, "beta2", "beta 2", NULL, "optimizer", "", "decay of Adam's mean of squares", 0,
                    .999999, .999, .001, 0, 1},
    [KNOB_ALPHA] = {KNOB_REAL, "alpha", "alpha", NULL, "optimizer", "", "decay of RMSProp's mean of squares", 0,
                    .9999, .99, .01, 0, 1},
    [KNOB_EPS] = {KNOB_REAL, "eps", "epsilon", NULL, "optimizer", "", "added to the root that divides", 1e-12, 1,
                  1e-8, 1, 1, 1},
    [KNOB_WEIGHT_DECAY] = {KNOB_REAL, "weight_decay", "weight decay", "wd", "optimizer", "",
                           "pull of the weights towards zero", 0, 10, .01, 4, 1, 1},
    [KNOB_DROPOUT] = {KNOB_REAL, "dropout", "dropout", NULL, "network", "",
                      "share of features dropped where the network says dropout", 0, .95, .2, .05, 0, 1},
    [KNOB_CLIP_NORM] = {KNOB_REAL, "clip_norm", "gradient clip", "clip", "optimizer", "",
                        "longest gradient allowed; 0: no limit", 0, 1e6, 0, 4, 1, 1},
    [KNOB_LOSS] = {KNOB_CHOICE, "loss", "loss", NULL, "training", "", "what training makes small", 0, 0, 0, 1, 0, 1},
    [KNOB_LABEL_SMOOTHING] = {KNOB_REAL, "label_smoothing", "label smoothing", NULL, "training", "",
                              "share of the target spread over all classes (cross-entropy)", 0, .9, 0, .05, 0, 1},
    [KNOB_SCHEDULE] = {KNOB_CHOICE, "schedule", "schedule", NULL, "schedule", "",
                       "course of the learning rate; another one starts now", 0, 0, 0, 1, 0, 1},
    [KNOB_SCHEDULE_UNIT] = {KNOB_CHOICE, "schedule_unit", "schedule unit", NULL, "schedule", "",
                            "what the schedule counts", 0, 1, 0, 1, 0, 1},
    [KNOB_WARMUP] = {KNOB_REAL, "warmup", "warm-up", NULL, "schedule", "",
                     "length of the climb from zero before the schedule, in its unit", 0, 1e6, 0, .5, 0, 1},
    [KNOB_STEP_SIZE] = {KNOB_REAL, "step_size", "step size", NULL, "schedule", "",
                        "distance between two falls of the step schedule, in its unit", .01, 1e7, 5, 1, 0, 1},
    [KNOB_GAMMA] = {KNOB_REAL, "gamma", "gamma", NULL, "schedule", "",
                    "factor of each fall (step, exponential)", 0, 1, .5, .05, 0, 1},
    [KNOB_T_MAX] = {KNOB_REAL, "T_max", "T max", NULL, "schedule", "", "half a period of the cosine, in its unit",
                    .01, 1e7, 20, 1, 0, 1},
    [KNOB_T_0] = {KNOB_REAL, "T_0", "T 0", NULL, "schedule", "", "length of the first cycle, in its unit", .01, 1e7,
                  10, 1, 0, 1},
    [KNOB_T_MULT] = {KNOB_REAL, "T_mult", "T mult", NULL, "schedule", "", "each cycle is so many times the last", 1,
                     10, 2, 1, 0, 1},
    [KNOB_ETA_MIN] = {KNOB_REAL, "eta_min", "eta min", NULL, "schedule", "", "lowest rate of the cosines", 0, 1,
                      1e-6, 2, 1, 1},
    [KNOB_EVAL_EVERY] = {KNOB_REAL, "eval_every", "evaluate every", NULL, "training", "epochs",
                         "distance between two evaluations on validation", .01, 1000, 1, .25, 0, 1},
    [KNOB_EPOCHS] = {KNOB_INTEGER, "epochs", "epochs", NULL, "training", "epochs", "where the run pauses, done", 1,
                     1e6, 20, 5, 0, 1},
    [KNOB_NETWORK] = {KNOB_TEXT, "network", "network", NULL, "network", "", "layers, as linear 256 relu | linear 41",
                      0, 0, 0, 0, 0, 0},
    [KNOB_CONTEXT] = {KNOB_INTEGER, "context", "context", NULL, "data", "frames",
                      "frames the network sees at once, an odd number", 1, 301, 11, 2, 0, 0},
    [KNOB_SPLIT_SEED] = {KNOB_INTEGER, "split_seed", "split seed", NULL, "data", "",
                         "shuffles utterances into training and validation", 0, 4294967295.0, 1337, 1, 0, 0},
    [KNOB_SPLIT_RATIO] = {KNOB_REAL, "split_ratio", "split ratio", NULL, "data", "", "share of utterances that train",
                          .01, .99, .8, .05, 0, 0},
    [KNOB_SEED] = {KNOB_INTEGER, "seed", "seed", NULL, "training", "", "of weights, order and masks", 0,
                   9007199254740991.0, 1, 1, 0, 0},
    [KNOB_SHARDS] = {KNOB_INTEGER, "shards", "shards", NULL, "training", "",
                     "parts of a batch, computed side by side; 0: one for each core", 0, 64, 0, 1, 0, 0},
};

static const char *const units[] = {"epochs", "steps"};

/* Below this a logarithmic knob that may be 0 becomes 0. */
static const double LEAST = 1e-8;

const struct knob *knob_row(enum knob_id id)
{
    return &rows[id];
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
    if (id == KNOB_SCHEDULE_UNIT)
        return i < 2 ? units[i] : NULL;
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
        const struct knob *k = &rows[i];
        if (strcmp(name, k->name) == 0 || strcmp(name, k->title) == 0 || (k->alias && strcmp(name, k->alias) == 0))
            return i;
    }
    return -1;
}

void knobs_standard(struct knobs *k)
{
    memset(k, 0, sizeof *k);
    for (int i = 0; i < KNOB_COUNT; i++)
        k->value[i] = rows[i].standard;
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
    return err_set(e, ERR_USAGE, "%s: there is no \"%.40s\"; choose from %s", rows[id].title, text, all);
}

static int parse_switch(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    static const char *const words[2][4] = {{"off", "no", "false", "0"}, {"on", "yes", "true", "1"}};

    for (int on = 0; on < 2; on++)
        for (int i = 0; i < 4; i++)
            if (strcmp(text, words[on][i]) == 0) {
                k->value[id] = on;
                return 0;
            }
    return err_set(e, ERR_USAGE, "%s: \"%.40s\" is neither on nor off", rows[id].title, text);
}

static int parse_number(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    const struct knob *row = &rows[id];
    char *end;
    double v = strtod(text, &end);

    if (end == text || *end || strspn(text, "0123456789.eE+-") != strlen(text))
        return err_set(e, ERR_USAGE, "%s: \"%.40s\" is not a number", row->title, text);
    if (row->type == KNOB_INTEGER && v != floor(v))
        return err_set(e, ERR_USAGE, "%s: %.40s is not a whole number", row->title, text);
    if (!(v >= row->min && v <= row->max))
        return err_set(e, ERR_USAGE, "%s: %.40s is outside %.17g … %.17g", row->title, text, row->min, row->max);
    if (id == KNOB_CONTEXT && fmod(v, 2) == 0)
        return err_set(e, ERR_USAGE, "%s: %.40s is even; the frame itself stands in the middle", row->title, text);
    k->value[id] = v;
    return 0;
}

int knobs_parse(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    switch (rows[id].type) {
    case KNOB_TEXT:
        if (strlen(text) >= KNOB_TEXT_SIZE)
            return err_set(e, ERR_USAGE, "%s: longer than %d characters", rows[id].title, KNOB_TEXT_SIZE - 1);
        memset(k->network, 0, sizeof k->network);
        memcpy(k->network, text, strlen(text));
        return 0;
    case KNOB_CHOICE:
        return parse_choice(k, id, text, e);
    case KNOB_SWITCH:
        return parse_switch(k, id, text, e);
    default:
        return parse_number(k, id, text, e);
    }
}

/* The fewest digits that read back as the same double. */
static void shortest(double v, char *text, size_t size)
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            return;
    }
}

void knobs_format(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    double v = k->value[id];

    switch (rows[id].type) {
    case KNOB_TEXT:
        snprintf(text, size, "%s", k->network);
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

    if (rows[id].type == KNOB_CHOICE)
        snprintf(text, size, "%s", choice_title(id, (int)v));
    else if (rows[id].type == KNOB_INTEGER && id != KNOB_SEED && id != KNOB_SPLIT_SEED)
        show_thousands(v, text, size);
    else if (rows[id].type == KNOB_REAL)
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
    const struct knob *row = &rows[id];
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
