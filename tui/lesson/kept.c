/* SPDX-License-Identifier: MIT */
/* The open lesson in a kept session: which one, how far, the answers and what was measured; as JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "core/text.h"
#include "lesson/lessons.h"

/* ---- keeping --------------------------------------------------------------------------------------- */

static void put_value(json_t *o, const struct expression_value *v)
{
    json_object_set_new(o, "value", v->is_text ? json_string(v->text) : isfinite(v->number) ? json_real(v->number) : json_null());
}

static json_t *answers_of(const struct lesson_player *p)
{
    json_t *all = json_array();

    for (int i = 0; i < p->answers; i++) {
        const struct player_answer *x = &p->answer[i];
        json_array_append_new(all, json_pack("{si sb si sf sb sb sb ss}", "block", x->block, "skipped", x->skipped, "choice", x->choice,
                                             "number", x->number, "judged", x->judged, "right", x->right, "ungraded", x->ungraded,
                                             "truth", x->truth));
    }
    return all;
}

static json_t *checks_of(const struct lesson_player *p)
{
    json_t *all = json_array();

    for (int i = 0; i < p->checks; i++) {
        const struct player_check *c = &p->check[i];
        json_t *o = json_pack("{si si sb ss}", "block", c->block, "line", c->line, "holds", c->holds, "sentence", c->sentence);
        put_value(o, &c->value);
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *quantities_of(const struct lesson_player *p)
{
    json_t *all = json_array();

    for (int i = 0; i < p->kept.count; i++) {
        json_t *o = json_pack("{ss}", "name", p->kept.pair[i].name);
        put_value(o, &p->kept.pair[i].value);
        json_array_append_new(all, o);
    }
    return all;
}

/* Whether a view that is not kept with the session was used: a word of its commands, where it can be put back to the first. */
static int is_of_view(const char *line)
{
    size_t n = strcspn(line, " ");

    for (int v = 0; views[v]; v++)
        for (const struct command_row *row = views[v]->commands; views[v]->as_at_first && row && row->name; row++)
            if (strlen(row->name) == n && strncmp(row->name, line, n) == 0)
                return 1;
    return 0;
}

/* Whether the lab with its runs alone is as the lesson left it: nothing is being done, what the step did was measured, and
 * no other view holds any of it. */
static int is_whole(const struct lesson_player *p)
{
    int at_rest = !player_is_busy(p) && p->target < 0 &&
                  (p->phase == PLAYER_END || (!p->made && (p->phase == PLAYER_READING || p->phase == PLAYER_ASKING)));

    for (int b = 0; b < p->block && at_rest; b++)
        for (int i = 0; p->lesson->block[b].kind == LESSON_DO && i < p->lesson->block[b].count; i++)
            at_rest &= !is_of_view(p->lesson->block[b].line[i].text);
    return at_rest;
}

void *lessons_keep(const struct model *m, size_t *size)
{
    const struct lesson_player *p = &lessons_of(m)->player;
    json_t *o;
    char *text;

    if (!p->lesson)
        return NULL;
    o = json_pack("{ss si si si sb sb so so so}", "file", p->lesson->path, "blocks", p->lesson->blocks, "step",
                  p->target > p->step ? p->target : p->step, "block", p->block, "end", p->phase == PLAYER_END, "whole", is_whole(p), "answers",
                  answers_of(p), "checks", checks_of(p), "quantities", quantities_of(p));
    text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    json_decref(o);
    *size = text ? strlen(text) : 0;
    return text;
}

unsigned lessons_changes(const struct model *m)
{
    return (unsigned)lessons_of(m)->player.changed;
}

/* ---- coming back ------------------------------------------------------------------------------------ */

static int integer(const json_t *o, const char *key)
{
    json_int_t v = json_integer_value(json_object_get(o, key));

    return v >= 0 && v < 1 << 20 ? (int)v : -1;
}

static int is_true(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static void take_text(char *to, size_t size, const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    text_copy(to, size, text ? text : "");
    text_make_printable(to);
}

static struct expression_value value_of(const json_t *o)
{
    const json_t *v = json_object_get(o, "value");
    struct expression_value value = {.is_text = json_is_string(v), .number = json_is_number(v) ? json_number_value(v) : NAN};

    if (value.is_text)
        take_text(value.text, sizeof value.text, o, "value");
    return value;
}

/* A block of this kind before this one; NULL: it is none. */
static const struct lesson_block *block_of(const struct lesson_player *p, const json_t *o, enum lesson_kind kind, int before)
{
    int block = integer(o, "block");

    return block >= 0 && block < before && p->lesson->block[block].kind == kind ? &p->lesson->block[block] : NULL;
}

static void take_answers(struct lesson_player *p, const json_t *all, int before)
{
    size_t i;
    json_t *o;

    json_array_foreach(all, i, o) {
        const struct lesson_block *b = block_of(p, o, LESSON_ASK, before);
        struct player_answer x = {.block = integer(o, "block"), .skipped = is_true(o, "skipped"), .choice = integer(o, "choice"),
                                  .number = json_number_value(json_object_get(o, "number")), .judged = is_true(o, "judged"),
                                  .right = is_true(o, "right"), .ungraded = is_true(o, "ungraded")};
        if (!b || p->answers == LESSON_STEPS || player_answer_of(p, x.block) ||
            (!x.skipped && b->line[1].within < 0 && (x.choice < 1 || x.choice >= b->count)))
            continue;
        take_text(x.truth, sizeof x.truth, o, "truth");
        p->answer[p->answers++] = x;
    }
}

static void take_checks(struct lesson_player *p, const json_t *all, int before)
{
    size_t i;
    json_t *o;

    json_array_foreach(all, i, o) {
        const struct lesson_block *b = block_of(p, o, LESSON_CHECK, before);
        struct player_check c = {.block = integer(o, "block"), .line = integer(o, "line"), .holds = is_true(o, "holds"), .value = value_of(o)};
        if (!b || c.line < 0 || c.line >= b->count || p->checks == PLAYER_OUTCOMES || player_check_of(p, c.block, c.line))
            continue;
        take_text(c.sentence, sizeof c.sentence, o, "sentence");
        p->check[p->checks++] = c;
    }
}

static void take_quantities(struct lesson_player *p, const json_t *all)
{
    size_t i;
    json_t *o;

    json_array_foreach(all, i, o) {
        struct expression_value v = value_of(o);
        const char *name = json_string_value(json_object_get(o, "name"));
        struct err e;
        if (name && strlen(name) < EXPRESSION_NAME && quantity_keep(&p->kept, name, &v, &e) != 0)
            return;
    }
}

static void come_back(struct app *a, struct lesson *l, const json_t *o)
{
    struct lesson_player *p = &lessons_of(&a->model)->player;
    int step = integer(o, "step"), block = integer(o, "block"), first, end, whole;

    step = step >= 0 && step < l->steps ? step : 0;
    first = l->step[step].first, end = first + l->step[step].blocks;
    whole = is_true(o, "whole") && integer(o, "blocks") == l->blocks && block >= first && block <= end;
    if (whole)
        player_resume_at(p, l, step, is_true(o, "end") ? end : block, is_true(o, "end"));
    else
        player_open(p, a, l, step);
    take_answers(p, json_object_get(o, "answers"), whole ? block : first);
    take_checks(p, json_object_get(o, "checks"), whole ? block : first);
    if (whole)
        take_quantities(p, json_object_get(o, "quantities"));
    app_say(a, 0, "lesson %s goes on at step %d", l->name, step + 1);
}

void lessons_resume(struct app *a, const void *bytes, size_t size)
{
    json_t *o = json_loadb(bytes, size, 0, NULL);
    const char *file = json_string_value(json_object_get(o, "file"));
    struct lesson *l;
    struct err e;

    if (file && lesson_read(&l, file, &e) == 0)
        come_back(a, l, o);
    else if (file)
        app_say(a, 1, "the lesson of the session: %s", e.text);
    json_decref(o);
}
