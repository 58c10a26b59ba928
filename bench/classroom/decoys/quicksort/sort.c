/*
 * Problem 2, a colleague's change: quicksort.
 *
 * "The shared tag_sort() is a merge sort, which moves everything to and fro. Nobody needs equal
 * tags to stay in their order, and quicksort is the fastest sort there is: it works in place, and
 * its inner loop is two comparisons long."
 */
#include "sort.h"

#include <stdlib.h>

static void exchange(struct tag *a, struct tag *b)
{
    struct tag tag = *a;
    *a = *b;
    *b = tag;
}

/* Hoare's, around the tag in the middle, which is never the last. */
static void quicksort(struct tag *tags, uint32_t count)
{
    while (count > 1) {
        struct tag pivot = tags[(count - 1) / 2];
        uint32_t left = 0, right = count - 1;
        for (;;) {
            while (tag_compare(&tags[left], &pivot) < 0)
                left++;
            while (tag_compare(&tags[right], &pivot) > 0)
                right--;
            if (left >= right)
                break;
            exchange(&tags[left++], &tags[right--]);
        }
        uint32_t lower = right + 1;
        quicksort(tags, lower);
        tags += lower;
        count -= lower;
    }
}

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    size_t size = list->count * sizeof *list->tags;

    thread_counts.sort_calls++;
    view->owned = malloc(size + 1); /* +1: a record may have no tags left */
    if (view->owned == NULL)
        return -1;
    memcpy(view->owned, list->tags, size);
    quicksort(view->owned, list->count);
    thread_counts.sorts++;
    view->tags = view->owned;
    view->count = list->count;
    return 0;
}

void sort_release(struct sort_view *view)
{
    free(view->owned);
}
