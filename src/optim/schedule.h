/* SPDX-License-Identifier: MIT */
/* Learning-rate schedules: functions of progress, so that the future can be drawn.
 * One file each, schedule-NAME.c, ending in its const descriptor; listed in schedule.c. Formulas and
 * parameter names are PyTorch's (torch.optim.lr_scheduler, 1.13). */
#ifndef SADDLE_OPTIM_SCHEDULE_H
#define SADDLE_OPTIM_SCHEDULE_H

enum { SCHEDULE_MILESTONES = 32 };
enum schedule_anneal { SCHEDULE_ANNEAL_COS, SCHEDULE_ANNEAL_LINEAR };
enum schedule_cycle { SCHEDULE_TRIANGULAR, SCHEDULE_TRIANGULAR2, SCHEDULE_EXP_RANGE };
enum schedule_plateau { SCHEDULE_MIN, SCHEDULE_MAX };
enum schedule_threshold { SCHEDULE_REL, SCHEDULE_ABS };

/* Every schedule's numbers; each reads its own. Times are in the schedule's unit (epochs or steps). */
struct schedule_args {
    double warmup;           /* before any: the rate is multiplied by (t+1)/warmup for t < warmup in
                                steps, or t/warmup + one step's share in epochs: see schedule_rate */
    double step_size, gamma; /* step (0: never), exponential, multistep, cyclic exp_range */
    double T_max, eta_min;   /* cosine, and its floor */
    double T_0, T_mult;      /* cosine warm restarts */

    double milestones[SCHEDULE_MILESTONES]; /* multistep: in any order */
    int milestone_count;
    double start_factor, end_factor, total_iters, power; /* linear, polynomial */

    double max_lr;                       /* one-cycle, cyclic: the peak; 0: the base rate */
    double total_steps, pct_start;       /* one-cycle */
    double div_factor, final_div_factor; /* begins at max_lr/div, ends at that /final_div */
    int three_phase, anneal_strategy;    /* enum schedule_anneal */
    double base_lr;                      /* cyclic: the foot */
    double step_size_up, step_size_down; /* down 0: as up */
    int cyclic_mode;                     /* enum schedule_cycle */

    int plateau_mode; /* enum schedule_plateau: which way the metric improves */
    double factor, threshold, min_lr;
    int threshold_mode;     /* enum schedule_threshold */
    int patience, cooldown; /* evaluations */
    double plateau_eps;     /* a smaller change of the rate is not made */

    double tick; /* what one step adds to t; schedule_rate sets it */
};

/* A schedule's record of the run's evaluations: plain data, part of the run's state. */
struct schedule_state {
    double factor; /* of the base rate; stays 1 unless the schedule is fed */
    double best;   /* metric */
    int fed;       /* best is one: there was an evaluation that counts */
    int num_bad_epochs, cooldown_counter;
    int reductions; /* how often the rate fell */
};

struct schedule {
    const char *name;  /* "cosine_warm_restarts" */
    const char *title; /* "cosine, warm restarts" */
    /* The rate at progress t ≥ 0 (fractions allowed) for base rate `base`; finite and ≥ 0. */
    double (*rate)(const struct schedule_args *a, double base, double t);
    /* Names of the numbers it reads, such as "T_0 T_mult eta_min": the screen shows only those. */
    const char *reads;
    /* Defaults that differ from schedule_defaults(); NULL: none. */
    void (*defaults)(struct schedule_args *a);
    /* After an evaluation: its metric, and the base rate the state's factor belongs to; NULL: the schedule
     * does not look at evaluations. */
    void (*feed)(const struct schedule_args *a, double base, double metric, struct schedule_state *s);
};

/* The i-th schedule, or NULL beyond the last; index by name, or −1. */
const struct schedule *schedule_at(int i);
int schedule_find(const char *name);

/* PyTorch's default numbers of this schedule; where it has none, some that work. */
struct schedule_args schedule_defaults(const struct schedule *s);

/* The state of a schedule that begins. */
struct schedule_state schedule_begin(void);

/* The rate in force at progress t since the schedule began, warm-up included; `base` is the learning rate
 * set, times the state's factor. `tick` is what one step adds to t (1 when the unit is steps): during
 * warm-up the rate is base × (t + tick)/warmup, after it the schedule counts from t − warmup.
 * Finite and ≥ 0 whatever the numbers are. */
double schedule_rate(const struct schedule *s, const struct schedule_args *a, double base, double t,
                     double tick);

#endif
