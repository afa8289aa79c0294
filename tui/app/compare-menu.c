/* SPDX-License-Identifier: MIT */
#include "app/compare-menu.h"

#include <stdio.h>
#include <string.h>

#include "app/actions.h"
#include "core/number.h"
#include "core/text.h"
#include "run/comparison.h"

static int free_places(const struct model *m)
{
    int n = TRAINER_RUNS;

    for (int i = 0; i < TRAINER_RUNS; i++)
        n -= m->runs->there >> i & 1;
    return n;
}

/* "7 hidden layers of …": words at the beginning that are the same in both. */
static void in_common(const char *a, const char *b, char *text, size_t size)
{
    size_t n = 0, words = 0;

    for (; a[n] && a[n] == b[n]; n++)
        if (a[n] == ' ')
            words = n + 1;
    if (a[n] == b[n])
        text_copy(text, size, a);
    else
        snprintf(text, size, "%.*s…", (int)words, a);
}

/* What they are called. Where that depends on the shape of the data, which only the trainer knows, as far as it does not. */
static void name_runs(const struct app *a, const struct comparison *c, const char label[][COMPARISON_LABEL],
                      struct compare_row *row)
{
    static struct knobs made[COMPARISON_RUNS]; /* large */
    const struct shape other = {1, 741};
    char again[COMPARISON_RUNS][COMPARISON_LABEL] = {""};
    struct err e;
    int count;

    row->text[0] = '\0';
    if (comparison_make(c, &a->model.knobs, other, made, &count, again, &e))
        return;
    for (int i = 0; i < row->runs; i++) {
        char common[COMPARISON_LABEL + sizeof "…"];
        in_common(label[i], again[i], common, sizeof common);
        snprintf(row->text + strlen(row->text), sizeof row->text - strlen(row->text), "%s%s", i ? " · " : "", common);
    }
}

/* What it would begin, "batch 64 · batch 4,096", or why it cannot. */
static void examine(const struct app *a, const struct comparison *c, struct compare_row *row)
{
    static struct knobs made[COMPARISON_RUNS];
    const struct shape in = {1, 39};
    char label[COMPARISON_RUNS][COMPARISON_LABEL] = {""}, drop[16] = "";
    struct err e = {0};
    int count = 0, places = free_places(&a->model);

    key_of("run-drop", a->charset, drop, sizeof drop);
    *row = (struct compare_row){.of = c};
    if (comparison_make(c, &a->model.knobs, in, made, &count, label, &e)) {
        snprintf(row->text, sizeof row->text, "%.*s", COMPARE_TEXT - 1, e.text);
        return;
    }
    if (count > places) {
        snprintf(row->text, sizeof row->text, "it needs %d more run%s, and of %d at most %d %s free; %s drops one", count,
                 count > 1 ? "s" : "", TRAINER_RUNS, places, places == 1 ? "is" : "are", drop);
        return;
    }
    row->runs = count;
    for (int i = 0; i < row->runs; i++)
        row->from_scratch |= comparison_from_scratch(c, &a->model.knobs, &made[i]);
    name_runs(a, c, (const char (*)[COMPARISON_LABEL])label, row);
}

static unsigned open_menu(struct app *a, int cures)
{
    struct ui *ui = &a->model.ui;
    const struct comparison *c;

    if (!a->model.snapshot->version)
        return REACT_DRAW;
    if (ui->compare_cures != cures)
        ui->compare_chosen = 0;
    ui->compare_cures = cures;
    for (ui->compare_count = 0; ui->compare_count < COMPARE_MOST; ui->compare_count++) {
        c = cures ? comparison_cure_at(ui->compare_count) : comparison_at(ui->compare_count);
        if (!c)
            break;
        examine(a, c, &ui->compare[ui->compare_count]);
    }
    ui->compare_chosen = clamp(ui->compare_chosen, 0, ui->compare_count - 1);
    ui->mode = MODE_COMPARE;
    return REACT_DRAW;
}

unsigned action_compare_menu(struct app *a, int by)
{
    (void)by;
    return open_menu(a, 0);
}

unsigned action_cure_menu(struct app *a, int by)
{
    (void)by;
    return open_menu(a, 1);
}

unsigned action_compare_select(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;

    ui->compare_chosen = clamp(ui->compare_chosen + by, 0, ui->compare_count - 1);
    return REACT_DRAW;
}

unsigned action_compare(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    int i = by > 0 ? by - 1 : ui->compare_chosen;

    if (i >= ui->compare_count)
        return REACT_DRAW;
    ui->compare_chosen = i;
    if (!ui->compare[i].runs)
        return REACT_DRAW;
    ui->mode = MODE_NORMAL;
    if (app_send_text(a, COMMAND_COMPARE, ui->compare[i].of->name))
        app_say(a, 0, "comparing %s", ui->compare[i].of->title);
    return REACT_DRAW;
}

/* A click selects, on the selected one it begins; beside the list it is left. */
unsigned action_compare_here(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    int at = compare_menu_at(ui, a->w, a->h - 2, a->mouse_x, a->mouse_y - 1);

    (void)by;
    if (at < 0)
        ui->mode = MODE_NORMAL;
    else if (at == ui->compare_chosen)
        return action_compare(a, 0);
    else
        ui->compare_chosen = at;
    return REACT_DRAW;
}

unsigned action_compare_with(struct app *a, const char *name)
{
    const struct comparison *c = comparison_find(name);
    struct compare_row row;

    if (!a->model.snapshot->version || !c)
        return REACT_DRAW;
    examine(a, c, &row);
    if (!row.runs)
        app_say(a, 1, "%s: %s", c->title, row.text);
    else if (app_send_text(a, COMMAND_COMPARE, c->name))
        app_say(a, 0, "comparing %s", c->title);
    return REACT_DRAW;
}

/* ---- drawing ------------------------------------------------------------------------------------- */

enum { WIDTH = 74, DETAIL = 4, NUMBER_AT = 3, TITLE_AT = 6, WHAT_AT = 34 };

static void draw_row(const struct model *m, struct canvas *c, int y, int i)
{
    const struct compare_row *row = &m->ui.compare[i];
    int chosen = i == m->ui.compare_chosen;
    enum style s = !row->runs ? STYLE_QUIET : chosen ? STYLE_CHOSEN : STYLE_TEXT;

    if (chosen)
        canvas_put(c, 1, y, STYLE_FOCUS, 0x25b8);
    canvas_format(c, NUMBER_AT, y, row->runs ? STYLE_KEY : STYLE_QUIET, "%d", i + 1);
    canvas_cut(c, TITLE_AT, y, c->w - TITLE_AT, s, row->of->title);
    if (c->w > WHAT_AT + 20)
        canvas_cut(c, WHAT_AT, y, c->w - WHAT_AT - 1, STYLE_QUIET, row->runs ? row->text : "not now");
}

/* What the selected one does, and what it begins, or why it cannot. */
static void draw_detail(const struct model *m, struct canvas *c)
{
    const struct compare_row *row = &m->ui.compare[m->ui.compare_chosen];
    char text[COMPARE_TEXT + 200];
    int y;

    if (c->h < 1)
        return;
    if (!row->runs) {
        canvas_wrap(c, NUMBER_AT, 0, c->h, STYLE_WARNING, row->text);
        return;
    }
    y = canvas_wrap(c, NUMBER_AT, 0, c->h, STYLE_TEXT, row->of->help);
    snprintf(text, sizeof text, "begins %s%s", row->runs > 2 ? "three runs" : row->runs > 1 ? "two runs" : "one run",
             row->from_scratch ? " from step 0" : " from this step, with these weights");
    if (y < c->h)
        canvas_cut(c, NUMBER_AT, y, c->w - NUMBER_AT - 1, STYLE_QUIET, text);
}

/* The list's box in an area of this size, the rows that show comparisons, and the first of these. */
struct menu {
    struct rect box;
    int rows, top;
};

static struct menu menu_of(const struct ui *ui, int w, int h)
{
    int wide = w < WIDTH ? w : WIDTH, high = ui->compare_count + DETAIL + 2, inside;
    struct menu menu;

    high = high < h ? high : h;
    inside = high - 2;
    menu.box = (struct rect){(w - wide) / 2, (h - high) / 2, wide, high};
    menu.rows = inside - DETAIL > 1 ? inside - DETAIL : inside;
    menu.top = clamp(ui->compare_chosen - menu.rows / 2, 0, ui->compare_count > menu.rows ? ui->compare_count - menu.rows : 0);
    return menu;
}

int compare_menu_at(const struct ui *ui, int w, int h, int x, int y)
{
    struct menu menu = menu_of(ui, w, h);
    int row = y - menu.box.y - 1;

    if (x <= menu.box.x || x >= menu.box.x + menu.box.w - 1 || row < 0 || row >= menu.rows || menu.top + row >= ui->compare_count)
        return -1;
    return menu.top + row;
}

void compare_menu_draw(const struct model *m, struct canvas *c)
{
    const struct ui *ui = &m->ui;
    struct menu menu = menu_of(ui, c->w, c->h);
    int rows = menu.rows, top = menu.top;
    char note[40];
    struct canvas box, inside, part;

    box = canvas_part(c, menu.box);
    canvas_clear(&box);
    snprintf(note, sizeof note, "beside run %c", 'A' + m->snapshot->run);
    inside = canvas_frame(&box, 1, ui->compare_cures ? "tests and cures" : "compare", note);
    for (int y = 0; y < rows && top + y < ui->compare_count; y++)
        draw_row(m, &inside, y, top + y);
    part = canvas_part(&inside, (struct rect){0, rows + 1, inside.w, inside.h - rows - 1});
    draw_detail(m, &part);
}
