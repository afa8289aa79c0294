/* SPDX-License-Identifier: MIT */
/* Lesson files, expressions and quantities. */
#include "test.h"

#include <glob.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "lesson/lesson.h"
#include "lesson/quantity.h"
#include "lesson/shelf.h"

/* ---- expressions ------------------------------------------------------------------------------ */

static int read_letters(void *context, const char *name, struct expression_value *v, struct err *e)
{
    (void)context;
    if (strcmp(name, "text") == 0) {
        *v = (struct expression_value){.is_text = 1, .text = "saddle"};
        return 0;
    }
    if (strcmp(name, "nan") != 0 && strcmp(name, "A.two") != 0)
        return err_set(e, ERR_INPUT, "no %s", name);
    *v = (struct expression_value){.number = *name == 'n' ? NAN : 2};
    return 0;
}

static const struct expression_names letters = {read_letters, NULL};

static void expressions_have_the_values_of_arithmetic(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"1 + 2 * 3", 7},          {"(1 + 2) * 3", 9},           {"-2 - -3", 1},         {"7/2/2", 1.75},
        {"2 < 3", 1},              {"2 >= 3", 0},                {"1e-3 == .001", 1},    {"A.two != 2", 0},
        {"abs(-A.two)", 2},        {"min(3, A.two)", 2},         {"max(3,A.two)", 3},    {"log10(1000)", 3},
        {"sqrt(16)", 4},           {"not 1 > 2 and 2 > 1", 1},   {"1 > 2 or 2 > 1", 1},  {"1 < 2 and 1 > 2 or 3 > 2", 1},
        {"nan < 1", 0},            {"nan > 1 or nan <= 1", 0},   {"nan != 1", 0},        {"text == \"saddle\"", 1},
        {"text != \"saddle\"", 0}, {"nan == \"saddle\"", 0},     {"not not 1", 1},       {"1 and nan", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        double value = NAN;
        if (expression_number(cases[i].text, &letters, &value, &e) != 0)
            fail_msg("%s: %s", cases[i].text, e.text);
        if (fabs(value - cases[i].value) > 1e-12)
            fail_msg("%s is %g, not %g", cases[i].text, value, cases[i].value);
    }
}

static void malformed_expressions_are_refused_with_their_place(void **state)
{
    static const char *const wrong[][2] = {
        {"", "character 1"},          {"1 +", "character 4"},     {"(1", "character 3"},     {"1 2", "character 3"},
        {"A.one", "character 1: no"}, {"text < 2", "is a text"},  {"\"x", "quotation mark"}, {"min(1)", "a comma"},
        {"1 < 2 < 3", "character 7"}, {"text", "not a text"},     {"and", "character 1"},    {"1 & 2", "character 3"},
        {"abs 2", "character 1"},     {"--", "character 3"},      {"2 * ", "character 5"},
    };
    char deep[400];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err e = {0};
        double value;
        assert_int_equal(expression_number(wrong[i][0], &letters, &value, &e), -ERR_INPUT);
        if (!strstr(e.text, wrong[i][1]))
            fail_msg("%s: %s", wrong[i][0], e.text);
    }
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(expression_number(deep, &letters, &(double){0}, NULL), -ERR_INPUT);
    memset(deep, '-', sizeof deep - 1);
    assert_int_equal(expression_number(deep, &letters, &(double){0}, NULL), -ERR_INPUT);
}

static void the_left_side_of_a_comparison_is_cut_out(void **state)
{
    char left[32];

    (void)state;
    expression_left("A.two < 1", left, sizeof left);
    assert_string_equal(left, "A.two");
    expression_left("abs(A.two - (3 > 2)) <= 1", left, sizeof left);
    assert_string_equal(left, "abs(A.two - (3 > 2))");
    expression_left("A.two", left, sizeof left);
    assert_string_equal(left, "A.two");
}

/* ---- quantities ------------------------------------------------------------------------------- */

static double value_of(struct quantity_world *w, const char *name)
{
    struct expression_value v;
    struct err e;

    if (quantity_read(w, name, &v, &e) != 0)
        fail_msg("%s", e.text);
    return v.number;
}

static void quantities_are_those_of_the_run_that_is_named(void **state)
{
    static struct snapshots runs = {.focus = 1, .there = 3};
    struct quantity_world w = {.runs = &runs};
    struct expression_value v;
    struct err e;

    (void)state;
    for (int i = 0; i < 2; i++) {
        runs.run[i].version = 1;
        runs.run[i].step = 10 * (uint64_t)i + 5;
        runs.run[i].part_loss = i + .5;
        knobs_standard(&runs.run[i].knobs);
    }
    assert_true(value_of(&w, "A.step") == 5);
    assert_true(value_of(&w, "step") == 15);
    assert_true(value_of(&w, "B.train_loss") == 1.5);
    assert_true(isnan(value_of(&w, "C.train_loss")));
    assert_true(isnan(value_of(&w, "probe.lambda_min")));
    assert_true(isnan(value_of(&w, "race.sgd.steps")));
    assert_true(value_of(&w, "A.setting.batch_size") == runs.run[0].knobs.value[KNOB_BATCH_SIZE]);
    assert_int_equal(quantity_read(&w, "setting.optimizer", &v, &e), 0);
    assert_true(v.is_text);
    assert_int_equal(quantity_read(&w, "A.nothing", &v, &e), -ERR_INPUT);
    assert_int_equal(quantity_read(&w, "setting.nothing", &v, &e), -ERR_INPUT);
    assert_int_equal(quantity_read(&w, "probe.nothing", &v, &e), -ERR_INPUT);
}

static void what_commands_print_can_be_read(void **state)
{
    struct quantity_kept k = {0};
    struct quantity_world w = {.kept = &k};
    struct expression_value v;
    struct err e = {0};

    (void)state;
    assert_int_equal(quantity_keep_json(&k, "sweep", 1, "{\"cell\":{\"mean\":0.5,\"folds\":[{\"mean\":1},{\"mean\":2}]}}", &e), 0);
    assert_int_equal(quantity_keep_json(&k, "sweep", 2, "{\"cell\":{\"mean\":0.25,\"name\":\"b\",\"best\":true,\"none\":null}}", &e), 0);
    assert_int_equal(quantity_keep_json(&k, "sweep", 3, "{\"summary\":{\"jobs\":4}}", &e), 0);
    assert_int_equal(quantity_keep_json(&k, "theory", 1, "{\"bound\":0.9,\"x\":{\"y\":1}}", &e), 0);
    assert_int_equal(quantity_keep_json(&k, "theory", 2, "{\"bound\":0.8,\"z\":1}", &e), 0);
    assert_true(value_of(&w, "sweep.cell.1.mean") == .5);
    assert_true(value_of(&w, "sweep.cell.2.mean") == .25);
    assert_true(value_of(&w, "sweep.cell.1.folds.2.mean") == 2);
    assert_true(value_of(&w, "sweep.cell.2.best") == 1);
    assert_true(isnan(value_of(&w, "sweep.cell.2.none")));
    assert_true(value_of(&w, "sweep.jobs") == 4);
    assert_true(value_of(&w, "theory.bound") == .9);
    assert_true(value_of(&w, "theory.2.bound") == .8);
    assert_true(value_of(&w, "theory.x.y") == 1);
    assert_int_equal(quantity_read(&w, "sweep.cell.2.name", &v, &e), 0);
    assert_string_equal(v.text, "b");
    assert_int_equal(quantity_read(&w, "theory.none", &v, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "theory printed no"));
    assert_int_equal(quantity_keep_json(&k, "theory", 1, "not JSON", &e), -ERR_INPUT);
    assert_int_equal(quantity_keep_json(&k, "theory", 1, "[1]", &e), -ERR_INPUT);
    quantity_forget(&k, "sweep");
    assert_int_equal(quantity_read(&w, "sweep.jobs", &v, &e), -ERR_INPUT);
    assert_true(value_of(&w, "theory.bound") == .9);
    quantity_free(&k);
}

static void sentences_hold_figures(void **state)
{
    char out[80];

    (void)state;
    quantity_fill("{A.two} and {A.two * 1234567}, {nan}, {none}, {text}, {", &letters, out, sizeof out);
    assert_string_equal(out, "2 and 2,469,134, ?, ?, saddle, {");
    quantity_fill("{A.two / 3}", &letters, out, sizeof out);
    assert_string_equal(out, "0.6667");
    quantity_fill("{A.two}{A.two}{A.two}", &letters, out, 3);
    assert_string_equal(out, "22");
}

static void every_quantity_that_is_listed_can_be_named(void **state)
{
    static const char *const none[] = {NULL};
    struct quantity_words words = {none};
    const struct quantity_row *row;
    int rows = 0;

    (void)state;
    for (int i = 0; (row = quantity_at(i)); i++, rows++) {
        struct expression_value v;
        char name[128];
        if (strcmp(row->group, "COMMAND") == 0 || strcmp(row->name, "setting.NAME") == 0)
            continue;
        snprintf(name, sizeof name, "%s%s%s", row->group, *row->group ? "." : "", row->name);
        assert_int_equal(quantity_known(&words, name, &v, NULL), 0);
    }
    assert_true(rows > 40);
}

/* ---- files ------------------------------------------------------------------------------------ */

static char path[] = "/tmp/saddle-lesson-XXXXXX";

static void lesson_of(const char *text, struct lesson **l, struct err *e)
{
    *l = NULL;
    assert_int_equal(file_replace(path, text, strlen(text), NULL), 0);
    lesson_read(l, path, e);
}

static void a_lesson_is_read(void **state)
{
    const char *srcdir = getenv("srcdir");
    char example[512];
    struct lesson *l;
    struct err e;

    (void)state;
    snprintf(example, sizeof example, "%s/tests/lessons/01-example.md", srcdir ? srcdir : ".");
    if (lesson_read(&l, example, &e) != 0)
        fail_msg("%s", e.text);
    assert_int_equal(l->number, 1);
    assert_string_equal(l->name, "example");
    assert_string_equal(l->title, "An example");
    assert_int_equal(l->minutes, 5);
    assert_int_equal(l->steps, 3);
    assert_string_equal(l->step[1].title, "Two choices");
    assert_int_equal(l->step[0].blocks, 5);
    assert_int_equal(l->block[0].kind, LESSON_TEXT);
    assert_string_equal(l->block[0].line[0].text, "A paragraph that is long enough to be wrapped on every screen: gradient descent on a "
                                                  "[quadratic](glossary.md#quadratic) bowl, *with* a `rate`.");
    assert_int_equal(l->block[1].count, 2);
    assert_int_equal(l->block[2].kind, LESSON_ASK);
    assert_string_equal(l->block[2].line[1].condition, "race.adam.steps");
    assert_true(l->block[2].line[1].within == 2);
    assert_int_equal(l->block[3].count, 5);
    assert_int_equal(l->block[3].line[1].number, 18);
    assert_string_equal(l->block[4].line[1].fails, "no more than {race.steps}");
    lesson_free(l);
}

static void a_short_lesson_is_one_step(void **state)
{
    struct lesson *l;
    struct err e;

    (void)state;
    lesson_of("# Short\nSee how the loss falls.\n```do\nwait 10 steps\n```\n", &l, &e);
    assert_non_null(l);
    assert_int_equal(l->steps, 1);
    assert_string_equal(l->step[0].title, "Short");
    assert_int_equal(l->minutes, 5);
    assert_int_equal(l->blocks, 2);
    assert_int_equal(l->step[0].blocks, 2);
    lesson_free(l);
}

static void malformed_lessons_are_refused_with_their_line(void **state)
{
#define HEAD "# T\n*5 minutes*\n## S\n"
    static const char *const wrong[][2] = {
        {"", ":1: expected the title"},
        {"text\n", ":1: expected the title"},
        {"# T\n## S\n", ":2: the step is empty"},
        {"# T\n*0 minutes*\n", ":2: expected how long"},
        {"# T\n*12345 minutes*\n", ":2: expected how long"},
        {"# T\n*5 minutes*\n", "the lesson is empty"},
        {HEAD, ":3: the step is empty"},
        {HEAD "# X\n", ":4: expected a step"},
        {HEAD "```do\nwait 3 steps\n", ":4: this block is not closed"},
        {HEAD "```dance\n```\n", ":4: a block is do, ask, check or show"},
        {HEAD "```do\n```\n", ":4: this block is empty"},
        {HEAD "```check\na | b\n```\n", ":5: expected EXPRESSION | sentence"},
        {HEAD "```check\na | b | c | d\n```\n", ":5: expected EXPRESSION | sentence"},
        {HEAD "```ask\n- a | b\n```\n", ":5: expected a question"},
        {HEAD "```ask\nWhat?\n- a | b\n```\n", ":4: a question needs two choices"},
        {HEAD "```ask\nWhat?\n- a\n```\n", ":6: expected a choice, a bar"},
        {HEAD "```ask\nWhat?\n- number x\n```\n", ":6: expected number EXPRESSION within"},
        {HEAD "```ask\nWhat?\n- number x within -1\n```\n", ":6: expected number"},
        {HEAD "```ask\nWhat?\n- number x within 1\n- a | b\n```\n", ":7: a question that asks for a number"},
        {HEAD "```show\nrace\ntrain\n```\n", ":4: one view"},
        {HEAD "text \x1b[2J\n", ":4: a byte that is no part"},
        {HEAD "text \xff\n", ":4: a byte that is no part"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lesson *l;
        struct err e = {0};
        lesson_of(wrong[i][0], &l, &e);
        assert_null(l);
        if (e.code != ERR_INPUT || !strstr(e.text, wrong[i][1]) || strncmp(e.text, path, strlen(path)) != 0)
            fail_msg("%s: %d %s", wrong[i][0], e.code, e.text);
    }
}

static void languages_are_read_as_text(void **state)
{
    char out[SHELF_LANGUAGE];

    (void)state;
    shelf_language("en_US.UTF-8", out);
    assert_string_equal(out, "");
    shelf_language("../../etc", out);
    assert_string_equal(out, "");
    shelf_language("xx_YY.UTF-8", out);
    assert_string_equal(out, "");
    shelf_language("C", out);
    assert_string_equal(out, "");
}

/* ---- choices ---------------------------------------------------------------------------------- */

/* Numbers of all sizes for the names of conditions, the same for one name as long as `draw` is. */
struct drawn {
    uint64_t draw;
    double base, spread;
};

static double share(uint64_t x)
{
    x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9u;
    return (double)((x ^ (x >> 32)) >> 11) / 9007199254740992.;
}

static int read_drawn(void *context, const char *name, struct expression_value *v, struct err *e)
{
    const struct drawn *d = context;
    uint64_t hash = d->draw * 1000003;
    size_t n = strlen(name);

    (void)e;
    for (const char *at = name; *at; at++)
        hash = hash * 31 + (unsigned char)*at;
    *v = (struct expression_value){.number = d->base + d->spread * (2 * share(hash) - 1)};
    if (!strstr(name, "lambda_min") && !strstr(name, "cosine") && !strstr(name, "eigenvalues") && !strstr(name, "theta"))
        v->number = fabs(v->number);
    if (n > 2 && strcmp(name + n - 2, ".2") == 0) /* eigenvalues are sorted */
        v->number += 2 * d->spread;
    return 0;
}

/* Whatever was measured, one choice is right and no other: thresholds leave no gap and do not overlap. */
static void one_choice_holds(const struct lesson *l, const struct lesson_block *b)
{
    for (uint64_t draw = 1; draw <= 20000; draw++) {
        struct drawn d = {draw, 0, 0};
        struct expression_names names = {read_drawn, &d};
        double value, sum = 0;
        struct err err;
        d.base = draw % 3 ? pow(10, 12 * share(draw) - 5) * (draw % 3 == 1 ? 1 : -1) : 0;
        d.spread = pow(10, 12 * share(draw + 7777777) - 5);
        for (int i = 1; i < b->count; i++) {
            assert_int_equal(expression_number(b->line[i].condition, &names, &value, &err), 0);
            sum += value > 0;
        }
        if (sum != 1)
            fail_msg("%s:%d: %g choices hold where quantities are about %g ± %g", l->path, b->number, sum, d.base, d.spread);
    }
}

/* Those of texts and counts of racers, and of which is the largest, are told apart by what they name. */
static int has_thresholds(const struct lesson_block *b)
{
    for (int i = 1; i < b->count; i++)
        if (!b->line[i].condition || b->line[i].within >= 0 || strstr(b->line[i].condition, "==") || strstr(b->line[i].condition, "!="))
            return 0;
    return b->count > 1;
}

static void choices_leave_no_gap(void **state)
{
    const char *srcdir = getenv("srcdir");
    char pattern[600];
    glob_t found;
    int checked = 0;

    (void)state;
    snprintf(pattern, sizeof pattern, "%s/lessons/[0-9]*.md", srcdir ? srcdir : ".");
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct lesson *l;
        struct err e;
        assert_int_equal(lesson_read(&l, found.gl_pathv[i], &e), 0);
        for (int b = 0; b < l->blocks; b++)
            if (l->block[b].kind == LESSON_ASK && has_thresholds(&l->block[b])) {
                one_choice_holds(l, &l->block[b]);
                checked++;
            }
        lesson_free(l);
    }
    globfree(&found);
    assert_true(checked > 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_leave_no_gap),
        cmocka_unit_test(expressions_have_the_values_of_arithmetic),
        cmocka_unit_test(malformed_expressions_are_refused_with_their_place),
        cmocka_unit_test(the_left_side_of_a_comparison_is_cut_out),
        cmocka_unit_test(quantities_are_those_of_the_run_that_is_named),
        cmocka_unit_test(what_commands_print_can_be_read),
        cmocka_unit_test(sentences_hold_figures),
        cmocka_unit_test(every_quantity_that_is_listed_can_be_named),
        cmocka_unit_test(a_lesson_is_read),
        cmocka_unit_test(a_short_lesson_is_one_step),
        cmocka_unit_test(malformed_lessons_are_refused_with_their_line),
        cmocka_unit_test(languages_are_read_as_text),
    };
    int file = mkstemp(path), r;

    if (file < 0)
        return 1;
    close(file);
    r = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return r;
}
