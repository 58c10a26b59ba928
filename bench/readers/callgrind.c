#include "bench/readers/callgrind.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/readers/callgrind_costs.h"
#include "bench/readers/frame.h"
#include "bench/readers/text.h"

enum { ID_MAX = 1 << 22, POSITIONS_MAX = 3 };

/* The numbers that a file with compressed names gives to the texts of one kind. */
struct ids {
    uint32_t *names; /* by id: the name's number + 1; 0: not defined yet */
    uint32_t count;
};

enum line_kind {
    LINE_SELF, /* the next line of numbers is the cost of a source line */
    LINE_CALL, /* ... of the calls that the calls= line before it tells of */
    LINE_JUMP, /* ... a position without costs */
};

/* Everything that the reading of one file needs to remember from line to line. */
struct parser {
    const char *path;
    struct text_lines lines;
    char *error;
    size_t error_size;
    struct callgrind *result;
    struct callgrind_costs costs;
    struct ids objects, files, functions;
    uint32_t position_count; /* numbers before the costs: 1, or 2 with --dump-instr */
    uint64_t positions[POSITIONS_MAX];
    bool has_lines; /* the last position is a source line */
    enum line_kind next_kind;
    uint64_t call_count; /* of the last calls= line */
    uint32_t ir_index;   /* of events[] */
    uint64_t part_totals[CALLGRIND_EVENTS_MAX];
    bool is_total_due; /* costs have been read since the last totals: line */
    /* numbers of names; the called_ ones are 0 where they are the same as the caller's */
    uint32_t object, file; /* the file changes inside of a function where code was inlined */
    uint32_t called_object, called_file;
    uint32_t caller, callee; /* numbers of functions */
    bool has_function, has_callee;
};

static int fail_line(struct parser *parser, const char *what)
{
    return text_error(parser->error, parser->error_size, parser->path, parser->lines.number, "%s",
                      what);
}

static int fail_memory(struct parser *parser)
{
    return fail_line(parser, "out of memory");
}

/* Makes room for the id, all new ones undefined. */
static int ids_grow(struct ids *ids, uint32_t id)
{
    uint32_t count = ids->count != 0 ? ids->count : 64;
    while (count <= id)
        count *= 2;
    uint32_t *names = realloc(ids->names, count * sizeof *names);
    if (names == NULL)
        return -1;
    memset(names + ids->count, 0, (count - ids->count) * sizeof *names);
    ids->names = names;
    ids->count = count;
    return 0;
}

/* The number of the name in "(12) name" (which defines 12), "(12)" or "name". */
static int parse_name(struct parser *parser, const char *text, struct ids *ids, uint32_t *name)
{
    const char *at = text;
    uint64_t id;

    /* "(below main)" is a name, and no id. */
    if (!text_skip(&at, "(") || text_number(&at, &id) != 0 || !text_skip(&at, ")"))
        return names_add(&parser->result->names, text, name) == 0 ? 0 : fail_memory(parser);
    if (id > ID_MAX)
        return fail_line(parser, "the number of a name is too large");
    if (id >= ids->count && ids_grow(ids, (uint32_t)id) != 0)
        return fail_memory(parser);
    if (text_skip(&at, " ")) {
        if (names_add(&parser->result->names, at, name) != 0)
            return fail_memory(parser);
        ids->names[id] = *name + 1;
        return 0;
    }
    if (*at != '\0')
        return fail_line(parser, "a name is expected here");
    if (ids->names[id] == 0)
        return fail_line(parser, "the number of a name is used before it is defined");
    *name = ids->names[id] - 1;
    return 0;
}

static int parse_function(struct parser *parser, const char *text, uint32_t object, uint32_t file,
                          uint32_t *function)
{
    uint32_t name;
    if (parse_name(parser, text, &parser->functions, &name) != 0)
        return -1;
    if (callgrind_costs_function(&parser->costs, object, file, name, function) != 0)
        return fail_memory(parser);
    return 0;
}

/* "5", "0x1f", "+3", "-2" or "*": a position, said from anew or from the one before it. */
static int parse_position(const char **at, uint64_t *position)
{
    const char *digits = *at;
    char *end;

    if (*digits == '*') {
        *at = digits + 1;
        return 0;
    }
    if (*digits == '+' || *digits == '-')
        digits++;
    if (!isdigit((unsigned char)*digits))
        return -1;
    uint64_t number = strtoull(digits, &end, strncmp(digits, "0x", 2) == 0 ? 16 : 10);
    if (**at == '+')
        number += *position;
    else if (**at == '-' && number > *position)
        return -1;
    else if (**at == '-')
        number = *position - number;
    *position = number;
    *at = end;
    return 0;
}

/* Costs of events at the end that are 0 are left out in the file. */
static int parse_numbers(struct parser *parser, const char *at,
                         uint64_t numbers[CALLGRIND_EVENTS_MAX])
{
    memset(numbers, 0, CALLGRIND_EVENTS_MAX * sizeof *numbers);
    for (uint32_t i = 0;; i++) {
        at += strspn(at, " ");
        if (*at == '\0')
            return 0;
        if (i == parser->result->event_count || text_number(&at, &numbers[i]) != 0)
            return fail_line(parser, "costs are expected here, one for each event");
    }
}

static int add_self(struct parser *parser, const uint64_t costs[CALLGRIND_EVENTS_MAX])
{
    uint64_t line = parser->has_lines ? parser->positions[parser->position_count - 1] : 0;

    if (!parser->has_function)
        return fail_line(parser, "a cost before the first function");
    if (line > UINT32_MAX)
        return fail_line(parser, "a line's number is too large");
    for (uint32_t i = 0; i < parser->result->event_count; i++)
        parser->part_totals[i] += costs[i];
    parser->is_total_due = true;
    if (callgrind_costs_add_line(&parser->costs, parser->caller, parser->file, (uint32_t)line,
                                 costs[parser->ir_index], 0) != 0)
        return fail_memory(parser);
    return 0;
}

static int add_call(struct parser *parser, uint64_t ir)
{
    uint64_t line = parser->has_lines ? parser->positions[parser->position_count - 1] : 0;

    if (line > UINT32_MAX)
        return fail_line(parser, "a line's number is too large");
    if (callgrind_costs_add_call(&parser->costs, parser->caller, parser->callee, parser->call_count,
                                 ir) != 0 ||
        callgrind_costs_add_line(&parser->costs, parser->caller, parser->file, (uint32_t)line, 0,
                                 ir) != 0)
        return fail_memory(parser);
    return 0;
}

static int parse_cost_line(struct parser *parser, const char *at)
{
    uint64_t costs[CALLGRIND_EVENTS_MAX];
    enum line_kind kind = parser->next_kind;

    for (uint32_t i = 0; i < parser->position_count; i++) {
        if (parse_position(&at, &parser->positions[i]) != 0 || (*at != ' ' && *at != '\0'))
            return fail_line(parser, "a position is expected here");
        at += strspn(at, " ");
    }
    if (parse_numbers(parser, at, costs) != 0)
        return -1;
    parser->next_kind = LINE_SELF;
    if (kind == LINE_JUMP)
        return 0;
    if (kind == LINE_SELF)
        return add_self(parser, costs);
    return add_call(parser, costs[parser->ir_index]);
}

static int parse_events(struct parser *parser, char *text)
{
    struct callgrind *result = parser->result;
    bool is_first = result->event_count == 0, has_ir = false;
    uint32_t count = 0;

    for (char *save, *event = strtok_r(text, " ", &save); event != NULL;
         event = strtok_r(NULL, " ", &save), count++) {
        uint32_t name;
        if (count == CALLGRIND_EVENTS_MAX)
            return fail_line(parser, "too many kinds of events");
        if (names_add(&result->names, event, &name) != 0)
            return fail_memory(parser);
        if (!is_first &&
            (count >= result->event_count || strcmp(result->events[count], event) != 0))
            return fail_line(parser, "the parts of the file count different events");
        result->events[count] = result->names.texts[name];
        if (strcmp(event, "Ir") == 0) {
            parser->ir_index = count;
            has_ir = true;
        }
    }
    if (!has_ir)
        return fail_line(parser, "instructions (Ir) were not counted");
    result->event_count = count;
    return 0;
}

static int parse_positions(struct parser *parser, const char *text)
{
    bool has_instructions = strstr(text, "instr") != NULL, has_blocks = strstr(text, "bb") != NULL;
    parser->has_lines = strstr(text, "line") != NULL; /* which come last */
    parser->position_count =
        (uint32_t)has_instructions + (uint32_t)has_blocks + (uint32_t)parser->has_lines;
    return parser->position_count != 0 ? 0 : fail_line(parser, "no kind of position is known");
}

static int parse_totals(struct parser *parser, const char *text)
{
    struct callgrind *result = parser->result;
    uint64_t totals[CALLGRIND_EVENTS_MAX];

    if (!parser->lines.is_whole)
        return fail_line(parser, "the file ends inside its totals");
    if (parse_numbers(parser, text, totals) != 0)
        return -1;
    for (uint32_t i = 0; i < result->event_count; i++) {
        if (totals[i] != parser->part_totals[i])
            return text_error(parser->error, parser->error_size, parser->path, parser->lines.number,
                              "the costs of %s sum to %llu, and not to the total of %llu",
                              result->events[i], (unsigned long long)parser->part_totals[i],
                              (unsigned long long)totals[i]);
        result->totals[i] += totals[i];
        parser->part_totals[i] = 0;
    }
    parser->is_total_due = false;
    return 0;
}

static int parse_calls(struct parser *parser, const char *at)
{
    if (!parser->has_callee || !parser->has_function)
        return fail_line(parser, "calls without a function that is called, or that calls");
    if (text_number(&at, &parser->call_count) != 0)
        return fail_line(parser, "a number of calls is expected here");
    parser->next_kind = LINE_CALL;
    parser->has_callee = false;
    return 0;
}

static int parse_callee(struct parser *parser, const char *text)
{
    uint32_t object = parser->called_object != 0 ? parser->called_object - 1 : parser->object;
    uint32_t file = parser->called_file != 0 ? parser->called_file - 1 : parser->file;

    parser->called_object = parser->called_file = 0;
    parser->has_callee = true;
    return parse_function(parser, text, object, file, &parser->callee);
}

/* A line that is neither numbers nor empty: "key=value" of the body. */
static int parse_body_line(struct parser *parser, const char *at)
{
    uint32_t name;

    if (text_skip(&at, "ob="))
        return parse_name(parser, at, &parser->objects, &parser->object);
    /* Callgrind goes back (fe=) to the function's own file before the next function (fn=) begins.
     */
    if (text_skip(&at, "fl=") || text_skip(&at, "fi=") || text_skip(&at, "fe="))
        return parse_name(parser, at, &parser->files, &parser->file);
    if (text_skip(&at, "fn=")) {
        parser->has_function = true;
        return parse_function(parser, at, parser->object, parser->file, &parser->caller);
    }
    if (text_skip(&at, "cob=")) {
        if (parse_name(parser, at, &parser->objects, &name) != 0)
            return -1;
        parser->called_object = name + 1;
        return 0;
    }
    if (text_skip(&at, "cfi=") || text_skip(&at, "cfl=")) {
        if (parse_name(parser, at, &parser->files, &name) != 0)
            return -1;
        parser->called_file = name + 1;
        return 0;
    }
    if (text_skip(&at, "cfn="))
        return parse_callee(parser, at);
    if (text_skip(&at, "calls="))
        return parse_calls(parser, at);
    if (text_skip(&at, "jump=") || text_skip(&at, "jcnd=")) {
        parser->next_kind = LINE_JUMP;
        return 0;
    }
    /* Where a jump leads to: not used, but their names may be defined here. */
    if (text_skip(&at, "jfi="))
        return parse_name(parser, at, &parser->files, &name);
    if (text_skip(&at, "jfn="))
        return parse_name(parser, at, &parser->functions, &name);
    return fail_line(parser, "this is no line of a Callgrind file");
}

static int parse_line(struct parser *parser, char *line)
{
    const char *at = line;

    if (*at == '\0' || *at == '#')
        return 0;
    if (isdigit((unsigned char)*at) || strchr("+-*", *at) != NULL) {
        if (parser->result->event_count == 0)
            return fail_line(parser, "costs before the line that says of what (events:)");
        return parse_cost_line(parser, at);
    }
    if (parser->next_kind != LINE_SELF)
        return fail_line(parser, "the line of numbers that belongs to the line before is missing");
    if (text_skip(&at, "events:"))
        return parse_events(parser, line + strlen("events:"));
    if (text_skip(&at, "positions:"))
        return parse_positions(parser, at);
    if (text_skip(&at, "totals:"))
        return parse_totals(parser, at);
    /* Other headers ("desc: ...") say nothing that is needed; a key of the body is followed by '='.
     */
    size_t key_length = strspn(at, "abcdefghijklmnopqrstuvwxyz");
    if (key_length > 0 && at[key_length] == ':')
        return 0;
    return parse_body_line(parser, at);
}

static int parse(struct parser *parser)
{
    char *line;
    bool has_parts = false;

    while ((line = text_next_line(&parser->lines)) != NULL) {
        if (parse_line(parser, line) != 0)
            return -1;
        has_parts = has_parts || strncmp(line, "totals:", 7) == 0;
    }
    if (!has_parts || parser->is_total_due)
        return fail_line(parser, "the file ends without its totals: it is not complete");
    parser->result->total_ir = parser->result->totals[parser->ir_index];
    if (callgrind_costs_finish(&parser->costs, parser->result) != 0)
        return fail_memory(parser);
    return 0;
}

int callgrind_read(const char *path, struct callgrind *result, char *error, size_t error_size)
{
    struct text text;
    struct parser parser = {
        .path = path,
        .error = error,
        .error_size = error_size,
        .result = result,
        .position_count = 1,
        .has_lines = true,
    };
    int status = -1;

    *result = (struct callgrind){0};
    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    text_lines_init(&parser.lines, &text);
    /* Name 0 is the empty one: object and file until the file names some. */
    if (names_add(&result->names, "", &parser.object) != 0)
        fail_memory(&parser);
    else
        status = parse(&parser);

    text_free(&text);
    callgrind_costs_free(&parser.costs);
    free(parser.objects.names);
    free(parser.files.names);
    free(parser.functions.names);
    if (status != 0)
        callgrind_free(result);
    return status;
}

void callgrind_free(struct callgrind *result)
{
    free(result->functions);
    free(result->lines);
    free(result->calls);
    names_free(&result->names);
    *result = (struct callgrind){0};
}

/* Whether both are the same copy of a function, at whatever level of a recursion. */
static bool is_same_copy(const char *a, const char *b)
{
    size_t a_length = strcspn(a, "'"), b_length = strcspn(b, "'");
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

void callgrind_sum_function(const struct callgrind *result, const char *function,
                            struct callgrind_cost *cost)
{
    *cost = (struct callgrind_cost){0};
    for (uint32_t i = 0; i < result->function_count; i++) {
        const struct callgrind_function *one = &result->functions[i];
        if (!frame_name_is(one->name, function))
            continue;
        cost->function_count++;
        cost->self_ir += one->self_ir;
        if (strchr(one->name, '\'') == NULL)
            cost->inclusive_ir += one->self_ir;
    }
    for (uint32_t i = 0; i < result->call_count; i++) {
        const struct callgrind_call *call = &result->calls[i];
        const char *caller = result->functions[call->caller].name;
        const char *callee = result->functions[call->callee].name;
        bool is_caller = frame_name_is(caller, function);
        bool is_callee = frame_name_is(callee, function);

        if (is_callee && (!is_caller || is_same_copy(caller, callee)))
            cost->call_count += call->count;
        /* The outermost level's calls; what its own copies at that level cost is in the sum
         * already. */
        if (is_caller && strchr(caller, '\'') == NULL &&
            !(is_callee && strchr(callee, '\'') == NULL))
            cost->inclusive_ir += call->ir;
    }
}
