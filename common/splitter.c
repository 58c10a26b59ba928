#include "common/splitter.h"

#include <string.h>

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

void splitter_init(struct splitter *splitter, size_t length_max)
{
    *splitter = (struct splitter){.length_max = length_max, .line_number = 1};
}

/* Adds bytes to the unfinished record, unless that is too long already. */
static int keep(struct splitter *splitter, struct request *request, const char *bytes, size_t count)
{
    if (splitter->is_too_long || count == 0)
        return 0;
    if (splitter->pending + count > splitter->length_max + 1) { /* +1: the CR of a CRLF */
        splitter->is_too_long = true;
        request->length -= splitter->pending;
        splitter->pending = 0;
        return 0;
    }
    if (request_reserve(request, count) != 0)
        return -1;
    memcpy(request->text + request->length, bytes, count);
    request->length += count;
    splitter->pending += count;
    return 0;
}

/* The unfinished record is finished: it becomes a line of the request. */
static void finish(struct splitter *splitter, struct request *request, uint64_t number)
{
    struct line *line = &request->lines[request->count++];
    size_t length = splitter->pending;
    const char *text = request->text + request->length - length;

    line->number = number;
    line->offset = (uint32_t)(request->length - length);
    line->length = (uint32_t)length;
    if (length > splitter->length_max && text[length - 1] != '\r')
        splitter->is_too_long = true;
    if (splitter->is_too_long) {
        line->length = LINE_TOO_LONG;
        request->length -= length;
    }
    splitter->pending = 0;
    splitter->is_too_long = false;
}

static bool is_blank(const struct splitter *splitter, const struct request *request)
{
    if (splitter->is_too_long)
        return false;
    const char *text = request->text + request->length - splitter->pending;
    for (size_t i = 0; i < splitter->pending; i++)
        if (!is_space(text[i]))
            return false;
    return true;
}

static void end_line(struct splitter *splitter, struct request *request)
{
    if (is_blank(splitter, request)) {
        request->length -= splitter->pending;
        splitter->pending = 0;
    } else {
        finish(splitter, request, splitter->line_number);
    }
}

static ptrdiff_t feed_lines(struct splitter *splitter, const char *bytes, size_t count,
                            struct request *request)
{
    const char *at = bytes, *end = bytes + count;

    while (at < end && !request_is_full(request, splitter->pending)) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        if (keep(splitter, request, at, (size_t)(stop - at)) != 0)
            return -1;
        at = stop;
        if (newline != NULL) {
            end_line(splitter, request);
            splitter->line_number++;
            at++;
        }
    }
    return at - bytes;
}

/* Skips a byte order mark and white space, up to the byte that tells the format. */
static ptrdiff_t decide(struct splitter *splitter, const char *bytes, size_t count,
                        struct request *request)
{
    size_t used = 0;

    for (; used < count; used++) {
        uint64_t position = splitter->byte_count + used;
        if (position < 3 && splitter->bom_length == position &&
            bytes[used] == byte_order_mark[position]) {
            splitter->bom_length++;
            continue;
        }
        if (splitter->bom_length == 1 || splitter->bom_length == 2) {
            /* Two bytes that only began like a mark belong to the first record after all. */
            if (keep(splitter, request, byte_order_mark, splitter->bom_length) != 0)
                return -1;
            splitter->format = SPLITTER_LINES;
            return (ptrdiff_t)used;
        }
        if (bytes[used] == '\n')
            splitter->line_number++;
        if (!is_space(bytes[used])) {
            splitter->format = bytes[used] == '[' ? SPLITTER_ARRAY : SPLITTER_LINES;
            return (ptrdiff_t)(used + (bytes[used] == '['));
        }
    }
    return (ptrdiff_t)used;
}

/* Where the element's text ends that starts at `at`: at its comma, its bracket, or the end. */
static const char *scan_element(struct splitter *splitter, const char *at, const char *end)
{
    for (; at < end; at++) {
        char byte = *at;
        if (byte == '\n')
            splitter->line_number++;
        if (splitter->is_in_string) {
            if (splitter->is_escaped)
                splitter->is_escaped = false;
            else if (byte == '\\')
                splitter->is_escaped = true;
            else if (byte == '"')
                splitter->is_in_string = false;
        } else if (byte == '"') {
            splitter->is_in_string = true;
        } else if (byte == '{' || byte == '[') {
            splitter->depth++;
        } else if (splitter->depth == 0 && (byte == ',' || byte == ']')) {
            break;
        } else if ((byte == '}' || byte == ']') && splitter->depth > 0) {
            splitter->depth--;
        }
    }
    return at;
}

/* A record without text, which is no JSON: it stands for what is wrong with the array itself. */
static void finish_empty(struct splitter *splitter, struct request *request)
{
    finish(splitter, request, splitter->line_number);
}

static ptrdiff_t feed_array(struct splitter *splitter, const char *bytes, size_t count,
                            struct request *request)
{
    const char *at = bytes, *end = bytes + count;

    while (at < end && !request_is_full(request, splitter->pending)) {
        if (splitter->place == SPLITTER_IN_ELEMENT) {
            const char *stop = scan_element(splitter, at, end);
            if (keep(splitter, request, at, (size_t)(stop - at)) != 0)
                return -1;
            at = stop;
            if (at < end) {
                finish(splitter, request, splitter->start_line);
                splitter->place = SPLITTER_BEHIND_ELEMENT;
            }
            continue;
        }
        char byte = *at;
        if (is_space(byte)) {
            splitter->line_number += byte == '\n';
            at++;
        } else if (splitter->place == SPLITTER_AFTER_ARRAY) {
            if (!splitter->has_trailer)
                finish_empty(splitter, request);
            splitter->has_trailer = true;
            return end - bytes; /* nothing that follows can be a record */
        } else if (byte == ',' || byte == ']') {
            /* "[]" has no element; "[,", ",," and ",]" miss one */
            bool is_missing =
                splitter->place == SPLITTER_BEFORE_ELEMENT && (byte == ',' || splitter->has_comma);
            if (is_missing)
                finish_empty(splitter, request);
            splitter->has_comma = byte == ',';
            splitter->place = byte == ',' ? SPLITTER_BEFORE_ELEMENT : SPLITTER_AFTER_ARRAY;
            at++;
        } else {
            splitter->place = SPLITTER_IN_ELEMENT;
            splitter->start_line = splitter->line_number;
            splitter->depth = 0;
            splitter->is_in_string = splitter->is_escaped = false;
        }
    }
    return at - bytes;
}

ptrdiff_t splitter_feed(struct splitter *splitter, const char *bytes, size_t count,
                        struct request *request)
{
    ptrdiff_t used = 0, more = 0;

    if (splitter->format == SPLITTER_UNDECIDED)
        used = decide(splitter, bytes, count, request);
    if (used < 0)
        return -1;
    if (splitter->format == SPLITTER_LINES)
        more = feed_lines(splitter, bytes + used, count - (size_t)used, request);
    else if (splitter->format == SPLITTER_ARRAY)
        more = feed_array(splitter, bytes + used, count - (size_t)used, request);
    if (more < 0)
        return -1;
    splitter->byte_count += (uint64_t)(used + more);
    return used + more;
}

int splitter_end(struct splitter *splitter, struct request *request)
{
    if (splitter->format == SPLITTER_UNDECIDED && splitter->bom_length % 3 != 0) {
        if (keep(splitter, request, byte_order_mark, splitter->bom_length) != 0)
            return -1;
        splitter->format = SPLITTER_LINES;
    }
    if (splitter->format == SPLITTER_LINES)
        end_line(splitter, request);
    else if (splitter->format == SPLITTER_ARRAY && splitter->place != SPLITTER_AFTER_ARRAY)
        /* the unfinished element, or what stands for the bracket that is missing */
        finish(splitter, request,
               splitter->place == SPLITTER_IN_ELEMENT ? splitter->start_line
                                                      : splitter->line_number);
    splitter->place = SPLITTER_AFTER_ARRAY;
    return 0;
}

bool splitter_is_whole(const struct splitter *splitter)
{
    if (splitter->format == SPLITTER_UNDECIDED)
        return splitter->bom_length % 3 == 0;
    if (splitter->format == SPLITTER_LINES)
        return splitter->pending == 0 && !splitter->is_too_long;
    return splitter->place == SPLITTER_AFTER_ARRAY;
}
