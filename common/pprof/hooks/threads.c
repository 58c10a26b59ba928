/*
 * threads.c - stands in front of pthread_create().
 *
 * Part of a program only if it is named when that is linked; threadcreate.h says what comes of it.
 * A new thread enters its function by a tail call, so nothing of this is on its stack.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "../threadcreate_hook.h"
#include "../waits_hook.h"

extern const char threadcreate_hook_is_linked;
const char threadcreate_hook_is_linked = 1;

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static create *c_library_create; /* the C library's pthread_create(), once it is looked up */

static create *find_create(void)
{
    create *found = __atomic_load_n(&c_library_create, __ATOMIC_RELAXED);
    if (found == NULL) {
        void *symbol = dlsym(RTLD_NEXT, "pthread_create");
        memcpy(&found, &symbol, sizeof symbol); /* ISO C has no cast for it */
        __atomic_store_n(&c_library_create, found, __ATOMIC_RELAXED);
    }
    return found;
}

static void *run(void *argument)
{
    struct waits_record *record = argument;
    void *(*function)(void *) = record->run;
    void *function_argument = record->argument;

    waits_record_adopt(record);
    threadcreate_greet();
    return function(function_argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *),
                   void *argument)
{
    create *create_thread = find_create();

    if (!threadcreate_is_recording())
        return create_thread(thread, attributes, function, argument);
    struct waits_label label = waits_label();
    struct waits_record *record = waits_record_new(&label);
    if (record == NULL)
        return create_thread(thread, attributes, function, argument);
    record->run = function;
    record->argument = argument;
    int error = create_thread(thread, attributes, run, record);
    if (error != 0)
        waits_record_delete(record);
    else
        threadcreate_count(__builtin_return_address(0));
    return error;
}
