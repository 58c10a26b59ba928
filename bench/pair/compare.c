#include "bench/pair/compare.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/beside.h"
#include "bench/compare/write.h"
#include "bench/pair/kit.h"
#include "bench/pair/kit_guess.h"
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

/* A kit that is compared: what is read of it, and the commands that come of that. */
struct pair_kit {
    struct kit kit;
    struct guess_subject guess;
    char commands[PAIR_SIDES][KIT_COMMAND_SIZE];
    char input[KIT_PATH_SIZE + 64], own[KIT_PATH_SIZE];
};

/* Builds both sides. 0, or -1 with the comparison's error set; kit_free() is due where it was read.
 */
static int take_kit(struct comparison *comparison, struct pair *pair, struct pair_options *options,
                    struct pair_kit *lesson)
{
    static const char *const sides[PAIR_SIDES] = {"naive", "fixed"};
    struct kit *kit = &lesson->kit;
    char error[KIT_ERROR_SIZE], work[KIT_PATH_SIZE], program[KIT_PATH_SIZE];

    if (kit_read(kit, options->kit, error) != 0)
        return comparison_fail(comparison, "%s", error);
    snprintf(work, sizeof work, "%.900s/../kits", options->programs);
    for (unsigned side = 0; side < PAIR_SIDES; side++) {
        if (kit_program(kit, work, sides[side], program, error) != 0 ||
            kit_build(kit, sides[side], program, NULL, error) != 0)
            return comparison_fail(comparison, "%s", error);
        if (kit_command(kit, sides[side], program, lesson->commands[side]) != 0)
            return comparison_fail(comparison, "%s: the command is too long", kit->path);
        options->text[side] = lesson->commands[side];
        pair->side[side].name = sides[side];
    }
    options->directory = kit->folder;
    if (kit->proof != NULL)
        options->proof = kit->proof;
    if (options->name == NULL)
        options->name = kit->title;
    if (kit->input != NULL) {
        snprintf(lesson->input, sizeof lesson->input, "%s/%s", kit->folder, kit->input);
        options->input = lesson->input;
    }
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
                                    .exit_status = NAN,
                                    .output_bytes = NAN};

    memcpy(own, sections, sizeof own);
    if (lesson != NULL)
        own[PAIR_LESSON] = (struct section){.id = lesson->kit.name,
                                            .title = lesson->kit.title,
                                            .words = lesson->kit.words,
                                            .headline = lesson->kit.headline.name};
    if (model_init_subject(&comparison->model, &subject, own, PAIR_SECTIONS) != 0)
        return comparison_fail(comparison, "out of memory");
    comparison->model.mode = mode_name(options->mode);
    return 0;
}

/* A kit's own section has its headline, which was measured in another. */
static int add_headline(struct pair *pair, const struct kit *kit)
{
    struct model *model = &pair->comparison->model;
    struct section *own = model_section(model, PAIR_LESSON);

    for (unsigned i = PAIR_LESSON + 1; i < PAIR_SECTIONS; i++) {
        const struct measurement *found =
            section_find(model_section(model, (int)i), kit->headline.name);
        if (found == NULL)
            continue;
        MODEL_ADD(model, own, measurement, measurements, *found);
        return 0;
    }
    comparison_warn(
        pair->comparison,
        "the headline of %s, %s by %s, could not be measured here: what follows is seen "
        "by other tools",
        kit->path, kit->headline.name, kit->headline.tool);
    return 0;
}

static int measure(struct pair *pair, const struct pair_kit *lesson)
{
    struct comparison *comparison = pair->comparison;
    struct own_keys own;

    if (describe_machine(comparison) != 0 || pair_prove(pair, &own) != 0 ||
        pair_measure(pair, &own) != 0)
        return -1;
    comparison_announce(comparison, 0, "witnesses: what each tool counts");
    if (pair_witness(pair) != 0)
        return -1;
    for (unsigned side = 0; side < PAIR_SIDES; side++)
        if (pair->side[side].leaves_processes)
            comparison_warn(
                comparison,
                "%s leaves processes behind when it is over: they were ended, and what they "
                "did is in no number",
                pair->side[side].name);
    if (lesson != NULL)
        add_headline(pair, &lesson->kit);
    return model_judge(&comparison->model) == 0 ? 0 : comparison_fail(comparison, "out of memory");
}

/* Before the folder of results is there, so that what cannot be leaves none. */
static int set(struct comparison *comparison, struct pair *pair, struct pair_options *options,
               struct pair_kit *lesson)
{
    if (options->kit != NULL && take_kit(comparison, pair, options, lesson) != 0)
        return -1;
    return pair_set(pair, options, comparison->error, sizeof comparison->error);
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

/* "make compare BEFORE='./old data.txt' AFTER='./new data.txt'" */
static const char *command_of(struct model *model, const struct pair_options *options)
{
    const struct subject *subject = model->subject;
    const char *text = options->kit != NULL
                           ? model_text(model, "make compare KIT=%s", options->kit)
                           : model_text(model, "make compare BEFORE='%s' AFTER='%s'",
                                        subject->commands[0], subject->commands[1]);

    if (options->kit == NULL && options->input != NULL)
        text = model_text(model, "%s STDIN=%s", text, options->input);
    if (options->kit == NULL && options->directory != NULL)
        text = model_text(model, "%s DIR=%s", text, options->directory);
    if (options->kit == NULL && strcmp(options->proof, "output") != 0)
        text = model_text(model, "%s PROOF='%s'", text, options->proof);
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
    lesson->guess = kit_guess_subject(&lesson->kit);
    kit_guess_path(&lesson->kit, options->guesses, lesson->own);
    if (guesses_read_of(&beside->guesses, &lesson->guess, lesson->own, error) == 0)
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
    kit_free(&lesson.kit);
    return status;
}
