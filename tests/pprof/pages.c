/* What is answered under which name, and what is not. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/pprof/catalog.h"
#include "common/pprof/heap.h"
#include "common/pprof/pprof.h"
#include "tests/pprof/ask.h"

static struct answer answer;
static struct pprof *pprof;

static void start(void)
{
    char error[PPROF_ERROR_SIZE];

    pprof = pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0"}, error);
    cr_assert_not_null(pprof, "%s", error);
}

static void stop(void)
{
    pprof_stop(pprof);
}

TestSuite(pages, .init = start, .fini = stop);

Test(pages, lists_every_profile_with_what_it_is)
{
    ask_get(pprof, "/debug/pprof/", &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(ask_header(&answer, "Content-Type"), "text/html; charset=utf-8");
    for (const struct catalog_entry *entry = catalog; entry->name != NULL; entry++) {
        cr_assert_not_null(strstr(answer.body, entry->meaning), "%s", entry->name);
        char link[64];
        snprintf(link, sizeof link, ">%s</a>", entry->name);
        cr_assert_not_null(strstr(answer.body, link), "%s", link);
    }
    cr_assert_not_null(strstr(answer.body, "go tool pprof http://127.0.0.1:"));
}

Test(pages, leads_there_from_the_root_and_says_so_elsewhere)
{
    ask_get(pprof, "/", &answer);
    cr_assert_eq(answer.status, 302);
    cr_assert_str_eq(ask_header(&answer, "Location"), "/debug/pprof/");
    static const char *const nowhere[] = {"/debug/pprof/nothing", "/metrics", "/debug/pprof/heap/",
                                          "/pprof/growth", "/debug/pprof/../pprof/x"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        ask_get(pprof, nowhere[i], &answer);
        cr_assert_eq(answer.status, 404, "%s", nowhere[i]);
        cr_assert_not_null(strstr(answer.body, "pprof/"), "%s", answer.body);
        cr_assert_str_eq(ask_header(&answer, "X-Go-Pprof"), "1");
    }
}

Test(pages, says_why_there_is_no_trace)
{
    ask_get(pprof, "/debug/pprof/trace?seconds=1", &answer);
    cr_assert_eq(answer.status, 501);
    cr_assert_not_null(strstr(answer.body, "scheduler"));
    cr_assert_str_eq(ask_header(&answer, "X-Go-Pprof"), "1");
}

Test(pages, takes_numbers_within_their_ranges_alone)
{
    static const char *const wrong[] = {
        "profile?seconds=0",     "profile?seconds=301",   "profile?seconds=-1",
        "profile?seconds=",      "profile?seconds=1e2",   "profile?seconds=1.5",
        "heap?seconds=0",        "heap?seconds=99999999", "heap?debug=3",
        "heap?debug=x",          "heap?gc=yes",           "profile?seconds=+1",
        "heap?seconds=1&debug=1"};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "/debug/pprof/%s", wrong[i]);
        ask_get(pprof, path, &answer);
        cr_assert_eq(answer.status, 400, "%s: %d", path, answer.status);
        cr_assert_str_eq(ask_header(&answer, "X-Go-Pprof"), "1");
    }
}

Test(pages, names_addresses_for_google_pprof)
{
    char request[128], wanted[128];

    ask_get(pprof, "/pprof/symbol", &answer);
    cr_assert_str_eq(answer.body, "num_symbols: 1\n");
    uintptr_t address = (uintptr_t)pages_names_addresses_for_google_pprof_impl;
    snprintf(request, sizeof request, "0x%lx+0x10", (unsigned long)address);
    snprintf(wanted, sizeof wanted,
             "0x%lx\tpages_names_addresses_for_google_pprof_impl\n0x10\t0x10\n",
             (unsigned long)address);
    ask(pprof, "POST", "/pprof/symbol", "Host: 127.0.0.1\r\n", request, &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(answer.body, wanted);
    ask(pprof, "POST", "/debug/pprof/symbol", "Host: 127.0.0.1\r\n", "rubbish &%++0x", &answer);
    cr_assert_eq(answer.status, 200);
}

/* Whether the log gets to have such a line. */
static bool is_in_log(char *const *text, const char *wanted, FILE *log)
{
    for (int i = 0; i < 600; i++) {
        fflush(log);
        if (*text != NULL && strstr(*text, wanted) != NULL)
            return true;
        usleep(100000);
    }
    return false;
}

Test(hanging_up, ends_the_profile)
{
    char *text = NULL, error[PPROF_ERROR_SIZE];
    size_t size;
    FILE *log = open_memstream(&text, &size);
    struct pprof *watched =
        pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0", .log = log}, error);
    static const char request[] =
        "GET /debug/pprof/heap?seconds=299 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    cr_assert_not_null(watched, "%s", error);
    ask_get(watched, "/debug/pprof/heap", &answer);
    if (answer.status == 501)
        cr_skip("no heap profile in this build");
    int fd = ask_connect(watched);
    cr_assert_eq(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
    close(fd);
    cr_assert(is_in_log(&text, "heap?seconds=299: 499", log), "%s", text);
    pprof_stop(watched);
    fclose(log);
    free(text);
}

/* Whether a listener that is stopped so long after it was asked logs that it gave up the profile.
 */
static bool is_given_up(unsigned microseconds)
{
    static const char request[] =
        "GET /debug/pprof/heap?seconds=299 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    char *text = NULL, error[PPROF_ERROR_SIZE];
    size_t size;
    FILE *log = open_memstream(&text, &size);
    struct pprof *stopped =
        pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0", .log = log}, error);

    cr_assert_not_null(stopped, "%s", error);
    int fd = ask_connect(stopped);
    cr_assert_eq(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
    usleep(microseconds);
    pprof_stop(stopped); /* or the test would take five minutes */
    close(fd);
    fclose(log);
    bool is_logged = strstr(text, "heap?seconds=299: 499") != NULL;
    free(text);
    return is_logged;
}

Test(hanging_up, stopping_the_listener_ends_its_profiles)
{
    unsigned microseconds = 10000;

    if (!heap_is_available())
        cr_skip("no heap profile in this build");
    /* what was not begun when it was stopped shows nothing */
    while (!is_given_up(microseconds))
        microseconds *= 2;
}

/* Asks for a profile that takes five minutes. */
static int ask_long_profile(struct pprof *of)
{
    static const char request[] =
        "GET /debug/pprof/profile?seconds=300 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    int fd = ask_connect(of);

    cr_assert_eq(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
    return fd;
}

/* It is under way once another is refused, the answer to which is left in `answer`. */
static int begin_long_profile(struct pprof *of)
{
    int fd = ask_long_profile(of);

    /* where the short one came first, the long one was refused, and is to be asked for again */
    for (ask_get(of, "/debug/pprof/profile?seconds=1", &answer); answer.status != 503;
         ask_get(of, "/debug/pprof/profile?seconds=1", &answer)) {
        close(fd);
        fd = ask_long_profile(of);
    }
    return fd;
}

Test(hanging_up, lets_others_profile_the_cpu_again)
{
    char error[PPROF_ERROR_SIZE];
    struct pprof *busy = pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0"}, error);

    cr_assert_not_null(busy, "%s", error);
    int fd = begin_long_profile(busy);
    cr_assert_gt(atoi(ask_header(&answer, "Retry-After")), 0);
    cr_assert_str_eq(ask_header(&answer, "X-Go-Pprof"), "1");
    ask_get(busy, "/debug/pprof/heap", &answer); /* that one is free */
    cr_assert_neq(answer.status, 503);

    close(fd);
    for (int i = 0; i < 600 && answer.status != 200; i++) {
        usleep(100000);
        ask_get(busy, "/debug/pprof/profile?seconds=1", &answer);
    }
    cr_assert_eq(answer.status, 200);
    fd = begin_long_profile(busy);
    pprof_stop(busy); /* ends it, too */
    close(fd);
}
