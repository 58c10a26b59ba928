/*
 * row.h - what a database gets of a record.
 */
#ifndef ROW_H
#define ROW_H

#include <stddef.h>
#include <stdint.h>

/* The key's bytes belong to whoever made the row; what keeps it copies them. */
struct row {
    const char *key;
    size_t key_length; /* bytes, without a NUL */
    uint64_t id;
    uint64_t fingerprint;
    int64_t score;
    uint32_t ntags;
    uint64_t ts;
};

#endif
