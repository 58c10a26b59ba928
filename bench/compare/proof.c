/*
 * proof.c - proof before timing: all builds compute the same from the same input, or nothing is
 * shown.
 *
 * Where they do not, the file at fault is the one whose fix alone changes the result, and the
 * record is found by cutting the input in half again and again: a digest is a sum over records, so
 * that the first record that differs is the end of the shortest beginning that differs.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "common/clock.h"

/* What a build made of an input: an outcome, or none, as it crashed, refused or hung. */
struct answer {
    struct outcome outcome;
    bool has_failed;
    char how[1200]; /* it failed */
};

/*
 * A build that takes so much longer than naive did has hung. Short inputs, on which a record is
 * looked for, are given less time.
 */
enum { HANG_MS = 15000, HANG_SEARCH_MS = 3000, HANG_TIMES = 50 };

/* Naive itself has nothing to be held against. */
enum { NAIVE_MS = 60000 };

static int ask(struct comparison *comparison, unsigned build, const struct input_file *input,
               uint64_t timeout_ms, struct answer *answer)
{
    const struct run_setup setup = {.input = input};
    struct rundoc doc;
    int status = program_try(comparison, build, &setup, timeout_ms, &doc);

    *answer = (struct answer){.has_failed = status == 1};
    if (status == 0) {
        answer->outcome = outcome_of(&doc);
        rundoc_free(&doc);
    } else if (status == 1) {
        snprintf(answer->how, sizeof answer->how, "%.1199s", comparison->error);
        comparison->error[0] = '\0';
    }
    return status < 0 ? -1 : 0;
}

static bool is_equal(const struct answer *a, const struct answer *b)
{
    return a->has_failed == b->has_failed &&
           (a->has_failed || outcome_is_equal(&a->outcome, &b->outcome));
}

/* Writes the first `count` lines of the input into the file `prefix`; the last one also into
 * `last`. */
static int write_prefix(struct comparison *comparison, const struct input_file *input,
                        uint64_t count, struct input_file *prefix, char *last, size_t last_size)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;

    results_path(&comparison->results, "work/prefix.ndjson", prefix->path);
    FILE *from = fopen(input->path, "r"), *to = fopen(prefix->path, "w");
    for (prefix->records = 0; from != NULL && to != NULL && prefix->records < count &&
                              (length = getline(&line, &size, from)) > 0;
         prefix->records++) {
        fwrite(line, 1, (size_t)length, to);
        snprintf(last, last_size, "%.*s", (int)strcspn(line, "\r\n"), line);
    }
    int status = prefix->records == count ? 0 : -1;
    free(line);
    if (from != NULL)
        fclose(from);
    if (to != NULL && fclose(to) != 0)
        status = -1;
    if (status != 0)
        comparison_fail(comparison, "cannot cut %s: %s", input->path, strerror(errno));
    return status;
}

/* What is looked for: the first line of the whole input that a build and naive disagree on. */
struct search {
    struct comparison *comparison;
    unsigned build;
    uint64_t timeout_ms;
    uint64_t number; /* of the line, from 1 */
    char record[512];
};

/* Whether they differ on the first `count` lines: 1, 0, or -1. */
static int differs_within(struct search *search, uint64_t count)
{
    struct comparison *comparison = search->comparison;
    struct input_file prefix = {.records = 0};
    struct answer naive, other;

    if (write_prefix(comparison, &comparison->whole, count, &prefix, search->record,
                     sizeof search->record) != 0 ||
        ask(comparison, 0, &prefix, NAIVE_MS, &naive) != 0 ||
        ask(comparison, search->build, &prefix, search->timeout_ms, &other) != 0)
        return -1;
    return !is_equal(&naive, &other);
}

/* 1 if a line was found, 0 if the difference did not show again, or -1. */
static int find_record(struct search *search)
{
    uint64_t same = 0, different = search->comparison->whole.records;

    while (different - same > 1) {
        uint64_t middle = same + (different - same) / 2;
        int differs = differs_within(search, middle);
        if (differs < 0)
            return -1;
        *(differs ? &different : &same) = middle;
    }
    search->number = different;
    return differs_within(search, different);
}

static void describe(const struct answer *answer, const char *code, char *text, size_t size)
{
    if (answer->has_failed)
        snprintf(text, size, "%s", answer->how);
    else
        snprintf(text, size, "%s: digest %016llx, %llu accepted", code,
                 (unsigned long long)answer->outcome.digest,
                 (unsigned long long)answer->outcome.accepted);
}

/* Says which file and which record, once a build is known to differ from naive. */
static int explain(struct comparison *comparison, const struct answer answers[BUILD_COUNT],
                   const bool has_run[BUILD_COUNT], unsigned differing, uint64_t search_ms)
{
    char code[BUILD_CODE_SIZE], where[768], what[2][1300], headline[64];
    int culprit = -1;

    /* The fix that alone makes a difference; else all that can be said is which build does. */
    for (int lesson = 0; lesson < LESSON_COUNT && culprit < 0; lesson++)
        if (has_run[build_alone(lesson)] &&
            !is_equal(&answers[BUILD_NAIVE], &answers[build_alone(lesson)]))
            culprit = lesson;
    struct search search = {.comparison = comparison,
                            .build = culprit >= 0 ? build_alone(culprit) : differing,
                            .timeout_ms = search_ms};
    build_code(search.build, code);
    int found = find_record(&search);
    if (found < 0)
        return -1;
    if (found)
        snprintf(where, sizeof where, "line %llu of the input: %.200s%s",
                 (unsigned long long)search.number, search.record,
                 strlen(search.record) > 200 ? "..." : "");
    else
        snprintf(where, sizeof where,
                 "none to name: it was not the same again on the same records (a race, say)");
    describe(&answers[0], CODE_NAIVE, what[0], sizeof what[0]);
    describe(&answers[search.build], code, what[1], sizeof what[1]);
    bool is_failure = answers[search.build].has_failed;
    snprintf(headline, sizeof headline,
             is_failure ? "a build failed where %s did not" : "the builds do not compute the same",
             CODE_NAIVE);
    return comparison_fail(
        comparison,
        "%s, so nothing was timed.\n"
        "  file    %s%s%s\n"
        "  record  %s\n"
        "  builds  %s; %s (whole input)\n"
        "%s",
        headline, culprit >= 0 ? "fixed/" : "",
        culprit >= 0 ? lesson_id(culprit) : "a combination of fixes: ",
        culprit < 0  ? code
        : is_failure ? ".c failed"
                     : ".c does not compute what naive does",
        where, what[0], what[1],
        is_failure ? "Mend what it says. If it names no limit of the machine's, mend the file and "
                     "run `make test`"
                   : "Mend the file and run `make test`, which holds both trees against the "
                     "specification");
}

/*
 * What the parts of the input come to, by nnnn: each run over them is held against it. Of nothing
 * but rejected records there is nothing to time, to count, or to divide by.
 */
static int prove_parts(struct comparison *comparison)
{
    struct input_file *parts[] = {&comparison->timed, &comparison->database, &comparison->counted,
                                  &comparison->thrice};

    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct answer answer;
        if (ask(comparison, 0, parts[i], NAIVE_MS, &answer) != 0)
            return -1;
        if (answer.has_failed)
            return comparison_fail(comparison, "%s", answer.how);
        parts[i]->outcome = answer.outcome;
        parts[i]->is_proved = true;
        if (answer.outcome.accepted == 0)
            return comparison_fail(
                comparison, "%s: no record is accepted among the first %llu, which are counted",
                comparison->user_input, (unsigned long long)parts[i]->records);
    }
    return 0;
}

static void describe_input(struct comparison *comparison, unsigned count)
{
    const struct outcome *outcome = &comparison->whole.outcome;
    struct model *model = &comparison->model;
    bool is_users = comparison->user_input[0] != '\0';
    struct stat about;

    model->input = (struct input){
        .source = is_users ? comparison->user_input : "generated",
        .seed = is_users ? NAN : (double)comparison->seed,
        .records = (double)comparison->whole.records,
        .bytes = stat(comparison->whole.path, &about) == 0 ? (double)about.st_size : 0,
        .accepted = (double)outcome->accepted,
        .rejected = (double)outcome->rejected,
        .digest = model_text(model, "%016llx", (unsigned long long)outcome->digest),
        .score_sum = outcome->score_sum,
    };
    model->proof = (struct proof){.builds = count, .is_equal = true};
}

int prove_equality(struct comparison *comparison)
{
    static struct answer answers[BUILD_COUNT]; /* large */
    bool has_run[BUILD_COUNT] = {false};
    unsigned builds[BUILD_COUNT];
    unsigned count = plan_builds(&comparison->plan, builds);

    comparison_announce(comparison, 0.2 * count, "proof: %u builds, %llu records, one digest",
                        count, (unsigned long long)comparison->whole.records);
    uint64_t start_ns = clock_ns();
    if (ask(comparison, 0, &comparison->whole, NAIVE_MS, &answers[0]) != 0)
        return -1;
    uint64_t naive_ms = (clock_ns() - start_ns) / 1000000;
    if (answers[0].has_failed)
        return comparison_fail(comparison, "%s", answers[0].how);
    if (answers[0].outcome.accepted == 0)
        return comparison_fail(comparison,
                               "%s: no record is accepted, of %llu: there is nothing to time. "
                               "`build/bin/fastenough run FILE` says what is wrong with each",
                               comparison->user_input,
                               (unsigned long long)comparison->whole.records);
    has_run[0] = true;
    for (unsigned i = 0; i < count; i++) {
        unsigned build = builds[i];
        if (build != 0 && ask(comparison, build, &comparison->whole,
                              HANG_MS + HANG_TIMES * naive_ms, &answers[build]) != 0)
            return -1;
        has_run[build] = true;
    }
    for (unsigned i = 0; i < count; i++)
        if (!is_equal(&answers[0], &answers[builds[i]]))
            return explain(comparison, answers, has_run, builds[i],
                           HANG_SEARCH_MS + HANG_TIMES * naive_ms);
    comparison->whole.outcome = answers[0].outcome;
    comparison->whole.is_proved = true;
    if (prove_parts(comparison) != 0 || prove_rows(comparison) != 0)
        return -1;
    describe_input(comparison, count);
    return 0;
}
