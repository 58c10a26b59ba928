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
 * checked. With an object (not NULL) the file was compiled elsewhere, and is in both programs as it
 * is. 0, or -1 with the grade ended.
 */
int compilation_make(const struct jail *jail, const char *object, bool is_to_be_checked,
                     struct grade *grade);

/* What the compiler made of the file. 0, with likeness_free(), or -1. */
int compilation_code(const struct jail *jail, struct likeness_code *code);

#endif
