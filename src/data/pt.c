/* SPDX-License-Identifier: MIT */
#include "data/pt.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "core/memory.h"
#include "data/container.h"
#include "data/pickle.h"

enum { MOST_ENTRIES = 1000, MOST_PICKLE = 1 << 16 };
static const int64_t most_bytes = (int64_t)1 << 32; /* of a file */
static const int64_t most_values = 1 << 26;         /* of a tensor: a stride of 0 makes many out of few */

struct reader {
    const char *path;
    zip_t *zip;
    int64_t file_size;  /* bounds what an entry may claim: it is stored as it is */
    zip_int64_t pickle; /* entry */
    size_t stem;        /* length of "STEM/" */
    struct err *e;
};

/* Conversion of the elements of a storage to floats, one row at a time. */
#define LOADER(name, type)                                                                                   \
    static void load_##name(const unsigned char *from, int64_t stride, int64_t n, float *to)                 \
    {                                                                                                        \
        for (int64_t i = 0; i < n; i++) {                                                                    \
            type value;                                                                                      \
            memcpy(&value, from + i * stride * (int64_t)sizeof value, sizeof value);                         \
            to[i] = (float)value;                                                                            \
        }                                                                                                    \
    }
LOADER(float, float)
LOADER(double, double)
LOADER(long, int64_t)
LOADER(int, int32_t)
LOADER(short, int16_t)
LOADER(char, int8_t)
LOADER(byte, uint8_t)

/* IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
static float from_half(uint16_t h)
{
    int exponent = h >> 10 & 31, fraction = h & 1023;
    float size;

    if (exponent == 31)
        size = fraction ? NAN : INFINITY;
    else if (exponent == 0)
        size = ldexpf((float)fraction, -24);
    else
        size = ldexpf((float)(fraction + 1024), exponent - 25);
    return h >> 15 ? -size : size;
}

static void load_half(const unsigned char *from, int64_t stride, int64_t n, float *to)
{
    for (int64_t i = 0; i < n; i++) {
        uint16_t half;
        memcpy(&half, from + i * stride * 2, sizeof half);
        to[i] = from_half(half);
    }
}

static const struct {
    int64_t width;
    void (*load)(const unsigned char *from, int64_t stride, int64_t n, float *to);
} storages[] = {
    [STORAGE_FLOAT] = {4, load_float}, [STORAGE_HALF] = {2, load_half}, [STORAGE_DOUBLE] = {8, load_double},
    [STORAGE_LONG] = {8, load_long},   [STORAGE_INT] = {4, load_int},   [STORAGE_SHORT] = {2, load_short},
    [STORAGE_CHAR] = {1, load_char},   [STORAGE_BYTE] = {1, load_byte},
};

/* Check the first bytes before libzip does, for an error that fits. */
static int check_kind(struct reader *r, int fd)
{
    static const unsigned char old[4] = {0x80, 0x02, 0x8a, 0x0a}, zip[4] = {'P', 'K', 3, 4};
    unsigned char start[4] = {0};
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(r->e, ERR_INPUT, "%s: not a regular file", r->path);
    if (st.st_size > most_bytes)
        return err_set(r->e, ERR_INPUT, "%s: larger than %lld MB", r->path,
                       (long long)(most_bytes / 1000000));
    r->file_size = st.st_size;
    if (pread(fd, start, sizeof start, 0) == 4 && memcmp(start, old, 4) == 0)
        return err_set(
            r->e, ERR_INPUT,
            "%s: saved in PyTorch's old format (before 1.6); load it there and torch.save it again", r->path);
    if (memcmp(start, zip, 4) != 0)
        return err_set(r->e, ERR_INPUT, "%s: not a .pt file: torch.save writes a zip",
                       r->path);
    return 0;
}

static int open_zip(struct reader *r)
{
    /* Not blocking: a pipe in the place of a file must not hang the lab. */
    int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), why, bad;

    if (fd < 0)
        return err_set(r->e, ERR_INPUT, "%s: cannot read: %s", r->path, strerror(errno));
    bad = check_kind(r, fd);
    if (bad == 0)
        r->zip = zip_fdopen(fd, 0, &why);
    if (!r->zip)
        close(fd);
    if (bad == 0 && !r->zip)
        bad = err_set(r->e, ERR_INPUT, "%s: truncated or damaged: the zip's directory is missing", r->path);
    if (r->zip && zip_get_num_entries(r->zip, 0) > MOST_ENTRIES)
        bad =
            err_set(r->e, ERR_INPUT, "%s: a zip of more than %d entries is not a tensor", r->path, MOST_ENTRIES);
    return bad;
}

static int check_entry(const struct reader *r, const zip_stat_t *st, int64_t most)
{
    if (st->comp_method != ZIP_CM_STORE || st->encryption_method != ZIP_EM_NONE)
        return err_set(r->e, ERR_INPUT, "%s: %.60s is compressed or encrypted; torch.save does neither",
                       r->path, st->name);
    if (st->size != st->comp_size || st->size > (zip_uint64_t)most || st->size > (zip_uint64_t)r->file_size)
        return err_set(r->e, ERR_INPUT, "%s: %.60s claims %llu bytes, more than saddle supports", r->path, st->name,
                       (unsigned long long)st->size);
    return 0;
}

/* Read an entry of at most `most` bytes whole; the caller frees *bytes, after an error too. */
static int read_entry(const struct reader *r, zip_int64_t entry, int64_t most, unsigned char **bytes,
                      int64_t *size)
{
    zip_stat_t st;
    zip_file_t *file;
    zip_int64_t got = -1, rest = -1;
    int bad;

    if (zip_stat_index(r->zip, (zip_uint64_t)entry, 0, &st) != 0)
        return err_set(r->e, ERR_INPUT, "%s: the zip is damaged", r->path);
    bad = check_entry(r, &st, most);
    if (bad)
        return bad;
    *size = (int64_t)st.size;
    if (memory_need(r->path, st.size, r->e))
        return -ERR_RUNTIME;
    *bytes = malloc((size_t)st.size + 1);
    if (!*bytes)
        return err_memory(r->e, r->path, st.size);
    file = zip_fopen_index(r->zip, (zip_uint64_t)entry, 0);
    if (file) {
        got = zip_fread(file, *bytes, st.size);
        rest = zip_fread(file, *bytes + st.size, 1); /* the check sum is compared at the end */
        zip_fclose(file);
    }
    if (got != *size || rest != 0)
        return err_set(r->e, ERR_INPUT, "%s: truncated or damaged: %.60s cannot be read", r->path, st.name);
    return 0;
}

static int find_pickle(struct reader *r)
{
    zip_int64_t n = zip_get_num_entries(r->zip, 0);
    int found = 0;

    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(r->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        const char *slash = name ? strchr(name, '/') : NULL;
        if (!slash || strcmp(slash, "/data.pkl") != 0)
            continue;
        r->pickle = i;
        r->stem = (size_t)(slash - name) + 1;
        found++;
    }
    if (found == 1)
        return 0;
    return err_set(r->e, ERR_INPUT, "%s: a zip with %s data.pkl is not a .pt file", r->path,
                   found ? "more than one" : "no");
}

/* The entry STEM/name beside the pickle, or −1. */
static zip_int64_t find_entry(const struct reader *r, const char *name)
{
    const char *pickle = zip_get_name(r->zip, (zip_uint64_t)r->pickle, ZIP_FL_ENC_RAW);
    char wanted[400];
    int n = snprintf(wanted, sizeof wanted, "%.*s%s", (int)r->stem, pickle, name);

    return n > 0 && (size_t)n < sizeof wanted ? zip_name_locate(r->zip, wanted, ZIP_FL_ENC_RAW) : -1;
}

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

static int check_storage(const struct pickle_tensor *p, int64_t bytes, const char *path, struct err *e)
{
    int64_t width = storages[p->storage].width;

    if (bytes % width == 0 && p->elements == bytes / width)
        return 0;
    return err_set(e, ERR_INPUT, "%s: storage of %lld elements takes %lld bytes, not %lld each", path,
                   (long long)p->elements, (long long)bytes, (long long)width);
}

static int load(struct pt_tensor *t, const struct pickle_tensor *p, const unsigned char *storage,
                const char *path, struct err *e)
{
    int64_t rows = p->size[0], cols = p->size[1], width = storages[p->storage].width, at;

    *t = (struct pt_tensor){rows, cols, malloc(sizeof *t->values * (size_t)(rows * cols))};
    if (!t->values)
        return err_memory(e, path, sizeof *t->values * (unsigned long long)(rows * cols));
    if (p->stride[0] == cols && p->stride[1] == 1)
        storages[p->storage].load(storage + p->offset * width, 1, rows * cols, t->values);
    else
        for (int64_t i = 0; i < rows; i++)
            storages[p->storage].load(storage + (p->offset + i * p->stride[0]) * width, p->stride[1], cols,
                                      t->values + i * cols);
    at = dataset_find_nonfinite(t->values, rows * cols);
    if (at < rows * cols)
        return err_set(e, ERR_INPUT, "%s: frame %lld, dimension %lld, is %s", path, (long long)(at / cols),
                       (long long)(at % cols), isnan(t->values[at]) ? "not a number" : "infinite");
    return 0;
}

/* PyTorch notes the byte order since 2.1; before, it was that of the machine, nearly always this one. */
static int check_byte_order(const struct reader *r)
{
    zip_int64_t entry = find_entry(r, "byteorder");
    unsigned char *bytes = NULL;
    int64_t size;
    int bad = entry < 0 ? 0 : read_entry(r, entry, MOST_PICKLE, &bytes, &size);

    if (bad == 0 && entry >= 0 && (size != 6 || memcmp(bytes, "little", 6) != 0))
        bad = err_set(r->e, ERR_INPUT, "%s: its numbers are not little-endian", r->path);
    free(bytes);
    return bad;
}

static int read_description(struct reader *r, struct pickle_tensor *p, int64_t cols)
{
    unsigned char *pickle = NULL;
    int64_t size = 0;
    int bad = find_pickle(r);

    if (bad == 0)
        bad = read_entry(r, r->pickle, MOST_PICKLE, &pickle, &size);
    if (bad == 0)
        bad = pickle_read(pickle, (size_t)size, p, r->path, r->e);
    free(pickle);
    if (bad == 0)
        bad = check_shape(p, cols, r->path, r->e);
    if (bad == 0)
        bad = check_reach(p, r->path, r->e);
    return bad ? bad : check_byte_order(r);
}

static int read_storage(const struct reader *r, const struct pickle_tensor *p, struct pt_tensor *t)
{
    char name[PICKLE_KEY_SIZE + 8];
    unsigned char *storage = NULL;
    zip_int64_t entry;
    int64_t size;
    int bad;

    snprintf(name, sizeof name, "data/%s", p->key);
    entry = find_entry(r, name);
    if (entry < 0)
        return err_set(r->e, ERR_INPUT, "%s: its storage %s is missing", r->path, name);
    bad = read_entry(r, entry, most_bytes, &storage, &size);
    if (bad == 0)
        bad = check_storage(p, size, r->path, r->e);
    if (bad == 0)
        bad = load(t, p, storage, r->path, r->e);
    free(storage);
    return bad;
}

int pt_read(struct pt_tensor *t, const char *path, int64_t cols, struct err *e)
{
    struct reader r = {.path = path, .e = e};
    struct pickle_tensor p;
    int bad = open_zip(&r);

    *t = (struct pt_tensor){0};
    if (bad == 0)
        bad = read_description(&r, &p, cols);
    if (bad == 0)
        bad = read_storage(&r, &p, t);
    if (r.zip)
        zip_discard(r.zip);
    if (bad)
        pt_free(t);
    return bad;
}

void pt_free(struct pt_tensor *t)
{
    free(t->values);
    *t = (struct pt_tensor){0};
}
