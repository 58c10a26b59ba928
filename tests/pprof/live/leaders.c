/* Each problem leads the profile that is to show it, in go tool pprof. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/pprof/live/live.h"

static char output[CLIENTS_OUTPUT_SIZE];
static const char *const with_waits[] = {"--db-latency", "50us", "--request", "1000", NULL};
static const char *const large_requests[] = {"--request", "100000", NULL};

Test(leaders, key_build_leads_the_allocations)
{
    struct live live;

    live_start(&live, "nfff", large_requests);
    live_load(&live, 5000);
    live_go(&live, "-top -cum -focus=worker_process", "allocs?seconds=2", output);
    cr_assert_neq(clients_top_row(output, "key_build"), 0, "%s", output);
    live_go(&live, "-top -sample_index=alloc_space", "allocs", output);
    cr_assert_eq(clients_top_row(output, "appended"), 1, "%s", output);
    live_go(&live, "-list=key_build", "allocs", output);
    cr_assert_not_null(strstr(output, "text = appended(text, "), "%s", output);
    live_stop(&live);
}

Test(leaders, no_key_leads_once_it_is_fixed)
{
    struct live live;

    live_start(&live, "ffff", large_requests);
    live_load(&live, 5000);
    live_go(&live, "-top -sample_index=alloc_space", "allocs", output);
    cr_assert_eq(clients_top_row(output, "appended"), 0, "%s", output);
    cr_assert_eq(clients_top_row(output, "sort_tags"), 0, "%s", output);
    live_stop(&live);
}

Test(leaders, two_profiles_can_be_compared)
{
    struct live naive, fixed;

    live_start(&naive, "nfff", large_requests);
    live_start(&fixed, "ffff", large_requests);
    live_load(&naive, 5000);
    live_load(&fixed, 5000);
    cr_assert_eq(clients_run(output,
                             "curl -sSf -o n \"http://127.0.0.1:%d/debug/pprof/allocs\" && "
                             "curl -sSf -o f \"http://127.0.0.1:%d/debug/pprof/allocs\" && "
                             "go tool pprof -top -sample_index=alloc_space -diff_base=n f",
                             naive.admin_port, fixed.admin_port),
                 0, "%s", output);
    /* less of it than before: its row is negative, and the largest */
    cr_assert_eq(clients_top_row(output, "appended"), 1, "%s", output);
    cr_assert_not_null(strstr(output, "Showing nodes accounting for -"), "%s", output);
    live_stop(&naive);
    live_stop(&fixed);
}

/* How long others waited for the store's lock within 2 s, in ms, all of them together. */
static double waited_for_the_store_ms(struct live *live)
{
    static const char before[] = "Showing nodes accounting for ";

    live_go(live, "-top -unit=ms -focus=store_commit", "mutex?seconds=2", output);
    const char *sum = strstr(output, before);
    if (sum == NULL) {
        cr_assert_not_null(strstr(output, "matched no samples"), "%s", output);
        return 0;
    }
    return strtod(sum + strlen(before), NULL);
}

Test(leaders, the_naive_stores_lock_leads_mutex_and_block)
{
    struct live live;

    live_start(&live, "nnnn", with_waits);
    live_load(&live, 1000);
    live_go(&live, "-top", "mutex", output);
    cr_assert_eq(clients_top_row(output, "lock_release"), 1, "%s", output);
    cr_assert_gt(waited_for_the_store_ms(&live), 500, "%s", output);
    live_go(&live, "-top", "block", output);
    cr_assert_eq(clients_top_row(output, "lock_acquire"), 1, "%s", output);
    live_go(&live, "-list=store_commit", "mutex", output);
    cr_assert_not_null(strstr(output, "lock_release(&store->lock)"), "%s", output);
    live_stop(&live);
}

Test(leaders, no_lock_leads_once_it_is_fixed)
{
    struct live live;

    live_start(&live, "ffff", with_waits);
    live_load(&live, 1000);
    /* not 0: two may meet at one shard, and the one that has it may lose its core */
    cr_assert_lt(waited_for_the_store_ms(&live), 100, "%s", output);
    live_go(&live, "-top", "block", output);
    cr_assert_neq(clients_top_row(output, "lock_acquire"), 1, "%s", output);
    live_stop(&live);
}

Test(leaders, the_naive_crews_lead_threadcreate)
{
    struct live live;

    live_start(&live, "fffn", with_waits);
    live_load(&live, 1000);
    live_go(&live, "-top -cum", "threadcreate", output);
    cr_assert_neq(clients_top_row(output, "workers_submit"), 0, "%s", output);
    live_go(&live, "-top", "threadcreate", output);
    cr_assert_eq(clients_top_row(output, "thread_start"), 1, "%s", output);
    live_stop(&live);
}

/* The seams of the four problems, and nothing of what all variants do alike. */
#define SEAMS "-top -cum -show=\"^(key_build|sort_tags|store_begin|store_commit)$\""

/* Of 2 s of CPU time at least, as far as a minute gives it: a busy machine has little to give. */
static void take_cpu_profile(struct live *live)
{
    double value = 0;
    char unit[8] = "", path[32];

    for (int seconds = 4; seconds <= 64 && value < 2; seconds *= 2) {
        snprintf(path, sizeof path, "profile?seconds=%d", seconds);
        live_go(live, SEAMS, path, output);
        const char *total = strstr(output, "Total samples = ");
        cr_assert_not_null(total, "%s", output);
        cr_assert_eq(sscanf(total, "Total samples = %lf%7[a-z]", &value, unit), 2, "%s", output);
        value /= strcmp(unit, "ms") == 0 ? 1000 : 1; /* which it writes of several seconds, too */
    }
}

Test(leaders, sort_leads_the_cpu)
{
    struct live live;

    live_start(&live, "fnff", large_requests);
    live_load(&live, 5000);
    take_cpu_profile(&live);
    cr_assert_eq(clients_top_row(output, "sort_tags"), 1, "%s", output);
    live_stop(&live);
}

Test(leaders, key_and_sort_lead_the_cpu_of_all_four)
{
    /* a thread a request: with ten a CPU it is at its cap, and idle, before it is looked at */
    static const char *const one_worker[] = {"--request", "100000", "--workers", "1", NULL};
    struct live live;

    live_start(&live, "nnnn", one_worker);
    live_load(&live, 5000);
    take_cpu_profile(&live);
    cr_assert_eq(clients_top_row(output, "key_build"), 1, "%s", output);
    cr_assert_eq(clients_top_row(output, "sort_tags"), 2, "%s", output);
    live_stop(&live);
}

Test(leaders, the_naive_workers_wait_leads_the_threads)
{
    enum { CREW = 20 };
    /* bounded: to search what thousands lead to takes a busy machine too long */
    static const char *const crews[] = {"--db-latency",  "50us",      "--request",
                                        "1000",          "--workers", "20",
                                        "--max-threads", "300",       NULL};
    struct live live;

    live_start(&live, "fffn", crews);
    live_load(&live, 1000);
    /* so that more of them wait than work, those of two requests at a time */
    while (server_metric(&live.server, "workers.threads") < 8 * CREW)
        usleep(100000);
    live_go(&live, "-top -cum -show=\"^(wait_for_more|store_commit|record_parse|key_build)$\"",
            "threads", output);
    cr_assert_eq(clients_top_row(output, "wait_for_more"), 1, "%s", output);
    live_go(&live, "-tags", "goroutine", output); /* by Go's name for it, too */
    cr_assert_not_null(strstr(output, "state:"), "%.2000s", output);
    clients_run(output, "curl -sS \"http://127.0.0.1:%d/debug/pprof/threads?debug=2\"",
                live.admin_port);
    cr_assert_not_null(strstr(output, "started for"), "%.2000s", output);
    cr_assert_not_null(strstr(output, "which holds"), "%.2000s", output);
    cr_assert_not_null(strstr(output, "wait_for_more"), "%.2000s", output);
    const char *sentence = strstr(output, " wait for something that nobody can signal");
    cr_assert_not_null(sentence, "%.2000s", output);
    while (sentence > output && sentence[-1] != '\n')
        sentence--;
    cr_assert_gt(atoi(sentence), 0, "%.2000s", output);
    live_stop(&live);
}

Test(leaders, no_thread_waits_in_vain_once_it_is_fixed)
{
    struct live live;

    live_start(&live, "ffff", with_waits);
    live_load(&live, 1000);
    clients_run(output, "curl -sS \"http://127.0.0.1:%d/debug/pprof/threads?debug=2\"",
                live.admin_port);
    cr_assert_not_null(strstr(output, "take_request"), "%s", output);
    cr_assert_not_null(strstr(output, "\n0 wait for something that nobody"), "%.2000s", output);
    live_stop(&live);
}

Test(leaders, no_thread_has_moved_in_an_idle_service)
{
    struct live live;

    live_start(&live, "ffff", NULL);
    *output = '\0';
    /* one may be about to sleep, or wake up for a moment; that all of them do each time is no luck
     */
    for (int i = 0; i < 20 && strstr(output, "Total samples = 0") == NULL; i++)
        live_go(&live, "-traces -seconds=1", "threads", output);
    cr_assert_not_null(strstr(output, "Total samples = 0"), "%s", output);
    live_stop(&live);
}

Test(leaders, names_outlive_the_programs_file)
{
    struct live live;

    cr_assert_eq(clients_run(output, "cp %s/fastenough-nfff .", PROGRAM_FOLDER), 0, "%s", output);
    setenv("FASTENOUGH_BIN", clients_folder(), 1);
    live_start(&live, "nfff", large_requests);
    cr_assert_eq(clients_run(output, "rm fastenough-nfff"), 0, "%s", output);
    live_load(&live, 5000);
    live_go(&live, "-top -sample_index=alloc_space", "allocs", output);
    cr_assert_eq(clients_top_row(output, "appended"), 1, "%s", output);
    live_go(&live, "-list=key_build", "allocs", output);
    cr_assert_not_null(strstr(output, "naive/key.c"), "%s", output);
    live_stop(&live);
}
