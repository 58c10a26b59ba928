/* resuming.c - an interrupted class goes on where it was, and a finished one starts anew. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/readers/json.h"
#include "tests/classroom/fixture.h"

/* Starts the grader, and interrupts it when the first of the students is written down. */
static int grade_and_interrupt(const struct fixture *fixture)
{
    char students[FIXTURE_PATH_SIZE], results[FIXTURE_PATH_SIZE], first[FIXTURE_PATH_SIZE];
    int status;

    fixture_path(fixture, "student*", students);
    fixture_path(fixture, "grades", results);
    fixture_path(fixture, "grades/students/student-1.json", first);
    pid_t pid = fork();
    if (pid == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(125);
        execl(BUILD_FOLDER "/bin/grade", "grade", "--kit=" BUILD_FOLDER "/classroom/kit",
              "--naive=" PROJECT_FOLDER "/naive", "--fixed=" PROJECT_FOLDER "/fixed", "--results",
              results, "--student", students, "--jobs=1", NULL);
        _exit(126);
    }
    for (int i = 0; i < 18000 && access(first, R_OK) != 0; i++)
        usleep(10000);
    kill(pid, SIGINT);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static uint64_t seed_of(const struct fixture *fixture, const char *student)
{
    cJSON *grades = fixture_grades_of(fixture, student);
    uint64_t seed = 0;
    json_integer(cJSON_GetObjectItemCaseSensitive(grades, "extra_data"), "seed", &seed);
    cJSON_Delete(grades);
    return seed;
}

Test(resuming, goes_on_with_the_same_records_and_starts_anew_after_the_end)
{
    struct fixture fixture = fixture_open();

    fixture_hand_in(&fixture, "student-1");
    for (int i = 2; i <= 4; i++) {
        char name[16];
        snprintf(name, sizeof name, "student-%d", i);
        fixture_hand_in(&fixture, name);
        fixture_replace(&fixture, name, PROJECT_FOLDER "/fixed", "store.c");
    }
    cr_assert_eq(grade_and_interrupt(&fixture), 130);
    uint64_t seed = seed_of(&fixture, "student-1");

    struct child_result result = fixture_grade(&fixture, "student*", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cr_expect_not_null(strstr(result.errors, "graded before the interruption"), "%s",
                       result.errors);
    child_result_free(&result);
    cr_expect_eq(seed_of(&fixture, "student-1"), seed);
    cr_expect_eq(seed_of(&fixture, "student-4"), seed);
    cJSON *grades = fixture_grades_of(&fixture, "student-4");
    cr_expect_eq(fixture_score(grades), 25);
    cJSON_Delete(grades);

    result = fixture_grade(&fixture, "student-1", NULL);
    cr_expect_eq(result.exit_status, 0);
    cr_expect_neq(seed_of(&fixture, "student-1"), seed);
    child_result_free(&result);
    fixture_close(&fixture);
}
