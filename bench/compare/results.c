#include "bench/compare/results.h"

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

__attribute__((format(printf, 3, 4))) static int fail(char *error, size_t error_size,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, error_size, format, arguments);
    va_end(arguments);
    return -1;
}

/* mkdir -p */
static int make_folders(const char *path)
{
    char partial[RESULTS_PATH_SIZE];

    snprintf(partial, sizeof partial, "%s", path);
    for (char *at = partial + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(partial, 0777) != 0 && errno != EEXIST)
            return -1;
        *at = '/';
    }
    return mkdir(partial, 0777) == 0 || errno == EEXIST ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int remove_tree(const char *path)
{
    return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *results_path(const struct results *results, const char *name,
                         char path[RESULTS_PATH_SIZE])
{
    int length = snprintf(path, RESULTS_PATH_SIZE, "%s/%s", results->folder, name);
    if (length >= RESULTS_PATH_SIZE)
        path[0] = '\0'; /* opening it fails with a clear error, and nothing else is touched */
    return path;
}

int results_open(struct results *results, const char *root, char *error, size_t error_size)
{
    char path[RESULTS_PATH_SIZE];
    time_t now = time(NULL);
    struct tm utc;

    *results = (struct results){0};
    if (strlen(root) > RESULTS_PATH_SIZE / 2)
        return fail(error, error_size, "the path of the results folder is too long");
    snprintf(results->root, sizeof results->root, "%s", root);
    strftime(results->name, sizeof results->name, "%Y-%m-%dT%H%M%SZ", gmtime_r(&now, &utc));
    snprintf(results->folder, sizeof results->folder, "%s/.unfinished-%s-%ld", root, results->name,
             (long)getpid());
    if (make_folders(root) != 0 || mkdir(results->folder, 0777) != 0 ||
        mkdir(results_path(results, "raw", path), 0777) != 0 ||
        mkdir(results_path(results, "work", path), 0777) != 0) {
        int reason = errno;
        results_discard(results);
        return fail(
            error, error_size,
            "cannot write results into %s: %s. Make it writable, or name another folder with "
            "RESULTS=DIR",
            root, strerror(reason));
    }
    return 0;
}

/* Two comparisons may end within the same second: the later one gets a number. */
static int take_name(struct results *results, char final[RESULTS_PATH_SIZE])
{
    char base[sizeof results->name];

    snprintf(base, sizeof base, "%s", results->name);
    for (int number = 2; number < 1000; number++) {
        snprintf(final, RESULTS_PATH_SIZE, "%.900s/%s", results->root, results->name);
        if (mkdir(final, 0777) == 0) /* an empty folder may be renamed over */
            return 0;
        if (errno != EEXIST)
            return -1;
        snprintf(results->name, sizeof results->name, "%.50s-%d", base, number);
    }
    return -1;
}

int results_commit(struct results *results, char *error, size_t error_size)
{
    char final[RESULTS_PATH_SIZE], path[RESULTS_PATH_SIZE], link[RESULTS_PATH_SIZE];

    remove_tree(results_path(results, "work", path));
    bool is_taken = take_name(results, final) == 0;
    if (!is_taken || rename(results->folder, final) != 0) {
        int reason = errno;
        if (is_taken)
            rmdir(final);
        return fail(error, error_size, "cannot finish the results in %s: %s", results->root,
                    strerror(reason));
    }
    results->is_committed = true;
    snprintf(results->folder, sizeof results->folder, "%s", final);

    /* A link cannot be replaced in place: a new one is renamed over it. */
    snprintf(link, sizeof link, "%.900s/.latest-%ld", results->root, (long)getpid());
    snprintf(path, sizeof path, "%.900s/latest", results->root);
    unlink(link);
    if (symlink(results->name, link) != 0 || rename(link, path) != 0) {
        int reason = errno;
        unlink(link);
        return fail(error, error_size, "the results are in %s, but %s cannot be set: %s", final,
                    path, strerror(reason));
    }
    return 0;
}

void results_discard(struct results *results)
{
    if (!results->is_committed && results->folder[0] != '\0')
        remove_tree(results->folder);
    results->folder[0] = '\0';
}
