#include "tests/pair/witness_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"

static const struct section sections[PAIR_SECTIONS] = {
    [PAIR_LESSON] = {.id = "lesson"},
    [PAIR_TIME] = {.id = "time"},
    [PAIR_MEMORY] = {.id = "memory"},
    [PAIR_SYSTEM] = {.id = "system"},
    [PAIR_INSTRUCTIONS] = {.id = "instructions"},
    [PAIR_HEAP] = {.id = "heap"},
    [PAIR_LOCKS] = {.id = "locks"},
    [PAIR_OWN] = {.id = "own"},
};

static void run_shell(const char *command)
{
    cr_assert_eq(system(command), 0, "%s", command);
}

void fixture_folder(char folder[64])
{
    snprintf(folder, 64, "/tmp/fastenough-pair-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

void fixture_remove(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    run_shell(command);
}

void fixture_compile(const char *folder, const char *name, const char *source, const char *options,
                     char program[PATH_SIZE])
{
    char path[PATH_SIZE], command[3 * PATH_SIZE];

    snprintf(program, PATH_SIZE, "%s/%s", folder, name);
    snprintf(path, sizeof path, "%s.c", program);
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(source, file) >= 0 && fclose(file) == 0);
    snprintf(command, sizeof command, "%s %s -o %s %s", COMPILER, options, program, path);
    run_shell(command);
}

/* As the proof would. */
static void prove(struct fixture *fixture, unsigned number)
{
    struct pair_side *side = &fixture->pair.side[number];
    struct child_result result;
    struct pair_run run;

    cr_assert_eq(pair_run_init(&run, &fixture->pair, number, NULL), 0);
    pair_run(&fixture->pair, &run, &result);
    side->seconds = (double)result.wall_ns / 1e9;
    side->exit_status = result.exit_status;
    side->output_bytes = result.output_bytes;
    side->output_digest = result.output_digest;
    side->is_repeatable = true;
    child_result_free(&result);
    pair_run_free(&run);
}

void fixture_open(struct fixture *fixture, const char *before, const char *after)
{
    static const char *const names[] = {"before", "after"};
    const char *const texts[] = {before, after};
    const struct subject subject = {.kind = "commands", .sides = {"before", "after"}};
    struct comparison *comparison = &fixture->comparison;

    *fixture = (struct fixture){.pair = {.comparison = comparison}};
    fixture_folder(fixture->folder);
    comparison->cpu_count = 1;
    comparison->start_ns = clock_ns();
    cr_assert_eq(model_init_subject(&comparison->model, &subject, sections, PAIR_SECTIONS), 0);
    cr_assert_eq(results_open(&comparison->results, fixture->folder, comparison->error,
                              sizeof comparison->error),
                 0, "%s", comparison->error);
    fixture->pair.budget_s = 600;
    fixture->pair.name = "a test";
    snprintf(fixture->pair.counters, sizeof fixture->pair.counters, "%s/counters", fixture->folder);
    for (unsigned side = 0; side < PAIR_SIDES; side++) {
        const char **argv = fixture->argv[side];
        if (strncmp(texts[side], "sh:", 3) == 0) {
            argv[0] = "sh";
            argv[1] = "-c";
            argv[2] = texts[side] + 3;
        } else {
            argv[0] = texts[side];
        }
        fixture->pair.side[side].name = names[side];
        fixture->pair.side[side].text = texts[side];
        fixture->pair.side[side].argv = argv;
    }
    for (unsigned side = 0; side < PAIR_SIDES; side++)
        prove(fixture, side);
}

void fixture_close(struct fixture *fixture)
{
    results_discard(&fixture->comparison.results);
    model_free(&fixture->comparison.model);
    fixture_remove(fixture->folder);
}

const struct measurement *fixture_row(const struct fixture *fixture, enum pair_section section,
                                      const char *name, const char *label)
{
    const struct section *one = &fixture->comparison.model.lessons[section];

    for (unsigned i = 0; i < one->measurement_count; i++) {
        const struct quantity *what = &one->measurements[i].metric.what;
        if (strcmp(what->name, name) == 0 &&
            (label == NULL || strncmp(what->label, label, strlen(label)) == 0))
            return &one->measurements[i];
    }
    return NULL;
}

const char *fixture_lack(const struct fixture *fixture, const char *what)
{
    const struct machine *machine = &fixture->comparison.model.machine;

    for (unsigned i = 0; i < machine->lack_count; i++)
        if (strcmp(machine->missing[i].what, what) == 0)
            return machine->missing[i].why;
    return NULL;
}

bool fixture_has_raw(const struct fixture *fixture, const char *name)
{
    char path[PATH_SIZE];
    return access(results_path(&fixture->comparison.results, name, path), R_OK) == 0;
}
