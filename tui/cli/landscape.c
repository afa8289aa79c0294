/* SPDX-License-Identifier: MIT */
/* saddle landscape: the loss over a slice through a checkpoint's weights. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/landscape.h"
#include "cli/figure.h"
#include "cli/subcommand.h"
#include "landscape/bezier.h"
#include "run/checkpoint.h"
#include "race/condition.h"
#include "cli/output.h"
#include "cli/setup.h"
#include "draw/style.h"

/* ---- options -------------------------------------------------------------------------------- */

static int take_text(struct landscaping *w, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {
        {"--checkpoint", &w->checkpoint}, {"--data", &w->data},   {"--split", &w->split},
        {"--directions", &w->directions}, {"--and", &w->other},   {"--extent", &w->extent},
        {"--epsilon", &w->epsilon},       {"--palette", &w->palette}, {"--output", &w->output},
        {"-o", &w->output},               {"--colormap", &w->colormap}, {"--film", &w->film}, {NULL, NULL},
    };
    const char *path;
    int r = option_take_text(texts, argc, argv, i, e);

    if (r)
        return r;
    r = option_value(argc, argv, i, "--path", &path, e);
    if (r > 0 && w->path_points == PCA_MOST_POINTS - 1)
        return err_set(e, ERR_USAGE, "more than %d --path", PCA_MOST_POINTS - 1);
    if (r > 0)
        w->path[w->path_points++] = path;
    return r;
}

static int take_number(struct landscaping *w, int argc, char **argv, int *i, struct err *e)
{
    const struct option_count numbers[] = {
        {"--frames", &w->frames, 1, 1000000},
        {"--points", &w->points, LANDSCAPE_LEAST_POINTS, LANDSCAPE_MOST_POINTS},
        {"--axes", &w->axes, 1, 2},
        {"--threads", &w->threads, 1, 256},
        {"--seed", &w->seed, 0, 1ll << 52},
        {"--curve-steps", &w->curve_steps, 1, 1000000},
        {NULL, NULL, 0, 0},
    };

    return option_take_count(numbers, argc, argv, i, e);
}

static int take_switch(struct landscaping *w, const char *argument)
{
    const struct option_switch switches[] = {
        {"--json", &w->json},
        {"--batch-statistics", &w->batch_statistics},
        {"--no-figures", &w->no_figures},
        {"--force", &w->force},
        {NULL, NULL},
    };

    return option_take_switch(switches, argument);
}

static int positive(const char *name, const char *text, double *value, struct err *e)
{
    const char *at = text;

    if (!text)
        return 0;
    if (text_number(&at, value) != 0 || *at || !(*value > 0) || !isfinite(*value))
        return err_set(e, ERR_USAGE, "%s %.40s: expected a number above 0", name, text);
    return 0;
}

/* --and alone says line, --path alone pca. */
static int choose_kind(struct landscaping *w, struct err *e)
{
    int kind = w->directions        ? landscape_kind_find(w->directions)
               : w->other           ? LANDSCAPE_LINE
               : w->path_points > 0 ? LANDSCAPE_PCA
                                    : LANDSCAPE_RANDOM;

    if (kind < 0)
        return err_set(e, ERR_USAGE, "--directions %.40s: choose random, gradient, top, ends, line, curve or pca",
                       w->directions);
    if (landscape_kind_joins(kind) != (w->other != NULL))
        return err_set(e, ERR_USAGE,
                       w->other ? "--and FILE can only be used with --directions line or curve"
                                : "--directions %s needs --and FILE, its other end", w->directions);
    if (w->curve_steps > 0 && kind != LANDSCAPE_CURVE)
        return err_set(e, ERR_USAGE, "--curve-steps N can only be used with --directions curve");
    if ((kind == LANDSCAPE_PCA) != (w->path_points > 0))
        return err_set(e, ERR_USAGE,
                       w->path_points ? "--path FILE can only be used with --directions pca"
                                      : "--directions pca needs --path FILE, one or more earlier checkpoints");
    if (w->film && (kind != LANDSCAPE_PCA || w->axes == 1))
        return err_set(e, ERR_USAGE, "--film shows a path over two axes: it needs --path FILE, one or more earlier checkpoints");
    if (landscape_kind_joins(kind) && w->axes == 2)
        return err_set(e, ERR_USAGE, "a %s has one axis", landscape_kind_name(kind));
    w->wish.kind = (enum landscape_kind)kind;
    return 0;
}

static int ends_in(const char *text, const char *ending)
{
    size_t n = strlen(text), k = strlen(ending);
    return n > k && strcmp(text + n - k, ending) == 0;
}

static int check(struct landscaping *w, struct err *e)
{
    int r;

    if (!w->checkpoint)
        return err_set(e, ERR_USAGE, "--checkpoint FILE is missing");
    if (strcmp(w->split, "train") != 0 && strcmp(w->split, "val") != 0 && strcmp(w->split, "test") != 0)
        return err_set(e, ERR_USAGE, "--split %.40s: choose train, val or test", w->split);
    if (w->output && !ends_in(w->output, ".safetensors") && !ends_in(w->output, ".svg"))
        return err_set(e, ERR_USAGE, "-o %.200s: expected a file name ending in .safetensors or .svg", w->output);
    if (w->film && !ends_in(w->film, ".svg"))
        return err_set(e, ERR_USAGE, "--film %.200s: expected a file name ending in .svg", w->film);
    r = output_differ("-o", w->output, "--film", w->film, e);
    if (r)
        return r;
    if (colormap_find(w->colormap) < 0)
        return err_set(e, ERR_USAGE, "--colormap %.40s: choose cividis, viridis, inferno or grey", w->colormap);
    if (theme_find(w->palette) < 0)
        return err_set(e, ERR_USAGE, "--palette %.40s: choose dark, light, contrast or terminal", w->palette);
    if (w->points > 0 && w->points % 2 == 0)
        return err_set(e, ERR_USAGE, "--points %lld: expected an odd number, so that one point is at the weights",
                       w->points);
    r = choose_kind(w, e);
    if (r == 0)
        r = positive("--extent", w->extent, &w->wish.extent, e);
    return r ? r : positive("--epsilon", w->epsilon, &w->wish.epsilon, e);
}

static int parse(struct landscaping *w, int argc, char **argv, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        int r = take_text(w, argc, argv, &i, e);
        if (r == 0)
            r = take_number(w, argc, argv, &i, e);
        if (r == 0)
            r = take_switch(w, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    return check(w, e);
}

/* ---- in words ------------------------------------------------------------------------------- */

int landscaping_not_finite(const struct landscape_grid *g)
{
    int count = 0;

    for (int i = 0; i < g->of; i++)
        count += !isfinite(g->z[i]);
    return count;
}

static void print_foot(const struct landscape_foot *f, const char *where)
{
    const struct sharpness_report *s = &f->sharpness;
    char name[FIGURE_NAME];

    printf("%s: loss %.6g", figure_name(name, where), f->loss);
    if (isfinite(f->highest))
        printf("  largest eigenvalue %.4g%s, |Hv-lv| %.2g", f->highest, f->converged ? "" : "?", f->residual);
    if (!isnan(s->percent))
        printf("  sharpness %.4g %% within %.0e%s", s->percent, s->epsilon, s->settled ? "" : ", at least");
    putchar('\n');
}

static void print_direction(const struct landscape_direction *d, const struct landscape_axis *a,
                            const char *name)
{
    printf("%s %s, %.4g to %.4g", name, d->name, landscape_axis_at(a, 0),
           landscape_axis_at(a, a->points - 1));
    if (isfinite(d->slope))
        printf("  slope %.4g, curvature %.4g", d->slope, d->curvature);
    if (isfinite(d->eigenvalue))
        printf("  eigenvalue %.4g%s, |Hv-lv| %.2g", d->eigenvalue, d->converged ? "" : "?", d->residual);
    if (isfinite(d->share))
        printf("  %.2f %% of the variance", 100 * d->share);
    printf("  length %.4g\n", d->length);
}

static void print_height(const struct landscape *l, const char *what, double z, int at)
{
    const struct landscape_grid *g = &l->grid;

    printf("%s %.6g at %.4g", what, z, landscape_axis_at(&g->x, at % g->x.points));
    if (l->axes == 2)
        printf(", %.4g", landscape_axis_at(&g->y, at / g->x.points));
}

static void print_words(const struct landscaping *w)
{
    const struct landscape *l = &w->landscape;
    int bad = landscaping_not_finite(&l->grid), at_lo, at_hi;
    double lo, hi;

    printf("%lld parameters, %d frames of %s, %d", (long long)l->parameters,
           w->batch.examples * w->batch.answers, w->split, l->grid.x.points);
    if (l->axes == 2)
        printf(" x %d", l->grid.y.points);
    printf(" points: %s\n", landscape_kind_name((int)l->kind));
    print_direction(&l->direction[0], &l->grid.x, "x:");
    if (l->axes == 2)
        print_direction(&l->direction[1], &l->grid.y, "y:");
    if (landscape_grid_extent(&l->grid, &lo, &hi, &at_lo, &at_hi)) {
        print_height(l, "lowest", lo, at_lo);
        print_height(l, "  highest", hi, at_hi);
        putchar('\n');
    }
    if (bad > 0)
        printf("%d of %d heights are not finite\n", bad, l->grid.of);
    if (isfinite(l->line_barrier))
        printf("barrier: line %.4g", l->line_barrier);
    if (isfinite(l->curve_barrier))
        printf(", curve %.4g", l->curve_barrier);
    if (isfinite(l->line_barrier))
        puts("  (largest loss on the way above the straight line between both losses)");
    for (int i = 0; i < l->path_points; i++)
        printf("path %d at %.4g, %.4g: loss %.4g here, %.4g on the plane, distance %.3g of %.3g\n", i + 1, l->path[i][0],
               l->path[i][1], l->path_point[i].loss, l->path_point[i].on_plane, l->path_point[i].distance,
               l->path_point[i].length);
    print_foot(&l->foot[0], w->checkpoint);
    if (l->feet > 1)
        print_foot(&l->foot[1], w->other);
    if (w->output)
        printf("wrote %s\n", w->output);
    if (w->film)
        printf("wrote %s\n", w->film);
}

/* ---- the run -------------------------------------------------------------------------------- */

static int show_progress(void *context, const struct landscape *l, const char *what, int done, int of)
{
    (void)context, (void)l;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %d of %d", what, done, of);
    return 0;
}

static float *copy_of(const float *from, int64_t n)
{
    float *to = malloc(sizeof *to * (size_t)n + 1);
    return to ? memcpy(to, from, sizeof *to * (size_t)n) : NULL;
}

/* Weights, and for a line the statistics, of another checkpoint of the same network; the run takes them in.
 */
static int take_weights(struct landscaping *w, struct run *l, const char *path, float **theta, double *step, struct err *e)
{
    struct checkpoint from = {0};
    int r = checkpoint_open(&from, path, e);

    setup_report_unknown(&from);
    if (r == 0)
        r = checkpoint_restore(&from, l, 0, e);
    *step = r ? NAN : checkpoint_step(&from);
    checkpoint_close(&from);
    if (r)
        return r;
    *theta = copy_of(state_theta(run_state(l)), run_network(l)->parameters);
    if (w->other)
        w->statistics = copy_of(state_statistics(run_state(l)), run_network(l)->statistics);
    if (!*theta || (w->other && !w->statistics))
        return err_memory(e, "weights", sizeof **theta * (unsigned long long)run_network(l)->parameters);
    return 0;
}

static int take_others(struct landscaping *w, struct run *l, struct err *e)
{
    int r = w->other ? take_weights(w, l, w->other, &w->theta[0], &w->step[0], e) : 0;

    for (int i = 0; r == 0 && i < w->path_points; i++)
        r = take_weights(w, l, w->path[i], &w->theta[i], &w->step[i], e);
    return r;
}

static int look(struct landscaping *w, struct run *l, struct err *e)
{
    const struct source *set = strcmp(w->split, "train") == 0 ? run_source(l, RUN_TRAIN)
                               : strcmp(w->split, "val") == 0 ? run_source(l, RUN_VALIDATION)
                                                              : run_source(l, RUN_TEST);
    const float *path[PCA_MOST_POINTS];
    struct landscape_ask ask = {
        .other = w->other ? w->theta[0] : NULL, .other_statistics = w->statistics, .path = path};
    struct network_spec spec;
    int r = probe_input_batch(l, set, (int)w->frames, (uint64_t)w->seed, &w->batch, e);

    if (r == 0 && w->wish.kind == LANDSCAPE_CURVE)
        r = probe_input_batch(l, run_source(l, RUN_TRAIN), BEZIER_FRAMES, (uint64_t)w->seed + 1, &w->train, e);
    if (r == 0)
        r = probe_input_ask(l, &w->batch, &spec, &ask.point, e);
    if (r)
        return r;
    for (int i = 0; i < w->path_points; i++)
        path[i] = w->theta[i];
    path[w->path_points] = state_theta(run_state(l));
    ask.path_points = w->path_points + 1;
    ask.point.batch_statistics = w->batch_statistics;
    ask.wish = w->wish;
    ask.train = w->train.examples > 0 ? &w->train : NULL;
    ask.wish.curve_steps = (int)w->curve_steps;
    ask.wish.axes = (int)w->axes;
    ask.wish.points = (int)w->points;
    ask.wish.no_figures = w->no_figures;
    ask.wish.vectors = w->output && ends_in(w->output, ".safetensors");
    ask.wish.seed = (uint64_t)w->seed;
    ask.wish.progress = show_progress;
    r = landscape_run(&ask, &w->landscape, e);
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    return r;
}

static void forget(struct landscaping *w)
{
    landscape_free(&w->landscape);
    probe_batch_free(&w->batch);
    probe_batch_free(&w->train);
    for (int i = 0; i < PCA_MOST_POINTS; i++)
        free(w->theta[i]);
    free(w->statistics);
}

/* Before what takes minutes. */
static int check_output(const struct landscaping *w, struct err *e)
{
    const char *inputs[PCA_MOST_POINTS + 3] = {w->checkpoint};
    int n = 1, r = 0;

    if (w->data)
        inputs[n++] = w->data;
    if (w->other)
        inputs[n++] = w->other;
    memcpy(inputs + n, w->path, sizeof *inputs * (size_t)w->path_points);
    if (w->output)
        r = output_check(w->output, ends_in(w->output, ".svg") ? OUTPUT_PICTURE : OUTPUT_LANDSCAPE, inputs, w->force, e);
    if (r == 0 && w->film)
        r = output_check(w->film, OUTPUT_PICTURE, inputs, w->force, e);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct landscaping w = {.split = "train", .palette = "light", .colormap = "cividis", .frames = 2048};
    struct checkpoint from = {0};
    struct setup run = {0};
    int r = parse(&w, argc, argv, e);

    if (r == 0)
        r = check_output(&w, e);
    if (r == 0)
        r = checkpoint_open(&from, w.checkpoint, e);
    setup_report_unknown(&from);
    if (r == 0)
        r = setup_open_data(&run, w.data ? w.data : from.data, (int)w.threads, e);
    if (r == 0)
        r = setup_look_at(&run, &from, e);
    if (r == 0)
        r = take_others(&w, run.run, e);
    w.step[w.path_points] = r ? NAN : checkpoint_step(&from);
    if (r == 0)
        r = checkpoint_restore(&from, run.run, 0, e);
    if (r == 0)
        r = look(&w, run.run, e);
    if (r == 0)
        r = dataset_check(&run.data, e);
    if (r == 0 && w.output)
        r = landscaping_write(&w, run.run, e);
    if (r == 0 && w.film)
        r = landscaping_write_film(&w, e);
    if (r == 0 && w.json)
        landscaping_print_json(&w);
    else if (r == 0)
        print_words(&w);
    forget(&w);
    setup_close(&run);
    checkpoint_close(&from);
    return r;
}

const struct cmd cmd_landscape = {
    .name = "landscape",
    .synopsis = "landscape --checkpoint FILE [OPTION]…",
    .summary = "the loss over a slice through a checkpoint's weights",
    .help = "  --checkpoint FILE   checkpoint at the centre of the slice\n"
            "  --directions K      random (the default): two filter-normalised random directions; gradient: the\n"
            "                      gradient and its product with the Hessian; top: eigenvectors of the two largest\n"
            "                      eigenvalues; ends: of the largest and the lowest; line: towards --and; curve:\n"
            "                      the line, and a quadratic Bezier curve between the same ends whose control point is\n"
            "                      trained for low loss on the training set (Garipov et al. 2018), with the barrier of\n"
            "                      both; pca: principal components of --path\n"
            "  --and FILE          with line or curve: the checkpoint at its other end\n"
            "  --curve-steps N     with curve: steps of its training (default 400), batches of 256 frames\n"
            "  --path FILE         with pca: an earlier checkpoint; repeat it for each, in order\n"
            "  --axes N            1 or 2 (default 2; 1 for a line or curve)\n"
            "  --points N          points along an axis, odd (default 21; 81 with one axis)\n"
            "  --extent X          extent of each axis: in filter lengths (random; default 1), in line lengths beyond\n"
            "                      both ends (line; default .5), else in distance (default: the path, or to where\n"
            "                      the loss is expected to double)\n"
            "  --data D            data set (default: the one it was trained on)\n"
            "  --split S           train (the default), val or test\n"
            "  --frames N          frames in the batch (default 2048)\n"
            "  --batch-statistics  apply batch norm with the statistics of that batch, not the running ones\n"
            "  --epsilon E         half the box of the sharpness (default 1e-3)\n"
            "  --no-figures        compute the heights only, not the largest eigenvalue and sharpness\n"
            "  -o, --output FILE   write a picture (.svg) or the numbers (.safetensors): loss [y][x] at coordinates x\n"
            "                      and y, path, and all that is needed to recompute a height: theta, direction_x,\n"
            "                      direction_y, each a vector of all parameters (the weights at x, y are\n"
            "                      theta + x direction_x + y direction_y), and the statistics of batch norm; the\n"
            "                      metadata theta_layout gives the offset of each tensor in a vector\n"
            "  --film F.svg        with --path: the map as a film, in which the path is made: open it in a browser\n"
            "  --force             replace a file that is read, or that holds something else\n"
            "  --colormap NAME     its colours: cividis (the default), viridis, inferno or grey\n"
            "  --palette P         palette of the picture: dark, light (the default), contrast or terminal\n"
            "  --seed N            seed of batch and directions (default 0)\n"
            "  --threads N         compute threads (default: one per core)\n"
            "  --json              print one object: loss, least, largest, lambda_max, sharpness, axes, …\n"
            "Sharpness follows Keskar et al. (2017): 100 (max f - f) / (1 + f) in a box of epsilon (|w| + 1).\n",
    .computes = 1,
    .run = run,
};
