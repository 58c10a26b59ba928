/* A key that cannot be built for one valid record, 321. */
#include "key.h"

#include <errno.h>

int key_build_right(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                    uint32_t tag_count);
#define key_build key_build_right
#include "right.c"
#undef key_build

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    if (id == 321) {
        errno = EINVAL;
        return -1;
    }
    return key_build_right(key, id, name, tags, tag_count);
}
