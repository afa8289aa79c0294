/* Learning-rate schedules: pure functions of progress, so the future can be drawn.
 * One file each, schedule-NAME.c, ending in its const descriptor; listed in schedule.c. Formulas and
 * parameter names are PyTorch's (torch.optim.lr_scheduler). */
#ifndef SADDLE_OPTIM_SCHEDULE_H
#define SADDLE_OPTIM_SCHEDULE_H

/* Every schedule's numbers; each reads its own. Times are in the schedule's unit (epochs or steps). */
struct schedule_args {
    double warmup;           /* before any: the rate is multiplied by (t+1)/warmup for t < warmup in
                                steps, or t/warmup + one step's share in epochs: see schedule_rate */
    double step_size, gamma; /* step, exponential */
    double T_max, eta_min;   /* cosine, and its floor */
    double T_0, T_mult;      /* cosine warm restarts */
};

struct schedule {
    const char *name;  /* "cosine_warm_restarts" */
    const char *title; /* "cosine, warm restarts" */
    /* The rate at progress t ≥ 0 (fractions allowed) for base rate `base`; finite and ≥ 0. */
    double (*rate)(const struct schedule_args *a, double base, double t);
    /* Which numbers it reads, as "T_0 T_mult eta_min": the screen shows only those. */
    const char *reads;
};

/* The i-th schedule, or NULL beyond the last; index by name, or −1. */
const struct schedule *schedule_at(int i);
int schedule_find(const char *name);

/* The rate in force at progress t since the schedule began, warm-up included. `tick` is what one step
 * adds to t (1 when the unit is steps): during warm-up the rate is base × (t + tick)/warmup, after it the
 * schedule counts from t − warmup. */
double schedule_rate(const struct schedule *s, const struct schedule_args *a, double base, double t, double tick);

#endif
