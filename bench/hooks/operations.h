/*
 * operations.h - what the hooks stand in front of, timed: through them, and past them.
 */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include <stdint.h>

enum operation_mode {
    OPERATION_PAST, /* the C library's function, past the hook */
    OPERATION_OFF,  /* through the hook, which is off */
    OPERATION_ON,   /* through the hook, which samples */
    OPERATION_MODES,
};

struct operation {
    const char *name;
    /* Does it so often, in the mode that was switched to; returns the nanoseconds of each. */
    double (*run)(uint64_t count, enum operation_mode mode);
    uint64_t count; /* for a millisecond, so that many go undisturbed */
};

extern const struct operation operations[];
extern const unsigned operation_count;

/* Switches all hooks on for OPERATION_ON, and off for the others. */
void operations_switch(enum operation_mode mode);

#endif
