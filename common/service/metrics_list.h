/*
 * metrics_list.h - the metrics of the service, a row each, for the two formats that tell them.
 */
#ifndef METRICS_LIST_H
#define METRICS_LIST_H

#include "common/service/metrics_view.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

enum metric_unit {
    METRIC_COUNT, /* an unsigned integer of 4 or 8 bytes */
    METRIC_NS,    /* as many nanoseconds, which the text has in seconds */
    METRIC_REAL,  /* double */
};

/* The objects that the JSON consists of. */
enum metrics_section {
    SECTION_RECORDS,
    SECTION_WORK,
    SECTION_LOCK,
    SECTION_WORKERS,
    SECTION_HTTP,
    SECTION_PROCESS,
    SECTION_COUNT,
};

struct metric {
    const char *name, *help; /* in the text; NULL: it is in the JSON alone */
    enum metric_type type;
    enum metrics_section section;
    const char *member; /* of the section in the JSON; NULL: it is in the text alone */
    enum metric_unit unit;
    size_t offset, size; /* in struct metrics_view */
    /* Instead of one value: writes what has labels, or adds what is no number. */
    void (*print)(FILE *file, const struct metric *metric, const struct metrics_view *view);
    void (*add)(cJSON *section, const struct metrics_view *view);
};

extern const struct metric metrics_list[];
extern const unsigned metrics_list_count;

/* What one without print() and add() has: a count, nanoseconds (both of them whole), or the real
 * number. */
uint64_t metric_count(const struct metric *metric, const struct metrics_view *view);
double metric_value(const struct metric *metric, const struct metrics_view *view);

/* metrics_text.c: the metrics that have labels */
void metrics_print_build(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_rejected(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_unanswered(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_lock_waits(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_lock_holds(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_answers(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_broken(FILE *, const struct metric *, const struct metrics_view *);
void metrics_print_durations(FILE *, const struct metric *, const struct metrics_view *);

/* metrics_json.c: the members that are no numbers */
void metrics_add_records(cJSON *section, const struct metrics_view *view);
void metrics_add_unanswered(cJSON *section, const struct metrics_view *view);
void metrics_add_lock_times(cJSON *section, const struct metrics_view *view);
void metrics_add_routes(cJSON *section, const struct metrics_view *view);

#endif
