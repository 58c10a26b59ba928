/*
 * render_text.h - a comparison as one table for a terminal, on a projector too.
 *
 * No line is wider than RENDER_TEXT_WIDTH columns, and no byte of the document reaches the terminal
 * as a command to it. Not thread-safe against setlocale().
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

enum { RENDER_TEXT_WIDTH = 100 };

/*
 * Writes all of it, or as much as there is in the document, and flushes. With has_color in ANSI
 * colours: the caller knows whether `file` is a terminal and nobody set NO_COLOR. UTF-8 if the
 * locale's LC_CTYPE is (the caller has called setlocale()), ASCII otherwise.
 * 0, or -1 with errno set (ENOMEM, or the file's write error).
 */
int render_text(FILE *file, const cJSON *document, bool has_color);

/* The same, whatever the locale. */
int render_text_as(FILE *file, const cJSON *document, bool has_color, bool has_utf8);

#endif
