/* SPDX-License-Identifier: MIT */
/* The settings of a run with what its edits made of them, and whether that is all there is to it. */
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "store/store-private.h"

static int take_setting(void *context, const struct store_setting *t)
{
    struct store_course *all = context;
    int id = knob_find(t->name);

    if (id >= 0) {
        text_copy(all[id].first, sizeof all[id].first, t->value);
        text_copy(all[id].last, sizeof all[id].last, t->value);
    }
    return 0;
}

static uint64_t mixed(uint64_t hash, uint64_t with)
{
    return (hash ^ with) * 0x100000001b3;
}

/* Where a fork was recorded with the settings it was forked with, the edits it has from before say more of its beginning. */
static int take_edit(void *context, const struct store_edit *t)
{
    struct store_course *all = context, *c;
    int id = knob_find(t->setting);

    if (id < 0)
        return 0;
    c = &all[id];
    if (!c->edits && *t->before)
        text_copy(c->first, sizeof c->first, t->before);
    text_copy(c->last, sizeof c->last, t->after);
    c->step = t->step;
    c->edits++;
    c->way = mixed(c->way, (uint64_t)t->step);
    for (const char *at = t->after; *at; at++)
        c->way = mixed(c->way, (unsigned char)*at);
    return 0;
}

int store_courses(struct store *s, int64_t run, struct store_course all[KNOB_COUNT], struct err *e)
{
    int r;

    memset(all, 0, KNOB_COUNT * sizeof *all);
    r = store_settings(s, run, take_setting, all, e);
    return r ? r : store_edits(s, run, take_edit, all, e);
}

int store_course_same(const struct store_course *a, const struct store_course *b)
{
    return a->edits == b->edits && a->way == b->way && strcmp(a->first, b->first) == 0 && strcmp(a->last, b->last) == 0;
}

int store_losses_compare(const struct store_course a[KNOB_COUNT], const struct store_course b[KNOB_COUNT])
{
    return a[KNOB_LOSS].edits + b[KNOB_LOSS].edits == 0 && strcmp(a[KNOB_LOSS].first, b[KNOB_LOSS].first) == 0;
}

void store_course_text(const struct store_course *c, char text[STORE_COURSE_TEXT])
{
    if (c->edits)
        snprintf(text, STORE_COURSE_TEXT, "%s → %s%s (%lld)", c->first, c->edits > 1 ? "… → " : "", c->last, (long long)c->step);
    else
        text_copy(text, STORE_COURSE_TEXT, *c->first ? c->first : "–");
}

/* One that goes on from a checkpoint lacks the first step; one whose first weights were another's has a parent at step 0. */
int store_is_whole(struct store *s, int64_t run, int *whole, struct err *e)
{
    int failed = 0;

    *whole = store_number(s, e, 1, &failed,
                          "WITH RECURSIVE up(id, parent, first) AS (SELECT id, parent, first_step FROM runs WHERE id = ?"
                          " UNION SELECT r.id, r.parent, r.first_step FROM runs r JOIN up ON r.id = up.parent)"
                          " SELECT count(*) FROM up WHERE (parent IS NULL) != (first = 0) OR parent NOT IN (SELECT id FROM runs)"
                          " OR (parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM points WHERE run = up.id AND step = 1))",
                          "i", run) == 0;
    return failed;
}
