#include "bench/compare/write.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/model/model_json.h"
#include "bench/process/child.h"
#include "bench/report/evidence.h"
#include "bench/report/render_markdown.h"
#include "bench/report/render_page.h"
#include "bench/report/render_text.h"
#include "common/clock.h"

static int write_with(struct comparison *comparison, const cJSON *document, const char *name,
                      int (*render)(FILE *, const cJSON *))
{
    char path[PATH_SIZE];
    FILE *file = fopen(results_path(&comparison->results, name, path), "w");
    int status = file != NULL ? render(file, document) : -1;
    if (file != NULL && fclose(file) != 0)
        status = -1;
    return status == 0 ? 0
                       : comparison_fail(comparison, "cannot write %s: %s", path, strerror(errno));
}

static int render_json(FILE *file, const cJSON *document)
{
    char *text = cJSON_Print(document);
    if (text == NULL)
        return -1;
    int status = fprintf(file, "%s\n", text) < 0 ? -1 : 0;
    cJSON_free(text);
    return status;
}

static int write_page(struct comparison *comparison, const cJSON *document)
{
    char path[PATH_SIZE];
    cJSON *evidence = evidence_new(comparison->results.folder, document);
    FILE *file = fopen(results_path(&comparison->results, "index.html", path), "w");
    int status = file != NULL && evidence != NULL ? render_page(file, document, evidence) : -1;
    if (file != NULL && fclose(file) != 0)
        status = -1;
    cJSON_Delete(evidence);
    return status == 0 ? 0
                       : comparison_fail(comparison, "cannot write %s: %s", path, strerror(errno));
}

static int render_plain_text(FILE *file, const cJSON *document)
{
    return render_text(file, document, false);
}

static void add_files(struct comparison *comparison)
{
    static const struct {
        const char *path, *what, *open_with;
    } files[] = {
        {"compare.json", "everything that was measured", "jq"},
        {"compare.md", "the report as Markdown", "any editor"},
        {"compare.txt", "what the terminal showed", "less"},
        {"index.html", "the report as a page", "a browser"},
        {"raw/callgrind.out.key.naive",
         "instructions of nnnn, and .fixed with one fix; likewise "
         "sort, store, workers",
         "kcachegrind"},
        {"raw/dhat.out.key.naive", "heap blocks of nnnn, and .fixed",
         "DHAT's viewer, dh_view.html"},
        {"raw/cpu.nnnn.pb.gz", "CPU samples, and cpu.ffff.pb.gz",
         "go tool pprof -http=:, speedscope"},
        {"raw/massif.out.nnnn", "heap over time", "ms_print, massif-visualizer"},
        {"raw/massif-pages.out.nnnn", "address space over time", "ms_print, massif-visualizer"},
        {"raw/timeline.nnnn.json", "who held and waited for the lock, and .nnfn", "jq"},
        {"raw/drd.out.nnnn", "locks held for long", "any editor (XML)"},
        {"raw/memcheck.out.nnnn", "leaks", "less"},
    };
    cJSON *list = cJSON_AddArrayToObject(comparison->model.facts, "files");

    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        char path[PATH_SIZE];
        bool is_report = strncmp(files[i].path, "raw/", 4) != 0;
        if (!is_report &&
            access(results_path(&comparison->results, files[i].path, path), R_OK) != 0)
            continue; /* not part of this run */
        cJSON *object = cJSON_CreateObject();
        cJSON_AddItemToArray(list, object);
        cJSON_AddStringToObject(object, "path", files[i].path);
        cJSON_AddStringToObject(object, "what", files[i].what);
        cJSON_AddStringToObject(object, "open_with", files[i].open_with);
    }
}

int write_results(struct comparison *comparison, cJSON **document)
{
    cJSON *facts = comparison->model.facts;
    char created[32];
    time_t now = time(NULL);
    struct tm utc;

    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    cJSON_AddStringToObject(facts, "created", created);
    cJSON_AddNumberToObject(facts, "duration_s", (double)(clock_ns() - comparison->start_ns) / 1e9);
    add_files(comparison);
    *document = model_write(&comparison->model);
    if (*document == NULL)
        return comparison_fail(comparison, "out of memory");
    if (write_with(comparison, *document, "compare.json", render_json) != 0 ||
        write_with(comparison, *document, "compare.md", render_markdown) != 0 ||
        write_with(comparison, *document, "compare.txt", render_plain_text) != 0 ||
        write_page(comparison, *document) != 0)
        return -1;
    if (child_is_interrupted()) /* the last moment at which nothing need be kept */
        return comparison_fail(comparison, "interrupted");
    return results_commit(&comparison->results, comparison->error, sizeof comparison->error);
}
