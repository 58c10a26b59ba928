/* rundoc.c - the reader of the program's own account of a run, on two recorded ones. */
#include "bench/readers/rundoc.h"

#include "tests/harness/reading.h"

static const char *const files[] = {HARNESS_DATA "run.nnnn.json", HARNESS_DATA "run.ffff.json"};

static int read_file(const char *path, struct rundoc *doc, char *error, size_t error_size)
{
    struct text text;
    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    int status = rundoc_parse(path, text.bytes, text.length, doc, error, error_size);
    text_free(&text);
    return status;
}

static struct rundoc load(const char *path)
{
    char error[TEXT_ERROR_SIZE];
    struct rundoc doc;
    cr_assert_eq(read_file(path, &doc, error, sizeof error), 0, "%s", error);
    return doc;
}

static int try_file(const char *path, char *error, size_t error_size)
{
    struct rundoc doc;

    if (read_file(path, &doc, error, error_size) != 0)
        return -1;
    cr_expect_eq(strlen(doc.digest), 16);
    cr_expect_eq(strlen(doc.variant), 4);
    rundoc_free(&doc);
    return 0;
}

Test(rundoc, reads_what_the_spec_says_of_2000_records)
{
    static const char *const variants[] = {"nnnn", "ffff"};
    for (int i = 0; i < 2; i++) {
        struct rundoc doc = load(files[i]);
        cr_expect_str_eq(doc.variant, variants[i]);
        cr_expect_eq(doc.accepted, 1991);
        cr_expect_eq(doc.rejected, 9);
        cr_expect_str_eq(doc.digest, "0c78b2d43dfeb1f5");
        cr_expect_eq(doc.score_sum, 974592756);
        cr_expect_gt(doc.records_per_s, 0);
        cr_expect_gt(doc.mb_per_s, 0);
        cr_expect_gt(doc.ns_per_record, 0);
        cr_expect_gt(doc.peak_rss_kb, 0);
        cr_expect_geq(doc.threads_alive, 1);
        cr_expect_gt(doc.lock.acquisitions, 0);
        cr_expect_leq(doc.lock.contended, doc.lock.acquisitions);
        cr_expect_leq(doc.lock.hold_ns_max, doc.lock.hold_ns);
        cr_expect_not(doc.is_interrupted);
        cr_expect_null(doc.error);
        rundoc_free(&doc);
    }
}

Test(rundoc, finds_any_number_by_its_path)
{
    static const char text[] =
        "{\"variant\":\"nfnf\",\"accepted\":1,\"rejected\":0,\"digest\":\"0123456789abcdef\","
        "\"score_sum\":-5,\"records_per_s\":1.5,\"mb_per_s\":2.5,\"ns_per_record\":3.5,"
        "\"peak_rss_kb\":4,\"threads_alive\":5,\"lock\":{\"acquisitions\":6,\"contended\":7,"
        "\"wait_ns\":8,\"hold_ns\":9,\"hold_ns_max\":10,\"inside\":{\"comparisons\":11}},"
        "\"allocations\":12,\"a\":{\"\":13},\"interrupted\":true,\"error\":\"disk full\"}trailing";
    char error[TEXT_ERROR_SIZE];
    struct rundoc doc;
    double value = -1;

    cr_assert_eq(
        rundoc_parse("it", text, sizeof text - 1 - strlen("trailing"), &doc, error, sizeof error),
        0, "%s", error);
    cr_expect_eq(doc.score_sum, -5);
    cr_expect_eq(doc.lock.wait_ns, 8);
    cr_expect(doc.is_interrupted);
    cr_expect_str_eq(doc.error, "disk full");
    cr_expect_eq(rundoc_number(&doc, "allocations", &value), 0);
    cr_expect_eq(value, 12);
    cr_expect_eq(rundoc_number(&doc, "lock.inside.comparisons", &value), 0);
    cr_expect_eq(value, 11);
    cr_expect_eq(rundoc_number(&doc, "a.", &value), 0);
    cr_expect_eq(value, 13);
    value = -1;
    static const char *const none[] = {"",        "lock",     "lock.inside", "lock.none",
                                       "variant", "Accepted", "accepted.x",  "."};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect_eq(rundoc_number(&doc, none[i], &value), -1, "%s", none[i]);
    cr_expect_eq(value, -1, "unchanged");
    rundoc_free(&doc);
    cr_expect_eq(rundoc_parse("it", text, sizeof text - 1, &doc, error, sizeof error), -1);
}

/* Each required member in turn, under another name. */
Test(rundoc, refuses_a_document_without_a_required_member)
{
    static const char *const members[] = {
        "variant",       "accepted",  "rejected",      "digest",      "score_sum",
        "records_per_s", "mb_per_s",  "ns_per_record", "peak_rss_kb", "threads_alive",
        "acquisitions",  "contended", "wait_ns",       "hold_ns",     "hold_ns_max",
    };
    struct text text = reading_load(files[0]);
    char error[TEXT_ERROR_SIZE], quoted[32];
    struct rundoc doc;

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        snprintf(quoted, sizeof quoted, "\"%s\":", members[i]);
        char *at = strstr(text.bytes, quoted);
        cr_assert_not_null(at, "%s", members[i]);
        at[1] ^= 1;
        cr_expect_eq(rundoc_parse("it", text.bytes, text.length, &doc, error, sizeof error), -1);
        at[1] ^= 1;
        cr_expect_not_null(strstr(error, members[i]), "%s", error);
    }
    text_free(&text);
}

Test(rundoc, refuses_values_that_cannot_be)
{
    static const struct {
        const char *before, *after;
    } changes[] = {
        {"\"variant\":\"nnnn\"", "\"variant\":\"nnxn\""},
        {"\"accepted\":1991", "\"accepted\":19.1"},
        {"\"rejected\":9", "\"rejected\":-"},
        {"\"digest\":\"0c", "\"digest\":\"0C"},
    };
    struct text text = reading_load(files[0]);
    char error[TEXT_ERROR_SIZE];
    struct rundoc doc;

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        size_t length = strlen(changes[i].before);
        char *at = strstr(text.bytes, changes[i].before);
        cr_assert_not_null(at);
        memcpy(at, changes[i].after, length);
        cr_expect_eq(rundoc_parse("it", text.bytes, text.length, &doc, error, sizeof error), -1,
                     "%s", changes[i].after);
        memcpy(at, changes[i].before, length);
    }
    cr_expect_eq(rundoc_parse("it", text.bytes, text.length, &doc, error, sizeof error), 0);
    rundoc_free(&doc);
    text_free(&text);
}

Test(rundoc, refuses_broken_files)
{
    for (int i = 0; i < 2; i++) {
        cr_expect_leq(reading_try_cuts(files[i], try_file), 1, "the last newline can be spared");
        reading_try_changes(files[i], try_file);
    }
    reading_try_garbage(try_file);
}
