#include "common/service/leak.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { MIB = 1024 * 1024 };

struct leak_block {
    struct leak_block *next;
    char bytes[MIB - sizeof(struct leak_block *)];
};

void leak_init(struct leak *leak, size_t bytes_max)
{
    *leak = (struct leak){.bytes_max = bytes_max};
    pthread_mutex_init(&leak->mutex, NULL);
}

void leak_free(struct leak *leak)
{
    leak_undo(leak);
    pthread_mutex_destroy(&leak->mutex);
}

/* Frees the newest blocks until `keep` is the newest. */
static void drop_until(struct leak *leak, const struct leak_block *keep)
{
    while (leak->blocks != keep) {
        struct leak_block *block = leak->blocks;
        leak->blocks = block->next;
        leak->bytes -= sizeof *block;
        free(block);
    }
}

int leak_grow(struct leak *leak, size_t mib)
{
    int problem = 0;

    pthread_mutex_lock(&leak->mutex);
    const struct leak_block *before = leak->blocks;
    if (mib > (leak->bytes_max - leak->bytes) / MIB)
        problem = EDQUOT;
    while (problem == 0 && mib-- > 0) {
        struct leak_block *block = malloc(sizeof *block);
        if (block == NULL) {
            problem = ENOMEM;
            drop_until(leak, before);
            break;
        }
        memset(block->bytes, 0x4C, sizeof block->bytes);
        block->next = leak->blocks;
        leak->blocks = block;
        leak->bytes += sizeof *block;
    }
    pthread_mutex_unlock(&leak->mutex);
    errno = problem;
    return problem == 0 ? 0 : -1;
}

size_t leak_undo(struct leak *leak)
{
    pthread_mutex_lock(&leak->mutex);
    size_t bytes = leak->bytes;
    drop_until(leak, NULL);
    pthread_mutex_unlock(&leak->mutex);
    malloc_trim(0);
    return bytes;
}

size_t leak_bytes(struct leak *leak)
{
    pthread_mutex_lock(&leak->mutex);
    size_t bytes = leak->bytes;
    pthread_mutex_unlock(&leak->mutex);
    return bytes;
}
