#include "proto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "profile_samples.h"
#include "texts.h"
#include "wire.h"

enum { /* field numbers of profile.proto */
       PROFILE_SAMPLE_TYPE = 1,
       PROFILE_SAMPLE,
       PROFILE_MAPPING,
       PROFILE_LOCATION,
       PROFILE_FUNCTION,
       PROFILE_STRING,
       PROFILE_TIME = 9,
       PROFILE_DURATION,
       PROFILE_PERIOD_TYPE,
       PROFILE_PERIOD,
       PROFILE_COMMENT,
       PROFILE_DEFAULT_TYPE,
       TYPE_TYPE = 1,
       TYPE_UNIT,
       SAMPLE_LOCATION = 1,
       SAMPLE_VALUE,
       SAMPLE_LABEL,
       LABEL_KEY = 1,
       LABEL_TEXT,
       LABEL_NUMBER,
       LABEL_UNIT,
       MAPPING_ID = 1,
       MAPPING_START,
       MAPPING_LIMIT,
       MAPPING_OFFSET,
       MAPPING_FILE,
       MAPPING_BUILD_ID,
       MAPPING_HAS_FUNCTIONS,
       MAPPING_HAS_FILES,
       MAPPING_HAS_LINES,
       MAPPING_HAS_INLINED,
       LOCATION_ID = 1,
       LOCATION_MAPPING,
       LOCATION_ADDRESS,
       LOCATION_LINE,
       LINE_FUNCTION = 1,
       LINE_LINE,
       FUNCTION_ID = 1,
       FUNCTION_NAME,
       FUNCTION_SYSTEM_NAME,
       FUNCTION_FILE,
       FUNCTION_LINE,
};

/* A message under way. Locations and functions are numbered by texts that identify them. */
struct writer {
    struct symbols *symbols;
    struct texts strings, locations, functions;
    struct wire whole, sample, list, part; /* part: a message within a message within it */
    bool *is_object_used;
    bool is_failed; /* no memory */
};

static uint64_t string(struct writer *writer, const char *text)
{
    long number = texts_add(&writer->strings, text);

    writer->is_failed |= number < 0;
    return number < 0 ? 0 : (uint64_t)number;
}

/* The number of what `key` stands for, from 1 (0 is the empty text's), and whether it is new. */
static uint64_t identify(struct writer *writer, struct texts *texts, const char *key, bool *is_new)
{
    size_t before = texts->count;
    long number = texts_add(texts, key);

    writer->is_failed |= number < 0;
    *is_new = number >= 0 && texts->count > before;
    return number < 0 ? 0 : (uint64_t)number;
}

static void write_type(struct writer *writer, unsigned field, const struct profile_type *type)
{
    wire_clear(&writer->part);
    wire_number(&writer->part, TYPE_TYPE, string(writer, type->type));
    wire_number(&writer->part, TYPE_UNIT, string(writer, type->unit));
    wire_bytes(&writer->whole, field, writer->part.bytes, writer->part.length);
}

static uint64_t write_function(struct writer *writer, const struct symbol_frame *frame)
{
    char key[4096];
    bool is_new;

    snprintf(key, sizeof key, "%d %s %s", frame->function_line,
             frame->function != NULL ? frame->function : "", frame->file ? frame->file : "");
    uint64_t id = identify(writer, &writer->functions, key, &is_new);
    if (is_new) {
        uint64_t name = string(writer, frame->function);
        wire_clear(&writer->part);
        wire_number(&writer->part, FUNCTION_ID, id);
        wire_number(&writer->part, FUNCTION_NAME, name);
        wire_number(&writer->part, FUNCTION_SYSTEM_NAME, name);
        wire_number(&writer->part, FUNCTION_FILE, string(writer, frame->file));
        wire_number(&writer->part, FUNCTION_LINE, (uint64_t)frame->function_line);
        wire_bytes(&writer->whole, PROFILE_FUNCTION, writer->part.bytes, writer->part.length);
    }
    return id;
}

static uint64_t write_location(struct writer *writer, uintptr_t address)
{
    char key[32];
    bool is_new;
    struct symbol_place place;

    snprintf(key, sizeof key, "%lx", (unsigned long)address);
    uint64_t id = identify(writer, &writer->locations, key, &is_new);
    if (!is_new)
        return id;
    symbols_find(writer->symbols, address, &place);
    wire_clear(&writer->list);
    wire_number(&writer->list, LOCATION_ID, id);
    if (place.object >= 0) {
        writer->is_object_used[place.object] = true;
        wire_number(&writer->list, LOCATION_MAPPING, (uint64_t)place.object + 1);
    }
    wire_number(&writer->list, LOCATION_ADDRESS, address);
    for (unsigned i = 0; i < place.frame_count; i++) {
        uint64_t function = write_function(writer, &place.frames[i]);
        wire_clear(&writer->part);
        wire_number(&writer->part, LINE_FUNCTION, function);
        wire_number(&writer->part, LINE_LINE, (uint64_t)place.frames[i].line);
        wire_bytes(&writer->list, LOCATION_LINE, writer->part.bytes, writer->part.length);
    }
    wire_bytes(&writer->whole, PROFILE_LOCATION, writer->list.bytes, writer->list.length);
    return id;
}

static void write_labels(struct writer *writer, const struct profile_sample *sample)
{
    for (unsigned i = 0; i < sample->label_count; i++) {
        const struct profile_label *label = &sample->labels[i];
        wire_clear(&writer->part);
        wire_number(&writer->part, LABEL_KEY, string(writer, label->key));
        if (label->text != NULL) {
            wire_number(&writer->part, LABEL_TEXT, string(writer, label->text));
        } else {
            wire_number(&writer->part, LABEL_NUMBER, (uint64_t)label->number);
            wire_number(&writer->part, LABEL_UNIT, string(writer, label->unit));
        }
        wire_bytes(&writer->sample, SAMPLE_LABEL, writer->part.bytes, writer->part.length);
    }
}

static void write_sample(struct writer *writer, const struct profile *profile,
                         const struct profile_sample *sample)
{
    wire_clear(&writer->sample);
    for (unsigned i = 0; i < sample->depth; i++) {
        uint64_t id = write_location(writer, profile_sample_address(sample, i));
        /* not packed: what is not is equally right, and needs no second buffer */
        wire_number(&writer->sample, SAMPLE_LOCATION, id);
    }
    wire_clear(&writer->part);
    for (unsigned i = 0; i < profile->type_count; i++)
        wire_varint(&writer->part, (uint64_t)sample->values[i]);
    wire_bytes(&writer->sample, SAMPLE_VALUE, writer->part.bytes, writer->part.length);
    write_labels(writer, sample);
    wire_bytes(&writer->whole, PROFILE_SAMPLE, writer->sample.bytes, writer->sample.length);
}

static void write_mappings(struct writer *writer)
{
    for (unsigned i = 0; i < symbols_object_count(writer->symbols); i++) {
        const struct symbol_object *object = symbols_object(writer->symbols, i);
        if (!writer->is_object_used[i] && i > 0) /* clients take the first for the program */
            continue;
        wire_clear(&writer->part);
        wire_number(&writer->part, MAPPING_ID, i + 1);
        wire_number(&writer->part, MAPPING_START, object->start);
        wire_number(&writer->part, MAPPING_LIMIT, object->limit);
        wire_number(&writer->part, MAPPING_OFFSET, object->offset);
        wire_number(&writer->part, MAPPING_FILE, string(writer, object->path));
        wire_number(&writer->part, MAPPING_BUILD_ID, string(writer, object->build_id));
        /* the client is not to look for a binary of its own: what can be known is written */
        for (unsigned flag = MAPPING_HAS_FUNCTIONS; flag <= MAPPING_HAS_INLINED; flag++)
            wire_number(&writer->part, flag, 1);
        wire_bytes(&writer->whole, PROFILE_MAPPING, writer->part.bytes, writer->part.length);
    }
}

static void write_profile(struct writer *writer, const struct profile *profile,
                          const char *default_type, const char *comment)
{
    for (unsigned i = 0; i < profile->type_count; i++)
        write_type(writer, PROFILE_SAMPLE_TYPE, &profile->types[i]);
    for (size_t i = 0; i < profile->sample_count; i++)
        write_sample(writer, profile, profile->samples[i]);
    write_mappings(writer);
    wire_number(&writer->whole, PROFILE_TIME, (uint64_t)profile->start_ns);
    wire_number(&writer->whole, PROFILE_DURATION, (uint64_t)profile->duration_ns);
    if (profile->period_type.type != NULL) {
        write_type(writer, PROFILE_PERIOD_TYPE, &profile->period_type);
        wire_number(&writer->whole, PROFILE_PERIOD, (uint64_t)profile->period);
    }
    if (comment != NULL)
        wire_number(&writer->whole, PROFILE_COMMENT, string(writer, comment));
    if (default_type != NULL)
        wire_number(&writer->whole, PROFILE_DEFAULT_TYPE, string(writer, default_type));
    for (size_t i = 0; i < writer->strings.count; i++)
        wire_bytes(&writer->whole, PROFILE_STRING, writer->strings.texts[i],
                   strlen(writer->strings.texts[i]));
}

/* 0, or -1 without memory. */
static int compress_whole(const struct wire *wire, char **bytes, size_t *length)
{
    enum { WINDOW_GZIP = 15 + 16, MEMORY_DEFAULT = 8 };
    z_stream stream = {.next_in = (Bytef *)wire->bytes, .avail_in = (uInt)wire->length};
    int status = -1;

    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_GZIP, MEMORY_DEFAULT,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    size_t bound = deflateBound(&stream, stream.avail_in);
    *bytes = malloc(bound);
    if (*bytes != NULL) {
        stream.next_out = (Bytef *)*bytes;
        stream.avail_out = (uInt)bound;
        status = deflate(&stream, Z_FINISH) == Z_STREAM_END ? 0 : -1;
        *length = stream.total_out;
    }
    deflateEnd(&stream);
    if (status != 0) {
        free(*bytes);
        *bytes = NULL;
    }
    return status;
}

int proto_write(const struct profile *profile, struct symbols *symbols, const char *default_type,
                const char *comment, char **bytes, size_t *length)
{
    struct writer writer = {.symbols = symbols};
    int status = -1;

    *bytes = NULL;
    writer.is_object_used = calloc(symbols_object_count(symbols) + 1, sizeof(bool));
    if (writer.is_object_used != NULL && texts_init(&writer.strings) == 0 &&
        texts_init(&writer.locations) == 0 && texts_init(&writer.functions) == 0) {
        write_profile(&writer, profile, default_type, comment);
        if (!writer.is_failed && !writer.whole.is_failed && !writer.sample.is_failed &&
            !writer.list.is_failed && !writer.part.is_failed)
            status = compress_whole(&writer.whole, bytes, length);
    }
    texts_free(&writer.strings);
    texts_free(&writer.locations);
    texts_free(&writer.functions);
    wire_free(&writer.whole);
    wire_free(&writer.sample);
    wire_free(&writer.list);
    wire_free(&writer.part);
    free(writer.is_object_used);
    return status;
}
