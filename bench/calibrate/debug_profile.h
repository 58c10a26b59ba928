/*
 * debug_profile.h - sums of a live profile, by its text of ?debug=1, which has each stack's values
 * to the last digit. Pure, thread-safe.
 */
#ifndef DEBUG_PROFILE_H
#define DEBUG_PROFILE_H

/*
 * The sum of the values number `value`, from 0, of all stacks in which the function is, inlined or
 * not; NULL: of all. NAN if the text is no profile, or a stack has no such value.
 */
double debug_profile_sum(const char *text, const char *function, unsigned value);

/* The next number behind `key` ("thread="), and *text behind it; -1 if there is none. */
long debug_profile_next(const char **text, const char *key);

#endif
