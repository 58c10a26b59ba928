/* kit_build.c - a kit's program, built from one of its sides, and the command that runs it. */
#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/pair/kit.h"
#include "bench/process/child.h"
#include "bench/process/command.h"
#include "bench/readers/text.h"

enum { BUILD_TIMEOUT_MS = 300000, PATTERNS = 3 };

__attribute__((format(printf, 2, 3))) static int fail(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, KIT_ERROR_SIZE, format, arguments);
    va_end(arguments);
    return -1;
}

/* The words of a variable of the environment, or of what holds without it. */
static void add_words(struct command *command, const char *variable, const char *preset)
{
    const char *at = getenv(variable);

    if (at == NULL || at[strspn(at, " ")] == '\0')
        at = preset;
    while (*(at += strspn(at, " ")) != '\0') {
        int length = (int)strcspn(at, " ");
        command_addf(command, "%.*s", length, at);
        at += length;
    }
}

/* The side's sources and objects, and the shared sources; named as they are from the kit's folder,
 * so that the tools name them so. */
static int add_sources(struct command *command, const struct kit *kit, const char *side,
                       char *error)
{
    const char *const folders[PATTERNS] = {side, side, NULL};
    const char *const ends[PATTERNS] = {"*.c", "*.o", "*.c"};
    unsigned before = command->count;

    for (int i = 0; i < PATTERNS; i++) {
        char pattern[2 * KIT_PATH_SIZE];
        glob_t found;
        bool is_absolute = folders[i] != NULL && folders[i][0] == '/';
        snprintf(pattern, sizeof pattern, "%s%s%s%s%s", is_absolute ? "" : kit->folder,
                 is_absolute ? "" : "/", folders[i] != NULL ? folders[i] : "",
                 folders[i] != NULL ? "/" : "", ends[i]);
        int status = glob(pattern, 0, NULL, &found);
        for (size_t j = 0;
             status == 0 && j < found.gl_pathc && command->count < COMMAND_ARGS_MAX - 8; j++)
            command_addf(command, "%s",
                         found.gl_pathv[j] + (is_absolute ? 0 : strlen(kit->folder) + 1));
        if (status == 0)
            globfree(&found);
    }
    return command->count > before
               ? 0
               : fail(error,
                      "%s: there is no C source to be built. What else it is built from is "
                      "said in 'build'",
                      kit->path);
}

/* What the compiler said, which names file and line itself. A folder that is not the kit's is
 * somebody's who knows that it is theirs. */
static int describe(const struct kit *kit, const char *side, const struct child_job *job,
                    const struct child_result *result, char *error)
{
    char said[2400];

    if (result->end == CHILD_EXITED && result->errors != NULL && result->errors[0] != '\0')
        snprintf(said, sizeof said, "\n%.2000s", result->errors);
    else
        child_describe(job, result, said, sizeof said);
    while (said[0] != '\0' && said[strlen(said) - 1] == '\n')
        said[strlen(said) - 1] = '\0';
    if (side[0] == '/')
        return fail(error, "it does not build: %s", said);
    return text_error(error, KIT_ERROR_SIZE, kit->path, kit->build_line, "%s does not build: %s",
                      side, said);
}

static int run_build(const struct kit *kit, const char *side, const char *made,
                     const struct command *command, char *error)
{
    char path[4096], side_variable[KIT_PATH_SIZE + 8], program_variable[KIT_PATH_SIZE + 32];
    char compiler[256], flags[1024];
    const char *const environment[] = {path,     side_variable, program_variable,
                                       compiler, flags,         NULL};
    struct child_result result;

    snprintf(path, sizeof path, "PATH=%s",
             getenv("PATH") != NULL ? getenv("PATH") : "/usr/bin:/bin");
    snprintf(side_variable, sizeof side_variable, "SIDE=%s", side);
    snprintf(program_variable, sizeof program_variable, "PROGRAM=%s", made);
    snprintf(compiler, sizeof compiler, "CC=%s", getenv("CC") != NULL ? getenv("CC") : "gcc");
    snprintf(flags, sizeof flags, "CFLAGS=%s",
             getenv("CFLAGS") != NULL ? getenv("CFLAGS") : "-O2 -g");
    const struct child_job job = {
        .label = kit->build != NULL ? "'build'" : NULL,
        .argv = command->argv,
        .environment = environment,
        .directory = kit->folder,
        .output = {.sink = CHILD_DISCARD},
        .errors = {.sink = CHILD_CAPTURE, .limit_bytes = 1 << 20},
        .timeout_ms = BUILD_TIMEOUT_MS,
    };
    int status = child_run(&job, &result);
    if (status != 0)
        describe(kit, side, &job, &result, error);
    child_result_free(&result);
    return status;
}

int kit_build(const struct kit *kit, const char *side, const char *program,
              const char *const *runner, char error[KIT_ERROR_SIZE])
{
    static const char *const in_place[] = {"-pthread", "-I.", "-o", NULL};
    struct command command = {.count = 0};
    char made[KIT_PATH_SIZE + 16];

    snprintf(made, sizeof made, "%s.%ld", program, (long)getpid());
    if (runner != NULL)
        command_add_all(&command, runner);
    if (kit->build != NULL) {
        command_add_all(&command, (const char *const[]){"sh", "-c", kit->build, NULL});
    } else if (strstr(kit->command, "{program}") != NULL) {
        add_words(&command, "CC", "gcc");
        add_words(&command, "CFLAGS", "-O2 -g");
        command_add_all(&command, in_place);
        command_add(&command, made);
        if (add_sources(&command, kit, side, error) != 0)
            return -1;
        command_add(&command, "-lm");
    } else {
        return 0; /* a script: there is nothing to be built */
    }
    int status = run_build(kit, side, made, &command, error);
    if (status == 0 && strstr(kit->command, "{program}") != NULL && rename(made, program) != 0)
        status =
            text_error(error, KIT_ERROR_SIZE, kit->path, kit->build_line,
                       "'build' left no program for %s at $PROGRAM: %s", side, strerror(errno));
    if (status != 0)
        unlink(made);
    return status;
}

int kit_take(const struct kit *kit, const char *from, const char *to, char error[KIT_ERROR_SIZE])
{
    char path[KIT_PATH_SIZE + 272], folder[KIT_PATH_SIZE];
    struct stat status;

    from = kit_expand(from, folder);
    for (unsigned i = 0; i < kit->file_count; i++) {
        struct text text;
        snprintf(path, sizeof path, "%s/%s", from, kit->files[i]);
        if (lstat(path, &status) != 0)
            return fail(error, "there is no %s in %s. make exercise KIT=... DIR=... hands it out",
                        kit->files[i], from);
        if (!S_ISREG(status.st_mode)) /* a link may lead to the solution, a pipe to no end */
            return fail(error, "%s in %s is no file", kit->files[i], from);
        if (text_read(path, &text, error, KIT_ERROR_SIZE) != 0)
            return -1;
        snprintf(path, sizeof path, "%s/%s", to, kit->files[i]);
        FILE *file = fopen(path, "w");
        bool is_written = file != NULL && fwrite(text.bytes, text.length, 1, file) == 1;
        is_written = file != NULL && fclose(file) == 0 && is_written;
        text_free(&text);
        if (!is_written)
            return fail(error, "%s cannot be written: %s", path, strerror(errno));
    }
    return 0;
}

/* Characters that no shell looks at twice. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                            "_./-+:,@%=";

/* One word for the shell. */
static size_t quote(char *to, size_t size, const char *text)
{
    size_t used = 0;
#define PUT(byte) (used < size ? (void)(to[used] = (byte)) : (void)0, used++)

    if (text[strspn(text, plain)] == '\0')
        return (size_t)snprintf(to, size, "%s", text);
    PUT('\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            PUT('\'');
            PUT('\\');
            PUT('\'');
        }
        PUT(*text);
    }
    PUT('\'');
#undef PUT
    return used;
}

int kit_command(const struct kit *kit, const char *side, const char *program,
                char command[KIT_COMMAND_SIZE])
{
    const struct {
        const char *name, *value;
    } places[] = {{"{program}", program}, {"{side}", side}};
    size_t used = 0;

    for (const char *at = kit->command; *at != '\0' && used < KIT_COMMAND_SIZE;) {
        unsigned i = 0;
        while (i < 2 && strncmp(at, places[i].name, strlen(places[i].name)) != 0)
            i++;
        if (i == 2) {
            command[used++] = *at++;
            continue;
        }
        used += quote(command + used, KIT_COMMAND_SIZE - used, places[i].value);
        at += strlen(places[i].name);
    }
    if (used >= KIT_COMMAND_SIZE)
        return -1;
    command[used] = '\0';
    return 0;
}

int kit_program(const struct kit *kit, const char *work, const char *side,
                char program[KIT_PATH_SIZE], char error[KIT_ERROR_SIZE])
{
    char *absolute = NULL, name[sizeof kit->name];
    uint32_t hash = 2166136261u; /* FNV-1a: two kits of one name are not in each other's way */

    for (const char *at = kit->folder; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    /* a name without what a shell would have to be asked about, as it would be measured, too */
    strcpy(name, kit->name);
    for (char *at = name; *(at += strspn(at, plain)) != '\0'; at++)
        *at = '_';
    int length =
        snprintf(program, KIT_PATH_SIZE, "%s/%s-%08x/%s/", work, name, (unsigned)hash, side);
    if (length + (int)strlen(name) + 16 >= KIT_PATH_SIZE)
        return fail(error, "%s: the path is too long", work);
    for (char *slash = strchr(program + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(program, 0777) != 0 && errno != EEXIST)
            return fail(error, "the folder %s cannot be made: %s", program, strerror(errno));
        *slash = '/';
    }
    if ((absolute = realpath(program, NULL)) == NULL)
        return fail(error, "%s: %s", program, strerror(errno));
    length = snprintf(program, KIT_PATH_SIZE, "%s/%s", absolute, name);
    free(absolute);
    return length < KIT_PATH_SIZE ? 0 : fail(error, "%s: the path is too long", work);
}
