/* fixture.h - a scratch folder below the build folder, and a small kit in it that is right. */
#ifndef KITS_FIXTURE_H
#define KITS_FIXTURE_H

#include "bench/pair/kit.h"

struct kit_fixture {
    char folder[512]; /* scratch; the kit is `kit` in it */
    char kit[600];
};

/* Its kit.json, of which a test replaces a part: a member a line, "title" on line 2. */
extern const char kit_fixture_json[];

void kit_fixture_init(struct kit_fixture *fixture);
void kit_fixture_free(struct kit_fixture *fixture);

/* Writes a file of the kit's. */
void kit_fixture_write(const struct kit_fixture *fixture, const char *name, const char *text);

/* Writes kit.json with `from`, which has to be in it, replaced by `to`. */
void kit_fixture_change(const struct kit_fixture *fixture, const char *from, const char *to);

/* Runs a line of shell and returns its exit status, with what it said on both streams. */
int kit_fixture_shell(char *output, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
