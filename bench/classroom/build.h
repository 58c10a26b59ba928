/*
 * build.h - compiles and links a file on trial: once as it will be counted, once with sanitizers
 * and the witness.
 */
#ifndef BUILD_H
#define BUILD_H

#include "cell.h"
#include "trial.h"

/* What is built, in the cell's folder. */
#define BUILD_COUNTED "out/counted" /* as naive/ and fixed/ are built */
#define BUILD_CHECKED "out/checked" /* ASan, UBSan, witness.c */

/* 0, or -1 with the trial ended. */
int build_programs(const struct cell *cell, enum fix fix, struct trial *trial);

#endif
