#include "common/command/run_profile.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/pprof/cpu.h"
#include "common/pprof/proto.h"

/* Linux looks at threads' CPU clocks at its ticks, which are no more than 250 a second mostly. */
enum { HZ = 250 };

static const struct profile_type types[] = {{"samples", "count"}, {"cpu", "nanoseconds"}};

struct run_profile {
    pthread_t thread;
    const char *path;
    FILE *file;
    struct profile *profile;
    struct symbols *symbols;
    _Atomic bool is_over;
    int error; /* of the collection; 0: none */
};

static bool is_over(void *closure)
{
    const struct run_profile *run = closure;
    return atomic_load(&run->is_over);
}

static void *collect(void *closure)
{
    struct run_profile *run = closure;

    /* cancelled is how it ends; the time it could end by itself is weeks away */
    if (cpu_profile_collect(run->profile, HZ, INT_MAX, is_over, run) != 0 && errno != ECANCELED)
        run->error = errno;
    return NULL;
}

/* Half a file is none; a device that was named stays, of course. */
static void remove_file(const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        unlink(path);
}

static void discard(struct run_profile *run)
{
    if (run->file != NULL) {
        fclose(run->file);
        remove_file(run->path);
    }
    profile_delete(run->profile);
    symbols_delete(run->symbols);
    free(run);
}

static void complain(const char *path, const char *reason)
{
    fprintf(stderr, "fastenough: the CPU profile cannot be written to %s: %s\n", path, reason);
}

struct run_profile *run_profile_start(const char *path)
{
    struct run_profile *run = calloc(1, sizeof *run);

    if (run == NULL) {
        complain(path, strerror(ENOMEM));
        return NULL;
    }
    run->path = path;
    run->file = fopen(path, "wb");
    if (run->file == NULL) {
        complain(path, strerror(errno));
        free(run);
        return NULL;
    }
    run->profile = profile_new(types, CPU_PROFILE_TYPES);
    run->symbols = symbols_new();
    int error = run->profile != NULL && run->symbols != NULL
                    ? pthread_create(&run->thread, NULL, collect, run)
                    : ENOMEM;
    if (error != 0) {
        complain(path, strerror(error));
        discard(run);
        return NULL;
    }
    return run;
}

int run_profile_end(struct run_profile *run)
{
    char *bytes = NULL;
    size_t length;
    int error;

    if (run == NULL)
        return 0;
    atomic_store(&run->is_over, true);
    pthread_join(run->thread, NULL);
    error = run->error;
    if (error == 0 && (symbols_refresh(run->symbols) != 0 ||
                       proto_write(run->profile, run->symbols, "cpu", NULL, &bytes, &length) != 0))
        error = ENOMEM;
    if (error == 0) {
        bool is_written = fwrite(bytes, 1, length, run->file) == length;
        error = is_written ? 0 : errno;
        if (fclose(run->file) != 0 && error == 0)
            error = errno;
        run->file = NULL;
        if (error != 0)
            remove_file(run->path);
    }
    free(bytes);
    if (error != 0)
        complain(run->path, strerror(error));
    discard(run);
    return error == 0 ? 0 : -1;
}
