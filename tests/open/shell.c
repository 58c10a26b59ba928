#include "tests/open/shell.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

void shell_run(struct shell *shell, const char *format, ...)
{
    char command[8192], line[4096];
    size_t size = 0;
    va_list arguments;
    int used = snprintf(command, sizeof command, "exec 2>&1; cd '%s' || exit 99; ", PROJECT_FOLDER);

    va_start(arguments, format);
    used += vsnprintf(command + used, sizeof command - (size_t)used, format, arguments);
    va_end(arguments);
    cr_assert_lt(used, (int)sizeof command);
    shell_free(shell);
    FILE *text = open_memstream(&shell->text, &size), *pipe = popen(command, "r");
    cr_assert(text != NULL && pipe != NULL);
    for (size_t got; (got = fread(line, 1, sizeof line, pipe)) > 0;)
        fwrite(line, 1, got, text);
    int status = pclose(pipe);
    fclose(text);
    shell->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void shell_free(struct shell *shell)
{
    free(shell->text);
    *shell = (struct shell){0};
}
