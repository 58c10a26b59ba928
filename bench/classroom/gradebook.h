/*
 * gradebook.h - what the graded submissions are shown and handed on as: a table, CSV, JUnit XML.
 */
#ifndef GRADEBOOK_H
#define GRADEBOOK_H

#include <stdio.h>

#include "bench/classroom/class.h"

/* For one submission with its counts, for several a line each. Returns 0, or -1 on a bad stream. */
int gradebook_print(FILE *file, const struct class *class, const struct grading *grading);

/* The files of the folder of results: grades.csv, junit.xml, and of a single one results.json.
 * 0, or -1 with errno set and `path` the one that could not be written. */
int gradebook_write(const struct class *class, const struct grading *grading, char *path,
                    size_t path_size);

#endif
