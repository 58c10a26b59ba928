/* workshop.h - what a load test makes for itself and takes away after it: the records' files. */
#ifndef LOAD_WORKSHOP_H
#define LOAD_WORKSHOP_H

#include <stdint.h>
#include <stdio.h>

enum { BODY_RECORDS = 1000, BATCH_BODIES = 400 };

struct workshop {
    char folder[64];
    char body[96];         /* a body of BODY_RECORDS records */
    char batch[96];        /* the same ones, batch_bodies times over */
    unsigned batch_bodies; /* set before it is opened */
    uint64_t body_bytes;
    /* how far it is: */
    FILE *progress; /* NULL: nobody wants to know */
    unsigned done, steps;
};

/* 0, or -1 with a sentence in `error`; close it either way. */
int workshop_open(struct workshop *workshop, uint64_t seed, char *error, size_t size);
void workshop_close(struct workshop *workshop);

/* A further step begins; shown in place, on a terminal only. */
void workshop_say(struct workshop *workshop, const char *what);

#endif
