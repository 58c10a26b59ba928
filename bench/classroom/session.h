/*
 * session.h - one grading, from its start to its end: the records that no student has seen, what
 * the naive and the fixed files need for them, and the folder that it all is done in.
 *
 * All submissions of a session are held against the same records and the same two references. They
 * are made anew from a random seed for each session, unless one is given. Read-only once it is
 * open, and then thread-safe.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/classroom/metric.h"
#include "bench/classroom/sandbox.h"

enum { SESSION_PATH_SIZE = 512, SESSION_ERROR_SIZE = 1024 };

/* What the records come to, by the fixed program and by the rows in its database. */
struct session_answer {
    uint64_t accepted, rejected, rows;
    double score_sum;
    char digest[17];
    char row_digest[17];
    uint64_t tag_pairs; /* neighbours among the tags of all accepted records */
};

struct session_options {
    const char *kit;           /* what submissions are built with; see classroom.mk */
    const char *naive, *fixed; /* the folders of the two references */
    const char *input;         /* the teacher's own records, or NULL */
    uint64_t seed;
    unsigned cpu_s; /* that a single run of a submission may take */
    bool is_without_bubblewrap;
};

struct session {
    struct session_options options;
    struct sandbox sandbox;
    char folder[SESSION_PATH_SIZE]; /* scratch: kit/, records, a folder for each slot */
    char kit[SESSION_PATH_SIZE + 16];
    char hidden[SESSION_PATH_SIZE + 32];  /* records for correctness */
    char counted[SESSION_PATH_SIZE + 32]; /* fewer, for counting under Valgrind */
    struct session_answer hidden_answer, counted_answer;
    struct metric_values naive[LESSON_COUNT], fixed[LESSON_COUNT];
};

/* The folder, the kit and the records. 0, or -1 with an error text; session_close() in any case. */
int session_open(struct session *session, const struct session_options *options, char *error,
                 size_t error_size);

/*
 * Measures both references of the problems that are wanted, in the way that submissions are
 * measured. 0, or -1 with an error text: then nothing can be graded.
 */
int session_measure(struct session *session, const bool is_wanted[LESSON_COUNT], char *error,
                    size_t error_size);

/* Removes the folder. */
void session_close(struct session *session);

#endif
