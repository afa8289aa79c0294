/* SPDX-License-Identifier: MIT */
#include "lesson/quantity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

/* A row, and how it is read: by the one of the four that its group has. */
struct row {
    struct quantity_row told;
    double (*of_run)(const struct snapshot *s);
    double (*of_probe)(const struct curvature_view *c);
    double (*of_landscape)(const struct landscape_view *l);
    double (*of_racer)(const struct race_model *m, const struct racer *r);
};

/* ---- runs ------------------------------------------------------------------------------------- */

#define OF_RUN(name, expression) \
    static double run_##name(const struct snapshot *s) { return (double)(expression); }
OF_RUN(step, s->step)
OF_RUN(epoch, s->epoch)
OF_RUN(loss, s->train_loss)
OF_RUN(accuracy, s->train_accuracy)
OF_RUN(batch_loss, s->train_loss)
OF_RUN(batch_accuracy, s->train_accuracy)
OF_RUN(train_loss, isfinite(s->part_loss) ? s->part_loss : s->train_loss)
OF_RUN(train_accuracy, isfinite(s->part_accuracy) ? s->part_accuracy : s->train_accuracy)
OF_RUN(validation_loss, s->validation_loss)
OF_RUN(validation_accuracy, s->validation_accuracy)
OF_RUN(best_accuracy, s->best_accuracy)
OF_RUN(best_step, s->best_step)
OF_RUN(gradient_norm, s->gradient_norm)
OF_RUN(learning_rate, s->learning_rate)
OF_RUN(seconds, s->seconds)
OF_RUN(parameters, s->parameters)
OF_RUN(majority, s->majority)
OF_RUN(diverged, s->status == RUN_DIVERGED)
OF_RUN(finished, s->status == RUN_FINISHED)
OF_RUN(logit_gradient_cross_entropy, s->seen.cross_entropy)
OF_RUN(logit_gradient_mse, s->seen.mse)
OF_RUN(gradient_cosine, s->stuck.cosine)
OF_RUN(mean_loss, s->stuck.verdict == DIAGNOSIS_UNKNOWN ? NAN : s->stuck.loss)
OF_RUN(mean_gradient, s->stuck.verdict == DIAGNOSIS_UNKNOWN ? NAN : s->stuck.gradient)
OF_RUN(steps_per_epoch, s->steps_per_epoch)

/* ---- the probe and the escape ----------------------------------------------------------------- */

#define OF_PROBE(name, expression) \
    static double probe_##name(const struct curvature_view *c) { return c->known ? (double)(expression) : NAN; }
OF_PROBE(step, c->step)
OF_PROBE(loss, c->loss)
OF_PROBE(gradient_norm, c->gradient_norm)
OF_PROBE(lambda_max, c->verdict.highest)
OF_PROBE(lambda_min, c->verdict.lowest)
OF_PROBE(asymmetry, c->verdict.asymmetry)
OF_PROBE(positive, c->verdict.positive)
OF_PROBE(negative, c->verdict.negative)
OF_PROBE(zero, c->verdict.zeros)
OF_PROBE(whole, c->verdict.whole)
OF_PROBE(ratio, c->shares.known ? c->shares.positive.value : c->verdict.ratio_all)
OF_PROBE(ratio_error, c->shares.known ? share_error(c->shares.positive) : c->verdict.whole ? 0 : NAN)
OF_PROBE(ratio_signed, c->shares.known ? c->shares.of_signed.value : c->verdict.ratio_signed)
OF_PROBE(ratio_signed_error, c->shares.known ? share_error(c->shares.of_signed) : c->verdict.whole ? 0 : NAN)
OF_PROBE(gauss_newton_ratio, c->gauss_newton_shares.known ? c->gauss_newton_shares.positive.value : NAN)
OF_PROBE(trace, c->trace)
OF_PROBE(sharpness, c->sharpness)
OF_PROBE(stability_limit, c->stability_limit)
OF_PROBE(gauss_newton_max, c->gauss_newton_count ? c->gauss_newton[0].value : NAN)

#define OF_ESCAPE(name, expression) \
    static double escape_##name(const struct curvature_view *c) { return c->escape.count ? (double)(expression) : NAN; }
OF_ESCAPE(length, fabs(c->escape.alpha))
OF_ESCAPE(predicted, c->escape.predicted)
OF_ESCAPE(came, c->escape.came)
OF_ESCAPE(loss, c->escape.loss)

static double escape_possible(const struct curvature_view *c)
{
    return c->escape.possible;
}

/* ---- the landscape ---------------------------------------------------------------------------- */

#define OF_LANDSCAPE(name, expression) \
    static double landscape_##name(const struct landscape_view *l) { return l->known && l->whole ? (double)(expression) : NAN; }
OF_LANDSCAPE(loss, l->loss)
OF_LANDSCAPE(least, l->least)
OF_LANDSCAPE(most, l->most)
OF_LANDSCAPE(lambda_max, l->foot[0].highest)
OF_LANDSCAPE(sharpness, l->foot[0].sharpness.percent)

/* ---- the race --------------------------------------------------------------------------------- */

#define OF_RACER(name, expression) \
    static double racer_##name(const struct race_model *m, const struct racer *r) { (void)m; return (double)(expression); }
OF_RACER(steps, r->steps)
OF_RACER(loss, r->loss)
OF_RACER(gradient_norm, r->gradient_norm)
OF_RACER(x, r->x[0])
OF_RACER(y, r->x[1])
OF_RACER(arrived, r->state == RACER_STOPPED)
OF_RACER(diverged, r->state == RACER_DIVERGED)

/* ---- the table -------------------------------------------------------------------------------- */

#define RUN_ROW(name, unit, help) {.told = {"", #name, unit, help}, .of_run = run_##name}
#define PROBE_ROW(name, unit, help) {.told = {"probe", #name, unit, help}, .of_probe = probe_##name}
#define ESCAPE_ROW(name, unit, help) {.told = {"escape", #name, unit, help}, .of_probe = escape_##name}
#define LANDSCAPE_ROW(name, unit, help) {.told = {"landscape", #name, unit, help}, .of_landscape = landscape_##name}
#define RACER_ROW(name, unit, help) {.told = {"race.NAME", #name, unit, help}, .of_racer = racer_##name}

static const struct row rows[] = {
    RUN_ROW(step, "steps", "updates made"),
    RUN_ROW(epoch, "epochs", "passes over the training set, with the part of the one in hand"),
    RUN_ROW(steps_per_epoch, "steps", "updates in an epoch at the batch size in force"),
    RUN_ROW(loss, "", "loss of the last step's batch, dropout on"),
    RUN_ROW(accuracy, "", "accuracy on that batch"),
    RUN_ROW(batch_loss, "", "the same as loss"),
    RUN_ROW(batch_accuracy, "", "the same as accuracy"),
    RUN_ROW(train_loss, "", "loss on a fixed part of the training set in evaluation mode, at the last evaluation; before the first, as loss"),
    RUN_ROW(train_accuracy, "", "accuracy on that part"),
    RUN_ROW(validation_loss, "", "loss on the validation set, at the last evaluation"),
    RUN_ROW(validation_accuracy, "", "accuracy on the validation set"),
    RUN_ROW(best_accuracy, "", "best validation accuracy so far"),
    RUN_ROW(best_step, "steps", "the step of that"),
    RUN_ROW(gradient_norm, "", "norm of the last step's gradient, before clipping"),
    RUN_ROW(gradient_cosine, "", "mean cosine of successive gradients over the last steps"),
    RUN_ROW(mean_loss, "", "loss of the batches, mean over the last steps: as many as tell a fall from noise"),
    RUN_ROW(mean_gradient, "", "gradient norm, mean over those steps"),
    RUN_ROW(learning_rate, "", "effective learning rate of the last step"),
    RUN_ROW(seconds, "s", "time spent training, pauses left out"),
    RUN_ROW(parameters, "", "parameters of the network"),
    RUN_ROW(majority, "", "share of the most frequent class in the validation set"),
    RUN_ROW(diverged, "", "1 if the loss or the gradient was not finite, else 0"),
    RUN_ROW(finished, "", "1 if the recipe's epochs are done, else 0"),
    RUN_ROW(logit_gradient_cross_entropy, "", "mean length of the cross-entropy's gradient by the logits"),
    RUN_ROW(logit_gradient_mse, "", "the same of MSE on softmax outputs"),
    PROBE_ROW(step, "steps", "the step that was probed"),
    PROBE_ROW(loss, "", "loss of the probe batch"),
    PROBE_ROW(gradient_norm, "", "norm of its gradient"),
    PROBE_ROW(lambda_max, "", "largest eigenvalue of the Hessian"),
    PROBE_ROW(lambda_min, "", "lowest eigenvalue"),
    PROBE_ROW(asymmetry, "", "|lambda_min| / lambda_max"),
    PROBE_ROW(positive, "", "positive eigenvalues among those known"),
    PROBE_ROW(negative, "", "negative ones"),
    PROBE_ROW(zero, "", "those that are zero within the tolerance"),
    PROBE_ROW(whole, "", "1 if the whole spectrum is known, else 0"),
    PROBE_ROW(ratio, "", "minimum ratio: positive of all eigenvalues; an estimate unless the whole spectrum is known, for which the density has to be asked for"),
    PROBE_ROW(ratio_error, "", "its error; 0 of a whole spectrum"),
    PROBE_ROW(ratio_signed, "", "positive of those that are not zero, in the same way"),
    PROBE_ROW(ratio_signed_error, "", "its error"),
    PROBE_ROW(gauss_newton_ratio, "", "positive of all eigenvalues of the Gauss-Newton matrix, where it and the density were asked for"),
    PROBE_ROW(trace, "", "trace of the Hessian"),
    PROBE_ROW(gauss_newton_max, "", "largest eigenvalue of the Gauss-Newton matrix, where asked for"),
    PROBE_ROW(sharpness, "", "learning rate times lambda_max, as the optimizer sees it"),
    PROBE_ROW(stability_limit, "", "the optimizer's limit of that"),
    ESCAPE_ROW(possible, "", "1 if a direction of negative curvature is known, else 0"),
    ESCAPE_ROW(length, "", "length of the last step along the eigenvector"),
    ESCAPE_ROW(predicted, "", "change of the loss that the quadratic model predicted"),
    ESCAPE_ROW(came, "", "change that came"),
    ESCAPE_ROW(loss, "", "loss of the probe batch after it"),
    LANDSCAPE_ROW(loss, "", "loss at the weights"),
    LANDSCAPE_ROW(least, "", "least loss on the slice"),
    LANDSCAPE_ROW(most, "", "largest loss on the slice"),
    LANDSCAPE_ROW(lambda_max, "", "largest eigenvalue of the Hessian at the weights"),
    LANDSCAPE_ROW(sharpness, "%", "ε-sharpness (Keskar et al.): how much higher the loss gets in a small box around the weights"),
    RACER_ROW(steps, "steps", "steps that the racer has made; NAME is as the Race view has it, - and blanks written _"),
    RACER_ROW(loss, "", "its loss"),
    RACER_ROW(gradient_norm, "", "norm of its gradient"),
    RACER_ROW(x, "", "its first coordinate"),
    RACER_ROW(y, "", "its second coordinate"),
    RACER_ROW(arrived, "", "1 if it met the condition to stop, else 0"),
    RACER_ROW(diverged, "", "1 if it diverged, else 0"),
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Those that the table cannot hold. */
static const struct quantity_row others[] = {
    {"", "setting.NAME", "", "a setting, by the name that --set takes; a choice is a text"},
    {"", "state", "", "why the loss does not fall, a text: \"critical point\", \"bouncing between walls\", \"plateau\", \"divergence\", \"still falling\" or \"too early to tell\""},
    {"probe", "verdict", "", "a text: \"slope\", \"plateau\", \"saddle\", \"minimum-like\" or \"flat\""},
    {"race", "steps", "steps", "steps of the race"},
    {"COMMAND", "KEY.KEY", "", "what a command printed with --json, as sweep.cell.1.mean or theory.bound; items of lists count from 1"},
};
enum { OTHERS = sizeof others / sizeof *others };

const struct quantity_row *quantity_at(int i)
{
    if (i < 0 || i >= ROWS + OTHERS)
        return NULL;
    return i < ROWS ? &rows[i].told : &others[i - ROWS];
}

static const struct row *find(const char *group, const char *name)
{
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].told.group, group) == 0 && strcmp(rows[i].told.name, name) == 0)
            return &rows[i];
    return NULL;
}

/* ---- reading ---------------------------------------------------------------------------------- */

static int put(struct expression_value *v, double number)
{
    *v = (struct expression_value){.number = number};
    return 0;
}

static int put_text(struct expression_value *v, const char *text)
{
    *v = (struct expression_value){.is_text = 1, .number = NAN};
    text_copy(v->text, sizeof v->text, text);
    return 0;
}

/* A setting of a run, or of none yet. */
static int read_setting(const struct snapshot *s, const char *name, struct expression_value *v)
{
    int id = knob_find(name);

    if (id < 0)
        return -1;
    if (!s || !s->version)
        return put(v, NAN);
    if (knob_row((enum knob_id)id)->type == KNOB_CHOICE)
        return put_text(v, knob_choice((enum knob_id)id, (int)s->knobs.value[id]));
    if (knob_row((enum knob_id)id)->type == KNOB_TEXT)
        return put_text(v, knobs_value(&s->knobs, (enum knob_id)id).text);
    return put(v, s->knobs.value[id]);
}

static int read_run(const struct snapshot *s, const char *name, struct expression_value *v)
{
    const struct row *row = find("", name);

    if (row)
        return put(v, s && s->version ? row->of_run(s) : NAN);
    if (strcmp(name, "state") == 0)
        return s && s->version ? put_text(v, diagnosis_name(s->stuck.verdict)) : put(v, NAN);
    return strncmp(name, "setting.", 8) == 0 ? read_setting(s, name + 8, v) : -1;
}

static int read_probe(const struct curvature_view *c, const char *name, struct expression_value *v)
{
    const struct row *row = find("probe", name);

    if (row)
        return put(v, c ? row->of_probe(c) : NAN);
    if (strcmp(name, "verdict") == 0)
        return c && c->known ? put_text(v, verdict_name(c->verdict.verdict)) : put(v, NAN);
    return -1;
}

/* "saddle-free 2" is written saddle_free_2. */
static int is_called(const char *label, const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (label[i] != name[i] && !(name[i] == '_' && label[i] && strchr("- .", label[i])))
            return 0;
    return label[n] == '\0';
}

static int read_race(const struct race_model *m, const char *name, struct expression_value *v)
{
    const char *dot = strrchr(name, '.');
    const struct row *row = dot ? find("race.NAME", dot + 1) : NULL;

    if (strcmp(name, "steps") == 0)
        return put(v, m ? (double)m->steps : NAN);
    if (!row || dot == name || (name[0] >= '0' && name[0] <= '9')) /* race.1.loss is of the command */
        return -1;
    for (int i = 0; m && i < m->racers; i++)
        if (is_called(m->name[i], name, (size_t)(dot - name)))
            return put(v, row->of_racer(m, race_racer(m->race, i)));
    return put(v, NAN);
}

static int read_kept(const struct quantity_kept *k, const char *name, struct expression_value *v)
{
    for (int i = 0; k && i < k->count; i++)
        if (strcmp(k->pair[i].name, name) == 0) {
            *v = k->pair[i].value;
            return 0;
        }
    return -1;
}

static int is_run(const char *name)
{
    return name[0] >= 'A' && name[0] < 'A' + TRAINER_RUNS && name[1] == '.';
}

/* Those that need nothing kept: 0, or −1. */
static int read_measured(const struct quantity_world *w, const char *name, struct expression_value *v)
{
    if (is_run(name)) {
        int id = name[0] - 'A';
        return read_run(w->runs && w->runs->there >> id & 1 ? &w->runs->run[id] : NULL, name + 2, v);
    }
    if (strncmp(name, "probe.", 6) == 0)
        return read_probe(w->curvature, name + 6, v);
    if (strncmp(name, "escape.", 7) == 0) {
        const struct row *row = find("escape", name + 7);
        return row ? put(v, w->curvature ? row->of_probe(w->curvature) : NAN) : -1;
    }
    if (strncmp(name, "landscape.", 10) == 0) {
        const struct row *row = find("landscape", name + 10);
        return row ? put(v, w->landscape ? row->of_landscape(w->landscape) : NAN) : -1;
    }
    if (strncmp(name, "race.", 5) == 0)
        return read_race(w->race, name + 5, v);
    return read_run(w->runs ? &w->runs->run[w->runs->focus] : NULL, name, v);
}

static int unknown(const char *name, struct err *e)
{
    return err_set(e, ERR_INPUT, "there is no quantity \"%s\"", name);
}

int quantity_read(void *context, const char *name, struct expression_value *v, struct err *e)
{
    const struct quantity_world *w = context;
    size_t n = strcspn(name, ".");

    if (read_measured(w, name, v) == 0 || read_kept(w->kept, name, v) == 0)
        return 0;
    for (int i = 0; w->kept && i < w->kept->count; i++) /* something of that command, though not this */
        if (strncmp(w->kept->pair[i].name, name, n) == 0 && name[n] == '.' && w->kept->pair[i].name[n] == '.')
            return err_set(e, ERR_INPUT, "%.*s printed no \"%s\"", (int)n, name, name + n + 1);
    return unknown(name, e);
}

int quantity_known(void *context, const char *name, struct expression_value *v, struct err *e)
{
    static const struct quantity_world nothing;
    const struct quantity_words *words = context;
    size_t n = strcspn(name, ".");

    if (read_measured(&nothing, name, v) == 0)
        return 0;
    for (int i = 0; words->first[i]; i++)
        if (strlen(words->first[i]) == n && strncmp(words->first[i], name, n) == 0)
            return put(v, NAN);
    return unknown(name, e);
}

/* ---- sentences -------------------------------------------------------------------------------- */

/* At most 4 significant digits. */
static void show(const struct expression_value *v, char *out, size_t size)
{
    double size_of = fabs(v->number);

    if (v->is_text)
        snprintf(out, size, "%s", v->text);
    else if (isnan(v->number))
        snprintf(out, size, "?");
    else if (v->number == floor(v->number) && size_of >= 1000 && size_of < 1e12) {
        char count[TEXT_COUNT];
        text_count(count, sizeof count, (uint64_t)size_of);
        snprintf(out, size, "%s%s", v->number < 0 ? "-" : "", count);
    } else if (v->number == floor(v->number) || size_of >= 999.5)
        snprintf(out, size, "%.4g", v->number);
    else
        snprintf(out, size, "%#.4g", v->number); /* figures beside each other have as many digits: 2.730 and 2.458 */
}

void quantity_fill(const char *sentence, const struct expression_names *names, char *out, size_t size)
{
    size_t used = 0;

    while (*sentence && used + 1 < size) {
        size_t n = *sentence == '{' ? strcspn(sentence, "}") : 0;
        char name[EXPRESSION_NAME], shown[EXPRESSION_WORD] = "?";
        struct expression_value v;
        struct err unread;
        if (!n || sentence[n] != '}' || n > sizeof name) {
            out[used++] = *sentence++;
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)n - 1, sentence + 1);
        if (expression_evaluate(name, names, &v, &unread) == 0)
            show(&v, shown, sizeof shown);
        used += (size_t)snprintf(out + used, size - used, "%s", shown);
        used = used < size ? used : size - 1;
        sentence += n + 1;
    }
    out[used] = '\0';
}
