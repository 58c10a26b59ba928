#include "massif.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 256 }; /* Valgrind's own limit of a stack is 200 */

struct parser {
    const char *path;
    struct text_lines lines;
    char *error;
    size_t error_size;
    struct massif *result;
    uint32_t snapshot_capacity, node_capacity;
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

static struct massif_node *add_node(struct parser *parser)
{
    struct massif *result = parser->result;

    if (result->node_count == parser->node_capacity) {
        uint32_t capacity = parser->node_capacity != 0 ? 2 * parser->node_capacity : 256;
        struct massif_node *nodes = realloc(result->nodes, capacity * sizeof *nodes);
        if (nodes == NULL) {
            fail_line(parser, "out of memory");
            return NULL;
        }
        result->nodes = nodes;
        parser->node_capacity = capacity;
    }
    result->nodes[result->node_count] = (struct massif_node){0};
    return &result->nodes[result->node_count++];
}

/* "0x1093D0: key_build (key.c:54)", or what Massif says where there is no one place. */
static int parse_place(struct parser *parser, char *place, struct massif_node *node)
{
    if (frame_parse(place, &node->frame) == 0)
        return 0;
    if (node->depth == 0 && place[0] == '(')
        return 0;
    node->is_below_threshold = strstr(place, "below massif's threshold") != NULL;
    return node->is_below_threshold ? 0 : fail_line(parser, "a place in the program is expected");
}

/* One node, "n2: 405 0x...: ...", and all that is below it. Goes as deep as DEPTH_MAX. */
static int parse_node(struct parser *parser, uint32_t depth, uint64_t *bytes)
{
    uint64_t child_count, sum = 0;
    char *line = next_line(parser);
    struct massif_node *node;

    if (line == NULL)
        return -1;
    const char *at = line + strspn(line, " ");
    if (depth > DEPTH_MAX || (size_t)(at - line) != depth)
        return fail_line(parser, "the tree is not indented as its counts say");
    if (!text_skip(&at, "n") || text_number(&at, &child_count) != 0 || !text_skip(&at, ": ") ||
        text_number(&at, bytes) != 0 || !text_skip(&at, " "))
        return fail_line(parser, "a node of the tree is expected here");
    node = add_node(parser);
    if (node == NULL)
        return -1;
    node->bytes = *bytes;
    node->depth = depth;
    if (parse_place(parser, line + (at - line), node) != 0)
        return -1;
    for (uint64_t i = 0; i < child_count; i++) {
        uint64_t child_bytes;
        if (parse_node(parser, depth + 1, &child_bytes) != 0)
            return -1;
        sum += child_bytes;
    }
    if (child_count != 0 && sum != *bytes)
        return fail_line(parser, "the tree that ends here does not sum to its root");
    return 0;
}

static int parse_tree(struct parser *parser, struct massif_snapshot *snapshot)
{
    uint64_t bytes;

    if (parse_node(parser, 0, &bytes) != 0)
        return -1;
    if (bytes != snapshot->heap_bytes)
        return fail_line(parser, "the tree that ends here is not the snapshot's heap");
    snapshot->node_count = parser->result->node_count - snapshot->node_first;
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
    *snapshot = (struct massif_snapshot){.node_first = result->node_count};
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
    return parse_tree(parser, snapshot);
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
    free(result->nodes);
    text_free(&result->text);
    *result = (struct massif){0};
}

int massif_bytes_of(const struct massif *result, uint32_t snapshot, const char *function,
                    uint64_t *bytes)
{
    const struct massif_snapshot *at = &result->snapshots[snapshot];
    const struct massif_node *node = &result->nodes[at->node_first];
    const struct massif_node *end = node + at->node_count;

    if (at->node_count == 0)
        return -1;
    *bytes = 0;
    while (node < end) {
        const struct massif_node *match = node++;
        if (!frame_name_is(match->frame.function, function))
            continue;
        *bytes += match->bytes;
        /* What is below it is the same bytes again, by caller. */
        while (node < end && node->depth > match->depth)
            node++;
    }
    return 0;
}

int massif_unnamed_bytes(const struct massif *result, uint32_t snapshot, uint64_t *bytes)
{
    const struct massif_snapshot *at = &result->snapshots[snapshot];

    if (at->node_count == 0)
        return -1;
    *bytes = 0;
    for (uint32_t i = 0; i < at->node_count; i++)
        if (result->nodes[at->node_first + i].is_below_threshold)
            *bytes += result->nodes[at->node_first + i].bytes;
    return 0;
}
