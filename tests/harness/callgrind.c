/*
 * callgrind.c - the reader of Callgrind's files, held against callgrind_annotate and against what
 * the recorded program does by construction.
 */
#include "bench/readers/callgrind.h"

#include "tests/harness/reading.h"

static const char *const files[] = {
    HARNESS_DATA "callgrind.plain.out",
    HARNESS_DATA "callgrind.instr.out",
    HARNESS_DATA "callgrind.names.out",
    HARNESS_DATA "callgrind.whole.out",
};
enum { FILE_COUNT = sizeof files / sizeof files[0] };

static struct callgrind load(const char *path)
{
    char error[TEXT_ERROR_SIZE];
    struct callgrind result;
    cr_assert_eq(callgrind_read(path, &result, error, sizeof error), 0, "%s", error);
    return result;
}

static struct callgrind_cost cost_of(const struct callgrind *result, const char *function)
{
    struct callgrind_cost cost;
    callgrind_sum_function(result, function, &cost);
    return cost;
}

/* What must hold of whatever the reader accepts. */
static int try_file(const char *path, char *error, size_t error_size)
{
    struct callgrind result;
    uint64_t by_function = 0, by_line = 0;

    if (callgrind_read(path, &result, error, error_size) != 0)
        return -1;
    for (uint32_t i = 0; i < result.function_count; i++) {
        by_function += result.functions[i].self_ir;
        cr_expect_geq(result.functions[i].inclusive_ir, result.functions[i].self_ir);
    }
    for (uint32_t i = 0; i < result.line_count; i++)
        by_line += result.lines[i].self_ir;
    cr_expect_eq(by_function, result.total_ir);
    cr_expect_eq(by_line, result.total_ir);
    callgrind_free(&result);
    return 0;
}

Test(callgrind, sums_up_to_what_callgrind_collected)
{
    static const char *const texts[] = {
        HARNESS_DATA "callgrind.plain.txt",
        HARNESS_DATA "callgrind.instr.txt",
        HARNESS_DATA "callgrind.names.txt",
        HARNESS_DATA "callgrind.whole.txt",
    };
    char error[TEXT_ERROR_SIZE];

    for (int i = 0; i < FILE_COUNT; i++) {
        struct callgrind result = load(files[i]);
        struct text text = reading_load(texts[i]);
        const char *collected = strstr(text.bytes, "Collected :");
        cr_assert_not_null(collected);
        collected += strlen("Collected :");
        for (uint32_t event = 0; event < result.event_count; event++) {
            uint64_t number;
            collected += strspn(collected, " ");
            cr_assert_eq(text_number(&collected, &number), 0);
            cr_expect_eq(result.totals[event], number, "%s", result.events[event]);
        }
        cr_expect_eq(*collected, '\n');
        cr_expect_eq(try_file(files[i], error, sizeof error), 0, "%s", error);
        text_free(&text);
        callgrind_free(&result);
    }
}

Test(callgrind, knows_all_events_of_a_run)
{
    struct callgrind plain = load(files[0]), instr = load(files[1]);

    cr_expect_eq(plain.event_count, 1);
    cr_expect_eq(instr.event_count, 13);
    cr_expect_str_eq(instr.events[12], "Bim");
    callgrind_free(&plain);
    callgrind_free(&instr);
}

/* Our sum of what "FILE:FUNCTION" of callgrind_annotate means: a file's lines in a function. */
static uint64_t sum_lines(const struct callgrind *result, const char *key)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < result->line_count; i++) {
        const struct callgrind_line *line = &result->lines[i];
        size_t length = strlen(line->file);
        if (strncmp(key, line->file, length) == 0 && key[length] == ':' &&
            strcmp(key + length + 1, result->functions[line->function].name) == 0)
            sum += line->self_ir;
    }
    return sum;
}

/* "17,629 (21.66%)  ./malloc/malloc.c:_int_free [/lib/libc.so.6]" */
static bool parse_annotation(char *line, uint64_t *ir, char **key)
{
    const char *at = line + strspn(line, " ");
    char *percent = strstr(line, "%)  ");

    if (text_number(&at, ir) != 0 || percent == NULL || strstr(line, "PROGRAM TOTALS") != NULL)
        return false;
    *key = percent + 4;
    char *object = strstr(*key, " [");
    if (object != NULL)
        *object = '\0';
    return true;
}

static void compare_with_annotate(const char *path, const char *annotation, unsigned count_least)
{
    struct callgrind result = load(path);
    struct text text = reading_load(annotation);
    struct text_lines lines;
    uint64_t ir, sum = 0;
    unsigned count = 0;
    char *key;

    text_lines_init(&lines, &text);
    for (char *line; (line = text_next_line(&lines)) != NULL;)
        if (parse_annotation(line, &ir, &key)) {
            /* It prints functions of the same name in two objects as two; we sum them here. */
            if (strstr(key, "(below main)") == NULL)
                cr_expect_eq(sum_lines(&result, key), ir, "%s: %s", path, key);
            sum += ir;
            count++;
        }
    cr_expect_geq(count, count_least);
    cr_expect_eq(sum, result.total_ir);
    text_free(&text);
    callgrind_free(&result);
}

Test(callgrind, agrees_with_callgrind_annotate_on_each_function_and_file)
{
    compare_with_annotate(files[0], HARNESS_DATA "callgrind.plain.txt", 50);
    compare_with_annotate(files[2], HARNESS_DATA "callgrind.names.txt", 50);
    compare_with_annotate(files[3], HARNESS_DATA "callgrind.whole.txt", 50);
}

Test(callgrind, agrees_with_callgrind_annotate_on_inclusive_costs)
{
    static const char *const functions[] = {"main",         "key_build", "is_even", "is_odd",
                                            "sort_numbers", "compare",   "lose",    "fibonacci"};
    struct callgrind result = load(files[0]);
    struct text text = reading_load(HARNESS_DATA "callgrind.plain.inclusive.txt");

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        char place[64];
        snprintf(place, sizeof place, "/sample/sample.c:%s [", functions[i]);
        char *found = strstr(text.bytes, place);
        cr_assert_not_null(found, "%s", place);
        while (found > text.bytes && found[-1] != '\n')
            found--;
        const char *at = found + strspn(found, " ");
        uint64_t ir;
        cr_assert_eq(text_number(&at, &ir), 0);
        cr_expect_eq(cost_of(&result, functions[i]).inclusive_ir, ir, "%s", functions[i]);
    }
    text_free(&text);
    callgrind_free(&result);
}

Test(callgrind, counts_calls)
{
    for (int i = 0; i < FILE_COUNT; i++) {
        struct callgrind result = load(files[i]);
        cr_expect_eq(cost_of(&result, "key_build").call_count, 21, "%s", files[i]);
        cr_expect_eq(cost_of(&result, "sort_numbers").call_count, 1, "%s", files[i]);
        /* Its own compiler's copy, "msort_with_tmp.part.0", calls itself for 100 numbers. */
        cr_expect_eq(cost_of(&result, "msort_with_tmp").call_count, 99, "%s", files[i]);
        if (i != 1) { /* which was recorded inside of the two functions above only */
            cr_expect_eq(cost_of(&result, "is_even").call_count, 11, "%s", files[i]);
            cr_expect_eq(cost_of(&result, "is_odd").call_count, 10, "%s", files[i]);
        }
        callgrind_free(&result);
    }
}

Test(callgrind, counts_a_recursion_once)
{
    struct callgrind result = load(files[0]);
    struct callgrind_cost even = cost_of(&result, "is_even"), odd = cost_of(&result, "is_odd");
    struct callgrind_cost fibonacci = cost_of(&result, "fibonacci");

    cr_expect_eq(even.inclusive_ir, even.self_ir + odd.self_ir);
    cr_expect_lt(odd.inclusive_ir, even.inclusive_ir);
    cr_expect_eq(fibonacci.inclusive_ir, fibonacci.self_ir);
    cr_expect_eq(fibonacci.function_count, 2, "fibonacci and fibonacci'2");
    cr_expect_eq(cost_of(&result, "main").inclusive_ir, result.total_ir);
    callgrind_free(&result);
}

Test(callgrind, counts_direct_recursion_once_without_separate_recursion_levels)
{
    struct callgrind apart = load(files[0]), together = load(files[2]);
    static const char *const functions[] = {"fibonacci", "msort_with_tmp", "key_build", "main"};

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        struct callgrind_cost a = cost_of(&apart, functions[i]);
        struct callgrind_cost b = cost_of(&together, functions[i]);
        cr_expect_eq(a.self_ir, b.self_ir, "%s", functions[i]);
        cr_expect_eq(a.inclusive_ir, b.inclusive_ir, "%s", functions[i]);
        cr_expect_eq(a.call_count, b.call_count, "%s", functions[i]);
    }
    for (uint32_t i = 0; i < together.function_count; i++)
        if (strcmp(together.functions[i].name, "fibonacci") == 0)
            cr_expect_eq(together.functions[i].inclusive_ir, together.functions[i].self_ir);
    callgrind_free(&apart);
    callgrind_free(&together);
}

Test(callgrind, finds_the_lines_of_inlined_code_in_their_own_file)
{
    for (int i = 0; i < FILE_COUNT; i++) {
        struct callgrind result = load(files[i]);
        uint64_t inlined = 0, own = 0;
        for (uint32_t f = 0; f < result.function_count; f++) {
            const struct callgrind_function *function = &result.functions[f];
            if (strcmp(function->name, "sort_numbers") != 0)
                continue;
            cr_expect_str_eq(function->file, "/sample/sample.c");
            for (uint32_t l = 0; l < function->line_count; l++) {
                const struct callgrind_line *line = &result.lines[function->line_first + l];
                cr_expect_eq(line->function, f);
                if (strcmp(line->file, "/sample/sample.h") == 0)
                    inlined += line->self_ir;
                else
                    own += line->self_ir;
            }
            cr_expect_eq(inlined + own, function->self_ir);
        }
        cr_expect_eq(inlined % 100, 0, "sample_mix() is inlined and runs 100 times");
        cr_expect_gt(inlined, 0);
        cr_expect_gt(own, 0);
        callgrind_free(&result);
    }
}

Test(callgrind, tells_objects_apart)
{
    struct callgrind result = load(files[0]);
    bool is_in_program = false, is_in_library = false;

    for (uint32_t i = 0; i < result.function_count; i++) {
        const struct callgrind_function *function = &result.functions[i];
        is_in_program = is_in_program || (strcmp(function->name, "key_build") == 0 &&
                                          strcmp(function->object, "/sample/sample") == 0);
        is_in_library = is_in_library || (strcmp(function->name, "malloc") == 0 &&
                                          strstr(function->object, "libc.so") != NULL);
    }
    cr_expect(is_in_program);
    cr_expect(is_in_library);
    callgrind_free(&result);
}

Test(callgrind, has_nothing_for_an_unknown_function)
{
    struct callgrind result = load(files[0]);
    struct callgrind_cost cost = cost_of(&result, "no_such_function");
    cr_expect_eq(cost.function_count, 0);
    cr_expect_eq(cost.inclusive_ir, 0);
    callgrind_free(&result);
}

Test(callgrind, refuses_costs_that_do_not_sum_to_the_total)
{
    static const char text[] = "events: Ir\nfl=a.c\nfn=f\n1 5\n+1 6\ntotals: 12\n";
    reading_expect_refusal(text, sizeof text - 1, try_file);
}

static void expect_total(const char *text, uint64_t total)
{
    const char *path = reading_temporary();
    reading_write(path, text, strlen(text));
    struct callgrind result = load(path);
    cr_expect_eq(result.total_ir, total);
    callgrind_free(&result);
    unlink(path);
}

Test(callgrind, adds_the_parts_of_a_file)
{
    expect_total("events: Ir Dr\nfl=a.c\nfn=f\n1 5 1\ntotals: 5 1\n"
                 "part: 2\nevents: Ir Dr\nfl=a.c\nfn=f\n1 7 2\ntotals: 7 2\n",
                 12);
    static const char cut[] = "events: Ir\nfl=a.c\nfn=f\n1 5\ntotals: 5\npart: 2\nfn=f\n1 7\n";
    reading_expect_refusal(cut, sizeof cut - 1, try_file);
}

Test(callgrind, follows_positions_and_calls_by_the_manual)
{
    const char *path = reading_temporary();
    static const char text[] = "positions: instr line\nevents: Ir\n"
                               "ob=(1) /o\nfl=(1) a.c\nfn=(1) f\n"
                               "0x10 7 1\n+3 +2 10\n* * 100\n"
                               "cfi=(2) b.c\ncfn=(2) g\ncalls=4 0x99 3\n-1 -4 1000\n"
                               "jump=1 0x10 1\n* 5\n"
                               "fi=(2)\n+1 +1 10000\n"
                               "fl=(2)\nfn=(2)\n0x99 3 1000\n"
                               "totals: 11111\n";
    reading_write(path, text, sizeof text - 1);
    struct callgrind result = load(path);
    static const struct {
        const char *function, *file;
        uint32_t line;
        uint64_t self_ir, call_ir;
    } expected[] = {
        {"f", "a.c", 5, 0, 1000}, /* where the call stands */
        {"f", "a.c", 7, 1, 0},     {"f", "a.c", 9, 110, 0},
        {"f", "b.c", 6, 10000, 0}, /* 5, where the jump's own position left off, and 1 */
        {"g", "b.c", 3, 1000, 0},
    };
    cr_assert_eq(result.line_count, 5);
    for (int i = 0; i < 5; i++) {
        const struct callgrind_line *line = &result.lines[i];
        cr_expect_str_eq(result.functions[line->function].name, expected[i].function);
        cr_expect_str_eq(line->file, expected[i].file);
        cr_expect_eq(line->line, expected[i].line, "%u", line->line);
        cr_expect_eq(line->self_ir, expected[i].self_ir);
        cr_expect_eq(line->call_ir, expected[i].call_ir);
    }
    cr_assert_eq(result.call_count, 1);
    cr_expect_eq(result.calls[0].count, 4);
    cr_expect_eq(cost_of(&result, "f").inclusive_ir, 11111);
    cr_expect_eq(cost_of(&result, "g").call_count, 4);
    callgrind_free(&result);
    unlink(path);
}

Test(callgrind, does_not_count_the_copies_of_a_function_twice)
{
    /* main() calls f() twice, which goes on in a copy each time; and the copy once directly. */
    static const char text[] = "events: Ir\nfl=a.c\n"
                               "fn=main\n1 1\ncfn=f\ncalls=2 5\n1 220\n"
                               "cfn=f.part.0\ncalls=1 6\n1 105\n"
                               "fn=f\n5 10\ncfn=f.part.0\ncalls=2 6\n5 210\n"
                               "fn=f.part.0\n6 300\ncfn=g\ncalls=3 7\n6 15\n"
                               "fn=g\n7 15\ntotals: 326\n";
    const char *path = reading_temporary();
    reading_write(path, text, sizeof text - 1);
    struct callgrind result = load(path);
    struct callgrind_cost cost = cost_of(&result, "f");
    cr_expect_eq(cost.function_count, 2);
    cr_expect_eq(cost.self_ir, 310);
    cr_expect_eq(cost.inclusive_ir, 325);
    cr_expect_eq(cost.call_count, 3);
    cr_expect_eq(cost_of(&result, "main").inclusive_ir, 326);
    callgrind_free(&result);
    unlink(path);
}

Test(callgrind, names_file_and_line_of_an_error)
{
    const char *path = reading_temporary();
    struct callgrind result;
    char error[TEXT_ERROR_SIZE], expected[TEXT_ERROR_SIZE];
    static const char text[] = "events: Ir\nfn=(3)\n";

    reading_write(path, text, sizeof text - 1);
    cr_expect_eq(callgrind_read(path, &result, error, sizeof error), -1);
    snprintf(expected, sizeof expected, "%s:2: the number of a name is used before it is defined",
             path);
    cr_expect_str_eq(error, expected);
    unlink(path);
}

Test(callgrind, refuses_every_cut_file)
{
    for (int i = 0; i < FILE_COUNT; i++)
        cr_expect_eq(reading_try_cuts(files[i], try_file), 0, "%s", files[i]);
}

Test(callgrind, survives_changed_files)
{
    for (int i = 0; i < FILE_COUNT; i++)
        reading_try_changes(files[i], try_file);
}

Test(callgrind, refuses_garbage)
{
    reading_try_garbage(try_file);
}
