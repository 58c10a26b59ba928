/*
 * child.c - the runner of other programs: each way in which a child can end, or not even begin, and
 * that nothing of it is left. No test depends on how long something takes: a sleep of 1000 s is one
 * that has to be ended.
 */
#include "bench/process/child.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL(script) ((const char *[]){"sh", "-c", script, NULL})

static const struct child_stream capture = {.sink = CHILD_CAPTURE};

static struct child_result run(const struct child_job *job)
{
    struct child_result result;
    int status = child_run(job, &result);
    cr_expect_eq(status == 0, result.end == CHILD_EXITED && result.exit_status == 0);
    return result;
}

static void expect_description(const struct child_job *job, const struct child_result *result,
                               const char *expected)
{
    char text[256];
    child_describe(job, result, text, sizeof text);
    cr_expect_str_eq(text, expected);
}

static void expect_output(const struct child_job *job, const char *expected)
{
    struct child_result result = run(job);
    cr_expect_eq(result.end, CHILD_EXITED);
    cr_assert_not_null(result.output);
    cr_expect_str_eq(result.output, expected);
    cr_expect_eq(result.output_length, strlen(expected));
    child_result_free(&result);
}

static unsigned count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;
    cr_assert_not_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void expect_no_children(void)
{
    cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
    cr_expect_eq(errno, ECHILD);
}

Test(child, tells_exit_statuses)
{
    static const int statuses[] = {0, 1, 3, 127, 255};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        char script[16];
        snprintf(script, sizeof script, "exit %d", statuses[i]);
        struct child_job job = {.argv = SHELL(script)};
        struct child_result result = run(&job);
        cr_expect_eq(result.end, CHILD_EXITED);
        cr_expect_eq(result.exit_status, statuses[i]);
        cr_expect_not(result.is_interrupted);
        cr_expect_null(result.output);
        child_result_free(&result);
    }
    expect_no_children();
}

Test(child, tells_signals)
{
    static const int signals[] = {SIGKILL, SIGSEGV, SIGTERM, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        char script[16];
        snprintf(script, sizeof script, "kill -%d $$", signals[i]);
        struct child_job job = {.argv = SHELL(script)};
        struct child_result result = run(&job);
        cr_expect_eq(result.end, CHILD_SIGNALLED);
        cr_expect_eq(result.signal_number, signals[i]);
        child_result_free(&result);
    }
    expect_no_children();
}

Test(child, describes_ends)
{
    static const struct {
        const char *script, *expected;
    } cases[] = {
        {"exit 0", "callgrind on nnnn succeeded"},
        {"exit 3", "callgrind on nnnn ended with exit status 3"},
        {"kill -9 $$", "callgrind on nnnn was killed by signal 9 (Killed)"},
        {"echo '\n one  1\n\n two \n\n' >&2; exit 1",
         "callgrind on nnnn ended with exit status 1: one 1 / two"},
        {"printf 'a\\033[2Jb' >&2; exit 1", "callgrind on nnnn ended with exit status 1: a?[2Jb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct child_job job = {
            .label = "callgrind on nnnn", .argv = SHELL(cases[i].script), .errors = capture};
        struct child_result result = run(&job);
        expect_description(&job, &result, cases[i].expected);
        char text[10];
        child_describe(&job, &result, text, sizeof text);
        cr_expect_str_eq(text, "callgrind", "cut to its buffer");
        child_result_free(&result);
    }
}

/* What went wrong stands first, and how it ended last; both are there, however much there is. */
Test(child, quotes_the_beginning_and_the_end)
{
    struct child_job job = {
        .argv =
            SHELL("echo FATAL: no such thing >&2; for i in $(seq 500); do echo more $i >&2; done;"
                  "echo Exiting now. >&2; exit 1"),
        .errors = capture,
    };
    struct child_result result = run(&job);
    char text[2048];

    child_describe(&job, &result, text, sizeof text);
    cr_expect(strstr(text, "exit status 1: FATAL: no such thing / more 1 / ") != NULL, "%s", text);
    cr_expect(strstr(text, " ... ") != NULL, "%s", text);
    cr_expect(strstr(text, "more 500 / Exiting now.") != NULL, "%s", text);
    cr_expect_lt(strlen(text), 1200);
    for (size_t size = 1; size < sizeof text; size++) {
        char *small = malloc(size);
        child_describe(&job, &result, small, size);
        cr_expect_lt(strlen(small), size);
        free(small);
    }
    child_result_free(&result);
}

Test(child, tells_a_program_that_is_not_there)
{
    const struct child_job unknown = {.argv = (const char *[]){"no-such-program", NULL}};
    struct child_result result = run(&unknown);
    cr_expect_eq(result.end, CHILD_NOT_STARTED);
    cr_expect_eq(result.start_errno, ENOENT);
    expect_description(&unknown, &result, "no-such-program: not found in PATH");

    setenv("PATH", "/nonexistent", 1);
    const struct child_job known = {.label = "DRD on nnnn",
                                    .argv = (const char *[]){"valgrind", "x", NULL}};
    result = run(&known);
    cr_expect_eq(result.end, CHILD_NOT_STARTED);
    expect_description(&known, &result,
                       "valgrind: not found; install it with: apt-get install valgrind");
    expect_no_children();
}

Test(child, tells_why_a_program_cannot_be_started)
{
    const struct {
        struct child_job job;
        int error;
        const char *expected;
    } cases[] = {
        {{.argv = (const char *[]){"/nonexistent/x", NULL}},
         ENOENT,
         "/nonexistent/x could not be started: /nonexistent/x: No such file or directory"},
        {{.label = "it", .argv = (const char *[]){"/etc/passwd", NULL}},
         EACCES,
         "it could not be started: /etc/passwd: Permission denied"},
        {{.label = "it", .argv = SHELL("exit 0"), .directory = "/nonexistent"},
         ENOENT,
         "it could not be started: /nonexistent: No such file or directory"},
        {{.label = "it",
          .argv = SHELL("exit 0"),
          .errors = {.sink = CHILD_TO_FILE, .path = "/nonexistent/f"}},
         ENOENT,
         "it could not be started: /nonexistent/f: No such file or directory"},
    };
    unsigned descriptors = 0;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct child_job job = cases[i].job;
        job.output = capture;
        struct child_result result = run(&job);
        cr_expect_eq(result.end, CHILD_NOT_STARTED);
        cr_expect_eq(result.start_errno, cases[i].error);
        expect_description(&job, &result, cases[i].expected);
        child_result_free(&result);
        if (i == 0)
            descriptors = count_descriptors();
    }
    cr_expect_eq(count_descriptors(), descriptors);
    expect_no_children();
}

Test(child, captures_a_megabyte_of_both_streams)
{
    struct child_job job = {
        .argv = SHELL("head -c 1000000 /dev/zero | tr '\\0' o;"
                      "head -c 1000000 /dev/zero | tr '\\0' e >&2; echo end"),
        .output = capture,
        .errors = capture,
    };
    struct child_result result = run(&job);

    cr_expect_eq(result.end, CHILD_EXITED);
    cr_assert_eq(result.output_length, 1000004);
    cr_assert_eq(result.errors_length, 1000000);
    cr_expect_eq(strspn(result.output, "o"), 1000000);
    cr_expect_str_eq(result.output + 1000000, "end\n");
    cr_expect_eq(strspn(result.errors, "e"), 1000000);
    cr_expect_not(result.is_output_cut);
    cr_expect_not(result.is_errors_cut);
    child_result_free(&result);
}

Test(child, drops_what_exceeds_the_limit)
{
    struct child_job job = {
        .argv = SHELL("head -c 1000000 /dev/zero | tr '\\0' o; exit 7"),
        .output = {.sink = CHILD_CAPTURE, .limit_bytes = 1000},
        .errors = capture,
    };
    struct child_result result = run(&job);

    cr_expect_eq(result.exit_status, 7, "it was not stopped by a pipe that nobody reads");
    cr_expect_eq(result.output_length, 1000);
    cr_expect_eq(strlen(result.output), 1000);
    cr_expect(result.is_output_cut);
    cr_expect_eq(result.errors_length, 0);
    cr_assert_not_null(result.errors);
    cr_expect_str_eq(result.errors, "");
    cr_expect_not(result.is_errors_cut);
    child_result_free(&result);
}

Test(child, writes_to_files)
{
    char path[] = "/tmp/fastenough-XXXXXX", text[16] = "";
    int fd = mkstemp(path);
    struct child_job job = {.argv = SHELL("echo new"),
                            .output = {.sink = CHILD_TO_FILE, .path = path}};

    cr_assert_eq(write(fd, "what was there before", 21), 21);
    struct child_result result = run(&job);
    cr_expect_eq(pread(fd, text, sizeof text - 1, 0), 4);
    cr_expect_str_eq(text, "new\n");
    child_result_free(&result);
    close(fd);
    unlink(path);
}

Test(child, gives_the_environment_that_it_is_told)
{
    setenv("FASTENOUGH_SECRET", "x", 1);
    setenv("PATH", "/usr/bin:/bin", 1);
    expect_output(&(struct child_job){.argv = (const char *[]){"env", NULL}, .output = capture},
                  "PATH=/usr/bin:/bin\n");
    expect_output(&(struct child_job){.argv = (const char *[]){"env", NULL},
                                      .environment = (const char *[]){"A=b", "C=", NULL},
                                      .output = capture},
                  "A=b\nC=\n");
    expect_output(&(struct child_job){.argv = (const char *[]){"env", NULL},
                                      .environment = (const char *[]){NULL},
                                      .output = capture},
                  "");
}

Test(child, runs_in_the_directory_that_it_is_told)
{
    expect_output(&(struct child_job){.argv = (const char *[]){"/bin/pwd", NULL},
                                      .directory = "/usr",
                                      .output = capture},
                  "/usr\n");
    expect_output(&(struct child_job){.argv = (const char *[]){"bin/pwd", NULL},
                                      .directory = "/usr",
                                      .output = capture},
                  "/usr\n");
}

Test(child, inherits_nothing_else)
{
    sigset_t blocked;
    struct rlimit core;
    cr_assert_eq(getrlimit(RLIMIT_CORE, &core), 0);
    core.rlim_cur = core.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_CORE, &core), 0);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(dup2(STDOUT_FILENO, 9), 9);
    /* Signals 1 to 28: those from 32 on are the C library's, and some shells leave them ignored. */
    expect_output(
        &(struct child_job){.argv = SHELL("ls /proc/$$/fd; cat; ulimit -c; "
                                          "sed -nE '/Sig(Blk|Ign)/s/[0-9a-f]{9}([0-9a-f]{7})$/"
                                          "\\1/p' /proc/self/status"),
                            .output = capture},
        "0\n1\n2\n0\nSigBlk:\t0000000\nSigIgn:\t0000000\n");
}

/* Valgrind does not start with the 2^30 that some containers have. */
Test(child, may_not_open_as_many_files_as_some_containers_say)
{
    struct rlimit files;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    if (files.rlim_max <= 4096)
        cr_skip_test("no more than 4096 files may be open here");
    files.rlim_cur = files.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
    expect_output(&(struct child_job){.argv = SHELL("ulimit -n"), .output = capture}, "4096\n");
    files.rlim_cur = 100;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
    expect_output(&(struct child_job){.argv = SHELL("ulimit -n"), .output = capture}, "100\n");
}

Test(child, works_without_standard_descriptors_of_its_own)
{
    struct child_job job = {
        .argv = SHELL("echo out; echo err >&2; cat"), .output = capture, .errors = capture};
    struct child_result result = run(&job); /* after which no more descriptors are kept */
    int kept = dup(STDERR_FILENO);

    child_result_free(&result);

    /* Now each descriptor that is opened gets the number of one that the child needs. */
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    int status = child_run(&job, &result);
    dup2(kept, STDIN_FILENO);
    dup2(kept, STDOUT_FILENO);
    dup2(kept, STDERR_FILENO);
    cr_expect_eq(status, 0);
    cr_expect_str_eq(result.output, "out\n");
    cr_expect_str_eq(result.errors, "err\n");
    child_result_free(&result);
}

Test(child, leads_a_process_group_of_its_own)
{
    expect_output(&(struct child_job){.argv = SHELL("read pid name state parent group rest "
                                                    "</proc/$$/stat; test $group = $$ && echo yes"),
                                      .output = capture},
                  "yes\n");
}

Test(child, switches_address_randomisation_off)
{
    struct child_job job = {.argv = (const char *[]){"cat", "/proc/self/personality", NULL},
                            .output = capture};
    struct child_result with = run(&job);
    job.is_without_aslr = true;
    struct child_result without = run(&job);

    unsigned long before = strtoul(with.output, NULL, 16);
    unsigned long after = strtoul(without.output, NULL, 16);
    if (without.is_aslr_refused)
        cr_expect_eq(after, before); /* some containers forbid it; the result says so */
    else
        cr_expect_eq(after, before | 0x0040000);
    cr_expect_not(with.is_aslr_refused);
    child_result_free(&with);
    child_result_free(&without);
}

Test(child, measures_what_the_kernel_counts)
{
    /* The shell holds 30 MB in a variable, and waits for others. */
    struct child_job job = {.argv = SHELL("x=$(head -c 30000000 /dev/zero | tr '\\0' x); sleep 0")};
    struct child_result result = run(&job);

    cr_expect_gt(result.max_rss_kb, 30000000 / 1024);
    cr_expect_gt(result.rss_floor_kb, 0);
    cr_expect_gt(result.user_ns + result.sys_ns, 0);
    cr_expect_geq(result.wall_ns, 1);
    cr_expect_gt(result.voluntary_switches, 0);
    child_result_free(&result);
}

Test(child, ends_what_exceeds_its_time)
{
    struct child_job job = {.label = "it",
                            .argv = SHELL("echo begun; sleep 1000"),
                            .output = capture,
                            .timeout_ms = 300};
    struct child_result result = run(&job);
    cr_expect_eq(result.end, CHILD_TIMED_OUT);
    cr_expect_not(result.is_interrupted);
    expect_description(&job, &result, "it was ended, as it took longer than its limit of 0.3 s");
    child_result_free(&result);

    job.argv = SHELL("trap '' TERM; while :; do sleep 1000; done");
    job.grace_ms = 50;
    result = run(&job);
    cr_expect_eq(result.end, CHILD_TIMED_OUT, "it did not want to hear");
    child_result_free(&result);

    expect_no_children();
}

Test(child, leaves_a_child_alone_that_keeps_to_its_time)
{
    struct child_job job = {.argv = SHELL("exit 4"), .timeout_ms = 1000000};
    struct child_result result = run(&job);
    cr_expect_eq(result.end, CHILD_EXITED);
    cr_expect_eq(result.exit_status, 4);
    child_result_free(&result);
}

Test(child, ends_grandchildren_too)
{
    struct child_job job = {.argv = SHELL("sleep 1000 & echo $!"), .output = capture};
    int status;

    /* So that orphans become ours, and can be looked at. */
    cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    struct child_result result = run(&job);
    pid_t grandchild = (pid_t)strtol(result.output, NULL, 10);
    cr_assert_gt(grandchild, 0);
    cr_assert_eq(waitpid(grandchild, &status, 0), grandchild);
    cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    child_result_free(&result);
    expect_no_children();
}

Test(child, does_not_wait_for_a_grandchild_that_left_its_group)
{
    struct child_job job = {.argv = SHELL("setsid sleep 1000 & echo $!"), .output = capture};
    int status;

    cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    struct child_result result = run(&job); /* although the pipe stays open */
    cr_expect_eq(result.end, CHILD_EXITED);
    pid_t grandchild = (pid_t)strtol(result.output, NULL, 10);
    cr_assert_gt(grandchild, 0);
    kill(grandchild, SIGKILL);
    cr_expect_eq(waitpid(grandchild, &status, 0), grandchild);
    child_result_free(&result);
}

static void handle_signal(int number)
{
    (void)number;
    child_interrupt();
}

/* What job `index` of a call of child_run_all() ended as, and how often that was reported. */
struct log {
    unsigned counts[200];
    const struct child_result *results;
};

static void note(void *context, size_t index, const struct child_result *result)
{
    struct log *log = context;
    log->counts[index]++;
    cr_expect_eq(result, &log->results[index]);
}

Test(child, is_interrupted_by_a_signal_handler)
{
    enum { COUNT = 8, PARALLEL = 3 };
    struct child_result results[COUNT];
    struct child_job jobs[COUNT];
    struct log log = {.results = results};

    signal(SIGUSR1, handle_signal);
    const char *const *sleeping = SHELL("sleep 1000");
    for (int i = 0; i < COUNT; i++)
        jobs[i] = (struct child_job){.label = "it", .argv = sleeping};
    jobs[2].argv = SHELL("kill -USR1 $PPID; sleep 1000");
    cr_expect_eq(child_run_all(jobs, COUNT, PARALLEL, note, &log, results), -1);
    cr_expect(child_is_interrupted());
    for (int i = 0; i < COUNT; i++) {
        cr_expect_eq(results[i].end, i < PARALLEL ? CHILD_INTERRUPTED : CHILD_NOT_RUN, "%d", i);
        cr_expect(results[i].is_interrupted);
        cr_expect_eq(log.counts[i], 1);
        child_result_free(&results[i]);
    }
    expect_description(&jobs[0], &results[0], "it was ended by the interruption");
    expect_description(&jobs[7], &results[7], "it was not run, because of the interruption");
    expect_no_children();
}

Test(child, stays_interrupted_until_cleared)
{
    struct child_job job = {.argv = SHELL("exit 0")};
    struct child_result result;

    child_interrupt(); /* before the first run ever */
    for (int i = 0; i < 2; i++) {
        result = run(&job);
        cr_expect_eq(result.end, CHILD_NOT_RUN);
    }
    child_interrupt_clear();
    cr_expect_not(child_is_interrupted());
    result = run(&job);
    cr_expect_eq(result.end, CHILD_EXITED);
    child_interrupt();
    child_interrupt();
    result = run(&job);
    cr_expect_eq(result.end, CHILD_NOT_RUN);
    child_interrupt_clear();
    result = run(&job);
    cr_expect_eq(result.end, CHILD_EXITED);
}

Test(child, insists_where_an_interrupted_child_does_not_listen)
{
    struct child_job job = {
        .argv = SHELL("trap '' TERM; kill -USR1 $PPID; while :; do sleep 1000; done"),
        .grace_ms = 50};
    signal(SIGUSR1, handle_signal);
    struct child_result result = run(&job);
    cr_expect_eq(result.end, CHILD_INTERRUPTED);
    expect_no_children();
}

Test(child, wakes_up_a_stopped_child_to_hear)
{
    struct child_job job = {
        /* Its helper waits until it is stopped, and then has us interrupted. */
        .argv = SHELL("trap 'echo heard; exit' TERM; "
                      "(until grep -q 'State:.T' /proc/$$/status; do :; done; kill -USR1 $PPID) & "
                      "kill -STOP $$; :"),
        .output = capture,
        .grace_ms = 1000000};
    signal(SIGUSR1, handle_signal);
    struct child_result result = run(&job);
    cr_expect_eq(result.end, CHILD_INTERRUPTED);
    cr_expect_str_eq(result.output, "heard\n");
    child_result_free(&result);
}

Test(child, runs_jobs_at_the_same_time)
{
    char folder[] = "/tmp/fastenough-XXXXXX", fifo[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    /* Neither ends without the other. */
    struct child_job jobs[] = {
        {.argv = SHELL("echo hello >fifo"), .directory = folder, .timeout_ms = 60000},
        {.argv = SHELL("cat fifo"), .directory = folder, .timeout_ms = 60000, .output = capture},
    };
    struct child_result results[2];

    cr_expect_eq(child_run_all(jobs, 2, 2, NULL, NULL, results), 0);
    cr_expect_str_eq(results[1].output, "hello\n");
    child_result_free(&results[1]);
    unlink(fifo);
    rmdir(folder);
}

Test(child, runs_no_more_at_a_time_than_told)
{
    enum { COUNT = 12, PARALLEL = 3 };
    char folder[] = "/tmp/fastenough-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    struct child_job jobs[COUNT];
    struct child_result results[COUNT];

    /* Each fails if it sees more than PARALLEL files of those that are running. */
    const char *const *counting = SHELL("touch $$; test $(ls | wc -l) -le 3; s=$?; rm $$; exit $s");
    for (int i = 0; i < COUNT; i++)
        jobs[i] = (struct child_job){.argv = counting, .directory = folder};
    cr_expect_eq(child_run_all(jobs, COUNT, PARALLEL, NULL, NULL, results), 0);
    cr_expect_eq(rmdir(folder), 0);
}

Test(child, leaves_no_zombie_and_no_descriptor)
{
    enum { COUNT = 200 };
    static struct child_job jobs[COUNT];
    static struct child_result results[COUNT];
    struct log log = {.results = results};
    struct child_result first = run(&(struct child_job){.argv = SHELL("exit 0")});
    unsigned before = count_descriptors();

    const char *const *well = SHELL("echo $0"), *const *killed = SHELL("kill -9 $$");
    const char *const *missing = (const char *[]){"no-such-program", NULL};
    child_result_free(&first);
    for (int i = 0; i < COUNT; i++) {
        jobs[i] = (struct child_job){.argv = well, .output = capture};
        if (i % 5 == 0)
            jobs[i].errors = capture;
        if (i % 7 == 0)
            jobs[i].argv = missing;
        if (i % 11 == 0)
            jobs[i].argv = killed;
    }
    cr_expect_eq(child_run_all(jobs, COUNT, 8, note, &log, results), -1);
    for (int i = 0; i < COUNT; i++) {
        enum child_end expected = i % 11 == 0  ? CHILD_SIGNALLED
                                  : i % 7 == 0 ? CHILD_NOT_STARTED
                                               : CHILD_EXITED;
        cr_expect_eq(results[i].end, expected, "%d", i);
        cr_expect_eq(log.counts[i], 1);
        child_result_free(&results[i]);
    }
    cr_expect_eq(count_descriptors(), before);
    expect_no_children();
}

Test(child, fails_well_without_free_descriptors)
{
    struct child_job job = {.label = "it", .argv = SHELL("exit 0"), .output = capture};
    int last = -1;

    for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
        last = fd;
    cr_assert_eq(errno, EMFILE);
    /* With one more free each time: every step that needs one fails once. */
    bool has_succeeded = false;
    for (int i = 0; i < 20 && !has_succeeded; i++) {
        struct child_result result;
        has_succeeded = child_run(&job, &result) == 0;
        if (!has_succeeded) {
            cr_expect_eq(result.end, CHILD_NOT_STARTED);
            cr_expect_eq(result.start_errno, EMFILE);
        }
        child_result_free(&result);
        expect_no_children();
        close(last - i);
    }
    cr_expect(has_succeeded);
}

static void *run_some(void *argument)
{
    long number = (long)argument;
    char script[32], expected[16];
    snprintf(script, sizeof script, "echo %ld", number);
    snprintf(expected, sizeof expected, "%ld\n", number);
    for (int i = 0; i < 20; i++)
        expect_output(&(struct child_job){.argv = SHELL(script), .output = capture}, expected);
    return NULL;
}

Test(child, can_be_used_by_several_threads)
{
    pthread_t threads[4];
    for (long i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, run_some, (void *)i), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    expect_no_children();
}
