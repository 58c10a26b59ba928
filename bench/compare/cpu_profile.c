/*
 * cpu_profile.c - where the CPU time goes, by samples, in nothing fixed and in all fixed.
 *
 * What callgrind counts it cannot time, and the kernel's part it does not see. A profile of the
 * program as it runs does both, less sharply: 250 samples a second. All records come in one request
 * and go to one worker, because a thread that lives for less than the kernel's tick is hardly seen.
 */
#include <stdio.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "bench/readers/cpu_samples.h"

enum { REQUEST_MAX = 1000000, TIMEOUT_MS = 300000 };

/* 0, 1 if there is none on this machine, -1 with the error set. */
static int profile_build(struct comparison *comparison, unsigned build)
{
    char code[BUILD_CODE_SIZE], name[64], path[PATH_SIZE], error[ERROR_SIZE];
    const struct input_file *input = &comparison->whole;
    struct model *model = &comparison->model;
    struct cpu_samples profile;
    struct rundoc doc;

    build_code(build, code);
    snprintf(name, sizeof name, "raw/cpu.%s.pb.gz", code);
    const struct run_setup setup = {
        .input = input,
        .workers = 1,
        .request_records = input->records < REQUEST_MAX ? (unsigned)input->records : REQUEST_MAX,
        .repeat = comparison->plan.profile_repeat,
        .cpu_profile = results_path(&comparison->results, name, path)};
    int status = program_try(comparison, build, &setup, TIMEOUT_MS, &doc);
    if (status != 0)
        return status;
    rundoc_free(&doc);
    if (cpu_samples_read(path, &profile, error, sizeof error) != 0)
        return comparison_fail(comparison, "%s", error);
    MODEL_ADD(model, model, cpu_profile, cpu_profiles,
              (struct cpu_profile){.build = model_text(model, "%s", code),
                                   .raw = model_text(model, "%s", name),
                                   .records = (double)input->records * setup.repeat,
                                   .samples = (double)profile.count,
                                   .cpu_ns = (double)profile.ns});
    cpu_samples_free(&profile);
    return 0;
}

int profile_cpu(struct comparison *comparison)
{
    static const unsigned builds[] = {BUILD_NAIVE, BUILD_FIXED};
    int status = 0;

    comparison_announce(comparison,
                        8e-6 * (double)comparison->whole.records * comparison->plan.profile_repeat,
                        "CPU profile: samples of nothing fixed and of all fixed");
    for (unsigned i = 0; i < sizeof builds / sizeof *builds && status == 0; i++)
        status = profile_build(comparison, builds[i]);
    if (status <= 0)
        return status;
    machine_add_missing(comparison, "CPU profile", comparison->error,
                        "the CPU samples at the lines");
    comparison->error[0] = '\0';
    return 0;
}
