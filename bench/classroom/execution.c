#include "bench/classroom/execution.h"

#include <string.h>

#include "bench/classroom/diagnosis.h"
#include "bench/readers/json.h"

#define CHECKS                                                                                     \
    "detect_stack_use_after_return=1:strict_string_checks=1:hard_rss_limit_mb=768:exitcode=99"

static const char *const checked_environment[] = {
    "PATH=/usr/bin:/bin",
    "ASAN_OPTIONS=detect_leaks=1:" CHECKS,
    "UBSAN_OPTIONS=print_stacktrace=1",
    NULL,
};

/* Where LeakSanitizer cannot look at the process. */
static const char *const blind_environment[] = {
    "PATH=/usr/bin:/bin",
    "ASAN_OPTIONS=detect_leaks=0:" CHECKS,
    "UBSAN_OPTIONS=print_stacktrace=1",
    NULL,
};

/* As in `make compare`: nothing else that could move a count. */
static const char *const counted_environment[] = {
    "PATH=/usr/bin:/bin",
    "LD_BIND_NOW=1",
    "MALLOC_ARENA_MAX=64",
    NULL,
};

static const uint64_t VALGRIND_BYTES = (uint64_t)8 << 30;

static const char *const *environment_of(const struct jail *jail, enum execution_kind kind)
{
    if (kind != EXECUTION_CHECKED)
        return counted_environment;
    return jail->grading->sandbox.is_blind_to_leaks ? blind_environment : checked_environment;
}

static cJSON *find_monitor(const char *errors)
{
    const char *found = errors != NULL ? strstr(errors, "monitor: {") : NULL;
    return found != NULL ? cJSON_Parse(found + strlen("monitor: ")) : NULL;
}

int execution_run(struct execution *execution, const struct jail *jail, enum execution_kind kind,
                  const char *const *argv, struct grade *grade)
{
    const struct jail_run run = {
        .argv = argv,
        .environment = environment_of(jail, kind),
        .memory_bytes = kind == EXECUTION_UNDER_VALGRIND ? VALGRIND_BYTES : 0,
    };
    struct child_result child;
    char error[512];

    *execution = (struct execution){.monitor = NULL};
    jail_run(jail, &run, &child);
    int status = diagnosis_make(jail->grading, &child, grade);
    if (status == 0 && rundoc_parse("result", child.output, child.output_length, &execution->result,
                                    error, sizeof error) != 0)
        status = grade_end(grade, GRADE_WRONG, "what it printed is not the program's result");
    else if (status == 0)
        execution->monitor = find_monitor(child.errors);
    child_result_free(&child);
    return status;
}

void execution_free(struct execution *execution)
{
    rundoc_free(&execution->result);
    cJSON_Delete(execution->monitor);
}

double execution_monitored(const struct execution *execution, const char *name)
{
    double number = 0;
    json_number(execution->monitor, name, &number);
    return number;
}

int execution_check_result(const struct execution *execution, const struct grading_answer *answer,
                           struct grade *grade)
{
    const struct rundoc *result = &execution->result;

    if (result->accepted != answer->accepted || result->rejected != answer->rejected)
        return grade_end(
            grade, GRADE_WRONG, "%llu records accepted and %llu rejected; right are %llu and %llu",
            (unsigned long long)result->accepted, (unsigned long long)result->rejected,
            (unsigned long long)answer->accepted, (unsigned long long)answer->rejected);
    if (strcmp(result->digest, answer->digest) != 0 || result->score_sum != answer->score_sum)
        return grade_end(grade, GRADE_WRONG,
                         "the digest is %s; right is %s: a key, a score or a row differs",
                         result->digest, answer->digest);
    return 0;
}

int execution_check_threads(const struct execution *execution, struct grade *grade)
{
    const struct lesson_grading *lesson = &lesson_rows[grade->lesson].grading;
    double together = execution_monitored(execution, "puts_together");
    double lockless = execution_monitored(execution, "puts_lockless");

    if (execution->monitor == NULL)
        return grade_end(grade, GRADE_WRONG, "it ended before its end");
    if (lesson->must_lock && together > 0)
        return grade_end(grade, GRADE_WRONG,
                         "two threads wrote to the same partition at once, %.0f times", together);
    if (lesson->must_lock && lockless > 0)
        return grade_end(grade, GRADE_UNCOUNTED,
                         "%.0f rows were written without a lock of lock.h held", lockless);
    if (lesson->must_share && execution_monitored(execution, "working_most") < 2)
        return grade_end(grade, GRADE_WRONG,
                         "there were never two records in work at once, with four workers");
    return 0;
}
