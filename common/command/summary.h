/* summary.h - what a run came to, for a person or for a program. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdio.h>

#include "common/command/run.h"

/* `variant`: the build's code, nnnn to ffff. Write errors are left in the stream (ferror). */
void summary_print_text(FILE *file, const char *variant, const struct run_options *options,
                        const struct run_result *result);

/* One JSON object and a newline. 0, or -1 if memory ran out. */
int summary_print_json(FILE *file, const char *variant, const struct run_result *result);

#endif
