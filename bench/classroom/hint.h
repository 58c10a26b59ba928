/*
 * hint.h - what may have been meant by a file that is not where it is expected.
 *
 * Follows no symbolic links. Thread-safe.
 */
#ifndef HINT_H
#define HINT_H

#include <stddef.h>

/*
 * For the end of a sentence that says that `folder` has no `name`: "; there is 'Key.C': rename it
 * to key.c", or "" where nothing in it comes near.
 */
void hint_find(const char *folder, const char *name, char *hint, size_t size);

#endif
