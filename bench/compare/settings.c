#include "bench/compare/settings.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char settings_help[] =
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
        settings->lesson = lesson_from_id(value);
        return settings->lesson != LESSON_ALL ? 0
                                              : refuse("FIX", value, "key, sort, store or workers");
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

int settings_parse(int argc, char **argv, struct settings *settings)
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
                                  .lesson = LESSON_ALL,
                                  .seed = 1};
    while ((code = getopt_long(argc, argv, "", table, NULL)) != -1)
        if (code == '?' || parse_option(code, optarg, settings) != 0)
            return -1;
    return optind == argc ? 0 : refuse("the command line", argv[optind], "options only");
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
