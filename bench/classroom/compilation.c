#include "bench/classroom/compilation.h"

#include <stdio.h>
#include <string.h>

#include "bench/classroom/filter.h"

enum { ARGS_MAX = 40, COMPILER_CPU_S = 20 };

static const uint64_t COMPILER_BYTES = (uint64_t)2 << 30;

struct arguments {
    const char *argv[ARGS_MAX + 1];
    unsigned count; /* also of those that had no place */
};

static void add(struct arguments *arguments, const char *argument)
{
    if (arguments->count < ARGS_MAX) {
        arguments->argv[arguments->count] = argument;
        arguments->argv[arguments->count + 1] = NULL;
    }
    arguments->count++;
}

/* The flags of the sanitizers, as in the Makefile's `sanitize-memory`. */
static void add_sanitizers(struct arguments *arguments)
{
    add(arguments, "-fsanitize=address,undefined");
    add(arguments, "-fno-sanitize-recover=all");
    add(arguments, "-fno-omit-frame-pointer");
}

/* The first line of the compiler's with an error in it, from the file's name on. */
static void quote_error(const char *errors, const char *file, char *quote, size_t size)
{
    const char *at = errors;

    snprintf(quote, size, "no error was named; it may have run out of memory");
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        const char *found = strstr(at, "error: ");
        const char *name = strstr(at, file);
        if (found != NULL && found < at + length) {
            const char *from = name != NULL && name < found ? name : found;
            snprintf(quote, size, "%.*s", (int)(at + length - from), from);
            return;
        }
        at += length + (at[length] == '\n');
    }
}

/* "compiler" or "linker" */
static int run(const struct jail *jail, const char *what, const struct arguments *arguments,
               struct grade *grade)
{
    const struct jail_run setup = {
        .argv = arguments->argv, .cpu_s = COMPILER_CPU_S, .memory_bytes = COMPILER_BYTES};
    struct child_result result;
    char quote[sizeof grade->reason];

    if (arguments->count > ARGS_MAX)
        return grade_end(grade, GRADE_NOT_GRADED,
                         "the %s's command has %u words, and there is room for %d", what,
                         arguments->count, ARGS_MAX);
    int status = jail_run(jail, &setup, &result);

    if (status != 0 && (result.end == CHILD_NOT_RUN || result.end == CHILD_NOT_STARTED)) {
        grade_end(grade, GRADE_NOT_GRADED, "the %s could not be started", what);
    } else if (status != 0 && (result.end == CHILD_TIMED_OUT || jail_signal(&result) != 0)) {
        grade_end(grade, GRADE_NOT_BUILT, "the %s took more time or memory than it is given", what);
    } else if (status != 0) {
        quote_error(result.errors != NULL ? result.errors : "", lesson_rows[grade->lesson].file,
                    quote, sizeof quote);
        grade_end(grade, GRADE_NOT_BUILT, "the %s stopped: %s", what, quote);
    }
    child_result_free(&result);
    return status;
}

/*
 * Without what some distributions switch on by themselves (fortified functions, stack protectors):
 * these are symbols that a student did not write. The sanitizers see more than they do.
 */
static int compile(const struct jail *jail, bool is_checked, struct grade *grade)
{
    struct arguments arguments = {.count = 0};
    char source[JAIL_PATH_SIZE], object[JAIL_PATH_SIZE], compiler[JAIL_PATH_SIZE],
        headers[JAIL_PATH_SIZE], shield[JAIL_PATH_SIZE];

    snprintf(compiler, sizeof compiler, "%s/cc", jail->grading->kit);
    snprintf(headers, sizeof headers, "%s/common", jail->grading->kit);
    snprintf(shield, sizeof shield, "%s/shield.h", jail->grading->kit);
    for (const char *const *flag =
             (const char *const[]){
                 compiler, "-std=gnu11", "-O2", "-g", "-w", "-pipe", "-U_FORTIFY_SOURCE",
                 "-fno-stack-protector", "-D_GNU_SOURCE=", "-fmax-errors=3", "-iquote",
                 jail->grading->kit, "-iquote", headers, "-include", shield, NULL};
         *flag != NULL; flag++)
        add(&arguments, *flag);
    if (is_checked)
        add_sanitizers(&arguments);
    add(&arguments, "-c");
    add(&arguments, "-o");
    add(&arguments, jail_path(jail, is_checked ? "out/checked.o" : "out/counted.o", object));
    add(&arguments, jail_path(jail, lesson_rows[grade->lesson].file, source));
    return run(jail, "compiler", &arguments, grade);
}

/*
 * The file's object with the others that are fixed, and all that is shared. How programs are
 * linked stands in the kit's files `flags` and `libraries`, as the Makefile has it.
 */
static int link_program(const struct jail *jail, bool is_checked, struct grade *grade)
{
    static const char *const shared[] = {"main.o", "variant.o", "tags.o", "libcommon.a"};
    enum { SHARED = sizeof shared / sizeof *shared };
    struct arguments arguments = {.count = 0};
    const char *kind = is_checked ? "checked" : "counted";
    char output[JAIL_PATH_SIZE], object[JAIL_PATH_SIZE], monitor[JAIL_PATH_SIZE];
    char compiler[JAIL_PATH_SIZE], flags[JAIL_PATH_SIZE], libraries[JAIL_PATH_SIZE];
    char others[LESSON_COUNT][JAIL_PATH_SIZE], paths[SHARED][JAIL_PATH_SIZE];

    snprintf(compiler, sizeof compiler, "%s/cc", jail->grading->kit);
    add(&arguments, compiler);
    snprintf(flags, sizeof flags, "@%s/flags", jail->grading->kit);
    add(&arguments, flags);
    if (is_checked) {
        add_sanitizers(&arguments);
        add(&arguments, "-Wl,--wrap=record_normalise,--wrap=key_build,--wrap=record_score,--wrap="
                        "database_round_trip,"
                        "--wrap=database_put,--wrap=lock_acquire,--wrap=lock_release");
    }
    add(&arguments, "-o");
    add(&arguments,
        jail_path(jail, is_checked ? COMPILATION_CHECKED : COMPILATION_COUNTED, output));
    add(&arguments, jail_path(jail, is_checked ? "out/checked.o" : "out/counted.o", object));
    for (int other = 0; other < LESSON_COUNT; other++)
        if (other != grade->lesson) {
            snprintf(others[other], sizeof others[other], "%s/%s/%s.o", jail->grading->kit, kind,
                     lesson_id(other));
            add(&arguments, others[other]);
        }
    if (is_checked) {
        snprintf(monitor, sizeof monitor, "%s/checked/monitor.o", jail->grading->kit);
        add(&arguments, monitor);
    }
    for (int i = 0; i < SHARED; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s/%s", jail->grading->kit, kind, shared[i]);
        add(&arguments, paths[i]);
    }
    snprintf(libraries, sizeof libraries, "@%s/libraries", jail->grading->kit);
    add(&arguments, libraries);
    return run(jail, "linker", &arguments, grade);
}

static int check_symbols(const struct jail *jail, struct grade *grade)
{
    const char *file = lesson_rows[grade->lesson].file;
    char object[JAIL_PATH_SIZE], reason[sizeof grade->reason];
    const char *const argv[] = {"nm", "-P", jail_path(jail, "out/counted.o", object), NULL};
    const struct jail_run setup = {
        .argv = argv, .cpu_s = COMPILER_CPU_S, .memory_bytes = COMPILER_BYTES};
    struct child_result result;
    int status = jail_run(jail, &setup, &result);

    if (status != 0 || result.output == NULL || result.is_output_cut)
        status = grade_end(grade, GRADE_NOT_GRADED, "the symbols of %s cannot be listed", file);
    else if (filter_check_symbols(grade->lesson, result.output, reason, sizeof reason) != 0)
        status = grade_end(grade, GRADE_REFUSED, "%s: %s", file, reason);
    child_result_free(&result);
    return status;
}

/* The monitor is in the checked program; all other counts are of one without it. */
static bool needs_counted(int lesson)
{
    return count_needs(lesson, COUNT_BY_PROGRAM) || count_needs(lesson, COUNT_BY_PROCESS) ||
           count_needs(lesson, COUNT_BY_DHAT) || count_needs(lesson, COUNT_BY_CALLGRIND);
}

int compilation_make(const struct jail *jail, bool is_to_be_checked, struct grade *grade)
{
    bool needs_checked = is_to_be_checked || count_needs(grade->lesson, COUNT_BY_MONITOR);

    if (compile(jail, false, grade) != 0 || check_symbols(jail, grade) != 0)
        return -1;
    if (needs_counted(grade->lesson) && link_program(jail, false, grade) != 0)
        return -1;
    if (needs_checked && (compile(jail, true, grade) != 0 || link_program(jail, true, grade) != 0))
        return -1;
    return 0;
}
