/* Prints as long as it is let. */
#include "key.h"
#include <stdio.h>

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    (void)key, (void)id, (void)name, (void)tags, (void)tag_count;
    for (;;)
        puts("{\"digest\":\"0\"}");
}
