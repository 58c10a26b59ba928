#define _GNU_SOURCE
#include "stack_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined __x86_64__

enum { RED_ZONE = 128 };

int stack_copy_registers(uintptr_t registers[STACK_COPY_REGISTERS], const ucontext_t *context)
{
    static const unsigned char numbers[STACK_COPY_REGISTERS] = {
        REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
        REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};

    for (unsigned i = 0; i < STACK_COPY_REGISTERS; i++)
        registers[i] = (uintptr_t)context->uc_mcontext.gregs[numbers[i]];
    return 0;
}

uintptr_t stack_copy_sp(const uintptr_t registers[STACK_COPY_REGISTERS])
{
    return registers[7];
}

#elif defined __aarch64__

enum { RED_ZONE = 0 };

int stack_copy_registers(uintptr_t registers[STACK_COPY_REGISTERS], const ucontext_t *context)
{
    for (unsigned i = 0; i <= 30; i++)
        registers[i] = context->uc_mcontext.regs[i];
    registers[31] = context->uc_mcontext.sp;
    registers[32] = context->uc_mcontext.pc;
    return 0;
}

uintptr_t stack_copy_sp(const uintptr_t registers[STACK_COPY_REGISTERS])
{
    return registers[31];
}

#else

enum { RED_ZONE = 0 };

int stack_copy_registers(uintptr_t registers[STACK_COPY_REGISTERS], const ucontext_t *context)
{
    (void)registers, (void)context;
    return -1;
}

uintptr_t stack_copy_sp(const uintptr_t registers[STACK_COPY_REGISTERS])
{
    return registers[0];
}

#endif

uintptr_t stack_copy_pc(const uintptr_t registers[STACK_COPY_REGISTERS])
{
    return registers[STACK_COPY_REGISTERS - 1];
}

uintptr_t stack_copy_low(uintptr_t sp)
{
    return sp > RED_ZONE ? (sp - RED_ZONE) & ~(uintptr_t)7 : 0;
}

/*
 * The same by a file, for containers that refuse process_vm_readv(). Not kept open, as a child
 * would read its parent by it; and not by open() and pread(), which are cancellation points.
 */
static ssize_t copy_by_file(void *bytes, uintptr_t from, size_t length)
{
    long memory = syscall(SYS_openat, AT_FDCWD, "/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0)
        return -1;
    ssize_t copied = syscall(SYS_pread64, memory, bytes, length, from);
    syscall(SYS_close, memory);
    return copied;
}

size_t stack_copy_bytes(void *bytes, uintptr_t from, size_t length)
{
    int problem = errno;
    struct iovec here = {bytes, length}, there = {(void *)from, length};
    ssize_t copied = process_vm_readv(getpid(), &here, 1, &there, 1, 0);

    if (copied < 0 && errno != EFAULT)
        copied = copy_by_file(bytes, from, length);
    errno = problem;
    return copied > 0 ? (size_t)copied : 0;
}
