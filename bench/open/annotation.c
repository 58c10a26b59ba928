#include "bench/open/annotation.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lesson.h"
#include "bench/report/evidence_sources.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What the source calls the function: without ".part.0", "@@GLIBC_2.2.5" and "'2". */
static size_t plain_length(const char *name)
{
    size_t length = strcspn(name, "'@");
    for (size_t i = 1; i < length; i++)
        if (name[i] == '.')
            return i;
    return length;
}

/* Marks what worker_process() reaches. `stack` has room for all functions. */
static void mark_reached(const struct callgrind *profile, bool *is_reached, uint32_t *stack)
{
    uint32_t depth = 0;

    for (uint32_t i = 0; i < profile->function_count; i++)
        if (strcmp(profile->functions[i].name, "worker_process") == 0) {
            is_reached[i] = true;
            stack[depth++] = i;
        }
    while (depth > 0) {
        const uint32_t caller = stack[--depth];
        /* calls are sorted by caller: a search would be faster, and nobody waits for this */
        for (uint32_t i = 0; i < profile->call_count; i++) {
            const uint32_t callee = profile->calls[i].callee;
            if (profile->calls[i].caller != caller || is_reached[callee])
                continue;
            is_reached[callee] = true;
            stack[depth++] = callee;
        }
    }
}

/* Libraries without symbols have addresses for names, which nobody knows them by. */
static bool is_nameless(const struct callgrind_function *function)
{
    return strncmp(function->name, "0x", 2) == 0;
}

/* Their code is put together by library; who called whom inside of it is left out. */
static void sum_nameless(const struct annotation_side *side, const char *object, double *self_ir,
                         double *inclusive_ir)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < side->profile.function_count; i++) {
        const struct callgrind_function *one = &side->profile.functions[i];
        if (is_nameless(one) && strcmp(base_name(one->object), object) == 0)
            sum += one->self_ir;
    }
    *self_ir = (double)sum / side->records;
    *inclusive_ir = NAN;
}

static void sum_function(const struct annotation_side *side, const char *name, double *self_ir,
                         double *inclusive_ir)
{
    struct callgrind_cost cost;
    callgrind_sum_function(&side->profile, name, &cost);
    *self_ir = (double)cost.self_ir / side->records;
    *inclusive_ir = (double)cost.inclusive_ir / side->records;
}

/* Adds the function, unless one of this name is there already. */
static int add_function(struct annotation *annotation, const struct callgrind_function *function)
{
    const bool is_library = is_nameless(function);
    const char *whole = is_library ? base_name(function->object) : function->name;
    struct names *names = &annotation->sides[NAIVE].profile.names; /* keeps the texts of both */
    size_t length = is_library ? strlen(whole) : plain_length(whole);
    char name[512];
    uint32_t number;

    if (length >= sizeof name)
        return 0;
    memcpy(name, whole, length);
    name[length] = '\0';
    for (uint32_t i = 0; i < annotation->function_count; i++)
        if (strcmp(annotation->functions[i].name, name) == 0)
            return 0;
    if (names_add(names, name, &number) != 0)
        return -1;
    struct annotation_function *added = &annotation->functions[annotation->function_count++];
    *added = (struct annotation_function){
        .name = names->texts[number],
        .file = is_library ? "" : base_name(function->file),
    };
    for (int side = 0; side < SIDES; side++)
        (is_library ? sum_nameless : sum_function)(
            &annotation->sides[side], name, &added->self_ir[side], &added->inclusive_ir[side]);
    return 0;
}

/* A lesson's profiles have its name; those of two commands, or of a kit, their sides' alone. */
bool annotation_is_pair(const char *folder, char names[SIDES][32])
{
    static const char *const pairs[][SIDES] = {{"before", "after"}, {"naive", "fixed"}};
    char path[2048];

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        snprintf(path, sizeof path, "%s/raw/callgrind.out.%s", folder, pairs[i][NAIVE]);
        for (int side = 0; side < SIDES; side++)
            snprintf(names[side], sizeof names[side], "%s", pairs[i][side]);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

static int add_functions(struct annotation *annotation, const struct callgrind *profile)
{
    bool *is_reached = calloc(profile->function_count + 1u, sizeof *is_reached);
    uint32_t *stack = calloc(profile->function_count + 1u, sizeof *stack);
    int status = is_reached != NULL && stack != NULL ? 0 : -1;

    if (status == 0 && !annotation->is_pair)
        mark_reached(profile, is_reached, stack);
    for (uint32_t i = 0; status == 0 && i < profile->function_count; i++)
        if (is_reached[i] || annotation->is_pair)
            status = add_function(annotation, &profile->functions[i]);
    free(is_reached);
    free(stack);
    return status;
}

/* What the function is sorted by: of the dearer side. */
static double weight(const struct annotation_function *function)
{
    const bool has_inclusive = !isnan(function->inclusive_ir[NAIVE]);
    return has_inclusive ? fmax(function->inclusive_ir[NAIVE], function->inclusive_ir[FIXED])
                         : fmax(function->self_ir[NAIVE], function->self_ir[FIXED]);
}

static int by_inclusive(const void *left, const void *right)
{
    const struct annotation_function *a = left, *b = right;
    double first = weight(a), second = weight(b);
    if (first != second)
        return first < second ? 1 : -1;
    return strcmp(a->name, b->name);
}

static int by_cost(const void *left, const void *right)
{
    const struct annotation_line *a = left, *b = right;
    if (a->all_ir != b->all_ir)
        return a->all_ir < b->all_ir ? 1 : -1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Opens the source: below `sources`, or where the profile has it. */
static void read_source(struct annotation_side *side, const char *sources, const char *name)
{
    char error[TEXT_ERROR_SIZE];
    struct stat source, profile;

    if (name[0] == '/')
        snprintf(side->source, sizeof side->source, "%s", name);
    else
        snprintf(side->source, sizeof side->source, "%s/%s", sources, name);
    if (text_read(side->source, &side->text, error, sizeof error) != 0) {
        side->source[0] = '\0';
        for (uint32_t i = 0; i < side->profile.line_count && side->source[0] == '\0'; i++) {
            const char *file = side->profile.lines[i].file;
            size_t length = strlen(file), tail = strlen(name);
            if (length >= tail && strcmp(file + length - tail, name) == 0)
                snprintf(side->source, sizeof side->source, "%s", file);
        }
        if (side->source[0] != '\0' &&
            text_read(side->source, &side->text, error, sizeof error) != 0)
            side->source[0] = '\0';
    }
    side->is_newer = side->source[0] != '\0' && stat(side->source, &source) == 0 &&
                     stat(side->path, &profile) == 0 && source.st_mtime > profile.st_mtime;
}

/* The costs of the file's lines, inlined or not, in whichever function they ended up. */
static int add_lines(struct annotation_side *side, const char *name)
{
    uint32_t count = 0, last = 0;
    const char *base = base_name(name);

    for (uint32_t i = 0; i < side->profile.line_count; i++)
        if (strcmp(base_name(side->profile.lines[i].file), base) == 0 &&
            side->profile.lines[i].line > last)
            last = side->profile.lines[i].line;
    side->lines = calloc(last + 1u, sizeof *side->lines);
    if (side->lines == NULL)
        return -1;
    for (uint32_t i = 0; i <= last; i++)
        side->lines[i] = (struct annotation_line){.number = i, .text = ""};
    for (uint32_t i = 0; i < side->profile.line_count; i++) {
        const struct callgrind_line *line = &side->profile.lines[i];
        if (line->line == 0 || strcmp(base_name(line->file), base) != 0)
            continue;
        side->lines[line->line].self_ir += (double)line->self_ir / side->records;
        side->lines[line->line].all_ir += (double)(line->self_ir + line->call_ir) / side->records;
    }
    if (side->source[0] != '\0') {
        struct text_lines lines;
        char *text;
        text_lines_init(&lines, &side->text);
        while ((text = text_next_line(&lines)) != NULL)
            if (lines.number <= last)
                side->lines[lines.number].text = text + strspn(text, " \t");
    }
    for (uint32_t i = 0; i <= last; i++)
        if (side->lines[i].all_ir > 0)
            side->lines[count++] = side->lines[i];
    qsort(side->lines, count, sizeof *side->lines, by_cost);
    side->line_count = count;
    return 0;
}

static void side_free(struct annotation_side *side)
{
    free(side->lines);
    if (side->text.bytes != NULL)
        text_free(&side->text);
    callgrind_free(&side->profile);
}

/* 0, or -1 with an error text and nothing to free. */
static int side_init(struct annotation *annotation, int index, const char *folder, int lesson,
                     char *error, size_t error_size)
{
    struct annotation_side *side = &annotation->sides[index];
    struct callgrind_cost cost;
    char file[64];

    *side = (struct annotation_side){.name = annotation->names[index], .records = 1};
    snprintf(file, sizeof file, "%s%s%s", annotation->is_pair ? "" : lesson_id(lesson),
             annotation->is_pair ? "" : ".", annotation->names[index]);
    snprintf(side->path, sizeof side->path, "%s/raw/callgrind.out.%s", folder, file);
    if (callgrind_read(side->path, &side->profile, error, error_size) != 0)
        return -1;
    if (annotation->is_pair)
        return 0;
    callgrind_sum_function(&side->profile, "worker_process", &cost);
    side->records = (double)cost.call_count;
    if (side->records > 0)
        return 0;
    text_error(error, error_size, side->path, 0, "worker_process() was never called");
    side_free(side);
    return -1;
}

/* The file of each side whose lines are shown. A pair without debug information has none. */
static int add_sources(struct annotation *annotation, int lesson, const char *sources)
{
    static struct evidence_sources found[EVIDENCE_SOURCES];
    struct annotation_side *sides = annotation->sides;

    if (annotation->is_pair &&
        evidence_match_sources(&sides[NAIVE].profile, &sides[FIXED].profile, found) == 0)
        return 0;
    for (int side = 0; side < SIDES; side++) {
        char name[64];
        snprintf(name, sizeof name, "%s/%s", sides[side].name,
                 annotation->is_pair ? "" : lesson_rows[lesson].file);
        read_source(&sides[side], sources, annotation->is_pair ? found[0].file[side] : name);
        if (add_lines(&sides[side], annotation->is_pair ? found[0].file[side] : name) != 0)
            return -1;
    }
    return 0;
}

int annotation_init(struct annotation *annotation, const char *folder, int lesson,
                    const char *sources, char *error, size_t error_size)
{
    struct annotation_side *sides = annotation->sides;
    size_t room;

    *annotation = (struct annotation){.names = {"naive", "fixed"}};
    annotation->is_pair = annotation_is_pair(folder, annotation->names);
    if (side_init(annotation, NAIVE, folder, lesson, error, error_size) != 0)
        return -1;
    if (side_init(annotation, FIXED, folder, lesson, error, error_size) != 0) {
        side_free(&sides[NAIVE]);
        return -1;
    }
    room = (size_t)sides[NAIVE].profile.function_count + sides[FIXED].profile.function_count;
    annotation->functions = calloc(room + 1, sizeof *annotation->functions);
    if (annotation->functions == NULL || add_sources(annotation, lesson, sources) != 0 ||
        add_functions(annotation, &sides[NAIVE].profile) != 0 ||
        add_functions(annotation, &sides[FIXED].profile) != 0) {
        annotation_free(annotation);
        return text_error(error, error_size, folder, 0, "out of memory");
    }
    qsort(annotation->functions, annotation->function_count, sizeof *annotation->functions,
          by_inclusive);
    return 0;
}

void annotation_free(struct annotation *annotation)
{
    free(annotation->functions);
    for (int side = 0; side < SIDES; side++)
        side_free(&annotation->sides[side]);
}
