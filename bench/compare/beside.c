#include "bench/compare/beside.h"

#include <stdio.h>

#include "bench/compare/base.h"
#include "bench/compare/yours.h"
#include "bench/readers/compare_json.h"

static int fail(const char *option, const char *error)
{
    fprintf(stderr, "compare: %s: %s\n", option, error);
    return -1;
}

int beside_read(const struct settings *settings, struct beside *beside)
{
    char error[ERROR_SIZE], guess_error[GUESS_ERROR_SIZE];

    if (settings->base != NULL &&
        compare_json_read(settings->base, &beside->base, error, sizeof error) != 0)
        return fail("BASE", error);
    if (settings->yours != NULL &&
        compare_json_read(settings->yours, &beside->yours, error, sizeof error) != 0)
        return fail("--yours", error);
    if (settings->guesses != NULL &&
        guesses_read(&beside->guesses, settings->guesses, guess_error) != 0)
        return fail("--guesses", guess_error);
    return 0;
}

void beside_free(struct beside *beside)
{
    cJSON_Delete(beside->base);
    cJSON_Delete(beside->yours);
    *beside = (struct beside){.base = NULL};
}

int beside_add(struct comparison *comparison, const struct beside *beside,
               const struct settings *settings)
{
    cJSON *document = comparison->document;
    cJSON *changes =
        beside->base != NULL ? base_changes(document, beside->base, settings->base) : NULL;
    cJSON *judgement = beside->guesses.count > 0 ? guesses_judge(&beside->guesses, document) : NULL;

    if (changes != NULL)
        cJSON_AddItemToObject(document, "base", changes);
    if (judgement != NULL)
        cJSON_AddItemToObject(document, "guesses", judgement);
    if ((beside->base != NULL && changes == NULL) ||
        (beside->guesses.count > 0 && judgement == NULL))
        return comparison_fail(comparison, "out of memory");
    if (beside->yours == NULL)
        return 0;
    return yours_add(document, beside->yours,
                     settings->student != NULL ? settings->student : settings->yours,
                     comparison->error, sizeof comparison->error);
}
