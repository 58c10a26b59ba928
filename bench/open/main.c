/*
 * main.c - build/bin/annotate FOLDER FIX [SOURCES]: the naive and the fixed profile of a results
 * folder as text, side by side.
 *
 * SOURCES has naive/ and fixed/ in it; the working folder if it is not given. Exit status: 0; 1 if
 * something cannot be read or written; 2 for a command line that makes no sense.
 */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/open/annotation_text.h"

enum { EXIT_USAGE = 2, FOLDER_MAX = 1024 };

static bool is_fix(const char *text)
{
    static const char *const lessons[] = {"key", "sort", "store", "workers"};
    for (unsigned i = 0; i < sizeof lessons / sizeof *lessons; i++)
        if (strcmp(text, lessons[i]) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    static struct annotation annotation; /* large, and used once */
    char error[TEXT_ERROR_SIZE];

    if (argc < 3 || argc > 4 || strlen(argv[1]) > FOLDER_MAX || !is_fix(argv[2])) {
        fputs(
            "usage: annotate FOLDER FIX [SOURCES]\n"
            "FOLDER is one of results (bench/results/latest), FIX is key, sort, store or workers,\n"
            "SOURCES the folder with naive/ and fixed/ in it.\n",
            stderr);
        return EXIT_USAGE;
    }
    setlocale(LC_CTYPE, "");
    if (annotation_init(&annotation, argv[1], argv[2], argc == 4 ? argv[3] : ".", error,
                        sizeof error) != 0) {
        fprintf(stderr, "annotate: %s. `make compare`, or `make compare FIX=%s`, writes it.\n",
                error, argv[2]);
        return EXIT_FAILURE;
    }
    bool has_color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    bool has_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    int status = annotation_print(stdout, &annotation, argv[2], has_color, has_utf8);
    if (status != 0)
        fprintf(stderr, "annotate: cannot write: %s\n", strerror(errno));
    annotation_free(&annotation);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
