#include "run/hyper.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct binding {
    enum knob_id knob;
    size_t offset;
    int whole; /* the field is an int */
};

static const struct binding of_optimizer[] = {
    {KNOB_MOMENTUM, offsetof(struct optimizer_args, momentum), 0},
    {KNOB_DAMPENING, offsetof(struct optimizer_args, dampening), 0},
    {KNOB_BETA1, offsetof(struct optimizer_args, beta1), 0},
    {KNOB_BETA2, offsetof(struct optimizer_args, beta2), 0},
    {KNOB_ALPHA, offsetof(struct optimizer_args, alpha), 0},
    {KNOB_RHO, offsetof(struct optimizer_args, rho), 0},
    {KNOB_EPS, offsetof(struct optimizer_args, eps), 0},
    {KNOB_WEIGHT_DECAY, offsetof(struct optimizer_args, weight_decay), 0},
    {KNOB_LR_DECAY, offsetof(struct optimizer_args, lr_decay), 0},
    {KNOB_INITIAL_ACCUMULATOR_VALUE, offsetof(struct optimizer_args, initial_accumulator_value), 0},
    {KNOB_MOMENTUM_DECAY, offsetof(struct optimizer_args, momentum_decay), 0},
    {KNOB_ETAMINUS, offsetof(struct optimizer_args, etaminus), 0},
    {KNOB_ETAPLUS, offsetof(struct optimizer_args, etaplus), 0},
    {KNOB_STEP_SIZE_MIN, offsetof(struct optimizer_args, step_size_min), 0},
    {KNOB_STEP_SIZE_MAX, offsetof(struct optimizer_args, step_size_max), 0},
    {KNOB_LAMBD, offsetof(struct optimizer_args, lambd), 0},
    {KNOB_T0, offsetof(struct optimizer_args, t0), 0},
    {KNOB_TOLERANCE_GRAD, offsetof(struct optimizer_args, tolerance_grad), 0},
    {KNOB_TOLERANCE_CHANGE, offsetof(struct optimizer_args, tolerance_change), 0},
    {KNOB_NESTEROV, offsetof(struct optimizer_args, nesterov), 1},
    {KNOB_AMSGRAD, offsetof(struct optimizer_args, amsgrad), 1},
    {KNOB_CENTERED, offsetof(struct optimizer_args, centered), 1},
    {KNOB_MAX_ITER, offsetof(struct optimizer_args, max_iter), 1},
    {KNOB_MAX_EVAL, offsetof(struct optimizer_args, max_eval), 1},
    {KNOB_HISTORY_SIZE, offsetof(struct optimizer_args, history_size), 1},
    {KNOB_LINE_SEARCH_FN, offsetof(struct optimizer_args, line_search_fn), 1},
};

static const struct binding of_schedule[] = {
    {KNOB_WARMUP, offsetof(struct schedule_args, warmup), 0},
    {KNOB_STEP_SIZE, offsetof(struct schedule_args, step_size), 0},
    {KNOB_GAMMA, offsetof(struct schedule_args, gamma), 0},
    {KNOB_T_MAX, offsetof(struct schedule_args, T_max), 0},
    {KNOB_T_0, offsetof(struct schedule_args, T_0), 0},
    {KNOB_T_MULT, offsetof(struct schedule_args, T_mult), 0},
    {KNOB_ETA_MIN, offsetof(struct schedule_args, eta_min), 0},
    {KNOB_START_FACTOR, offsetof(struct schedule_args, start_factor), 0},
    {KNOB_END_FACTOR, offsetof(struct schedule_args, end_factor), 0},
    {KNOB_TOTAL_ITERS, offsetof(struct schedule_args, total_iters), 0},
    {KNOB_POWER, offsetof(struct schedule_args, power), 0},
    {KNOB_MAX_LR, offsetof(struct schedule_args, max_lr), 0},
    {KNOB_TOTAL_STEPS, offsetof(struct schedule_args, total_steps), 0},
    {KNOB_PCT_START, offsetof(struct schedule_args, pct_start), 0},
    {KNOB_DIV_FACTOR, offsetof(struct schedule_args, div_factor), 0},
    {KNOB_FINAL_DIV_FACTOR, offsetof(struct schedule_args, final_div_factor), 0},
    {KNOB_BASE_LR, offsetof(struct schedule_args, base_lr), 0},
    {KNOB_STEP_SIZE_UP, offsetof(struct schedule_args, step_size_up), 0},
    {KNOB_STEP_SIZE_DOWN, offsetof(struct schedule_args, step_size_down), 0},
    {KNOB_FACTOR, offsetof(struct schedule_args, factor), 0},
    {KNOB_THRESHOLD, offsetof(struct schedule_args, threshold), 0},
    {KNOB_MIN_LR, offsetof(struct schedule_args, min_lr), 0},
    {KNOB_PLATEAU_EPS, offsetof(struct schedule_args, plateau_eps), 0},
    {KNOB_THREE_PHASE, offsetof(struct schedule_args, three_phase), 1},
    {KNOB_ANNEAL_STRATEGY, offsetof(struct schedule_args, anneal_strategy), 1},
    {KNOB_CYCLIC_MODE, offsetof(struct schedule_args, cyclic_mode), 1},
    {KNOB_PLATEAU_MODE, offsetof(struct schedule_args, plateau_mode), 1},
    {KNOB_THRESHOLD_MODE, offsetof(struct schedule_args, threshold_mode), 1},
    {KNOB_PATIENCE, offsetof(struct schedule_args, patience), 1},
    {KNOB_COOLDOWN, offsetof(struct schedule_args, cooldown), 1},
};

static void put(const struct binding *b, const struct knobs *k, void *args)
{
    void *field = (char *)args + b->offset;

    if (b->whole)
        *(int *)field = (int)k->value[b->knob];
    else
        *(double *)field = k->value[b->knob];
}

static void hand_over(const struct binding *b, size_t n, const struct knobs *k, void *args)
{
    for (size_t i = 0; i < n; i++)
        put(&b[i], k, args);
}

static int hand_over_one(const struct binding *b, size_t n, const struct knobs *k, enum knob_id id, void *args)
{
    for (size_t i = 0; i < n; i++)
        if (b[i].knob == id) {
            put(&b[i], k, args);
            return 1;
        }
    return 0;
}

struct optimizer_args knobs_optimizer(const struct knobs *k)
{
    struct optimizer_args a = optimizers_f.defaults(optimizers_f.at((int)k->value[KNOB_OPTIMIZER]));

    hand_over(of_optimizer, sizeof of_optimizer / sizeof *of_optimizer, k, &a);
    return a;
}

struct schedule_args knobs_schedule(const struct knobs *k)
{
    struct schedule_args a = schedule_defaults(schedule_at((int)k->value[KNOB_SCHEDULE]));

    hand_over(of_schedule, sizeof of_schedule / sizeof *of_schedule, k, &a);
    a.milestone_count = milestones_parse(k->milestones, a.milestones);
    return a;
}

int knob_to_optimizer(const struct knobs *k, enum knob_id id, struct optimizer_args *a)
{
    return hand_over_one(of_optimizer, sizeof of_optimizer / sizeof *of_optimizer, k, id, a);
}

int knob_to_schedule(const struct knobs *k, enum knob_id id, struct schedule_args *a)
{
    if (id == KNOB_MILESTONES) {
        a->milestone_count = milestones_parse(k->milestones, a->milestones);
        return 1;
    }
    return hand_over_one(of_schedule, sizeof of_schedule / sizeof *of_schedule, k, id, a);
}

int milestones_parse(const char *text, double *out)
{
    int n = 0;

    while (*text) {
        char *end;
        double v = strtod(text, &end);
        size_t used = (size_t)(end - text);
        if (used == 0 || strspn(text, "0123456789.eE+ ") < used || !(v >= 0 && v <= 1e12) || n == SCHEDULE_MILESTONES)
            return -1;
        if (out)
            out[n] = v;
        n++;
        text = end + strspn(end, " ");
        if (*text == ',')
            text++;
        else if (*text)
            return -1;
    }
    return n;
}
