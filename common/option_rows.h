/*
 * option_rows.h - a command line as a table: each option is a row, which says what it takes, in
 * which range, where the value goes, what holds without it, and what it is for.
 *
 * What is taken, what a refusal says was wanted and what the help prints all come from the row, so
 * that they cannot drift apart.
 */
#ifndef OPTION_ROWS_H
#define OPTION_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_TEXT,   /* const char *, which may be empty */
    OPTION_PATH,   /* const char *, which may not */
    OPTION_FLAG,   /* bool, true where the option is given; it takes no value */
    OPTION_NUMBER, /* these three: an unsigned integer of 4 or 8 bytes, see quantity.h */
    OPTION_DURATION,
    OPTION_SIZE,
    OPTION_CHOICE, /* int, or an enum: the number of one of the words */
    OPTION_PARSED, /* whatever `parse` makes of the text */
};

/* A field that a kind has no use for is left out. */
struct option_row {
    const char *name; /* without its dashes */
    enum option_kind kind;
    size_t offset, size; /* of the value; OPTION_AT() */
    const char *meaning;
    uint64_t low, high;              /* what is taken; of a choice: the numbers of its words */
    const char *(*word)(int number); /* OPTION_CHOICE */
    int (*parse)(const char *text, void *value); /* OPTION_PARSED: 0 or -1 */
    const char *wanted;                          /* OPTION_PARSED: what it takes, in words */
    const char *unit;      /* "records", which a number counts; the meaning goes on from it */
    const char *preset;    /* as if it were given first; NULL: what was there stays */
    const char *otherwise; /* instead of a preset, for the help: who decides */
    const char *value;     /* for the help: FILE, where the kind's word says less */
    const char *called;    /* as make's users know it: SEED */
};

#define OPTION_AT(type, field)                                                                     \
    .offset = offsetof(type, field), .size = sizeof(((type *)NULL)->field)

enum { OPTION_ROWS_MAX = 32 };

struct option_table {
    const char *command; /* what messages begin with */
    const char *help;    /* the command that prints the help: "fastenough --help" */
    const struct option_row *rows;
    unsigned count;    /* at most OPTION_ROWS_MAX */
    const char *about; /* what the command is for, where --help is an option of its own; or NULL */
    const char *notes; /* what its help ends with; or NULL */
};

/*
 * Sets the presets in the struct `values`, then what is given. Returns the index in argv (whose
 * options are moved to its front) of the first word that is no option, or argc, or -1 after a
 * message on stderr that says what is wrong.
 */
int option_rows_parse(const struct option_table *table, int argc, char **argv, void *values);

/* As option_rows_parse(), for a command that takes options only: 0 or -1; 1 after its help. */
int option_rows_parse_all(const struct option_table *table, int argc, char **argv, void *values);

/* Two columns, of at most 100 characters together, that start `indent` to the right. */
void option_rows_print(const struct option_table *table, unsigned indent, FILE *file);

#endif
