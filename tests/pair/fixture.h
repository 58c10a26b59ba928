/* fixture.h - a scratch folder in which commands are compared, and what came of it. */
#ifndef PAIR_FIXTURE_H
#define PAIR_FIXTURE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct pair_fixture {
    char folder[512]; /* scratch; results go to `results` in it */
    int status;       /* of the last comparison */
    char output[65536];
    cJSON *document; /* compare.json of the last one; NULL: it left none */
};

void pair_fixture_init(struct pair_fixture *fixture);
void pair_fixture_free(struct pair_fixture *fixture);

/* Writes a file of the folder's; one whose name ends with .sh can be run. */
void pair_fixture_write(const struct pair_fixture *fixture, const char *name, const char *text);

/* A line of shell in the folder, with $COMPARE for `compare --results results`. Its exit status. */
int pair_fixture_run(struct pair_fixture *fixture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether a process is left of what was run, by its environment. */
bool pair_fixture_has_process(const struct pair_fixture *fixture);

/* Nothing is left of it: no process, no result, no half-made one. */
bool pair_fixture_is_clean(const struct pair_fixture *fixture);

/* A metric of the last comparison, by its section and name; NULL: there is none. */
const cJSON *pair_fixture_metric(const struct pair_fixture *fixture, const char *section,
                                 const char *name);

#endif
