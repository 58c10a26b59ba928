#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/report/evidence_sources.h"

enum { FILES_MAX = 256, SIDES = 2 };

struct file {
    const char *path; /* the profile's */
    uint64_t ir;
    bool is_taken;
};

struct files {
    struct file list[FILES_MAX];
    unsigned count;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The system's headers and the C library's sources are nobody's own. */
static bool is_own(const char *path)
{
    return path[0] != '.' && path[0] != '?' && path[0] != '\0' && strncmp(path, "/usr/", 5) != 0;
}

static void add_file(struct files *files, const char *path, uint64_t ir)
{
    unsigned i = 0;

    if (!is_own(path))
        return;
    while (i < files->count && strcmp(files->list[i].path, path) != 0)
        i++;
    if (i == FILES_MAX)
        return;
    if (i == files->count)
        files->list[files->count++] =
            (struct file){.path = path, .is_taken = access(path, R_OK) != 0};
    files->list[i].ir += ir;
}

/* The costliest of this name that is left. NULL if there is none. */
static struct file *costliest(struct files *files, const char *name)
{
    struct file *best = NULL;

    for (unsigned i = 0; i < files->count; i++) {
        struct file *one = &files->list[i];
        if (!one->is_taken && strcmp(base_name(one->path), name) == 0 &&
            (best == NULL || one->ir > best->ir))
            best = one;
    }
    return best;
}

/* What a file is worth to be looked at: that it is another one, or its cost differs, and then what
 * it costs. */
static double worth(const struct file *one, const struct file *other)
{
    const double other_file = other != NULL && strcmp(one->path, other->path) != 0 ? 1e18 : 0;
    const double ir = (double)one->ir, other_ir = other != NULL ? (double)other->ir : 0;
    return other_file + fabs(ir - other_ir) + 1e-3 * fmax(ir, other_ir);
}

/* That which is worth most, of those whose name the other side has (is_shared), or has not. */
static struct file *next_file(struct files *files, struct files *others, bool is_shared)
{
    struct file *best = NULL;
    double most = -1;

    for (unsigned i = 0; i < files->count; i++) {
        struct file *one = &files->list[i];
        const struct file *other = costliest(others, base_name(one->path));
        if (one->is_taken || (other != NULL) != is_shared || worth(one, other) <= most)
            continue;
        most = worth(one, other);
        best = one;
    }
    return best;
}

static unsigned match(struct files files[SIDES], struct evidence_sources *sources)
{
    unsigned count = 0;

    for (int is_shared = 1; is_shared >= 0; is_shared--)
        while (count < EVIDENCE_SOURCES) {
            struct file *one = next_file(&files[0], &files[1], is_shared);
            struct file *other = one == NULL
                                     ? NULL
                                     : (is_shared ? costliest(&files[1], base_name(one->path))
                                                  : next_file(&files[1], &files[0], false));
            if (other == NULL)
                break;
            one->is_taken = other->is_taken = true;
            snprintf(sources[count].file[0], EVIDENCE_PATH_SIZE, "%s", one->path);
            snprintf(sources[count].file[1], EVIDENCE_PATH_SIZE, "%s", other->path);
            count++;
        }
    return count;
}

unsigned evidence_match_sources(const struct callgrind *naive, const struct callgrind *fixed,
                                struct evidence_sources sources[EVIDENCE_SOURCES])
{
    const struct callgrind *profiles[SIDES] = {naive, fixed};
    struct files files[SIDES] = {{.count = 0}, {.count = 0}};

    for (int side = 0; side < SIDES; side++)
        for (uint32_t i = 0; i < profiles[side]->line_count; i++)
            add_file(&files[side], profiles[side]->lines[i].file, profiles[side]->lines[i].self_ir);
    return match(files, sources);
}
