#include "bench/pair/kit_guess.h"

#include <stdio.h>
#include <string.h>

_Static_assert((int)KIT_GUESSES <= (int)LESSON_GUESSES, "a kit's guesses fit");

struct guess_subject kit_guess_subject(const struct kit *kit)
{
    struct guess_subject subject = {.id = kit->name};

    for (unsigned i = 0; i < kit->guess_count; i++)
        subject.metrics[i] =
            (struct lesson_guess){kit->guesses[i].name, kit->guesses[i].metric.name};
    if (kit->guess_count == 0)
        subject.metrics[0] = (struct lesson_guess){kit->headline.name, kit->headline.name};
    return subject;
}

void kit_guess_path(const struct kit *kit, const char *path, char own[KIT_PATH_SIZE])
{
    const char *end = strrchr(path, '.');
    if (end == NULL || strchr(end, '/') != NULL)
        end = path + strlen(path);
    snprintf(own, KIT_PATH_SIZE, "%.*s-%s%s", (int)(end - path), path, kit->name, end);
}
