#include "bench/classroom/likeness.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t add_text(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u; /* FNV-1a-64 */
    return (hash ^ ' ') * 1099511628211u;
}

/* The word behind the colon of a line of the listing, an address; NULL for other lines. */
static const char *first_word(const char *line, size_t length)
{
    const char *end = line + length, *at = line;

    while (at < end && (isxdigit((unsigned char)*at) || isblank((unsigned char)*at)))
        at++;
    if (at == line || at >= end || *at++ != ':')
        return NULL;
    while (at < end && isblank((unsigned char)*at))
        at++;
    return at < end ? at : NULL;
}

/*
 * What the line says: an instruction, by its name; or what the one before it refers to, by the
 * symbol, if that is not a section of the file's own. Padding says nothing.
 */
static void add_line(const char *line, size_t length, uint64_t *instructions, size_t *count)
{
    const char *word = first_word(line, length), *end = line + length;

    if (word == NULL)
        return;
    size_t word_length = strcspn(word, " \t\n");
    if (strncmp(word, "R_", 2) == 0) {
        const char *symbol = word + word_length;
        while (symbol < end && isblank((unsigned char)*symbol))
            symbol++;
        if (*count > 0 && symbol < end && *symbol != '.')
            instructions[*count - 1] =
                add_text(instructions[*count - 1], symbol, strcspn(symbol, "+- \t\n"));
    } else if (strncmp(word, "nop", 3) != 0 && strncmp(word, "data16", 6) != 0 &&
               strncmp(word, "cs ", 3) != 0 && strncmp(word, "xchg", 4) != 0) {
        instructions[(*count)++] = add_text(14695981039346656037u, word, word_length);
    }
}

static int by_value(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

int likeness_parse(const char *listing, struct likeness_code *code)
{
    size_t lines = 1, instructions_count = 0;

    *code = (struct likeness_code){0};
    for (const char *at = listing; *at != '\0'; at++)
        lines += *at == '\n';
    uint64_t *instructions = calloc(lines, sizeof *instructions);
    code->runs = calloc(lines, sizeof *code->runs);
    if (instructions == NULL || code->runs == NULL) {
        free(instructions);
        likeness_free(code);
        return -1;
    }
    for (const char *at = listing; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        add_line(at, length, instructions, &instructions_count);
        at += length + (at[length] == '\n');
    }
    for (size_t i = 0; i + LIKENESS_RUN <= instructions_count; i++)
        code->runs[code->count++] =
            add_text(0, (const char *)&instructions[i], LIKENESS_RUN * sizeof *instructions);
    free(instructions);
    qsort(code->runs, code->count, sizeof *code->runs, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < code->count; i++)
        if (kept == 0 || code->runs[kept - 1] != code->runs[i])
            code->runs[kept++] = code->runs[i];
    code->count = kept;
    return 0;
}

void likeness_free(struct likeness_code *code)
{
    free(code->runs);
    *code = (struct likeness_code){0};
}

static bool has_run(const struct likeness_code *code, uint64_t run)
{
    return code->count > 0 && bsearch(&run, code->runs, code->count, sizeof run, by_value) != NULL;
}

double likeness_share(const struct likeness_code *naive, const struct likeness_code *reference,
                      const struct likeness_code *code, size_t *count)
{
    size_t own = 0, found = 0;

    for (size_t i = 0; i < reference->count; i++) {
        if (has_run(naive, reference->runs[i]))
            continue;
        own++;
        found += has_run(code, reference->runs[i]);
    }
    if (count != NULL)
        *count = own;
    return own > 0 && naive->count > 0 && code->count > 0 ? (double)found / (double)own : NAN;
}

bool likeness_is_same_text(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, " \t\r\n");
        b += strspn(b, " \t\r\n");
        if (*a != *b)
            return false;
        if (*a == '\0')
            return true;
    }
}
