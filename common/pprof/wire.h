/*
 * wire.h - the wire format of protocol buffers, written: fields of numbers, bytes and messages.
 *
 * https://protobuf.dev/programming-guides/encoding/. A growing block of memory; once it could not
 * grow, is_failed is set and all that follows is dropped, so that it is asked for once, at the end.
 */
#ifndef PPROF_WIRE_H
#define PPROF_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire { /* all zero: empty */
    char *bytes;
    size_t length, capacity;
    bool is_failed;
};

void wire_free(struct wire *wire);
void wire_clear(struct wire *wire); /* empty again; the memory is kept */

void wire_varint(struct wire *wire, uint64_t value); /* by itself: an element of a packed field */
/* A field of a number: left out where it is 0, as that is what its absence means. */
void wire_number(struct wire *wire, unsigned field, uint64_t value);
/* A field of bytes, a message or a packed list. */
void wire_bytes(struct wire *wire, unsigned field, const void *bytes, size_t length);

#endif
