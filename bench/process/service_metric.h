/*
 * service_metric.h - a number that a running service tells of itself in /metrics.
 */
#ifndef SERVICE_METRIC_H
#define SERVICE_METRIC_H

/* The number by its path, as "lock.wait_ns" or "process.leaked_bytes"; NAN if it cannot be had. */
double service_metric(int port, const char *path);

#endif
