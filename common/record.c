#include "common/record.h"

#include <math.h>
#include <stdbool.h>

#include "common/strict.h"

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
    if (!strict_check_numbers(text, length, reject))
        return 1;
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

/* Sixteen bytes of text at once, because branches on the length or the letters of random tags would
 * be mispredicted (these made normalising twice as fast as a loop over bytes). */
typedef uint8_t block __attribute__((vector_size(ARENA_ALIGNMENT)));
typedef uint64_t block_words __attribute__((vector_size(ARENA_ALIGNMENT)));

static block load(const void *from)
{
    block loaded;
    memcpy(&loaded, from, sizeof loaded);
    return loaded;
}

/* A-Z to a-z, all others untouched. */
static block lowered(block bytes)
{
    return bytes | ((block)(bytes - 'A' < 26) & ('a' - 'A'));
}

/* How many bytes stand before the first NUL, if there is one among the first fifteen; else 15. */
static uint32_t length_of(block bytes)
{
    block_words is_nul = (block_words)(bytes == 0);
    uint32_t second = 8 + (uint32_t)__builtin_ctzll(is_nul[1] | 1ull << 63) / 8;
    return is_nul[0] != 0 ? (uint32_t)__builtin_ctzll(is_nul[0]) / 8 : second;
}

/* The first `length` bytes; the others become 0. */
static block cut(block bytes, uint32_t length)
{
    static const uint8_t masks[2 * sizeof(block)] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                     255, 255, 255, 255, 255, 255, 255, 255};
    return bytes & load(masks + sizeof(block) - length);
}

/* Strips and lowers `from` into `text`, which is the same string or starts before it. */
static struct tag normalised_long(char *text, const char *from)
{
    size_t length = strlen(from);
    while (length > 0 && is_blank(from[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        text[i] = from[i] >= 'A' && from[i] <= 'Z' ? (char)(from[i] | ('a' - 'A')) : from[i];
    text[length] = '\0';
    return tag_make(text, (uint32_t)length);
}

/* Strips and lowers in place: `text` is memory from the arena, see there for what may be read. */
static struct tag normalised(char *text)
{
    const char *from = text;
    while (is_blank(*from))
        from++;
    block bytes = load(from);
    uint32_t length = length_of(bytes);
    if (length == sizeof bytes - 1)
        return normalised_long(text, from);
    while (length > 0 && is_blank(from[length - 1]))
        length--;
    bytes = lowered(cut(bytes, length));
    memcpy(text, &bytes, sizeof bytes);
    block_words words = (block_words)bytes;
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
