#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/process/child.h"

/* Of what a child said; of more than that the beginning and the end. */
enum { QUOTE_MAX = 900, QUOTE_END = 300 };

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

/* Adds what is not blank of some of it, in one line. Returns where the text ends now. */
static size_t quote(const char *from, const char *end, char *text, size_t used, size_t size)
{
    bool is_line_due = false;

    for (; from < end && used + 4 < size; from++) {
        bool is_end = *from == '\n' || *from == '\r';
        bool is_blank = is_end || *from == ' ' || *from == '\t';
        if (is_blank && (is_line_due || used == 0 || text[used - 1] == ' ')) {
            is_line_due = is_line_due || is_end;
            continue;
        }
        if (is_end) {
            is_line_due = true;
            continue;
        }
        if (is_line_due) {
            memcpy(text + used, " / ", 3);
            used += 3;
            is_line_due = false;
        }
        /* It goes to a terminal, which it must not command. */
        text[used++] = is_blank ? ' ' : (unsigned char)*from < ' ' || *from == 127 ? '?' : *from;
    }
    text[used] = '\0';
    return used;
}

/*
 * Adds what the child wrote to standard error, from its beginning: what went wrong is often said
 * first, and "Exiting now." last.
 */
static void quote_errors(const struct child_result *result, char *text, size_t size)
{
    const char *from = result->errors, *end = from + result->errors_length;
    size_t used = strlen(text);

    while (from < end && strchr(" \t\r\n", *from) != NULL)
        from++;
    while (end > from && strchr(" \t\r\n", end[-1]) != NULL)
        end--;
    if (from == end || used + 8 > size)
        return;
    used += (size_t)snprintf(text + used, size - used, ": ");
    if (end - from <= QUOTE_MAX) {
        quote(from, end, text, used, size);
        return;
    }
    used = quote(from, from + QUOTE_MAX - QUOTE_END, text, used, size);
    if (used + 8 > size)
        return;
    used += (size_t)snprintf(text + used, size - used, " ... ");
    quote(end - QUOTE_END, end, text, used, size);
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
