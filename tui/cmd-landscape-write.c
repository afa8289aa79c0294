/* saddle landscape -o: numbers as safetensors, or a picture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd-landscape.h"
#include "core/file.h"
#include "data/safetensors.h"
#include "landscape-picture.h"

static void put_number(struct safetensors_writer *s, const char *key, double v)
{
    char text[32];

    snprintf(text, sizeof text, "%.17g", v);
    safetensors_writer_meta(s, key, text);
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
    put_number(s, "frames", (double)w->batch.examples * w->batch.answers);
    put_number(s, "seed", (double)w->seed);
    put_number(s, "loss", f[0].loss);
    put_number(s, "lambda_max", f[0].highest);
    put_number(s, "sharpness", f[0].sharpness.percent);
    put_number(s, "epsilon", f[0].sharpness.epsilon);
    if (l->feet > 1) {
        put_number(s, "other_loss", f[1].loss);
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

/* loss [y][x] (of one axis [x]), the coordinates x and y, and path [points][2]. */
static int write_numbers(const struct landscaping *w, struct err *e)
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

static int write_picture(const struct landscaping *w, struct err *e)
{
    const char *const names[2] = {base(w->checkpoint), w->other ? base(w->other) : NULL};
    struct landscape_picture p;
    char *text = NULL;
    int r;

    if (landscape_picture_init(&p, &w->landscape, names) == 0)
        text = landscape_picture_svg(&p, names[0], (enum palette)palette_find(w->palette));
    landscape_picture_free(&p);
    if (!text)
        return err_set(e, ERR_RUNTIME, "%s: there is not enough memory for the picture", w->output);
    r = file_replace(w->output, text, strlen(text), e);
    free(text);
    return r;
}

int landscaping_write(const struct landscaping *w, struct err *e)
{
    size_t n = strlen(w->output);
    return strcmp(w->output + n - 4, ".svg") == 0 ? write_picture(w, e) : write_numbers(w, e);
}
