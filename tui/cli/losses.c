/* SPDX-License-Identifier: MIT */
/* saddle losses: MSE against cross-entropy at one pair of logits, and gradient descent on both from there. */
#include <stdio.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/options.h"
#include "cli/subcommand.h"
#include "lecture/loss-descent.h"

struct asking {
    const char *point_text, *rate_text, *goal_text;
    double y[2], rate, goal;
    long long most;
    int json;
};

struct answer {
    struct plane_point at;
    struct loss_descent descent;
};

static int parse(struct asking *a, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {
        {"--point", &a->point_text}, {"--rate", &a->rate_text}, {"--goal", &a->goal_text}, {NULL, NULL}};
    const struct option_count counts[] = {{"--most", &a->most, 0, 1000000000000LL}, {NULL, NULL, 0, 0}};
    const struct option_switch switches[] = {{"--json", &a->json}, {NULL, NULL}};
    int r;

    for (int i = 1; i < argc; i++) {
        r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_count(counts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    r = plane_point_parse(a->point_text, a->y, e);
    if (r == 0)
        r = plane_number_parse("--rate", a->rate_text, PLANE_RATE_MOST, &a->rate, e);
    if (r == 0)
        r = plane_number_parse("--goal", a->goal_text, .999999, &a->goal, e);
    return r;
}

static void put(json_t *o, const char *name, const struct answer *x)
{
    json_t *inner = json_object();

    json_line_number(inner, "loss", x->at.loss);
    json_object_set_new(inner, "gradient", json_pack("[f, f]", x->at.gradient[0], x->at.gradient[1]));
    json_line_number(inner, "gradient_norm", x->at.norm);
    json_line_integer(inner, "steps", (long long)x->descent.steps);
    json_object_set_new(inner, "arrived", json_boolean(x->descent.arrived));
    json_object_set_new(o, name, inner);
}

static void print_json(const struct asking *a, const struct answer *x)
{
    json_t *o = json_object();

    json_object_set_new(o, "point", json_pack("[f, f]", a->y[0], a->y[1]));
    json_line_number(o, "p", x[PLANE_MSE].at.p);
    json_line_number(o, "rate", a->rate);
    json_line_number(o, "goal", a->goal);
    json_line_integer(o, "most", a->most);
    put(o, "mse", &x[PLANE_MSE]);
    put(o, "cross_entropy", &x[PLANE_CROSS_ENTROPY]);
    json_line_print(o);
}

static void print_text(const struct asking *a, const struct answer *x)
{
    printf("softmax(%g, %g, -1000), target (1, 0, 0): p(true) = %.4g\n", a->y[0], a->y[1], x[PLANE_MSE].at.p);
    printf("%-14s %11s %11s  steps at rate %g until p > %g\n", "", "loss", "|gradient|", a->rate, a->goal);
    for (int k = 0; k < PLANE_LOSSES; k++)
        printf("%-14s %11.4g %11.4g  %s%llu\n", plane_loss_title((enum plane_loss)k), x[k].at.loss, x[k].at.norm,
               x[k].descent.arrived ? "" : "more than ", (unsigned long long)x[k].descent.steps);
}

static int run(int argc, char **argv, struct err *e)
{
    struct asking a = {.point_text = "-10,10", .rate_text = ".5", .goal_text = ".9", .most = (long long)LOSS_DESCENT_MOST};
    struct answer x[PLANE_LOSSES];
    int r = parse(&a, argc, argv, e);

    if (r)
        return r;
    for (int k = 0; k < PLANE_LOSSES; k++) {
        x[k].at = plane_point_at((enum plane_loss)k, a.y[0], a.y[1]);
        loss_descent_begin(&x[k].descent, (enum plane_loss)k, a.y[0], a.y[1], a.rate, a.goal);
        loss_descent_run(&x[k].descent, (uint64_t)a.most);
    }
    if (a.json)
        print_json(&a, x);
    else
        print_text(&a, x);
    return 0;
}

const struct cmd cmd_losses = {
    .name = "losses",
    .synopsis = "losses [OPTION]…",
    .summary = "compare MSE with cross-entropy: gradients at a point, and descents from it",
    .help = "  --point Y1,Y2       logits of the first two of three classes, −10 to 10 (-10,10); the third is −1000\n"
            "  --rate X            learning rate of gradient descent (.5)\n"
            "  --goal P            descend until the probability of the true class, the first, is above P (.9)\n"
            "  --most N            steps after which a descent is given up (1000000000)\n"
            "  --json              print one object\n"
            "Far from the target the gradient of MSE on softmax outputs vanishes, that of cross-entropy does not. From -10,10\n"
            "MSE takes 121,291,340 steps, a few seconds of computing, and cross-entropy 31.\n",
    .run = run,
};
