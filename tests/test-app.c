/* SPDX-License-Identifier: MIT */
/* The app through its real key handler, on a trainer that only keeps what it is told. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/pane.h"
#include "scripted-app.h"
#include "train/panes.h"

static void arrows_turn_the_rate(void **state)
{
    struct stage *s = *state;
    double up = knob_turned(KNOB_LEARNING_RATE, s->app.model.knobs.value[KNOB_LEARNING_RATE], 1);

    stage_play(s, "<Right>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_SET);
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_LEARNING_RATE);
    assert_true(fake_trainer_last(s->trainer).setting.number == up);
    stage_play(s, "hh");
    assert_true(fake_trainer_last(s->trainer).setting.number < up);
    assert_true(s->app.history->mark_count == 3);
}

/* Keys faster than snapshots: each turn starts from the last, not from what the trainer shows. */
static void turns_add_up_before_they_are_answered(void **state)
{
    struct stage *s = *state;
    struct event right = {.key = INPUT_RIGHT};
    double expected = s->app.model.knobs.value[KNOB_BATCH_SIZE];

    stage_play(s, "<Down>");
    for (int i = 0; i < 3; i++) {
        expected = knob_turned(KNOB_BATCH_SIZE, expected, 1);
        app_handle(&s->app, &right);
    }
    assert_true(fake_trainer_last(s->trainer).setting.number == expected);
    assert_true(s->app.model.knobs.value[KNOB_BATCH_SIZE] == expected);
}

/* An edit the trainer does not take over is not shown for ever. */
static void a_lost_edit_is_given_up(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Right>");
    fake_trainer_draft(s->trainer)->knobs.value[KNOB_LEARNING_RATE] = 5e-3;
    for (int i = 0; i < 5; i++)
        stage_play(s, "<wait 1 steps>");
    assert_true(s->app.model.knobs.value[KNOB_LEARNING_RATE] == 5e-3);
}

static void a_value_is_typed(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Enter>3e-44<BS><Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == 3e-4);
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, "jj<Enter>rms<Tab><Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_OPTIMIZER);
    assert_string_equal(knob_choice(KNOB_OPTIMIZER, (int)fake_trainer_last(s->trainer).setting.number), "rmsprop");
}

static void a_bad_value_is_said(void **state)
{
    struct stage *s = *state;
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "<Enter>1e99<Enter>");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    assert_non_null(strstr(s->app.model.ui.message, "learning rate"));
    assert_true(s->app.model.ui.warning);
    stage_play(s, "<Esc><Enter>soon<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "soon"));
    stage_play(s, "<Esc>:set dropout 1.5<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "1.5 is outside 0 … 0.95"));
    stage_play(s, "<Down>"); /* the next key takes it away */
    assert_string_equal(s->app.model.ui.message, "");
}

static void escape_backs_out(void **state)
{
    struct stage *s = *state;
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "<Enter>3e-4<Esc>");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, "?<Esc>:quit<Esc>q<Esc>");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    assert_int_equal(s->reaction & REACT_QUIT, 0);
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, "<Tab><Tab>z<Left>+<Esc><Esc><Esc><Esc>");
    assert_true(isnan(s->app.model.ui.cross) && !s->app.model.ui.maximised && !s->app.model.ui.zoom);
    assert_int_equal(s->app.model.ui.focus, TRAIN_SETTINGS);
}

static void quit_asks_while_training(void **state)
{
    struct stage *s = *state;

    stage_play(s, "q");
    assert_int_equal(s->app.model.ui.mode, MODE_QUIT);
    assert_int_equal(s->reaction & REACT_QUIT, 0);
    stage_play(s, "n");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, "qy");
    assert_int_equal(s->reaction & REACT_QUIT, REACT_QUIT);
    stage_play(s, "n<Space>q"); /* paused, and saved on leaving: nothing to lose */
    s->app.model.ui.mode = MODE_NORMAL;
    fake_trainer_draft(s->trainer)->status = RUN_PAUSED;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "q");
    assert_int_equal(s->reaction & REACT_QUIT, REACT_QUIT);
    s->app.model.checkpoint = NULL; /* now there is */
    stage_play(s, "q");
    assert_int_equal(s->app.model.ui.mode, MODE_QUIT);
}

static void pause_step_and_save(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Space>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_TOGGLE);
    stage_play(s, "N");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_STEPS);
    assert_int_equal(fake_trainer_last(s->trainer).count, 100);
    stage_play(s, ":save<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_SAVE);
    assert_string_equal(fake_trainer_last(s->trainer).text, "");
    stage_play(s, ":save other.safetensors<Enter>");
    assert_string_equal(fake_trainer_last(s->trainer).text, "other.safetensors");
    stage_play(s, "u");
    assert_string_equal(s->app.model.ui.message, "nothing to undo");
    fake_trainer_draft(s->trainer)->undos = fake_trainer_draft(s->trainer)->redos = 1;
    stage_play(s, "<wait 1 steps>u");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_UNDO);
    stage_play(s, ":redo<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_REDO);
}

static void the_palette_reaches_every_knob(void **state)
{
    struct stage *s = *state;

    stage_play(s, ":set lr 3e-4<Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == 3e-4);
    stage_play(s, ":opt<Tab>ad<Tab>am<Enter>"); /* "ada" is common to adagrad, adam, adamw */
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_LEARNING_RATE);
    assert_true(s->app.model.ui.warning);
    stage_play(s, "<Esc>:opt<Tab>sg<Tab><Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_OPTIMIZER);
    assert_string_equal(knob_choice(KNOB_OPTIMIZER, (int)fake_trainer_last(s->trainer).setting.number), "sgd");
    stage_play(s, ":step 25<Enter>:<Up><Up><Down><Down><Up><Up>"); /* the line before the last */
    assert_string_equal(s->app.model.ui.input, "optimizer sgd ");
    stage_play(s, "<Esc>:<Up>");
    assert_string_equal(s->app.model.ui.input, "step 25");
    stage_play(s, "<Esc>:<Up><Down>");
    assert_string_equal(s->app.model.ui.input, "");
    stage_play(s, "<Esc>");
    assert_int_equal(fake_trainer_last(s->trainer).count, 25);
    stage_play(s, ":nonsense 3<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "nonsense"));
    stage_play(s, "<Esc>");
    for (int i = 0; i < KNOB_COUNT; i++) {
        char line[128];
        snprintf(line, sizeof line, ":%s ?<Enter>", knob_row((enum knob_id)i)->name);
        stage_play(s, line);
        assert_true(s->app.model.ui.warning && s->app.model.ui.message[0]);
        stage_play(s, "<Esc>");
    }
}

static void a_full_ring_is_said(void **state)
{
    struct stage *s = *state;
    double before = s->app.model.knobs.value[KNOB_LEARNING_RATE];

    fake_trainer_fill(s->trainer, 1);
    stage_play(s, "<Right>");
    assert_non_null(strstr(s->app.model.ui.message, "try again"));
    assert_true(s->app.model.knobs.value[KNOB_LEARNING_RATE] == before);
}

/* What only a restart can change asks first; no keeps the run, yes sends the change. */
static void restart_knobs_ask(void **state)
{
    struct stage *s = *state;
    int taken;

    fake_trainer_run(s->trainer, 10);
    app_gather(&s->app);
    taken = fake_trainer_taken(s->trainer);
    for (int i = KNOB_NETWORK + 1; i < KNOB_COUNT; i++) {
        const char *turn = i == KNOB_TRAIN_SHARE ? "<Left>" : "<Right>"; /* it begins at its end */
        s->app.model.ui.chosen = i;
        stage_play(s, turn);
        assert_int_equal(s->app.model.ui.mode, MODE_RESTART);
        assert_non_null(strstr(s->app.model.ui.message, knob_row((enum knob_id)i)->title));
        stage_play(s, "x?q<Up>"); /* no answer: the question stands */
        assert_int_equal(s->app.model.ui.mode, MODE_RESTART);
        assert_non_null(strstr(s->app.model.ui.message, knob_row((enum knob_id)i)->title));
        stage_play(s, "n");
        assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
        assert_string_equal(s->app.model.ui.message, "");
        assert_int_equal(fake_trainer_taken(s->trainer), taken);
        stage_play(s, turn);
        stage_play(s, "y");
        assert_int_equal(fake_trainer_taken(s->trainer), ++taken);
        assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_CHANGE);
        assert_int_equal(fake_trainer_last(s->trainer).knob, i);
    }
    s->app.model.ui.chosen = KNOB_NETWORK;
    stage_play(s, "<Right>"); /* a text does not turn */
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, "<Enter>linear 9 | linear 41<Enter>y");
    assert_string_equal(fake_trainer_last(s->trainer).setting.text, "linear 9 | linear 41");
    stage_play(s, "<Enter>linear nine<Enter>");
    assert_true(s->app.model.ui.warning);
    assert_non_null(strstr(s->app.model.ui.message, "nine"));
    stage_play(s, "<Esc>");
    fake_trainer_draft(s->trainer)->classes = 41;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "<Enter>linear 8 tanh | linear 40<Enter>");
    assert_int_equal(s->app.model.ui.mode, MODE_TYPING);
    assert_non_null(strstr(s->app.model.ui.message, "40 outputs, the data has 41 classes"));
    stage_play(s, "<Esc>Ry");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_RESTART);
    assert_int_equal(fake_trainer_last(s->trainer).count, 1);
    stage_play(s, ":restart 5<Enter>y");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_CHANGE);
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_SEED);
    assert_true(fake_trainer_last(s->trainer).setting.number == 5);
    taken = fake_trainer_taken(s->trainer);
    stage_play(s, ":restart five<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "expected next, a seed"));
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, "<Esc>");
}

static void turning_keeps_bounds(void **state)
{
    struct stage *s = *state;

    for (int i = 0; i < KNOB_NETWORK; i++) {
        const struct knob *row = knob_row((enum knob_id)i);
        s->app.model.ui.chosen = i;
        for (int turn = 0; turn < 120; turn++) {
            stage_play(s, turn < 40 ? "<Right>" : turn < 90 ? "<Left>" : turn % 2 ? "+" : "-");
            if (row->type == KNOB_CHOICE)
                assert_non_null(knob_choice((enum knob_id)i, (int)s->app.model.knobs.value[i]));
            else
                assert_true(s->app.model.knobs.value[i] >= row->min && s->app.model.knobs.value[i] <= row->max);
        }
    }
}

/* Any keys whatever: no crash, and the screen can still be drawn. */
static void random_keys_do_no_harm(void **state)
{
    static const uint32_t hands[] = {INPUT_UP, INPUT_DOWN, INPUT_LEFT, INPUT_RIGHT, INPUT_TAB, INPUT_ENTER, INPUT_ESCAPE, 127,
                                     0xfffd, 0x65e5};
    struct stage *s = *state;
    uint64_t r = 1;

    for (int i = 0; i < 20000; i++) {
        struct event event = {0};
        r = r * 6364136223846793005u + 1442695040888963407u;
        event.key = r >> 63 ? hands[(r >> 40) % 10] : 32 + (uint32_t)((r >> 40) % 95);
        event.x = (int)((r >> 20) % 100) - 10;
        event.y = (int)((r >> 30) % 50) - 10;
        if (i % 17 == 0)
            event.key = INPUT_PRESS + i % 3;
        app_handle(&s->app, &event);
        app_gather(&s->app);
        if (i % 100 == 0) {
            struct canvas c;
            assert_int_equal(canvas_init(&c, 1 + (int)((r >> 33) % 200), 1 + (int)((r >> 45) % 60), CHARSET_BRAILLE),
                             0);
            app_draw(&s->app, &c);
            canvas_free(&c);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_APP(arrows_turn_the_rate),
        WITH_APP(turns_add_up_before_they_are_answered),
        WITH_APP(a_lost_edit_is_given_up),
        WITH_APP(a_value_is_typed),
        WITH_APP(a_bad_value_is_said),
        WITH_APP(escape_backs_out),
        WITH_APP(quit_asks_while_training),
        WITH_APP(pause_step_and_save),
        WITH_APP(the_palette_reaches_every_knob),
        WITH_APP(a_full_ring_is_said),
        WITH_APP(restart_knobs_ask),
        WITH_APP(turning_keeps_bounds),
        WITH_APP(random_keys_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
