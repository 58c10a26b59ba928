/* loader.h: what is loaded, and that a forked child can still ask the loader. */
#include "common/pprof/loader.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The only object with code there; NULL if there is none. */
static const struct loader_object *find(const struct loader_list *list, uintptr_t address)
{
    const struct loader_object *found = NULL;

    for (size_t i = 0; i < list->count; i++) {
        const struct loader_object *object = &list->objects[i];
        if (object->start > address || address >= object->limit)
            continue;
        cr_expect_null(found, "%s and %s", found->path, object->path);
        found = object;
    }
    return found;
}

/* Whatever is listed can be opened, and is the ELF file that it says. */
static void expect_file(const struct loader_object *object)
{
    char magic[SELFMAG];
    int file = loader_object_open(object);

    cr_assert_geq(file, 0, "%s", object->path);
    cr_expect_eq(pread(file, magic, SELFMAG, 0), SELFMAG);
    cr_expect_eq(memcmp(magic, ELFMAG, SELFMAG), 0, "%s", object->path);
    close(file);
}

Test(loader, lists_the_program_its_libraries_and_the_vdso)
{
    struct loader_list list;
    unsigned programs = 0, vdsos = 0;

    cr_assert_eq(loader_list_take(&list), 0);
    for (size_t i = 0; i < list.count; i++) {
        programs += list.objects[i].is_program;
        vdsos += list.objects[i].is_vdso;
        expect_file(&list.objects[i]);
    }
    cr_expect_eq(programs, 1);
    cr_expect_eq(vdsos, 1);
    const struct loader_object *mine = find(&list, (uintptr_t)find);
    cr_assert_not_null(mine);
    cr_expect(mine->is_program);
    const struct loader_object *libc = find(&list, (uintptr_t)dlsym(RTLD_DEFAULT, "tdelete"));
    cr_assert_not_null(libc);
    cr_expect_not_null(strstr(libc->path, "/libc.so"));
    cr_expect_eq(strlen(libc->build_id), 40, "%s", libc->build_id);
    loader_list_free(&list);
    cr_expect_eq(list.count, 0);
}

Test(loader, has_a_version_that_changes_with_the_list)
{
    struct loader_version before = loader_version();
    struct loader_list list;

    cr_assert_eq(loader_list_take(&list), 0);
    cr_expect_eq(list.version.added, before.added);
    cr_expect_eq(list.version.removed, before.removed);
    size_t count = list.count;
    loader_list_free(&list);

    void *library = dlopen("libutil.so.1", RTLD_NOW); /* nothing else needs it */
    cr_assert_not_null(library, "%s", dlerror());
    cr_assert_gt(loader_version().added, before.added);
    cr_assert_eq(loader_list_take(&list), 0);
    cr_expect_eq(list.count, count + 1);
    loader_list_free(&list);
    cr_assert_eq(dlclose(library), 0);
    cr_assert_gt(loader_version().removed, before.removed);
}

Test(loader, has_no_text_for_a_build_id_that_is_too_long)
{
    unsigned char bytes[LOADER_BUILD_ID_SIZE] = {0x0f, 0xa5};
    char text[LOADER_BUILD_ID_SIZE];

    loader_build_id_text(bytes, 2, text);
    cr_expect_str_eq(text, "0fa5");
    loader_build_id_text(bytes, 32, text);
    cr_expect_eq(strlen(text), 64);
    loader_build_id_text(bytes, 33, text);
    cr_expect_str_eq(text, "");
}

static atomic_bool is_over, is_looking;

static void *look(void *argument)
{
    while (!is_over) {
        loader_version();
        is_looking = true;
    }
    return argument;
}

static int see_nothing(struct dl_phdr_info *info, size_t size, void *closure)
{
    (void)info, (void)size, (void)closure;
    return 0;
}

/* The C library leaves the loader's lock as it was at the fork(): locked, about one time in four.
 */
Test(loader, is_never_locked_in_a_forked_child, .timeout = 300)
{
    enum { THREADS = 2, CHILDREN = 200 };
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, look, NULL), 0);
    for (int i = 0; i < CHILDREN; i++) {
        int status;
        pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) {
            alarm(20); /* ends it, if it waits for ever */
            dl_iterate_phdr(see_nothing, NULL);
            loader_version();
            _exit(0);
        }
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert_eq(status, 0, "child %d ended with %d", i, status);
    }
    is_over = true;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* Through fork() it must come, which is no cancellation point, and where it would leave locks
 * behind. */
static void *fork_while_cancelled(void *argument)
{
    pthread_cancel(pthread_self()); /* from now on any cancellation point ends this thread */
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    *(pid_t *)argument = child;
    return NULL;
}

Test(loader, lets_a_thread_fork_that_is_to_be_cancelled, .timeout = 300)
{
    pthread_t looker, forker;

    cr_assert_eq(pthread_create(&looker, NULL, look, NULL), 0);
    for (int i = 0; i < 200; i++) {
        pid_t child = 0;
        cr_assert_eq(pthread_create(&forker, NULL, fork_while_cancelled, &child), 0);
        cr_assert_eq(pthread_join(forker, NULL), 0);
        cr_assert_gt(child, 0, "it was cancelled within fork() number %d", i);
        cr_assert_eq(waitpid(child, NULL, 0), child);
    }
    is_over = true;
    pthread_join(looker, NULL);
}

static int fork_and_wait(struct dl_phdr_info *info, size_t size, void *closure)
{
    pid_t child = fork();

    (void)info, (void)size;
    if (child == 0)
        _exit(0);
    *(bool *)closure = waitpid(child, NULL, 0) == child;
    return 1;
}

Test(loader, lets_a_program_fork_while_it_has_the_loaders_lock_itself, .timeout = 300)
{
    pthread_t thread;
    bool is_done = false;

    cr_assert_eq(pthread_create(&thread, NULL, look, NULL), 0);
    while (!is_looking)
        usleep(1000);
    dl_iterate_phdr(fork_and_wait, &is_done);
    cr_expect(is_done);
    is_over = true;
    pthread_join(thread, NULL);
}
