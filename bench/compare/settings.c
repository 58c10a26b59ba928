#include "bench/compare/settings.h"

#include <stdio.h>

#include "common/option_rows.h"

#define AT(field) OPTION_AT(struct settings, field)

static const char *name_mode(int mode)
{
    return mode_name((enum mode)mode);
}

static const struct option_row rows[] = {
    {"programs", OPTION_PATH, AT(programs), "the built programs", .value = "DIR",
     .preset = "build/bin"},
    {"results", OPTION_PATH, AT(results), "where results go", .value = "DIR",
     .preset = "bench/results"},
    {"mode", OPTION_CHOICE, AT(mode), "how much is measured", .value = "MODE", .low = MODE_QUICK,
     .high = MODE_FULL, .word = name_mode, .preset = "default"},
    {"fix", OPTION_CHOICE, AT(lesson), "only one lesson", .value = "LESSON",
     .high = LESSON_COUNT - 1, .word = lesson_id, .otherwise = "all of them", .called = "FIX"},
    {"input", OPTION_PATH, AT(input), "your own records, one a line, instead of generated ones"},
    {"seed", OPTION_NUMBER, AT(seed), "of the generated records, the link orders and all orders of runs",
     .high = (uint64_t)1 << 53, .preset = "1", .called = "SEED"},
    {"rounds", OPTION_NUMBER, AT(rounds), "so many blocks of each time, and no more", .low = 1,
     .high = 1000, .otherwise = "until its interval is narrow", .called = "ROUNDS"},
    {"base", OPTION_PATH, AT(base), "an earlier result, to say what changed since",
     .value = "FOLDER"},
    {"yours", OPTION_PATH, AT(yours),
     "compare.json of naive/ against somebody's own files: a third column"},
    {"student", OPTION_PATH, AT(student), "where these files are", .value = "FOLDER"},
    {"guesses", OPTION_PATH, AT(guesses),
     "what `make predict` committed, to say how far off it was"},
    {"load-script", OPTION_PATH, AT(load_script), "what wrk runs", .preset = "bench/load/post.lua"},
};

static const struct option_table table = {
    "compare",
    "compare --help",
    rows,
    sizeof rows / sizeof *rows,
    .about = "measures naive against fixed and writes bench/results/latest",
    .notes = "`make compare` calls it with QUICK=1, FULL=1, FIX=, INPUT=, SEED=, ROUNDS=, BASE=, "
             "STUDENT= as options."};

int settings_parse(int argc, char **argv, struct settings *settings)
{
    *settings = (struct settings){.lesson = LESSON_ALL};
    return option_rows_parse_all(&table, argc, argv, settings);
}

char *settings_command(const struct settings *settings, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "make compare");

    if (settings->mode != MODE_DEFAULT)
        used += (size_t)snprintf(text + used, size - used, " %s=1",
                                 settings->mode == MODE_QUICK ? "QUICK" : "FULL");
    if (settings->lesson != LESSON_ALL)
        used += (size_t)snprintf(text + used, size - used, " FIX=%s", lesson_id(settings->lesson));
    if (settings->seed != 1)
        used += (size_t)snprintf(text + used, size - used, " SEED=%llu",
                                 (unsigned long long)settings->seed);
    if (settings->rounds != 0)
        used += (size_t)snprintf(text + used, size - used, " ROUNDS=%u", settings->rounds);
    if (settings->student != NULL && used < size)
        used += (size_t)snprintf(text + used, size - used, " STUDENT=%s", settings->student);
    if (settings->input != NULL && used < size)
        snprintf(text + used, size - used, " INPUT=%s", settings->input);
    return text;
}
