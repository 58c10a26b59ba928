/* variant.h - which of the builds this is; the Makefile writes the definition of each. */
#ifndef VARIANT_H
#define VARIANT_H

/* A letter a lesson, in the order of make's LESSONS, n naive or f fixed: "nnnn" to "ffff". */
extern const char variant_code[LESSON_COUNT + 1];

/* The words of LESSONS. */
extern const char *const variant_lessons[LESSON_COUNT];

#endif
