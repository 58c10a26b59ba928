#include "bench/classroom/reference.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/classroom/correctness.h"
#include "bench/classroom/trial.h"

static int find_answer(const struct grading *grading, const char *records,
                       struct grading_answer *answer, char *error, size_t error_size)
{
    struct jail jail;
    int status = -1;

    if (jail_open(&jail, grading, 0) != 0)
        snprintf(error, error_size, "no folder can be made in %s: %s", grading->folder,
                 strerror(errno));
    else
        status = correctness_find_answer(&jail, records, answer, error, error_size);
    jail_close(&jail);
    return status;
}

/* Two lines that handout.sh writes: the machine and the compiler. The kit has its own compiler's.
 */
static void read_made_with(struct grading *grading)
{
    const struct {
        const char *folder, *name;
        unsigned line;
    } files[] = {{grading->options.fixed, "made-with", 2}, {grading->kit, "compiler", 1}};
    char found[2][sizeof grading->made_with] = {"", ""};

    for (int i = 0; i < 2; i++) {
        char path[2 * GRADING_PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", files[i].folder, files[i].name);
        FILE *file = fopen(path, "r");
        for (unsigned line = 0; file != NULL && line < files[i].line; line++)
            if (fgets(found[i], sizeof found[i], file) == NULL)
                found[i][0] = '\0';
        if (file != NULL)
            fclose(file);
        found[i][strcspn(found[i], "\n")] = '\0';
    }
    if (strcmp(found[0], found[1]) != 0)
        strcpy(grading->made_with, found[0]);
}

int reference_measure(struct grading *grading, const bool is_wanted[LESSON_COUNT], char *error,
                      size_t error_size)
{
    const struct {
        const char *folder;
        struct count_values *counts;
        struct likeness_code *codes;
    } references[] = {
        {grading->options.naive, grading->naive, grading->naive_code},
        {grading->options.fixed, grading->fixed, grading->fixed_code},
    };

    read_made_with(grading);

    if (find_answer(grading, grading->hidden, &grading->hidden_answer, error, error_size) != 0 ||
        find_answer(grading, grading->counted, &grading->counted_answer, error, error_size) != 0)
        return -1;
    for (int i = 0; i < 2; i++)
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            struct grade grade;
            if (!is_wanted[lesson])
                continue;
            trial_run(grading, 0, lesson, references[i].folder, TRIAL_COUNTS,
                      &references[i].codes[lesson], &grade);
            if (grade.status != GRADE_GIVEN) {
                snprintf(error, error_size, "the reference %s/%s cannot be measured: %s",
                         references[i].folder, lesson_rows[lesson].file, grade.reason);
                return -1;
            }
            references[i].counts[lesson] = grade.yours;
        }
    return 0;
}
