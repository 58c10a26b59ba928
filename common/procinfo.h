/* procinfo.h - what the kernel says of this process. Thread-safe; 0 where /proc does not tell. */
#ifndef PROCINFO_H
#define PROCINFO_H

#include <stddef.h>

size_t procinfo_mapped_bytes(void); /* what ulimit -v is about */
size_t procinfo_resident_bytes(void);
size_t procinfo_resident_bytes_max(void); /* the highest so far */
unsigned procinfo_thread_count(void);     /* main included */

#endif
