#include "memcheck.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

struct parser {
    struct memcheck *result;
    uint64_t pid;
    bool has_heap, has_usage, has_leaks, has_errors;
    unsigned leak_kind_count;
};

/* "1,065 bytes in 3 blocks" */
static int parse_blocks(const char **at, struct memcheck_blocks *blocks)
{
    *at += strspn(*at, " ");
    return text_number(at, &blocks->bytes) == 0 && text_skip(at, " bytes in ") &&
                   text_number(at, &blocks->blocks) == 0 && text_skip(at, " blocks")
               ? 0
               : -1;
}

static int parse_usage(const char *at, struct memcheck *result)
{
    return text_number(&at, &result->allocation_count) == 0 && text_skip(&at, " allocs, ") &&
                   text_number(&at, &result->free_count) == 0 && text_skip(&at, " frees, ") &&
                   text_number(&at, &result->allocated_bytes) == 0 &&
                   text_skip(&at, " bytes allocated")
               ? 0
               : -1;
}

static int parse_errors(const char *at, struct memcheck *result)
{
    return text_number(&at, &result->error_count) == 0 && text_skip(&at, " errors from ") &&
                   text_number(&at, &result->context_count) == 0 && text_skip(&at, " contexts")
               ? 0
               : -1;
}

/* A line without its "==pid== ". Lines that say nothing of interest here are passed over. */
static int parse_line(struct parser *parser, const char *at)
{
    struct memcheck *result = parser->result;
    const struct {
        const char *title;
        struct memcheck_blocks *blocks;
    } kinds[] = {
        {"definitely lost: ", &result->definitely_lost},
        {"indirectly lost: ", &result->indirectly_lost},
        {"possibly lost: ", &result->possibly_lost},
        {"still reachable: ", &result->still_reachable},
        {"suppressed: ", &result->suppressed},
    };

    at += strspn(at, " ");
    if (text_skip(&at, "in use at exit: ")) {
        parser->has_heap = true;
        return parse_blocks(&at, &result->in_use);
    }
    if (text_skip(&at, "total heap usage: ")) {
        parser->has_usage = true;
        return parse_usage(at, result);
    }
    if (text_skip(&at, "All heap blocks were freed")) {
        parser->has_leaks = true;
        return 0;
    }
    if (text_skip(&at, "ERROR SUMMARY: ")) {
        parser->has_errors = true;
        return parse_errors(at, result);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_skip(&at, kinds[i].title)) {
            parser->leak_kind_count++;
            parser->has_leaks = parser->leak_kind_count == sizeof kinds / sizeof kinds[0];
            return parse_blocks(&at, kinds[i].blocks);
        }
    return 0;
}

int memcheck_read(const char *path, struct memcheck *result, char *error, size_t error_size)
{
    struct parser parser = {.result = result};
    struct text text;
    struct text_lines lines;
    const char *what = NULL;
    char *line;

    *result = (struct memcheck){0};
    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    text_lines_init(&lines, &text);
    while (what == NULL && (line = text_next_line(&lines)) != NULL) {
        const char *at = line;
        uint64_t pid;

        /* What the program itself printed, if that went into the same file. */
        if (!text_skip(&at, "==") || text_number(&at, &pid) != 0 || !text_skip(&at, "=="))
            continue;
        if (!lines.is_whole)
            what = "the file ends inside a line: it is not complete";
        else if (parser.pid != 0 && pid != parser.pid)
            what = "the log of a second process begins here: use %p in the name of the log";
        else if (parse_line(&parser, at) != 0)
            what = "this line of the summary cannot be read";
        parser.pid = pid;
    }
    if (what == NULL && (!parser.has_heap || !parser.has_usage || !parser.has_errors))
        what = "the log ends without Memcheck's summaries of the heap and of errors";
    else if (what == NULL && !parser.has_leaks)
        what = "the log ends without a leak summary (was it run with --leak-check=no?)";
    if (what != NULL)
        text_error(error, error_size, path, lines.number, "%s", what);
    text_free(&text);
    return what != NULL ? -1 : 0;
}
