/* SPDX-License-Identifier: MIT */
/* The key table, the settings that change it, and scripts that name its keys. */
#include "test.h"

#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/script.h"
#include "cli/config.h"
#include "race/panes.h"
#include "scripted-app.h"
#include "term/keys.h"
#include "train/panes.h"

static int configure(const char *text, struct app_options *o, struct err *e)
{
    memset(o, 0, sizeof *o);
    memset(e, 0, sizeof *e);
    keys_reset();
    return settings_parse(o, "config.ini", text, e);
}

/* Every binding says what it does, under a name of its own. */
static void the_bindings_are_whole(void **state)
{
    const struct key_binding *b;
    int count = 0;

    (void)state;
    for (; (b = key_binding_at(count)); count++) {
        char label[32];
        assert_true(b->name && *b->name && b->help && *b->help && b->act);
        key_label(b->key, CHARSET_ASCII, label, sizeof label);
        assert_true(*label);
        for (const char *p = label; *p; p++)
            assert_true((unsigned char)*p < 128);
        for (int k = 0; k < count; k++)
            assert_string_not_equal(b->name, key_binding_at(k)->name);
    }
    assert_true(count > 100);
}

/* The keys that act in a pane, by its place in the view. */
static const struct key_binding *find_in(struct stage *s, const struct view *v, int place, uint32_t key)
{
    static struct key_list active;

    stage_focus(s, v, place);
    keys_active(&s->app.model, &active);
    return keys_find(&active, key);
}

/* One key, one meaning in each place; two views may use it for different things. */
static void no_key_has_two_meanings(void **state)
{
    const struct key_binding *a, *b;
    struct app_options o;
    struct stage s;
    struct err e;

    (void)state;
    stage_init(&s, "");
    if (keys_conflict(&a, &b))
        fail_msg("%s and %s share a key", a->name, b->name);
    assert_string_equal(find_in(&s, &train_view, TRAIN_SETTINGS, INPUT_LEFT)->name, "setting-down");
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, INPUT_LEFT)->name, "cross-left");
    assert_string_equal(find_in(&s, &race_view, RACE_MAP, INPUT_LEFT)->name, "start-left");
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, 'p')->name, "probe"); /* lent by another view */
    assert_null(find_in(&s, &race_view, RACE_MAP, 'p'));
    assert_int_equal(configure("[keys]\nundo = p\n", &o, &e), -ERR_INPUT);
    keys_reset();
    stage_free(&s);
}

static void settings_remap_every_action(void **state)
{
    const struct key_binding *b;
    struct app_options o;
    struct stage s;
    struct err e;

    (void)state;
    stage_init(&s, "");
    for (int i = 0; (b = key_binding_at(i)); i++) {
        char line[96];
        snprintf(line, sizeof line, "[keys]\n%s = C-b\n", b->name);
        assert_int_equal(configure(line, &o, &e), 0);
        assert_int_equal(binding_key(b, 0), 'B' - '@');
    }
    assert_int_equal(configure("[screen]\npalette = light\ncolormap = inferno\ncells = octants\nmouse = off\nascii=yes\ncolor = no\n"
                               "[keys]\nquit = X\nsetting-up = y semicolon\nzoom-in = w\n", &o, &e), 0);
    assert_true(o.palette == THEME_LIGHT && o.colormap == COLORMAP_INFERNO && o.mosaic == MOSAIC_OCTANTS && o.no_mouse && o.ascii && o.no_color);
    assert_string_equal(find_in(&s, &train_view, TRAIN_SETTINGS, 'X')->name, "quit");
    assert_null(find_in(&s, &train_view, TRAIN_SETTINGS, 'q'));
    assert_string_equal(find_in(&s, &train_view, TRAIN_SETTINGS, ';')->name, "setting-up");
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, INPUT_WHEEL_UP)->name, "zoom-in");
    assert_int_equal(configure("[keys]\nundo = F5 f12\nquit = C-h\n", &o, &e), 0);
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, INPUT_F1 + 4)->name, "undo");
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, INPUT_F12)->name, "undo");
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, INPUT_BACKSPACE)->name, "quit");
    keys_reset();
    assert_string_equal(find_in(&s, &train_view, TRAIN_LOSS, 'q')->name, "quit");
    stage_free(&s);
}

static int screen_holds(struct stage *s, const char *words)
{
    struct canvas c;
    char *text;
    int found;

    assert_int_equal(canvas_init(&c, 80, 24, CHARSET_BRAILLE), 0);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    found = strstr(text, words) != NULL;
    free(text);
    canvas_free(&c);
    return found;
}

/* Wherever a key is named, it is the one that acts. */
static void hints_name_the_keys_as_they_are(void **state)
{
    struct app_options o;
    struct err e;
    struct stage s;

    (void)state;
    stage_init(&s, "");
    assert_int_equal(configure("[keys]\npause = W\nhelp = C-b\nsetting-all = F1\nzoom-in = Z\n", &o, &e), 0);
    fake_trainer_draft(s.trainer)->status = RUN_FINISHED;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    assert_true(screen_holds(&s, "W resumes") && screen_holds(&s, "W starts training"));
    assert_true(screen_holds(&s, "F1: show") && screen_holds(&s, "Ctrl-B help"));
    stage_play(&s, ":nosuch<Enter>");
    assert_true(screen_holds(&s, "Ctrl-B shows help"));
    stage_play(&s, "<Esc><Tab><Tab>[");
    assert_true(screen_holds(&s, "Z zooms in"));
    keys_reset();
    stage_free(&s);
}

static void wrong_settings_are_told_with_their_line(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"[keys]\n\nquit = h\n", "config.ini:3: setting-down and quit would have the same key"},
        {"[keys]\nsoar = h\n", "config.ini:2: unknown action \"soar\""},
        {"[keys]\nquit = Nokey\n", "config.ini:2: quit: unknown key \"Nokey\"; man saddle lists"},
        {"[keys]\npause = F13\n", "unknown key \"F13\""},
        {"[keys]\n\nundo = C-z\n", "config.ini:3: undo: C-z cannot be used, because the terminal suspends the program with it"},
        {"[keys]\nundo = C-c\n", "interrupts the program with it"},
        {"[keys]\nundo = C-j\nsetting-type = Enter\n", "would have the same key"},
        {"[keys]\nquit = a b c\n", "config.ini:2: quit: \"c\" is one key too many; an action takes at most two"},
        {"[keys]\nquit =\n", "config.ini:2: quit: no key in"},
        {"[keys]\nvalue-set = x\n", "config.ini:2: value-set: a character cannot be bound here"},
        {"[screen]\npalette = pink\n", "config.ini:2: palette: \"pink\""},
        {"[screen]\ncolormap = jet\n", "config.ini:2: colormap: \"jet\""},
        {"[screen]\ncells = tiles\n", "config.ini:2: cells: \"tiles\""},
        {"[screen]\nmouse = perhaps\n", "config.ini:2: mouse: \"perhaps\" is neither"},
        {"[screen]\nsize = 3\n", "config.ini:2: unknown setting \"size\""},
        {"[nowhere]\na = b\n", "config.ini:2: unknown section [nowhere]"},
        {"hello\n", "config.ini:1: neither"},
    };
    struct app_options o;
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(configure(cases[i].text, &o, &e), -ERR_INPUT);
        if (!strstr(e.text, cases[i].says))
            fail_msg("\"%s\" does not say \"%s\"", e.text, cases[i].says);
    }
    keys_reset();
}

/* Flow control and signals are the user's, by stty. */
static void the_terminal_keeps_what_it_is_set_to(void **state)
{
    int master, slave, standard = dup(STDIN_FILENO);
    struct termios modes;

    (void)state;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(slave, &modes), 0);
    assert_true(dup2(slave, STDIN_FILENO) >= 0);
    for (int on = 0; on < 2; on++) {
        modes.c_iflag = on ? modes.c_iflag | IXON : modes.c_iflag & ~(tcflag_t)IXON;
        modes.c_lflag = on ? modes.c_lflag | ISIG : modes.c_lflag & ~(tcflag_t)ISIG;
        modes.c_cc[VSTOP] = 'S' - '@';
        modes.c_cc[VSUSP] = 'Y' - '@';
        modes.c_cc[VQUIT] = _POSIX_VDISABLE;
        assert_int_equal(tcsetattr(slave, TCSANOW, &modes), 0);
        assert_int_equal(term_keeps('S' - '@') != NULL, on);
        assert_int_equal(term_keeps('Y' - '@') != NULL, on);
        assert_null(term_keeps('Z' - '@'));
        assert_null(term_keeps('\\' - '@'));
        assert_null(term_keeps(INPUT_F1));
    }
    dup2(standard, STDIN_FILENO);
    close(standard);
    close(master);
    close(slave);
}

static void scripts_name_their_keys(void **state)
{
    const char *script = "a<lt><Up><c-l><wait 200 steps>é", *bad = "<Nokey>";
    struct script_item item;
    struct err e = {0};
    static const uint32_t keys[] = {'a', '<', INPUT_UP, INPUT_REPAINT};

    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(script_next(&script, &item, &e), 0);
        assert_int_equal(item.event.key, keys[i]);
    }
    script_next(&script, &item, &e);
    assert_int_equal(item.kind, SCRIPT_WAIT);
    assert_int_equal(item.steps, 200);
    script_next(&script, &item, &e);
    assert_int_equal(item.event.key, 0xe9);
    script_next(&script, &item, &e);
    assert_int_equal(item.kind, SCRIPT_END);
    assert_int_equal(script_next(&bad, &item, &e), -ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bindings_are_whole),
        cmocka_unit_test(no_key_has_two_meanings),
        cmocka_unit_test(settings_remap_every_action),
        cmocka_unit_test(hints_name_the_keys_as_they_are),
        cmocka_unit_test(wrong_settings_are_told_with_their_line),
        cmocka_unit_test(the_terminal_keeps_what_it_is_set_to),
        cmocka_unit_test(scripts_name_their_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
