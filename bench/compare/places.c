#include "bench/compare/places.h"

#include <stdio.h>
#include <string.h>

#include "bench/readers/frame.h"

static const char *without_folder(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash != NULL ? slash + 1 : file;
}

/* The C library's sources are named from its own folder, "./nptl/..."; or, as DHAT has them, all
 * are without one. */
bool place_is_own(const char *file)
{
    return file != NULL && file[0] != '\0' && file[0] != '.' && strchr(file, '?') == NULL &&
           strstr(file, "/pprof/") == NULL;
}

/* The lesson in whose file it is, or LESSON_ALL. */
static int lesson_of_file(const char *file)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (strcmp(without_folder(file), lesson_rows[lesson].file) == 0)
            return lesson;
    return LESSON_ALL;
}

static int lesson_of_function(const char *function)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const char *const *contract = lesson_rows[lesson].grading.functions;
        const unsigned most = sizeof lesson_rows[lesson].grading.functions / sizeof *contract;
        for (unsigned i = 0; i < most && contract[i] != NULL; i++)
            if (frame_name_is(function, contract[i]))
                return lesson;
        if (lesson_rows[lesson].measures.subject == LESSON_OF_LOCK &&
            frame_name_is(function, "lock_acquire"))
            return lesson;
    }
    return LESSON_ALL;
}

void place_walk_frame(struct place_walk *walk, const char *function, const char *file)
{
    const bool is_first_own = walk->file == NULL && place_is_own(file);
    int lesson = lesson_of_function(function);

    if (walk->is_found || (lesson == LESSON_ALL && !is_first_own))
        return;
    if (lesson == LESSON_ALL)
        lesson = lesson_of_file(file);
    walk->function = function != NULL ? function : "?";
    walk->file = file != NULL ? file : "?";
    walk->lesson = lesson;
    walk->is_found = lesson != LESSON_ALL;
}

void places_add(struct places *places, const struct place_walk *walk, double weight)
{
    unsigned i = 0;

    places->total += weight;
    if (walk->file == NULL)
        return;
    if (walk->is_found)
        places->lessons[walk->lesson] += weight;
    const char *file = without_folder(walk->file);
    while (i < places->count && (strcmp(places->list[i].function, walk->function) != 0 ||
                                 strcmp(places->list[i].file, file) != 0))
        i++;
    if (i == PLACES_MAX)
        return;
    if (i == places->count)
        places->list[places->count++] = (struct place){walk->function, file, 0};
    places->list[i].weight += weight;
}

void places_finish(struct places *places)
{
    const struct place *first = &places->list[0];

    places->first_lesson = LESSON_ALL;
    for (unsigned i = 1; i < places->count; i++)
        if (places->list[i].weight > first->weight)
            first = &places->list[i];
    if (places->count == 0)
        return;
    snprintf(places->first, sizeof places->first, "%s (%s)", first->function, first->file);
    places->first_lesson = lesson_of_file(first->file);
}
