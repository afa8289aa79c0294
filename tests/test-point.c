/* SPDX-License-Identifier: MIT */
/* Pointing, zooming, filtering, saving the screen: through the real key handler. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "optim/schedule.h"
#include "app/pane.h"
#include "scripted-app.h"
#include "train/panes.h"

static void a_click_on_a_plot_reads_there(void **state)
{
    struct stage *s = *state;
    struct rect r = view_layout(&train_view, 80, 24, TRAIN_SETTINGS, 0).pane[TRAIN_LOSS];
    struct event click = {INPUT_PRESS, r.x + r.w / 2, r.y + 4};
    double middle, epochs;

    stage_play(s, "<wait 190 steps>");
    app_resize(&s->app, 80, 24);
    app_handle(&s->app, &click);
    middle = s->app.model.ui.cross;
    assert_true(middle > 50 && middle < 150);
    click.x += 8;
    app_handle(&s->app, &click);
    assert_true(s->app.model.ui.cross > middle);
    r = view_layout(&train_view, 80, 24, TRAIN_LOSS, 0).pane[TRAIN_ACCURACY]; /* counts epochs; the cross-hair is one */
    click.x = r.x + r.w / 2;
    app_handle(&s->app, &click);
    assert_int_equal(s->app.model.ui.focus, TRAIN_ACCURACY);
    epochs = s->app.model.ui.cross; /* in steps, too; the axes end at 300 steps and at 1.5 epochs, which is as much */
    assert_true(fabs(epochs - middle) / 300 < .07);
    click.x = r.x; /* the frame is no step */
    app_handle(&s->app, &click);
    assert_true(s->app.model.ui.cross == epochs);
}

/* Beside the curves stands a table, which has no steps. */
static void a_click_beside_a_plot_reads_nothing(void **state)
{
    struct stage *s = *state;
    struct event click = {INPUT_PRESS, 70, 8};

    s->app.model.ui.focus = TRAIN_LOGIT_GRADIENT;
    stage_play(s, "<wait 190 steps>z");
    app_handle(&s->app, &click);
    assert_true(isnan(s->app.model.ui.cross));
    click.x = 20;
    app_handle(&s->app, &click);
    assert_true(s->app.model.ui.cross > 1);
}

static void a_click_on_a_knob_chooses_it(void **state)
{
    struct stage *s = *state;
    struct rect r = view_layout(&train_view, 80, 24, TRAIN_SETTINGS, 0).pane[TRAIN_SETTINGS];
    struct event click = {INPUT_PRESS, r.x + 5, r.y + 3};

    app_resize(&s->app, 80, 24);
    app_handle(&s->app, &click);
    assert_int_equal(s->app.model.ui.chosen, 2);
    click.y = r.y + r.h - 1;
    app_handle(&s->app, &click);
    assert_int_equal(s->app.model.ui.chosen, 2);
}

static void the_mouse_focuses(void **state)
{
    struct stage *s = *state;
    struct layout l = view_layout(&train_view, 80, 24, TRAIN_SETTINGS, 0);
    struct rect loss = l.pane[TRAIN_LOSS], knobs = l.pane[TRAIN_SETTINGS];
    struct event click = {INPUT_PRESS, loss.x + 5, loss.y + 5}, wheel = {INPUT_WHEEL_UP, knobs.x + 5, knobs.y + 2};

    app_resize(&s->app, 80, 24);
    app_handle(&s->app, &click);
    assert_int_equal(s->app.model.ui.focus, TRAIN_LOSS);
    app_handle(&s->app, &wheel);
    assert_int_equal(s->app.model.ui.focus, TRAIN_SETTINGS);
}

/* The wheel scrolls; it edits the run only where a knob was taken hold of by a click. */
static void the_wheel_turns_what_was_clicked(void **state)
{
    struct stage *s = *state;
    struct rect r = view_layout(&train_view, 80, 24, TRAIN_SETTINGS, 0).pane[TRAIN_SETTINGS];
    struct event click = {INPUT_PRESS, r.x + 5, r.y + 3}, up = {INPUT_WHEEL_UP, r.x + 5, r.y + 3}, down = up;
    int taken = fake_trainer_taken(s->trainer);
    double before;

    down.key = INPUT_WHEEL_DOWN;
    app_resize(&s->app, 80, 24);
    for (int i = 0; i < 5; i++)
        app_handle(&s->app, &down);
    assert_true(s->app.model.ui.chosen > 2); /* past those not in use */
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    s->app.model.ui.chosen = 0;
    app_handle(&s->app, &click);
    assert_int_equal(s->app.model.ui.chosen, 2);
    before = s->app.model.knobs.value[2];
    app_handle(&s->app, &up);
    assert_true(s->app.model.ui.chosen == 2 && s->app.model.knobs.value[2] != before);
    assert_int_equal(fake_trainer_taken(s->trainer), ++taken);
    stage_play(s, "<Down>");
    app_handle(&s->app, &up);
    assert_true(s->app.model.ui.chosen == 2 && fake_trainer_taken(s->trainer) == taken);
}

/* What the filter leaves is told with it, on one line too; nothing is told as nothing. */
static void a_filter_of_the_log_is_seen(void **state)
{
    struct stage *s = *state;
    struct canvas c;
    char *text;

    stage_play(s, "<Right>");
    s->app.model.ui.focus = TRAIN_LOG;
    for (int found = 1; found >= 0; found--) {
        stage_play(s, found ? "/rate<Enter>" : "/<BS><BS><BS><BS>nosuch<Enter>");
        assert_int_equal(canvas_init(&c, 80, 1, CHARSET_BRAILLE), 0);
        log_pane.draw(&s->app.model, &c);
        text = canvas_to_text(&c);
        assert_non_null(strstr(text, found ? "/rate" : "/nosuch"));
        assert_non_null(strstr(text, found ? "learning rate 1" : "no entry contains this; Esc shows all"));
        free(text);
        canvas_free(&c);
    }
}

static void plots_zoom_and_pan(void **state)
{
    struct stage *s = *state;
    struct ui *ui = &s->app.model.ui;
    struct pane_plot p;

    stage_play(s, "<wait 990 steps><Tab><Tab>++");
    assert_true(loss_pane.plot(&s->app.model, &p) && p.plot.x.hi >= 1000 && p.plot.x.lo > 500);
    stage_play(s, "[[[[");
    assert_true(loss_pane.plot(&s->app.model, &p) && p.plot.x.hi < 1000 && p.plot.x.lo >= 0);
    stage_play(s, "[[[[[[[[[[[[[[[[[[[[[[[[");
    assert_true(loss_pane.plot(&s->app.model, &p) && p.plot.x.lo == 0);
    stage_play(s, "a");
    assert_int_equal(ui->zoom + ui->pan, 0);
    stage_play(s, ":zoom 200 400<Enter>");
    assert_true(accuracy_pane.plot(&s->app.model, &p) && fabs(p.plot.x.lo - 1) < .1 && fabs(p.plot.x.hi - 2) < .1);
    stage_play(s, "[");
    assert_true(ui->range_from == 150 && ui->range_to == 350);
    stage_play(s, ":zoom recent<Enter>");
    assert_true(loss_pane.plot(&s->app.model, &p) && p.plot.x.lo > 500);
    stage_play(s, ":zoom 400 200<Enter>");
    assert_true(ui->warning);
}

static void a_filter_narrows_the_list(void **state)
{
    struct stage *s = *state;
    struct ui *ui = &s->app.model.ui;

    stage_play(s, "/BETA");
    assert_int_equal(ui->mode, MODE_FILTER);
    assert_int_equal(ui->chosen, KNOB_BETA1);
    stage_play(s, "<Enter>j");
    assert_int_equal(ui->chosen, KNOB_BETA2);
    stage_play(s, "<PgUp>");
    assert_int_equal(ui->chosen, KNOB_BETA1);
    stage_play(s, "/<C-u>clip norm<BS><BS><BS><BS><BS>_nosuch<Enter>j<Right>");
    assert_int_equal(ui->chosen, KNOB_CLIP_NORM); /* the last that was shown */
    stage_play(s, "<Esc>");
    assert_string_equal(ui->filter[FILTER_KNOBS], "");
    stage_play(s, "?/quit<Enter><Esc>");
    assert_int_equal(ui->mode, MODE_NORMAL);
}

static void the_screen_is_saved_as_text_and_picture(void **state)
{
    struct stage *s = *state;
    char folder[] = "/tmp/saddle-screen-XXXXXX", line[128], *text;
    struct err e = {0};
    size_t size;

    assert_non_null(mkdtemp(folder));
    for (int svg = 0; svg < 2; svg++) {
        snprintf(line, sizeof line, ":screenshot %s/a.%s<Enter>", folder, svg ? "svg" : "txt");
        stage_play(s, line);
        assert_false(s->app.model.ui.warning);
        snprintf(line, sizeof line, "%s/a.%s", folder, svg ? "svg" : "txt");
        assert_int_equal(file_read(line, 1 << 20, &text, &size, &e), 0);
        assert_non_null(strstr(text, "learning rate") ? text : strstr(text, "learning\xc2\xa0rate"));
        assert_true(!svg || (strstr(text, "</svg>") && !strstr(text, " & ") && strstr(text, "fill=\"#")));
        free(text);
        assert_int_equal(file_replace(line, "mine", 4, &e), 0); /* what is there is not overwritten unasked */
        snprintf(line, sizeof line, ":screenshot %s/a.%s<Enter>", folder, svg ? "svg" : "txt");
        stage_play(s, line);
        assert_true(s->app.model.ui.warning && strstr(s->app.model.ui.message, "file exists"));
        stage_play(s, "<Esc>");
        snprintf(line, sizeof line, "%s/a.%s", folder, svg ? "svg" : "txt");
        assert_int_equal(file_read(line, 1 << 20, &text, &size, &e), 0);
        assert_true(size == 4 && memcmp(text, "mine", 4) == 0);
        free(text);
        snprintf(line, sizeof line, ":screenshot! %s/a.%s<Enter>", folder, svg ? "svg" : "txt");
        stage_play(s, line);
        assert_false(s->app.model.ui.warning);
        snprintf(line, sizeof line, "%s/a.%s", folder, svg ? "svg" : "txt");
        assert_int_equal(file_read(line, 1 << 20, &text, &size, &e), 0);
        assert_true(size > 4);
        free(text);
        unlink(line);
    }
    rmdir(folder);
    stage_play(s, ":screenshot a.png<Enter>");
    assert_true(s->app.model.ui.warning);
    stage_play(s, "<Esc>:screenshot /nosuch/a.txt<Enter>");
    assert_true(s->app.model.ui.warning && strstr(s->app.model.ui.message, "/nosuch"));
}

static void knobs_nobody_reads_are_known(void **state)
{
    struct stage *s = *state;
    struct knobs *k = &s->app.model.knobs;

    assert_true(knobs_read(k, KNOB_BETA1) && !knobs_read(k, KNOB_MOMENTUM) && !knobs_read(k, KNOB_GAMMA));
    knobs_put(k, KNOB_OPTIMIZER, 0); /* SGD */
    knobs_put(k, KNOB_SCHEDULE, schedule_find("exponential"));
    assert_true(!knobs_read(k, KNOB_BETA1) && knobs_read(k, KNOB_MOMENTUM) && knobs_read(k, KNOB_GAMMA));
    assert_true(knobs_read(k, KNOB_BATCH_SIZE) && knobs_read(k, KNOB_NETWORK));
}

/* The list has what is in use; by name, by a word, or by a key the rest is there too. */
static void knobs_not_in_use_are_out_of_the_way(void **state)
{
    struct stage *s = *state;
    const struct model *m = &s->app.model;

    assert_true(model_shows_knob(m, KNOB_BETA1) && !model_shows_knob(m, KNOB_MOMENTUM));
    stage_play(s, "jjj");
    assert_int_equal(m->ui.chosen, KNOB_BETA1); /* past five of other optimizers */
    stage_play(s, ":set momentum<Enter>");
    assert_true(m->ui.chosen == KNOB_MOMENTUM && model_shows_knob(m, KNOB_MOMENTUM));
    stage_play(s, "<Esc>k");
    assert_true(m->ui.chosen == KNOB_OPTIMIZER && !model_shows_knob(m, KNOB_MOMENTUM));
    stage_play(s, "/moment");
    assert_true(model_shows_knob(m, KNOB_MOMENTUM) && !model_shows_knob(m, KNOB_BETA1));
    stage_play(s, "<Esc>a");
    for (int i = 0; i < KNOB_COUNT; i++)
        assert_true(model_shows_knob(m, (enum knob_id)i));
    stage_play(s, "a");
    stage_play(s, ":optimizer sgd<Enter>");
    assert_true(model_shows_knob(m, KNOB_MOMENTUM) && !model_shows_knob(m, KNOB_BETA2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_APP(a_click_on_a_plot_reads_there),
        WITH_APP(a_click_beside_a_plot_reads_nothing),
        WITH_APP(a_click_on_a_knob_chooses_it),
        WITH_APP(the_mouse_focuses), WITH_APP(the_wheel_turns_what_was_clicked),
        WITH_APP(a_filter_of_the_log_is_seen),
        WITH_APP(plots_zoom_and_pan),
        WITH_APP(a_filter_narrows_the_list),
        WITH_APP(the_screen_is_saved_as_text_and_picture),
        WITH_APP(knobs_nobody_reads_are_known),
        WITH_APP(knobs_not_in_use_are_out_of_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
