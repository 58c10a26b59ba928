#define _GNU_SOURCE /* memfd_create */
#include "children.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COUNT_MAX = 1024, URL_SIZE = 124, MARK = 0x70707231 };

struct child {
    _Atomic pid_t process; /* 0: free. One that has ended leaves its place to another */
    char url[URL_SIZE];
};

static struct table {
    uint32_t mark;
    struct child children[COUNT_MAX];
} * table;

static int map(int file)
{
    void *memory = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    if (memory == MAP_FAILED)
        return -1;
    table = memory;
    return 0;
}

int children_new(void)
{
    int file = memfd_create("pprof-children", 0); /* programs that it runs inherit it */

    if (file < 0)
        return -1;
    if (ftruncate(file, sizeof *table) == 0 && map(file) == 0) {
        table->mark = MARK;
        return file;
    }
    close(file);
    return -1;
}

int children_adopt(int file)
{
    struct stat info;

    if (fstat(file, &info) != 0 || info.st_size != sizeof *table || map(file) != 0)
        return -1;
    if (table->mark == MARK)
        return 0;
    munmap(table, sizeof *table);
    table = NULL;
    return -1;
}

static bool lives(pid_t process)
{
    return process != 0 && (kill(process, 0) == 0 || errno == EPERM);
}

void children_add(const char *url)
{
    for (unsigned i = 0; table != NULL && i < COUNT_MAX && strlen(url) < URL_SIZE; i++) {
        struct child *child = &table->children[i];
        pid_t before = atomic_load(&child->process);
        /* -1 while it is written: kill() takes it for all, and it is not asked of */
        if (before == -1 || lives(before) ||
            !atomic_compare_exchange_strong(&child->process, &before, -1))
            continue;
        strcpy(child->url, url);
        atomic_store(&child->process, getpid());
        return;
    }
}

void children_each(void (*visit)(void *closure, pid_t process, const char *url), void *closure)
{
    char url[URL_SIZE];

    for (unsigned i = 0; table != NULL && i < COUNT_MAX; i++) {
        pid_t process = atomic_load(&table->children[i].process);
        if (process <= 0 || process == getpid() || !lives(process))
            continue;
        memcpy(url, table->children[i].url, URL_SIZE); /* another process may write it now */
        url[URL_SIZE - 1] = '\0';
        if (atomic_load(&table->children[i].process) == process)
            visit(closure, process, url);
    }
}
