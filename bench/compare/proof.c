/*
 * proof.c - proof before timing: all builds compute the same from the same input, or nothing is
 * shown.
 *
 * Where they do not, the file at fault is the one whose fix alone changes the result, and the
 * record is found by cutting the input in half again and again: a digest is a sum over records, so
 * that the first record that differs is the end of the shortest beginning that differs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "programs.h"

/* What has to be equal. */
struct outcome {
    uint64_t accepted, rejected;
    double score_sum;
    char digest[17];
};

static int run_outcome(struct comparison *comparison, unsigned mask, const struct input_file *input,
                       struct outcome *outcome, double *bytes)
{
    struct run_setup setup = {.input = input};
    struct rundoc doc;

    if (program_run(comparison, mask, &setup, &doc) != 0)
        return -1;
    *outcome = (struct outcome){
        .accepted = doc.accepted, .rejected = doc.rejected, .score_sum = doc.score_sum};
    snprintf(outcome->digest, sizeof outcome->digest, "%s", doc.digest);
    if (bytes != NULL)
        rundoc_number(&doc, "bytes", bytes);
    rundoc_free(&doc);
    return 0;
}

static bool is_equal(const struct outcome *a, const struct outcome *b)
{
    return a->accepted == b->accepted && a->rejected == b->rejected &&
           a->score_sum == b->score_sum && strcmp(a->digest, b->digest) == 0;
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

/* Whether two builds differ on the first `count` lines: 1, 0, or -1. */
static int differs_within(struct comparison *comparison, unsigned a, unsigned b,
                          const struct input_file *input, uint64_t count, char *last,
                          size_t last_size)
{
    struct input_file prefix;
    struct outcome of_a, of_b;

    if (write_prefix(comparison, input, count, &prefix, last, last_size) != 0 ||
        run_outcome(comparison, a, &prefix, &of_a, NULL) != 0 ||
        run_outcome(comparison, b, &prefix, &of_b, NULL) != 0)
        return -1;
    return !is_equal(&of_a, &of_b);
}

/* Finds the first line that two builds, which differ on the whole input, do not agree on. */
static int find_record(struct comparison *comparison, unsigned a, unsigned b,
                       const struct input_file *input, uint64_t *number, char *text,
                       size_t text_size)
{
    uint64_t same = 0, different = input->records;

    while (different - same > 1) {
        uint64_t middle = same + (different - same) / 2;
        int differs = differs_within(comparison, a, b, input, middle, text, text_size);
        if (differs < 0)
            return -1;
        *(differs ? &different : &same) = middle;
    }
    *number = different;
    return differs_within(comparison, a, b, input, different, text, text_size) < 0 ? -1 : 0;
}

/* Says which file and which record, once two builds are known to differ. */
static int explain(struct comparison *comparison, const struct outcome outcomes[16],
                   const bool has_run[16], unsigned differing)
{
    char naive_code[5], code[5], record[512];
    uint64_t number = 0;
    int culprit = -1;

    /* The fix that alone makes a difference; else all that can be said is which build does. */
    for (int fix = 0; fix < FIX_COUNT && culprit < 0; fix++)
        if (has_run[1u << fix] && !is_equal(&outcomes[0], &outcomes[1u << fix]))
            culprit = fix;
    unsigned mask = culprit >= 0 ? 1u << culprit : differing;
    attribution_code(0, naive_code);
    attribution_code(mask, code);
    if (find_record(comparison, 0, mask, &comparison->whole, &number, record, sizeof record) != 0)
        return -1;
    return comparison_fail(
        comparison,
        "the builds do not compute the same, so nothing was timed.\n"
        "  file    %s%s%s\n"
        "  record  line %llu of the input: %.200s%s\n"
        "  builds  %s: digest %s, %llu accepted; %s: digest %s, %llu accepted (whole input)\n"
        "Mend the file and run `make test`, which holds both trees against the specification",
        culprit >= 0 ? "fixed/" : "",
        culprit >= 0 ? fix_id((enum fix)culprit) : "a combination of fixes: ",
        culprit >= 0 ? ".c does not compute what naive does" : code, (unsigned long long)number,
        record, strlen(record) > 200 ? "..." : "", naive_code, outcomes[0].digest,
        (unsigned long long)outcomes[0].accepted, code, outcomes[mask].digest,
        (unsigned long long)outcomes[mask].accepted);
}

int prove_equality(struct comparison *comparison)
{
    struct outcome outcomes[ATTRIBUTION_VARIANTS];
    bool has_run[ATTRIBUTION_VARIANTS] = {false};
    unsigned masks[ATTRIBUTION_VARIANTS];
    double bytes = 0;
    unsigned count = plan_builds(&comparison->plan, masks);

    comparison_announce(comparison, 0.15 * count, "proof: %u builds, %llu records, one digest",
                        count, (unsigned long long)comparison->whole.records);
    for (unsigned i = 0; i < count; i++) {
        unsigned mask = masks[i];
        if (run_outcome(comparison, mask, &comparison->whole, &outcomes[mask], &bytes) != 0)
            return -1;
        has_run[mask] = true;
    }
    for (unsigned i = 0; i < count; i++)
        if (!is_equal(&outcomes[0], &outcomes[masks[i]]))
            return explain(comparison, outcomes, has_run, masks[i]);

    cJSON *input = cJSON_AddObjectToObject(comparison->document, "input");
    bool is_users = comparison->user_input[0] != '\0';
    cJSON_AddStringToObject(input, "source", is_users ? comparison->user_input : "generated");
    if (is_users)
        cJSON_AddNullToObject(input, "seed");
    else
        cJSON_AddNumberToObject(input, "seed", (double)comparison->seed);
    cJSON_AddNumberToObject(input, "records", (double)comparison->whole.records);
    cJSON_AddNumberToObject(input, "bytes", bytes);
    cJSON_AddNumberToObject(input, "accepted", (double)outcomes[0].accepted);
    cJSON_AddNumberToObject(input, "rejected", (double)outcomes[0].rejected);
    cJSON_AddStringToObject(input, "digest", outcomes[0].digest);
    cJSON_AddNumberToObject(input, "score_sum", outcomes[0].score_sum);
    cJSON *proof = cJSON_AddObjectToObject(comparison->document, "proof");
    cJSON_AddNumberToObject(proof, "builds", count);
    cJSON_AddBoolToObject(proof, "is_equal", true);
    return 0;
}
