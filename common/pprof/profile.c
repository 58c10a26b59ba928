#include "profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "profile_samples.h"

enum { SAMPLES_FIRST = 64 };

struct profile *profile_new(const struct profile_type *types, unsigned type_count)
{
    assert(type_count >= 1 && type_count <= PROFILE_TYPES_MAX);

    struct profile *profile = calloc(1, sizeof *profile);
    if (profile == NULL)
        return NULL;
    memcpy(profile->types, types, type_count * sizeof *types);
    profile->type_count = type_count;
    return profile;
}

void profile_delete(struct profile *profile)
{
    if (profile == NULL)
        return;
    for (size_t i = 0; i < profile->sample_count; i++)
        free(profile->samples[i]);
    free(profile->samples);
    free(profile->slots);
    free(profile);
}

void profile_set_period(struct profile *profile, struct profile_type type, int64_t period)
{
    profile->period_type = type;
    profile->period = period;
}

void profile_set_time(struct profile *profile, int64_t start_ns, int64_t duration_ns)
{
    profile->start_ns = start_ns;
    profile->duration_ns = duration_ns;
}

uintptr_t profile_sample_address(const struct profile_sample *sample, unsigned index)
{
    uintptr_t address = sample->stack[index];

    return (index == 0 && sample->is_leaf_exact) || address == 0 ? address : address - 1;
}

/* FNV-1a, 64 bits. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < count; i++)
        hash = (hash ^ byte[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return text == NULL ? hash_bytes(hash, "\xff", 1) : hash_bytes(hash, text, strlen(text) + 1);
}

static uint64_t hash_sample(const struct profile_sample *sample)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    hash = hash_bytes(hash, sample->stack, sample->depth * sizeof *sample->stack);
    hash = hash_bytes(hash, &sample->is_leaf_exact, sizeof sample->is_leaf_exact);
    for (unsigned i = 0; i < sample->label_count; i++) {
        const struct profile_label *label = &sample->labels[i];
        if (label->is_passing)
            continue;
        hash = hash_text(hash, label->key);
        hash = hash_text(hash, label->text);
        hash = hash_text(hash, label->unit);
        if (label->text == NULL)
            hash = hash_bytes(hash, &label->number, sizeof label->number);
    }
    return hash;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_same_label(const struct profile_label *a, const struct profile_label *b)
{
    return is_same_text(a->key, b->key) && is_same_text(a->text, b->text) &&
           is_same_text(a->unit, b->unit) && (a->text != NULL || a->number == b->number);
}

/* The first label from there on that tells stacks apart; label_count: there is none. */
static unsigned next_lasting(const struct profile_sample *sample, unsigned i)
{
    while (i < sample->label_count && sample->labels[i].is_passing)
        i++;
    return i;
}

static bool is_same_stack(const struct profile_sample *a, const struct profile_sample *b)
{
    if (a->hash != b->hash || a->depth != b->depth || a->is_leaf_exact != b->is_leaf_exact)
        return false;
    if (a->depth > 0 && memcmp(a->stack, b->stack, a->depth * sizeof *a->stack) != 0)
        return false;
    for (unsigned i = 0, j = 0;; i++, j++) {
        i = next_lasting(a, i);
        j = next_lasting(b, j);
        if (i == a->label_count || j == b->label_count)
            return i == a->label_count && j == b->label_count;
        if (!is_same_label(&a->labels[i], &b->labels[j]))
            return false;
    }
}

/* The slot of the sample that equals `wanted`, or the free one where it belongs. */
static size_t *find_slot(const struct profile *profile, const struct profile_sample *wanted)
{
    size_t mask = profile->slot_count - 1;

    for (size_t i = wanted->hash & mask;; i = (i + 1) & mask) {
        size_t *slot = &profile->slots[i];
        if (*slot == 0 || is_same_stack(profile->samples[*slot - 1], wanted))
            return slot;
    }
}

/* Fills `slots`, a new table, with all samples. */
static void fill_slots(struct profile *profile, size_t *slots, size_t slot_count)
{
    free(profile->slots);
    profile->slots = slots;
    profile->slot_count = slot_count;
    for (size_t i = 0; i < profile->sample_count; i++)
        *find_slot(profile, profile->samples[i]) = i + 1;
}

/* Room for one more sample, and at least as many free slots as taken ones. */
static int reserve(struct profile *profile)
{
    if (profile->sample_count == profile->sample_capacity) {
        size_t capacity = profile->sample_capacity ? 2 * profile->sample_capacity : SAMPLES_FIRST;
        void *samples = realloc(profile->samples, capacity * sizeof *profile->samples);
        if (samples == NULL)
            return -1;
        profile->samples = samples;
        profile->sample_capacity = capacity;
    }
    if (2 * profile->sample_capacity > profile->slot_count) {
        size_t slot_count = 2 * profile->sample_capacity;
        size_t *slots = calloc(slot_count, sizeof *slots);
        if (slots == NULL)
            return -1;
        fill_slots(profile, slots, slot_count);
    }
    return 0;
}

static size_t text_size(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static const char *copy_text(char **place, const char *text)
{
    size_t size = text_size(text);
    char *copy = *place;

    if (text == NULL)
        return NULL;
    *place += size;
    return memcpy(copy, text, size);
}

/* A copy in one block; NULL if memory ran out. */
static struct profile_sample *copy_sample(const struct profile_sample *sample)
{
    size_t stack_size = sample->depth * sizeof *sample->stack;
    size_t labels_size = sample->label_count * sizeof *sample->labels;
    size_t texts_size = 0;

    for (unsigned i = 0; i < sample->label_count; i++) {
        const struct profile_label *label = &sample->labels[i];
        texts_size += text_size(label->key) + text_size(label->text) + text_size(label->unit);
    }
    struct profile_sample *copy = malloc(sizeof *copy + stack_size + labels_size + texts_size);
    if (copy == NULL)
        return NULL;
    *copy = *sample;

    uintptr_t *stack = (uintptr_t *)(copy + 1);
    struct profile_label *labels = (struct profile_label *)(stack + sample->depth);
    char *texts = (char *)(labels + sample->label_count);
    for (unsigned i = 0; i < sample->depth; i++)
        stack[i] = sample->stack[i];
    for (unsigned i = 0; i < sample->label_count; i++) {
        labels[i].key = copy_text(&texts, sample->labels[i].key);
        labels[i].text = copy_text(&texts, sample->labels[i].text);
        labels[i].unit = copy_text(&texts, sample->labels[i].unit);
        labels[i].number = sample->labels[i].number;
        labels[i].is_passing = sample->labels[i].is_passing;
    }
    copy->stack = stack;
    copy->labels = labels;
    return copy;
}

/* The sample that equals `wanted`, newly made with values of 0 if there was none; NULL: no memory.
 */
static struct profile_sample *find_or_add(struct profile *profile,
                                          const struct profile_sample *wanted)
{
    if (reserve(profile) != 0)
        return NULL;
    size_t *slot = find_slot(profile, wanted);
    if (*slot == 0) {
        struct profile_sample *copy = copy_sample(wanted);
        if (copy == NULL)
            return NULL;
        memset(copy->values, 0, sizeof copy->values);
        profile->samples[profile->sample_count++] = copy;
        *slot = profile->sample_count;
    }
    return profile->samples[*slot - 1];
}

int profile_add(struct profile *profile, const uintptr_t *stack, unsigned depth, bool is_leaf_exact,
                const int64_t *values, const struct profile_label *labels, unsigned label_count)
{
    struct profile_sample wanted = {.stack = stack,
                                    .depth = depth,
                                    .is_leaf_exact = is_leaf_exact,
                                    .labels = labels,
                                    .label_count = label_count};

    wanted.hash = hash_sample(&wanted);
    struct profile_sample *sample = find_or_add(profile, &wanted);
    if (sample == NULL)
        return -1;
    for (unsigned i = 0; i < profile->type_count; i++)
        sample->values[i] += values[i];
    return 0;
}

static bool is_zero(const struct profile *profile, const struct profile_sample *sample)
{
    for (unsigned i = 0; i < profile->type_count; i++)
        if (sample->values[i] != 0)
            return false;
    return true;
}

/* Leaves a gap: close_gaps() must follow. */
static void drop(struct profile *profile, size_t index)
{
    free(profile->samples[index]);
    profile->samples[index] = NULL;
}

static void close_gaps(struct profile *profile)
{
    size_t kept = 0;

    for (size_t i = 0; i < profile->sample_count; i++)
        if (profile->samples[i] != NULL)
            profile->samples[kept++] = profile->samples[i];
    profile->sample_count = kept;
    /* the places have changed: the table is made anew with the next stack that is added */
    free(profile->slots);
    profile->slots = NULL;
    profile->slot_count = 0;
}

int profile_subtract(struct profile *later, const struct profile *earlier)
{
    assert(later->type_count == earlier->type_count);

    for (size_t i = 0; i < earlier->sample_count; i++) {
        const struct profile_sample *minus = earlier->samples[i];
        struct profile_sample *sample = find_or_add(later, minus);
        if (sample == NULL)
            return -1;
        for (unsigned j = 0; j < later->type_count; j++)
            sample->values[j] -= minus->values[j];
    }

    for (size_t i = 0; i < later->sample_count; i++)
        if (is_zero(later, later->samples[i]))
            drop(later, i);
    close_gaps(later);
    return 0;
}

void profile_drop_within(struct profile *profile, uintptr_t start, uintptr_t limit)
{
    for (size_t i = 0; i < profile->sample_count; i++) {
        const struct profile_sample *sample = profile->samples[i];
        for (unsigned j = 0; j < sample->depth; j++)
            if (sample->stack[j] >= start && sample->stack[j] < limit) {
                drop(profile, i);
                break;
            }
    }
    close_gaps(profile);
}

unsigned profile_type_index(const struct profile *profile, const char *type)
{
    for (unsigned i = 0; type != NULL && i < profile->type_count; i++)
        if (strcmp(profile->types[i].type, type) == 0)
            return i;
    return profile->type_count - 1;
}
