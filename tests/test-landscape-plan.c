/* SPDX-License-Identifier: MIT */
/* lab/landscape-plan: what people type, and that it comes back as it was meant. */
#include "test.h"

#include <string.h>

#include "trainer/landscape-plan.h"

static struct landscape_plan parsed(const char *text)
{
    struct landscape_plan p = {0};
    struct err e = {0};

    if (landscape_plan_parse(&p, text, &e) != 0)
        fail_msg("%s: %s", text, e.text);
    return p;
}

static void texts_are_understood(void **state)
{
    struct landscape_plan p = parsed("");

    (void)state;
    assert_int_equal(p.kind, LANDSCAPE_RANDOM);
    assert_int_equal(p.axes, 2);
    assert_int_equal(landscape_plan_points(&p), 33);
    p = parsed(" ends  1d extent=.5 points=17 seed=3 ");
    assert_int_equal(p.kind, LANDSCAPE_ENDS);
    assert_int_equal(p.axes, 1);
    assert_int_equal(landscape_plan_points(&p), 17);
    assert_true(p.extent == .5 && p.seed == 3);
    p = parsed("line extent=.25 best run.safetensors");
    assert_int_equal(p.kind, LANDSCAPE_LINE);
    assert_int_equal(p.axes, 1);
    assert_int_equal(landscape_plan_points(&p), LANDSCAPE_LINE_POINTS);
    assert_true(p.extent == .25);
    assert_string_equal(p.file, "best run.safetensors");
}

static void options_alone_change_what_was_there(void **state)
{
    struct landscape_plan p = parsed("top extent=2 seed=9");
    struct err e;

    (void)state;
    assert_int_equal(landscape_plan_parse(&p, "points=9", &e), 0);
    assert_int_equal(p.kind, LANDSCAPE_TOP);
    assert_true(p.extent == 2 && p.seed == 9 && p.points == 9);
    assert_int_equal(landscape_plan_parse(&p, "top", &e), 0);
    assert_true(p.extent == 0 && p.seed == 0 && p.points == 0);
}

static void what_is_wrong_is_said_and_changes_nothing(void **state)
{
    static const char *const cases[][2] = {
        {"sideways", "\"sideways\""},     {"ends points=8", "an odd number"}, {"ends points=67", "at most 65"},
        {"1d points=999", "an odd number"}, {"extent=0", "above 0"},            {"extent=nan", "above 0"},
        {"epsilon=-1", "epsilon=-1"},
        {"seed=-1", "seed=-1"},           {"line", "name the checkpoint"},    {"line 2d f", "a line has one axis"},
        {"curve", "curve: name the checkpoint"}, {"curve 2d run B", "a curve has one axis"},
        {"ends f.safetensors", "expected random"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct landscape_plan p = parsed("gradient seed=5"), before = p;
        struct err e = {0};
        assert_int_equal(landscape_plan_parse(&p, cases[i][0], &e), -ERR_INPUT);
        if (!strstr(e.text, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], e.text);
        assert_memory_equal(&p, &before, sizeof p);
    }
}

static void a_plan_survives_its_text(void **state)
{
    static const char *const texts[] = {"random",        "ends 1d",
                                        "pca points=65 extent=0.5 epsilon=0.0005 seed=12",
                                        "line a b.safetensors", "curve points=41 run B", "gradient 1d points=257", "top seed=4503599627370496"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct landscape_plan p = parsed(texts[i]), again;
        char text[1024];
        landscape_plan_format(&p, text, sizeof text);
        assert_string_equal(text, texts[i]);
        again = parsed(text);
        assert_memory_equal(&p, &again, sizeof p);
    }
}

/* A text too long for its place is cut, never written beyond. */
static void short_places_are_enough(void **state)
{
    struct landscape_plan p = parsed("line points=9 extent=.5 seed=1 somewhere.safetensors");
    char text[64];

    (void)state;
    for (size_t size = 1; size < sizeof text; size++) {
        memset(text, '#', sizeof text);
        landscape_plan_format(&p, text, size);
        assert_true(strlen(text) < size);
        assert_int_equal(text[size], '#');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_understood),
        cmocka_unit_test(options_alone_change_what_was_there),
        cmocka_unit_test(what_is_wrong_is_said_and_changes_nothing),
        cmocka_unit_test(a_plan_survives_its_text),
        cmocka_unit_test(short_places_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
