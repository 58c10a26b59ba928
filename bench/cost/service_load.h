/*
 * service_load.h - records that a service is asked for, and what they took of its CPU time.
 */
#ifndef SERVICE_LOAD_H
#define SERVICE_LOAD_H

#include <stdint.h>

#include "bench/process/local_service.h"

/* What came of a load, or of several. */
struct service_load {
    uint64_t records; /* that were asked for and answered */
    double seconds, cpu_seconds;
};

/*
 * Asks for so many records on each of so many connections at once, and adds what it took. 0, or -1
 * after a message on standard error.
 */
int service_load_add(const struct local_service *service, unsigned connections, unsigned records,
                     struct service_load *load);

#endif
