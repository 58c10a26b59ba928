/* Fills the disk. */
#include "key.h"
#include <stdio.h>

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    (void)key, (void)id, (void)name, (void)tags, (void)tag_count;
    FILE *file = fopen("/tmp/full", "w");
    for (;;)
        fputs("full", file);
}
