/*
 * prove.c - both commands do the same, before anything is measured of them.
 *
 * Each is run once: what it printed is kept up to KEPT bytes, so that a first difference can be
 * shown, and all of it goes into a digest. Where the outputs differ, each is run once more: one
 * that prints something else each time is told from one that computes something else.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/pair/phases.h"

static const double short_share = 0.05; /* of the budget */
/* A busy machine lets even the shortest wait: so long a first run may take, however small the
 * budget. */
enum { PATIENCE_S = 5 };
enum { KEPT = 64 * 1024 * 1024, SHOWN = 160, JUDGE_MS = 600000 };

/* Where to look for what the program might wait for. */
static int fail_endless(struct pair *pair, const struct pair_side *side, double seconds)
{
    return comparison_fail(pair->comparison,
                           "%s had not ended after %.0f s, and was ended: %s\n"
                           "If it only takes that long, BUDGET= gives it more time. It has no "
                           "terminal, and its standard "
                           "input is %s: what it waits for may be there (STDIN=FILE)",
                           side->name, seconds, side->text,
                           pair->input != NULL ? pair->input : "empty (/dev/null)");
}

/* What it wrote to standard error, or nothing, in one line. */
static const char *errors_of(const struct child_result *result, char text[256])
{
    size_t used = 0;

    for (const char *at = result->errors; at != NULL && *at != '\0' && used < 200; at++)
        text[used++] = isprint((unsigned char)*at) ? *at : ' ';
    while (used > 0 && text[used - 1] == ' ')
        used--;
    text[used] = '\0';
    return text;
}

/* A run of which nothing is known yet, and that may take as long as the budget. */
static int run_first(struct pair *pair, unsigned index, bool is_kept, struct child_result *result)
{
    struct pair_side *side = &pair->side[index];
    struct pair_run run;
    char text[1024];
    int status = 0;

    if (pair_run_init(&run, pair, index, NULL) != 0)
        return -1;
    run.job.timeout_ms = (uint64_t)(1e3 * fmax(pair->budget_s, PATIENCE_S));
    run.job.output.limit_bytes = is_kept ? KEPT : 1;
    side->is_repeatable = false; /* nothing to be held against */
    int ran = pair_run(pair, &run, result);
    child_describe(&run.job, result, text, sizeof text);
    if (ran < 0)
        status = -1;
    else if (result->end == CHILD_TIMED_OUT)
        status = fail_endless(pair, side, fmax(pair->budget_s, PATIENCE_S));
    else if (result->end != CHILD_EXITED)
        status = comparison_fail(pair->comparison, "%s\nIt is: %s", text, side->text);
    else if (side->is_shell && (result->exit_status == 127 || result->exit_status == 126))
        status = comparison_fail(pair->comparison, "%s\nIt is: sh -c '%s'", text, side->text);
    pair_run_free(&run);
    return status;
}

/* What is known of a side from now on. */
static void note(struct pair_side *side, const struct child_result *result)
{
    side->seconds = (double)result->wall_ns / 1e9;
    side->exit_status = result->exit_status;
    side->output_bytes = result->output_bytes;
    side->output_digest = result->output_digest;
    side->is_repeatable = true;
}

/* A line of an output, from a bit before where it differs: for people, and their terminal. */
static void show_line(char text[SHOWN + 8], const char *output, size_t length, size_t at)
{
    size_t from = at, used = 0;

    if (at >= length) {
        snprintf(text, SHOWN, "(ends here)");
        return;
    }
    while (from > 0 && output[from - 1] != '\n' && at - from < SHOWN / 2)
        from--;
    if (from > 0 && output[from - 1] != '\n')
        used = (size_t)snprintf(text, SHOWN, "...");
    for (; from < length && output[from] != '\n' && used < SHOWN; from++)
        text[used++] = isprint((unsigned char)output[from]) ? output[from] : '?';
    text[used] = '\0';
    if (from < length && output[from] != '\n')
        strcpy(text + used, "...");
}

/* The outputs differ, and do so each time. */
static int fail_difference(struct pair *pair, const struct child_result results[PAIR_SIDES])
{
    const struct child_result *before = &results[0], *after = &results[1];
    const size_t both =
        before->output_length < after->output_length ? before->output_length : after->output_length;
    char lines[PAIR_SIDES][SHOWN + 8];
    size_t at = 0;
    unsigned long line = 1;

    while (at < both && before->output[at] == after->output[at])
        line += before->output[at++] == '\n';
    if (at == both && (before->is_output_cut || after->is_output_cut))
        return comparison_fail(
            pair->comparison,
            "the two commands do not print the same, so nothing was measured: the "
            "first %d MiB are the same, and what follows is not (%llu bytes, and %llu)",
            KEPT >> 20, (unsigned long long)before->output_bytes,
            (unsigned long long)after->output_bytes);
    for (unsigned side = 0; side < PAIR_SIDES; side++)
        show_line(lines[side], results[side].output, results[side].output_length, at);
    return comparison_fail(
        pair->comparison,
        "the two commands do not print the same, so nothing was measured.\n"
        "  first difference in line %lu (byte %zu)\n"
        "  %-8s %s\n"
        "  %-8s %s\n"
        "If that is as it should be: PROOF=status compares only how they end, PROOF='command' is "
        "given "
        "both outputs' files and ends with 0 if they are as good, PROOF=none asks for nothing",
        line, at + 1, pair->side[0].name, lines[0], pair->side[1].name, lines[1]);
}

static int fail_unsteady(struct pair *pair, unsigned index)
{
    return comparison_fail(
        pair->comparison,
        "%s prints something else each time it is run, so that its output proves nothing: %s\n"
        "PROOF=status compares only how they end, PROOF='command' is given both outputs' files",
        pair->side[index].name, pair->side[index].text);
}

/* Runs each side again. -1 also where one of them is the same as before and that settles it. */
static int explain_difference(struct pair *pair, const struct child_result results[PAIR_SIDES])
{
    for (unsigned index = 0; index < PAIR_SIDES; index++) {
        struct child_result again;
        int status = run_first(pair, index, false, &again);
        bool is_other = again.output_digest != results[index].output_digest;
        child_result_free(&again);
        if (status != 0)
            return -1;
        if (is_other)
            return fail_unsteady(pair, index);
    }
    return fail_difference(pair, results);
}

static int write_output(struct pair *pair, const char *name, const struct child_result *result,
                        char path[PATH_SIZE])
{
    char relative[PATH_SIZE], whole[PATH_SIZE + 16];

    FILE *file = fopen(results_path(&pair->comparison->results, name, relative), "w");
    bool is_written = file != NULL && fwrite(result->output, 1, result->output_length, file) ==
                                          result->output_length;
    if (file != NULL && fclose(file) != 0)
        is_written = false;
    if (!is_written || realpath(relative, whole) == NULL)
        return comparison_fail(pair->comparison, "cannot write %s: %s", relative, strerror(errno));
    snprintf(path, PATH_SIZE, "%.*s", PATH_SIZE - 1, whole);
    return 0;
}

/* The user's own command, in the commands' folder, over both outputs. */
static int ask_judge(struct pair *pair, const struct child_result results[PAIR_SIDES])
{
    struct comparison *comparison = pair->comparison;
    char paths[PAIR_SIDES][PATH_SIZE], text[4096], said[1024];
    struct child_result result;
    const struct child_job job = {
        .label = "PROOF",
        .argv = (const char *const[]){"sh", "-c", text, "proof", paths[0], paths[1], NULL},
        .environment = (const char *const *)environ,
        .directory = pair->directory,
        .output = {.sink = CHILD_DISCARD},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = JUDGE_MS,
    };

    for (unsigned side = 0; side < PAIR_SIDES; side++) {
        if (results[side].is_output_cut)
            return comparison_fail(
                comparison,
                "%s prints %llu bytes: more than the %d MiB that are kept for a "
                "command that judges them. PROOF=output or PROOF=status can be had",
                pair->side[side].name, (unsigned long long)results[side].output_bytes, KEPT >> 20);
        if (write_output(pair, side == 0 ? "work/before" : "work/after", &results[side],
                         paths[side]) != 0)
            return -1;
    }
    /* it may say itself where the files are to stand */
    snprintf(text, sizeof text, "%s%s", pair->judge,
             strstr(pair->judge, "$1") != NULL ? "" : " \"$1\" \"$2\"");
    int status = child_run(&job, &result);
    if (status != 0) {
        child_describe(&job, &result, said, sizeof said);
        comparison_fail(comparison,
                        "both outputs were judged, and are not as good, so nothing was measured: "
                        "%s\nIt is: %s",
                        said, pair->judge);
    }
    child_result_free(&result);
    return status;
}

/* The first run found the caches cold: one that is soon over is run once more, for what it takes;
 * and for what it does, which has to be the same. */
static int run_again(struct pair *pair)
{
    for (unsigned index = 0; index < PAIR_SIDES; index++) {
        struct pair_side *side = &pair->side[index];
        struct pair_run run;
        struct child_result result;
        if (side->seconds > short_share * pair->budget_s)
            continue;
        if (pair_run_init(&run, pair, index, NULL) != 0)
            return -1;
        int status = pair_run(pair, &run, &result);
        if (status == 0)
            side->seconds = fmin(side->seconds, (double)result.wall_ns / 1e9);
        else if (status > 0 && result.output_digest != side->output_digest)
            fail_unsteady(pair, index);
        else if (status > 0)
            comparison_fail(pair->comparison,
                            "%s.\nIt was run twice, and does not do the same each "
                            "time: it cannot be compared. It is: %s",
                            pair_said(pair), side->text);
        child_result_free(&result);
        pair_run_free(&run);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* "exit status 0 and 1,024 bytes of output are the same" */
static void say(struct pair *pair)
{
    struct model *model = &pair->comparison->model;
    const struct pair_side *before = &pair->side[0], *after = &pair->side[1];
    struct subject *subject = model->subject;

    if (before->exit_status == after->exit_status)
        subject->exit_status = before->exit_status;
    if (before->output_digest == after->output_digest &&
        before->output_bytes == after->output_bytes)
        subject->output_bytes = (double)before->output_bytes;
    if (pair->proof == PAIR_PROOF_NONE)
        subject->proof = "none was asked for: nobody looked whether both do the same";
    else if (pair->proof == PAIR_PROOF_STATUS)
        subject->proof = model_text(
            model, "both end with exit status %d; outputs were not compared", before->exit_status);
    else if (pair->proof == PAIR_PROOF_COMMAND)
        subject->proof =
            model_text(model, "both end with exit status %d, and %s finds both outputs good",
                       before->exit_status, pair->judge);
    else
        subject->proof = model_text(
            model, "both end with exit status %d and print the same %llu bytes, each time",
            before->exit_status, (unsigned long long)before->output_bytes);
}

static int compare_ends(struct pair *pair, const struct child_result results[PAIR_SIDES])
{
    const struct pair_side *before = &pair->side[0], *after = &pair->side[1];
    char texts[PAIR_SIDES][256];

    if (before->exit_status == after->exit_status) {
        if (before->exit_status != 0)
            comparison_warn(pair->comparison, "both end with exit status %d%s%s",
                            before->exit_status,
                            *errors_of(&results[0], texts[0]) != '\0' ? ": " : "", texts[0]);
        return 0;
    }
    return comparison_fail(pair->comparison,
                           "the two commands do not end the same, so nothing was measured.\n"
                           "  %-8s exit status %d  %s\n"
                           "  %-8s exit status %d  %s\n"
                           "If that is as it should be, PROOF=none asks for nothing",
                           before->name, before->exit_status, errors_of(&results[0], texts[0]),
                           after->name, after->exit_status, errors_of(&results[1], texts[1]));
}

static int compare(struct pair *pair, const struct child_result results[PAIR_SIDES])
{
    if (pair->proof != PAIR_PROOF_NONE && compare_ends(pair, results) != 0)
        return -1;
    if (pair->proof == PAIR_PROOF_COMMAND)
        return ask_judge(pair, results);
    if (pair->proof != PAIR_PROOF_OUTPUT || (results[0].output_digest == results[1].output_digest &&
                                             results[0].output_bytes == results[1].output_bytes))
        return 0;
    return explain_difference(pair, results);
}

int pair_prove(struct pair *pair, struct own_keys *own)
{
    struct child_result results[PAIR_SIDES] = {{.output = NULL}, {.output = NULL}};
    const bool is_kept = pair->proof == PAIR_PROOF_OUTPUT || pair->proof == PAIR_PROOF_COMMAND;
    int status = 0;

    comparison_announce(pair->comparison, 0, "proof: both are run once");
    for (unsigned side = 0; side < PAIR_SIDES && status == 0; side++) {
        status = run_first(pair, side, is_kept, &results[side]);
        if (side == PAIR_BEFORE)
            own_read(own, pair->counters);
        if (status == 0)
            note(&pair->side[side], &results[side]);
    }
    if (status == 0)
        status = compare(pair, results);
    if (status == 0)
        status = run_again(pair);
    if (status == 0)
        say(pair);
    for (unsigned side = 0; side < PAIR_SIDES; side++)
        child_result_free(&results[side]);
    if (status != 0 && child_is_interrupted())
        comparison_fail(pair->comparison, "interrupted");
    return status;
}
