/* render_text.c - the terminal's table: it fits, it is harmless, and it shows the document. */
#define _XOPEN_SOURCE 700
#include "bench/report/render_text.h"
#include "bench/compare/guess.h"
#include "bench/compare/yours.h"

#include <locale.h>
#include <wchar.h>

#include "bench/compare/guess.h"
#include "bench/compare/yours.h"
#include "tests/harness/rendering.h"

static int render_plain(FILE *file, const cJSON *document)
{
    return render_text_as(file, document, false, true);
}

static int render_colored(FILE *file, const cJSON *document)
{
    return render_text_as(file, document, true, true);
}

static int render_ascii(FILE *file, const cJSON *document)
{
    return render_text_as(file, document, false, false);
}

/* Columns by the C library's count, so that the renderer's own is not what judges itself. */
static int width_of(const char *line, size_t length)
{
    char copy[4096];
    wchar_t wide[4096];

    cr_assert_lt(length, sizeof copy);
    memcpy(copy, line, length);
    copy[length] = '\0';
    size_t count = mbstowcs(wide, copy, 4096);
    cr_assert_neq(count, (size_t)-1, "not UTF-8: %s", copy);
    int width = wcswidth(wide, count);
    cr_assert_geq(width, 0, "cannot be printed: %s", copy);
    return width;
}

static void expect_fits(const char *rendered)
{
    for (const char *line = rendered; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        cr_assert_eq(line[length], '\n', "the last line is not whole");
        cr_assert_leq(width_of(line, length), RENDER_TEXT_WIDTH, "%.*s", (int)length, line);
        cr_assert(length == 0 || line[length - 1] != ' ', "ends with a space: %.*s", (int)length,
                  line);
        line += length + 1;
    }
}

static void expect_document_fits(cJSON *document)
{
    char *plain = rendering_of(render_plain, document),
         *ascii = rendering_of(render_ascii, document);
    cr_expect_gt(strlen(plain), 1000);
    expect_fits(plain);
    expect_fits(ascii);
    free(plain);
    free(ascii);
    cJSON_Delete(document);
}

Test(render_text, fits_100_columns_whatever_it_holds, .timeout = 600)
{
    static const double numbers[] = {0,         -1,       1e300,    -1e300,    1e-300,
                                     123456789, 999.9999, INFINITY, -INFINITY, 1e9,
                                     -1e9,      0.1,      -99999.5};
    char texts[5][1024] = {
        "",
        "\u65e5\u672c\u8a9e \u306e \u30d5\u30a1\u30a4\u30eb \u65e5\u672c\u8a9e\u306e\u30d5\u30a1",
        "\033[31mred\033[0m\r\n\b\x7f \xff\xfe \u202e \302\2332J",
    };

    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        cr_skip_test("no C.UTF-8 here");
    memset(texts[3], 'x', 700);
    for (int i = 0; i < 1000; i++)
        texts[4][i] = i % 7 == 6 ? ' ' : 'y';
    expect_document_fits(rendering_load());
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        expect_document_fits(rendering_load_with_numbers(numbers[i]));
    for (size_t i = 1; i < sizeof texts / sizeof *texts; i++)
        expect_document_fits(rendering_load_with_texts(texts[i]));
}

/* As fits, with units and names that are longer than their columns. */
Test(render_text, fits_100_columns_with_yours_and_guesses_beside)
{
    struct guesses guesses = {.committed = "2026-01-31T11:00:00Z"};
    cJSON *example = rendering_load();
    struct model model = rendering_model(example), yours = rendering_model(example);
    char error[GUESS_ERROR_SIZE];

    cr_assert_not_null(setlocale(LC_CTYPE, "C.UTF-8"));
    cr_assert_eq(yours_add(&model, &yours, "/home/somebody/with/a/long/path/to/the/homework", error,
                           sizeof error),
                 0);
    cr_assert_eq(guesses_parse(&guesses, "key=1e9 sort=1 store=hold:all workers=0.001", error), 0);
    guesses_judge(&guesses, &model);
    cJSON *document = rendering_written(&model);
    model_free(&model);
    model_free(&yours);
    cJSON_Delete(example);
    expect_document_fits(document);
}

Test(render_text, keeps_a_table_with_far_too_many_columns)
{
    cJSON *document = rendering_load();
    cJSON *known = cJSON_GetObjectItem(document, "build_metrics");
    char name[64];

    setlocale(LC_CTYPE, "C.UTF-8");
    for (int i = 0; i < 200; i++) {
        cJSON *metric = cJSON_CreateObject();
        snprintf(name, sizeof name, "%d-and-a-name-that-is-not-short", i);
        cJSON_AddStringToObject(metric, "name", name);
        cJSON_AddStringToObject(metric, "unit", "parsecs/record");
        cJSON_AddItemToArray(known, metric);
    }
    expect_document_fits(document);
}

Test(render_text, has_colour_codes_only_when_asked)
{
    cJSON *document = rendering_load_with_texts("\033[31mred");
    char *plain = rendering_of(render_plain, document);
    cr_expect_null(strchr(plain, '\033'));
    free(plain);
    cJSON_Delete(document);

    document = rendering_load();
    plain = rendering_of(render_plain, document);
    char *colored = rendering_of(render_colored, document), *end = colored;
    unsigned count = 0;
    cr_expect_null(strchr(plain, '\033'));
    for (const char *at = colored; *at != '\0'; at++) {
        if (*at == '\033') { /* each one opens or closes, and is taken away */
            at += strcspn(at, "m");
            count++;
            continue;
        }
        *end++ = *at;
    }
    *end = '\0';
    cr_expect_gt(count, 100);
    cr_expect_eq(count % 2, 0);
    cr_expect_str_eq(colored, plain, "colour changes nothing else");
    free(plain);
    free(colored);
    cJSON_Delete(document);
}

Test(render_text, paints_better_green_and_worse_red)
{
    cJSON *document = rendering_load();
    cJSON *metrics = cJSON_GetObjectItem(
        cJSON_GetArrayItem(cJSON_GetObjectItem(document, "lessons"), 0), "metrics");
    cJSON *metric;
    cJSON_ArrayForEach (metric, metrics)
        cJSON_ReplaceItemInObject(metric, "verdict", cJSON_CreateString("worse"));
    char *colored = rendering_of(render_colored, document);
    cr_expect_not_null(strstr(colored, "\033[32mbetter\033[0m"));
    cr_expect_not_null(strstr(colored, "\033[31mworse\033[0m"));
    cr_expect_not_null(strstr(colored, "\033[2m~\033[0m"));
    free(colored);
    cJSON_Delete(document);
}

Test(render_text, is_ascii_where_the_locale_is_not_utf8)
{
    cJSON *document = rendering_load();
    char *ascii = rendering_of(render_ascii, document);

    for (const char *byte = ascii; *byte != '\0'; byte++)
        cr_assert((*byte >= ' ' && *byte <= '~') || *byte == '\n', "%.20s", byte);
    cr_expect_not_null(strstr(ascii, " inf "));
    cr_expect_not_null(strstr(ascii, "naive/key.c -> fixed/key.c"));
    cJSON_Delete(document);
    free(ascii);
}

/* What is not shown on the terminal: curves, how often, and what the signs stand for. */
static bool is_left_out(const cJSON *item, const char *path)
{
    static const char *const names[] = {"schema_version", "rounds", "blocks", "confidence",
                                        "saving",         "index",  "share",  "known"};
    static const char *const parts[] = {".load[", ".limits.", ".shares.", ".curves[",
                                        ".interactions["};
    const cJSON *list = item;

    if (rendering_is_load_detail(path))
        return true;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (item->string != NULL && strcmp(item->string, names[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(path, parts[i]) != NULL && strstr(path, ".fit.") == NULL)
            return true;
    if (strncmp(path, ".builds[", 8) == 0) /* the two columns that have no room */
        return rendering_ends_with(path, "sorts") || rendering_ends_with(path, "comparisons");
    /* its siblings say whether it is shown */
    while (list->prev != NULL && list->prev->next != NULL)
        list = list->prev;
    bool is_exact = false, is_blind = false;
    for (; list != NULL; list = list->next) {
        is_exact |=
            list->string != NULL && strcmp(list->string, "exact") == 0 && cJSON_IsTrue(list);
        is_blind |=
            list->string != NULL && strcmp(list->string, "sees") == 0 && cJSON_IsFalse(list);
    }
    return is_blind || (is_exact && strstr(path, ".ci_") != NULL);
}

Test(render_text, shows_each_number_of_the_document, .timeout = 600)
{
    rendering_try_changes(render_plain, is_left_out);
}

Test(render_text, shows_no_number_of_its_own)
{
    char *rendered = rendering_without_numbers(render_plain);
    rendering_blank(rendered, "above 1 the");
    rendering_blank(rendered, "expects 1 / (1 - p) of");
    rendering_blank(rendered, "100 ms waited");
    rendering_blank(rendered, "32 MiB");
    rendering_blank(rendered, " p50 ");
    rendering_blank(rendered, " p99 ");
    rendering_blank(rendered, " p99.9 ");
    rendering_blank(rendered, " p99 of fewer");
    cr_expect_eq(strcspn(rendered, "0123456789"), strlen(rendered), "%.80s",
                 rendered + strcspn(rendered, "0123456789"));
    free(rendered);
}

/* The row that comes first below a title has to be the metric that the lesson is about. */
static void expect_first_row(const char *rendered, const char *title, const char *label)
{
    const char *at = strstr(rendered, title);
    cr_assert_not_null(at, "%s", title);
    at = strstr(at, " tool ");
    cr_assert_not_null(at);
    at += strcspn(at, "\n") + 1;
    cr_expect_eq(strncmp(at + 2, label, strlen(label)), 0, "%.60s", at);
}

Test(render_text, begins_each_lesson_with_its_headline)
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_plain, document);

    expect_first_row(rendered, "\n1 key: string building ", "bytes allocated ");
    expect_first_row(rendered, "\n2 sort: needless sorting ", "tag comparisons ");
    expect_first_row(rendered, "\n3 store: a lock held too long ", "lock held ");
    expect_first_row(rendered, "\n4 workers: threads that never end ", "threads alive at ");
    free(rendered);
    cJSON_Delete(document);
}

Test(render_text, says_the_things_that_a_class_asks_for)
{
    static const char *const sentences[] = {
        "  bytes allocated      counters          5,412 B    781 B    6.93x  exact  ",
        "  definitely lost      memcheck              0 B      0 B    1.00x  exact  ",
        "nnnn against itself: wall time 1.00x (0.99\u20131.01), so that a change of 1.5% would",
        "two orders differ by 0.6% beyond the noise",
        "ffff needs 1.27x (1.25\u20131.29) the time of parsing alone",
        "time of a key: as tags^1.29 (1.12\u20131.46) naive, as tags^0.69 (0.58\u20130.80) fixed",
        "Why naive's time grows as tags^1.29 where its bytes grow as tags^1.61: at 64 tags it",
        "chosen\u00a042:\u00a0122,400",
        "fffn\u00a0400:\u00a095,120",
        "  - no hardware counters: ",
        "  memcheck               blind              blind              blind              blind\n",
    };
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_plain, document);

    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        cr_expect_not_null(strstr(rendered, sentences[i]), "%s", sentences[i]);
    free(rendered);
    cJSON_Delete(document);
}

/* "no difference" of a number that was taken once is no finding. */
Test(render_text, does_not_judge_what_was_measured_once)
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_plain, document);
    const char *row = strstr(rendered, "\n  heap at the peak ");

    cr_assert_not_null(row);
    row++;
    cr_expect_eq(row[strcspn(row, "\n") - 1], '?', "%.100s", row);
    free(rendered);
    cJSON_Delete(document);
}

Test(render_text, leaves_out_what_was_not_measured)
{
    static const struct {
        const char *member, *words;
    } parts[] = {
        {"lessons", "string building"},
        {"whole", "The whole: "},
        {"noise", "A/A control"},
        {"floor", "parsing alone"},
        {"calibration", "How true the"},
        {"observer", "What a profiler does"},
        {"builds", "\n  nnfn "},
        {"attribution", "Shapley"},
        {"interactions", "\n  - time:"},
        {"visibility", "Which tool sees"},
        {"sweep", "How many workers"},
        {"warnings", "DEBUG"},
        {"round_trip_ns", "round trip"},
        {"load", "Under load: "},
        {"promises", "What each tool promised"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        cJSON *document = rendering_load();
        char *whole = rendering_of(render_plain, document);
        cJSON_DeleteItemFromObject(document, parts[i].member);
        char *rest = rendering_of(render_plain, document);
        cr_expect_not_null(strstr(whole, parts[i].words), "%s", parts[i].words);
        cr_expect_null(strstr(rest, parts[i].words), "%s", parts[i].words);
        free(whole);
        free(rest);
        cJSON_Delete(document);
    }
}

/* Five rounds give a ratio and no interval, and the report does not hide that. */
Test(render_text, says_where_there_is_no_interval)
{
    cJSON *document = rendering_load();
    cJSON *floor = cJSON_GetObjectItem(document, "floor");
    cJSON_ReplaceItemInObject(floor, "ci_low", cJSON_CreateNull());
    char *rendered = rendering_of(render_plain, document);

    cr_expect_not_null(strstr(rendered, "ffff needs 1.27x (no interval) the time of parsing"));
    free(rendered);
    cJSON_Delete(document);
}

/* "blind" is a finding, and a tool that was not run has found nothing. */
Test(render_text, has_no_row_for_a_tool_that_was_not_run)
{
    cJSON *document = rendering_load(), *cell;
    cJSON *cells = cJSON_GetObjectItem(cJSON_GetObjectItem(document, "visibility"), "cells");
    char *whole = rendering_of(render_plain, document);

    cJSON_ArrayForEach (cell, cells)
        if (strcmp(cJSON_GetObjectItem(cell, "tool")->valuestring, "memcheck") == 0)
            cJSON_SetValuestring(cJSON_GetObjectItem(cell, "tool"), "nobody");
    char *rest = rendering_of(render_plain, document);
    cr_expect_not_null(strstr(whole, "\n  memcheck "));
    cr_expect_null(strstr(rest, "\n  memcheck "));
    free(whole);
    free(rest);
    cJSON_Delete(document);
}

/* Where a line has no room for all metrics, it is not the instructions that go. */
/* Of two commands a tool stands by what it saw, even if that is not its first row. */
Test(render_text, says_which_witness_saw_a_change)
{
    static const char pair[] =
        "{\"schema\": \"fastenough-compare\", \"schema_version\": 2, \"subject\": {\"kind\": "
        "\"commands\", \"name\": \"a change\", \"sides\": [\"old\", \"new\"], \"commands\": "
        "[\"./a\", \"./b\"]}, \"lessons\": [{\"id\": \"heap\", \"title\": \"heap\", \"metrics\": ["
        "{\"name\": \"a\", \"label\": \"bytes in all\", \"unit\": \"1\", \"tool\": \"DHAT\", "
        "\"naive\": 7, \"fixed\": 7, \"ratio\": 1, \"exact\": true, \"verdict\": \"no "
        "difference\"},"
        "{\"name\": \"b\", \"label\": \"blocks in all\", \"unit\": \"1\", \"tool\": \"DHAT\", "
        "\"naive\": 9, \"fixed\": 3, \"ratio\": 3, \"exact\": true, \"verdict\": \"better\"},"
        "{\"name\": \"c\", \"label\": \"lost\", \"unit\": \"1\", \"tool\": \"memcheck\", "
        "\"naive\": 5, \"fixed\": 5, \"ratio\": 1, \"exact\": true, \"verdict\": \"no difference\"}"
        "]}]}";
    cJSON *document = cJSON_Parse(pair);
    cr_assert_not_null(document);
    char *rendered = rendering_of(render_plain, document);
    const char *table = strstr(rendered, "Which witness saw it");
    cr_assert_not_null(table, "%s", rendered);
    const char *dhat = strstr(table, "\n  DHAT "), *memcheck = strstr(table, "\n  memcheck ");
    cr_assert(dhat != NULL && memcheck != NULL, "%s", table);
    cr_expect(strncmp(strstr(dhat, "b"), "blocks in all", 13) == 0, "%.100s", dhat);
    cr_expect_null(strstr(dhat + 1, "\n  DHAT "), "one row a tool");
    cr_expect_eq(memcheck[1 + strcspn(memcheck + 1, "\n") - 1], '~', "%.100s", memcheck);
    free(rendered);
    cJSON_Delete(document);
}

Test(render_text, keeps_the_metrics_that_say_most)
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_plain, document);
    const char *titles = strstr(rendered, "\n  build ");

    cr_assert_not_null(titles);
    const char *instructions = strstr(titles, " instructions ");
    cr_expect(instructions != NULL && instructions < titles + strcspn(titles + 1, "\n"));
    cr_expect_not_null(strstr(titles, "\n  no room here for: sorts, tag comparisons\n"));
    free(rendered);
    cJSON_Delete(document);
}

Test(render_text, renders_whatever_is_in_the_document, .timeout = 600)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    rendering_try_missing(render_plain, expect_fits);
    rendering_try_kinds(render_plain, 1, expect_fits);
}

Test(render_text, reports_a_write_error)
{
    rendering_try_errors(render_plain);
}
