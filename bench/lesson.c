#include "bench/lesson.h"

#include <assert.h>
#include <string.h>

const struct lesson lesson_rows[LESSON_COUNT] = {
    {
        .id = "key",
        .title = "string building",
        .words =
            "A new, longer string for every tag; fixed: one pass into a buffer that is reused.",
        .headline = "dhat_bytes",
        .pictures = {{.kind = "growth"},
                     {.kind = "waste",
                      .of = {"allocated_bytes", "allocations", "function_instructions",
                             "dhat_blocks"},
                      .title = "of the bytes were allocated for nothing",
                      .instead_of = "growth"},
                     {.kind = "note",
                      .absent = "How it grows with the number of tags was not measured in this "
                                "run: QUICK=1 leaves it out.",
                      .instead_of = "growth"}},
    },
    {
        .id = "sort",
        .title = "needless sorting",
        .words = "A copy sorted for each who asks; fixed: sorted once, in place, and remembered.",
        .headline = "comparisons",
        .pictures = {{.kind = "waste",
                      .of = {"comparisons", "sorts", "function_instructions", "dhat_blocks"},
                      .title = "of the comparisons told nothing new"}},
    },
    {
        .id = "store",
        .title = "a lock held too long",
        .words = "One lock around everything, the wait for the database included; fixed: a shard "
                 "is locked to publish the row.",
        .headline = "lock_hold",
        .pictures = {{.kind = "timeline",
                      .absent = "The lock's timeline was not traced in this run."},
                     {.kind = "lock"}},
    },
    {
        .id = "workers",
        .title = "threads that never end",
        .words = "Ten threads a CPU for each request, waiting for ever after; fixed: a pool, "
                 "closed and joined.",
        .headline = "threads_alive",
        .pictures = {{.kind = "growth",
                      .of = {"threads"},
                      .title = "Threads: each request leaves its own behind"},
                     {.kind = "growth",
                      .of = {"stacks"},
                      .title = "Stacks: mapped, and never given back"},
                     {.kind = "growth",
                      .of = {"rss"},
                      .title = "Resident memory: little at a time, and always more"},
                     {.kind = "forecast"},
                     {.kind = "memory"}},
    },
};

const char *lesson_id(int lesson)
{
    assert(lesson >= 0 && lesson < LESSON_COUNT);
    return lesson_rows[lesson].id;
}

int lesson_from_id(const char *id)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (strcmp(id, lesson_rows[lesson].id) == 0)
            return lesson;
    return LESSON_ALL;
}
