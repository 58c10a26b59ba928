/*
 * Messages are read in two passes: the first finds the tables that samples refer to by id (texts,
 * functions, locations), the second the samples.
 */
#include "pprof.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* FRAMES_MAX: a small file can name a long stack again and again */
enum { PROFILE_BYTES_MAX = 256 << 20, READ_SIZE = 1 << 16, FRAMES_MAX = 1 << 24 };
/* fields of Profile, Sample, Location, Line, Function and ValueType */
enum { PROFILE_SAMPLE_TYPE = 1, PROFILE_SAMPLE = 2, PROFILE_LOCATION = 4 };
enum { PROFILE_FUNCTION = 5, PROFILE_TEXT = 6 };
enum { SAMPLE_LOCATION = 1, SAMPLE_VALUE = 2 };
enum { LOCATION_ID = 1, LOCATION_LINE = 4, LINE_FUNCTION = 1, LINE_LINE = 2 };
enum { FUNCTION_ID = 1, FUNCTION_NAME = 2, FUNCTION_FILE = 4, TYPE_NAME = 1 };
enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

/* What is left of a message. */
struct message {
    const unsigned char *at, *end;
    bool is_bad;
};

struct field {
    unsigned number;
    uint64_t value;       /* of a number */
    struct message bytes; /* of a text or message; empty for a number */
    bool is_number;
};

struct function {
    uint64_t id, name, file; /* the latter two: of texts */
};

struct location {
    uint64_t id;
    struct message text; /* its message */
};

/* Ids are 1, 2, 3 mostly; whatever they are, they are looked up in the order of the file. */
struct reader {
    struct pprof_profile *profile;
    struct function *functions;
    struct location *locations;
    size_t function_count, location_count, type_count;
    size_t function_room, location_room, text_room, sample_room, frame_room;
    uint64_t type_names[8];
    bool is_bad, is_out_of_memory;
};

static uint64_t read_varint(struct message *message)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (message->at == message->end)
            break;
        unsigned char byte = *message->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return value;
    }
    message->is_bad = true;
    return 0;
}

/* False at the end, or where it makes no sense: is_bad then. */
static bool next_field(struct message *message, struct field *field)
{
    if (message->is_bad || message->at == message->end)
        return false;
    uint64_t key = read_varint(message), size = 0;

    *field = (struct field){.number = (unsigned)(key >> 3)};
    switch (key & 7) {
    case WIRE_VARINT:
        field->is_number = true;
        field->value = read_varint(message);
        return !message->is_bad;
    case WIRE_BYTES:
        size = read_varint(message);
        break;
    case WIRE_FIXED64:
        size = 8;
        break;
    case WIRE_FIXED32:
        size = 4;
        break;
    default:
        message->is_bad = true;
    }
    if (message->is_bad || size > (uint64_t)(message->end - message->at)) {
        message->is_bad = true;
        return false;
    }
    field->bytes = (struct message){.at = message->at, .end = message->at + size};
    message->at += size;
    return true;
}

/* Room for one more. NULL without memory, which is remembered. */
static void *grow(struct reader *reader, void *items, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return items;
    size_t wanted = *room == 0 ? 64 : 2 * *room;
    void *grown = realloc(items, wanted * size);
    if (grown == NULL) {
        reader->is_out_of_memory = true;
        return NULL;
    }
    *room = wanted;
    return grown;
}

static void add_text(struct reader *reader, const struct message *bytes)
{
    struct pprof_profile *profile = reader->profile;
    size_t length = (size_t)(bytes->end - bytes->at);
    char **texts =
        grow(reader, profile->texts, sizeof *texts, profile->text_count, &reader->text_room);
    char *text = texts != NULL ? malloc(length + 1) : NULL;

    if (texts != NULL)
        profile->texts = texts;
    if (text == NULL) {
        reader->is_out_of_memory = true;
        return;
    }
    memcpy(text, bytes->at, length);
    text[length] = '\0';
    profile->texts[profile->text_count++] = text;
}

static void add_function(struct reader *reader, struct message message)
{
    struct function *functions = grow(reader, reader->functions, sizeof *functions,
                                      reader->function_count, &reader->function_room);
    struct function function = {0};
    struct field field;

    if (functions == NULL)
        return;
    reader->functions = functions;
    while (next_field(&message, &field)) {
        if (field.number == FUNCTION_ID)
            function.id = field.value;
        else if (field.number == FUNCTION_NAME)
            function.name = field.value;
        else if (field.number == FUNCTION_FILE)
            function.file = field.value;
    }
    reader->is_bad |= message.is_bad;
    functions[reader->function_count++] = function;
}

static void add_location(struct reader *reader, struct message message)
{
    struct location *locations = grow(reader, reader->locations, sizeof *locations,
                                      reader->location_count, &reader->location_room);
    struct location location = {.text = message};
    struct field field;

    if (locations == NULL)
        return;
    reader->locations = locations;
    while (next_field(&message, &field))
        if (field.number == LOCATION_ID)
            location.id = field.value;
    reader->is_bad |= message.is_bad;
    locations[reader->location_count++] = location;
}

static void add_type(struct reader *reader, struct message message)
{
    struct field field;
    uint64_t name = 0;

    while (next_field(&message, &field))
        if (field.number == TYPE_NAME)
            name = field.value;
    reader->is_bad |= message.is_bad;
    if (reader->type_count < sizeof reader->type_names / sizeof *reader->type_names)
        reader->type_names[reader->type_count++] = name;
}

static void read_tables(struct reader *reader, struct message message)
{
    struct field field;

    while (!reader->is_out_of_memory && next_field(&message, &field)) {
        if (field.is_number) /* the tables hold none */
            continue;
        if (field.number == PROFILE_TEXT)
            add_text(reader, &field.bytes);
        else if (field.number == PROFILE_FUNCTION)
            add_function(reader, field.bytes);
        else if (field.number == PROFILE_LOCATION)
            add_location(reader, field.bytes);
        else if (field.number == PROFILE_SAMPLE_TYPE)
            add_type(reader, field.bytes);
    }
    reader->is_bad |= message.is_bad;
}

static const char *text_of(struct reader *reader, uint64_t index)
{
    if (index < reader->profile->text_count)
        return reader->profile->texts[index];
    reader->is_bad = true;
    return "";
}

static const struct function *find_function(const struct reader *reader, uint64_t id)
{
    if (id - 1 < reader->function_count && reader->functions[id - 1].id == id)
        return &reader->functions[id - 1];
    for (size_t i = 0; i < reader->function_count; i++)
        if (reader->functions[i].id == id)
            return &reader->functions[i];
    return NULL;
}

static const struct location *find_location(const struct reader *reader, uint64_t id)
{
    if (id - 1 < reader->location_count && reader->locations[id - 1].id == id)
        return &reader->locations[id - 1];
    for (size_t i = 0; i < reader->location_count; i++)
        if (reader->locations[i].id == id)
            return &reader->locations[i];
    return NULL;
}

static void add_frame(struct reader *reader, struct message line)
{
    struct pprof_profile *profile = reader->profile;
    struct pprof_frame frame = {"", "", 0};
    struct pprof_frame *frames =
        grow(reader, profile->frames, sizeof *frames, profile->frame_count, &reader->frame_room);
    struct field field;

    if (frames == NULL || profile->frame_count == FRAMES_MAX) {
        reader->is_bad = true;
        return;
    }
    profile->frames = frames;
    while (next_field(&line, &field)) {
        if (field.number == LINE_LINE) {
            frame.line = (uint32_t)field.value;
        } else if (field.number == LINE_FUNCTION) {
            const struct function *function = find_function(reader, field.value);
            reader->is_bad |= function == NULL;
            frame.function = function != NULL ? text_of(reader, function->name) : "";
            frame.file = function != NULL ? text_of(reader, function->file) : "";
        }
    }
    reader->is_bad |= line.is_bad;
    frames[profile->frame_count++] = frame;
}

/* The lines of a location: inlined functions, innermost first, and what they were inlined into. */
static void add_frames(struct reader *reader, uint64_t id)
{
    const struct location *location = find_location(reader, id);
    struct field field;
    bool has_line = false;

    if (location == NULL) {
        reader->is_bad = true;
        return;
    }
    for (struct message message = location->text; next_field(&message, &field);)
        if (field.number == LOCATION_LINE) {
            add_frame(reader, field.bytes);
            has_line = true;
        }
    if (!has_line) /* nobody knows what it is, but somebody was there */
        add_frame(reader, (struct message){0});
}

static void set_value(const struct reader *reader, struct pprof_sample *sample, size_t index,
                      int64_t value)
{
    const struct pprof_profile *profile = reader->profile;
    uint64_t name = index < reader->type_count ? reader->type_names[index] : 0;
    const char *type = name < profile->text_count ? profile->texts[name] : "";

    if (strcmp(type, "samples") == 0)
        sample->count = value;
    else if (strcmp(type, "cpu") == 0)
        sample->ns = value;
}

static void add_sample(struct reader *reader, struct message message)
{
    struct pprof_profile *profile = reader->profile;
    struct pprof_sample sample = {.frame_first = profile->frame_count};
    struct pprof_sample *samples = grow(reader, profile->samples, sizeof *samples,
                                        profile->sample_count, &reader->sample_room);
    struct field field;
    size_t values = 0;

    if (samples == NULL)
        return;
    profile->samples = samples;
    while (next_field(&message, &field)) {
        /* repeated numbers come packed into one field, or each in its own */
        struct message packed = field.bytes;
        bool is_more = field.is_number;
        while (is_more || (packed.at != packed.end && !packed.is_bad)) {
            uint64_t value = is_more ? field.value : read_varint(&packed);
            is_more = false;
            if (packed.is_bad)
                break;
            if (field.number == SAMPLE_LOCATION)
                add_frames(reader, value);
            else if (field.number == SAMPLE_VALUE)
                set_value(reader, &sample, values++, (int64_t)value);
            else
                break; /* a label */
        }
        reader->is_bad |= packed.is_bad;
    }
    reader->is_bad |= message.is_bad;
    sample.frame_count = profile->frame_count - sample.frame_first;
    profile->count += sample.count;
    profile->ns += sample.ns;
    samples[profile->sample_count++] = sample;
}

static void read_samples(struct reader *reader, struct message message)
{
    struct field field;

    while (!reader->is_out_of_memory && !reader->is_bad && next_field(&message, &field))
        if (field.number == PROFILE_SAMPLE && !field.is_number)
            add_sample(reader, field.bytes);
}

/* The whole file, unzipped. NULL with what is wrong in *reason. */
static unsigned char *read_file(const char *path, size_t *length, const char **reason)
{
    gzFile file = gzopen(path, "rb");
    unsigned char *bytes = NULL;
    size_t room = 0;
    int count = 0;

    *length = 0;
    *reason = "it cannot be opened";
    if (file == NULL)
        return NULL;
    do {
        if (room - *length < READ_SIZE) {
            room = room == 0 ? 4 * READ_SIZE : 2 * room;
            unsigned char *grown = room <= PROFILE_BYTES_MAX ? realloc(bytes, room) : NULL;
            if (grown == NULL) {
                *reason = "it is too large";
                count = -1;
                break;
            }
            bytes = grown;
        }
        *reason = "it is damaged";
        count = gzread(file, bytes + *length, READ_SIZE);
        *length += count > 0 ? (size_t)count : 0;
    } while (count > 0);
    if (gzclose_r(file) != Z_OK || count < 0) { /* Z_BUF_ERROR: it ends too early */
        free(bytes);
        return NULL;
    }
    return bytes;
}

void pprof_profile_free(struct pprof_profile *profile)
{
    for (size_t i = 0; i < profile->text_count; i++)
        free(profile->texts[i]);
    free(profile->texts);
    free(profile->samples);
    free(profile->frames);
    *profile = (struct pprof_profile){0};
}

int pprof_profile_read(const char *path, struct pprof_profile *profile, char *error,
                       size_t error_size)
{
    struct reader reader = {.profile = profile};
    const char *reason;
    size_t length;
    unsigned char *bytes = read_file(path, &length, &reason);

    *profile = (struct pprof_profile){0};
    if (bytes != NULL) {
        const struct message message = {.at = bytes, .end = bytes + length};
        read_tables(&reader, message);
        if (!reader.is_bad)
            read_samples(&reader, message);
        reason = reader.is_out_of_memory                   ? "out of memory"
                 : reader.is_bad || reader.type_count == 0 ? "it is no profile.proto"
                                                           : NULL;
    }
    free(reader.functions);
    free(reader.locations);
    free(bytes);
    if (reason == NULL)
        return 0;
    snprintf(error, error_size, "%s: %s", path, reason);
    pprof_profile_free(profile);
    return -1;
}
