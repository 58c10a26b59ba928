/*
 * frame.h - one level of a call stack, as Valgrind's tools print it.
 *
 * Texts belong to whoever had them parsed. Thread-safe.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>

struct frame {
    const char *function; /* NULL if unknown */
    const char *object;   /* path of program or library; may be NULL where the source is known */
    const char *file;     /* of the source, without its folder; NULL if unknown */
    unsigned line;        /* from 1; 0 if unknown */
};

/*
 * Takes "0x1093D0: key_build (key.c:54)", "0x48417B4: malloc (in /lib/x.so)" or "0x5E6EECF: ???" to
 * pieces. Writes into `text`, which the frame then points into. 0, or -1 if it is none of these;
 * the text is then unchanged.
 */
int frame_parse(char *text, struct frame *frame);

/*
 * Whether `name` is the function `wanted`, or a copy of it that the compiler or the linker made:
 * "key_build.part.0", "key_build.constprop.0", "pthread_create@@GLIBC_2.34"; or Callgrind's name
 * for a recursive call of it, "key_build'2". False for a NULL name.
 */
bool frame_name_is(const char *name, const char *wanted);

#endif
