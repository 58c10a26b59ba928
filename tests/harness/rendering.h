/*
 * rendering.h - what the tests of the three renderers share: the example document, ways to spoil
 * it, and what is rendered of it as a text in memory.
 */
#ifndef RENDERING_H
#define RENDERING_H

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>

#include "bench/model/model_json.h"
#include "tests/harness/reading.h"

typedef int rendering_render(FILE *file, const cJSON *document);

/* The example, to be deleted. */
static inline cJSON *rendering_load(void)
{
    struct text text = reading_load(HARNESS_DATA "compare.json");
    cJSON *document = cJSON_Parse(text.bytes);
    cr_assert_not_null(document);
    text_free(&text);
    return document;
}

/* A model of a document, which stays as it is; for model_free(). */
static inline struct model rendering_model(const cJSON *document)
{
    cJSON *copy = cJSON_Duplicate(document, true);
    struct model model;
    cr_assert_eq(model_view(&model, copy), 0);
    model.json = copy; /* which goes with it */
    return model;
}

/* The model as a document of its own, to be deleted. */
static inline cJSON *rendering_written(const struct model *model)
{
    cJSON *written = model_write(model), *document = cJSON_Duplicate(written, true);
    cr_assert_not_null(document);
    cJSON_Delete(written);
    return document;
}

/* What is rendered of the document, to be freed. */
static inline char *rendering_of(rendering_render *render, const cJSON *document)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    cr_assert_not_null(file);
    cr_assert_eq(render(file, document), 0);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(strlen(text), length, "a NUL");
    return text;
}

/* Called with each item below the document, parents first, and the names that lead to it. */
typedef void rendering_visit(cJSON *item, const char *path, void *context);

static inline void rendering_walk(cJSON *item, const char *path, rendering_visit *visit,
                                  void *context)
{
    char below[512];
    unsigned index = 0;

    for (cJSON *child = item->child, *next; child != NULL; child = next) {
        next = child->next;
        int length = child->string != NULL
                         ? snprintf(below, sizeof below, "%s.%s", path, child->string)
                         : snprintf(below, sizeof below, "%s[%u]", path, index++);
        cr_assert_lt(length, (int)sizeof below);
        visit(child, below, context);
        rendering_walk(child, below, visit, context);
    }
}

static inline void rendering_set_text(cJSON *item, const char *path, void *context)
{
    (void)path;
    if (cJSON_IsString(item))
        cr_assert_not_null(cJSON_SetValuestring(item, context));
}

/* The example with every text in it replaced. */
static inline cJSON *rendering_load_with_texts(const char *text)
{
    cJSON *document = rendering_load();
    /* cJSON_SetValuestring() wants room for the longer one: it takes a copy. */
    rendering_walk(document, "", rendering_set_text, (void *)text);
    return document;
}

static inline void rendering_set_number(cJSON *item, const char *path, void *context)
{
    (void)path;
    if (cJSON_IsNumber(item))
        cJSON_SetNumberHelper(item, *(const double *)context);
}

static inline cJSON *rendering_load_with_numbers(double number)
{
    cJSON *document = rendering_load();
    rendering_walk(document, "", rendering_set_number, &number);
    return document;
}

/* A value of each kind that JSON has, in turn. */
static inline cJSON *rendering_other_kind(unsigned turn)
{
    switch (turn % 7) {
    case 0:
        return cJSON_CreateNull();
    case 1:
        return cJSON_CreateNumber(-1e300);
    case 2:
        return cJSON_CreateString("");
    case 3:
        return cJSON_CreateArray();
    case 4:
        return cJSON_CreateObject();
    case 5:
        return cJSON_CreateTrue();
    default:
        return cJSON_Parse("[null, [[]], {\"a\": {}}, \"x\", 1, {\"name\": 7, \"unit\": []}]");
    }
}

struct rendering_spoil {
    rendering_render *render;
    void (*check)(const char *rendered); /* or NULL */
    cJSON *document;
    unsigned step, count, seen;
};

/* Renders the document with this item replaced, and again without it, and puts it back. */
static inline void rendering_spoil_item(cJSON *item, const char *path, void *context)
{
    struct rendering_spoil *spoil = context;
    (void)path;
    if (spoil->seen++ % spoil->step != 0)
        return;
    const cJSON before = *item;
    cJSON *other = rendering_other_kind(spoil->count);
    item->type = other->type;
    item->child = other->child;
    item->valuestring = other->valuestring;
    item->valuedouble = other->valuedouble;
    char *rendered = rendering_of(spoil->render, spoil->document);
    if (spoil->check != NULL)
        spoil->check(rendered);
    free(rendered);
    *item = before;
    cJSON_Delete(other);
    spoil->count++;
}

/* Replaces each step-th item, and what is below it, by another kind. It still has to render. */
static inline void rendering_try_kinds(rendering_render *render, unsigned step,
                                       void (*check)(const char *rendered))
{
    cJSON *document = rendering_load();
    for (unsigned offset = 0; offset < 7; offset++) {
        struct rendering_spoil spoil = {.render = render,
                                        .check = check,
                                        .document = document,
                                        .step = 7 * step,
                                        .count = offset,
                                        .seen = 7 * step - offset * step};
        rendering_walk(document, "", rendering_spoil_item, &spoil);
        cr_assert_gt(spoil.count, offset);
    }
    cJSON_Delete(document);
}

/* Without each of the document's own members, without all, and with something else in its place. */
static inline void rendering_try_missing(rendering_render *render,
                                         void (*check)(const char *rendered))
{
    cJSON *names = rendering_load();
    const cJSON *name;
    cJSON_ArrayForEach (name, names) {
        cJSON *document = rendering_load();
        cJSON_DeleteItemFromObjectCaseSensitive(document, name->string);
        char *rendered = rendering_of(render, document);
        if (check != NULL)
            check(rendered);
        free(rendered);
        cJSON_Delete(document);
    }
    cJSON_Delete(names);
    for (unsigned turn = 0; turn < 7; turn++) {
        cJSON *document = rendering_other_kind(turn);
        char *rendered = rendering_of(render, document);
        if (check != NULL)
            check(rendered);
        free(rendered);
        cJSON_Delete(document);
    }
}

/* A disk that is full, and a file that cannot be written to. */
static inline void rendering_try_errors(rendering_render *render)
{
    cJSON *document = rendering_load();
    FILE *full = fopen("/dev/full", "w"), *closed = fopen("/dev/null", "r");

    cr_assert_not_null(full);
    cr_assert_not_null(closed);
    errno = 0;
    cr_expect_eq(render(full, document), -1);
    cr_expect_eq(errno, ENOSPC);
    errno = 0;
    cr_expect_eq(render(closed, document), -1);
    cr_expect_eq(errno, EBADF);
    fclose(full);
    fclose(closed);
    cJSON_Delete(document);
}

/*
 * Changes one number after another, and the rendering has to change with it. `is_left_out` names
 * those that are not shown there.
 */
struct rendering_change {
    rendering_render *render;
    bool (*is_left_out)(const cJSON *item, const char *path);
    cJSON *document;
    const char *rendered; /* unchanged */
    unsigned count;
};

static inline void rendering_change_item(cJSON *item, const char *path, void *context)
{
    struct rendering_change *change = context;
    if (!cJSON_IsNumber(item) || change->is_left_out(item, path))
        return;
    const cJSON before = *item;
    cJSON_SetNumberHelper(item, 1.7 * item->valuedouble + 3);
    char *rendered = rendering_of(change->render, change->document);
    cr_expect_str_neq(rendered, change->rendered, "%s is not shown", path);
    free(rendered);
    *item = before;
    change->count++;
}

static inline void rendering_try_changes(rendering_render *render,
                                         bool (*is_left_out)(const cJSON *item, const char *path))
{
    cJSON *document = rendering_load();
    char *rendered = rendering_of(render, document);
    struct rendering_change change = {render, is_left_out, document, rendered, 0};

    rendering_walk(document, "", rendering_change_item, &change);
    cr_expect_gt(change.count, 300);
    free(rendered);
    cJSON_Delete(document);
}

static inline void rendering_forget_number(cJSON *item, const char *path, void *context)
{
    (void)path;
    (void)context;
    if (cJSON_IsNumber(item))
        item->type = cJSON_NULL;
    for (char *byte = item->valuestring; cJSON_IsString(item) && *byte != '\0'; byte++)
        if (*byte >= '0' && *byte <= '9')
            *byte = 'd';
}

/* A rendering of the example without its numbers: what digit is left is the renderer's own. */
static inline char *rendering_without_numbers(rendering_render *render)
{
    cJSON *document = rendering_load();
    rendering_walk(document, "", rendering_forget_number, NULL);
    char *rendered = rendering_of(render, document);
    cJSON_Delete(document);
    return rendered;
}

/* Overwrites a piece of text that is known to be there. */
static inline void rendering_blank(char *text, const char *piece)
{
    char *found = strstr(text, piece);
    cr_assert_not_null(found, "no \"%s\"", piece);
    memset(found, ' ', strlen(piece));
}

static inline bool rendering_ends_with(const char *path, const char *end)
{
    size_t length = strlen(path), end_length = strlen(end);
    return length >= end_length && strcmp(path + length - end_length, end) == 0;
}

/* Of the load: what its section sums up. `make load` and the page have it all. */
static inline bool rendering_is_load_detail(const char *path)
{
    static const char *const shown[] = {"connections",
                                        "p50.median",
                                        "p99.median",
                                        "p99_9.median",
                                        "worker_threads",
                                        ".resident_bytes",
                                        "value",
                                        "ci_low",
                                        "ci_high",
                                        "body_records",
                                        ".load.rounds",
                                        ".load.seconds",
                                        "].records_per_s.median"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (rendering_ends_with(path, shown[i]))
            return false;
    return strncmp(path, ".load.", 6) == 0;
}

#endif
