/*
 * Problem 2: needless sorting. Whoever needs sorted tags gets a sorted copy of their own.
 *
 * It is safe: nobody can spoil anybody else's order. But the key and the score both ask, so each
 * record is copied and sorted twice, and one whose tags came in order is sorted all the same.
 *
 * Seen by: the count of sorts and comparisons a record, callgrind (tag_sort below sort_tags), DHAT
 * (a block a call). Not seen by: massif (a copy lives for a microsecond), lock statistics.
 */
#include "sort.h"

#include <stdlib.h>

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    size_t size = list->count * sizeof *list->tags;

    thread_counts.sort_calls++;
    view->owned = malloc(size + 1); /* +1: a record may have no tags left */
    if (view->owned == NULL)
        return -1;
    memcpy(view->owned, list->tags, size);
    tag_sort(view->owned, list->count);
    view->tags = view->owned;
    view->count = list->count;
    return 0;
}

void sort_release(struct sort_view *view)
{
    free(view->owned);
}
