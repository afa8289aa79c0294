#include "app/keymap.h"

#include <stdio.h>
#include <string.h>

#include "app/actions.h"
#include "trainer/published.h"
#include "app/prompt.h"
#include "app/script.h"
#include "term/keys.h"
#include "draw/text.h"

/* Their keys are changed by the user's settings before anything is drawn, and never after. */
static struct key_row rows[] = {
    {INPUT_UP, 'k', WHERE_KNOBS, "knob-previous", "choose", "choose the knob above", action_choose, -1},
    {INPUT_DOWN, 'j', WHERE_KNOBS, "knob-next", "choose", "choose the knob below", action_choose, 1},
    {INPUT_LEFT, 'h', WHERE_KNOBS, "knob-down", "turn", "turn the knob one step down", action_turn, -1},
    {INPUT_RIGHT, 'l', WHERE_KNOBS, "knob-up", "turn", "turn the knob one step up", action_turn, 1},
    {INPUT_ENTER, '=', WHERE_KNOBS, "knob-type", "type", "type a value for the knob", action_type, 0},
    {'+', 0, WHERE_KNOBS, "knob-fine-up", NULL, "turn the knob a little up", action_fine, 1},
    {'-', 0, WHERE_KNOBS, "knob-fine-down", NULL, "turn the knob a little down", action_fine, -1},
    {'a', 0, WHERE_KNOBS, "knob-all", NULL, "show also the knobs nothing chosen reads, or hide them", action_all_knobs, 0},
    {INPUT_PRESS, 0, WHERE_KNOBS, "knob-here", NULL, "choose the knob of this row", action_point, 0},
    {INPUT_WHEEL_UP, 0, WHERE_KNOBS, "knob-wheel-up", NULL, "the knob above; after a click on one turns that up", action_wheel, 1},
    {INPUT_WHEEL_DOWN, 0, WHERE_KNOBS, "knob-wheel-down", NULL, "the knob below; after a click turns that down", action_wheel, -1},

    {'p', 0, WHERE_RUN | WHERE_CURVATURE, "probe", "probe", "look at the curvature here; while it looks: stop", action_probe, 0},
    {'P', 0, WHERE_RUN | WHERE_CURVATURE, "probe-all", "probe", "the same with density, layers and Gauss-Newton matrix", action_probe,
     CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON},
    {'e', 0, WHERE_CURVATURE, "escape", "escape", "step along the lowest eigenvector while the loss falls", action_escape, 0},
    {'E', 0, WHERE_CURVATURE, "escape-by", "escape", "the same by a length to be typed", action_escape_by, 0},
    {'i', 0, WHERE_CURVATURE, "series", "series", "a small probe every so many steps, or none", action_series, 0},

    {INPUT_LEFT, 'h', WHERE_PLOT, "cross-left", "read", "move the cross-hair left; the frame tells the values", action_cross, -1},
    {INPUT_RIGHT, 'l', WHERE_PLOT, "cross-right", "read", "move the cross-hair right", action_cross, 1},
    {'+', INPUT_WHEEL_UP, WHERE_PLOT, "zoom-in", "zoom", "half of what is shown, about the cross-hair", action_zoom, 1},
    {'-', INPUT_WHEEL_DOWN, WHERE_PLOT, "zoom-out", "zoom", "show twice as much of the run", action_zoom, -1},
    {'[', INPUT_SHIFT_LEFT, WHERE_PLOT | WHERE_LATER, "pan-left", "pan", "to earlier steps, by a quarter of what is shown", action_pan, 1},
    {']', INPUT_SHIFT_RIGHT, WHERE_PLOT | WHERE_LATER, "pan-right", "pan", "to later steps", action_pan, -1},
    {'a', 0, WHERE_PLOT, "zoom-all", NULL, "show all of the run", action_zoom_all, 0},
    {INPUT_PRESS, 0, WHERE_PLOT, "cross-here", NULL, "move the cross-hair here", action_point, 0},
    {'L', 0, WHERE_LOG_Y | WHERE_LATER, "log-y", "log y", "logarithmic or linear axis", action_log_y, 0},

    {INPUT_UP, 'k', WHERE_LANDSCAPE_LIST, "slice-previous", "choose", "choose the row above", action_slice_choose, -1},
    {INPUT_DOWN, 'j', WHERE_LANDSCAPE_LIST, "slice-next", "choose", "choose the row below", action_slice_choose, 1},
    {INPUT_LEFT, 'h', WHERE_LANDSCAPE_LIST, "slice-down", "turn", "turn it down, or to the one before; draws", action_slice_turn, -1},
    {INPUT_RIGHT, 'l', WHERE_LANDSCAPE_LIST, "slice-up", "turn", "turn it up, or to the next; draws", action_slice_turn, 1},
    {INPUT_ENTER, '=', WHERE_LANDSCAPE, "landscape", "draw", "draw the landscape at the weights as they are now", action_landscape, 0},
    {'d', 0, WHERE_LANDSCAPE, "landscape-directions", "directions", "the next directions; a line by the command landscape", action_landscape_directions, 1},
    {'f', 0, WHERE_LANDSCAPE | WHERE_LATER, "landscape-follow", "follow", "draw it again and again while the run goes on", action_landscape_follow, 0},
    {'+', INPUT_WHEEL_UP, WHERE_LANDSCAPE | WHERE_LATER, "landscape-nearer", "zoom", "half as far along each axis", action_landscape_zoom, 1},
    {'-', INPUT_WHEEL_DOWN, WHERE_LANDSCAPE | WHERE_LATER, "landscape-farther", "zoom", "twice as far", action_landscape_zoom, -1},
    {'x', 0, WHERE_LANDSCAPE | WHERE_LATER, "landscape-axes", "axes", "one axis, a curve, or two, a map", action_landscape_axes, 0},
    {INPUT_LEFT, 'h', WHERE_LANDSCAPE_MAP, "landscape-left", "read", "move the cross-hair; the frame shows the loss there", action_landscape_cross, -1},
    {INPUT_RIGHT, 'l', WHERE_LANDSCAPE_MAP, "landscape-right", "read", "the same, to the right", action_landscape_cross, 1},
    {INPUT_UP, 'k', WHERE_LANDSCAPE_MAP, "landscape-up", "read", "the same, up the second axis", action_landscape_cross, 2},
    {INPUT_DOWN, 'j', WHERE_LANDSCAPE_MAP, "landscape-down", "read", "the same, down", action_landscape_cross, -2},
    {INPUT_PRESS, 0, WHERE_LANDSCAPE, "landscape-here", NULL, "read here, or choose this row", action_landscape_point, 0},
    {'L', 0, WHERE_LANDSCAPE | WHERE_LATER, "landscape-log", "log", "heights linear or logarithmic", action_landscape_log, 0},
    {'a', 0, WHERE_LANDSCAPE, "landscape-all", NULL, "as far as the loss may be expected to double", action_landscape_whole, 0},
    {'s', 0, WHERE_LANDSCAPE, "landscape-seed", NULL, "other random directions", action_landscape_seed, 1},
    {'D', 0, WHERE_LANDSCAPE, "landscape-directions-back", NULL, "the directions before", action_landscape_directions, -1},

    {INPUT_UP, 'k', WHERE_LOG, "log-up", "scroll", "to newer entries", action_scroll, -1},
    {INPUT_DOWN, 'j', WHERE_LOG, "log-down", "scroll", "to older entries", action_scroll, 1},

    {'/', 0, WHERE_LIST | WHERE_HELP | WHERE_LATER, "filter", "filter", "show only what holds a word", action_filter, 0},

    {INPUT_UP, 'k', WHERE_RACE_MAP, "start-up", "start", "move the start up, and everyone back to it", action_race_up, 1},
    {INPUT_DOWN, 'j', WHERE_RACE_MAP, "start-down", "start", "move the start down", action_race_up, -1},
    {INPUT_LEFT, 'h', WHERE_RACE_MAP, "start-left", "start", "move the start left", action_race_right, -1},
    {INPUT_RIGHT, 'l', WHERE_RACE_MAP, "start-right", "start", "move the start right", action_race_right, 1},
    {INPUT_ENTER, 0, WHERE_RACE_MAP | WHERE_LATER, "start-type", "type it", "type the start's coordinates", action_race_type_start, 0},
    {INPUT_PRESS, 0, WHERE_RACE_MAP, "start-here", NULL, "start here", action_race_point, 0},

    {INPUT_UP, 'k', WHERE_RACERS, "racer-previous", "choose", "choose the racer above", action_racer_choose, -1},
    {INPUT_DOWN, 'j', WHERE_RACERS, "racer-next", "choose", "choose the racer below", action_racer_choose, 1},
    {INPUT_LEFT, 'h', WHERE_RACERS, "racer-slower", "turn", "turn the racer's learning rate down", action_racer_turn, -1},
    {INPUT_RIGHT, 'l', WHERE_RACERS, "racer-faster", "turn", "turn the racer's learning rate up", action_racer_turn, 1},
    {INPUT_ENTER, '=', WHERE_RACERS, "racer-type", "type", "type the racer's learning rate", action_racer_type, 0},
    {'+', INPUT_WHEEL_UP, WHERE_RACERS, "racer-fine-up", NULL, "turn it a little up", action_racer_fine, 1},
    {'-', INPUT_WHEEL_DOWN, WHERE_RACERS, "racer-fine-down", NULL, "turn it a little down", action_racer_fine, -1},
    {INPUT_PRESS, 0, WHERE_RACERS, "racer-here", NULL, "choose the racer of this row", action_race_point, 0},

    {' ', 0, WHERE_RACE, "race-run", "race", "let them race, or pause", action_race_run, 0},
    {'n', 0, WHERE_RACE, "race-step", "step", "one step of everyone, then pause", action_race_step, 1},
    {'N', 0, WHERE_RACE, "race-steps", NULL, "100 steps of everyone, then pause", action_race_step, 100},
    {'r', 0, WHERE_RACE | WHERE_LATER, "race-restart", "again", "everyone back to the start", action_race_restart, 0},
    {'>', 0, WHERE_RACE, "race-faster", NULL, "twice as many steps a frame", action_race_pace, 1},
    {'<', 0, WHERE_RACE, "race-slower", NULL, "half as many", action_race_pace, -1},
    {'g', 0, WHERE_RACE, "race-noise", NULL, "more noise on everyone's gradients", action_race_noise, 1},
    {'G', 0, WHERE_RACE, "race-less-noise", NULL, "less noise", action_race_noise, -1},
    {'s', 0, WHERE_RACE | WHERE_LATER, "race-surface", "surface", "the next surface", action_race_surface, 1},
    {'S', 0, WHERE_RACE, "race-surface-back", NULL, "the surface before", action_race_surface, -1},

    {'o', 0, WHERE_RACERS | WHERE_LATER, "racer-optimizer", "optimizer", "the next optimizer for the racer", action_racer_optimizer, 1},
    {'O', 0, WHERE_RACERS, "racer-optimizer-back", NULL, "the optimizer before", action_racer_optimizer, -1},
    {'i', 0, WHERE_RACERS | WHERE_LATER, "racer-add", "add", "one racer more: type its optimizer", action_racer_add, 0},
    {'d', INPUT_DELETE, WHERE_RACERS | WHERE_LATER, "racer-remove", "drop", "take the racer out", action_racer_remove, 0},

    {'+', 0, WHERE_RACE_MAP | WHERE_LATER, "map-in", "zoom", "see half as much of the surface, nearer", action_race_zoom, 1},
    {'-', 0, WHERE_RACE_MAP | WHERE_LATER, "map-out", "zoom", "see twice as much", action_race_zoom, -1},
    {INPUT_WHEEL_UP, 0, WHERE_RACE_MAP, "map-wheel-in", NULL, "nearer, about the place that is pointed at", action_race_zoom_here, 1},
    {INPUT_WHEEL_DOWN, 0, WHERE_RACE_MAP, "map-wheel-out", NULL, "twice as much, about that place", action_race_zoom_here, -1},
    {'[', INPUT_SHIFT_LEFT, WHERE_RACE_MAP, "map-left", NULL, "look further left", action_race_pan, -1},
    {']', INPUT_SHIFT_RIGHT, WHERE_RACE_MAP, "map-right", NULL, "look further right", action_race_pan, 1},
    {'{', 0, WHERE_RACE_MAP, "map-down", NULL, "look further down", action_race_pan_up, -1},
    {'}', 0, WHERE_RACE_MAP, "map-up", NULL, "look further up", action_race_pan_up, 1},
    {'a', 0, WHERE_RACE_MAP, "map-all", NULL, "all of the surface's window", action_race_whole, 0},
    {'c', 0, WHERE_RACE_MAP, "map-centre", NULL, "who arrived first, or is lowest, in the middle", action_race_centre, 0},
    {'L', 0, WHERE_RACE_MAP, "map-levels", NULL, "heights on logarithmic or even levels", action_race_levels, 0},

    {' ', 0, WHERE_RUN, "pause", "pause", "pause, or go on", action_toggle, 0},
    {'1', 0, WHERE_EVERY, "view-train", "view", "training: curves and knobs", action_view, VIEW_TRAIN},
    {'2', 0, WHERE_EVERY, "view-curvature", "view", "curvature: spectrum, verdict, escape", action_view, VIEW_CURVATURE},
    {'3', 0, WHERE_EVERY, "view-landscape", "view", "landscape: the loss around the weights", action_view, VIEW_LANDSCAPE},
    {'4', 0, WHERE_EVERY, "view-race", "view", "race: optimizers on surfaces that can be seen whole", action_view, VIEW_RACE},
    {'n', 0, WHERE_RUN, "step", "step", "one step, then pause", action_step, 1},
    {'N', 0, WHERE_RUN, "steps", NULL, "100 steps, then pause", action_step, 100},
    {INPUT_TAB, 0, WHERE_EVERY, "pane-next", "pane", "focus the next pane", action_focus, 1},
    {INPUT_BACK_TAB, 0, WHERE_EVERY, "pane-previous", NULL, "focus the previous pane", action_focus, -1},
    {'u', 0, WHERE_EVERY | WHERE_LATER, "undo", "undo", "take the last edit back", action_undo, 1},
    {'U', 'R' - '@', WHERE_EVERY, "redo", NULL, "make it again", action_undo, -1},
    {'r', 0, WHERE_RUN, "restart", NULL, "begin again with the same seed; asks", action_restart, 0},
    {'R', 0, WHERE_RUN, "restart-next", NULL, "begin again with the next seed; asks", action_restart, 1},
    {':', 0, WHERE_EVERY | WHERE_ALWAYS, "command", "command", "type a command, or a knob and its value", action_command, 0},
    {'?', INPUT_F1, WHERE_EVERY | WHERE_ALWAYS, "help", "help", "every key and command", action_help, 0},
    {'q', 0, WHERE_EVERY | WHERE_ALWAYS, "quit", "quit", "leave; asks while something runs", action_quit, 0},
    {'z', 0, WHERE_EVERY | WHERE_LATER, "maximise", "large", "the focused pane on the whole screen, or back", action_maximise, 0},
    {INPUT_REPAINT, 0, WHERE_EVERY, "repaint", NULL, "draw the whole screen afresh", action_repaint, 0},
    {INPUT_ESCAPE, 0, WHERE_EVERY, "back", NULL, "back: filter, cross-hair, large pane, zoom, pane, view", action_back, 0},

    {INPUT_ENTER, 0, WHERE_FILTER, "filter-keep", "keep", "keep the list narrowed", action_filter_end, 1},
    {INPUT_ESCAPE, 0, WHERE_FILTER, "filter-leave", "all", "show all again", action_filter_end, 0},
    {INPUT_ENTER, 0, WHERE_TYPING, "value-set", "set", "take the value", action_accept, 0},
    {INPUT_ENTER, 0, WHERE_COMMAND, "command-run", "run", "do it", action_run, 0},
    {INPUT_TAB, 0, WHERE_COMMAND, "command-complete", "complete", "complete the word", action_complete, 0},
    {INPUT_UP, 0, WHERE_COMMAND, "command-earlier", NULL, "the line before, again", action_recall, 1},
    {INPUT_DOWN, 0, WHERE_COMMAND, "command-later", NULL, "the line after it", action_recall, -1},
    {INPUT_TAB, 0, WHERE_TYPING, "value-complete", NULL, "complete the word", action_complete, 0},
    {INPUT_ESCAPE, 0, WHERE_TYPING | WHERE_COMMAND, "input-leave", "back", "leave it as it was", action_leave, 0},
    {INPUT_LEFT, 0, WHERE_LINE, "input-left", NULL, "the cursor a character left", action_caret, PROMPT_LEFT},
    {INPUT_RIGHT, 0, WHERE_LINE, "input-right", NULL, "the cursor a character right", action_caret, PROMPT_RIGHT},
    {INPUT_HOME, 'A' - '@', WHERE_LINE, "input-begin", NULL, "the cursor to the beginning of the line", action_caret, PROMPT_BEGIN},
    {INPUT_END, 'E' - '@', WHERE_LINE, "input-end", NULL, "the cursor to its end", action_caret, PROMPT_END},
    {INPUT_BACKSPACE, 0, WHERE_LINE, "input-erase", NULL, "erase the character before the cursor", action_erase, PROMPT_LEFT},
    {INPUT_DELETE, 'D' - '@', WHERE_LINE, "input-delete", NULL, "erase the character under it", action_erase, PROMPT_RIGHT},
    {'W' - '@', 0, WHERE_LINE, "input-word", NULL, "erase the word before it", action_erase, PROMPT_WORD},
    {'U' - '@', 0, WHERE_LINE, "input-clear", NULL, "erase all before it", action_erase, PROMPT_BEGIN},
    {'K' - '@', 0, WHERE_LINE, "input-cut", NULL, "erase all from it on", action_erase, PROMPT_END},

    {INPUT_ESCAPE, '?', WHERE_HELP, "help-leave", "back", "close the help", action_leave, 0},
    {'q', INPUT_F1, WHERE_HELP, "help-close", NULL, "close the help", action_leave, 0},
    {INPUT_UP, 'k', WHERE_HELP, "help-up", "scroll", "scroll up", action_scroll, -1},
    {INPUT_DOWN, 'j', WHERE_HELP, "help-down", "scroll", "scroll down", action_scroll, 1},
    {INPUT_WHEEL_UP, 0, WHERE_LOG | WHERE_HELP, "list-wheel-up", NULL, "three rows up", action_scroll, -3},
    {INPUT_WHEEL_DOWN, 0, WHERE_LOG | WHERE_HELP, "list-wheel-down", NULL, "three rows down", action_scroll, 3},

    {INPUT_PAGE_DOWN, 0, WHERE_LIST | WHERE_HELP, "page-down", "page", "a page down", action_page, PAGE_WHOLE},
    {INPUT_PAGE_UP, 0, WHERE_LIST | WHERE_HELP, "page-up", NULL, "a page up", action_page, -PAGE_WHOLE},
    {'D' - '@', 0, WHERE_LIST | WHERE_HELP, "half-page-down", NULL, "half a page down", action_page, PAGE_HALF},
    {'U' - '@', 0, WHERE_LIST | WHERE_HELP, "half-page-up", NULL, "half a page up", action_page, -PAGE_HALF},
    {INPUT_HOME, 'g', WHERE_LIST | WHERE_HELP, "list-first", NULL, "to the beginning", action_page, -PAGE_ALL},
    {INPUT_END, 'G', WHERE_LIST | WHERE_HELP, "list-last", NULL, "to the end", action_page, PAGE_ALL},

    {'y', 0, WHERE_RESTART, "restart-yes", "restart", "begin again", action_restart_now, 0},
    {'n', INPUT_ESCAPE, WHERE_RESTART, "restart-no", "go on", "keep this run", action_leave, 0},

    {'y', 0, WHERE_QUIT, "quit-yes", "leave", "leave", action_quit_now, 0},
    {'n', INPUT_ESCAPE, WHERE_QUIT, "quit-no", "stay", "stay", action_leave, 0},
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct {
    int kept;
    uint32_t key[ROWS][2];
} standard;

static void keep_standard(void)
{
    for (int i = 0; i < ROWS && !standard.kept; i++)
        standard.key[i][0] = rows[i].key, standard.key[i][1] = rows[i].other;
    standard.kept = 1;
}

void keys_reset(void)
{
    for (int i = 0; i < ROWS && standard.kept; i++)
        rows[i].key = standard.key[i][0], rows[i].other = standard.key[i][1];
}

static int is_mouse(uint32_t key)
{
    return key == INPUT_PRESS || key == INPUT_WHEEL_UP || key == INPUT_WHEEL_DOWN;
}

uint32_t key_meant(uint32_t arrived)
{
    return arrived == '\n' ? INPUT_ENTER : arrived == 127 || arrived == 8 ? INPUT_BACKSPACE : arrived;
}

/* One key of an action, by its name; 0 or a negative error. */
static int read_key(const struct key_row *row, const char *name, uint32_t *key, struct err *e)
{
    *key = key_meant(script_key(name));
    if (!*key)
        return err_set(e, ERR_INPUT, "%s: there is no key \"%.30s\"; man saddle lists their names", row->name, name);
    if (term_keeps(*key))
        return err_set(e, ERR_INPUT, "%s: %.30s never arrives, the terminal %s by it", row->name, name,
                       term_keeps(*key));
    if ((row->where & WHERE_LINE) && *key >= ' ' && *key < INPUT_UP)
        return err_set(e, ERR_INPUT, "%s: a character acts where text is typed", row->name);
    return 0;
}

int keys_bind(const char *action, const char *keys, struct err *e)
{
    uint32_t key[2] = {0};
    char name[32];
    int row = 0, count = 0, used;

    while (row < ROWS && strcmp(rows[row].name, action) != 0)
        row++;
    if (row == ROWS)
        return err_set(e, ERR_INPUT, "there is no action \"%.40s\"; saddle info lists them", action);
    for (; sscanf(keys, " %31s%n", name, &used) == 1; keys += used, count++) {
        if (count == 2)
            return err_set(e, ERR_INPUT, "%s: no room for \"%.30s\": an action has two keys at most", action, name);
        if (read_key(&rows[row], name, &key[count], e) != 0)
            return -e->code;
    }
    if (!count)
        return err_set(e, ERR_INPUT, "%s: no key in \"%.30s\"", action, keys);
    keep_standard();
    if (is_mouse(standard.key[row][1]) && count == 1)
        key[1] = standard.key[row][1];
    rows[row].key = key[0];
    rows[row].other = key[1];
    return 0;
}

/* What acts together: a pane's keys and those that act everywhere, or a mode's. */
static const unsigned together[] = {
    WHERE_LANDSCAPE | WHERE_LANDSCAPE_MAP | WHERE_EVERY | WHERE_RUN,
    WHERE_LANDSCAPE | WHERE_LANDSCAPE_LIST | WHERE_EVERY | WHERE_RUN,
    WHERE_KNOBS | WHERE_LIST | WHERE_EVERY | WHERE_RUN, WHERE_PLOT | WHERE_LOG_Y | WHERE_CURVATURE | WHERE_EVERY | WHERE_RUN,
    WHERE_LOG | WHERE_LIST | WHERE_EVERY | WHERE_RUN, WHERE_RACE | WHERE_RACE_MAP | WHERE_EVERY,
    WHERE_RACE | WHERE_RACERS | WHERE_EVERY, WHERE_RACE | WHERE_LOG_Y | WHERE_EVERY,
    WHERE_TYPING, WHERE_COMMAND, WHERE_FILTER, WHERE_HELP, WHERE_RESTART, WHERE_QUIT,
};

static int meet(const struct key_row *a, const struct key_row *b)
{
    int same = a->key == b->key || a->key == b->other || (a->other && (a->other == b->key || a->other == b->other));

    for (size_t i = 0; same && i < sizeof together / sizeof *together; i++)
        if ((a->where & together[i]) && (b->where & together[i]))
            return 1;
    return 0;
}

int keys_conflict(const struct key_row **a, const struct key_row **b)
{
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < i; k++)
            if (meet(&rows[i], &rows[k])) {
                *a = &rows[k];
                *b = &rows[i];
                return 1;
            }
    return 0;
}

const struct key_row *key_row(int i)
{
    return i >= 0 && i < ROWS ? &rows[i] : NULL;
}

const struct key_row *key_find(uint32_t key, unsigned where)
{
    for (int i = 0; i < ROWS; i++)
        if ((rows[i].where & where) && (rows[i].key == key || (rows[i].other && rows[i].other == key)))
            return &rows[i];
    return NULL;
}

void key_label(uint32_t key, enum charset charset, char *out, size_t size)
{
    static const struct {
        uint32_t key;
        const char *label, *plain;
    } labels[] = {
        {INPUT_UP, "↑", "Up"},          {INPUT_DOWN, "↓", "Dn"},          {INPUT_LEFT, "←", "<-"},
        {INPUT_RIGHT, "→", "->"},       {INPUT_PAGE_UP, "PgUp", NULL},    {INPUT_PAGE_DOWN, "PgDn", NULL},
        {INPUT_ENTER, "⏎", "Enter"},    {INPUT_TAB, "Tab", NULL},         {INPUT_BACK_TAB, "Shift-Tab", NULL},
        {INPUT_ESCAPE, "Esc", NULL},    {INPUT_BACKSPACE, "Backspace", NULL}, {INPUT_DELETE, "Delete", NULL},
        {INPUT_WHEEL_UP, "wheel", NULL},  {INPUT_WHEEL_DOWN, "wheel", NULL},
        {' ', "space", NULL},          {INPUT_PRESS, "click", NULL},     {INPUT_SHIFT_LEFT, "Shift-←", "Shift-left"},
        {INPUT_SHIFT_RIGHT, "Shift-→", "Shift-right"}, {INPUT_HOME, "Home", NULL}, {INPUT_END, "End", NULL},
    };
    /* A console's font has arrows, but no return sign. */
    int plain = charset == CHARSET_ASCII || (charset == CHARSET_BLOCK && key == INPUT_ENTER);
    char text[4];

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (labels[i].key == key) {
            snprintf(out, size, "%s", plain && labels[i].plain ? labels[i].plain : labels[i].label);
            return;
        }
    if (key >= INPUT_F1 && key <= INPUT_F12)
        snprintf(out, size, "F%u", key - INPUT_F1 + 1);
    else if (key < ' ')
        snprintf(out, size, "Ctrl-%c", (char)(key + '@'));
    else
        snprintf(out, size, "%.*s", text_encode(key, text), text);
}

void key_of(const char *action, enum charset charset, char *out, size_t size)
{
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, action) == 0)
            key_label(rows[i].key, charset, out, size);
}

/* Those with a place of their own are asked for by it; what acts everywhere but belongs to some panes is
 * told there. */
static int in_footer(const struct key_row *row, unsigned where)
{
    if ((row->where & WHERE_CURVATURE) && !(where & WHERE_CURVATURE))
        return 0;
    if ((row->where & WHERE_ALWAYS) && !(where & WHERE_ALWAYS))
        return 0;
    return (row->where & where) && row->brief;
}

static int goes_on(int row, const char *brief)
{
    return row < ROWS && rows[row].brief && strcmp(rows[row].brief, brief) == 0;
}

/* Three characters or more in their order, as 1 2 3, are told as "1–3". */
static int is_sequence(int from, int to)
{
    for (int i = from + 1; i < to; i++)
        if (rows[i].key != rows[i - 1].key + 1 || rows[i].key >= 127)
            return 0;
    return to - from >= 3;
}

/* "↑↓", or "Up/Dn" where a label is longer than one character. */
static void join_labels(int from, int to, enum charset charset, char *out, size_t size)
{
    size_t used = 0;
    int wide = 0;

    for (int i = from; i < to && used + 2 < size; i++) {
        char label[16];
        int width;
        key_label(rows[i].key, charset, label, sizeof label);
        width = text_width(label);
        used += (size_t)snprintf(out + used, size - used, "%s%s", i > from && (wide > 1 || width > 1) ? "/" : "", label);
        wide = width;
    }
}

int keys_footer(int row, unsigned where, enum charset charset, struct key_hint *h)
{
    int first;

    while (row < ROWS && !in_footer(&rows[row], where))
        row++;
    if (row >= ROWS)
        return 0;
    h->brief = rows[row].brief;
    h->later = (rows[row].where & WHERE_LATER) != 0;
    for (first = row; goes_on(row, h->brief);)
        row++;
    if (is_sequence(first, row))
        snprintf(h->label, sizeof h->label, "%c–%c", (char)rows[first].key, (char)rows[row - 1].key);
    else
        join_labels(first, row, charset, h->label, sizeof h->label);
    return row;
}
