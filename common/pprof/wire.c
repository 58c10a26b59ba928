#include "wire.h"

#include <stdlib.h>
#include <string.h>

enum { TYPE_VARINT = 0, TYPE_BYTES = 2, VARINT_BYTES_MAX = 10, CAPACITY_FIRST = 4096 };

void wire_free(struct wire *wire)
{
    free(wire->bytes);
    *wire = (struct wire){0};
}

void wire_clear(struct wire *wire)
{
    wire->length = 0;
}

static bool reserve(struct wire *wire, size_t count)
{
    if (wire->is_failed)
        return false;
    if (wire->length + count <= wire->capacity)
        return true;
    size_t capacity = wire->capacity ? 2 * wire->capacity : CAPACITY_FIRST;
    while (capacity < wire->length + count)
        capacity *= 2;
    char *larger = realloc(wire->bytes, capacity);
    if (larger == NULL) {
        wire->is_failed = true;
        return false;
    }
    wire->bytes = larger;
    wire->capacity = capacity;
    return true;
}

void wire_varint(struct wire *wire, uint64_t value)
{
    if (!reserve(wire, VARINT_BYTES_MAX))
        return;
    while (value >= 0x80) {
        wire->bytes[wire->length++] = (char)(value | 0x80);
        value >>= 7;
    }
    wire->bytes[wire->length++] = (char)value;
}

void wire_number(struct wire *wire, unsigned field, uint64_t value)
{
    if (value == 0)
        return;
    wire_varint(wire, field << 3 | TYPE_VARINT);
    wire_varint(wire, value);
}

void wire_bytes(struct wire *wire, unsigned field, const void *bytes, size_t length)
{
    wire_varint(wire, field << 3 | TYPE_BYTES);
    wire_varint(wire, length);
    if (length > 0 && reserve(wire, length)) {
        memcpy(wire->bytes + wire->length, bytes, length);
        wire->length += length;
    }
}
