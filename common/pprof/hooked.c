#define _GNU_SOURCE /* dladdr, dl_iterate_phdr, RTLD_DEFAULT */
#include "hooked.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "heap.h"
#include "heap_hook.h"
#include "loader.h"
#include "locks.h"
#include "locks_hook.h"
#include "threadcreate.h"
#include "threadcreate_hook.h"

/* How each can be gone around: names that whoever imports them calls directly. */
static const struct {
    const char *name, *function;
    bool (*is_available)(void);
    const bool *is_on;
    const char *others[12];
} hooks[HOOKED_COUNT] = {
    {"malloc",
     "malloc",
     heap_is_available,
     &heap_is_on,
     {"__libc_malloc", "mallocx", "rallocx", "sdallocx", "je_malloc", "tc_malloc", "mi_malloc",
      "mi_heap_malloc", "mi_new", "scalable_malloc", NULL}},
    {"locks",
     "pthread_mutex_lock",
     locks_is_available,
     &locks_is_on,
     {"__pthread_mutex_lock", "mtx_lock", NULL}},
    {"conditions",
     "pthread_cond_wait",
     locks_is_available,
     &locks_is_on,
     {"__pthread_cond_wait", "cnd_wait", NULL}},
    {"threads",
     "pthread_create",
     threadcreate_is_available,
     &threadcreate_is_on,
     {"thrd_create", "clone", NULL}},
};

const char *hooked_name(enum hooked hook)
{
    return hooks[hook].name;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* The object that an address is of. */
static const char *object_of(const void *address, const void **base)
{
    Dl_info info;

    *base = NULL;
    if (address == NULL || dladdr(address, &info) == 0)
        return "?";
    *base = info.dli_fbase;
    return info.dli_fname[0] != '\0' ? base_name(info.dli_fname) : program_invocation_short_name;
}

/* A program that is not position-independent may have an entry of its own for a function that it
 * imports, which then counts as the function's address. */
static bool is_import(const void *address)
{
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;

    return dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) != 0 && symbol != NULL &&
           symbol->st_shndx == SHN_UNDEF;
}

struct search {
    enum hooked hook;
    char *text; /* gets who goes another way */
    size_t length;
};

struct tables {
    const ElfW(Sym) * symbols;
    const char *strings;
    const uint32_t *gnu_hash;
};

/* Of a loaded object; the loader has made the addresses absolute, but for the vdso's. */
static struct tables tables_of(const struct dl_phdr_info *info)
{
    struct tables tables = {0};

    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
            continue;
        const ElfW(Dyn) *entry = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            const void *address = (const void *)entry->d_un.d_ptr;
            if (entry->d_un.d_ptr < info->dlpi_addr)
                continue;
            if (entry->d_tag == DT_SYMTAB)
                tables.symbols = address;
            else if (entry->d_tag == DT_STRTAB)
                tables.strings = address;
            else if (entry->d_tag == DT_GNU_HASH)
                tables.gnu_hash = address;
        }
    }
    return tables;
}

/* What it imports stands in front of what the hash table has: gnu_hash[1] is where that begins. */
static const char *find_import(const struct tables *tables, const char *const *names)
{
    for (uint32_t i = 1; i < tables->gnu_hash[1]; i++)
        for (const char *const *name = names; *name != NULL; name++)
            if (tables->symbols[i].st_shndx == SHN_UNDEF &&
                strcmp(tables->strings + tables->symbols[i].st_name, *name) == 0)
                return *name;
    return NULL;
}

static bool is_own(const struct dl_phdr_info *info)
{
    for (unsigned i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD &&
            (uintptr_t)&hooks - (info->dlpi_addr + info->dlpi_phdr[i].p_vaddr) <
                info->dlpi_phdr[i].p_memsz)
            return true;
    return false;
}

/* dladdr() is not to be called here: it waits for a lock of the loader's that a thread in dlopen()
 * has, which waits for the one that dl_iterate_phdr() has. */
static int look_at(struct dl_phdr_info *info, size_t size, void *closure)
{
    struct search *search = closure;
    struct tables tables = tables_of(info);
    const char *object =
        info->dlpi_name[0] != '\0' ? base_name(info->dlpi_name) : program_invocation_short_name;

    (void)size;
    if (tables.symbols == NULL || tables.strings == NULL || tables.gnu_hash == NULL ||
        is_own(info) || strncmp(object, "libc.so", 7) == 0)
        return 0;
    const char *name = find_import(&tables, hooks[search->hook].others);
    if (name != NULL && search->length < HOOKED_TEXT_SIZE)
        search->length +=
            (size_t)snprintf(search->text + search->length, HOOKED_TEXT_SIZE - search->length,
                             "; but %s calls %s", object, name);
    return 0;
}

static void ask_loader(void *closure)
{
    struct search *search = closure;
    const char *name = hooks[search->hook].function;
    const void *own, *first, *second;

    object_of(&hooks, &own);
    const void *function = dlsym(RTLD_DEFAULT, name);
    const char *taker = object_of(function, &first);
    if (first != own && !is_import(function)) {
        snprintf(search->text, HOOKED_TEXT_SIZE, "bypassed by %s, which has a %s of its own", taker,
                 name);
        return;
    }
    const char *next = object_of(dlsym(RTLD_NEXT, name), &second);
    search->length = (size_t)snprintf(search->text, HOOKED_TEXT_SIZE, "taken, then %s", next);
    dl_iterate_phdr(look_at, search);
}

const char *hooked_state(enum hooked hook, char text[HOOKED_TEXT_SIZE])
{
    struct search search = {.hook = hook, .text = text};

    if (!hooks[hook].is_available())
        return strcpy(text, "off: the hooks are not linked into this program");
    if (!*hooks[hook].is_on)
        return strcpy(text, "off: it was not asked for");
    loader_ask(ask_loader, &search);
    return text;
}
