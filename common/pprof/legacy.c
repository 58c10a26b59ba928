#include "legacy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "profile_samples.h"

/* By its name; -1: the profile has no such type. */
static int type_index(const struct profile *profile, const char *type)
{
    for (unsigned i = 0; i < profile->type_count; i++)
        if (strcmp(profile->types[i].type, type) == 0)
            return (int)i;
    return -1;
}

static int64_t value(const struct profile_sample *sample, int index)
{
    return index >= 0 ? sample->values[index] : 0;
}

static int64_t sum(const struct profile *profile, int index)
{
    int64_t total = 0;

    for (size_t i = 0; i < profile->sample_count; i++)
        total += value(profile->samples[i], index);
    return total;
}

/* The client takes 1 from each address but the first, which is taken as it is. */
static uintptr_t legacy_address(const struct profile_sample *sample, unsigned index)
{
    return index == 0 ? profile_sample_address(sample, 0) : sample->stack[index];
}

static void write_stack(FILE *file, const struct profile_sample *sample)
{
    fputs(" @", file);
    for (unsigned i = 0; i < sample->depth; i++)
        fprintf(file, " 0x%lx", (unsigned long)legacy_address(sample, i));
    fputc('\n', file);
}

static void write_maps(FILE *file)
{
    char piece[4096];
    size_t count;
    FILE *maps = fopen("/proc/self/maps", "re");

    if (maps == NULL)
        return;
    while ((count = fread(piece, 1, sizeof piece, maps)) > 0)
        fwrite(piece, 1, count, file);
    fclose(maps);
}

/*
 * Objects, which of a delta, or rounded, may be none though their bytes are not: Go's client takes
 * no such profile.
 */
static int64_t at_least_one(int64_t count, int64_t bytes)
{
    return count != 0 || bytes == 0 ? count : bytes > 0 ? 1 : -1;
}

static void write_heap_counts(FILE *file, const int64_t counts[4])
{
    fprintf(file, "%" PRId64 ": %" PRId64 " [%" PRId64 ": %" PRId64 "]", counts[0], counts[1],
            counts[2], counts[3]);
}

void legacy_write_heap(FILE *file, const struct profile *profile)
{
    const int types[4] = {type_index(profile, "inuse_objects"), type_index(profile, "inuse_space"),
                          type_index(profile, "alloc_objects"), type_index(profile, "alloc_space")};
    int64_t counts[4];

    for (int i = 0; i < 4; i++) /* of a delta it may be negative, which no client takes here */
        counts[i] = sum(profile, types[i]) > 0 ? sum(profile, types[i]) : 0;
    fputs("heap profile: ", file);
    write_heap_counts(file, counts);
    fputs(" @ heapprofile\n", file); /* that is: they are no samples any more, do not scale them */
    for (size_t i = 0; i < profile->sample_count; i++) {
        if (profile->samples[i]->depth == 0)
            continue; /* lost ones: the format has no place for them */
        for (int j = 0; j < 4; j++)
            counts[j] = value(profile->samples[i], types[j]);
        counts[0] = at_least_one(counts[0], counts[1]);
        counts[2] = at_least_one(counts[2], counts[3]);
        write_heap_counts(file, counts);
        write_stack(file, profile->samples[i]);
    }
    fputs("\nMAPPED_LIBRARIES:\n", file);
    write_maps(file);
}

void legacy_write_contention(FILE *file, const struct profile *profile)
{
    int contentions = type_index(profile, "contentions"), delay = type_index(profile, "delay");

    /* "contentionz", which both clients know; Go's takes no "contention" */
    fputs("--- contentionz 1 ---\ncycles/second = 1000000000\nsampling period = 1\n", file);
    for (size_t i = 0; i < profile->sample_count; i++) {
        const struct profile_sample *sample = profile->samples[i];
        int64_t count = value(sample, contentions);
        if (value(sample, delay) <= 0 || sample->depth == 0)
            continue; /* of a delta, which the format has no numbers for; or lost */
        /* the client divides by it, and what samples stand for may be rounded down to none */
        fprintf(file, "%" PRId64 " %" PRId64, value(sample, delay), count > 0 ? count : 1);
        write_stack(file, sample);
    }
    fputs("--- Memory map: ---\n", file); /* Go's client takes any other line for a sample */
    write_maps(file);
}

static void write_word(FILE *file, uintptr_t word)
{
    fwrite(&word, sizeof word, 1, file);
}

void legacy_write_cpu(FILE *file, const struct profile *profile, unsigned period_us)
{
    const uintptr_t head[] = {0, 3, 0, period_us, 0}, end[] = {0, 1, 0};

    fwrite(head, sizeof head, 1, file);
    for (size_t i = 0; i < profile->sample_count; i++) {
        const struct profile_sample *sample = profile->samples[i];
        if (sample->depth == 0)
            continue;
        write_word(file, (uintptr_t)sample->values[0]);
        write_word(file, sample->depth);
        for (unsigned j = 0; j < sample->depth; j++)
            write_word(file, legacy_address(sample, j));
    }
    fwrite(end, sizeof end, 1, file);
    write_maps(file);
}

static void write_symbol(FILE *file, struct symbols *symbols, uintptr_t address)
{
    struct symbol_place place;
    char name[SYMBOLS_NAME_SIZE];

    symbols_find(symbols, address, &place);
    fprintf(file, "0x%lx\t", (unsigned long)address);
    if (place.frame_count == 0)
        place.frames[place.frame_count++] = (struct symbol_frame){0};
    for (unsigned i = 0; i < place.frame_count; i++)
        fprintf(file, "%s%s", i > 0 ? "--" : "",
                symbols_name(symbols, address, &place, &place.frames[i], name));
    fputc('\n', file);
}

void legacy_write_symbols(FILE *file, struct symbols *symbols, const char *request)
{
    if (request == NULL || *request == '\0') {
        fputs("num_symbols: 1\n", file);
        return;
    }
    while (*request != '\0') {
        char *end;
        uintptr_t address = strtoul(request, &end, 16);
        if (end == request)
            end++; /* no number: on to the next character */
        else
            write_symbol(file, symbols, address);
        request = end;
        request += *request == '+';
    }
}
