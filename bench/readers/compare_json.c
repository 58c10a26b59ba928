#include "bench/readers/compare_json.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/readers/json.h"

/* Why this is no comparison that can be read; NULL if it is one. */
static const char *refusal(const cJSON *document, const char *path, char *text, size_t size)
{
    const char *schema = "";
    double version = 0;

    json_text(document, "schema", &schema);
    json_number(document, "schema_version", &version);
    if (strcmp(schema, "fastenough-compare") != 0) {
        snprintf(text, size, "%s is no result of `make compare`", path);
        return text;
    }
    if (version == COMPARE_JSON_VERSION)
        return NULL;
    snprintf(text, size,
             "%s has schema version %g, and this program knows %d: their members mean different "
             "things. Measure it anew with this version: `make compare`, or `make gate-baseline` "
             "for what the gate holds counts against",
             path, version, COMPARE_JSON_VERSION);
    return text;
}

int compare_json_read(const char *path, cJSON **document, char *error, size_t error_size)
{
    char file[4096], reason[TEXT_ERROR_SIZE];
    struct stat status;
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);

    *document = NULL;
    if (snprintf(file, sizeof file, is_folder ? "%s/compare.json" : "%s", path) >=
        (int)sizeof file) {
        snprintf(error, error_size, "%.60s...: the path is too long", path);
        return -1;
    }
    if (json_read(file, document, reason, sizeof reason) != 0) {
        snprintf(error, error_size,
                 "%s. What is wanted is a folder that `make compare` wrote, such as "
                 "bench/results/2026-01-31T120000Z, or the compare.json in it",
                 reason);
        return -1;
    }
    if (refusal(*document, file, error, error_size) == NULL)
        return 0;
    cJSON_Delete(*document);
    *document = NULL;
    return -1;
}
