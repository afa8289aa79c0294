/* SPDX-License-Identifier: MIT */
/* A map as a film: who moves in it, when, and where they end. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/field.h"
#include "markup.h"

enum { N = 9, STEPS = 1025, RACERS = 24, W = 800, H = 600 };

static struct scene {
    float z[N * N];
    double x[RACERS][STEPS], y[RACERS][STEPS], step[RACERS][STEPS];
    char name[RACERS][24];
    struct field_path path[RACERS];
    struct field_mark mark[RACERS];
    struct field f;
} s;

static const struct film film = {"step"};

/* Racers that spiral inwards, each with fewer points than the one before it. */
static void scene_init(int racers, int points)
{
    memset(&s, 0, sizeof s);
    s.f = (struct field){.name = "bowl", .x = {.lo = -2, .hi = 2, .unit = "x"}, .y = {.lo = -2, .hi = 2, .unit = "y"}, .z_name = "loss", .columns = N,
                         .rows = N, .z = s.z, .paths = s.path, .path_count = racers, .marks = s.mark, .mark_count = racers, .aspect = 1, .film = &film};
    for (int i = 0; i < N * N; i++)
        s.z[i] = (float)((i % N - 4) * (i % N - 4) + (i / N - 4) * (i / N - 4));
    field_fit(&s.f, 4);
    for (int k = 0; k < racers; k++) {
        int count = points - 3 * k;
        for (int i = 0; i < count; i++) {
            double r = 1.9 * exp(-.002 * i), a = .9 * i + k;
            s.x[k][i] = r * cos(a), s.y[k][i] = r * sin(a), s.step[k][i] = i;
        }
        snprintf(s.name[k], sizeof s.name[k], "racer %d", k);
        s.path[k] = (struct field_path){.name = s.name[k], .style = STYLE_SERIES_1, .marker = 0x25cf, .count = count, .x = s.x[k], .y = s.y[k],
                                        .time = s.step[k]};
        s.mark[k] = (struct field_mark){.name = s.name[k], .x = s.x[k][count - 1], .y = s.y[k][count - 1], .style = STYLE_SERIES_1, .glyph = 0x25cf};
    }
}

struct box {
    double x, y, w, h;
};

static struct box box_of(const char *text)
{
    struct box b;

    assert_int_equal(sscanf(strstr(text, "<image class=\"cells\""), "<image class=\"cells\" x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &b.x,
                            &b.y, &b.w, &b.h), 4);
    return b;
}

static int list_length(const char *list)
{
    int n = 1;

    for (; *list != '"'; list++)
        n += *list == ';';
    return n;
}

/* As many times as values, from 0 to 1, each not before the last. */
static void check_animation(const char *at, int discrete)
{
    const char *times = strstr(at, "keyTimes=\"") + 10, *values = strstr(at, "values=\"") + 8;
    double before = 0, time;

    assert_int_equal(list_length(times), list_length(values));
    for (const char *t = times;; t = strchr(t, ';') + 1) {
        time = atof(t);
        assert_true(time >= before && time <= 1 && (t != times || time == 0));
        before = time;
        if (strcspn(t, ";") > strcspn(t, "\""))
            break;
    }
    assert_true(discrete || before == 1);
}

static int check_animations(const char *text, const char *element, int discrete)
{
    int n = 0;

    for (const char *at = text; (at = strstr(at, element)) != NULL; at++, n++)
        check_animation(at, discrete);
    return n;
}

/* Where a racer stands that nobody moves, against where it should: the end of its path. */
static void check_ends(const char *text)
{
    struct box b = box_of(text);
    int n = 0;

    for (const char *at = text; (at = strstr(at, "<g class=\"racer\"")) != NULL; at++, n++) {
        const struct field_path *p = &s.path[n];
        double x, y;
        assert_int_equal(sscanf(strstr(at, "<g transform="), "<g transform=\"translate(%lf %lf)\"", &x, &y), 2);
        assert_true(fabs(x - b.x - (p->x[p->count - 1] + 2) / 4 * b.w) < .01);
        assert_true(fabs(y - b.y - (2 - p->y[p->count - 1]) / 4 * b.h) < .01);
    }
    assert_int_equal(n, s.f.path_count);
}

static void everyone_moves_and_ends_where_they_are(void **state)
{
    char *text;

    (void)state;
    scene_init(5, 200);
    text = field_to_svg(&s.f, THEME_LIGHT, W, H);
    markup_check(text);
    assert_int_equal(markup_count(text, "g", "racer"), 5);
    assert_int_equal(markup_count(text, "g", "mark"), 0); /* who moves does not stand there as well */
    assert_int_equal(check_animations(text, "<animateMotion ", 0), 5);
    assert_int_equal(check_animations(text, "attributeName=\"stroke-dashoffset\"", 0), 5);
    assert_true(check_animations(text, "attributeName=\"visibility\"", 1) >= 50);
    check_ends(text);
    assert_int_equal(markup_count(text, "text", NULL) > 50, 1);
    assert_non_null(strstr(text, "<text visibility=\"visible\">step 199 of 199<"));
    assert_non_null(strstr(text, "20 steps a second"));
    free(text);
}

/* The marker of a film is where the racer was: at every step, within a pixel (half of one, and rounding). */
static void steps_take_the_same_time(void **state)
{
    const char *at, *times, *values;
    char *text;
    double cycle;
    struct box b;

    (void)state;
    scene_init(3, 150);
    text = field_to_svg(&s.f, THEME_DARK, W, H);
    b = box_of(text);
    at = text;
    for (int k = 0; k < 3; k++) {
        const struct field_path *p = &s.path[k];
        double end[2] = {b.x + (p->x[p->count - 1] + 2) / 4 * b.w, b.y + (2 - p->y[p->count - 1]) / 4 * b.h};
        double time = 0, x = 0, y = 0, next_time, next_x, next_y;
        int step = 0;
        at = strstr(at + 1, "<animateMotion ");
        assert_int_equal(sscanf(strstr(at, "dur="), "dur=\"%lfs\"", &cycle), 1);
        times = strstr(at, "keyTimes=\"") + 10, values = strstr(at, "values=\"") + 8;
        while (times && values && step < p->count) {
            next_time = atof(times) * cycle * 20; /* steps: 149 in 10 seconds at most, a round number a second */
            assert_int_equal(sscanf(values, "%lf %lf", &next_x, &next_y), 2);
            for (; step < p->count && p->time[step] <= next_time + .01; step++) {
                double t = next_time > time ? (p->time[step] - time) / (next_time - time) : 1;
                double left = b.x + (p->x[step] + 2) / 4 * b.w - end[0], top = b.y + (2 - p->y[step]) / 4 * b.h - end[1];
                assert_true(hypot(x + t * (next_x - x) - left, y + t * (next_y - y) - top) < 1.5);
            }
            time = next_time, x = next_x, y = next_y;
            times = strchr(times, ';') ? strchr(times, ';') + 1 : NULL, values = strchr(values, ';') ? strchr(values, ';') + 1 : NULL;
        }
        assert_int_equal(step, p->count);
    }
    free(text);
}

static void long_films_stay_small(void **state)
{
    char *text;

    (void)state;
    scene_init(RACERS, STEPS);
    text = field_to_svg(&s.f, THEME_LIGHT, W, H);
    assert_int_equal(markup_count(text, "g", "racer"), RACERS);
    check_ends(text);
    assert_true(strlen(text) < 500 * 1000);
    free(text);
}

static void short_and_wild_paths_are_films(void **state)
{
    char *text;

    (void)state;
    for (int wild = 0; wild < 2; wild++) {
        scene_init(2, wild ? 40 : 4); /* one of them never moved */
        for (int i = 20; wild && i < 37; i++)
            s.x[0][i] = pow(-1e9, i - 19), s.y[0][i] = i > 30 ? 1e300 : 1;
        text = field_to_svg(&s.f, THEME_LIGHT, W, H);
        markup_check(text);
        assert_int_equal(markup_count(text, "g", "racer"), 2);
        assert_true(!strstr(text, "nan") && !strstr(text, "inf"));
        free(text);
    }
    scene_init(1, 1);
    text = field_to_svg(&s.f, THEME_LIGHT, W, H);
    markup_check(text);
    assert_null(strstr(text, "<animate"));
    assert_non_null(strstr(text, "step 0 of 0"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyone_moves_and_ends_where_they_are),
        cmocka_unit_test(steps_take_the_same_time),
        cmocka_unit_test(long_films_stay_small),
        cmocka_unit_test(short_and_wild_paths_are_films),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
