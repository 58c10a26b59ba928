/* shell.h - runs a command line of a test, and keeps what it said and how it ended. */
#ifndef SHELL_H
#define SHELL_H

struct shell {
    int status; /* exit status; 128 and the signal's number for one that was ended by it */
    char *text; /* standard output and error together; freed by the next shell_run() of it */
};

/* Runs `sh -c` with the formatted command in the project's folder. All zero at first. */
void shell_run(struct shell *shell, const char *format, ...) __attribute__((format(printf, 2, 3)));
void shell_free(struct shell *shell);

#endif
