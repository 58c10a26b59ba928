/*
 * stack_copy.h - a thread's registers and the top of its stack, copied within a signal handler.
 *
 * A stack is unwound later, elsewhere, from the copy (unwinder.h): unwinding within the handler
 * crashes or deadlocks, as the tables may be wrong where the thread was stopped, and the loader's
 * lock may be held. All functions are async-signal-safe.
 */
#ifndef PPROF_STACK_COPY_H
#define PPROF_STACK_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* Of the copied part; what lies beyond is lost, and the stack's root with it. */
enum { STACK_COPY_BYTES_MAX = 16 * 1024 };

#if defined __x86_64__
enum { STACK_COPY_REGISTERS = 17 }; /* by DWARF's numbers; the last is the pc */
#elif defined __aarch64__
enum { STACK_COPY_REGISTERS = 33 }; /* x0 to x30, sp, and the pc, which has no number */
#else
enum { STACK_COPY_REGISTERS = 1 }; /* stack_copy_registers() fails */
#endif

struct stack_copy {
    uintptr_t registers[STACK_COPY_REGISTERS];
    uintptr_t low;              /* the address of the first byte */
    size_t length;              /* of the copied bytes; 0: they could not be read */
    const unsigned char *bytes; /* where they are */
};

/* 0, or -1 where this machine's registers are not known. */
int stack_copy_registers(uintptr_t registers[STACK_COPY_REGISTERS], const ucontext_t *context);

uintptr_t stack_copy_pc(const uintptr_t registers[STACK_COPY_REGISTERS]);
uintptr_t stack_copy_sp(const uintptr_t registers[STACK_COPY_REGISTERS]);

/*
 * Where copying starts: at the stack pointer, less what the machine lets a function use below it.
 */
uintptr_t stack_copy_low(uintptr_t sp);

/*
 * Copies up to `length` bytes from `from`; fewer where memory ends there. It asks the kernel to, as
 * where a stack ends is not known, least of all that of a coroutine. errno is kept.
 */
size_t stack_copy_bytes(void *bytes, uintptr_t from, size_t length);

#endif
