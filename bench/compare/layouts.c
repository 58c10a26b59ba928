#include "bench/compare/layouts.h"

#include <stdio.h>
#include <sys/stat.h>

#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"

static bool is_older(const struct stat *one, const struct stat *other)
{
    return one->st_mtim.tv_sec < other->st_mtim.tv_sec ||
           (one->st_mtim.tv_sec == other->st_mtim.tv_sec &&
            one->st_mtim.tv_nsec < other->st_mtim.tv_nsec);
}

/* How many there are of a build, all of them linked after the program itself. */
static unsigned count_layouts(struct comparison *comparison, unsigned build)
{
    char code[BUILD_CODE_SIZE], path[PATH_SIZE + 64];
    struct stat program, layout;
    unsigned count = 0;

    build_code(build, code);
    snprintf(path, sizeof path, "%s/fastenough-%s", comparison->programs, code);
    if (stat(path, &program) != 0)
        return 0;
    while (count < ROUNDS_MAX) {
        snprintf(path, sizeof path, LAYOUTS_PATH, comparison->programs, code, count + 1);
        if (stat(path, &layout) != 0 || is_older(&layout, &program))
            break;
        count++;
    }
    return count;
}

/* The builds of which ratios are judged: nothing and all fixed, each lesson alone and left out. */
int find_layouts(struct comparison *comparison)
{
    unsigned least = ROUNDS_MAX, counts[BUILD_COUNT] = {0};

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const unsigned builds[] = {BUILD_NAIVE, BUILD_FIXED, build_alone(lesson),
                                   build_without(lesson)};
        for (unsigned i = 0; i < sizeof builds / sizeof *builds; i++) {
            unsigned count = counts[builds[i]] = count_layouts(comparison, builds[i]);
            least = count < least ? count : least;
        }
    }
    comparison->layout_count = least;
    for (unsigned build = 0; build < BUILD_COUNT; build++)
        comparison->has_layouts[build] = least > 0 && counts[build] >= least;
    if (least == 0)
        comparison_warn(comparison, "each program was measured in one link order, as no others lie "
                                    "beside it (make compare links them): how much of a difference "
                                    "of times is where its functions happen to lie, is not known");
    return 0;
}
