/* SPDX-License-Identifier: MIT */
/* Plots as SVG: well-formed whatever the names and values are, and its parts are found by name. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "markup.h"
#include "app/pane.h"
#include "train/panes.h"
#include "scripted-app.h"
#include "draw/plot-svg.h"
#include "draw/strip.h"
#include "draw/svg.h"

static int count(const char *text, const char *what)
{
    int n = 0;

    for (; (text = strstr(text, what)); text += strlen(what))
        n++;
    return n;
}

/* The part of the text from one name on to another, in a place of its own that the caller frees. */
static char *between(const char *text, const char *from, const char *to)
{
    const char *begin = strstr(text, from), *end = begin ? strstr(begin, to) : NULL;

    if (!end)
        fail_msg("no %s before %s in\n%s", from, to, text);
    return strndup(begin, (size_t)(end - begin));
}

/* ---- plots of our own ---- */

static const double steps[] = {0, 10, 20, 30, 40, 50, 60};
static const float broken[] = {1, 2, NAN, 3, NAN, 5, 6}, low[] = {.5f, 1, NAN, 1, 1, 2, 2},
                   high[] = {2, 3, NAN, 6, 7, 8, INFINITY};

static struct plot plot_of(struct series s[3], struct plot_mark m[2], struct plot_level *level)
{
    struct plot p = {.x = {.lo = 0, .hi = 60, .unit = "step"}, .y = {.lo = 0, .hi = 10}, .series = s, .series_count = 3,
                     .marks = m, .mark_count = 2, .levels = level, .level_count = 1, .now = 30, .cross = 20};

    s[0] = (struct series){.name = "raw", .style = STYLE_RAW, .stroke = STROKE_BAND, .count = 7, .x = steps, .lo = low,
                           .hi = high};
    s[1] = (struct series){.name = "a < b & \"c\"", .style = STYLE_SERIES_2, .stroke = STROKE_DASHED, .marker = 0x25c6,
                           .count = 7, .x = steps, .y = broken};
    s[2] = (struct series){.name = "train", .style = STYLE_SERIES_1, .count = 7, .x = steps, .y = high};
    m[0] = (struct plot_mark){10, 0x25b4, STYLE_EDIT, 0, "edit"};
    m[1] = (struct plot_mark){70, 0x25b4, STYLE_EDIT, 0, "edit"}; /* out of sight */
    *level = (struct plot_level){4, "simple", STYLE_LEVEL};
    return p;
}

static void the_parts_have_names(void **state)
{
    static const struct {
        const char *part;
        int count;
    } parts[] = {
        {"<g class=\"axis x\" data-scale=\"linear\">", 1}, {"<g class=\"axis y\" data-scale=\"linear\">", 1},
        {"<g class=\"unit\" data-name=\"step\">", 1},      {"<g class=\"series band\" data-name=\"raw\">", 1},
        {"<g class=\"series\" data-name=\"train\">", 1},   {"<g class=\"level\" data-name=\"simple\">", 1},
        {"<g class=\"mark\" data-name=\"edit\">", 1},      {"<g class=\"now\" data-name=\"30\">", 1},
        {"<g class=\"cross\" data-name=\"20\">", 1},       {"<g class=\"legend\">", 1},
        {"<g class=\"entry\" data-name=\"", 4},            {"data-name=\"a &lt; b &amp; &quot;c&quot;\"", 2},
        {"<title>1 &lt; 2</title>", 1},                    {" viewBox=\"0 0 ", 1},                    {">60</text>", 1},
    };
    struct series s[3];
    struct plot_mark m[2];
    struct plot_level level;
    struct plot p = plot_of(s, m, &level);
    char *text = plot_to_svg(&p, "1 < 2", THEME_LIGHT);

    (void)state;
    assert_non_null(text);
    markup_check(text);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (count(text, parts[i].part) != parts[i].count)
            fail_msg("%d of %s in\n%s", count(text, parts[i].part), parts[i].part, text);
    free(text);
}

/* Values that are not finite end a line; one between two of them is a dot. */
static void what_is_not_finite_breaks_the_line(void **state)
{
    struct series s[3];
    struct plot_mark m[2];
    struct plot_level level;
    struct plot p = plot_of(s, m, &level);
    char *text = plot_to_svg(&p, "t", THEME_DARK), *line = between(text, "data-name=\"a &lt;", "</g>");
    char *path = between(line, " d=\"", "\"/>");

    (void)state;
    assert_int_equal(count(path, "M"), 3);
    assert_int_equal(count(path, "h0"), 1);
    assert_int_equal(count(line, "<path"), 1 + 5); /* and five markers: none where there is no value */
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    free(path);
    free(line);
    free(text);
}

static void values_lie_where_the_axis_says(void **state)
{
    static const float y[] = {1, 10, 100};
    struct series s = {.name = "s", .style = STYLE_SERIES_1, .count = 3, .x = steps, .y = y};
    struct plot p = {.x = {.lo = 0, .hi = 20}, .y = {.lo = 1, .hi = 100, .log = 1}, .series = &s, .series_count = 1,
                     .now = NAN, .cross = NAN};
    char *text = plot_to_svg(&p, "t", THEME_CONTRAST);
    double v[6];
    const char *path = strstr(strstr(text, "class=\"series\""), " d=\"M");

    (void)state;
    assert_non_null(strstr(text, "axis y\" data-scale=\"log\""));
    assert_int_equal(sscanf(path, " d=\"M%lf %lfL%lf %lfL%lf %lf", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]), 6);
    assert_float_equal(v[2] - v[0], v[4] - v[2], .02);
    assert_float_equal(v[1] - v[3], v[3] - v[5], .02);
    assert_true(v[1] > v[5] && v[4] > v[0]);
    assert_null(strstr(text, "class=\"now\""));
    free(text);
}

/* Uprights stand on zero, on either side of it; a zone lies where its values are. */
static void spectra_are_stems_on_zero(void **state)
{
    static const double x[] = {1, 2, 3};
    static const float y[] = {-1, 0, 100};
    struct series s[] = {{.name = "stems", .stroke = STROKE_STEM, .count = 3, .x = x, .y = y, .marker = 0x25cf},
                         {.name = "steps", .stroke = STROKE_AREA, .count = 3, .x = x, .y = y},
                         {.name = "loose", .stroke = STROKE_LOOSE, .count = 3, .x = x, .y = y},
                         {.name = "points", .stroke = STROKE_NONE, .count = 3, .x = x, .y = y, .marker = 0x25c6}};
    struct plot_zone zone = {-1e-2, 1e-2, "as good as zero"};
    struct plot p = {.x = {.lo = 0, .hi = 4}, .y = {.lo = -1, .hi = 100, .linear = 1e-2}, .series = s,
                     .series_count = 4, .zones = &zone, .zone_count = 1, .now = NAN, .cross = NAN};
    char *text = plot_to_svg(&p, "t", THEME_DARK);
    double v[6];
    const char *path = strstr(strstr(text, "class=\"series stem\""), " d=\"M");

    (void)state;
    markup_check(text);
    assert_non_null(strstr(text, "axis y\" data-scale=\"symmetric\""));
    assert_int_equal(sscanf(path, " d=\"M%lf %lfL%lf %lfM%lf %lf", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]), 6);
    assert_true(v[0] == v[2] && v[1] == v[5] && v[3] > v[1]); /* below zero is further down */
    assert_int_equal(count(text, "class=\"zone\" data-name=\"as good as zero\""), 1);
    assert_int_equal(count(text, "class=\"series area\""), 1);
    assert_int_equal(count(text, "class=\"series points\""), 1);
    assert_int_equal(count(text, "class=\"entry\""), 4);
    free(text);
}

/* Values that are not finite have their colour, and what vanished none; neighbours that are alike are one. */
static void strips_are_rows_of_cells(void **state)
{
    static const float z[][2] = {{1, 1e-9f}, {1, 1e-9f}, {1, NAN}, {1, NAN}, {1, .5f}, {1, .5f}, {1, .5f}};
    static const char names[2][STRIP_NAME] = {"0 linear", "<2> bn"};
    struct plot p = {.x = {.lo = 0, .hi = 60, .unit = "step"}, .now = NAN, .cross = 30};
    struct strip s = {.plot = &p, .z = {.lo = 1e-3, .hi = 1, .log = 1}, .rows = 2, .names = names, .count = 7,
                      .x = steps, .z_at = z[0], .stride = 2};
    char *text = strip_to_svg(&s, "t", THEME_DARK), *first, *second;

    (void)state;
    markup_check(text);
    first = between(text, "class=\"row\" data-name=\"0 linear\"", "</g>");
    second = between(text, "class=\"row\" data-name=\"&lt;2&gt; bn\"", "</g>");
    assert_int_equal(count(first, "<path"), 1);
    assert_true(count(second, "<path") > 2 && count(second, "fill-opacity=\"1\"") == count(second, "<path") - 1);
    assert_int_equal(count(text, "class=\"cross\""), 1);
    free(first);
    free(second);
    free(text);
}

/* Whatever is in the numbers, it can be read by others. */
static void any_plot_is_well_formed(void **state)
{
    static const float wild[] = {NAN, INFINITY, -INFINITY, 0, 3e38f, -3e38f, 1e-38f};
    struct series s[3];
    struct plot_mark m[2];
    struct plot_level level;

    (void)state;
    for (int log = 0; log < 2; log++)
        for (int palette = 0; palette < THEME_COUNT; palette++) {
            struct plot p = plot_of(s, m, &level);
            char *text;
            for (int i = 0; i < 3; i++)
                s[i].lo = s[i].hi = s[i].y = wild;
            p.y.log = log;
            p.y.lo = log ? 1e-3 : 0;
            level.y = log ? -1 : NAN;
            m[0].x = NAN;
            m[1].name = "\x01\xff<";
            s[2].name = NULL;
            for (int stroke = STROKE_SOLID; stroke <= STROKE_NONE; stroke++) {
                s[1].stroke = s[2].stroke = (enum stroke)stroke;
                text = plot_to_svg(&p, "t", (enum theme)palette);
                markup_check(text);
                free(text);
            }
            text = plot_to_svg(&p, "日本\x1b]<&", (enum theme)palette);
            markup_check(text);
            free(text);
        }
}

/* A line's name keeps clear of the curves, their markers too. */
static void names_of_lines_keep_clear(void **state)
{
    static const double x[] = {0, 20, 45, 60};
    static const float y[] = {1, 2, 5.3f, 5.2f};
    struct plot_level level = {5, "boss", STYLE_LEVEL};
    struct series s = {.name = "s", .count = 4, .x = x, .y = y, .marker = 0x25c6};
    struct plot p = {.x = {.lo = 0, .hi = 60}, .y = {.lo = 0, .hi = 10}, .series = &s, .series_count = 1,
                     .levels = &level, .level_count = 1, .now = NAN, .cross = NAN};
    char *text, *name;
    double right[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        text = plot_to_svg(&p, "t", THEME_DARK);
        name = between(text, "data-name=\"boss\"", ">boss<");
        assert_int_equal(sscanf(strstr(name, "<text x=\""), "<text x=\"%lf\"", &right[i]), 1);
        free(name);
        free(text);
        s.count = 2; /* without what is in the way */
    }
    assert_true(right[0] < 124 + 808 * 45 / 60. - 6 && right[1] > 900);
}

static struct canvas canvas_of(const char *const *line, int rows, int w)
{
    struct canvas c;

    assert_int_equal(canvas_init(&c, w, rows, CHARSET_BRAILLE), 0);
    for (int i = 0; i < rows; i++)
        canvas_text(&c, 0, i, STYLE_TEXT, line[i]);
    return c;
}

/* Each sign that fonts may lack begins in its own column, and so does what follows it. */
static void screens_keep_their_columns(void **state)
{
    static const char *const lines[] = {"│⣀⣀  right│", "a plain line"};
    static const char *const parts[] = {
        "<tspan x=\"0\">│</tspan>", "<tspan x=\"9\">⣀</tspan>", "<tspan x=\"18\">⣀</tspan>",
        "<tspan x=\"45\" textLength=\"45\" lengthAdjust=\"spacingAndGlyphs\">right</tspan>",
        "<tspan x=\"90\">│</tspan>",
        "<tspan x=\"0\" textLength=\"108\" lengthAdjust=\"spacingAndGlyphs\">a\u00a0plain\u00a0line</tspan>",
    };
    struct canvas c = canvas_of(lines, 2, 14);
    char *text = canvas_to_svg(&c, THEME_DARK);

    (void)state;
    markup_check(text);
    assert_int_equal(count(text, " viewBox=\"0 0 126 36\""), 1);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (count(text, parts[i]) != 1)
            fail_msg("no %s in\n%s", parts[i], text);
    free(text);
    canvas_free(&c);
}

/* A legend of many long names makes its picture higher. */
static void no_entry_of_a_legend_is_cut(void **state)
{
    static const float y[] = {1, 2, 3};
    static const char name[] = "a name that leaves room for two of them in a row";
    struct series s[9];
    struct plot p = {.x = {.lo = 0, .hi = 20}, .y = {.lo = 1, .hi = 3}, .series = s, .series_count = 9, .now = NAN, .cross = NAN,
                     .note = "f(x) = x²"};
    int height, last = 0;
    char *text, *at;

    (void)state;
    for (int i = 0; i < 9; i++)
        s[i] = (struct series){.name = name, .style = STYLE_SERIES_1, .count = 3, .x = steps, .y = y};
    text = plot_to_svg(&p, "t", THEME_LIGHT);
    markup_check(text);
    assert_int_equal(sscanf(strstr(text, " height="), " height=\"%d\"", &height), 1);
    for (at = text; (at = strstr(at, "<g class=\"entry\"")); at++)
        assert_int_equal(sscanf(strstr(at, " y=\""), " y=\"%d", &last), 1);
    assert_in_range(last, 600, height - 8);
    assert_int_equal(count(text, ">f(x) = x²</text>"), 1);
    free(text);
}

/* ---- and the lab's ---- */

static void every_plot_of_the_lab_is_saved(void **state)
{
    char folder[] = "/tmp/saddle-plot-XXXXXX", line[128], *text;
    struct stage s;
    struct err e = {0};
    size_t size;
    int plots = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    stage_init(&s, "<wait 1000 steps><Right><wait 412 steps>");
    for (int i = 0; i == 0 || s.app.model.ui.focus != 0; i++, stage_play(&s, "<Tab>")) {
        const struct pane *panel = pane_focused(&s.app.model);
        snprintf(line, sizeof line, ":plot %s/a.svg<Enter>", folder);
        stage_play(&s, line);
        assert_int_equal(s.app.model.ui.warning, (!panel->plot && !panel->svg) || panel == &range_pane); /* no range test was made */
        if (s.app.model.ui.warning) { /* the line stays to be mended */
            stage_play(&s, "<Esc>");
            continue;
        }
        snprintf(line, sizeof line, "%s/a.svg", folder);
        assert_int_equal(file_read(line, 1 << 22, &text, &size, &e), 0);
        markup_check(text);
        assert_true(strstr(text, "class=\"axis x\"") && count(text, "class=\"tick\"") >= 4);
        assert_true(count(text, "class=\"series") >= 1 || count(text, "class=\"row\"") == 5);
        assert_true(strstr(text, "class=\"legend\"") && strstr(text, "data-name=\"edit\""));
        free(text);
        unlink(line);
        plots++;
    }
    assert_int_equal(plots, 6);
    snprintf(line, sizeof line, ":plot learning rate %s/a.svg<Enter>", folder); /* from wherever one is */
    stage_play(&s, line);
    assert_false(s.app.model.ui.warning);
    snprintf(line, sizeof line, "%s/a.svg", folder);
    assert_int_equal(file_read(line, 1 << 22, &text, &size, &e), 0);
    assert_non_null(strstr(text, "<title>learning rate</title>"));
    free(text);
    unlink(line);
    stage_play(&s, ":plot a.png<Enter>");
    assert_true(s.app.model.ui.warning);
    rmdir(folder);
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_have_names),           cmocka_unit_test(what_is_not_finite_breaks_the_line),
        cmocka_unit_test(values_lie_where_the_axis_says), cmocka_unit_test(any_plot_is_well_formed),
        cmocka_unit_test(spectra_are_stems_on_zero),
        cmocka_unit_test(strips_are_rows_of_cells),
        cmocka_unit_test(names_of_lines_keep_clear),
        cmocka_unit_test(no_entry_of_a_legend_is_cut), cmocka_unit_test(screens_keep_their_columns),
        cmocka_unit_test(every_plot_of_the_lab_is_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
