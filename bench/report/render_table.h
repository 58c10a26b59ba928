/*
 * render_table.h - a report's table on a terminal: columns that line up and lines that fit.
 *
 * Numbers stand to the right and are never broken; words are wrapped inside of their column. Where
 * there is no room for all columns, the last ones are left out, and the caller says so. Texts must
 * be clean (words_clean()). Thread-safe for different files.
 */
#ifndef RENDER_TABLE_H
#define RENDER_TABLE_H

#include <stdio.h>

#include "bench/report/render_report.h"

enum { TABLE_COLUMNS_MAX = 40, TABLE_GAP = 2 };

/* The widths of a table's columns. All zero before the first table_widen(). */
struct table_widths {
    unsigned columns[TABLE_COLUMNS_MAX];
    unsigned count; /* columns that are shown */
};

/* Makes the columns as wide as this table's cells and the words of its titles need. */
void table_widen(struct table_widths *widths, const struct report_table *table);

/* Narrows them until a line takes at most `room` columns, 40 or more; `table` says which may wrap.
 */
void table_fit(struct table_widths *widths, const struct report_table *table, unsigned room);

/* Columns of a whole line. */
unsigned table_line_width(const struct table_widths *widths);

/* Prints titles and rows behind `indent` spaces each. */
void table_print(FILE *file, const struct report_table *table, const struct table_widths *widths,
                 unsigned indent, bool has_color);

/* Prints `length` bytes of a clean text in its tone. */
void table_paint(FILE *file, enum report_tone tone, bool has_color, const char *text,
                 size_t length);

#endif
