/* SPDX-License-Identifier: MIT */
/* The Race view through the real key handler: whole screens, and what the keys, the mouse and the commands do. */
#include "test.h"

#include "train/panes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "libriphone-folder.h"
#include "golden.h"
#include "markup.h"
#include "race/panes.h"

static int setup(void **state)
{
    stage_begin(state);
    stage_play(*state, "4");
    return 0;
}

static void the_view_at_all_sizes(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<wait 24 steps>");
    golden_screen("race", s, 80, 24, CHARSET_BRAILLE);
    golden_screen("race", s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(s);
}

static void states_of_the_race(void **state)
{
    static const struct {
        const char *name, *keys;
    } cases[] = {
        {NULL, ""},
        {NULL, ":surface himmelblau<Enter>:noise 30<Enter>:until never<Enter><wait 60 steps><Tab><Down>"},
        {"race-diverged", ":surface regression<Enter><Tab>:rate 1e-2<Enter><wait 100 steps>"},
        {NULL, ":surface rosenbrock<Enter><Tab><Down><wait 60 steps><Right><Right><wait 60 steps>"},
        {NULL, ":surface x^2 + y^2 + 1000<Enter><wait 30 steps>"},
        {NULL, ":start 1e-3,-1e-3<Enter><wait 200 steps>"},
        {"race-formula", ":surface 'x^2 - cos(3*y)'<Enter><wait 40 steps>z"},
        {NULL, "<Tab>dddd"},
        {NULL, ":surface 'x + * y'<Enter>"},
        {NULL, "?"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        stage_init(&s, "<wait 10 steps>4");
        stage_play(&s, cases[i].keys);
        if (cases[i].name)
            golden_screen(cases[i].name, &s, 80, 24, CHARSET_BRAILLE);
        golden_sweep(&s);
        stage_free(&s);
    }
}

static void every_panel_stays_inside(void **state)
{
    static const struct pane *const panes[] = {&race_map_pane, &race_loss_pane, &racers_pane, &leader_pane};
    struct stage *s = *state;

    for (int moved = 0; moved < 2;
         moved++, stage_play(s, ":surface chain5<Enter><Tab><wait 20 steps>:racer add sgd:lr=90<Enter>N"))
        for (int k = 0; k < 4; k++)
            for (int w = 1; w <= 60; w++)
                for (int h = 1; h <= 30; h++)
                    golden_guarded(&s->app.model, panes[k], w, h, (enum charset)((w + h) % 3));
}

static int count_words(const char *line)
{
    int n = 0;

    for (; *line; line++)
        n += *line != ' ' && (line[1] == ' ' || !line[1]);
    return n;
}

/* A line of the inside of a pane, up to the frame on its right. */
static char *next_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');

    *end = '\0';
    *text = end + 1;
    line[strlen(line) - 1] = ' ';
    line[0] = ' ';
    return line;
}

/* A table's rows have as many words as its head, and marker, name and state; beside a narrow one's marker, name
 * and rate stand alone in their line, and beneath it state, loss and perhaps the steps. */
static void check_table(const struct race_model *r, char *text, int w)
{
    int table = w - 2 >= 43, figures;
    char *line = next_line(&text);

    line = next_line(&text);
    figures = count_words(line);
    for (int i = 0; i < r->racers; i++) {
        int racer = table || i ? count_words(line = next_line(&text)) : figures;
        if (table ? racer != figures + 3 + (strchr(r->name[i], ' ') != NULL) : racer != 4 + (strchr(r->name[i], ' ') != NULL))
            fail_msg("%d columns: %d words in \"%s\"", w, racer, line);
        if (table)
            continue;
        line = next_line(&text);
        if (count_words(line) < 2 || count_words(line) > 3)
            fail_msg("%d columns: \"%s\"", w, line);
    }
}

/* At any width, whatever the figures. */
static void figures_of_racers_never_touch(void **state)
{
    static const char *const scripts[] = {
        "", "<wait 24 steps>", "<Tab>:rate 1.234e-5<Enter><wait 24 steps>",
        ":until never<Enter><wait 12345 steps>", ":surface regression<Enter><Tab>:rate 1e-2<Enter><wait 100 steps>",
        ":surface x^2 + y^2 - 1e6<Enter>:start .1,.1<Enter><wait 300 steps>", ":surface 1e-9*x^2 + y^2<Enter><wait 300 steps>"};
    struct canvas c;

    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct stage s;
        stage_init(&s, "<wait 10 steps>4");
        stage_play(&s, scripts[i]);
        for (int w = 26; w <= 120; w++) {
            char *text;
            assert_int_equal(canvas_init(&c, w, 30, CHARSET_ASCII), 0);
            racers_pane.draw(&s.app.model, &c);
            text = canvas_to_text(&c);
            check_table(race_of(&s.app.model), text, w);
            free(text);
            canvas_free(&c);
        }
        stage_free(&s);
    }
}

/* The lecture's 83 steps, by n alone and by ticks; none of it reaches the training. */
static void steps_are_counted(void **state)
{
    struct stage *s = *state;
    const struct racer *sgd = race_racer(race_of(&s->app.model)->race, 0);
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "nnn");
    assert_int_equal(sgd->steps, 3);
    stage_play(s, "N");
    assert_int_equal(sgd->steps, 83);
    assert_int_equal(sgd->state, RACER_STOPPED);
    stage_play(s, "r");
    assert_int_equal(sgd->steps, 0);
    assert_int_equal(fake_trainer_taken(s->trainer), taken); /* none of them was the training's */
    stage_play(s, " ");
    assert_true(race_of(&s->app.model)->running && app_has_ticks(&s->app));
    while (app_tick(&s->app))
        continue;
    assert_int_equal(sgd->steps, 83);
    assert_false(app_has_ticks(&s->app)); /* all are there: nothing moves any more */
    stage_play(s, " 1 ");                 /* again from the start, and away */
    assert_true(race_of(&s->app.model)->running && sgd->steps == 0);
    assert_false(app_has_ticks(&s->app));
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_TOGGLE);
}

/* Cells of a pane that hold this character. */
static int count_glyphs(const struct stage *s, const struct pane *pane, int w, int h, uint32_t glyph)
{
    struct canvas c;
    int count = 0;

    assert_int_equal(canvas_init(&c, w, h, CHARSET_BRAILLE), 0);
    pane->draw(&s->app.model, &c);
    for (int y = 1; y < h - 1; y++)
        for (int x = 1; x < w - 1; x++)
            count += canvas_cell(&c, x, y).ch == glyph;
    canvas_free(&c);
    return count;
}

/* Two racers with the same settings take the same path: both are seen on it, and the list says so. */
static void racers_that_coincide_are_told_apart(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);
    char *text;
    struct canvas c;

    stage_play(s, "<Tab>dddisgd:lr=.05<Enter>isgd:lr=.051<Enter>:until never<Enter>:start 2,-.5<Enter><wait 60 steps>");
    assert_int_equal(r->racers, 3);
    for (int i = 1; i < 3; i++) {
        assert_true(count_glyphs(s, &race_map_pane, 120, 40, race_glyph(i)) >= 1);
        assert_true(count_glyphs(s, &race_loss_pane, 60, 12, race_glyph(i)) >= 3);
    }
    assert_int_equal(r->chosen, 2);
    assert_int_equal(canvas_init(&c, 46, 24, CHARSET_BRAILLE), 0);
    racers_pane.draw(&s->app.model, &c);
    text = canvas_to_text(&c);
    assert_non_null(strstr(text, "with: sgd"));
    free(text);
    canvas_clear(&c);
    stage_play(s, "kk"); /* RMSprop is another */
    racers_pane.draw(&s->app.model, &c);
    text = canvas_to_text(&c);
    assert_null(strstr(text, "with:"));
    free(text);
    canvas_free(&c);
}

/* A list that is longer than its pane: what is clicked is what is seen there. */
static void a_click_chooses_what_is_seen(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);
    struct rect pane = view_layout(&race_view, 80, 24, RACE_RACERS_LIST, 0).pane[RACE_RACERS_LIST];
    struct event first = {INPUT_PRESS, pane.x + 3, pane.y + 1};
    int added = 0, last;

    for (; added < 12; added++)
        stage_play(s, ":racer add sgd<Enter>");
    last = r->racers - 1;
    assert_true(r->racers > pane.h);
    stage_play(s, "<Tab>");
    while (r->chosen < last)
        stage_play(s, "<Down>");
    app_resize(&s->app, 80, 24);
    app_handle(&s->app, &first);
    assert_true(r->chosen > 0 && r->chosen >= r->racers - pane.h && r->chosen < last);
    race_of(&s->app.model)->chosen = 0;
    app_handle(&s->app, &first);
    assert_int_equal(r->chosen, 0);
}

static void the_start_moves(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);
    struct rect pane = view_layout(&race_view, 80, 24, RACE_MAP, 0).pane[RACE_MAP];
    struct event click = {INPUT_PRESS, pane.x + 6 + (pane.w - 15) / 2, pane.y + 6};

    stage_play(s, "<Right><Right><Up>");
    assert_true(fabs(r->start[0] - .2) < 1e-9 && fabs(r->start[1] - .1) < 1e-9);
    stage_play(s, "<Left><Left><Down>");
    assert_true(fabs(r->start[0]) < 1e-9 && fabs(r->start[1]) < 1e-9);
    stage_play(s, "<Enter>.5,-.5<Enter>");
    assert_true(r->start[0] == .5 && r->start[1] == -.5);
    app_resize(&s->app, 80, 24);
    app_handle(&s->app, &click);
    assert_true(fabs(r->start[0]) < .15 && fabs(r->start[1]) < .3);
    assert_true(race_racer(r->race, 0)->x[0] == r->start[0]);
    stage_play(s, "+]}");
    assert_true(r->x.lo == -.5 && r->y.lo == -.5);
    stage_play(s, "-a");
    assert_true(r->x.lo == -2 && r->y.hi == 2);
    stage_play(s, "L");
    assert_false(race_height_axis(r->z, r->linear).log);
}

/* The point of the surface in this cell of the screen of 80 x 24. */
static void point_in(const struct stage *s, int column, int row, double *x, double *y)
{
    struct rect pane = view_layout(&race_view, 80, 24, RACE_MAP, 0).pane[RACE_MAP];
    struct canvas inside = {.w = pane.w - 2, .h = pane.h - 2, .charset = CHARSET_BRAILLE};
    struct race_map map;

    race_map(race_of(&s->app.model), &map);
    assert_true(field_point_at(&map.field, &inside, column - pane.x - 1, row - pane.y - 1, x, y));
}

/* What the wheel points at stays where it is; there and back is the same window. Beside the surface the
 * middle stays. */
static void the_wheel_zooms_where_it_points(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);
    struct rect pane = view_layout(&race_view, 80, 24, RACE_MAP, 0).pane[RACE_MAP];
    struct event wheel = {INPUT_WHEEL_UP, pane.x + pane.w - 14, pane.y + 3};
    double x, y, then_x, then_y;

    app_resize(&s->app, 80, 24);
    stage_play(s, "<Tab>"); /* it goes to the pane it points at */
    point_in(s, wheel.x, wheel.y, &x, &y);
    assert_true(fabs(x) > .5 && fabs(y) > .5);
    for (int i = 0; i < 6; i++) { /* the numbers of the axis get longer meanwhile, and shorter again */
        wheel.key = i < 3 ? INPUT_WHEEL_UP : INPUT_WHEEL_DOWN;
        app_handle(&s->app, &wheel);
        point_in(s, wheel.x, wheel.y, &then_x, &then_y);
        assert_true(fabs(then_x - x) < 1e-9 && fabs(then_y - y) < 1e-9);
        assert_true(fabs(r->x.hi - r->x.lo - ldexp(4, i < 3 ? -i - 1 : i - 5)) < 1e-9);
    }
    assert_true(fabs(r->x.lo + 2) < 1e-9 && fabs(r->x.hi - 2) < 1e-9 && fabs(r->y.lo + 2) < 1e-9 &&
                fabs(r->y.hi - 2) < 1e-9);
    stage_play(s, "a");
    wheel = (struct event){INPUT_WHEEL_UP, pane.x, pane.y};
    app_handle(&s->app, &wheel);
    assert_true(r->x.lo == -1 && r->x.hi == 1 && r->y.lo == -1);
}

static void racers_are_turned_and_exchanged(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);

    stage_play(s, "<Tab><Down><Right>");
    assert_int_equal(r->chosen, 1);
    assert_true(r->setup[1].args.lr == knob_turned(KNOB_LEARNING_RATE, .05, 1));
    stage_play(s, "nn<Enter>.02<Enter>"); /* in the middle of the race */
    assert_true(r->setup[1].args.lr == .02 && race_racer(r->race, 1)->steps == 2 &&
                race_racer(r->race, 1)->rate == .02);
    stage_play(s, "o");
    assert_string_not_equal(r->setup[1].optimizer, "sgd");
    stage_play(s, "O");
    assert_string_equal(r->setup[1].optimizer, "sgd");
    stage_play(s, "inad<Tab><Enter>"); /* nadam, completed */
    assert_int_equal(r->racers, 5);
    assert_string_equal(r->setup[4].optimizer, "nadam");
    assert_int_equal(r->chosen, 4);
    stage_play(s, "d:racer schedule cosine:T_max=40<Enter>");
    assert_int_equal(r->racers, 4);
    assert_string_equal(r->setup[3].schedule->name, "cosine");
    stage_play(s, ">>>");
    assert_int_equal(r->pace, 8);
    stage_play(s, "<lt>:pace 100<Enter>");
    assert_int_equal(r->pace, 100);
    stage_play(s, "ngg");
    assert_true(r->noise == .03 && r->steps == 1); /* in the middle of the race */
    assert_true(r->edits == 1 && r->edit[0] == 1);
    stage_play(s, "G:noise .5<Enter>g");
    assert_true(r->noise == 1);
    stage_play(s, "GGGGGGGG");
    assert_true(r->noise == 0);
}

/* u and U are the race's own in its view: none of it reaches the training. */
static void edits_are_taken_back(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);
    int taken = fake_trainer_taken(s->trainer);
    double lr = r->setup[1].args.lr;

    stage_play(s, "u");
    assert_string_equal(s->app.model.ui.message, "nothing to undo in the race");
    stage_play(s, "<Right>:surface x^2 + y^2<Enter>:surface 'x^2 - y'<Enter>:noise .5<Enter>");
    stage_play(s, "uuu");
    assert_string_equal(s->app.model.ui.message, "undone: the surface");
    assert_string_equal(r->surface->name, "chain");
    assert_true(r->start[0] == .1 && r->racers == 4 && r->noise == 0 && strcmp(r->until, "") != 0);
    stage_play(s, "U");
    assert_string_equal(r->surface->formula, "x^2 + y^2");
    stage_play(s, "U");
    assert_string_equal(r->surface->formula, "x^2 - y");
    stage_play(s, "uuu");
    assert_string_equal(s->app.model.ui.message, "undone: the start");
    assert_true(r->start[0] == 1e-3);
    stage_play(s, "<Tab><Down><Right>nn<Right>"); /* a new edit: what was taken back is forgotten */
    stage_play(s, "U");
    assert_string_equal(s->app.model.ui.message, "nothing to redo in the race");
    stage_play(s, "u");
    assert_string_equal(s->app.model.ui.message, "undone: momentum's rate");
    assert_true(r->steps == 2 && r->setup[1].args.lr == knob_turned(KNOB_LEARNING_RATE, lr, 1)); /* nobody goes back */
    stage_play(s, "uod");
    assert_true(r->setup[1].args.lr != lr || r->racers == 3);
    stage_play(s, "uu");
    assert_int_equal(r->racers, 4);
    assert_string_equal(r->name[1], "momentum");
    assert_true(r->setup[1].args.lr == lr && r->setup[1].args.momentum == .9);
    for (int i = 0; i < 40; i++)
        stage_play(s, i % 2 ? ":start 1,1<Enter>" : ":start 2,2<Enter>");
    for (int i = 0; i < 40; i++)
        stage_play(s, "u"); /* as many as are kept: the oldest kept was before :start 2,2 */
    assert_true(r->start[0] == 1 && r->undo.at == 0);
    for (int i = 0; i < 40; i++)
        stage_play(s, "<C-r>");
    assert_true(r->start[0] == 1 && r->undo.at == RACE_UNDOS);
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
}

/* At 80×24 the race's own numbers have no room beside four racers: the footer answers. */
static void what_has_no_room_is_told(void **state)
{
    static const struct {
        const char *keys, *says;
    } row[] = {
        {":until loss <lt> .01<Enter>", "racers stop at loss < .01"}, {":until never<Enter>", "racers never stop"},
        {":noise .5<Enter>", "gradient noise 0.5"}, {"g", "gradient noise 1"}, {":pace 3<Enter>", "3 steps per frame"},
        {":start 1,1<Enter>", "start 1, 1"}, {":start 5,-9<Enter>", "start 5, -9: map widened"},
        {":start 9e30,1<Enter>", "far outside"},
    };
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        stage_play(s, row[i].keys);
        if (!strstr(s->app.model.ui.message, row[i].says))
            fail_msg("%s: \"%s\"", row[i].keys, s->app.model.ui.message);
        if (i == 6)
            assert_true(r->x.hi > 5 && r->x.lo < 0 && r->x.lo > -5 && r->y.lo < -9 && r->y.hi >= 2);
    }
}

static void commands_lead_to_the_race(void **state)
{
    struct stage *s = *state;
    const struct race_model *r = race_of(&s->app.model);

    stage_play(s, "1:surface ros<Tab><Enter>");
    assert_int_equal(s->app.model.ui.view, view_index(&race_view));
    assert_string_equal(r->surface->name, "rosenbrock");
    stage_play(s, ":surface 'x^2 +'<Enter>");
    assert_true(s->app.model.ui.warning);
    assert_non_null(strstr(s->app.model.ui.message, "character 6"));
    assert_string_equal(r->surface->name, "rosenbrock");
    stage_play(s, "<Esc>:surface x^2 + 3*y^2<Enter>:start 1,1<Enter>:until loss<lt>.1<Enter>N");
    assert_string_equal(r->surface->formula, "x^2 + 3*y^2");
    assert_string_equal(race_model_state(r, 1), "arrived");
    stage_play(s, "s");
    assert_string_equal(r->surface->name, surface_at(0)->name);
    stage_play(s, "S");
    assert_null(surface_at(18));
    assert_string_equal(r->surface->name, surface_at(17)->name);
    stage_play(s, "<Esc>");
    assert_int_equal(s->app.model.ui.view, view_index(&train_view));
}

/* Whatever is pressed, clicked and typed, in any order, the race stands and can be drawn. */
static void any_keys_can_come(void **state)
{
    static const uint32_t hands[] = {INPUT_UP, INPUT_DOWN, INPUT_LEFT, INPUT_RIGHT, INPUT_ENTER, INPUT_TAB, INPUT_BACK_TAB,
                                     INPUT_DELETE, INPUT_PRESS, INPUT_WHEEL_UP, INPUT_WHEEL_DOWN, INPUT_SHIFT_LEFT,
                                     INPUT_SHIFT_RIGHT};
    static const char letters[] = " nNrsSoOidgG><+-[]{}acLz=hjkluU";
    static const char *const lines[] = {":surface exp(x*y) - 1/x<Enter>", ":surface log(x)*y<Enter>",
                                        ":start 9e9,-9e9<Enter>", ":racer lbfgs:lr=5<Enter>",
                                        ":racer add rprop:lr=1<Enter>", ":rate 1e6<Enter>", ":noise 1e5<Enter>",
                                        ":until x<Esc>", ":until gradient>3<Enter>", ":surface rastrigin<Enter>"};
    struct stage *s = *state;
    unsigned random = 20211008;
    struct canvas c;

    assert_int_equal(canvas_init(&c, 100, 30, CHARSET_BRAILLE), 0);
    app_resize(&s->app, c.w, c.h);
    for (int i = 0; i < 2000; i++) {
        struct event event = {.x = (int)(random % 100), .y = (int)(random / 100 % 30)};
        random = random * 1664525 + 1013904223;
        switch (random >> 29) {
        case 0:
            stage_play(s, s->app.model.ui.mode == MODE_NORMAL ? "" : "<Esc>");
            stage_play(s, lines[(random >> 8) % (sizeof lines / sizeof *lines)]);
            break;
        case 1:
        case 2:
            event.key = hands[(random >> 8) % (sizeof hands / sizeof *hands)];
            app_handle(&s->app, &event);
            break;
        default:
            event.key = (unsigned char)letters[(random >> 8) % (sizeof letters - 1)];
            app_handle(&s->app, &event);
        }
        app_tick(&s->app);
        if (i % 20 == 0)
            app_draw(&s->app, &c);
    }
    stage_play(s, "<Esc><Esc>:surface chain<Enter>:noise 0<Enter>:start 1e-3,1e-3<Enter>N"); /* and goes on as ever */
    assert_int_equal(race_racer(race_of(&s->app.model)->race, 0)->steps, 83);
    canvas_free(&c);
}

/* Map and losses leave as pictures of their own, in which their parts are found. */
static void map_and_losses_are_pictures(void **state)
{
    static const struct {
        const char *keys, *file, *class;
    } row[] = {{"<wait 20 steps>:plot map.svg<Enter>", "map.svg", "path"},
               {"<S-Tab>:plot losses.svg<Enter>", "losses.svg", "series"}};
    struct stage *s = *state;
    char *home = temporary_folder();

    assert_int_equal(chdir(home), 0);
    for (size_t i = 0; i < 2; i++) {
        char *text;
        size_t size;
        struct err e;
        stage_play(s, row[i].keys);
        if (file_read(row[i].file, 1 << 22, &text, &size, &e))
            fail_msg("%s; %s", e.text, s->app.model.ui.message);
        markup_check(text);
        assert_int_equal(markup_count(text, "path", row[i].class) + markup_count(text, "g", row[i].class), 4);
        assert_int_equal(markup_count(text, "g", "axis"), 2);
        assert_int_equal(markup_count(text, "g", "legend"), 1);
        assert_true(markup_has(text, "data-name", "momentum"));
        free(text);
    }
    assert_int_equal(chdir("/"), 0);
    remove_folder(home);
}

/* Whoever leads. */
static void the_legend_keeps_its_order(void **state)
{
    struct stage *s = *state;
    int leaders = 0;

    for (int step = 0; step < 40; step++) {
        const struct race_model *r = race_of(&s->app.model);
        const char *at = "", *next;
        int before = r->leader;
        char words[DESCRIBE_SIZE];
        stage_play(s, "<wait 1 step>");
        leaders += r->leader != before;
        assert_int_equal(race_loss_pane.describe(&s->app.model, words), 1);
        for (int i = 0; i < r->racers; i++) {
            next = strstr(words, r->name[i]);
            assert_non_null(next);
            assert_true(i == 0 || next > at);
            at = next;
        }
    }
    assert_true(leaders > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_view_at_all_sizes, setup, stage_end),
        cmocka_unit_test(states_of_the_race),
        cmocka_unit_test_setup_teardown(every_panel_stays_inside, setup, stage_end),
        cmocka_unit_test(figures_of_racers_never_touch),
        cmocka_unit_test_setup_teardown(steps_are_counted, setup, stage_end),
        cmocka_unit_test_setup_teardown(racers_that_coincide_are_told_apart, setup, stage_end),
        cmocka_unit_test_setup_teardown(a_click_chooses_what_is_seen, setup, stage_end),
        cmocka_unit_test_setup_teardown(the_start_moves, setup, stage_end),
        cmocka_unit_test_setup_teardown(the_wheel_zooms_where_it_points, setup, stage_end),
        cmocka_unit_test_setup_teardown(racers_are_turned_and_exchanged, setup, stage_end),
        cmocka_unit_test_setup_teardown(edits_are_taken_back, setup, stage_end),
        cmocka_unit_test_setup_teardown(what_has_no_room_is_told, setup, stage_end),
        cmocka_unit_test_setup_teardown(commands_lead_to_the_race, setup, stage_end),
        cmocka_unit_test_setup_teardown(any_keys_can_come, setup, stage_end),
        cmocka_unit_test_setup_teardown(map_and_losses_are_pictures, setup, stage_end),
        cmocka_unit_test_setup_teardown(the_legend_keeps_its_order, setup, stage_end),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
