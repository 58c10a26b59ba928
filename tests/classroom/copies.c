/*
 * copies.c - the grader tells the reference, and copies of it under other names, from solutions of
 * one's own (honest/, written without a look at fixed/ in mind, three a lesson where there are so
 * many ways), and says so beside the points.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/classroom/likeness.h"
#include "tests/classroom/fixture.h"

/* Compiled as the grader does it, and listed; to be freed. */
static struct likeness_code code_of(const char *path)
{
    static const char script[] =
        "cd '" PROJECT_FOLDER "' && kit='" BUILD_FOLDER "/classroom/kit' && object=$(mktemp) && "
        "\"$kit/cc\" @\"$kit/compiled-with\" -iquote . -iquote common -include \"$kit/shield.h\" "
        "-c -o "
        "\"$object\" \"$0\" && objdump -d -r --no-show-raw-insn \"$object\"; rm -f \"$object\"";
    const char *const argv[] = {"sh", "-c", script, path, NULL};
    const struct child_job job = {
        .argv = argv, .output = {.sink = CHILD_CAPTURE}, .errors = {.sink = CHILD_CAPTURE}};
    struct child_result result;
    struct likeness_code code;

    cr_assert_eq(child_run(&job, &result), 0, "%s: %s", path, result.errors);
    cr_assert_eq(likeness_parse(result.output, &code), 0);
    cr_assert_gt(code.count, 0, "%s: %s", path, result.errors);
    child_result_free(&result);
    return code;
}

static double likeness_of(const char *lesson, const char *path, size_t *count)
{
    char naive[256], fixed[256];
    snprintf(naive, sizeof naive, "naive/%s.c", lesson);
    snprintf(fixed, sizeof fixed, "fixed/%s.c", lesson);
    struct likeness_code codes[] = {code_of(naive), code_of(fixed), code_of(path)};
    double share = likeness_share(&codes[0], &codes[1], &codes[2], count);
    for (int i = 0; i < 3; i++)
        likeness_free(&codes[i]);
    return share;
}

Test(copies, solutions_of_ones_own_are_none)
{
    static const char *const honest[] = {
        "key_exact",  "key_growing", "key_sized",      "sort_once",    "sort_looked", "store_late",
        "store_each", "store_array", "workers_joined", "workers_list", "workers_ring"};

    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++) {
        char path[256], lesson[32];
        snprintf(path, sizeof path, "tests/classroom/honest/%s.c", honest[i]);
        snprintf(lesson, sizeof lesson, "%.*s", (int)strcspn(honest[i], "_"), honest[i]);
        double likeness = likeness_of(lesson, path, NULL);
        cr_expect_lt(likeness, LIKENESS_OF_A_COPY - 0.1, "%s: %g", honest[i], likeness);
    }
}

/* Decoys change something else, and the naive file is nobody's. */
Test(copies, what_was_handed_out_is_none)
{
    static const char *const files[][2] = {
        {"key", "naive/key.c"},
        {"workers", "naive/workers.c"},
        {"key", "bench/classroom/decoys/reserve/key.c"},
        {"store", "bench/classroom/decoys/breather/store.c"},
        {"workers", "bench/classroom/decoys/detached/workers.c"},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        cr_expect_lt(likeness_of(files[i][0], files[i][1], NULL), 0.2, "%s", files[i][1]);
}

/* Too short a fix proves nothing, and is not judged by its code. */
Test(copies, a_short_fix_is_no_evidence)
{
    size_t count;

    likeness_of("sort", "fixed/sort.c", &count);
    cr_expect_lt(count, LIKENESS_RUNS_LEAST);
    for (int i = 0; i < 3; i++) {
        static const char *const others[] = {"key", "store", "workers"};
        char path[64];
        snprintf(path, sizeof path, "fixed/%s.c", others[i]);
        cr_expect_eq(likeness_of(others[i], path, &count), 1);
        cr_expect_geq(count, LIKENESS_RUNS_LEAST);
    }
}

/* The file of fixed/ with its first comments taken out, its names changed, and more, by a script of
 * sed's. */
static void write_copy(const struct fixture *fixture, const char *student, const char *file,
                       const char *changes)
{
    char name[128], target[FIXTURE_PATH_SIZE], source[FIXTURE_PATH_SIZE];
    snprintf(source, sizeof source, PROJECT_FOLDER "/fixed/%s", file);
    snprintf(name, sizeof name, "%s/%s", student, file);
    const char *const argv[] = {
        "sh",
        "-c",
        "sed -E -e '1,/\\*\\/$/d' -e 's!^/\\*.*\\*/$!!' -e \"$2\" \"$0\" >\"$1\"",
        source,
        fixture_path(fixture, name, target),
        changes,
        NULL};
    struct child_result result;

    cr_assert_eq(child_run(&(struct child_job){.argv = argv}, &result), 0);
    child_result_free(&result);
}

static const char key_renamed[] =
    "s/\\<(appended)\\>/add/g; s/\\<reserve\\>/grow/g; s/\\<end\\>/p/g; "
    "s/\\<name_length\\>/n/g; s/\\<size\\>/total/g; s/    /\\t/g";
/* other names, the fields in another order, another constant */
static const char workers_renamed[] =
    "s/\\<take_request\\>/next_job/g; s/\\<has_room\\>/not_full/g; s/\\<queue_first\\>/head/g; "
    "s/\\<choose_thread_count\\>/how_many/g; s/\\<QUEUE_COUNT\\>/EXTRA/g; "
    "s/^    bool is_closed;//; s/^(    struct store \\*store;)/\\1\\n    bool is_closed;/; s/= "
    "5000/= 4000/";

Test(copies, of_the_reference_are_told_by_their_code)
{
    static const struct {
        const char *lesson, *file, *changes;
    } copies[] = {
        {"key", "key.c", key_renamed},
        {"workers", "workers.c", workers_renamed},
        {"store", "store.c", "s/\\<shards\\>/parts/g; s/_Alignas\\(64\\) //; s/\\<i\\>/which/g"},
    };
    struct fixture fixture = fixture_open();

    fixture_hand_in(&fixture, "carol");
    for (int i = 0; i < 3; i++) {
        char name[128], path[FIXTURE_PATH_SIZE];
        write_copy(&fixture, "carol", copies[i].file, copies[i].changes);
        snprintf(name, sizeof name, "carol/%s", copies[i].file);
        double likeness = likeness_of(copies[i].lesson, fixture_path(&fixture, name, path), NULL);
        cr_expect_geq(likeness, LIKENESS_OF_A_COPY, "%s: %g", copies[i].file, likeness);
    }
    fixture_close(&fixture);
}

/* Whoever gives the points is told, in each of the files; the points are theirs to give. */
Test(copies, are_named_beside_their_points)
{
    struct fixture fixture = fixture_open();

    fixture_hand_in(&fixture, "mallory");
    write_copy(&fixture, "mallory", "key.c", key_renamed);
    fixture_replace(&fixture, "mallory", PROJECT_FOLDER "/fixed", "sort.c"); /* to the letter */
    fixture_hand_in(&fixture, "alice");
    fixture_replace(&fixture, "alice", PROJECT_FOLDER "/tests/classroom/honest", "key_sized.c");
    char *own = fixture_read(&fixture, "alice/key_sized.c");
    fixture_write(&fixture, "alice", "key.c", own);
    free(own);
    struct child_result result = fixture_grade(&fixture, "*[ey]", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cr_expect_not_null(strstr(result.output, "key copied, sort copied\n"), "%s", result.output);
    cr_expect_not_null(strstr(result.output, "copies    2 files"), "%s", result.output);
    char *csv = fixture_read(&fixture, "grades/grades.csv");
    cr_expect_not_null(strstr(csv, ",copies,key_likeness,sort_likeness,"));
    cr_expect_not_null(strstr(csv, ",\"key sort\",1.00,1.00,,,\""), "%s", csv);
    const char *alice = strstr(csv, "\"alice\",25.0,");
    cr_assert_not_null(alice, "%s", csv);
    cr_expect_not_null(strstr(alice, ",\"\",0."), "%s", csv);
    free(csv);
    char *xml = fixture_read(&fixture, "grades/junit.xml");
    cr_expect_not_null(strstr(xml, "<property name=\"copies\" value=\"key sort\"/>"));
    free(xml);
    cJSON *grades = fixture_grades_of(&fixture, "mallory");
    cr_expect_eq(fixture_points(grades, "key"), 25);
    cJSON_Delete(grades);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(copies, code_is_compared_by_runs)
{
    static const char listing[] = "file.o:     file format elf64-x86-64\n\n"
                                  "0000000000000000 <f>:\n"
                                  "   0:\tpush   %rbx\n   1:\tmov    %rdi,%rbx\n"
                                  "   4:\tcall   9 <f+0x9>\n\t\t\t5: R_X86_64_PLT32\tmalloc-0x4\n"
                                  "   9:\tnopw   0x0(%rax)\n   c:\tadd    $0x1,%rax\n"
                                  "  10:\tpop    %rbx\n  11:\tsub    %rax,%rbx\n  14:\tret\n";
    struct likeness_code none = {0}, code;

    cr_assert_eq(likeness_parse(listing, &code), 0);
    cr_expect_eq(code.count, 2); /* of seven instructions, padding apart */
    cr_expect(isnan(likeness_share(&none, &code, &code, NULL)),
              "nothing is known of the naive one");
    cr_expect(isnan(likeness_share(&code, &code, &code, NULL)),
              "the reference has nothing of its own");
    likeness_free(&code);
    cr_expect(likeness_is_same_text("int x;\n/* a */", "int\tx; /* a */\n"));
    cr_expect_not(likeness_is_same_text("int x;", "int y;"));
    cr_expect_not(likeness_is_same_text("int x;", "int x; /* a */"));
}
