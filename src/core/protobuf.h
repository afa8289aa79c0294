/* SPDX-License-Identifier: MIT */
/* Writing messages of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/): fields by their number, into a
 * buffer that grows. A message within a message is written to a buffer of its own first. */
#ifndef SADDLE_CORE_PROTOBUF_H
#define SADDLE_CORE_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

struct protobuf { /* begins as {0} */
    unsigned char *bytes;
    size_t size, room;
    int failed; /* there was no memory; what came later is not there */
};

void protobuf_free(struct protobuf *p);
void protobuf_integer(struct protobuf *p, int field, int64_t value); /* int32, int64, bool, enum */
void protobuf_float(struct protobuf *p, int field, float value);
void protobuf_double(struct protobuf *p, int field, double value);
void protobuf_bytes(struct protobuf *p, int field, const void *bytes, size_t size);
void protobuf_text(struct protobuf *p, int field, const char *text);
/* The message as a field of another, which takes it over: *inner is empty then. */
void protobuf_message(struct protobuf *p, int field, struct protobuf *inner);
/* Raw bytes at the end, as they are. */
void protobuf_append(struct protobuf *p, const void *bytes, size_t size);

#endif
