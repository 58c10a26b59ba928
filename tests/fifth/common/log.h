/*
 * log.h - contract of the lesson "log": a line for each accepted record, for whoever wants so much.
 *
 * Implemented by naive/log.c and fixed/log.c; the linker chooses. Thread-safe.
 */
#ifndef LOG_H
#define LOG_H

#include "common/database.h"

enum log_level { LOG_WARNINGS, LOG_RECORDS };

/* On stderr, if the level is LOG_RECORDS. A line for which there is no memory is left out. */
void log_row(enum log_level level, const struct row *row);

#endif
