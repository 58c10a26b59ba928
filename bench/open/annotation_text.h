/*
 * annotation_text.h - an annotation for a terminal: functions in a table, lines side by side, no
 * line wider than RENDER_TEXT_WIDTH columns.
 */
#ifndef ANNOTATION_TEXT_H
#define ANNOTATION_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/open/annotation.h"

/* How many are shown. */
enum { ANNOTATION_FUNCTIONS = 24, ANNOTATION_LINES = 16 };

/* 0, or -1 with errno set (ENOMEM, or the file's write error). */
int annotation_print(FILE *file, const struct annotation *annotation, int lesson, bool has_color,
                     bool has_utf8);

#endif
