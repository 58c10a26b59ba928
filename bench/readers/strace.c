#include "bench/readers/strace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* "% time seconds usecs/call calls [errors] syscall"; of the total some versions leave usecs/call
 * out. */
enum { CALLS = 3, WORDS_MIN = CALLS + 2, WORDS_MAX = 6 };

/* Takes the line to pieces. Returns how many there are, WORDS_MAX + 1 for too many. */
static unsigned split(char *line, char *words[WORDS_MAX])
{
    unsigned count = 0;

    for (char *save, *word = strtok_r(line, " ", &save); word != NULL;
         word = strtok_r(NULL, " ", &save), count++) {
        if (count == WORDS_MAX)
            return WORDS_MAX + 1;
        words[count] = word;
    }
    return count;
}

static bool is_number(const char *word, uint64_t *number)
{
    return text_number(&word, number) == 0 && *word == '\0';
}

static bool read_call(char *const *words, unsigned count, struct strace_call *call)
{
    *call = (struct strace_call){.name = words[count - 1]};
    return count >= WORDS_MIN && is_number(words[CALLS], &call->calls) &&
           (count == WORDS_MIN || is_number(words[CALLS + 1], &call->errors));
}

/* The line of the total has to say the sum, in whichever column. */
static bool has_sum(char *const *words, unsigned count, uint64_t sum)
{
    uint64_t number;

    for (unsigned i = 2; i + 1 < count; i++)
        if (is_number(words[i], &number) && number == sum)
            return true;
    return false;
}

/* NULL, or what is wrong with the line last read. */
static const char *read_table(struct strace *result, struct text_lines *lines)
{
    bool is_in_table = false;
    char *line, *words[WORDS_MAX];

    while ((line = text_next_line(lines)) != NULL) {
        unsigned count = split(line, words);
        if (count == 0)
            continue;
        if (!is_in_table || words[0][0] == '-') {
            is_in_table = is_in_table || words[0][0] == '-';
            continue;
        }
        if (count > WORDS_MAX)
            return "this is no line of strace's table";
        if (strcmp(words[count - 1], "total") == 0)
            return has_sum(words, count, result->total) && lines->is_whole
                       ? NULL
                       : "the calls do not sum up to this total";
        struct strace_call *call = &result->calls[result->call_count];
        if (!read_call(words, count, call) || result->total + call->calls < result->total)
            return "this is no line of strace's table";
        if (strace_calls(result, call->name) > 0)
            return "this call is in the table twice";
        result->total += call->calls;
        result->call_count++;
    }
    return "the table ends without its total (strace -c writes it once the program is over)";
}

int strace_read(const char *path, struct strace *result, char *error, size_t error_size)
{
    struct text_lines lines;
    size_t room = 1;

    *result = (struct strace){.call_count = 0};
    if (text_read(path, &result->text, error, error_size) != 0)
        return -1;
    for (const char *byte = result->text.bytes; *byte != '\0'; byte++)
        room += *byte == '\n';
    result->calls = calloc(room, sizeof *result->calls);
    text_lines_init(&lines, &result->text);
    const char *fault = result->calls != NULL ? read_table(result, &lines) : "out of memory";
    if (fault == NULL)
        return 0;
    text_error(error, error_size, path, lines.number, "%s", fault);
    strace_free(result);
    return -1;
}

void strace_free(struct strace *result)
{
    free(result->calls);
    text_free(&result->text);
}

uint64_t strace_calls(const struct strace *result, const char *name)
{
    for (uint32_t i = 0; i < result->call_count; i++)
        if (strcmp(result->calls[i].name, name) == 0)
            return result->calls[i].calls;
    return 0;
}
