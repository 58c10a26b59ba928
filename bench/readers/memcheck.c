#include "bench/readers/memcheck.h"

#include <stdbool.h>
#include <string.h>

#include "bench/readers/text.h"

struct parser {
    struct memcheck *result;
    uint64_t pid;
    bool has_leaks, is_finished;
};

/* "1,065 bytes in 3 blocks" */
static int parse_lost(const char *at, struct memcheck *result)
{
    return text_number(&at, &result->lost_bytes) == 0 && text_skip(&at, " bytes in ") &&
                   text_number(&at, &result->lost_blocks) == 0 && text_skip(&at, " blocks")
               ? 0
               : -1;
}

/* A line without its "==pid== ". Lines that say nothing of interest here are passed over. */
static int parse_line(struct parser *parser, const char *at)
{
    at += strspn(at, " ");
    if (text_skip(&at, "All heap blocks were freed")) {
        parser->has_leaks = true;
    } else if (text_skip(&at, "ERROR SUMMARY: ")) {
        parser->is_finished = true;
    } else if (text_skip(&at, "definitely lost: ")) {
        parser->has_leaks = true;
        return parse_lost(at, parser->result);
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
    if (what == NULL && !parser.is_finished)
        what = "the log ends without Memcheck's summary of errors";
    else if (what == NULL && !parser.has_leaks)
        what = "the log ends without a leak summary (was it run with --leak-check=no?)";
    if (what != NULL)
        text_error(error, error_size, path, lines.number, "%s", what);
    text_free(&text);
    return what != NULL ? -1 : 0;
}
