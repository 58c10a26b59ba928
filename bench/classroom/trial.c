#include "bench/classroom/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/compilation.h"
#include "bench/classroom/contradiction.h"
#include "bench/classroom/correctness.h"
#include "bench/classroom/counting.h"
#include "bench/classroom/filter.h"
#include "bench/classroom/hint.h"

enum { SOURCE_BYTES_MAX = 256 * 1024 };

/*
 * Reads a submitted file: a plain one of a plausible size, whatever else was put in its place
 * meanwhile. NULL with the grade ended.
 */
static char *read_source(const char *folder, const char *name, size_t *length, struct grade *grade)
{
    char path[PATH_MAX], hint[NAME_MAX + 80];
    struct stat status;
    char *text = NULL;
    ssize_t got;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        grade_end(grade, GRADE_REFUSED, "the path of %s is too long", name);
        return NULL;
    }
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ELOOP) {
            grade_end(grade, GRADE_REFUSED, "%s is a symbolic link, not a file: put a copy there",
                      name);
        } else if (errno == ENOENT || errno == ENOTDIR) {
            hint_find(folder, name, hint, sizeof hint);
            grade_end(grade, GRADE_MISSING, "there is no %s in the folder itself%s", name, hint);
        } else {
            grade_end(grade, GRADE_REFUSED, "%s cannot be read: %s", name, strerror(errno));
        }
        return NULL;
    }
    *length = 0;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        grade_end(grade, GRADE_REFUSED, "%s is not a plain file", name);
    } else if (status.st_size > SOURCE_BYTES_MAX) {
        grade_end(grade, GRADE_REFUSED, "%s is larger than 256 KiB", name);
    } else if ((text = malloc(SOURCE_BYTES_MAX + 1)) == NULL) {
        grade_end(grade, GRADE_NOT_GRADED, "out of memory");
    } else {
        while (*length < SOURCE_BYTES_MAX &&
               (got = read(fd, text + *length, SOURCE_BYTES_MAX - *length)) > 0)
            *length += (size_t)got;
        text[*length] = '\0';
    }
    close(fd);
    return text;
}

static bool is_untouched(const struct grading *grading, int lesson, const char *text, size_t length)
{
    struct grade unused;
    size_t naive_length;
    char *naive =
        read_source(grading->options.naive, lesson_rows[lesson].file, &naive_length, &unused);
    bool is_same = naive != NULL && naive_length == length && memcmp(naive, text, length) == 0;
    free(naive);
    return is_same;
}

bool trial_is_untouched(const struct grading *grading, int lesson, const char *folder)
{
    struct grade unused;
    size_t length;
    char *text = read_source(folder, lesson_rows[lesson].file, &length, &unused);
    bool is_same = text != NULL && is_untouched(grading, lesson, text, length);
    free(text);
    return is_same;
}

/* Puts the checked text where the compiler reads it. */
static int write_source(const struct jail *jail, const char *text, size_t length,
                        struct grade *grade)
{
    char path[JAIL_PATH_SIZE];
    FILE *file = fopen(jail_path(jail, lesson_rows[grade->lesson].file, path), "w");

    if (file == NULL)
        return grade_end(grade, GRADE_NOT_GRADED, "cannot write %s: %s", path, strerror(errno));
    size_t written = fwrite(text, 1, length, file);
    if (fclose(file) != 0 || written != length)
        return grade_end(grade, GRADE_NOT_GRADED, "cannot write %s: %s", path, strerror(errno));
    chmod(path, 0644);
    return 0;
}

/* The reference of an edition for students, which has no source of it: NULL where there is one. */
static const char *find_object(const char *folder, int lesson, enum trial_extent extent,
                               char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/graded/%s.o", folder, lesson_id(lesson));
    return extent == TRIAL_COUNTS && access(path, R_OK) == 0 ? path : NULL;
}

/* Is it the reference? That is nothing that ends a trial. */
static void compare_code(const struct jail *jail, struct grade *grade)
{
    const struct grading *grading = jail->grading;
    const struct likeness_code *reference = &grading->fixed_code[grade->lesson];
    struct likeness_code code;
    size_t count;

    if (grading->made_with[0] != '\0' || compilation_code(jail, &code) != 0)
        return;
    grade->likeness = likeness_share(&grading->naive_code[grade->lesson], reference, &code, &count);
    grade->is_copy |=
        count >= LIKENESS_RUNS_LEAST && grade->likeness >= LIKENESS_OF_A_COPY; /* no NAN is */
    likeness_free(&code);
}

static bool is_reference_text(const struct grading *grading, int lesson, const char *text)
{
    struct grade unused;
    size_t length;
    char *fixed = read_source(grading->options.fixed, lesson_rows[lesson].file, &length, &unused);
    bool is_same = fixed != NULL && likeness_is_same_text(fixed, text);
    free(fixed);
    return is_same;
}

/* The file itself, before anything is built of it. */
static int try_source(const struct jail *jail, const char *folder, enum trial_extent extent,
                      struct grade *grade)
{
    const int lesson = grade->lesson;
    size_t length;
    char reason[sizeof grade->reason];
    char *text = read_source(folder, lesson_rows[lesson].file, &length, grade);
    int status = -1;

    if (text == NULL)
        return -1;
    if (extent == TRIAL_WHOLE && is_untouched(jail->grading, lesson, text, length))
        grade_end(grade, GRADE_UNTOUCHED, "%s is as it was handed out", lesson_rows[lesson].file);
    else if (filter_check_source(lesson, text, length, reason, sizeof reason) != 0)
        grade_end(grade, GRADE_REFUSED, "%s, %s", lesson_rows[lesson].file, reason);
    else
        status = write_source(jail, text, length, grade);
    grade->is_copy = extent == TRIAL_WHOLE && grade->status != GRADE_UNTOUCHED &&
                     is_reference_text(jail->grading, lesson, text);
    free(text);
    return status;
}

void trial_run(const struct grading *grading, unsigned slot, int lesson, const char *folder,
               enum trial_extent extent, struct likeness_code *code, struct grade *grade)
{
    struct jail jail;
    char path[PATH_MAX];
    const char *object = find_object(folder, lesson, extent, path);

    *grade = (struct grade){.lesson = lesson, .status = GRADE_GIVEN, .likeness = NAN};
    if (jail_open(&jail, grading, slot) != 0) {
        grade_end(grade, GRADE_NOT_GRADED, "cannot make a folder in %s: %s", grading->folder,
                  strerror(errno));
        return;
    }
    if ((object != NULL || try_source(&jail, folder, extent, grade) == 0) &&
        compilation_make(&jail, object, extent == TRIAL_WHOLE, grade) == 0) {
        if (code != NULL)
            compilation_code(&jail, code);
        else
            compare_code(&jail, grade);
        if ((extent == TRIAL_COUNTS || correctness_check(&jail, grade) == 0) &&
            counting_measure(&jail, grade) == 0 && extent == TRIAL_WHOLE &&
            contradiction_check(grading, grade) == 0)
            grade->share = count_score(lesson, &grading->naive[lesson], &grade->yours,
                                       &grading->fixed[lesson]);
    }
    jail_close(&jail);
}
