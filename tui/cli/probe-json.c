/* SPDX-License-Identifier: MIT */
/* saddle probe --json. */
#include "cli/probe.h"

#include <math.h>

double probing_sharpness(const struct probing *p)
{
    const struct probe_report *r = &p->report;

    return p->rate * (p->limit.preconditioned ? r->preconditioned : r->verdict.highest);
}

static json_t *number(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

static json_t *numbers(int n, const double *v)
{
    json_t *a = json_array();

    for (int i = 0; i < n; i++)
        json_array_append_new(a, number(v[i]));
    return a;
}

enum column { VALUE, RESIDUAL, CONVERGED };

static json_t *pairs(int n, const struct probe_pair *p, enum column column)
{
    json_t *a = json_array();

    for (int i = 0; i < n; i++)
        json_array_append_new(a, column == VALUE      ? number(p[i].value)
                                 : column == RESIDUAL ? number(p[i].residual)
                                                      : json_boolean(p[i].converged));
    return a;
}

static json_t *both_ends(const struct probe_ends *ends, enum column column)
{
    json_t *o = json_object();

    json_object_set_new(o, "top", pairs(ends->top, ends->at_top, column));
    json_object_set_new(o, "bottom", pairs(ends->bottom, ends->at_bottom, column));
    return o;
}

static void put_ends(json_t *o, const struct probe_ends *ends)
{
    json_object_set_new(o, "eigenvalues", both_ends(ends, VALUE));
    json_object_set_new(o, "residuals", both_ends(ends, RESIDUAL));
    json_object_set_new(o, "converged", both_ends(ends, CONVERGED));
    json_object_set_new(o, "may_miss", json_boolean(ends->may_miss));
    json_line_integer(o, "products", ends->products);
}

static json_t *share(struct share s)
{
    json_t *o = json_object();

    json_line_number(o, "share", s.value);
    json_line_number(o, "error", share_error(s));
    json_line_number(o, "sampling", s.sampling);
    json_line_number(o, "truncation", s.truncation);
    return o;
}

static void put_shares(json_t *o, const struct shares *s)
{
    json_object_set_new(o, "positive", s->known ? share(s->positive) : json_null());
    json_object_set_new(o, "negative", s->known ? share(s->negative) : json_null());
    json_object_set_new(o, "of_signed", s->known ? share(s->of_signed) : json_null());
    json_line_number(o, "tolerance", s->known ? s->zero : NAN);
}

static void put_verdict(json_t *o, const struct probe_report *r)
{
    const struct verdict_report *v = &r->verdict;
    const struct shares *all = &r->density.shares;
    json_t *ratio = json_object();
    char words[80];

    verdict_words(v, words, sizeof words);
    json_object_set_new(o, "verdict", json_string(verdict_name(v->verdict)));
    json_object_set_new(o, "words", json_string(words));
    json_object_set_new(o, "evidence", json_string(v->evidence));
    json_line_number(ratio, "tolerance", v->zero);
    json_line_integer(ratio, "positive", v->positive);
    json_line_integer(ratio, "negative", v->negative);
    json_line_integer(ratio, "zero", v->zeros);
    json_line_number(ratio, "of_all", all->known ? all->positive.value : v->ratio_all);
    json_line_number(ratio, "of_signed", all->known ? all->of_signed.value : v->ratio_signed);
    json_object_set_new(o, "minimum_ratio", ratio);
    json_line_number(o, "negative_to_positive", v->asymmetry);
}

static void put_stability(json_t *o, const struct probing *p, const struct run *l)
{
    json_t *s = json_object();

    json_object_set_new(s, "optimizer", json_string(run_optimizer(l)->name));
    json_line_number(s, "learning_rate", p->rate);
    json_object_set_new(s, "preconditioned", json_boolean(p->limit.preconditioned));
    json_line_number(s, "sharpness", probing_sharpness(p));
    json_line_number(s, "limit", p->limit.limit);
    json_object_set_new(o, "stability", s);
}

static void put_anatomy(json_t *o, const struct step_anatomy *a)
{
    json_line_number(o, "predicted_gain", a->gain);
    json_line_number(o, "curvature_cost", a->cost);
    json_line_number(o, "actual", a->actual);
    json_line_number(o, "directional_sharpness", a->sharpness);
}

static void put_step(json_t *o, const struct step_ahead *s)
{
    json_t *probe = json_object();

    put_anatomy(o, &s->own);
    json_line_number(o, "step_length", s->own.length);
    put_anatomy(probe, &s->probe);
    json_object_set_new(o, "on_probe_batch", probe);
}

static void put_batch_sharpness(json_t *o, const struct probing *p)
{
    static const char *const applies[] = {
        [STABILITY_BATCHES_SMALL] = "small", [STABILITY_BATCHES_LARGE] = "large"};
    const struct batch_sharpness *b = &p->ahead.batch;
    const char *batches = applies[stability_batches(b->noise)];
    json_t *s = json_object();

    json_line_number(s, "value", b->mean);
    json_line_number(s, "error", b->error);
    json_line_integer(s, "batches", b->batches);
    json_line_number(s, "noise", b->noise);
    json_line_number(s, "limit_small", p->limit.small / p->rate);
    json_line_number(s, "limit_large", p->limit.large / p->rate);
    json_object_set_new(s, "applies", batches ? json_string(batches) : json_null());
    json_object_set_new(s, "batch_norm", json_boolean(p->batch_norm));
    json_object_set_new(o, "batch_sharpness", s);
}

static json_t *layers(const struct probe_report *r)
{
    json_t *a = json_array();

    for (int i = 0; i < r->blocks; i++) {
        const struct probe_block *b = &r->block[i];
        json_t *o = json_object();
        json_line_integer(o, "layer", b->layer);
        json_line_integer(o, "parameters", b->parameters);
        json_line_number(o, "highest", b->highest);
        json_line_number(o, "residual", b->residual);
        json_line_number(o, "trace", b->trace);
        json_line_number(o, "trace_error", b->trace_error);
        json_array_append_new(a, o);
    }
    return a;
}

json_t *probing_json(const struct probing *p, const struct run *l)
{
    const struct probe_report *r = &p->report;
    json_t *o = json_object(), *d = json_object();

    json_line_integer(o, "parameters", r->parameters);
    json_object_set_new(o, "split", json_string(p->split));
    json_line_integer(o, "frames", (long long)p->batch.examples * p->batch.answers);
    json_object_set_new(o, "whole", json_boolean(r->whole));
    json_line_number(o, "loss", r->loss);
    json_line_number(o, "gradient_norm", r->gradient_norm);
    json_line_number(o, "gradient_curvature", r->gradient_curvature);
    put_ends(o, &r->hessian);
    json_line_number(o, "trace", r->trace);
    json_line_number(o, "trace_error", r->trace_error);
    put_verdict(o, r);
    put_stability(o, p, l);
    put_step(o, &p->ahead);
    put_batch_sharpness(o, p);
    if (p->gauss_newton) {
        json_t *g = json_object();
        put_ends(g, &r->gauss_newton);
        if (p->density)
            put_shares(g, &r->gauss_newton_density.shares);
        json_object_set_new(o, "gauss_newton", g);
    }
    if (p->blocks)
        json_object_set_new(o, "layers", layers(r));
    if (p->density) {
        json_object_set_new(d, "values", numbers(r->density.count, r->density.value));
        json_object_set_new(d, "weights", numbers(r->density.count, r->density.weight));
        put_shares(d, &r->density.shares);
        json_object_set(o, "density", d);
    }
    json_decref(d);
    return o;
}
