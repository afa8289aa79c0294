/* SPDX-License-Identifier: MIT */
/* Recursive descent, a function for each line of the grammar:
 *   sum     = product { ("+" | "-") product }
 *   product = signed { ("*" | "/") signed }
 *   signed  = { "+" | "-" } power
 *   power   = value [ "^" signed ]
 *   value   = number | "x" | "y" | "pi" | function "(" sum ")" | "(" sum ")"
 * Every way round goes through signed(), which counts the depth. */
#include "race/formula.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    struct formula *f;
    const char *at;
    int depth;
    struct err *e;
};

static int parse_sum(struct parser *p);

static void skip_space(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}

/* Characters before `at`: bytes that do not continue one (UTF-8). */
static int place(const struct parser *p, const char *at)
{
    int n = 0;

    for (const char *c = p->f->text; c < at; c++)
        n += (*c & 0xc0) != 0x80;
    return n + 1;
}

static int fail_at(struct parser *p, const char *at, const char *what)
{
    int length = *at != 0;

    while (length && (at[length] & 0xc0) == 0x80)
        length++;
    if (!length)
        return err_set(p->e, ERR_USAGE, "formula, character %d: %s, but it ends here", place(p, at), what);
    return err_set(p->e, ERR_USAGE, "formula, character %d: %s, not \"%.*s\"", place(p, at), what, length,
                   at);
}

static void emit(struct parser *p, enum formula_code code, double number)
{
    p->f->op[p->f->count].code = code;
    p->f->op[p->f->count++].number = number;
}

static int take(struct parser *p, char c)
{
    skip_space(p);
    if (*p->at != c)
        return 0;
    p->at++;
    return 1;
}

/* ---- values ------------------------------------------------------------------------------------ */

static int parse_parenthesis(struct parser *p)
{
    int r;

    if (!take(p, '('))
        return fail_at(p, p->at, "expected \"(\"");
    r = parse_sum(p);
    if (r == 0 && !take(p, ')'))
        return fail_at(p, p->at, "expected an operator or \")\"");
    return r;
}

static int parse_word(struct parser *p)
{
    static const struct {
        const char *name;
        enum formula_code code;
        int function;
        double number;
    } words[] = {{"x", FORMULA_X, 0, 0},     {"y", FORMULA_Y, 0, 0},       {"pi", FORMULA_NUMBER, 0, M_PI},
                 {"sin", FORMULA_SIN, 1, 0}, {"cos", FORMULA_COS, 1, 0},   {"exp", FORMULA_EXP, 1, 0},
                 {"log", FORMULA_LOG, 1, 0}, {"sqrt", FORMULA_SQRT, 1, 0}, {"abs", FORMULA_ABS, 1, 0}};
    const char *from = p->at;
    size_t n = 0;

    while (isalnum((unsigned char)from[n]) || from[n] == '_')
        n++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].name) == n && memcmp(words[i].name, from, n) == 0) {
            int r;
            p->at += n;
            r = words[i].function ? parse_parenthesis(p) : 0;
            if (r == 0)
                emit(p, words[i].code, words[i].number);
            return r;
        }
    return err_set(
        p->e, ERR_USAGE,
        "formula, character %d: \"%.*s\" is not known; there are x, y, pi, sin, cos, exp, log, sqrt, abs",
        place(p, from), (int)(n < 40 ? n : 40), from);
}

/* Decimal digits only: strtod would take "inf" and hexadecimal. */
static int parse_number(struct parser *p)
{
    const char *c = p->at;
    size_t digits = strspn(c, "0123456789");
    double v;

    c += digits;
    if (*c == '.') {
        size_t more = strspn(++c, "0123456789");
        digits += more;
        c += more;
    }
    if (digits == 0)
        return fail_at(p, p->at, "expected digits");
    if (*c == 'e' || *c == 'E') {
        const char *exponent = c + 1 + (c[1] == '+' || c[1] == '-');
        if (!isdigit((unsigned char)*exponent))
            return fail_at(p, exponent, "expected the digits of an exponent");
        c = exponent + strspn(exponent, "0123456789");
    }
    v = strtod(p->at, NULL);
    if (!isfinite(v))
        return err_set(p->e, ERR_USAGE, "formula, character %d: the number is too large", place(p, p->at));
    emit(p, FORMULA_NUMBER, v);
    p->at = c;
    return 0;
}

static int parse_value(struct parser *p)
{
    skip_space(p);
    if (*p->at == '(')
        return parse_parenthesis(p);
    if (isdigit((unsigned char)*p->at) || *p->at == '.')
        return parse_number(p);
    if (isalpha((unsigned char)*p->at))
        return parse_word(p);
    return fail_at(p, p->at, "expected a number, x, y, a function or \"(\"");
}

/* ---- operators --------------------------------------------------------------------------------- */

static int parse_signed(struct parser *p);

static int parse_power(struct parser *p)
{
    int r = parse_value(p);

    if (r == 0 && take(p, '^')) {
        r = parse_signed(p);
        if (r == 0)
            emit(p, FORMULA_POWER, 0);
    }
    return r;
}

static int parse_signed(struct parser *p)
{
    int r, signs = 0;

    skip_space(p);
    if (p->depth == FORMULA_DEPTH)
        return err_set(p->e, ERR_USAGE, "formula, character %d: nested more than %d deep", place(p, p->at),
                       FORMULA_DEPTH);
    while (*p->at == '+' || *p->at == '-') {
        signs += *p->at++ == '-';
        skip_space(p);
    }
    p->depth++;
    r = parse_power(p);
    p->depth--;
    if (r == 0 && signs % 2)
        emit(p, FORMULA_NEGATE, 0);
    return r;
}

static int parse_product(struct parser *p)
{
    int r = parse_signed(p);

    while (r == 0) {
        enum formula_code code = take(p, '*')   ? FORMULA_MULTIPLY
                                 : take(p, '/') ? FORMULA_DIVIDE
                                                : FORMULA_NUMBER;
        if (code == FORMULA_NUMBER)
            return 0;
        r = parse_signed(p);
        if (r == 0)
            emit(p, code, 0);
    }
    return r;
}

static int parse_sum(struct parser *p)
{
    int r = parse_product(p);

    while (r == 0) {
        enum formula_code code = take(p, '+')   ? FORMULA_ADD
                                 : take(p, '-') ? FORMULA_SUBTRACT
                                                : FORMULA_NUMBER;
        if (code == FORMULA_NUMBER)
            return 0;
        r = parse_product(p);
        if (r == 0)
            emit(p, code, 0);
    }
    return r;
}

int formula_parse(struct formula *f, const char *text, struct err *e)
{
    struct parser p = {.f = f, .e = e};
    int r;

    memset(f, 0, sizeof *f);
    if (strlen(text) >= FORMULA_TEXT)
        return err_set(e, ERR_USAGE, "the formula is longer than %d characters", FORMULA_TEXT - 1);
    memcpy(f->text, text, strlen(text));
    p.at = f->text;
    r = parse_sum(&p);
    skip_space(&p);
    if (r == 0 && *p.at)
        r = fail_at(&p, p.at, "expected an operator or the end");
    return r;
}
