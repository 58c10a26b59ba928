/*
 * The fix: lines are written when the buffer is full, and when the journal ends: a system call for
 * a hundred lines.
 *
 * The cost: a program that crashes takes up to a buffer of lines with it, and who watches the
 * journal sees them late. Where a line must not be lost, flush that line, and not each.
 */
#include "journal.h"

#include <stdio.h>

int journal_write(unsigned number, const char *event, double value)
{
    if (printf("%u %s %.3f\n", number, event, value) < 0)
        return -1;
    return 0;
}

int journal_close(void)
{
    return fflush(stdout);
}
