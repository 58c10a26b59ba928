/*
 * grading.h - one grading, from its start to its end: the records that no student has seen, what
 * the naive and the fixed files need for them, and the folder that it all is done in.
 *
 * All submissions of a grading are held against the same records and the same two references. They
 * are made anew from a random seed for each grading, unless one is given. Read-only once it is
 * open, and then thread-safe.
 */
#ifndef GRADING_H
#define GRADING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/classroom/count.h"
#include "bench/classroom/likeness.h"
#include "bench/classroom/sandbox.h"

enum { GRADING_PATH_SIZE = 512, GRADING_ERROR_SIZE = 1024 };

/* What the records come to, by the fixed program and by the rows in its database. */
struct grading_answer {
    uint64_t accepted, rejected, rows;
    double score_sum;
    char digest[17];
    char row_digest[17];
    uint64_t tag_pairs; /* neighbours among the tags of all accepted records */
};

struct grading_options {
    const char *kit;           /* what submissions are built with; see classroom.mk */
    const char *naive, *fixed; /* the folders of the two references */
    const char *input;         /* the teacher's own records, or NULL */
    uint64_t seed;
    unsigned cpu_s; /* that a single run of a submission may take */
    bool is_without_bubblewrap;
};

struct grading {
    struct grading_options options;
    struct sandbox sandbox;
    char folder[GRADING_PATH_SIZE]; /* scratch: kit/, records, a folder for each slot */
    char kit[GRADING_PATH_SIZE + 16];
    char hidden[GRADING_PATH_SIZE + 32];                 /* records for correctness */
    char counted[GRADING_PATH_SIZE + 32];                /* fewer, for counting under Valgrind */
    struct grading_answer hidden_answer, counted_answer; /* by reference.h */
    struct count_values naive[LESSON_COUNT], fixed[LESSON_COUNT];            /* by reference.h */
    struct likeness_code naive_code[LESSON_COUNT], fixed_code[LESSON_COUNT]; /* by reference.h */
    /* in an edition for students: what compiled the reference, if that is not what compiles here */
    char made_with[256];
};

/* The folder, the kit and the records. 0, or -1 with an error text; grading_close() in any case. */
int grading_open(struct grading *grading, const struct grading_options *options, char *error,
                 size_t error_size);

/* Removes the folder. */
void grading_close(struct grading *grading);

/* Removes a folder with all that is in it. */
void grading_remove_tree(const char *path);

#endif
