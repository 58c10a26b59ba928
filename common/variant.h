/* variant.h - which of the sixteen builds this is; the Makefile writes the definition of each. */
#ifndef VARIANT_H
#define VARIANT_H

/* Four letters in problem order (key, sort, store, workers), n naive or f fixed: "nnnn" to "ffff".
 */
extern const char variant_code[5];

#endif
