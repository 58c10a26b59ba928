/* A key that dies of a segmentation fault, at record 701. */
#include "key.h"

#include <signal.h>

int key_build_right(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                    uint32_t tag_count);
#define key_build key_build_right
#include "right.c"
#undef key_build

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    if (id == 701)
        raise(SIGSEGV);
    return key_build_right(key, id, name, tags, tag_count);
}
