/*
 * signals.h - what a program does when it is told to end before it is done.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>

/*
 * From now on SIGINT and SIGTERM make the flag true, for the work to end at the next chance; a
 * second one ends the program at once.
 */
const volatile sig_atomic_t *signals_set_flag(void);

/*
 * From now on SIGINT, SIGTERM and SIGHUP, each time, call `interrupt`, which has to be
 * async-signal-safe; and a reader that is gone is a write error like any other.
 */
void signals_call(void (*interrupt)(void));

#endif
