#define _DEFAULT_SOURCE /* fmemopen */
#include "catalog.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cpu.h"
#include "heap.h"
#include "heap_hook.h"
#include "locks.h"
#include "locks_hook.h"
#include "profile_samples.h"
#include "threadcreate.h"
#include "threadcreate_hook.h"
#include "threads_profile.h"
#include "value_text.h"
#include "wall.h"

static struct profile *collect_cpu(const struct catalog_wish *wish)
{
    static const struct profile_type types[CPU_PROFILE_TYPES] = {{"samples", "count"},
                                                                 {"cpu", "nanoseconds"}};
    struct profile *profile = profile_new(types, CPU_PROFILE_TYPES);

    if (profile == NULL) {
        errno = ENOMEM;
    } else if (cpu_profile_collect(profile, CATALOG_CPU_HZ, wish->seconds * 1000,
                                   wish->is_cancelled, wish->closure) != 0) {
        int problem = errno;
        profile_delete(profile);
        profile = NULL;
        errno = problem;
    }
    return profile;
}

static struct profile *collect_wall(const struct catalog_wish *wish)
{
    static const struct profile_type types[WALL_TYPES] = {{"samples", "count"},
                                                          {"wall", "nanoseconds"}};
    struct profile *profile = profile_new(types, WALL_TYPES);

    if (profile == NULL) {
        errno = ENOMEM;
    } else if (wall_collect(profile, wish->seconds * 1000, wish->is_cancelled, wish->closure) !=
               0) {
        int problem = errno;
        profile_delete(profile);
        profile = NULL;
        errno = problem;
    }
    return profile;
}

/* What a collector made that is on all the time. */
static struct profile *made(bool is_available, struct profile *(*make)(void))
{
    struct profile *profile = NULL;

    if (!is_available)
        errno = ENOTSUP;
    else if ((profile = make()) == NULL)
        errno = ENOMEM;
    return profile;
}

static struct profile *collect_heap(const struct catalog_wish *wish)
{
    (void)wish;
    return made(heap_is_available(), heap_profile);
}

static struct profile *collect_mutex(const struct catalog_wish *wish)
{
    (void)wish;
    return made(locks_is_available(), locks_mutex_profile);
}

static struct profile *collect_block(const struct catalog_wish *wish)
{
    (void)wish;
    return made(locks_is_available(), locks_block_profile);
}

static struct profile *collect_threads(const struct catalog_wish *wish)
{
    static const struct profile_type type = {"threads", "count"};
    struct profile *profile = profile_new(&type, 1);

    (void)wish;
    if (profile == NULL) {
        errno = ENOMEM;
    } else if (threads_profile_collect(profile) != 0) {
        int problem = errno;
        profile_delete(profile);
        profile = NULL;
        errno = problem;
    }
    return profile;
}

static struct profile *collect_threadcreate(const struct catalog_wish *wish)
{
    (void)wish;
    return made(threadcreate_is_available(), threadcreate_profile);
}

static int64_t count_threads(void)
{
    DIR *folder = opendir("/proc/self/task");
    int64_t count = 0;

    if (folder == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static const char no_samples[] = "nothing of some 512 KiB was allocated that came to be sampled";
static const char no_waits[] = "no thread waited, as far as its waits came this way";
static const char no_threads[] = "no thread was started";

const struct catalog_entry catalog[] = {
    {"allocs", "Allocations",
     "Who allocated memory since the start, sampled: the first thing to look at where there is a "
     "lot of malloc and free in the CPU profile.",
     "alloc_space", true, false, collect_heap, NULL, NULL, NULL, HOOKED_MALLOC, no_samples},
    {"block", "Waiting",
     "Where threads waited for locks, conditions and other threads, and for how long: by the stack "
     "of the one who waited.",
     "delay", true, false, collect_block, NULL, locks_block_exact_ns, NULL, HOOKED_LOCKS, no_waits},
    {"heap", "Memory in use",
     "Who allocated what is in use now, sampled. ?seconds=N shows what was added in N seconds.",
     "inuse_space", true, false, collect_heap, NULL, NULL, heap_unfollowed_count, HOOKED_MALLOC,
     no_samples},
    {"mutex", "Lock holders",
     "Who made others wait for a lock, and for how long: by the stack that released it.", "delay",
     true, false, collect_mutex, NULL, locks_mutex_exact_ns, NULL, HOOKED_LOCKS, no_waits},
    {"profile", "CPU",
     "What the threads do with the CPUs, sampled 100 times a CPU second, for ?seconds=N (30).",
     "cpu", false, true, collect_cpu, NULL, NULL, NULL, HOOKED_COUNT, NULL},
    {"threadcreate", "Thread starters",
     "Which code started the threads: of all that were started, and of those that still live.",
     NULL, false, false, collect_threadcreate, NULL, NULL, NULL, HOOKED_THREADS, no_threads},
    {"threads", "Threads",
     "Where each thread stands now; debug=2 says who waits for what, since when, and who waits for "
     "something that can never come. (Go's name for it, goroutine, will do.)",
     NULL, false, false, collect_threads, count_threads, NULL, NULL, HOOKED_COUNT, NULL},
    {"wall", "Where the time goes",
     "Where all threads are, running or waiting, for ?seconds=N (30): the root of each stack says "
     "which, and what for. A thread's second is a second here.",
     "wall", true, true, collect_wall, NULL, NULL, NULL, HOOKED_COUNT, NULL},
    {.name = NULL},
};

const struct catalog_entry *catalog_find(const char *name)
{
    if (strcmp(name, "goroutine") == 0)
        name = "threads";
    for (const struct catalog_entry *entry = catalog; entry->name != NULL; entry++)
        if (strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

/* What the sample has, if it has no stack and that is why. */
static int64_t value_if(const struct profile_sample *sample, const char *label, unsigned type)
{
    return sample->label_count == 1 && strcmp(sample->labels[0].key, label) == 0
               ? sample->values[type]
               : 0;
}

/* Between sentences. */
static const char *space(FILE *file)
{
    return ftell(file) > 0 ? " " : "";
}

/* Why there is nothing. */
static void remark_empty(const struct catalog_entry *entry, char remark[CATALOG_REMARK_SIZE])
{
    char state[HOOKED_TEXT_SIZE];

    remark[0] = '\0';
    if (entry->none != NULL)
        snprintf(remark, CATALOG_REMARK_SIZE, "Empty: %s. The hook of %s: %s.", entry->none,
                 hooked_name(entry->hook), hooked_state(entry->hook, state));
}

void catalog_remark(const struct catalog_entry *entry, const struct profile *profile,
                    char remark[CATALOG_REMARK_SIZE])
{
    unsigned type = profile_type_index(profile, entry->type);
    const char *unit = profile->types[type].unit;
    int64_t sum = 0, lost = 0, unseen = 0;
    char value[32], wanted[32];

    remark_empty(entry, remark);
    if (profile->sample_count == 0)
        return;
    remark[0] = '\0';
    FILE *file = fmemopen(remark, CATALOG_REMARK_SIZE, "w");
    if (file == NULL)
        return;
    for (size_t i = 0; i < profile->sample_count; i++) {
        sum += profile->samples[i]->values[type];
        lost += value_if(profile->samples[i], "lost", type);
        unseen += value_if(profile->samples[i], "unseen", type);
    }
    if (entry->exact_from != NULL && sum < entry->exact_from())
        fprintf(file,
                "Too little to be exact: %s in all. From %s on, sums are right within 10%%, nine "
                "times of ten.",
                value_text(sum, unit, value), value_text(entry->exact_from(), unit, wanted));
    if (lost > 0)
        fprintf(file, "%s%s of %s found no room: it has no stack, but the label lost.", space(file),
                value_text(lost, unit, value), value_text(sum, unit, wanted));
    if (unseen > 0)
        fprintf(file,
                "%s%s of %s was used by threads that run for microseconds at a time: it has no "
                "stack, but the label unseen.",
                space(file), value_text(unseen, unit, value), value_text(sum, unit, wanted));
    if (entry->unfollowed_count != NULL && entry->unfollowed_count() > 0)
        fprintf(file,
                "%s%" PRIu64 " samples found no room among those in use: there is more in use than "
                "is shown.",
                space(file), entry->unfollowed_count());
    fclose(file);
}

const char *catalog_missing(const struct catalog_entry *entry)
{
    (void)entry;
    return "the hooks that collect it are not linked into this program (a sanitizer has its own in "
           "their place)";
}

/* Whether a list with commas has the word. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

/* Whoever is not available says so each time that it is asked: the results do not matter here. */
void catalog_start(const char *collected)
{
    if (collected == NULL || has_word(collected, "heap"))
        heap_start(HEAP_SAMPLE_BYTES);
    else if (has_word(collected, "heap-all"))
        heap_start(1);
    if (collected == NULL || has_word(collected, "locks"))
        locks_start(0);
    if (collected == NULL || has_word(collected, "threadcreate"))
        threadcreate_start();
}

void catalog_leave(void)
{
    heap_is_on = locks_is_on = threadcreate_is_on = false;
}

void catalog_stop(void)
{
    threadcreate_stop();
    locks_stop();
    heap_stop();
}
