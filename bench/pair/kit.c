#include "bench/pair/kit.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/readers/json.h"

static const struct kit_metric metrics[] = {
    {"wall_time", "clock", false},
    {"cpu_time", "rusage", false},
    {"user_time", "rusage", false},
    {"system_time", "rusage", false},
    {"peak_rss", "rusage", false},
    {"minor_faults", "rusage", false},
    {"voluntary_switches", "rusage", false},
    {"instructions", "callgrind", true},
    {"d1_misses", "callgrind, simulated", true},
    {"ll_misses", "callgrind, simulated", true},
    {"branch_misses", "callgrind, simulated", true},
    {"heap_bytes", "DHAT", true},
    {"heap_blocks", "DHAT", true},
    {"heap_peak", "massif", false},
    {"lost_bytes", "memcheck", false},
    {"long_holds", "DRD", false},
    {"system_calls", "strace", true},
};

enum { METRICS = sizeof metrics / sizeof *metrics };

/* What is being read, and where a message goes. */
struct reading {
    struct kit *kit;
    const struct text *text;
    char *error;
};

/*
 * The line of a member of the document, or with `inner` that of a text inside of it, a name or a
 * value, if there is one. 1 where there is no such member. The text is JSON: it has been parsed.
 */
static unsigned line_of(const struct text *text, const char *outer, const char *inner)
{
    unsigned line = 1, depth = 0, found = 1;
    bool is_inside = false;

    for (const char *at = text->bytes; outer != NULL && *at != '\0'; at++) {
        line += *at == '\n';
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        if (*at != '"')
            continue;
        const char *start = at + 1;
        for (at++; *at != '"'; at++)
            at += *at == '\\';
        const char *wanted = depth == 1 ? outer : inner;
        bool is_wanted = wanted != NULL && strlen(wanted) == (size_t)(at - start) &&
                         strncmp(start, wanted, strlen(wanted)) == 0;
        if (depth == 1 && at[1 + strspn(at + 1, " \t\r\n")] == ':') {
            is_inside = is_wanted;
            found = is_inside ? line : found; /* the last one, where there are two */
        } else if (depth == 2 && is_inside && is_wanted) {
            return line;
        }
    }
    return found;
}

#define FAIL(reading, outer, inner, ...)                                                           \
    text_error((reading)->error, KIT_ERROR_SIZE, (reading)->kit->path,                             \
               line_of((reading)->text, outer, inner), __VA_ARGS__)

static int find_metric(const struct reading *reading, const char *member, const char *name,
                       struct kit_metric *metric)
{
    char known[512] = "";

    if (strncmp(name, KIT_OWN, strlen(KIT_OWN)) == 0 && name[strlen(KIT_OWN)] != '\0') {
        *metric = (struct kit_metric){name, "the program", true};
        return 0;
    }
    for (unsigned i = 0; i < METRICS; i++) {
        if (strcmp(metrics[i].name, name) == 0) {
            *metric = metrics[i];
            return 0;
        }
        strcat(strcat(known, metrics[i].name), ", ");
    }
    return FAIL(reading, member, name,
                "there is no metric '%s'. There are: %sand " KIT_OWN "NAME for a counter that the "
                "program says itself",
                name, known);
}

/* "predict": {"misses": "d1_misses"}: what may be guessed, by a short name. */
static int read_guesses(const struct reading *reading, const cJSON *predict)
{
    const cJSON *item;

    cJSON_ArrayForEach (item, predict) {
        if (!cJSON_IsString(item))
            return FAIL(reading, "predict", item->string, "'%s' has to be the name of a metric",
                        item->string);
        if (reading->kit->guess_count == KIT_GUESSES)
            return FAIL(reading, "predict", item->string, "that is more than %d metrics to guess",
                        KIT_GUESSES);
        struct kit_named_metric *guess = &reading->kit->guesses[reading->kit->guess_count++];
        guess->name = item->string;
        if (find_metric(reading, "predict", item->valuestring, &guess->metric) != 0)
            return -1;
    }
    return 0;
}

static int read_graded(const struct reading *reading, const cJSON *graded)
{
    struct kit *kit = reading->kit;
    const cJSON *item;

    cJSON_ArrayForEach (item, graded) {
        if (!cJSON_IsString(item))
            return FAIL(reading, "graded", NULL, "'graded' has to be a list of names of metrics");
        if (kit->graded_count == KIT_GRADED)
            return FAIL(reading, "graded", item->valuestring,
                        "that is more than %d metrics to grade by", KIT_GRADED);
        struct kit_named_metric *one = &kit->graded[kit->graded_count++];
        one->name = item->valuestring;
        if (find_metric(reading, "graded", one->name, &one->metric) != 0)
            return -1;
        if (!one->metric.is_count)
            return FAIL(reading, "graded", one->name,
                        "nobody is graded by '%s': grades are by counts that are the same each "
                        "time, never by time. Name a count, or say in 'not_graded' why there is "
                        "none",
                        one->name);
    }
    if (kit->graded_count > 0 && kit->not_graded != NULL)
        return FAIL(reading, "not_graded", NULL,
                    "'not_graded' says why nothing is graded, but 'graded' names something");
    if (kit->graded_count == 0 && kit->not_graded == NULL)
        return FAIL(reading, "graded", NULL,
                    "say what is graded, \"graded\": [\"instructions\"], or why nothing is, "
                    "\"not_graded\": \"...\"");
    return 0;
}

/* The members that are texts, and where they go. Others are `predict` and `graded`. */
struct member {
    const char *name;
    const char **value;
    bool is_required;
};

static int read_texts(const struct reading *reading, const struct member *members)
{
    for (const struct member *member = members; member->name != NULL; member++) {
        const cJSON *item = json_member(reading->kit->json, member->name);
        if (item == NULL && !member->is_required)
            continue;
        if (item == NULL)
            return FAIL(reading, NULL, NULL, "'%s' is missing. bench/kits/README.md has them all",
                        member->name);
        if (!cJSON_IsString(item) || item->valuestring[0] == '\0')
            return FAIL(reading, member->name, NULL, "'%s' has to be a text, and not empty",
                        member->name);
        *member->value = item->valuestring;
    }
    return 0;
}

static int refuse_others(const struct reading *reading, const struct member *members)
{
    const cJSON *item;

    cJSON_ArrayForEach (item, reading->kit->json) {
        const struct member *member = members;
        while (member->name != NULL && strcmp(member->name, item->string) != 0)
            member++;
        bool is_known = member->name != NULL || strcmp(item->string, "predict") == 0 ||
                        strcmp(item->string, "graded") == 0;
        if (!is_known)
            return FAIL(reading, item->string, NULL,
                        "a kit has no member '%s'. bench/kits/README.md has those that there are",
                        item->string);
        if (json_member(reading->kit->json, item->string) != item)
            return FAIL(reading, item->string, NULL, "'%s' is there twice", item->string);
    }
    return 0;
}

static int check_command(const struct reading *reading)
{
    struct kit *kit = reading->kit;
    char path[2 * KIT_PATH_SIZE];

    if (strstr(kit->command, "{program}") == NULL && strstr(kit->command, "{side}") == NULL)
        return FAIL(reading, "command", NULL,
                    "'command' is the same for both sides: it has neither {program}, what was "
                    "built, nor {side}, the folder naive or fixed");
    if (strcmp(kit->proof, "output") != 0 && strcmp(kit->proof, "status") != 0)
        return FAIL(
            reading, "proof", NULL,
            "'proof' has to be \"output\", as without it, or \"status\", which looks at the "
            "exit status alone");
    if (kit->input == NULL)
        return 0;
    snprintf(path, sizeof path, "%s/%s", kit->folder, kit->input);
    if (access(path, R_OK) != 0)
        return FAIL(reading, "input", NULL, "'%s' cannot be read in the kit: %s", kit->input,
                    strerror(errno));
    return 0;
}

static int read_members(const struct reading *reading)
{
    struct kit *kit = reading->kit;
    const char *headline = NULL, *tool = NULL;
    const struct member members[] = {
        {"title", &kit->title, true},
        {"symptom", &kit->symptom, true},
        {"words", &kit->words, true},
        {"headline", &headline, true},
        {"tool", &tool, true},
        {"command", &kit->command, true},
        {"build", &kit->build, false},
        {"input", &kit->input, false},
        {"proof", &kit->proof, false},
        {"not_graded", &kit->not_graded, false},
        {.name = NULL},
    };
    const cJSON *predict = json_member(kit->json, "predict");
    const cJSON *graded = json_member(kit->json, "graded");

    if (refuse_others(reading, members) != 0 || read_texts(reading, members) != 0)
        return -1;
    if (predict != NULL && !cJSON_IsObject(predict))
        return FAIL(reading, "predict", NULL,
                    "'predict' has to be names and their metrics: {\"time\": \"wall_time\"}");
    if (graded != NULL && !cJSON_IsArray(graded))
        return FAIL(reading, "graded", NULL, "'graded' has to be a list of names of metrics");
    if (find_metric(reading, "headline", headline, &kit->headline) != 0)
        return -1;
    if (strcmp(tool, kit->headline.tool) != 0)
        return FAIL(reading, "tool", NULL, "%s is measured by \"%s\", not by \"%s\"", headline,
                    kit->headline.tool, tool);
    kit->command_line = line_of(reading->text, "command", NULL);
    kit->build_line = kit->build != NULL ? line_of(reading->text, "build", NULL) : 0;
    return read_guesses(reading, predict) != 0 || read_graded(reading, graded) != 0
               ? -1
               : check_command(reading);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

__attribute__((format(printf, 2, 3))) static int fail(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, KIT_ERROR_SIZE, format, arguments);
    va_end(arguments);
    return -1;
}

static int list_files(struct kit *kit, const char *side, struct dirent ***entries, char *error)
{
    char path[KIT_PATH_SIZE + 16];

    snprintf(path, sizeof path, "%s/%s", kit->folder, side);
    int count = scandir(path, entries, is_shown, alphasort);
    if (count < 0)
        return fail(error,
                    "%s: the kit has no folder %s/ that can be read: %s. A kit has naive/ and "
                    "fixed/ with files of the same names",
                    kit->folder, side, strerror(errno));
    if (count == 0)
        free(*entries);
    return count > 0 ? count : fail(error, "%s: there is nothing in %s/", kit->folder, side);
}

/* Equal, but for the end of a name: what is compiled already, x.o, stands for x.c. */
static bool is_same_name(const char *a, const char *b)
{
    size_t length = strlen(a);
    return strcmp(a, b) == 0 ||
           (length > 2 && strlen(b) == length && b[length - 1] == 'o' &&
            strcmp(a + length - 2, ".c") == 0 && strncmp(a, b, length - 1) == 0);
}

static bool is_same_text(const char *a, const char *b)
{
    struct text texts[2];
    char error[TEXT_ERROR_SIZE];

    if (text_read(a, &texts[0], error, sizeof error) != 0)
        return false;
    bool is_same = text_read(b, &texts[1], error, sizeof error) == 0;
    if (is_same) {
        is_same = texts[0].length == texts[1].length &&
                  memcmp(texts[0].bytes, texts[1].bytes, texts[0].length) == 0;
        text_free(&texts[1]);
    }
    text_free(&texts[0]);
    return is_same;
}

static int compare_sides(struct kit *kit, struct dirent **naive, int naive_count,
                         struct dirent **fixed, int fixed_count, char *error)
{
    bool is_same = true;

    if (naive_count > KIT_FILES)
        return fail(error, "%s/naive: that is more than %d files", kit->folder, KIT_FILES);
    for (int i = 0; i < naive_count || i < fixed_count; i++) {
        char a[KIT_PATH_SIZE + 272], b[KIT_PATH_SIZE + 272];
        if (i == naive_count || i == fixed_count ||
            !is_same_name(naive[i]->d_name, fixed[i]->d_name))
            return fail(error,
                        "%s: naive/ and fixed/ have to have files of the same names, but %s is in "
                        "one of them only",
                        kit->folder,
                        i < naive_count &&
                                (i == fixed_count || strcmp(naive[i]->d_name, fixed[i]->d_name) < 0)
                            ? naive[i]->d_name
                            : fixed[i]->d_name);
        snprintf(a, sizeof a, "%s/naive/%s", kit->folder, naive[i]->d_name);
        snprintf(b, sizeof b, "%s/fixed/%s", kit->folder, fixed[i]->d_name);
        is_same = is_same && is_same_text(a, b);
        if ((kit->files[i] = strdup(naive[i]->d_name)) == NULL)
            return fail(error, "out of memory");
        kit->file_count++;
    }
    return is_same
               ? fail(error, "%s: naive/ and fixed/ are the same: nothing is fixed", kit->folder)
               : 0;
}

static void free_entries(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count > 0)
        free(entries);
}

static int find_files(struct kit *kit, char *error)
{
    struct dirent **naive = NULL, **fixed = NULL;
    int fixed_count = -1, status = -1;
    int naive_count = list_files(kit, "naive", &naive, error);

    if (naive_count > 0)
        fixed_count = list_files(kit, "fixed", &fixed, error);
    if (fixed_count > 0)
        status = compare_sides(kit, naive, naive_count, fixed, fixed_count, error);
    free_entries(naive, naive_count);
    free_entries(fixed, fixed_count);
    return status;
}

const char *kit_expand(const char *folder, char path[KIT_PATH_SIZE])
{
    const char *home = strncmp(folder, "~/", 2) == 0 ? getenv("HOME") : NULL;

    snprintf(path, KIT_PATH_SIZE, "%s%s", home != NULL ? home : "", folder + (home != NULL));
    return path;
}

static int find_folder(struct kit *kit, const char *folder, char *error)
{
    char path[KIT_PATH_SIZE], *absolute = realpath(kit_expand(folder, path), NULL);

    if (absolute == NULL)
        return fail(error, "%s: %s. 'make kit DIR=%s' makes a kit there", folder, strerror(errno),
                    folder);
    const char *name = strrchr(absolute, '/') + 1;
    bool is_short = strlen(absolute) < sizeof kit->folder && strlen(name) < sizeof kit->name;
    if (is_short) {
        strcpy(kit->folder, absolute);
        strcpy(kit->name, name);
    }
    free(absolute);
    snprintf(kit->path, sizeof kit->path, "%s/kit.json", kit->folder);
    return is_short ? 0 : fail(error, "%s: the path or the name is too long", folder);
}

int kit_read(struct kit *kit, const char *folder, char error[KIT_ERROR_SIZE])
{
    struct text text;

    *kit = (struct kit){.proof = "output"};
    if (find_folder(kit, folder, error) != 0)
        return -1;
    if (access(kit->path, F_OK) != 0)
        return fail(error, "%s: no kit.json is in there. 'make kit DIR=FOLDER' makes a kit",
                    folder);
    if (text_read(kit->path, &text, error, KIT_ERROR_SIZE) != 0)
        return -1;
    int status = json_parse(kit->path, &text, &kit->json, error, KIT_ERROR_SIZE);
    if (status == 0)
        status = read_members(&(struct reading){kit, &text, error});
    text_free(&text);
    if (status == 0)
        status = find_files(kit, error);
    if (status != 0)
        kit_free(kit);
    return status;
}

void kit_free(struct kit *kit)
{
    for (unsigned i = 0; i < kit->file_count; i++)
        free(kit->files[i]);
    kit->file_count = 0;
    cJSON_Delete(kit->json);
    kit->json = NULL;
}
