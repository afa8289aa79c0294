/* SPDX-License-Identifier: MIT */
/* net/spec: the grammar of networks, and errors that point at the place. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "net/spec.h"

static struct network_spec parsed(const char *text)
{
    struct network_spec s;
    struct err e = {0};

    if (spec_parse(&s, text, &e) != 0)
        fail_msg("%s: %s", text, e.text);
    return s;
}

static void kinds_are(const char *text, const char *kinds)
{
    struct network_spec s = parsed(text);
    char all[1024] = "";
    size_t used = 0;

    for (int i = 0; i < s.count; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? " " : "", s.layer[i].kind);
    assert_true(used < sizeof all);
    assert_string_equal(all, kinds);
}

static void blocks_and_repetitions(void **state)
{
    (void)state;
    kinds_are("linear 41", "linear");
    kinds_are("linear 8 relu bn dropout=.2 x2 | linear 41",
              "linear relu batchnorm dropout linear relu batchnorm dropout linear");
    kinds_are("gru 8 | all | ln gelu x2|linear 4", "gru select layernorm gelu layernorm gelu linear");
    kinds_are(" rnn 3  tanh sigmoid leaky_relu=.2 elu silu ", "rnn tanh sigmoid leaky_relu elu silu");
}

static void recurrent_layers(void **state)
{
    struct network_spec s = parsed("lstm 256x2 bi dropout=.25 | center | linear 256 bn relu dropout=.2 | linear 41");

    (void)state;
    assert_string_equal(s.layer[0].kind, "lstm");
    assert_int_equal(s.layer[0].width, 256);
    assert_int_equal(s.layer[0].levels, 2);
    assert_true(s.layer[0].bidirectional);
    assert_true(s.layer[0].rate == .25);
    assert_int_equal(s.layer[1].select, SELECT_CENTER);
    assert_true(s.layer[5].rate == .2);
    assert_int_equal(s.count, 7);
    s = parsed("gru 12x3 dropout bi last");
    assert_true(isnan(s.layer[0].rate) && s.layer[0].bidirectional && s.layer[0].levels == 3);
    assert_int_equal(s.layer[1].select, SELECT_LAST);
}

/* One level has nothing between levels: dropout after it is a layer. */
static void dropout_after_one_level_is_a_layer(void **state)
{
    (void)state;
    kinds_are("lstm 8 bi dropout=.5 last", "lstm dropout select");
    assert_true(parsed("lstm 8 dropout=.5").layer[0].rate == 0);
}

static void defaults_are_pytorchs(void **state)
{
    struct network_spec s = parsed("linear 2 bn leaky_relu dropout");

    (void)state;
    assert_true(s.layer[0].bias && s.layer[1].eps == 1e-5 && s.layer[1].momentum == .1);
    assert_true(s.layer[2].slope == .01);
    assert_true(isnan(s.layer[3].rate));
}

static void errors_point_at_the_place(void **state)
{
    static const struct {
        const char *text;
        int character;
    } wrong[] = {{"", 1},
                 {"linear", 7},
                 {"linear 0", 8},
                 {"linear 12a", 8},
                 {"linear 4 | | linear 4", 12},
                 {"linear 4 relo", 10},
                 {"linear 4 relu=2", 10},
                 {"linear 4 dropout=1", 10},
                 {"linear 4 dropout=", 10},
                 {"linear 4 leaky_relu=-1", 10},
                 {"lstm", 5},
                 {"lstm x2", 6},
                 {"lstm 256x", 6},
                 {"lstm 256x9", 6},
                 {"lstm 256x2 dropout=2", 12},
                 {"lstm 256 by", 10},
                 {"bi", 1},
                 {"linear 4 relu x2 relu", 18},
                 {"x2", 1},
                 {"linear 4 |", 11},
                 {"relu x97", 6},
                 {"relu x60 | relu x60", 17}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct network_spec s;
        struct err e = {0};
        const char *place;
        int character = 0;
        assert_int_equal(spec_parse(&s, wrong[i].text, &e), -ERR_INPUT);
        place = strstr(e.text, "(character ");
        if (!place || sscanf(place, "(character %d)", &character) != 1 || character != wrong[i].character)
            fail_msg("\"%s\": %s", wrong[i].text, e.text);
    }
}

static void assert_same_layers(const char *text, const struct network_spec *a, const struct network_spec *b)
{
    assert_int_equal(a->count, b->count);
    for (int i = 0; i < a->count; i++) {
        const struct layer_spec *x = &a->layer[i], *y = &b->layer[i];
        if (strcmp(x->kind, y->kind) != 0 || x->width != y->width || x->levels != y->levels ||
            x->bidirectional != y->bidirectional || x->select != y->select || x->slope != y->slope ||
            isnan(x->rate) != isnan(y->rate) || (!isnan(x->rate) && x->rate != y->rate))
            fail_msg("%s: layer %d is another", text, i);
    }
}

static void what_is_written_reads_back(void **state)
{
    static const struct {
        const char *text, *written; /* NULL: as it is */
    } rows[] = {
        {"linear 41", NULL},
        {"linear 256 relu bn dropout x2 | linear 41", NULL},
        {"linear 256 relu bn dropout | linear 256 relu bn dropout | linear 41",
         "linear 256 relu bn dropout x2 | linear 41"},
        {"linear 1024 layernorm gelu dropout=.25 x3|linear 41", "linear 1024 ln gelu dropout=0.25 x3 | linear 41"},
        {"lstm 256x2 bi dropout=.3 | all | linear 256 batchnorm relu dropout | linear 41",
         "lstm 256x2 bi dropout=0.3 | all | linear 256 bn relu dropout | linear 41"},
        {"lstm 512x6 bi dropout=0.3 | last | linear 1024 bn relu dropout x6 | linear 41", NULL},
        {"rnn 768x3 | last | linear 41", NULL},
        {"rnn 8x2 dropout | center | linear 4 x2", NULL},
        {"gru 8 bi dropout=0.5 | last | linear 4", NULL},
        {"gru 8x2 | dropout=0.5 | last | linear 4", NULL},
        {"gru 8x2 dropout | dropout | last | linear 4", NULL},
        {"relu tanh x2 | linear 4", "relu tanh relu tanh | linear 4"},
        {"linear 4 leaky_relu | linear 4 leaky_relu=0.2 | linear 4 leaky_relu=0", NULL},
        {"linear 4 dropout=0.1 | linear 4 dropout | linear 4 dropout=0.30000000000000004", NULL},
        {"linear 4 sigmoid elu silu | linear 5 sigmoid elu silu | linear 4", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct network_spec s = parsed(rows[i].text), back;
        char text[512];
        assert_int_equal(spec_format(&s, text, sizeof text), 0);
        assert_string_equal(text, rows[i].written ? rows[i].written : rows[i].text);
        back = parsed(text);
        assert_same_layers(text, &s, &back);
    }
}

static void what_does_not_fit_is_not_written(void **state)
{
    struct network_spec s = parsed("linear 8 relu x2 | linear 4"), none = {0};
    char text[] = "linear 8 relu x2 | linear 4#";

    (void)state;
    for (size_t size = 0; size < sizeof text - 1; size++)
        assert_int_equal(spec_format(&s, text, size), -1);
    assert_int_equal(text[sizeof text - 2], '#');
    assert_int_equal(spec_format(&s, text, sizeof text - 1), 0);
    assert_string_equal(text, "linear 8 relu x2 | linear 4");
    assert_int_equal(spec_format(&none, text, sizeof text), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_and_repetitions),  cmocka_unit_test(recurrent_layers),
        cmocka_unit_test(dropout_after_one_level_is_a_layer), cmocka_unit_test(defaults_are_pytorchs),
        cmocka_unit_test(errors_point_at_the_place),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(what_does_not_fit_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
