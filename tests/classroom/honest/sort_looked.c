/* Looks for itself whether there is something to do. */
#include "sort.h"

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    uint32_t i = 1;

    if (!list->is_sorted) {
        while (i < list->count && tag_compare(&list->tags[i - 1], &list->tags[i]) <= 0)
            i++;
        if (i < list->count)
            tag_sort(list->tags, list->count);
    }
    list->is_sorted = true;
    view->tags = list->tags;
    view->count = list->count;
    view->owned = NULL;
    return 0;
}

void sort_release(struct sort_view *view)
{
    view->tags = NULL;
}
