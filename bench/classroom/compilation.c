#include "bench/classroom/compilation.h"

#include <stdio.h>
#include <string.h>

#include "bench/classroom/filter.h"
#include "bench/process/command.h"

enum { COMPILER_CPU_S = 20 };

static const uint64_t COMPILER_BYTES = (uint64_t)2 << 30;

/* As in the Makefile's `sanitize-memory`. */
static const char *const sanitizers[] = {
    "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", NULL};

/* What goes through kit/monitor.c. */
static const char monitored[] =
    "-Wl,--wrap=record_normalise,--wrap=key_build,--wrap=record_score,--wrap=database_round_trip,"
    "--wrap=database_put,--wrap=lock_acquire,--wrap=lock_release";

/* Is it the compiler's own word that the linker failed? Why is in the line before. */
static bool is_of_linker(const char *error)
{
    static const char *const texts[] = {"error: ld returned", "error: linker command failed"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strncmp(error, texts[i], strlen(texts[i])) == 0)
            return true;
    return false;
}

/* The first line of the compiler's with an error in it, from the file's name on. */
static void quote_error(const char *errors, const char *file, char *quote, size_t size)
{
    const char *at = errors, *before = NULL;

    snprintf(quote, size, "no error was named; it may have run out of memory");
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        const char *found = strstr(at, "error: ");
        const char *name = strstr(at, file);
        if (found != NULL && found < at + length) {
            const char *from = name != NULL && name < found ? name : found;
            if (before != NULL && is_of_linker(found))
                from = before;
            snprintf(quote, size, "%.*s", (int)strcspn(from, "\n"), from);
            return;
        }
        before = at;
        at += length + (at[length] == '\n');
    }
}

/* "compiler" or "linker" */
static int run(const struct jail *jail, const char *what, const struct command *command,
               struct grade *grade)
{
    const struct jail_run setup = {
        .argv = command->argv, .cpu_s = COMPILER_CPU_S, .memory_bytes = COMPILER_BYTES};
    struct child_result result;
    char quote[sizeof grade->reason];
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

static int compile(const struct jail *jail, bool is_checked, struct grade *grade)
{
    const char *kit = jail->grading->kit;
    struct command command = {.count = 0};
    char source[JAIL_PATH_SIZE], object[JAIL_PATH_SIZE];

    command_addf(&command, "%s/cc", kit);
    command_addf(&command, "@%s/compiled-with", kit);
    command_add_all(&command, (const char *const[]){"-iquote", kit, "-iquote", NULL});
    command_addf(&command, "%s/common", kit);
    command_add(&command, "-include");
    command_addf(&command, "%s/shield.h", kit);
    if (is_checked)
        command_add_all(&command, sanitizers);
    command_add_all(&command, (const char *const[]){"-c", "-o", NULL});
    command_add(&command, jail_path(jail, is_checked ? "out/checked.o" : "out/counted.o", object));
    command_add(&command, jail_path(jail, lesson_rows[grade->lesson].file, source));
    return run(jail, "compiler", &command, grade);
}

/*
 * The file's object with the others that are fixed, and all that is shared. How programs are
 * linked stands in the kit's files `flags` and `libraries`, as the Makefile has it.
 */
static int link_program(const struct jail *jail, bool is_checked, struct grade *grade)
{
    static const char *const shared[] = {"main.o", "variant.o", "tags.o", "libcommon.a", NULL};
    const char *kit = jail->grading->kit, *kind = is_checked ? "checked" : "counted";
    struct command command = {.count = 0};
    char output[JAIL_PATH_SIZE], object[JAIL_PATH_SIZE];

    command_addf(&command, "%s/cc", kit);
    command_addf(&command, "@%s/flags", kit);
    if (is_checked) {
        command_add_all(&command, sanitizers);
        command_add(&command, monitored);
    }
    command_add(&command, "-o");
    command_add(&command,
                jail_path(jail, is_checked ? COMPILATION_CHECKED : COMPILATION_COUNTED, output));
    command_add(&command, jail_path(jail, is_checked ? "out/checked.o" : "out/counted.o", object));
    for (int other = 0; other < LESSON_COUNT; other++)
        if (other != grade->lesson)
            command_addf(&command, "%s/%s/%s.o", kit, kind, lesson_id(other));
    if (is_checked)
        command_addf(&command, "%s/checked/monitor.o", kit);
    for (const char *const *object_name = shared; *object_name != NULL; object_name++)
        command_addf(&command, "%s/%s/%s", kit, kind, *object_name);
    command_addf(&command, "@%s/libraries", kit);
    return run(jail, "linker", &command, grade);
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

/* In the place of compile(). */
static int take_object(const struct jail *jail, const char *object, bool is_checked,
                       struct grade *grade)
{
    char path[JAIL_PATH_SIZE];
    const char *const argv[] = {
        "install", "-m644", object,
        jail_path(jail, is_checked ? "out/checked.o" : "out/counted.o", path), NULL};
    struct child_job job = {.argv = argv, .errors = {.sink = CHILD_CAPTURE}};
    struct child_result result;
    int status = child_run(&job, &result);

    if (status != 0)
        grade_end(grade, GRADE_NOT_GRADED, "%s cannot be copied", object);
    child_result_free(&result);
    return status;
}

static int make_object(const struct jail *jail, const char *object, bool is_checked,
                       struct grade *grade)
{
    return object != NULL ? take_object(jail, object, is_checked, grade)
                          : compile(jail, is_checked, grade);
}

int compilation_make(const struct jail *jail, const char *object, bool is_to_be_checked,
                     struct grade *grade)
{
    bool needs_checked = is_to_be_checked || count_needs(grade->lesson, COUNT_BY_MONITOR);

    if (make_object(jail, object, false, grade) != 0 || check_symbols(jail, grade) != 0)
        return -1;
    if (needs_counted(grade->lesson) && link_program(jail, false, grade) != 0)
        return -1;
    if (needs_checked &&
        (make_object(jail, object, true, grade) != 0 || link_program(jail, true, grade) != 0))
        return -1;
    return 0;
}

int compilation_code(const struct jail *jail, struct likeness_code *code)
{
    char object[JAIL_PATH_SIZE];
    const char *const argv[] = {
        "objdump", "-d", "-r", "--no-show-raw-insn", jail_path(jail, "out/counted.o", object),
        NULL};
    const struct jail_run setup = {
        .argv = argv, .cpu_s = COMPILER_CPU_S, .memory_bytes = COMPILER_BYTES};
    struct child_result result;
    int status = jail_run(jail, &setup, &result);

    *code = (struct likeness_code){0};
    if (status == 0)
        status = likeness_parse(result.output != NULL ? result.output : "", code);
    child_result_free(&result);
    return status;
}
