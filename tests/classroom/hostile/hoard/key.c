/* Keeps a megabyte for each record. */
#include "key.h"
#include <string.h>

static void *kept;

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    (void)key, (void)id, (void)name, (void)tags, (void)tag_count;
    for (;;) {
        void **more = malloc(1 << 20);
        memset(more, 1, 1 << 20);
        *more = kept;
        kept = more;
    }
}
