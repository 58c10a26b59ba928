#define _GNU_SOURCE
#include "threads_list.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "guards.h"
#include "halt.h"
#include "maps.h"
#include "reach/reach.h"
#include "unwinder.h"
#if __has_include("waits.h")
#include "waits.h"
#define HAS_WAITS 1
#else
#define HAS_WAITS 0
#endif

enum {
    ANSWER_MS = 200,
    ANSWER_MS_EACH = 1,
    SEARCH_MS = 20000, /* thousands of threads on a busy machine take more than 5000 */
    MS_PER_S = 1000,
    NS_PER_MS = 1000000
};

void threads_list_free(struct threads_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->entries[i].stack);
    free(list->entries);
    *list = (struct threads_list){.count = 0};
}

const char *thread_entry_state(const struct thread_entry *entry)
{
    if (!entry->has_answered)
        return "did not answer";
    if (entry->is_stuck)
        return "waiting, nobody can signal it";
    return entry->kernel_state == 'R' ? "running" : "waiting";
}

/* "123 (name) S 1 ...", times in ticks as the 14th and 15th. False: the thread has ended. */
static bool read_stat(struct thread_entry *entry)
{
    char path[64], text[1024];
    unsigned long long user = 0, system = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/stat", entry->thread_id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (length <= 0)
        return false;
    text[length] = '\0';
    char *name = strchr(text, '('), *end = strrchr(text, ')');
    if (name == NULL || end == NULL || end[1] != ' ')
        return false;
    *end = '\0';
    snprintf(entry->name, sizeof entry->name, "%.15s", name + 1);
    entry->kernel_state = end[2];
    sscanf(end + 4, "%*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system);
    entry->cpu_ms = (int64_t)((user + system) * MS_PER_S / (unsigned long)sysconf(_SC_CLK_TCK));
    return true;
}

static int by_id(const void *a, const void *b)
{
    const struct thread_entry *first = a, *second = b;
    return (first->thread_id > second->thread_id) - (first->thread_id < second->thread_id);
}

/* What /proc says, while nobody is disturbed yet. */
static int list_threads(struct threads_list *list)
{
    size_t capacity = 0;
    DIR *folder = opendir("/proc/self/task");

    if (folder == NULL)
        return -1;
    for (const struct dirent *record; (record = readdir(folder)) != NULL;) {
        if (!isdigit((unsigned char)record->d_name[0]))
            continue;
        if (list->count == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            struct thread_entry *larger = realloc(list->entries, capacity * sizeof *list->entries);
            if (larger == NULL) {
                closedir(folder);
                errno = ENOMEM;
                return -1;
            }
            list->entries = larger;
        }
        struct thread_entry *entry = &list->entries[list->count];
        *entry = (struct thread_entry){.thread_id = atoi(record->d_name)};
        if (read_stat(entry))
            list->count++;
    }
    closedir(folder);
    qsort(list->entries, list->count, sizeof *list->entries, by_id);
    return 0;
}

static struct thread_entry *find(const struct threads_list *list, pid_t thread_id)
{
    struct thread_entry wanted = {.thread_id = thread_id};

    return list->count == 0 ? NULL
                            : bsearch(&wanted, list->entries, list->count, sizeof wanted, by_id);
}

static size_t resident_bytes(uintptr_t low, uintptr_t high)
{
    enum { PAGES_AT_ONCE = 512 };
    unsigned char is_resident[PAGES_AT_ONCE];
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE), count = 0;

    while (low < high) {
        size_t pages = (high - low + page_bytes - 1) / page_bytes;
        if (pages > PAGES_AT_ONCE)
            pages = PAGES_AT_ONCE;
        if (mincore((void *)low, pages * page_bytes, is_resident) != 0)
            break;
        for (size_t i = 0; i < pages; i++)
            count += is_resident[i] & 1;
        low += pages * page_bytes;
    }
    return count * page_bytes;
}

static void measure_stack(struct thread_entry *entry, const struct halted *thread,
                          const struct maps *maps, const struct guards *guards)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    const struct mapping *mapping = maps_find(maps, thread->copy.low);

    if (mapping == NULL)
        return;
    uintptr_t low = mapping->low, high = mapping->high;
    if (thread->tls > thread->copy.low && thread->tls < high)
        high = (thread->tls / page_bytes + 1) * page_bytes; /* others may lie above */
    guards_narrow(guards, thread->copy.low, &low, &high);
    entry->stack_bytes = high - low;
    entry->stack_resident_bytes = resident_bytes(low, high);
}

static int add_stack(struct thread_entry *entry, const struct halted *thread,
                     struct unwinder *unwinder)
{
    uintptr_t stack[THREADS_DEPTH_MAX];

    entry->depth = unwinder_walk(unwinder, &thread->copy, stack, THREADS_DEPTH_MAX);
    entry->stack = malloc(entry->depth * sizeof *stack);
    if (entry->stack == NULL)
        return -1;
    memcpy(entry->stack, stack, entry->depth * sizeof *stack);
    return 0;
}

static int add_halted(struct threads_list *list, const struct halt *halt, const bool *is_stuck)
{
    struct maps maps;
    int status = 0;
    bool has_maps = maps_read(&maps) == 0;
    struct guards guards;
    bool has_guards = guards_init(&guards) == 0;
    struct unwinder *unwinder = unwinder_new();

    for (unsigned i = 0; i < halt->count && unwinder != NULL && status == 0; i++) {
        const struct halted *thread = &halt->threads[i];
        struct thread_entry *entry = find(list, thread->thread_id);
        if (entry == NULL || !thread->is_stopped)
            continue;
        entry->has_answered = true;
        entry->is_stuck = is_stuck[i];
        if (has_maps && has_guards && !guards.are_hidden)
            measure_stack(entry, thread, &maps, &guards);
        status = add_stack(entry, thread, unwinder);
    }
    if (has_maps)
        maps_free(&maps);
    guards_free(&guards);
    if (unwinder == NULL || status != 0) {
        unwinder_delete(unwinder);
        errno = ENOMEM;
        return -1;
    }
    unwinder_delete(unwinder);
    return 0;
}

#if HAS_WAITS
static void add_wait(void *closure, const struct wait *wait)
{
    struct thread_entry *entry = find(closure, wait->thread_id);
    struct timespec now;

    if (entry == NULL)
        return;
    entry->request = wait->started_for;
    entry->request_name = wait->started_for_name;
    entry->held_bytes = wait->held_bytes;
    if (wait->object == NULL)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    entry->is_waited_known = true;
    entry->waiting_ms =
        (now.tv_sec * (int64_t)MS_PER_S * NS_PER_MS + now.tv_nsec - wait->since_ns) / NS_PER_MS;
}
#endif

int threads_list_take(struct threads_list *list)
{
    struct reach reach;
    bool *is_stuck = NULL;

    *list = (struct threads_list){.count = 0};
    struct halt *halt = NULL;
    struct reach_probe probe;
    reach_probe_take(&probe);
    if (list_threads(list) != 0)
        goto fail;
    halt = halt_begin(ANSWER_MS + (unsigned)list->count * ANSWER_MS_EACH);
    if (halt == NULL)
        goto fail;
    reach_begin(&reach, halt, &probe);
    halt_end(halt);

    is_stuck = calloc(halt->count, sizeof *is_stuck);
    if (is_stuck == NULL) {
        bool none;
        halt->count = 0; /* nobody to be told of: the child is ended */
        reach_end(&reach, halt, &none, 0);
        errno = ENOMEM;
        goto fail;
    }
    reach_end(&reach, halt, is_stuck, SEARCH_MS);
    memcpy(list->reach_doubt, reach.doubt, sizeof list->reach_doubt);
    if (add_halted(list, halt, is_stuck) != 0)
        goto fail;
    free(is_stuck);
    halt_delete(halt);
    reach_probe_give_back(&probe);
#if HAS_WAITS
    waits_each(add_wait, list);
#endif
    return 0;

fail:;
    int problem = errno;
    free(is_stuck);
    halt_delete(halt);
    reach_probe_give_back(&probe);
    threads_list_free(list);
    errno = problem;
    return -1;
}
