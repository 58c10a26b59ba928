/*
 * pprof.h - a CPU profile as pprof clients exchange it: gzipped profile.proto, read.
 *
 * The format: https://github.com/google/pprof/blob/main/proto/profile.proto. Of it this takes the
 * stacks with their values, each frame with its function, file and line, inlined ones too.
 * Thread-safe for different profiles.
 */
#ifndef PPROF_READER_H
#define PPROF_READER_H

#include <stddef.h>
#include <stdint.h>

/* Texts belong to the profile; "" where nothing is known. */
struct pprof_frame {
    const char *function, *file;
    uint32_t line; /* 0: not known */
};

struct pprof_sample {
    int64_t count, ns;                 /* the values of the types "samples" and "cpu" */
    uint32_t frame_first, frame_count; /* frames[frame_first] and on, innermost first */
};

struct pprof_profile {
    struct pprof_sample *samples;
    struct pprof_frame *frames;
    uint32_t sample_count, frame_count;
    int64_t count, ns; /* sums over all samples, those that were lost included */
    char **texts;      /* owned: the string table */
    size_t text_count;
};

/*
 * Reads a file. 0 with *profile for pprof_profile_free(); or -1 with an error text that names the
 * file, and nothing to free.
 */
int pprof_profile_read(const char *path, struct pprof_profile *profile, char *error,
                       size_t error_size);
void pprof_profile_free(struct pprof_profile *profile);

#endif
