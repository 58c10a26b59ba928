/*
 * results.h - the folder of one comparison: bench/results/<UTC time>/, and `latest` beside it.
 *
 * Everything is written into a hidden folder first. Only results_commit() gives it its name and
 * points `latest` to it, each in one step (rename), so that an interrupted or failed run leaves no
 * half-made result, and `latest` stays what it was.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdbool.h>
#include <stddef.h>

enum { RESULTS_PATH_SIZE = 1024 };

struct results {
    char root[RESULTS_PATH_SIZE];   /* bench/results */
    char folder[RESULTS_PATH_SIZE]; /* root/.unfinished-<time>-<pid> until it is committed */
    char name[64];                  /* <UTC time>, its name to be */
    bool is_committed;              /* it has its name, and stays */
};

/* Makes the hidden folder with `raw` and `work` in it. 0, or -1 with an error text. */
int results_open(struct results *results, const char *root, char *error, size_t error_size);

/* The path of a file in the folder ("raw/massif.out.key"). Returns `path`. */
const char *results_path(const struct results *results, const char *name,
                         char path[RESULTS_PATH_SIZE]);

/* Removes `work`, and makes it the latest result. 0, or -1 with an error text. */
int results_commit(struct results *results, char *error, size_t error_size);

/* Removes the hidden folder with all that is in it; nothing once it is committed. */
void results_discard(struct results *results);

#endif
