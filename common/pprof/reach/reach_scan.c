/*
 * Roots are all writable memory but: malloc's blocks, which are followed when they are reached; the
 * stacks of threads, of which the live part of those counts that can run; stacks that the C library
 * keeps of threads that ended; and what profiling itself holds.
 */
#define _GNU_SOURCE
#include "reach_scan.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../guards.h"
#include "../maps.h"
#include "reach_heap.h"
#include "reach_kernel.h"
#if __has_include("../waits_hook.h")
#include "../waits_hook.h"
#define HAS_WAITS 1
#else
#define HAS_WAITS 0
#endif

enum {
    PAGE_BYTES = 4096,
    THREAD_BYTES = 2304, /* struct pthread, at a stack's end */
    ENDED_MAX = 4096,    /* threads that ended, whose stacks are kept */
    KEPT_MAX = 1 << 17
};

static const char no_memory[] = "there is no memory to search in";
static const char no_pages[] = "/proc/self/pagemap cannot be read";

struct range {
    uintptr_t low, high;
};

/* Of a thread. */
struct stack {
    struct range live, whole;
    uintptr_t tls;
    struct reach_block object; /* what a candidate waits for */
    struct reach_block vector; /* where the C library notes a candidate's thread-local data */
    bool is_candidate, is_root;
    bool is_wanted; /* somebody can reach it: it is to be a root */
};

struct scan {
    const struct halt *halt;
    struct maps maps;
    struct reach_heap *heap;
    struct stack *stacks; /* as halt->threads */
    unsigned *by_address; /* indices of candidates, by their stacks */
    unsigned candidate_count;
    struct range *hidden; /* no roots; by address */
    size_t hidden_count, hidden_capacity;
    struct reach_block *found; /* marked, and not looked into yet */
    size_t found_count;
    uintptr_t *kept; /* by the kernel */
    size_t kept_count;
    struct guards guards;
};

static void *take_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes + 1, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static void hide(struct scan *scan, uintptr_t low, uintptr_t high)
{
    if (scan->hidden_count < scan->hidden_capacity)
        scan->hidden[scan->hidden_count++] = (struct range){low, high};
}

/* Shell's: qsort() may allocate. */
static void sort_hidden(struct scan *scan)
{
    for (size_t gap = scan->hidden_count / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < scan->hidden_count; i++) {
            struct range moved = scan->hidden[i];
            size_t at = i;
            for (; at >= gap && scan->hidden[at - gap].low > moved.low; at -= gap)
                scan->hidden[at] = scan->hidden[at - gap];
            scan->hidden[at] = moved;
        }
}

static void sort_candidates(struct scan *scan)
{
    for (size_t gap = scan->candidate_count / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < scan->candidate_count; i++) {
            unsigned moved = scan->by_address[i];
            size_t at = i;
            for (; at >= gap &&
                   scan->stacks[scan->by_address[at - gap]].live.low > scan->stacks[moved].live.low;
                 at -= gap)
                scan->by_address[at] = scan->by_address[at - gap];
            scan->by_address[at] = moved;
        }
}

/*
 * A pointer into the stack of a candidate, or to its thread-local data: whoever has it may reach
 * anything there. The C library has some to its own data behind them, for each thread: these do not
 * count.
 */
static void want_stack(struct scan *scan, uintptr_t address)
{
    size_t low = 0, high = scan->candidate_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scan->stacks[scan->by_address[middle]].live.low <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return;
    struct stack *stack = &scan->stacks[scan->by_address[low - 1]];
    if (address < stack->live.high && (address < stack->tls || stack->tls < stack->live.low))
        stack->is_wanted = true;
}

static void reach_address(struct scan *scan, uintptr_t address)
{
    struct reach_block block;

    if (address < PAGE_BYTES || address >> 47 != 0)
        return;
    if (reach_heap_find(scan->heap, address, &block)) {
        if (!reach_heap_is_marked(scan->heap, &block)) {
            reach_heap_mark(scan->heap, &block);
            scan->found[scan->found_count++] = block;
        }
    } else {
        want_stack(scan, address);
    }
}

static void reach_range(struct scan *scan, uintptr_t low, uintptr_t high)
{
    for (uintptr_t at = (low + 7) & ~(uintptr_t)7; at + 8 <= high; at += 8)
        reach_address(scan, *(const uintptr_t *)at);
}

static void follow(struct scan *scan)
{
    while (scan->found_count > 0) {
        struct reach_block block = scan->found[--scan->found_count];
        reach_range(scan, block.low, block.high);
    }
}

#if HAS_WAITS
/* A record of what a thread waits for (waits.h): it is profiling's own, and signals nobody. */
static bool is_wait_record(const struct scan *scan, uintptr_t at, uintptr_t high)
{
    const struct waits_record *record = (const void *)at;

    if (at % _Alignof(struct waits_record) != 0 || high - at < sizeof *record)
        return false;
    pid_t thread_id = record->thread_id;
    uintptr_t low = record->stack_low, top = record->stack_high;
    if (thread_id <= 0 || low == 0 || top <= low || low % PAGE_BYTES != 0 || top % PAGE_BYTES != 0)
        return false;
    for (unsigned i = 0; i < scan->halt->count; i++)
        if (scan->halt->threads[i].thread_id == thread_id)
            return low <= scan->stacks[i].live.low && scan->stacks[i].live.low < top;
    return false;
}
#endif

/* Memory that is a root, page by page. */
static void reach_root(struct scan *scan, const struct mapping *mapping, uintptr_t low,
                       uintptr_t high)
{
    for (uintptr_t at = low; at + 8 <= high; at += 8) {
#if HAS_WAITS
        if (mapping->is_anonymous && is_wait_record(scan, at, high)) {
            at += sizeof(struct waits_record) - 8;
            continue;
        }
#endif
        uintptr_t address = *(const uintptr_t *)at;
        bool is_malloc_data = mapping->is_libc || at % REACH_ARENA_BYTES < PAGE_BYTES;
        if (!is_malloc_data || !reach_heap_is_header(scan->heap, address))
            reach_address(scan, address);
    }
}

/*
 * Calls `visit` for what of [low, high) was ever touched; the rest holds no addresses. Guards,
 * which nobody may touch, count as swapped out.
 */
static int each_touched(struct scan *scan, const struct mapping *mapping, uintptr_t low,
                        uintptr_t high,
                        void (*visit)(struct scan *, const struct mapping *, uintptr_t, uintptr_t))
{
    enum { AT_ONCE = 512 };
    const uint64_t touched = UINT64_C(3) << 62; /* in memory, or swapped out */
    uint64_t entries[AT_ONCE];

    if (mapping->is_shared) {
        visit(scan, mapping, low, high);
        return 0;
    }
    for (uintptr_t at = low & ~(uintptr_t)(PAGE_BYTES - 1); at < high;) {
        size_t count = (high - at + PAGE_BYTES - 1) / PAGE_BYTES;
        if (count > AT_ONCE)
            count = AT_ONCE;
        if (pread(scan->guards.pages, entries, count * 8, (off_t)(at / PAGE_BYTES * 8)) !=
            (ssize_t)(count * 8))
            return -1;
        for (size_t i = 0; i < count; i++, at += PAGE_BYTES)
            if ((entries[i] & touched) != 0 && (entries[i] & GUARDS_PAGE) == 0)
                visit(scan, mapping, at < low ? low : at,
                      at + PAGE_BYTES > high ? high : at + PAGE_BYTES);
    }
    return 0;
}

static bool is_live(const struct scan *scan, uintptr_t tls)
{
    for (unsigned i = 0; i < scan->halt->count; i++)
        if (scan->stacks[i].tls == tls)
            return true;
    return false;
}

static uintptr_t stack_end(uintptr_t tls)
{
    return (tls + THREAD_BYTES + PAGE_BYTES - 1) & ~(uintptr_t)(PAGE_BYTES - 1);
}

/* A thread's control block holds its own address, twice. */
static bool is_control_block(uintptr_t address)
{
    const uintptr_t *words = (const void *)address;

    return words[0] == address && words[2] == address;
}

/* A stack has a page below it that cannot be read: a mapping of its own, or a guard within. */
static bool has_guard(const struct scan *scan, const struct mapping *mapping)
{
    return mapping > scan->maps.mappings && mapping[-1].high == mapping->low &&
           !mapping[-1].is_readable;
}

/* Looks for control blocks of threads that ended. */
static void hide_ended(struct scan *scan, const struct mapping *mapping, uintptr_t low,
                       uintptr_t high)
{
    for (uintptr_t at = (low + 63) & ~(uintptr_t)63; at + 24 <= high; at += 64) {
        if (!is_control_block(at) || is_live(scan, at))
            continue;
        uintptr_t bottom = mapping->low;
        uintptr_t end = stack_end(at) < mapping->high ? stack_end(at) : mapping->high;
        guards_narrow(&scan->guards, at, &bottom, &end);
        if (bottom > mapping->low || has_guard(scan, mapping))
            hide(scan, bottom, end);
    }
}

static bool is_root_mapping(const struct mapping *mapping)
{
    return mapping->is_readable && mapping->is_writable && !mapping->is_device;
}

static const char *find_hidden(struct scan *scan)
{
    hide(scan, (uintptr_t)scan->halt, (uintptr_t)scan->halt + scan->halt->bytes);
    hide(scan, (uintptr_t)scan->kept, (uintptr_t)(scan->kept + KEPT_MAX));
    hide(scan, (uintptr_t)scan->maps.mappings, (uintptr_t)scan->maps.mappings + scan->maps.bytes);
    for (unsigned i = 0; i < scan->heap->region_count; i++)
        hide(scan, scan->heap->regions[i].low, scan->heap->regions[i].high);
    for (unsigned i = 0; i < scan->halt->count; i++)
        if (scan->stacks[i].whole.high != 0)
            hide(scan, scan->stacks[i].whole.low, scan->stacks[i].whole.high);
    for (size_t i = 0; i < scan->maps.count; i++) {
        const struct mapping *mapping = &scan->maps.mappings[i];
        if (mapping->is_anonymous && is_root_mapping(mapping) && !mapping->is_shared &&
            (scan->guards.are_shown || has_guard(scan, mapping)) &&
            each_touched(scan, mapping, mapping->low, mapping->high, hide_ended) != 0)
            return no_pages;
    }
    sort_hidden(scan);
    return scan->hidden_count < scan->hidden_capacity
               ? NULL
               : "the C library keeps too many stacks of threads that ended";
}

static const char *reach_roots(struct scan *scan)
{
    size_t next = 0;

    for (size_t i = 0; i < scan->kept_count; i++)
        reach_address(scan, scan->kept[i]);

    for (size_t i = 0; i < scan->maps.count; i++) {
        const struct mapping *mapping = &scan->maps.mappings[i];
        uintptr_t low = mapping->low;
        while (next < scan->hidden_count && scan->hidden[next].high <= low)
            next++;
        for (size_t at = next; low < mapping->high; at++) {
            bool is_hidden = at < scan->hidden_count && scan->hidden[at].low < mapping->high;
            uintptr_t high = is_hidden ? scan->hidden[at].low : mapping->high;
            if (high > low && is_root_mapping(mapping) &&
                each_touched(scan, mapping, low, high, reach_root) != 0)
                return no_pages;
            if (!is_hidden)
                break;
            if (scan->hidden[at].high > low)
                low = scan->hidden[at].high;
        }
    }
    return NULL;
}

/* Where the thread's stack is, and whether it is a candidate. */
static const char *look_at_thread(struct scan *scan, unsigned i)
{
    const struct halted *thread = &scan->halt->threads[i];
    struct stack *stack = &scan->stacks[i];

    if (!thread->is_stopped && !thread->is_asleep)
        return NULL; /* it has ended */
    const struct mapping *mapping = maps_find(&scan->maps, thread->copy.low);
    if (mapping == NULL)
        return "a thread's stack is in no mapping of /proc/self/maps";
    if (thread->is_caller && !is_control_block(thread->tls))
        return "a thread's control block does not hold its own address, as glibc 2.36's to "
               "2.43's do";
    uintptr_t low = mapping->low, high = mapping->high;
    if (thread->tls > thread->copy.low && stack_end(thread->tls) < high)
        high = stack_end(thread->tls);
    guards_narrow(&scan->guards, thread->copy.low, &low, &high);
    stack->tls = thread->tls;
    stack->live = (struct range){thread->copy.low, high};
    stack->whole = (struct range){low, high};
    stack->is_candidate = !thread->is_caller && thread->futex != 0 &&
                          reach_heap_find(scan->heap, thread->futex, &stack->object);
    if (stack->is_candidate)
        scan->by_address[scan->candidate_count++] = i;
    return NULL;
}

/*
 * Such a vector points to the stack that it belongs to, and leads nobody else there: it counts when
 * its thread does.
 */
static void set_vector_aside(struct scan *scan, struct stack *stack)
{
    uintptr_t vector;

    if (maps_find(&scan->maps, stack->tls) == NULL)
        return;
#ifdef __x86_64__
    vector = ((const uintptr_t *)stack->tls)[1];
#else
    vector = ((const uintptr_t *)stack->tls)[0];
#endif
    if (reach_heap_find(scan->heap, vector, &stack->vector))
        reach_heap_mark(scan->heap, &stack->vector);
}

static void make_root(struct scan *scan, unsigned i)
{
    const uintptr_t *registers = scan->halt->threads[i].copy.registers;
    struct stack *stack = &scan->stacks[i];

    stack->is_root = true;
    if (stack->live.high == 0)
        return;
    for (unsigned number = 0; number < STACK_COPY_REGISTERS; number++)
        reach_address(scan, registers[number]);
    reach_range(scan, stack->live.low, stack->live.high);
    reach_range(scan, stack->vector.low, stack->vector.high);
}

/* True: there were some. */
static bool make_new_roots(struct scan *scan)
{
    bool is_any = false;

    for (unsigned i = 0; i < scan->halt->count; i++) {
        struct stack *stack = &scan->stacks[i];
        if (stack->is_root || (stack->is_candidate && !stack->is_wanted &&
                               !reach_heap_is_marked(scan->heap, &stack->object)))
            continue;
        make_root(scan, i);
        follow(scan);
        is_any = true;
    }
    return is_any;
}

static const char *prepare(struct scan *scan, const struct reach_probe *probe)
{
    unsigned count = scan->halt->count;
    const char *doubt;

    if (maps_read(&scan->maps) != 0)
        return "/proc/self/maps cannot be read";
    if (guards_init(&scan->guards) != 0)
        return no_pages;
    if (scan->guards.are_hidden)
        return "Linux 6.13 and 6.14 do not show where stacks have their guards; 6.15 does";
    scan->heap = take_memory(sizeof *scan->heap);
    if (scan->heap == NULL)
        return no_memory;
    if ((doubt = reach_heap_init(scan->heap, &scan->maps, &scan->guards, probe)) != NULL)
        return doubt;
    scan->hidden_capacity = scan->maps.count + count + REACH_REGIONS_MAX + ENDED_MAX;
    scan->hidden = take_memory(scan->hidden_capacity * sizeof *scan->hidden);
    scan->stacks = take_memory(count * sizeof *scan->stacks);
    scan->by_address = take_memory(count * sizeof *scan->by_address);
    /* a block has two bits or more */
    scan->found = take_memory((scan->heap->bit_count / 2 + 1) * sizeof *scan->found);
    if (scan->hidden == NULL || scan->stacks == NULL || scan->by_address == NULL ||
        scan->found == NULL)
        return no_memory;
    for (unsigned i = 0; i < count; i++)
        if ((doubt = look_at_thread(scan, i)) != NULL)
            return doubt;
    for (unsigned i = 0; i < scan->candidate_count; i++)
        set_vector_aside(scan, &scan->stacks[scan->by_address[i]]);
    sort_candidates(scan);
    return NULL;
}

/* The files that the parent has open are asked for what they keep, and then closed: connections
 * that the parent closes meanwhile are to be closed. */
static const char *ask_kernel(struct scan *scan, int answer)
{
    scan->kept = take_memory(KEPT_MAX * sizeof *scan->kept);
    if (scan->kept == NULL)
        return no_memory;
    scan->kept_count = reach_kernel_addresses(scan->kept, KEPT_MAX);
    if (answer > 0)
        syscall(SYS_close_range, 0, answer - 1, 0);
    syscall(SYS_close_range, answer + 1, ~0u, 0);
    return scan->kept_count < KEPT_MAX
               ? NULL
               : "/proc/self/fdinfo cannot be read, or has more than the search has room for";
}

const char *reach_scan(const struct halt *halt, const struct reach_probe *probe, int answer,
                       bool *is_stuck)
{
    struct scan scan = {.halt = halt};
    const char *doubt;

    if ((doubt = ask_kernel(&scan, answer)) != NULL || (doubt = prepare(&scan, probe)) != NULL ||
        (doubt = find_hidden(&scan)) != NULL || (doubt = reach_roots(&scan)) != NULL)
        return doubt;
    follow(&scan);
    while (make_new_roots(&scan))
        ;
    for (unsigned i = 0; i < halt->count; i++)
        is_stuck[i] = !scan.stacks[i].is_root;
    return NULL;
}
