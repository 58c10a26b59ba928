/*
 * The problem: each line is flushed, so that none is lost. Each flush is a system call: a way into
 * the kernel and back, for 40 bytes.
 *
 * Seen by: strace -c (write, once a line), and the time that the kernel takes (sys). Instructions
 * hardly show it: callgrind counts none of the kernel's, and formatting a line costs far more than
 * asking for the call. Not seen by: allocations, caches.
 */
#include "journal.h"

#include <stdio.h>

int journal_write(unsigned number, const char *event, double value)
{
    if (printf("%u %s %.3f\n", number, event, value) < 0)
        return -1;
    return fflush(stdout);
}

int journal_close(void)
{
    return fflush(stdout);
}
