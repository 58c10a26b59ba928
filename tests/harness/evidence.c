/* evidence.c - what the page shows beside compare.json: lines side by side, costs, trees. */
#include "bench/report/evidence.h"

#include <sys/stat.h>

#include "bench/report/evidence_align.h"
#include "tests/harness/reading.h"

enum { LINES_MAX = 64 };

static uint32_t load_lines(struct align_line *lines, const char *const *texts)
{
    uint32_t count = 0;
    for (; texts[count] != NULL; count++)
        lines[count] = (struct align_line){.text = texts[count]};
    align_find_functions(lines, count);
    return count;
}

static uint32_t align_texts(const char *const *left, const char *const *right,
                            struct align_pair pairs[2 * LINES_MAX])
{
    struct align_line a[LINES_MAX], b[LINES_MAX];
    uint32_t a_count = load_lines(a, left), b_count = load_lines(b, right);
    return align(a, a_count, b, b_count, pairs);
}

static void expect_pairs(const char *const *left, const char *const *right,
                         const struct align_pair *expected, uint32_t count)
{
    struct align_pair pairs[2 * LINES_MAX];
    cr_assert_eq(align_texts(left, right, pairs), count);
    for (uint32_t i = 0; i < count; i++)
        cr_expect(pairs[i].left == expected[i].left && pairs[i].right == expected[i].right &&
                      pairs[i].is_same == expected[i].is_same,
                  "%u: %u %u %d", i, pairs[i].left, pairs[i].right, pairs[i].is_same);
}

Test(evidence, puts_equal_lines_side_by_side)
{
    const char *const left[] = {"int f(void)", "{", "    return 1;", "}", NULL};
    const char *const right[] = {"int f(void)", "{", "    g();", "    return 1;", "}", NULL};
    const struct align_pair expected[] = {
        {1, 1, true}, {2, 2, true}, {0, 3, false}, {3, 4, true}, {4, 5, true}};
    expect_pairs(left, right, expected, 5);
}

Test(evidence, puts_functions_beside_their_namesakes)
{
    /* other parameters, and the other way round */
    const char *const left[] = {"int f(int a)", "{", "}", "", "static int g(void)", "{", "}", NULL};
    const char *const right[] = {"static int g(char *b)", "{", "}", "",
                                 "int f(void)",           "{", "}", NULL};
    struct align_pair pairs[2 * LINES_MAX];
    uint32_t count = align_texts(left, right, pairs);
    bool has_f = false, has_g = false;
    for (uint32_t i = 0; i < count; i++) {
        has_f = has_f || (pairs[i].left == 1 && pairs[i].right == 5);
        has_g = has_g || (pairs[i].left == 5 && pairs[i].right == 1);
    }
    cr_expect(has_f && has_g);
}

Test(evidence, keeps_functions_of_one_file_apart)
{
    const char *const left[] = {"int f(void)", "{", "    return 1;", "}", NULL};
    const char *const right[] = {"int g(void)", "{", "    return 1;", "}", NULL};
    struct align_pair pairs[2 * LINES_MAX];
    uint32_t count = align_texts(left, right, pairs);
    cr_assert_eq(count, 8);
    for (uint32_t i = 0; i < count; i++)
        cr_expect(pairs[i].left == 0 || pairs[i].right == 0, "%u", i);
}

/* Each line of both files is there once, whatever they hold. */
Test(evidence, loses_no_line)
{
    const char *const left[] = {"/* a */",     "",  "int f(void)", "{", "}", "",
                                "int g(void)", "{", "    x = 1;",  "}", NULL};
    const char *const right[] = {"int h(void)", "{", "}", "int f(void)", "{", "}", NULL};
    const char *const nothing[] = {NULL};
    const char *const *const files[] = {left, right, nothing};
    for (int i = 0; i < 9; i++) {
        struct align_pair pairs[2 * LINES_MAX];
        const char *const *a = files[i / 3], *const *b = files[i % 3];
        unsigned seen[2][LINES_MAX] = {{0}}, a_count = 0, b_count = 0;
        uint32_t count = align_texts(a, b, pairs);
        for (uint32_t p = 0; p < count; p++) {
            seen[0][pairs[p].left]++;
            seen[1][pairs[p].right]++;
        }
        for (; a[a_count] != NULL; a_count++)
            cr_expect_eq(seen[0][a_count + 1], 1, "%d, left %u", i, a_count + 1);
        for (; b[b_count] != NULL; b_count++)
            cr_expect_eq(seen[1][b_count + 1], 1, "%d, right %u", i, b_count + 1);
    }
}

/* A results folder with one file in raw/. */
static void make_folder(char folder[64], const char *name, const char *text)
{
    char path[256];
    snprintf(folder, 64, "/tmp/evidence-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/raw", folder);
    cr_assert_eq(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/raw/%s", folder, name);
    reading_write(path, text, strlen(text));
}

static void remove_folder(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    cr_expect_eq(system(command), 0);
}

static int count_of(const cJSON *json, const char *name)
{
    return cJSON_GetArraySize(cJSON_GetObjectItem(json, name));
}

Test(evidence, is_empty_without_files)
{
    cJSON *document = cJSON_Parse("{\"lessons\": [{\"id\": \"key\"}, 1, {\"id\": 2}]}");
    cJSON *json = evidence_new("/nonexistent", document);
    cr_assert_not_null(json);
    cr_expect_eq(count_of(json, "code") + count_of(json, "flames") + count_of(json, "curves"), 0);
    cJSON_Delete(json);
    cJSON_Delete(document);
}

Test(evidence, says_what_cannot_be_read)
{
    char folder[64];
    make_folder(folder, "callgrind.out.key.naive", "no profile\n");
    cJSON *document = cJSON_Parse("{\"lessons\": [{\"id\": \"key\", \"naive_file\": \"a.c\", "
                                  "\"fixed_file\": \"b.c\"}]}");
    cJSON *json = evidence_new(folder, document);
    cr_assert_not_null(json);
    cr_expect_gt(count_of(json, "missing"), 0);
    cJSON_Delete(json);
    cJSON_Delete(document);
    remove_folder(folder);
}

Test(evidence, draws_massifs_curves)
{
    char folder[64];
    make_folder(folder, "massif.out.nnnn",
                "desc: (none)\ncmd: x\ntime_unit: i\n#-----------\nsnapshot=0\n#-----------\n"
                "time=0\nmem_heap_B=0\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=empty\n"
                "#-----------\nsnapshot=1\n#-----------\ntime=7\nmem_heap_B=40\n"
                "mem_heap_extra_B=2\nmem_stacks_B=0\nheap_tree=empty\n");
    cJSON *document = cJSON_CreateObject(), *json = evidence_new(folder, document);
    const cJSON *curve = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "curves"), 0);
    const cJSON *series = cJSON_GetArrayItem(cJSON_GetObjectItem(curve, "series"), 0);
    const cJSON *point = cJSON_GetArrayItem(cJSON_GetObjectItem(series, "points"), 1);
    cr_assert_not_null(point);
    cr_expect_eq(cJSON_GetArrayItem(point, 0)->valuedouble, 7);
    cr_expect_eq(cJSON_GetArrayItem(point, 1)->valuedouble, 42);
    cJSON_Delete(json);
    cJSON_Delete(document);
    remove_folder(folder);
}

/* Spans that lie over each other: what matters most of a moment is shown. */
Test(evidence, cuts_timelines_into_pieces)
{
    static const struct {
        double start, end;
        const char *state;
    } expected[] = {{0, 10, "runs"}, {10, 20, "waits"}, {20, 50, "holds"}, {50, 60, "runs"}};
    char folder[64];
    make_folder(folder, "timeline.nnnn.json",
                "{\"threads\": [[[\"runs\", 100, 160], [\"waits\", 110, 120], "
                "[\"database\", 130, 140], [\"holds\", 120, 150], [\"else\", 1, 2], 7]]}");
    cJSON *document = cJSON_CreateObject(), *json = evidence_new(folder, document);
    const cJSON *timeline = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "timelines"), 0);
    const cJSON *pieces = cJSON_GetArrayItem(cJSON_GetObjectItem(timeline, "threads"), 0);
    cr_assert_eq(cJSON_GetArraySize(pieces), 4);
    for (int i = 0; i < 4; i++) {
        const cJSON *piece = cJSON_GetArrayItem(pieces, i);
        /* the first moment of all is 1, of the span that is not known: it is not shown, but counts
         */
        cr_expect_eq(cJSON_GetArrayItem(piece, 1)->valuedouble -
                         cJSON_GetArrayItem(piece, 0)->valuedouble,
                     expected[i].end - expected[i].start);
        cr_expect_str_eq(cJSON_GetArrayItem(piece, 2)->valuestring, expected[i].state);
    }
    cJSON_Delete(json);
    cJSON_Delete(document);
    remove_folder(folder);
}

/* worker_process() called twice, 10 of its own; f() from its line 3, 90 in all, 40 of that in g().
 */
static const char profile[] =
    "events: Ir\nfl=%s\nfn=worker_process\n2 10\ncfn=f\ncalls=2 5\n3 180\n"
    "fn=f\n5 100\ncfn=g\ncalls=2 9\n6 80\nfn=g\n9 80\n"
    "fn=main\n20 1\ncfn=worker_process\ncalls=2 1\n21 190\n"
    "totals: 191\n";

Test(evidence, divides_costs_by_records_and_callers)
{
    char folder[64], path[256], text[1024], source[256];
    snprintf(text, sizeof text, profile, "/nowhere/a.c");
    make_folder(folder, "callgrind.out.key.naive", text);
    snprintf(path, sizeof path, "%s/raw/callgrind.out.key.fixed", folder);
    reading_write(path, text, strlen(text));
    snprintf(source, sizeof source, "%s/a.c", folder);
    reading_write(source, "1\n2\n3\n4\n5\n6\n", 12);
    snprintf(text, sizeof text,
             "{\"lessons\": [{\"id\": \"key\", \"naive_file\": \"%s\", \"fixed_file\": \"%s\"}]}",
             source, source);
    cJSON *document = cJSON_Parse(text), *json = evidence_new(folder, document);
    const cJSON *code = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "code"), 0);
    cr_assert_not_null(code);
    cr_expect_eq(cJSON_GetObjectItem(code, "records")->valuedouble, 2);
    const cJSON *naive = cJSON_GetObjectItem(code, "naive");
    const cJSON *all = cJSON_GetObjectItem(naive, "all");
    cr_expect_eq(count_of(naive, "text"), 6);
    cr_expect_eq(cJSON_GetArrayItem(all, 1)->valuedouble, 5);
    cr_expect_eq(cJSON_GetArrayItem(all, 2)->valuedouble, 90);
    cr_expect(cJSON_IsNull(cJSON_GetArrayItem(all, 0)));
    cr_expect_eq(cJSON_GetArrayItem(cJSON_GetObjectItem(naive, "self"), 4)->valuedouble, 50);
    cr_expect_eq(count_of(code, "pairs"), 6);

    const cJSON *flame = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "flames"), 0);
    const cJSON *node = cJSON_GetObjectItem(flame, "root");
    static const struct {
        const char *name;
        double value;
    } expected[] = {{"worker_process", 95}, {"f", 90}, {"g", 40}};
    for (int i = 0; i < 3; i++) {
        cr_assert_not_null(node);
        cr_expect_str_eq(cJSON_GetArrayItem(node, 0)->valuestring, expected[i].name);
        cr_expect_eq(cJSON_GetArrayItem(node, 1)->valuedouble, expected[i].value);
        cr_expect_eq(cJSON_GetArrayItem(node, 2)->valuedouble, expected[i].value);
        node = cJSON_GetArrayItem(cJSON_GetArrayItem(node, 3), 0);
    }
    cJSON_Delete(json);
    cJSON_Delete(document);
    remove_folder(folder);
}

/* Two commands: a run each, from its start, and the sources that cost most by their names. */
Test(evidence, shows_two_commands)
{
    char folder[64], path[256], text[1024], source[256];
    make_folder(folder, "callgrind.out.before", "");
    for (int side = 0; side < 2; side++) {
        snprintf(source, sizeof source, "%s/%s.c", folder, side == 0 ? "old" : "new");
        reading_write(source, "1\n2\n3\n4\n5\n6\n", 12);
        snprintf(text, sizeof text, profile, source);
        snprintf(path, sizeof path, "%s/raw/callgrind.out.%s", folder,
                 side == 0 ? "before" : "after");
        reading_write(path, text, strlen(text));
    }
    cJSON *document = cJSON_Parse("{\"subject\": {\"kind\": \"commands\", \"sides\": "
                                  "[\"before\", \"after\"]}, \"lessons\": []}");
    cJSON *json = evidence_new(folder, document);
    const cJSON *code = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "code"), 0);
    cr_assert_not_null(code);
    cr_expect_eq(cJSON_GetObjectItem(code, "records")->valuedouble, 1);
    const cJSON *naive = cJSON_GetObjectItem(code, "naive");
    cr_expect_eq(count_of(naive, "text"), 6);
    cr_expect_not_null(strstr(cJSON_GetObjectItem(naive, "path")->valuestring, "/old.c"));
    const cJSON *fixed = cJSON_GetObjectItem(code, "fixed");
    cr_expect_not_null(strstr(cJSON_GetObjectItem(fixed, "path")->valuestring, "/new.c"));
    cr_expect_eq(cJSON_GetArrayItem(cJSON_GetObjectItem(naive, "self"), 4)->valuedouble, 100);
    const cJSON *flame = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "flames"), 0);
    const cJSON *node = cJSON_GetObjectItem(flame, "root");
    static const struct {
        const char *name;
        double value;
    } expected[] = {{"all", 191}, {"main", 191}, {"worker_process", 190}};
    for (int i = 0; i < 3; i++) {
        cr_assert_not_null(node);
        cr_expect_str_eq(cJSON_GetArrayItem(node, 0)->valuestring, expected[i].name);
        cr_expect_eq(cJSON_GetArrayItem(node, 1)->valuedouble, expected[i].value);
        node = cJSON_GetArrayItem(cJSON_GetArrayItem(node, 3), 0);
    }
    cJSON_Delete(json);
    cJSON_Delete(document);
    remove_folder(folder);
}
