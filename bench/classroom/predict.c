/*
 * predict.c - `make predict`: commit a guess for each fix, measure, and see which belief was wrong.
 *
 * Exit status: 0; 1 if something could not be read or written; 2 for a guess or a command line that
 * makes no sense.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/guess.h"
#include "bench/model/model_json.h"
#include "bench/pair/kit_guess.h"
#include "bench/readers/json.h"
#include "bench/report/render_text.h"
#include "common/option_rows.h"

enum { EXIT_USAGE = 2 };

struct settings {
    const char *guesses, *results, *guess, *kit;
    bool is_show, is_json, is_forget;
};

#define AT(field) OPTION_AT(struct settings, field)

static const struct option_row rows[] = {
    {"guesses", OPTION_PATH, AT(guesses), "where they are kept",
     .preset = "bench/results/guesses.json"},
    {"results", OPTION_PATH, AT(results), "the comparison",
     .preset = "bench/results/latest/compare.json"},
    {"guess", OPTION_TEXT, AT(guess), "commit these: 'key=2 sort=comparisons:2 store=hold:100'"},
    {"kit", OPTION_PATH, AT(kit), "of a kit in the place of the lessons: 'time:2 misses:10'",
     .value = "FOLDER", .called = "KIT"},
    {"show", OPTION_FLAG, AT(is_show),
     "only set the guesses beside the comparison, if there are both"},
    {"json", OPTION_FLAG, AT(is_json), "the same as JSON"},
    {"forget", OPTION_FLAG, AT(is_forget), "remove the guesses"},
};

static const struct option_table table = {
    "predict",
    "predict --help",
    rows,
    sizeof rows / sizeof *rows,
    .about = "guesses what each fix is worth, before it is measured",
    .notes = "A ratio is naive / fixed: 2 is half as much as before, 1 the same, 'all' that "
             "nothing is left.\n"
             "`make predict` calls it with GUESS=, FORGET=1 and KIT= as options, and asks on a "
             "terminal."};

/* Asks until the answer makes sense, or nothing is answered. 0, or -1 at the input's end. */
static int ask_one(struct guesses *guesses, int lesson)
{
    char answer[128], error[GUESS_ERROR_SIZE], metrics[120];

    guess_metric_names(guesses, lesson, metrics, sizeof metrics);
    if (guesses->subject == NULL)
        printf("\n%d %s: naive/%s %s. What does a fix change?\n", lesson + 1, lesson_id(lesson),
               lesson_rows[lesson].file, lesson_rows[lesson].role);
    for (;;) {
        printf("  naive / fixed of the %s, or METRIC:RATIO (%s), or nothing: ",
               guesses->subject != NULL ? guesses->subject->metrics[0].name : "time", metrics);
        fflush(stdout);
        if (fgets(answer, sizeof answer, stdin) == NULL)
            return -1;
        answer[strcspn(answer, "\n")] = '\0';
        if (answer[0] == '\0' || guesses_parse_one(guesses, lesson, answer, error) == 0)
            return 0;
        printf("  %s.\n", error);
    }
}

static void ask(struct guesses *guesses, const struct kit *kit)
{
    int count = guesses->subject != NULL ? 1 : LESSON_COUNT;

    printf("Commit yourself before you measure. 2 is half as much as before, 1 the same, 0.5 twice "
           "as much,\nand 'all' that nothing is left of it.\n");
    if (guesses->subject != NULL)
        printf("\n%s: %s\n", kit->title, kit->symptom);
    for (int lesson = 0; lesson < count; lesson++)
        if (ask_one(guesses, lesson) != 0)
            break;
    putchar('\n');
}

static int print_json(cJSON *judged)
{
    char *text = json_print(judged, true);
    cJSON_Delete(judged);
    if (text == NULL)
        return EXIT_FAILURE;
    puts(text);
    cJSON_free(text);
    return EXIT_SUCCESS;
}

/* As `make compare` shows them: a document of guesses alone. */
static int print_text(cJSON *judged)
{
    cJSON *document = cJSON_CreateObject();
    cJSON_AddItemToObject(document, "guesses", judged);
    int status = render_text(stdout, document, false);
    cJSON_Delete(document);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int say_committed(const struct guesses *guesses, const struct settings *settings)
{
    printf("%u guess%s committed. Now measure: make compare%s%s\n", guesses->count,
           guesses->count > 1 ? "es are" : " is", settings->kit != NULL ? " KIT=" : "",
           settings->kit != NULL ? settings->kit : "");
    return EXIT_SUCCESS;
}

static int show(const struct guesses *guesses, const struct settings *settings)
{
    char error[TEXT_ERROR_SIZE];
    struct model comparison;
    int status = EXIT_FAILURE;

    if (guesses->count == 0)
        return EXIT_SUCCESS;
    if (access(settings->results, R_OK) != 0)
        return say_committed(guesses, settings);
    if (model_read(&comparison, settings->results, error, sizeof error) != 0) {
        fprintf(stderr, "predict: %s\n", error);
        return EXIT_FAILURE;
    }
    bool is_measured_first = strcmp(comparison.created, guesses->committed) < 0;
    bool is_of_another =
        guesses->subject != NULL && model_find_lesson(&comparison, guesses->subject->id) == NULL;
    guesses_judge(guesses, &comparison);
    if (comparison.is_failed) {
        fprintf(stderr, "predict: out of memory\n");
    } else if (settings->is_json) {
        status = print_json(model_write_guesses(comparison.guesses));
    } else if (is_of_another || (!settings->is_show && is_measured_first)) {
        status = say_committed(guesses, settings);
    } else {
        status = print_text(model_write_guesses(comparison.guesses));
        if (is_measured_first)
            printf("  The comparison is older than the guesses: run make compare for one that they "
                   "were made for.\n");
    }
    model_free(&comparison);
    return status;
}

static int complain(const char *error, int status)
{
    fprintf(stderr, "predict: %s.\n", error);
    return status;
}

static int predict(const struct settings *settings, const struct kit *kit)
{
    struct guesses guesses;
    struct guess_subject subject;
    char error[GUESS_ERROR_SIZE];

    if (kit != NULL)
        subject = kit_guess_subject(kit);

    if (settings->is_forget && unlink(settings->guesses) != 0 && errno != ENOENT)
        return complain(strerror(errno), EXIT_FAILURE);
    if (settings->is_forget && settings->guess == NULL)
        return EXIT_SUCCESS;
    if (guesses_read_of(&guesses, kit != NULL ? &subject : NULL, settings->guesses, error) != 0)
        return complain(error, EXIT_FAILURE);
    if (settings->is_show || settings->is_json || (settings->guess == NULL && guesses.count > 0))
        return show(&guesses, settings);
    if (settings->guess != NULL) {
        if (guesses_parse(&guesses, settings->guess, error) != 0)
            return complain(error, EXIT_USAGE);
    } else if (isatty(STDIN_FILENO)) {
        ask(&guesses, kit);
    } else {
        return complain(kit != NULL
                            ? "there is no terminal to ask on. Say it as make predict KIT=FOLDER "
                              "GUESS='2', or with one of its metrics before it, 'time:2'"
                            : "there is no terminal to ask on. Say it as make predict GUESS='key=2 "
                              "sort=comparisons:2 store=hold:100 workers=threads:10'",
                        EXIT_USAGE);
    }
    if (guesses.count == 0)
        return complain("nothing was guessed", EXIT_USAGE);
    if (guesses_write(&guesses, settings->guesses, error) != 0 ||
        guesses_read_of(&guesses, guesses.subject, settings->guesses, error) != 0)
        return complain(error, EXIT_FAILURE);
    return show(&guesses, settings);
}

int main(int argc, char **argv)
{
    static struct kit kit;
    struct settings settings = {.guess = NULL};
    char error[KIT_ERROR_SIZE], guesses[KIT_PATH_SIZE];

    int parsed = option_rows_parse_all(&table, argc, argv, &settings);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    setlocale(LC_CTYPE, "");
    if (settings.kit != NULL) {
        if (kit_read(&kit, settings.kit, error) != 0)
            return complain(error, EXIT_USAGE);
        kit_guess_path(&kit, settings.guesses, guesses);
        settings.guesses = guesses;
    }
    int status = predict(&settings, settings.kit != NULL ? &kit : NULL);
    kit_free(&kit);
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain(strerror(errno), EXIT_FAILURE);
    return status;
}
