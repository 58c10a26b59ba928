/*
 * predict.c - `make predict`: commit a guess for each fix, measure, and see which belief was wrong.
 *
 * Exit status: 0; 1 if something could not be read or written; 2 for a guess or a command line that
 * makes no sense.
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guess.h"
#include "json.h"
#include "render_number.h"

enum { EXIT_USAGE = 2, WIDTH = 100 };

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
static int ask_one(struct guesses *guesses, enum fix fix)
{
    static const char *const questions[FIX_COUNT] = {
        "naive/key.c builds the key of a record",
        "naive/sort.c gives whoever asks the tags in order",
        "naive/store.c keeps the threads apart that write",
        "naive/workers.c starts the threads that do the work",
    };
    char answer[128], error[GUESS_ERROR_SIZE], metrics[120];

    guess_metric_names(fix, metrics, sizeof metrics);
    printf("\n%d %s: %s. What does a fix change?\n", (int)fix + 1, fix_id(fix), questions[fix]);
    for (;;) {
        printf("  naive / fixed of the time, or METRIC:RATIO (%s), or nothing: ", metrics);
        fflush(stdout);
        if (fgets(answer, sizeof answer, stdin) == NULL)
            return -1;
        answer[strcspn(answer, "\n")] = '\0';
        if (answer[0] == '\0' || guesses_parse_one(guesses, fix, answer, error) == 0)
            return 0;
        printf("  %s.\n", error);
    }
}

static void ask(struct guesses *guesses)
{
    printf("Commit yourself before you measure. 2 is half as much as before, 1 the same, 0.5 twice "
           "as much,\nand 'all' that nothing is left of it.\n");
    for (int fix = 0; fix < FIX_COUNT; fix++)
        if (ask_one(guesses, (enum fix)fix) != 0)
            break;
    putchar('\n');
}

/* To a width of columns, of which a dash or an infinity is one and three bytes. */
static void print_cell(const char *text, int width)
{
    int columns = 0;
    for (const char *at = text; *at != '\0'; at++)
        columns += ((unsigned char)*at & 0xc0) != 0x80;
    printf("%*s%s", width > columns ? width - columns : 0, "", text);
}

/* A sentence a line. */
static void print_belief(const char *belief)
{
    const char *second = strstr(belief, ". ");
    const char *split =
        strlen(belief) > WIDTH - 11 && second != NULL ? strstr(second + 2, ". ") : NULL;

    if (belief[0] == '\0')
        return;
    if (split == NULL)
        printf("           %s\n", belief);
    else
        printf("           %.*s\n           %s\n", (int)(split + 1 - belief), belief, split + 2);
}

static void print_outcome(const struct outcome *outcome)
{
    char text[RENDER_NUMBER_SIZE];

    printf("  %-9s%-32s", fix_id(outcome->guess->fix),
           outcome->label != NULL ? outcome->label : outcome->guess->metric);
    print_cell(render_ratio(text, outcome->guess->ratio), 10);
    if (outcome->label == NULL) {
        printf("   not in this comparison\n");
        return;
    }
    print_cell(render_ratio(text, outcome->measured), 11);
    print_cell(isnan(outcome->low) ? "exact" : render_interval(text, outcome->low, outcome->high),
               16);
    print_cell(outcome->off <= 1.25 ? "right" : render_ratio(text, outcome->off), 10);
    printf("%8.0f\n", outcome->points);
    print_belief(outcome->belief);
}

static void print_outcomes(const struct guesses *guesses, const struct outcome *outcomes,
                           bool is_measured_first)
{
    char order[160];
    double sum = 0;
    unsigned judged = 0;

    printf("\nYour guesses%*s\n", WIDTH - 12, guesses->committed);
    for (int i = 0; i < WIDTH; i++)
        fputs("\u2500", stdout);
    printf("\n  %-9s%-32s%10s%11s%16s%10s%8s\n", "fix", "naive / fixed of", "guess", "measured",
           "interval", "off by", "points");
    for (int fix = 0; fix < FIX_COUNT; fix++)
        for (unsigned i = 0; i < guesses->count; i++)
            if ((int)outcomes[i].guess->fix == fix)
                print_outcome(&outcomes[i]);
    for (unsigned i = 0; i < guesses->count; i++) {
        sum += outcomes[i].points;
        judged += outcomes[i].label != NULL;
    }
    guesses_judge_order(outcomes, guesses->count, order, sizeof order);
    if (order[0] != '\0')
        printf("  %s\n", order);
    if (judged > 0)
        printf("  together %.0f of 100 points: 100 where you were right, 50 where you were off by "
               "2\n",
               sum / judged);
    if (is_measured_first)
        printf("  The comparison is older than the guesses: run make compare for one that they "
               "were made for.\n");
}

static int print_json(const struct guesses *guesses, const struct outcome *outcomes)
{
    cJSON *list = cJSON_CreateArray();

    for (unsigned i = 0; i < guesses->count; i++) {
        const struct outcome *outcome = &outcomes[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        cJSON_AddStringToObject(item, "fix", fix_id(outcome->guess->fix));
        cJSON_AddStringToObject(item, "metric", outcome->guess->metric);
        /* cJSON writes what is not finite as null */
        cJSON_AddNumberToObject(item, "guess", outcome->guess->ratio);
        if (outcome->label == NULL)
            continue;
        cJSON_AddStringToObject(item, "label", outcome->label);
        cJSON_AddNumberToObject(item, "measured", outcome->measured);
        cJSON_AddNumberToObject(item, "ci_low", outcome->low);
        cJSON_AddNumberToObject(item, "ci_high", outcome->high);
        cJSON_AddStringToObject(item, "verdict", outcome->verdict);
        cJSON_AddNumberToObject(item, "off", outcome->off);
        cJSON_AddNumberToObject(item, "points", outcome->points);
        cJSON_AddStringToObject(item, "belief", outcome->belief);
    }
    char *text = cJSON_Print(list);
    cJSON_Delete(list);
    if (text == NULL)
        return EXIT_FAILURE;
    puts(text);
    cJSON_free(text);
    return EXIT_SUCCESS;
}

static int show(const struct guesses *guesses, const struct settings *settings)
{
    struct outcome outcomes[GUESSES_MAX];
    char error[TEXT_ERROR_SIZE];
    const char *created = "";
    cJSON *comparison;
    int status = EXIT_SUCCESS;

    if (guesses->count == 0)
        return EXIT_SUCCESS;
    if (access(settings->results, R_OK) != 0) {
        printf("%u guess%s committed. Now measure: make compare\n", guesses->count,
               guesses->count > 1 ? "es are" : " is");
        return EXIT_SUCCESS;
    }
    if (json_read(settings->results, &comparison, error, sizeof error) != 0) {
        fprintf(stderr, "predict: %s\n", error);
        return EXIT_FAILURE;
    }
    json_text(comparison, "created", &created);
    for (unsigned i = 0; i < guesses->count; i++)
        guess_judge(&guesses->list[i], comparison, &outcomes[i]);
    if (settings->is_json)
        status = print_json(guesses, outcomes);
    else if (!settings->is_show && strcmp(created, guesses->committed) < 0)
        printf("%u guess%s committed. Now measure: make compare\n", guesses->count,
               guesses->count > 1 ? "es are" : " is");
    else
        print_outcomes(guesses, outcomes, strcmp(created, guesses->committed) < 0);
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
