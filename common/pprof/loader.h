/*
 * loader.h - what the dynamic loader has loaded: the program, its libraries, the kernel's vdso.
 *
 * The loader's own list (dl_iterate_phdr) is copied under the loader's lock and read without it, so
 * nobody's dlopen() waits while files are read. No fork() happens under that lock either: the C
 * library leaves it locked in a child, whose next dlopen() or dl_iterate_phdr() would never return.
 * Thread-safe.
 */
#ifndef PPROF_LOADER_H
#define PPROF_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOADER_BUILD_ID_SIZE = 65 };

struct loader_object {
    const char *path;       /* of its file; "[vdso]" has none. The program's is /proc/self/exe */
    uintptr_t bias;         /* what was added to the file's addresses */
    uintptr_t start, limit; /* of its code; equal if it has none */
    uint64_t offset;        /* of `start` in the file */
    char build_id[LOADER_BUILD_ID_SIZE]; /* in hexadecimal; "" if it has none */
    bool is_program, is_vdso;
};

/* Changes whenever something is loaded or unloaded. */
struct loader_version {
    unsigned long long added, removed;
};

struct loader_list {
    struct loader_object *objects;
    size_t count;
    char *paths; /* that the objects refer to */
    struct loader_version version;
};

/* 0, or -1 without memory. The list is the caller's, until loader_list_free(). */
int loader_list_take(struct loader_list *list);
void loader_list_free(struct loader_list *list);

/* Allocates nothing. */
struct loader_version loader_version(void);

/*
 * Calls `ask` while nobody forks: for dlsym(), dladdr() and dl_iterate_phdr(), whose locks a child
 * would have for ever. It must not allocate, nor take another lock.
 */
void loader_ask(void (*ask)(void *closure), void *closure);

/* A descriptor of the object's file, the caller's to close, or -1. The vdso is copied into one. */
int loader_object_open(const struct loader_object *object);

/* `bytes` in hexadecimal; "" if there is no room for all of them. */
void loader_build_id_text(const unsigned char *bytes, size_t count,
                          char text[LOADER_BUILD_ID_SIZE]);

#endif
