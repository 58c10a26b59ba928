#include "bench/process/command.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void command_add(struct command *command, const char *argument)
{
    assert(command->count < COMMAND_ARGS_MAX);
    command->argv[command->count++] = argument;
    command->argv[command->count] = NULL;
}

void command_add_all(struct command *command, const char *const *arguments)
{
    for (; *arguments != NULL; arguments++)
        command_add(command, *arguments);
}

void command_addf(struct command *command, const char *format, ...)
{
    char *start = command->space + command->used;
    size_t left = sizeof command->space - command->used;
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(start, left, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < left);
    command->used += (size_t)length + 1;
    command_add(command, start);
}

static void add_escaped(struct command *command, const char *option, const char *path,
                        const char *behind)
{
    char escaped[sizeof command->space], *to = escaped;

    for (; *path != '\0'; path++) {
        assert(to + 2 < escaped + sizeof escaped);
        if (*path == '%')
            *to++ = '%';
        *to++ = *path;
    }
    *to = '\0';
    command_addf(command, "%s=%s%s", option, escaped, behind);
}

void command_add_file(struct command *command, const char *option, const char *path)
{
    add_escaped(command, option, path, "");
}

void command_add_files(struct command *command, const char *option, const char *path)
{
    add_escaped(command, option, path, "%p");
}
