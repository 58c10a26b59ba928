/* witness_fixture.h - a pair of two commands, proved by one run each, for the witnesses' tests. */
#ifndef WITNESS_FIXTURE_H
#define WITNESS_FIXTURE_H

#include "bench/pair/pair.h"

struct fixture {
    struct comparison comparison;
    struct pair pair;
    const char *argv[PAIR_SIDES][4];
    char folder[64];
};

/* Two commands as `sh -c` takes them, if they begin with "sh:"; or the paths of two programs. */
void fixture_open(struct fixture *fixture, const char *before, const char *after);
void fixture_close(struct fixture *fixture);

/* Compiles C in the fixture's folder ("FOLDER/name"), whose path is written into `program`. */
void fixture_compile(const char *folder, const char *name, const char *source, const char *options,
                     char program[PATH_SIZE]);
/* A new folder, to be removed by fixture_remove(). */
void fixture_folder(char folder[64]);
void fixture_remove(const char *folder);

/* A row by its name and the beginning of its label (NULL: any). NULL if there is none. */
const struct measurement *fixture_row(const struct fixture *fixture, enum pair_section section,
                                      const char *name, const char *label);
/* The reason why something is missing; NULL if nothing is. */
const char *fixture_lack(const struct fixture *fixture, const char *what);
bool fixture_has_raw(const struct fixture *fixture, const char *name);

#endif
