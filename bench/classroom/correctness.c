#include "bench/classroom/correctness.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "bench/classroom/compilation.h"
#include "bench/classroom/execution.h"
#include "bench/readers/json.h"

enum { DATABASE_SIZE = JAIL_PATH_SIZE + 16 };

/* Where the rows go, for --db. */
static void name_database(const struct jail *jail, char database[DATABASE_SIZE])
{
    char rows[JAIL_PATH_SIZE];
    snprintf(database, DATABASE_SIZE, "sqlite:%s", jail_path(jail, "out/rows.db", rows));
}

/* Adds up the rows of a database file, by the reference program. */
static int sum_rows(const struct jail *jail, const char *database, double *rows, char digest[17])
{
    char program[JAIL_PATH_SIZE];
    const char *const argv[] = {program, "digest", database, "--json", NULL};
    const struct jail_run run = {.argv = argv};
    struct child_result result;
    cJSON *json = NULL;
    const char *text;

    snprintf(program, sizeof program, "%s/counted/reference", jail->grading->kit);
    int status = jail_run(jail, &run, &result);
    if (status == 0)
        json = cJSON_Parse(result.output);
    if (json == NULL || json_number(json, "rows", rows) != 0 ||
        json_text(json, "digest", &text) != 0)
        status = -1;
    else
        snprintf(digest, 17, "%s", text);
    cJSON_Delete(json);
    child_result_free(&result);
    return status;
}

static int check_rows(const struct jail *jail, const char *database, struct grade *grade)
{
    const struct grading_answer *answer = &jail->grading->hidden_answer;
    double rows;
    char digest[17];

    if (sum_rows(jail, database, &rows, digest) != 0)
        return grade_end(grade, GRADE_WRONG, "its database file cannot be read");
    if (rows != (double)answer->rows || strcmp(digest, answer->row_digest) != 0)
        return grade_end(grade, GRADE_WRONG,
                         "the database has %.0f rows with digest %s; right are %llu with %s", rows,
                         digest, (unsigned long long)answer->rows, answer->row_digest);
    return 0;
}

int correctness_check(const struct jail *jail, struct grade *grade)
{
    char program[JAIL_PATH_SIZE], database[DATABASE_SIZE];
    const char *const argv[] = {jail_path(jail, COMPILATION_CHECKED, program),
                                "run",
                                jail->grading->hidden,
                                "--json",
                                "--quiet",
                                "--workers=4",
                                "--request=50",
                                "--max-threads=200",
                                "--db",
                                database,
                                NULL};
    struct execution execution;

    name_database(jail, database);
    if (execution_run(&execution, jail, EXECUTION_CHECKED, argv, grade) != 0)
        return -1;
    int status = execution_check_result(&execution, &jail->grading->hidden_answer, grade);
    if (status == 0)
        status = execution_check_threads(&execution, grade);
    if (status == 0)
        status = check_rows(jail, database, grade);
    execution_free(&execution);
    return status;
}

/* Neighbours among the tags of the rows: no order is known without comparing these at least. */
static int count_tag_pairs(const char *path, uint64_t *pairs)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int status = -1;

    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "SELECT sum(max(ntags - 1, 0)) FROM rows", -1, &statement,
                           NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        *pairs = (uint64_t)sqlite3_column_int64(statement, 0);
        status = 0;
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return status;
}

int correctness_find_answer(const struct jail *jail, const char *records,
                            struct grading_answer *answer, char *error, size_t error_size)
{
    char program[JAIL_PATH_SIZE], path[JAIL_PATH_SIZE], database[DATABASE_SIZE];
    const char *const argv[] = {program,       "run",  records,  "--json", "--quiet",
                                "--workers=1", "--db", database, NULL};
    struct grade grade = {.lesson = LESSON_ALL};
    struct execution execution;
    double rows;

    snprintf(program, sizeof program, "%s/counted/reference", jail->grading->kit);
    name_database(jail, database);
    if (execution_run(&execution, jail, EXECUTION_PLAIN, argv, &grade) != 0) {
        snprintf(error, error_size, "the fixed program cannot process the records: %s",
                 grade.reason);
        return -1;
    }
    answer->accepted = execution.result.accepted;
    answer->rejected = execution.result.rejected;
    answer->score_sum = execution.result.score_sum;
    snprintf(answer->digest, sizeof answer->digest, "%s", execution.result.digest);
    execution_free(&execution);
    if (answer->accepted == 0) {
        snprintf(error, error_size, "not one of the records is accepted");
        return -1;
    }
    if (sum_rows(jail, database, &rows, answer->row_digest) != 0 ||
        count_tag_pairs(jail_path(jail, "out/rows.db", path), &answer->tag_pairs) != 0) {
        snprintf(error, error_size, "the rows of the fixed program cannot be read");
        return -1;
    }
    answer->rows = (uint64_t)rows;
    return 0;
}
