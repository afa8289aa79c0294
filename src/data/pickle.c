/* SPDX-License-Identifier: MIT */
/* Pickle, protocol 2: a stack machine (Python's pickletools.py documents each opcode). Values are
 * small and fixed, tuples are runs in a pool, the memo is an array: all of a size that does not come from the file, about
 * forty values for a tensor, and every index that comes from the file is held against those sizes. */
#include "data/pickle.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 256 };

/* What a file may hold at most. */
struct limits {
    int values, pool, memo, tensors;
    const char *what; /* in words */
};
static const struct limits one_tensor = {64, 128, 128, 1, "a tensor"};
/* The stack holds two values for each of up to 1,000 pairs of a dictionary. */
static const struct limits dictionary = {4096, 1 << 15, 1 << 16, PICKLE_MOST_TENSORS, "a state dict"};

enum kind {
    K_MARK,
    K_INT,
    K_BOOL,
    K_TEXT,
    K_TUPLE,
    K_REBUILD,
    K_DICT_CLASS,
    K_STORAGE_CLASS,
    K_STORAGE,
    K_DICT,
    K_TENSOR,
    K_NONE
};

struct value {
    enum kind kind;
    int64_t number;   /* K_INT, K_BOOL; storage class; number of a K_STORAGE, K_TENSOR or K_DICT; first item in the pool for
                         K_TUPLE */
    int length;       /* of text, or items of a tuple */
    const char *text; /* in the pickle, not ended by a NUL */
};

struct machine {
    const unsigned char *bytes;
    size_t size, at, opcode_at;
    const char *path;
    struct err *e;
    const struct limits *most;
    struct value *stack, *pool, *memo;
    char *known; /* which places of the memo are taken */
    int depth, pooled;
    int storages, tensors, dicts; /* seen so far */
    struct pickle_tensor *storage; /* only what it says of the storage */
    struct pickle_tensor *tensor;
    struct pickle_entry *entry; /* tensors that are values of a dict, in the file's order */
    int *dict_of;               /* … and of which */
    int entries;
    int done;
};

static int refuse(struct machine *m, const char *what)
{
    return err_set(m->e, ERR_INPUT, "%s: data.pkl, byte %zu: %s", m->path, m->opcode_at, what);
}

static int too_many(struct machine *m, const char *format)
{
    char what[80];

    snprintf(what, sizeof what, format, m->most->what);
    return refuse(m, what);
}

static int push(struct machine *m, struct value v)
{
    if (m->depth == m->most->values)
        return too_many(m, "more values than %s has");
    m->stack[m->depth++] = v;
    return 0;
}

static int push_number(struct machine *m, enum kind kind, int64_t number)
{
    return push(m, (struct value){.kind = kind, .number = number});
}

static int pop(struct machine *m, struct value *v)
{
    *v = (struct value){0};
    if (m->depth == 0)
        return refuse(m, "takes a value where there is none");
    *v = m->stack[--m->depth];
    return 0;
}

/* The next n bytes of the pickle. */
static int take(struct machine *m, size_t n, const unsigned char **bytes)
{
    *bytes = m->bytes + m->at;
    if (n > m->size - m->at)
        return refuse(m, "ends in the middle");
    m->at += n;
    return 0;
}

/* A little-endian number of n ≤ 8 bytes. */
static int take_number(struct machine *m, size_t n, uint64_t *number)
{
    const unsigned char *bytes;
    int r = take(m, n, &bytes);

    *number = 0;
    for (size_t i = n; r == 0 && i > 0; i--)
        *number = *number << 8 | bytes[i - 1];
    return r;
}

static int op_protocol(struct machine *m, int version_bytes)
{
    uint64_t version;
    int r = take_number(m, (size_t)version_bytes, &version);

    if (r == 0 && version != 2)
        r = refuse(m, "the pickle is not of protocol 2");
    return r;
}

static int op_unsigned(struct machine *m, int bytes)
{
    uint64_t n;
    int r = take_number(m, (size_t)bytes, &n);

    return r ? r : push_number(m, K_INT, (int64_t)n);
}

static int op_int32(struct machine *m, int bytes)
{
    uint64_t n;
    int r = take_number(m, (size_t)bytes, &n);

    return r ? r : push_number(m, K_INT, (int32_t)n);
}

/* A length byte, then that many bytes in two's complement. */
static int op_long(struct machine *m, int length_bytes)
{
    uint64_t length, n;
    int r = take_number(m, (size_t)length_bytes, &length);

    if (r)
        return r;
    if (length > 8)
        return refuse(m, "a number of more than 64 bits");
    r = take_number(m, length, &n);
    if (r == 0 && length > 0 && length < 8 && n >> (8 * length - 1))
        n |= ~(uint64_t)0 << 8 * length;
    return r ? r : push_number(m, K_INT, (int64_t)n);
}

static int op_bool(struct machine *m, int truth)
{
    return push_number(m, K_BOOL, truth);
}

static int op_text(struct machine *m, int length_bytes)
{
    const unsigned char *bytes;
    uint64_t length;
    int r = take_number(m, (size_t)length_bytes, &length);

    if (r == 0 && length > MOST_TEXT)
        r = too_many(m, "a text longer than %s has");
    if (r == 0)
        r = take(m, length, &bytes);
    return r ? r
             : push(m, (struct value){.kind = K_TEXT, .text = (const char *)bytes, .length = (int)length});
}

static int op_put(struct machine *m, int index_bytes)
{
    uint64_t index;
    int r = take_number(m, (size_t)index_bytes, &index);

    if (r)
        return r;
    if (index >= (uint64_t)m->most->memo)
        return too_many(m, "remembers more values than %s has");
    if (m->depth == 0)
        return refuse(m, "remembers a value where there is none");
    m->memo[index] = m->stack[m->depth - 1];
    m->known[index] = 1;
    return 0;
}

static int op_get(struct machine *m, int index_bytes)
{
    uint64_t index;
    int r = take_number(m, (size_t)index_bytes, &index);

    if (r)
        return r;
    if (index >= (uint64_t)m->most->memo || !m->known[index])
        return refuse(m, "recalls a value that was never remembered");
    return push(m, m->memo[index]);
}

static int op_mark(struct machine *m, int unused)
{
    (void)unused;
    return push_number(m, K_MARK, 0);
}

/* The top `items` values become one tuple; -1: all down to the mark, which goes too. */
static int op_tuple(struct machine *m, int items)
{
    int marked = items < 0, first = m->depth - items, from = m->pooled;

    if (marked)
        for (first = m->depth; first > 0 && m->stack[first - 1].kind != K_MARK;)
            first--;
    if (first < marked)
        return refuse(m, "makes a tuple of values that are not there");
    items = m->depth - first;
    if (items > m->most->pool - from)
        return too_many(m, "more values than %s has");
    memcpy(m->pool + from, m->stack + first, sizeof *m->pool * (size_t)items);
    m->pooled += items;
    m->depth = first - marked;
    return push(m, (struct value){.kind = K_TUPLE, .number = from, .length = items});
}

static const struct {
    const char *name;
    enum kind kind;
    enum storage_type storage;
} globals[] = {
    {"torch._utils\n_rebuild_tensor_v2\n", K_REBUILD, 0},
    {"collections\nOrderedDict\n", K_DICT_CLASS, 0},
    {"torch\nFloatStorage\n", K_STORAGE_CLASS, STORAGE_FLOAT},
    {"torch\nHalfStorage\n", K_STORAGE_CLASS, STORAGE_HALF},
    {"torch\nBFloat16Storage\n", K_STORAGE_CLASS, STORAGE_BFLOAT16},
    {"torch\nDoubleStorage\n", K_STORAGE_CLASS, STORAGE_DOUBLE},
    {"torch\nLongStorage\n", K_STORAGE_CLASS, STORAGE_LONG},
    {"torch\nIntStorage\n", K_STORAGE_CLASS, STORAGE_INT},
    {"torch\nShortStorage\n", K_STORAGE_CLASS, STORAGE_SHORT},
    {"torch\nCharStorage\n", K_STORAGE_CLASS, STORAGE_CHAR},
    {"torch\nByteStorage\n", K_STORAGE_CLASS, STORAGE_BYTE},
};

static int other_global(struct machine *m, const char *name, size_t module, size_t length)
{
    return err_set(m->e, ERR_INPUT,
                   "%s: data.pkl, byte %zu, asks for %.*s.%.*s, which %s does not need; it was not executed",
                   m->path, m->opcode_at, (int)(module < 60 ? module : 60), name,
                   (int)(length - module < 62 ? length - module - 2 : 60), name + module + 1,
                   m->most->tensors == 1 ? "a plain tensor" : m->most->what);
}

static int op_global(struct machine *m, int unused)
{
    const char *name = (const char *)m->bytes + m->at;
    const char *end = memchr(name, '\n', m->size - m->at);
    size_t module = end ? (size_t)(end - name) : 0, length;

    (void)unused;
    end = end ? memchr(end + 1, '\n', m->size - m->at - module - 1) : NULL;
    if (!end)
        return refuse(m, "ends in the middle of a global's name");
    length = (size_t)(end - name) + 1;
    m->at += length;
    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++)
        if (strlen(globals[i].name) == length && memcmp(globals[i].name, name, length) == 0)
            return push_number(m, globals[i].kind, globals[i].storage);
    return other_global(m, name, module, length);
}

/* The items of tuple v, when they are `count` of these kinds. */
static const struct value *items_of(const struct machine *m, const struct value *v, int count,
                                    const enum kind *kinds)
{
    const struct value *item;

    if (v->kind != K_TUPLE || v->length != count)
        return NULL;
    item = m->pool + v->number;
    for (int i = 0; i < count; i++)
        if (item[i].kind != kinds[i])
            return NULL;
    return item;
}

/* ("storage", class, key, device, elements) */
static int op_storage(struct machine *m, int unused)
{
    static const enum kind kinds[] = {K_TEXT, K_STORAGE_CLASS, K_TEXT, K_TEXT, K_INT};
    const struct value *item;
    struct pickle_tensor *s;
    struct value v;
    int r = pop(m, &v);

    (void)unused;
    if (r)
        return r;
    item = items_of(m, &v, 5, kinds);
    if (!item || item[0].length != 7 || memcmp(item[0].text, "storage", 7) != 0 || item[4].number < 0)
        return refuse(m, "not the description of a tensor's storage");
    if (m->storages == m->most->tensors)
        return m->storages == 1 ? refuse(m, "a second storage, where a plain tensor has one")
                                : too_many(m, "more storages than %s has");
    if (item[2].length < 1 || item[2].length >= PICKLE_KEY_SIZE)
        return refuse(m, "the storage's key is not a short name");
    for (int i = 0; i < item[2].length; i++)
        if (!isalnum((unsigned char)item[2].text[i]))
            return refuse(m, "the storage's key is not a short name");
    s = &m->storage[m->storages];
    memcpy(s->key, item[2].text, (size_t)item[2].length);
    s->storage = (enum storage_type)item[1].number;
    s->elements = item[4].number;
    return push_number(m, K_STORAGE, m->storages++);
}

static int copy_numbers(const struct machine *m, const struct value *tuple, int64_t *numbers)
{
    const struct value *item;

    if (tuple->kind != K_TUPLE || tuple->length > PICKLE_MOST_DIMS)
        return -1;
    item = m->pool + tuple->number;
    for (int i = 0; i < tuple->length; i++) {
        if (item[i].kind != K_INT)
            return -1;
        numbers[i] = item[i].number;
    }
    return 0;
}

/* _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks) */
static int rebuild(struct machine *m, const struct value *arguments)
{
    static const enum kind kinds[] = {K_STORAGE, K_INT, K_TUPLE, K_TUPLE, K_BOOL, K_DICT};
    const struct value *item = items_of(m, arguments, 6, kinds);
    struct pickle_tensor t;

    if (!item)
        return refuse(m, "not the description of a tensor");
    t = m->storage[item[0].number];
    if (item[2].length != item[3].length || copy_numbers(m, &item[2], t.size) || copy_numbers(m, &item[3], t.stride))
        return refuse(m, "not the description of a tensor");
    if (m->tensors == m->most->tensors)
        return m->tensors == 1 ? refuse(m, "a second tensor, where one is expected")
                               : too_many(m, "more tensors than %s has");
    t.offset = item[1].number;
    t.dims = item[2].length;
    m->tensor[m->tensors] = t;
    return push_number(m, K_TENSOR, m->tensors++);
}

static int op_reduce(struct machine *m, int unused)
{
    struct value arguments, function;
    int r = pop(m, &arguments);

    (void)unused;
    if (r == 0)
        r = pop(m, &function);
    if (r)
        return r;
    if (function.kind == K_DICT_CLASS && arguments.kind == K_TUPLE && arguments.length == 0)
        return push_number(m, K_DICT, m->dicts++);
    if (function.kind == K_REBUILD)
        return rebuild(m, &arguments);
    return refuse(m, "calls what no plain tensor calls");
}

/* ---- dictionaries --------------------------------------------------------------------------- */

static int op_none(struct machine *m, int unused)
{
    (void)unused;
    return push_number(m, K_NONE, 0);
}

static int op_dict(struct machine *m, int unused)
{
    (void)unused;
    return push_number(m, K_DICT, m->dicts++);
}

/* dict[key] = value is only of interest where a text names a tensor. */
static int note_item(struct machine *m, const struct value *dict, const struct value *key, const struct value *value)
{
    struct pickle_entry *t = &m->entry[m->entries];

    if (key->kind != K_TEXT || value->kind != K_TENSOR)
        return 0;
    if (key->length < 1 || key->length >= PICKLE_NAME_SIZE)
        return refuse(m, "the name of a tensor is empty or too long");
    for (int i = 0; i < key->length; i++)
        if (!isgraph((unsigned char)key->text[i]))
            return refuse(m, "the name of a tensor does not print");
    if (m->entries == m->most->tensors)
        return too_many(m, "more tensors than %s has");
    *t = (struct pickle_entry){.tensor = m->tensor[value->number]};
    memcpy(t->name, key->text, (size_t)key->length);
    m->dict_of[m->entries++] = (int)dict->number;
    return 0;
}

/* The pairs above the mark go into the dict below it; one == 1: the topmost pair, without a mark. */
static int op_items(struct machine *m, int one)
{
    int first = m->depth - 2, r = 0;

    if (!one)
        for (first = m->depth; first > 0 && m->stack[first - 1].kind != K_MARK;)
            first--;
    if (first < 2 - one || m->stack[first - 2 + one].kind != K_DICT || (m->depth - first) % 2)
        return refuse(m, "puts into a dictionary what is not there");
    for (int i = first; r == 0 && i < m->depth; i += 2)
        r = note_item(m, &m->stack[first - 2 + one], &m->stack[i], &m->stack[i + 1]);
    m->depth = first - 1 + one;
    return r;
}

/* A dictionary's own attributes: PyTorch keeps versions there. They are not needed. */
static int op_build(struct machine *m, int unused)
{
    (void)unused;
    if (m->depth < 2 || m->stack[m->depth - 1].kind != K_DICT || m->stack[m->depth - 2].kind != K_DICT)
        return refuse(m, "sets attributes of something else than a dictionary");
    m->depth--;
    return 0;
}

static int op_stop(struct machine *m, int unused)
{
    (void)unused;
    if (m->most->tensors > 1) {
        m->done = 1;
        return m->depth == 1 && m->stack[0].kind == K_DICT ? 0 : refuse(m, "holds something else than a state dict");
    }
    if (m->depth != 1 || m->stack[0].kind != K_TENSOR)
        return refuse(m, "holds something else than one tensor");
    m->done = 1;
    return 0;
}

static const struct {
    unsigned char opcode;
    int (*run)(struct machine *m, int argument);
    int argument, in_dictionaries; /* only there */
} opcodes[] = {
    {0x80, op_protocol, 1, 0}, {'c', op_global, 0, 0},   {'(', op_mark, 0, 0},     {'t', op_tuple, -1, 0},
    {')', op_tuple, 0, 0},     {0x85, op_tuple, 1, 0},   {0x86, op_tuple, 2, 0},   {0x87, op_tuple, 3, 0},
    {'q', op_put, 1, 0},       {'r', op_put, 4, 0},      {'h', op_get, 1, 0},      {'j', op_get, 4, 0},
    {'X', op_text, 4, 0},      {'K', op_unsigned, 1, 0}, {'M', op_unsigned, 2, 0}, {'J', op_int32, 4, 0},
    {0x8a, op_long, 1, 0},     {0x88, op_bool, 1, 0},    {0x89, op_bool, 0, 0},    {'Q', op_storage, 0, 0},
    {'R', op_reduce, 0, 0},    {'.', op_stop, 0, 0},
    {'}', op_dict, 0, 1},   {'s', op_items, 1, 1}, {'u', op_items, 0, 1}, {'b', op_build, 0, 1},
    {'N', op_none, 0, 1},
};

static int step(struct machine *m)
{
    const unsigned char *opcode;
    int r;

    m->opcode_at = m->at;
    r = take(m, 1, &opcode);
    if (r)
        return r;
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++)
        if (opcodes[i].opcode == *opcode && (m->most->tensors > 1 || !opcodes[i].in_dictionaries))
            return opcodes[i].run(m, opcodes[i].argument);
    return err_set(m->e, ERR_INPUT, "%s: data.pkl, byte %zu: opcode 0x%02x does not occur in %s", m->path, m->opcode_at,
                   *opcode, m->most->tensors == 1 ? "a plain tensor" : m->most->what);
}

static void close_machine(struct machine *m)
{
    free(m->stack);
    free(m->pool);
    free(m->memo);
    free(m->known);
    free(m->storage);
    free(m->tensor);
    free(m->entry);
    free(m->dict_of);
}

/* Run it to its end. The machine is to be closed after an error too. */
static int run(struct machine *m, const struct limits *most)
{
    size_t tensors = (size_t)most->tensors;
    int r = 0;

    m->most = most;
    m->stack = calloc((size_t)most->values, sizeof *m->stack);
    m->pool = calloc((size_t)most->pool, sizeof *m->pool);
    m->memo = calloc((size_t)most->memo, sizeof *m->memo);
    m->known = calloc((size_t)most->memo, 1);
    m->storage = calloc(tensors, sizeof *m->storage);
    m->tensor = calloc(tensors, sizeof *m->tensor);
    m->entry = calloc(tensors, sizeof *m->entry);
    m->dict_of = calloc(tensors, sizeof *m->dict_of);
    if (!m->stack || !m->pool || !m->memo || !m->known || !m->storage || !m->tensor || !m->entry || !m->dict_of)
        return err_memory(m->e, m->path, (unsigned long long)most->memo * sizeof *m->memo);
    while (r == 0 && !m->done)
        r = step(m);
    return r;
}

int pickle_read(const unsigned char *bytes, size_t size, struct pickle_tensor *t, const char *path,
                struct err *e)
{
    struct machine m = {.bytes = bytes, .size = size, .path = path, .e = e};
    int r = run(&m, &one_tensor);

    memset(t, 0, sizeof *t);
    if (r == 0)
        *t = m.tensor[0];
    close_machine(&m);
    return r;
}

int pickle_read_dict(const unsigned char *bytes, size_t size, struct pickle_dict *d, const char *path, struct err *e)
{
    struct machine m = {.bytes = bytes, .size = size, .path = path, .e = e};
    int r = run(&m, &dictionary);

    *d = (struct pickle_dict){0};
    if (r == 0) {
        for (int i = 0; i < m.entries; i++)
            if (m.dict_of[i] == m.stack[0].number)
                m.entry[d->count++] = m.entry[i];
        d->entry = m.entry;
        m.entry = NULL;
    }
    close_machine(&m);
    return r;
}

void pickle_dict_free(struct pickle_dict *d)
{
    free(d->entry);
    *d = (struct pickle_dict){0};
}
