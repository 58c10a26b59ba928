#include "bench/readers/massif.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    const char *path;
    struct text_lines lines;
    char *error;
    size_t error_size;
    struct massif *result;
    uint32_t snapshot_capacity;
};

static int fail_line(struct parser *parser, const char *what)
{
    return text_error(parser->error, parser->error_size, parser->path, parser->lines.number, "%s",
                      what);
}

static char *next_line(struct parser *parser)
{
    char *line = text_next_line(&parser->lines);
    if (line == NULL || !parser->lines.is_whole) {
        fail_line(parser, "the file ends inside a snapshot: it is not complete");
        return NULL;
    }
    return line;
}

/* "n2: 405 0x...: ...": a node says how many follow below it, so it is known where the last is. */
static int skip_tree(struct parser *parser)
{
    for (uint64_t left = 1; left > 0; left--) {
        const char *at = next_line(parser);
        uint64_t child_count;

        if (at == NULL)
            return -1;
        at += strspn(at, " ");
        if (!text_skip(&at, "n") || text_number(&at, &child_count) != 0 || !text_skip(&at, ": "))
            return fail_line(parser, "a node of the tree is expected here");
        left += child_count;
    }
    return 0;
}

static int parse_member(struct parser *parser, const char *name, uint64_t *value)
{
    const char *line = next_line(parser);

    if (line == NULL)
        return -1;
    if (!text_skip(&line, name) || !text_skip(&line, "=") || text_number(&line, value) != 0 ||
        *line != '\0')
        return text_error(parser->error, parser->error_size, parser->path, parser->lines.number,
                          "%s=NUMBER is expected here", name);
    return 0;
}

static struct massif_snapshot *add_snapshot(struct parser *parser)
{
    struct massif *result = parser->result;

    if (result->snapshot_count == parser->snapshot_capacity) {
        uint32_t capacity = parser->snapshot_capacity != 0 ? 2 * parser->snapshot_capacity : 128;
        struct massif_snapshot *snapshots =
            realloc(result->snapshots, capacity * sizeof *snapshots);
        if (snapshots == NULL) {
            fail_line(parser, "out of memory");
            return NULL;
        }
        result->snapshots = snapshots;
        parser->snapshot_capacity = capacity;
    }
    struct massif_snapshot *snapshot = &result->snapshots[result->snapshot_count++];
    *snapshot = (struct massif_snapshot){0};
    return snapshot;
}

/* All of a snapshot behind its first "#-----------". */
static int parse_snapshot(struct parser *parser)
{
    struct massif_snapshot *snapshot = add_snapshot(parser);
    uint64_t number;
    char *line;

    if (snapshot == NULL || parse_member(parser, "snapshot", &number) != 0)
        return -1;
    if (number != parser->result->snapshot_count - 1)
        return fail_line(parser, "a snapshot is missing before this one");
    line = next_line(parser);
    if (line == NULL)
        return -1;
    if (line[0] != '#')
        return fail_line(parser, "a line of # is expected here");
    if (parse_member(parser, "time", &snapshot->time) != 0 ||
        parse_member(parser, "mem_heap_B", &snapshot->heap_bytes) != 0 ||
        parse_member(parser, "mem_heap_extra_B", &snapshot->extra_bytes) != 0 ||
        parse_member(parser, "mem_stacks_B", &snapshot->stack_bytes) != 0)
        return -1;
    line = next_line(parser);
    if (line == NULL)
        return -1;
    if (strcmp(line, "heap_tree=empty") == 0)
        return 0;
    snapshot->is_peak = strcmp(line, "heap_tree=peak") == 0;
    if (!snapshot->is_peak && strcmp(line, "heap_tree=detailed") != 0)
        return fail_line(parser, "heap_tree= empty, detailed or peak is expected here");
    return skip_tree(parser);
}

static uint64_t total_bytes(const struct massif_snapshot *snapshot)
{
    return snapshot->heap_bytes + snapshot->extra_bytes + snapshot->stack_bytes;
}

static void find_peak(struct massif *result)
{
    for (uint32_t i = 0; i < result->snapshot_count; i++) {
        if (result->snapshots[i].is_peak) {
            result->peak = i;
            return;
        }
        if (total_bytes(&result->snapshots[i]) > total_bytes(&result->snapshots[result->peak]))
            result->peak = i;
    }
}

static int parse(struct parser *parser)
{
    char *line;

    while ((line = text_next_line(&parser->lines)) != NULL && line[0] != '#') {
        const char *at = line;
        if (text_skip(&at, "time_unit: "))
            parser->result->time_unit = at;
        else if (!text_skip(&at, "desc:") && !text_skip(&at, "cmd:"))
            return fail_line(parser, "this is no line of a Massif file");
    }
    if (parser->result->time_unit == NULL)
        return fail_line(parser, "the unit of time is missing");
    if (line == NULL)
        return fail_line(parser, "the file has no snapshots");
    do
        if (parse_snapshot(parser) != 0)
            return -1;
    while ((line = text_next_line(&parser->lines)) != NULL && line[0] == '#');
    if (line != NULL)
        return fail_line(parser, "a line of # is expected between two snapshots");
    find_peak(parser->result);
    return 0;
}

int massif_read(const char *path, struct massif *result, char *error, size_t error_size)
{
    struct parser parser = {
        .path = path, .error = error, .error_size = error_size, .result = result};

    *result = (struct massif){0};
    if (text_read(path, &result->text, error, error_size) != 0)
        return -1;
    text_lines_init(&parser.lines, &result->text);
    if (parse(&parser) == 0)
        return 0;
    massif_free(result);
    return -1;
}

void massif_free(struct massif *result)
{
    free(result->snapshots);
    text_free(&result->text);
    *result = (struct massif){0};
}
