/*
 * main.c - build/bin/page FOLDER: makes index.html anew out of a results folder's compare.json and
 * raw/, after the page's template or its programs were changed.
 *
 * Exit status: 0 with the page written; 1 if it could not be, and the old one stays as it was; 2
 * for a command line that makes no sense.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/readers/compare_json.h"
#include "bench/readers/text.h"
#include "bench/report/render_page.h"

enum { EXIT_USAGE = 2, PATH_SIZE = 2048 };

int main(int argc, char **argv)
{
    char path[PATH_SIZE], error[2 * TEXT_ERROR_SIZE];
    cJSON *document;

    if (argc != 2 || strlen(argv[1]) > PATH_SIZE / 2) {
        fputs("usage: page FOLDER, the folder of results (bench/results/latest)\n", stderr);
        return EXIT_USAGE;
    }
    if (compare_json_read(argv[1], &document, error, sizeof error) != 0) {
        fprintf(stderr, "page: %s\n", error);
        return EXIT_FAILURE;
    }
    snprintf(path, sizeof path, "%s/index.html", argv[1]);
    int status = render_page_file(path, argv[1], document);
    if (status == 0)
        printf("%s\n", path);
    else
        fprintf(stderr, "page: cannot write %s: %s\n", path, strerror(errno));
    cJSON_Delete(document);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
