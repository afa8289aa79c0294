/* SPDX-License-Identifier: MIT */
#include "data/pt.h"

#include <math.h>
#include <stdlib.h>

#include "data/container.h"
#include "data/pt-zip.h"

static const int64_t most_values = 1 << 26; /* of a tensor: a stride of 0 makes many out of few */

static int check_shape(const struct pickle_tensor *p, int64_t cols, const char *path, struct err *e)
{
    if (p->dims != 2)
        return err_set(e, ERR_INPUT, "%s: tensor is %d-D, expected [frames, %lld]", path, p->dims,
                       (long long)cols);
    if (p->size[1] != cols || p->size[0] < 1)
        return err_set(e, ERR_INPUT, "%s: tensor is [%lld, %lld], expected [frames, %lld]", path,
                       (long long)p->size[0], (long long)p->size[1], (long long)cols);
    if (p->size[0] > most_values / cols)
        return err_set(e, ERR_INPUT, "%s: %lld frames are more than saddle supports", path, (long long)p->size[0]);
    return 0;
}

/* offset + Σ(size − 1)·stride must lie in the storage. Sizes are small positive numbers here. */
static int check_reach(const struct pickle_tensor *p, const char *path, struct err *e)
{
    int64_t last = p->offset, step;
    int wrong = p->offset < 0;

    for (int i = 0; i < p->dims; i++)
        wrong |= p->stride[i] < 0 || __builtin_mul_overflow(p->size[i] - 1, p->stride[i], &step) ||
                 __builtin_add_overflow(last, step, &last);
    if (wrong || last >= p->elements)
        return err_set(e, ERR_INPUT,
                       "%s: tensor at offset %lld, strides [%lld, %lld], leaves its storage of %lld elements",
                       path, (long long)p->offset, (long long)p->stride[0], (long long)p->stride[1],
                       (long long)p->elements);
    return 0;
}

static int load(struct pt_tensor *t, const struct pickle_tensor *p, const unsigned char *storage,
                const char *path, struct err *e)
{
    int64_t rows = p->size[0], cols = p->size[1], width = storage_width(p->storage), at;

    *t = (struct pt_tensor){rows, cols, malloc(sizeof *t->values * (size_t)(rows * cols))};
    if (!t->values)
        return err_memory(e, path, sizeof *t->values * (unsigned long long)(rows * cols));
    if (p->stride[0] == cols && p->stride[1] == 1)
        storage_load(p->storage, storage + p->offset * width, 1, rows * cols, t->values);
    else
        for (int64_t i = 0; i < rows; i++)
            storage_load(p->storage, storage + (p->offset + i * p->stride[0]) * width, p->stride[1], cols,
                                      t->values + i * cols);
    at = dataset_find_nonfinite(t->values, rows * cols);
    if (at < rows * cols)
        return err_set(e, ERR_INPUT, "%s: frame %lld, dimension %lld, is %s", path, (long long)(at / cols),
                       (long long)(at % cols), isnan(t->values[at]) ? "not a number" : "infinite");
    return 0;
}

static int read_description(struct pt_zip *r, struct pickle_tensor *p, int64_t cols)
{
    unsigned char *pickle = NULL;
    int64_t size = 0;
    int bad = pt_zip_pickle(r, PT_MOST_NOTE, &pickle, &size);

    if (bad == 0)
        bad = pickle_read(pickle, (size_t)size, p, r->path, r->e);
    free(pickle);
    if (bad == 0)
        bad = check_shape(p, cols, r->path, r->e);
    return bad ? bad : check_reach(p, r->path, r->e);
}

static int read_storage(const struct pt_zip *r, const struct pickle_tensor *p, struct pt_tensor *t)
{
    unsigned char *storage = NULL;
    int bad = pt_zip_storage(r, p, &storage);

    if (bad == 0)
        bad = load(t, p, storage, r->path, r->e);
    free(storage);
    return bad;
}

int pt_read(struct pt_tensor *t, const char *path, int64_t cols, struct err *e)
{
    struct pt_zip r = {.path = path, .e = e};
    struct pickle_tensor p;
    int bad = pt_zip_open(&r);

    *t = (struct pt_tensor){0};
    if (bad == 0)
        bad = read_description(&r, &p, cols);
    if (bad == 0)
        bad = read_storage(&r, &p, t);
    pt_zip_close(&r);
    if (bad)
        pt_free(t);
    return bad;
}

void pt_free(struct pt_tensor *t)
{
    free(t->values);
    *t = (struct pt_tensor){0};
}
