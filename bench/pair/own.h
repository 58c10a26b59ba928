/*
 * own.h - counters of a program's own: lines key=value in the file that FASTENOUGH_COUNTERS names.
 * A key that is there twice counts once, as it stands last; what is no number is none.
 */
#ifndef OWN_H
#define OWN_H

enum { OWN_KEYS = 16, OWN_KEY_SIZE = 48 };

struct own_keys {
    char names[OWN_KEYS][OWN_KEY_SIZE];
    double values[OWN_KEYS];
    unsigned count, left_out; /* more than there is room for */
};

/* What stands in the file; none where there is none. */
void own_read(struct own_keys *keys, const char *path);

/* The value of a key; NAN: it is not there. */
double own_value(const struct own_keys *keys, const char *name);

#endif
