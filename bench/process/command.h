/*
 * command.h - a command line under construction.
 *
 * Texts that are added must outlive it; those that are formatted are kept in it. It is as large as
 * the longest that is needed here: what does not fit is a mistake of the caller's.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stddef.h>

enum { COMMAND_ARGS_MAX = 120 };

/* All zero at first. */
struct command {
    const char *argv[COMMAND_ARGS_MAX + 1]; /* NULL-terminated */
    unsigned count;
    char space[16384]; /* the paths of a program that is linked, and more */
    size_t used;
};

void command_add(struct command *command, const char *argument);
/* NULL ends the list. */
void command_add_all(struct command *command, const char *const *arguments);
void command_addf(struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "--log-file=PATH" for Valgrind, to which a percent sign in a path is the start of a macro. */
void command_add_file(struct command *command, const char *option, const char *path);
/* The same with the number of the process behind the path: a file for each that is followed. */
void command_add_files(struct command *command, const char *option, const char *path);

#endif
