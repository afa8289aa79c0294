/* SPDX-License-Identifier: MIT */
#include "data/state-dict.h"

#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/text.h"
#include "data/container.h"
#include "data/pt-zip.h"
#include "data/safetensors.h"

static const char checkpoint[] = "saddle-checkpoint-1"; /* has the optimizer's tensors beside the model's */
static const int64_t most_pickle = 8 << 20;          /* bytes */
static const int64_t most_values = (int64_t)1 << 30; /* of all tensors */

void state_dict_free(struct state_dict *d)
{
    for (int i = 0; i < d->count; i++)
        free(d->tensor[i].values);
    free(d->tensor);
    *d = (struct state_dict){0};
}

static int make_room(struct state_dict *d, int count, const char *path, struct err *e)
{
    if (count > PICKLE_MOST_TENSORS)
        return err_set(e, ERR_INPUT, "%s: %d tensors are more than saddle supports", path, count);
    d->tensor = calloc((size_t)count + 1, sizeof *d->tensor);
    return d->tensor ? 0 : err_memory(e, path, sizeof *d->tensor * (unsigned long long)count);
}

/* Memory for a tensor of this shape, after those before it. */
static int add(struct state_dict *d, const char *name, int dims, const int64_t *shape, int64_t *total, const char *path,
               struct err *e)
{
    struct state_tensor *t = &d->tensor[d->count];

    if (dims > STATE_MOST_DIMS)
        return err_set(e, ERR_INPUT, "%s: %s has %d dimensions; saddle supports up to %d", path, name, dims,
                       STATE_MOST_DIMS);
    text_copy(t->name, sizeof t->name, name);
    t->dims = dims;
    t->count = 1;
    for (int i = 0; i < dims; i++) {
        if (shape[i] < 1 || shape[i] > most_values / t->count)
            return err_set(e, ERR_INPUT, "%s: dimension %d of %s is %lld", path, i, name, (long long)shape[i]);
        t->shape[i] = shape[i];
        t->count *= shape[i];
    }
    *total += t->count;
    if (*total > most_values)
        return err_set(e, ERR_INPUT, "%s: more than %lld numbers are not supported", path, (long long)most_values);
    if (memory_need(path, sizeof *t->values * (unsigned long long)*total, e))
        return -e->code;
    t->values = malloc(sizeof *t->values * (size_t)t->count);
    if (!t->values)
        return err_memory(e, path, sizeof *t->values * (unsigned long long)t->count);
    d->count++;
    return 0;
}

static int check_finite(const struct state_tensor *t, const char *path, struct err *e)
{
    int64_t at = dataset_find_nonfinite(t->values, t->count);

    return at == t->count ? 0
                          : err_set(e, ERR_INPUT, "%s: value %lld of %s is %s", path, (long long)at, t->name,
                                    isnan(t->values[at]) ? "not a number" : "infinite");
}

static int check_names(const struct state_dict *d, const char *path, struct err *e)
{
    for (int i = 0; i < d->count; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(d->tensor[i].name, d->tensor[k].name) == 0)
                return err_set(e, ERR_INPUT, "%s: %s occurs twice", path, d->tensor[i].name);
    return d->count ? 0 : err_set(e, ERR_INPUT, "%s: holds no tensors by name; save model.state_dict()", path);
}

/* ---- torch.save ----------------------------------------------------------------------------- */

/* offset + Σ(size − 1)·stride must lie in the storage; sizes are above 0 and their product is small. */
static int check_reach(const struct pickle_entry *t, const char *path, struct err *e)
{
    const struct pickle_tensor *p = &t->tensor;
    int64_t last = p->offset, step;
    int wrong = p->offset < 0;

    for (int i = 0; i < p->dims; i++)
        wrong |= p->stride[i] < 0 || __builtin_mul_overflow(p->size[i] - 1, p->stride[i], &step) ||
                 __builtin_add_overflow(last, step, &last);
    return wrong || last >= p->elements
               ? err_set(e, ERR_INPUT, "%s: %s leaves its storage of %lld elements", path, t->name, (long long)p->elements)
               : 0;
}

/* Row by row of the last dimension. */
static void load(const struct pickle_tensor *p, const unsigned char *storage, struct state_tensor *t)
{
    int64_t row = p->dims ? p->size[p->dims - 1] : 1, stride = p->dims ? p->stride[p->dims - 1] : 1;
    int64_t width = storage_width(p->storage);

    for (int64_t at = 0; at < t->count; at += row) {
        int64_t from = p->offset, rest = at / row;
        for (int i = p->dims - 2; i >= 0; i--) {
            from += rest % p->size[i] * p->stride[i];
            rest /= p->size[i];
        }
        storage_load(p->storage, storage + from * width, stride, row, t->values + at);
    }
}

static int read_tensor(struct state_dict *d, const struct pt_zip *r, const struct pickle_entry *p, int64_t *total)
{
    unsigned char *storage = NULL;
    int bad = add(d, p->name, p->tensor.dims, p->tensor.size, total, r->path, r->e);

    if (bad == 0)
        bad = check_reach(p, r->path, r->e);
    if (bad == 0)
        bad = pt_zip_storage(r, &p->tensor, &storage);
    if (bad == 0) {
        load(&p->tensor, storage, &d->tensor[d->count - 1]);
        bad = check_finite(&d->tensor[d->count - 1], r->path, r->e);
    }
    free(storage);
    return bad;
}

static int read_pt(struct state_dict *d, const char *path, struct err *e)
{
    struct pt_zip r = {.path = path, .e = e};
    struct pickle_dict p = {0};
    unsigned char *pickle = NULL;
    int64_t size = 0, total = 0;
    int bad = pt_zip_open(&r);

    if (bad == 0)
        bad = pt_zip_pickle(&r, most_pickle, &pickle, &size);
    if (bad == 0)
        bad = pickle_read_dict(pickle, (size_t)size, &p, path, e);
    if (bad == 0)
        bad = make_room(d, p.count, path, e);
    for (int i = 0; bad == 0 && i < p.count; i++)
        bad = read_tensor(d, &r, &p.entry[i], &total);
    free(pickle);
    pickle_dict_free(&p);
    pt_zip_close(&r);
    return bad;
}

/* ---- safetensors ---------------------------------------------------------------------------- */

static enum storage_type storage_of(enum tensor_type type)
{
    switch (type) {
    case TENSOR_F64:
        return STORAGE_DOUBLE;
    case TENSOR_F32:
        return STORAGE_FLOAT;
    case TENSOR_F16:
        return STORAGE_HALF;
    case TENSOR_I64:
        return STORAGE_LONG;
    case TENSOR_I32:
        return STORAGE_INT;
    case TENSOR_I16:
        return STORAGE_SHORT;
    case TENSOR_I8:
        return STORAGE_CHAR;
    default:
        return STORAGE_BYTE;
    }
}

/* By name, numbers within it by their value. */
static int by_name(const void *left, const void *right)
{
    const char *a = ((const struct state_tensor *)left)->name, *b = ((const struct state_tensor *)right)->name;

    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
            int r = n != m ? (n > m) - (n < m) : strncmp(a, b, n);
            if (r)
                return r;
            a += n;
            b += m;
        } else if (*a++ != *b++) {
            return (unsigned char)a[-1] - (unsigned char)b[-1];
        }
    }
    return (*a != 0) - (*b != 0);
}

static int read_safetensors(struct state_dict *d, const char *path, struct err *e)
{
    struct safetensors *st = NULL;
    const char *format = NULL;
    int64_t total = 0;
    int bad = safetensors_open(&st, path, e);

    if (bad == 0) {
        bad = make_room(d, safetensors_count(st), path, e);
        format = safetensors_meta(st, "format");
    }
    for (int i = 0; bad == 0 && i < safetensors_count(st); i++) {
        const struct tensor *t = safetensors_at(st, i);
        if (format && strcmp(format, checkpoint) == 0 && strncmp(t->name, "layers.", 7) != 0)
            continue;
        if (strlen(t->name) >= STATE_NAME)
            bad = err_set(e, ERR_INPUT, "%s: the name %.40s… is too long", path, t->name);
        if (bad == 0)
            bad = add(d, t->name, t->dims, t->shape, &total, path, e);
        if (bad)
            break;
        storage_load(storage_of(t->type), t->data, 1, t->count, d->tensor[d->count - 1].values);
        bad = check_finite(&d->tensor[d->count - 1], path, e);
    }
    if (st && safetensors_check(st, e))
        bad = -ERR_INPUT;
    if (st)
        safetensors_close(st);
    if (bad == 0)
        qsort(d->tensor, (size_t)d->count, sizeof *d->tensor, by_name);
    return bad;
}

/* ---- either --------------------------------------------------------------------------------- */

/* A zip, or PyTorch's old format, which is refused by its name. */
static int is_pt(const char *path)
{
    unsigned char start[2] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), is = 0;

    if (fd < 0)
        return 0;
    is = pread(fd, start, 2, 0) == 2 && ((start[0] == 'P' && start[1] == 'K') || (start[0] == 0x80 && start[1] == 2));
    close(fd);
    return is;
}

int state_dict_read(struct state_dict *d, const char *path, struct err *e)
{
    int r;

    *d = (struct state_dict){0};
    r = is_pt(path) ? read_pt(d, path, e) : read_safetensors(d, path, e);
    if (r == 0)
        r = check_names(d, path, e);
    if (r)
        state_dict_free(d);
    return r;
}
