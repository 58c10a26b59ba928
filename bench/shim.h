/*
 * shim.h - Google Benchmark, from C.
 *
 * The library is C++; shim.cc is the one C++ file and keeps it, its types and its exceptions to
 * itself. A benchmark is a C function that is called with a state, some arguments, and a context
 * pointer:
 *
 *     static void build(struct bench_state *state, void *context)
 *     {
 *         ... prepare bench_value(state, 0) tags: not timed ...
 *         while (bench_keep_running(state, record_count))
 *             ... build record_count keys: timed ...
 *         bench_set_counter(state, "allocations", total, BENCH_PER_ITERATION);
 *     }
 *
 * The library calls it again and again with more iterations until they took --benchmark_min_time,
 * and reports the last call. So the function may start nothing that outlives it.
 *
 * Threads: the library can run a benchmark in several threads, but version 1.7.1 divides the time
 * by their number (1.9 does not), so the shim doesn't offer it: a benchmark that needs threads
 * starts its own and is timed by BENCH_REAL_TIME. Everything here is to be called from main's
 * thread: a state belongs to the thread that the benchmark's function was called in, and is valid
 * until that returns.
 *
 * The library prints '***WARNING*** Library was built as DEBUG' with Debian's package. That is
 * about the package's own build and not about what is measured: the loop is inlined into shim.cc,
 * and the library does nothing between two calls of bench_keep_running(). The shim keeps that line
 * back; the JSON says `"library_build_type": "debug"` all the same.
 */
#ifndef SHIM_H
#define SHIM_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
#define BENCH_NOTHROW noexcept
extern "C" {
#else
#define BENCH_NOTHROW
#endif

enum { BENCH_ARGUMENTS_MAX = 4, BENCH_VALUES_MAX = 16 };

/* All the benchmarks of a program. The library has one set a process, and so has the program. */
struct bench_suite {
    const volatile sig_atomic_t *is_stopped; /* true: end at the next bench_keep_running() */
    unsigned failure_count;                  /* calls of bench_fail() so far */
};

/* What time is, in `real_time` of the JSON and in the choice of the iterations. */
enum bench_time {
    BENCH_CPU_TIME,    /* of main's thread; `real_time` is reported too. For one thread's work */
    BENCH_REAL_TIME,   /* of the wall. For threads and waiting. The name gets "/real_time" */
    BENCH_MANUAL_TIME, /* as bench_set_iteration_time() has it. The name gets "/manual_time" */
};

enum bench_unit { BENCH_NS, BENCH_US, BENCH_MS };

/* How the time grows with bench_set_complexity(): fitted to that curve, or to the best one. */
enum bench_complexity {
    BENCH_O_NONE,
    BENCH_O_1,
    BENCH_O_N,
    BENCH_O_N_LOG_N,
    BENCH_O_N_SQUARED,
    BENCH_O_AUTO,
};

/* What becomes of a counter's value before it is reported. */
enum bench_counter {
    BENCH_PLAIN,         /* nothing */
    BENCH_PER_ITERATION, /* divided by the iterations: a total becomes an average */
    BENCH_PER_SECOND,    /* divided by the time in seconds: a total becomes a rate */
};

/* One argument, named as in "key/build/tags:32": a list of values, or a range of them. */
struct bench_argument {
    const char *name; /* NULL: there is no such argument, nor any behind it */
    int64_t values[BENCH_VALUES_MAX];
    unsigned value_count;       /* 0: it is a range */
    int64_t first, last, times; /* first, first*times, ... and last; first >= 1, times >= 2 */
};

struct bench_state; /* the library's, of one call */

/*
 * A benchmark. It is run for each combination of its arguments' values. What it points to, texts
 * included, must outlive bench_run(); the struct itself is copied.
 */
struct bench {
    const char *name;
    void (*run)(struct bench_state *state, void *context);
    void *context; /* not looked at, handed to run */
    struct bench_argument arguments[BENCH_ARGUMENTS_MAX];
    enum bench_time time;
    enum bench_unit unit; /* of the time on the terminal, and of `time_unit` in the JSON */
    enum bench_complexity complexity;
    uint64_t iterations; /* exactly so many; 0: as --benchmark_min_time needs */
    double min_time_s;   /* instead of --benchmark_min_time; 0: that. Not with iterations */
};

/* Adds a benchmark. 0, or -1 after a message on stderr if it makes no sense or memory ran out. */
int bench_register(struct bench_suite *suite, const struct bench *bench) BENCH_NOTHROW;

/* Says something about the program in the report's head. 0, or -1 if memory ran out. */
int bench_add_context(const char *key, const char *value) BENCH_NOTHROW;

/*
 * Takes the library's options (--benchmark_filter=, --benchmark_format=json, --benchmark_out=,
 * which is written as JSON, ...) and runs what is registered. Returns what to exit with: 0; 1 if a
 * benchmark failed, or none was there to be run; 2 for an option that nobody knows; 130 if
 * *suite->is_stopped became true: what had been measured till then is reported, and a file of
 * --benchmark_out is whole.
 */
int bench_run(struct bench_suite *suite, int argc, char **argv) BENCH_NOTHROW;

/*
 * Runs the loop: true as long as `count` more iterations are to be done. The time starts with the
 * first call, and stops with the one that returns false. Costs some nanoseconds a call, so do many
 * in one: what is too much in the last batch is accounted for. Keep calling until it is false.
 */
bool bench_keep_running(struct bench_state *state, uint64_t count) BENCH_NOTHROW;

/* The value of the argument with this index, which must be there. */
int64_t bench_value(const struct bench_state *state, unsigned index) BENCH_NOTHROW;

/* The iterations that were done, all batches in full. After the loop. */
uint64_t bench_iterations(const struct bench_state *state) BENCH_NOTHROW;

/*
 * Stops the time, and starts it again. Avoid it: each costs up to a microsecond, part of which is
 * counted. Rather prepare everything before the loop, or do the same work on both sides. A pause
 * has to be over before bench_keep_running() is called.
 */
void bench_pause(struct bench_state *state) BENCH_NOTHROW;
void bench_resume(struct bench_state *state) BENCH_NOTHROW;

/* With BENCH_MANUAL_TIME, once a turn of the loop: what its batch took, in nanoseconds. */
void bench_set_iteration_time(struct bench_state *state, uint64_t elapsed_ns) BENCH_NOTHROW;

/* n, for bench.complexity: at least 1. */
void bench_set_complexity(struct bench_state *state, int64_t n) BENCH_NOTHROW;

/* Reports a number beside the time. Sets it anew if the name is known. After the loop. */
void bench_set_counter(struct bench_state *state, const char *name, double value,
                       enum bench_counter kind) BENCH_NOTHROW;

/*
 * Ends the benchmark without a result: the loop runs no more. bench_skip() is for what this machine
 * cannot do (a limit is reached), bench_fail() for a wrong answer: it makes bench_run() return 1.
 * The message is copied.
 */
void bench_skip(struct bench_state *state, const char *message) BENCH_NOTHROW;
void bench_fail(struct bench_state *state, const char *message) BENCH_NOTHROW;

#ifdef __cplusplus
}
#endif

/* Sinks a result: the compiler has to make all that can be read through the pointer. No code. */
static inline void bench_sink(const void *result)
{
    __asm__ volatile("" : : "r"(result) : "memory");
}

/* Makes an input opaque: returns it, and the compiler no longer knows what it was. No code. */
static inline void *bench_opaque(void *input)
{
    __asm__ volatile("" : "+r"(input) : : "memory");
    return input;
}

#endif
