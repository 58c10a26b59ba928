/*
 * heap.c - DHAT: the blocks and bytes of the heap, by the function that asked for them.
 *
 * The best witness of problem 1. Counted a record, as the slope between two runs, like
 * instructions.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/document.h"
#include "bench/compare/programs.h"
#include "bench/readers/dhat.h"
#include "bench/readers/text.h"

enum { FEW = 1, MANY = 3, ONE_REQUEST = 1000000 };

/* Bytes and blocks a record that DHAT saw below a function. */
struct heap_count {
    double bytes, blocks;
};

static const char *raw_path(const struct comparison *comparison, const char *tool, int lesson,
                            bool is_fixed, char path[PATH_SIZE])
{
    char name[64];
    snprintf(name, sizeof name, "raw/%s.out.%s.%s", tool, lesson_id(lesson),
             is_fixed ? "fixed" : "naive");
    return results_path(&comparison->results, name, path);
}

static int read_dhat(struct comparison *comparison, const char *path, const char *function,
                     double sign, struct heap_count *count)
{
    struct dhat dhat;
    struct dhat_sum sum;
    char error[TEXT_ERROR_SIZE];

    if (dhat_read(path, &dhat, error, sizeof error) != 0)
        return comparison_fail(comparison, "DHAT's output cannot be read: %s", error);
    dhat_sum_by_function(&dhat, function, &sum);
    count->bytes += sign * (double)sum.bytes;
    count->blocks += sign * (double)sum.blocks;
    dhat_free(&dhat);
    return 0;
}

/*
 * The function that asks, in the chapters that are about allocation. Of the others the page shows
 * who asks for what, and nothing is compared.
 */
static const struct {
    int lesson;
    const char *function;
} dhat_chapters[] = {{LESSON_KEY, "key_build"},
                     {LESSON_SORT, "sort_tags"},
                     {LESSON_STORE, NULL},
                     {LESSON_WORKERS, NULL}};

enum { DHAT_CHAPTERS = sizeof dhat_chapters / sizeof *dhat_chapters };

static const char *dhat_path(const struct comparison *comparison, int lesson, bool is_fixed,
                             unsigned repeat, char path[PATH_SIZE])
{
    char name[64];
    if (repeat == MANY)
        return raw_path(comparison, "dhat", lesson, is_fixed, path);
    snprintf(name, sizeof name, "work/dhat.few.%s", is_fixed ? lesson_id(lesson) : "naive");
    return results_path(&comparison->results, name, path);
}

/* The first chapter that is wanted: its run of nnnn is that of the others, too. */
static int first_chapter(const struct comparison *comparison)
{
    int c = 0;
    while (c < DHAT_CHAPTERS - 1 && !plan_wants(&comparison->plan, dhat_chapters[c].lesson))
        c++;
    return dhat_chapters[c].lesson;
}

/* Under the name that each chapter can be opened by. */
static int link_naive(struct comparison *comparison)
{
    const int first = first_chapter(comparison);
    char from[PATH_SIZE], to[PATH_SIZE];

    for (int c = 0; c < DHAT_CHAPTERS; c++) {
        int lesson = dhat_chapters[c].lesson;
        if (lesson != first && plan_wants(&comparison->plan, lesson) &&
            link(dhat_path(comparison, first, false, MANY, from),
                 dhat_path(comparison, lesson, false, MANY, to)) != 0)
            return comparison_fail(comparison, "cannot link %s: %s", to, strerror(errno));
    }
    return 0;
}

int count_heap(struct comparison *comparison)
{
    static struct valgrind_run runs[4 * DHAT_CHAPTERS];
    const int first = first_chapter(comparison);
    unsigned run_count = 0;
    char path[PATH_SIZE];

    comparison_announce(comparison, 4, "DHAT: blocks and bytes by the function that asks for them");
    for (int c = 0; c < DHAT_CHAPTERS; c++)
        for (int i = 0; i < 4 && plan_wants(&comparison->plan, dhat_chapters[c].lesson); i++) {
            int lesson = dhat_chapters[c].lesson;
            bool is_fixed = i % 2 != 0;
            if ((i / 2 == 0 && dhat_chapters[c].function == NULL) || (!is_fixed && lesson != first))
                continue;
            unsigned mask = is_fixed ? 1u << lesson : 0, repeat = i / 2 == 0 ? FEW : MANY;
            const struct run_setup setup = {.input = repeat == MANY ? &comparison->thrice
                                                                    : &comparison->counted,
                                            .workers = 1,
                                            .request_records = ONE_REQUEST};
            struct valgrind_run *run = &runs[run_count++];
            valgrind_run_init(run, comparison, "dhat", mask);
            command_add_file(&run->command, "--dhat-out-file",
                             dhat_path(comparison, lesson, is_fixed, repeat, path));
            command_add_run(&run->command, comparison, mask, &setup);
        }
    if (valgrind_run_all(comparison, runs, run_count, false) != 0 || link_naive(comparison) != 0)
        return -1;
    for (int c = 0; c < DHAT_CHAPTERS; c++) {
        int lesson = dhat_chapters[c].lesson;
        struct heap_count counts[2] = {{0}};
        char code[5], label[64];
        if (!plan_wants(&comparison->plan, lesson) || dhat_chapters[c].function == NULL)
            continue;
        for (int i = 0; i < 4; i++)
            if (read_dhat(comparison,
                          dhat_path(comparison, lesson, i % 2 != 0, i / 2 == 0 ? FEW : MANY, path),
                          dhat_chapters[c].function, i / 2 == 0 ? -1 : 1, &counts[i % 2]) != 0)
                return -1;
        double records = (double)(comparison->thrice.records - comparison->counted.records);
        attribution_code(1u << lesson, code);
        snprintf(label, sizeof label, "heap blocks from %s", dhat_chapters[c].function);
        struct metric metric = {
            {"dhat_blocks", label, "1/record", "DHAT"}, "nnnn", code, "one worker"};
        document_add_exact(comparison, lesson, &metric, counts[0].blocks / records,
                           counts[1].blocks / records);
        metric.what.name = "dhat_bytes";
        metric.what.unit = "B/record";
        snprintf(label, sizeof label, "heap bytes from %s", dhat_chapters[c].function);
        document_add_exact(comparison, lesson, &metric, counts[0].bytes / records,
                           counts[1].bytes / records);
    }
    return 0;
}
