#include "bench/report/render_markdown.h"

#include <string.h>

#include "bench/report/render_escape.h"
#include "bench/report/render_output.h"
#include "bench/report/render_report.h"

static void print_title(FILE *file, const struct report_section *section, const char *marks)
{
    fprintf(file, "%s ", marks);
    escape_markdown(file, section->title);
    fputs("\n\n", file);
    if (section->aside == NULL && section->verdict == NULL)
        return;
    if (section->aside != NULL)
        escape_markdown(file, section->aside);
    if (section->verdict != NULL)
        fprintf(file, "%s**%s**", section->aside != NULL ? ": " : "", section->verdict);
    fputs("\n\n", file);
}

static void print_cell(FILE *file, const struct report_cell *cell)
{
    const char *mark = cell->tone == REPORT_STRONG && cell->text[0] != '\0' ? "**" : "";

    fprintf(file, " %s", mark);
    escape_markdown(file, cell->text);
    fputs(mark, file);
    if (cell->detail != NULL) {
        fputs("<br><sub>", file);
        escape_markdown(file, cell->detail);
        fputs("</sub>", file);
    }
    fputs(" |", file);
}

static void print_table(FILE *file, const struct report_table *table)
{
    if (table->layout == REPORT_OWN) { /* the titles of the others say it */
        escape_markdown(file, table->caption);
        fputs("\n\n", file);
    }
    fputc('|', file);
    for (unsigned c = 0; c < table->column_count; c++) {
        fputc(' ', file);
        escape_markdown(file, table->columns[c].title);
        fputs(" |", file);
    }
    fputs("\n|", file);
    for (unsigned c = 0; c < table->column_count; c++)
        fputs(table->columns[c].is_number ? " ---: |" : " --- |", file);
    for (unsigned i = 0; i < report_row_count(table) * table->column_count; i++) {
        if (i % table->column_count == 0)
            fputs("\n|", file);
        print_cell(file, &table->cells[i]);
    }
    fputs("\n\n", file);
}

/* Terms and points are both points here, and a list ends with an empty line. */
static bool is_listed(const struct report_block *block)
{
    return block->kind == REPORT_TERM || block->kind == REPORT_POINT;
}

static void print_block(FILE *file, const struct report_block *block)
{
    switch (block->kind) {
    case REPORT_TERM:
        fputs("- **", file);
        escape_markdown(file, block->term);
        fputs("** ", file);
        escape_markdown(file, block->text);
        fputc('\n', file);
        break;
    case REPORT_POINT:
        fputs("- ", file);
        escape_markdown(file, block->text);
        fputc('\n', file);
        break;
    case REPORT_PARAGRAPH:
        escape_markdown(file, block->text);
        fputs("\n\n", file);
        break;
    case REPORT_TABLE:
        print_table(file, &block->table);
        break;
    }
}

static void print_blocks(FILE *file, const struct report_section *section)
{
    bool is_in_list = false;

    for (unsigned i = 0; i < section->block_count; i++) {
        const struct report_block *block = &section->blocks[i];
        if (!report_is_shown(section, block, REPORT_IN_MARKDOWN))
            continue;
        if (is_in_list && !is_listed(block))
            fputc('\n', file);
        is_in_list = is_listed(block);
        print_block(file, block);
    }
    if (is_in_list)
        fputc('\n', file);
}

static void print_report(FILE *file, const struct report *report)
{
    const struct report_section *run = &report->sections[0];

    print_title(file, run, "#");
    for (unsigned i = 1; i < report->section_count; i++) {
        const struct report_section *section = &report->sections[i];
        if (!report_is_section_shown(section, REPORT_IN_MARKDOWN))
            continue;
        print_title(file, section, "##");
        print_blocks(file, section);
    }
    if (report_is_section_shown(run, REPORT_IN_MARKDOWN)) {
        fputs("## How it was measured\n\n", file);
        print_blocks(file, run);
    }
}

int render_markdown(FILE *file, const cJSON *document)
{
    struct render_output output;
    struct report report;

    if (report_init(&report, document) != 0)
        return -1;
    int status = output_open(&output);
    if (status == 0) {
        print_report(output.file, &report);
        status = output_close(&output, file);
    }
    report_free(&report);
    return status;
}
