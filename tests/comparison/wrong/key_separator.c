/*
 * A wrong key: every five-hundredth record has a comma where its first bar should be. `right.c` is
 * the fixed file, which the makefile puts beside this one.
 */
#include "key.h"

int key_build_right(struct key *key, uint64_t id, const char *name, const struct tag *tags,
                    uint32_t tag_count);
#define key_build key_build_right
#include "right.c"
#undef key_build

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    int status = key_build_right(key, id, name, tags, tag_count);
    char *bar = status == 0 && id % 500 == 123 ? strchr(key->text, '|') : NULL;
    if (bar != NULL)
        *bar = ',';
    return status;
}
