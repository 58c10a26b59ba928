/*
 * annotate.c - two profiles as text: held against callgrind_annotate, and on a terminal.
 */
#include <criterion/criterion.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/open/annotation.h"
#include "tests/open/shell.h"

#define ANNOTATE BUILD_FOLDER "/bin/annotate"

static void load(struct annotation *annotation)
{
    char error[TEXT_ERROR_SIZE] = "";
    cr_assert_eq(annotation_init(annotation, RESULTS_FOLDER, lesson_from_id("key"), PROJECT_FOLDER,
                                 error, sizeof error),
                 0, "%s", error);
}

static const struct annotation_function *find(const struct annotation *annotation, const char *name)
{
    for (uint32_t i = 0; i < annotation->function_count; i++)
        if (strcmp(annotation->functions[i].name, name) == 0)
            return &annotation->functions[i];
    cr_assert_fail("no %s", name);
    return NULL;
}

/* All that callgrind_annotate says of one profile; to be freed with shell_free(). */
static void tell(struct shell *shell, const char *side, const char *options)
{
    shell_run(shell, "callgrind_annotate --auto=no --threshold=100 %s %s/raw/callgrind.out.key.%s",
              options, RESULTS_FOLDER, side);
    cr_assert_eq(shell->status, 0, "%s", shell->text);
}

/*
 * What it says of a function: the sum of its lines, "1,234 (5.67%)  file.c:name [object]", one for
 * each file that code of it is from; where calls are in it, the first of them, as it has their sum.
 */
static double told(const char *text, const char *name, bool is_inclusive)
{
    double sum = 0;

    for (const char *line = text; line != NULL; line = strchr(line + 1, '\n')) {
        size_t length = strcspn(line + 1, "\n") + 1;
        const char *colon = memchr(line, ':', length);
        double number = 0;
        if (colon == NULL || strncmp(colon + 1, name, strlen(name)) != 0 ||
            strchr(" \n", colon[1 + strlen(name)]) == NULL)
            continue;
        for (const char *at = line + strspn(line, "\n "); isdigit((unsigned char)*at) || *at == ',';
             at++)
            number = *at == ',' ? number : 10 * number + (*at - '0');
        sum += number;
        if (is_inclusive)
            break;
    }
    return sum;
}

Test(annotate, counts_as_callgrind_annotate_does)
{
    static const char *const names[] = {"worker_process", "key_build", "record_parse", "tag_sort"};
    static const char *const sides[] = {"naive", "fixed"};
    struct annotation annotation;
    struct shell self = {0}, inclusive = {0};

    load(&annotation);
    for (int side = 0; side < SIDES; side++) {
        const double records = annotation.sides[side].records;
        tell(&self, sides[side], "");
        tell(&inclusive, sides[side], "--inclusive=yes");
        for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
            const struct annotation_function *function = find(&annotation, names[i]);
            cr_expect_gt(function->self_ir[side], 0);
            cr_expect_float_eq(function->self_ir[side] * records, told(self.text, names[i], false),
                               0.5, "%s %s itself", sides[side], names[i]);
            cr_expect_float_eq(function->inclusive_ir[side] * records,
                               told(inclusive.text, names[i], true), 0.5, "%s %s with calls",
                               sides[side], names[i]);
        }
    }
    shell_free(&self);
    shell_free(&inclusive);
    annotation_free(&annotation);
}

Test(annotate, lists_functions_from_the_dearest_on)
{
    struct annotation annotation;

    load(&annotation);
    cr_expect_str_eq(annotation.functions[0].name, "worker_process");
    cr_expect_eq(annotation.sides[NAIVE].records, 30);
    for (uint32_t i = 0; i < annotation.function_count; i++)
        cr_expect_str_neq(annotation.functions[i].name, "main", "no record is processed in main()");
    annotation_free(&annotation);
}

Test(annotate, lines_hold_what_the_functions_of_their_file_cost)
{
    struct annotation annotation;

    load(&annotation);
    for (int side = 0; side < SIDES; side++) {
        double sum = 0;
        for (uint32_t i = 0; i < annotation.sides[side].line_count; i++) {
            const struct annotation_line *line = &annotation.sides[side].lines[i];
            sum += line->self_ir;
            cr_expect_geq(line->all_ir, line->self_ir);
            cr_expect(i == 0 || line[-1].all_ir >= line->all_ir, "sorted");
        }
        cr_expect_gt(sum, 0.5 * find(&annotation, "key_build")->self_ir[side]);
    }
    /* where the compiler inlined appended() it is the costliest line of that */
    const char *costliest = annotation.sides[NAIVE].lines[0].text;
    cr_expect(strstr(costliest, "appended(") != NULL || strstr(costliest, "snprintf(longer"), "%s",
              costliest);
    annotation_free(&annotation);
}

Test(annotate, finds_sources_elsewhere_or_says_that_it_cannot)
{
    struct shell shell = {0};

    shell_run(&shell,
              "d=$(mktemp -d) && cp -r naive fixed \"$d\" && " ANNOTATE
              " %s key \"$d\"; status=$?; rm -r \"$d\"; exit $status",
              RESULTS_FOLDER);
    cr_expect_eq(shell.status, 0);
    cr_expect(strstr(shell.text, "appended(text, '|'") != NULL, "%s", shell.text);
    shell_run(&shell,
              "d=$(mktemp -d) && mkdir \"$d/raw\" && cp %s/raw/callgrind.out.key.* \"$d/raw\" && "
              "sed -i 's#%s/#/gone/#' \"$d/raw\"/* && cd \"$d\" && " ANNOTATE
              " . key; status=$?; rm -r \"$d\"; exit $status",
              RESULTS_FOLDER, PROJECT_FOLDER);
    cr_expect_eq(shell.status, 0);
    cr_expect(strstr(shell.text, "cannot be read: lines have no text") != NULL, "%s", shell.text);
    shell_free(&shell);
}

Test(annotate, fits_100_columns_and_has_no_colour_in_a_file)
{
    struct shell shell = {0};

    for (int utf8 = 0; utf8 < 2; utf8++) {
        shell_run(&shell, "LC_ALL=%s " ANNOTATE " %s key", utf8 ? "C.UTF-8" : "C", RESULTS_FOLDER);
        cr_assert_eq(shell.status, 0);
        cr_expect(strchr(shell.text, '\033') == NULL);
        unsigned columns = 0;
        for (const char *at = shell.text; *at != '\0'; at++) {
            columns = *at == '\n' ? 0 : columns + ((*at & 0xC0) != 0x80);
            cr_assert_leq(columns, 100);
            cr_assert(utf8 || (*at & 0x80) == 0, "ASCII in the C locale");
        }
    }
    shell_free(&shell);
}

Test(annotate, colours_on_a_terminal_unless_told_not_to)
{
    struct shell shell = {0};

    shell_run(&shell, "TERM=xterm script -qec '" ANNOTATE " %s key' /dev/null", RESULTS_FOLDER);
    cr_expect(strchr(shell.text, '\033') != NULL);
    shell_run(&shell, "NO_COLOR=1 TERM=xterm script -qec '" ANNOTATE " %s key' /dev/null",
              RESULTS_FOLDER);
    cr_expect(strchr(shell.text, '\033') == NULL);
    shell_free(&shell);
}

Test(annotate, says_what_is_wrong)
{
    struct shell shell = {0};

    shell_run(&shell, ANNOTATE " %s nonsense", RESULTS_FOLDER);
    cr_expect_eq(shell.status, 2);
    shell_run(&shell, ANNOTATE " /nonexistent key");
    cr_expect_eq(shell.status, 1);
    cr_expect(strstr(shell.text, "make compare") != NULL, "%s", shell.text);
    shell_run(&shell, ANNOTATE " %s key >/dev/full", RESULTS_FOLDER);
    cr_expect_eq(shell.status, 1);
    cr_expect(strstr(shell.text, "No space left") != NULL, "%s", shell.text);
    shell_run(&shell, "make -s annotate FIX=lock");
    cr_expect_eq(shell.status, 2);
    shell_free(&shell);
}
