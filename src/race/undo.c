/* SPDX-License-Identifier: MIT */
/* Undo and redo of the race's edits. All settings are kept as they were before each edit. */
#include <string.h>

#include "core/text.h"
#include "race/model-private.h"

void race_model_before_edit(struct race_model *s)
{
    struct race_setting *k = &s->undo.kept[s->undo.at];
    int typed = s->surface == &s->typed;

    k->surface = typed ? NULL : s->surface;
    text_copy(k->formula, sizeof k->formula, typed ? s->formula.text : "");
    memcpy(k->start, s->start, sizeof k->start);
    k->noise = s->noise;
    text_copy(k->until, sizeof k->until, s->until);
    k->goal = s->goal;
    k->racers = s->racers;
    k->pace = s->pace;
    memcpy(k->setup, s->setup, sizeof k->setup);
}

void race_model_edited(struct race_model *s, const char *what, int live)
{
    struct race_undo *u = &s->undo;

    text_copy(u->kept[u->at].what, sizeof u->kept[0].what, what);
    u->kept[u->at].live = live;
    if (u->at < RACE_UNDOS)
        u->at++;
    else /* the oldest is forgotten; the last place is for what is set now */
        memmove(&u->kept[0], &u->kept[1], RACE_UNDOS * sizeof u->kept[0]);
    u->count = u->at;
}

/* Rates and noise, from the next step on. */
static void set_live(struct race_model *s, const struct race_setting *k)
{
    for (int i = 0; i < s->racers; i++)
        if (s->setup[i].args.lr != k->setup[i].args.lr)
            race_model_set_rate(s, i, k->setup[i].args.lr);
    if (s->noise != k->noise)
        race_model_set_noise(s, k->noise);
}

/* All of it, everyone back at the start. In error, which is of memory, all is as before. */
static int set_all(struct race_model *s, const struct race_setting *k, struct err *e)
{
    struct formula old = s->formula, formula;
    struct surface before = s->typed;
    const struct surface *surface = k->surface ? k->surface : &s->typed;
    int other = surface != s->surface || (!k->surface && strcmp(s->formula.text, k->formula) != 0);

    if (!k->surface && other) {
        if (formula_parse(&formula, k->formula, e) != 0)
            return -e->code;
        s->formula = formula;
        s->typed = formula_surface(&s->formula);
    }
    if (race_model_set_up(s, surface, k->start, k->setup, k->racers, k->noise, e) != 0) {
        s->formula = old;
        s->typed = before;
        return -e->code;
    }
    s->goal = k->goal;
    text_copy(s->until, sizeof s->until, k->until);
    race_model_restart(s);
    if (other) {
        s->pace = k->pace;
        race_model_whole(s);
    } else if (surface->n > 2)
        race_model_look_around(s);
    return 0;
}

int race_model_undo(struct race_model *s, int by, const char **what, struct err *e)
{
    struct race_undo *u = &s->undo;
    const struct race_setting *edit;
    int to = u->at - by, r = 0;

    *what = NULL;
    if (to < 0 || to > u->count)
        return 0;
    edit = &u->kept[by > 0 ? to : u->at];
    race_model_before_edit(s); /* to come back to; the edit itself is told and kept by its own entry */
    if (edit->live)
        set_live(s, &u->kept[to]);
    else
        r = set_all(s, &u->kept[to], e);
    if (r)
        return r;
    *what = edit->what;
    u->at = to;
    return 0;
}
