/*
 * drd.h - reads the XML of `valgrind --tool=drd --exclusive-threshold=MS --xml=yes --xml-file=F`:
 * how often a lock was held for longer than that.
 *
 * Valgrind's format is protocol 4 (docs/internals/xml-output-protocol4.txt in its sources). DRD
 * tells the same place once and counts how often it came up again. Its times are in Valgrind's
 * slowed-down time: they tell where a lock is held long, and not how long it is without Valgrind.
 */
#ifndef DRD_H
#define DRD_H

#include <stddef.h>
#include <stdint.h>

/*
 * Holds of a lock that was acquired in this function, or in one that it called, by frame_name_is();
 * NULL: all holds.
 * 0, or -1 with an error text that names the file, also if the run did not come to its end.
 */
int drd_count_holds(const char *path, const char *function, uint64_t *count, char *error,
                    size_t error_size);

#endif
