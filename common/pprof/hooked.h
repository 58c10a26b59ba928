/*
 * hooked.h - whether the hooks took: malloc, locks, conditions and threads, each taken, bypassed,
 * or off.
 *
 * A hook is bypassed where the program's calls do not come to it: it has an allocator of its own in
 * its executable, say, whose malloc the loader finds first. Any thread may ask.
 */
#ifndef PPROF_HOOKED_H
#define PPROF_HOOKED_H

enum hooked { HOOKED_MALLOC, HOOKED_LOCKS, HOOKED_CONDITIONS, HOOKED_THREADS, HOOKED_COUNT };
enum { HOOKED_TEXT_SIZE = 256 };

const char *hooked_name(enum hooked hook);

/* "taken, then libc.so.6", "bypassed by redis-server", "off: it was not asked for"; and who goes
 * other ways besides. Returns text. */
const char *hooked_state(enum hooked hook, char text[HOOKED_TEXT_SIZE]);

#endif
