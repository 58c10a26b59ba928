/* Keeps megabytes, for ever. */
#include "key.h"
#include <string.h>

enum { HOARD = 1 << 24 };

static void *kept;

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    (void)key, (void)id, (void)name, (void)tags, (void)tag_count;
    for (;;) {
        char *more = malloc(HOARD);
        for (size_t at = 0; at < HOARD; at += 4096) /* a byte of each page makes it resident */
            more[at] = 1;
        memcpy(more, &kept, sizeof kept);
        kept = more;
    }
}
