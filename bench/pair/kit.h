/*
 * kit.h - a folder that is a lesson: kit.json, naive/ and fixed/ with files of the same names, and
 * what both share beside them. bench/kits/README.md says how one is written.
 *
 * A kit is read and checked here, each side is built into a folder of its own outside of it, and
 * the commands that make a pair of it are put together. Nothing is ever written into the kit.
 * Thread-safe for different kits.
 */
#ifndef KIT_H
#define KIT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    KIT_PATH_SIZE = 1024,
    KIT_ERROR_SIZE = 4096,
    KIT_COMMAND_SIZE = 4096,
    KIT_FILES = 16,
    KIT_GUESSES = 6,
    KIT_GRADED = 4
};

/* What may be measured of a kit, by its name in compare.json. */
struct kit_metric {
    const char *name, *tool;
    bool is_count; /* the same on each run: make grade counts it */
};

/* A metric of the program's own (FASTENOUGH_COUNTERS) is "own:NAME". */
#define KIT_OWN "own:"

struct kit_named_metric {
    const char *name; /* for somebody who types it; of what is graded the metric's own */
    struct kit_metric metric;
};

struct kit {
    char folder[KIT_PATH_SIZE];    /* absolute */
    char name[64];                 /* the folder's own */
    char path[KIT_PATH_SIZE + 16]; /* of kit.json */
    const char *title, *symptom, *words;
    const char *command; /* with {program} and {side} in it, as a shell takes it */
    const char *build;   /* for a shell; NULL: the compiler over the files of both folders */
    const char *input;   /* a file of the kit's, for standard input; NULL: none */
    const char *proof;   /* "output" or "status", as PROOF= */
    struct kit_metric headline;
    struct kit_named_metric guesses[KIT_GUESSES], graded[KIT_GRADED];
    unsigned guess_count, graded_count;
    const char *not_graded; /* why nothing is, in a sentence; NULL: something is */
    char *files[KIT_FILES]; /* the names in naive/, in their order */
    unsigned file_count;
    unsigned headline_line, command_line,
        build_line; /* in kit.json, for messages; 0: it is not there */
    cJSON *json;    /* holds the texts */
};

/*
 * Reads and checks the kit in a folder. 0, with kit_free() to be called; or -1 with a sentence that
 * names the file, and the line where there is one.
 */
int kit_read(struct kit *kit, const char *folder, char error[KIT_ERROR_SIZE]);
void kit_free(struct kit *kit);

/* A folder with "~/" at its front, which the shell leaves there in KIT='~/x', as a path. */
const char *kit_expand(const char *folder, char path[KIT_PATH_SIZE]);

/*
 * Builds the program of a side. `side` is "naive", "fixed", or the path of a folder with files of
 * the same names in their place (kit_take). CC and CFLAGS are the environment's, or else gcc and
 * -O2 -g. `runner` is what stands before the compiler's words, a sandbox; NULL: nothing. What was
 * at `program` is replaced once the new one is whole. 0, or -1 with what the compiler said.
 */
int kit_build(const struct kit *kit, const char *side, const char *program,
              const char *const *runner, char error[KIT_ERROR_SIZE]);

/* Copies somebody's files of naive/'s names, and nothing else of theirs, into the folder `to`. 0,
 * or -1 with the one that is missing. */
int kit_take(const struct kit *kit, const char *from, const char *to, char error[KIT_ERROR_SIZE]);

/* The command of a side, for a shell that starts in the kit's folder. 0, or -1: it is too long. */
int kit_command(const struct kit *kit, const char *side, const char *program,
                char command[KIT_COMMAND_SIZE]);

/* Makes WORK/NAME-HASH/SIDE/ with all above it, the hash of the kit's path, and puts the path of
 * NAME in there into `program`. 0, or -1. */
int kit_program(const struct kit *kit, const char *work, const char *side,
                char program[KIT_PATH_SIZE], char error[KIT_ERROR_SIZE]);

#endif
