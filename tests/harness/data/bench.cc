// bench.cc - a benchmark whose JSON is the test data of the reader of Google Benchmark's output:
// plain, in microseconds, with counters, with complexity, and one that fails on purpose.
#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>
#include <vector>

static void append(benchmark::State &state)
{
    for (auto _ : state) {
        std::string text;
        for (int64_t i = 0; i < state.range(0); i++)
            text += "tag|";
        benchmark::DoNotOptimize(text);
    }
    state.SetComplexityN(state.range(0));
    state.counters["bytes"] = 4.0 * static_cast<double>(state.range(0));
    state.counters["keys"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(append)
    ->Name("key/build/tags")
    ->RangeMultiplier(2)
    ->Range(8, 64)
    ->Complexity(benchmark::oN);

static void fill(benchmark::State &state)
{
    for (auto _ : state) {
        std::vector<int> numbers(1000, 1);
        benchmark::DoNotOptimize(numbers.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(1000 * state.iterations());
}
BENCHMARK(fill)->Name("store/fill")->Unit(benchmark::kMicrosecond)->UseRealTime();

static void fail(benchmark::State &state)
{
    state.SkipWithError("the database is gone: \"sim\"");
    for (auto _ : state) {
    }
}
BENCHMARK(fail)->Name("store/fail");

BENCHMARK_MAIN();
