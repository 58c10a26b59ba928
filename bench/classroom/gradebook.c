#include "bench/classroom/gradebook.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/readers/json.h"
#include "bench/report/render_escape.h"
#include "bench/report/render_number.h"
#include "bench/report/render_words.h"

enum { NAME_WIDTH = 24, POINTS_WIDTH = 8, WIDTH = 88 };

static void print_rule(FILE *file)
{
    for (int i = 0; i < WIDTH; i++)
        fputs("\u2500", file);
    fputc('\n', file);
}

/* A text over several lines, indented. What students wrote may be quoted in it. */
static void print_wrapped(FILE *file, const char *text, int indent)
{
    char *clean = words_clean(text, true);

    for (const char *at = clean; at != NULL && *at != '\0';) {
        const char *line = at;
        size_t length = words_line(&at, (unsigned)(WIDTH - indent));
        fprintf(file, "%*s%.*s\n", indent, "", (int)length, line);
    }
    free(clean);
}

/* Left-aligned in NAME_WIDTH columns, of which the last one stays empty. */
static void print_name(FILE *file, const char *name)
{
    char shown[sizeof((struct submission *)NULL)->name + sizeof "\u2026"];
    const char *rest = name;
    size_t length = words_line(&rest, NAME_WIDTH - 2);

    snprintf(shown, sizeof shown, "%.*s%s", (int)length, name, *rest != '\0' ? "\u2026" : "");
    fprintf(file, "%s%*s", shown, NAME_WIDTH - (int)words_width(shown), "");
}

/* Right-aligned; the bytes of a text are not its columns. */
static void print_cell(FILE *file, const char *text, int width)
{
    int columns = 0;
    for (const char *at = text; *at != '\0'; at++)
        columns += ((unsigned char)*at & 0xc0) != 0x80;
    fprintf(file, "%*s%s", width > columns ? width - columns : 0, "", text);
}

static void print_count(FILE *file, const struct count_kind *kind, double naive, double yours,
                        double fixed)
{
    char text[RENDER_NUMBER_SIZE];

    fprintf(file, "    %-40s", kind->label);
    print_cell(file, render_value(text, naive, kind->unit), 11);
    print_cell(file, render_value(text, yours, kind->unit), 11);
    print_cell(file, render_value(text, fixed, kind->unit), 11);
    print_cell(file, render_percent(text, 100 * count_share(naive, yours, fixed)), 11);
    fputc('\n', file);
}

static void print_lesson(FILE *file, const struct submission *submission, int lesson,
                         const struct grading *grading)
{
    const struct grade *grade = &submission->grades[lesson];
    const struct count_list list = count_list(lesson);
    char verdict[512];

    fprintf(file, "%d %-10s %*.1f of %d\n", lesson + 1, lesson_id(lesson), WIDTH - 18,
            submission_points(submission, lesson), LESSON_POINTS);
    submission_verdict(submission, lesson, verdict, sizeof verdict);
    print_wrapped(file, verdict, 4);
    if (grade->is_copy)
        fprintf(file,
                "    the reference, or a copy of it: %.0f%% of what the compiler makes of it\n",
                100 * (isnan(grade->likeness) ? 1 : grade->likeness));
    for (unsigned i = 0; grade->status == GRADE_GIVEN && i < list.graded_length; i++) {
        enum count count = list.counts[i];
        print_count(file, count_kind(count), grading->naive[lesson].of[count],
                    grade->yours.of[count], grading->fixed[lesson].of[count]);
    }
}

static void print_one(FILE *file, const struct submission *submission,
                      const struct grading *grading)
{
    fprintf(file, "The grade of %s\n", submission->name);
    print_rule(file);
    fprintf(file, "    %-40s%11s%11s%11s%11s\n", "counted, never timed", "naive", "yours", "fixed",
            "closed");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        print_lesson(file, submission, lesson, grading);
    print_rule(file);
    fprintf(file, "%-12s %*.1f of %d\n", "together", WIDTH - 19, submission_score(submission),
            SUBMISSION_POINTS);
}

/* What went wrong, in a word or two each: "key refused, store wrong". */
static void print_remarks(FILE *file, const struct submission *submission)
{
    bool is_first = true;

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const struct grade *grade = &submission->grades[lesson];
        bool is_fine = grade->status == GRADE_GIVEN || grade->status == GRADE_UNTOUCHED;
        if (is_fine && !grade->is_copy)
            continue;
        fprintf(file, "%s%s %s", is_first ? "" : ", ", lesson_id(lesson),
                is_fine ? "copied" : grade_status_name(grade->status));
        is_first = false;
    }
}

static void print_class(FILE *file, const struct class *class)
{
    double sum = 0;

    fprintf(file, "%*s", NAME_WIDTH, "");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        fprintf(file, "%*s", POINTS_WIDTH, lesson_id(lesson));
    fprintf(file, "%*s%d  \n", POINTS_WIDTH - 3, "of ", SUBMISSION_POINTS);
    print_rule(file);
    for (size_t i = 0; i < class->count; i++) {
        const struct submission *submission = &class->submissions[i];
        print_name(file, submission->name);
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            fprintf(file, "%*.1f", POINTS_WIDTH, submission_points(submission, lesson));
        fprintf(file, "%*.1f  ", POINTS_WIDTH, submission_score(submission));
        print_remarks(file, submission);
        fputc('\n', file);
        sum += submission_score(submission);
    }
    print_rule(file);
    fprintf(file, "%*.1f  mean of %zu\n", NAME_WIDTH + POINTS_WIDTH * (LESSON_COUNT + 1),
            sum / (double)class->count, class->count);
}

/* Of those whose folder cannot be known from their name. */
static void print_folders(FILE *file, const struct class *class)
{
    for (size_t i = 0; i < class->count; i++) {
        const struct submission *submission = &class->submissions[i];
        const char *slash = strrchr(submission->folder, '/');
        char *clean = words_clean(submission->folder, true);
        if (clean != NULL &&
            strcmp(slash != NULL ? slash + 1 : submission->folder, submission->name) != 0)
            fprintf(file, "  %s is %s\n", submission->name, clean);
        free(clean);
    }
}

/* Whoever gives the points is to know. */
static void print_copies(FILE *file, const struct class *class, const struct grading *grading)
{
    char lessons[256];
    unsigned count = 0;

    for (size_t i = 0; i < class->count; i++)
        count += submission_copies(&class->submissions[i], lessons, sizeof lessons);
    if (count == 1)
        fprintf(file, "  copies    a file is the reference, or a copy of it under other names\n");
    else if (count > 1)
        fprintf(file, "  copies    %u files are the reference, or copies of it under other names\n",
                count);
    if (grading->made_with[0] != '\0')
        fprintf(file,
                "  reference made by %s: counts of instructions are of two\n"
                "            compilers, and copies were not looked for\n",
                grading->made_with);
}

int gradebook_print(FILE *file, const struct class *class, const struct grading *grading)
{
    const char *lacks = sandbox_lacks(&grading->sandbox);
    char text[512];

    if (class->count == 1)
        print_one(file, &class->submissions[0], grading);
    else
        print_class(file, class);
    print_folders(file, class);
    fputc('\n', file);
    print_copies(file, class, grading);
    fprintf(file, "  records   %s\n",
            grading->options.input != NULL ? grading->options.input
                                           : "generated for this grading, seen by nobody before");
    fprintf(file, "  sandbox   %s\n", sandbox_name(&grading->sandbox));
    if (lacks[0] != '\0') {
        snprintf(text, sizeof text, "%s", lacks);
        print_wrapped(file, text, 12);
    }
    if (grading->sandbox.is_blind_to_leaks)
        fprintf(file,
                "  leaks     not looked for: ptrace() is refused here, as in some containers\n");
    return ferror(file) ? -1 : 0;
}

/* A field of RFC 4180: in quotes, with quotes doubled; a formula is no formula for a spreadsheet.
 */
static void print_field(FILE *file, const char *text)
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

static int write_csv(FILE *file, const struct class *class)
{
    char verdict[512], folder[PATH_MAX];

    fputs("student", file);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        fprintf(file, ",%s", lesson_id(lesson));
    fputs(",score", file);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        fprintf(file, ",%s_verdict", lesson_id(lesson));
    fputs(",copies", file);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        fprintf(file, ",%s_likeness", lesson_id(lesson));
    fputs(",folder\r\n", file);
    for (size_t i = 0; i < class->count; i++) {
        const struct submission *submission = &class->submissions[i];
        print_field(file, submission->name);
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            fprintf(file, ",%.1f", submission_points(submission, lesson));
        fprintf(file, ",%.1f", submission_score(submission));
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            submission_verdict(submission, lesson, verdict, sizeof verdict);
            fputc(',', file);
            print_field(file, verdict);
        }
        submission_copies(submission, verdict, sizeof verdict);
        fputc(',', file);
        print_field(file, verdict);
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            double likeness = submission->grades[lesson].likeness;
            fputc(',', file);
            if (!isnan(likeness))
                fprintf(file, "%.2f", likeness);
        }
        fputc(',', file);
        print_field(file, words_replace(strcpy(folder, submission->folder), '?'));
        fputs("\r\n", file);
    }
    return 0;
}

static void write_case(FILE *file, const struct submission *submission, int lesson)
{
    const struct grade *grade = &submission->grades[lesson];
    bool is_passed = grade->status == GRADE_GIVEN && grade->share == 1;
    char verdict[512];

    fputs("    <testcase classname=\"", file);
    escape_html(file, submission->name);
    fprintf(file, "\" name=\"%s\"", lesson_id(lesson));
    if (is_passed) {
        fputs("/>\n", file);
        return;
    }
    submission_verdict(submission, lesson, verdict, sizeof verdict);
    fprintf(file, "><failure type=\"%s\" message=\"%.1f of %d points; ",
            grade_status_name(grade->status), submission_points(submission, lesson), LESSON_POINTS);
    escape_html(file, verdict);
    fputs("\"/></testcase>\n", file);
}

/* As Jenkins and GitLab read it: a suite a submission, a case a lesson, passed with all points. */
static int write_junit(FILE *file, const struct class *class)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fastenough\">\n", file);
    for (size_t i = 0; i < class->count; i++) {
        const struct submission *submission = &class->submissions[i];
        int failures = 0;
        char copies[256];
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            failures += submission->grades[lesson].status != GRADE_GIVEN ||
                        submission->grades[lesson].share < 1;
        fputs("  <testsuite name=\"", file);
        escape_html(file, submission->name);
        fprintf(file, "\" tests=\"%d\" failures=\"%d\" errors=\"0\">\n", LESSON_COUNT, failures);
        fputs("    <properties><property name=\"folder\" value=\"", file);
        escape_html(file, submission->folder);
        fputs("\"/>", file);
        if (submission_copies(submission, copies, sizeof copies) > 0)
            fprintf(file, "<property name=\"copies\" value=\"%s\"/>", copies);
        fputs("</properties>\n", file);
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            write_case(file, submission, lesson);
        fputs("  </testsuite>\n", file);
    }
    fputs("</testsuites>\n", file);
    return 0;
}

static int write_file(const struct class *class, const char *name,
                      int (*write)(FILE *, const struct class *), char *path, size_t path_size)
{
    snprintf(path, path_size, "%s/%s", class->results, name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return -1;
    write(file, class);
    bool is_bad = ferror(file);
    return fclose(file) == 0 && !is_bad ? 0 : -1;
}

int gradebook_write(const struct class *class, const struct grading *grading, char *path,
                    size_t path_size)
{
    if (write_file(class, "grades.csv", write_csv, path, path_size) != 0 ||
        write_file(class, "junit.xml", write_junit, path, path_size) != 0)
        return -1;
    if (class->count > 1)
        return 0;
    snprintf(path, path_size, "%s/results.json", class->results);
    cJSON *json = submission_json(&class->submissions[0], grading);
    int status = json != NULL ? json_write(path, json) : -1;
    cJSON_Delete(json);
    return status;
}
