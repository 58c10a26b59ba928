/*
 * render_output.h - a rendering is made in memory first and then written in one go, so that a write
 * error shows up once, with its errno, and not in each of a thousand fprintf().
 */
#ifndef RENDER_OUTPUT_H
#define RENDER_OUTPUT_H

#include <stdio.h>

struct render_output {
    FILE *file; /* print into this */
    char *text; /* owned */
    size_t length;
};

/* 0, or -1 with errno set. */
int output_open(struct render_output *output);

/* Writes what was printed to `file`, flushes it, and frees. 0, or -1 with errno set. */
int output_close(struct render_output *output, FILE *file);

#endif
