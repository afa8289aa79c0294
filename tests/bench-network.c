/* SPDX-License-Identifier: MIT */
/* How much of a step is matrix products: each row's step against the same products alone, on the same pool, each
 * worker its shard with single-threaded products. And what becomes of a step when another process wants a core. */
#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/memory.h"
#include "math/blas.h"
#include "net/network.h"
#include "net/recurrent.h"
#include "optim/optimizer.h"
#include "run/batch.h"
#include "run/recipe.h"

enum { MOST_PRODUCTS = 4096, CLASSES = 41, STEPS_BESIDE = 12, LEAST_EXAMPLES = 32 /* of a shard */ };
static const size_t SCRATCH = 32u << 20;  /* bytes of activations that products alone walk through, at least */
static const double LONGEST_STEP = 5;     /* seconds: a step that would take longer is timed on a smaller batch */
static const double LIKELY_SHARE = .4;    /* of the peak, to tell how long it would take */

static const char *const STRONG = "linear 1024 relu bn dropout=.2 x3 | linear 41";

struct row {
    const char *name, *net; /* net NULL: the recipe of this name, on frames of so many features */
    int steps, width, batch;
    enum { STEP, EVALUATION, CURVATURE, BESIDE } what;
    double asked; /* curvature: gradients at most; beside a process: times as long at most */
};

/* The rows of the engine's table of speed. */
static const struct row table[] = {
    {"strong", STRONG, 1, 741, 512, STEP, 0},
    {"small", "linear 256 relu x2 | linear 41", 1, 429, 512, STEP, 0},
    {"bilstm-last", "lstm 256x2 bi | last | linear 41", 19, 39, 128, STEP, 0},
    {"bilstm-center", "lstm 256x2 bi | center | linear 41", 19, 39, 128, STEP, 0},
    {"bilstm-all", "lstm 256x2 bi | all | linear 41", 19, 39, 128, STEP, 0},
    {"utterance", "lstm 256x2 bi | all | linear 41", 200, 39, 16, STEP, 0},
    {"strong-evaluation", STRONG, 1, 741, 512, EVALUATION, 0},
    {"rnn", NULL, 0, 39, 0, STEP, 0},
    {"boss-window", NULL, 0, 39, 0, STEP, 0},
    {"strong-hessian", STRONG, 1, 741, 512, CURVATURE, 3.5},
    {"strong-taken-core", STRONG, 1, 741, 512, BESIDE, 2.2},
};

struct product {
    void (*run)(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc);
    int m, n, k, lda, ldb, ldc;
    size_t a, b, c; /* bytes into the scratch */
};

struct work {
    const struct row *row;
    struct pool *pool;
    struct network net;
    struct workspace *space;
    struct batch_job job;
    real *theta, *statistics, *gradient, *v, *slot[OPTIMIZER_SLOTS];
    const struct optimizer *optimizer;
    struct optimizer_args args;
    struct product product[MOST_PRODUCTS];
    int products, shards;
    int batch, whole; /* examples that are timed; that the row is about */
    size_t at, room;  /* where the next piece goes; of one shard's scratch */
    char *scratch; /* one piece a shard */
    double flop;
    pid_t other; /* a process that wants a core, stopped but for its rounds */
};

/* ---- products alone ------------------------------------------------------------------------- */

static size_t piece(struct work *w, size_t rows, size_t ld)
{
    size_t bytes = memory_round(rows * ld * sizeof(real));

    w->room = bytes > w->room ? bytes : w->room;
    if (w->at + bytes > w->room)
        w->at = 0;
    w->at += bytes;
    return w->at - bytes;
}

/* One product of kind f: forward, w: weight gradient, b: input gradient, on pieces a, b and c. */
static void add(struct work *w, char kind, int m, int n, int k, size_t a, size_t b, size_t c)
{
    struct product *p = &w->product[w->products++];

    if (m == 0 || k == 0 || w->products > MOST_PRODUCTS)
        abort();
    *p = (struct product){.m = m, .n = n, .k = k, .ldc = n, .a = a, .b = b, .c = c};
    p->run = kind == 'f' ? R(blas).nt : kind == 'b' ? R(blas).nn : R(blas).tn;
    p->lda = kind == 'w' ? m : k;
    p->ldb = kind == 'f' ? k : n;
    w->flop += 2.0 * m * n * k * w->shards;
}

/* The products of one matrix [out][in] with `rows` rows; they share it, its input and its output. */
static void add_matrix(struct work *w, int rows, int out, int in, int input)
{
    size_t x = piece(w, (size_t)rows, (size_t)in), y = piece(w, (size_t)rows, (size_t)out);
    size_t matrix = piece(w, (size_t)out, (size_t)in), gradient = piece(w, (size_t)out, (size_t)in);

    add(w, 'f', rows, out, in, x, matrix, y);
    if (w->row->what == EVALUATION)
        return;
    add(w, 'w', out, in, rows, y, x, gradient);
    if (input)
        add(w, 'b', rows, in, out, y, matrix, piece(w, (size_t)rows, (size_t)in));
}

/* The recurrent matrix of one track: a product a step forward and back, all steps' weight gradient in one. */
static void add_track(struct work *w, int steps, int examples, int wide, int hidden)
{
    int rows = (steps - 1) * examples;
    size_t h = piece(w, (size_t)rows, (size_t)hidden), gates = piece(w, (size_t)rows, (size_t)wide);
    size_t matrix = piece(w, (size_t)wide, (size_t)hidden), gradient = piece(w, (size_t)wide, (size_t)hidden);
    size_t dh = piece(w, (size_t)examples, (size_t)hidden), step = sizeof(real) * (size_t)examples;

    for (int k = 0; k < steps - 1; k++) {
        size_t at = gates + (size_t)k * step * (size_t)wide;
        add(w, 'f', examples, wide, hidden, h + (size_t)k * step * (size_t)hidden, matrix, at);
        if (w->row->what != EVALUATION)
            add(w, 'b', examples, hidden, wide, at, matrix, dh);
    }
    if (steps > 1 && w->row->what != EVALUATION)
        add(w, 'w', wide, hidden, rows, gates, h, gradient);
}

static void add_recurrent(struct work *w, const struct layer *l, int examples)
{
    int wide = l->kind->cell->gates * l->spec.width;

    for (int level = 0; level < l->spec.levels; level++)
        for (int d = 0; d < recurrent_directions(l); d++) {
            struct track t = R(recurrent).track(l, level, d);
            add_matrix(w, t.count * examples, wide, t.in, level > 0 || l->index > 0);
            add_track(w, t.count, examples, wide, l->spec.width);
        }
}

static void list_products(struct work *w)
{
    int examples = w->batch / w->shards;

    w->products = 0;
    w->flop = 0;
    for (int i = 0; i < w->net.count; i++) {
        const struct layer *l = &w->net.layer[i];
        if (l->kind->cell)
            add_recurrent(w, l, examples);
        else if (strcmp(l->kind->name, "linear") == 0)
            add_matrix(w, l->in.steps * examples, l->out.width, l->in.width, i > 0);
    }
}

static void run_products(void *context, int shard)
{
    struct work *w = context;
    char *base = w->scratch + (size_t)shard * w->room;

    for (int i = 0; i < w->products; i++) {
        const struct product *p = &w->product[i];
        p->run(p->m, p->n, p->k, (real *)(base + p->a), p->lda, (real *)(base + p->b), p->ldb, 0,
               (real *)(base + p->c), p->ldc);
    }
}

static void products_alone(void *context)
{
    struct work *w = context;

    pool_run(w->pool, run_products, w, w->shards);
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void update_part(void *context, int part)
{
    struct work *w = context;
    int64_t lines = (w->net.parameters + REAL_PAD - 1) / REAL_PAD, n = w->net.parameters;
    int64_t from = lines * part / w->shards * REAL_PAD, to = lines * (part + 1) / w->shards * REAL_PAD;
    real *slot[OPTIMIZER_SLOTS];

    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        slot[k] = w->slot[k] + from;
    w->optimizer->step(&w->args, (size_t)((to < n ? to : n) - from), w->theta + from, w->gradient + from, slot);
}

static void gradient_alone(void *context)
{
    struct work *w = context;
    struct batch_result r;

    w->job.step++;
    R(network).gradient(w->space, w->pool, &w->job, w->gradient, &r);
}

static void whole_step(void *context)
{
    struct work *w = context;

    gradient_alone(w);
    R(network).commit(w->space, w->statistics);
    w->args.t++;
    pool_run(w->pool, update_part, w, w->shards);
}

static void evaluation(void *context)
{
    struct work *w = context;
    struct batch_result r;

    R(network).evaluate(w->space, w->pool, &w->job, &r);
}

static void curvature(void *context)
{
    struct work *w = context;

    R(network).hessian_vector(w->space, w->pool, &w->job, w->v, w->gradient);
}

/* ---- beside another process ----------------------------------------------------------------- */

/* A process that wants a core all the time; it ends with this one. Returns −1 when there can be none. */
static pid_t start_other(void)
{
    pid_t parent = getpid(), child = fork();
    volatile uint64_t turns = 0;

    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    raise(SIGSTOP);
    while (getppid() == parent)
        for (int i = 0; i < 1 << 28; i++)
            turns++;
    _exit(0);
}

static void steps(void *context)
{
    for (int i = 0; i < STEPS_BESIDE; i++)
        whole_step(context);
}

static void steps_beside(void *context)
{
    const struct work *w = context;

    kill(w->other, SIGCONT);
    steps(context);
    kill(w->other, SIGSTOP);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void fill(void *context, int first, int count, real *x, int ld, uint8_t *labels)
{
    const struct network *n = context;
    int own = n->layer[n->count - 1].out.steps;

    for (int i = 0; i < count * n->in.steps; i++)
        for (int j = 0; j < n->in.width; j++)
            x[(size_t)i * (size_t)ld + (size_t)j] = (real)((i * 31 + j * 17 + first) % 64) / 32 - 1;
    for (int i = 0; i < count * own; i++)
        labels[i] = (uint8_t)((first + i) % CLASSES);
}

/* The network, its input and its batch: the row's own, or the recipe's. */
static int open_network(struct work *w, struct err *e)
{
    const struct row *row = w->row;
    struct shape in = {row->steps, row->width};
    struct network_spec spec;
    struct knobs k;

    w->whole = row->batch;
    knobs_standard(&k);
    if (!row->net && recipe_load(&k, row->name, e) != 0)
        return -1;
    if (spec_parse(&spec, row->net ? row->net : k.network, e) != 0)
        return -1;
    if (!row->net) {
        in = feed_shape(&(struct dataset){.dims = row->width}, &k, &spec);
        w->whole = (int)k.value[KNOB_BATCH_SIZE];
    }
    return R(network).build(&w->net, &spec, in, e);
}

/* As much of the batch as a step can be timed on. */
static void choose_batch(struct work *w)
{
    w->room = SCRATCH;
    w->batch = w->whole;
    list_products(w);
    while (w->flop > LONGEST_STEP * LIKELY_SHARE * bench_peak() && w->batch >= 2 * LEAST_EXAMPLES * w->shards) {
        w->batch /= 2;
        list_products(w);
    }
}

static int open_memory(struct work *w)
{
    size_t n = sizeof(real) * (size_t)(w->net.parameters + REAL_PAD);

    w->space = R(network).workspace_new(&w->net, w->shards, w->batch);
    w->theta = memory_zeroed(n);
    w->gradient = memory_zeroed(n);
    w->v = memory_zeroed(n);
    w->statistics = memory_zeroed(sizeof(real) * (size_t)(w->net.statistics + 1));
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        w->slot[k] = memory_zeroed(n);
    w->scratch = memory_zeroed(w->room * (size_t)w->shards);
    return w->space && w->theta && w->gradient && w->v && w->scratch && w->slot[OPTIMIZER_SLOTS - 1] ? 0 : -1;
}

static int work_open(struct work *w, const struct row *row, struct pool *pool, struct err *e)
{
    memset(w, 0, sizeof *w);
    *w = (struct work){.row = row, .pool = pool, .shards = pool_workers(pool)};
    if (open_network(w, e) != 0)
        return -1;
    choose_batch(w);
    if (open_memory(w) != 0)
        return err_set(e, ERR_RUNTIME, "not enough memory");
    R(network).init(&w->net, 1, w->theta, w->statistics);
    R(network).init(&w->net, 2, w->v, w->statistics);
    for (size_t i = 0; i < w->room * (size_t)w->shards / sizeof(real); i++)
        ((real *)w->scratch)[i] = (real)(i % 97) / 97;
    w->optimizer = R(optimizers).find("adamw");
    w->args = R(optimizers).defaults(w->optimizer);
    w->args.t = 0;
    w->args.lr = 1e-4;
    w->job = (struct batch_job){.theta = w->theta,
                                .statistics = w->statistics,
                                .loss = &R(loss_cross_entropy),
                                .examples = w->batch,
                                .fill = fill,
                                .fill_context = &w->net,
                                .seed = 1};
    return 0;
}

static void work_close(struct work *w)
{
    R(network).workspace_free(w->space);
    R(network).free(&w->net);
    free(w->theta);
    free(w->gradient);
    free(w->v);
    free(w->statistics);
    free(w->scratch);
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        free(w->slot[k]);
}

static void print_beside(struct work *w)
{
    double alone, beside;

    w->other = start_other();
    if (w->other < 0)
        return;
    bench_measure(steps, steps_beside, w, &alone, &beside);
    kill(w->other, SIGKILL);
    waitpid(w->other, NULL, 0);
    bench_print(&(struct bench_row){.name = w->row->name,
                                    .seconds = beside / STEPS_BESIDE,
                                    .figure = {{"alone_ms", 1e3 * alone / STEPS_BESIDE, BENCH_FREE, 0},
                                               {"times_as_long", beside / alone, BENCH_AT_MOST, w->row->asked}}});
}

static void print_curvature(struct work *w)
{
    double gradient, product;

    bench_measure(gradient_alone, curvature, w, &gradient, &product);
    bench_print(&(struct bench_row){.name = w->row->name,
                                    .seconds = product,
                                    .figure = {{"gradient_ms", 1e3 * gradient, BENCH_FREE, 0},
                                               {"gradients", product / gradient, BENCH_AT_MOST, w->row->asked}}});
}

/* A recipe's step is timed on a part of its batch where the whole would take too long; the row says which. */
static void print_step(struct work *w)
{
    double products, step, times = (double)w->whole / w->batch;

    bench_measure(products_alone, w->row->what == EVALUATION ? evaluation : whole_step, w, &products, &step);
    bench_print(&(struct bench_row){
        .name = w->row->name,
        .seconds = step * times,
        .flop = w->flop * times,
        .products = products * times,
        .figure = {{times > 1 ? "timed_examples" : NULL, w->batch, BENCH_FREE, 0}}});
}

static void run_row(struct work *w)
{
    if (w->row->what == CURVATURE)
        print_curvature(w);
    else if (w->row->what == BESIDE)
        print_beside(w);
    else
        print_step(w);
}

void bench_networks(struct pool *pool)
{
    static struct work w;
    struct err e = {0};

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!bench_wanted(table[i].name))
            continue;
        if (work_open(&w, &table[i], pool, &e) == 0)
            run_row(&w);
        else
            fprintf(stderr, "bench: %s is not measured: %s\n", table[i].name, e.text);
        work_close(&w);
    }
}
