/* The plots over the run's steps: the cross-hair, the part that is shown, and what titles and legends say of both. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel/panel.h"
#include "stage.h"

/* The screen as text; the caller frees. */
static char *screen_of(const struct stage *s, int w, int h, enum charset charset)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    canvas_free(&c);
    return text;
}

static void expect_on_screen(const struct stage *s, int w, int h, const char *words, int there)
{
    char *text = screen_of(s, w, h, CHARSET_BRAILLE);

    if ((strstr(text, words) != NULL) != there)
        fail_msg("\"%s\" is %son the screen\n%s", words, there ? "not " : "", text);
    free(text);
}

/* ---- the cross-hair and the part that is shown ---- */

static double last_step(const struct stage *s)
{
    const struct track *t = &s->app.history->track[TRACK_LOSS];

    return t->count ? t->step[t->count - 1] : 0;
}

/* A run that begins again has none of the places of the one before. */
static void a_restart_drops_the_cross_hair(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 1000 steps><Tab><Tab>:zoom 200 800<Enter><Left>");
    assert_true(isfinite(s.app.model.ui.cross));
    stage_play(&s, "ry<wait 100 steps>");
    assert_true(isnan(s.app.model.ui.cross));
    assert_true(s.app.model.ui.range_to == 0);
    expect_on_screen(&s, 80, 24, "at ", 0);
    stage_free(&s);
}

/* Steps that are taken back take the cross-hair along. */
static void the_cross_hair_goes_no_further_than_the_run(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 1000 steps><Tab><Tab><Left>");
    assert_true(s.app.model.ui.cross > 900);
    fake_trainer_draft(s.trainer)->step = 399; /* and on from there */
    stage_play(&s, "<wait 1 steps>");
    assert_true(last_step(&s) == 400 && s.app.model.ui.cross == 400);
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_drops_the_cross_hair),
        cmocka_unit_test(the_cross_hair_goes_no_further_than_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
