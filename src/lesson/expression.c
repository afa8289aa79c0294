/* SPDX-License-Identifier: MIT */
#include "lesson/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "race/condition.h"

struct reader {
    const char *text, *at;
    const struct expression_names *names;
    struct err *e;
    int depth;
};

static int any(struct reader *r, struct expression_value *v);

static void skip(struct reader *r)
{
    while (*r->at == ' ')
        r->at++;
}

static int expected(struct reader *r, const char *what)
{
    return err_set(r->e, ERR_INPUT, "character %d: expected %s", (int)(r->at - r->text) + 1, what);
}

/* Take this symbol if it comes next. */
static int take(struct reader *r, const char *symbol)
{
    size_t n = strlen(symbol);

    skip(r);
    if (strncmp(r->at, symbol, n) != 0)
        return 0;
    if (isalpha((unsigned char)*symbol) && (isalnum((unsigned char)r->at[n]) || (r->at[n] && strchr("_.(", r->at[n]))))
        return 0;
    r->at += n;
    return 1;
}

static int to_number(struct reader *r, const struct expression_value *v)
{
    return v->is_text ? err_set(r->e, ERR_INPUT, "character %d: \"%s\" is a text, where a number is expected",
                                (int)(r->at - r->text) + 1, v->text)
                      : 0;
}

/* ---- functions -------------------------------------------------------------------------------- */

static double absolute(double a, double b)
{
    (void)b;
    return fabs(a);
}

static double root(double a, double b)
{
    (void)b;
    return sqrt(a);
}

static double decades(double a, double b)
{
    (void)b;
    return log10(a);
}

/* NaN is not known: neither is the smaller of it and something. */
static double smaller(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : fmin(a, b);
}

static double larger(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

static const struct {
    const char *name;
    int arguments;
    double (*f)(double a, double b);
} functions[] = {{"abs", 1, absolute}, {"sqrt", 1, root}, {"log10", 1, decades}, {"min", 2, smaller}, {"max", 2, larger}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static int call(struct reader *r, int which, struct expression_value *v)
{
    double argument[2] = {0, 0};

    for (int i = 0; i < functions[which].arguments; i++) {
        struct expression_value own;
        int result = i && !take(r, ",") ? expected(r, "a comma") : any(r, &own);
        if (result == 0)
            result = to_number(r, &own);
        if (result)
            return result;
        argument[i] = own.number;
    }
    if (!take(r, ")"))
        return expected(r, "a closing parenthesis");
    *v = (struct expression_value){.number = functions[which].f(argument[0], argument[1])};
    return 0;
}

/* ---- what stands alone ------------------------------------------------------------------------ */

static int name(struct reader *r, struct expression_value *v)
{
    char word[EXPRESSION_NAME];
    struct err why = {0};
    size_t n = 0;

    while (isalnum((unsigned char)r->at[n]) || (r->at[n] && strchr("_.", r->at[n])))
        n++;
    if (n >= sizeof word)
        return expected(r, "a shorter name");
    memcpy(word, r->at, n);
    word[n] = '\0';
    for (int i = 0; i < FUNCTIONS; i++)
        if (strcmp(word, functions[i].name) == 0 && r->at[n] == '(') {
            r->at += n + 1;
            return call(r, i, v);
        }
    if (r->names->read(r->names->context, word, v, &why) != 0)
        return err_set(r->e, why.code, "character %d: %s", (int)(r->at - r->text) + 1, why.text);
    r->at += n;
    return 0;
}

static int quoted(struct reader *r, struct expression_value *v)
{
    size_t n = strcspn(r->at + 1, "\"");

    if (r->at[1 + n] != '"')
        return expected(r, "a closing quotation mark");
    if (n >= sizeof v->text)
        return expected(r, "a shorter text");
    *v = (struct expression_value){.is_text = 1, .number = NAN};
    memcpy(v->text, r->at + 1, n);
    r->at += n + 2;
    return 0;
}

static int alone(struct reader *r, struct expression_value *v)
{
    skip(r);
    *v = (struct expression_value){0};
    if (take(r, "(")) {
        int result = any(r, v);
        return result ? result : take(r, ")") ? 0 : expected(r, "a closing parenthesis");
    }
    if (*r->at == '"')
        return quoted(r, v);
    if (isalpha((unsigned char)*r->at))
        return name(r, v);
    if (!isdigit((unsigned char)*r->at) && *r->at != '.')
        return expected(r, "a quantity or a number");
    return text_number(&r->at, &v->number) == 0 ? 0 : expected(r, "a number");
}

static int signed_value(struct reader *r, struct expression_value *v)
{
    int minus = 0, result;

    if (++r->depth > EXPRESSION_DEPTH)
        return expected(r, "fewer parentheses and signs within each other");
    if (take(r, "-"))
        minus = 1;
    result = minus ? signed_value(r, v) : alone(r, v);
    r->depth--;
    if (result || !minus)
        return result;
    v->number = -v->number;
    return to_number(r, v);
}

/* ---- two of them ------------------------------------------------------------------------------ */

enum operation { PLUS, MINUS, TIMES, OVER, LESS, AT_MOST, MORE, AT_LEAST, SAME, OTHER, AND, OR };

static double combined(enum operation o, double a, double b)
{
    switch (o) {
    case PLUS:
        return a + b;
    case MINUS:
        return a - b;
    case TIMES:
        return a * b;
    case OVER:
        return a / b;
    case LESS:
        return a < b;
    case AT_MOST:
        return a <= b;
    case MORE:
        return a > b;
    case AT_LEAST:
        return a >= b;
    case SAME:
        return a == b;
    case OTHER:
        return a < b || a > b;
    case AND:
        return a > 0 && b > 0;
    default:
        return a > 0 || b > 0;
    }
}

static int combine(struct reader *r, enum operation o, struct expression_value *a, const struct expression_value *b)
{
    if (a->is_text && b->is_text && (o == SAME || o == OTHER)) {
        *a = (struct expression_value){.number = (strcmp(a->text, b->text) == 0) == (o == SAME)};
        return 0;
    }
    if ((o == SAME || o == OTHER) && a->is_text != b->is_text && isnan(a->is_text ? b->number : a->number)) {
        *a = (struct expression_value){0}; /* not known yet, and so not the same as any text */
        return 0;
    }
    if (to_number(r, a) || to_number(r, b))
        return -ERR_INPUT;
    a->number = combined(o, a->number, b->number);
    return 0;
}

struct sign {
    const char *symbol;
    enum operation operation;
};

/* Operands with these signs between them, from left to right; with `once` at most one. */
static int chain(struct reader *r, struct expression_value *v, const struct sign *sign, int once,
                 int (*operand)(struct reader *r, struct expression_value *v))
{
    int result = operand(r, v), found = 1;

    while (result == 0 && found) {
        found = 0;
        for (const struct sign *s = sign; s->symbol && !found; s++) {
            struct expression_value right;
            if (!take(r, s->symbol))
                continue;
            found = 1;
            result = operand(r, &right);
            if (result == 0)
                result = combine(r, s->operation, v, &right);
        }
        if (once)
            break;
    }
    return result;
}

static int product(struct reader *r, struct expression_value *v)
{
    static const struct sign signs[] = {{"*", TIMES}, {"/", OVER}, {0}};

    return chain(r, v, signs, 0, signed_value);
}

static int sum(struct reader *r, struct expression_value *v)
{
    static const struct sign signs[] = {{"+", PLUS}, {"-", MINUS}, {0}};

    return chain(r, v, signs, 0, product);
}

static int comparison(struct reader *r, struct expression_value *v)
{
    static const struct sign signs[] = {{"<=", AT_MOST}, {"<", LESS}, {">=", AT_LEAST}, {">", MORE}, {"==", SAME}, {"!=", OTHER}, {0}};

    return chain(r, v, signs, 1, sum);
}

static int negated(struct reader *r, struct expression_value *v)
{
    int no = 0, result;

    while (take(r, "not"))
        no = !no;
    result = comparison(r, v);
    if (result == 0 && no && (result = to_number(r, v)) == 0)
        v->number = !(v->number > 0);
    return result;
}

static int both(struct reader *r, struct expression_value *v)
{
    static const struct sign signs[] = {{"and", AND}, {0}};

    return chain(r, v, signs, 0, negated);
}

static int any(struct reader *r, struct expression_value *v)
{
    static const struct sign signs[] = {{"or", OR}, {0}};
    int result;

    if (++r->depth > EXPRESSION_DEPTH)
        return expected(r, "fewer parentheses within each other");
    result = chain(r, v, signs, 0, both);
    r->depth--;
    return result;
}

int expression_evaluate(const char *text, const struct expression_names *names, struct expression_value *v, struct err *e)
{
    struct reader r = {text, text, names, e, 0};
    int result = any(&r, v);

    skip(&r);
    if (result == 0 && *r.at)
        return expected(&r, "an operator or the end");
    return result;
}

int expression_number(const char *text, const struct expression_names *names, double *value, struct err *e)
{
    struct expression_value v;
    int result = expression_evaluate(text, names, &v, e);

    if (result == 0 && v.is_text)
        result = err_set(e, ERR_INPUT, "a condition or a number is expected, not a text");
    if (result == 0)
        *value = v.number;
    return result;
}

void expression_left(const char *text, char *out, size_t size)
{
    size_t n = 0;

    for (int depth = 0; text[n] && (depth || !strchr("<>=!", text[n])); n++)
        depth += (text[n] == '(') - (text[n] == ')');
    while (n && text[n - 1] == ' ')
        n--;
    snprintf(out, size, "%.*s", (int)n, text);
}
