/* witness_counts.c - what the tools say of two commands: their counts, and what they do not bear.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/pair/witnesses.h"
#include "tests/pair/witness_fixture.h"

enum { TIMEOUT = 300 };

/* Allocates `turns` times in one function; the other does the same in one block. */
static const char many_source[] =
    "#include <stdio.h>\n#include <stdlib.h>\n"
    "void *volatile kept;\n"
    "__attribute__((noinline)) static void keep(int turns)\n"
    "{\n    for (int i = 0; i < turns; i++) { kept = malloc(100); free(kept); }\n}\n"
    "int main(void)\n{\n    keep(1000);\n    return puts(\"done\") < 0;\n}\n";
static const char one_source[] =
    "#include <stdio.h>\n#include <stdlib.h>\n"
    "void *volatile kept;\n"
    "__attribute__((noinline)) static void keep(int turns)\n"
    "{\n    kept = malloc((size_t)turns * 10); free(kept);\n}\n"
    "int main(void)\n{\n    keep(1000);\n    return puts(\"done\") < 0;\n}\n";

static void expect_exact(const struct fixture *fixture, enum pair_section section, const char *name,
                         const char *label, double naive, double fixed)
{
    const struct measurement *row = fixture_row(fixture, section, name, label);

    cr_assert_not_null(row, "%s %s", name, label != NULL ? label : "");
    cr_expect_eq(row->how, MEASURED_EXACTLY, "%s: %s", name, row->metric.condition);
    if (!isnan(naive)) {
        cr_expect_eq(row->naive, naive, "%s: %g", name, row->naive);
        cr_expect_eq(row->fixed, fixed, "%s: %g", name, row->fixed);
    }
}

static void count_all(struct fixture *fixture)
{
    cr_assert_eq(pair_witness(&fixture->pair), 0, "%s", fixture->comparison.error);
}

/* puts() allocates its buffer, too. */
static void expect_heap(const struct fixture *fixture, const char *place)
{
    char label[128];
    const struct measurement *row = fixture_row(fixture, PAIR_HEAP, "heap_blocks", NULL);

    cr_assert_not_null(row, "%s", fixture_lack(fixture, "blocks of the heap"));
    cr_expect_eq(row->how, MEASURED_EXACTLY);
    cr_expect_eq(row->naive - row->fixed, 999);
    snprintf(label, sizeof label, "heap bytes from %s", place);
    expect_exact(fixture, PAIR_HEAP, "heap_bytes_by_place", label, 100000, 10000);
    expect_exact(fixture, PAIR_HEAP, "heap_peak", NULL, NAN, NAN);
    expect_exact(fixture, PAIR_HEAP, "lost_bytes", NULL, 0, 0);
}

Test(witness_counts, with_debug_information, .timeout = TIMEOUT)
{
    char folder[64], before[PATH_SIZE], after[PATH_SIZE];
    struct fixture fixture;

    fixture_folder(folder);
    fixture_compile(folder, "many", many_source, "-O1 -g", before);
    fixture_compile(folder, "one", one_source, "-O1 -g", after);
    fixture_open(&fixture, before, after);
    count_all(&fixture);
    expect_heap(&fixture, "keep");
    const struct measurement *row =
        fixture_row(&fixture, PAIR_INSTRUCTIONS, "function_instructions", "instructions in keep");
    cr_assert_not_null(row);
    cr_expect_gt(row->naive, row->fixed);
    expect_exact(&fixture, PAIR_INSTRUCTIONS, "instructions", NULL, NAN, NAN);
    expect_exact(&fixture, PAIR_INSTRUCTIONS, "d1_misses", NULL, NAN, NAN);
    expect_exact(&fixture, PAIR_INSTRUCTIONS, "branch_misses", NULL, NAN, NAN);
    expect_exact(&fixture, PAIR_SYSTEM, "system_calls", NULL, NAN, NAN);
    cr_expect(fixture_has_raw(&fixture, "raw/callgrind.out.before"));
    cr_expect(fixture_has_raw(&fixture, "raw/callgrind.out.after"));
    cr_expect(fixture_has_raw(&fixture, "raw/dhat.out.after"));
    cr_expect(fixture_has_raw(&fixture, "raw/massif.out.before"));
    cr_expect_null(fixture_row(&fixture, PAIR_LOCKS, "long_holds", NULL), "there are no threads");
    fixture_close(&fixture);
    fixture_remove(folder);
}

/* Its own functions have no names; how many there are of what stays. */
Test(witness_counts, without_symbols, .timeout = TIMEOUT)
{
    char folder[64], before[PATH_SIZE], after[PATH_SIZE];
    struct fixture fixture;

    fixture_folder(folder);
    fixture_compile(folder, "many", many_source, "-O1 -s", before);
    fixture_compile(folder, "one", one_source, "-O1 -s", after);
    fixture_open(&fixture, before, after);
    cr_assert_eq(pair_count_instructions(&fixture.pair), 0);
    cr_expect_not_null(fixture_row(&fixture, PAIR_INSTRUCTIONS, "function_instructions",
                                   "instructions in ??? (in many)"));
    cr_assert_eq(pair_count_heap(&fixture.pair), 0);
    cr_expect_not_null(
        fixture_row(&fixture, PAIR_HEAP, "heap_bytes_by_place", "heap bytes from ??? (in many)"));
    fixture_close(&fixture);
    fixture_remove(folder);
}

Test(witness_counts, a_static_program_hides_its_heap, .timeout = TIMEOUT)
{
    char folder[64], before[PATH_SIZE], after[PATH_SIZE];
    struct fixture fixture;

    fixture_folder(folder);
    fixture_compile(folder, "many", many_source, "-O1 -static", before);
    fixture_compile(folder, "one", one_source, "-O1 -static", after);
    fixture_open(&fixture, before, after);
    cr_assert_eq(pair_count_heap(&fixture.pair), 0);
    cr_expect_null(fixture_row(&fixture, PAIR_HEAP, "heap_blocks", NULL));
    const char *why = fixture_lack(&fixture, "blocks of the heap");
    cr_assert_not_null(why);
    cr_expect_not_null(strstr(why, "static"), "%s", why);
    cr_assert_eq(pair_count_instructions(&fixture.pair), 0);
    expect_exact(&fixture, PAIR_INSTRUCTIONS, "instructions", NULL, NAN, NAN);
    fixture_close(&fixture);
    fixture_remove(folder);
}

/* One child with exec is a second process, and its instructions count. */
Test(witness_counts, children_are_counted, .timeout = TIMEOUT)
{
    struct fixture fixture;

    fixture_open(&fixture, "sh:seq 1 20000 | tail -n 1; :", "sh:seq 1 200 | tail -n 1; :");
    cr_assert_eq(fixture.pair.side[0].exit_status, 0);
    cr_assert_eq(pair_count_instructions(&fixture.pair), 0);
    const struct measurement *row = fixture_row(&fixture, PAIR_INSTRUCTIONS, "instructions", NULL);
    cr_assert_not_null(row, "%s", fixture_lack(&fixture, "instructions"));
    cr_expect_gt(row->naive, row->fixed + 19800 * 10, "%g %g", row->naive, row->fixed);
    cr_expect(fixture_has_raw(&fixture, "raw/callgrind.out.before"));
    cr_expect(fixture_has_raw(&fixture, "raw/callgrind.out.before.2"));
    cr_assert_eq(pair_count_system_calls(&fixture.pair), 0);
    cr_expect_not_null(fixture_row(&fixture, PAIR_SYSTEM, "system_calls", NULL));
    fixture_close(&fixture);
}

Test(witness_counts, threads_are_asked_about_their_locks, .timeout = TIMEOUT)
{
    static const char source[] =
        "#include <pthread.h>\n#include <unistd.h>\n"
        "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
        "static void *work(void *p)\n{\n    pthread_mutex_lock(&lock);\n"
        "    if (HELD > 0) usleep(HELD);\n    pthread_mutex_unlock(&lock);\n    return p;\n}\n"
        "int main(void)\n{\n    pthread_t t;\n    pthread_create(&t, NULL, work, NULL);\n"
        "    return pthread_join(t, NULL);\n}\n";
    char folder[64], before[PATH_SIZE], after[PATH_SIZE];
    struct fixture fixture;

    fixture_folder(folder);
    fixture_compile(folder, "long", source, "-O1 -g -DHELD=20000 -pthread", before);
    fixture_compile(folder, "short", source, "-O1 -g -DHELD=0 -pthread", after);
    fixture_open(&fixture, before, after);
    cr_assert_eq(pair_count_instructions(&fixture.pair), 0);
    cr_expect(fixture.pair.has_threads);
    cr_assert_eq(pair_hear_locks(&fixture.pair), 0);
    const struct measurement *row = fixture_row(&fixture, PAIR_LOCKS, "long_holds", NULL);
    cr_assert_not_null(row, "%s", fixture_lack(&fixture, "locks held long"));
    cr_expect_geq(row->naive, 1);
    cr_expect_eq(row->how, MEASURED_ONCE);
    fixture_close(&fixture);
    fixture_remove(folder);
}

/* A count that differs is no exact row, and both values are said. */
Test(witness_counts, a_count_that_differs_is_said_to, .timeout = TIMEOUT)
{
    static const char source[] =
        "#include <stdio.h>\n#include <stdlib.h>\n"
        "int main(void)\n{\n    int turn = 0;\n    FILE *f = fopen(FILE_NAME, \"r\");\n"
        "    if (f != NULL) { if (fscanf(f, \"%d\", &turn) != 1) turn = 0; fclose(f); }\n"
        "    f = fopen(FILE_NAME, \"w\");\n    fprintf(f, \"%d\", turn + 1);\n    fclose(f);\n"
        "    for (int i = 0; i < turn; i++) free(malloc(64));\n    return 0;\n}\n";
    char folder[64], before[PATH_SIZE], after[PATH_SIZE], options[256];
    struct fixture fixture;

    fixture_folder(folder);
    snprintf(options, sizeof options, "-O0 -DFILE_NAME='\"%s/turn\"'", folder);
    fixture_compile(folder, "counting", source, options, before);
    fixture_compile(folder, "still", "int main(void) { return 0; }\n", "-O0", after);
    fixture_open(&fixture, before, after);
    cr_assert_eq(pair_count_heap(&fixture.pair), 0);
    const struct measurement *row = fixture_row(&fixture, PAIR_HEAP, "heap_blocks", NULL);
    cr_assert_not_null(row);
    cr_expect_eq(row->how, MEASURED_ONCE);
    cr_expect_not_null(strstr(row->metric.condition, "differ"), "%s", row->metric.condition);
    fixture_close(&fixture);
    fixture_remove(folder);
}

/* What does not fit is left out, with what it would take. */
Test(witness_counts, the_budget_is_kept, .timeout = TIMEOUT)
{
    struct fixture fixture;

    fixture_open(&fixture, "sh:sleep 0.2", "sh:sleep 0.2");
    fixture.pair.budget_s = 5;
    count_all(&fixture);
    const char *why = fixture_lack(&fixture, "instructions");
    cr_assert_not_null(why);
    cr_expect_not_null(strstr(why, "BUDGET="), "%s", why);
    cr_expect_null(fixture_row(&fixture, PAIR_INSTRUCTIONS, "instructions", NULL));
    fixture_close(&fixture);
}

/* Here a program that can tell: it fails where it is slow, as one with a watchdog does. */
Test(witness_counts, what_a_tool_breaks_is_said, .timeout = TIMEOUT)
{
    static const char source[] =
        "#include <stdlib.h>\n#include <string.h>\n"
        "int main(void)\n{\n    const char *p = getenv(\"LD_PRELOAD\");\n"
        "    return p != NULL && strstr(p, \"vgpreload\") != NULL ? 3 : 0;\n}\n";
    char folder[64], program[PATH_SIZE];
    struct fixture fixture;

    fixture_folder(folder);
    fixture_compile(folder, "shy", source, "-O1", program);
    fixture_open(&fixture, program, program);
    cr_assert_eq(pair_count_heap(&fixture.pair), 0);
    const char *why = fixture_lack(&fixture, "blocks of the heap");
    cr_assert_not_null(why);
    cr_expect_not_null(strstr(why, "exit status 3"), "%s", why);
    cr_expect_null(fixture_row(&fixture, PAIR_HEAP, "heap_blocks", NULL));
    fixture_close(&fixture);
    fixture_remove(folder);
}

/* Valgrind does not run what would get other rights; it says so, and the report does. */
Test(witness_counts, a_set_uid_program_is_refused, .timeout = TIMEOUT)
{
    char folder[64], program[PATH_SIZE], command[PATH_SIZE + 32];
    struct fixture fixture;

    fixture_folder(folder);
    fixture_compile(folder, "rights", "int main(void) { return 0; }\n", "-O1", program);
    snprintf(command, sizeof command, "chmod u+s '%s'", program);
    cr_assert_eq(system(command), 0);
    fixture_open(&fixture, program, program);
    cr_assert_eq(pair_count_instructions(&fixture.pair), 0);
    const char *why = fixture_lack(&fixture, "instructions");
    cr_assert_not_null(why);
    cr_expect_not_null(strstr(why, "setuid"), "%s", why);
    cr_expect_null(fixture_row(&fixture, PAIR_INSTRUCTIONS, "instructions", NULL));
    fixture_close(&fixture);
    fixture_remove(folder);
}

/* Programs of the machine's: the same commands, with other settings. */
Test(witness_counts, real_programs, .timeout = TIMEOUT)
{
    static const char *const pairs[][2] = {
        {"sh:seq 1 2000 | gzip -9 -c", "sh:seq 1 2000 | gzip -1 -c | cat >/dev/null; seq 1 2000 | "
                                       "gzip -9 -c"},
        {"sh:seq 1 2000 | LC_ALL=C.UTF-8 sort -r | tail -n 1", "sh:seq 1 2000 | LC_ALL=C sort -r | "
                                                               "tail -n 1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct fixture fixture;
        fixture_open(&fixture, pairs[i][0], pairs[i][1]);
        cr_expect_eq(fixture.pair.side[0].output_digest, fixture.pair.side[1].output_digest);
        count_all(&fixture);
        cr_expect_not_null(fixture_row(&fixture, PAIR_INSTRUCTIONS, "instructions", NULL), "%s",
                           fixture_lack(&fixture, "instructions"));
        cr_expect_not_null(fixture_row(&fixture, PAIR_HEAP, "heap_bytes", NULL), "%s",
                           fixture_lack(&fixture, "blocks of the heap"));
        cr_expect_not_null(fixture_row(&fixture, PAIR_SYSTEM, "system_calls", NULL), "%s",
                           fixture_lack(&fixture, "system calls"));
        fixture_close(&fixture);
    }
}
