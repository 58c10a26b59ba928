/* Under a sanitizer, which stands where the hooks would: what needs them says so, the rest is
 * there. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/pprof/live/live.h"

static char output[CLIENTS_OUTPUT_SIZE];

Test(missing, says_why_there_is_no_such_profile)
{
    static const char *const names[] = {"heap", "allocs", "mutex", "block", "threadcreate"};
    struct live live;

    live_start(&live, "ffff", NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        clients_run(output, "curl -si http://127.0.0.1:%d/debug/pprof/%s", live.admin_port,
                    names[i]);
        cr_assert_not_null(strstr(output, "HTTP/1.1 501 "), "%s", output);
        cr_assert_not_null(strstr(output, "sanitizer"), "%s", output);
        /* a client prints what it is told */
        cr_assert_neq(clients_run(output, "go tool pprof -top http://127.0.0.1:%d/debug/pprof/%s",
                                  live.admin_port, names[i]),
                      0);
        cr_assert_not_null(strstr(output, "sanitizer"), "%s", output);
    }
    clients_run(output, "curl -si http://127.0.0.1:%d/debug/pprof/", live.admin_port);
    cr_assert_not_null(strstr(output, "not in this build"), "%s", output);
    live_stop(&live);
}
