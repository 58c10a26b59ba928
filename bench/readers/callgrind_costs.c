#include "bench/readers/callgrind_costs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void callgrind_costs_free(struct callgrind_costs *costs)
{
    names_free(&costs->keys);
    free(costs->functions);
    free(costs->lines);
    free(costs->calls);
    *costs = (struct callgrind_costs){0};
}

/* The array with room for one more of `size` bytes behind `count`, or NULL if memory ran out. */
static void *make_room(void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    if (*capacity > UINT32_MAX / 4)
        return NULL;
    uint32_t bigger = *capacity != 0 ? 2 * *capacity : 256;
    void *grown = realloc(array, bigger * size);
    if (grown != NULL)
        *capacity = bigger;
    return grown;
}

int callgrind_costs_function(struct callgrind_costs *costs, uint32_t object, uint32_t file,
                             uint32_t name, uint32_t *function)
{
    char key[3 * sizeof "4294967295"];

    snprintf(key, sizeof key, "%u %u %u", object, file, name);
    if (names_add(&costs->keys, key, function) != 0)
        return -1;
    if (*function < costs->function_count)
        return 0;
    void *room = make_room(costs->functions, costs->function_count, &costs->function_capacity,
                           sizeof *costs->functions);
    if (room == NULL)
        return -1;
    costs->functions = room;
    costs->functions[costs->function_count++] = (struct callgrind_costs_key){object, file, name};
    return 0;
}

int callgrind_costs_add_line(struct callgrind_costs *costs, uint32_t function, uint32_t file,
                             uint32_t line, uint64_t self_ir, uint64_t call_ir)
{
    void *room =
        make_room(costs->lines, costs->line_count, &costs->line_capacity, sizeof *costs->lines);
    if (room == NULL)
        return -1;
    costs->lines = room;
    costs->lines[costs->line_count++] =
        (struct callgrind_costs_line){function, file, line, self_ir, call_ir};
    return 0;
}

int callgrind_costs_add_call(struct callgrind_costs *costs, uint32_t caller, uint32_t callee,
                             uint64_t count, uint64_t ir)
{
    void *room =
        make_room(costs->calls, costs->call_count, &costs->call_capacity, sizeof *costs->calls);
    if (room == NULL)
        return -1;
    costs->calls = room;
    costs->calls[costs->call_count++] = (struct callgrind_call){caller, callee, count, ir};
    return 0;
}

static int order(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_lines(const void *left, const void *right)
{
    const struct callgrind_line *a = left, *b = right;
    int difference = order(a->function, b->function);

    if (difference == 0)
        difference = strcmp(a->file, b->file);
    return difference != 0 ? difference : order(a->line, b->line);
}

static int compare_calls(const void *left, const void *right)
{
    const struct callgrind_call *a = left, *b = right;
    int difference = order(a->caller, b->caller);

    return difference != 0 ? difference : order(a->callee, b->callee);
}

/* Sorts the lines, and leaves one of each. */
static void merge_lines(struct callgrind *result)
{
    uint32_t kept = 0;

    qsort(result->lines, result->line_count, sizeof *result->lines, compare_lines);
    for (uint32_t i = 0; i < result->line_count; i++)
        if (kept > 0 && compare_lines(&result->lines[kept - 1], &result->lines[i]) == 0) {
            result->lines[kept - 1].self_ir += result->lines[i].self_ir;
            result->lines[kept - 1].call_ir += result->lines[i].call_ir;
        } else {
            result->lines[kept++] = result->lines[i];
        }
    result->line_count = kept;
}

static void merge_calls(struct callgrind *result)
{
    uint32_t kept = 0;

    qsort(result->calls, result->call_count, sizeof *result->calls, compare_calls);
    for (uint32_t i = 0; i < result->call_count; i++)
        if (kept > 0 && compare_calls(&result->calls[kept - 1], &result->calls[i]) == 0) {
            result->calls[kept - 1].count += result->calls[i].count;
            result->calls[kept - 1].ir += result->calls[i].ir;
        } else {
            result->calls[kept++] = result->calls[i];
        }
    result->call_count = kept;
}

static void sum_functions(struct callgrind *result)
{
    for (uint32_t i = 0; i < result->line_count; i++) {
        struct callgrind_function *function = &result->functions[result->lines[i].function];
        if (function->line_count++ == 0)
            function->line_first = i;
        function->self_ir += result->lines[i].self_ir;
        function->inclusive_ir += result->lines[i].self_ir;
    }
    for (uint32_t i = 0; i < result->call_count; i++) {
        const struct callgrind_call *call = &result->calls[i];
        /* What a function spends in calls of itself is in its own lines and other calls already. */
        if (call->caller != call->callee)
            result->functions[call->caller].inclusive_ir += call->ir;
        result->functions[call->callee].call_count += call->count;
    }
}

int callgrind_costs_finish(struct callgrind_costs *costs, struct callgrind *result)
{
    char **names = result->names.texts;

    /* One more than needed, as malloc(0) may return NULL. */
    result->functions = calloc(costs->function_count + 1u, sizeof *result->functions);
    result->lines = calloc(costs->line_count + 1u, sizeof *result->lines);
    if (result->functions == NULL || result->lines == NULL)
        return -1;
    for (uint32_t i = 0; i < costs->function_count; i++)
        result->functions[i] = (struct callgrind_function){
            .name = names[costs->functions[i].name],
            .file = names[costs->functions[i].file],
            .object = names[costs->functions[i].object],
        };
    result->function_count = costs->function_count;
    for (uint32_t i = 0; i < costs->line_count; i++)
        result->lines[i] = (struct callgrind_line){
            .function = costs->lines[i].function,
            .line = costs->lines[i].line,
            .file = names[costs->lines[i].file],
            .self_ir = costs->lines[i].self_ir,
            .call_ir = costs->lines[i].call_ir,
        };
    result->line_count = costs->line_count;
    result->calls = costs->calls;
    result->call_count = costs->call_count;
    costs->calls = NULL;
    merge_lines(result);
    if (result->calls != NULL)
        merge_calls(result);
    sum_functions(result);
    return 0;
}
