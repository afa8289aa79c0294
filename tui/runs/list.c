/* SPDX-License-Identifier: MIT */
/* The list of recorded runs. */
#include "runs/panes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "draw/number.h"
#include "draw/text.h"

enum { STEPS, BEST, WHEN, STATUS, NETWORK, COLUMNS, NAME_AT = 3, NAME_LEAST = 10, NAME_MOST = 24, GAP = 2 };

static const struct {
    const char *head;
    int width;     /* NETWORK: at least */
    int from;      /* shown in panes as wide as this */
    enum store_column sort;
} columns[COLUMNS] = {
    [STEPS] = {"steps", 9, 30, STORE_BY_STEPS},   [BEST] = {"best", 5, 0, STORE_BY_BEST},
    [WHEN] = {"when", 16, 60, STORE_BY_WHEN},     [STATUS] = {"status", 11, 46, STORE_COLUMNS},
    [NETWORK] = {"network", 12, 76, STORE_BY_NETWORK},
};

void runs_moment(double when, char out[32])
{
    time_t seconds = (time_t)when;
    struct tm local;

    if (!(when > 0) || !localtime_r(&seconds, &local) || strftime(out, 32, "%Y-%m-%d %H:%M", &local) == 0)
        strcpy(out, "");
}

void runs_words(const struct store_run *run, char out[RUNS_LINE])
{
    char steps[NUMBER_SIZE], best[NUMBER_SIZE], when[32];

    number_count(steps, sizeof steps, (uint64_t)run->steps);
    number_share(best, sizeof best, run->best_accuracy);
    runs_moment(run->started, when);
    snprintf(out, RUNS_LINE, "%s%s  %s steps  best %s  %s  %s", run->name, run->marked ? " *" : "", steps, best, when, run->status);
}

static void cell_text(const struct store_run *run, int column, char *out, size_t size)
{
    if (column == STEPS)
        number_count(out, size, (uint64_t)run->steps);
    else if (column == BEST)
        number_share(out, size, run->best_accuracy);
    else if (column == WHEN)
        runs_moment(run->started, out);
    else
        snprintf(out, size, "%.60s", column == STATUS ? run->status : run->network);
}

static int name_width(const struct recorded *r, int room)
{
    int width = NAME_LEAST, most = room / 3 > NAME_LEAST ? room / 3 : NAME_LEAST;

    for (size_t i = 0; i < r->runs; i++)
        width = text_width(r->run[i].name) > width ? text_width(r->run[i].name) : width;
    most = most < NAME_MOST ? most : NAME_MOST;
    return width < most ? width : most;
}

/* One row, or the heads where run is NULL. */
static void draw_columns(struct canvas *c, int x, int y, const struct store_run *run, const struct recorded *r)
{
    char text[96];

    for (int k = 0; k < COLUMNS; k++) {
        int width = k == NETWORK ? c->w - x - GAP : columns[k].width, right = k == STEPS || k == BEST;
        if (c->w < columns[k].from || x + GAP + width > c->w || width < columns[k].width)
            continue;
        x += GAP;
        if (run)
            cell_text(run, k, text, sizeof text);
        else
            snprintf(text, sizeof text, "%s%s", columns[k].head, columns[k].sort == r->sort ? r->reverse ? " ▴" : " ▾" : "");
        if (right)
            canvas_text_right(c, x + width, y, run ? k == BEST ? STYLE_STRONG : STYLE_TEXT : STYLE_QUIET, text);
        else
            canvas_cut(c, x, y, width, STYLE_QUIET, text);
        x += width;
    }
}

static void draw_row(const struct model *m, struct canvas *c, int y, const struct store_run *run, int name)
{
    const struct recorded *r = recorded_of(m);
    const struct recorded_curve *curve = recorded_curve(r, run->id);
    int chosen = run->id == r->chosen, focus = pane_has_focus(m, &runs_list_pane);

    if (chosen)
        canvas_put(c, 0, y, focus ? STYLE_FOCUS : STYLE_QUIET, 0x25b8);
    if (run->marked || chosen)
        canvas_put(c, 1, y, curve ? recorded_style(r, curve) : STYLE_QUIET, run->marked ? 0x25cf : 0x25cb);
    canvas_cut(c, NAME_AT, y, name, chosen && focus ? STYLE_CHOSEN : STYLE_TEXT, run->name);
    draw_columns(c, NAME_AT + name, y, run, r);
}

/* In the last rows: the settings in which the marked runs and the selected one differ, and the note of the selected one. */
static void draw_notes(const struct recorded *r, struct canvas *c)
{
    const struct store_run *chosen = recorded_chosen(r);
    char line[RECORDED_DIFFERS + 8];
    int y = c->h;

    if (chosen && chosen->note[0]) {
        snprintf(line, sizeof line, "note: %s", chosen->note);
        canvas_cut(c, NAME_AT, --y, c->w - NAME_AT, STYLE_QUIET, line);
    }
    if (!r->differs[0])
        return;
    canvas_put(c, 1, --y, STYLE_EDIT, 0x2260);
    canvas_cut(c, NAME_AT, y, c->w - NAME_AT, STYLE_TEXT, r->differs);
}

static int noted(const struct recorded *r)
{
    const struct store_run *chosen = recorded_chosen(r);

    return (chosen && chosen->note[0]) + (r->differs[0] != 0);
}

static int seen(const struct model *m, int h)
{
    int rows = h - 1 - noted(recorded_of(m));

    return rows > 0 ? rows : 0;
}

static void draw_rows(const struct model *m, struct canvas *inside)
{
    const struct recorded *r = recorded_of(m);
    int rows = seen(m, inside->h), place = recorded_place(m), top = place >= rows ? place - rows + 1 : 0, at = 0;
    int name = name_width(r, inside->w);

    canvas_cut(inside, NAME_AT, 0, name, STYLE_QUIET, r->sort == STORE_BY_NAME ? r->reverse ? "name ▴" : "name ▾" : "name");
    draw_columns(inside, NAME_AT + name, 0, NULL, r);
    for (size_t i = 0; i < r->runs && at < top + rows; i++) {
        if (!recorded_shows(m, &r->run[i]))
            continue;
        if (at >= top)
            draw_row(m, inside, 1 + at - top, &r->run[i], name);
        at++;
    }
    draw_notes(r, inside);
}

static void draw(const struct model *m, struct canvas *c)
{
    const struct recorded *r = recorded_of(m);
    const char *filter = m->ui.filter[FILTER_RUNS];
    char note[FILTER_SIZE + 48], count[NUMBER_SIZE];
    struct canvas inside;

    number_count(count, sizeof count, (uint64_t)recorded_shown(m));
    if (*filter)
        snprintf(note, sizeof note, "/%s: %s of %zu", filter, count, r->runs);
    else
        snprintf(note, sizeof note, "%s", count);
    inside = pane_frame(m, c, &runs_list_pane, (const char *const[]){note, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (*r->problem.text)
        canvas_wrap(&inside, 1, inside.h / 2, inside.h - inside.h / 2, STYLE_WARNING, r->problem.text);
    else if (r->runs == 0)
        pane_hint(&inside, "no run is recorded yet");
    else
        draw_rows(m, &inside);
}

static int rows(const struct model *m)
{
    return recorded_shown(m);
}

static const struct pane_list list = {.filter = FILTER_RUNS, .rows = rows, .seen = seen, .scroll = runs_select};

const struct pane runs_list_pane = {
    .name = "runs", .help = "recorded runs: steps, best accuracy, when",
    .keys = PANE_KEYS(&runs_list_keys), .list = &list, .draw = draw};
