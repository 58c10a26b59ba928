/*
 * main.c - `make grade`: grades a student's folder, or a class of them.
 *
 * Exit status: 0 graded, whatever the grade; 1 the grader itself could not; 2 a command line that
 * makes no sense; 130 interrupted: the same command goes on from there.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "bench/classroom/gradebook.h"
#include "bench/classroom/reference.h"
#include "bench/process/child.h"
#include "bench/readers/json.h"
#include "common/option_rows.h"
#include "common/signals.h"
#include "common/thread.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130, SLOTS_MAX = 64 };

struct settings {
    struct grading_options grading;
    const char *pattern, *results;
    unsigned jobs;
};

/* No seed that may be given: one is drawn. */
static const uint64_t NO_SEED = UINT64_MAX;

#define AT(field) OPTION_AT(struct settings, field)

static const struct option_row rows[] = {
    {"student", OPTION_TEXT, AT(pattern), "a folder, or a pattern of folders in quotes",
     .value = "PATTERN", .called = "STUDENT"},
    {"kit", OPTION_PATH, AT(grading.kit), "what submissions are built with", .value = "DIR",
     .preset = "build/classroom/kit"},
    {"naive", OPTION_PATH, AT(grading.naive), "the files as they are handed out", .value = "DIR",
     .preset = "naive"},
    {"fixed", OPTION_PATH, AT(grading.fixed), "the files that are worth all points", .value = "DIR",
     .preset = "fixed"},
    {"results", OPTION_PATH, AT(results), "where the grades go", .value = "DIR",
     .preset = "bench/results/grades"},
    {"seed", OPTION_NUMBER, AT(grading.seed), "of the hidden records", .high = (uint64_t)1 << 53,
     .otherwise = "a new one for each grading", .called = "SEED"},
    {"input", OPTION_PATH, AT(grading.input),
     "the teacher's own records, one a line, instead of generated ones"},
    {"cpu-seconds", OPTION_NUMBER, AT(grading.cpu_s), "that a single run of a submission may take",
     .low = 1, .high = 600, .preset = "10"},
    {"jobs", OPTION_NUMBER, AT(jobs), "files at a time", .low = 1, .high = SLOTS_MAX,
     .otherwise = "the CPUs"},
    {"no-bubblewrap", OPTION_FLAG, AT(grading.is_without_bubblewrap), "as on a machine without it"},
};

static const struct option_table table = {
    "grade",
    "grade --help",
    rows,
    sizeof rows / sizeof *rows,
    .about = "grades the files of a student's folder by counts",
    .notes = "`make grade` calls it with STUDENT=, SEED=, INPUT=, GRADES= as options.\n"
             "Exit status: 0 graded, whatever the grade; 1 could not grade; 2 usage; 130 "
             "interrupted."};

/* As option_rows_parse_all(). */
static int parse_settings(int argc, char **argv, struct settings *settings)
{
    *settings = (struct settings){
        .grading = {.seed = NO_SEED},
        .jobs = thread_cpu_count() < SLOTS_MAX ? thread_cpu_count() : SLOTS_MAX,
    };
    int parsed = option_rows_parse_all(&table, argc, argv, settings);
    if (parsed != 0)
        return parsed;
    if (settings->pattern == NULL || settings->pattern[0] == '\0') {
        fprintf(stderr, "grade: say whom: make grade STUDENT=~/hw (or STUDENT='submissions/*')\n");
        return -1;
    }
    return 0;
}

static const char *state_path(const struct class *class, char path[2 * GRADING_PATH_SIZE])
{
    snprintf(path, 2 * GRADING_PATH_SIZE, "%s/grading.json", class->results);
    return path;
}

/* The seed of an interrupted grading of the same class on the same records. */
static bool find_unfinished(const struct class *class, const struct settings *settings,
                            uint64_t *seed)
{
    char path[2 * GRADING_PATH_SIZE], error[TEXT_ERROR_SIZE];
    const char *pattern, *input;
    cJSON *json;
    bool is_found = false;

    if (access(state_path(class, path), R_OK) != 0 ||
        json_read(path, &json, error, sizeof error) != 0)
        return false;
    if (cJSON_IsFalse(json_member(json, "complete")) && json_text(json, "student", &pattern) == 0 &&
        json_text(json, "input", &input) == 0 && json_integer(json, "seed", seed) == 0)
        is_found =
            strcmp(pattern, settings->pattern) == 0 &&
            strcmp(input, settings->grading.input != NULL ? settings->grading.input : "") == 0 &&
            (settings->grading.seed == NO_SEED || settings->grading.seed == *seed);
    cJSON_Delete(json);
    return is_found;
}

static int write_state(const struct class *class, const struct settings *settings, bool is_complete)
{
    char path[2 * GRADING_PATH_SIZE];
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "schema", "fastenough-grades");
    cJSON_AddStringToObject(json, "student", settings->pattern);
    cJSON_AddStringToObject(json, "input",
                            settings->grading.input != NULL ? settings->grading.input : "");
    cJSON_AddNumberToObject(json, "seed", (double)settings->grading.seed);
    cJSON_AddBoolToObject(json, "complete", is_complete);
    int status = json_write(state_path(class, path), json);
    cJSON_Delete(json);
    if (status != 0)
        fprintf(stderr, "grade: %s cannot be written: %s\n", path, strerror(errno));
    return status;
}

static void choose_seed(const struct class *class, struct settings *settings)
{
    uint64_t seed = 0;

    if (find_unfinished(class, settings, &seed)) {
        settings->grading.seed = seed;
        return;
    }
    if (settings->grading.seed != NO_SEED)
        return;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)getpid();
    settings->grading.seed = seed >> 12;
}

/* Some were not graded through no fault of theirs. */
static int report_failures(const struct class *class)
{
    for (size_t i = 0; i < class->count; i++)
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            if (class->submissions[i].grades[lesson].status == GRADE_NOT_GRADED) {
                fprintf(stderr, "grade: %s of %s could not be graded: %s\n",
                        lesson_rows[lesson].file, class->submissions[i].name,
                        class->submissions[i].grades[lesson].reason);
                return EXIT_FAILURE;
            }
    return EXIT_SUCCESS;
}

static int finish(const struct class *class, const struct grading *grading,
                  const struct settings *settings)
{
    char path[2 * GRADING_PATH_SIZE];
    size_t graded = 0;

    for (size_t i = 0; i < class->count; i++)
        graded += class->submissions[i].is_graded;
    if (child_is_interrupted()) {
        fprintf(stderr,
                "grade: interrupted; %zu of %zu are graded. The same command goes on from "
                "there.\n",
                graded, class->count);
        return EXIT_INTERRUPTED;
    }
    if (report_failures(class) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    if (gradebook_write(class, grading, path, sizeof path) != 0) {
        fprintf(stderr, "grade: %s cannot be written: %s\n", path, strerror(errno));
        return EXIT_FAILURE;
    }
    if (gradebook_print(stdout, class, grading) != 0 || fflush(stdout) != 0) {
        fprintf(stderr, "grade: the table cannot be written: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\nThe grades: %s/grades.csv, junit.xml, %s\n", class->results,
            class->count > 1 ? "students/*.json" : "results.json");
    return write_state(class, settings, true) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int grade(struct class *class, struct grading *grading, struct settings *settings,
                 char *error, size_t error_size)
{
    bool is_wanted[LESSON_COUNT];

    if (class_find(class, settings->pattern, error, error_size) != 0)
        return -1;
    if (class->other_count > 0)
        fprintf(stderr, "grade: left out, as no folder: %s%s\n", class->other,
                class->other_count > 1 ? ", and others" : "");
    if (class_make_folders(class) != 0) {
        snprintf(error, error_size, "the folder %s cannot be made: %s", class->results,
                 strerror(errno));
        return -1;
    }
    choose_seed(class, settings);
    if (write_state(class, settings, false) != 0)
        return -1;
    size_t resumed = class_resume(class, settings->grading.seed);
    if (resumed > 0)
        fprintf(stderr, "%zu of %zu were graded before the interruption.\n", resumed, class->count);
    if (grading_open(grading, &settings->grading, error, error_size) != 0)
        return -1;
    if (grading->sandbox.kind != SANDBOX_BUBBLEWRAP)
        fprintf(stderr, "grade: sandbox: %s; %s.\n", sandbox_name(&grading->sandbox),
                sandbox_lacks(&grading->sandbox));
    if (grading->sandbox.is_blind_to_leaks)
        fprintf(stderr, "grade: ptrace() is refused here, as in some containers, so memory that a "
                        "submission loses is not looked for.\n");
    class_find_wanted(class, grading, is_wanted);
    if (reference_measure(grading, is_wanted, error, error_size) != 0 && !child_is_interrupted())
        return -1;
    return child_is_interrupted() ? 0 : class_grade(class, grading, error, error_size);
}

int main(int argc, char **argv)
{
    static struct grading grading;
    struct class class = {.count = 0};
    struct settings settings;
    char error[GRADING_ERROR_SIZE] = "";
    int status = EXIT_FAILURE;

    int parsed = parse_settings(argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    setlocale(LC_CTYPE, "");
    signals_call(child_interrupt);
    if (snprintf(class.results, sizeof class.results, "%s", settings.results) >=
        (int)sizeof class.results) {
        fprintf(stderr, "grade: GRADES takes a path of fewer than %d bytes, not '%s'\n",
                (int)sizeof class.results, settings.results);
        return EXIT_USAGE;
    }
    class.parallel_count = settings.jobs;
    class.is_terminal = isatty(STDERR_FILENO);
    if (grade(&class, &grading, &settings, error, sizeof error) == 0)
        status = finish(&class, &grading, &settings);
    if (error[0] != '\0' && !child_is_interrupted())
        fprintf(stderr, "grade: %s\n", error);
    grading_close(&grading);
    class_free(&class);
    return status;
}
