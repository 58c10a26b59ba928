#include "bench/classroom/class.h"

#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/trial.h"
#include "bench/process/child.h"
#include "bench/readers/json.h"
#include "bench/report/render_words.h"
#include "common/clock.h"

enum { BAR_WIDTH = 30 };

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Two folders of the same name become "hw" and "hw-2". */
static void make_unique(struct class *class, size_t index)
{
    char *name = class->submissions[index].name;
    size_t length = strlen(name);

    for (unsigned number = 2;; number++) {
        size_t other = 0;
        while (other < index && strcmp(class->submissions[other].name, name) != 0)
            other++;
        if (other == index)
            return;
        snprintf(name + length, sizeof class->submissions->name - length, "-%u", number);
    }
}

static void take_folders(struct class *class, const char *const *paths, size_t count)
{
    class->submissions = calloc(count, sizeof *class->submissions);
    for (size_t i = 0; class->submissions != NULL && i < count; i++)
        if (is_folder(paths[i])) {
            submission_init(&class->submissions[class->count], paths[i]);
            make_unique(class, class->count++);
        } else if (class->other_count++ == 0) {
            snprintf(class->other, sizeof class->other, "%s", paths[i]);
            words_replace(class->other, '?');
        }
}

int class_find(struct class *class, const char *pattern, char *error, size_t error_size)
{
    glob_t found = {0};

    class->count = class->other_count = 0;
    class->submissions = NULL;
    if (is_folder(pattern)) /* its own name may look like a pattern */
        take_folders(class, &pattern, 1);
    else if (glob(pattern, GLOB_TILDE, NULL, &found) == 0)
        take_folders(class, (const char *const *)found.gl_pathv, found.gl_pathc);
    globfree(&found);
    if (class->count > 0)
        return 0;
    if (class->other_count > 0)
        snprintf(error, error_size, "%s is a file: name the folder that has the files",
                 class->other);
    else
        snprintf(error, error_size,
                 "there is no folder %s. 'make exercise DIR=~/hw' makes one, and "
                 "'make grade STUDENT=~/hw' grades it",
                 pattern);
    return -1;
}

void class_free(struct class *class)
{
    free(class->submissions);
}

static const char *student_path(const struct class *class, const struct submission *submission,
                                char path[2 * GRADING_PATH_SIZE])
{
    snprintf(path, 2 * GRADING_PATH_SIZE, "%s/students/%s.json", class->results, submission->name);
    return path;
}

size_t class_resume(struct class *class, uint64_t seed)
{
    char path[2 * GRADING_PATH_SIZE], error[TEXT_ERROR_SIZE];
    size_t resumed = 0;
    cJSON *json;

    for (size_t i = 0; i < class->count; i++) {
        struct submission *submission = &class->submissions[i];
        if (access(student_path(class, submission, path), R_OK) != 0 ||
            json_read(path, &json, error, sizeof error) != 0)
            continue;
        resumed += submission_resume(submission, json, seed) == 0;
        cJSON_Delete(json);
    }
    return resumed;
}

int class_make_folders(const struct class *class)
{
    char path[GRADING_PATH_SIZE + 16];

    snprintf(path, sizeof path, "%s/students", class->results);
    for (char *at = path + 1; *at != '\0'; at++)
        if (*at == '/') {
            *at = '\0';
            if (mkdir(path, 0755) != 0 && errno != EEXIST)
                return -1;
            *at = '/';
        }
    return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

void class_find_wanted(const struct class *class, const struct grading *grading,
                       bool is_wanted[LESSON_COUNT])
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        is_wanted[lesson] = false;
        for (size_t i = 0; i < class->count && !is_wanted[lesson]; i++)
            is_wanted[lesson] = !trial_is_untouched(grading, lesson, class->submissions[i].folder);
    }
}

/* What the threads share. */
struct work {
    struct class *class;
    const struct grading *grading;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    size_t next;        /* the next of all: submission * LESSON_COUNT + lesson */
    unsigned *left;     /* of each submission's lessons */
    size_t done, to_do; /* submissions */
    uint64_t start_ns;
    int error; /* 0, or the errno of a result that could not be written */
};

struct seat {
    struct work *work;
    unsigned slot;
};

static void show_progress(const struct work *work, const struct submission *latest)
{
    if (!work->class->is_terminal) {
        if (work->to_do > 1)
            fprintf(stderr, "%zu of %zu  %5.1f  %s\n", work->done, work->to_do,
                    submission_score(latest), latest->name);
        return;
    }
    double seconds = (double)(clock_ns() - work->start_ns) / 1e9;
    double left =
        work->done > 0 ? seconds / (double)work->done * (double)(work->to_do - work->done) : 0;
    unsigned filled = (unsigned)(BAR_WIDTH * work->done / work->to_do);
    fprintf(stderr, "\r[%.*s%*s] %zu of %zu, %.0f:%02u left \033[K", (int)filled,
            "##############################", BAR_WIDTH - (int)filled, "", work->done, work->to_do,
            (double)((unsigned)left / 60), (unsigned)left % 60);
    fflush(stderr);
}

/* The last of its lessons is over: it is written down. Under the mutex. */
static void finish(struct work *work, struct submission *submission)
{
    char path[2 * GRADING_PATH_SIZE];

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (submission->grades[lesson].status == GRADE_NOT_GRADED)
            return;
    submission->is_graded = true;
    work->done++;
    cJSON *json = submission_json(submission, work->grading);
    if (json == NULL || json_write(student_path(work->class, submission, path), json) != 0)
        work->error = errno;
    cJSON_Delete(json);
    show_progress(work, submission);
}

static bool take_lesson(struct work *work, size_t *index)
{
    size_t end = work->class->count * LESSON_COUNT;

    pthread_mutex_lock(&work->mutex);
    while (work->next < end && work->class->submissions[work->next / LESSON_COUNT].is_graded)
        work->next += LESSON_COUNT;
    bool is_taken = work->next < end && work->error == 0 && !child_is_interrupted();
    if (is_taken)
        *index = work->next++;
    pthread_mutex_unlock(&work->mutex);
    return is_taken;
}

static void *grade_lessons(void *argument)
{
    struct seat *seat = argument;
    struct work *work = seat->work;
    size_t index;

    while (take_lesson(work, &index)) {
        struct submission *submission = &work->class->submissions[index / LESSON_COUNT];
        int lesson = (int)(index % LESSON_COUNT);
        trial_run(work->grading, seat->slot, lesson, submission->folder, TRIAL_WHOLE, NULL,
                  &submission->grades[lesson]);
        pthread_mutex_lock(&work->mutex);
        if (--work->left[index / LESSON_COUNT] == 0)
            finish(work, submission);
        pthread_mutex_unlock(&work->mutex);
    }
    return NULL;
}

static int run_threads(struct class *class, struct work *work)
{
    pthread_t *threads = calloc(class->parallel_count, sizeof *threads);
    struct seat *seats = calloc(class->parallel_count, sizeof *seats);
    unsigned started = 0;

    while (threads != NULL && seats != NULL && started < class->parallel_count) {
        seats[started] = (struct seat){work, started};
        if (pthread_create(&threads[started], NULL, grade_lessons, &seats[started]) != 0)
            break;
        started++;
    }
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    free(seats);
    return started > 0 ? 0 : -1;
}

int class_grade(struct class *class, const struct grading *grading, char *error, size_t error_size)
{
    struct work work = {.class = class, .grading = grading, .start_ns = clock_ns()};
    int status = -1;

    work.left = calloc(class->count, sizeof *work.left);
    if (work.left == NULL) {
        snprintf(error, error_size, "out of memory");
        return -1;
    }
    for (size_t i = 0; i < class->count; i++) {
        work.left[i] = LESSON_COUNT;
        work.to_do += !class->submissions[i].is_graded;
        for (int lesson = 0; lesson < LESSON_COUNT && !class->submissions[i].is_graded; lesson++)
            class->submissions[i].grades[lesson].status = GRADE_NOT_GRADED;
    }
    pthread_mutex_init(&work.mutex, NULL);
    if (work.to_do == 0)
        status = 0;
    else if (run_threads(class, &work) != 0)
        snprintf(error, error_size, "no thread can be started");
    else if (work.error != 0)
        snprintf(error, error_size, "the results cannot be written to %s: %s", class->results,
                 strerror(work.error));
    else
        status = 0;
    if (class->is_terminal && work.to_do > 0)
        fprintf(stderr, "\r\033[K");
    pthread_mutex_destroy(&work.mutex);
    free(work.left);
    return status;
}
