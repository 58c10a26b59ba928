/* sample.h - a function that the compiler puts into its callers: its cost lies in another file. */
#ifndef SAMPLE_H
#define SAMPLE_H

static inline unsigned sample_mix(unsigned state)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

#endif
