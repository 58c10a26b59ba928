/*
 * shield.h - put before a student's file when it is graded (gcc -include).
 *
 * tag_compare() is inline and counts in thread_counts, so a student's object would have to be able
 * to write to the counters that it is graded by. Here it is a call into tags.c instead, which
 * counts; and what the file does to thread_counts, it does to a copy that nobody reads. So no
 * object of a student's has a reason to refer to thread_counts, and one that does is refused.
 */
#ifndef SHIELD_H
#define SHIELD_H

#include "common/tag.h"

int shield_compare(const struct tag *a, const struct tag *b);
extern _Thread_local struct counts shield_counts;

#define tag_compare shield_compare
#define thread_counts shield_counts

#endif
