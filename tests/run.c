/* run.c - a batch run inside this process, with memory that runs out at each of its allocations. */
#include "common/command/run.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/generate.h"
#include "common/memory.h"

enum { RECORDS = 30 };

static char path[] = "/tmp/fastenough-run-XXXXXX";
static const volatile sig_atomic_t never_stopped;

static void write_records(void)
{
    char line[GENERATE_LINE_MAX];
    int fd = mkstemp(path);

    cr_assert_geq(fd, 0);
    for (uint64_t i = 0; i < RECORDS; i++) {
        size_t length = generate_line(1, i, line);
        cr_assert_eq(write(fd, line, length), (ssize_t)length);
    }
    close(fd);
    arena_install_cjson_hooks();
}

static void remove_records(void)
{
    unlink(path);
}

static struct run_options options_for(uint32_t request_records)
{
    return (struct run_options){
        .path = path,
        .workers.thread_count = 2,
        .limits = {.threads_max = 4000, .bytes_max = SIZE_MAX},
        .request_records = request_records,
        .repeat_count = 1,
        .line_length_max = 1 << 20,
        .is_quiet = true,
    };
}

TestSuite(run, .init = write_records, .fini = remove_records);

Test(run, finds_the_same_with_requests_of_any_size)
{
    struct run_options options = options_for(RECORDS);
    struct run_result whole, parts;

    cr_assert_eq(run(&options, &never_stopped, &whole), 0, "%s", whole.error);
    cr_expect_eq(whole.request_count, 1);
    for (uint32_t size = 1; size < RECORDS; size += 4) {
        options = options_for(size);
        cr_assert_eq(run(&options, &never_stopped, &parts), 0, "%s", parts.error);
        cr_expect_eq(parts.tally.accepted, RECORDS);
        cr_expect_eq(parts.tally.digest, whole.tally.digest);
        cr_expect_eq(parts.tally.score_sum, whole.tally.score_sum);
        cr_expect_eq(parts.request_count, (RECORDS + size - 1) / size);
        cr_expect_eq(parts.byte_count, whole.byte_count);
    }
}

/* Whether the only one is done with when its end is read is a race, which no count may show. */
Test(run, makes_one_request_of_what_fits_in_one)
{
    enum { LARGE = 1 << 20 };
    struct run_options options = options_for(LARGE);
    struct run_result result;

    for (int i = 0; i < 20; i++) {
        cr_assert_eq(run(&options, &never_stopped, &result), 0, "%s", result.error);
        cr_expect_gt(result.tally.counts.allocated_bytes,
                     LARGE * sizeof *((struct request *)0)->lines);
        cr_expect_lt(result.tally.counts.allocated_bytes,
                     2 * LARGE * sizeof *((struct request *)0)->lines);
    }
}

Test(run, repeats)
{
    struct run_options options = options_for(7);
    struct run_result once, thrice;

    cr_assert_eq(run(&options, &never_stopped, &once), 0);
    options.repeat_count = 3;
    cr_assert_eq(run(&options, &never_stopped, &thrice), 0);
    cr_expect_eq(thrice.tally.accepted, 3 * once.tally.accepted);
    cr_expect_eq(thrice.tally.digest, 3 * once.tally.digest);
    cr_expect_eq(thrice.byte_count, 3 * once.byte_count);
}

Test(run, that_is_stopped_before_it_starts_does_nothing)
{
    const volatile sig_atomic_t stopped = 1;
    struct run_options options = options_for(7);
    struct run_result result;

    cr_expect_eq(run(&options, &stopped, &result), 0);
    cr_expect(result.is_interrupted);
    cr_expect_eq(result.tally.accepted, 0);
}

Test(run, says_which_file_it_cannot_read)
{
    struct run_options options = options_for(7);
    struct run_result result;

    options.path = "/nonexistent/records";
    cr_expect_eq(run(&options, &never_stopped, &result), -1);
    cr_expect_not_null(strstr(result.error, "/nonexistent/records"), "%s", result.error);
    cr_expect_not_null(strstr(result.error, "No such file"), "%s", result.error);
}

/* The workers' own allocations are their threads' own: worker.c and system/failure.c see to those.
 */
Test(run, survives_memory_that_runs_out_at_any_point)
{
    struct run_options options = options_for(7);
    struct run_result whole, result;
    uint64_t nth = 0;
    int status = -1;

    cr_assert_eq(run(&options, &never_stopped, &whole), 0);
    while (status != 0) {
        memory_fail_at(++nth);
        status = run(&options, &never_stopped, &result);
        memory_fail_at(0);
        if (status != 0)
            cr_expect_neq(result.error[0], '\0', "at %" PRIu64, nth);
        if (result.error[0] != '\0')
            cr_expect(strstr(result.error, "memory") != NULL, "at %" PRIu64 ": %s", nth,
                      result.error);
        cr_expect_leq(result.tally.accepted, RECORDS);
        cr_assert_lt(nth, 1000, "an end of allocations");
    }
    cr_expect_eq(result.tally.digest, whole.tally.digest);
    cr_expect_gt(nth, 20, "each partition has a table of its own");
}
