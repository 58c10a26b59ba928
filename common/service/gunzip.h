/*
 * gunzip.h - a gzip stream, decompressed as it comes, and only so far.
 *
 * A few bytes of gzip can stand for gigabytes, so the stream is given up where it has expanded more
 * than `ratio_max` times (looked at from 1 MiB of output on: small texts may repeat themselves).
 * Memory is bounded whatever comes: zlib's 40 KiB or so, and one output buffer. Not thread-safe.
 */
#ifndef GUNZIP_H
#define GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

enum { GUNZIP_BUFFER_BYTES = 32 * 1024 };

enum gunzip_result {
    GUNZIP_MORE,    /* there is output: use it, and ask again */
    GUNZIP_HUNGRY,  /* all input is used up */
    GUNZIP_BAD,     /* this is no gzip, or it is damaged */
    GUNZIP_EXPANDS, /* it expands too much */
    GUNZIP_MEMORY,  /* memory ran out */
};

struct gunzip {
    z_stream stream;
    uint64_t in_bytes, out_bytes;
    uint32_t ratio_max;
    bool is_within;   /* a member has begun and not ended */
    bool has_started; /* a byte has come */
    char *buffer;
};

/* 0, or -1 if memory ran out. */
int gunzip_init(struct gunzip *gunzip, uint32_t ratio_max);
void gunzip_free(struct gunzip *gunzip);

/* Hands over the next bytes, which must stay until gunzip_next() is GUNZIP_HUNGRY. */
void gunzip_feed(struct gunzip *gunzip, const char *bytes, size_t count);

/* Decompresses. On GUNZIP_MORE *bytes and *count are output, valid until the next call. */
enum gunzip_result gunzip_next(struct gunzip *gunzip, const char **bytes, size_t *count);

/* Whether the stream may end here: after a whole member, or several. */
bool gunzip_is_whole(const struct gunzip *gunzip);

#endif
