#include "bench/material.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/generate.h"

/* Where in the stream of the material's tags the next one is taken from. */
struct dealer {
    const struct material *material;
    uint32_t sample, tag;
};

/* A copy that stays: what is parsed is gone with the next record. */
static const char *copy_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

static struct tag *copy_tags(struct arena *arena, const struct tag_list *list)
{
    struct tag *tags = arena_take(arena, (list->count + 1) * sizeof *tags);

    for (uint32_t i = 0; tags != NULL && i < list->count; i++) {
        const char *text = copy_text(arena, list->tags[i].text, list->tags[i].length);
        if (text == NULL)
            return NULL;
        tags[i] = tag_make(text, list->tags[i].length);
    }
    return tags;
}

/* Keeps a record beyond its parse. */
static int keep(struct material *material, const struct record *record)
{
    struct sample *sample = &material->samples[material->sample_count];

    *sample = (struct sample){.record = *record};
    sample->record.name = copy_text(&material->arena, record->name, strlen(record->name));
    sample->record.tags.tags = copy_tags(&material->arena, &record->tags);
    if (sample->record.name == NULL || sample->record.tags.tags == NULL)
        return -1;
    material->sample_count++;
    return 0;
}

/* The right answers for a sample whose tags are sorted. */
static int answer(struct arena *arena, struct sample *sample)
{
    const struct record *record = &sample->record;
    const struct tag_list *tags = &record->tags;
    size_t length, size = 20 + 1 + strlen(record->name) + 1;
    char *key;

    for (uint32_t i = 0; i < tags->count; i++)
        size += 1 + tags->tags[i].length;
    key = arena_take(arena, size);
    if (key == NULL)
        return -1;
    length = (size_t)snprintf(key, size, "%" PRIu64 ":%s", record->id, record->name);
    for (uint32_t i = 0; i < tags->count; i++)
        length += (size_t)snprintf(key + length, size - length, "|%s", tags->tags[i].text);
    sample->key = key;
    sample->key_length = length;
    sample->fingerprint = record_fingerprint(key, length);
    sample->digest = record_digest(sample->fingerprint, record->id,
                                   record_score(record, tags->tags), tags->count, record->ts);
    return 0;
}

static int generate_text(struct material *material)
{
    uint32_t length = 0;

    material->text = malloc((size_t)MATERIAL_LINES * GENERATE_LINE_MAX);
    if (material->text == NULL)
        return -1;
    for (uint32_t i = 0; i < MATERIAL_LINES; i++) {
        material->line_offsets[i] = length;
        length += (uint32_t)generate_line(MATERIAL_SEED, i, material->text + length);
    }
    material->line_offsets[MATERIAL_LINES] = length;
    return 0;
}

/* Stages 1 to 3 of a line. A record that is rejected leaves no sample and no digest. */
static int read_line(struct material *material, struct arena *arena, uint32_t line)
{
    struct tag tags[TAGS_MAX];
    struct reject reject;
    struct record record;
    const cJSON *json;
    size_t length;
    const char *text = material_lines(material, line, 1, &length);

    int status = record_parse(arena, text, length - 1, &json, &reject);
    if (status != 0)
        return status < 0 ? -1 : 0;
    if (record_validate(json, tags, &record) != REJECT_NONE)
        return 0;
    record_normalise(&record);
    if (keep(material, &record) != 0)
        return -1;

    struct sample sorted = {.record = record};
    tag_sort(tags, record.tags.count);
    if (answer(arena, &sorted) != 0)
        return -1;
    material->line_digests[line] = sorted.digest;
    return 0;
}

struct material *material_new(void)
{
    struct material *material = calloc(1, sizeof *material);
    struct arena arena = {0};
    int status = -1;

    if (material != NULL)
        status = generate_text(material);
    for (uint32_t line = 0; status == 0 && line < MATERIAL_LINES; line++)
        status = read_line(material, &arena, line);
    arena_free(&arena);
    if (status == 0)
        return material;
    material_delete(material);
    return NULL;
}

void material_delete(struct material *material)
{
    if (material == NULL)
        return;
    arena_free(&material->arena);
    free(material->text);
    free(material);
}

const char *material_lines(const struct material *material, uint32_t first, uint32_t count,
                           size_t *length)
{
    *length = material->line_offsets[first + count] - material->line_offsets[first];
    return material->text + material->line_offsets[first];
}

uint64_t material_digest(const struct material *material, uint32_t first, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t line = first; line < first + count; line++)
        sum += material->line_digests[line];
    return sum;
}

/* After the last tag of the last record comes the first again. */
static struct tag next_tag(struct dealer *dealer)
{
    const struct tag_list *list = &dealer->material->samples[dealer->sample].record.tags;

    while (dealer->tag == list->count) {
        dealer->sample = (dealer->sample + 1) % dealer->material->sample_count;
        dealer->tag = 0;
        list = &dealer->material->samples[dealer->sample].record.tags;
    }
    return list->tags[dealer->tag++];
}

/* A hand of `tag_count` tags. One that happens to be in order is dealt again. */
static void deal(struct dealer *dealer, struct tag *hand, uint32_t tag_count)
{
    do
        for (uint32_t i = 0; i < tag_count; i++)
            hand[i] = next_tag(dealer);
    while (tag_count > 1 && tag_is_sorted(hand, tag_count));
}

/* Gives the sample tags of its own. */
static int give_tags(struct samples *samples, struct dealer *dealer, uint32_t tag_count,
                     struct sample *sample)
{
    struct tag_list *list = &sample->record.tags;
    struct tag hand[TAGS_MAX];

    if (tag_count != 0) {
        deal(dealer, hand, tag_count);
        *list = (struct tag_list){hand, tag_count, false};
    }
    list->tags = copy_tags(&samples->arena, list);
    return list->tags != NULL ? 0 : -1;
}

struct samples *samples_new(const struct material *material, uint32_t tag_count, bool is_sorted)
{
    struct samples *samples = calloc(1, sizeof *samples);
    struct dealer dealer = {.material = material};

    for (uint32_t i = 0; samples != NULL && i < SAMPLES_COUNT; i++) {
        struct sample *sample = &samples->each[i];
        *sample = material->samples[i];
        int status = give_tags(samples, &dealer, tag_count, sample);
        if (status == 0 && is_sorted) {
            tag_sort(sample->record.tags.tags, sample->record.tags.count);
            status = answer(&samples->arena, sample);
        }
        if (status != 0) {
            samples_delete(samples);
            samples = NULL;
        }
    }
    return samples;
}

void samples_delete(struct samples *samples)
{
    if (samples == NULL)
        return;
    arena_free(&samples->arena);
    free(samples);
}
