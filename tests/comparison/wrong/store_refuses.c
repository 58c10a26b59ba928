/* A store that cannot take the row of one record, 1234. */
#include "store.h"

#include <errno.h>

int store_commit_right(struct store *store, struct database_batch *batch, const struct row *row);
#define store_commit store_commit_right
#include "right.c"
#undef store_commit

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    if (row->id == 1234) {
        errno = EIO;
        return -1;
    }
    return store_commit_right(store, batch, row);
}
