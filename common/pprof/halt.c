#define _GNU_SOURCE
#include "halt.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 6, SPARE_THREADS = 256, GO_ON_MS = 3000, BRIEF_MS = 2000, NS_PER_MS = 1000000 };

/* Where the handler finds it. A signal says which halt it belongs to: one that comes late, when a
 * thread no longer blocks it, does nothing. */
static struct {
    _Atomic pid_t owner;   /* the process; 0: no halt is under way */
    _Atomic bool is_brief; /* the one that is under way, or was last, is of a few threads */
    int signal;            /* 0: none was chosen yet */
    _Atomic uint32_t turn; /* number of the halt that is on; 0: none. Waited for as a futex */
    uint32_t last_turn;
    int64_t begin_ms;       /* of the halt that is on */
    _Atomic int user_count; /* handlers that are running */
    struct halt *halt;
} halting;

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / NS_PER_MS;
}

static uintptr_t thread_pointer(void)
{
    return (uintptr_t)__builtin_thread_pointer();
}

/* A stack ends at the thread's control block; the main thread's does not, and is copied in full. */
static size_t bytes_wanted(uintptr_t low, uintptr_t tls)
{
    if (tls > low && tls - low < STACK_COPY_BYTES_MAX)
        return tls - low;
    return STACK_COPY_BYTES_MAX;
}

/*
 * What the interrupted system call waits for, if it is a futex, and for ever. The kernel has set
 * the thread back to the instruction that makes the call, so that it is made again.
 */
static uintptr_t futex_of(const ucontext_t *context)
{
#ifdef __x86_64__
    const greg_t *registers = context->uc_mcontext.gregs;
    unsigned char code[2] = {0, 0};
    int operation = (int)registers[REG_RSI] & FUTEX_CMD_MASK & ~FUTEX_CLOCK_REALTIME;

    if (registers[REG_RAX] != SYS_futex || registers[REG_R10] != 0 ||
        (operation != FUTEX_WAIT && operation != FUTEX_WAIT_BITSET))
        return 0;
    if (stack_copy_bytes(code, (uintptr_t)registers[REG_RIP], 2) == 2 && code[0] == 0x0f &&
        code[1] == 0x05)
        return (uintptr_t)registers[REG_RDI];
#else
    (void)context;
#endif
    return 0;
}

static void copy_thread(struct halt *halt, struct halted *thread, const ucontext_t *context)
{
    struct stack_copy *copy = &thread->copy;

    stack_copy_registers(copy->registers, context);
    thread->tls = thread_pointer();
    thread->futex = futex_of(context);
    copy->low = stack_copy_low(stack_copy_sp(copy->registers));
    size_t wanted = (bytes_wanted(copy->low, thread->tls) + 15) & ~(size_t)15;
    size_t at = atomic_fetch_add(&halt->used_bytes, wanted);
    if (at + wanted <= halt->room_bytes) {
        copy->bytes = halt->room + at;
        copy->length = stack_copy_bytes(halt->room + at, copy->low, wanted);
    }
    atomic_store(&thread->is_stopped, true);
}

/* Not for ever: should the thread that halts the others be killed or stopped, they go on. */
static void wait_for_end(uint32_t turn)
{
    int64_t end_ms = now_ms() + GO_ON_MS;

    while (atomic_load(&halting.turn) == turn && now_ms() < end_ms)
        syscall(SYS_futex, &halting.turn, FUTEX_WAIT_PRIVATE, turn,
                &(struct timespec){.tv_nsec = 200 * NS_PER_MS}, NULL, 0);
}

static void handle(int number, siginfo_t *info, void *context)
{
    int problem = errno;
    uint64_t value = (uint64_t)(uintptr_t)info->si_value.sival_ptr;
    uint32_t turn = (uint32_t)(value >> 32), index = (uint32_t)value;

    (void)number;
    if (info->si_code != SI_QUEUE || info->si_pid != getpid())
        return;
    atomic_fetch_add(&halting.user_count, 1);
    if (turn != 0 && atomic_load(&halting.turn) == turn && index < halting.halt->count) {
        struct halted *thread = &halting.halt->threads[index];
        copy_thread(halting.halt, thread, context);
        if (!thread->is_caller && !atomic_load(&halting.is_brief))
            wait_for_end(turn);
    }
    atomic_fetch_sub(&halting.user_count, 1);
    errno = problem;
}

/* To a thread, with what the handler is to know. 0 or -1. */
static int send_signal(int number, pid_t thread_id, uint64_t value)
{
    siginfo_t info = {.si_signo = number, .si_code = SI_QUEUE};

    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_ptr = (void *)(uintptr_t)value;
    return (int)syscall(SYS_rt_tgsigqueueinfo, getpid(), thread_id, number, &info);
}

/*
 * One that nobody uses, and that can be sent, which is tried: an emulator may keep some for itself.
 * It stays ours.
 */
static int choose_signal(void)
{
    struct sigaction action = {.sa_sigaction = handle}, before;

    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    for (int number = SIGRTMAX - 1; halting.signal == 0 && number >= SIGRTMIN; number--)
        if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL &&
            sigaction(number, &action, NULL) == 0) {
            if (send_signal(number, gettid(), 0) == 0)
                halting.signal = number;
            else
                sigaction(number, &before, NULL);
        }
    if (halting.signal == 0)
        errno = ENOTSUP;
    return halting.signal == 0 ? -1 : 0;
}

static struct halted *add_thread(struct halt *halt, pid_t thread_id)
{
    if (halt->count == halt->capacity)
        return NULL;
    struct halted *thread = &halt->threads[halt->count++];
    thread->thread_id = thread_id;
    thread->is_caller = thread_id == gettid();
    return thread;
}

static int send(const struct halt *halt, const struct halted *thread)
{
    return send_signal(halting.signal, thread->thread_id,
                       (uint64_t)halting.turn << 32 | (uint64_t)(thread - halt->threads));
}

static bool is_known(const struct halt *halt, pid_t thread_id, unsigned *hint)
{
    for (unsigned i = 0; i < halt->count; i++) {
        unsigned at = (*hint + i) % halt->count; /* /proc has an order */
        if (halt->threads[at].thread_id == thread_id) {
            *hint = at + 1;
            return true;
        }
    }
    return false;
}

/* Signals those threads that are not known yet. Returns how many, or -1: no /proc, or no room. */
static int signal_new(struct halt *halt, int folder)
{
    struct record { /* struct linux_dirent64 */
        uint64_t inode, offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    _Alignas(8) char records[8192];
    int new_count = 0;
    unsigned hint = 0;
    long length;

    lseek(folder, 0, SEEK_SET);
    while ((length = syscall(SYS_getdents64, folder, records, sizeof records)) > 0) {
        for (long at = 0; at < length;) {
            const struct record *record = (const void *)(records + at);
            pid_t thread_id = 0;
            for (const char *digit = record->name; isdigit((unsigned char)*digit); digit++)
                thread_id = thread_id * 10 + (*digit - '0');
            at += record->length;
            if (thread_id == 0 || is_known(halt, thread_id, &hint))
                continue;
            struct halted *thread = add_thread(halt, thread_id);
            if (thread == NULL)
                return -1;
            send(halt, thread);
            new_count++;
        }
    }
    return length < 0 ? -1 : new_count;
}

static unsigned count_running(const struct halt *halt)
{
    unsigned count = 0;

    for (unsigned i = 0; i < halt->count; i++)
        count += !halt->threads[i].is_stopped;
    return count;
}

static bool has_ended(const struct halted *thread)
{
    return syscall(SYS_tgkill, getpid(), thread->thread_id, 0) != 0;
}

static bool have_others_ended(const struct halt *halt)
{
    for (unsigned i = 0; i < halt->count; i++)
        if (!halt->threads[i].is_stopped && !has_ended(&halt->threads[i]))
            return false;
    return true;
}

/* "/proc/self/task/123/syscall", without stdio, which locks. */
static int open_system_call(pid_t thread_id)
{
    static const char before[] = "/proc/self/task/", after[] = "/syscall";
    char path[64], digits[16];
    size_t length = sizeof before - 1, count = 0;

    memcpy(path, before, length);
    for (; thread_id > 0; thread_id /= 10)
        digits[count++] = (char)('0' + thread_id % 10);
    while (count > 0)
        path[length++] = digits[--count];
    memcpy(path + length, after, sizeof after);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/*
 * What it waits in: "232 0x4 0x7f... ... SP PC", a number, six arguments, and two registers. False:
 * it runs, or /proc does not say.
 */
static bool read_system_call(pid_t thread_id, uintptr_t numbers[8])
{
    char text[256];
    int file = open_system_call(thread_id);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    const char *at = text;

    if (file >= 0)
        close(file);
    if (length <= 0 || text[0] < '0' || text[0] > '9')
        return false;
    text[length] = '\0';
    for (int i = 0; i < 8; i++) {
        at = strstr(at, " 0x");
        if (at == NULL)
            return false;
        at += 3;
        numbers[i] = 0;
        for (; isxdigit((unsigned char)*at); at++)
            numbers[i] = numbers[i] << 4 | (uintptr_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
    }
    return true;
}

/* Threads that block the signal: NULL if it is known where they are, else why not. */
static const char *look_at_deaf(struct halt *halt, bool is_again)
{
    for (unsigned i = 0; i < halt->count; i++) {
        struct halted *thread = &halt->threads[i];
        uintptr_t numbers[STACK_COPY_REGISTERS > 8 ? STACK_COPY_REGISTERS : 8] = {0};
        if (thread->is_stopped || has_ended(thread))
            continue;
        if (!read_system_call(thread->thread_id, numbers))
            return "a thread blocks all signals and does not sleep, or /proc/self/task/*/syscall "
                   "cannot be read";
        if (is_again && memcmp(thread->copy.registers, numbers, 8 * sizeof *numbers) != 0)
            return "a thread that blocks all signals went on meanwhile";
        memcpy(thread->copy.registers, numbers, sizeof thread->copy.registers);
        thread->copy.low = stack_copy_low(numbers[6]);
        thread->is_asleep = true;
    }
    return NULL;
}

static void stop_all(struct halt *halt, unsigned milliseconds)
{
    int folder = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int64_t end_ms = now_ms() + milliseconds;
    int new_count = -1;

    halt->doubt = "/proc/self/task cannot be read";
    if (folder < 0)
        return;
    for (int round = 0; round < ROUNDS_MAX && new_count != 0; round++) {
        new_count = signal_new(halt, folder);
        while (count_running(halt) > 0 && now_ms() < end_ms && !have_others_ended(halt))
            nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS / 5}, NULL);
        if (new_count < 0)
            break;
    }
    close(folder);
    if (new_count != 0)
        halt->doubt = "more threads were being started than could be stopped";
    else
        halt->doubt = look_at_deaf(halt, false);
}

/* The same for a few that are named. */
static void stop_some(struct halt *halt, const pid_t *threads, unsigned count,
                      unsigned milliseconds)
{
    int64_t end_ms = now_ms() + milliseconds;

    for (unsigned i = 0; i < count; i++) {
        struct halted *thread = add_thread(halt, threads[i]);
        if (thread != NULL)
            send(halt, thread);
    }
    while (count_running(halt) > 0 && now_ms() < end_ms && !have_others_ended(halt))
        nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS / 20}, NULL);
    halt->doubt = "not all threads were stopped";
}

/* `count`: for so many, 0 for all. */
static struct halt *halt_new(unsigned count)
{
    int folder = count > 0 ? -1 : open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder >= 0) {
        _Alignas(8) char records[8192];
        long length;
        while ((length = syscall(SYS_getdents64, folder, records, sizeof records)) > 0)
            count += (unsigned)length / 24; /* the shortest record's bytes */
        close(folder);
    }
    unsigned capacity = count + SPARE_THREADS;
    size_t head = sizeof(struct halt) + capacity * sizeof(struct halted);
    size_t bytes = head + (size_t)capacity * STACK_COPY_BYTES_MAX;
    struct halt *halt = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (halt == MAP_FAILED)
        return NULL;
    madvise(halt, bytes, MADV_DONTDUMP);
    halt->bytes = bytes;
    halt->capacity = capacity;
    halt->room = (unsigned char *)halt + ((head + 15) & ~(size_t)15);
    halt->room_bytes = bytes - ((head + 15) & ~(size_t)15);
    return halt;
}

/* One that stops a few is over in a moment: others wait for that. */
static int claim(bool is_brief)
{
    pid_t self = getpid(), owner = 0;
    int64_t end_ms = now_ms() + BRIEF_MS;

    while (!atomic_compare_exchange_strong(&halting.owner, &owner, self)) {
        if (owner == self && !is_brief && atomic_load(&halting.is_brief) && now_ms() < end_ms) {
            nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS / 5}, NULL);
            owner = 0;
            continue;
        }
        if (owner == self) {
            errno = EBUSY;
            return -1;
        }
        atomic_store(&halting.user_count, 0); /* a parent's; here its threads are not */
        atomic_store(&halting.turn, 0);
        if (atomic_compare_exchange_strong(&halting.owner, &owner, self))
            break;
    }
    atomic_store(&halting.is_brief, is_brief);
    return 0;
}

/* Of those threads, or of all: NULL. */
static struct halt *begin(const pid_t *threads, unsigned count, unsigned milliseconds)
{
    sigset_t set;
    struct halt *halt = NULL;

    if (STACK_COPY_REGISTERS == 1) {
        errno = ENOTSUP;
        return NULL;
    }
    if (claim(threads != NULL) != 0)
        return NULL;
    if (choose_signal() != 0 || (halt = halt_new(count)) == NULL) {
        atomic_store(&halting.owner, 0);
        return NULL;
    }
    sigemptyset(&set);
    sigaddset(&set, halting.signal);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    halting.halt = halt;
    halting.begin_ms = now_ms();
    halting.last_turn = halting.last_turn % INT32_MAX + 1;
    atomic_store(&halting.turn, halting.last_turn);
    if (threads != NULL)
        stop_some(halt, threads, count, milliseconds);
    else
        stop_all(halt, milliseconds);
    return halt;
}

struct halt *halt_begin(unsigned milliseconds)
{
    return begin(NULL, 0, milliseconds);
}

struct halt *halt_begin_some(const pid_t *threads, unsigned count, unsigned milliseconds)
{
    return begin(threads, count, milliseconds);
}

void halt_end(struct halt *halt)
{
    if (halt->doubt == NULL)
        halt->doubt = look_at_deaf(halt, true);
    if (now_ms() - halting.begin_ms >= GO_ON_MS)
        halt->doubt = "the threads could not be held for long enough";
    atomic_store(&halting.turn, 0);
    syscall(SYS_futex, &halting.turn, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    for (int i = 0; i < 5000 && atomic_load(&halting.user_count) > 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS / 5}, NULL);
}

void halt_delete(struct halt *halt)
{
    if (halt == NULL)
        return;
    size_t used = halt->used_bytes < halt->room_bytes ? halt->used_bytes : halt->room_bytes;
    explicit_bzero(halt->room, used);
    if (atomic_load(&halting.user_count) == 0)
        munmap(halt, halt->bytes);
    atomic_store(&halting.owner, 0);
}
