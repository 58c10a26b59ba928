/* index.h - the page that lists the profiles. */
#ifndef PPROF_INDEX_H
#define PPROF_INDEX_H

#include <stdio.h>

#include "web.h"

/* HTML. Profiles are collected for their counts. */
void index_write(FILE *file, const struct web_request *request);

#endif
