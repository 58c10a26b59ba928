/*
 * evidence_timeline.c - what each thread did, moment by moment, from the spans that were traced.
 *
 * Spans overlap: a thread that holds the lock while it waits for the database is in three of them,
 * "runs", "holds" and "database". What is shown of a moment is the one that matters most: holding
 * before waiting before the database before work.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/readers/json.h"
#include "bench/report/evidence_parts.h"

enum { SPANS_MAX = 4096, STATES = 4 };

/* The later, the more it matters. */
static const char *const states[STATES] = {"runs", "database", "waits", "holds"};

struct span {
    double start, end;
    int state;
};

struct thread {
    struct span spans[SPANS_MAX];
    unsigned count;
};

static int state_of(const char *name)
{
    for (int i = 0; i < STATES; i++)
        if (strcmp(states[i], name) == 0)
            return i;
    return -1;
}

static void read_thread(const cJSON *list, struct thread *thread)
{
    const cJSON *item;

    thread->count = 0;
    cJSON_ArrayForEach (item, list) {
        const cJSON *name = cJSON_GetArrayItem(item, 0), *start = cJSON_GetArrayItem(item, 1);
        const cJSON *end = cJSON_GetArrayItem(item, 2);
        if (thread->count == SPANS_MAX || !cJSON_IsString(name) || !cJSON_IsNumber(start) ||
            !cJSON_IsNumber(end) || state_of(name->valuestring) < 0)
            continue;
        thread->spans[thread->count++] =
            (struct span){start->valuedouble, end->valuedouble, state_of(name->valuestring)};
    }
}

static int compare_numbers(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

/* -1: none. */
static int state_at(const struct thread *thread, double moment)
{
    int state = -1;
    for (unsigned i = 0; i < thread->count; i++)
        if (thread->spans[i].start <= moment && moment < thread->spans[i].end &&
            thread->spans[i].state > state)
            state = thread->spans[i].state;
    return state;
}

static void add_piece(cJSON *list, double start, double end, int state, double origin)
{
    cJSON *piece = cJSON_CreateArray();
    cJSON_AddItemToArray(piece, cJSON_CreateNumber(start - origin));
    cJSON_AddItemToArray(piece, cJSON_CreateNumber(end - origin));
    cJSON_AddItemToArray(piece, cJSON_CreateString(states[state]));
    cJSON_AddItemToArray(list, piece);
}

/* The moments at which a thread's state may change, in order, cut it into pieces of one state. */
static void add_thread(cJSON *threads, const struct thread *thread, double origin)
{
    cJSON *list = cJSON_CreateArray();
    double *moments = calloc(2u * thread->count + 1, sizeof *moments), start = 0;
    unsigned count = 0;
    int now = -1;

    cJSON_AddItemToArray(threads, list);
    if (moments == NULL)
        return;
    for (unsigned i = 0; i < thread->count; i++) {
        moments[count++] = thread->spans[i].start;
        moments[count++] = thread->spans[i].end;
    }
    qsort(moments, count, sizeof *moments, compare_numbers);
    for (unsigned i = 0; i < count; i++) {
        int next = state_at(thread, moments[i]);
        if (next == now)
            continue;
        if (now >= 0)
            add_piece(list, start, moments[i], now, origin);
        start = moments[i];
        now = next;
    }
    free(moments);
}

static double first_moment(const cJSON *threads)
{
    const cJSON *thread, *span;
    double first = -1;

    cJSON_ArrayForEach (thread, threads)
        cJSON_ArrayForEach (span, thread) {
            const cJSON *start = cJSON_GetArrayItem(span, 1);
            if (cJSON_IsNumber(start) && (first < 0 || start->valuedouble < first))
                first = start->valuedouble;
        }
    return first;
}

static void add_timeline(struct evidence *evidence, const char *build, const char *side)
{
    char name[64], path[EVIDENCE_PATH_SIZE], error[TEXT_ERROR_SIZE];
    cJSON *json;

    snprintf(name, sizeof name, "raw/timeline.%s.json", build);
    if (!evidence_has(evidence, name))
        return;
    if (json_read(evidence_path(evidence, name, path), &json, error, sizeof error) != 0) {
        evidence_miss(evidence, name, error);
        return;
    }
    struct thread *one = calloc(1, sizeof *one);
    const cJSON *threads = json_member(json, "threads"), *thread;
    cJSON *object = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(object, "threads");
    cJSON_AddStringToObject(object, "build", build);
    cJSON_AddStringToObject(object, "side", side);
    cJSON_AddStringToObject(object, "raw", name);
    cJSON_ArrayForEach (thread, threads) {
        if (one == NULL)
            break;
        read_thread(thread, one);
        add_thread(list, one, first_moment(threads));
    }
    cJSON_AddItemToArray(json_member(evidence->json, "timelines"), object);
    free(one);
    cJSON_Delete(json);
}

void evidence_add_timelines(struct evidence *evidence)
{
    char code[BUILD_CODE_SIZE];

    add_timeline(evidence, CODE_NAIVE, "naive");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (lesson_rows[lesson].measures.subject == LESSON_OF_LOCK) {
            build_code(build_alone(lesson), code);
            add_timeline(evidence, code, "fixed");
        }
}
