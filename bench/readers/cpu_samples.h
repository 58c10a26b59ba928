/*
 * cpu_samples.h - reads a CPU profile as pprof clients exchange it: gzipped, by profile.proto; and
 * those of waiting (block, mutex) and of threads.
 *
 * Of it this takes the stacks with their values, each frame with its function, file and line,
 * inlined ones too. Thread-safe for different results.
 */
#ifndef CPU_SAMPLES_H
#define CPU_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

/* Texts belong to the result; "" where nothing is known. */
struct cpu_frame {
    const char *function, *file;
    uint32_t line; /* 0: not known */
};

struct cpu_sample {
    int64_t count;                     /* of the type "samples", "contentions" or "threads" */
    int64_t ns;                        /* of "cpu" or "delay" */
    uint32_t frame_first, frame_count; /* frames[frame_first] and on, innermost first */
};

struct cpu_samples {
    struct cpu_sample *samples;
    struct cpu_frame *frames;
    uint32_t sample_count, frame_count;
    int64_t count, ns;                /* sums over all samples, those that were lost included */
    struct Profile__Profile *message; /* holds the texts */
};

/* 0, or -1 with an error text that names the file; then there is nothing to free. */
int cpu_samples_read(const char *path, struct cpu_samples *result, char *error, size_t error_size);
void cpu_samples_free(struct cpu_samples *result);

#endif
