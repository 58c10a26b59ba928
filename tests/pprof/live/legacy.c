/* The older formats below /pprof/: google-pprof knows no others, and Go's client reads them, too.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/pprof/live/live.h"

static char output[CLIENTS_OUTPUT_SIZE];
static const char *const with_waits[] = {"--db-latency", "50us", "--request", "1000", NULL};
static const char *const large_requests[] = {"--request", "100000", NULL};

/* Both clients find the function. */
static void expect_text(const char *variant, const char *const *options, unsigned records,
                        const char *what, const char *type, const char *function)
{
    struct live live;
    bool has_google = clients_run(output, "command -v google-pprof") == 0;

    live_start(&live, variant, options);
    live_load(&live, records);
    cr_assert_eq(clients_run(output,
                             "go tool pprof -top -cum -sample_index=%s -seconds=2 "
                             "http://127.0.0.1:%d/pprof/%s",
                             type, live.admin_port, what),
                 0, "%s", output);
    cr_assert_neq(clients_top_row(output, function), 0, "%s", output);
    if (has_google) {
        cr_assert_eq(clients_run(output,
                                 "google-pprof --text --cum --alloc_space --seconds=2 "
                                 "%s/fastenough-%s http://127.0.0.1:%d/pprof/%s",
                                 PROGRAM_FOLDER, variant, live.admin_port, what),
                     0, "%s", output);
        cr_assert_not_null(strstr(output, function), "%s", output);
    }
    live_stop(&live);
    if (!has_google)
        cr_skip_test(
            "read by go tool pprof alone: google-pprof is not installed (google-perftools, "
            "which newer releases lack)");
}

Test(legacy, reads_the_heap)
{
    expect_text("nfff", large_requests, 5000, "heap", "alloc_space", "key_build");
}

Test(legacy, reads_contention)
{
    expect_text("nnnn", with_waits, 1000, "contention", "delay", "store_commit");
}

Test(legacy, reads_a_cpu_profile)
{
    expect_text("fnff", large_requests, 5000, "profile", "cpu", "worker_process");
}
