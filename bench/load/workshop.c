#include "bench/load/workshop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/generate.h"

/* The first records of a seed, `times` over. */
static int write_records(const char *path, uint64_t seed, unsigned times, uint64_t *bytes)
{
    char line[GENERATE_LINE_MAX];
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return -1;
    *bytes = 0;
    for (unsigned time = 0; time < times; time++)
        for (uint64_t i = 0; i < BODY_RECORDS; i++)
            *bytes += fwrite(line, 1, generate_line(seed, i, line), file);
    int is_bad = ferror(file);
    return fclose(file) == 0 && !is_bad ? 0 : -1;
}

int workshop_open(struct workshop *workshop, uint64_t seed, char *error, size_t size)
{
    const char *parent = getenv("TMPDIR");
    uint64_t bytes;

    workshop->done = 0;
    snprintf(workshop->folder, sizeof workshop->folder, "%s/fastenough-load-XXXXXX",
             parent != NULL && strlen(parent) < 30 ? parent : "/tmp");
    if (mkdtemp(workshop->folder) == NULL) {
        workshop->folder[0] = '\0';
        goto fail;
    }
    snprintf(workshop->body, sizeof workshop->body, "%s/body.ndjson", workshop->folder);
    snprintf(workshop->batch, sizeof workshop->batch, "%s/batch.ndjson", workshop->folder);
    if (write_records(workshop->body, seed, 1, &workshop->body_bytes) == 0 &&
        write_records(workshop->batch, seed, workshop->batch_bodies, &bytes) == 0)
        return 0;

fail:
    snprintf(error, size, "cannot write the records for the load: %s", strerror(errno));
    return -1;
}

static int is_shown(const struct workshop *workshop)
{
    return workshop->progress != NULL && isatty(fileno(workshop->progress));
}

void workshop_close(struct workshop *workshop)
{
    if (is_shown(workshop))
        fprintf(workshop->progress, "\r\033[K");
    if (workshop->folder[0] == '\0')
        return;
    unlink(workshop->body);
    unlink(workshop->batch);
    rmdir(workshop->folder);
}

void workshop_say(struct workshop *workshop, const char *what)
{
    workshop->done++;
    if (!is_shown(workshop))
        return;
    fprintf(workshop->progress, "\r%3u%%  %s\033[K", 100 * workshop->done / (workshop->steps + 1),
            what);
    fflush(workshop->progress);
}
