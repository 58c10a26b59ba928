/*
 * gate.c - a count that got worse than a baseline's ends with 3, others with 0, nonsense with 2.
 */
#include "bench/compare/base.h"
#include "bench/gate/verdict.h"
#include "tests/gate/member_of.h"
#include "tests/open/shell.h"

#define GATE BUILD_FOLDER "/bin/gate"
#define EXAMPLE "tests/harness/data/compare.json"

/* Writes the example with one count multiplied, and asks the gate about it. */
static void ask(struct shell *shell, const char *lesson, const char *metric, double factor,
                const char *compiler, const char *options)
{
    char path[] = "/tmp/gate-XXXXXX";
    cJSON *document = rendering_load();
    cJSON *value = cJSON_GetObjectItem(metric_of(document, lesson, metric), "naive");
    int file = mkstemp(path);

    cr_assert_geq(file, 0);
    close(file);
    cJSON_SetNumberValue(value, factor * value->valuedouble);
    if (compiler != NULL)
        cJSON_ReplaceItemInObject(cJSON_GetObjectItem(document, "machine"), "compiler",
                                  cJSON_CreateString(compiler));
    write_json(path, document);
    cJSON_Delete(document);
    shell_run(shell, GATE " --base " EXAMPLE " --now %s %s", path, options);
    unlink(path);
}

Test(gate, passes_what_did_not_change)
{
    struct shell shell = {0};

    shell_run(&shell, GATE " --base " EXAMPLE " --now " EXAMPLE " --limit 0");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect(strstr(shell.text, " 0 worse") != NULL, "%s", shell.text);
    shell_free(&shell);
}

Test(gate, stops_what_got_worse_by_more_than_the_limit)
{
    struct shell shell = {0};

    ask(&shell, "sort", "comparisons", 1.03, NULL, "");
    cr_expect_eq(shell.status, 3, "%s", shell.text);
    cr_expect(strstr(shell.text, "worse  nnnn: tag comparisons") != NULL, "%s", shell.text);
    ask(&shell, "sort", "comparisons", 1.03, NULL, "--limit 5%");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    ask(&shell, "sort", "comparisons", 1.03, NULL, "--limit 0.01");
    cr_expect_eq(shell.status, 3, "%s", shell.text);
    ask(&shell, "sort", "comparisons", 0.5, NULL, "--limit 0");
    cr_expect_eq(shell.status, 0, "less is better: %s", shell.text);
    shell_free(&shell);
}

Test(gate, never_looks_at_a_time)
{
    struct shell shell = {0};

    ask(&shell, "key", "time_alone", 100, NULL, "");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    shell_free(&shell);
}

Test(gate, judges_no_instructions_of_another_compiler_and_says_so)
{
    struct shell shell = {0};

    ask(&shell, "key", "function_instructions", 1.05, NULL, "");
    cr_expect_eq(shell.status, 3, "%s", shell.text);
    ask(&shell, "key", "function_instructions", 3, "gcc 99", "");
    cr_expect_eq(shell.status, 4, "%s", shell.text);
    cr_expect(strstr(shell.text, "gcc 99 now") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "were NOT judged") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "make gate-baseline") != NULL, "%s", shell.text);
    ask(&shell, "sort", "comparisons", 1.05, "gcc 99", "");
    cr_expect_eq(shell.status, 3, "comparisons are the same by any compiler: %s", shell.text);
    shell_free(&shell);
}

Test(gate, turns_nonsense_away)
{
    static const char *const nonsense[] = {
        "--limit x",
        "--limit -1%",
        "--limit 2%%",
        "--limit ''",
        "--limit 2",
        "--base /nonexistent",
        "--base Makefile",
        "--nonsense",
        "more",
        "--base " EXAMPLE " --now /nonexistent",
    };
    struct shell shell = {0};

    for (unsigned i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        shell_run(&shell, GATE " %s", nonsense[i]);
        cr_expect_eq(shell.status, 2, "%s: %s", nonsense[i], shell.text);
        cr_expect_gt(strlen(shell.text), 0);
    }
    shell_free(&shell);
}

Test(gate, refuses_a_baseline_of_other_records)
{
    char path[] = "/tmp/gate-XXXXXX";
    struct shell shell = {0};
    cJSON *document = rendering_load();
    int file = mkstemp(path);

    cr_assert_geq(file, 0);
    close(file);
    cJSON_ReplaceItemInObject(cJSON_GetObjectItem(document, "input"), "digest",
                              cJSON_CreateString("0"));
    write_json(path, document);
    cJSON_Delete(document);
    shell_run(&shell, GATE " --base " EXAMPLE " --now %s", path);
    cr_expect_eq(shell.status, 2, "%s", shell.text);
    unlink(path);
    shell_free(&shell);
}

/* The example is judged against itself, without what `script` (Python) takes from it. */
static void ask_base(struct shell *shell, const char *script)
{
    shell_run(shell,
              "set -e; f=$(mktemp); trap 'rm -f \"$f\"' EXIT; python3 -c \"import json\n"
              "d = json.load(open('" EXAMPLE "'))\n%s\njson.dump(d, open('$f', 'w'))\"; " GATE
              " --base \"$f\" --now " EXAMPLE,
              script);
}

/* Counts that a baseline lacks could get worse for ever: it has to be said, and to fail. */
Test(gate, says_what_a_baseline_lacks)
{
    struct shell shell = {0};

    ask_base(&shell, "[m.update(fixed=None) for m in d['lessons'][1]['metrics'] "
                     "if m['name'] == 'comparisons']");
    cr_expect_eq(shell.status, 2, "%s", shell.text);
    cr_expect(strstr(shell.text, "lacks  nfnn: tag comparisons (counters)\n") != NULL, "%s",
              shell.text);
    cr_expect(strstr(shell.text, "lacks 1 of the ") != NULL, "%s", shell.text);
    ask_base(&shell, "[f.pop('metrics') for f in d['lessons']]");
    cr_expect_eq(shell.status, 2, "%s", shell.text);
    cr_expect(strstr(shell.text, "  lacks  ... and more\n") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "make gate-baseline") != NULL, "%s", shell.text);
    ask_base(&shell, "[d.pop(n) for n in ('lessons', 'whole', 'builds')]");
    cr_expect_eq(shell.status, 2, "%s", shell.text);
    cr_expect(strstr(shell.text, "0 counts compared") != NULL, "%s", shell.text);
    ask_base(&shell, "d.pop('builds')");
    cr_expect_eq(shell.status, 0, "no baseline has the sixteen: %s", shell.text);
    shell_free(&shell);
}

Test(gate, reads_limits_as_people_write_them)
{
    double limit;

    cr_expect_eq(gate_parse_limit("2%", &limit), 0);
    cr_expect_float_eq(limit, 0.02, 1e-12);
    cr_expect_eq(gate_parse_limit("0.02", &limit), 0);
    cr_expect_float_eq(limit, 0.02, 1e-12);
    cr_expect_eq(gate_parse_limit("0", &limit), 0);
    cr_expect_eq(gate_parse_limit("200%", &limit), 0);
    cr_expect_float_eq(limit, 2, 1e-12);
    cr_expect_eq(gate_parse_limit("2", &limit), -1, "2%% or 0.02 may be meant");
    cr_expect_eq(gate_parse_limit("nan", &limit), -1);
    cr_expect_eq(gate_parse_limit("2 %", &limit), -1);
    cr_expect_eq(gate_parse_limit("1e9", &limit), -1);
}

/* And none of its Valgrinds has files for gdb in /tmp, where those of another user's are. */
Test(gate, of_what_it_measured_a_moment_ago_passes)
{
    struct shell shell = {0};

    shell_run(&shell,
              "set -e; d=$(mktemp -d); trap 'rm -rf \"$d\"' EXIT; mkdir \"$d/path\"; "
              "printf '%%s\\n' '#!/bin/sh' 'echo \"$@\" >>\"${0%%/*}/told\"' 'PATH=${PATH#*:}' "
              "'exec valgrind \"$@\"' >\"$d/path/valgrind\"; chmod +x \"$d/path/valgrind\"; "
              "PATH=\"$d/path:$PATH\"; " GATE " --programs " BUILD_FOLDER
              "/bin --results \"$d/results\" --write \"$d/baseline.json\"; " GATE
              " --programs " BUILD_FOLDER
              "/bin --results \"$d/results\" --base \"$d/baseline.json\"; ls -A \"$d/results\"; "
              "grep -qe --tool= \"$d/path/told\"; "
              "! grep -e --tool= \"$d/path/told\" | grep -ve --vgdb=no");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    const char *end = strstr(shell.text, "gate: ");
    cr_assert_not_null(end, "%s", shell.text);
    cr_expect(strstr(end, " 0 worse") != NULL, "%s", end);
    cr_expect(strchr(end, '\n') != NULL && strchr(end, '\n')[1] == '\0', "nothing is left: %s",
              end);
    shell_free(&shell);
}
