/* SPDX-License-Identifier: MIT */
#include "draw/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

void number_count(char *out, size_t size, uint64_t n)
{
    text_count(out, size, n);
}

static void trim_zeros(char *s)
{
    size_t n = strlen(s);

    if (!strchr(s, '.'))
        return;
    while (n && s[n - 1] == '0')
        n--;
    if (n && s[n - 1] == '.')
        n--;
    s[n] = '\0';
}

/* "1.50e-04" says 1.5e-4 here. */
static void number_power(char *out, size_t size, double v, int digits, int trim)
{
    char text[NUMBER_SIZE], *e;
    long exponent;

    snprintf(text, sizeof text, "%.*e", digits - 1, v);
    e = strchr(text, 'e');
    exponent = e ? strtol(e + 1, NULL, 10) : 0;
    if (e)
        *e = '\0';
    if (trim)
        trim_zeros(text);
    snprintf(out, size, "%se%ld", text, exponent);
}

static int number_special(char *out, size_t size, double v)
{
    if (isfinite(v))
        return 0;
    snprintf(out, size, "%s", isnan(v) ? "–" : v > 0 ? "inf" : "-inf");
    return 1;
}

static void number_thousands(char *out, size_t size, double v, int digits)
{
    double a = fabs(v), grid = pow(10, floor(log10(a)) - digits + 1);
    char text[NUMBER_SIZE];

    number_count(text, sizeof text, (uint64_t)(grid > 1 ? round(a / grid) * grid : round(a)));
    snprintf(out, size, "%s%s", v < 0 ? "-" : "", text);
}

/* Decimals that make `digits` significant ones; below one the leading zero counts, down to .1, so
 * that a reading keeps its width about one. */
static int number_decimals(double a, int digits)
{
    int whole = a >= 100 ? 3 : a >= 10 ? 2 : a >= .1 || a == 0 ? 1 : 0;

    return digits > whole ? digits - whole : 0;
}

void number_short(char *out, size_t size, double v)
{
    double a = fabs(v);

    if (number_special(out, size, v))
        return;
    if (a != 0 && (a < 1e-2 || a >= 999950))
        number_power(out, size, v, 4, 1);
    else if (a >= 1000)
        number_thousands(out, size, v, 4);
    else {
        snprintf(out, size, "%.*f", a >= 1 || a == 0 ? number_decimals(a, 4) : (int)(3 - floor(log10(a))), v);
        trim_zeros(out);
    }
}

void number_reading(char *out, size_t size, double v, int digits)
{
    double a = fabs(v);

    if (number_special(out, size, v))
        return;
    if (a != 0 && (a < 1e-2 || a >= 999950))
        number_power(out, size, v, digits, 0);
    else if (a >= 1000)
        number_thousands(out, size, v, digits);
    else
        snprintf(out, size, "%.*f", number_decimals(a, digits), v);
}

void number_share(char *out, size_t size, double v)
{
    char text[NUMBER_SIZE];

    if (number_special(out, size, v))
        return;
    snprintf(text, sizeof text, "%.3f", v);
    snprintf(out, size, "%s", text[0] == '0' ? text + 1 : text);
}

void number_scaled(char *out, size_t size, double v)
{
    static const char *const units[] = {"", " k", " M", " G", " T"};
    int unit = 0, decimals;

    if (number_special(out, size, v))
        return;
    for (; fabs(v) >= 999.5 && unit < 4; unit++)
        v /= 1000;
    decimals = unit == 0 ? 0 : fabs(v) >= 99.95 ? 0 : fabs(v) >= 9.995 ? 1 : 2;
    snprintf(out, size, "%.*f%s", decimals, v, units[unit]);
}

void number_time(char *out, size_t size, double seconds)
{
    long s = isfinite(seconds) && seconds > 0 && seconds < 1e9 ? (long)seconds : 0;

    if (s < 3600)
        snprintf(out, size, "%ld:%02ld", s / 60, s % 60);
    else
        snprintf(out, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}
