#include "common/service/gunzip.h"

#include <stdlib.h>

enum { RATIO_FROM_BYTES = 1024 * 1024, WINDOW_BITS = 15, GZIP_ONLY = 16 };

int gunzip_init(struct gunzip *gunzip, uint32_t ratio_max)
{
    *gunzip = (struct gunzip){.ratio_max = ratio_max};
    gunzip->buffer = malloc(GUNZIP_BUFFER_BYTES);
    if (gunzip->buffer == NULL)
        return -1;
    if (inflateInit2(&gunzip->stream, WINDOW_BITS + GZIP_ONLY) != Z_OK) {
        free(gunzip->buffer);
        return -1;
    }
    return 0;
}

void gunzip_free(struct gunzip *gunzip)
{
    inflateEnd(&gunzip->stream);
    free(gunzip->buffer);
}

void gunzip_feed(struct gunzip *gunzip, const char *bytes, size_t count)
{
    gunzip->stream.next_in = (Bytef *)bytes;
    gunzip->stream.avail_in = (uInt)count;
    gunzip->in_bytes += count;
    gunzip->has_started |= count > 0;
}

static bool is_expanding(const struct gunzip *gunzip)
{
    uint64_t used = gunzip->in_bytes - gunzip->stream.avail_in;
    return gunzip->out_bytes > RATIO_FROM_BYTES && gunzip->out_bytes / gunzip->ratio_max > used;
}

enum gunzip_result gunzip_next(struct gunzip *gunzip, const char **bytes, size_t *count)
{
    z_stream *stream = &gunzip->stream;

    for (;;) {
        if (stream->avail_in > 0 && !gunzip->is_within) {
            if (inflateReset(stream) != Z_OK) /* a further member, as `cat a.gz b.gz` makes */
                return GUNZIP_BAD;
            gunzip->is_within = true;
        }
        stream->next_out = (Bytef *)gunzip->buffer;
        stream->avail_out = GUNZIP_BUFFER_BYTES;
        int result = gunzip->is_within ? inflate(stream, Z_NO_FLUSH) : Z_BUF_ERROR;
        size_t made = GUNZIP_BUFFER_BYTES - stream->avail_out;

        if (result == Z_MEM_ERROR)
            return GUNZIP_MEMORY;
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return GUNZIP_BAD;
        if (result == Z_STREAM_END)
            gunzip->is_within = false;
        gunzip->out_bytes += made;
        if (is_expanding(gunzip))
            return GUNZIP_EXPANDS;
        if (made > 0) {
            *bytes = gunzip->buffer;
            *count = made;
            return GUNZIP_MORE;
        }
        if (stream->avail_in == 0)
            return GUNZIP_HUNGRY;
    }
}

bool gunzip_is_whole(const struct gunzip *gunzip)
{
    return gunzip->has_started && !gunzip->is_within;
}
