#include "tests/classroom/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/grading.h"
#include "bench/readers/text.h"

enum { OPTIONS_MAX = 24 };

struct fixture fixture_open(void)
{
    struct fixture fixture = {"/tmp/fastenough-fixture-XXXXXX"};
    cr_assert_not_null(mkdtemp(fixture.folder));
    return fixture;
}

void fixture_close(struct fixture *fixture)
{
    grading_remove_tree(fixture->folder);
}

const char *fixture_path(const struct fixture *fixture, const char *name,
                         char path[FIXTURE_PATH_SIZE])
{
    cr_assert_lt(snprintf(path, FIXTURE_PATH_SIZE, "%s/%s", fixture->folder, name),
                 FIXTURE_PATH_SIZE);
    return path;
}

static void copy(const char *from, const char *to)
{
    struct text text;
    char error[TEXT_ERROR_SIZE];
    FILE *file = fopen(to, "w");
    cr_assert_not_null(file, "%s", to);
    if (text_read(from, &text, error, sizeof error) == 0) { /* which finds an empty file an error */
        cr_assert_eq(fwrite(text.bytes, 1, text.length, file), text.length);
        text_free(&text);
    } else {
        cr_assert_eq(access(from, R_OK), 0, "%s", error);
    }
    cr_assert_eq(fclose(file), 0);
}

void fixture_replace(const struct fixture *fixture, const char *student, const char *from,
                     const char *file)
{
    char source[FIXTURE_PATH_SIZE], target[FIXTURE_PATH_SIZE];
    snprintf(source, sizeof source, "%s/%s", from, file);
    snprintf(target, sizeof target, "%s/%s/%s", fixture->folder, student, file);
    copy(source, target);
}

void fixture_hand_in(const struct fixture *fixture, const char *student)
{
    static const char *const files[] = {"key.c", "sort.c", "store.c", "workers.c"};
    char path[FIXTURE_PATH_SIZE];
    cr_assert_eq(mkdir(fixture_path(fixture, student, path), 0755), 0);
    for (int i = 0; i < 4; i++)
        fixture_replace(fixture, student, PROJECT_FOLDER "/naive", files[i]);
}

void fixture_write(const struct fixture *fixture, const char *student, const char *file,
                   const char *text)
{
    char path[FIXTURE_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s/%s", fixture->folder, student, file);
    FILE *out = fopen(path, "w");
    cr_assert_not_null(out);
    fputs(text, out);
    cr_assert_eq(fclose(out), 0);
}

struct child_result fixture_grade(const struct fixture *fixture, const char *pattern,
                                  const char *const *options)
{
    char student[FIXTURE_PATH_SIZE], results[FIXTURE_PATH_SIZE];
    const char *argv[OPTIONS_MAX] = {BUILD_FOLDER "/bin/grade",
                                     "--kit=" BUILD_FOLDER "/classroom/kit",
                                     "--naive=" PROJECT_FOLDER "/naive",
                                     "--fixed=" PROJECT_FOLDER "/fixed",
                                     "--results",
                                     fixture_path(fixture, "grades", results),
                                     "--student",
                                     fixture_path(fixture, pattern, student)};
    struct child_result result;
    int count = 8;

    for (; options != NULL && *options != NULL && count < OPTIONS_MAX - 1; options++)
        argv[count++] = *options;
    struct child_job job = {
        .argv = argv, .output = {.sink = CHILD_CAPTURE}, .errors = {.sink = CHILD_CAPTURE}};
    child_run(&job, &result);
    return result;
}

char *fixture_read(const struct fixture *fixture, const char *name)
{
    struct text text;
    char path[FIXTURE_PATH_SIZE], error[TEXT_ERROR_SIZE];
    cr_assert_eq(text_read(fixture_path(fixture, name, path), &text, error, sizeof error), 0, "%s",
                 error);
    return text.bytes;
}

cJSON *fixture_grades_of(const struct fixture *fixture, const char *student)
{
    char name[FIXTURE_PATH_SIZE];
    snprintf(name, sizeof name, "grades/students/%s.json", student);
    char *text = fixture_read(fixture, name);
    cJSON *json = cJSON_Parse(text);
    free(text);
    cr_assert_not_null(json);
    return json;
}

double fixture_score(const cJSON *grades)
{
    return cJSON_GetObjectItemCaseSensitive(grades, "score")->valuedouble;
}

static const cJSON *find(const cJSON *array, const char *member, const char *value)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, array) {
        if (strcmp(cJSON_GetObjectItemCaseSensitive(item, member)->valuestring, value) == 0)
            return item;
    }
    cr_assert_fail("no %s is %s", member, value);
    return NULL;
}

double fixture_points(const cJSON *grades, const char *lesson)
{
    const cJSON *test = find(cJSON_GetObjectItemCaseSensitive(grades, "tests"), "name", lesson);
    return cJSON_GetObjectItemCaseSensitive(test, "score")->valuedouble;
}

static const char *lesson_text(const cJSON *grades, const char *lesson, const char *member)
{
    const cJSON *extra = cJSON_GetObjectItemCaseSensitive(grades, "extra_data");
    const cJSON *found = find(cJSON_GetObjectItemCaseSensitive(extra, "lessons"), "lesson", lesson);
    return cJSON_GetObjectItemCaseSensitive(found, member)->valuestring;
}

const char *fixture_status(const cJSON *grades, const char *lesson)
{
    return lesson_text(grades, lesson, "status");
}

const char *fixture_reason(const cJSON *grades, const char *lesson)
{
    return lesson_text(grades, lesson, "reason");
}
