/* index.h - the page that lists the profiles. */
#ifndef PPROF_INDEX_H
#define PPROF_INDEX_H

#include <stdio.h>

#include "page.h"

/* HTML. Profiles are collected for their counts. */
void index_write(FILE *file, const struct page_request *request);

#endif
