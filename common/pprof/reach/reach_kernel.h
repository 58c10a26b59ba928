/*
 * reach_kernel.h - addresses that the program gave the kernel to keep: what epoll is to hand back.
 */
#ifndef PPROF_REACH_KERNEL_H
#define PPROF_REACH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Looks at all open files (/proc/self/fdinfo) and fills in up to `count_max` values, addresses or
 * not. Returns how many; count_max: there may be more. Locks and allocates nothing.
 */
size_t reach_kernel_addresses(uintptr_t *addresses, size_t count_max);

#endif
