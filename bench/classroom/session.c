#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "bench/classroom/session.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/counting.h"
#include "bench/classroom/records.h"
#include "bench/classroom/room.h"
#include "bench/classroom/trial.h"
#include "bench/process/child.h"

enum { HIDDEN_RECORDS = 500, COUNTED_RECORDS = 150 };

__attribute__((format(printf, 3, 4))) static int fail(char *error, size_t size, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, size, format, arguments);
    va_end(arguments);
    return -1;
}

/* A copy that the slots' users can reach, wherever this project lies. */
static int copy_kit(const struct session *session, char *error, size_t size)
{
    const char *const argv[] = {"cp", "-RL", session->options.kit, session->kit, NULL};
    const char *const open_up[] = {"chmod", "-R", "a+rX", session->folder, NULL};
    const char *const *const commands[] = {argv, open_up};

    for (int i = 0; i < 2; i++) {
        struct child_job job = {.argv = commands[i], .errors = {.sink = CHILD_CAPTURE}};
        struct child_result result;
        char text[512];
        int status = child_run(&job, &result);
        child_describe(&job, &result, text, sizeof text);
        child_result_free(&result);
        if (status != 0)
            return fail(error, size, "the programs cannot be copied to %s: %s", session->folder,
                        text);
    }
    return 0;
}

static int write_records(struct session *session, char *error, size_t size)
{
    const struct session_options *options = &session->options;
    int status;

    snprintf(session->hidden, sizeof session->hidden, "%s/hidden.ndjson", session->folder);
    snprintf(session->counted, sizeof session->counted, "%s/counted.ndjson", session->folder);
    if (options->input != NULL)
        status = records_copy(session->hidden, options->input, HIDDEN_RECORDS,
                              4 * HIDDEN_RECORDS) != 0 ||
                         records_copy(session->counted, options->input, COUNTED_RECORDS,
                                      COUNTED_RECORDS) != 0
                     ? -1
                     : 0;
    else
        status =
            records_generate(session->hidden, options->seed, HIDDEN_RECORDS, 1) != 0 ||
                    records_generate(session->counted, options->seed + 1, COUNTED_RECORDS, 0) != 0
                ? -1
                : 0;
    if (status != 0)
        return fail(error, size, "the records cannot be written: %s (%s)", strerror(errno),
                    options->input != NULL ? options->input : session->folder);
    chmod(session->hidden, 0644);
    chmod(session->counted, 0644);
    return 0;
}

int session_open(struct session *session, const struct session_options *options, char *error,
                 size_t error_size)
{
    const char *parent = getenv("TMPDIR");

    *session = (struct session){.options = *options};
    int length = snprintf(session->folder, sizeof session->folder, "%s/fastenough-grade-XXXXXX",
                          parent != NULL ? parent : "/tmp");
    bool is_cut = length >= (int)sizeof session->folder;
    if (is_cut || mkdtemp(session->folder) == NULL) {
        int problem = is_cut ? ENAMETOOLONG : errno;
        snprintf(error, error_size, "no folder can be made at %s: %s", session->folder,
                 strerror(problem));
        session->folder[0] = '\0';
        return -1;
    }
    sandbox_init(&session->sandbox, options->is_without_bubblewrap);
    snprintf(session->kit, sizeof session->kit, "%s/kit", session->folder);
    if (write_records(session, error, error_size) != 0 || copy_kit(session, error, error_size) != 0)
        return -1;
    return 0;
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

static int find_answer(const struct session *session, const char *records,
                       struct session_answer *answer, char *error, size_t size)
{
    struct room room;
    char path[ROOM_PATH_SIZE];
    int status = -1;

    if (room_open(&room, session, 0) != 0)
        fail(error, size, "no folder can be made in %s: %s", session->folder, strerror(errno));
    else if (counting_answer(&room, records, answer, error, size) == 0) {
        status = count_tag_pairs(room_path(&room, "out/rows.db", path), &answer->tag_pairs);
        if (status != 0)
            fail(error, size, "the rows of the fixed program cannot be read");
        else if (answer->accepted == 0)
            status = fail(error, size, "not one of the records is accepted");
    }
    room_close(&room);
    return status;
}

int session_measure(struct session *session, const bool is_wanted[LESSON_COUNT], char *error,
                    size_t error_size)
{
    const struct {
        const char *folder, *name;
        struct metric_values *values;
    } references[] = {
        {session->options.naive, "naive", session->naive},
        {session->options.fixed, "fixed", session->fixed},
    };

    if (find_answer(session, session->hidden, &session->hidden_answer, error, error_size) != 0 ||
        find_answer(session, session->counted, &session->counted_answer, error, error_size) != 0)
        return -1;
    for (int i = 0; i < 2; i++)
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            struct trial trial;
            if (!is_wanted[lesson])
                continue;
            trial_run(session, 0, lesson, references[i].folder, TRIAL_COUNTS, &trial);
            if (trial.status != TRIAL_GRADED)
                return fail(error, error_size, "the reference %s/%s cannot be measured: %s",
                            references[i].folder, problem_file(lesson), trial.reason);
            references[i].values[lesson] = trial.values;
        }
    return 0;
}

void session_close(struct session *session)
{
    if (session->folder[0] != '\0')
        room_remove_tree(session->folder);
    session->folder[0] = '\0';
}
