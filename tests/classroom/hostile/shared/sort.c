/* One array for all threads. */
#include "sort.h"

static struct tag sorted[TAGS_MAX];

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    thread_counts.sort_calls++;
    view->owned = NULL;
    memcpy(sorted, list->tags, list->count * sizeof *sorted);
    tag_sort(sorted, list->count);
    view->tags = sorted;
    view->count = list->count;
    return 0;
}

void sort_release(struct sort_view *view)
{
    (void)view; /* borrowed */
}
