/* SPDX-License-Identifier: MIT */
#include "data/npy.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { MAGIC = 6, MOST_HEADER = 1 << 16, MOST_CHARACTERS = 16 };

/* ---- the header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 39), } ---------------- */

struct reader {
    const char *at; /* ended by NUL */
};

static void skip_blanks(struct reader *r)
{
    r->at += strspn(r->at, " ");
}

/* 1 and past it where this comes next. */
static int take(struct reader *r, const char *text)
{
    size_t n = strlen(text);

    skip_blanks(r);
    if (strncmp(r->at, text, n) != 0)
        return 0;
    r->at += n;
    return 1;
}

/* Letters and signs of a type's name, between single quotes. */
static int take_descr(struct reader *r, char *descr, size_t size)
{
    size_t n;

    if (!take(r, "'"))
        return 0;
    n = strcspn(r->at, "'\\");
    if (n + 1 > size || r->at[n] != '\'')
        return 0;
    *(char *)mempcpy(descr, r->at, n) = '\0';
    r->at += n + 1;
    return 1;
}

/* "(3,)" or "(3, 39)". */
static int take_shape(struct reader *r, struct npy *a)
{
    uint64_t n[2] = {0, 1};

    if (!take(r, "("))
        return 0;
    for (a->dims = 0; a->dims < 2; a->dims++) {
        skip_blanks(r);
        if (*r->at == ')' && a->dims > 0)
            break;
        if (text_unsigned(&r->at, INT64_MAX, &n[a->dims]) != 0)
            return 0;
        if (!take(r, ",") && a->dims == 0)
            return 0;
    }
    a->rows = (int64_t)n[0];
    a->cols = (int64_t)n[1];
    return take(r, ")");
}

/* What stands between the braces: each key once. */
static int take_entries(struct reader *r, struct npy *a, char *descr, size_t size, int *fortran)
{
    unsigned seen = 0, bit;

    do {
        if (take(r, "'descr':")) {
            bit = 1;
            if (!take_descr(r, descr, size))
                return 0;
        } else if (take(r, "'fortran_order':")) {
            bit = 2;
            *fortran = take(r, "True");
            if (!*fortran && !take(r, "False"))
                return 0;
        } else if (take(r, "'shape':")) {
            bit = 4;
            if (!take_shape(r, a))
                return 0;
        } else
            return 0;
        if (seen & bit)
            return 0;
        seen |= bit;
        skip_blanks(r);
    } while (take(r, ",") && (skip_blanks(r), *r->at != '}'));
    return seen == 7;
}

static int read_type(struct npy *a, const char *descr)
{
    static const struct {
        const char *descr;
        enum npy_type type;
        int width;
    } known[] = {{"<f4", NPY_FLOAT, 4}, {"<f8", NPY_FLOAT, 8}, {"<i4", NPY_INTEGER, 4}, {"<i8", NPY_INTEGER, 8}};
    const char *digits = descr + 2;
    uint64_t n;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(descr, known[i].descr) == 0) {
            a->type = known[i].type;
            a->width = known[i].width;
            return 0;
        }
    if (strncmp(descr, "|S", 2) != 0 && strncmp(descr, "<U", 2) != 0)
        return -1;
    if (text_unsigned(&digits, MOST_CHARACTERS, &n) != 0 || *digits || n == 0)
        return -1;
    a->type = descr[1] == 'S' ? NPY_BYTES : NPY_UNICODE;
    a->width = (int)n * (a->type == NPY_BYTES ? 1 : 4);
    return 0;
}

static int read_header(struct npy *a, const char *text, const char *path, struct err *e)
{
    struct reader r = {text};
    char descr[16] = "", shown[16];
    int fortran = 0;

    if (!take(&r, "{") || !take_entries(&r, a, descr, sizeof descr, &fortran) || !take(&r, "}") ||
        r.at[strspn(r.at, " \n")] != '\0')
        return err_set(e, ERR_INPUT, "%s: its header is not that of an array of one or two dimensions", path);
    if (read_type(a, descr) != 0) {
        text_copy(shown, sizeof shown, descr);
        text_make_printable(shown);
        return err_set(e, ERR_INPUT, "%s: elements of type '%s'; expected <f4, <f8, <i4, <i8, |S or <U", path, shown);
    }
    if (fortran && a->dims > 1)
        return err_set(e, ERR_INPUT, "%s: stored column by column (fortran_order), expected row by row", path);
    return 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Length of the header's text and where it begins; 0: not such a file. */
static size_t find_header(const struct mapping *m, size_t *begin)
{
    const unsigned char *b = m->bytes;

    if (m->size < 12 || memcmp(b, "\x93NUMPY", MAGIC) != 0 || b[6] < 1 || b[6] > 3 || b[7] != 0)
        return 0;
    *begin = b[6] == 1 ? 10 : 12;
    return b[6] == 1 ? b[8] + 256u * b[9] : b[8] + 256u * b[9] + 65536u * b[10] + 16777216u * b[11];
}

static int check_size(const struct npy *a, size_t rest, const char *path, struct err *e)
{
    size_t cells, bytes;

    if (__builtin_mul_overflow((size_t)a->rows, (size_t)a->cols, &cells) ||
        __builtin_mul_overflow(cells, (size_t)a->width, &bytes) || bytes != rest)
        return err_set(e, ERR_INPUT, "%s: %lld × %lld elements of %d bytes, but %zu bytes follow the header", path,
                       (long long)a->rows, (long long)a->cols, a->width, rest);
    return 0;
}

int npy_open(struct npy *a, const char *path, struct err *e)
{
    size_t begin = 0, n;
    char *text;
    int r;

    *a = (struct npy){0};
    r = mapping_open(&a->map, path, e);
    if (r)
        return r;
    n = find_header(&a->map, &begin);
    if (n == 0 || n > MOST_HEADER || n > a->map.size - begin)
        return err_set(e, ERR_INPUT, "%s: is not a .npy file", path);
    text = strndup((const char *)a->map.bytes + begin, n);
    if (!text)
        return err_memory(e, path, n);
    r = strlen(text) == n ? read_header(a, text, path, e) : err_set(e, ERR_INPUT, "%s: a NUL in its header", path);
    free(text);
    if (r)
        return r;
    a->data = a->map.bytes + begin + n;
    return check_size(a, a->map.size - begin - n, path, e);
}

void npy_close(struct npy *a)
{
    if (a->map.path)
        mapping_close(&a->map);
    *a = (struct npy){0};
}

/* ---- elements -------------------------------------------------------------------------------- */

static const unsigned char *element(const struct npy *a, int64_t row, int64_t col)
{
    return a->data + ((size_t)row * (size_t)a->cols + (size_t)col) * (size_t)a->width;
}

static float load_float(const unsigned char *from, int width)
{
    uint32_t single;
    uint64_t twice;
    float f;
    double d;

    if (width == 4) {
        memcpy(&single, from, sizeof single);
        single = le32toh(single);
        memcpy(&f, &single, sizeof f);
        return f;
    }
    memcpy(&twice, from, sizeof twice);
    twice = le64toh(twice);
    memcpy(&d, &twice, sizeof d);
    return (float)d;
}

void npy_floats(const struct npy *a, int64_t row, int64_t col, int64_t n, float *to)
{
    const unsigned char *from = element(a, row, col);

    for (int64_t i = 0; i < n; i++)
        to[i] = load_float(from + i * a->width, a->width);
}

/* Little-endian, of up to 8 bytes. */
static uint64_t load_whole(const unsigned char *from, int width)
{
    uint64_t n = 0;

    for (int i = width; i-- > 0;)
        n = n << 8 | from[i];
    return n;
}

int64_t npy_count(const struct npy *a, int64_t row)
{
    enum { MOST = 999999999 };
    const unsigned char *from = element(a, row, 0);
    int step = a->type == NPY_UNICODE ? 4 : 1;
    int64_t n = 0;

    if (a->type == NPY_INTEGER) {
        uint64_t whole = load_whole(from, a->width); /* a negative one is large */
        return whole <= MOST ? (int64_t)whole : -1;
    }
    for (int i = 0; i < a->width; i += step) {
        uint64_t c = load_whole(from + i, step);
        if (c == 0 && i > 0) { /* NULs fill the element up */
            for (; i < a->width; i++)
                if (from[i])
                    return -1;
            break;
        }
        if (c < '0' || c > '9' || n > MOST / 10)
            return -1;
        n = 10 * n + (int64_t)(c - '0');
    }
    return n <= MOST ? n : -1;
}
