#include "bench/readers/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t LENGTH_MAX = (size_t)1 << 30;

int text_error(char *error, size_t error_size, const char *path, unsigned line, const char *format,
               ...)
{
    va_list arguments;
    int used = line != 0 ? snprintf(error, error_size, "%s:%u: ", path, line)
                         : snprintf(error, error_size, "%s: ", path);

    va_start(arguments, format);
    if (used >= 0 && (size_t)used < error_size)
        vsnprintf(error + used, error_size - (size_t)used, format, arguments);
    va_end(arguments);
    return -1;
}

/* Reads to the end of the stream rather than to a size: a pipe or a /proc file has none. */
static int read_all(FILE *file, struct text *text)
{
    size_t capacity = 0;

    for (;;) {
        if (capacity - text->length < 2) {
            capacity = capacity != 0 ? 2 * capacity : 64 * 1024;
            char *bigger = realloc(text->bytes, capacity);
            if (bigger == NULL)
                return -1;
            text->bytes = bigger;
        }
        size_t count = fread(text->bytes + text->length, 1, capacity - text->length - 1, file);
        text->length += count;
        if (text->length > LENGTH_MAX) {
            errno = EFBIG;
            return -1;
        }
        if (count == 0)
            break;
    }
    text->bytes[text->length] = '\0';
    return ferror(file) ? -1 : 0;
}

int text_read(const char *path, struct text *text, char *error, size_t error_size)
{
    FILE *file = fopen(path, "re");

    *text = (struct text){0};
    if (file == NULL)
        return text_error(error, error_size, path, 0, "%s", strerror(errno));
    if (read_all(file, text) != 0) {
        text_error(error, error_size, path, 0, "%s", strerror(errno));
        goto fail;
    }
    if (text->length == 0) {
        text_error(error, error_size, path, 0, "the file is empty");
        goto fail;
    }
    if (strlen(text->bytes) != text->length) {
        text_error(error, error_size, path, 0, "not a text file: it has a NUL at byte %zu",
                   strlen(text->bytes));
        goto fail;
    }
    fclose(file);
    return 0;

fail:
    fclose(file);
    text_free(text);
    return -1;
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

void text_lines_init(struct text_lines *lines, struct text *text)
{
    *lines = (struct text_lines){
        .next = text->length > 0 ? text->bytes : NULL,
        .end = text->bytes + text->length,
    };
}

char *text_next_line(struct text_lines *lines)
{
    char *line = lines->next;
    if (line == NULL)
        return NULL;

    char *newline = memchr(line, '\n', (size_t)(lines->end - line));
    lines->number++;
    lines->is_whole = newline != NULL;
    lines->next = newline != NULL && newline + 1 < lines->end ? newline + 1 : NULL;
    if (newline != NULL) {
        *newline = '\0';
        if (newline > line && newline[-1] == '\r')
            newline[-1] = '\0';
    }
    return line;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

int text_number(const char **at, uint64_t *number)
{
    const char *byte = *at;
    uint64_t value = 0;

    if (!is_digit(*byte))
        return -1;
    for (; is_digit(*byte) || (*byte == ',' && is_digit(byte[1])); byte++) {
        if (*byte == ',')
            continue;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*byte - '0'), &value))
            return -1;
    }
    *at = byte;
    *number = value;
    return 0;
}

bool text_skip(const char **at, const char *prefix)
{
    size_t length = strlen(prefix);
    if (strncmp(*at, prefix, length) != 0)
        return false;
    *at += length;
    return true;
}
