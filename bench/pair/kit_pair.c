#include "bench/pair/kit_pair.h"

#include <stdio.h>
#include <string.h>

#include "bench/readers/text.h"

static const char *const names[2] = {"naive", "fixed"};

/* Somebody's files are copied beside the program: what else is in their folder is not built. */
static int build_side(struct kit_pair *pair, unsigned side, const char *work, const char *student,
                      char *error)
{
    const struct kit *kit = &pair->kit;
    char source[KIT_PATH_SIZE];

    if (kit_program(kit, work, pair->sides[side], pair->programs[side], error) != 0)
        return -1;
    snprintf(source, sizeof source, "%s", names[side]);
    if (student != NULL) {
        snprintf(source, sizeof source, "%.*s",
                 (int)(strrchr(pair->programs[side], '/') - pair->programs[side]),
                 pair->programs[side]);
        if (kit_take(kit, student, source, error) != 0)
            return -1;
    }
    if (kit_build(kit, source, pair->programs[side], NULL, error) != 0)
        return -1;
    if (kit_command(kit, source, pair->programs[side], pair->commands[side]) != 0)
        return text_error(error, KIT_ERROR_SIZE, kit->path, kit->command_line,
                          "'command' is too long");
    return 0;
}

int kit_pair_open(struct kit_pair *pair, const char *folder, const char *work, const char *student,
                  char error[KIT_ERROR_SIZE])
{
    *pair = (struct kit_pair){.sides = {names[0], student != NULL ? "yours" : names[1]}};
    if (kit_read(&pair->kit, folder, error) != 0)
        return -1;
    for (unsigned side = 0; side < 2; side++) {
        /* of several files the first names the section */
        snprintf(pair->files[side], sizeof pair->files[side], "%s/%.255s", pair->sides[side],
                 pair->kit.files[0]);
        if (build_side(pair, side, work, side == 1 ? student : NULL, error) != 0) {
            kit_pair_close(pair);
            return -1;
        }
    }
    if (pair->kit.input != NULL)
        snprintf(pair->input, sizeof pair->input, "%s/%s", pair->kit.folder, pair->kit.input);
    return 0;
}

void kit_pair_close(struct kit_pair *pair)
{
    kit_free(&pair->kit);
}

struct section kit_pair_section(const struct kit_pair *pair)
{
    return (struct section){.id = pair->kit.name,
                            .title = pair->kit.title,
                            .words = pair->kit.words,
                            .naive_file = pair->files[0],
                            .fixed_file = pair->files[1],
                            .headline = pair->kit.headline.name};
}

/* 0, or -1 where nobody measured it. */
static int move(struct model *model, const struct kit_metric *metric)
{
    struct section *to = &model->lessons[0];
    const char *name = metric->name;

    if (section_find(to, name) != NULL)
        return 0;
    for (unsigned i = 1; i < model->lesson_count; i++) {
        struct section *from = &model->lessons[i];
        const struct measurement *found = section_find(from, name);
        if (found == NULL)
            continue;
        size_t at = (size_t)(found - from->measurements);
        MODEL_ADD(model, to, measurement, measurements, *found);
        from->measurement_count--;
        memmove(&from->measurements[at], &from->measurements[at + 1],
                (from->measurement_count - at) * sizeof *from->measurements);
        return 0;
    }
    return -1;
}

int kit_pair_lead(const struct kit_pair *pair, struct model *model)
{
    const struct kit *kit = &pair->kit;
    int status = move(model, &kit->headline);

    for (unsigned i = 0; i < kit->guess_count; i++)
        move(model, &kit->guesses[i].metric);
    for (unsigned i = 0; i < kit->graded_count; i++)
        move(model, &kit->graded[i].metric);
    return status;
}
