#include "bench/classroom/counting.h"

#include <stdio.h>
#include <string.h>

#include "bench/classroom/build.h"
#include "bench/classroom/ending.h"
#include "bench/readers/callgrind.h"
#include "bench/readers/dhat.h"
#include "bench/readers/json.h"
#include "bench/readers/rundoc.h"

/*
 * Four workers everywhere, and requests of a fixed size: how many threads a crew or a pool has must
 * not depend on the grading machine's CPUs.
 */
enum { CREWS = 6, CALLERS = 200 };

static const uint64_t VALGRIND_BYTES = (uint64_t)8 << 30;

#define CHECKS                                                                                     \
    "detect_stack_use_after_return=1:strict_string_checks=1:hard_rss_limit_mb=768:exitcode=99"

static const char *const checked_environment[] = {
    "PATH=/usr/bin:/bin",
    "ASAN_OPTIONS=detect_leaks=1:" CHECKS,
    "UBSAN_OPTIONS=print_stacktrace=1",
    NULL,
};

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

static const char *const *checks(const struct room *room)
{
    return room->session->sandbox.is_blind_to_leaks ? blind_environment : checked_environment;
}

/* What a run came to. */
struct account {
    struct rundoc doc;
    cJSON *witness; /* NULL if none was linked in */
};

static void account_free(struct account *account)
{
    rundoc_free(&account->doc);
    cJSON_Delete(account->witness);
}

static cJSON *find_witness(const char *errors)
{
    const char *found = errors != NULL ? strstr(errors, "witness: {") : NULL;
    return found != NULL ? cJSON_Parse(found + strlen("witness: ")) : NULL;
}

/* A number of the witness's, "inside.comparisons" or "working_most"; 0 if there is none. */
static double witness_number(const struct account *account, const char *group, const char *name)
{
    const cJSON *object = account->witness;
    double number = 0;

    if (group != NULL)
        object = cJSON_GetObjectItemCaseSensitive(object, group);
    json_number(object, name, &number);
    return number;
}

/* Runs, and reads what it says of itself. 0 with an account to be freed; -1: the trial is ended. */
static int run(const struct room *room, int lesson, const char *const *argv,
               const char *const *environment, uint64_t memory_bytes, struct account *account,
               struct trial *trial)
{
    const struct room_run setup = {
        .argv = argv, .environment = environment, .memory_bytes = memory_bytes};
    struct child_result result;
    char error[512];

    *account = (struct account){0};
    room_run(room, &setup, &result);
    int status = ending_judge(room->session, lesson, &result, trial);
    if (status == 0 && rundoc_parse("result", result.output, result.output_length, &account->doc,
                                    error, sizeof error) != 0)
        status = trial_end(trial, TRIAL_WRONG, "what it printed is not the program's result");
    else if (status == 0)
        account->witness = find_witness(result.errors);
    child_result_free(&result);
    return status;
}

static int hold_against(const struct session_answer *answer, const struct rundoc *doc,
                        struct trial *trial)
{
    if (doc->accepted != answer->accepted || doc->rejected != answer->rejected)
        return trial_end(
            trial, TRIAL_WRONG, "%llu records accepted and %llu rejected; right are %llu and %llu",
            (unsigned long long)doc->accepted, (unsigned long long)doc->rejected,
            (unsigned long long)answer->accepted, (unsigned long long)answer->rejected);
    if (strcmp(doc->digest, answer->digest) != 0 || doc->score_sum != answer->score_sum)
        return trial_end(trial, TRIAL_WRONG,
                         "the digest is %s; right is %s: a key, a score or a row differs",
                         doc->digest, answer->digest);
    return 0;
}

/* Adds up the rows of a database file, by the reference program. */
static int sum_rows(const struct room *room, const char *database, double *rows, char digest[17])
{
    char program[ROOM_PATH_SIZE];
    const char *const argv[] = {program, "digest", database, "--json", NULL};
    const struct room_run setup = {.argv = argv, .environment = counted_environment};
    struct child_result result;
    cJSON *json = NULL;
    const char *text;

    snprintf(program, sizeof program, "%s/counted/reference", room->session->kit);
    int status = room_run(room, &setup, &result);
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

static int hold_rows_against(const struct room *room, const char *database, struct trial *trial)
{
    const struct session_answer *answer = &room->session->hidden_answer;
    double rows;
    char digest[17];

    if (sum_rows(room, database, &rows, digest) != 0)
        return trial_end(trial, TRIAL_WRONG, "its database file cannot be read");
    if (rows != (double)answer->rows || strcmp(digest, answer->row_digest) != 0)
        return trial_end(trial, TRIAL_WRONG,
                         "the database has %.0f rows with digest %s; right are %llu with %s", rows,
                         digest, (unsigned long long)answer->rows, answer->row_digest);
    return 0;
}

/* What only threads can get wrong. */
static int check_witness(int lesson, const struct account *account, struct trial *trial)
{
    double together = witness_number(account, NULL, "puts_together");
    double unlocked = witness_number(account, NULL, "puts_lockless");

    if (account->witness == NULL)
        return trial_end(trial, TRIAL_WRONG, "it ended before its end");
    if (lesson == LESSON_STORE && together > 0)
        return trial_end(trial, TRIAL_WRONG,
                         "two threads wrote to the same partition at once, %.0f times", together);
    if (lesson == LESSON_STORE && unlocked > 0)
        return trial_end(trial, TRIAL_UNCOUNTED,
                         "%.0f rows were written without a lock of lock.h held", unlocked);
    if (lesson == LESSON_WORKERS && witness_number(account, NULL, "working_most") < 2)
        return trial_end(trial, TRIAL_WRONG,
                         "there were never two records in work at once, with four workers");
    return 0;
}

int counting_check(const struct room *room, int lesson, struct trial *trial)
{
    char program[ROOM_PATH_SIZE], rows[ROOM_PATH_SIZE], database[ROOM_PATH_SIZE + 16];
    const char *const argv[] = {room_path(room, BUILD_CHECKED, program),
                                "run",
                                room->session->hidden,
                                "--json",
                                "--quiet",
                                "--workers=4",
                                "--request=50",
                                "--max-threads=200",
                                "--db",
                                database,
                                NULL};
    struct account account;

    snprintf(database, sizeof database, "sqlite:%s", room_path(room, "out/rows.db", rows));
    int status = run(room, lesson, argv, checks(room), 0, &account, trial);
    if (status != 0)
        return -1;
    if (hold_against(&room->session->hidden_answer, &account.doc, trial) != 0 ||
        check_witness(lesson, &account, trial) != 0 ||
        hold_rows_against(room, database, trial) != 0)
        status = -1;
    account_free(&account);
    return status;
}

/* The store: what happens inside of its locks, as the witness sees it. */
static int measure_store(const struct room *room, struct trial *trial)
{
    char program[ROOM_PATH_SIZE];
    const char *const argv[] = {room_path(room, BUILD_CHECKED, program),
                                "run",
                                room->session->counted,
                                "--json",
                                "--quiet",
                                "--workers=4",
                                "--request=10",
                                "--max-threads=200",
                                "--db-latency=200us",
                                NULL};
    struct account account;
    double *values = trial->values.values;

    int status = run(room, LESSON_STORE, argv, checks(room), 0, &account, trial);
    if (status != 0)
        return -1;
    double accepted = (double)account.doc.accepted;
    if (hold_against(&room->session->counted_answer, &account.doc, trial) != 0 ||
        check_witness(LESSON_STORE, &account, trial) != 0) {
        status = -1;
    } else {
        values[0] = witness_number(&account, "inside", "round_trips") / accepted;
        values[1] = witness_number(&account, "inside", "comparisons") / accepted;
        if ((values[0] < 0.5 && witness_number(&account, NULL, "waiting_most") < 2) ||
            (values[1] < 0.5 && witness_number(&account, NULL, "working_most") < 2))
            status = trial_end(trial, TRIAL_UNCOUNTED,
                               "no lock of lock.h was held, but never were two threads at it at "
                               "once: something else keeps them apart");
    }
    account_free(&account);
    return status;
}

/*
 * What all of the program allocated, and what was allocated for the records, below
 * worker_process(): the reader makes one request of 16 MB or two, as the worker gives the first
 * back in time or not.
 */
static int read_dhat(const char *path, struct dhat_sum *all, struct dhat_sum *records)
{
    struct dhat dhat;
    char error[TEXT_ERROR_SIZE];

    if (dhat_read(path, &dhat, error, sizeof error) != 0)
        return -1;
    *all = dhat.sum;
    dhat_sum_by_function(&dhat, "worker_process", records);
    /* a stack that is cut may have been below it, too */
    for (uint32_t i = 0; i < dhat.point_count; i++)
        if (dhat.points[i].frame_count >= CALLERS) {
            records->bytes += dhat.points[i].sum.bytes;
            records->blocks += dhat.points[i].sum.blocks;
        }
    dhat_free(&dhat);
    return 0;
}

/* All instructions, those in tag_sort(), and the calls of what stands for tag_compare(). */
static int read_callgrind(const char *path, double values[3])
{
    struct callgrind callgrind;
    struct callgrind_cost sorting, comparing;
    char error[TEXT_ERROR_SIZE];

    if (callgrind_read(path, &callgrind, error, sizeof error) != 0)
        return -1;
    callgrind_sum_function(&callgrind, "tag_sort", &sorting);
    callgrind_sum_function(&callgrind, "shield_compare", &comparing);
    values[0] = (double)callgrind.total_ir;
    values[1] = (double)sorting.inclusive_ir;
    values[2] = (double)comparing.call_count;
    callgrind_free(&callgrind);
    return 0;
}

static int read_counts(int lesson, const char *path, const struct rundoc *doc, struct trial *trial)
{
    double *values = trial->values.values, accepted = (double)doc->accepted;
    struct dhat_sum all, records;
    int status = 0;

    if (lesson == LESSON_SORT) {
        status = read_callgrind(path, &values[1]);
        rundoc_number(doc, "work.comparisons", &values[0]);
        for (int i = 0; i < 4; i++)
            values[i] /= accepted;
    } else if ((status = read_dhat(path, &all, &records)) == 0 && lesson == LESSON_KEY) {
        rundoc_number(doc, "work.allocations", &values[0]);
        rundoc_number(doc, "work.allocated_bytes", &values[1]);
        values[2] = (double)records.blocks;
        values[3] = (double)records.bytes;
        for (int i = 0; i < 4; i++)
            values[i] /= accepted;
    } else if (status == 0) {
        values[0] = (double)doc->threads_alive;
        values[1] = (double)all.end_bytes;
    }
    if (status != 0)
        trial_end(trial, TRIAL_CRASHED, "Valgrind could not finish its account of it");
    return status;
}

int counting_measure(const struct room *room, int lesson, struct trial *trial)
{
    const struct session_answer *answer = &room->session->counted_answer;
    char program[ROOM_PATH_SIZE], file[ROOM_PATH_SIZE], option[ROOM_PATH_SIZE + 32];
    char request[32], callers[32];
    bool is_sort = lesson == LESSON_SORT, is_workers = lesson == LESSON_WORKERS;
    const char *const argv[] = {"valgrind",
                                "-q",
                                is_sort ? "--tool=callgrind" : "--tool=dhat",
                                option,
                                callers,
                                room_path(room, BUILD_COUNTED, program),
                                "run",
                                room->session->counted,
                                "--json",
                                "--quiet",
                                is_workers ? "--workers=4" : "--workers=1",
                                request,
                                "--max-threads=200",
                                NULL};
    struct account account;

    if (lesson == LESSON_STORE)
        return measure_store(room, trial);
    snprintf(option, sizeof option, "--%s-out-file=%s", is_sort ? "callgrind" : "dhat",
             room_path(room, "out/counts", file));
    snprintf(callers, sizeof callers, "--num-callers=%d", CALLERS);
    snprintf(request, sizeof request, "--request=%llu",
             is_workers ? (unsigned long long)(answer->accepted + answer->rejected) / CREWS + 1
                        : 1000000ull);
    int status = run(room, lesson, argv, counted_environment, VALGRIND_BYTES, &account, trial);
    if (status != 0)
        return -1;
    if (hold_against(answer, &account.doc, trial) != 0 ||
        read_counts(lesson, file, &account.doc, trial) != 0)
        status = -1;
    account_free(&account);
    return status;
}

/* What a solution has more of than the fixed one is its own. */
static int cross_check_key(const struct session *session, const double *yours, struct trial *trial)
{
    static const char *const units[] = {"allocations", "bytes"};
    const double *fixed = session->fixed[LESSON_KEY].values;

    for (int i = 0; i < 2; i++) {
        double counted = yours[i] - fixed[i], seen = yours[i + 2] - fixed[i + 2];
        if (seen > 1 && counted < seen / 2)
            return trial_end(trial, TRIAL_UNCOUNTED,
                             "the program's counters say %.1f %s a record, and DHAT saw %.1f",
                             yours[i], units[i], fixed[i] + seen);
    }
    return 0;
}

static int cross_check_sort(const struct session *session, const double *yours, struct trial *trial)
{
    const double *naive = session->naive[LESSON_SORT].values;
    const double *fixed = session->fixed[LESSON_SORT].values;
    const struct session_answer *answer = &session->counted_answer;
    double least = (double)answer->tag_pairs / (double)answer->accepted;
    /* by the instructions that each comparison takes in tag_sort(), and one for each call */
    double sorted = (naive[2] > 0 ? naive[0] * yours[2] / naive[2] : 0) + yours[3];

    if (yours[0] < least * 0.999)
        return trial_end(trial, TRIAL_UNCOUNTED,
                         "%.1f tag comparisons a record are counted, and no order can be known "
                         "from fewer than %.1f: tags are compared without tag_compare()",
                         yours[0], least);
    if (yours[0] < 0.8 * sorted)
        return trial_end(trial, TRIAL_UNCOUNTED,
                         "%.1f tag comparisons a record are counted, and callgrind saw about %.1f",
                         yours[0], sorted);
    if (yours[0] < 0.8 * fixed[0] && yours[1] > 1.05 * fixed[1])
        return trial_end(trial, TRIAL_UNCOUNTED,
                         "fewer comparisons than the solution (%.1f, %.1f) with more instructions: "
                         "tags are compared without tag_compare()",
                         yours[0], fixed[0]);
    return 0;
}

int counting_cross_check(const struct session *session, int lesson, struct trial *trial)
{
    if (lesson == LESSON_KEY)
        return cross_check_key(session, trial->values.values, trial);
    if (lesson == LESSON_SORT)
        return cross_check_sort(session, trial->values.values, trial);
    return 0;
}

int counting_answer(const struct room *room, const char *records, struct session_answer *answer,
                    char *error, size_t error_size)
{
    char program[ROOM_PATH_SIZE], rows[ROOM_PATH_SIZE], database[ROOM_PATH_SIZE + 16];
    const char *const argv[] = {program,       "run",  records,  "--json", "--quiet",
                                "--workers=1", "--db", database, NULL};
    struct trial trial = {0};
    struct account account;
    double row_count;

    snprintf(program, sizeof program, "%s/counted/reference", room->session->kit);
    snprintf(database, sizeof database, "sqlite:%s", room_path(room, "out/rows.db", rows));
    if (run(room, LESSON_KEY, argv, counted_environment, 0, &account, &trial) != 0) {
        snprintf(error, error_size, "the fixed program cannot process the records: %s",
                 trial.reason);
        return -1;
    }
    answer->accepted = account.doc.accepted;
    answer->rejected = account.doc.rejected;
    answer->score_sum = account.doc.score_sum;
    snprintf(answer->digest, sizeof answer->digest, "%s", account.doc.digest);
    account_free(&account);
    if (sum_rows(room, database, &row_count, answer->row_digest) != 0) {
        snprintf(error, error_size, "the rows of the fixed program cannot be read");
        return -1;
    }
    answer->rows = (uint64_t)row_count;
    return 0;
}
