/* SPDX-License-Identifier: MIT */
/* Values of hyper-parameters as text: what is typed, what files hold, what is shown. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "run/setting-unknown.h"

/* ---- reading -------------------------------------------------------------------------------- */

static int parse_choice(enum knob_id id, const char *text, struct knob_value *v, struct err *e)
{
    int i = knob_choice_find(id, text);

    if (i < 0)
        return setting_no_choice(knob_row(id)->title, id, text, e);
    v->number = i;
    return 0;
}

static int parse_switch(enum knob_id id, const char *text, struct knob_value *v, struct err *e)
{
    int on;

    if (text_switch(text, &on) != 0)
        return err_set(e, ERR_USAGE, "%s: \"%.40s\" is neither on nor off", knob_row(id)->title, text);
    v->number = on;
    return 0;
}

static int parse_number(enum knob_id id, const char *text, struct knob_value *v, struct err *e)
{
    char *end;

    v->number = strtod(text, &end);
    if (end == text || *end || strspn(text, "0123456789.eE+-") != strlen(text))
        return err_set(e, ERR_USAGE, "%s: \"%.40s\" is not a number", knob_row(id)->title, text);
    return 0;
}

static int parse_text(enum knob_id id, const char *text, struct knob_value *v, struct err *e)
{
    if (strlen(text) >= sizeof v->text)
        return err_set(e, ERR_USAGE, "%s: longer than %zu characters", knob_row(id)->title, sizeof v->text - 1);
    memcpy(v->text, text, strlen(text));
    return 0;
}

int knob_parse(enum knob_id id, const char *text, struct knob_value *v, struct err *e)
{
    int r;

    memset(v, 0, sizeof *v);
    if (knob_row(id)->type == KNOB_TEXT)
        r = parse_text(id, text, v, e);
    else if (knob_row(id)->type == KNOB_CHOICE && knob_choice_find(id, text) >= 0)
        return parse_choice(id, text, v, e);
    else if (strcasecmp(text, "default") == 0)
        return v->standard = 1, 0;
    else if (knob_row(id)->type == KNOB_CHOICE)
        r = parse_choice(id, text, v, e);
    else if (knob_row(id)->type == KNOB_SWITCH)
        r = parse_switch(id, text, v, e);
    else
        r = parse_number(id, text, v, e);
    return r ? r : knob_check(id, v, e);
}

int knobs_parse(struct knobs *k, enum knob_id id, const char *text, struct err *e)
{
    struct knob_value v;
    int r = knob_parse(id, text, &v, e);

    return r ? r : knobs_set(k, id, &v, e);
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

/* ---- writing -------------------------------------------------------------------------------- */

/* "e-08" as "e-8". */
static void trim_exponent(char *text, size_t size)
{
    char *e = strchr(text, 'e');

    if (e)
        snprintf(e, size - (size_t)(e - text), "e%d", (int)strtol(e + 1, NULL, 10));
}

/* The fewest digits that read back as the same double; whole numbers as such. */
static void shortest(double v, char *text, size_t size)
{
    char tried[32] = "";

    if (v == floor(v) && fabs(v) < 1e7) {
        snprintf(text, size, "%.0f", v);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(tried, sizeof tried, "%.*g", digits, v);
        if (strtod(tried, NULL) == v)
            break;
    }
    trim_exponent(tried, sizeof tried);
    text_copy(text, size, tried);
}

static void format_number(enum knob_id id, double v, char *text, size_t size)
{
    switch (knob_row(id)->type) {
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

void knob_format(enum knob_id id, const struct knob_value *v, char *text, size_t size)
{
    if (knob_row(id)->type == KNOB_TEXT)
        snprintf(text, size, "%s", v->text);
    else if (v->standard)
        snprintf(text, size, "default");
    else
        format_number(id, v->number, text, size);
}

void knobs_format(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    if (knob_row(id)->type == KNOB_TEXT)
        snprintf(text, size, "%s", knobs_text(k, id));
    else
        format_number(id, k->value[id], text, size);
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
    char shown[32];

    if (fabs(v) >= 1000 && fabs(v) < 1e9) {
        show_thousands(v, text, size);
        return;
    }
    if (v == 0 || fabs(v) >= .01) {
        snprintf(shown, sizeof shown, "%.4g", v);
    } else {
        for (int digits = 0; digits <= 3; digits++) { /* no more than it has */
            snprintf(shown, sizeof shown, "%.*e", digits, v);
            if (fabs(strtod(shown, NULL) / v - 1) < 5e-4)
                break;
        }
    }
    trim_exponent(shown, sizeof shown);
    text_copy(text, size, shown);
}

void knobs_show(const struct knobs *k, enum knob_id id, char *text, size_t size)
{
    const struct knob *row = knob_row(id);

    if (row->type == KNOB_CHOICE)
        snprintf(text, size, "%s", knob_choice_title(id, (int)k->value[id]));
    else if (row->type == KNOB_INTEGER && !row->identifier)
        show_thousands(k->value[id], text, size);
    else if (row->type == KNOB_REAL)
        show_real(k->value[id], text, size);
    else
        knobs_format(k, id, text, size);
}
