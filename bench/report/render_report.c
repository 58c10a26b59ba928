#include "bench/report/render_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/report/render_number.h"

struct report_memory {
    struct report_memory *next;
    char *text;
};

void report_free(struct report *report)
{
    for (unsigned s = 0; s < report->section_count; s++) {
        for (unsigned b = 0; b < report->sections[s].block_count; b++) {
            free(report->sections[s].blocks[b].table.columns);
            free(report->sections[s].blocks[b].table.cells);
        }
        free(report->sections[s].blocks);
    }
    free(report->sections);
    for (struct report_memory *text = report->texts, *next; text != NULL; text = next) {
        next = text->next;
        free(text->text);
        free(text);
    }
    *report = (struct report){0};
}

const char *report_own(struct report *report, char *text)
{
    struct report_memory *memory = text != NULL ? malloc(sizeof *memory) : NULL;

    if (memory == NULL) {
        free(text);
        report->is_failed = true;
        return "";
    }
    *memory = (struct report_memory){.next = report->texts, .text = text};
    report->texts = memory;
    return text;
}

const char *report_text(struct report *report, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && (text = malloc((size_t)length + 1)) != NULL) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return report_own(report, text);
}

const char *report_join(struct report *report, const char *text, const char *separator,
                        const char *next)
{
    if (*next == '\0')
        return text;
    return *text == '\0' ? next : report_text(report, "%s%s%s", text, separator, next);
}

const char *report_spread(struct report *report, double low, double high)
{
    char interval[RENDER_NUMBER_SIZE];
    if (isnan(low) || isnan(high))
        return " (no interval)";
    return report_text(report, " (%s)", render_interval(interval, low, high));
}

/* Makes room for one more element. NULL, and is_failed, if there is no memory for it. */
static void *grow(struct report *report, void *elements, size_t size, unsigned count,
                  unsigned *room)
{
    if (report->is_failed)
        return NULL;
    if (count < *room)
        return elements;
    unsigned bigger = *room != 0 ? 2 * *room : 8;
    void *grown = realloc(elements, bigger * size);
    if (grown == NULL)
        report->is_failed = true;
    else
        *room = bigger;
    return grown;
}

struct report_section *report_section(struct report *report, const char *id, const char *title)
{
    struct report_section *sections = grow(report, report->sections, sizeof *sections,
                                           report->section_count, &report->section_room);
    if (sections == NULL)
        return &report->spare;
    report->sections = sections;
    sections += report->section_count++;
    *sections = (struct report_section){.id = id, .title = title, .places = REPORT_EVERYWHERE};
    return sections;
}

/* A new block of the last section, or NULL. */
static struct report_block *add_block(struct report *report, enum report_kind kind, unsigned places)
{
    if (report->section_count == 0)
        return NULL;
    struct report_section *section = &report->sections[report->section_count - 1];
    struct report_block *blocks =
        grow(report, section->blocks, sizeof *blocks, section->block_count, &section->block_room);
    if (blocks == NULL)
        return NULL;
    section->blocks = blocks;
    blocks += section->block_count++;
    *blocks = (struct report_block){.kind = kind, .places = places};
    return blocks;
}

void report_paragraph(struct report *report, unsigned places, enum report_tone tone,
                      const char *text)
{
    struct report_block *block = add_block(report, REPORT_PARAGRAPH, places);
    if (block == NULL)
        return;
    block->tone = tone;
    block->text = text;
}

void report_term(struct report *report, unsigned places, const char *term, const char *text)
{
    struct report_block *block = add_block(report, REPORT_TERM, places);
    if (block == NULL)
        return;
    block->term = term;
    block->text = text;
}

void report_point(struct report *report, unsigned places, const char *text)
{
    struct report_block *block = add_block(report, REPORT_POINT, places);
    if (block != NULL)
        block->text = text;
}

void report_table(struct report *report, unsigned places, enum report_layout layout,
                  const char *caption)
{
    struct report_block *block = add_block(report, REPORT_TABLE, places);
    if (block != NULL)
        block->table = (struct report_table){.caption = caption, .layout = layout};
}

/* The table that was begun last, or NULL once memory ran out. */
static struct report_table *last_table(struct report *report)
{
    if (report->is_failed || report->section_count == 0)
        return NULL;
    struct report_section *section = &report->sections[report->section_count - 1];
    if (section->block_count == 0)
        return NULL;
    struct report_block *block = &section->blocks[section->block_count - 1];
    return block->kind == REPORT_TABLE ? &block->table : NULL;
}

void report_column(struct report *report, bool is_number, const char *title)
{
    struct report_table *table = last_table(report);
    if (table == NULL)
        return;
    struct report_column *columns =
        grow(report, table->columns, sizeof *columns, table->column_count, &table->column_room);
    if (columns == NULL)
        return;
    table->columns = columns;
    columns[table->column_count++] = (struct report_column){.title = title, .is_number = is_number};
}

void report_cell(struct report *report, enum report_tone tone, const char *text, const char *detail)
{
    struct report_table *table = last_table(report);
    if (table == NULL)
        return;
    struct report_cell *cells =
        grow(report, table->cells, sizeof *cells, table->cell_count, &table->cell_room);
    if (cells == NULL)
        return;
    table->cells = cells;
    cells[table->cell_count++] = (struct report_cell){.text = text, .detail = detail, .tone = tone};
}

bool report_is_shown(const struct report_section *section, const struct report_block *block,
                     enum report_place place)
{
    return (section->places & block->places & place) != 0 &&
           (block->kind != REPORT_TABLE || report_row_count(&block->table) > 0);
}

bool report_is_section_shown(const struct report_section *section, enum report_place place)
{
    for (unsigned i = 0; i < section->block_count; i++)
        if (report_is_shown(section, &section->blocks[i], place))
            return true;
    return false;
}

const char *report_verdict(enum report_tone tone)
{
    switch (tone) {
    case REPORT_BETTER:
        return "better";
    case REPORT_WORSE:
        return "worse";
    case REPORT_SAME:
        return "no difference";
    default:
        return "not judged";
    }
}
