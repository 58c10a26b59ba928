/*
 * main.c - the benchmarks of one of the builds: bench-nnnn to bench-ffff.
 *
 * `bench-ffff --help` lists Google Benchmark's options. What is different here: a benchmark takes
 * 0.2 s, and the counters stand in columns, unless the command line says otherwise; Ctrl-C ends the
 * program with what it has measured, a second one at once. Exit status: see bench_run().
 */
#include <stdio.h>

#include "bench/benchmarks.h"
#include "common/signals.h"
#include "common/variant.h"

static int add_all(struct bench_input *input)
{
#define ADDER(lesson) bench_add_##lesson,
    static int (*const adders[])(struct bench_input *) = {LESSONS(ADDER) bench_add_pipeline};
#undef ADDER

    for (unsigned i = 0; i < sizeof adders / sizeof *adders; i++)
        if (adders[i](input) != 0)
            return -1;
    return 0;
}

int main(int argc, char **argv)
{
    struct bench_suite suite = {.is_stopped = signals_set_flag()};
    int status = 1;

    arena_install_cjson_hooks();
    struct material *material = material_new();
    if (material == NULL) {
        fprintf(stderr, "bench: out of memory for the records\n");
        return 1;
    }
    struct bench_input input = {&suite, material};
    if (bench_add_context("variant", variant_code) == 0 && add_all(&input) == 0)
        status = bench_run(&suite, argc, argv);
    material_delete(material);
    return status;
}
