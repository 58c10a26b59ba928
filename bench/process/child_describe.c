#define _GNU_SOURCE /* strerrordesc_np, sigdescr_np */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "child.h"

enum { QUOTE_MAX = 200 };

/* Debian's package of a program; NULL if we do not know it. */
static const char *package_of(const char *program)
{
    static const struct {
        const char *program, *package;
    } packages[] = {
        {"valgrind", "valgrind"},
        {"callgrind_annotate", "valgrind"},
        {"ms_print", "valgrind"},
        {"make", "make"},
        {"gcc", "gcc"},
        {"g++", "g++"},
        {"git", "git"},
        {"curl", "curl"},
        {"python3", "python3"},
        {"perf", "linux-perf"},
        {"setarch", "util-linux"},
    };

    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++)
        if (strcmp(program, packages[i].program) == 0)
            return packages[i].package;
    return NULL;
}

static const char *error_text(int error)
{
    const char *text = strerrordesc_np(error);
    return text != NULL ? text : "unknown error";
}

static void describe_start(const char *label, const struct child_job *job,
                           const struct child_result *result, char *text, size_t size)
{
    const char *program = job->argv[0];
    const char *package = package_of(program);

    if (strcmp(result->start_step, "find") != 0 || result->start_errno != ENOENT)
        snprintf(text, size, "%s could not be started: %s: %s", label,
                 strcmp(result->start_step, "exec") == 0 ? program : result->start_step,
                 error_text(result->start_errno));
    else if (package != NULL)
        snprintf(text, size, "%s: not found; install it with: apt-get install %s", program,
                 package);
    else
        snprintf(text, size, "%s: not found in PATH", program);
}

/* Adds the last line that is not blank of what the child wrote to standard error. */
static void quote_errors(const struct child_result *result, char *text, size_t size)
{
    size_t used = strlen(text);
    size_t end = result->errors_length;

    while (end > 0 && strchr(" \t\r\n", result->errors[end - 1]) != NULL)
        end--;
    size_t start = end;
    while (start > 0 && result->errors[start - 1] != '\n' && end - start < QUOTE_MAX)
        start--;
    if (start == end)
        return;
    snprintf(text + used, size - used, ": %.*s", (int)(end - start), result->errors + start);
    /* It goes to a terminal, which it must not command. */
    for (char *at = text + used; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 127)
            *at = '?';
}

void child_describe(const struct child_job *job, const struct child_result *result, char *text,
                    size_t size)
{
    const char *label = job->label != NULL ? job->label : job->argv[0];
    const char *signal_text;

    if (size == 0)
        return;
    switch (result->end) {
    case CHILD_NOT_RUN:
        snprintf(text, size, "%s was not run, because of the interruption", label);
        return;
    case CHILD_NOT_STARTED:
        describe_start(label, job, result, text, size);
        return;
    case CHILD_INTERRUPTED:
        snprintf(text, size, "%s was ended by the interruption", label);
        return;
    case CHILD_TIMED_OUT:
        snprintf(text, size, "%s was ended, as it took longer than its limit of %.1f s", label,
                 (double)job->timeout_ms / 1e3);
        break;
    case CHILD_SIGNALLED:
        signal_text = sigdescr_np(result->signal_number);
        snprintf(text, size, "%s was killed by signal %d (%s)", label, result->signal_number,
                 signal_text != NULL ? signal_text : "unknown");
        break;
    case CHILD_EXITED:
        if (result->exit_status == 0) {
            snprintf(text, size, "%s succeeded", label);
            return;
        }
        snprintf(text, size, "%s ended with exit status %d", label, result->exit_status);
        break;
    }
    if (result->errors != NULL)
        quote_errors(result, text, size);
}
