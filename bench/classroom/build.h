/*
 * build.h - compiles and links a file on trial: once as it will be counted, once with sanitizers
 * and the witness.
 */
#ifndef BUILD_H
#define BUILD_H

#include "bench/classroom/room.h"
#include "bench/classroom/trial.h"

/* What is built, in the room's folder. */
#define BUILD_COUNTED "out/counted" /* as naive/ and fixed/ are built */
#define BUILD_CHECKED "out/checked" /* ASan, UBSan, witness.c */

/* Builds what the extent takes. 0, or -1 with the trial ended. */
int build_programs(const struct room *room, int lesson, enum trial_extent extent,
                   struct trial *trial);

#endif
