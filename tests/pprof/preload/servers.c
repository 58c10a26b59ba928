/* servers.c - servers of Debian's that nobody relinked, under load, for some seconds: servers.py
 * has what has to hold. `make soak-preload` goes on for ten minutes. */
#include <criterion/criterion.h>

#include "tests/pprof/clients.h"

static char output[CLIENTS_OUTPUT_SIZE];

static void soak(const char *server)
{
    cr_expect_eq(clients_run(output, "BUILD=%s %s/tests/pprof/preload/servers.py soak %s 4",
                             BUILD_FOLDER, PROJECT_FOLDER, server),
                 0, "%s", output);
}

Test(servers, redis_serves_its_profiles, .timeout = 300)
{
    soak("redis-server");
}

Test(servers, memcached_serves_its_profiles, .timeout = 300)
{
    soak("memcached");
}

Test(servers, a_worker_of_nginx_serves_its_profiles, .timeout = 300)
{
    soak("nginx");
}

Test(servers, python_serves_its_profiles, .timeout = 300)
{
    soak("python3");
}

Test(servers, a_cxx_program_serves_its_profiles, .timeout = 300)
{
    soak("strings");
}
