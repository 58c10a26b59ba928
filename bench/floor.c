/*
 * floor.c - the floor: how long does it take just to parse and free the same lines?
 *
 * A loop of stock cJSON with its default allocator over the lines of a file, nothing else: no
 * validation, no key, no database. What the fixed program needs is held against this. Prints one
 * JSON object. Usage: floor FILE [REPEATS]
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

/* The whole file in memory, so that reading is not part of the floor. */
static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size >= 0 ? malloc((size_t)size + 1) : NULL;
        if (text != NULL)
            *length = fread(text, 1, (size_t)size, file);
    }
    fclose(file);
    return text;
}

/* Parses and frees each line; returns how many there were. */
static size_t parse_lines(const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    size_t count = 0;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        cJSON_Delete(cJSON_ParseWithLength(at, (size_t)(stop - at)));
        at = stop + 1;
        count++;
    }
    return count;
}

int main(int argc, char **argv)
{
    size_t length = 0, count = 0;
    long repeats = argc > 2 ? strtol(argv[2], NULL, 10) : 1;

    if (argc < 2 || repeats < 1) {
        fprintf(stderr, "usage: floor FILE [REPEATS]\n");
        return 2;
    }
    char *text = read_file(argv[1], &length);
    if (text == NULL) {
        fprintf(stderr, "floor: cannot read %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    uint64_t start_ns = clock_ns();
    for (long i = 0; i < repeats; i++)
        count += parse_lines(text, length);
    uint64_t elapsed_ns = clock_ns() - start_ns;
    free(text);
    printf("{\"records\":%zu,\"elapsed_ns\":%llu,\"ns_per_record\":%.1f}\n", count,
           (unsigned long long)elapsed_ns, count > 0 ? (double)elapsed_ns / (double)count : 0.0);
    return fflush(stdout) == 0 ? 0 : 1;
}
