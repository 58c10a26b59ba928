/* drd.c - the reader of DRD's XML, held against the recorded program. */
#include "bench/readers/drd.h"

#include "tests/harness/reading.h"

static const char *const files[] = {HARNESS_DATA "drd.race.xml", HARNESS_DATA "drd.clean.xml"};
enum { FILE_COUNT = sizeof files / sizeof *files };

static uint64_t holds(const char *path, const char *function)
{
    char error[TEXT_ERROR_SIZE];
    uint64_t count;
    cr_assert_eq(drd_count_holds(path, function, &count, error, sizeof error), 0, "%s", error);
    return count;
}

static int try_file(const char *path, char *error, size_t error_size)
{
    uint64_t count;
    return drd_count_holds(path, "hold_long", &count, error, error_size);
}

Test(drd, finds_locks_that_are_held_long_by_where_they_were_acquired)
{
    for (int file = 0; file < FILE_COUNT; file++) {
        cr_expect_eq(holds(files[file], "hold_long"), 2, "two of the four threads hold it long");
        cr_expect_eq(holds(files[file], "thread_main"), 2, "the caller of hold_long()");
        cr_expect_eq(holds(files[file], "race"), 0);
        cr_expect_eq(holds(files[file], "pthread_mutex_unlock"), 0, "where it was released");
    }
}

Test(drd, counts_what_came_up_again_and_passes_over_what_is_no_hold)
{
    static const char text[] =
        "<valgrindoutput><protocoltool>drd</protocoltool>"
        "<error><unique>0x1f</unique><kind>HoldtimeErr</kind><what>a</what>"
        "<acquired_at><stack><frame><fn>take.part.0</fn></frame></stack></acquired_at>"
        "<stack><frame><fn>give</fn></frame></stack></error>"
        "<error><unique>0x2</unique><kind>HoldtimeErr</kind>"
        "<acquired_at><stack><frame><fn>take</fn></frame></stack></acquired_at></error>"
        "<error><unique>0x3</unique><kind>ConflictingAccess</kind><what>b &lt;c&gt;</what>"
        "<stack><frame><fn>take</fn></frame></stack></error>"
        "<status><state>FINISHED</state></status>"
        "<errorcounts><pair><count>41</count><unique>0x1f</unique></pair>"
        "<pair><count>7</count><unique>0x3</unique></pair></errorcounts>"
        "<suppcounts><pair><count>9</count><name>x</name></pair></suppcounts>"
        "</valgrindoutput>";
    const char *path = reading_temporary();

    reading_write(path, text, sizeof text - 1);
    cr_expect_eq(holds(path, "take"), 41 + 1);
    cr_expect_eq(holds(path, "give"), 0);
    unlink(path);
}

Test(drd, refuses_a_run_that_did_not_finish_and_other_tools)
{
    static const char *const texts[] = {
        "<valgrindoutput><protocoltool>drd</protocoltool>"
        "<status><state>RUNNING</state></status></valgrindoutput>",
        "<valgrindoutput><protocoltool>memcheck</protocoltool>"
        "<status><state>FINISHED</state></status></valgrindoutput>",
        "<html><protocoltool>drd</protocoltool><status><state>FINISHED</state></status></html>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        reading_expect_refusal(texts[i], strlen(texts[i]), try_file);
}

Test(drd, refuses_broken_files)
{
    for (int file = 0; file < FILE_COUNT; file++) {
        /* Only white space at the end can be spared: two newlines. */
        cr_expect_leq(reading_try_cuts(files[file], try_file), 2, "%s", files[file]);
        reading_try_changes(files[file], try_file);
    }
    reading_try_garbage(try_file);
}
