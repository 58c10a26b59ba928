/* A store that says a row is written and does not write it: the fastest database there is. */
#include "store.h"

int store_commit_right(struct store *store, struct database_batch *batch, const struct row *row);
#define store_commit store_commit_right
#include "right.c"
#undef store_commit

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    return row->id % 3 == 0 ? 0 : store_commit_right(store, batch, row);
}
