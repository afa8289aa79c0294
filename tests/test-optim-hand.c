/* SPDX-License-Identifier: MIT */
/* optim/: optimizers that PyTorch does not have, by hand, and on the lecture's slide. Compiled twice. */
#include "test.h"

#include <math.h>

#include "descent.h"
#include "numbers.h"

/* To what a float holds of numbers near 1. */
static void comes_to(real got, double want)
{
    close_to((double)got, want, 4e-7);
}

static void lion_by_hand(void **state)
{
    static const real g1[] = {2, -3, 0}, g2[] = {(real)-.1, 1, 4};
    const struct optimizer *o = R(optimizers).find("lion");
    struct optimizer_args a = R(optimizers).defaults(o);
    struct descent r;

    (void)state;
    assert_true(a.beta1 == .9 && a.beta2 == .99 && a.lr == 1e-4);
    a.lr = .1;
    a.weight_decay = .5;
    descent_start(&r, o, &a, 3);
    r.theta[0] = 1, r.theta[1] = -1, r.theta[2] = (real).5;
    descent_parts(&r, g1, &r.n, 1); /* u = 1, −1, 0 */
    comes_to(r.theta[0], .85);
    comes_to(r.theta[1], -.85);
    comes_to(r.theta[2], .475);
    comes_to(r.slot[0][1], -.03);
    descent_parts(&r, g2, &r.n, 1); /* means .008, .073, .4: u = 1, 1, 1 */
    comes_to(r.theta[0], .7075);
    comes_to(r.theta[1], -.9075);
    comes_to(r.theta[2], .35125);
    comes_to(r.slot[0][1], -.0197);
}

static void root_mean_square_adagrad_by_hand(void **state)
{
    static const real g[] = {3, 4, 0, 5};
    static const double want[] = {.9, .786862915, .786862915, .645441559}; /* σ = 3, √12.5, √(25/3), √12.5 */
    const struct optimizer *o = R(optimizers).find("adagrad_rms");
    struct optimizer_args a = R(optimizers).defaults(o);
    struct descent r;

    (void)state;
    a.lr = .1;
    descent_start(&r, o, &a, 1);
    r.theta[0] = 1;
    for (int t = 0; t < 4; t++) {
        descent_parts(&r, g + t, &r.n, 1);
        comes_to(r.theta[0], want[t]);
    }
}

#ifdef SADDLE_DOUBLE /* in float these figures do not come out */

/* ---- the lecture's slide: y ≈ b + w x, sum of squares, from (−120, −4) ------------------------ */

static double regression(const double *x, double *gradient)
{
    static const double at[] = {338, 333, 328, 207, 226, 25, 179, 60, 208, 606},
                        y[] = {640, 633, 619, 393, 428, 27, 193, 66, 226, 1591};
    double f = 0;

    gradient[0] = gradient[1] = 0;
    for (int i = 0; i < 10; i++) {
        double r = x[0] + x[1] * at[i] - y[i];
        gradient[0] += 2 * r;
        gradient[1] += 2 * r * at[i];
        f += r * r;
    }
    return f;
}

/* Walk; count spurts in b (moves of more than half, apart by more than a hundred steps) after the first
 * hundred steps, and note where each is fastest. */
static int walk_slide(const char *name, double lr, int steps, int *spurt, int room, double *end)
{
    static const struct ground slide = {2, {-120, -4}, regression};
    const struct optimizer *o = R(optimizers).find(name);
    struct optimizer_args a = R(optimizers).defaults(o);
    struct asked q = {.on = &slide};
    struct descent r;
    int count = 0, last = -1000;
    double fastest = 0;

    a.lr = lr;
    descent_start(&r, o, &a, 2);
    descent_to_start(&r, &slide);
    for (int t = 1; t <= steps; t++) {
        double before = (double)r.theta[0], moved;
        descent_step(&r, &q);
        moved = fabs((double)r.theta[0] - before);
        if (t <= 100 || moved < .5)
            continue;
        if (t - last > 100) {
            count++;
            fastest = 0;
        }
        if (moved > fastest && count <= room) {
            fastest = moved;
            spurt[count - 1] = t;
        }
        last = t;
    }
    *end = (double)r.theta[0];
    return count;
}

static void the_slides_adagrad_goes_by_spurts(void **state)
{
    int spurt[3] = {0};
    double b;

    (void)state;
    assert_int_equal(walk_slide("adagrad_rms", 1, 2000, spurt, 3, &b), 3);
    assert_in_range(spurt[0], 700, 740);
    assert_in_range(spurt[1], 1175, 1215);
    assert_in_range(spurt[2], 1730, 1770);
    assert_true(fabs(b + 187.186) < .01);
    assert_int_equal(walk_slide("adagrad_rms", .1, 2000, spurt, 0, &b), 0);
    assert_int_equal(walk_slide("adagrad", 1, 100000, spurt, 0, &b), 0);
    assert_true(fabs(b + 188.367) < .01);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lion_by_hand),
        cmocka_unit_test(root_mean_square_adagrad_by_hand),
#ifdef SADDLE_DOUBLE
        cmocka_unit_test(the_slides_adagrad_goes_by_spurts),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
