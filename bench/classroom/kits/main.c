/*
 * main.c - what the classroom does with a kit: grades somebody's files by its counts, and writes
 * the page that goes with an exercise.
 *
 * Exit status: 0 done, whatever the grade; 1 it could not be; 2 a command line, or a kit, that
 * makes no sense; 130 interrupted.
 */
#include <errno.h>
#include <glob.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/classroom/count.h"
#include "bench/classroom/kits/counting.h"
#include "bench/process/child.h"
#include "bench/report/render_number.h"
#include "bench/report/render_words.h"
#include "common/option_rows.h"
#include "common/signals.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130, POINTS = 100 };

struct settings {
    const char *kit, *pattern, *results;
    bool is_page;
    unsigned cpu_s;
};

#define AT(field) OPTION_AT(struct settings, field)

static const struct option_row rows[] = {
    {"kit", OPTION_PATH, AT(kit), "the kit", .value = "FOLDER", .called = "KIT"},
    {"student", OPTION_PATH, AT(pattern), "grade a folder, or a pattern of folders in quotes",
     .value = "PATTERN", .called = "STUDENT"},
    {"results", OPTION_PATH, AT(results), "where kit-NAME.csv goes", .value = "DIR",
     .otherwise = "none is written"},
    {"page", OPTION_FLAG, AT(is_page), "print the page that goes with its exercise"},
    {"cpu-seconds", OPTION_NUMBER, AT(cpu_s), "that a single run of a submission may take",
     .low = 1, .high = 600, .preset = "10"},
};

static const struct option_table table = {
    "kit",
    "kit --help",
    rows,
    sizeof rows / sizeof *rows,
    .about = "grades the files that somebody made of a kit's, by its counts",
    .notes = "`make grade KIT=FOLDER STUDENT=` and `make exercise KIT=FOLDER` call it.\n"
             "Exit status: 0 graded, whatever the grade; 1 could not grade; 2 usage; 130 "
             "interrupted."};

static int print_page(const struct kit *kit)
{
    char command[KIT_COMMAND_SIZE];

    if (kit_command(kit, ".", "./program", command) != 0)
        return EXIT_FAILURE;
    printf("# %s\n\n%s\n\nFind out why, prove it with a measurement, and mend it. Yours to change:",
           kit->title, kit->symptom);
    for (unsigned i = 0; i < kit->file_count; i++)
        printf(" `%s`", kit->files[i]);
    printf(". The other files are shared with the solution, and are only here so that you can read "
           "and build.\n\n## Measure, before you change anything\n\nIn the folder of the "
           "workbench:\n\n```\n");
    if (kit->guess_count > 0)
        printf("make predict KIT=%s GUESS='%s:2'    # commit yourself: naive / fixed\n",
               kit->folder, kit->guesses[0].name);
    printf(
        "make compare KIT=%s STUDENT=~/hw     # yours in the place of the solution, by all tools\n",
        kit->folder);
    if (kit->graded_count > 0)
        printf("make grade KIT=%s STUDENT=~/hw\n", kit->folder);
    printf("```\n\nBy hand, in this folder: ");
    if (kit->build != NULL)
        printf("`SIDE=. PROGRAM=./program`, and `%s`", kit->build);
    else
        printf("`gcc -O2 -g -pthread -o program *.c -lm`");
    printf(", then `%s`.\n\n## How it is graded\n\n", command);
    if (kit->graded_count == 0)
        printf("It is not: %s\n", kit->not_graded);
    else
        printf("Right first: it has to %s as what you were given does. Then by counts, never by "
               "time:\n\n",
               strcmp(kit->proof, "output") == 0 ? "print the same and end" : "end");
    for (unsigned i = 0; i < kit->graded_count; i++)
        printf("- `%s` (%s)\n", kit->graded[i].name, kit->graded[i].metric.tool);
    if (kit->graded_count > 0)
        printf("\nThe points are the share of the way from naive to fixed that you have closed.\n");
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A student's folder, what is counted of it, or why nothing is. */
struct submission {
    const char *folder;
    double counts[KIT_GRADED];
    char *reason; /* NULL: counted */
};

static double points(const struct kit *kit, const struct submission *one, const double *naive,
                     const double *fixed)
{
    double sum = 0;
    for (unsigned i = 0; one->reason == NULL && i < kit->graded_count; i++)
        sum += count_share(naive[i], one->counts[i], fixed[i]);
    return POINTS * sum / kit->graded_count;
}

/* What is wrong may quote what a student wrote. */
static void print_reason(const char *reason)
{
    for (const char *at = reason; *at != '\0'; at += *at == '\n') {
        char line[KIT_ERROR_SIZE], *clean;
        size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        clean = words_clean(line, true);
        printf("    %s\n", clean != NULL ? clean : "");
        free(clean);
        at += length;
    }
}

static void print_one(const struct kit *kit, const struct submission *one, const double *naive,
                      const double *fixed)
{
    char text[4][RENDER_NUMBER_SIZE], *folder = words_clean(one->folder, true);

    printf("%s: %.1f of %d\n", folder != NULL ? folder : "", points(kit, one, naive, fixed),
           POINTS);
    free(folder);
    if (one->reason != NULL)
        print_reason(one->reason);
    for (unsigned i = 0; one->reason == NULL && i < kit->graded_count; i++)
        printf("    %-34s%12s%12s%12s%8s\n", kit->graded[i].name,
               render_value(text[0], naive[i], ""), render_value(text[1], one->counts[i], ""),
               render_value(text[2], fixed[i], ""),
               render_percent(text[3], 100 * count_share(naive[i], one->counts[i], fixed[i])));
    fflush(stdout);
}

/* A field of RFC 4180; a formula is none for a spreadsheet. */
static void write_field(FILE *file, const char *text)
{
    fputc('"', file);
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
        fputc('\'', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static FILE *open_grades(const struct kit *kit, const char *results)
{
    char path[KIT_PATH_SIZE];

    if (results == NULL)
        return NULL;
    snprintf(path, sizeof path, "%s/kit-%s.csv", results, kit->name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fprintf(stderr, "kit: %s cannot be written: %s\n", path, strerror(errno));
    else
        fprintf(file, "folder,score,why\r\n");
    return file;
}

static void write_one(FILE *file, const struct submission *one, double score)
{
    if (file == NULL)
        return;
    write_field(file, one->folder);
    fprintf(file, ",%.1f,", score);
    write_field(file, one->reason != NULL ? one->reason : "");
    fputs("\r\n", file);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int grade_all(struct kit_bench *bench, const glob_t *found, const char *results, char *error)
{
    const struct kit *kit = &bench->kit;
    double naive[KIT_GRADED], fixed[KIT_GRADED];

    if (kit_count(bench, "naive", naive, error) != 0 ||
        kit_count(bench, "fixed", fixed, error) != 0)
        return -1;
    for (unsigned i = 0; i < kit->graded_count; i++)
        if (fixed[i] >= naive[i]) {
            snprintf(error, KIT_ERROR_SIZE,
                     "%s: %s is %.0f in naive/ and %.0f in fixed/: there is nothing to be closed",
                     kit->path, kit->graded[i].name, naive[i], fixed[i]);
            return -1;
        }
    FILE *grades = open_grades(kit, results);
    printf("%s: counted, never timed%*snaive       yours       fixed  closed\n", kit->name,
           (int)(25 - strlen(kit->name)) > 0 ? (int)(25 - strlen(kit->name)) : 1, "");
    for (size_t i = 0; i < found->gl_pathc && !child_is_interrupted(); i++) {
        char reason[KIT_ERROR_SIZE] = "", *folder = realpath(found->gl_pathv[i], NULL);
        struct submission one = {.folder = found->gl_pathv[i]};
        if (is_folder(found->gl_pathv[i]) && folder != NULL) {
            if (kit_count(bench, folder, one.counts, reason) != 0)
                one.reason = reason;
            if (child_is_interrupted()) {
                free(folder);
                break;
            }
            print_one(kit, &one, naive, fixed);
            write_one(grades, &one, points(kit, &one, naive, fixed));
        }
        free(folder);
    }
    if (grades != NULL && (ferror(grades) || fclose(grades) != 0)) {
        snprintf(error, KIT_ERROR_SIZE, "%s/kit-%s.csv cannot be written", results, kit->name);
        return -1;
    }
    printf("\n  sandbox   %s\n", sandbox_name(&bench->sandbox));
    if (sandbox_lacks(&bench->sandbox)[0] != '\0')
        printf("            %s\n", sandbox_lacks(&bench->sandbox));
    return 0;
}

static int grade(const struct kit *kit, const struct settings *settings)
{
    static struct kit_bench bench;
    char error[KIT_ERROR_SIZE] = "";
    glob_t found = {0};
    int status = EXIT_FAILURE;

    if (kit->graded_count == 0) {
        fprintf(stderr, "kit: %s is not graded: %s\n", kit->name, kit->not_graded);
        return EXIT_USAGE;
    }
    if (glob(settings->pattern, GLOB_TILDE, NULL, &found) != 0) {
        fprintf(stderr,
                "kit: there is no folder %s. 'make exercise KIT=%s DIR=~/hw' makes one, and "
                "'make grade KIT=%s STUDENT=~/hw' grades it\n",
                settings->pattern, settings->kit, settings->kit);
        return EXIT_USAGE;
    }
    if (kit_bench_open(&bench, kit, settings->cpu_s, error) == 0 &&
        grade_all(&bench, &found, settings->results, error) == 0)
        status = EXIT_SUCCESS;
    kit_bench_close(&bench);
    globfree(&found);
    if (child_is_interrupted())
        return EXIT_INTERRUPTED;
    if (error[0] != '\0')
        fprintf(stderr, "kit: %s\n", error);
    return status;
}

int main(int argc, char **argv)
{
    static struct kit kit;
    struct settings settings = {.kit = NULL};
    char error[KIT_ERROR_SIZE];

    int parsed = option_rows_parse_all(&table, argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    if (settings.kit == NULL || settings.is_page == (settings.pattern != NULL)) {
        fprintf(stderr,
                "kit: say which, and whom: make grade KIT=bench/kits/layout STUDENT=~/hw\n");
        return EXIT_USAGE;
    }
    setlocale(LC_CTYPE, "");
    signals_call(child_interrupt);
    if (kit_read(&kit, settings.kit, error) != 0) {
        fprintf(stderr, "kit: %s\n", error);
        return EXIT_USAGE;
    }
    int status = settings.is_page ? print_page(&kit) : grade(&kit, &settings);
    kit_free(&kit);
    return status;
}
