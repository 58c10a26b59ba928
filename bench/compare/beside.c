#include "bench/compare/beside.h"

#include <stdio.h>

#include "bench/compare/base.h"
#include "bench/compare/yours.h"
#include "bench/model/model_json.h"

static int fail(const char *option, const char *error)
{
    fprintf(stderr, "compare: %s: %s\n", option, error);
    return -1;
}

int beside_read(const struct settings *settings, struct beside *beside)
{
    char error[ERROR_SIZE], guess_error[GUESS_ERROR_SIZE];

    if (settings->base != NULL) {
        if (model_read(&beside->base, settings->base, error, sizeof error) != 0)
            return fail("BASE", error);
        beside->has_base = true;
    }
    if (settings->yours != NULL) {
        if (model_read(&beside->yours, settings->yours, error, sizeof error) != 0)
            return fail("--yours", error);
        beside->has_yours = true;
    }
    if (settings->guesses != NULL &&
        guesses_read(&beside->guesses, settings->guesses, guess_error) != 0)
        return fail("--guesses", guess_error);
    return 0;
}

void beside_free(struct beside *beside)
{
    if (beside->has_base)
        model_free(&beside->base);
    if (beside->has_yours)
        model_free(&beside->yours);
    *beside = (struct beside){.has_base = false};
}

int beside_add(struct comparison *comparison, const struct beside *beside,
               const struct settings *settings)
{
    struct model *model = &comparison->model;

    if (beside->has_base)
        base_compare(model, &beside->base, settings->base);
    if (beside->guesses.count > 0)
        guesses_judge(&beside->guesses, model);
    if (!beside->has_yours)
        return 0;
    return yours_add(model, &beside->yours,
                     settings->student != NULL ? settings->student : settings->yours,
                     comparison->error, sizeof comparison->error);
}
