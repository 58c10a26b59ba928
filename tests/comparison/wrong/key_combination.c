/* A key that is right with this fix alone, and wrong for record 200 where all four come together.
 */
#include "key.h"

#include "variant.h"

int key_build_right(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                    uint32_t tag_count);
#define key_build key_build_right
#include "right.c"
#undef key_build

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    int status = key_build_right(key, id, name, tags, tag_count);
    if (status == 0 && id == 200 && strcmp(variant_code, "ffff") == 0)
        key->text[0] = '#';
    return status;
}
