#include "bench/report/render_table.h"

#include <string.h>

#include "bench/report/render_number.h"
#include "bench/report/render_words.h"

/* Words that may be broken keep this much, and titles never ask for more than TITLE_MAX. */
enum { WORDS_MIN = 8, TITLE_MAX = 14, CELL_MAX = 200 };

void table_paint(FILE *file, enum report_tone tone, bool has_color, const char *text, size_t length)
{
    static const char *const codes[REPORT_TONES] = {
        [REPORT_STRONG] = "1", [REPORT_QUIET] = "2", [REPORT_BETTER] = "32",
        [REPORT_WORSE] = "31", [REPORT_SAME] = "2",  [REPORT_UNJUDGED] = "2",
    };
    bool is_painted = has_color && codes[tone] != NULL && length > 0;

    if (is_painted)
        fprintf(file, "\033[%sm", codes[tone]);
    fwrite(text, 1, length, file);
    if (is_painted)
        fputs("\033[0m", file);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

void table_widen(struct table_widths *widths, const struct report_table *table)
{
    unsigned shown = least(table->column_count, TABLE_COLUMNS_MAX);

    if (widths->count < shown)
        widths->count = shown;
    for (unsigned c = 0; c < shown; c++) {
        unsigned width = least(words_widest(table->columns[c].title), TITLE_MAX);
        for (unsigned row = 0; row < report_row_count(table); row++) {
            const char *text = table->cells[row * table->column_count + c].text;
            unsigned wanted = least(words_width(text), CELL_MAX);
            width = wanted > width ? wanted : width;
        }
        if (widths->columns[c] < width)
            widths->columns[c] = width;
    }
}

unsigned table_line_width(const struct table_widths *widths)
{
    unsigned width = 0;
    for (unsigned c = 0; c < widths->count; c++)
        width += widths->columns[c] + (c > 0 ? TABLE_GAP : 0);
    return width;
}

void table_fit(struct table_widths *widths, const struct report_table *table, unsigned room)
{
    while (table_line_width(widths) > room) {
        unsigned widest = widths->count;
        for (unsigned c = 0; c < widths->count; c++)
            if (!table->columns[c].is_number && widths->columns[c] > WORDS_MIN &&
                (widest == widths->count || widths->columns[c] > widths->columns[widest]))
                widest = c;
        if (widest < widths->count)
            widths->columns[widest]--;
        else
            widths->count--;
    }
}

/* A line on its way out: spaces are held back until something follows them. */
struct line {
    FILE *file;
    unsigned pending;
    bool has_color;
};

static void put(struct line *line, enum report_tone tone, const char *text, size_t length)
{
    if (length == 0)
        return;
    for (; line->pending > 0; line->pending--)
        fputc(' ', line->file);
    table_paint(line->file, tone, line->has_color, text, length);
}

/* One line of a cell, padded to the column's width. */
static void put_padded(struct line *line, enum report_tone tone, const char *text, size_t length,
                       unsigned width, bool is_right)
{
    char copy[4 * CELL_MAX + 1];
    size_t copied = length < sizeof copy ? length : sizeof copy - 1;

    memcpy(copy, text, copied);
    copy[copied] = '\0';
    unsigned used = least(words_width(copy), width);
    line->pending += is_right ? width - used : 0;
    put(line, tone, copy, copied);
    line->pending += is_right ? 0 : width - used;
}

struct row_cell {
    const char *rest; /* of its text, not yet printed */
    enum report_tone tone;
    unsigned skip; /* lines that it leaves empty first */
};

/* Prints the cells side by side, in as many lines as the tallest needs. */
static void print_row(FILE *file, const struct report_table *table,
                      const struct table_widths *widths, struct row_cell *row, unsigned indent,
                      bool has_color)
{
    for (bool is_more = true; is_more;) {
        struct line line = {.file = file, .pending = indent, .has_color = has_color};
        is_more = false;
        for (unsigned c = 0; c < widths->count; c++) {
            const char *start = row[c].rest;
            size_t length = 0;
            if (row[c].skip > 0)
                row[c].skip--;
            else
                length = words_line(&row[c].rest, widths->columns[c]);
            put_padded(&line, row[c].tone, start, length, widths->columns[c],
                       table->columns[c].is_number);
            line.pending += TABLE_GAP;
            is_more |= *row[c].rest != '\0';
        }
        fputc('\n', file);
    }
}

static unsigned line_count(const char *text, unsigned width)
{
    unsigned count = 0;
    for (; *text != '\0'; count++)
        words_line(&text, width);
    return count;
}

/* Titles stand on the line above their column, however many lines others take. */
static void print_titles(FILE *file, const struct report_table *table,
                         const struct table_widths *widths, unsigned indent, bool has_color)
{
    struct row_cell row[TABLE_COLUMNS_MAX];
    unsigned tallest = 0;

    for (unsigned c = 0; c < widths->count; c++) {
        unsigned count = line_count(table->columns[c].title, widths->columns[c]);
        tallest = count > tallest ? count : tallest;
    }
    for (unsigned c = 0; c < widths->count; c++) {
        const char *title = table->columns[c].title;
        row[c] =
            (struct row_cell){title, REPORT_QUIET, tallest - line_count(title, widths->columns[c])};
    }
    print_row(file, table, widths, row, indent, has_color);
}

void table_print(FILE *file, const struct report_table *table, const struct table_widths *widths,
                 unsigned indent, bool has_color)
{
    struct row_cell row[TABLE_COLUMNS_MAX];

    print_titles(file, table, widths, indent, has_color);
    for (unsigned r = 0; r < report_row_count(table); r++) {
        for (unsigned c = 0; c < widths->count; c++) {
            const struct report_cell *cell = &table->cells[r * table->column_count + c];
            row[c] = (struct row_cell){cell->text, cell->tone, 0};
        }
        print_row(file, table, widths, row, indent, has_color);
    }
}
