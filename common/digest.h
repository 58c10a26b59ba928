/*
 * digest.h - the command `digest sqlite:FILE`: what the rows of a file come to.
 *
 * It is the same digest that a run or the service reports, so the two can be held against each
 * other: each row counts once, however often it was written.
 */
#ifndef DIGEST_H
#define DIGEST_H

/* argv[0] is "digest". Prints to stdout; returns the exit status: 0, 1, or 2 for bad usage. */
int digest_command(int argc, char **argv);

#endif
