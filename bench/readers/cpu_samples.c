#include "bench/readers/cpu_samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench/readers/profile.pb-c.h"

/* FRAMES_MAX: a small file can name a long stack again and again */
enum { PROFILE_BYTES_MAX = 256 << 20, READ_SIZE = 1 << 16, FRAMES_MAX = 1 << 24 };

typedef Profile__Profile message; /* as the generated header has it */

/* NULL where there is no such text, which makes the file none of this kind. */
static const char *text_of(const message *profile, int64_t index)
{
    return index >= 0 && (uint64_t)index < profile->n_text ? profile->text[index] : NULL;
}

/* Ids are 1, 2, 3 mostly; whatever they are, they are looked up in the order of the file. */
static const Profile__Function *find_function(const message *profile, uint64_t id)
{
    if (id - 1 < profile->n_function && profile->function[id - 1]->id == id)
        return profile->function[id - 1];
    for (size_t i = 0; i < profile->n_function; i++)
        if (profile->function[i]->id == id)
            return profile->function[i];
    return NULL;
}

static const Profile__Location *find_location(const message *profile, uint64_t id)
{
    if (id - 1 < profile->n_location && profile->location[id - 1]->id == id)
        return profile->location[id - 1];
    for (size_t i = 0; i < profile->n_location; i++)
        if (profile->location[i]->id == id)
            return profile->location[i];
    return NULL;
}

static int set_frame(const message *profile, const Profile__Line *line, struct cpu_frame *frame)
{
    const Profile__Function *function = find_function(profile, line->function_id);

    if (function == NULL)
        return -1;
    *frame = (struct cpu_frame){text_of(profile, function->name), text_of(profile, function->file),
                                (uint32_t)line->line};
    return frame->function != NULL && frame->file != NULL ? 0 : -1;
}

/* A location without a line: nobody knows what it is, but somebody was there. */
static uint64_t frame_count_of(const Profile__Location *location)
{
    return location->n_line > 0 ? location->n_line : 1;
}

/* Counted first, so that there is one block for all. 0, or -1 if a location is missing. */
static int count_frames(const message *profile, uint64_t *count)
{
    *count = 0;
    for (size_t s = 0; s < profile->n_sample; s++)
        for (size_t i = 0; i < profile->sample[s]->n_location_id; i++) {
            const Profile__Location *location =
                find_location(profile, profile->sample[s]->location_id[i]);
            if (location == NULL)
                return -1;
            *count += frame_count_of(location);
        }
    return 0;
}

static int add_stack(const message *profile, const Profile__Sample *from,
                     struct cpu_samples *result)
{
    for (size_t i = 0; i < from->n_location_id; i++) {
        const Profile__Location *location = find_location(profile, from->location_id[i]);
        struct cpu_frame *frames = &result->frames[result->frame_count];

        frames[0] = (struct cpu_frame){"", "", 0};
        for (size_t l = 0; l < location->n_line; l++)
            if (set_frame(profile, location->line[l], &frames[l]) != 0)
                return -1;
        result->frame_count += (uint32_t)frame_count_of(location);
    }
    return 0;
}

static int64_t value_of(const message *profile, const Profile__Sample *sample, const char *type)
{
    for (size_t i = 0; i < profile->n_type && i < sample->n_value; i++) {
        const char *name = text_of(profile, profile->type[i]->name);
        if (name != NULL && strcmp(name, type) == 0)
            return sample->value[i];
    }
    return 0;
}

static int add_samples(const message *profile, struct cpu_samples *result)
{
    for (size_t s = 0; s < profile->n_sample; s++) {
        const Profile__Sample *from = profile->sample[s];
        struct cpu_sample *sample = &result->samples[result->sample_count];

        *sample = (struct cpu_sample){
            .count = value_of(profile, from, "samples") + value_of(profile, from, "contentions") +
                     value_of(profile, from, "threads"),
            .ns = value_of(profile, from, "cpu") + value_of(profile, from, "delay"),
            .frame_first = result->frame_count};
        if (add_stack(profile, from, result) != 0)
            return -1;
        sample->frame_count = result->frame_count - sample->frame_first;
        result->count += sample->count;
        result->ns += sample->ns;
        result->sample_count++;
    }
    return 0;
}

/* NULL, or what is wrong. */
static const char *fill(struct cpu_samples *result)
{
    const message *profile = result->message;
    uint64_t frame_count;

    if (profile == NULL || profile->n_type == 0 || count_frames(profile, &frame_count) != 0 ||
        frame_count > FRAMES_MAX)
        return "it is no profile.proto";
    result->samples = calloc(profile->n_sample + 1, sizeof *result->samples);
    result->frames = calloc(frame_count + 1, sizeof *result->frames);
    if (result->samples == NULL || result->frames == NULL)
        return "out of memory";
    return add_samples(profile, result) == 0 ? NULL : "it is no profile.proto";
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

void cpu_samples_free(struct cpu_samples *result)
{
    free(result->samples);
    free(result->frames);
    profile__profile__free_unpacked(result->message, NULL);
    *result = (struct cpu_samples){0};
}

int cpu_samples_read(const char *path, struct cpu_samples *result, char *error, size_t error_size)
{
    const char *reason;
    size_t length;
    unsigned char *bytes = read_file(path, &length, &reason);

    *result = (struct cpu_samples){0};
    if (bytes != NULL) {
        result->message = profile__profile__unpack(NULL, length, bytes);
        reason = fill(result);
    }
    free(bytes);
    if (reason == NULL)
        return 0;
    snprintf(error, error_size, "%s: %s", path, reason);
    cpu_samples_free(result);
    return -1;
}
