/* SPDX-License-Identifier: MIT */
/* view/spell: what a charset lacks is written in the field's words, and laid out by their width. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/hyperparameter.h"
#include "scripted-app.h"
#include "race/surface.h"
#include "draw/canvas.h"

enum { WIDTH = 160 };

/* Drawn on a canvas of one row; the caller frees. */
static char *drawn(enum charset charset, const char *text)
{
    struct canvas c;
    char *out;

    assert_int_equal(canvas_init(&c, WIDTH, 1, charset), 0);
    assert_int_equal(canvas_text(&c, 0, 0, STYLE_TEXT, text), canvas_width(&c, text));
    out = canvas_to_text(&c);
    assert_non_null(out);
    out[strcspn(out, "\n")] = '\0';
    canvas_free(&c);
    return out;
}

static void check(enum charset charset, const char *text, const char *expected)
{
    char *out = drawn(charset, text);

    assert_string_equal(out, expected);
    free(out);
}

static void words_of_the_field(void **state)
{
    (void)state;
    check(CHARSET_ASCII, "η 1e-3 → 3e-3", "lr 1e-3 -> 3e-3");
    check(CHARSET_ASCII, "η λmax 31.4 of 38", "lr*eig_max 31.4 of 38");
    check(CHARSET_ASCII, "λmin -0.8 · λ > 0", "eig_min -0.8 | eig > 0");
    check(CHARSET_ASCII, "|Hv−λv| ≤ .1, ≥ 3 ± 2", "|Hv-eig*v| <= .1, >= 3 +- 2");
    check(CHARSET_ASCII, "10 cos 2πx, ½ (x² + y³), 30°", "10 cos 2 pi x, 1/2 (x^2 + y^3), 30 deg");
    check(CHARSET_ASCII, "∇θ ‖g‖ ∞ σ", "grad theta ||g|| inf sigma");
    check(CHARSET_ASCII, "a name…", "a name...");
    check(CHARSET_BLOCK, "η ≥ 3 ± 2 · λmax 5² → ∞", "lr ≥ 3 ± 2 · eig_max 5² → ∞");
    check(CHARSET_BRAILLE, "η λmax ≥ 3", "η λmax ≥ 3");
}

/* Where the words are longer than what they stand for, they are cut and set flush by their own width. */
static void words_are_laid_out_by_their_width(void **state)
{
    struct canvas c;
    char *text;

    (void)state;
    assert_int_equal(canvas_init(&c, 12, 4, CHARSET_ASCII), 0);
    assert_int_equal(canvas_cut(&c, 0, 0, 9, STYLE_TEXT, "η λmax 5"), 9);
    assert_int_equal(canvas_cut_front(&c, 0, 1, 9, STYLE_TEXT, "5 of λmax"), 9);
    canvas_text_right(&c, 12, 2, STYLE_TEXT, "λmin 1");
    text = canvas_to_text(&c);
    assert_string_equal(text, "lr*eig_..\n..eig_max\n   eig_min 1\n\n");
    free(text);
    canvas_clear(&c);
    assert_int_equal(canvas_wrap(&c, 0, 0, 4, STYLE_TEXT, "steps along λmin: λ ≤ 0"), 3);
    text = canvas_to_text(&c);
    assert_string_equal(text, "steps along\neig_min: eig\n<= 0\n\n");
    free(text);
    canvas_clear(&c);
    assert_int_equal(canvas_wrap(&c, 0, 0, 2, STYLE_TEXT, "steps along λmin: λ ≤ 0"), 2); /* what is cut says so */
    assert_int_equal(canvas_wrap(&c, 0, 2, 1, STYLE_TEXT, "η λmax ends"), 1);
    assert_int_equal(canvas_wrap(&c, 0, 3, 1, STYLE_TEXT, "it all fits "), 1);
    text = canvas_to_text(&c);
    assert_string_equal(text, "steps along\neig_min:..\nlr*eig_max..\nit all fits\n");
    free(text);
    canvas_free(&c);
}

/* A ? that the text has not is a character nobody has thought of. */
static void is_spelt(const char *text)
{
    for (int charset = CHARSET_BLOCK; text && charset <= CHARSET_ASCII; charset++) {
        char *out = drawn((enum charset)charset, text);
        if (strchr(out, '?') && !strchr(text, '?'))
            fail_msg("\"%s\" becomes \"%s\"", text, out);
        free(out);
    }
}

static void every_table_is_spelt(void **state)
{
    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++) {
        is_spelt(knob_row((enum knob_id)i)->title);
        is_spelt(knob_row((enum knob_id)i)->help);
    }
    for (int i = 0; key_binding_at(i); i++)
        is_spelt(key_binding_at(i)->help);
    for (int i = 0; every_pane(i); i++) {
        is_spelt(every_pane(i)->name);
        is_spelt(every_pane(i)->help);
    }
    for (int i = 0; surface_at(i); i++) {
        is_spelt(surface_at(i)->title);
        is_spelt(surface_at(i)->formula);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_field),
        cmocka_unit_test(words_are_laid_out_by_their_width),
        cmocka_unit_test(every_table_is_spelt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
