#define _GNU_SOURCE
#include "tests/classroom/desk.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/room.h"
#include "bench/readers/text.h"

enum { OPTIONS_MAX = 24 };

struct desk desk_open(void)
{
    struct desk desk = {"/tmp/fastenough-desk-XXXXXX"};
    cr_assert_not_null(mkdtemp(desk.folder));
    return desk;
}

void desk_close(struct desk *desk)
{
    room_remove_tree(desk->folder);
}

const char *desk_path(const struct desk *desk, const char *name, char path[DESK_PATH_SIZE])
{
    cr_assert_lt(snprintf(path, DESK_PATH_SIZE, "%s/%s", desk->folder, name), DESK_PATH_SIZE);
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

void desk_replace(const struct desk *desk, const char *student, const char *from, const char *file)
{
    char source[DESK_PATH_SIZE], target[DESK_PATH_SIZE];
    snprintf(source, sizeof source, "%s/%s", from, file);
    snprintf(target, sizeof target, "%s/%s/%s", desk->folder, student, file);
    copy(source, target);
}

void desk_hand_in(const struct desk *desk, const char *student)
{
    static const char *const files[] = {"key.c", "sort.c", "store.c", "workers.c"};
    char path[DESK_PATH_SIZE];
    cr_assert_eq(mkdir(desk_path(desk, student, path), 0755), 0);
    for (int i = 0; i < 4; i++)
        desk_replace(desk, student, PROJECT_FOLDER "/naive", files[i]);
}

void desk_write(const struct desk *desk, const char *student, const char *file, const char *text)
{
    char path[DESK_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s/%s", desk->folder, student, file);
    FILE *out = fopen(path, "w");
    cr_assert_not_null(out);
    fputs(text, out);
    cr_assert_eq(fclose(out), 0);
}

struct child_result desk_grade(const struct desk *desk, const char *pattern,
                               const char *const *options)
{
    char student[DESK_PATH_SIZE], results[DESK_PATH_SIZE];
    const char *argv[OPTIONS_MAX] = {BUILD_FOLDER "/bin/grade",
                                     "--kit=" BUILD_FOLDER "/classroom/kit",
                                     "--naive=" PROJECT_FOLDER "/naive",
                                     "--fixed=" PROJECT_FOLDER "/fixed",
                                     "--results",
                                     desk_path(desk, "grades", results),
                                     "--student",
                                     desk_path(desk, pattern, student)};
    struct child_result result;
    int count = 8;

    for (; options != NULL && *options != NULL && count < OPTIONS_MAX - 1; options++)
        argv[count++] = *options;
    struct child_job job = {
        .argv = argv, .output = {.sink = CHILD_CAPTURE}, .errors = {.sink = CHILD_CAPTURE}};
    child_run(&job, &result);
    return result;
}

char *desk_read(const struct desk *desk, const char *name)
{
    struct text text;
    char path[DESK_PATH_SIZE], error[TEXT_ERROR_SIZE];
    cr_assert_eq(text_read(desk_path(desk, name, path), &text, error, sizeof error), 0, "%s",
                 error);
    return text.bytes;
}

cJSON *desk_grades_of(const struct desk *desk, const char *student)
{
    char name[DESK_PATH_SIZE];
    snprintf(name, sizeof name, "grades/students/%s.json", student);
    char *text = desk_read(desk, name);
    cJSON *json = cJSON_Parse(text);
    free(text);
    cr_assert_not_null(json);
    return json;
}

double desk_score(const cJSON *grades)
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

double desk_points(const cJSON *grades, const char *problem)
{
    const cJSON *test = find(cJSON_GetObjectItemCaseSensitive(grades, "tests"), "name", problem);
    return cJSON_GetObjectItemCaseSensitive(test, "score")->valuedouble;
}

static const char *problem_text(const cJSON *grades, const char *problem, const char *member)
{
    const cJSON *extra = cJSON_GetObjectItemCaseSensitive(grades, "extra_data");
    const cJSON *found =
        find(cJSON_GetObjectItemCaseSensitive(extra, "problems"), "problem", problem);
    return cJSON_GetObjectItemCaseSensitive(found, member)->valuestring;
}

const char *desk_status(const cJSON *grades, const char *problem)
{
    return problem_text(grades, problem, "status");
}

const char *desk_reason(const cJSON *grades, const char *problem)
{
    return problem_text(grades, problem, "reason");
}
