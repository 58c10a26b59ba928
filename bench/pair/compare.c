#include "bench/pair/compare.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/compare/beside.h"
#include "bench/compare/write.h"
#include "bench/pair/kit_guess.h"
#include "bench/pair/kit_pair.h"
#include "bench/pair/phases.h"
#include "common/clock.h"
#include "common/signals.h"
#include "common/thread.h"

enum { EXIT_USAGE = 2, EXIT_WORSE = 3, EXIT_INTERRUPTED = 130, STEPS = 3 };

static const struct section sections[PAIR_SECTIONS] = {
    [PAIR_LESSON] = {.id = "kit"},
    [PAIR_TIME] = {.id = "time",
                   .title = "how long it takes",
                   .words = "Fresh processes next to each other, in an order drawn anew. Less is "
                            "better, here and below.",
                   .headline = "wall_time"},
    [PAIR_MEMORY] = {.id = "memory",
                     .title = "what it keeps in memory",
                     .words =
                         "What the kernel accounts for, of the process and those it waited for.",
                     .headline = "peak_rss"},
    [PAIR_SYSTEM] = {.id = "system",
                     .title = "what it asks of the kernel",
                     .words =
                         "Voluntary switches are waits; forced ones are of others on the machine, "
                         "too.",
                     .headline = "system_calls"},
    [PAIR_INSTRUCTIONS] = {.id = "instructions",
                           .title = "what it executes",
                           .words = "Counted by callgrind, without the kernel. Cache and branches "
                                    "are simulated: a model, not this machine.",
                           .headline = "instructions"},
    [PAIR_HEAP] = {.id = "heap",
                   .title = "what it allocates",
                   .words = "Blocks and bytes asked for, the peak, and what was lost.",
                   .headline = "heap_bytes"},
    [PAIR_LOCKS] = {.id = "locks",
                    .title = "how long it holds locks",
                    .words =
                        "Seen by DRD, which slows the program down: look at what is long, not at "
                        "how long."},
    [PAIR_OWN] = {.id = "own",
                  .title = "what it counts itself",
                  .words = "Lines key=value, in the file that FASTENOUGH_COUNTERS names."},
};

/* A kit that is compared, and what was guessed of it. */
struct pair_kit {
    struct kit_pair built;
    struct guess_subject guess;
    char guesses[KIT_PATH_SIZE];
};

/* 0, or -1 with the comparison's error set; kit_pair_close() is due either way. */
static int take_kit(struct comparison *comparison, struct pair *pair, struct pair_options *options,
                    struct pair_kit *lesson)
{
    struct kit_pair *built = &lesson->built;
    char error[KIT_ERROR_SIZE], work[KIT_PATH_SIZE];

    snprintf(work, sizeof work, "%.900s/../kits", options->programs);
    if (kit_pair_open(built, options->kit, work, options->student, error) != 0)
        return comparison_fail(comparison, "%s", error);
    for (unsigned side = 0; side < PAIR_SIDES; side++) {
        options->text[side] = built->commands[side];
        pair->side[side].name = built->sides[side];
    }
    options->directory = built->kit.folder;
    options->proof = built->kit.proof;
    if (options->name == NULL)
        options->name = built->kit.title;
    if (built->input[0] != '\0')
        options->input = built->input;
    return 0;
}

/* What the pair is, as the report says it. */
static int begin(struct pair *pair, const struct pair_options *options,
                 const struct pair_kit *lesson)
{
    struct comparison *comparison = pair->comparison;
    struct section own[PAIR_SECTIONS];
    const struct subject subject = {.kind = lesson != NULL ? "kit" : "commands",
                                    .name = pair->name,
                                    .sides = {pair->side[0].name, pair->side[1].name},
                                    .commands = {pair->side[0].text, pair->side[1].text},
                                    .input = pair->input,
                                    .directory = pair->directory,
                                    .proof = "",
                                    .asked = options->proof != NULL ? options->proof : "output",
                                    .exit_status = NAN,
                                    .output_bytes = NAN};

    memcpy(own, sections, sizeof own);
    if (lesson != NULL)
        own[PAIR_LESSON] = kit_pair_section(&lesson->built);
    if (model_init_subject(&comparison->model, &subject, own, PAIR_SECTIONS) != 0)
        return comparison_fail(comparison, "out of memory");
    comparison->model.mode = mode_name(options->mode);
    return 0;
}

/* Of the budget, what the witnesses may take where they come first. */
static const double witness_share = 0.6;

static int witness(struct pair *pair, double share)
{
    const double budget_s = pair->budget_s;

    comparison_announce(pair->comparison, 0, "witnesses: what each tool counts");
    pair->budget_s *= share;
    int status = pair_witness(pair);
    pair->budget_s = budget_s;
    return status;
}

/* When the folder that they run in got or lost a file. */
static struct timespec changed_at(const struct pair *pair)
{
    struct stat status;
    return stat(pair->directory != NULL ? pair->directory : ".", &status) == 0
               ? status.st_mtim
               : (struct timespec){.tv_sec = 0};
}

/* What was said of a pair, with the line that made it one. */
static int name_kit(struct comparison *comparison, const struct kit *kit)
{
    char said[ERROR_SIZE];

    snprintf(said, sizeof said, "%s", comparison->error);
    return comparison_fail(comparison, "%s:%u: %.3000s", kit->path, kit->command_line, said);
}

/* A kit is about its headline: if that is a count, it is taken before the times take theirs. */
static int measure(struct pair *pair, const struct pair_kit *lesson)
{
    struct comparison *comparison = pair->comparison;
    const struct timespec changed = changed_at(pair);
    struct own_keys own;
    bool is_counted_first = lesson != NULL && lesson->built.kit.headline.is_count;

    if (describe_machine(comparison) != 0)
        return -1;
    if (pair_prove(pair, &own) != 0)
        return lesson != NULL && !child_is_interrupted() ? name_kit(comparison, &lesson->built.kit)
                                                         : -1;
    if (is_counted_first && witness(pair, witness_share) != 0)
        return -1;
    if (pair_measure(pair, &own) != 0 || (!is_counted_first && witness(pair, 1) != 0))
        return -1;
    for (unsigned side = 0; side < PAIR_SIDES; side++)
        if (pair->side[side].leaves_processes)
            comparison_warn(
                comparison,
                "%s leaves processes behind when it is over: they were ended, and what they "
                "did is in no number",
                pair->side[side].name);
    const struct timespec now = changed_at(pair);
    if (now.tv_sec != changed.tv_sec || now.tv_nsec != changed.tv_nsec)
        comparison_warn(
            comparison,
            "files were made or removed in %s meanwhile: what one run leaves there, the next "
            "one finds",
            pair->directory != NULL ? pair->directory : "the folder that they run in");
    if (lesson != NULL && kit_pair_lead(&lesson->built, &comparison->model) != 0)
        comparison_warn(comparison,
                        "the headline of %s, %s by %s, could not be measured here: what follows is "
                        "seen by other tools",
                        lesson->built.kit.path, lesson->built.kit.headline.name,
                        lesson->built.kit.headline.tool);
    return model_judge(&comparison->model) == 0 ? 0 : comparison_fail(comparison, "out of memory");
}

/* Before the folder of results is there, so that what cannot be leaves none. */
static int set(struct comparison *comparison, struct pair *pair, struct pair_options *options,
               struct pair_kit *lesson)
{
    if (options->kit != NULL && take_kit(comparison, pair, options, lesson) != 0)
        return -1;
    if (pair_set(pair, options, comparison->error, sizeof comparison->error) != 0)
        return -1;
    if (options->kit != NULL && options->budget_ns == 0)
        pair->budget_s *= 2; /* whoever wrote it kept it short: all tools shall say something */
    return 0;
}

static int run(struct comparison *comparison, struct pair *pair, const struct pair_options *options,
               const struct pair_kit *lesson)
{
    char whole[PATH_SIZE + 8];

    comparison->step_count = STEPS;
    comparison->cpu_count = thread_cpu_count();
    if (results_open(&comparison->results, options->results, comparison->error,
                     sizeof comparison->error) != 0 ||
        begin(pair, options, lesson) != 0)
        return -1;
    /* the program may run elsewhere, and is told of the file by its whole path */
    if (realpath(comparison->results.folder, whole) == NULL)
        return comparison_fail(comparison, "%s: %s", comparison->results.folder, strerror(errno));
    snprintf(pair->counters, sizeof pair->counters, "%.*s/work/counters", PATH_SIZE - 20, whole);
    return measure(pair, lesson);
}

int pair_measure_all(struct comparison *comparison, struct pair_options *options)
{
    static struct pair pair;
    static struct pair_kit lesson;

    pair = (struct pair){.comparison = comparison};
    if (set(comparison, &pair, options, &lesson) != 0)
        return -1;
    return run(comparison, &pair, options, options->kit != NULL ? &lesson : NULL);
}

static bool is_worse(const struct model *model)
{
    for (unsigned i = 0; i < model->lesson_count; i++)
        if (model->lessons[i].verdict == VERDICT_WORSE)
            return true;
    return false;
}

/* " NAME='what it is'", behind `text`. */
static const char *add_word(struct model *model, const char *text, const char *name,
                            const char *value)
{
    char quoted[8192];
    return model_text(model, "%s %s=%s", text, name, pair_quote(value, quoted, sizeof quoted));
}

/* "make compare BEFORE='./old data.txt' AFTER='./new data.txt'" */
static const char *command_of(struct model *model, const struct pair_options *options)
{
    const struct subject *subject = model->subject;
    const char *text = "make compare";

    if (options->kit != NULL)
        text = add_word(model, text, "KIT", options->kit);
    if (options->kit != NULL && options->student != NULL)
        text = add_word(model, text, "STUDENT", options->student);
    if (options->kit == NULL)
        text = add_word(model, add_word(model, text, "BEFORE", subject->commands[0]), "AFTER",
                        subject->commands[1]);
    if (options->kit == NULL && options->input != NULL)
        text = add_word(model, text, "STDIN", options->input);
    if (options->kit == NULL && options->directory != NULL)
        text = add_word(model, text, "DIR", options->directory);
    if (options->kit == NULL && strcmp(options->proof, "output") != 0)
        text = add_word(model, text, "PROOF", options->proof);
    if (options->budget_ns > 0)
        text = model_text(model, "%s BUDGET=%gs", text, (double)options->budget_ns / 1e9);
    else if (options->mode != MODE_DEFAULT)
        text = model_text(model, "%s %s=1", text, options->mode == MODE_QUICK ? "QUICK" : "FULL");
    return text;
}

/* What was guessed of a kit, and an earlier result. */
static int read_beside(const struct pair_options *options, struct pair_kit *lesson,
                       struct beside *beside)
{
    const struct settings settings = {.base = options->base};
    char error[GUESS_ERROR_SIZE];

    if (beside_read(&settings, beside) != 0)
        return -1;
    if (options->kit == NULL || options->guesses == NULL)
        return 0;
    lesson->guess = kit_guess_subject(&lesson->built.kit);
    kit_guess_path(&lesson->built.kit, options->guesses, lesson->guesses);
    if (guesses_read_of(&beside->guesses, &lesson->guess, lesson->guesses, error) == 0)
        return 0;
    fprintf(stderr, "compare: --guesses: %s\n", error);
    return -1;
}

int pair_compare(int argc, char **argv)
{
    static struct comparison comparison;
    static struct pair_options options;
    static struct pair pair;
    static struct pair_kit lesson;
    struct beside beside = {.has_base = false};
    cJSON *document = NULL;
    int status = EXIT_FAILURE;

    int parsed = pair_options_parse(argc, argv, &options);
    if (parsed != 0)
        return parsed < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off();
    signals_call(child_interrupt);
    comparison.seed = options.seed;
    comparison.is_terminal = isatty(STDERR_FILENO);
    comparison.start_ns = clock_ns();
    pair.comparison = &comparison;
    if (set(&comparison, &pair, &options, &lesson) != 0 ||
        read_beside(&options, &lesson, &beside) != 0)
        status = EXIT_USAGE;
    else if (run(&comparison, &pair, &options, options.kit != NULL ? &lesson : NULL) == 0) {
        const struct settings settings = {.base = options.base};
        comparison.model.command = command_of(&comparison.model, &options);
        if (beside_add(&comparison, &beside, &settings) == 0 &&
            write_results(&comparison, &document) == 0)
            status = show_results(&comparison, document);
        if (status == EXIT_SUCCESS && options.is_failing_if_worse && is_worse(&comparison.model))
            status = EXIT_WORSE;
    }
    if (comparison.error[0] != '\0')
        fprintf(stderr, "\ncompare: %s\n", comparison.error);
    if (child_is_interrupted()) {
        fprintf(stderr, "compare: interrupted; %s\n",
                comparison.results.is_committed ? "the result was whole, and was kept"
                                                : "nothing was kept");
        status = EXIT_INTERRUPTED;
    }
    results_discard(&comparison.results);
    cJSON_Delete(document);
    model_free(&comparison.model);
    beside_free(&beside);
    kit_pair_close(&lesson.built);
    return status;
}
