/*
 * evidence_parts.h - the parts of evidence.c, a file each; used by nothing else.
 */
#ifndef EVIDENCE_PARTS_H
#define EVIDENCE_PARTS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/readers/callgrind.h"

enum { EVIDENCE_PATH_SIZE = 2048 };

struct evidence {
    const char *folder;
    const cJSON *document;
    cJSON *json;
};

/* The path of a file in the folder. Returns `path`; what is too long is "", which no file is. */
const char *evidence_path(const struct evidence *evidence, const char *name,
                          char path[EVIDENCE_PATH_SIZE]);
bool evidence_has(const struct evidence *evidence, const char *name);

/* Remembers that something could not be read. */
void evidence_miss(struct evidence *evidence, const char *what, const char *why);

/* Reads a profile in the folder. 0, or -1; then it is missed, unless it is not there at all. */
int evidence_profile(struct evidence *evidence, const char *name, struct callgrind *profile);

/* How many records a profile is of: as often as worker_process() was called. 0 if never. */
double evidence_records(const struct callgrind *profile);

/* A number with as many digits as anybody reads, or null. */
cJSON *evidence_number(double number);

void evidence_add_code(struct evidence *evidence);      /* evidence_code.c */
void evidence_add_flames(struct evidence *evidence);    /* evidence_flames.c */
void evidence_add_curves(struct evidence *evidence);    /* evidence_curves.c */
void evidence_add_timelines(struct evidence *evidence); /* evidence_timeline.c */

#endif
