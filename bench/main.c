/*
 * main.c - the benchmarks of one of the sixteen builds: bench-nnnn to bench-ffff.
 *
 * `bench-ffff --help` lists Google Benchmark's options. What is different here: a benchmark takes
 * 0.2 s, and the counters stand in columns, unless the command line says otherwise; Ctrl-C ends the
 * program with what it has measured, a second one at once. Exit status: see bench_run().
 */
#include <signal.h>
#include <stdio.h>

#include "bench/benchmarks.h"
#include "common/variant.h"

static volatile sig_atomic_t is_stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    is_stopped = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int main(int argc, char **argv)
{
    struct bench_suite suite = {.is_stopped = &is_stopped};
    int status = 1;

    arena_install_cjson_hooks();
    catch_signals();
    struct material *material = material_new();
    if (material == NULL) {
        fprintf(stderr, "bench: out of memory for the records\n");
        return 1;
    }
    struct bench_input input = {&suite, material};
    if (bench_add_context("variant", variant_code) == 0 && bench_add_key(&input) == 0 &&
        bench_add_sort(&input) == 0 && bench_add_store(&input) == 0 &&
        bench_add_workers(&input) == 0 && bench_add_pipeline(&input) == 0)
        status = bench_run(&suite, argc, argv);
    material_delete(material);
    return status;
}
