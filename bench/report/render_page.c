#include "bench/report/render_page.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/readers/json.h"
#include "bench/readers/whole_file.h"
#include "bench/report/evidence.h"
#include "bench/report/render_escape.h"
#include "bench/report/render_output.h"
#include "bench/report/render_report.h"

/* page_parts.S; NUL-terminated */
extern const char page_html[], page_style[], page_script[], page_licences[];

/* What fills the slots. */
struct page {
    const struct report *report;
    const char *json, *evidence;
};

/* The class of a tone, and the sign that says the same without colour. */
static const struct {
    const char *class, *sign;
} tones[REPORT_TONES] = {
    [REPORT_PLAIN] = {"plain", ""},        [REPORT_STRONG] = {"strong", ""},
    [REPORT_QUIET] = {"quiet", ""},        [REPORT_BETTER] = {"better", "\u2713"},
    [REPORT_WORSE] = {"worse", "\u2717"},  [REPORT_SAME] = {"same", "\u2248"},
    [REPORT_UNJUDGED] = {"unjudged", "?"}, [REPORT_LINK] = {"link", ""},
};

static void print_verdict(FILE *file, enum report_tone tone, const char *text)
{
    fprintf(file, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> ",
            tones[tone].class, tones[tone].sign);
    escape_html(file, text);
    fputs("</span>", file);
}

static bool is_verdict(const struct report_cell *cell)
{
    return tones[cell->tone].sign[0] != '\0' && strcmp(cell->text, report_verdict(cell->tone)) == 0;
}

static void print_cell(FILE *file, const struct report_table *table, unsigned index)
{
    const struct report_cell *cell = &table->cells[index];
    unsigned c = index % table->column_count;
    const char *element = c == 0 ? "th" : "td";

    fprintf(file, "<%s%s class=\"%s%s\" data-title=\"", element, c == 0 ? " scope=\"row\"" : "",
            tones[cell->tone].class, table->columns[c].is_number ? " number" : "");
    escape_html(file, table->columns[c].title); /* shown where titles have no room above */
    fputs("\">", file);
    if (is_verdict(cell)) {
        print_verdict(file, cell->tone, cell->text);
    } else if (cell->tone == REPORT_LINK) {
        fputs("<a href=\"", file);
        escape_path(file, cell->text);
        fputs("\">", file);
        escape_html(file, cell->text);
        fputs("</a>", file);
    } else {
        escape_html(file, cell->text);
    }
    if (cell->detail != NULL) {
        fputs(" <span class=\"detail\">", file);
        escape_html(file, cell->detail);
        fputs("</span>", file);
    }
    fprintf(file, "</%s>", element);
}

/* Wide tables scroll inside of their own frame, which the keyboard reaches too. */
static void print_table(FILE *file, const struct report_table *table)
{
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", file);
    escape_html(file, table->caption);
    fprintf(file, "\">\n<table%s>\n<caption>",
            table->layout == REPORT_METRICS ? " class=\"metrics\"" : "");
    escape_html(file, table->caption);
    fputs("</caption>\n<thead>\n<tr>", file);
    for (unsigned c = 0; c < table->column_count; c++) {
        fprintf(file, "<th scope=\"col\"%s>",
                table->columns[c].is_number ? " class=\"number\"" : "");
        escape_html(file, table->columns[c].title);
        fputs("</th>", file);
    }
    fputs("</tr>\n</thead>\n<tbody>\n", file);
    for (unsigned row = 0; row < report_row_count(table); row++) {
        fputs("<tr>", file);
        for (unsigned c = 0; c < table->column_count; c++)
            print_cell(file, table, row * table->column_count + c);
        fputs("</tr>\n", file);
    }
    fputs("</tbody>\n</table>\n</div>\n", file);
}

static void print_block(FILE *file, const struct report_block *block)
{
    switch (block->kind) {
    case REPORT_TERM:
        fputs("<dt>", file);
        escape_html(file, block->term);
        fputs("</dt><dd>", file);
        escape_html(file, block->text);
        fputs("</dd>\n", file);
        break;
    case REPORT_POINT:
        fputs("<li>", file);
        escape_html(file, block->text);
        fputs("</li>\n", file);
        break;
    case REPORT_PARAGRAPH:
        fprintf(file, "<p class=\"%s\">", tones[block->tone].class);
        escape_html(file, block->text);
        fputs("</p>\n", file);
        break;
    case REPORT_TABLE:
        print_table(file, &block->table);
        break;
    }
}

/* The list that a kind of block stands in, or "". */
static const char *list_of(enum report_kind kind)
{
    return kind == REPORT_TERM ? "dl" : kind == REPORT_POINT ? "ul" : "";
}

static void print_blocks(FILE *file, const struct report_section *section)
{
    const char *list = "";

    for (unsigned i = 0; i <= section->block_count; i++) {
        const struct report_block *block = i < section->block_count ? &section->blocks[i] : NULL;
        const char *wanted = block != NULL ? list_of(block->kind) : "";
        if (block != NULL && !report_is_shown(section, block, REPORT_ON_PAGE))
            continue;
        if (strcmp(list, wanted) != 0) {
            if (list[0] != '\0')
                fprintf(file, "</%s>\n", list);
            if (wanted[0] != '\0')
                fprintf(file, "<%s>\n", wanted);
            list = wanted;
        }
        if (block != NULL)
            print_block(file, block);
    }
}

static void print_section(FILE *file, const struct report_section *section, const char *title)
{
    if (!report_is_section_shown(section, REPORT_ON_PAGE))
        return;
    fprintf(file, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">",
            section->id, section->id, section->id);
    escape_html(file, title);
    if (section->verdict != NULL) {
        fputc(' ', file);
        print_verdict(file, section->tone, section->verdict);
    }
    fputs("</h2>\n", file);
    if (section->aside != NULL) {
        fputs("<p class=\"aside\">", file);
        escape_html(file, section->aside);
        fputs("</p>\n", file);
    }
    print_blocks(file, section);
    fputs("</section>\n", file);
}

static void print_link(FILE *file, const struct report_section *section, const char *title)
{
    if (!report_is_section_shown(section, REPORT_ON_PAGE))
        return;
    fprintf(file, "<li><a href=\"#%s\">", section->id);
    escape_html(file, title);
    fputs("</a></li>\n", file);
}

/* The first section names the page; what it says of the run comes last. */
typedef void print_titled(FILE *file, const struct report_section *section, const char *title);

static void print_all(FILE *file, const struct report *report, print_titled *print)
{
    for (unsigned i = 1; i < report->section_count; i++)
        print(file, &report->sections[i], report->sections[i].title);
    struct report_section run = report->sections[0];
    run.aside = NULL; /* stands below the page's title */
    print(file, &run, "How it was measured");
}

static bool is_slot(const char *slot, const char *name)
{
    return strncmp(slot, name, strlen(name)) == 0 &&
           strncmp(slot + strlen(name), "}}", strlen("}}")) == 0;
}

static void fill_slot(FILE *file, const char *slot, const struct page *page)
{
    const struct report *report = page->report;
    const struct report_section *run = &report->sections[0];

    if (is_slot(slot, "title"))
        escape_html(file, run->title);
    else if (is_slot(slot, "aside"))
        escape_html(file, run->aside);
    else if (is_slot(slot, "links"))
        print_all(file, report, print_link);
    else if (is_slot(slot, "sections"))
        print_all(file, report, print_section);
    else if (is_slot(slot, "json"))
        escape_script(file, page->json);
    else if (is_slot(slot, "evidence"))
        escape_script(file, page->evidence);
    else if (is_slot(slot, "style"))
        fputs(page_style, file);
    else if (is_slot(slot, "script"))
        fputs(page_script, file);
    else if (is_slot(slot, "licences"))
        escape_lines(file, page_licences);
    else
        assert(!"a slot that page.html may have");
}

static void print_page(FILE *file, const struct page *page)
{
    const char *at = page_html, *slot;

    while ((slot = strstr(at, "{{")) != NULL) {
        fwrite(at, 1, (size_t)(slot - at), file);
        slot += strlen("{{");
        fill_slot(file, slot, page);
        at = strstr(slot, "}}") + strlen("}}");
    }
    fputs(at, file);
}

static int render(FILE *file, const cJSON *document, struct page *page)
{
    struct render_output output;
    struct report report;

    if (report_init(&report, document) != 0)
        return -1;
    page->report = &report;
    int status = output_open(&output);
    if (status == 0) {
        print_page(output.file, page);
        status = output_close(&output, file);
    }
    report_free(&report);
    return status;
}

int render_page(FILE *file, const cJSON *document, const cJSON *evidence)
{
    char *json = json_print(document, true);
    char *evidence_json = evidence != NULL ? json_print(evidence, false) : strdup("null");
    struct page page = {NULL, json, evidence_json};
    int status = -1;

    if (json != NULL && evidence_json != NULL)
        status = render(file, document, &page);
    else
        errno = ENOMEM;
    free(json); /* cJSON's are from malloc(), too */
    free(evidence_json);
    return status;
}

struct documents {
    const cJSON *document, *evidence;
};

static int write_documents(FILE *file, const void *context)
{
    const struct documents *both = context;
    return render_page(file, both->document, both->evidence);
}

int render_page_file(const char *path, const char *folder, const cJSON *document)
{
    cJSON *evidence = evidence_new(folder, document);
    const struct documents both = {document, evidence};
    int status = whole_file_write(path, write_documents, &both);
    int problem = errno;

    cJSON_Delete(evidence);
    errno = problem;
    return status;
}
