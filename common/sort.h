/*
 * sort.h - contract of lesson 2: a record's tags in sorted order, wherever somebody needs them.
 *
 * Both the key and the score ask for a sorted view. The view is read-only and has a release, so
 * that one implementation may own a copy and another may borrow the list itself. Implemented by
 * naive/sort.c and fixed/sort.c; the linker chooses. Thread-safe for different lists.
 */
#ifndef SORT_H
#define SORT_H

#include "common/tag.h"

struct sort_view {
    const struct tag *tags; /* sorted; valid until sort_release() */
    uint32_t count;
    struct tag *owned; /* the implementation's: a copy to be freed, or NULL */
};

/*
 * Opens a sorted view of `list`, which must outlive it and must not change meanwhile except by
 * this call, which may put it in order and mark it sorted. Returns 0, or -1 if memory ran out; then
 * there is no view to release.
 */
int sort_tags(struct tag_list *list, struct sort_view *view);

/* Closes the view. */
void sort_release(struct sort_view *view);

#endif
