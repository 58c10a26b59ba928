/*
 * rundoc.h - reads what `fastenough run FILE --json` printed: the program's own account of a run.
 *
 * The members below must be there; any other number of the document can be asked for by its name.
 * Texts belong to the result. Not thread-safe for one result.
 */
#ifndef RUNDOC_H
#define RUNDOC_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rundoc {
    const char *variant; /* "nnnn" to "ffff" */
    uint64_t accepted;   /* records */
    uint64_t rejected;   /* records, all reasons together */
    const char *digest;  /* 16 hexadecimal digits in lower case */
    double score_sum;    /* whole; may be negative */
    double records_per_s;
    double mb_per_s;
    double ns_per_record;
    uint64_t peak_rss_kb;
    uint64_t threads_alive; /* at the end of the run */
    struct {
        uint64_t acquisitions;
        uint64_t contended;
        uint64_t wait_ns, hold_ns; /* sums over all acquisitions */
        uint64_t hold_ns_max;
    } lock;              /* all locks of the store together */
    bool is_interrupted; /* all of the above is what was done by then */
    const char *error;   /* why the run could not go on; NULL if it could */
    cJSON *json;         /* the whole document */
};

/*
 * Reads it as captured from the program. `name` is for the error text. `text` need not be
 * NUL-terminated, and is not needed afterwards. 0, or -1 with an error text that has the name, and
 * the line or the member at fault.
 */
int rundoc_parse(const char *name, const char *text, size_t length, struct rundoc *doc, char *error,
                 size_t error_size);
void rundoc_free(struct rundoc *doc);

/*
 * A number by its path: "allocations", or "lock.inside.comparisons" for one inside of objects. 0;
 * or -1 if there is none there or it is no number, and the value is then unchanged.
 */
int rundoc_number(const struct rundoc *doc, const char *path, double *value);

#endif
