#include "record.h"

#include <math.h>
#include <stdbool.h>

#include "strict.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words of text are read little-endian");

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

int record_parse(struct arena *arena, const char *text, size_t length, const cJSON **json,
                 struct reject *reject)
{
    const char *end = text;

    arena_reset(arena);
    arena_bind(arena);
    *json = cJSON_ParseWithLengthOpts(text, length, &end, false);
    arena_bind(NULL);
    if (*json == NULL) {
        if (arena->is_failed)
            return -1;
        *reject = (struct reject){REJECT_PARSE, (uint32_t)(end - text)};
        return 1;
    }
    /* cJSON stops behind the value; what follows may only be white space. */
    const char *rest = end;
    while (rest < text + length && is_blank(*rest))
        rest++;
    if (rest < text + length) {
        *reject = (struct reject){REJECT_PARSE, (uint32_t)(rest - text)};
        return 1;
    }
    return strict_check(text, length, reject) ? 0 : 1;
}

/* Stores the number and returns true if it is a whole one from 1 to 2^53-1. */
static bool read_integer(const cJSON *json, uint64_t *integer)
{
    double number = json->valuedouble;
    if (!cJSON_IsNumber(json) || !(number >= 1) || number > RECORD_INTEGER_MAX)
        return false;
    *integer = (uint64_t)number;
    return (double)*integer == number;
}

static bool read_tags(const cJSON *json, struct tag *tags, struct tag_list *list)
{
    uint32_t count = 0;
    const cJSON *item;

    if (!cJSON_IsArray(json))
        return false;
    cJSON_ArrayForEach (item, json) {
        if (count == TAGS_MAX || (item->type & 0xFF) != cJSON_String) /* cJSON_IsString, inlined */
            return false;
        tags[count++].text = item->valuestring;
    }
    *list = (struct tag_list){tags, count, false};
    return count > 0;
}

/* `size` includes the name's NUL; as the size is known, this is one or two compares of words. It
 * may read behind the end of a shorter name, which the arena allows. */
static inline bool is_named(const cJSON *field, const char *name, size_t size)
{
    return memcmp(field->string, name, size) == 0;
}

enum reject_reason record_validate(const cJSON *json, struct tag *tags, struct record *record)
{
    const cJSON *id = NULL, *name = NULL, *value = NULL, *tags_field = NULL, *ts = NULL, *field;

    if (!cJSON_IsObject(json))
        return REJECT_OBJECT;
    cJSON_ArrayForEach (field, json) {
        const cJSON **known = NULL;
        if (is_named(field, "id", sizeof "id"))
            known = &id;
        else if (is_named(field, "name", sizeof "name"))
            known = &name;
        else if (is_named(field, "value", sizeof "value"))
            known = &value;
        else if (is_named(field, "tags", sizeof "tags"))
            known = &tags_field;
        else if (is_named(field, "ts", sizeof "ts"))
            known = &ts;
        if (known != NULL)
            *known = field;
    }
    if (id == NULL || !read_integer(id, &record->id))
        return REJECT_ID;
    if (!cJSON_IsString(name) || name->valuestring[0] == '\0')
        return REJECT_NAME;
    record->name = name->valuestring;
    if (value != NULL && (!cJSON_IsNumber(value) || !(fabs(value->valuedouble) <= 1e9)))
        return REJECT_VALUE;
    record->value = value != NULL ? value->valuedouble : 0;
    if (!read_tags(tags_field, tags, &record->tags))
        return REJECT_TAGS;
    if (ts == NULL || !read_integer(ts, &record->ts))
        return REJECT_TS;
    return REJECT_NONE;
}

/* A-Z to a-z in eight bytes at once, all others untouched. */
static uint64_t lowered(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t low_bits = word & ~highs;
    uint64_t from_a = low_bits + ones * (0x80 - 'A'), behind_z = low_bits + ones * (0x7F - 'Z');
    uint64_t is_upper = (from_a ^ behind_z) & ~word & highs;
    return word | is_upper >> 2; /* 0x80 >> 2 is the bit between the cases */
}

/* Which of the eight bytes are 0: the lowest bit set is right, those above may be false alarms. */
static uint64_t nul_bytes(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    return (word - ones) & ~word & highs;
}

/*
 * Lowers a string in place and returns its length. It takes two words at a time, up to those with
 * the NUL in them, because branches on the length of random tags would be mispredicted: the string
 * stands in memory that cJSON took from the arena, which may be used to the end of the two words.
 */
static uint32_t lower(char *text)
{
    for (uint32_t at = 0;; at += ARENA_ALIGNMENT) {
        uint64_t words[2];
        memcpy(words, text + at, sizeof words);
        uint64_t nul[2] = {nul_bytes(words[0]), nul_bytes(words[1])};
        words[0] = lowered(words[0]);
        words[1] = lowered(words[1]);
        memcpy(text + at, words, sizeof words);
        if ((nul[0] | nul[1]) != 0) {
            uint32_t second = 8 + (uint32_t)__builtin_ctzll(nul[1] | 1ull << 63) / 8;
            return at + (nul[0] != 0 ? (uint32_t)__builtin_ctzll(nul[0]) / 8 : second);
        }
    }
}

/* The bytes of a word that belong to a text with `length` bytes from here on; the others are 0. */
static uint64_t masked(uint64_t word, uint32_t length)
{
    uint64_t mask = ~(~(uint64_t)0 << 8 * (length % 8));
    return length >= 8 ? word : word & mask;
}

/* Strips and lowers in place. */
static struct tag normalised(char *text)
{
    uint32_t length = lower(text);
    if (is_blank(*text) || (length > 0 && is_blank(text[length - 1]))) {
        while (is_blank(*text)) {
            text++;
            length--;
        }
        while (length > 0 && is_blank(text[length - 1]))
            text[--length] = '\0';
        return tag_make(text, length);
    }
    /* As tag_make() does, without a copy of unpredictable length. */
    uint64_t words[2];
    memcpy(words, text, sizeof words);
    words[0] = masked(words[0], length);
    words[1] = masked(words[1], length > 8 ? length - 8 : 0);
    return (struct tag){text, length, tag_prefix_of(words[0], words[1])};
}

void record_normalise(struct record *record)
{
    struct tag_list *list = &record->tags;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        struct tag tag = normalised((char *)list->tags[i].text);
        if (tag.length > 0)
            list->tags[kept++] = tag;
    }
    list->count = kept;
}

uint64_t record_fingerprint(const char *key, size_t length)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)key[i]) * 1099511628211u;
    return hash;
}

int64_t record_score(const struct record *record, const struct tag *sorted)
{
    int64_t ntags = record->tags.count, weighted = 0;
    for (int64_t i = 0; i < ntags; i++)
        weighted += (i + 1) * sorted[i].length;
    int64_t cents = (int64_t)round(record->value * 100);
    return (cents * (1 + ntags) + (int64_t)(record->ts % 1000) + weighted) % 1000003;
}

uint64_t record_digest(uint64_t fingerprint, uint64_t id, int64_t score, uint32_t ntags,
                       uint64_t ts)
{
    const uint64_t fields[] = {id, (uint64_t)score, ntags, ts};
    uint64_t digest = fingerprint;
    for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++) {
        digest = (digest ^ fields[i]) * 0x9E3779B97F4A7C15u;
        digest ^= digest >> 32;
    }
    return digest;
}
