#include "common/generate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_COUNT = 16, TAGS_LEAST = 8, TAGS_MOST = 32, TAG_BYTES = 24 };

static const char *const words[WORD_COUNT] = {
    "region",  "zone",  "env",   "host",  "rack",   "team",  "app",  "tier",
    "version", "build", "shard", "queue", "device", "model", "user", "cluster",
};

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned limit)
{
    return (unsigned)(next(state) % limit);
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void generate_tag(uint64_t *state, char tag[TAG_BYTES])
{
    const char *word = words[below(state, WORD_COUNT)];
    unsigned number = below(state, 1000);
    unsigned style = below(state, 16);

    snprintf(tag, TAG_BYTES, style == 1 ? " %s:%u " : "%s:%u", word, number);
    if (style == 0)
        for (char *at = tag; *at != '\0'; at++)
            if (*at >= 'a' && *at <= 'z')
                *at += 'A' - 'a';
}

/* Writes hundredths with the fewest digits: 822.26, 1530.9, 42. */
static int print_value(char *to, size_t size, unsigned hundredths)
{
    unsigned whole = hundredths / 100, rest = hundredths % 100;
    if (rest == 0)
        return snprintf(to, size, "%u", whole);
    if (rest % 10 == 0)
        return snprintf(to, size, "%u.%u", whole, rest / 10);
    return snprintf(to, size, "%u.%02u", whole, rest);
}

size_t generate_line(uint64_t seed, uint64_t i, char *line)
{
    uint64_t state = seed ^ (i + 1) * 0xD1B54A32D192ED03u;
    char tags[TAGS_MOST][TAG_BYTES];
    char value[16];

    /* The order of the draws is part of the definition. */
    unsigned name_number = 1000 + below(&state, 9000);
    bool has_name = below(&state, 500) != 0;
    print_value(value, sizeof value, below(&state, 1000000));
    uint64_t ts = 1700000000000u + below(&state, 86400000);
    unsigned tag_count = TAGS_LEAST + below(&state, TAGS_MOST - TAGS_LEAST + 1);
    for (unsigned t = 0; t < tag_count; t++)
        generate_tag(&state, tags[t]);
    if (below(&state, 4) == 0)
        qsort(tags, tag_count, TAG_BYTES, compare);

    size_t length = (size_t)sprintf(line, "{\"id\":%llu,\"name\":\"", (unsigned long long)i + 1);
    if (has_name)
        length += (size_t)sprintf(line + length, "sensor-%u", name_number);
    length += (size_t)sprintf(line + length, "\",\"value\":%s,\"tags\":[", value);
    for (unsigned t = 0; t < tag_count; t++)
        length += (size_t)sprintf(line + length, t > 0 ? ",\"%s\"" : "\"%s\"", tags[t]);
    length += (size_t)sprintf(line + length, "],\"ts\":%llu}", (unsigned long long)ts);
    if (i % 1000 == 999)
        length /= 2;
    line[length++] = '\n';
    return length;
}
