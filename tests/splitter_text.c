#include "tests/splitter_text.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENOUGH = 1000 };

static void print_request(FILE *file, const struct request *request)
{
    for (uint32_t i = 0; i < request->count; i++) {
        const struct line *line = &request->lines[i];
        fprintf(file, "%" PRIu64 ":", line->number);
        if (line->length == LINE_TOO_LONG)
            fprintf(file, "(too long)");
        else if (line->length > 0)
            fwrite(request->text + line->offset, 1, line->length, file);
        fputc('\n', file);
    }
}

/* A full request is printed and a new one takes its place. */
static struct request *next_request(FILE *file, struct request *request)
{
    uint32_t limit = request->limit;
    if (request->count < limit)
        return request;
    print_request(file, request);
    fprintf(file, "--\n");
    /* its unfinished record would be lost; the splitter promises that there is none */
    request_release(request);
    request = request_new(limit);
    cr_assert_not_null(request);
    return request;
}

char *splitter_text(const char *bytes, size_t count, const struct splitter_feeding *feeding)
{
    struct request *request = request_new(feeding->limit != 0 ? feeding->limit : ENOUGH);
    size_t at = 0, piece_end = feeding->first, size;
    struct splitter splitter;
    char *text;
    FILE *file = open_memstream(&text, &size);

    cr_assert(request != NULL && file != NULL);
    splitter_init(&splitter, feeding->length_max);
    while (at < count) {
        if (at == piece_end || piece_end == 0)
            piece_end = feeding->step == 0 ? count : at + feeding->step;
        if (piece_end > count)
            piece_end = count;
        /* a copy without anything behind it, so that ASan sees reads behind the piece */
        char *piece = malloc(piece_end - at);
        memcpy(piece, bytes + at, piece_end - at);
        ptrdiff_t used = splitter_feed(&splitter, piece, piece_end - at, request);
        free(piece);
        cr_assert(used >= 0 && (size_t)used <= piece_end - at);
        cr_assert(used > 0 || request->count == request->limit, "it goes on");
        at += (size_t)used;
        cr_expect_eq(splitter.byte_count, at);
        cr_expect(request->count == request->limit || at == piece_end, "it takes what it can");
        request = next_request(file, request);
    }
    cr_assert_eq(splitter_end(&splitter, request), 0);
    print_request(file, request);
    request_release(request);
    fclose(file);
    return text;
}

static void expect_fed(const char *bytes, size_t count, const struct splitter_feeding *feeding,
                       const char *expected)
{
    char *text = splitter_text(bytes, count, feeding);
    cr_assert_str_eq(text, expected, "first %zu, then %zu: %s instead of %s", feeding->first,
                     feeding->step, text, expected);
    free(text);
}

void splitter_expect(const char *bytes, size_t count, size_t length_max, const char *expected)
{
    struct splitter_feeding feeding = {.length_max = length_max};

    expect_fed(bytes, count, &feeding, expected);
    feeding.step = feeding.first = 1;
    expect_fed(bytes, count, &feeding, expected);
    feeding.step = 0;
    for (feeding.first = 1; feeding.first < count; feeding.first++)
        expect_fed(bytes, count, &feeding, expected);
}
