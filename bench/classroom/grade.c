#include "bench/classroom/grade.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/render_words.h"

static const char *const status_names[] = {
    [GRADE_GIVEN] = "graded",          [GRADE_UNTOUCHED] = "untouched",
    [GRADE_MISSING] = "missing",       [GRADE_REFUSED] = "refused",
    [GRADE_NOT_BUILT] = "not built",   [GRADE_CRASHED] = "crashed",
    [GRADE_UNSOUND] = "unsound",       [GRADE_WRONG] = "wrong",
    [GRADE_OVERSPENT] = "overspent",   [GRADE_UNCOUNTED] = "uncounted",
    [GRADE_NOT_GRADED] = "not graded",
};

const char *grade_status_name(enum grade_status status)
{
    return status_names[status];
}

int grade_status_from_name(const char *name)
{
    for (int status = 0; status <= GRADE_NOT_GRADED; status++)
        if (strcmp(status_names[status], name) == 0)
            return status;
    return -1;
}

int grade_end(struct grade *grade, enum grade_status status, const char *format, ...)
{
    va_list arguments;

    grade->status = status;
    va_start(arguments, format);
    int length = vsnprintf(grade->reason, sizeof grade->reason, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof grade->reason)
        strcpy(grade->reason + sizeof grade->reason - sizeof " ...", " ...");
    /* It quotes what the student's side said, and goes to a terminal, which it must not command. */
    words_replace(grade->reason, '?');
    return -1;
}
