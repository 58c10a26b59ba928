/*
 * main.c - build/bin/annotate FOLDER LESSON [SOURCES]: the naive and the fixed profile of a results
 * folder as text, side by side; of two commands, which need no LESSON, those of before and after.
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

#include "bench/lesson.h"
#include "bench/open/annotation_text.h"

enum { EXIT_USAGE = 2, FOLDER_MAX = 1024 };

static int print_usage(void)
{
    fputs("usage: annotate FOLDER LESSON [SOURCES]\n"
          "FOLDER is one of results (bench/results/latest), LESSON is one of",
          stderr);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        fprintf(stderr, " %s", lesson_id(lesson));
    fputs(",\nSOURCES the folder with naive/ and fixed/ in it.\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    static struct annotation annotation; /* large, and used once */
    char error[TEXT_ERROR_SIZE];

    char names[SIDES][32];

    if (argc < 2 || argc > 4 || strlen(argv[1]) > FOLDER_MAX)
        return print_usage();
    const bool is_pair = annotation_is_pair(argv[1], names);
    const int lesson = argc > 2 ? lesson_from_id(argv[2]) : LESSON_ALL;
    if (lesson == LESSON_ALL && !is_pair)
        return print_usage();
    setlocale(LC_CTYPE, "");
    if (annotation_init(&annotation, argv[1], lesson, argc == 4 ? argv[3] : ".", error,
                        sizeof error) != 0) {
        if (is_pair)
            fprintf(stderr, "annotate: %s. `make compare` writes it where Valgrind bears both.\n",
                    error);
        else
            fprintf(stderr, "annotate: %s. `make compare`, or `make compare FIX=%s`, writes it.\n",
                    error, argv[2]);
        return EXIT_FAILURE;
    }
    bool has_color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    bool has_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    int status = annotation_print(stdout, &annotation, lesson, has_color, has_utf8);
    if (status != 0)
        fprintf(stderr, "annotate: cannot write: %s\n", strerror(errno));
    annotation_free(&annotation);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
