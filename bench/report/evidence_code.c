/*
 * evidence_code.c - naive/X.c and fixed/X.c beside each other, with what each line cost.
 *
 * Instructions are callgrind's, bytes DHAT's, both of this one fix; CPU time is that of samples of
 * nothing fixed and all fixed. All of runs with one worker, divided by the records. Of two commands
 * the files are those that cost most (evidence_sources.c), and of one run each.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/lesson.h"
#include "bench/readers/cpu_samples.h"
#include "bench/readers/dhat.h"
#include "bench/readers/json.h"
#include "bench/readers/text.h"
#include "bench/report/evidence_align.h"
#include "bench/report/evidence_parts.h"

struct line_cost {
    double self, all, bytes, cpu_ns; /* a record */
};

/* One of the two files. */
struct side {
    char name[64]; /* of the profile */
    struct callgrind profile;
    bool has_profile, has_bytes;
    double sample_count; /* 0: no CPU profile */
    double records;
    struct text text;
    struct align_line *lines;
    struct line_cost *costs; /* by line, from 0 */
    uint32_t count;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The source's path as the profile has it: there it was when the program was built. */
static const char *find_source(const struct side *side, const char *file)
{
    for (uint32_t i = 0; i < side->profile.line_count; i++)
        if (strcmp(base_name(side->profile.lines[i].file), base_name(file)) == 0)
            return side->profile.lines[i].file;
    return file;
}

/* Of the reference in an edition for students there is an object, and no source. */
static bool is_object(const char *file)
{
    char path[EVIDENCE_PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s", file);

    if (length < 1 || length >= (int)sizeof path)
        return false;
    path[length - 1] = 'o';
    return access(path, F_OK) == 0;
}

static int read_lines(struct side *side, const char *file)
{
    char error[TEXT_ERROR_SIZE], *line;
    struct text_lines lines;
    uint32_t room = 1;

    if (text_read(find_source(side, file), &side->text, error, sizeof error) != 0 &&
        text_read(file, &side->text, error, sizeof error) != 0) {
        if (!is_object(file))
            return -1;
        side->text.bytes = strdup("/* an object: the reference has no source here */\n");
        if (side->text.bytes == NULL)
            return -1;
        side->text.length = strlen(side->text.bytes);
    }
    for (const char *byte = side->text.bytes; *byte != '\0'; byte++)
        room += *byte == '\n';
    side->lines = calloc(room, sizeof *side->lines);
    side->costs = calloc(room, sizeof *side->costs);
    if (side->lines == NULL || side->costs == NULL)
        return -1;
    text_lines_init(&lines, &side->text);
    while (side->count < room && (line = text_next_line(&lines)) != NULL)
        side->lines[side->count++].text = line;
    align_find_functions(side->lines, side->count);
    return 0;
}

static void add_instructions(struct side *side, const char *file)
{
    for (uint32_t i = 0; i < side->profile.line_count; i++) {
        const struct callgrind_line *line = &side->profile.lines[i];
        if (line->line == 0 || line->line > side->count ||
            strcmp(base_name(line->file), base_name(file)) != 0)
            continue;
        struct line_cost *cost = &side->costs[line->line - 1];
        cost->self += (double)line->self_ir / side->records;
        cost->all += (double)(line->self_ir + line->call_ir) / side->records;
    }
}

/* A block belongs to each line of the file that is in its stack, once. */
static void add_point(struct side *side, const struct dhat_point *point, const char *file)
{
    uint32_t last = 0;

    for (uint32_t i = 0; i < point->frame_count; i++) {
        const struct frame *frame = point->frames[i];
        if (frame->file == NULL || frame->line == 0 || frame->line > side->count ||
            frame->line == last || strcmp(frame->file, base_name(file)) != 0)
            continue;
        last = frame->line;
        side->costs[last - 1].bytes += (double)point->sum.bytes / side->records;
    }
}

static void add_bytes(struct evidence *evidence, struct side *side, const char *name,
                      const char *file)
{
    char path[EVIDENCE_PATH_SIZE], error[TEXT_ERROR_SIZE];
    struct dhat dhat;

    if (!evidence_has(evidence, name))
        return;
    if (dhat_read(evidence_path(evidence, name, path), &dhat, error, sizeof error) != 0) {
        evidence_miss(evidence, name, error);
        return;
    }
    for (uint32_t i = 0; i < dhat.point_count; i++)
        add_point(side, &dhat.points[i], file);
    side->has_bytes = true;
    dhat_free(&dhat);
}

/* A sample belongs to each line of the file that is in its stack, once. */
static void add_sample(struct side *side, const struct cpu_samples *profile,
                       const struct cpu_sample *sample, double records, const char *file)
{
    const struct cpu_frame *frames = &profile->frames[sample->frame_first];
    uint32_t last = 0;

    for (uint32_t i = 0; i < sample->frame_count; i++) {
        if (frames[i].line == 0 || frames[i].line > side->count || frames[i].line == last ||
            strcmp(base_name(frames[i].file), base_name(file)) != 0)
            continue;
        last = frames[i].line;
        side->costs[last - 1].cpu_ns += (double)sample->ns / records;
    }
}

static void add_samples(struct evidence *evidence, struct side *side, const char *build,
                        const char *file)
{
    const cJSON *entry, *profiles = json_member(evidence->document, "cpu_profiles");

    cJSON_ArrayForEach (entry, profiles)
        if (strcmp(json_text_or(entry, "build", ""), build) == 0)
            break;
    const char *name = json_text_or(entry, "raw", NULL);
    double records = json_number_or_nan(entry, "records");
    char path[EVIDENCE_PATH_SIZE], error[TEXT_ERROR_SIZE];
    struct cpu_samples profile;

    if (name == NULL || !(records > 0) || !evidence_has(evidence, name))
        return;
    if (cpu_samples_read(evidence_path(evidence, name, path), &profile, error, sizeof error) != 0) {
        evidence_miss(evidence, name, error);
        return;
    }
    for (uint32_t i = 0; i < profile.sample_count; i++)
        add_sample(side, &profile, &profile.samples[i], records, file);
    side->sample_count = (double)profile.count;
    cpu_samples_free(&profile);
}

/* The name of a side's raw file: a lesson has some of its own. */
static void raw_name(const struct evidence *evidence, const char *tool, const char *lesson,
                     int which, char name[64])
{
    snprintf(name, 64, "raw/%s.out.%.16s%s%.24s", tool, evidence->is_pair ? "" : lesson,
             evidence->is_pair ? "" : ".", evidence->sides[which]);
}

static int open_side(struct evidence *evidence, struct side *side, const char *lesson, int which,
                     const char *file)
{
    char name[64];

    raw_name(evidence, "callgrind", lesson, which, side->name);
    side->has_profile = evidence_profile(evidence, side->name, &side->profile) == 0;
    side->records = side->has_profile ? evidence_records(evidence, &side->profile) : 0;
    if (read_lines(side, file) != 0)
        return -1;
    add_samples(evidence, side, which == 0 ? CODE_NAIVE : CODE_FIXED, file);
    if (side->records <= 0)
        return 0;
    add_instructions(side, file);
    raw_name(evidence, "dhat", lesson, which, name);
    add_bytes(evidence, side, name, file);
    return 0;
}

static void close_side(struct side *side)
{
    if (side->has_profile)
        callgrind_free(&side->profile);
    if (side->text.bytes != NULL)
        text_free(&side->text);
    free(side->lines);
    free(side->costs);
}

static cJSON *cost_or_null(double cost)
{
    return cost > 0 ? evidence_number(cost) : cJSON_CreateNull();
}

static void add_side(cJSON *code, const char *which, const struct side *side, const char *file)
{
    cJSON *object = cJSON_AddObjectToObject(code, which);
    cJSON *text = cJSON_AddArrayToObject(object, "text");
    cJSON *self = cJSON_AddArrayToObject(object, "self");
    cJSON *all = cJSON_AddArrayToObject(object, "all"), *bytes = NULL;
    cJSON *samples = NULL;

    cJSON_AddStringToObject(object, "path", file);
    if (side->has_profile)
        cJSON_AddStringToObject(object, "raw", side->name);
    if (side->has_bytes)
        bytes = cJSON_AddArrayToObject(object, "bytes");
    else
        cJSON_AddNullToObject(object, "bytes");
    if (side->sample_count > 0) {
        samples = cJSON_AddArrayToObject(object, "samples");
        cJSON_AddNumberToObject(object, "sample_count", side->sample_count);
    } else {
        cJSON_AddNullToObject(object, "samples");
    }
    for (uint32_t i = 0; i < side->count; i++) {
        cJSON_AddItemToArray(text, cJSON_CreateString(side->lines[i].text));
        cJSON_AddItemToArray(self, cost_or_null(side->costs[i].self));
        cJSON_AddItemToArray(all, cost_or_null(side->costs[i].all));
        if (bytes != NULL)
            cJSON_AddItemToArray(bytes, cost_or_null(side->costs[i].bytes));
        if (samples != NULL)
            cJSON_AddItemToArray(samples, cost_or_null(side->costs[i].cpu_ns));
    }
}

static uint32_t find_line(const struct side *side, const char *function)
{
    for (uint32_t i = 0; i < side->count; i++)
        if (strcmp(side->lines[i].function, function) == 0)
            return i + 1;
    return 0;
}

static double function_ir(const struct side *side, const char *function)
{
    struct callgrind_cost cost = {0};
    if (side->records <= 0)
        return NAN;
    callgrind_sum_function(&side->profile, function, &cost);
    return (double)cost.inclusive_ir / side->records;
}

static void add_function(cJSON *list, const struct side *naive, const struct side *fixed,
                         const char *name)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", name);
    cJSON_AddNumberToObject(object, "naive", find_line(naive, name));
    cJSON_AddNumberToObject(object, "fixed", find_line(fixed, name));
    cJSON_AddItemToObject(object, "naive_ir", evidence_number(function_ir(naive, name)));
    cJSON_AddItemToObject(object, "fixed_ir", evidence_number(function_ir(fixed, name)));
    cJSON_AddItemToArray(list, object);
}

static void add_functions(cJSON *code, const struct side *naive, const struct side *fixed)
{
    cJSON *list = cJSON_AddArrayToObject(code, "functions");

    for (uint32_t i = 0; i < naive->count; i++)
        if (naive->lines[i].function[0] != '\0')
            add_function(list, naive, fixed, naive->lines[i].function);
    for (uint32_t i = 0; i < fixed->count; i++)
        if (fixed->lines[i].function[0] != '\0' && find_line(naive, fixed->lines[i].function) == 0)
            add_function(list, naive, fixed, fixed->lines[i].function);
}

static void add_pairs(cJSON *code, const struct side *naive, const struct side *fixed)
{
    cJSON *list = cJSON_AddArrayToObject(code, "pairs");
    struct align_pair *pairs = calloc(naive->count + fixed->count + 1u, sizeof *pairs);
    uint32_t count =
        pairs != NULL ? align(naive->lines, naive->count, fixed->lines, fixed->count, pairs) : 0;

    for (uint32_t i = 0; i < count; i++) {
        const int pair[3] = {(int)pairs[i].left, (int)pairs[i].right, pairs[i].is_same};
        cJSON_AddItemToArray(list, cJSON_CreateIntArray(pair, 3));
    }
    free(pairs);
}

static void add_files(struct evidence *evidence, const char *id, const char *naive_file,
                      const char *fixed_file)
{
    struct side naive = {.count = 0}, fixed = {.count = 0};

    if (open_side(evidence, &naive, id, 0, naive_file) == 0 &&
        open_side(evidence, &fixed, id, 1, fixed_file) == 0) {
        cJSON *code = cJSON_CreateObject();
        cJSON_AddItemToArray(json_member(evidence->json, "code"), code);
        cJSON_AddStringToObject(code, "lesson", id);
        cJSON_AddItemToObject(code, "records",
                              naive.records > 0 ? evidence_number(naive.records)
                                                : cJSON_CreateNull());
        add_side(code, "naive", &naive, naive_file);
        add_side(code, "fixed", &fixed, fixed_file);
        add_functions(code, &naive, &fixed);
        add_pairs(code, &naive, &fixed);
        if (naive.count > ALIGN_LINES_MAX || fixed.count > ALIGN_LINES_MAX)
            evidence_miss(evidence, naive_file,
                          "one of the two files is too long to set them side by side");
    } else {
        evidence_miss(evidence, naive_file, "the sources cannot be read");
    }
    close_side(&naive);
    close_side(&fixed);
}

static void add_lesson(struct evidence *evidence, const cJSON *lesson)
{
    const char *id = json_text_or(lesson, "id", NULL);
    const char *naive_file = json_text_or(lesson, "naive_file", NULL);
    const char *fixed_file = json_text_or(lesson, "fixed_file", NULL);

    if (id != NULL && naive_file != NULL && fixed_file != NULL)
        add_files(evidence, id, naive_file, fixed_file);
}

static unsigned find_sources(struct evidence *evidence,
                             struct evidence_sources sources[EVIDENCE_SOURCES])
{
    struct callgrind profiles[2];
    unsigned count = 0;
    int read_count = 0;
    char name[64];

    for (; read_count < 2; read_count++) {
        snprintf(name, sizeof name, "raw/callgrind.out.%.32s", evidence->sides[read_count]);
        if (evidence_profile(evidence, name, &profiles[read_count]) != 0)
            break;
    }
    if (read_count == 2)
        count = evidence_match_sources(&profiles[0], &profiles[1], sources);
    while (read_count-- > 0)
        callgrind_free(&profiles[read_count]);
    return count;
}

void evidence_add_code(struct evidence *evidence)
{
    const cJSON *lessons = json_member(evidence->document, "lessons"), *lesson;

    if (evidence->is_pair) {
        static struct evidence_sources sources[EVIDENCE_SOURCES]; /* large */
        const unsigned count = find_sources(evidence, sources);
        for (unsigned i = 0; i < count; i++)
            add_files(evidence, "instructions", sources[i].file[0], sources[i].file[1]);
        return;
    }
    cJSON_ArrayForEach (lesson, lessons)
        add_lesson(evidence, lesson);
}
