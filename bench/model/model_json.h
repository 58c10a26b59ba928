/*
 * model_json.h - a model written as compare.json, whose members bench/compare/schema.md describes,
 * and read back.
 */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include "bench/model/model.h"

/*
 * The whole document, for cJSON_Delete(). It refers to the model's JSON, and cannot outlive the
 * model. NULL if memory ran out.
 */
cJSON *model_write(const struct model *model);

/* The guesses alone, as they stand in compare.json. */
cJSON *model_write_guesses(const struct judged_guesses *guesses);

/*
 * Reads a folder of results, or the compare.json in it. 0, or -1 with nothing to free and a text
 * that says what is wrong and what to do.
 */
int model_read(struct model *model, const char *path, char *error, size_t error_size);

/*
 * A model of a document, leniently: what is not there, or is of another kind than it should be, is
 * left out, or a default. The document stays the caller's, and has to outlive the model. 0, or -1
 * if memory ran out, and nothing to free.
 */
int model_view(struct model *model, const cJSON *json);

#endif
