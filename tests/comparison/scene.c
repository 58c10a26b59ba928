#include "tests/comparison/scene.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char older[] = "2000-01-01T000000Z";

/* Nothing takes as long; a comparison that does is stopped, so that the tests go on. */
enum { GUARD_S = 400 };

static char *join(char *path, const char *folder, const char *name)
{
    int length = snprintf(path, SCENE_PATH_SIZE, "%s/%s", folder, name);
    cr_assert_lt(length, SCENE_PATH_SIZE, "%s/%s is too long", folder, name);
    return path;
}

static void make_folder(char *path, const char *folder, const char *name)
{
    cr_assert_eq(mkdir(join(path, folder, name), 0777), 0, "%s: %s", path, strerror(errno));
}

static void link_programs(const struct scene *scene, const char *tree)
{
    char folder[SCENE_PATH_SIZE], from[SCENE_PATH_SIZE], to[SCENE_PATH_SIZE];
    const struct dirent *entry;
    DIR *programs = opendir(join(folder, BUILD_FOLDER, tree));

    cr_assert_not_null(programs, "%s: %s", folder, strerror(errno));
    while ((entry = readdir(programs)) != NULL)
        if (entry->d_name[0] != '.')
            cr_assert_eq(symlink(join(from, folder, entry->d_name),
                                 join(to, scene->programs, entry->d_name)),
                         0);
    closedir(programs);
}

void scene_init(struct scene *scene, const char *tree)
{
    char path[SCENE_PATH_SIZE];

    *scene = (struct scene){0};
    mkdir(join(path, BUILD_FOLDER, "tests/scenes"), 0777);
    snprintf(scene->folder, sizeof scene->folder, "%s/tests/scenes/XXXXXX", BUILD_FOLDER);
    cr_assert_not_null(mkdtemp(scene->folder), "%s: %s", scene->folder, strerror(errno));
    make_folder(scene->programs, scene->folder, "bin");
    make_folder(scene->tools, scene->folder, "tools");
    make_folder(scene->results, scene->folder, "results");
    make_folder(path, scene->results, older);
    scene_write(scene, "results/2000-01-01T000000Z/compare.json", "older\n");
    cr_assert_eq(symlink(older, join(path, scene->results, "latest")), 0);
    link_programs(scene, tree);
    snprintf(scene->path, sizeof scene->path, "PATH=%s:%s", scene->tools, getenv("PATH"));
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void scene_free(struct scene *scene)
{
    nftw(scene->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void scene_write(const struct scene *scene, const char *name, const char *text)
{
    char path[SCENE_PATH_SIZE];
    FILE *file = fopen(join(path, scene->folder, name), "w");
    cr_assert_not_null(file, "%s: %s", path, strerror(errno));
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
}

void scene_remove(const struct scene *scene, const char *name)
{
    char path[SCENE_PATH_SIZE];
    cr_assert_eq(remove(join(path, scene->folder, name)), 0, "%s: %s", path, strerror(errno));
}

/* Where the machine has a program. */
static void find_tool(const char *name, char path[PATH_MAX])
{
    const char *folders = getenv("PATH");

    for (size_t length; *folders != '\0'; folders += length + (folders[length] == ':')) {
        length = strcspn(folders, ":");
        snprintf(path, PATH_MAX, "%.*s/%s", (int)length, folders, name);
        if (access(path, X_OK) == 0)
            return;
    }
    cr_assert_fail("%s is not in PATH", name);
}

void scene_script(const struct scene *scene, const char *name, const char *script)
{
    char path[SCENE_PATH_SIZE], real[PATH_MAX], text[8192];

    join(path, scene->folder, name);
    if (realpath(path, real) == NULL)
        find_tool(strchr(name, '/') + 1, real);
    unlink(path);
    int length = snprintf(text, sizeof text, "#!/bin/sh\nSCENE='%s'\nREAL='%s'\n%s\n",
                          scene->folder, real, script);
    cr_assert_lt((size_t)length, sizeof text);
    scene_write(scene, name, text);
    cr_assert_eq(chmod(path, 0755), 0);
}

void scene_read(const struct scene *scene, const char *name, char *text, size_t size)
{
    char path[SCENE_PATH_SIZE];
    FILE *file = fopen(join(path, scene->folder, name), "r");
    size_t length = file != NULL ? fread(text, 1, size - 1, file) : 0;
    text[length] = '\0';
    if (file != NULL)
        fclose(file);
}

static struct child_result run(const struct scene *scene, const char *script, va_list options)
{
    const char *argv[SCENE_ARGS_MAX + 1];
    const char *environment[] = {scene->path, scene->variables[0], scene->variables[1],
                                 scene->variables[2], NULL};
    struct child_result result;
    unsigned count = 0;

    if (script != NULL) {
        argv[count++] = "sh";
        argv[count++] = "-c";
        argv[count++] = script;
        argv[count++] = "sh";
    }
    argv[count++] = BUILD_FOLDER "/bin/compare";
    argv[count++] = "--programs";
    argv[count++] = scene->programs;
    argv[count++] = "--results";
    argv[count++] = scene->results;
    argv[count++] = "--load-script";
    argv[count++] = PROJECT_FOLDER "/bench/load/post.lua";
    do
        cr_assert_lt(count, SCENE_ARGS_MAX);
    while ((argv[count++] = va_arg(options, const char *)) != NULL);

    const struct child_job job = {
        .argv = argv,
        .environment = environment,
        .directory = scene->folder,
        .output = {.sink = scene->output != NULL ? CHILD_TO_FILE : CHILD_CAPTURE,
                   .path = scene->output},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = (scene->guard_s != 0 ? scene->guard_s : GUARD_S) * 1000u,
    };
    child_run(&job, &result);
    return result;
}

struct child_result scene_compare(const struct scene *scene, ...)
{
    va_list options;
    va_start(options, scene);
    struct child_result result = run(scene, NULL, options);
    va_end(options);
    return result;
}

struct child_result scene_compare_in(const struct scene *scene, const char *script, ...)
{
    va_list options;
    va_start(options, script);
    struct child_result result = run(scene, script, options);
    va_end(options);
    return result;
}

void scene_expect_untouched(const struct scene *scene)
{
    char path[SCENE_PATH_SIZE], target[SCENE_PATH_SIZE] = "", text[64];
    const struct dirent *entry;
    DIR *results = opendir(scene->results);

    cr_assert_not_null(results);
    while ((entry = readdir(results)) != NULL)
        cr_expect(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                      strcmp(entry->d_name, older) == 0 || strcmp(entry->d_name, "latest") == 0,
                  "%s was left in the results folder", entry->d_name);
    closedir(results);
    cr_expect_gt(readlink(join(path, scene->results, "latest"), target, sizeof target - 1), 0);
    cr_expect_str_eq(target, older);
    scene_read(scene, "results/latest/compare.json", text, sizeof text);
    cr_expect_str_eq(text, "older\n");
}

/* Whether the command line of a process names the scratch folder; false for one that has ended. */
static bool is_of_scene(const struct scene *scene, const char *pid)
{
    char path[SCENE_PATH_SIZE], line[4096];
    FILE *file = fopen(join(path, "/proc", pid), "r");

    if (file == NULL)
        return false;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    return memmem(line, length, scene->folder, strlen(scene->folder)) != NULL;
}

static unsigned count_processes(const struct scene *scene, long *one)
{
    const struct dirent *entry;
    unsigned count = 0;
    DIR *processes = opendir("/proc");

    cr_assert_not_null(processes);
    while ((entry = readdir(processes)) != NULL) {
        char file[300];
        snprintf(file, sizeof file, "%s/cmdline", entry->d_name);
        if (isdigit((unsigned char)entry->d_name[0]) && is_of_scene(scene, file)) {
            *one = strtol(entry->d_name, NULL, 10);
            count++;
        }
    }
    closedir(processes);
    return count;
}

void scene_expect_no_process(const struct scene *scene)
{
    /* What was killed may take a moment to go; what was not killed stays for ever. */
    const struct timespec moment = {.tv_nsec = 20000000};
    unsigned count = 1;
    long one = 0;

    for (int i = 0; i < 500 && count > 0; i++) {
        if (i > 0)
            nanosleep(&moment, NULL);
        count = count_processes(scene, &one);
    }
    cr_expect_eq(count, 0, "%u processes were left, %ld one of them", count, one);
}

static void expect_words(const struct child_result *result, const char *words)
{
    cr_expect(strstr(result->errors, words) != NULL, "no '%s' in: %s", words, result->errors);
}

void scene_expect(const struct child_result *result, int status, ...)
{
    const char *words;
    va_list arguments;

    cr_assert_eq(result->end, CHILD_EXITED, "end %d, signal %d: %s", (int)result->end,
                 result->signal_number, result->errors);
    cr_expect_eq(result->exit_status, status, "exit status %d, not %d: %s", result->exit_status,
                 status, result->errors);
    va_start(arguments, status);
    while ((words = va_arg(arguments, const char *)) != NULL)
        expect_words(result, words);
    va_end(arguments);
}

void scene_expect_failure(const struct scene *scene, const struct child_result *result, int status,
                          const char *words)
{
    scene_expect(result, status, words, NULL);
    scene_expect_untouched(scene);
    scene_expect_no_process(scene);
}

const char *scene_result_path(const struct scene *scene, const char *name,
                              char path[SCENE_PATH_SIZE])
{
    char relative[SCENE_PATH_SIZE];
    return join(path, scene->results, join(relative, "latest", name));
}

cJSON *scene_document(const struct scene *scene)
{
    char path[SCENE_PATH_SIZE];
    FILE *file = fopen(scene_result_path(scene, "compare.json", path), "r");
    char *text = NULL;
    size_t size = 0;

    cr_assert_not_null(file, "%s: %s", path, strerror(errno));
    ssize_t length = getdelim(&text, &size, '\0', file);
    fclose(file);
    cr_assert_gt(length, 0);
    cJSON *document = cJSON_ParseWithLengthOpts(text, (size_t)length + 1, NULL, true);
    cr_assert_not_null(document, "%s is not one JSON value", path);
    free(text);
    return document;
}
