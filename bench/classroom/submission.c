#include "bench/classroom/submission.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/readers/json.h"
#include "bench/report/render_words.h"

enum { FINGERPRINT_BYTES_MAX = 1 << 20 };

/* FNV-1a-64, as in the key's fingerprint. */
static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    while (count-- > 0)
        hash = (hash ^ *at++) * 1099511628211u;
    return hash;
}

static uint64_t add_file(uint64_t hash, const char *folder, const char *name)
{
    char path[PATH_MAX + 32], bytes[4096];
    struct stat status;
    size_t count, total = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    hash = add_bytes(hash, name, strlen(name));
    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return hash;
    FILE *file = fopen(path, "r");
    while (file != NULL && total < FINGERPRINT_BYTES_MAX &&
           (count = fread(bytes, 1, sizeof bytes, file)) > 0) {
        hash = add_bytes(hash, bytes, count);
        total += count;
    }
    if (file != NULL)
        fclose(file);
    return hash;
}

/* Names of people: letters of any script stay, and so do O'Brien and de la Cruz. */
static bool is_of_a_name(uint32_t code)
{
    if (code < 0x80)
        return isalnum((int)code) || strchr("-_.@+',() ", (int)code) != NULL;
    return code != 0xFFFD && !words_is_control(code);
}

static void set_name(struct submission *submission, const char *text)
{
    enum { ROOM = sizeof submission->name - sizeof "\u2026" - sizeof "-4294967295" };
    char *to = submission->name;

    for (const char *at = text; *at != '\0';) {
        const char *from = at;
        uint32_t code = words_next(&at);
        size_t length = is_of_a_name(code) ? (size_t)(at - from) : 1;
        if ((size_t)(to - submission->name) + length > ROOM) {
            to = stpcpy(to, "\u2026"); /* so that it is seen that there was more */
            break;
        }
        if (is_of_a_name(code))
            memcpy(to, from, length);
        else
            *to = '_';
        to += length;
    }
    *to = '\0';
    if (submission->name[0] == '.') /* no hidden file */
        submission->name[0] = '_';
}

static bool has_a_file(const char *folder)
{
    char path[PATH_MAX + 16];
    bool is_found = false;

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        snprintf(path, sizeof path, "%s/%s", folder, lesson_rows[lesson].file);
        is_found |= access(path, F_OK) == 0;
    }
    return is_found;
}

/* What comes out of an archive often lies one folder down. Where there is just one such, it is
 * meant. */
static void find_files(struct submission *submission)
{
    char path[PATH_MAX], found[PATH_MAX] = "";
    unsigned count = 0;
    DIR *folder = has_a_file(submission->folder) ? NULL : opendir(submission->folder);
    const struct dirent *entry;
    struct stat status;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "__MACOSX") == 0 ||
            snprintf(path, sizeof path, "%s/%s", submission->folder, entry->d_name) >=
                (int)sizeof path ||
            lstat(path, &status) != 0 || !S_ISDIR(status.st_mode) || !has_a_file(path))
            continue;
        strcpy(found, path);
        count++;
    }
    if (folder != NULL)
        closedir(folder);
    if (count == 1)
        strcpy(submission->folder, found);
}

void submission_init(struct submission *submission, const char *folder)
{
    *submission = (struct submission){.fingerprint = 14695981039346656037u};
    snprintf(submission->folder, sizeof submission->folder, "%s", folder);
    size_t length = strlen(submission->folder);
    while (length > 1 && submission->folder[length - 1] == '/')
        submission->folder[--length] = '\0';
    const char *slash = strrchr(submission->folder, '/');
    set_name(submission, slash != NULL && slash[1] != '\0' ? slash + 1 : submission->folder);
    find_files(submission);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        submission->fingerprint =
            add_file(submission->fingerprint, submission->folder, lesson_rows[lesson].file);
}

double submission_points(const struct submission *submission, int lesson)
{
    const struct grade *grade = &submission->grades[lesson];
    if (grade->status != GRADE_GIVEN)
        return 0;
    return round(10 * LESSON_POINTS * grade->share) / 10;
}

double submission_score(const struct submission *submission)
{
    double sum = 0;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        sum += submission_points(submission, lesson);
    return round(10 * sum) / 10;
}

void submission_verdict(const struct submission *submission, int lesson, char *text, size_t size)
{
    const struct grade *grade = &submission->grades[lesson];
    if (grade->status != GRADE_GIVEN)
        snprintf(text, size, "%s: %s", grade_status_name(grade->status), grade->reason);
    else if (grade->share == 0)
        snprintf(text, size, "graded: right, and no better than before");
    else
        snprintf(text, size, "graded: %.0f%% of the gap is closed", 100 * grade->share);
}

unsigned submission_copies(const struct submission *submission, char *text, size_t size)
{
    unsigned count = 0;

    text[0] = '\0';
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        size_t used = strlen(text);
        if (submission->grades[lesson].is_copy)
            snprintf(text + used, size - used, "%s%s", count++ > 0 ? " " : "", lesson_id(lesson));
    }
    return count;
}

static cJSON *counts_json(const struct grade *grade, int lesson, const struct grading *grading)
{
    cJSON *array = cJSON_CreateArray();
    const struct count_list list = count_list(lesson);

    for (unsigned i = 0; i < list.length; i++) {
        const struct count_kind *kind = count_kind(list.counts[i]);
        cJSON *metric = cJSON_CreateObject();
        double naive = grading->naive[lesson].of[list.counts[i]];
        double yours = grade->yours.of[list.counts[i]];
        double fixed = grading->fixed[lesson].of[list.counts[i]];
        cJSON_AddStringToObject(metric, "name", kind->id);
        cJSON_AddStringToObject(metric, "unit", kind->unit);
        cJSON_AddStringToObject(metric, "tool", count_tool_name(kind->tool));
        cJSON_AddBoolToObject(metric, "graded", i < list.graded_length);
        cJSON_AddNumberToObject(metric, "naive", naive);
        cJSON_AddNumberToObject(metric, "yours", yours);
        cJSON_AddNumberToObject(metric, "fixed", fixed);
        cJSON_AddNumberToObject(metric, "share", count_share(naive, yours, fixed));
        cJSON_AddItemToArray(array, metric);
    }
    return array;
}

static cJSON *grade_json(const struct grade *grade, int lesson, const struct grading *grading)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "lesson", lesson_id(lesson));
    cJSON_AddStringToObject(object, "status", grade_status_name(grade->status));
    cJSON_AddStringToObject(object, "reason", grade->reason);
    cJSON_AddNumberToObject(object, "share", grade->share);
    cJSON_AddBoolToObject(object, "copy", grade->is_copy);
    if (!isnan(grade->likeness))
        cJSON_AddNumberToObject(object, "likeness", grade->likeness);
    cJSON_AddItemToObject(object, "metrics", counts_json(grade, lesson, grading));
    return object;
}

/* What the student reads beside the points. */
static void print_counts(const struct grade *grade, int lesson, const struct grading *grading,
                         char *text, size_t size)
{
    const struct count_list list = count_list(lesson);
    size_t used = strlen(text);

    for (unsigned i = 0; i < list.graded_length && used < size; i++) {
        enum count count = list.counts[i];
        used += (size_t)snprintf(
            text + used, size - used, "\n%s: naive %.4g, yours %.4g, fixed %.4g (%s)",
            count_kind(count)->label, grading->naive[lesson].of[count], grade->yours.of[count],
            grading->fixed[lesson].of[count], count_tool_name(count_kind(count)->tool));
    }
}

static cJSON *test_json(const struct submission *submission, int lesson,
                        const struct grading *grading)
{
    const struct grade *grade = &submission->grades[lesson];
    cJSON *test = cJSON_CreateObject();
    char text[1024];

    snprintf(text, sizeof text, "%d", lesson + 1);
    cJSON_AddStringToObject(test, "number", text);
    cJSON_AddStringToObject(test, "name", lesson_id(lesson));
    cJSON_AddNumberToObject(test, "score", submission_points(submission, lesson));
    cJSON_AddNumberToObject(test, "max_score", LESSON_POINTS);
    cJSON_AddStringToObject(
        test, "status", grade->status == GRADE_GIVEN && grade->share == 1 ? "passed" : "failed");
    submission_verdict(submission, lesson, text, sizeof text);
    if (grade->status == GRADE_GIVEN)
        print_counts(grade, lesson, grading, text, sizeof text);
    cJSON_AddStringToObject(test, "output", text);
    cJSON_AddStringToObject(test, "visibility", "visible");
    return test;
}

cJSON *submission_json(const struct submission *submission, const struct grading *grading)
{
    cJSON *object = cJSON_CreateObject(), *tests, *extra, *grades;
    char text[32], folder[PATH_MAX];

    words_replace(strcpy(folder, submission->folder), '?');
    cJSON_AddNumberToObject(object, "score", submission_score(submission));
    cJSON_AddStringToObject(object, "output",
                            "Each lesson is worth 25 points: the share of the way from naive to "
                            "fixed that is closed, by counts and never by time.");
    cJSON_AddStringToObject(object, "visibility", "visible");
    cJSON_AddStringToObject(object, "stdout_visibility", "hidden");
    tests = cJSON_AddArrayToObject(object, "tests");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        cJSON_AddItemToArray(tests, test_json(submission, lesson, grading));
    extra = cJSON_AddObjectToObject(object, "extra_data");
    cJSON_AddStringToObject(extra, "student", submission->name);
    cJSON_AddStringToObject(extra, "folder", folder);
    snprintf(text, sizeof text, "%016" PRIx64, submission->fingerprint);
    cJSON_AddStringToObject(extra, "files", text);
    cJSON_AddNumberToObject(extra, "seed", (double)grading->options.seed);
    cJSON_AddStringToObject(extra, "sandbox", sandbox_name(&grading->sandbox));
    grades = cJSON_AddArrayToObject(extra, "lessons");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        cJSON_AddItemToArray(grades, grade_json(&submission->grades[lesson], lesson, grading));
    return object;
}

static int resume_grade(struct grade *grade, const cJSON *object, int lesson)
{
    const char *id, *status, *reason;
    const cJSON *metrics = json_member(object, "metrics");
    const struct count_list list = count_list(lesson);

    *grade = (struct grade){.lesson = lesson};
    if (json_text(object, "lesson", &id) != 0 || strcmp(id, lesson_id(lesson)) != 0 ||
        json_text(object, "status", &status) != 0 || json_text(object, "reason", &reason) != 0 ||
        json_number(object, "share", &grade->share) != 0 || grade_status_from_name(status) < 0)
        return -1;
    grade->status = (enum grade_status)grade_status_from_name(status);
    if (grade->status == GRADE_NOT_GRADED)
        return -1;
    grade->is_copy = cJSON_IsTrue(json_member(object, "copy"));
    if (json_number(object, "likeness", &grade->likeness) != 0)
        grade->likeness = NAN;
    snprintf(grade->reason, sizeof grade->reason, "%s", reason);
    for (unsigned i = 0; i < list.length; i++)
        json_number(cJSON_GetArrayItem(metrics, (int)i), "yours", &grade->yours.of[list.counts[i]]);
    return 0;
}

int submission_resume(struct submission *submission, const cJSON *json, uint64_t seed)
{
    const cJSON *extra = json_member(json, "extra_data");
    const cJSON *grades = json_member(extra, "lessons");
    const char *files;
    char fingerprint[32];
    uint64_t seed_then;

    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, submission->fingerprint);
    if (json_text(extra, "files", &files) != 0 || strcmp(files, fingerprint) != 0 ||
        json_integer(extra, "seed", &seed_then) != 0 || seed_then != seed)
        return -1;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (resume_grade(&submission->grades[lesson], cJSON_GetArrayItem(grades, lesson), lesson) !=
            0)
            return -1;
    submission->is_graded = submission->is_resumed = true;
    return 0;
}
