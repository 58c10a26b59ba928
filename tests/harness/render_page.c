/* render_page.c - index.html: well-formed, alone, and as harmless as the names in it are not. */
#include "bench/report/render_page.h"

#include "tests/harness/rendering.h"

enum { DEPTH_MAX = 64 };

struct markup {
    const char *at, *start;
    struct {
        const char *name;
        size_t length;
    } open[DEPTH_MAX];
    unsigned depth;
    unsigned table_count, caption_count;
};

static bool is_name(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
}

static size_t name_length(const char *at)
{
    size_t length = 0;
    while (is_name(at[length]))
        length++;
    return length;
}

static bool is_called(const char *name, size_t length, const char *wanted)
{
    return length == strlen(wanted) && strncmp(name, wanted, length) == 0;
}

/* An `&` that is text has to be one of the entities that XML has, or a number. */
static void check_entity(struct markup *markup)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strncmp(markup->at, entities[i], strlen(entities[i])) == 0) {
            markup->at += strlen(entities[i]);
            return;
        }
    cr_assert_fail("a bare &: %.40s", markup->at);
}

/* name="value", with a space before it. */
static void check_attribute(struct markup *markup)
{
    size_t length = name_length(markup->at);
    cr_assert_gt(length, 0, "no attribute: %.40s", markup->at);
    cr_assert_neq(strncmp(markup->at, "on", 2), 0, "an event: %.40s", markup->at);
    markup->at += length;
    cr_assert_eq(strncmp(markup->at, "=\"", 2), 0, "no value: %.40s", markup->at);
    markup->at += 2;
    while (*markup->at != '"') {
        cr_assert_neq(*markup->at, '\0');
        cr_assert_neq(*markup->at, '<');
        if (*markup->at == '&')
            check_entity(markup);
        else
            markup->at++;
    }
    markup->at++;
}

/* What a table needs to be read aloud. */
static void check_table(struct markup *markup, const char *name, size_t length, const char *tag)
{
    const char *end = strchr(tag, '>');
    markup->table_count += is_called(name, length, "table");
    markup->caption_count += is_called(name, length, "caption");
    if (is_called(name, length, "th")) {
        const char *scope = strstr(tag, " scope=\"");
        cr_assert(scope != NULL && scope < end, "no scope: %.40s", tag);
    }
}

static void check_tag(struct markup *markup)
{
    const char *tag = markup->at, *name = ++markup->at;
    bool is_end = *name == '/';

    name += is_end;
    size_t length = name_length(name);
    cr_assert_gt(length, 0, "a bare <: %.40s", tag);
    markup->at = name + length;
    if (is_end) {
        cr_assert_gt(markup->depth, 0);
        markup->depth--;
        cr_assert(length == markup->open[markup->depth].length &&
                      strncmp(name, markup->open[markup->depth].name, length) == 0,
                  "%.20s closes %.20s", name, markup->open[markup->depth].name);
        cr_assert_eq(*markup->at++, '>');
        return;
    }
    check_table(markup, name, length, tag);
    while (*markup->at == ' ') {
        markup->at++;
        if (*markup->at != '/')
            check_attribute(markup);
    }
    if (strncmp(markup->at, "/>", 2) == 0) {
        markup->at += 2;
        return;
    }
    cr_assert_eq(*markup->at++, '>', "%.40s", tag);
    cr_assert_lt(markup->depth, DEPTH_MAX);
    markup->open[markup->depth].name = name;
    markup->open[markup->depth++].length = length;
    /* CSS and JSON have no markup in them, and must not look as if they had */
    if (is_called(name, length, "style") || is_called(name, length, "script")) {
        const char *end = strchr(markup->at, '<');
        cr_assert_not_null(end);
        cr_assert(is_called(name, length, "style") ||
                      memchr(markup->at, '&', (size_t)(end - markup->at)) == NULL,
                  "a bare & in a script");
        markup->at = end;
    }
}

/* A reader of the part of XML that the page uses; it takes nothing else. */
static void expect_well_formed(const char *page)
{
    static const char doctype[] = "<!DOCTYPE html>\n";
    struct markup markup = {.at = page + strlen(doctype), .start = page};

    cr_assert_eq(strncmp(page, doctype, strlen(doctype)), 0);
    while (*markup.at != '\0') {
        if (*markup.at == '<')
            check_tag(&markup);
        else if (*markup.at == '&')
            check_entity(&markup);
        else
            cr_assert(*markup.at != '>' &&
                          (*markup.at >= ' ' || *markup.at < 0 || *markup.at == '\n'),
                      "a bare >: %.40s", markup.at++);
        if (*markup.at != '<' && *markup.at != '&' && *markup.at != '\0')
            markup.at++;
    }
    cr_assert_eq(markup.depth, 0);
    cr_assert_eq(markup.table_count, markup.caption_count);
}

static unsigned count_of(const char *text, const char *piece)
{
    unsigned count = 0;
    for (; (text = strstr(text, piece)) != NULL; text += strlen(piece))
        count++;
    return count;
}

/* Where a piece of the page starts and ends: what stands between two texts. */
static const char *find_between(const char *page, const char *open, const char *close,
                                size_t *length)
{
    const char *start = strstr(page, open);
    cr_assert_not_null(start, "no %s", open);
    start += strlen(open);
    const char *end = strstr(start, close);
    cr_assert_not_null(end, "no %s behind %s", close, open);
    *length = (size_t)(end - start);
    return start;
}

static int render_alone(FILE *file, const cJSON *document)
{
    return render_page(file, document, NULL);
}

/* The parts that are the same in each page: as the build made them, not drawn from a document. */
static const struct {
    const char *open, *close;
} own_parts[] = {{"<style>", "</style>"},
                 {"<summary>Licences of what this page contains</summary>\n<pre>", "</pre>"},
                 {"<script id=\"program\">", "</script>"}};

/* The page without them. */
static int render_drawn(FILE *file, const cJSON *document)
{
    char *page = rendering_of(render_alone, document);
    const char *at = page;
    size_t length;

    for (size_t i = 0; i < sizeof own_parts / sizeof *own_parts; i++) {
        const char *part = find_between(at, own_parts[i].open, own_parts[i].close, &length);
        fwrite(at, 1, (size_t)(part - at), file);
        at = part + length;
    }
    fputs(at, file);
    free(page);
    return 0;
}

/* Where the embedded JSON starts, and its length. */
static const char *find_json(const char *page, size_t *length)
{
    static const char open[] = "<script type=\"application/json\" id=\"compare\">\n";
    const char *json = strstr(page, open);
    cr_assert_not_null(json);
    json += strlen(open);
    *length = strcspn(json, "<");
    return json;
}

/* Well-formed, and with no more elements that do something than the skeleton has. */
static void expect_harmless(const char *page)
{
    expect_well_formed(page);
    cr_expect_eq(count_of(page, "<script"), 3);
    cr_expect_eq(count_of(page, "<style"), 1);
    cr_expect_eq(count_of(page, "<img") + count_of(page, "<iframe") + count_of(page, "<link"), 0);
    cr_expect_eq(count_of(page, "src=") + count_of(page, "url(") + count_of(page, "@import"), 0);
    cr_expect_eq(count_of(page, "href=\"javascript:"), 0);
    cr_expect_eq(count_of(page, "{{"), 0, "a slot was not filled");
}

/* The build's own parts end where they should, and ask for nothing from outside. */
Test(render_page, has_a_program_and_a_style_of_its_own)
{
    cJSON *document = rendering_load();
    char *page = rendering_of(render_alone, document);

    for (size_t i = 0; i < sizeof own_parts / sizeof *own_parts; i++) {
        size_t length;
        const char *start = find_between(page, own_parts[i].open, own_parts[i].close, &length);
        char *part = strndup(start, length);
        cr_expect_gt(length, 1000, "%s", own_parts[i].open);
        cr_expect_leq(count_of(part, "]]>"), 1, "%s", own_parts[i].open); /* at its end */
        cr_expect_eq(count_of(part, "<script") + count_of(part, "<!--"), 0);
        cr_expect_eq(count_of(part, "@import") + count_of(part, "url("), 0);
        free(part);
    }
    cr_expect_not_null(strstr(page, "prefers-color-scheme"));
    cr_expect_not_null(strstr(page, "Chart.js v3"), "its licence stays in the script");
    free(page);
    cJSON_Delete(document);
}

/* Evidence stands in the page whatever is in it. */
static int render_with_evidence(FILE *file, const cJSON *document)
{
    cJSON *evidence = cJSON_CreateObject();
    cJSON_AddStringToObject(evidence, "text", "</script><script>alert(1)</script><!--");
    int status = render_page(file, document, evidence);
    cJSON_Delete(evidence);
    return status;
}

Test(render_page, holds_the_evidence)
{
    cJSON *document = rendering_load();
    char *page = rendering_of(render_with_evidence, document);
    size_t length;
    const char *start = find_between(page, "<script type=\"application/json\" id=\"evidence\">\n",
                                     "</script>", &length);
    cJSON *evidence = cJSON_ParseWithLength(start, length);

    cr_assert_not_null(evidence);
    cr_expect_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(evidence, "text")),
                     "</script><script>alert(1)</script><!--");
    cJSON_Delete(evidence);
    free(page);
    cJSON_Delete(document);
}

/* The document's own words are allowed to say anything. */
Test(render_page, needs_nothing_else)
{
    cJSON *document = rendering_load();
    char *page = rendering_of(render_drawn, document);

    expect_harmless(page);
    cr_expect_eq(count_of(page, "http:") + count_of(page, "https:"), 0);
    cr_expect_gt(count_of(page, "<table"), 15);
    cr_expect_not_null(strstr(page, "<html lang=\"en\">"));
    free(page);
    cJSON_Delete(document);
}

Test(render_page, is_not_fooled_by_names)
{
    static const char *const texts[] = {
        "</script><script>alert(1)</script>",
        "\"'><img onerror=alert(1)>&",
        "<!--<script>-->",
        "]]></style></title>",
        "&lt;&#x3c;script&#x3e;",
        "javascript:alert(1)",
        "\" onclick=\"alert(1)",
        "\033[31m\r\n\x7f\xc2\x9b\u2028\u202e",
        "\xff\xfe \xc0\xbc \xe2\x80",
        "\xf0\x9f\x98",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cJSON *document = rendering_load_with_texts(texts[i]);
        char *page = rendering_of(render_drawn, document);
        expect_well_formed(page);
        cr_expect_eq(count_of(page, "<script"), 3, "%s", texts[i]);
        cr_expect_eq(count_of(page, "<img"), 0, "%s", texts[i]);
        cr_expect_eq(count_of(page, "<!--"), 0, "%s", texts[i]);
        cr_expect_eq(count_of(page, "href=\"javascript:"), 0, "%s", texts[i]);
        cr_expect_null(strchr(page, '\xff'));
        free(page);
        cJSON_Delete(document);
    }
}

static void expect_json(cJSON *document)
{
    char *page = rendering_of(render_alone, document);
    size_t length;
    const char *json = find_json(page, &length);
    cJSON *embedded = cJSON_ParseWithLength(json, length);

    cr_assert_not_null(embedded);
    cr_expect(cJSON_Compare(document, embedded, true));
    cJSON_Delete(embedded);
    cJSON_Delete(document);
    free(page);
}

Test(render_page, holds_the_document)
{
    expect_json(rendering_load());
    expect_json(rendering_load_with_texts("</script><!-- & \" \\ \u2028 \u00e9"));
}

/* The page without the JSON in it, which would show any number. */
static int render_visible(FILE *file, const cJSON *document)
{
    char *page = rendering_of(render_drawn, document);
    size_t length;
    const char *json = find_json(page, &length);

    fwrite(page, 1, (size_t)(json - page), file);
    fputs(json + length, file);
    free(page);
    return 0;
}

static bool is_left_out(const cJSON *item, const char *path)
{
    static const char *const parts[] = {".shares.", ".interactions[", "schema_version", ".saving"};
    const cJSON *list = item;

    if (rendering_is_load_detail(path))
        return true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(path, parts[i]) != NULL)
            return true;
    if (strncmp(path, ".noise", 6) == 0 || strncmp(path, ".floor", 6) == 0)
        return rendering_ends_with(path, ".rounds") || rendering_ends_with(path, ".blocks") ||
               rendering_ends_with(path, ".confidence");
    while (list->prev != NULL && list->prev->next != NULL)
        list = list->prev;
    for (; list != NULL; list = list->next)
        if (list->string != NULL && strcmp(list->string, "exact") == 0 && cJSON_IsTrue(list))
            return strstr(path, ".ci_") != NULL;
    return rendering_ends_with(path, ".rounds") && item->valuedouble == 1;
}

Test(render_page, shows_each_number_of_the_document, .timeout = 600)
{
    rendering_try_changes(render_visible, is_left_out);
}

/* A verdict is a sign and a word, whatever its colour. */
Test(render_page, says_verdicts_in_words)
{
    static const struct {
        const char *class, *words;
    } verdicts[] = {{"better", "better"},
                    {"worse", "worse"},
                    {"same", "no difference"},
                    {"unjudged", "not judged"}};
    cJSON *document = rendering_load();
    cJSON *lesson = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "lessons"), 0);
    cJSON_ReplaceItemInObject(lesson, "verdict", cJSON_CreateString("worse"));
    char *page = rendering_of(render_alone, document), start[64];

    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        unsigned count = 0;
        snprintf(start, sizeof start, "<span class=\"verdict %s\">", verdicts[i].class);
        for (const char *at = page; (at = strstr(at, start)) != NULL; count++) {
            const char *text = strstr(at, "</span> ") + strlen("</span> ");
            cr_expect_eq(strncmp(text, verdicts[i].words, strlen(verdicts[i].words)), 0, "%.40s",
                         text);
            at = text;
        }
        cr_expect_gt(count, 0, "%s", verdicts[i].words);
    }
    free(page);
    cJSON_Delete(document);
}

Test(render_page, links_to_the_files_beside_it)
{
    cJSON *document = rendering_load();
    char *page = rendering_of(render_alone, document);

    cr_expect_not_null(strstr(page, "<a href=\"raw/callgrind.out.key.naive\">"
                                    "raw/callgrind.out.key.naive</a>"));
    cr_expect_not_null(strstr(page, "<a href=\"compare.json\">"));
    free(page);
    cJSON_Delete(document);
}

/* Each link to a section has one to go to. */
Test(render_page, has_a_section_behind_each_link)
{
    cJSON *document = rendering_load();
    char *page = rendering_of(render_drawn, document), wanted[64];
    unsigned count = 0;

    for (const char *at = page; (at = strstr(at, "<a href=\"#")) != NULL; count++) {
        at += strlen("<a href=\"#");
        snprintf(wanted, sizeof wanted, "<section id=\"%.*s\"", (int)strcspn(at, "\""), at);
        cr_expect_eq(count_of(page, wanted), 1, "%s", wanted);
    }
    cr_expect_geq(count, 12);
    cr_expect_eq(count, count_of(page, "<section "));
    free(page);
    cJSON_Delete(document);
}

Test(render_page, renders_whatever_is_in_the_document, .timeout = 600)
{
    rendering_try_missing(render_drawn, expect_harmless);
    rendering_try_kinds(render_drawn, 5, expect_harmless);
}

Test(render_page, reports_a_write_error)
{
    rendering_try_errors(render_alone);
}
