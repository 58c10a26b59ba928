/*
 * scene.h - where a test of the comparison takes place: a scratch folder with the programs that are
 * compared, tools that are found before the machine's, and a results folder with an older result.
 *
 * Everything lies below the build folder and is removed by scene_free(). The built compare is run
 * as a child process, as `make compare` does it.
 */
#ifndef SCENE_H
#define SCENE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/process/child.h"

enum { SCENE_PATH_SIZE = 512, SCENE_ARGS_MAX = 24 };

struct scene {
    char folder[SCENE_PATH_SIZE];
    char programs[SCENE_PATH_SIZE]; /* a folder of links: one of them may be replaced */
    char tools[SCENE_PATH_SIZE];    /* the first folder of compare's PATH */
    char results[SCENE_PATH_SIZE];
    /* What a test may set: */
    char path[4096];          /* compare's "PATH=..." */
    const char *variables[3]; /* more of its environment, up to NULL */
    const char *output;       /* a file for its standard output; NULL: captured */
    unsigned guard_s;         /* when it is stopped, so that the tests go on; 0 for the default */
};

/*
 * Makes one with the programs of `tree`: "bin" for the project's own, "tests/same/bin",
 * "tests/wrong/key_crash/bin"; ends the test if it cannot be made.
 */
void scene_init(struct scene *scene, const char *tree);
void scene_free(struct scene *scene);

/* Writes a file of the scratch folder; `name` is relative to it. */
void scene_write(const struct scene *scene, const char *name, const char *text);

/* Removes a file of the scratch folder. */
void scene_remove(const struct scene *scene, const char *name);

/*
 * Puts a shell script in the place of a program ("bin/fastenough-fnnn") or a tool
 * ("tools/valgrind"). In it, $SCENE is the scratch folder and $REAL what it replaces.
 */
void scene_script(const struct scene *scene, const char *name, const char *script);

/* Copies up to `size` bytes of a file of the scratch folder, a NUL included; "" if there is none.
 */
void scene_read(const struct scene *scene, const char *name, char *text, size_t size);

/*
 * Runs `compare --programs .. --results ..` with further options, up to NULL. For
 * child_result_free().
 */
struct child_result scene_compare(const struct scene *scene, ...);

/*
 * The same below a shell: `script` has "$@" where compare is to run ("exec \"$@\" >/dev/full").
 */
struct child_result scene_compare_in(const struct scene *scene, const char *script, ...);

/* Expects the older result, `latest` that points to it, and nothing else. */
void scene_expect_untouched(const struct scene *scene);

/* Expects that no process is left that has to do with this scene. */
void scene_expect_no_process(const struct scene *scene);

/* Expects that compare ended by itself with this status, and that it said each of the words, up to
 * NULL, on standard error. */
void scene_expect(const struct child_result *result, int status, ...);

/* All of the above for a comparison that could not be had: status, words, results, processes. */
void scene_expect_failure(const struct scene *scene, const struct child_result *result, int status,
                          const char *words);

/* The newest result's compare.json, for cJSON_Delete(); ends the test if there is none. */
cJSON *scene_document(const struct scene *scene);

/* The path of a file in the newest result. Returns `path`. */
const char *scene_result_path(const struct scene *scene, const char *name,
                              char path[SCENE_PATH_SIZE]);

#endif
