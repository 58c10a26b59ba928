/*
 * write.h - a measured comparison becomes a result: its files, and then its name.
 */
#ifndef WRITE_H
#define WRITE_H

#include "bench/compare/comparison.h"

/*
 * Writes compare.json, .md, .txt and index.html into the results folder, and lets `latest` point to
 * it. 0, or -1 with the error set and nothing to be seen of it. *document is what was written, for
 * cJSON_Delete() before the comparison's model goes; or NULL.
 */
int write_results(struct comparison *comparison, cJSON **document);

/* Prints the table of what was written, and says where the report is. An exit status. */
int show_results(const struct comparison *comparison, const cJSON *document);

#endif
