/* The older formats below /pprof/, read by the client that knows no others: google-pprof. */
#include <criterion/criterion.h>
#include <string.h>

#include "live.h"

static char output[CLIENTS_OUTPUT_SIZE];
static const char *const with_waits[] = {"--db-latency", "50us", "--request", "1000", NULL};
static const char *const large_requests[] = {"--request", "100000", NULL};

/* Its output has the function. */
static void expect_text(const char *variant, const char *const *options, unsigned records,
                        const char *what, const char *function)
{
    struct live live;

    if (clients_run(output, "command -v google-pprof") != 0)
        cr_skip_test("google-pprof is not installed (google-perftools, which newer releases lack)");
    live_start(&live, variant, options);
    live_load(&live, records);
    cr_assert_eq(clients_run(output,
                             "google-pprof --text --cum --alloc_space --seconds=2 "
                             "%s/fastenough-%s http://127.0.0.1:%d/pprof/%s",
                             PROGRAM_FOLDER, variant, live.admin_port, what),
                 0, "%s", output);
    cr_assert_not_null(strstr(output, function), "%s", output);
    live_stop(&live);
}

Test(google, reads_the_heap)
{
    expect_text("nfff", large_requests, 5000, "heap", "appended");
}

Test(google, reads_contention)
{
    expect_text("nnnn", with_waits, 1000, "contention", "store_commit");
}

Test(google, reads_a_cpu_profile)
{
    expect_text("fnff", large_requests, 5000, "profile", "worker_process");
}
