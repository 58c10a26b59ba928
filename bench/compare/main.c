/*
 * main.c - `make compare`: measures what each of the four fixes is worth, and writes the report.
 *
 * Exit status: 0 with a whole result; 1 if it could not be had, with a message and nothing left
 * behind; 2 for a command line that makes no sense; 130 after an interruption, with nothing left
 * behind.
 */
#include <errno.h>
#include <getopt.h>
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base.h"
#include "child.h"
#include "clock.h"
#include "document.h"
#include "evidence.h"
#include "guess.h"
#include "json.h"
#include "render_markdown.h"
#include "render_page.h"
#include "render_text.h"
#include "thread.h"
#include "yours.h"

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

static const char help[] =
    "compare - measures naive against fixed and writes bench/results/latest\n"
    "\n"
    "  --programs DIR    the built programs (build/bin)\n"
    "  --results DIR     where results go (bench/results)\n"
    "  --mode MODE       quick, default or full\n"
    "  --fix FIX         only one chapter: key, sort, store or workers\n"
    "  --input FILE      your own records, one a line, instead of generated ones\n"
    "  --seed N          of the generated records and of the rounds' order (1)\n"
    "  --rounds N        rounds of the wall times, 1 to 1000\n"
    "  --base FOLDER     an earlier result, to say what changed since\n"
    "  --yours FILE      compare.json of naive/ against somebody's own files: a third column\n"
    "  --student FOLDER  where these files are\n"
    "  --guesses FILE    what `make predict` committed, to say how far off it was\n"
    "  --load-script F   what wrk runs (bench/load/post.lua)\n"
    "\n"
    "`make compare` calls it with QUICK=1, FULL=1, FIX=, INPUT=, SEED=, ROUNDS=, BASE=, STUDENT= "
    "as options.\n";

static void on_signal(int number)
{
    (void)number;
    child_interrupt();
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

struct settings {
    const char *programs, *results, *input, *load_script, *base, *yours, *student, *guesses;
    enum mode mode;
    enum fix fix;
    uint64_t seed;
    unsigned rounds;
};

/* A whole number from low to high. */
static int parse_number(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    bool is_good = text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
    return is_good && *number >= low && *number <= high ? 0 : -1;
}

static int refuse(const char *option, const char *value, const char *wanted)
{
    fprintf(stderr, "compare: %s takes %s, not '%s'\n", option, wanted, value);
    return -1;
}

static int refuse_empty(int code)
{
    static const struct {
        int code;
        const char *option;
    } paths[] = {{'p', "--programs"}, {'r', "--results"}, {'l', "--load-script"}, {'b', "--base"},
                 {'y', "--yours"},    {'t', "--student"}, {'g', "--guesses"},     {'i', "--input"}};
    unsigned i = 0;

    while (paths[i].code != code)
        i++;
    return refuse(paths[i].option, "", "a path");
}

static int parse_option(int code, const char *value, struct settings *settings)
{
    uint64_t number;

    if (value[0] == '\0' && strchr("prlbytgi", code) != NULL)
        return refuse_empty(code);
    switch (code) {
    case 'p':
        settings->programs = value;
        return 0;
    case 'r':
        settings->results = value;
        return 0;
    case 'l':
        settings->load_script = value;
        return 0;
    case 'b':
        settings->base = value;
        return 0;
    case 'y':
        settings->yours = value;
        return 0;
    case 't':
        settings->student = value;
        return 0;
    case 'g':
        settings->guesses = value;
        return 0;
    case 'i':
        settings->input = value;
        return 0;
    case 'm':
        for (int mode = MODE_QUICK; mode <= MODE_FULL; mode++)
            if (strcmp(value, mode_name((enum mode)mode)) == 0) {
                settings->mode = (enum mode)mode;
                return 0;
            }
        return refuse("--mode", value, "quick, default or full");
    case 'f':
        settings->fix = fix_from_id(value);
        return settings->fix != FIX_ALL ? 0 : refuse("FIX", value, "key, sort, store or workers");
    case 's':
        if (parse_number(value, 0, (uint64_t)1 << 53, &settings->seed) == 0)
            return 0;
        return refuse("SEED", value, "a whole number from 0 to 2^53");
    default:
        if (parse_number(value, 1, 1000, &number) != 0)
            return refuse("ROUNDS", value, "a whole number from 1 to 1000");
        settings->rounds = (unsigned)number;
        return 0;
    }
}

static int parse_settings(int argc, char **argv, struct settings *settings)
{
    static const struct option table[] = {
        {"programs", required_argument, NULL, 'p'},
        {"results", required_argument, NULL, 'r'},
        {"mode", required_argument, NULL, 'm'},
        {"fix", required_argument, NULL, 'f'},
        {"input", required_argument, NULL, 'i'},
        {"seed", required_argument, NULL, 's'},
        {"rounds", required_argument, NULL, 'n'},
        {"base", required_argument, NULL, 'b'},
        {"load-script", required_argument, NULL, 'l'},
        {"yours", required_argument, NULL, 'y'},
        {"student", required_argument, NULL, 't'},
        {"guesses", required_argument, NULL, 'g'},
        {NULL, 0, NULL, 0},
    };
    int code;

    *settings = (struct settings){.programs = "build/bin",
                                  .results = "bench/results",
                                  .load_script = "bench/load/post.lua",
                                  .mode = MODE_DEFAULT,
                                  .fix = FIX_ALL,
                                  .seed = 1};
    while ((code = getopt_long(argc, argv, "", table, NULL)) != -1)
        if (code == '?' || parse_option(code, optarg, settings) != 0)
            return -1;
    return optind == argc ? 0 : refuse("the command line", argv[optind], "options only");
}

/* What to type to do this again. */
static void add_command(struct comparison *comparison, const struct settings *settings)
{
    char text[PATH_SIZE + 128] = "make compare";
    size_t used = strlen(text);

    if (settings->mode != MODE_DEFAULT)
        used += (size_t)snprintf(text + used, sizeof text - used, " %s=1",
                                 settings->mode == MODE_QUICK ? "QUICK" : "FULL");
    if (settings->fix != FIX_ALL)
        used += (size_t)snprintf(text + used, sizeof text - used, " FIX=%s", fix_id(settings->fix));
    if (settings->seed != 1)
        used += (size_t)snprintf(text + used, sizeof text - used, " SEED=%llu",
                                 (unsigned long long)settings->seed);
    if (settings->rounds != 0)
        used += (size_t)snprintf(text + used, sizeof text - used, " ROUNDS=%u", settings->rounds);
    if (settings->student != NULL && used < sizeof text)
        used += (size_t)snprintf(text + used, sizeof text - used, " STUDENT=%s", settings->student);
    if (settings->input != NULL && used < sizeof text)
        snprintf(text + used, sizeof text - used, " INPUT=%s", settings->input);
    cJSON_AddStringToObject(comparison->document, "command", text);
}

/* Everything is measured, in an order in which each part knows what it needs from those before. */
static int measure(struct comparison *comparison)
{
    static int (*const phases[])(struct comparison *) = {
        require_valgrind, prepare_inputs,     describe_machine,  prove_equality,  measure_times,
        measure_database, trace_lock,         measure_floor,     measure_threads, measure_sweep,
        count_work,       count_instructions, count_heap,        profile_cpu,     judge_visibility,
        run_benchmarks,   measure_load,       measure_profiling, attribute,
    };
    /* require_valgrind, describe_machine, prepare_inputs and attribute say nothing; others may be
     * left out. */
    comparison->step_count = 9 + (comparison->plan.floor_rounds > 0) +
                             (comparison->plan.sweep_rounds > 0) + comparison->plan.has_benchmarks +
                             comparison->plan.has_load + (comparison->plan.profiling_rounds > 0);
    if (comparison->plan.only == FIX_KEY || comparison->plan.only == FIX_SORT)
        comparison->step_count--; /* massif, memcheck and DRD have nothing to say of these */
    for (unsigned i = 0; i < sizeof phases / sizeof *phases; i++) {
        if (phases[i](comparison) != 0)
            return -1;
        if (child_is_interrupted())
            return comparison_fail(comparison, "interrupted");
    }
    document_finish(comparison);
    return 0;
}

/*
 * What the comparison is to be set beside: read before anything is measured, so that an unusable
 * one is said before minutes have passed.
 */
struct beside {
    cJSON *base, *yours; /* or NULL */
    struct guesses guesses;
};

static int fail_beside(const char *option, const char *error)
{
    fprintf(stderr, "compare: %s: %s\n", option, error);
    return -1;
}

static int read_beside(const struct settings *settings, struct beside *beside)
{
    char error[ERROR_SIZE], guess_error[GUESS_ERROR_SIZE];

    if (settings->base != NULL &&
        base_read(settings->base, &beside->base, error, sizeof error) != 0)
        return fail_beside("BASE", error);
    if (settings->yours != NULL &&
        base_read(settings->yours, &beside->yours, error, sizeof error) != 0)
        return fail_beside("--yours", error);
    if (settings->guesses != NULL &&
        guesses_read(&beside->guesses, settings->guesses, guess_error) != 0)
        return fail_beside("--guesses", guess_error);
    return 0;
}

static int add_beside(struct comparison *comparison, const struct beside *beside,
                      const struct settings *settings)
{
    cJSON *document = comparison->document;
    cJSON *changes =
        beside->base != NULL ? base_changes(document, beside->base, settings->base) : NULL;
    cJSON *judgement = beside->guesses.count > 0 ? guesses_judge(&beside->guesses, document) : NULL;

    if (changes != NULL)
        cJSON_AddItemToObject(document, "base", changes);
    if (judgement != NULL)
        cJSON_AddItemToObject(document, "guesses", judgement);
    if ((beside->base != NULL && changes == NULL) ||
        (beside->guesses.count > 0 && judgement == NULL))
        return comparison_fail(comparison, "out of memory");
    if (beside->yours == NULL)
        return 0;
    return yours_add(document, beside->yours,
                     settings->student != NULL ? settings->student : settings->yours,
                     comparison->error, sizeof comparison->error);
}

static int write_with(struct comparison *comparison, const char *name,
                      int (*render)(FILE *, const cJSON *))
{
    char path[PATH_SIZE];
    FILE *file = fopen(results_path(&comparison->results, name, path), "w");
    int status = file != NULL ? render(file, comparison->document) : -1;
    if (file != NULL && fclose(file) != 0)
        status = -1;
    return status == 0 ? 0
                       : comparison_fail(comparison, "cannot write %s: %s", path, strerror(errno));
}

static int render_json(FILE *file, const cJSON *document)
{
    char *text = cJSON_Print(document);
    if (text == NULL)
        return -1;
    int status = fprintf(file, "%s\n", text) < 0 ? -1 : 0;
    cJSON_free(text);
    return status;
}

static int write_page(struct comparison *comparison)
{
    char path[PATH_SIZE];
    cJSON *evidence = evidence_new(comparison->results.folder, comparison->document);
    FILE *file = fopen(results_path(&comparison->results, "index.html", path), "w");
    int status = file != NULL && evidence != NULL
                     ? render_page_with(file, comparison->document, evidence)
                     : -1;
    if (file != NULL && fclose(file) != 0)
        status = -1;
    cJSON_Delete(evidence);
    return status == 0 ? 0
                       : comparison_fail(comparison, "cannot write %s: %s", path, strerror(errno));
}

static int render_plain_text(FILE *file, const cJSON *document)
{
    return render_text(file, document, false);
}

static void add_files(struct comparison *comparison)
{
    static const struct {
        const char *path, *what, *open_with;
    } files[] = {
        {"compare.json", "everything that was measured", "jq"},
        {"compare.md", "the report as Markdown", "any editor"},
        {"compare.txt", "what the terminal showed", "less"},
        {"index.html", "the report as a page", "a browser"},
        {"raw/callgrind.out.key.naive",
         "instructions of nnnn, and .fixed with one fix; likewise "
         "sort, store, workers",
         "kcachegrind"},
        {"raw/dhat.out.key.naive", "heap blocks of nnnn, and .fixed",
         "DHAT's viewer, dh_view.html"},
        {"raw/cpu.nnnn.pb.gz", "CPU samples, and cpu.ffff.pb.gz",
         "go tool pprof -http=:, speedscope"},
        {"raw/massif.out.nnnn", "heap over time", "ms_print, massif-visualizer"},
        {"raw/massif-pages.out.nnnn", "address space over time", "ms_print, massif-visualizer"},
        {"raw/timeline.nnnn.json", "who held and waited for the lock, and .nnfn", "jq"},
        {"raw/drd.out.nnnn", "locks held for long", "any editor (XML)"},
        {"raw/memcheck.out.nnnn", "leaks", "less"},
    };
    cJSON *list = cJSON_AddArrayToObject(comparison->document, "files");

    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        char path[PATH_SIZE];
        bool is_report = strncmp(files[i].path, "raw/", 4) != 0;
        if (!is_report &&
            access(results_path(&comparison->results, files[i].path, path), R_OK) != 0)
            continue; /* not part of this run */
        cJSON *object = cJSON_CreateObject();
        cJSON_AddItemToArray(list, object);
        cJSON_AddStringToObject(object, "path", files[i].path);
        cJSON_AddStringToObject(object, "what", files[i].what);
        cJSON_AddStringToObject(object, "open_with", files[i].open_with);
    }
}

static int write_results(struct comparison *comparison)
{
    char created[32];
    time_t now = time(NULL);
    struct tm utc;

    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    cJSON_AddStringToObject(comparison->document, "created", created);
    cJSON_AddNumberToObject(comparison->document, "duration_s",
                            (double)(clock_ns() - comparison->start_ns) / 1e9);
    add_files(comparison);
    if (write_with(comparison, "compare.json", render_json) != 0 ||
        write_with(comparison, "compare.md", render_markdown) != 0 ||
        write_with(comparison, "compare.txt", render_plain_text) != 0 ||
        write_page(comparison) != 0)
        return -1;
    if (child_is_interrupted()) /* the last moment at which nothing need be kept */
        return comparison_fail(comparison, "interrupted");
    return results_commit(&comparison->results, comparison->error, sizeof comparison->error);
}

static int show(const struct comparison *comparison)
{
    const char *no_color = getenv("NO_COLOR"); /* empty, it says nothing (no-color.org) */
    bool has_color = isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');

    if (render_text(stdout, comparison->document, has_color) != 0 || fflush(stdout) != 0) {
        fprintf(stderr,
                "compare: cannot write the table: %s. The result is whole: %s/latest/compare.txt\n",
                strerror(errno), comparison->results.root);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\nThe report: %s/latest/index.html (and compare.md, compare.json, raw/)\n",
            comparison->results.root);
    return EXIT_SUCCESS;
}

static void init(struct comparison *comparison, const struct settings *settings)
{
    /* The intervals of one report: two times of each fix and the whole's (times.c), six with the
     * database (database_times.c), two of what threads leave behind (threads.c). */
    enum { INTERVALS = 2 * FIX_COUNT + 1 + 6 + 2 };

    plan_init(&comparison->plan, settings->mode, settings->fix, settings->rounds);
    snprintf(comparison->programs, sizeof comparison->programs, "%s", settings->programs);
    if (settings->input != NULL)
        snprintf(comparison->user_input, sizeof comparison->user_input, "%s", settings->input);
    snprintf(comparison->load_script, sizeof comparison->load_script, "%s", settings->load_script);
    comparison->seed = settings->seed;
    comparison->cpu_count = thread_cpu_count();
    comparison->is_terminal = isatty(STDERR_FILENO);
    comparison->confidence = stats_correct(0.95, INTERVALS);
    comparison->start_ns = clock_ns();
}

int main(int argc, char **argv)
{
    static struct comparison comparison;
    struct settings settings;
    struct beside beside = {.base = NULL};
    int status = EXIT_FAILURE;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return EXIT_SUCCESS;
    }
    if (parse_settings(argc, argv, &settings) != 0)
        return EXIT_USAGE;
    if (read_beside(&settings, &beside) != 0)
        return EXIT_USAGE;
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off();
    catch_signals();
    init(&comparison, &settings);
    if (results_open(&comparison.results, settings.results, comparison.error,
                     sizeof comparison.error) == 0 &&
        document_init(&comparison) == 0) {
        cJSON_AddStringToObject(comparison.document, "mode", mode_name(settings.mode));
        if (settings.fix == FIX_ALL)
            cJSON_AddNullToObject(comparison.document, "only_fix");
        else
            cJSON_AddStringToObject(comparison.document, "only_fix", fix_id(settings.fix));
        add_command(&comparison, &settings);
        if (measure(&comparison) == 0 && add_beside(&comparison, &beside, &settings) == 0 &&
            write_results(&comparison) == 0)
            status = show(&comparison);
    }
    if (comparison.error[0] != '\0')
        fprintf(stderr, "\ncompare: %s\n", comparison.error);
    if (child_is_interrupted()) {
        if (comparison.results.is_committed)
            fprintf(stderr, "compare: interrupted after the result was whole; it was kept in %s\n",
                    comparison.results.folder);
        else
            fprintf(stderr, "compare: interrupted; nothing was kept\n");
        status = EXIT_INTERRUPTED;
    }
    results_discard(&comparison.results);
    cJSON_Delete(comparison.document);
    cJSON_Delete(beside.base);
    cJSON_Delete(beside.yours);
    return status;
}
