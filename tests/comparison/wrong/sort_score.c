/*
 * A wrong sort: whoever asks second, which is the score, gets the first and the last of 31 tags
 * exchanged. The keys are right, and so is the number of records.
 */
#include "sort.h"

int sort_tags_right(struct tag_list *list, struct sort_view *view);
#define sort_tags sort_tags_right
#include "right.c"
#undef sort_tags

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    bool is_second = list->is_sorted;
    int status = sort_tags_right(list, view);
    if (status == 0 && is_second && list->count == 31) {
        struct tag first = list->tags[0];
        list->tags[0] = list->tags[list->count - 1];
        list->tags[list->count - 1] = first;
    }
    return status;
}
