/*
 * evidence_parts.h - the parts of evidence.c, a file each; used by nothing else.
 */
#ifndef EVIDENCE_PARTS_H
#define EVIDENCE_PARTS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/readers/callgrind.h"
#include "bench/report/evidence_sources.h"

struct evidence {
    const char *folder;
    const cJSON *document;
    cJSON *json;
    bool is_pair;         /* of two commands, and no lessons */
    const char *sides[2]; /* what their raw files end with: naive and fixed, before and after */
};

/* The path of a file in the folder. Returns `path`; what is too long is "", which no file is. */
const char *evidence_path(const struct evidence *evidence, const char *name,
                          char path[EVIDENCE_PATH_SIZE]);
bool evidence_has(const struct evidence *evidence, const char *name);

/* Remembers that something could not be read. */
void evidence_miss(struct evidence *evidence, const char *what, const char *why);

/* Reads a profile in the folder. 0, or -1; then it is missed, unless it is not there at all. */
int evidence_profile(struct evidence *evidence, const char *name, struct callgrind *profile);

/* What a profile is divided by. Of lessons its records: as often as worker_process() was called, 0
 * if never. A run of a command is one. */
double evidence_records(const struct evidence *evidence, const struct callgrind *profile);

/* A number with as many digits as anybody reads, or null. */
cJSON *evidence_number(double number);

void evidence_add_code(struct evidence *evidence);      /* evidence_code.c */
void evidence_add_flames(struct evidence *evidence);    /* evidence_flames.c */
void evidence_add_curves(struct evidence *evidence);    /* evidence_curves.c */
void evidence_add_timelines(struct evidence *evidence); /* evidence_timeline.c */

#endif
