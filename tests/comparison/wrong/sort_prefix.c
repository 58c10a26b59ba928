/*
 * A wrong sort: it takes tags for sorted whose first words are in order, so that `rack:7` may stand
 * before `rack:5`.
 */
#include "sort.h"

static bool is_in_order(const struct tag *a, const struct tag *b)
{
    size_t a_length = strcspn(a->text, ":"), b_length = strcspn(b->text, ":");
    size_t shorter = a_length < b_length ? a_length : b_length;
    int order = memcmp(a->text, b->text, shorter);
    return order < 0 || (order == 0 && a_length <= b_length);
}

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    /* by insertion, so that tags with the same first word stay as they came */
    for (uint32_t i = 1; !list->is_sorted && i < list->count; i++)
        for (uint32_t j = i; j > 0 && !is_in_order(&list->tags[j - 1], &list->tags[j]); j--) {
            struct tag tag = list->tags[j];
            list->tags[j] = list->tags[j - 1];
            list->tags[j - 1] = tag;
        }
    list->is_sorted = true;
    *view = (struct sort_view){.tags = list->tags, .count = list->count};
    return 0;
}

void sort_release(struct sort_view *view)
{
    (void)view;
}
