/* Compares where nobody counts. */
#include "sort.h"

static int is_less(const struct tag *a, const struct tag *b)
{
    const unsigned char *s = (const unsigned char *)a->text, *t = (const unsigned char *)b->text;
    while (*s != 0 && *s == *t)
        s++, t++;
    return *s < *t;
}

int sort_tags(struct tag_list *list, struct sort_view *view)
{
    for (uint32_t i = 1; !list->is_sorted && i < list->count; i++)
        for (uint32_t k = i; k > 0 && is_less(&list->tags[k], &list->tags[k - 1]); k--) {
            struct tag tag = list->tags[k];
            list->tags[k] = list->tags[k - 1];
            list->tags[k - 1] = tag;
        }
    list->is_sorted = true;
    *view = (struct sort_view){list->tags, list->count, NULL};
    return 0;
}

void sort_release(struct sort_view *view)
{
    (void)view;
}
