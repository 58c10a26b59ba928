#include "bench/classroom/diagnosis.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bench/classroom/jail.h"

/* The text from `from` to the end of its line, without its newline, in `line`. */
static const char *line_at(const char *from, char *line, size_t size)
{
    snprintf(line, size, "%.*s", (int)strcspn(from, "\n"), from);
    return line;
}

/* Where in the student's own file: "key.c:12", or the file's name alone. */
static void find_place(const char *report, const char *file, char *place, size_t size)
{
    char sought[32];
    snprintf(sought, sizeof sought, "/%s:", file);
    const char *found = strstr(report, sought);
    if (found == NULL)
        snprintf(place, size, "%s", file);
    else
        snprintf(place, size, "%.*s", (int)strcspn(found + 1, " \n)"), found + 1);
    size_t length = strlen(place);
    if (length > 0 && place[length - 1] == ':')
        place[length - 1] = '\0';
}

/* A sanitizer's report, if there is one. */
static int judge_report(const char *errors, struct grade *grade)
{
    static const char address[] = "ERROR: AddressSanitizer: ";
    /* the fixed program's own files are at fault where no lesson's is on trial */
    const char *file = grade->lesson == LESSON_ALL ? "main.c" : lesson_rows[grade->lesson].file;
    const char *found;
    char line[200], place[64];

    if (strstr(errors, "hard rss limit exhausted") != NULL)
        return grade_end(grade, GRADE_OVERSPENT, "it took more memory than 768 MiB");
    if ((found = strstr(errors, "runtime error: ")) != NULL) {
        find_place(errors, file, place, sizeof place);
        return grade_end(grade, GRADE_UNSOUND, "UBSan, %s: %s", place,
                         line_at(found + strlen("runtime error: "), line, sizeof line));
    }
    if ((found = strstr(errors, address)) != NULL) {
        found += strlen(address);
        find_place(found, file, place, sizeof place);
        if (strncmp(found, "requested allocation size", 25) == 0 ||
            strncmp(found, "out of memory", 13) == 0)
            return grade_end(grade, GRADE_OVERSPENT, "it asked for too much memory (%s)", place);
        return grade_end(grade, GRADE_UNSOUND, "AddressSanitizer, %s: %.*s", place,
                         (int)strcspn(found, " \n"), found);
    }
    if ((found = strstr(errors, "SUMMARY: AddressSanitizer: ")) != NULL &&
        strstr(errors, "LeakSanitizer: detected") != NULL) {
        find_place(errors, file, place, sizeof place);
        return grade_end(grade, GRADE_UNSOUND, "LeakSanitizer, %s: %s", place,
                         line_at(found + strlen("SUMMARY: AddressSanitizer: "), line, sizeof line));
    }
    return 0;
}

static int judge_signal(const struct grading *grading, int number, const char *errors,
                        struct grade *grade)
{
    const char *assertion = strstr(errors, "Assertion `");
    char line[160];

    if (number == SIGXCPU || number == SIGKILL)
        return grade_end(grade, GRADE_OVERSPENT, "it did not end within %u s of CPU time",
                         grading->options.cpu_s);
    if (number == SIGXFSZ)
        return grade_end(grade, GRADE_OVERSPENT, "it wrote a file of more than 64 MiB");
    if (number == SIGABRT && assertion != NULL)
        return grade_end(grade, GRADE_CRASHED, "stopped: %s",
                         line_at(assertion, line, sizeof line));
    return grade_end(grade, GRADE_CRASHED, "killed by signal %d (%s)", number,
                     sigdescr_np(number) != NULL ? sigdescr_np(number) : "unknown");
}

int diagnosis_make(const struct grading *grading, const struct child_result *result,
                   struct grade *grade)
{
    const char *errors = result->errors != NULL ? result->errors : "";
    int number = jail_signal(result);
    char line[200];

    if (result->end == CHILD_NOT_RUN || result->end == CHILD_NOT_STARTED ||
        result->end == CHILD_INTERRUPTED)
        return grade_end(grade, GRADE_NOT_GRADED, "%s",
                         result->is_interrupted ? "interrupted" : "the program could not be run");
    if (result->is_output_cut || result->is_errors_cut)
        return grade_end(grade, GRADE_OVERSPENT, "it printed more than a megabyte");
    if (judge_report(errors, grade) != 0)
        return -1;
    if (result->end == CHILD_TIMED_OUT)
        return grade_end(grade, GRADE_OVERSPENT,
                         "it did not end: %u s of CPU time may be used, or four times as long be "
                         "waited",
                         grading->options.cpu_s);
    if (number != 0)
        return judge_signal(grading, number, errors, grade);
    if (result->exit_status == 0)
        return 0;
    const char *message = strstr(errors, "fastenough: ");
    if (message == NULL)
        return grade_end(grade, GRADE_CRASHED, "it ended with exit status %d", result->exit_status);
    line_at(message + strlen("fastenough: "), line, sizeof line);
    return grade_end(grade, strstr(line, "the cap of") != NULL ? GRADE_OVERSPENT : GRADE_CRASHED,
                     "%s", line);
}
