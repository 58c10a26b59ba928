/* Who may ask for profiles, where, and how much. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/pprof/guard.h"
#include "common/pprof/pprof.h"
#include "tests/pprof/ask.h"
#include "tests/pprof/clients.h"

static struct answer answer;
static char error[PPROF_ERROR_SIZE];

static struct pprof *start(const struct pprof_options *options)
{
    struct pprof *pprof = pprof_start(options, error);

    cr_assert_not_null(pprof, "%s", error);
    return pprof;
}

static struct pprof *start_plain(void)
{
    return start(&(struct pprof_options){.listen = "127.0.0.1:0"});
}

static int status_of(struct pprof *pprof, const char *headers)
{
    ask(pprof, "GET", "/debug/pprof/cmdline", headers, NULL, &answer);
    return answer.status;
}

Test(guard, takes_loopback_addresses_alone_unless_told_otherwise)
{
    static const char *const refused[] = {"0.0.0.0:0", "[::]:0", "198.51.100.7:0"};

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct pprof_options options = {.listen = refused[i]};
        cr_assert_null(pprof_start(&options, error));
        cr_assert_not_null(strstr(error, "loopback"), "%s", error);
        cr_assert_not_null(strstr(error, refused[i]), "%s", error);
    }
    struct pprof *pprof =
        start(&(struct pprof_options){.listen = "0.0.0.0:0", .is_any_address_allowed = true});
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\n"), 200);
    pprof_stop(pprof);
}

Test(guard, says_what_is_wrong_with_an_address)
{
    static const char *const wrong[] = {
        "",      "6060",         "127.0.0.1", "127.0.0.1:x",
        ":6060", "::1:6060",     "[::1:6060", "127.0.0.1:65536",
        "unix:", "127.0.0.1:-1", "[]:1",      "unix:/nonexistent/folder/socket"};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct pprof_options options = {.listen = wrong[i]};
        error[0] = '\0';
        cr_assert_null(pprof_start(&options, error), "%s", wrong[i]);
        cr_assert_gt(strlen(error), 20);
    }
    struct pprof *pprof = start_plain();
    char taken[64];
    snprintf(taken, sizeof taken, "127.0.0.1:%d", ask_port(pprof));
    cr_assert_null(pprof_start(&(struct pprof_options){.listen = taken}, error));
    cr_assert_not_null(strstr(error, strerror(EADDRINUSE)), "%s", error);
    pprof_stop(pprof);
}

Test(guard, refuses_foreign_hosts)
{
    struct pprof *pprof = start_plain();

    cr_assert_eq(status_of(pprof, "Host: evil.example\r\n"), 403);
    cr_assert_str_eq(ask_header(&answer, "X-Go-Pprof"), "1");
    cr_assert_eq(status_of(pprof, "Host: evil.example:6060\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1.evil.example\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: localhost.evil.example\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: \r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\n"), 200);
    cr_assert_eq(status_of(pprof, "Host: LocalHost:6060\r\n"), 200);
    cr_assert_eq(status_of(pprof, "Host: [::1]:6060\r\n"), 200);
    pprof_stop(pprof);
}

Test(guard, refuses_what_a_browser_sends_for_another_site)
{
    struct pprof *pprof = start_plain();

    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\nOrigin: https://evil.example\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\nOrigin: null\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n"), 403);
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\nSec-Fetch-Site: none\r\n"), 200);
    cr_assert_str_eq(ask_header(&answer, "X-Content-Type-Options"), "nosniff");
    cr_assert_str_eq(ask_header(&answer, "Access-Control-Allow-Origin"), "");
    pprof_stop(pprof);
}

Test(guard, asks_for_the_token)
{
    struct pprof *pprof =
        start(&(struct pprof_options){.listen = "127.0.0.1:0", .token = "open sesame"});

    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\n"), 401);
    cr_assert_str_eq(ask_header(&answer, "WWW-Authenticate"), "Basic realm=\"pprof\"");
    /* pprof:open sesam, pprof:open sesame!, open sesame: (a user), pprof:, rubbish */
    static const char *const wrong[] = {"cHByb2Y6b3BlbiBzZXNhbQ==", "cHByb2Y6b3BlbiBzZXNhbWUh",
                                        "b3BlbiBzZXNhbWU6", "cHByb2Y6", "%%%"};
    char header[128];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(header, sizeof header, "Host: 127.0.0.1\r\nAuthorization: Basic %s\r\n", wrong[i]);
        cr_assert_eq(status_of(pprof, header), 401, "%s", wrong[i]);
    }
    cr_assert_eq(status_of(pprof, "Host: 127.0.0.1\r\n"
                                  "Authorization: Basic cHByb2Y6b3BlbiBzZXNhbWU=\r\n"),
                 200);
    pprof_stop(pprof);
    cr_assert_null(
        pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0", .token = "short"}, error));
    cr_assert_not_null(strstr(error, "8 characters"), "%s", error);
}

Test(guard, compares_the_whole_token)
{
    cr_assert(guard_is_token("abcdefgh", "abcdefgh"));
    cr_assert_not(guard_is_token("abcdefgx", "abcdefgh"));
    cr_assert_not(guard_is_token("xbcdefgh", "abcdefgh"));
    cr_assert_not(guard_is_token("abcdefg", "abcdefgh"));
    cr_assert_not(guard_is_token("abcdefghi", "abcdefgh"));
    cr_assert_not(guard_is_token("", "abcdefgh"));
}

Test(guard, serves_on_a_unix_socket_of_its_owner)
{
    char listen[128];
    struct stat info;
    static char output[CLIENTS_OUTPUT_SIZE];

    snprintf(listen, sizeof listen, "unix:%s/admin", clients_folder());
    const char *path = listen + 5;
    struct pprof *pprof = start(&(struct pprof_options){.listen = listen});
    cr_assert_str_eq(pprof_url(pprof), listen);
    cr_assert_eq(stat(path, &info), 0);
    cr_assert_eq(info.st_mode & 0777, 0600);
    cr_assert_null(pprof_start(&(struct pprof_options){.listen = listen}, error), "it is in use");
    cr_assert_eq(
        clients_run(output, "curl -sS --unix-socket %s http://localhost/debug/pprof/", path), 0,
        "%s", output);
    cr_assert_not_null(strstr(output, "curl --unix-socket"), "%s", output);
    pprof_stop(pprof);
    cr_assert_neq(access(path, F_OK), 0);

    /* what a killed program leaves does not stand in the way; what is no socket does */
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    strcpy(name.sun_path, path);
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(dead, (void *)&name, sizeof name), 0);
    close(dead);
    pprof_stop(start(&(struct pprof_options){.listen = listen}));
    clients_save("admin", "precious", 8);
    cr_assert_null(pprof_start(&(struct pprof_options){.listen = listen}, error));
    cr_assert_eq(access(path, F_OK), 0);
}

Test(guard, shows_arguments_to_those_it_knows)
{
    char listen[128];
    struct pprof *pprof = start_plain();

    /* Criterion was given arguments, or else there is nothing to hide */
    ask_get(pprof, "/debug/pprof/cmdline", &answer);
    cr_assert_eq(strlen(answer.body), answer.length, "the program's name alone");
    pprof_stop(pprof);
    snprintf(listen, sizeof listen, "unix:%s/admin", clients_folder());
    pprof = start(&(struct pprof_options){.listen = listen});
    ask(pprof, "GET", "/debug/pprof/cmdline", "Host: localhost\r\n", NULL, &answer);
    FILE *file = fopen("/proc/self/cmdline", "r");
    char text[4096];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    cr_assert_eq(answer.length, length - 1); /* the last NUL is a separator too many */
    cr_assert_eq(memcmp(answer.body, text, length - 1), 0);
    pprof_stop(pprof);
}

Test(guard, takes_no_other_methods_and_no_endless_requests)
{
    static char long_path[40000];
    struct pprof *pprof = start_plain();

    ask(pprof, "POST", "/debug/pprof/heap", "Host: 127.0.0.1\r\n", "x", &answer);
    cr_assert_eq(answer.status, 405);
    ask(pprof, "DELETE", "/debug/pprof/", "Host: 127.0.0.1\r\n", NULL, &answer);
    cr_assert_eq(answer.status, 405);
    cr_assert_str_eq(ask_header(&answer, "Allow"), "GET, HEAD");
    ask(pprof, "HEAD", "/debug/pprof/", "Host: 127.0.0.1\r\n", NULL, &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(answer.length, 0);
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[0] = '/';
    ask(pprof, "GET", long_path, "Host: 127.0.0.1\r\n", NULL, &answer);
    cr_assert(answer.status == 0 || answer.status >= 400);
    ask_get(pprof, "/debug/pprof/", &answer);
    cr_assert_eq(answer.status, 200);
    pprof_stop(pprof);
}

Test(guard, holds_a_handful_of_connections)
{
    struct pprof *pprof = start_plain();
    int sockets[20], closed_count = 0;

    for (int i = 0; i < 20; i++)
        sockets[i] = ask_connect(pprof);
    /* those that are too many are closed; whoever is let in waits for us to speak */
    for (int i = 19; i >= 8; i--) {
        char byte;
        closed_count += recv(sockets[i], &byte, 1, 0) <= 0;
    }
    cr_assert_eq(closed_count, 12);
    for (int i = 0; i < 20; i++)
        close(sockets[i]);
    pprof_stop(pprof);
}

Test(guard, logs_each_request_on_a_line_of_its_own)
{
    char *text;
    size_t size;
    FILE *log = open_memstream(&text, &size);
    struct pprof *pprof =
        start(&(struct pprof_options){.listen = "127.0.0.1:0", .token = "open sesame", .log = log});

    status_of(pprof, "Host: 127.0.0.1\r\nAuthorization: Basic cHByb2Y6b3BlbiBzZXNhbWU=\r\n");
    status_of(pprof, "Host: evil.example\r\n");
    ask(pprof, "GET", "/debug/pprof/\x1b[31m?debug=%0Aforged", "Host: 127.0.0.1\r\n", NULL,
        &answer);
    pprof_stop(pprof);
    fclose(log);
    cr_assert_not_null(strstr(text, "127.0.0.1 asked for /debug/pprof/cmdline: 200, "), "%s", text);
    cr_assert_not_null(strstr(text, "127.0.0.1 asked for /debug/pprof/cmdline: 403, "), "%s", text);
    cr_assert_null(strchr(text, '\x1b'), "%s", text);
    cr_assert_null(strstr(text, "sesame"), "%s", text);
    int lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    cr_assert_leq(lines, 3);
    cr_assert_geq(lines, 2); /* what is not HTTP at all need not be one */
    free(text);
}

static int thread_count(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/task");

    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

Test(guard, leaves_nothing_behind)
{
    int before = thread_count();
    struct pprof *pprof = start_plain();
    int idle = ask_connect(pprof), half = ask_connect(pprof);

    cr_assert_gt(send(half, "GET /debug", 10, 0), 0);
    ask_get(pprof, "/debug/pprof/", &answer);
    pprof_stop(pprof);
    pprof_stop(NULL);
    close(idle);
    close(half);
    cr_assert_eq(thread_count(), before);
}

Test(guard, closes_the_connection_of_a_client_that_says_no_more)
{
    struct pprof *pprof = start_plain();
    int idle = ask_connect(pprof), half = ask_connect(pprof);
    char byte;

    cr_assert_gt(send(half, "GET /debug", 10, 0), 0);
    /* a minute's patience on our side (ask.c): what ends it is the listener */
    cr_assert_eq(recv(idle, &byte, 1, 0), 0);
    errno = 0;
    while (recv(half, &byte, 1, 0) > 0) { /* it may say why */
    }
    cr_assert_neq(errno, EAGAIN);
    close(idle);
    close(half);
    pprof_stop(pprof);
}
