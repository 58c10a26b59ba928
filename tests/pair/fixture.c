#include "tests/pair/fixture.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/readers/json.h"

static void make_path(const struct pair_fixture *fixture, const char *name, char path[1024])
{
    snprintf(path, 1024, "%s/%s", fixture->folder, name);
}

void pair_fixture_init(struct pair_fixture *fixture)
{
    *fixture = (struct pair_fixture){.status = -1};
    snprintf(fixture->folder, sizeof fixture->folder, "%s/pair-XXXXXX", BUILD_FOLDER);
    cr_assert_not_null(mkdtemp(fixture->folder));
}

void pair_fixture_free(struct pair_fixture *fixture)
{
    char command[1024];

    snprintf(command, sizeof command, "rm -rf '%s'", fixture->folder);
    cr_assert_eq(system(command), 0);
    cJSON_Delete(fixture->document);
}

void pair_fixture_write(const struct pair_fixture *fixture, const char *name, const char *text)
{
    char path[1024];

    make_path(fixture, name, path);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
    if (strlen(name) > 3 && strcmp(name + strlen(name) - 3, ".sh") == 0)
        cr_assert_eq(chmod(path, 0755), 0);
}

static cJSON *read_document(const struct pair_fixture *fixture)
{
    char path[1024];

    make_path(fixture, "results/latest/compare.json", path);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    fclose(file);
    cJSON *document = NULL;
    char error[1024];
    cr_assert_eq(json_read(path, &document, error, sizeof error), 0, "%s", error);
    return document;
}

int pair_fixture_run(struct pair_fixture *fixture, const char *format, ...)
{
    char line[8192];
    va_list arguments;
    size_t used;

    used = (size_t)snprintf(line, sizeof line,
                            "cd '%s' || exit 99; export PAIR_FIXTURE=\"$PWD\"; rm -rf results; "
                            "COMPARE='%s/bin/compare --results "
                            "results'; { ",
                            fixture->folder, BUILD_FOLDER);
    va_start(arguments, format);
    used += (size_t)vsnprintf(line + used, sizeof line - used, format, arguments);
    va_end(arguments);
    snprintf(line + used, sizeof line - used, "\n} 2>&1 </dev/null");
    FILE *pipe = popen(line, "r");
    cr_assert_not_null(pipe);
    size_t length = fread(fixture->output, 1, sizeof fixture->output - 1, pipe);
    fixture->output[length] = '\0';
    while (fgetc(pipe) != EOF)
        ;
    int status = pclose(pipe);
    fixture->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    cJSON_Delete(fixture->document);
    fixture->document = read_document(fixture);
    return fixture->status;
}

bool pair_fixture_has_process(const struct pair_fixture *fixture)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    bool is_there = false;
    char mark[600];

    snprintf(mark, sizeof mark, "PAIR_FIXTURE=%s", fixture->folder);
    cr_assert_not_null(folder);
    while ((entry = readdir(folder)) != NULL && !is_there) {
        char path[300], text[65536];
        snprintf(path, sizeof path, "/proc/%.200s/environ", entry->d_name);
        FILE *file = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? fopen(path, "r") : NULL;
        if (file == NULL)
            continue;
        size_t length = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        for (size_t i = 0; i < length; i++)
            if (text[i] == '\0')
                text[i] = ' ';
        text[length] = '\0';
        is_there = strstr(text, mark) != NULL;
    }
    closedir(folder);
    return is_there;
}

bool pair_fixture_is_clean(const struct pair_fixture *fixture)
{
    char path[1024];
    const struct dirent *entry;
    bool is_clean = !pair_fixture_has_process(fixture);

    make_path(fixture, "results", path);
    DIR *folder = opendir(path);
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        is_clean &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (folder != NULL)
        closedir(folder);
    return is_clean;
}

const cJSON *pair_fixture_metric(const struct pair_fixture *fixture, const char *section,
                                 const char *name)
{
    const cJSON *lesson, *metric;

    cJSON_ArrayForEach (lesson, cJSON_GetObjectItem(fixture->document, "lessons")) {
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(lesson, "id")), section) != 0)
            continue;
        cJSON_ArrayForEach (metric, cJSON_GetObjectItem(lesson, "metrics"))
            if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(metric, "name")), name) == 0)
                return metric;
    }
    return NULL;
}
