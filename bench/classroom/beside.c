/*
 * beside.c - `make compare STUDENT=~/hw`: sets a student's files beside the naive and the fixed
 * ones.
 *
 * Takes two comparisons: naive against fixed, and naive against the student's, made the same way.
 * The ratio and its interval are those of naive against the student's. Exit status: 0; 1 if one of
 * them cannot be read; 2 for usage.
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "render_number.h"

enum { EXIT_USAGE = 2, WIDTH = 100, LABEL_WIDTH = 35 };

static const cJSON *find(const cJSON *array, const char *member, const char *value)
{
    const cJSON *item;
    const char *text;

    cJSON_ArrayForEach (item, array) {
        if (json_text(item, member, &text) == 0 && strcmp(text, value) == 0)
            return item;
    }
    return NULL;
}

static const cJSON *metrics_of(const cJSON *chapter)
{
    return cJSON_GetObjectItemCaseSensitive(chapter, "metrics");
}

static double number_or(const cJSON *object, const char *name, double otherwise)
{
    double number = otherwise;
    json_number(object, name, &number);
    return number;
}

/* To a width of columns, of which a dash or an infinity is one and three bytes. */
static void print_cell(const char *text, int width)
{
    int columns = 0;
    for (const char *at = text; *at != '\0'; at++)
        columns += ((unsigned char)*at & 0xc0) != 0x80;
    printf("%*s%s", width > columns ? width - columns : 0, "", text);
}

static void print_value(const cJSON *metric, const char *name, const char *unit, int width)
{
    char text[RENDER_NUMBER_SIZE];
    print_cell(render_value(text, number_or(metric, name, NAN), unit), width);
}

static void print_rule(void)
{
    for (int i = 0; i < WIDTH; i++)
        fputs("\u2500", stdout);
    putchar('\n');
}

static void print_metric(const cJSON *reference, const cJSON *yours)
{
    const char *label, *unit, *verdict;
    char text[RENDER_NUMBER_SIZE];
    bool is_exact = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(yours, "exact"));

    /* what is measured once and not judged has no verdict */
    if (json_text(yours, "label", &label) != 0 || json_text(yours, "unit", &unit) != 0 ||
        json_text(yours, "verdict", &verdict) != 0)
        return;
    printf("  %-*.*s", LABEL_WIDTH, LABEL_WIDTH - 1, label);
    print_value(yours, "naive", unit, 10);
    print_value(yours, "fixed", unit, 10);
    print_value(reference, "fixed", unit, 10);
    print_cell(render_ratio(text, number_or(yours, "ratio", INFINITY)), 10);
    print_cell(is_exact ? "exact"
                        : render_interval(text, number_or(yours, "ci_low", NAN),
                                          number_or(yours, "ci_high", NAN)),
               14);
    printf("  %s\n", strcmp(verdict, "no difference") == 0 ? "~" : verdict);
}

static void print_chapter(const char *title, const cJSON *reference, const cJSON *yours)
{
    const cJSON *metric;
    const char *name;

    printf("\n  %-*s%10s%10s%10s%10s%14s  %s\n", LABEL_WIDTH, title, "naive", "yours", "fixed",
           "ratio", "interval", "verdict");
    cJSON_ArrayForEach (metric, metrics_of(yours)) {
        if (json_text(metric, "name", &name) == 0)
            print_metric(find(metrics_of(reference), "name", name), metric);
    }
}

static void print_all(const cJSON *reference, const cJSON *yours)
{
    const cJSON *chapter;
    const char *id, *title;
    char line[80];

    puts("\nYours, beside naive and fixed: ratio, interval and verdict are naive / yours");
    print_rule();
    cJSON_ArrayForEach (chapter, cJSON_GetObjectItemCaseSensitive(yours, "fixes")) {
        if (json_text(chapter, "id", &id) != 0 || json_text(chapter, "title", &title) != 0)
            continue;
        snprintf(line, sizeof line, "%s: %s", id, title);
        print_chapter(line, find(cJSON_GetObjectItemCaseSensitive(reference, "fixes"), "id", id),
                      chapter);
    }
    print_chapter("the whole", cJSON_GetObjectItemCaseSensitive(reference, "whole"),
                  cJSON_GetObjectItemCaseSensitive(yours, "whole"));
}

int main(int argc, char **argv)
{
    cJSON *documents[2] = {NULL, NULL};
    char error[TEXT_ERROR_SIZE];
    int status = EXIT_FAILURE;

    if (argc != 3) {
        fprintf(stderr, "beside: takes two comparisons: beside REFERENCE.json YOURS.json\n");
        return EXIT_USAGE;
    }
    setlocale(LC_CTYPE, "");
    if (json_read(argv[1], &documents[0], error, sizeof error) != 0 ||
        json_read(argv[2], &documents[1], error, sizeof error) != 0) {
        fprintf(stderr, "beside: %s\n", error);
    } else {
        print_all(documents[0], documents[1]);
        status = fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    for (int i = 0; i < 2; i++)
        cJSON_Delete(documents[i]);
    return status;
}
