/*
 * locks.c - stands in front of the C library's mutexes, read-write locks, conditions and
 * semaphores.
 *
 * Part of a program only if it is named when that is linked; locks.h says what comes of it. Off,
 * each function is one branch and a tail call. The C library has mutexes and read-write locks by a
 * second name, which is called here; the others are looked up, by the version that programs are
 * linked with today (a pthread_cond_wait() from before 2003 is there too, and takes another
 * condition).
 *
 * Not with sanitizers, which stand there themselves; and to be compiled with -fno-lto, since the
 * second names are given to the assembler, where link-time optimization does not see them.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "../locks_hook.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#error "a sanitizer has hooks of its own: do not link hooks/"
#endif

/* The C library's oldest version on this machine, which has these names. */
#if defined(__x86_64__)
#define VERSION "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define VERSION "GLIBC_2.17"
#else
#error "add the oldest version of glibc on this machine: objdump -T libc.so.6"
#endif

#define NAMED(own, name) __asm__(".symver " #own "," #name "@" VERSION)
NAMED(real_mutex_lock, __pthread_mutex_lock);
NAMED(real_mutex_trylock, __pthread_mutex_trylock);
NAMED(real_mutex_unlock, __pthread_mutex_unlock);
NAMED(real_rwlock_rdlock, __pthread_rwlock_rdlock);
NAMED(real_rwlock_wrlock, __pthread_rwlock_wrlock);
NAMED(real_rwlock_tryrdlock, __pthread_rwlock_tryrdlock);
NAMED(real_rwlock_trywrlock, __pthread_rwlock_trywrlock);
NAMED(real_rwlock_unlock, __pthread_rwlock_unlock);

/* Not through the table of jumps, where the compiler can do without: it is an instruction more. */
#if __has_attribute(noplt)
#define DIRECT __attribute__((noplt))
#else
#define DIRECT
#endif
DIRECT int real_mutex_lock(pthread_mutex_t *mutex);
int real_mutex_trylock(pthread_mutex_t *mutex);
DIRECT int real_mutex_unlock(pthread_mutex_t *mutex);
int real_rwlock_rdlock(pthread_rwlock_t *lock);
int real_rwlock_wrlock(pthread_rwlock_t *lock);
int real_rwlock_tryrdlock(pthread_rwlock_t *lock);
int real_rwlock_trywrlock(pthread_rwlock_t *lock);
int real_rwlock_unlock(pthread_rwlock_t *lock);

extern const char locks_hook_is_linked;
const char locks_hook_is_linked = 1;

/* What is looked up: before main(), or at the first call if a library's start comes before that. */
static struct {
    int (*cond_wait)(pthread_cond_t *, pthread_mutex_t *);
    int (*cond_timedwait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    int (*cond_clockwait)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
    int (*cond_init)(pthread_cond_t *, const pthread_condattr_t *);
    int (*cond_destroy)(pthread_cond_t *);
    int (*cond_signal)(pthread_cond_t *);
    int (*cond_broadcast)(pthread_cond_t *);
    int (*sem_wait)(sem_t *);
    int (*sem_timedwait)(sem_t *, const struct timespec *);
} library;

/* ISO C has no way from an object's pointer to a function's, but POSIX has: their bytes are the
 * same. */
static void find(void *function, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

static __attribute__((constructor)) void look_up(void)
{
    find(&library.cond_timedwait, "pthread_cond_timedwait");
    find(&library.cond_clockwait, "pthread_cond_clockwait");
    find(&library.cond_init, "pthread_cond_init");
    find(&library.cond_destroy, "pthread_cond_destroy");
    find(&library.cond_signal, "pthread_cond_signal");
    find(&library.cond_broadcast, "pthread_cond_broadcast");
    find(&library.sem_wait, "sem_wait");
    find(&library.sem_timedwait, "sem_timedwait");
    find(&library.cond_wait, "pthread_cond_wait");
}

static inline void be_ready(void)
{
    if (__builtin_expect(library.cond_wait == NULL, 0))
        look_up();
}

/*
 * What is on the way of each call, recording or not, is kept apart from what is not: off, a lock is
 * a comparison and a jump.
 */
#define SELDOM __attribute__((noinline))

/* What the first, unwaiting attempt said decides: only a lock that is taken is waited for. */
static inline bool is_settled(int error)
{
    return error == 0 || error == EOWNERDEAD;
}

static SELDOM int mutex_lock_wait(pthread_mutex_t *mutex, const void *caller)
{
    struct locks_wait wait;

    locks_wait_begin(&wait, mutex, true);
    int error = real_mutex_lock(mutex);
    locks_wait_end(&wait, caller);
    return error;
}

static SELDOM int mutex_lock_on(pthread_mutex_t *mutex, const void *caller)
{
    int error = real_mutex_trylock(mutex);
    if (is_settled(error))
        return error;
    return error == EBUSY ? mutex_lock_wait(mutex, caller) : real_mutex_lock(mutex);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (!locks_is_recording())
        return real_mutex_lock(mutex);
    return mutex_lock_on(mutex, __builtin_return_address(0));
}

static SELDOM int mutex_unlock_on(pthread_mutex_t *mutex, const void *caller)
{
    if (locks_is_waited_for(mutex))
        locks_release(mutex, caller);
    return real_mutex_unlock(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (!locks_is_recording())
        return real_mutex_unlock(mutex);
    return mutex_unlock_on(mutex, __builtin_return_address(0));
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    struct locks_wait wait;

    if (!locks_is_recording())
        return real_rwlock_rdlock(lock);
    int error = real_rwlock_tryrdlock(lock);
    if (error == 0)
        return 0;
    if (error != EBUSY)
        return real_rwlock_rdlock(lock);
    locks_wait_begin(&wait, lock, true);
    error = real_rwlock_rdlock(lock);
    locks_wait_end(&wait, __builtin_return_address(0));
    return error;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    struct locks_wait wait;

    if (!locks_is_recording())
        return real_rwlock_wrlock(lock);
    int error = real_rwlock_trywrlock(lock);
    if (error == 0)
        return 0;
    if (error != EBUSY)
        return real_rwlock_wrlock(lock);
    locks_wait_begin(&wait, lock, true);
    error = real_rwlock_wrlock(lock);
    locks_wait_end(&wait, __builtin_return_address(0));
    return error;
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    if (locks_is_recording() && locks_is_waited_for(lock))
        locks_release(lock, __builtin_return_address(0));
    return real_rwlock_unlock(lock);
}

/* A wait for a condition begins: its mutex is released. */
static void begin_condition(struct locks_wait *wait, pthread_cond_t *condition,
                            pthread_mutex_t *mutex, const void *caller)
{
    if (locks_is_waited_for(mutex))
        locks_release(mutex, caller);
    locks_wait_begin(wait, condition, false);
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    struct locks_wait wait;

    be_ready();
    if (!locks_is_recording())
        return library.cond_wait(condition, mutex);
    begin_condition(&wait, condition, mutex, __builtin_return_address(0));
    int error = library.cond_wait(condition, mutex);
    locks_wait_end(&wait, __builtin_return_address(0));
    return error;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                           const struct timespec *until)
{
    struct locks_wait wait;

    be_ready();
    if (!locks_is_recording())
        return library.cond_timedwait(condition, mutex, until);
    begin_condition(&wait, condition, mutex, __builtin_return_address(0));
    int error = library.cond_timedwait(condition, mutex, until);
    locks_wait_end(&wait, __builtin_return_address(0));
    return error;
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                           const struct timespec *until)
{
    struct locks_wait wait;

    be_ready();
    if (!locks_is_recording())
        return library.cond_clockwait(condition, mutex, clock, until);
    begin_condition(&wait, condition, mutex, __builtin_return_address(0));
    int error = library.cond_clockwait(condition, mutex, clock, until);
    locks_wait_end(&wait, __builtin_return_address(0));
    return error;
}

/*
 * The rest of a condition, so that all of it is of one version: a library that names none, as
 * Valgrind's own do, would have those from before 2003, and the waits above.
 */
int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
    be_ready();
    return library.cond_init(condition, attributes);
}

int pthread_cond_destroy(pthread_cond_t *condition)
{
    be_ready();
    return library.cond_destroy(condition);
}

int pthread_cond_signal(pthread_cond_t *condition)
{
    be_ready();
    return library.cond_signal(condition);
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
    be_ready();
    return library.cond_broadcast(condition);
}

/* True: it is had without a wait. errno is as it was. */
static bool try_semaphore(sem_t *semaphore)
{
    int error = errno;

    if (sem_trywait(semaphore) == 0)
        return true;
    errno = error;
    return false;
}

int sem_wait(sem_t *semaphore)
{
    struct locks_wait wait;

    be_ready();
    if (!locks_is_recording())
        return library.sem_wait(semaphore);
    if (try_semaphore(semaphore))
        return 0;
    locks_wait_begin(&wait, semaphore, false);
    int status = library.sem_wait(semaphore);
    locks_wait_end(&wait, __builtin_return_address(0));
    return status;
}

int sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
    struct locks_wait wait;

    be_ready();
    if (!locks_is_recording())
        return library.sem_timedwait(semaphore, until);
    if (try_semaphore(semaphore))
        return 0;
    locks_wait_begin(&wait, semaphore, false);
    int status = library.sem_timedwait(semaphore, until);
    locks_wait_end(&wait, __builtin_return_address(0));
    return status;
}
