/*
 * real.c - real pairs: what a newcomer would compare. Times are not held against anything, as this
 * runs beside other tests: what is looked at is the proof, exact counts, and what is said.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "bench/readers/json.h"
#include "tests/pair/fixture.h"

static struct pair_fixture fixture;

static void begin(void)
{
    pair_fixture_init(&fixture);
    cr_assert_eq(pair_fixture_run(&fixture, "seq 1 20000 | sed 's/$/ some words/' >data.txt"), 0);
}

static void end(void)
{
    pair_fixture_free(&fixture);
}

TestSuite(real_pairs, .init = begin, .fini = end, .timeout = 120);

/* They were compared, and each has a wall time. */
static void expect_compared(void)
{
    cr_assert_eq(fixture.status, 0, "%d\n%s", fixture.status, fixture.output);
    const cJSON *time = pair_fixture_metric(&fixture, "time", "wall_time");
    cr_assert_not_null(time, "%s", fixture.output);
    cr_expect(json_number_or_nan(time, "naive") > 0 && json_number_or_nan(time, "fixed") > 0);
    cr_expect(!pair_fixture_has_process(&fixture));
}

static void expect_exact(const char *section, const char *name, double before, double after)
{
    const cJSON *metric = pair_fixture_metric(&fixture, section, name);

    cr_assert_not_null(metric, "no %s in\n%s", name, fixture.output);
    cr_expect(json_is_true(metric, "exact"), "%s", name);
    cr_expect_eq(json_number_or_nan(metric, "naive"), before, "%s", name);
    cr_expect_eq(json_number_or_nan(metric, "fixed"), after, "%s", name);
}

Test(real_pairs, two_settings_of_a_compressor)
{
    pair_fixture_write(
        &fixture, "same.sh",
        "#!/bin/sh\ngunzip -c <\"$1\" >one && gunzip -c <\"$2\" >two && cmp one two\n");
    pair_fixture_run(&fixture,
                     "$COMPARE --before 'gzip -c -9 data.txt' --after 'gzip -c -1 data.txt' "
                     "--proof ./same.sh --budget 3s --name 'level 1'");
    expect_compared();
    cr_expect_not_null(strstr(fixture.output, "./same.sh finds both outputs good"));
    /* and they are not the same, which is what is asked for otherwise */
    pair_fixture_run(&fixture,
                     "$COMPARE --before 'gzip -c -9 data.txt' --after 'gzip -c -1 data.txt'");
    cr_expect_eq(fixture.status, 1);
    cr_expect_not_null(strstr(fixture.output, "first difference"));
}

Test(real_pairs, two_locales_of_sort)
{
    pair_fixture_run(&fixture, "$COMPARE --before 'LC_ALL=C.UTF-8 sort' --after 'LC_ALL=C sort' "
                               "--stdin data.txt --budget 3s");
    expect_compared();
    cr_expect_not_null(strstr(fixture.output, "LC_ALL=C.UTF-8 sort"));
}

Test(real_pairs, an_interpreter_without_and_with_its_cache)
{
    cr_assert_eq(
        pair_fixture_run(&fixture,
                         "{ for i in $(seq 500); do echo \"def f$i(a): return [a, $i, a + $i]\"; "
                         "done; echo 'print(f3(2))'; } >big.py; "
                         "PYTHONPYCACHEPREFIX=cache /usr/bin/python3 -c 'import big'"),
        0);
    pair_fixture_run(&fixture,
                     "$COMPARE --before '/usr/bin/python3 -B -c \"import big\"' "
                     "--after 'PYTHONPYCACHEPREFIX=cache /usr/bin/python3 -c \"import big\"' "
                     "--budget 8s");
    expect_compared();
    cr_expect_not_null(strstr(fixture.output, "print the same 10 bytes"), "%s", fixture.output);
}

/* Sorts and counts: by neighbours, or as the library does. */
static const char old_c[] =
    "#include <stdio.h>\n#include <stdlib.h>\n"
    "int main(void)\n{\n"
    "    static int numbers[400];\n    long comparisons = 0;\n"
    "    for (int i = 0; i < 400; i++) numbers[i] = (i * 7919) % 401;\n"
    "    for (int i = 0; i < 400; i++)\n"
    "        for (int k = 0; k + 1 < LIMIT; k++)\n"
    "            if (comparisons++, numbers[k] > numbers[k + 1]) {\n"
    "                int other = numbers[k]; numbers[k] = numbers[k + 1]; numbers[k + 1] = other;\n"
    "            }\n"
    "    for (int i = 0; i < 400; i++) printf(\"%d\\n\", numbers[i]);\n"
    "    FILE *file = fopen(getenv(\"FASTENOUGH_COUNTERS\") ? getenv(\"FASTENOUGH_COUNTERS\") : "
    "\"/dev/null\", \"w\");\n"
    "    fprintf(file, \"comparisons=%ld\\n\", comparisons);\n    return fclose(file);\n}\n";

static void build(void)
{
    pair_fixture_write(&fixture, "sort.c", old_c);
    cr_assert_eq(pair_fixture_run(&fixture,
                                  COMPILER " -g -O1 -DLIMIT=400 -o old sort.c && " COMPILER
                                           " -g -O1 '-DLIMIT=400-i' -o new sort.c"),
                 0, "%s", fixture.output);
}

Test(real_pairs, two_versions_of_a_small_program)
{
    build();
    pair_fixture_run(&fixture, "$COMPARE --budget 6s -- ./old -- ./new");
    expect_compared();
    expect_exact("own", "own:comparisons", 400 * 399, 400 * 399 / 2);
    cr_expect_not_null(strstr(fixture.output, "./new"));
    /* the other way round it is worse, which may be asked for */
    pair_fixture_run(&fixture, "$COMPARE --budget 6s --fail-if-worse --before ./new --after ./old");
    cr_expect_eq(fixture.status, 3, "%d\n%s", fixture.status, fixture.output);
}

Test(real_pairs, the_same_program_twice)
{
    build();
    pair_fixture_run(&fixture, "$COMPARE --budget 6s --before ./old --after ./old");
    expect_compared();
    expect_exact("own", "own:comparisons", 400 * 399, 400 * 399);
    cr_expect_str_eq(
        json_text_or(pair_fixture_metric(&fixture, "own", "own:comparisons"), "verdict", ""),
        "no difference");
}

Test(real_pairs, a_gate_over_the_counts_of_a_program)
{
    build();
    pair_fixture_run(&fixture,
                     "$COMPARE --budget 6s --before ./old --after ./new && "
                     "cp results/latest/compare.json then.json && "
                     "%s/bin/gate --results gate --base then.json",
                     BUILD_FOLDER);
    cr_expect_eq(fixture.status, 0, "%d\n%s", fixture.status, fixture.output);
    /* somebody breaks it: the output is the same, and it costs twice */
    cr_assert_eq(pair_fixture_run(&fixture,
                                  "cp old new; %s/bin/gate --results gate --base then.json",
                                  BUILD_FOLDER),
                 3, "%s", fixture.output);
    cr_expect_not_null(strstr(fixture.output, "worse  after: comparisons"), "%s", fixture.output);
}

Test(real_pairs, two_sizes_of_a_buffer)
{
    pair_fixture_run(&fixture, "$COMPARE --budget 4s --before 'dd bs=64 status=none' "
                               "--after 'dd bs=64k status=none' --stdin data.txt");
    expect_compared();
}

Test(real_pairs, two_pipelines)
{
    pair_fixture_run(&fixture, "$COMPARE --budget 3s --before 'cat data.txt | grep 7 | wc -l' "
                               "--after 'grep -c 7 data.txt'");
    expect_compared();
}

Test(real_pairs, what_takes_longer_than_the_budget_has_room_for)
{
    pair_fixture_run(&fixture, "$COMPARE --budget 2s --before 'sleep 0.6' --after 'sleep 0.5'");
    expect_compared();
    cr_expect_not_null(strstr(fixture.output, "no intervals of times"), "%s", fixture.output);
    const cJSON *time = pair_fixture_metric(&fixture, "time", "wall_time");
    cr_expect(cJSON_IsNull(cJSON_GetObjectItem(time, "verdict")));
}

/* Only make knows what its users' characters come to. */
Test(real_pairs, make_takes_any_character)
{
    pair_fixture_run(
        &fixture,
        "dir=$PWD; cd '%s' && make -s compare BUILD='%s' RESULTS=\"$dir/results\" BUDGET=1s "
        "BEFORE='printf %%s \"it'\"'\"'s $((6 * 7)) #\"' AFTER='echo \"it'\"'\"'s 42 #\" | tr -d "
        "\"\\n\"'",
        PROJECT_FOLDER, BUILD_FOLDER);
    expect_compared();
    cr_expect_not_null(strstr(fixture.output, "print the same 9 bytes"), "%s", fixture.output);
}
