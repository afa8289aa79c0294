/* SPDX-License-Identifier: MIT */
#include "lesson/player.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/view.h"
#include "core/text.h"
#include "lesson/player-private.h"

/* ---- what was measured ------------------------------------------------------------------------ */

struct expression_names player_names(const struct lesson_player *p, const struct app *a, struct quantity_world *world)
{
    const struct model *m = &a->model;

    *world = (struct quantity_world){.runs = m->runs, .curvature = m->curvature, .landscape = m->landscape, .kept = &p->kept};
    for (int v = 0; views[v]; v++)
        if (views[v]->measured)
            views[v]->measured(m, world);
    return (struct expression_names){quantity_read, world};
}

const struct player_answer *player_answer_of(const struct lesson_player *p, int block)
{
    for (int i = 0; i < p->answers; i++)
        if (p->answer[i].block == block)
            return &p->answer[i];
    return NULL;
}

const struct player_check *player_check_of(const struct lesson_player *p, int block, int line)
{
    for (int i = 0; i < p->checks; i++)
        if (p->check[i].block == block && p->check[i].line == line)
            return &p->check[i];
    return NULL;
}

static const struct lesson_step *step_of(const struct lesson_player *p)
{
    return &p->lesson->step[p->step];
}

static int end_of_step(const struct lesson_player *p)
{
    return step_of(p)->first + step_of(p)->blocks;
}

int player_question(const struct lesson_player *p)
{
    return p->phase == PLAYER_ASKING ? p->block : -1;
}

/* ---- checks and answers ----------------------------------------------------------------------- */

/* A new one, in place of the one that was measured before. */
static struct player_check *check_for(struct lesson_player *p, int block, int line)
{
    struct player_check *c = (struct player_check *)player_check_of(p, block, line);

    if (!c && p->checks < PLAYER_OUTCOMES)
        c = &p->check[p->checks++];
    return c;
}

static void measure(struct lesson_player *p, const struct app *a, int block)
{
    const struct lesson_block *b = &p->lesson->block[block];
    struct quantity_world world;
    struct expression_names names = player_names(p, a, &world);

    for (int i = 0; i < b->count; i++) {
        struct player_check *c = check_for(p, block, i);
        struct err e;
        double value = NAN;
        char left[PLAYER_SENTENCE];
        if (!c)
            return;
        *c = (struct player_check){.block = block, .line = i, .value.number = NAN};
        expression_left(b->line[i].text, left, sizeof left);
        expression_evaluate(left, &names, &c->value, NULL);
        if (expression_number(b->line[i].text, &names, &value, &e) != 0) {
            snprintf(c->sentence, sizeof c->sentence, "%.200s", e.text);
            continue;
        }
        c->holds = value > 0;
        quantity_fill(c->holds ? b->line[i].holds : b->line[i].fails, &names, c->sentence, sizeof c->sentence);
    }
}

static void judge(struct lesson_player *p, const struct app *a, struct player_answer *answer)
{
    const struct lesson_block *b = &p->lesson->block[answer->block];
    struct quantity_world world;
    struct expression_names names = player_names(p, a, &world);
    double value = NAN;

    answer->judged = 1;
    if (b->line[1].within >= 0) {
        if (expression_number(b->line[1].condition, &names, &value, NULL) != 0)
            value = NAN;
        answer->right = !answer->skipped && fabs(answer->number - value) <= b->line[1].within;
        if (isfinite(value))
            snprintf(answer->truth, sizeof answer->truth, "%.6g", value);
        return;
    }
    for (int i = 1; i < b->count; i++) {
        if (expression_number(b->line[i].condition, &names, &value, NULL) != 0 || !(value > 0))
            continue;
        answer->right |= !answer->skipped && answer->choice == i;
        if (!answer->truth[0])
            text_copy(answer->truth, sizeof answer->truth, b->line[i].text);
    }
}

static int in_step(const struct lesson_player *p, int block)
{
    return block >= step_of(p)->first && block < end_of_step(p);
}

int player_failed_checks(const struct lesson_player *p)
{
    int failed = 0;

    for (int i = 0; i < p->checks; i++)
        failed += in_step(p, p->check[i].block) && !p->check[i].holds;
    return failed;
}

/* Where the step did not come out as the lesson expects, no answer is right or wrong. */
static void judge_all(struct lesson_player *p, const struct app *a)
{
    for (int i = 0; i < p->answers; i++)
        if (in_step(p, p->answer[i].block)) {
            judge(p, a, &p->answer[i]);
            p->answer[i].ungraded = player_failed_checks(p) > 0;
            p->answer[i].right &= !p->answer[i].ungraded;
        }
}

/* Whether something is done next, without a text to be read before. */
static int is_next_done(const struct lesson_player *p)
{
    int b = p->block;

    while (b < end_of_step(p) && p->lesson->block[b].kind == LESSON_SHOW)
        b++;
    return b < end_of_step(p) && p->lesson->block[b].kind == LESSON_DO;
}

static void answer(struct lesson_player *p, const struct player_answer *given)
{
    struct player_answer *to = (struct player_answer *)player_answer_of(p, p->block);

    if (!to && p->answers < LESSON_STEPS)
        to = &p->answer[p->answers++];
    if (to)
        *to = *given;
    p->block++;
    p->line = 0;
    p->phase = PLAYER_READING;
    p->asked_go = (!given->skipped && is_next_done(p)) || p->asked_go; /* an answer asks to see what happens */
    p->changed++;
}

int player_choose(struct lesson_player *p, int choice)
{
    const struct lesson_block *b = p->phase == PLAYER_ASKING ? &p->lesson->block[p->block] : NULL;

    if (!b || b->line[1].within >= 0 || choice < 1 || choice >= b->count)
        return -1;
    answer(p, &(struct player_answer){.block = p->block, .choice = choice});
    return 0;
}

int player_number(struct lesson_player *p, double number)
{
    const struct lesson_block *b = p->phase == PLAYER_ASKING ? &p->lesson->block[p->block] : NULL;

    if (!b || !(b->line[1].within >= 0) || !isfinite(number))
        return -1;
    answer(p, &(struct player_answer){.block = p->block, .number = number});
    return 0;
}

/* ---- a lab of its own -------------------------------------------------------------------------- */

static void fail(struct lesson_player *p, const struct err *e)
{
    p->phase = PLAYER_FAILED;
    text_copy(p->text, sizeof p->text, e->text);
    p->target = -1;
}

/* The trainer did not fork: the log says why. */
static int no_run(struct lesson_player *p)
{
    struct err e;

    err_set(&e, ERR_RUNTIME, "Run A, which the lesson begins with, cannot be made: the log says why.");
    p->cleaning = 0;
    p->crowded = 1;
    fail(p, &e);
    p->changed++;
    return 0;
}

/* What is there is known only when the trainer has obeyed: a fork may be on its way. So one command at a time, until run A,
 * which lessons begin with, is the only one. 1: it is. */
static int cleaned(struct lesson_player *p, struct app *a)
{
    const struct snapshots *runs = a->model.runs;
    unsigned others = runs->there & ~1u;

    if (a->model.snapshot->obeyed < a->sent)
        return 0;
    if (!(runs->there & 1) && p->forked)
        return no_run(p);
    if (!(runs->there & 1))
        p->forked = app_send(a, COMMAND_FORK, 0) != 0; /* into the first free place */
    else if (runs->focus != 0)
        app_send(a, COMMAND_FOCUS, 0);
    else if (others)
        app_send(a, COMMAND_DROP, (uint64_t)(others & 2 ? 1 : others & 4 ? 2 : 3));
    else
        p->cleaning = 0;
    if (!p->cleaning)
        run_curves_drop_ghosts(&a->curves);
    return !p->cleaning;
}

/* Run A alone, nothing kept, and views that lessons measure in as they were at first. */
static void clean(struct lesson_player *p, struct app *a)
{
    child_end(&p->child);
    quantity_forget(&p->kept, NULL);
    p->wait = WAIT_NOTHING;
    p->asked_go = 0;
    for (int v = 0; views[v]; v++)
        if (views[v]->as_at_first)
            views[v]->as_at_first(a);
    p->forked = p->crowded = 0;
    p->cleaning = !(a->model.runs->there == 1 && a->model.snapshot->obeyed >= a->sent);
    app_send(a, COMMAND_PAUSE, 0);
    app_send(a, COMMAND_LEVEL, 0);
    run_curves_drop_ghosts(&a->curves);
}

int player_is_busy(const struct lesson_player *p)
{
    return p->lesson && (p->cleaning || p->phase == PLAYER_DOING);
}

/* ---- going through the blocks ------------------------------------------------------------------ */

static int replays(const struct lesson_player *p)
{
    return p->target >= 0 && p->step < p->target;
}

/* The reader's own seed, where there is one, after a line that began a run anew with the recipe's. 1: it is being set. */
static int set_seed(struct lesson_player *p, struct app *a, const char *line, struct err *e)
{
    char seed[64];

    p->seeded = p->seed && !p->seeded && strncmp(line, "recipe ", 7) == 0;
    if (!p->seeded)
        return 0;
    snprintf(seed, sizeof seed, "seed %.40s", p->seed);
    return player_do(p, a, seed, e) == 0;
}

/* The lines of a do block, as far as they can be made now. 1: the block is done. */
static int do_lines(struct lesson_player *p, struct app *a)
{
    const struct lesson_block *b = &p->lesson->block[p->block];
    struct err e = {0};

    for (;;) {
        if (p->wait != WAIT_NOTHING) {
            int r = player_waited(p, a, &e);
            if (r == 0)
                return 0;
            if (r < 0)
                return fail(p, &e), 0;
            if (set_seed(p, a, b->line[p->line].text, &e))
                continue;
            if (strncmp(b->line[p->line].text, "recipe ", 7) == 0)
                run_curves_drop_ghosts(&a->curves); /* a lesson's curves stand alone */
            p->line++;
        }
        if (p->line >= b->count)
            return 1;
        p->made++;
        if (player_do(p, a, b->line[p->line].text, &e) != 0)
            return fail(p, &e), 0;
        p->line += p->wait == WAIT_NOTHING;
    }
}

static void enter_step(struct lesson_player *p, int step)
{
    p->step = step;
    p->block = step_of(p)->first;
    p->line = 0;
    p->made = 0;
    p->phase = PLAYER_READING;
    p->text[0] = '\0';
    p->changed++;
}

static int end_step(struct lesson_player *p, const struct app *a)
{
    judge_all(p, a);
    p->phase = PLAYER_END;
    p->text[0] = '\0';
    p->changed++;
    if ((replays(p) || p->automatic) && p->step + 1 < p->lesson->steps) {
        enter_step(p, p->step + 1);
        return 1;
    }
    p->target = -1;
    return 0;
}

/* One block, or a part of it. 1: there may be more to do now. */
static int do_block(struct lesson_player *p, struct app *a)
{
    const struct lesson_block *b = &p->lesson->block[p->block];
    struct err e = {0};
    int alone = replays(p) || p->automatic;

    switch (b->kind) {
    case LESSON_ASK:
        if (!alone) {
            p->phase = PLAYER_ASKING;
            return 0;
        }
        if (p->automatic)
            answer(p, &(struct player_answer){.block = p->block, .skipped = 1});
        else
            p->block++;
        return 1;
    case LESSON_DO:
        if (p->phase != PLAYER_DOING && !alone && !p->asked_go)
            return 0;
        p->asked_go = 0;
        p->phase = PLAYER_DOING;
        if (!do_lines(p, a))
            return 0;
        p->phase = PLAYER_READING;
        p->text[0] = '\0';
        break;
    case LESSON_CHECK:
        measure(p, a, p->block);
        break;
    case LESSON_SHOW:
        if (player_show(a, b->line[0].text, &e) != 0)
            return fail(p, &e), 0;
        break;
    default:
        break;
    }
    p->block++;
    p->line = 0;
    p->changed++;
    return 1;
}

int player_advance(struct lesson_player *p, struct app *a)
{
    int before = p->changed, more = !p->cleaning || cleaned(p, a);

    while (more && p->lesson && (p->phase == PLAYER_READING || p->phase == PLAYER_DOING)) {
        enum player_phase phase = p->phase;
        more = p->block >= end_of_step(p) ? end_step(p, a) : do_block(p, a);
        p->changed += phase != p->phase;
    }
    return p->changed != before;
}

/* ---- the reader's keys ------------------------------------------------------------------------- */

int player_go(struct lesson_player *p, struct app *a)
{
    switch (p->phase) {
    case PLAYER_READING:
        p->asked_go = 1;
        break;
    case PLAYER_ASKING:
        answer(p, &(struct player_answer){.block = p->block, .skipped = 1});
        break;
    case PLAYER_DOING:
        player_resume(p, a);
        break;
    case PLAYER_FAILED:
        if (p->crowded) {
            clean(p, a);
            p->phase = PLAYER_READING;
            break;
        }
        child_end(&p->child);
        p->wait = WAIT_NOTHING;
        p->phase = p->lesson->block[p->block].kind == LESSON_DO ? PLAYER_DOING : PLAYER_READING;
        break;
    default:
        if (!p->lesson || p->step + 1 >= p->lesson->steps)
            return 0;
        enter_step(p, p->step + 1);
    }
    player_advance(p, a);
    return 1;
}

static void forget_outcomes(struct lesson_player *p, int from_block)
{
    int left = 0;

    for (int i = 0; i < p->checks; i++)
        if (p->check[i].block < from_block)
            p->check[left++] = p->check[i];
    p->checks = left;
    left = 0;
    for (int i = 0; i < p->answers; i++)
        if (p->answer[i].block < from_block)
            p->answer[left++] = p->answer[i];
    p->answers = left;
}

/* Whether a step does anything to the lab. */
static int acts(const struct lesson_player *p, int step)
{
    for (int i = 0; i < p->lesson->step[step].blocks; i++)
        if (p->lesson->block[p->lesson->step[step].first + i].kind == LESSON_DO)
            return 1;
    return 0;
}

int player_at_beginning(const struct lesson_player *p)
{
    int answered = 0;

    for (int i = 0; i < p->answers; i++)
        answered += in_step(p, p->answer[i].block);
    return !p->made && !answered;
}

void player_back(struct lesson_player *p, struct app *a, int by)
{
    int to = p->step - by;

    if (!p->lesson)
        return;
    to = to < 0 ? 0 : to;
    forget_outcomes(p, p->lesson->step[to].first);
    if (!p->made && (to == p->step || !acts(p, to))) {
        p->target = -1;
        enter_step(p, to);
        player_advance(p, a);
        return;
    }
    clean(p, a);
    p->target = to;
    enter_step(p, 0);
    player_advance(p, a);
}

void player_open(struct lesson_player *p, struct app *a, struct lesson *l, int step)
{
    player_close(p);
    p->lesson = l;
    p->target = step > 0 ? step : -1;
    clean(p, a);
    enter_step(p, 0);
}

void player_resume_at(struct lesson_player *p, struct lesson *l, int step, int block, int end)
{
    player_close(p);
    p->lesson = l;
    enter_step(p, step);
    p->block = block;
    p->phase = end ? PLAYER_END : block < end_of_step(p) && l->block[block].kind == LESSON_ASK ? PLAYER_ASKING : PLAYER_READING;
}

static void remove_scratch(struct lesson_player *p)
{
    for (int i = 0; p->scratch && i < TRAINER_RUNS; i++) {
        char *file = text_format("%s/%c.safetensors", p->scratch, 'A' + i);
        if (file)
            unlink(file);
        free(file);
    }
    if (p->scratch)
        rmdir(p->scratch);
    free(p->scratch);
}

void player_close(struct lesson_player *p)
{
    int automatic = p->automatic, changed = p->changed;
    const char *seed = p->seed;

    child_end(&p->child);
    quantity_free(&p->kept);
    remove_scratch(p);
    lesson_free(p->lesson);
    *p = (struct lesson_player){.automatic = automatic, .seed = seed, .changed = changed + 1, .target = -1, .child = {.out = -1, .said = -1}};
}
