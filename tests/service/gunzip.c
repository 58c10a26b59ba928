#include "common/service/gunzip.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory.h"
#include "tests/service/records.h"

/* Feeds it in pieces, and returns all that came out; *result is the last one that was no MORE. */
static char *unpack(const char *packed, size_t size, size_t piece, uint32_t ratio_max,
                    enum gunzip_result *result, size_t *length, bool *is_whole)
{
    char *out = malloc(64 << 20);
    struct gunzip gunzip;

    cr_assert_eq(gunzip_init(&gunzip, ratio_max), 0);
    *length = 0;
    *result = GUNZIP_HUNGRY;
    for (size_t at = 0; at < size && *result == GUNZIP_HUNGRY; at += piece) {
        const char *bytes;
        size_t count;
        gunzip_feed(&gunzip, packed + at, size - at < piece ? size - at : piece);
        while ((*result = gunzip_next(&gunzip, &bytes, &count)) == GUNZIP_MORE) {
            memcpy(out + *length, bytes, count);
            *length += count;
        }
    }
    *is_whole = gunzip_is_whole(&gunzip);
    gunzip_free(&gunzip);
    return out;
}

Test(gunzip, gives_back_what_was_packed_in_pieces_of_any_size)
{
    static const size_t pieces[] = {1, 17, 4096, 1 << 20};
    size_t size, packed_size, length;
    enum gunzip_result result;
    bool is_whole;
    char *text = records_make(1, 0, 3000, &size);
    char *packed = records_gzip(text, size, &packed_size);

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        char *out = unpack(packed, packed_size, pieces[i], 100, &result, &length, &is_whole);
        cr_assert_eq(result, GUNZIP_HUNGRY);
        cr_assert(is_whole);
        cr_assert_eq(length, size);
        cr_assert_eq(memcmp(out, text, size), 0);
        free(out);
    }
    free(packed);
    free(text);
}

Test(gunzip, knows_when_it_is_cut_short)
{
    size_t size, packed_size, length;
    enum gunzip_result result;
    bool is_whole;
    char *text = records_make(1, 0, 100, &size);
    char *packed = records_gzip(text, size, &packed_size);

    for (size_t cut = 1; cut < packed_size; cut += 97) {
        free(unpack(packed, packed_size - cut, 1000, 100, &result, &length, &is_whole));
        cr_assert_eq(result, GUNZIP_HUNGRY);
        cr_assert_not(is_whole);
    }
    free(packed);
    free(text);
}

Test(gunzip, gives_up_where_it_expands_too_much)
{
    size_t size = 32 << 20, packed_size, length;
    enum gunzip_result result;
    bool is_whole;
    char *zeros = calloc(1, size);
    char *packed = records_gzip(zeros, size, &packed_size);

    free(unpack(packed, packed_size, 1 << 20, 100, &result, &length, &is_whole));
    cr_assert_eq(result, GUNZIP_EXPANDS);
    cr_assert_lt(length, 4 << 20);
    free(unpack(packed, packed_size, 1 << 20, 2000, &result, &length, &is_whole));
    cr_assert_eq(result, GUNZIP_HUNGRY);
    cr_assert_eq(length, size);
    free(packed);
    free(zeros);
}

Test(gunzip, fails_cleanly_where_memory_runs_out)
{
    struct gunzip gunzip;

    memory_fail_at(1);
    int status = gunzip_init(&gunzip, 100);
    memory_fail_at(0);
    cr_assert_eq(status, -1);
}
