#include "tests/pprof/live/live.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/service/client.h"

enum { OPTIONS_MAX = 30 };

void live_start(struct live *live, const char *variant, const char *const *options)
{
    const char *all[OPTIONS_MAX] = {"--admin", "127.0.0.1:0"};

    *live = (struct live){0};
    for (int i = 0; options != NULL && options[i] != NULL; i++) {
        cr_assert_lt(i + 3, OPTIONS_MAX);
        all[2 + i] = options[i];
    }
    server_start(&live->server, variant, all);
    const char *url = strstr(live->server.printed, "profiles at http://127.0.0.1:");
    cr_assert_not_null(url, "no profiles: %s", live->server.printed);
    live->admin_port = atoi(url + strlen("profiles at http://127.0.0.1:"));
}

/* Never returns. */
static void request_for_ever(int port, unsigned records)
{
    char path[64];

    for (unsigned seed = 1;; seed++) {
        struct client_answer answer;
        snprintf(path, sizeof path, "/process?n=%u&seed=%u", records, seed);
        client_get(port, path, "", &answer);
        client_answer_free(&answer);
        if (answer.status == 503) /* it has had enough: what there is to be seen is there */
            usleep(100000);
    }
}

void live_load(struct live *live, unsigned records)
{
    live->load = fork();
    cr_assert_geq(live->load, 0);
    if (live->load == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (fork() == 0)
            prctl(PR_SET_PDEATHSIG, SIGKILL);
        request_for_ever(live->server.port, records);
    }
    setpgid(live->load, live->load);
    /* not before the first requests are through */
    for (int i = 0; i < 600 && server_metric(&live->server, "records.accepted") == 0; i++)
        usleep(100000);
}

void live_stop(struct live *live)
{
    if (live->load > 0) {
        kill(-live->load, SIGKILL);
        waitpid(live->load, NULL, 0);
    }
    cr_assert_eq(server_stop(&live->server, SIGTERM), 0, "%s", live->server.printed);
}

void live_go(struct live *live, const char *options, const char *path,
             char output[CLIENTS_OUTPUT_SIZE])
{
    int status = clients_run(output, "go tool pprof %s \"http://127.0.0.1:%d/debug/pprof/%s\"",
                             options, live->admin_port, path);

    cr_assert_eq(status, 0, "%s", output);
}
