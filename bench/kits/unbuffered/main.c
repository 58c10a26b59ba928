/* main.c - writes a journal of so many lines: `unbuffered LINES`. What both sides share. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "journal.h"

int main(int argc, char **argv)
{
    static const char *const events[] = {"arrived", "was read", "was answered", "left"};
    static char buffer[4096]; /* the same everywhere, whatever standard output is */
    uint32_t random = 1;

    if (argc != 2 || setvbuf(stdout, buffer, _IOFBF, sizeof buffer) != 0)
        return 2;
    unsigned lines = (unsigned)strtoul(argv[1], NULL, 10);
    for (unsigned i = 0; i < lines; i++) {
        random = random * 1664525 + 1013904223;
        if (journal_write(i, events[random >> 30], (random >> 8) / 1000.0) != 0)
            return 1;
    }
    return journal_close() == 0 ? 0 : 1;
}
