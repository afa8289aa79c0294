/* SPDX-License-Identifier: MIT */
/* A formula's value with all first and second derivatives: every number is a jet (v, ∂v, ∂²v), forward-mode
 * differentiation carried to second order (Griewank and Walther 2008, chapter 13). For u(a):
 *   ∂u = u' ∂a,   ∂²u = u'' ∂a ∂aᵀ + u' ∂²a
 * and for a product
 *   ∂(ab) = a ∂b + b ∂a,   ∂²(ab) = a ∂²b + b ∂²a + ∂a ∂bᵀ + ∂b ∂aᵀ
 * An argument whose derivatives are all 0 is a constant here, and what is made of it is one too: so that
 * 0·∞ does not spoil x^0 or sqrt(0). */
#include <math.h>
#include <stddef.h>

#include "race/formula.h"

/* A sum holds a value on the stack while the next product is parsed, a product one while the next factor is:
 * at most three a level. */
enum { STACK = 3 * FORMULA_DEPTH + 2 };

struct jet {
    double v, x, y, xx, xy, yy;
};

static int constant(struct jet a)
{
    return a.x == 0 && a.y == 0 && a.xx == 0 && a.xy == 0 && a.yy == 0;
}

/* u(a), given u, u' and u'' there. */
static struct jet chain(struct jet a, double u, double u1, double u2)
{
    if (constant(a))
        return (struct jet){.v = u};
    return (struct jet){.v = u,
                        .x = u1 * a.x,
                        .y = u1 * a.y,
                        .xx = u2 * a.x * a.x + u1 * a.xx,
                        .xy = u2 * a.x * a.y + u1 * a.xy,
                        .yy = u2 * a.y * a.y + u1 * a.yy};
}

static struct jet plus(struct jet a, struct jet b, double sign)
{
    return (struct jet){.v = a.v + sign * b.v,
                        .x = a.x + sign * b.x,
                        .y = a.y + sign * b.y,
                        .xx = a.xx + sign * b.xx,
                        .xy = a.xy + sign * b.xy,
                        .yy = a.yy + sign * b.yy};
}

static struct jet times(struct jet a, struct jet b)
{
    return (struct jet){.v = a.v * b.v,
                        .x = a.v * b.x + b.v * a.x,
                        .y = a.v * b.y + b.v * a.y,
                        .xx = a.v * b.xx + b.v * a.xx + 2 * a.x * b.x,
                        .xy = a.v * b.xy + b.v * a.xy + a.x * b.y + a.y * b.x,
                        .yy = a.v * b.yy + b.v * a.yy + 2 * a.y * b.y};
}

static struct jet reciprocal(struct jet a)
{
    double u = 1 / a.v;

    return chain(a, u, -u * u, 2 * u * u * u);
}

static struct jet logarithm(struct jet a)
{
    return chain(a, log(a.v), 1 / a.v, -1 / (a.v * a.v));
}

static struct jet exponential(struct jet a)
{
    return chain(a, exp(a.v), exp(a.v), exp(a.v));
}

static struct jet root(struct jet a)
{
    double u = sqrt(a.v);

    return chain(a, u, .5 / u, -.25 / (u * a.v));
}

static struct jet absolute(struct jet a)
{
    return chain(a, fabs(a.v), a.v > 0 ? 1 : a.v < 0 ? -1 : 0, 0);
}

/* aᵇ = e^(b ln a); a constant exponent may have a base of any sign, and factors of 0 in front of a power of 0
 * are 0. */
static struct jet power(struct jet a, struct jet b)
{
    double c = b.v;

    if (!constant(b))
        return exponential(times(b, logarithm(a)));
    return chain(a, pow(a.v, c), c == 0 ? 0 : c * pow(a.v, c - 1),
                 c == 0 || c == 1 ? 0 : c * (c - 1) * pow(a.v, c - 2));
}

static struct jet pushed(enum formula_code code, double number, const double *x)
{
    if (code == FORMULA_X)
        return (struct jet){.v = x[0], .x = 1};
    if (code == FORMULA_Y)
        return (struct jet){.v = x[1], .y = 1};
    return (struct jet){.v = number};
}

static struct jet of_one(enum formula_code code, struct jet a)
{
    switch (code) {
    case FORMULA_NEGATE:
        return plus((struct jet){0}, a, -1);
    case FORMULA_SIN:
        return chain(a, sin(a.v), cos(a.v), -sin(a.v));
    case FORMULA_COS:
        return chain(a, cos(a.v), -sin(a.v), -cos(a.v));
    case FORMULA_EXP:
        return exponential(a);
    case FORMULA_LOG:
        return logarithm(a);
    case FORMULA_SQRT:
        return root(a);
    default:
        return absolute(a);
    }
}

static struct jet of_two(enum formula_code code, struct jet a, struct jet b)
{
    switch (code) {
    case FORMULA_ADD:
        return plus(a, b, 1);
    case FORMULA_SUBTRACT:
        return plus(a, b, -1);
    case FORMULA_MULTIPLY:
        return times(a, b);
    case FORMULA_DIVIDE:
        return times(a, reciprocal(b));
    default:
        return power(a, b);
    }
}

static double f(const struct surface *s, const double *x, double *gradient, double *hessian)
{
    const struct formula *p = s->data;
    struct jet stack[STACK];
    int top = 0; /* how many */

    for (int i = 0; i < p->count; i++) {
        enum formula_code code = p->op[i].code;
        if (code <= FORMULA_Y) {
            stack[top++] = pushed(code, p->op[i].number, x);
        } else if (code <= FORMULA_POWER) {
            top--;
            stack[top - 1] = of_two(code, stack[top - 1], stack[top]);
        } else {
            stack[top - 1] = of_one(code, stack[top - 1]);
        }
    }
    if (gradient) {
        gradient[0] = stack[0].x;
        gradient[1] = stack[0].y;
    }
    if (hessian) {
        hessian[0] = stack[0].xx;
        hessian[1] = hessian[2] = stack[0].xy;
        hessian[3] = stack[0].yy;
    }
    return stack[0].v;
}

struct surface formula_surface(const struct formula *formula)
{
    return (struct surface){
        .name = "formula",
        .title = "a formula of your own",
        .formula = formula->text,
        .n = 2,
        .axis = {"x", "y"},
        .window = {{-2, 2}, {-2, 2}},
        .start = {1, 1},
        .f = f,
        .data = formula,
    };
}
