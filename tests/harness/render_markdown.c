/* render_markdown.c - compare.md: tables that GitHub reads as such, and nothing that it acts on. */
#include "bench/report/render_markdown.h"

#include "tests/harness/rendering.h"

/* Bars that are not escaped. */
static unsigned bar_count(const char *line, size_t length)
{
    unsigned count = 0;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\\')
            i++;
        else
            count += line[i] == '|';
    }
    return count;
}

/* All lines of a table have as many cells as its titles, and it stands between empty lines. */
static void expect_tables(const char *rendered)
{
    unsigned wanted = 0;

    for (const char *line = rendered; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        unsigned bars = line[0] == '|' ? bar_count(line, length) : 0;
        cr_assert_eq(line[length], '\n');
        if (wanted != 0 && bars != 0)
            cr_assert_eq(bars, wanted, "%.*s", (int)length, line);
        else
            cr_assert(wanted == 0 || length == 0, "%.*s", (int)length, line);
        wanted = bars;
        line += length + 1;
    }
}

static unsigned count_of(const char *text, const char *piece)
{
    unsigned count = 0;
    for (; (text = strstr(text, piece)) != NULL; text += strlen(piece))
        count++;
    return count;
}

/* The only markup of HTML is what the details stand in. */
static void expect_harmless(const char *rendered)
{
    expect_tables(rendered);
    unsigned marks = count_of(rendered, "<br><sub>") * 2 + count_of(rendered, "</sub>");
    cr_expect_eq(count_of(rendered, "<"), marks);
    cr_expect_eq(count_of(rendered, "@"), 0);
    cr_expect_null(strpbrk(rendered, "\033\r\b"));
}

Test(render_markdown, has_whole_tables)
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_markdown, document);

    expect_harmless(rendered);
    cr_expect_geq(count_of(rendered, "\n| --- |"), 12);
    cr_expect_geq(count_of(rendered, "\n## "), 10);
    free(rendered);
    cJSON_Delete(document);
}

Test(render_markdown, is_not_fooled_by_names)
{
    static const char *const texts[] = {
        "| a || b |\n| --- |",
        "</sub></td><script>alert(1)</script>",
        "](javascript:alert(1)) ![x](y)",
        "\\",
        "\\|",
        "```\n# title",
        "@everyone \033[31m",
        "\n\n- - -\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cJSON *document = rendering_load_with_texts(texts[i]);
        char *rendered = rendering_of(render_markdown, document);
        expect_harmless(rendered);
        free(rendered);
        cJSON_Delete(document);
    }
}

Test(render_markdown, ends_with_how_to_read_and_repeat_it)
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render_markdown, document);
    const char *reading = strstr(rendered, "\n## How to read this\n");

    cr_assert_not_null(reading);
    cr_expect_not_null(strstr(reading, "\n- **command** make compare\n"));
    cr_expect_not_null(strstr(reading, "\n- **machine** AMD EPYC 7B13, 2 CPUs, 7.76 GiB; "));
    cr_expect_not_null(strstr(reading, "valgrind-3.19.0"));
    free(rendered);
    cJSON_Delete(document);
}

static bool is_left_out(const cJSON *item, const char *path)
{
    static const char *const parts[] = {".shares.", ".curves[", ".interactions[", "schema_version",
                                        ".saving"};
    const cJSON *list = item;

    if (rendering_is_load_detail(path))
        return true;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(path, parts[i]) != NULL && strstr(path, ".fit.") == NULL)
            return true;
    if (strncmp(path, ".noise", 6) == 0 || strncmp(path, ".floor", 6) == 0)
        return rendering_ends_with(path, ".rounds") || rendering_ends_with(path, ".blocks") ||
               rendering_ends_with(path, ".confidence");
    while (list->prev != NULL && list->prev->next != NULL)
        list = list->prev;
    for (; list != NULL; list = list->next)
        if (list->string != NULL && strcmp(list->string, "exact") == 0 && cJSON_IsTrue(list))
            return strstr(path, ".ci_") != NULL;
    /* one round needs no mention, and has no confidence */
    return rendering_ends_with(path, ".rounds") && item->valuedouble == 1;
}

Test(render_markdown, shows_each_number_of_the_document, .timeout = 600)
{
    rendering_try_changes(render_markdown, is_left_out);
}

Test(render_markdown, shows_no_number_of_its_own)
{
    char *rendered = rendering_without_numbers(render_markdown);

    rendering_blank(rendered, "above 1 the");
    rendering_blank(rendered, "expects 1 / (1 - p) of");
    rendering_blank(rendered, "100 ms waited");
    rendering_blank(rendered, "32 MiB");
    rendering_blank(rendered, " p50 ");
    rendering_blank(rendered, " p99 ");
    rendering_blank(rendered, " p99.9 ");
    rendering_blank(rendered, " p99 of fewer");
    for (char *at = rendered; (at = strstr(at, "&#64;")) != NULL; at += 5)
        memset(at, ' ', 5);
    cr_expect_eq(strcspn(rendered, "0123456789"), strlen(rendered), "%.80s",
                 rendered + strcspn(rendered, "0123456789"));
    free(rendered);
}

Test(render_markdown, renders_whatever_is_in_the_document, .timeout = 600)
{
    rendering_try_missing(render_markdown, expect_harmless);
    rendering_try_kinds(render_markdown, 1, expect_harmless);
}

Test(render_markdown, reports_a_write_error)
{
    rendering_try_errors(render_markdown);
}
