/* There is next to one way to do this. */
#include "sort.h"

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    if (!list->is_sorted) {
        if (!tag_is_sorted(list->tags, list->count))
            tag_sort(list->tags, list->count);
        list->is_sorted = true;
    }
    *view = (struct sort_view){.tags = list->tags, .count = list->count, .owned = NULL};
    return 0;
}

void sort_release(struct sort_view *view)
{
    (void)view;
}
