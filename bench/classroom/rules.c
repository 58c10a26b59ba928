#include "bench/classroom/rules.h"

#include <stddef.h>
#include <string.h>

/* Whoever needs memory and texts may have them; what is not here does I/O, or starts something. */
static const char *const common_uses[] = {
    "malloc",    "calloc",           "realloc",       "free",
    "memcpy",    "memmove",          "mempcpy",       "memset",
    "memchr",    "strlen",           "strnlen",       "strcpy",
    "strncpy",   "stpcpy",           "strcat",        "strncat",
    "strchr",    "strrchr",          "sprintf",       "snprintf",
    "vsnprintf", "__errno_location", "__assert_fail", "_GLOBAL_OFFSET_TABLE_",
    NULL,
};

static const char *const common_headers[] = {
    "tag.h",     "digits.h",   "counts.h", "clock.h", "assert.h",   "ctype.h",
    "errno.h",   "inttypes.h", "limits.h", "math.h",  "stdalign.h", "stdatomic.h",
    "stdbool.h", "stddef.h",   "stdint.h", "stdio.h", "stdlib.h",   "stdnoreturn.h",
    "string.h",  "strings.h",  "time.h",   NULL,
};

/* A name of the list that ends with '*' is that of all which begin so. */
static bool has(const char *const *list, const char *name)
{
    for (; *list != NULL; list++) {
        size_t length = strcspn(*list, "*");
        bool is_beginning = (*list)[length] == '*';
        if (is_beginning ? strncmp(*list, name, length) == 0 : strcmp(*list, name) == 0)
            return true;
    }
    return false;
}

bool rules_wants(int lesson, const char *symbol)
{
    return has(lesson_rows[lesson].grading.functions, symbol);
}

unsigned rules_wanted_count(int lesson)
{
    unsigned count = 0;
    while (lesson_rows[lesson].grading.functions[count] != NULL)
        count++;
    return count;
}

bool rules_may_use(int lesson, const char *symbol)
{
    return has(common_uses, symbol) || has(lesson_rows[lesson].grading.uses, symbol);
}

bool rules_may_include(int lesson, const char *header)
{
    return has(common_headers, header) || has(lesson_rows[lesson].grading.headers, header);
}

const char *rules_advice(const char *symbol)
{
    static const struct {
        const char *prefix, *advice;
    } table[] = {
        {"printf", "take the debugging output out"},
        {"puts", "take the debugging output out"},
        {"putchar", "take the debugging output out"},
        {"fprintf", "take the debugging output out"},
        {"std", "take the debugging output out"},
        {"fwrite", "take the debugging output out"},
        {"strdup", "allocate with malloc, which is counted"},
        {"asprintf", "allocate with malloc, which is counted"},
        {"vasprintf", "allocate with malloc, which is counted"},
        {"posix_memalign", "allocate with malloc, which is counted"},
        {"aligned_alloc", "allocate with malloc, which is counted"},
        {"pthread_create", "start threads with thread_start(), which counts them"},
        {"pthread_", "lock with lock.h, which is measured"},
        {"sem_", "lock with lock.h, which is measured"},
        {"thread_counts", "the counters are not yours to touch"},
        {"strcmp", "compare with tag_compare(), which is counted"},
        {"strncmp", "compare with tag_compare(), which is counted"},
        {"memcmp", "compare with tag_compare(), which is counted"},
        {"qsort", "sort with tag_sort(), which is counted"},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strncmp(symbol, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].advice;
    return NULL;
}
