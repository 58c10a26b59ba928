/*
 * compilation.h - compiles and links a file on trial: once as it will be counted, once with
 * sanitizers and the monitor.
 */
#ifndef COMPILATION_H
#define COMPILATION_H

#include "bench/classroom/grade.h"
#include "bench/classroom/jail.h"

/* What is built, in the jail's folder. */
#define COMPILATION_COUNTED "out/counted" /* as naive/ and fixed/ are built */
#define COMPILATION_CHECKED "out/checked" /* ASan, UBSan, kit/monitor.c */

/*
 * Builds what the lesson's counts are taken from, and the checked one in any case if it is to be
 * checked. 0, or -1 with the grade ended.
 */
int compilation_make(const struct jail *jail, bool is_to_be_checked, struct grade *grade);

#endif
