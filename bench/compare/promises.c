/*
 * promises.c - what each tool promised of each lesson, and what came: each tool's share of its own
 * total as the gain that somebody expects who trusts it alone (bench/statistics/promise.h), beside
 * the gain that was measured.
 *
 * Read from the tools' own files of nothing fixed, once all is judged. Callgrind and DHAT count a
 * record, as the slope between two runs, so that start-up cancels; they would count the same beside
 * a database, and so promise the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/compare/places.h"
#include "bench/readers/callgrind.h"
#include "bench/readers/cpu_samples.h"
#include "bench/readers/dhat.h"
#include "bench/readers/text.h"

/* What a tool is asked for. */
struct question {
    struct comparison *comparison;
    bool has_database;
    struct places places; /* of which the shares are taken */
};

/* Reads one tool's finding, one way of two. 0, or another number where there is none. */
typedef int gather(struct question *question, bool is_second);

static const char *path_of(const struct question *question, const char *name, char path[PATH_SIZE])
{
    return results_path(&question->comparison->results, name, path);
}

/* What own code did by itself, or had libraries do for it: a function's place in the list. */
static void add_own(struct places *places, const struct callgrind *profile, double sign)
{
    for (uint32_t i = 0; i < profile->function_count; i++) {
        const struct callgrind_function *function = &profile->functions[i];
        double own = (double)function->self_ir;
        struct place_walk walk = {0};
        for (uint32_t c = 0; place_is_own(function->file) && c < profile->call_count; c++)
            if (profile->calls[c].caller == i &&
                !place_is_own(profile->functions[profile->calls[c].callee].file))
                own += (double)profile->calls[c].ir;
        place_walk_frame(&walk, function->name, function->file);
        places_add(places, &walk, sign * own);
    }
}

/* A lesson's share is inclusive, of its functions. */
static void set_inclusive(struct places *places, const struct callgrind *many,
                          const struct callgrind *few)
{
    places->total = (double)many->total_ir - (double)few->total_ir;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const char *const *functions = lesson_rows[lesson].measures.functions;
        places->lessons[lesson] = 0;
        for (int i = 0; i < LESSON_FUNCTIONS && functions[i] != NULL; i++) {
            struct callgrind_cost cost[2];
            callgrind_sum_function(many, functions[i], &cost[0]);
            callgrind_sum_function(few, functions[i], &cost[1]);
            places->lessons[lesson] += (double)cost[0].inclusive_ir - (double)cost[1].inclusive_ir;
        }
    }
}

static int gather_instructions(struct question *question, bool is_second)
{
    struct callgrind many, few;
    char name[64], path[PATH_SIZE], error[TEXT_ERROR_SIZE];

    (void)is_second;
    snprintf(name, sizeof name, "raw/callgrind.out.%s", CODE_NAIVE);
    if (callgrind_read(path_of(question, name, path), &many, error, sizeof error) != 0)
        return 1;
    snprintf(name, sizeof name, "work/callgrind.few.%s", CODE_NAIVE);
    int status = callgrind_read(path_of(question, name, path), &few, error, sizeof error);
    if (status == 0) {
        add_own(&question->places, &many, 1);
        add_own(&question->places, &few, -1);
        set_inclusive(&question->places, &many, &few);
        places_finish(&question->places);
        callgrind_free(&few);
    }
    callgrind_free(&many);
    return status;
}

static void add_heap(struct places *places, const struct dhat *heap, double sign, bool is_blocks)
{
    for (uint32_t i = 0; i < heap->point_count; i++) {
        const struct dhat_point *point = &heap->points[i];
        struct place_walk walk = {0};
        for (uint32_t f = 0; f < point->frame_count; f++)
            place_walk_frame(&walk, point->frames[f]->function, point->frames[f]->file);
        places_add(places, &walk,
                   sign * (double)(is_blocks ? point->sum.blocks : point->sum.bytes));
    }
}

/* Each lesson's naive file is the same run of nothing fixed (heap.c). */
static int gather_heap(struct question *question, bool is_blocks)
{
    struct dhat many, few;
    char name[64], path[PATH_SIZE], error[TEXT_ERROR_SIZE];

    snprintf(name, sizeof name, "raw/dhat.out.%s.naive", question->comparison->model.lessons[0].id);
    if (dhat_read(path_of(question, name, path), &many, error, sizeof error) != 0)
        return 1;
    int status =
        dhat_read(path_of(question, "work/dhat.few.naive", path), &few, error, sizeof error);
    if (status == 0) {
        add_heap(&question->places, &many, 1, is_blocks);
        add_heap(&question->places, &few, -1, is_blocks);
        places_finish(&question->places);
        dhat_free(&few);
    }
    dhat_free(&many);
    return status;
}

/* `is_count`: each counts as one, whatever it took. */
static int add_profile(struct question *question, const char *name, bool is_count)
{
    struct cpu_samples profile;
    char path[PATH_SIZE], error[ERROR_SIZE];

    if (name == NULL ||
        cpu_samples_read(path_of(question, name, path), &profile, error, sizeof error) != 0)
        return 1;
    for (uint32_t i = 0; i < profile.sample_count; i++) {
        const struct cpu_sample *sample = &profile.samples[i];
        struct place_walk walk = {0};
        for (uint32_t f = 0; f < sample->frame_count; f++) {
            const struct cpu_frame *frame = &profile.frames[sample->frame_first + f];
            place_walk_frame(&walk, frame->function, frame->file);
        }
        places_add(&question->places, &walk, (double)(is_count ? sample->count : sample->ns));
    }
    places_finish(&question->places);
    cpu_samples_free(&profile);
    return 0;
}

static int gather_cpu(struct question *question, bool is_second)
{
    const struct model *model = &question->comparison->model;

    (void)is_second;
    for (unsigned i = 0; i < model->cpu_profile_count; i++)
        if (strcmp(model->cpu_profiles[i].build, CODE_NAIVE) == 0)
            return add_profile(question, model->cpu_profiles[i].raw, false);
    return 1;
}

static const struct live_profile *live_of(const struct question *question)
{
    const struct model *model = &question->comparison->model;

    for (unsigned i = 0; i < model->live_profile_count; i++)
        if (model->live_profiles[i].has_database == question->has_database)
            return &model->live_profiles[i];
    return NULL;
}

/* Of all that the threads had: how many they are, times how long they were asked to work. */
static int gather_waits(struct question *question, bool is_mutex)
{
    const struct live_profile *live = live_of(question);

    if (live == NULL || add_profile(question, is_mutex ? live->mutex : live->block, false) != 0)
        return 1;
    question->places.total = live->worker_threads * live->elapsed_ns;
    return 0;
}

static int gather_threads(struct question *question, bool is_second)
{
    const struct live_profile *live = live_of(question);

    (void)is_second;
    return live == NULL ? 1 : add_profile(question, live->threads, true);
}

/* A sum without a place: that of the lessons about the lock. */
static int gather_held(struct question *question, bool is_second)
{
    const struct live_profile *live = live_of(question);

    (void)is_second;
    if (live == NULL)
        return 1;
    question->places.total = live->elapsed_ns;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (lesson_rows[lesson].measures.subject == LESSON_OF_LOCK)
            question->places.lessons[lesson] = live->held_ns;
    return 0;
}

static const struct {
    const char *id, *label, *assumes;
    gather *gather;
    bool is_second;
    bool is_of_batch; /* of no wait: asked without a database alone */
} tools[] = {
    {"callgrind", "callgrind", "each instruction takes as long as any other, and nobody waits",
     .gather = gather_instructions},
    {"cpu", "CPU samples", "CPU time is the program's time: it was one worker's, and nobody waits",
     .gather = gather_cpu, .is_of_batch = true},
    {"dhat_bytes", "DHAT: bytes", "all that takes time is asking for bytes", .gather = gather_heap},
    {"dhat_blocks", "DHAT: blocks", "all that takes time is asking for blocks",
     .gather = gather_heap, .is_second = true},
    {"lock", "lock: held",
     "what is done under the lock is the serial part, and the fix removes it; all else keeps its "
     "time",
     .gather = gather_held},
    {"block", "block", "threads that wait no more find a CPU and nothing else to wait for",
     .gather = gather_waits},
    {"mutex", "mutex", "threads that wait no more find a CPU and nothing else to wait for",
     .gather = gather_waits, .is_second = true},
    {"threads", "threads", "a thread that stands somewhere takes the program's time",
     .gather = gather_threads},
};

enum { TOOLS = sizeof tools / sizeof *tools };

/* With an interval of a metric's, or else what the builds' medians come to. */
static struct judgement measured_gain(const struct model *model, int lesson, bool has_database)
{
    const struct measurement *one =
        section_find(model_find_lesson(model, lesson_id(lesson)),
                     has_database ? "database_time_alone" : "time_alone");
    const char *const time = has_database ? "database_time" : "time";
    char alone[BUILD_CODE_SIZE];

    if (one != NULL)
        return one->judgement;
    build_code(build_alone(lesson), alone);
    return (struct judgement){.ratio = model_build_value(model, CODE_NAIVE, time) /
                                       model_build_value(model, alone, time),
                              .low = NAN,
                              .high = NAN};
}

/* What is not claimed may be nothing. */
static struct promise promise_of(const struct question *question, int lesson)
{
    const struct places *places = &question->places;
    const struct judgement measured =
        measured_gain(&question->comparison->model, lesson, question->has_database);
    const double share = places->total > 0 ? places->lessons[lesson] / places->total : NAN;
    double low = measured.low, high = measured.high;

    if (isfinite(low) && measured.verdict == VERDICT_NO_DIFFERENCE) {
        low = fmin(low, 1);
        high = fmax(high, 1);
    }
    return (struct promise){.lesson = lesson_id(lesson),
                            .has_database = question->has_database,
                            .share = share,
                            .gain = promise_gain(share),
                            .measured = measured,
                            .outcome = promise_judge(share, low, high)};
}

static void add_tool(struct question *question, unsigned index)
{
    struct model *model = &question->comparison->model;
    const struct places *places = &question->places;
    struct promise_tool tool = {.id = tools[index].id,
                                .label = tools[index].label,
                                .assumes = tools[index].assumes,
                                .has_database = question->has_database};
    struct promise_pair pairs[LESSON_COUNT];
    unsigned count = 0;

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        if (!plan_wants(&question->comparison->plan, lesson))
            continue;
        struct promise promise = promise_of(question, lesson);
        promise.tool = tool.id;
        MODEL_ADD(model, model->promises, cell, cells, promise);
        pairs[count++] = (struct promise_pair){promise.gain, promise.measured.ratio,
                                               promise.measured.low, promise.measured.high};
    }
    tool.order = promise_order(pairs, count, &tool.told);
    if (places->first[0] != '\0') {
        tool.place = model_text(model, "%s", places->first);
        if (places->first_lesson != LESSON_ALL)
            tool.names = lesson_id(places->first_lesson);
    }
    MODEL_ADD(model, model->promises, tool, tools, tool);
}

/* A causal profiler would answer the question itself. Tried with Debian 12's, by hand. */
static const struct promise_tool coz = {
    .id = "coz",
    .label = "coz",
    .assumes = "",
    .order = NAN,
    .absent = "Debian 12's (0.2.2) ends a program whose debug information is DWARF 5, which gcc "
              "writes since version 11, and needs a progress point in the source"};

int judge_promises(struct comparison *comparison)
{
    static struct question question; /* large */
    struct model *model = &comparison->model;

    model->promises = model_allocate(model, sizeof *model->promises);
    if (model->promises == NULL)
        return comparison_fail(comparison, "out of memory");
    for (unsigned i = 0; i < 2 * TOOLS; i++) {
        question = (struct question){.comparison = comparison, .has_database = i >= TOOLS};
        if ((!question.has_database || !tools[i % TOOLS].is_of_batch) &&
            tools[i % TOOLS].gather(&question, tools[i % TOOLS].is_second) == 0)
            add_tool(&question, i % TOOLS);
    }
    MODEL_ADD(model, model->promises, tool, tools, coz);
    return 0;
}
