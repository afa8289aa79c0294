/* SPDX-License-Identifier: MIT */
#include "core/protobuf.h"

#include <stdlib.h>
#include <string.h>

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 }; /* wire types */

void protobuf_free(struct protobuf *p)
{
    free(p->bytes);
    *p = (struct protobuf){0};
}

void protobuf_append(struct protobuf *p, const void *bytes, size_t size)
{
    if (p->failed || size == 0)
        return;
    if (size > p->room - p->size) {
        size_t room = p->room ? p->room : 256;
        unsigned char *grown;
        while (room - p->size < size && room <= SIZE_MAX / 2)
            room *= 2;
        grown = room - p->size < size ? NULL : realloc(p->bytes, room);
        if (!grown) {
            p->failed = 1;
            return;
        }
        p->bytes = grown;
        p->room = room;
    }
    memcpy(p->bytes + p->size, bytes, size);
    p->size += size;
}

/* Seven bits a byte, the lowest first; the top bit of a byte says that more follow. */
static void put_varint(struct protobuf *p, uint64_t n)
{
    unsigned char bytes[10];
    size_t count = 0;

    do {
        bytes[count] = (unsigned char)((n & 127) | (n > 127 ? 128 : 0));
        n >>= 7;
        count++;
    } while (n);
    protobuf_append(p, bytes, count);
}

static void put_key(struct protobuf *p, int field, int wire)
{
    put_varint(p, (uint64_t)field << 3 | (uint64_t)wire);
}

void protobuf_integer(struct protobuf *p, int field, int64_t value)
{
    put_key(p, field, VARINT);
    put_varint(p, (uint64_t)value);
}

void protobuf_float(struct protobuf *p, int field, float value)
{
    put_key(p, field, FIXED32);
    protobuf_append(p, &value, sizeof value);
}

void protobuf_double(struct protobuf *p, int field, double value)
{
    put_key(p, field, FIXED64);
    protobuf_append(p, &value, sizeof value);
}

void protobuf_bytes(struct protobuf *p, int field, const void *bytes, size_t size)
{
    put_key(p, field, LENGTH);
    put_varint(p, size);
    protobuf_append(p, bytes, size);
}

void protobuf_text(struct protobuf *p, int field, const char *text)
{
    protobuf_bytes(p, field, text, strlen(text));
}

void protobuf_message(struct protobuf *p, int field, struct protobuf *inner)
{
    p->failed |= inner->failed;
    protobuf_bytes(p, field, inner->bytes, inner->size);
    protobuf_free(inner);
}
