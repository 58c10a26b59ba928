#define _GNU_SOURCE /* O_NOFOLLOW, sigabbrev_np */
#include "bench/classroom/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/build.h"
#include "bench/classroom/counting.h"
#include "bench/classroom/gate.h"
#include "bench/classroom/hint.h"
#include "bench/report/render_words.h"

enum { SOURCE_BYTES_MAX = 256 * 1024 };

static const char *const status_names[] = {"graded",    "untouched", "missing",   "refused",
                                           "not built", "crashed",   "unsound",   "wrong",
                                           "overspent", "uncounted", "not graded"};

const char *trial_status_name(enum trial_status status)
{
    return status_names[status];
}

int trial_status_from_name(const char *name)
{
    for (int status = 0; status <= TRIAL_NOT_GRADED; status++)
        if (strcmp(status_names[status], name) == 0)
            return status;
    return -1;
}

int trial_end(struct trial *trial, enum trial_status status, const char *format, ...)
{
    va_list arguments;

    trial->status = status;
    va_start(arguments, format);
    int length = vsnprintf(trial->reason, sizeof trial->reason, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof trial->reason)
        strcpy(trial->reason + sizeof trial->reason - sizeof " ...", " ...");
    /* It quotes what the student's side said, and goes to a terminal, which it must not command. */
    words_replace(trial->reason, '?');
    return -1;
}

/*
 * Reads a submitted file: a plain one of a plausible size, whatever else was put in its place
 * meanwhile. NULL with the trial ended.
 */
static char *read_source(const char *folder, const char *name, size_t *length, struct trial *trial)
{
    char path[PATH_MAX], hint[NAME_MAX + 80];
    struct stat status;
    char *text = NULL;
    ssize_t got;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        trial_end(trial, TRIAL_REFUSED, "the path of %s is too long", name);
        return NULL;
    }
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ELOOP) {
            trial_end(trial, TRIAL_REFUSED, "%s is a symbolic link, not a file: put a copy there",
                      name);
        } else if (errno == ENOENT || errno == ENOTDIR) {
            hint_find(folder, name, hint, sizeof hint);
            trial_end(trial, TRIAL_MISSING, "there is no %s in the folder itself%s", name, hint);
        } else {
            trial_end(trial, TRIAL_REFUSED, "%s cannot be read: %s", name, strerror(errno));
        }
        return NULL;
    }
    *length = 0;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        trial_end(trial, TRIAL_REFUSED, "%s is not a plain file", name);
    } else if (status.st_size > SOURCE_BYTES_MAX) {
        trial_end(trial, TRIAL_REFUSED, "%s is larger than 256 KiB", name);
    } else if ((text = malloc(SOURCE_BYTES_MAX + 1)) == NULL) {
        trial_end(trial, TRIAL_NOT_GRADED, "out of memory");
    } else {
        while (*length < SOURCE_BYTES_MAX &&
               (got = read(fd, text + *length, SOURCE_BYTES_MAX - *length)) > 0)
            *length += (size_t)got;
        text[*length] = '\0';
    }
    close(fd);
    return text;
}

static bool is_untouched(const struct session *session, int lesson, const char *text, size_t length)
{
    struct trial unused;
    size_t naive_length;
    char *naive = read_source(session->options.naive, problem_file(lesson), &naive_length, &unused);
    bool is_same = naive != NULL && naive_length == length && memcmp(naive, text, length) == 0;
    free(naive);
    return is_same;
}

bool trial_is_untouched(const struct session *session, int lesson, const char *folder)
{
    struct trial unused;
    size_t length;
    char *text = read_source(folder, problem_file(lesson), &length, &unused);
    bool is_same = text != NULL && is_untouched(session, lesson, text, length);
    free(text);
    return is_same;
}

/* Puts the checked text where the compiler reads it. */
static int write_source(const struct room *room, int lesson, const char *text, size_t length,
                        struct trial *trial)
{
    char path[ROOM_PATH_SIZE];
    FILE *file = fopen(room_path(room, problem_file(lesson), path), "w");

    if (file == NULL)
        return trial_end(trial, TRIAL_NOT_GRADED, "cannot write %s: %s", path, strerror(errno));
    size_t written = fwrite(text, 1, length, file);
    if (fclose(file) != 0 || written != length)
        return trial_end(trial, TRIAL_NOT_GRADED, "cannot write %s: %s", path, strerror(errno));
    chmod(path, 0644);
    return 0;
}

static int try_text(const struct session *session, const struct room *room, int lesson,
                    const char *folder, enum trial_extent extent, struct trial *trial)
{
    size_t length;
    char reason[sizeof trial->reason];
    char *text = read_source(folder, problem_file(lesson), &length, trial);
    int status = -1;

    if (text == NULL)
        return -1;
    if (extent == TRIAL_WHOLE && is_untouched(session, lesson, text, length))
        trial_end(trial, TRIAL_UNTOUCHED, "%s is as it was handed out", problem_file(lesson));
    else if (gate_check_source(lesson, text, length, reason, sizeof reason) != 0)
        trial_end(trial, TRIAL_REFUSED, "%s, %s", problem_file(lesson), reason);
    else
        status = write_source(room, lesson, text, length, trial);
    free(text);
    return status;
}

void trial_run(const struct session *session, unsigned slot, int lesson, const char *folder,
               enum trial_extent extent, struct trial *trial)
{
    struct room room;

    *trial = (struct trial){.status = TRIAL_GRADED};
    if (room_open(&room, session, slot) != 0) {
        trial_end(trial, TRIAL_NOT_GRADED, "cannot make a folder in %s: %s", session->folder,
                  strerror(errno));
        return;
    }
    if (try_text(session, &room, lesson, folder, extent, trial) == 0 &&
        build_programs(&room, lesson, extent, trial) == 0 &&
        (extent == TRIAL_COUNTS || counting_check(&room, lesson, trial) == 0) &&
        counting_measure(&room, lesson, trial) == 0 && extent == TRIAL_WHOLE &&
        counting_cross_check(session, lesson, trial) == 0) {
        trial->share =
            metric_score(lesson, &session->naive[lesson], &trial->values, &session->fixed[lesson]);
    }
    room_close(&room);
}
