/* SPDX-License-Identifier: MIT */
/* saddle landscape -o: numbers as safetensors, or a picture. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/landscape.h"
#include "core/file.h"
#include "data/safetensors.h"
#include "landscape/picture.h"

static void put_number(struct safetensors_writer *s, const char *key, double v)
{
    char text[32];

    snprintf(text, sizeof text, "%.17g", v);
    safetensors_writer_meta(s, key, text);
}

/* [{"name", "offset", "shape"}, …]: the tensors that lie one after the other in a flat vector. */
static void put_layout(struct safetensors_writer *s, const char *key, int places, const struct place *place)
{
    json_t *layout = json_array(), *shape;
    char *text;

    for (int i = 0; i < places; i++) {
        shape = json_array();
        for (int k = 0; k < place[i].dims; k++)
            json_array_append_new(shape, json_integer(place[i].shape[k]));
        json_array_append_new(layout, json_pack("{s:s, s:I, s:o}", "name", place[i].name, "offset",
                                                (json_int_t)place[i].offset, "shape", shape));
    }
    text = json_dumps(layout, JSON_COMPACT | JSON_LINE_DIGITS);
    safetensors_writer_meta(s, key, text);
    free(text);
    json_decref(layout);
}

static void put_meta(struct safetensors_writer *s, const struct landscaping *w)
{
    const struct landscape *l = &w->landscape;
    const struct landscape_foot *f = l->foot;

    safetensors_writer_meta(s, "format", "saddle-landscape-1");
    safetensors_writer_meta(s, "directions", landscape_kind_name((int)l->kind));
    safetensors_writer_meta(s, "x", l->direction[0].name);
    if (l->axes == 2)
        safetensors_writer_meta(s, "y", l->direction[1].name);
    safetensors_writer_meta(s, "checkpoint", w->checkpoint);
    if (w->other)
        safetensors_writer_meta(s, "other", w->other);
    safetensors_writer_meta(s, "split", w->split);
    safetensors_writer_meta(s, "batch_statistics", w->batch_statistics ? "1" : "0");
    put_number(s, "frames", (double)w->batch.examples * w->batch.answers);
    put_number(s, "seed", (double)w->seed);
    put_number(s, "loss", f[0].loss);
    put_number(s, "lambda_max", f[0].highest);
    put_number(s, "sharpness", f[0].sharpness.percent);
    put_number(s, "epsilon", f[0].sharpness.epsilon);
    if (l->feet > 1) {
        put_number(s, "other_loss", f[1].loss);
        put_number(s, "line_barrier", l->line_barrier);
        put_number(s, "curve_barrier", l->curve_barrier);
        put_number(s, "other_lambda_max", f[1].highest);
        put_number(s, "other_sharpness", f[1].sharpness.percent);
    }
}

static double *coordinates(const struct landscape_axis *a)
{
    double *x = malloc(sizeof *x * (size_t)a->points);

    for (int i = 0; x && i < a->points; i++)
        x[i] = landscape_axis_at(a, i);
    return x;
}

/* The weights in the middle, the step along each axis, and batch norm's running statistics. */
static void put_vectors(struct safetensors_writer *s, const struct landscaping *w, const struct run *l)
{
    static const char *const names[] = {"direction_x", "direction_y"};
    const struct network *n = run_network(l);

    put_layout(s, "theta_layout", n->places, n->place);
    safetensors_writer_tensor(s, "theta", TENSOR_F32, 1, &n->parameters, state_theta(run_state(l)));
    if (w->landscape.control)
        safetensors_writer_tensor(s, "curve_control", TENSOR_F32, 1, &n->parameters, w->landscape.control);
    for (int i = 0; i < w->landscape.axes; i++)
        safetensors_writer_tensor(s, names[i], TENSOR_F32, 1, &n->parameters, w->landscape.vector[i]);
    if (n->statistics == 0)
        return;
    put_layout(s, "statistics_layout", n->statistic_places, n->statistic);
    safetensors_writer_tensor(s, "statistics", TENSOR_F32, 1, &n->statistics, state_statistics(run_state(l)));
    if (w->statistics)
        safetensors_writer_tensor(s, "other_statistics", TENSOR_F32, 1, &n->statistics, w->statistics);
}

/* loss [y][x] (of one axis [x]), the coordinates x and y, path [points][2], and the vectors. */
static int write_numbers(const struct landscaping *w, const struct run *run, struct err *e)
{
    const struct landscape *l = &w->landscape;
    const struct landscape_grid *g = &l->grid;
    int64_t nx = g->x.points, ny = g->y.points, both[2] = {ny, nx}, path[2] = {l->path_points, 2};
    struct safetensors_writer *s = safetensors_writer_new();
    double *x = coordinates(&g->x), *y = coordinates(&g->y);
    int r;

    if (!s || !x || !y)
        r = err_memory(e, "a landscape", sizeof *x * (size_t)(nx + ny));
    else {
        put_meta(s, w);
        safetensors_writer_tensor(s, "loss", TENSOR_F64, l->axes, l->axes == 2 ? both : &nx, g->z);
        safetensors_writer_tensor(s, "x", TENSOR_F64, 1, &nx, x);
        if (l->axes == 2)
            safetensors_writer_tensor(s, "y", TENSOR_F64, 1, &ny, y);
        if (l->path_points > 0)
            safetensors_writer_tensor(s, "path", TENSOR_F64, 2, path, l->path);
        if (l->curve)
            safetensors_writer_tensor(s, "curve", TENSOR_F64, 1, &nx, l->curve);
        put_vectors(s, w, run);
        r = safetensors_writer_write(s, w->output, e);
    }
    safetensors_writer_free(s);
    free(x);
    free(y);
    return r;
}

static const char *base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

enum { NAME = 200 }; /* bytes of a file's name in a title, at most */

/* Steps that rise are the path's times; checkpoints of other runs are counted instead. */
static const struct film *time_path(struct landscape_picture *p, const struct landscaping *w, double *time)
{
    static const struct film steps = {"step"}, checkpoints = {"checkpoint"};
    int n = w->path_points + 1, rising = 1;

    for (int i = 0; i < n; i++) {
        time[i] = w->step[i];
        rising &= !i || time[i] > time[i - 1];
    }
    for (int i = 0; i < n && !rising; i++)
        time[i] = i + 1;
    p->path.time = time;
    return rising ? &steps : &checkpoints;
}

static int write_picture(const struct landscaping *w, int film, struct err *e)
{
    int alike = w->other && strcmp(base(w->checkpoint), base(w->other)) == 0; /* runs/a/m and runs/b/m */
    const char *const names[2] = {alike ? w->checkpoint : base(w->checkpoint), !w->other || alike ? w->other : base(w->other)};
    const char *to = film ? w->film : w->output;
    struct landscape_picture p;
    char *text = NULL, title[2 * NAME + 8];
    double time[PCA_MOST_POINTS];
    int r;

    snprintf(title, sizeof title, w->other ? "%.*s to %.*s" : "%.*s", NAME, names[0], NAME, w->other ? names[1] : "");
    if (landscape_picture_init(&p, &w->landscape, names) == 0) {
        p.field.colormap = (enum colormap)colormap_find(w->colormap);
        if (film)
            p.field.film = time_path(&p, w, time);
        text = landscape_picture_svg(&p, title, (enum theme)theme_find(w->palette));
    }
    landscape_picture_free(&p);
    if (!text)
        return err_set(e, ERR_RUNTIME, "%s: there is not enough memory for the picture", to);
    r = file_replace(to, text, strlen(text), e);
    free(text);
    return r;
}

int landscaping_write_film(const struct landscaping *w, struct err *e)
{
    return write_picture(w, 1, e);
}

int landscaping_write(const struct landscaping *w, const struct run *l, struct err *e)
{
    size_t n = strlen(w->output);
    return strcmp(w->output + n - 4, ".svg") == 0 ? write_picture(w, 0, e) : write_numbers(w, l, e);
}
