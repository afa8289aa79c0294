/* SPDX-License-Identifier: MIT */
/* Optimizers of matrices against published implementations, in one build. */
#include "optim/soap.h"
#include "parity-optim.h"
#include "parity-tools.h"

#ifdef SADDLE_DOUBLE
static const double TOLERANCE_MATRIX = 1e-8;
#else
static const double TOLERANCE_MATRIX = 1e-4;
#endif

/* `shapes` as hidden matrices one after the other; *n: elements of all. NULL when it holds something else. */
static struct optimizer_part *read_shapes(const json_t *shapes, int *parts, int64_t *n)
{
    struct optimizer_part *part = calloc(json_array_size(shapes) + 1, sizeof *part);

    *n = 0;
    for (*parts = 0; *parts < (int)json_array_size(shapes); ++*parts) {
        const json_t *shape = json_array_get(shapes, (size_t)*parts);
        int rows = (int)json_integer_value(json_array_get(shape, 0)),
            cols = (int)json_integer_value(json_array_get(shape, 1));
        if (json_array_size(shape) != 2 || rows < 1 || cols < 1) {
            free(part);
            return NULL;
        }
        part[*parts] = (struct optimizer_part){.offset = (size_t)*n, .count = (size_t)rows * (size_t)cols, .rows = rows,
                                               .cols = cols, .hidden = 1, .scaled = 1};
        *n += (int64_t)rows * cols;
    }
    return part;
}

/* A basis whose vectors are columns of the case, rows of ours. */
static void take_basis(const json_t *q, int n, real *basis, struct parity_report *r)
{
    int64_t given;
    double *values = numbers(q, &given);

    if (given != (int64_t)n * n)
        fail(r, "init.Q", " is of another size");
    for (int i = 0; given == (int64_t)n * n && i < n; i++)
        for (int j = 0; j < n; j++)
            basis[i * n + j] = (real)values[j * n + i];
    free(values);
}

/* SOAP's bases after the first call, where the case gives them. */
static void take_bases(struct stepper *s, int64_t n, const json_t *init, struct parity_report *r)
{
    static const char *const known[] = {"Q", NULL};
    const json_t *all = json_object_get(init, "Q");
    real *at = s->memory.vector + SOAP_MATRICES * n;

    refuse_unread(init, known, r);
    if (strcmp(s->kind->name, "soap") != 0 || json_array_size(all) != (size_t)s->args.parts)
        fail(r, "init", ": nothing takes it");
    for (int i = 0; r->outcome == PARITY_OK && i < s->args.parts; i++) {
        const struct optimizer_part *p = &s->args.part[i];
        const json_t *pair = json_array_get(all, (size_t)i);
        struct soap_matrices m;
        at = soap_matrices(p, at, &m);
        take_basis(json_array_get(pair, 0), p->rows, m.left_basis, r);
        take_basis(json_array_get(pair, 1), p->cols, m.right_basis, r);
    }
}

static void run_steps(struct stepper *s, const json_t *c, int64_t n, real *theta, struct parity_report *r)
{
    const json_t *grads = json_object_get(c, "grads"), *init = json_object_get(c, "init");
    const json_t *thetas = json_object_get(json_object_get(c, "expect"), "theta");

    for (size_t t = 0; r->outcome == PARITY_OK && t < json_array_size(grads); t++) {
        int64_t same;
        real *gradient = R(read_vector)(json_array_get(grads, t), &same);
        if (same == n)
            R(stepper_step)(s, n, theta, gradient);
        else
            fail(r, "gradient", " is of another size");
        free(gradient);
        R(compare_vector)("theta", json_array_get(thetas, t), theta, n, TOLERANCE_MATRIX, r);
        if (t == 0 && init)
            take_bases(s, n, init, r);
    }
    if (json_array_size(grads) == 0 || json_array_size(grads) != json_array_size(thetas))
        fail(r, "steps", " are not all compared");
}

void R(matrix_optimizer_case)(const json_t *c, struct parity_report *r)
{
    static const char *const given[] = {"kind",   "name",  "algorithm", "hyper", "shapes",
                                        "theta0", "grads", "init",      "expect", NULL};
    static const char *const known[] = {"theta", NULL};
    int64_t n, all;
    int parts;
    real *theta = R(read_vector)(json_object_get(c, "theta0"), &n);
    struct optimizer_part *part = read_shapes(json_object_get(c, "shapes"), &parts, &all);
    struct stepper s;

    refuse_unread(c, given, r);
    refuse_unread(json_object_get(c, "expect"), known, r);
    if (!part || all != n)
        fail(r, "shapes", " do not fit theta0");
    else {
        if (R(stepper_open)(&s, c, n, part, parts, r) == 0)
            run_steps(&s, c, n, theta, r);
        R(stepper_close)(&s);
    }
    free(part);
    free(theta);
}
