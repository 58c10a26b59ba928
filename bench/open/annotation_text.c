#include "bench/open/annotation_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/report/render_number.h"
#include "bench/report/render_output.h"
#include "bench/report/render_table.h"
#include "bench/report/render_text.h"
#include "bench/report/render_words.h"

enum { COLUMNS = 7, CELL_SIZE = 128 };
enum { INDENT = 2, HALF = (RENDER_TEXT_WIDTH - 2) / 2, COST_WIDTH = 8, NUMBER_WIDTH = 4 };

struct page {
    FILE *file;
    bool has_color, has_utf8;
};

static void print_title(const struct page *page, const char *title)
{
    table_paint(page->file, REPORT_STRONG, page->has_color, title, strlen(title));
    fputc('\n', page->file);
    for (unsigned i = 0; i < RENDER_TEXT_WIDTH; i++)
        fputs(page->has_utf8 ? "\u2500" : "-", page->file);
    fputc('\n', page->file);
}

/* Wrapped, behind two spaces. */
static void print_words(const struct page *page, const char *text)
{
    while (*text != '\0') {
        const char *start = text;
        size_t length = words_line(&text, RENDER_TEXT_WIDTH - INDENT);
        fprintf(page->file, "%*s", INDENT, "");
        table_paint(page->file, REPORT_QUIET, page->has_color, start, length);
        fputc('\n', page->file);
    }
}

/* Whole instructions are enough, but for what is less than ten of them. */
static double rounded(double ir)
{
    return ir >= 10 ? rint(ir) : ir;
}

/* The functions' table, with the texts of its cells. */
struct cells {
    struct report_column columns[COLUMNS];
    struct report_cell cells[ANNOTATION_FUNCTIONS * COLUMNS];
    char texts[ANNOTATION_FUNCTIONS * COLUMNS][CELL_SIZE];
    unsigned count;
};

static void add_cell(const struct page *page, struct cells *cells, enum report_tone tone,
                     const char *text)
{
    char *clean = words_clean(text, page->has_utf8);
    snprintf(cells->texts[cells->count], CELL_SIZE, "%s", clean != NULL ? clean : "");
    free(clean);
    cells->cells[cells->count] = (struct report_cell){cells->texts[cells->count], NULL, tone};
    cells->count++;
}

static void add_pair(const struct page *page, struct cells *cells, const double ir[SIDES])
{
    char text[RENDER_NUMBER_SIZE];
    double ratio = ir[FIXED] > 0 ? ir[NAIVE] / ir[FIXED] : ir[NAIVE] > 0 ? INFINITY : NAN;
    enum report_tone tone = ratio > 1.01   ? REPORT_BETTER
                            : ratio < 0.99 ? REPORT_WORSE
                                           : REPORT_SAME; /* of what is no number, too */

    add_cell(page, cells, REPORT_PLAIN, render_count(text, rounded(ir[NAIVE])));
    add_cell(page, cells, REPORT_PLAIN, render_count(text, rounded(ir[FIXED])));
    add_cell(page, cells, tone, render_ratio(text, ratio));
}

static void print_functions(const struct page *page, const struct annotation *annotation)
{
    char heads[2 * SIDES][64];
    for (int i = 0; i < 2 * SIDES; i++)
        snprintf(heads[i], sizeof heads[i], "%s %s", annotation->names[i % SIDES],
                 i < SIDES ? "with calls" : "itself");
    const struct report_column columns[COLUMNS] = {
        {"function", false}, {heads[0], true}, {heads[1], true}, {"ratio", true},
        {heads[2], true},    {heads[3], true}, {"ratio", true},
    };
    struct cells cells = {.count = 0};
    struct table_widths widths = {.count = 0};

    memcpy(cells.columns, columns, sizeof columns);
    for (uint32_t i = 0; i < annotation->function_count && i < ANNOTATION_FUNCTIONS; i++) {
        const struct annotation_function *function = &annotation->functions[i];
        const bool has_file = function->file[0] != '\0' && strcmp(function->file, "???") != 0;
        char name[CELL_SIZE];
        snprintf(name, sizeof name, has_file ? "%.60s (%.30s)" : "%.60s", function->name,
                 function->file);
        add_cell(page, &cells, REPORT_PLAIN, name);
        add_pair(page, &cells, function->inclusive_ir);
        add_pair(page, &cells, function->self_ir);
    }
    const struct report_table table = {
        .columns = cells.columns,
        .cells = cells.cells,
        .column_count = COLUMNS,
        .cell_count = cells.count,
    };
    table_widen(&widths, &table);
    table_fit(&widths, &table, RENDER_TEXT_WIDTH - INDENT);
    table_print(page->file, &table, &widths, INDENT, page->has_color);
}

/* One half of a line: number, cost with calls, source; padded to HALF. -1 if memory ran out. */
static int print_half(const struct page *page, const struct annotation_side *side, uint32_t index,
                      bool is_padded)
{
    char number[RENDER_NUMBER_SIZE];
    unsigned used = 0;

    if (index < side->line_count) {
        const struct annotation_line *line = &side->lines[index];
        char *text = words_clean(line->text, page->has_utf8);
        if (text == NULL)
            return -1;
        const char *rest = text;
        /* not words_line(): the line of a program is cut where the room ends */
        while (*rest != '\0' && used < HALF - NUMBER_WIDTH - COST_WIDTH - 2 * TABLE_GAP) {
            words_next(&rest);
            used++;
        }
        render_count(number, rounded(line->all_ir));
        fprintf(page->file, "%*u%*s%*s%*s", NUMBER_WIDTH, line->number, TABLE_GAP, "", COST_WIDTH,
                number, TABLE_GAP, "");
        fwrite(text, 1, (size_t)(rest - text), page->file);
        used += NUMBER_WIDTH + COST_WIDTH + 2 * TABLE_GAP;
        free(text);
    }
    fprintf(page->file, "%*s", is_padded ? (int)(HALF + 2 - used) : 0, "");
    return 0;
}

static int print_lines(const struct page *page, const struct annotation *annotation)
{
    const struct annotation_side *naive = &annotation->sides[NAIVE],
                                 *fixed = &annotation->sides[FIXED];
    uint32_t count = naive->line_count > fixed->line_count ? naive->line_count : fixed->line_count;

    for (int side = 0; side < SIDES; side++)
        fprintf(page->file, "%*s  %*s  %-*s", NUMBER_WIDTH, "line", COST_WIDTH,
                annotation->is_pair ? "Ir" : "Ir/rec.",
                side == NAIVE ? HALF + 2 - NUMBER_WIDTH - COST_WIDTH - 4 : 0,
                annotation->names[side]);
    fputc('\n', page->file);
    for (uint32_t i = 0; i < count && i < ANNOTATION_LINES; i++) {
        if (print_half(page, naive, i, i < fixed->line_count) != 0 ||
            print_half(page, fixed, i, false) != 0)
            return -1;
        fputc('\n', page->file);
    }
    return 0;
}

static void print_remarks(const struct page *page, const struct annotation *annotation)
{
    char text[4096];

    for (int s = 0; s < SIDES; s++) {
        const struct annotation_side *side = &annotation->sides[s];
        if (side->source[0] == '\0' && annotation->is_pair)
            snprintf(text, sizeof text,
                     "%s has no debug information whose sources are here: build it with -g to see "
                     "its lines.",
                     side->name);
        else if (side->source[0] == '\0')
            snprintf(text, sizeof text, "The source of %s cannot be read: lines have no text.",
                     side->path);
        else if (side->is_newer)
            snprintf(text, sizeof text,
                     "%s was changed after this was measured: lines may not fit. `make compare` "
                     "measures anew.",
                     side->source);
        else
            continue;
        char *clean = words_clean(text, page->has_utf8);
        if (clean != NULL)
            print_words(page, clean);
        free(clean);
    }
}

static void print_summary(const struct page *page, const struct annotation *annotation, int lesson)
{
    char title[256], count[SIDES][RENDER_NUMBER_SIZE];

    for (int side = 0; side < SIDES; side++)
        render_count(count[side], annotation->is_pair
                                      ? (double)annotation->sides[side].profile.total_ir
                                      : annotation->sides[side].records);
    snprintf(title, sizeof title,
             annotation->is_pair ? "%sinstructions (callgrind): %s %s, %s %s"
                                 : "%s: instructions a record (callgrind, %s records %s, %s %s)",
             annotation->is_pair ? "" : lesson_id(lesson), count[NAIVE], annotation->names[NAIVE],
             count[FIXED], annotation->names[FIXED]);
    print_title(page, title);
    print_functions(page, annotation);
    print_words(page,
                annotation->is_pair
                    ? "What costs most on either side. Ratio is the first by the second: above "
                      "1 the second is cheaper. Where a command starts others, its largest "
                      "process."
                    : "Of all that processing a record reaches, what costs most on either "
                      "side. Ratio is naive / fixed: above 1 the fixed side is cheaper.");
    if (!annotation->is_pair && lesson_rows[lesson].measures.subject != LESSON_OF_WORK)
        print_words(page, "Callgrind counts neither waiting nor threads, which this fix is about: "
                          "what it is worth stands in compare.md.");
}

int annotation_print(FILE *file, const struct annotation *annotation, int lesson, bool has_color,
                     bool has_utf8)
{
    struct page page = {.has_color = has_color, .has_utf8 = has_utf8};
    struct render_output output;
    char title[256];

    if (output_open(&output) != 0)
        return -1;
    page.file = output.file;
    print_summary(&page, annotation, lesson);
    fputc('\n', page.file);
    if (annotation->is_pair)
        snprintf(title, sizeof title, "the lines that cost most, what they call included");
    else
        snprintf(title, sizeof title,
                 "naive/%s and fixed/%s: the lines that cost most, what they call included",
                 lesson_rows[lesson].file, lesson_rows[lesson].file);
    print_title(&page, title);
    int status = print_lines(&page, annotation);
    print_remarks(&page, annotation);
    if (output_close(&output, file) != 0)
        return -1;
    if (status != 0)
        errno = ENOMEM;
    return status;
}
