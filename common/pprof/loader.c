#define _GNU_SOURCE /* dl_iterate_phdr, memfd_create */
#include "loader.h"

#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/*
 * Who looks at the loader's list and who forks keep out of each other's way. Not by a mutex: a
 * profiled program's mutexes are hooked, and the hooks have locks that fork() takes, too. And not
 * with a sleep: that is a cancellation point, which fork() is not, and the count would stay.
 */
static atomic_int looker_count, fork_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

static void enter(void)
{
    for (;;) {
        atomic_fetch_add(&looker_count, 1);
        if (atomic_load(&fork_count) == 0)
            return;
        atomic_fetch_sub(&looker_count, 1);
        sched_yield();
    }
}

static void leave(void)
{
    atomic_fetch_sub(&looker_count, 1);
}

/*
 * For a second or two at most. Who forks out of a dl_iterate_phdr() of its own, with the loader's
 * lock held, would wait for itself: then the risk to the child is the smaller one.
 */
static void keep_out(void)
{
    atomic_fetch_add(&fork_count, 1);
    time_t start = seconds_now();
    while (atomic_load(&looker_count) > 0 && seconds_now() - start <= 1)
        sched_yield();
}

static void let_in(void)
{
    atomic_fetch_sub(&fork_count, 1);
}

/* Nobody else is here. */
static void start_anew(void)
{
    atomic_store(&fork_count, 0);
    atomic_store(&looker_count, 0);
}

static void prepare(void)
{
    pthread_atfork(keep_out, let_in, start_anew); /* without memory: as if we were not there */
}

/* `look` must take no lock and allocate nothing: fork() waits for it, with locks held. */
static void look_at_each(int (*look)(struct dl_phdr_info *, size_t, void *), void *closure)
{
    pthread_once(&once, prepare);
    enter();
    dl_iterate_phdr(look, closure);
    leave();
}

void loader_ask(void (*ask)(void *), void *closure)
{
    pthread_once(&once, prepare);
    enter();
    ask(closure);
    leave();
}

void loader_build_id_text(const unsigned char *bytes, size_t count, char text[LOADER_BUILD_ID_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    if (count > (LOADER_BUILD_ID_SIZE - 1) / 2)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * count] = '\0';
}

static void read_build_id(const struct dl_phdr_info *info, const ElfW(Phdr) * header,
                          struct loader_object *object)
{
    const char *note = (const char *)(info->dlpi_addr + header->p_vaddr);
    const char *end = note + header->p_memsz;

    while (note + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *head = (const void *)note;
        const char *name = note + sizeof *head;
        const unsigned char *id = (const void *)(name + ((head->n_namesz + 3) & ~3u));
        if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
            loader_build_id_text(id, head->n_descsz, object->build_id);
            return;
        }
        note = (const char *)id + ((head->n_descsz + 3) & ~3u);
    }
}

/* All but the path. */
static void describe(const struct dl_phdr_info *info, struct loader_object *object)
{
    uintptr_t image = UINTPTR_MAX, vdso = getauxval(AT_SYSINFO_EHDR);

    *object = (struct loader_object){.bias = info->dlpi_addr};
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + header->p_vaddr, limit = from + header->p_memsz;
        if (header->p_type == PT_LOAD && from < image)
            image = from;
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0) {
            if (object->limit == 0 || from < object->start) {
                object->start = from;
                object->offset = header->p_offset;
            }
            if (limit > object->limit)
                object->limit = limit;
        } else if (header->p_type == PT_NOTE && object->build_id[0] == '\0') {
            read_build_id(info, header, object);
        }
    }
    object->is_vdso = vdso != 0 && vdso == image;
    object->is_program =
        !object->is_vdso && (info->dlpi_name == NULL || info->dlpi_name[0] == '\0');
}

struct copy {
    struct loader_list *list;  /* its count: what there is, even where there is no room for it */
    size_t capacity;           /* objects */
    size_t bytes, paths_bytes; /* of the paths: there are, there is room for */
};

static int copy_object(struct dl_phdr_info *info, size_t size, void *closure)
{
    struct copy *copy = closure;
    struct loader_list *list = copy->list;
    struct loader_object object;

    (void)size;
    describe(info, &object);
    const char *path = object.is_vdso      ? "[vdso]"
                       : object.is_program ? "/proc/self/exe" /* even if it was moved since */
                                           : info->dlpi_name;
    size_t bytes = strlen(path) + 1;
    if (list->count < copy->capacity && copy->bytes + bytes <= copy->paths_bytes) {
        object.path = memcpy(list->paths + copy->bytes, path, bytes);
        list->objects[list->count] = object;
    }
    list->count++;
    copy->bytes += bytes;
    list->version = (struct loader_version){.added = info->dlpi_adds, .removed = info->dlpi_subs};
    return 0;
}

int loader_list_take(struct loader_list *list)
{
    struct copy copy = {.list = list};

    *list = (struct loader_list){.count = 0};
    for (;;) {
        list->count = copy.bytes = 0;
        look_at_each(copy_object, &copy);
        if (list->count <= copy.capacity && copy.bytes <= copy.paths_bytes)
            return 0;
        /* more is loaded than there is room for: at first, and when others load meanwhile */
        copy.capacity = list->count;
        copy.paths_bytes = copy.bytes;
        loader_list_free(list);
        list->objects = calloc(copy.capacity, sizeof *list->objects);
        list->paths = malloc(copy.paths_bytes);
        if (list->objects == NULL || list->paths == NULL) {
            loader_list_free(list);
            return -1;
        }
    }
}

void loader_list_free(struct loader_list *list)
{
    free(list->objects);
    free(list->paths);
    *list = (struct loader_list){.count = 0};
}

static int note_version(struct dl_phdr_info *info, size_t size, void *closure)
{
    (void)size;
    *(struct loader_version *)closure =
        (struct loader_version){.added = info->dlpi_adds, .removed = info->dlpi_subs};
    return 1; /* the same with each object */
}

struct loader_version loader_version(void)
{
    struct loader_version version = {.added = 0};

    look_at_each(note_version, &version);
    return version;
}

static int open_vdso(void)
{
    const char *image = (const char *)getauxval(AT_SYSINFO_EHDR);
    const ElfW(Ehdr) *header = (const void *)image;
    size_t size = header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;

    int file = memfd_create("vdso", MFD_CLOEXEC);
    if (file >= 0 && write(file, image, size) != (ssize_t)size) {
        close(file);
        file = -1;
    }
    return file;
}

int loader_object_open(const struct loader_object *object)
{
    return object->is_vdso ? open_vdso() : open(object->path, O_RDONLY | O_CLOEXEC);
}
