/*
 * Problem 2, fixed: a list is sorted once, in place, and knows that it is sorted.
 *
 * The first who asks pays: a look whether the tags came in order (at most one comparison a tag),
 * and a sort if they did not. Whoever asks after that borrows the list as it is. No copies.
 *
 * Seen by: the count of sorts, at most one a record and none for records that came in order.
 */
#include "sort.h"

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    thread_counts.sort_calls++;
    view->owned = NULL;
    if (!list->is_sorted && !tag_is_sorted(list->tags, list->count))
        tag_sort(list->tags, list->count);
    list->is_sorted = true;
    view->tags = list->tags;
    view->count = list->count;
    return 0;
}

void sort_release(struct sort_view *view)
{
    (void)view; /* borrowed */
}
