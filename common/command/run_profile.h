/*
 * run_profile.h - the CPU profile of a batch run, into a file that pprof clients read.
 *
 * What the service has at /debug/pprof/profile (pprof/cpu.h), for a program that ends. One at a
 * time; started and ended by the same thread.
 */
#ifndef RUN_PROFILE_H
#define RUN_PROFILE_H

struct run_profile;

/*
 * Makes the file, and collects from then on in a thread of its own. NULL after a message on stderr
 * that says what is wrong.
 */
struct run_profile *run_profile_start(const char *path);

/* Ends the collection and writes the file. NULL is allowed. 0, or -1 after a message on stderr; the
 * file is then removed. */
int run_profile_end(struct run_profile *profile);

#endif
