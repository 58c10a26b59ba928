/* tags.c - what shield.h puts in the place of tag_compare() and thread_counts. */
#include "common/tag.h"

int shield_compare(const struct tag *a, const struct tag *b);
extern _Thread_local struct counts shield_counts;

_Thread_local struct counts shield_counts;

int shield_compare(const struct tag *a, const struct tag *b)
{
    return tag_compare(a, b);
}
