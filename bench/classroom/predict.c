/*
 * predict.c - `make predict`: commit a guess for each fix, measure, and see which belief was wrong.
 *
 * Exit status: 0; 1 if something could not be read or written; 2 for a guess or a command line that
 * makes no sense.
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/guess.h"
#include "bench/readers/compare_json.h"
#include "bench/readers/json.h"
#include "bench/report/render_text.h"

enum { EXIT_USAGE = 2 };

static const char help[] =
    "predict - guesses what each fix is worth, before it is measured\n"
    "\n"
    "  --guesses FILE     where they are kept (bench/results/guesses.json)\n"
    "  --results FILE     the comparison (bench/results/latest/compare.json)\n"
    "  --guess TEXT       commit these: 'key=2 sort=comparisons:2 store=hold:100'\n"
    "  --show             only set the guesses beside the comparison, if there are both\n"
    "  --json             the same as JSON\n"
    "  --forget           remove the guesses\n"
    "\n"
    "A ratio is naive / fixed: 2 is half as much as before, 1 the same, 'all' that nothing is "
    "left.\n"
    "`make predict` calls it with GUESS= and FORGET=1 as options, and asks on a terminal.\n";

struct settings {
    const char *guesses, *results, *guess;
    bool is_show, is_json, is_forget;
};

static int parse_settings(int argc, char **argv, struct settings *settings)
{
    static const struct option table[] = {
        {"guesses", required_argument, NULL, 'g'},
        {"results", required_argument, NULL, 'r'},
        {"guess", required_argument, NULL, 't'},
        {"show", no_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},
        {"forget", no_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    int code;

    *settings = (struct settings){.guesses = "bench/results/guesses.json",
                                  .results = "bench/results/latest/compare.json"};
    while ((code = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (code == 'g')
            settings->guesses = optarg;
        else if (code == 'r')
            settings->results = optarg;
        else if (code == 't')
            settings->guess = optarg;
        else if (code == 's')
            settings->is_show = true;
        else if (code == 'j')
            settings->is_show = settings->is_json = true;
        else if (code == 'f')
            settings->is_forget = true;
        else
            return -1;
    }
    return optind == argc ? 0 : -1;
}

/* Asks until the answer makes sense, or nothing is answered. 0, or -1 at the input's end. */
static int ask_one(struct guesses *guesses, int lesson)
{
    char answer[128], error[GUESS_ERROR_SIZE], metrics[120];

    guess_metric_names(lesson, metrics, sizeof metrics);
    printf("\n%d %s: naive/%s %s. What does a fix change?\n", lesson + 1, lesson_id(lesson),
           lesson_rows[lesson].file, lesson_rows[lesson].role);
    for (;;) {
        printf("  naive / fixed of the time, or METRIC:RATIO (%s), or nothing: ", metrics);
        fflush(stdout);
        if (fgets(answer, sizeof answer, stdin) == NULL)
            return -1;
        answer[strcspn(answer, "\n")] = '\0';
        if (answer[0] == '\0' || guesses_parse_one(guesses, lesson, answer, error) == 0)
            return 0;
        printf("  %s.\n", error);
    }
}

static void ask(struct guesses *guesses)
{
    printf("Commit yourself before you measure. 2 is half as much as before, 1 the same, 0.5 twice "
           "as much,\nand 'all' that nothing is left of it.\n");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (ask_one(guesses, lesson) != 0)
            break;
    putchar('\n');
}

static int print_json(const cJSON *judgement)
{
    char *text = cJSON_Print(judgement);
    if (text == NULL)
        return EXIT_FAILURE;
    puts(text);
    cJSON_free(text);
    return EXIT_SUCCESS;
}

/* As `make compare` shows them: a document of guesses alone. */
static int print_text(cJSON *judgement)
{
    cJSON *document = cJSON_CreateObject();
    cJSON_AddItemReferenceToObject(document, "guesses", judgement);
    int status = render_text(stdout, document, false);
    cJSON_Delete(document);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int say_committed(const struct guesses *guesses)
{
    printf("%u guess%s committed. Now measure: make compare\n", guesses->count,
           guesses->count > 1 ? "es are" : " is");
    return EXIT_SUCCESS;
}

static int show(const struct guesses *guesses, const struct settings *settings)
{
    char error[TEXT_ERROR_SIZE];
    const char *created = "";
    cJSON *comparison;
    int status = EXIT_FAILURE;

    if (guesses->count == 0)
        return EXIT_SUCCESS;
    if (access(settings->results, R_OK) != 0)
        return say_committed(guesses);
    if (compare_json_read(settings->results, &comparison, error, sizeof error) != 0) {
        fprintf(stderr, "predict: %s\n", error);
        return EXIT_FAILURE;
    }
    json_text(comparison, "created", &created);
    bool is_measured_first = strcmp(created, guesses->committed) < 0;
    cJSON *judgement = guesses_judge(guesses, comparison);
    if (judgement == NULL) {
        fprintf(stderr, "predict: out of memory\n");
    } else if (settings->is_json) {
        status = print_json(judgement);
    } else if (!settings->is_show && is_measured_first) {
        status = say_committed(guesses);
    } else {
        status = print_text(judgement);
        if (is_measured_first)
            printf("  The comparison is older than the guesses: run make compare for one that they "
                   "were made for.\n");
    }
    cJSON_Delete(judgement);
    cJSON_Delete(comparison);
    return status;
}

static int complain(const char *error, int status)
{
    fprintf(stderr, "predict: %s.\n", error);
    return status;
}

static int predict(const struct settings *settings)
{
    struct guesses guesses;
    char error[GUESS_ERROR_SIZE];

    if (settings->is_forget && unlink(settings->guesses) != 0 && errno != ENOENT)
        return complain(strerror(errno), EXIT_FAILURE);
    if (settings->is_forget && settings->guess == NULL)
        return EXIT_SUCCESS;
    if (guesses_read(&guesses, settings->guesses, error) != 0)
        return complain(error, EXIT_FAILURE);
    if (settings->is_show || (settings->guess == NULL && guesses.count > 0))
        return show(&guesses, settings);
    if (settings->guess != NULL) {
        if (guesses_parse(&guesses, settings->guess, error) != 0)
            return complain(error, EXIT_USAGE);
    } else if (isatty(STDIN_FILENO)) {
        ask(&guesses);
    } else {
        return complain("there is no terminal to ask on. Say it as make predict GUESS='key=2 "
                        "sort=comparisons:2 store=hold:100 workers=threads:10'",
                        EXIT_USAGE);
    }
    if (guesses.count == 0)
        return complain("nothing was guessed", EXIT_USAGE);
    if (guesses_write(&guesses, settings->guesses, error) != 0 ||
        guesses_read(&guesses, settings->guesses, error) != 0)
        return complain(error, EXIT_FAILURE);
    return show(&guesses, settings);
}

int main(int argc, char **argv)
{
    struct settings settings;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return EXIT_SUCCESS;
    }
    if (parse_settings(argc, argv, &settings) != 0)
        return EXIT_USAGE;
    setlocale(LC_CTYPE, "");
    int status = predict(&settings);
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain(strerror(errno), EXIT_FAILURE);
    return status;
}
