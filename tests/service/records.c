#include "tests/service/records.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/generate.h"

char *records_make(uint64_t seed, uint64_t first, uint64_t count, size_t *size)
{
    char *text = malloc(count * GENERATE_LINE_MAX + 1);

    cr_assert_not_null(text);
    *size = 0;
    for (uint64_t i = first; i < first + count; i++)
        *size += generate_line(seed, i, text + *size);
    text[*size] = '\0';
    return text;
}

char *records_make_array(uint64_t seed, uint64_t count, size_t *size)
{
    char line[GENERATE_LINE_MAX], *text = malloc(count * (GENERATE_LINE_MAX + 1) + 3);
    size_t length = 0;

    cr_assert_not_null(text);
    for (uint64_t i = 0; i < count; i++) {
        size_t line_length = generate_line(seed, i, line);
        if (i % 1000 == 999)
            continue;
        text[length] = length == 0 ? '[' : ',';
        memcpy(text + length + 1, line, line_length);
        length += 1 + line_length;
    }
    text[length++] = ']';
    text[length] = '\0';
    *size = length;
    return text;
}

char *records_gzip(const char *bytes, size_t count, size_t *size)
{
    z_stream stream = {0};

    cr_assert_eq(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, count);
    char *packed = malloc(room);
    cr_assert_not_null(packed);
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)room;
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *size = stream.total_out;
    deflateEnd(&stream);
    return packed;
}
