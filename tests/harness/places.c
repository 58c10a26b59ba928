/* places.c - whose a stack is: planted stacks, as the tools have them. */
#include "bench/compare/places.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define SOURCES "/somewhere/"

struct frame_text {
    const char *function, *file;
};

static void add(struct places *places, double weight, const struct frame_text *frames)
{
    struct place_walk walk = {0};

    for (; frames->function != NULL; frames++)
        place_walk_frame(&walk, frames->function, frames->file);
    places_add(places, &walk, weight);
}

#define ADD(places, weight, ...)                                                                   \
    add(places, weight, (struct frame_text[]){__VA_ARGS__, {NULL, NULL}})

static double of(const struct places *places, const char *lesson)
{
    return places->lessons[lesson_from_id(lesson)];
}

Test(places, are_of_the_lesson_whose_function_is_on_the_stack)
{
    struct places places = {0};

    ADD(&places, 5, {"strlen", "./string/strlen.S"}, {"appended", SOURCES "naive/key.c"},
        {"key_build", SOURCES "naive/key.c"}, {"worker_process", SOURCES "common/worker.c"},
        {"work", SOURCES "naive/workers.c"});
    ADD(&places, 3, {"tag_compare", SOURCES "common/tag.c"}, {"sort_tags.part.0", "sort.c"});
    ADD(&places, 2, {"record_parse", SOURCES "common/record.c"},
        {"worker_process", SOURCES "common/worker.c"}, {"work", SOURCES "naive/workers.c"});
    places_finish(&places);
    cr_expect_eq(places.total, 10);
    cr_expect_eq(of(&places, "key"), 5);
    cr_expect_eq(of(&places, "sort"), 3);
    cr_expect_eq(of(&places, "workers"), 0, "all that is parsed is below its loop");
    cr_expect_str_eq(places.first, "appended (key.c)");
    cr_expect_eq(places.first_lesson, lesson_from_id("key"));
}

Test(places, are_of_the_lesson_whose_line_it_is)
{
    struct places places = {0};

    ADD(&places, 7, {"__futex_wait", "./nptl/futex-internal.c"},
        {"pthread_cond_wait", SOURCES "common/pprof/hooks/locks.c"},
        {"wait_for_more", SOURCES "naive/workers.c"}, {"work", SOURCES "naive/workers.c"});
    places_finish(&places);
    cr_expect_eq(of(&places, "workers"), 7);
    cr_expect_str_eq(places.first, "wait_for_more (workers.c)");
}

Test(places, name_the_victims_line_where_the_lock_is_waited_for)
{
    struct places places = {0};

    ADD(&places, 4, {"lock_acquire", SOURCES "common/lock.c"},
        {"process_text", SOURCES "common/worker.c"}, {"work", SOURCES "naive/workers.c"});
    ADD(&places, 1, {"lock_release", SOURCES "common/lock.c"},
        {"store_commit", SOURCES "naive/store.c"});
    places_finish(&places);
    cr_expect_eq(of(&places, "store"), 5);
    cr_expect_str_eq(places.first, "lock_acquire (lock.c)");
    cr_expect_eq(places.first_lesson, LESSON_ALL, "no lesson's file");
}

Test(places, sum_up_what_is_nobodys)
{
    struct places places = {0};

    ADD(&places, 4, {"main", "???"}, {"start", NULL});
    add(&places, 2, (struct frame_text[]){{NULL, NULL}}); /* a stack that nobody knows */
    places_finish(&places);
    cr_expect_eq(places.total, 6);
    cr_expect_str_empty(places.first);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        cr_expect_eq(places.lessons[lesson], 0);
}

/* As the slope of two runs: what start-up took is in both. */
Test(places, take_off_what_a_shorter_run_has)
{
    struct places places = {0};

    ADD(&places, 1000, {"request_new", "request.c"});
    ADD(&places, 30, {"appended", "key.c"});
    ADD(&places, -1000, {"request_new", "request.c"});
    ADD(&places, -10, {"appended", "key.c"});
    places_finish(&places);
    cr_expect_eq(places.total, 20);
    cr_expect_eq(of(&places, "key"), 20);
    cr_expect_str_eq(places.first, "appended (key.c)");
}

Test(places, have_sums_of_more_than_they_have_room_for)
{
    static char names[PLACES_MAX + 10][16];
    struct places places = {0};

    for (unsigned i = 0; i < PLACES_MAX + 10; i++) {
        snprintf(names[i], sizeof names[i], "f%u", i);
        ADD(&places, 1, {names[i], "key.c"});
    }
    places_finish(&places);
    cr_expect_eq(places.count, PLACES_MAX);
    cr_expect_eq(of(&places, "key"), PLACES_MAX + 10);
}
