/* memcheck.c - the reader of Memcheck's log, held against what the recorded programs lose. */
#include "bench/readers/memcheck.h"

#include "tests/harness/reading.h"

static const char lost[] = HARNESS_DATA "memcheck.lost.log";
static const char clean[] = HARNESS_DATA "memcheck.clean.log";

static struct memcheck load(const char *path)
{
    char error[TEXT_ERROR_SIZE];
    struct memcheck result;
    cr_assert_eq(memcheck_read(path, &result, error, sizeof error), 0, "%s", error);
    return result;
}

static int try_file(const char *path, char *error, size_t error_size)
{
    struct memcheck result;
    return memcheck_read(path, &result, error, error_size);
}

static void expect_lost(const struct memcheck *result, uint64_t bytes, uint64_t blocks)
{
    cr_expect_eq(result->lost_bytes, bytes);
    cr_expect_eq(result->lost_blocks, blocks);
}

Test(memcheck, reads_what_is_definitely_lost)
{
    struct memcheck result = load(lost);
    expect_lost(&result, 24 + 1000 + 8, 3);
}

Test(memcheck, reads_a_run_that_freed_everything)
{
    struct memcheck result = load(clean);
    expect_lost(&result, 0, 0);
}

Test(memcheck, takes_no_output_of_the_program_for_memchecks)
{
    static const char text[] = "hello\n"
                               "==7== Invalid read of size 4\n"
                               "==7== HEAP SUMMARY:\n"
                               "definitely lost: 5 bytes in 5 blocks\n"
                               "==7==     in use at exit: 0 bytes in 0 blocks\n"
                               "==7==   total heap usage: 1,000 allocs, 1,000 frees, 1 bytes "
                               "allocated\n"
                               "==7== All heap blocks were freed -- no leaks are possible\n"
                               "==7== ERROR SUMMARY: 1,234 errors from 5 contexts (suppressed: 0 "
                               "from 0)\n";
    const char *path = reading_temporary();
    reading_write(path, text, sizeof text - 1);
    struct memcheck result = load(path);
    expect_lost(&result, 0, 0);
    unlink(path);
}

Test(memcheck, refuses_two_processes_in_one_log)
{
    struct text text = reading_load(clean);
    static const char other[] = "==1== Memcheck, a memory error detector\n";
    char *both = malloc(text.length + sizeof other);
    memcpy(both, text.bytes, text.length);
    memcpy(both + text.length, other, sizeof other);
    reading_expect_refusal(both, text.length + sizeof other - 1, try_file);
    free(both);
    text_free(&text);
}

Test(memcheck, refuses_every_cut_log)
{
    cr_expect_eq(reading_try_cuts(lost, try_file), 0);
    cr_expect_eq(reading_try_cuts(clean, try_file), 0);
}

Test(memcheck, survives_changed_logs_and_refuses_garbage)
{
    reading_try_changes(lost, try_file);
    reading_try_changes(clean, try_file);
    reading_try_garbage(try_file);
}
