/*
 * render_report.h - what a comparison has to say, before it is known how it will look.
 *
 * A report is a list of sections; a section holds paragraphs, terms with their explanation, points
 * and tables. The functions of render_lessons.c, render_builds.c and render_context.c draw it
 * from the document; render_text.c, render_markdown.c and render_page.c each print it, so that all
 * three say the same.
 *
 * It is filled from top to bottom: what is added goes to the section that was begun last, a column
 * or cell to the table begun last. Texts are UTF-8 of unknown origin: whoever prints them escapes
 * them. They belong to the document or to the report, so a report cannot outlive its document.
 *
 * Memory that runs out sets is_failed; from then on everything that is added is dropped, and
 * report_text() returns "". Check it once, at the end. Not thread-safe.
 */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* What a text is to be seen as. The words must say it too: not everybody sees colours. */
enum report_tone {
    REPORT_PLAIN,
    REPORT_STRONG,
    REPORT_QUIET,
    REPORT_BETTER,
    REPORT_WORSE,
    REPORT_SAME,     /* no difference could be shown */
    REPORT_UNJUDGED, /* measured, but not often enough to judge */
    REPORT_LINK,     /* the name of a file beside the report */
    REPORT_TONES
};

/* Where a section or block is printed: any of these, or'd. */
enum report_place {
    REPORT_ON_TERMINAL = 1,
    REPORT_IN_MARKDOWN = 2,
    REPORT_ON_PAGE = 4,
    REPORT_EVERYWHERE = 7
};

struct report_cell {
    const char *text;
    const char *detail; /* or NULL: more of it, where there is room */
    enum report_tone tone;
};

struct report_column {
    const char *title;
    bool is_number; /* to the right, and never broken */
};

enum report_layout {
    REPORT_OWN,     /* as wide as its own cells need */
    REPORT_METRICS, /* the same widths in all tables of this layout, so that they read as one */
};

struct report_table {
    const char *caption;
    enum report_layout layout;
    struct report_column *columns;
    struct report_cell *cells; /* row by row; the first of a row is its head */
    unsigned column_count, column_room;
    unsigned cell_count, cell_room;
};

enum report_kind { REPORT_PARAGRAPH, REPORT_TERM, REPORT_POINT, REPORT_TABLE };

struct report_block {
    enum report_kind kind;
    unsigned places;
    enum report_tone tone;
    const char *term; /* of a REPORT_TERM */
    const char *text; /* of all but tables */
    struct report_table table;
};

struct report_section {
    const char *id; /* a word: letters and digits only */
    const char *title;
    const char *aside;     /* or NULL: what else belongs into the title's line */
    const char *verdict;   /* or NULL */
    enum report_tone tone; /* the verdict's */
    unsigned places;
    struct report_block *blocks;
    unsigned block_count, block_room;
};

struct report_memory; /* one text, and the next one */

struct report {
    struct report_section *sections;
    unsigned section_count, section_room;
    struct report_memory *texts;
    const char *sides[2]; /* what is compared is called: naive and fixed, before and after */
    bool is_failed;
    struct report_section spare; /* what report_section() hands out once memory ran out */
};

/* Draws everything from the document, which may lack anything. 0, or -1 with errno ENOMEM. */
int report_init(struct report *report, const cJSON *document);
void report_free(struct report *report);

/* A text of the report's own, valid until report_free(). */
const char *report_text(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `text` and `next` with the separator between, or just one of them if the other is empty. */
const char *report_join(struct report *report, const char *text, const char *separator,
                        const char *next);

/* " (1.25-1.29)", with the space, or " (no interval)" if an end is missing. */
const char *report_spread(struct report *report, double low, double high);

/* Takes a text from malloc into the report's care; NULL is memory that ran out. Returns the text.
 */
const char *report_own(struct report *report, char *text);

/* A new section; `places` of it limits those of its blocks. Never NULL, and valid until the next.
 */
struct report_section *report_section(struct report *report, const char *id, const char *title);

void report_paragraph(struct report *report, unsigned places, enum report_tone tone,
                      const char *text);
void report_term(struct report *report, unsigned places, const char *term, const char *text);
void report_point(struct report *report, unsigned places, const char *text);

void report_table(struct report *report, unsigned places, enum report_layout layout,
                  const char *caption);
void report_column(struct report *report, bool is_number, const char *title);
/* detail: or NULL. */
void report_cell(struct report *report, enum report_tone tone, const char *text,
                 const char *detail);

/* Rows that are whole. */
static inline unsigned report_row_count(const struct report_table *table)
{
    return table->column_count != 0 ? table->cell_count / table->column_count : 0;
}

/* True if the block has something to show at this place. */
bool report_is_shown(const struct report_section *section, const struct report_block *block,
                     enum report_place place);
/* True if one of its blocks has. */
bool report_is_section_shown(const struct report_section *section, enum report_place place);

/* "better", "worse", "no difference", "not judged". */
const char *report_verdict(enum report_tone tone);

#endif
