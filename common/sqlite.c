#include "common/sqlite.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/record.h"
#include "common/row_list.h"

/* "FEsr" in the file's header tells our files from others' (PRAGMA application_id). */
enum { APPLICATION_ID = 0x46457372, BUSY_MS = 5000, SPARES_MAX = 64 };

/*
 * WITHOUT ROWID: the key is the table's own tree, so that a row is one entry and not two.
 * synchronous=FULL: a commit returns only when the log is on the disk.
 */
static const char set_up[] = "PRAGMA synchronous=FULL;"
                             "CREATE TABLE IF NOT EXISTS rows(key TEXT PRIMARY KEY NOT NULL,"
                             " id INTEGER NOT NULL, fingerprint INTEGER NOT NULL,"
                             " score INTEGER NOT NULL, ntags INTEGER NOT NULL,"
                             " ts INTEGER NOT NULL) WITHOUT ROWID;";

static const char upsert[] =
    "INSERT INTO rows(key, id, fingerprint, score, ntags, ts) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT(key) DO UPDATE SET id=excluded.id, fingerprint=excluded.fingerprint,"
    " score=excluded.score, ntags=excluded.ntags, ts=excluded.ts";

struct sqlite {
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    sqlite3 *connection;
    sqlite3_stmt *begin, *upsert, *commit, *rollback;

    pthread_mutex_t spares_mutex; /* apart, so that adding a row never waits for a commit */
    /* guarded by spares_mutex: */
    struct row_list *spares; /* empty batches, to be used again */
    unsigned spare_count;
};

static struct row_list *take_spare(struct sqlite *sqlite)
{
    pthread_mutex_lock(&sqlite->spares_mutex);
    struct row_list *rows = sqlite->spares;
    if (rows != NULL) {
        sqlite->spares = rows->next;
        sqlite->spare_count--;
    }
    pthread_mutex_unlock(&sqlite->spares_mutex);
    return rows != NULL ? rows : row_list_new();
}

static void give_spare(struct sqlite *sqlite, struct row_list *rows)
{
    row_list_clear(rows);
    pthread_mutex_lock(&sqlite->spares_mutex);
    if (sqlite->spare_count < SPARES_MAX) {
        rows->next = sqlite->spares;
        sqlite->spares = rows;
        sqlite->spare_count++;
        rows = NULL;
    }
    pthread_mutex_unlock(&sqlite->spares_mutex);
    row_list_delete(rows);
}

int sqlite_add(struct sqlite *sqlite, struct row_list **rows, const struct row *row)
{
    if (*rows == NULL)
        *rows = take_spare(sqlite);
    return *rows != NULL ? row_list_add(*rows, row) : -1;
}

/* SQLite's result in terms of errno, so that callers need not know SQLite. */
static int to_errno(int result)
{
    switch (result & 0xFF) {
    case SQLITE_FULL:
        return ENOSPC;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return EBUSY;
    case SQLITE_READONLY:
        return EROFS;
    case SQLITE_NOMEM:
        return ENOMEM;
    case SQLITE_CANTOPEN:
        return ENOENT;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return EACCES;
    default:
        return EIO;
    }
}

/* Runs a statement that returns no rows. SQLITE_OK or what went wrong. */
static int step(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    int reset = sqlite3_reset(statement);
    return result == SQLITE_DONE ? SQLITE_OK : reset != SQLITE_OK ? reset : result;
}

static int write_row(sqlite3_stmt *statement, const struct row *row)
{
    sqlite3_bind_text(statement, 1, row->key, (int)row->key_length, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)row->id);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)row->fingerprint);
    sqlite3_bind_int64(statement, 4, row->score);
    sqlite3_bind_int64(statement, 5, row->ntags);
    sqlite3_bind_int64(statement, 6, (sqlite3_int64)row->ts);
    return step(statement);
}

static int write_all(struct sqlite *sqlite, const struct row_list *rows)
{
    int result = step(sqlite->begin);
    if (result != SQLITE_OK)
        return result;
    for (size_t i = 0; i < rows->count && result == SQLITE_OK; i++) {
        struct row row = row_list_get(rows, i);
        result = write_row(sqlite->upsert, &row);
    }
    if (result == SQLITE_OK)
        result = step(sqlite->commit);
    /* some failures roll back by themselves, and a commit that failed may be still open */
    if (result != SQLITE_OK && !sqlite3_get_autocommit(sqlite->connection))
        step(sqlite->rollback);
    return result;
}

int sqlite_write(struct sqlite *sqlite, struct row_list **rows)
{
    if (*rows == NULL)
        return 0;
    pthread_mutex_lock(&sqlite->mutex);
    int result = write_all(sqlite, *rows);
    pthread_mutex_unlock(&sqlite->mutex);
    give_spare(sqlite, *rows);
    *rows = NULL;
    if (result == SQLITE_OK)
        return 0;
    errno = to_errno(result);
    return -1;
}

static int fail(char *error, const char *path, const char *what)
{
    snprintf(error, SQLITE_ERROR_SIZE, "cannot use the database sqlite:%s: %s", path, what);
    return -1;
}

/* Switches to the write-ahead log, which not every place can have: a file in memory, say. */
static int use_log(sqlite3 *connection)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(connection, "PRAGMA journal_mode=WAL", -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW)
            result = strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0
                         ? SQLITE_OK
                         : SQLITE_CANTOPEN;
    }
    sqlite3_finalize(statement);
    return result;
}

/* Reads a PRAGMA or count that is one number. SQLITE_OK or what went wrong. */
static int read_number(sqlite3 *connection, const char *text, sqlite3_int64 *number)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(connection, text, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW) {
            *number = sqlite3_column_int64(statement, 0);
            result = SQLITE_OK;
        }
    }
    sqlite3_finalize(statement);
    return result;
}

/* Refuses a file that holds somebody else's tables. 1: ours, 0: empty, -1: with a sentence. */
static int look_inside(sqlite3 *connection, const char *path, char *error)
{
    sqlite3_int64 application = 0, tables = 0;

    if (read_number(connection, "PRAGMA application_id", &application) != SQLITE_OK ||
        read_number(connection, "SELECT count(*) FROM sqlite_master", &tables) != SQLITE_OK)
        return fail(error, path, sqlite3_errmsg(connection));
    if (application == APPLICATION_ID)
        return 1;
    if (application != 0 || tables != 0)
        return fail(error, path, "it holds something else than rows of fastenough");
    return 0;
}

static int prepare_all(struct sqlite *sqlite, const char *path, char *error)
{
    const struct {
        const char *text;
        sqlite3_stmt **statement;
    } wanted[] = {
        {"BEGIN IMMEDIATE", &sqlite->begin},
        {upsert, &sqlite->upsert},
        {"COMMIT", &sqlite->commit},
        {"ROLLBACK", &sqlite->rollback},
    };

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (sqlite3_prepare_v2(sqlite->connection, wanted[i].text, -1, wanted[i].statement, NULL) !=
            SQLITE_OK)
            return fail(error, path, sqlite3_errmsg(sqlite->connection));
    return 0;
}

static int open_file(struct sqlite *sqlite, const char *path, char *error)
{
    char mark[64];

    if (sqlite3_open_v2(path, &sqlite->connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return fail(error, path,
                    sqlite->connection != NULL ? sqlite3_errmsg(sqlite->connection)
                                               : "out of memory");
    sqlite3_busy_timeout(sqlite->connection, BUSY_MS);
    int is_ours = look_inside(sqlite->connection, path, error);
    if (is_ours < 0)
        return -1;
    if (use_log(sqlite->connection) != SQLITE_OK)
        return fail(error, path, "a write-ahead log cannot be kept there");
    snprintf(mark, sizeof mark, "PRAGMA application_id=%d", APPLICATION_ID);
    if ((!is_ours && sqlite3_exec(sqlite->connection, mark, NULL, NULL, NULL) != SQLITE_OK) ||
        sqlite3_exec(sqlite->connection, set_up, NULL, NULL, NULL) != SQLITE_OK ||
        /* shows now, and not at the first record, that the file cannot be written */
        sqlite3_exec(sqlite->connection, "BEGIN IMMEDIATE; COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return fail(error, path, sqlite3_errmsg(sqlite->connection));
    return prepare_all(sqlite, path, error);
}

struct sqlite *sqlite_new(const char *path, char error[SQLITE_ERROR_SIZE])
{
    struct sqlite *sqlite = calloc(1, sizeof *sqlite);

    if (sqlite == NULL) {
        fail(error, path, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&sqlite->mutex, NULL);
    pthread_mutex_init(&sqlite->spares_mutex, NULL);
    if (open_file(sqlite, path, error) != 0) {
        int problem = to_errno(sqlite3_errcode(sqlite->connection));
        sqlite_delete(sqlite);
        errno = problem;
        return NULL;
    }
    return sqlite;
}

void sqlite_delete(struct sqlite *sqlite)
{
    if (sqlite == NULL)
        return;
    sqlite3_finalize(sqlite->begin);
    sqlite3_finalize(sqlite->upsert);
    sqlite3_finalize(sqlite->commit);
    sqlite3_finalize(sqlite->rollback);
    sqlite3_close(sqlite->connection);
    while (sqlite->spares != NULL) {
        struct row_list *rows = sqlite->spares;
        sqlite->spares = rows->next;
        row_list_delete(rows);
    }
    pthread_mutex_destroy(&sqlite->spares_mutex);
    pthread_mutex_destroy(&sqlite->mutex);
    free(sqlite);
}

static int add_up(sqlite3 *connection, struct sqlite_summary *summary)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(
        connection, "SELECT fingerprint, id, score, ntags, ts FROM rows", -1, &statement, NULL);

    while (result == SQLITE_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t score = sqlite3_column_int64(statement, 2);
        summary->row_count++;
        summary->score_sum += score;
        summary->digest += record_digest((uint64_t)sqlite3_column_int64(statement, 0),
                                         (uint64_t)sqlite3_column_int64(statement, 1), score,
                                         (uint32_t)sqlite3_column_int64(statement, 3),
                                         (uint64_t)sqlite3_column_int64(statement, 4));
        result = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE ? 0 : -1;
}

int sqlite_summarize(const char *path, struct sqlite_summary *summary,
                     char error[SQLITE_ERROR_SIZE])
{
    sqlite3 *connection = NULL;
    int status = -1;

    *summary = (struct sqlite_summary){0};
    /* Not read-only: after kill -9 whoever comes first has to recover the log. */
    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        fail(error, path, connection != NULL ? sqlite3_errmsg(connection) : "out of memory");
        goto done;
    }
    sqlite3_busy_timeout(connection, BUSY_MS);
    int is_ours = look_inside(connection, path, error);
    if (is_ours < 0)
        goto done;
    status = is_ours ? add_up(connection, summary) : 0;
    if (status != 0)
        fail(error, path, sqlite3_errmsg(connection));

done:
    sqlite3_close(connection);
    return status;
}
