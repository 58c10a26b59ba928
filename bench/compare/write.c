#include "bench/compare/write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/model/model_json.h"
#include "bench/process/child.h"
#include "bench/readers/json.h"
#include "bench/readers/whole_file.h"
#include "bench/report/render_markdown.h"
#include "bench/report/render_page.h"
#include "bench/report/render_text.h"
#include "common/clock.h"

static int write_markdown(FILE *file, const void *document)
{
    return render_markdown(file, document);
}

static int write_text(FILE *file, const void *document)
{
    return render_text(file, document, false);
}

static int write_files(const struct comparison *comparison, const cJSON *document,
                       char path[PATH_SIZE])
{
    const struct results *results = &comparison->results;

    if (json_write(results_path(results, "compare.json", path), document) != 0 ||
        whole_file_write(results_path(results, "compare.md", path), write_markdown, document) !=
            0 ||
        whole_file_write(results_path(results, "compare.txt", path), write_text, document) != 0)
        return -1;
    return render_page_file(results_path(results, "index.html", path), results->folder, document);
}

static void add_file(struct comparison *comparison, const char *name, const char *what,
                     const char *open_with)
{
    struct model *model = &comparison->model;
    MODEL_ADD(model, model, file, files,
              (struct result_file){model_text(model, "%s", name), model_text(model, "%s", what),
                                   open_with});
}

/* "raw/", `before`, who, `after`: NULL if that is no part of this run. */
static const char *raw_name(const struct comparison *comparison, char name[64], const char *before,
                            const char *who, const char *after)
{
    char path[PATH_SIZE];

    snprintf(name, 64, "raw/%s%s%s", before, who, after);
    return access(results_path(&comparison->results, name, path), R_OK) == 0 ? name : NULL;
}

/* A tool's file of the first lesson that has one; the others' are named in words. */
static void add_lesson_file(struct comparison *comparison, const char *before, const char *what,
                            const char *open_with)
{
    const struct model *model = &comparison->model;
    char name[64], found[64] = "", words[256];
    size_t used = (size_t)snprintf(words, sizeof words, "%s", what);

    for (unsigned i = 0; i < model->lesson_count && used < sizeof words; i++) {
        const char *id = model->lessons[i].id;
        if (raw_name(comparison, name, before, id, ".naive") == NULL)
            continue;
        if (found[0] != '\0')
            used += (size_t)snprintf(words + used, sizeof words - used, "%s%s",
                                     strstr(words, "likewise") != NULL ? ", " : "; likewise ", id);
        else
            snprintf(found, sizeof found, "%s", name);
    }
    if (found[0] != '\0')
        add_file(comparison, found, words, open_with);
}

static void add_timeline(struct comparison *comparison)
{
    char name[64], alone[64], build[BUILD_CODE_SIZE], words[128];

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        build_code(build_alone(lesson), build);
        if (raw_name(comparison, alone, "timeline.", build, ".json") == NULL ||
            raw_name(comparison, name, "timeline.", CODE_NAIVE, ".json") == NULL)
            continue;
        snprintf(words, sizeof words, "who held and waited for the lock, and .%s", build);
        add_file(comparison, name, words, "jq");
        return;
    }
}

static void add_naive_file(struct comparison *comparison, const char *before, const char *after,
                           const char *what, const char *open_with)
{
    char name[64];
    if (raw_name(comparison, name, before, CODE_NAIVE, after) != NULL)
        add_file(comparison, name, what, open_with);
}

static void add_files(struct comparison *comparison)
{
    char words[128];

    add_file(comparison, "compare.json", "everything that was measured", "jq");
    add_file(comparison, "compare.md", "the report as Markdown", "any editor");
    add_file(comparison, "compare.txt", "what the terminal showed", "less");
    add_file(comparison, "index.html", "the report as a page", "a browser");
    snprintf(words, sizeof words, "instructions of %s, and .fixed with one fix", CODE_NAIVE);
    add_lesson_file(comparison, "callgrind.out.", words, "kcachegrind");
    snprintf(words, sizeof words, "heap blocks of %s, and .fixed", CODE_NAIVE);
    add_lesson_file(comparison, "dhat.out.", words, "DHAT's viewer, dh_view.html");
    snprintf(words, sizeof words, "CPU samples, and cpu.%s.pb.gz", CODE_FIXED);
    add_naive_file(comparison, "cpu.", ".pb.gz", words, "go tool pprof -http=:, speedscope");
    add_naive_file(comparison, "massif.out.", "", "heap over time", "ms_print, massif-visualizer");
    add_naive_file(comparison, "massif-pages.out.", "", "address space over time",
                   "ms_print, massif-visualizer");
    add_timeline(comparison);
    add_naive_file(comparison, "drd.out.", "", "locks held for long", "any editor (XML)");
    add_naive_file(comparison, "memcheck.out.", "", "leaks", "less");
}

int write_results(struct comparison *comparison, cJSON **document)
{
    struct model *model = &comparison->model;
    char path[PATH_SIZE];

    model->created = model_now(model);
    model->duration_s = (double)(clock_ns() - comparison->start_ns) / 1e9;
    add_files(comparison);
    *document = model_write(&comparison->model);
    if (*document == NULL)
        return comparison_fail(comparison, "out of memory");
    if (write_files(comparison, *document, path) != 0)
        return comparison_fail(comparison, "cannot write %s: %s", path, strerror(errno));
    if (child_is_interrupted()) /* the last moment at which nothing need be kept */
        return comparison_fail(comparison, "interrupted");
    return results_commit(&comparison->results, comparison->error, sizeof comparison->error);
}

int show_results(const struct comparison *comparison, const cJSON *document)
{
    const char *no_color = getenv("NO_COLOR"); /* empty, it says nothing (no-color.org) */
    bool has_color = isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');

    if (render_text(stdout, document, has_color) != 0 || fflush(stdout) != 0) {
        fprintf(stderr,
                "compare: cannot write the table: %s. The result is whole: %s/latest/compare.txt\n",
                strerror(errno), comparison->results.root);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\nThe report: %s/latest/index.html (and compare.md, compare.json, raw/)\n",
            comparison->results.root);
    return EXIT_SUCCESS;
}
