#include "races.h"

#include <expat.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* What the elements around the present one are. Valgrind does not nest errors. */
struct parser {
    XML_Parser xml;
    const char *path;
    char *error;
    size_t error_size;
    struct races *result;
    bool is_failed;
    bool is_output;   /* the document is <valgrindoutput> */
    bool is_finished; /* the tool reached the end of its run */
    bool is_in_error;
    bool has_stack;   /* the error has had a <stack> */
    bool is_in_stack; /* inside its first one */
    bool is_in_frame;
    bool is_in_pair; /* inside a <pair> of <errorcounts> */
    bool is_in_counts;
    uint32_t report_capacity, frame_capacity;
    uint64_t *uniques; /* of each report: the tool's number of it */
    uint64_t pair_count, pair_unique;
    char *content; /* text of the innermost element so far */
    size_t content_length, content_capacity;
};

static void fail(struct parser *parser, const char *what)
{
    if (!parser->is_failed)
        text_error(parser->error, parser->error_size, parser->path,
                   (unsigned)XML_GetCurrentLineNumber(parser->xml), "%s", what);
    parser->is_failed = true;
    XML_StopParser(parser->xml, XML_FALSE);
}

static struct races_report *current(struct parser *parser)
{
    return &parser->result->reports[parser->result->report_count - 1];
}

static const char *keep(struct parser *parser, const char *text)
{
    uint32_t number;
    if (names_add(&parser->result->names, text, &number) != 0) {
        fail(parser, "out of memory");
        return "";
    }
    return parser->result->names.texts[number];
}

static int begin_report(struct parser *parser)
{
    struct races *result = parser->result;

    if (result->report_count == parser->report_capacity) {
        uint32_t capacity = parser->report_capacity != 0 ? 2 * parser->report_capacity : 16;
        struct races_report *reports = realloc(result->reports, capacity * sizeof *reports);
        if (reports == NULL)
            return -1;
        result->reports = reports;
        uint64_t *uniques = realloc(parser->uniques, capacity * sizeof *uniques);
        if (uniques == NULL)
            return -1;
        parser->uniques = uniques;
        parser->report_capacity = capacity;
    }
    parser->uniques[result->report_count] = 0;
    result->reports[result->report_count++] =
        (struct races_report){.kind = RACES_OTHER, .kind_name = "", .what = "", .count = 1};
    parser->frame_capacity = 0;
    parser->has_stack = false;
    return 0;
}

static int begin_frame(struct parser *parser)
{
    struct races_report *report = current(parser);

    if (report->frame_count == parser->frame_capacity) {
        uint32_t capacity = parser->frame_capacity != 0 ? 2 * parser->frame_capacity : 16;
        struct frame *frames = realloc(report->frames, capacity * sizeof *frames);
        if (frames == NULL)
            return -1;
        report->frames = frames;
        parser->frame_capacity = capacity;
    }
    report->frames[report->frame_count++] = (struct frame){0};
    return 0;
}

static void begin_element(void *context, const char *name, const char **attributes)
{
    struct parser *parser = context;
    int status = 0;

    (void)attributes;
    parser->content_length = 0;
    if (strcmp(name, "valgrindoutput") == 0) {
        parser->is_output = true;
    } else if (strcmp(name, "errorcounts") == 0) {
        parser->is_in_counts = true;
    } else if (strcmp(name, "pair") == 0 && parser->is_in_counts) {
        parser->is_in_pair = true;
        parser->pair_count = parser->pair_unique = 0;
    } else if (strcmp(name, "error") == 0 && !parser->is_in_error) {
        parser->is_in_error = true;
        status = begin_report(parser);
    } else if (!parser->is_in_error) {
        return;
    } else if (strcmp(name, "stack") == 0) {
        /* Only the first: where the lock was acquired comes before where it was released. */
        parser->is_in_stack = !parser->has_stack;
        parser->has_stack = true;
    } else if (strcmp(name, "frame") == 0 && parser->is_in_stack) {
        parser->is_in_frame = true;
        status = begin_frame(parser);
    }
    if (status != 0)
        fail(parser, "out of memory");
}

static void add_content(void *context, const char *bytes, int length)
{
    struct parser *parser = context;
    size_t needed = parser->content_length + (size_t)length + 1;

    if (needed > parser->content_capacity) {
        char *content = realloc(parser->content, 2 * needed);
        if (content == NULL) {
            fail(parser, "out of memory");
            return;
        }
        parser->content = content;
        parser->content_capacity = 2 * needed;
    }
    memcpy(parser->content + parser->content_length, bytes, (size_t)length);
    parser->content_length += (size_t)length;
}

/* "Lock on mutex 0x10c0e0 was held during 33 ms (threshold: 10 ms)." */
static void parse_hold(struct parser *parser, struct races_report *report)
{
    const char *at = strstr(report->what, "held during ");

    report->kind = RACES_HOLD;
    if (at == NULL || !text_skip(&at, "held during ") || text_number(&at, &report->held_ms) != 0 ||
        !text_skip(&at, " ms (threshold: ") || text_number(&at, &report->threshold_ms) != 0)
        fail(parser, "the sentence on how long a lock was held cannot be read");
}

static void end_report(struct parser *parser)
{
    struct races_report *report = current(parser);

    parser->is_in_error = false;
    if (strcmp(report->kind_name, "HoldtimeErr") == 0)
        parse_hold(parser, report);
    else if (strcmp(report->kind_name, "ConflictingAccess") == 0 ||
             strcmp(report->kind_name, "Race") == 0)
        report->kind = RACES_RACE;
}

static void end_frame_element(struct parser *parser, const char *name, const char *content)
{
    struct races_report *report = current(parser);
    struct frame *frame = &report->frames[report->frame_count - 1];

    if (strcmp(name, "fn") == 0)
        frame->function = keep(parser, content);
    else if (strcmp(name, "obj") == 0)
        frame->object = keep(parser, content);
    else if (strcmp(name, "file") == 0)
        frame->file = keep(parser, content);
    else if (strcmp(name, "line") == 0)
        frame->line = (unsigned)strtoul(content, NULL, 10);
    else if (strcmp(name, "frame") == 0)
        parser->is_in_frame = false;
}

static void end_error_element(struct parser *parser, const char *name, const char *content)
{
    struct races_report *report = current(parser);

    if (strcmp(name, "error") == 0)
        end_report(parser);
    else if (strcmp(name, "stack") == 0)
        parser->is_in_stack = false;
    else if (strcmp(name, "unique") == 0)
        parser->uniques[parser->result->report_count - 1] = strtoull(content, NULL, 16);
    else if (strcmp(name, "kind") == 0)
        report->kind_name = keep(parser, content);
    /* Other parts of an error have a <what> of their own, after the error's. */
    else if ((strcmp(name, "what") == 0 || strcmp(name, "text") == 0) && report->what[0] == '\0')
        report->what = keep(parser, content);
}

static void end_pair(struct parser *parser)
{
    parser->is_in_pair = false;
    for (uint32_t i = 0; i < parser->result->report_count; i++)
        if (parser->uniques[i] == parser->pair_unique)
            parser->result->reports[i].count = parser->pair_count;
}

static void end_element(void *context, const char *name)
{
    struct parser *parser = context;
    const char *content = "";

    add_content(parser, "", 0);
    if (parser->is_failed)
        return;
    parser->content[parser->content_length] = '\0';
    content = parser->content;
    if (parser->is_in_frame)
        end_frame_element(parser, name, content);
    else if (parser->is_in_error)
        end_error_element(parser, name, content);
    else if (parser->is_in_pair && strcmp(name, "count") == 0)
        parser->pair_count = strtoull(content, NULL, 10);
    else if (parser->is_in_pair && strcmp(name, "unique") == 0)
        parser->pair_unique = strtoull(content, NULL, 16);
    else if (parser->is_in_pair && strcmp(name, "pair") == 0)
        end_pair(parser);
    else if (strcmp(name, "errorcounts") == 0)
        parser->is_in_counts = false;
    else if (strcmp(name, "protocoltool") == 0)
        parser->result->tool = keep(parser, content);
    else if (strcmp(name, "state") == 0 && strcmp(content, "FINISHED") == 0)
        parser->is_finished = true;
    parser->content_length = 0;
}

static void sum_up(struct races *result)
{
    uint64_t *const sums[] = {
        [RACES_RACE] = &result->race_count,
        [RACES_HOLD] = &result->hold_count,
        [RACES_OTHER] = &result->other_count,
    };

    for (uint32_t i = 0; i < result->report_count; i++) {
        *sums[result->reports[i].kind] += result->reports[i].count;
        if (result->reports[i].held_ms > result->held_ms_max)
            result->held_ms_max = result->reports[i].held_ms;
    }
}

static int check(struct parser *parser)
{
    const char *tool = parser->result->tool;

    if (!parser->is_output)
        fail(parser, "this is no XML of Valgrind's");
    else if (tool == NULL || (strcmp(tool, "drd") != 0 && strcmp(tool, "helgrind") != 0))
        fail(parser, "this is of another tool than DRD and Helgrind");
    else if (!parser->is_finished)
        fail(parser, "the tool did not come to the end of its run");
    return parser->is_failed ? -1 : 0;
}

int races_read(const char *path, struct races *result, char *error, size_t error_size)
{
    struct parser parser = {
        .path = path, .error = error, .error_size = error_size, .result = result};
    struct text text;
    int status = -1;

    *result = (struct races){0};
    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    parser.xml = XML_ParserCreate("UTF-8");
    if (parser.xml == NULL || text.length > INT_MAX) {
        text_error(error, error_size, path, 0, "out of memory, or the file is too large");
        goto out;
    }
    XML_SetUserData(parser.xml, &parser);
    XML_SetElementHandler(parser.xml, begin_element, end_element);
    XML_SetCharacterDataHandler(parser.xml, add_content);
    if (XML_Parse(parser.xml, text.bytes, (int)text.length, 1) != XML_STATUS_OK) {
        fail(&parser, XML_ErrorString(XML_GetErrorCode(parser.xml)));
        goto out;
    }
    status = check(&parser);
    if (status == 0)
        sum_up(result);

out:
    if (parser.xml != NULL)
        XML_ParserFree(parser.xml);
    free(parser.uniques);
    free(parser.content);
    text_free(&text);
    if (status != 0)
        races_free(result);
    return status;
}

void races_free(struct races *result)
{
    for (uint32_t i = 0; i < result->report_count; i++)
        free(result->reports[i].frames);
    free(result->reports);
    names_free(&result->names);
    *result = (struct races){0};
}

static bool is_one_of(const char *name, const char *const *functions)
{
    for (; functions != NULL && *functions != NULL; functions++)
        if (frame_name_is(name, *functions))
            return true;
    return false;
}

const struct frame *races_place(const struct races_report *report, const char *const *wrappers)
{
    for (uint32_t i = 0; i < report->frame_count; i++) {
        const struct frame *frame = &report->frames[i];
        if (frame->file != NULL && !is_one_of(frame->function, wrappers))
            return frame;
    }
    return NULL;
}
