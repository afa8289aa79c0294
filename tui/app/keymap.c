/* SPDX-License-Identifier: MIT */
#include "app/view.h"

#include <stdio.h>
#include <string.h>

#include "app/actions.h"
#include "app/bindings.h"
#include "app/relief-keys.h"
#include "app/script.h"
#include "draw/text.h"
#include "term/keys.h"

enum { SETS_MOST = 96, REMAPPED_MOST = 256 };

/* ---- all sets ----------------------------------------------------------------------------------- */

/* The views' keys, made once from their descriptors. */
static const struct key_set *view_keys(void)
{
    static struct key_binding rows[VIEWS_MOST];
    static char names[VIEWS_MOST][32];
    static struct key_set set = {"everywhere", rows, 0};

    for (int i = set.count; views[i]; i = ++set.count) {
        snprintf(names[i], sizeof names[i], "view-%s", views[i]->name);
        rows[i] = (struct key_binding){views[i]->key, 0, 0, names[i], "view", views[i]->help, action_view_key, i};
    }
    return &set;
}

static int add_set(const struct key_set **set, int count, const struct key_set *s)
{
    for (int i = 0; i < count; i++)
        if (set[i] == s)
            return count;
    if (s && count < SETS_MOST)
        set[count++] = s;
    return count;
}

static int collect_sets(const struct key_set **set)
{
    int n = 0;

    for (int v = 0; views[v]; v++) {
        n = add_set(set, n, views[v]->bindings);
        for (const struct pane *const *p = views[v]->panes; *p; p++)
            for (const struct key_set *const *s = (*p)->keys; s && *s; s++)
                n = add_set(set, n, *s);
    }
    n = add_set(set, n, &relief_keys);
    n = add_set(set, n, &pause_keys);
    n = add_set(set, n, view_keys());
    for (const struct key_set *const *s = app_key_sets; *s; s++)
        n = add_set(set, n, *s);
    return n;
}

const struct key_set *key_set_at(int i)
{
    static const struct key_set *set[SETS_MOST];
    static int count;

    if (!count)
        count = collect_sets(set);
    return i >= 0 && i < count ? set[i] : NULL;
}

const struct key_binding *key_binding_at(int i)
{
    const struct key_set *s;

    for (int k = 0; (s = key_set_at(k)); k++) {
        if (i < s->count)
            return i < 0 ? NULL : &s->row[i];
        i -= s->count;
    }
    return NULL;
}

/* ---- the user's keys ------------------------------------------------------------------------------ */

/* Changed by the configuration before anything is drawn, and never after. */
static struct {
    const struct key_binding *row;
    uint32_t key[2];
} remapped[REMAPPED_MOST];
static int remapped_count;

void keys_reset(void)
{
    remapped_count = 0;
}

uint32_t binding_key(const struct key_binding *b, int which)
{
    for (int i = remapped_count; i-- > 0;)
        if (remapped[i].row == b)
            return remapped[i].key[which];
    return which ? b->other : b->key;
}

static int is_mouse(uint32_t key)
{
    return key == INPUT_PRESS || key == INPUT_DRAG || key == INPUT_WHEEL_UP || key == INPUT_WHEEL_DOWN;
}

uint32_t key_meant(uint32_t arrived)
{
    return arrived == '\n' ? INPUT_ENTER : arrived == 127 || arrived == 8 ? INPUT_BACKSPACE : arrived;
}

/* One key of an action, by its name; 0 or a negative error. */
static int read_key(const struct key_binding *row, const char *name, uint32_t *key, struct err *e)
{
    *key = key_meant(script_key(name));
    if (!*key)
        return err_set(e, ERR_INPUT, "%s: unknown key \"%.30s\"; man saddle lists the names", row->name, name);
    if (term_keeps(*key))
        return err_set(e, ERR_INPUT, "%s: %.30s cannot be used, because the terminal %s with it", row->name, name,
                       term_keeps(*key));
    if ((row->flags & KEY_IN_TEXT) && *key >= ' ' && *key < INPUT_UP)
        return err_set(e, ERR_INPUT, "%s: a character cannot be bound here, where text is typed", row->name);
    return 0;
}

static const struct key_binding *binding_named(const char *action)
{
    const struct key_binding *b;

    for (int i = 0; (b = key_binding_at(i)); i++)
        if (strcmp(b->name, action) == 0)
            return b;
    return NULL;
}

int keys_bind(const char *action, const char *keys, struct err *e)
{
    const struct key_binding *row = binding_named(action);
    uint32_t key[2] = {0};
    char name[32];
    int count = 0, used;

    if (!row)
        return err_set(e, ERR_INPUT, "unknown action \"%.40s\"; saddle info lists all", action);
    for (; sscanf(keys, " %31s%n", name, &used) == 1; keys += used, count++) {
        if (count == 2)
            return err_set(e, ERR_INPUT, "%s: \"%.30s\" is one key too many; an action takes at most two", action, name);
        if (read_key(row, name, &key[count], e) != 0)
            return -e->code;
    }
    if (!count)
        return err_set(e, ERR_INPUT, "%s: no key in \"%.30s\"", action, keys);
    if (is_mouse(row->other) && count == 1)
        key[1] = row->other;
    for (int i = 0; i < remapped_count; i++)
        if (remapped[i].row == row) {
            memcpy(remapped[i].key, key, sizeof key);
            return 0;
        }
    if (remapped_count == REMAPPED_MOST)
        return err_set(e, ERR_INPUT, "%s: more than %d actions have keys assigned", action, REMAPPED_MOST);
    remapped[remapped_count].row = row;
    memcpy(remapped[remapped_count++].key, key, sizeof key);
    return 0;
}

/* ---- bindings that act together --------------------------------------------------------------------------- */

static void add_rows(struct key_list *l, const struct key_set *s, int borrowed)
{
    for (int i = 0; s && i < s->count && l->count < KEYS_ACTIVE; i++)
        if (!borrowed || (s->row[i].flags & (KEY_EVERYWHERE | (borrowed == 1 ? KEY_SHARED : 0)))) {
            l->borrowed[l->count] = (unsigned char)borrowed;
            l->row[l->count++] = &s->row[i];
        }
}

static int holds(const struct key_set *const *sets, const struct key_set *set)
{
    for (; sets && *sets; sets++)
        if (*sets == set)
            return 1;
    return 0;
}

/* A pane may list its view's bindings, for their place in the footer. A view that is no part of the training run takes
 * nothing from others, nor from the run. */
static void add_normal(struct key_list *l, const struct view *v, const struct pane *p)
{
    for (const struct key_set *const *s = p->keys; s && *s; s++)
        add_rows(l, *s, 0);
    if (!holds(p->keys, v->bindings))
        add_rows(l, v->bindings, 0);
    for (int i = 0; views[i]; i++)
        if (views[i] != v)
            add_rows(l, views[i]->bindings, v->standalone ? 2 : 1);
    if (!v->standalone)
        add_rows(l, &pause_keys, 0);
    add_rows(l, view_keys(), 0);
    if (!v->standalone)
        add_rows(l, &run_keys, 0);
    add_rows(l, &everywhere_keys, 0);
    if (!v->standalone)
        add_rows(l, &experiment_keys, 0);
    if (p->list)
        add_rows(l, &list_keys, 0);
}

static void add_mode(struct key_list *l, enum mode mode)
{
    for (const struct key_set *const *s = mode_key_sets(mode); *s; s++)
        add_rows(l, *s, 0);
}

/* Of the digits those that choose something. */
static void keep_choices(struct key_list *l, int choices)
{
    int left = 0;

    for (int i = 0; i < l->count; i++)
        if (l->row[i]->by <= choices)
            l->row[left++] = l->row[i];
    l->count = left;
}

const struct key_binding *keys_find(const struct key_list *l, uint32_t key)
{
    for (int i = 0; i < l->count; i++)
        if (binding_key(l->row[i], 0) == key || (binding_key(l->row[i], 1) && binding_key(l->row[i], 1) == key))
            return l->row[i];
    return NULL;
}

static int clash(const struct key_binding *a, const struct key_binding *b)
{
    uint32_t a1 = binding_key(a, 1), b1 = binding_key(b, 1);

    return binding_key(a, 0) == binding_key(b, 0) || binding_key(a, 0) == b1 || (a1 && (a1 == binding_key(b, 0) || a1 == b1));
}

/* Take out what has a key of one of the first rows: those come before it. */
static void yield_to(struct key_list *l, int first)
{
    int kept = first;

    for (int i = first; i < l->count; i++) {
        int taken = 0;
        for (int k = 0; k < first; k++)
            taken |= clash(l->row[i], l->row[k]);
        if (taken)
            continue;
        l->borrowed[kept] = l->borrowed[i];
        l->row[kept++] = l->row[i];
    }
    l->count = kept;
}

void keys_active(const struct model *m, struct key_list *l)
{
    int first;

    l->count = 0;
    if (m->ui.mode != MODE_NORMAL) {
        add_mode(l, m->ui.mode);
        if (m->ui.mode == MODE_CHOOSE)
            keep_choices(l, m->ui.choices);
        return;
    }
    if (relief_is_on(m))
        add_rows(l, &relief_keys, 0);
    first = l->count;
    add_normal(l, view_shown(m), pane_focused(m));
    yield_to(l, first);
}

static int list_conflict(const struct key_list *l, const struct key_binding **a, const struct key_binding **b)
{
    for (int i = 0; i < l->count; i++)
        for (int k = 0; k < i; k++)
            if (clash(l->row[i], l->row[k])) {
                *a = l->row[k];
                *b = l->row[i];
                return 1;
            }
    return 0;
}

int keys_conflict(const struct key_binding **a, const struct key_binding **b)
{
    struct key_list l;

    for (int v = 0; views[v]; v++)
        for (const struct pane *const *p = views[v]->panes; *p; p++) {
            l.count = 0;
            add_normal(&l, views[v], *p);
            if (list_conflict(&l, a, b))
                return 1;
        }
    l.count = 0;
    add_rows(&l, &relief_keys, 0);
    add_rows(&l, &relief_switch_keys, 0);
    if (list_conflict(&l, a, b))
        return 1;
    for (int mode = MODE_NORMAL + 1; mode < MODE_COUNT; mode++) {
        l.count = 0;
        add_mode(&l, (enum mode)mode);
        if (list_conflict(&l, a, b))
            return 1;
    }
    return 0;
}

/* ---- labels --------------------------------------------------------------------------------------- */

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
        {' ', "space", NULL},          {INPUT_PRESS, "click", NULL},     {INPUT_DRAG, "drag", NULL},     {INPUT_SHIFT_LEFT, "Shift-←", "Shift-left"},
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
    const struct key_binding *b = binding_named(action);

    if (b)
        key_label(binding_key(b, 0), charset, out, size);
}

/* ---- the footer ----------------------------------------------------------------------------------- */

/* A key that belongs to another view is in that view's footer. */
static int in_footer(const struct key_list *l, int row, int always)
{
    const struct key_binding *b = l->row[row];

    return b->brief && ((b->flags & KEY_ALWAYS) != 0) == always && !l->borrowed[row];
}

static int goes_on(const struct key_list *l, int row, const char *brief)
{
    return row < l->count && l->row[row]->brief && strcmp(l->row[row]->brief, brief) == 0;
}

/* Where the characters in their order from here on end, as 1 2 3. */
static int sequence_end(const struct key_list *l, int from, int to)
{
    int i = from + 1;

    while (i < to && binding_key(l->row[i], 0) == binding_key(l->row[i - 1], 0) + 1 && binding_key(l->row[i], 0) < 127)
        i++;
    return i;
}

/* "↑↓", or "Up/Dn" where a label is longer than one character. */
static void join_labels(const struct key_list *l, int from, int to, enum charset charset, char *out, size_t size)
{
    size_t used = 0;
    int wide = 0;

    for (int i = from; i < to && used + 2 < size; i++) {
        char label[16];
        int width;
        key_label(binding_key(l->row[i], 0), charset, label, sizeof label);
        width = text_width(label);
        used += (size_t)snprintf(out + used, size - used, "%s%s", i > from && (wide > 1 || width > 1) ? "/" : "", label);
        wide = width;
    }
}

/* "12" would be read as twelve. */
static int is_pair_of_digits(const struct key_list *l, int from, int end)
{
    return end - from == 2 && binding_key(l->row[from], 0) >= '0' && binding_key(l->row[end - 1], 0) <= '9';
}

int keys_footer(const struct key_list *l, int row, int always, enum charset charset, struct key_hint *h)
{
    int first, end;

    while (row < l->count && !in_footer(l, row, always))
        row++;
    if (row >= l->count)
        return 0;
    h->brief = l->row[row]->brief;
    h->later = (l->row[row]->flags & KEY_LATER) != 0;
    for (first = row; goes_on(l, row, h->brief);)
        row++;
    end = sequence_end(l, first, row);
    if (end - first >= 3 || is_pair_of_digits(l, first, end)) /* "1–3"; help tells the rest */
        snprintf(h->label, sizeof h->label, "%c–%c", (char)binding_key(l->row[first], 0),
                 (char)binding_key(l->row[end - 1], 0));
    else
        join_labels(l, first, row, charset, h->label, sizeof h->label);
    return row;
}
