/*
 * heap.c - what a command asks of the heap: blocks and bytes, and from where (DHAT); the most that
 * was alive at once (massif, whose curve is the page's); and what is definitely lost (memcheck).
 *
 * All three stand in front of malloc(), which they find in shared libraries alone: of a static
 * program, and of one with an allocator of its own, they see nothing, which is said.
 */
#include <stdio.h>
#include <string.h>

#include "bench/pair/tool.h"
#include "bench/pair/witnesses.h"
#include "bench/readers/dhat.h"
#include "bench/readers/massif.h"
#include "bench/readers/memcheck.h"

enum { PLACES_SHOWN = 6, HEAP_NUMBERS = 2 };

/* A place that differs by less than this part of all bytes is not shown. */
static const double least_share = 0.001;

struct found {
    struct tool_found run;
    double number[HEAP_NUMBERS]; /* what the tool's rows are of */
    struct tally *places;        /* DHAT's bytes */
};

/* malloc() itself, or its like: Valgrind 3.19 has it as the first frame, and 3.24 leaves it out. */
static bool is_replaced(const struct frame *frame)
{
    return (frame->object != NULL && strstr(frame->object, "/valgrind/vgpreload") != NULL) ||
           (frame->file != NULL && strcmp(frame->file, "vg_replace_malloc.c") == 0);
}

static bool is_library(const struct frame *frame)
{
    return frame->object != NULL && strstr(frame->object, ".so") != NULL;
}

/* The innermost frame of the program's own: no library's that has no source. */
static const struct frame *find_place(const struct dhat_point *point)
{
    uint32_t first = point->frame_count > 1 && is_replaced(point->frames[0]) ? 1 : 0, i = first;

    while (i < point->frame_count && is_library(point->frames[i]))
        i++;
    if (i >= point->frame_count)
        i = first;
    return point->frame_count > 0 ? point->frames[i] : NULL;
}

/* By the function alone: the files of two versions need not have the same name. */
static void name_place(const struct dhat_point *point, char *name, size_t size)
{
    const struct frame *frame = find_place(point);
    const char *object = frame != NULL ? frame->object : NULL;
    const char *slash = object != NULL ? strrchr(object, '/') : NULL;

    if (frame != NULL && frame->function != NULL)
        snprintf(name, size, "%.*s", (int)strcspn(frame->function, ".@"), frame->function);
    else
        snprintf(name, size, "??? (in %s)", slash != NULL ? slash + 1 : "???");
}

static int read_dhat(const char *path, struct tool_found *run, double *weight, char *error,
                     size_t error_size)
{
    struct found *found = (struct found *)run;
    struct dhat dhat;
    char name[512];
    int status = 0;

    if (dhat_read(path, &dhat, error, error_size) != 0)
        return -1;
    found->number[0] += (double)dhat.sum.bytes;
    found->number[1] += (double)dhat.sum.blocks;
    for (uint32_t i = 0; status == 0 && i < dhat.point_count; i++) {
        name_place(&dhat.points[i], name, sizeof name);
        status =
            tally_add(found->places, name, run->side, run->turn, (double)dhat.points[i].sum.bytes);
    }
    *weight = (double)dhat.sum.bytes;
    dhat_free(&dhat);
    return status == 0 ? 0 : text_error(error, error_size, path, 0, "out of memory");
}

/* The largest process's: the peaks of several need not be at the same time. */
static int read_massif(const char *path, struct tool_found *run, double *weight, char *error,
                       size_t error_size)
{
    struct found *found = (struct found *)run;
    struct massif massif;

    if (massif_read(path, &massif, error, error_size) != 0)
        return -1;
    const struct massif_snapshot *peak = &massif.snapshots[massif.peak];
    *weight = (double)(peak->heap_bytes + peak->extra_bytes);
    if (*weight > found->number[0])
        found->number[0] = *weight;
    massif_free(&massif);
    return 0;
}

static int read_memcheck(const char *path, struct tool_found *run, double *weight, char *error,
                         size_t error_size)
{
    struct found *found = (struct found *)run;
    struct memcheck leaks;

    if (memcheck_read(path, &leaks, error, error_size) != 0)
        return -1;
    *weight = (double)leaks.lost_bytes;
    found->number[0] += (double)leaks.lost_bytes;
    found->number[1] += (double)leaks.lost_blocks;
    return 0;
}

static const char *const dhat_command[] = {TOOL_VALGRIND("dhat"), NULL};
static const char *const massif_command[] = {TOOL_VALGRIND("massif"), NULL};
static const char *const memcheck_command[] = {TOOL_VALGRIND("memcheck"), "--leak-check=summary",
                                               NULL};

/* A tool of the heap's, and the rows that it gives. */
static const struct heap_tool {
    struct pair_tool tool;
    struct quantity what[HEAP_NUMBERS]; /* NULL name: none */
} tools[] = {
    {{.name = "dhat",
      .what = "blocks of the heap",
      .lost = "blocks and bytes from the heap, in all and by place",
      .command = dhat_command,
      .file_option = "--dhat-out-file",
      .slowdown = 50,
      .turns = TALLY_TURNS,
      .read = read_dhat},
     {{"heap_bytes", "heap bytes, in all", "B", "DHAT"},
      {"heap_blocks", "heap blocks, in all", "1", "DHAT"}}},
    {{.name = "massif",
      .what = "peak of the heap",
      .lost = "the heap's peak, and its curve",
      .command = massif_command,
      .file_option = "--massif-out-file",
      .slowdown = 25,
      .turns = TALLY_TURNS,
      .read = read_massif},
     {{"heap_peak", "heap at the peak", "B", "massif"}}},
    {{.name = "memcheck",
      .what = "lost blocks",
      .lost = "what is definitely lost",
      .command = memcheck_command,
      .slowdown = 40,
      .turns = TALLY_TURNS,
      .read = read_memcheck},
     {{"lost_bytes", "definitely lost", "B", "memcheck"},
      {"lost_blocks", "definitely lost, blocks", "1", "memcheck"}}},
};

enum { DHAT, MASSIF, MEMCHECK };

/* The rows of one tool. `is_blind`: in, whether what it says is worth nothing. 0, 1 or -1. */
static int ask(struct pair *pair, unsigned index, bool *is_blind)
{
    const struct quantity by_place = {"heap_bytes_by_place", "heap bytes from", "B", "DHAT"};
    const struct heap_tool *one = &tools[index];
    struct tally places = {.rows = NULL};
    struct found found[PAIR_SIDES][TALLY_TURNS] = {{{.places = &places}, {.places = &places}},
                                                   {{.places = &places}, {.places = &places}}};
    int status =
        tool_ask(pair, &one->tool,
                 (struct tool_found *[PAIR_SIDES][TALLY_TURNS]){
                     {&found[0][0].run, &found[0][1].run}, {&found[1][0].run, &found[1][1].run}});

    if (index == DHAT && status == 0)
        *is_blind = found[0][0].number[1] == 0 && found[1][0].number[1] == 0;
    for (unsigned i = 0; status == 0 && !*is_blind && i < HEAP_NUMBERS; i++)
        if (one->what[i].name != NULL)
            pair_add_count(pair, PAIR_HEAP, &one->what[i],
                           (double[]){found[0][0].number[i], found[0][1].number[i]},
                           (double[]){found[1][0].number[i], found[1][1].number[i]});
    if (status == 0 && !*is_blind)
        tally_report(&places, pair, PAIR_HEAP, &by_place, "", least_share * found[0][0].number[0],
                     PLACES_SHOWN);
    tally_free(&places);
    return status;
}

int pair_count_heap(struct pair *pair)
{
    bool is_blind = false;

    for (unsigned i = 0; i < sizeof tools / sizeof *tools && !is_blind; i++)
        if (ask(pair, i, &is_blind) < 0)
            return -1;
    if (is_blind)
        pair_lacks(pair, "blocks of the heap", "all rows of the heap",
                   "DHAT saw no allocation on either side: there is none, or the program is static "
                   "or has an allocator of its own, where Valgrind is blind");
    return 0;
}
