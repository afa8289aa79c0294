/* SPDX-License-Identifier: MIT */
/* probe/: a formula the user types, as a surface. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "derivatives.h"
#include "numbers.h"
#include "race/formula.h"
#include "race/race.h"

/* ---- a formula the user types ------------------------------------------------------------------ */

static struct surface parsed(struct formula *p, const char *text)
{
    struct err e = {0};

    if (formula_parse(p, text, &e) != 0)
        fail_msg("%s: %s", text, e.text);
    return formula_surface(p);
}

static double value(const char *text, double x, double y)
{
    const double at[] = {x, y};
    struct formula p;
    struct surface s = parsed(&p, text);

    return s.f(&s, at, NULL, NULL);
}

static void formulas_bind_as_usual(void **state)
{
    (void)state;
    close_to(value("1 + 2 * 3 - 4 / 2", 0, 0), 5, 0);
    close_to(value("8/4/2", 0, 0), 1, 0);
    close_to(value("7-4-2", 0, 0), 1, 0);
    close_to(value("2^3^2", 0, 0), 512, 0);
    close_to(value("-x^2", 3, 0), -9, 0);
    close_to(value("(-x)^2", 3, 0), 9, 0);
    close_to(value("x^-1 * - -y", 4, 2), .5, 0);
    close_to(value("2*-x", 3, 0), -6, 0);
    close_to(value(" .5e1+1.E-1 ", 0, 0), 5.1, 1e-15);
    close_to(value("cos(pi) + sin(pi/2) + exp(0) + log(1) + sqrt(16) + abs(-2)", 0, 0), 7, 1e-15);
}

static void formulas_have_exact_derivatives(void **state)
{
    static const char *const texts[] = {"sin(x*y)+cos(x-y)", "exp(x/y)*log(x*x+y*y)", "sqrt(1+x^2)*abs(y)",
                                        "(x+2*y)^3",         "(1+x*x)^(y+x)",         "x/(1+y^2)-y^-2",
                                        "3-(-x)*y",          "abs(x-y)^1.5",          "2^x",
                                        "(x-1)^2^1"};
    static const double at[][2] = {{.7, 1.3}, {-1.2, .4}, {2, -.6}};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            const double x[SURFACE_MOST] = {at[k][0], at[k][1]};
            struct formula p;
            struct surface s = parsed(&p, texts[i]);
            check_derivatives(&s, x, 2e-6);
        }
}

/* The same surfaces typed: to the last digits, at the corners of powers too. */
static void a_formula_is_the_surface_it_spells(void **state)
{
    static const char *const pair[][2] = {{"saddle", "x^2-y^2"},
                                          {"monkey", "x^3-3*x*y^2"},
                                          {"chain", "(1-x*y)^2"},
                                          {"rosenbrock", "(1-x)^2+100*(y-x^2)^2"},
                                          {"himmelblau", "(x^2+y-11)^2+(x+y^2-7)^2"},
                                          {"crescent", "10*(x^2+y^2-1)^2+(x^2+(y+1)^2)/2"},
                                          {"minima", "exp(1.5*x)*((x^2-1)^2+4*y^2)"},
                                          {"rastrigin", "20+x^2-10*cos(2*pi*x)+y^2-10*cos(2*pi*y)"}};
    static const double at[][2] = {{0, 0}, {1, 1}, {-.3, 1.7}};

    (void)state;
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            double g[2][2], h[2][4];
            struct formula p;
            struct surface s = parsed(&p, pair[i][1]);
            const struct surface *same = surface_find(pair[i][0]);
            close_to(s.f(&s, at[k], g[0], h[0]), same->f(same, at[k], g[1], h[1]), 1e-10);
            for (int j = 0; j < 4; j++) {
                close_to(g[0][j / 2], g[1][j / 2], 1e-10);
                close_to(h[0][j], h[1][j], 1e-10);
            }
        }
}

static void constants_are_flat(void **state)
{
    static const char *const texts[] = {"x^0", "sqrt(0)", "0^0*3", "abs(x)*0"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const double x[] = {0, 0};
        double g[2], h[4];
        struct formula p;
        struct surface s = parsed(&p, texts[i]);
        s.f(&s, x, g, h);
        for (int j = 0; j < 4; j++)
            assert_true(g[j / 2] == 0 && h[j] == 0);
    }
    assert_true(isnan(value("log(x)", -1, 0)));
}

static void errors_point_at_the_place(void **state)
{
    static const struct {
        const char *text, *told;
    } row[] = {{"", "character 1: expected a number"},
               {"x + ", "character 5: expected a number, x, y, a function or \"(\", but it ends here"},
               {"x + * y", "character 5: expected a number, x, y, a function or \"(\", not \"*\""},
               {"x y", "character 3: expected an operator or the end, not \"y\""},
               {"2x", "character 2: expected an operator"},
               {"(x", "character 3: expected an operator or \")\", but it ends here"},
               {"x)", "character 2: expected an operator or the end, not \")\""},
               {"sin x", "character 5: expected \"(\", not \"x\""},
               {"x+tan(y)", "character 3: \"tan\" is not known"},
               {"x·y", "character 2: expected an operator or the end, not \"·\""},
               {"(x−1)*z", "character 3: expected an operator or \")\", not \"−\""},
               {"1e", "character 3: expected the digits of an exponent, but it ends here"},
               {"x+1e999", "character 3: the number is too large"},
               {".", "character 1: expected digits"},
               {"0x10", "character 2: expected an operator"},
               {"inf", "character 1: \"inf\" is not known"}};

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct formula p;
        struct err e = {0};
        assert_int_equal(formula_parse(&p, row[i].text, &e), -ERR_USAGE);
        if (!strstr(e.text, row[i].told))
            fail_msg("\"%s\": %s", row[i].text, e.text);
    }
}

static void formulas_are_bounded(void **state)
{
    char text[2 * FORMULA_TEXT];
    struct formula p;
    struct err e = {0};

    (void)state;
    for (int depth = 1; depth <= 100; depth++) { /* each level leaves two values waiting */
        char *to = text;
        text[0] = 0;
        for (int i = 0; i < depth && i < 60; i++)
            to = stpcpy(to, "1+x*(");
        to = stpcpy(to, "y");
        for (int i = 0; i < depth && i < 60; i++)
            to = stpcpy(to, ")");
        if (formula_parse(&p, text, &e) == 0) {
            struct surface s = formula_surface(&p);
            const double at[] = {.5, 2};
            close_to(s.f(&s, at, NULL, NULL), 2, 1e-12);
            assert_true(depth < FORMULA_DEPTH);
        } else {
            assert_true(depth >= FORMULA_DEPTH);
        }
    }
    assert_non_null(strstr(e.text, "longer than"));
    memset(text, '^', sizeof text);
    for (size_t i = 0; i < 200; i += 2)
        text[i] = 'x';
    text[199] = 0;
    assert_int_equal(formula_parse(&p, text, &e), -ERR_USAGE);
    assert_non_null(strstr(e.text, "nested more than 32 deep"));
    memset(text, '-', sizeof text);
    text[250] = 'x';
    text[251] = '\0';
    assert_int_equal(formula_parse(&p, text, &e), 0);
    assert_int_equal(p.count, 1);
}

/* Whatever is typed: an error with a sentence, or a surface with a value. */
static void noise_is_parsed_or_refused(void **state)
{
    static const char *const piece[] = {"x",    "y", "1", "2.5",  "pi",   "+",    "-",     "*",
                                        "/",    "^", "(", ")",    "sin(", "log(", "sqrt(", "abs(",
                                        "exp(", " ", ",", "\303", "e",    "."};
    struct rng r = {.seed = 9, .purpose = RNG_PROBE};
    int fine = 0;

    (void)state;
    for (uint64_t t = 0; t < 30000; t++) {
        char text[FORMULA_TEXT + 64] = "", *to = text;
        uint64_t pieces = 1 + rng_word(&r, t, 0) % (t % 3 ? 6 : 40);
        struct formula p;
        struct err e = {0};
        for (uint64_t k = 0; k < pieces; k++)
            to = stpcpy(to, piece[rng_word(&r, t, 1 + k) % (sizeof piece / sizeof *piece)]);
        if (formula_parse(&p, text, &e) == 0) {
            struct surface s = formula_surface(&p);
            double g[2], h[4];
            s.f(&s, s.start, g, h);
            fine++;
        } else {
            assert_true(e.code == ERR_USAGE && e.text[0]);
        }
    }
    assert_true(fine > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_bind_as_usual),
        cmocka_unit_test(formulas_have_exact_derivatives),
        cmocka_unit_test(a_formula_is_the_surface_it_spells),
        cmocka_unit_test(constants_are_flat),
        cmocka_unit_test(errors_point_at_the_place),
        cmocka_unit_test(formulas_are_bounded),
        cmocka_unit_test(noise_is_parsed_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
