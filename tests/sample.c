#include "tests/sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/generate.h"

uint64_t sample_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1Du;
}

static void add_line(struct request *request, const char *bytes, size_t length, uint64_t number)
{
    cr_assert_eq(request_reserve(request, length), 0);
    memcpy(request->text + request->length, bytes, length);
    request->lines[request->count++] =
        (struct line){number, (uint32_t)request->length, (uint32_t)length};
    request->length += length;
}

struct request *sample_request(const struct sample_text *lines, uint32_t count)
{
    struct request *request = request_new(count > 0 ? count : 1);
    cr_assert_not_null(request);
    for (uint32_t i = 0; i < count; i++)
        add_line(request, lines[i].bytes, lines[i].length, i + 1);
    return request;
}

struct request *sample_generated(uint64_t seed, uint64_t first, uint32_t count)
{
    struct request *request = request_new(count);
    char line[GENERATE_LINE_MAX];

    cr_assert_not_null(request);
    for (uint32_t i = 0; i < count; i++) {
        size_t length = generate_line(seed, first + i, line);
        add_line(request, line, length - 1, first + i + 1);
    }
    return request;
}

void sample_tags(struct tag *tags, const char *const *texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        tags[i] = tag_make(texts[i], (uint32_t)strlen(texts[i]));
}

char *sample_long(char byte, size_t length)
{
    char *text = malloc(length + 1);
    cr_assert_not_null(text);
    memset(text, byte, length);
    text[length] = '\0';
    return text;
}
