#include "bench/pair/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/option_rows.h"

#define AT(field) OPTION_AT(struct pair_options, field)

static const char *name_mode(int mode)
{
    return mode_name((enum mode)mode);
}

static const struct option_row rows[] = {
    {"before", OPTION_TEXT, AT(text[PAIR_BEFORE]), "the command as it was, as a shell takes it",
     .value = "COMMAND", .called = "BEFORE"},
    {"after", OPTION_TEXT, AT(text[PAIR_AFTER]), "and as it is now", .value = "COMMAND",
     .called = "AFTER"},
    {"kit", OPTION_PATH, AT(kit), "or a folder that is a lesson (bench/kits)", .value = "FOLDER",
     .called = "KIT"},
    {"student", OPTION_PATH, AT(student),
     "a folder whose files stand in the place of the kit's fixed/", .value = "FOLDER",
     .called = "STUDENT"},
    {"stdin", OPTION_PATH, AT(input), "what both read as standard input", .otherwise = "nothing",
     .called = "STDIN"},
    {"dir", OPTION_PATH, AT(directory), "where both run", .value = "FOLDER", .otherwise = "here",
     .called = "DIR"},
    {"name", OPTION_TEXT, AT(name), "what was changed, for the report's title", .value = "TEXT",
     .called = "NAME"},
    {"proof", OPTION_TEXT, AT(proof),
     "what has to be equal: output (and the exit status), status, none; or a command that is given "
     "both outputs' files and ends with 0 if they are as good",
     .value = "PROOF", .preset = "output", .called = "PROOF"},
    {"budget", OPTION_DURATION, AT(budget_ns), "how long all may take", .low = 1000000000u,
     .high = 86400u * 1000000000ull, .value = "TIME", .otherwise = "the mode's: 20s, 60s or 600s",
     .called = "BUDGET"},
    {"mode", OPTION_CHOICE, AT(mode), "quick, default or full", .value = "MODE", .low = MODE_QUICK,
     .high = MODE_FULL, .word = name_mode, .preset = "default"},
    {"seed", OPTION_NUMBER, AT(seed), "of the orders of runs", .high = (uint64_t)1 << 53,
     .preset = "1", .called = "SEED"},
    {"fail-if-worse", OPTION_FLAG, AT(is_failing_if_worse),
     "end with 3 where a headline got worse"},
    {"results", OPTION_PATH, AT(results), "where results go", .value = "DIR",
     .preset = "bench/results"},
    {"programs", OPTION_PATH, AT(programs), "what was built", .value = "DIR",
     .preset = "build/bin"},
    {"base", OPTION_PATH, AT(base), "an earlier result of the same pair, to say what changed since",
     .value = "FOLDER"},
    {"guesses", OPTION_PATH, AT(guesses), "what `make predict` committed"},
};

static const struct option_table table = {
    "compare",
    "compare --before X --help",
    rows,
    sizeof rows / sizeof *rows,
    .about = "measures one command against another and writes bench/results/latest",
    .notes = "Or both commands as words, without a shell: compare [OPTION...] -- ./old data.txt -- "
             "./new data.txt. `make compare` takes BEFORE=, AFTER=, KIT=, STDIN=, DIR=, NAME=, "
             "PROOF=, BUDGET=, SEED=, BASE=, QUICK=1 and FULL=1."};

bool pair_is_meant(int argc, char **argv)
{
    static const char *const meant[] = {"--before", "--after", "--kit"};

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return true;
        for (unsigned k = 0; k < sizeof meant / sizeof *meant; k++) {
            size_t length = strlen(meant[k]);
            if (strncmp(argv[i], meant[k], length) == 0 &&
                (argv[i][length] == '\0' || argv[i][length] == '='))
                return true;
        }
    }
    return false;
}

static int fail(char *error, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, size, format, arguments);
    va_end(arguments);
    return -1;
}

/* A character that a shell takes for itself, wherever it stands. */
static bool is_shells(char character)
{
    return character != '\0' && strchr("|&;<>()$`\\\"'*?[]#~{}!\n", character) != NULL;
}

/* Adds a word as a shell would take it. */
static size_t add_quoted(char *text, size_t used, size_t size, const char *word)
{
    bool is_plain = *word != '\0';

    for (const char *at = word; *at != '\0'; at++)
        is_plain &= !is_shells(*at) && !isspace((unsigned char)*at);
    if (is_plain)
        return used + (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", word);
    used += (size_t)snprintf(text + used, size - used, "%s'", used > 0 ? " " : "");
    for (const char *at = word; *at != '\0' && used + 8 < size; at++) {
        if (*at == '\'')
            used += (size_t)snprintf(text + used, size - used, "'\\''");
        else
            text[used++] = *at;
    }
    return used + (size_t)snprintf(text + used, size - used, "'");
}

const char *pair_quote(const char *text, char *quoted, size_t size)
{
    add_quoted(quoted, 0, size, text);
    return quoted;
}

/* The two lists of words behind `--`, of which the first ends at the next one. */
static int take_words(struct pair_options *options, int count, char **words)
{
    unsigned side = PAIR_BEFORE, taken = 0;
    size_t used = 0;

    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "--") == 0 && side == PAIR_BEFORE && taken > 0) {
            side = PAIR_AFTER;
            taken = 0;
            used = 0;
            continue;
        }
        if (taken == PAIR_WORDS ||
            used + 5 * strlen(words[i]) + 8 >= sizeof options->words_text[0]) {
            fprintf(stderr, "compare: the words of %s are too many: put them into a script\n",
                    side == PAIR_BEFORE ? "before" : "after");
            return -1;
        }
        options->words[side][taken++] = words[i];
        used =
            add_quoted(options->words_text[side], used, sizeof options->words_text[side], words[i]);
    }
    if (side == PAIR_AFTER && taken > 0)
        return 0;
    fputs(
        "compare: after -- come the words of the one command, another --, and those of the other: "
        "compare -- ./old data.txt -- ./new data.txt\n",
        stderr);
    return -1;
}

int pair_options_parse(int argc, char **argv, struct pair_options *options)
{
    int words = argc;

    *options = (struct pair_options){.kit = NULL};
    for (int i = argc - 1; i > 0; i--)
        if (strcmp(argv[i], "--") == 0)
            words = i; /* the first: what is behind it is no option */
    int parsed = option_rows_parse_all(&table, words, argv, options);
    if (parsed != 0)
        return parsed;
    bool has_text = options->text[PAIR_BEFORE] != NULL || options->text[PAIR_AFTER] != NULL;
    if ((words < argc) + has_text + (options->kit != NULL) > 1) {
        fputs("compare: the commands come from --before and --after, from words after --, or from "
              "--kit: one of these\n",
              stderr);
        return -1;
    }
    if (words < argc)
        return take_words(options, argc - words - 1, argv + words + 1);
    for (unsigned side = 0; side < PAIR_SIDES && options->kit == NULL; side++) {
        const char *text = options->text[side];
        if (text == NULL || text[strspn(text, " \t\n")] == '\0') {
            fprintf(stderr,
                    "compare: %s is missing: make compare BEFORE='./old data.txt' AFTER='./new "
                    "data.txt'\n",
                    side == PAIR_BEFORE ? "BEFORE" : "AFTER");
            return -1;
        }
    }
    return 0;
}

/* Whether a word names a file that can be run; where, if so. */
static bool find_program(const char *word, const char *directory, char path[PATH_SIZE])
{
    const char *search = getenv("PATH");
    struct stat status;

    if (strchr(word, '/') != NULL) {
        snprintf(path, PATH_SIZE, "%s%s%s", *word != '/' && directory != NULL ? directory : "",
                 *word != '/' && directory != NULL ? "/" : "", word);
        return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
    }
    for (const char *at = search != NULL ? search : "/usr/local/bin:/usr/bin:/bin"; *at != '\0';) {
        size_t length = strcspn(at, ":");
        snprintf(path, PATH_SIZE, "%.*s/%s", (int)length, at, word);
        if (length > 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
            access(path, X_OK) == 0)
            return true;
        at += length + (at[length] == ':');
    }
    path[0] = '\0';
    return false;
}

/* The words of a text that needs no shell; false: it does. */
static bool split(const char *text, char *space, size_t size, const char *words[PAIR_WORDS + 1])
{
    unsigned count = 0;
    char *rest;

    for (const char *at = text; *at != '\0'; at++)
        if (is_shells(*at))
            return false;
    if (strlen(text) >= size)
        return false;
    strcpy(space, text);
    for (char *word = strtok_r(space, " \t", &rest); word != NULL;
         word = strtok_r(NULL, " \t", &rest)) {
        if (count == PAIR_WORDS)
            return false;
        words[count++] = word;
    }
    words[count] = NULL;
    return strchr(words[0], '=') == NULL; /* NAME=value before a command */
}

/* A shell's own word is no file: it is the shell that knows, or says that there is none. */
static bool is_built_in(const char *word)
{
    static const char *const words[] = {
        "cd",   "ulimit", "exit", "export", "set", "unset", "umask", "eval",  "exec", "trap",
        "wait", "read",   ".",    ":",      "if",  "for",   "while", "until", "case", "command"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static int set_side(struct pair *pair, struct pair_options *options, unsigned index, char *error,
                    size_t size)
{
    struct pair_side *side = &pair->side[index];
    const char *text = options->text[index], **words = options->words[index];
    struct stat status;

    side->text = text != NULL ? text : options->words_text[index];
    side->argv = words;
    if (text != NULL && (!split(text, options->split[index], sizeof options->split[index], words) ||
                         is_built_in(words[0]))) {
        side->is_shell = true;
        words[0] = "sh";
        words[1] = "-c";
        words[2] = text;
        words[3] = NULL;
        return 0;
    }
    if (find_program(words[0], pair->directory, side->program))
        return 0;
    if (strchr(words[0], '/') == NULL)
        return fail(error, size, "%s cannot be started: there is no program %s in PATH", side->name,
                    words[0]);
    if (stat(side->program, &status) != 0)
        return fail(error, size, "%s cannot be started: %s: %s", side->name, side->program,
                    strerror(errno));
    return fail(error, size, "%s cannot be started: %s is no program (chmod +x makes a file one)",
                side->name, side->program);
}

/* What both read has to be there for each run anew. */
static int check_files(const struct pair *pair, char *error, size_t size)
{
    struct stat status;

    if (pair->directory != NULL &&
        (stat(pair->directory, &status) != 0 || !S_ISDIR(status.st_mode)))
        return fail(error, size, "DIR=%s: there is no such folder", pair->directory);
    if (pair->input == NULL)
        return 0;
    if (stat(pair->input, &status) != 0 || access(pair->input, R_OK) != 0)
        return fail(error, size, "STDIN=%s: %s", pair->input, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(
            error, size,
            "STDIN=%s is no regular file. It is read by each run anew, so that a pipe has to "
            "be saved first: ... > input.txt",
            pair->input);
    return 0;
}

int pair_set(struct pair *pair, struct pair_options *options, char *error, size_t error_size)
{
    static const char *const sides[PAIR_SIDES] = {"before", "after"};
    static const double budgets[] = {[MODE_QUICK] = 20, [MODE_DEFAULT] = 60, [MODE_FULL] = 600};

    pair->input = options->input;
    pair->directory = options->directory;
    pair->name =
        options->name != NULL && *options->name != '\0' ? options->name : "before and after";
    pair->budget_s =
        options->budget_ns > 0 ? (double)options->budget_ns / 1e9 : budgets[options->mode];
    pair->is_counted_only = options->is_counting;
    pair->judge = options->proof;
    pair->proof =
        options->proof == NULL || strcmp(options->proof, "output") == 0 || *options->proof == '\0'
            ? PAIR_PROOF_OUTPUT
        : strcmp(options->proof, "status") == 0 ? PAIR_PROOF_STATUS
        : strcmp(options->proof, "none") == 0   ? PAIR_PROOF_NONE
                                                : PAIR_PROOF_COMMAND;
    if (check_files(pair, error, error_size) != 0)
        return -1;
    for (unsigned side = 0; side < PAIR_SIDES; side++) {
        if (pair->side[side].name == NULL)
            pair->side[side].name = sides[side];
        if (set_side(pair, options, side, error, error_size) != 0)
            return -1;
    }
    return 0;
}
