/*
 * worker.c - one record through all stages, in whichever tree is linked, and what a failure on the
 * way leaves behind.
 */
#include "common/worker.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>

#include "common/memory.h"
#include "tests/sample.h"

enum { RECORDS = 12 };

struct fixture {
    struct database *database;
    struct store *store;
    struct worker worker;
};

static void open_fixture(struct fixture *fixture)
{
    fixture->database = database_new(&(struct database_options){0});
    cr_assert_not_null(fixture->database);
    fixture->store = store_new(fixture->database);
    cr_assert_not_null(fixture->store);
    worker_init(&fixture->worker, fixture->store);
}

static void close_fixture(struct fixture *fixture)
{
    worker_free(&fixture->worker);
    store_delete(fixture->store);
    database_delete(fixture->database);
}

static void process_all(struct worker *worker, const struct request *request)
{
    for (uint32_t i = 0; i < request->count; i++)
        worker_process(worker, request, i);
}

TestSuite(worker, .init = arena_install_cjson_hooks);

Test(worker, takes_a_record_through_all_stages)
{
    static const struct sample_text line = SAMPLE_TEXT(SAMPLE_RECORD);
    struct request *request = sample_request(&line, 1);
    struct fixture fixture;

    open_fixture(&fixture);
    process_all(&fixture.worker, request);
    worker_flush(&fixture.worker, request);
    cr_expect(request_is_complete(request));
    cr_expect_eq(request->error, 0);
    cr_expect_eq(request->tally.accepted, 1);
    cr_expect_eq(request->tally.score_sum, SAMPLE_SCORE);
    cr_expect_eq(request->tally.digest, SAMPLE_DIGEST);
    cr_expect_str_eq(fixture.worker.key.text, SAMPLE_KEY);
    cr_expect_eq(database_row_count(fixture.database), 1);
    close_fixture(&fixture);
    request_release(request);
}

Test(worker, counts_each_reject_under_its_reason_and_line)
{
    static const struct sample_text lines[] = {
        SAMPLE_TEXT("{"),
        SAMPLE_TEXT(SAMPLE_RECORD),
        SAMPLE_TEXT("{\"\xff\":1}"),
        SAMPLE_TEXT("{\"\\u0000\":1}"),
        SAMPLE_TEXT("[]"),
        SAMPLE_TEXT("{}"),
        SAMPLE_TEXT("{" SAMPLE_ID SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}"),
        SAMPLE_TEXT("{" SAMPLE_ID SAMPLE_NAME "\"value\":\"1\"," SAMPLE_TAGS SAMPLE_TS "}"),
        SAMPLE_TEXT("{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE SAMPLE_TS "}"),
        SAMPLE_TEXT("{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS "\"ts\":0}"),
    };
    enum { LINES = sizeof lines / sizeof *lines };
    static const enum reject_reason reasons[LINES] = {
        REJECT_PARSE, REJECT_NONE, REJECT_UTF8,  REJECT_NUL,  REJECT_OBJECT,
        REJECT_ID,    REJECT_NAME, REJECT_VALUE, REJECT_TAGS, REJECT_TS,
    };
    struct request *request = sample_request(lines, LINES);
    struct fixture fixture;

    request->lines[LINES - 1].number = 4711;
    open_fixture(&fixture);
    process_all(&fixture.worker, request);
    const struct tally *tally = &fixture.worker.tally;
    cr_expect_eq(tally->accepted, 1);
    cr_expect_eq(tally_rejected(tally), LINES - 1);
    for (uint32_t i = 0; i < LINES; i++)
        if (reasons[i] != REJECT_NONE) {
            cr_expect_eq(tally->rejected[reasons[i]], 1, "%s", reject_name(reasons[i]));
            cr_expect_eq(tally->first[reasons[i]][0].number, request->lines[i].number, "%s",
                         reject_name(reasons[i]));
        }
    cr_expect_eq(database_row_count(fixture.database), 1, "nothing half-processed");
    close_fixture(&fixture);
    request_release(request);
}

Test(worker, rejects_a_line_that_was_too_long_to_be_kept)
{
    static const struct sample_text line = SAMPLE_TEXT(SAMPLE_RECORD);
    struct request *request = sample_request(&line, 1);
    struct fixture fixture;

    request->lines[0].length = LINE_TOO_LONG;
    open_fixture(&fixture);
    process_all(&fixture.worker, request);
    cr_expect_eq(fixture.worker.tally.accepted, 0);
    cr_expect_eq(fixture.worker.tally.rejected[REJECT_TOO_LONG], 1);
    close_fixture(&fixture);
    request_release(request);
}

Test(worker, accepts_a_record_whose_tags_are_all_dropped)
{
    static const struct sample_text line =
        SAMPLE_TEXT("{\"id\":1,\"name\":\"x\",\"tags\":[\"\",\" \",\"\\t\\n\"],\"ts\":1}");
    struct request *request = sample_request(&line, 1);
    struct fixture fixture;

    open_fixture(&fixture);
    process_all(&fixture.worker, request);
    cr_expect_eq(fixture.worker.tally.accepted, 1);
    cr_expect_eq(fixture.worker.tally.score_sum, 1, "0 * 1 + 1 %% 1000");
    cr_expect_str_eq(fixture.worker.key.text, "1:x");
    close_fixture(&fixture);
    request_release(request);
}

/* A thread that got no line may run when the request, and the store too, are over. */
Test(worker, touches_nothing_when_it_has_done_nothing)
{
    struct worker worker;
    worker_init(&worker, NULL);
    worker_flush(&worker, NULL);
    worker_free(&worker);
}

Test(worker, hands_its_tally_over_and_starts_anew)
{
    struct request *first = sample_generated(1, 0, RECORDS);
    struct request *second = sample_generated(1, RECORDS, RECORDS);
    struct tally first_alone = sample_tally(first), second_alone = sample_tally(second);
    struct fixture fixture;

    open_fixture(&fixture);
    process_all(&fixture.worker, first);
    worker_flush(&fixture.worker, first);
    process_all(&fixture.worker, second);
    worker_flush(&fixture.worker, second);
    cr_expect_eq(first->tally.digest, first_alone.digest);
    cr_expect_eq(second->tally.digest, second_alone.digest);
    cr_expect_eq(first->tally.counts.sort_calls, 2 * first->tally.accepted,
                 "the key's, the score's");
    cr_expect_eq(second->tally.counts.sort_calls, 2 * second->tally.accepted);
    close_fixture(&fixture);
    request_release(first);
    request_release(second);
}

/*
 * Each allocation in turn fails, and all after it. What was answered before has to stay right, the
 * failure has to be told, and the worker has to go on once there is memory again.
 */
Test(worker, survives_memory_that_runs_out_at_any_point)
{
    struct request *sample = sample_generated(1, 0, RECORDS);
    struct tally whole = sample_tally(sample);
    uint64_t nth = 0;
    bool is_through = false;

    while (!is_through) {
        struct request *request = sample_generated(1, 0, RECORDS);
        struct fixture fixture;
        open_fixture(&fixture);
        memory_fail_at(++nth);
        process_all(&fixture.worker, request);
        memory_fail_at(0);
        is_through = fixture.worker.error == 0;
        cr_expect_eq(fixture.worker.error, is_through ? 0 : ENOMEM, "at %" PRIu64, nth);
        cr_expect_eq(fixture.worker.tally.accepted == RECORDS, is_through);
        cr_expect_eq(tally_rejected(&fixture.worker.tally), 0, "memory is no reason to reject");
        cr_expect_eq(database_row_count(fixture.database), fixture.worker.tally.accepted);
        worker_flush(&fixture.worker, request);
        cr_expect(request_is_complete(request));
        cr_expect_eq(request->error, is_through ? 0 : ENOMEM);

        process_all(&fixture.worker, request);
        cr_expect_eq(fixture.worker.error, 0);
        cr_expect_eq(fixture.worker.tally.digest, whole.digest, "after %" PRIu64, nth);
        close_fixture(&fixture);
        request_release(request);
    }
    cr_expect_gt(nth, 2, "the arena and the key at least");
    request_release(sample);
}
