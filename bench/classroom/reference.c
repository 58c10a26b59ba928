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

int reference_measure(struct grading *grading, const bool is_wanted[LESSON_COUNT], char *error,
                      size_t error_size)
{
    const struct {
        const char *folder;
        struct count_values *counts;
    } references[] = {
        {grading->options.naive, grading->naive},
        {grading->options.fixed, grading->fixed},
    };

    if (find_answer(grading, grading->hidden, &grading->hidden_answer, error, error_size) != 0 ||
        find_answer(grading, grading->counted, &grading->counted_answer, error, error_size) != 0)
        return -1;
    for (int i = 0; i < 2; i++)
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            struct grade grade;
            if (!is_wanted[lesson])
                continue;
            trial_run(grading, 0, lesson, references[i].folder, TRIAL_COUNTS, &grade);
            if (grade.status != GRADE_GIVEN) {
                snprintf(error, error_size, "the reference %s/%s cannot be measured: %s",
                         references[i].folder, lesson_rows[lesson].file, grade.reason);
                return -1;
            }
            references[i].counts[lesson] = grade.yours;
        }
    return 0;
}
