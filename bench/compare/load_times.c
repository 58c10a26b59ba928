/*
 * load_times.c - the chapter on load: nnnn and ffff as services, driven over HTTP by wrk.
 *
 * What the other phases count in a batch is felt here: latency, threads and memory, request after
 * request. The measuring is bench/load's, which `make load` runs at length.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/comparison.h"
#include "bench/load/load.h"
#include "bench/process/child.h"

static bool is_installed(const char *name)
{
    const char *path = getenv("PATH");
    char file[PATH_SIZE];

    while (path != NULL && *path != '\0') {
        int length = (int)strcspn(path, ":");
        snprintf(file, sizeof file, "%.*s/%s", length, path, name);
        if (access(file, X_OK) == 0)
            return true;
        path += length;
        path += *path == ':';
    }
    return false;
}

int measure_load(struct comparison *comparison)
{
    static const char lost[] = "the chapter on load";
    static struct load load; /* large */
    struct load_plan plan = {.programs = comparison->programs,
                             .script = comparison->load_script,
                             .mode = comparison->plan.load_mode,
                             .seed = comparison->seed};
    char error[LOAD_ERROR_SIZE];

    comparison_announce(comparison, load_plan_complete(&plan), "load: %s and %s over HTTP",
                        CODE_NAIVE, CODE_FIXED);
    if (!is_installed("wrk")) {
        machine_add_missing(comparison, "wrk", "it is not installed (apt-get install wrk)", lost);
        return 0;
    }
    int status = load_measure(&load, &plan, comparison->is_terminal ? stderr : NULL, error);
    if (status != 0)
        comparison_fail(comparison, "%s", error);
    else
        comparison->model.load = model_own(&comparison->model, load_document(&load));
    load_free(&load);
    return status;
}
