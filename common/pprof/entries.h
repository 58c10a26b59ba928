/*
 * entries.h - where the functions of a file begin, though it has no names for them: stripped
 * libraries keep their unwind tables, and these have an entry for each function.
 */
#ifndef PPROF_ENTRIES_H
#define PPROF_ENTRIES_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The beginning of the function that `address` is in, both as the file has them. False: the file
 * has no table that is sorted (.eh_frame_hdr), or none for what is there.
 */
bool entries_find(Elf *elf, uint64_t address, uint64_t *entry);

#endif
