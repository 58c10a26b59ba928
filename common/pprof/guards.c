#define _GNU_SOURCE
#include "guards.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    INSTALL = 102, /* MADV_GUARD_INSTALL, which older headers lack */
    AT_ONCE = 512
};

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* The entries of `count` pages from that address on. 0 or -1. */
static int read_pages(const struct guards *guards, uintptr_t address, uint64_t *entries,
                      size_t count)
{
    off_t at = (off_t)(address / page_bytes() * sizeof *entries);
    ssize_t bytes = (ssize_t)(count * sizeof *entries);

    return pread(guards->pages, entries, (size_t)bytes, at) == bytes ? 0 : -1;
}

int guards_init(struct guards *guards)
{
    size_t bytes = page_bytes();
    uint64_t entry;

    *guards = (struct guards){.pages = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
    if (guards->pages < 0)
        return -1;
    void *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return 0;
    if (madvise(page, bytes, INSTALL) == 0) {
        guards->are_shown =
            read_pages(guards, (uintptr_t)page, &entry, 1) == 0 && (entry & GUARDS_PAGE) != 0;
        guards->are_hidden = !guards->are_shown;
    }
    munmap(page, bytes);
    return 0;
}

void guards_free(struct guards *guards)
{
    if (guards->pages >= 0)
        close(guards->pages);
    guards->pages = -1;
}

bool guards_has(const struct guards *guards, uintptr_t address)
{
    uint64_t entry;

    return guards->are_shown && read_pages(guards, address, &entry, 1) == 0 &&
           (entry & GUARDS_PAGE) != 0;
}

/* The end of the highest guard below that page; else `low`. */
static uintptr_t end_below(const struct guards *guards, uintptr_t page, uintptr_t low)
{
    uint64_t entries[AT_ONCE];
    size_t bytes = page_bytes();

    while (page > low) {
        size_t count = (page - low) / bytes < AT_ONCE ? (page - low) / bytes : AT_ONCE;
        if (count == 0 || read_pages(guards, page - count * bytes, entries, count) != 0)
            break;
        for (; count > 0; count--, page -= bytes)
            if ((entries[count - 1] & GUARDS_PAGE) != 0)
                return page;
    }
    return low;
}

/* The lowest guard from that page on; else `high`. */
static uintptr_t start_above(const struct guards *guards, uintptr_t page, uintptr_t high)
{
    uint64_t entries[AT_ONCE];
    size_t bytes = page_bytes();

    while (page < high) {
        size_t count = (high - page) / bytes < AT_ONCE ? (high - page) / bytes : AT_ONCE;
        if (count == 0 || read_pages(guards, page, entries, count) != 0)
            break;
        for (size_t i = 0; i < count; i++, page += bytes)
            if ((entries[i] & GUARDS_PAGE) != 0)
                return page;
    }
    return high;
}

void guards_narrow(const struct guards *guards, uintptr_t address, uintptr_t *low, uintptr_t *high)
{
    uintptr_t page = address / page_bytes() * page_bytes();

    if (!guards->are_shown)
        return;
    *low = end_below(guards, page, *low);
    *high = start_above(guards, page, *high);
}
