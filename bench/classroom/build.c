#include "bench/classroom/build.h"

#include <stdio.h>
#include <string.h>

#include "bench/classroom/gate.h"

enum { ARGS_MAX = 40, COMPILER_CPU_S = 20 };

static const uint64_t COMPILER_BYTES = (uint64_t)2 << 30;

static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};

struct arguments {
    const char *argv[ARGS_MAX + 1];
    unsigned count; /* also of those that found no room */
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

static int run(const struct room *room, const char *file, const char *what,
               const struct arguments *arguments, struct trial *trial)
{
    const struct room_run setup = {arguments->argv, environment, COMPILER_CPU_S, COMPILER_BYTES};
    struct child_result result;
    char quote[sizeof trial->reason];

    if (arguments->count > ARGS_MAX)
        return trial_end(trial, TRIAL_NOT_GRADED,
                         "the %s's command has %u words, and there is room for %d", what,
                         arguments->count, ARGS_MAX);
    int status = room_run(room, &setup, &result);

    if (status != 0 && (result.end == CHILD_NOT_RUN || result.end == CHILD_NOT_STARTED)) {
        trial_end(trial, TRIAL_NOT_GRADED, "the %s could not be started", what);
    } else if (status != 0 && (result.end == CHILD_TIMED_OUT || room_signal(&result) != 0)) {
        trial_end(trial, TRIAL_NOT_BUILT, "the %s took more time or memory than it is given", what);
    } else if (status != 0) {
        quote_error(result.errors != NULL ? result.errors : "", file, quote, sizeof quote);
        trial_end(trial, TRIAL_NOT_BUILT, "the %s stopped: %s", what, quote);
    }
    child_result_free(&result);
    return status;
}

/*
 * Without what some distributions switch on by themselves (fortified functions, stack protectors):
 * these are symbols that a student did not write. The sanitizers see more than they do.
 */
static int compile(const struct room *room, int lesson, bool is_checked, struct trial *trial)
{
    struct arguments arguments = {.count = 0};
    char source[ROOM_PATH_SIZE], object[ROOM_PATH_SIZE], compiler[ROOM_PATH_SIZE],
        headers[ROOM_PATH_SIZE], shield[ROOM_PATH_SIZE];

    snprintf(compiler, sizeof compiler, "%s/cc", room->session->kit);
    snprintf(headers, sizeof headers, "%s/common", room->session->kit);
    snprintf(shield, sizeof shield, "%s/shield.h", room->session->kit);
    for (const char *const *flag =
             (const char *const[]){
                 compiler, "-std=gnu11", "-O2", "-g", "-w", "-pipe", "-U_FORTIFY_SOURCE",
                 "-fno-stack-protector", "-D_GNU_SOURCE=", "-fmax-errors=3", "-iquote",
                 room->session->kit, "-iquote", headers, "-include", shield, NULL};
         *flag != NULL; flag++)
        add(&arguments, *flag);
    if (is_checked)
        add_sanitizers(&arguments);
    add(&arguments, "-c");
    add(&arguments, "-o");
    add(&arguments, room_path(room, is_checked ? "out/checked.o" : "out/counted.o", object));
    add(&arguments, room_path(room, problem_file(lesson), source));
    return run(room, problem_file(lesson), "compiler", &arguments, trial);
}

/*
 * The file's object with the three others that are fixed, and all that is shared. How programs are
 * linked stands in the kit's files `flags` and `libraries`, as the Makefile has it.
 */
static int link_program(const struct room *room, int lesson, bool is_checked, struct trial *trial)
{
    static const char *const shared[] = {"main.o", "variant.o", "tags.o", "libcommon.a"};
    enum { SHARED = sizeof shared / sizeof *shared };
    struct arguments arguments = {.count = 0};
    const char *kind = is_checked ? "checked" : "counted";
    char output[ROOM_PATH_SIZE], object[ROOM_PATH_SIZE], witness[ROOM_PATH_SIZE];
    char compiler[ROOM_PATH_SIZE], flags[ROOM_PATH_SIZE], libraries[ROOM_PATH_SIZE];
    char others[LESSON_COUNT][ROOM_PATH_SIZE], paths[SHARED][ROOM_PATH_SIZE];

    snprintf(compiler, sizeof compiler, "%s/cc", room->session->kit);
    add(&arguments, compiler);
    snprintf(flags, sizeof flags, "@%s/flags", room->session->kit);
    add(&arguments, flags);
    if (is_checked) {
        add_sanitizers(&arguments);
        add(&arguments, "-Wl,--wrap=record_normalise,--wrap=key_build,--wrap=record_score,--wrap="
                        "database_round_trip,"
                        "--wrap=database_put,--wrap=lock_acquire,--wrap=lock_release");
    }
    add(&arguments, "-o");
    add(&arguments, room_path(room, is_checked ? BUILD_CHECKED : BUILD_COUNTED, output));
    add(&arguments, room_path(room, is_checked ? "out/checked.o" : "out/counted.o", object));
    for (int other = 0; other < LESSON_COUNT; other++)
        if (other != (int)lesson) {
            snprintf(others[other], sizeof others[other], "%s/%s/%s.o", room->session->kit, kind,
                     lesson_id(other));
            add(&arguments, others[other]);
        }
    if (is_checked) {
        snprintf(witness, sizeof witness, "%s/checked/witness.o", room->session->kit);
        add(&arguments, witness);
    }
    for (int i = 0; i < SHARED; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s/%s", room->session->kit, kind, shared[i]);
        add(&arguments, paths[i]);
    }
    snprintf(libraries, sizeof libraries, "@%s/libraries", room->session->kit);
    add(&arguments, libraries);
    return run(room, problem_file(lesson), "linker", &arguments, trial);
}

static int check_symbols(const struct room *room, int lesson, struct trial *trial)
{
    char object[ROOM_PATH_SIZE], reason[sizeof trial->reason];
    const char *const argv[] = {"nm", "-P", room_path(room, "out/counted.o", object), NULL};
    const struct room_run setup = {argv, environment, COMPILER_CPU_S, COMPILER_BYTES};
    struct child_result result;
    int status = room_run(room, &setup, &result);

    if (status != 0 || result.output == NULL || result.is_output_cut)
        status = trial_end(trial, TRIAL_NOT_GRADED, "the symbols of %s cannot be listed",
                           problem_file(lesson));
    else if (gate_check_symbols(lesson, result.output, reason, sizeof reason) != 0)
        status = trial_end(trial, TRIAL_REFUSED, "%s: %s", problem_file(lesson), reason);
    child_result_free(&result);
    return status;
}

int build_programs(const struct room *room, int lesson, enum trial_extent extent,
                   struct trial *trial)
{
    /* all of the store's counts are the witness's */
    bool needs_counted = lesson != LESSON_STORE;
    bool needs_checked = extent == TRIAL_WHOLE || lesson == LESSON_STORE;

    if (compile(room, lesson, false, trial) != 0 || check_symbols(room, lesson, trial) != 0)
        return -1;
    if (needs_counted && link_program(room, lesson, false, trial) != 0)
        return -1;
    if (needs_checked &&
        (compile(room, lesson, true, trial) != 0 || link_program(room, lesson, true, trial) != 0))
        return -1;
    return 0;
}
