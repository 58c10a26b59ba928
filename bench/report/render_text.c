#include "bench/report/render_text.h"

#include <errno.h>
#include <langinfo.h>
#include <string.h>

#include "bench/report/render_output.h"
#include "bench/report/render_table.h"
#include "bench/report/render_words.h"

enum { INDENT = 2, TERM_MAX = 16 };

struct page {
    FILE *file;
    bool has_color, has_utf8;
    struct table_widths metrics; /* of all tables of that layout */
};

static const char *clean(struct report *report, const char *text, bool has_utf8)
{
    return text != NULL ? report_own(report, words_clean(text, has_utf8)) : NULL;
}

/* Verdicts inside of tables are as short as their signs; the legend says what those mean. */
static const char *cell_sign(const struct report_cell *cell)
{
    if (cell->tone == REPORT_SAME && strcmp(cell->text, report_verdict(REPORT_SAME)) == 0)
        return "~";
    if (cell->tone == REPORT_UNJUDGED && strcmp(cell->text, report_verdict(REPORT_UNJUDGED)) == 0)
        return "?";
    return cell->text;
}

static void clean_block(struct report *report, struct report_block *block, bool has_utf8)
{
    struct report_table *table = &block->table;

    block->term = clean(report, block->term, has_utf8);
    block->text = clean(report, block->text, has_utf8);
    table->caption = clean(report, table->caption, has_utf8);
    for (unsigned c = 0; c < table->column_count; c++)
        table->columns[c].title = clean(report, table->columns[c].title, has_utf8);
    for (unsigned c = 0; c < table->cell_count; c++)
        table->cells[c].text = clean(report, cell_sign(&table->cells[c]), has_utf8);
}

/* Once for all texts, so that what follows can measure and print them as they are. */
static void clean_report(struct report *report, bool has_utf8)
{
    for (unsigned s = 0; s < report->section_count; s++) {
        struct report_section *section = &report->sections[s];
        section->title = clean(report, section->title, has_utf8);
        section->aside = clean(report, section->aside, has_utf8);
        for (unsigned b = 0; b < section->block_count; b++)
            clean_block(report, &section->blocks[b], has_utf8);
    }
}

static void print_spaces(FILE *file, unsigned count)
{
    fprintf(file, "%*s", (int)count, "");
}

/* Wrapped, with all lines behind `indent` columns; the cursor is there already. */
static void print_wrapped(const struct page *page, enum report_tone tone, const char *text,
                          unsigned indent)
{
    bool is_first = true;

    do {
        const char *start = text;
        size_t length = words_line(&text, RENDER_TEXT_WIDTH - indent);
        if (!is_first)
            print_spaces(page->file, indent);
        table_paint(page->file, tone, page->has_color, start, length);
        fputc('\n', page->file);
        is_first = false;
    } while (*text != '\0');
}

static void print_rule(const struct page *page)
{
    static const char line[] = "\u2500";
    if (page->has_color)
        fputs("\033[2m", page->file);
    for (unsigned i = 0; i < RENDER_TEXT_WIDTH; i++)
        fputs(page->has_utf8 ? line : "-", page->file);
    if (page->has_color)
        fputs("\033[0m", page->file);
    fputc('\n', page->file);
}

/* The title to the left; aside and verdict to the right, or below where there is no room. */
static void print_title(const struct page *page, const struct report_section *section)
{
    const char *aside = section->aside != NULL ? section->aside : "";
    const char *verdict = section->verdict != NULL ? section->verdict : "";
    unsigned gap = *aside != '\0' && *verdict != '\0' ? 3 : 0;
    unsigned right = words_width(aside) + gap + words_width(verdict);
    unsigned left = words_width(section->title);

    if (left + 2 + right <= RENDER_TEXT_WIDTH) {
        table_paint(page->file, REPORT_STRONG, page->has_color, section->title,
                    strlen(section->title));
        print_spaces(page->file, right > 0 ? RENDER_TEXT_WIDTH - left - right : 0);
        table_paint(page->file, REPORT_QUIET, page->has_color, aside, strlen(aside));
        print_spaces(page->file, gap);
        table_paint(page->file, section->tone, page->has_color, verdict, strlen(verdict));
        fputc('\n', page->file);
    } else {
        print_wrapped(page, REPORT_STRONG, section->title, 0);
        if (*aside != '\0')
            print_wrapped(page, REPORT_QUIET, aside, 0);
        if (*verdict != '\0')
            print_wrapped(page, section->tone, verdict, 0);
    }
    print_rule(page);
}

static void print_left_out(const struct page *page, const struct report_table *table,
                           unsigned shown)
{
    char text[512] = "no room here for: ";
    size_t used = strlen(text);

    for (unsigned c = shown; c < table->column_count && used < sizeof text; c++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", table->columns[c].title,
                                 c + 1 < table->column_count ? ", " : "");
    print_spaces(page->file, INDENT);
    print_wrapped(page, REPORT_QUIET, text, INDENT);
}

static void print_table(const struct page *page, const struct report_table *table)
{
    struct table_widths own = {.count = 0};
    const struct table_widths *widths = &own;

    if (table->layout == REPORT_METRICS) {
        widths = &page->metrics;
    } else {
        table_widen(&own, table);
        table_fit(&own, table, RENDER_TEXT_WIDTH - INDENT);
    }
    if (table->layout == REPORT_OWN) {
        print_spaces(page->file, INDENT);
        print_wrapped(page, REPORT_QUIET, table->caption, INDENT);
    }
    table_print(page->file, table, widths, INDENT, page->has_color);
    if (widths->count < table->column_count)
        print_left_out(page, table, widths->count);
}

/* Terms that follow each other line up. */
static unsigned term_width(const struct report_section *section)
{
    unsigned width = 0;
    for (unsigned i = 0; i < section->block_count; i++) {
        const struct report_block *block = &section->blocks[i];
        if (block->kind != REPORT_TERM || !report_is_shown(section, block, REPORT_ON_TERMINAL))
            continue;
        unsigned own = words_width(block->term);
        width = own > width ? own : width;
    }
    return width < TERM_MAX ? width : TERM_MAX;
}

static void print_term(const struct page *page, const struct report_block *block, unsigned width)
{
    const char *rest = block->term;
    size_t length = words_line(&rest, width);
    unsigned used = words_width(block->term);

    print_spaces(page->file, INDENT);
    table_paint(page->file, REPORT_QUIET, page->has_color, block->term, length);
    print_spaces(page->file, width + 2 - (used < width ? used : width));
    print_wrapped(page, REPORT_PLAIN, block->text, INDENT + width + 2);
}

static void print_block(const struct page *page, const struct report_section *section,
                        const struct report_block *block)
{
    switch (block->kind) {
    case REPORT_TERM:
        print_term(page, block, term_width(section));
        break;
    case REPORT_POINT:
        print_spaces(page->file, INDENT);
        fputs("- ", page->file);
        print_wrapped(page, REPORT_PLAIN, block->text, INDENT + 2);
        break;
    case REPORT_PARAGRAPH:
        print_spaces(page->file, INDENT);
        print_wrapped(page, block->tone, block->text, INDENT);
        break;
    case REPORT_TABLE:
        print_table(page, &block->table);
        break;
    }
}

static void print_section(const struct page *page, const struct report_section *section)
{
    const struct report_block *before = NULL;

    if (!report_is_section_shown(section, REPORT_ON_TERMINAL))
        return;
    fputc('\n', page->file);
    print_title(page, section);
    for (unsigned i = 0; i < section->block_count; i++) {
        const struct report_block *block = &section->blocks[i];
        if (!report_is_shown(section, block, REPORT_ON_TERMINAL))
            continue;
        if (before != NULL && (before->kind == REPORT_TABLE || block->kind == REPORT_TABLE))
            fputc('\n', page->file);
        print_block(page, section, block);
        before = block;
    }
}

/* All tables of metrics get the same columns, so that the four read as one. */
static void measure_metrics(struct page *page, const struct report *report)
{
    const struct report_table *last = NULL;

    for (unsigned s = 0; s < report->section_count; s++)
        for (unsigned b = 0; b < report->sections[s].block_count; b++) {
            const struct report_block *block = &report->sections[s].blocks[b];
            if (block->kind != REPORT_TABLE || block->table.layout != REPORT_METRICS)
                continue;
            last = &block->table;
            table_widen(&page->metrics, last);
        }
    if (last != NULL)
        table_fit(&page->metrics, last, RENDER_TEXT_WIDTH - INDENT);
}

/* A terminal shows the end of what it got, so what most want to see comes last. */
static const char *const last[] = {"guesses", "summary"};

enum { LAST = sizeof last / sizeof *last };

static bool is_last(const struct report_section *section, int index)
{
    return strcmp(section->id, last[index]) == 0;
}

static void print_report(struct page *page, const struct report *report)
{
    measure_metrics(page, report);
    for (unsigned s = 0; s < report->section_count; s++)
        if (!is_last(&report->sections[s], 0) && !is_last(&report->sections[s], 1))
            print_section(page, &report->sections[s]);
    for (int i = 0; i < LAST; i++)
        for (unsigned s = 0; s < report->section_count; s++)
            if (is_last(&report->sections[s], i))
                print_section(page, &report->sections[s]);
}

int render_text_as(FILE *file, const cJSON *document, bool has_color, bool has_utf8)
{
    struct page page = {.has_color = has_color, .has_utf8 = has_utf8};
    struct render_output output;
    struct report report;

    if (report_init(&report, document) != 0)
        return -1;
    clean_report(&report, has_utf8);
    if (report.is_failed || output_open(&output) != 0) {
        report_free(&report);
        errno = ENOMEM;
        return -1;
    }
    page.file = output.file;
    print_report(&page, &report);
    report_free(&report);
    return output_close(&output, file);
}

int render_text(FILE *file, const cJSON *document, bool has_color)
{
    return render_text_as(file, document, has_color, strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
}
