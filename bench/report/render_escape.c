#include "bench/report/render_escape.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bench/report/render_words.h"

enum { CODE_INVALID = 0xFFFD };

/* Writes what needs no escape. */
static void write_code(FILE *file, uint32_t code, const char *start, const char *end)
{
    if (code == ' ' || (code >= '\t' && code <= '\r'))
        fputc(' ', file);
    else if (words_is_control(code) || code == CODE_INVALID)
        fputs("\uFFFD", file);
    else
        fwrite(start, 1, (size_t)(end - start), file);
}

static const char *entity_of(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void write_html(FILE *file, const char *text, bool has_lines)
{
    while (*text != '\0') {
        const char *start = text;
        uint32_t code = words_next(&text);
        const char *entity = entity_of(code);
        if (entity != NULL)
            fputs(entity, file);
        else if (code == '\n' && has_lines)
            fputc('\n', file);
        else
            write_code(file, code, start, text);
    }
}

void escape_html(FILE *file, const char *text)
{
    write_html(file, text, false);
}

void escape_lines(FILE *file, const char *text)
{
    write_html(file, text, true);
}

void escape_markdown(FILE *file, const char *text)
{
    const char *first = text += strspn(text, " \t"); /* four spaces would make it code */

    while (*text != '\0') {
        const char *start = text;
        uint32_t code = words_next(&text);
        bool is_mark = start == first && code < 0x80 && strchr("-+=", (int)code) != NULL;
        if (code == '&' || code == '<' || code == '>')
            fputs(entity_of(code), file);
        else if (code == '@') /* would call whoever has that name */
            fputs("&#64;", file);
        else if (is_mark || (code < 0x80 && strchr("\\`*_[]#|~$", (int)code) != NULL))
            fprintf(file, "\\%c", (int)code);
        else
            write_code(file, code, start, text);
    }
}

void escape_path(FILE *file, const char *path)
{
    for (const unsigned char *byte = (const unsigned char *)path; *byte != '\0'; byte++) {
        if (*byte < 0x80 && (isalnum(*byte) || strchr("/._-", *byte) != NULL))
            fputc(*byte, file);
        else
            fprintf(file, "%%%02X", *byte);
    }
}

void escape_script(FILE *file, const char *json)
{
    while (*json != '\0') {
        const char *start = json;
        uint32_t code = words_next(&json);
        if (code == '<' || code == '>' || code == '&' || code == 0x7F || code == 0x2028 ||
            code == 0x2029 || (code >= 0x80 && code <= 0x9F))
            fprintf(file, "\\u%04x", (unsigned)code);
        else if (code == CODE_INVALID)
            fputs("\uFFFD", file);
        else
            fwrite(start, 1, (size_t)(json - start), file);
    }
}
