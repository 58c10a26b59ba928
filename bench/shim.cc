/*
 * shim.cc - Google Benchmark behind a C interface: the one C++ file of the project.
 *
 * No exception leaves it: every function that is called from C is noexcept, and what can run out of
 * memory is caught where C can be told. See shim.h for the rules.
 *
 * Failures are kept from the library. Version 1.7.1 crashes on a benchmark with complexity of which
 * every run had an error, and it can only be interrupted in mid-sentence. So a benchmark that fails
 * is brought to its end as if it were a very fast one, with its message as its label, and the
 * reporter makes an error of it.
 */
#include "bench/shim.h"

#include <benchmark/benchmark.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

struct bench_state {
    benchmark::State *state;
    bench_suite *suite;
    bool has_failed, is_finished;
};

namespace {

enum { EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

const char interrupted[] = "interrupted";
const char failure_mark[] = "failed: "; /* what the label of a failure starts with */

/* More iterations than the library ever asks for. */
const benchmark::IterationCount enough = benchmark::IterationCount(1) << 40;

const char out_option[] = "--benchmark_out=", format_option[] = "--benchmark_out_format=";

/* How long and how wide, unless the command line says otherwise. */
const char *const defaults[] = {"--benchmark_min_time=0.2", "--benchmark_counters_tabular=true"};

bool starts_with(const std::string &text, const char *start)
{
    return text.compare(0, strlen(start), start) == 0;
}

/*
 * The library's reporters, for the terminal and for a file, behind one that tells them of failures,
 * keeps from them what was interrupted, and drops the line that shim.h explains.
 */
class reporter : public benchmark::BenchmarkReporter {
  public:
    reporter() : display_(benchmark::CreateDefaultDisplayReporter())
    {
    }

    bool open(const std::string &path)
    {
        file_.open(path, std::ios::trunc);
        file_reporter_.SetOutputStream(&file_);
        return file_.is_open();
    }

    /* Whether all that was written has arrived. */
    bool close()
    {
        std::cout.flush();
        if (file_.is_open())
            file_.close();
        return std::cout.good() && file_.good();
    }

    bool ReportContext(const Context &context) override
    {
        std::ostream &errors = display_->GetErrorStream();
        std::ostringstream head;
        display_->SetErrorStream(&head);
        bool is_ok = display_->ReportContext(context);
        display_->SetErrorStream(&errors);

        std::istringstream lines(head.str());
        for (std::string line; std::getline(lines, line);)
            if (line.find("Library was built as DEBUG") == std::string::npos)
                errors << line << '\n';
        errors << std::flush;
        return is_ok && (!file_.is_open() || file_reporter_.ReportContext(context));
    }

    void ReportRuns(const std::vector<Run> &runs) override
    {
        std::vector<Run> kept;
        for (const Run &run : runs)
            if (is_worth_reporting(run))
                kept.push_back(is_failure(run) ? failure(run) : run);
        if (kept.empty())
            return;
        display_->ReportRuns(kept);
        if (file_.is_open())
            file_reporter_.ReportRuns(kept);
    }

    void Finalize() override
    {
        display_->Finalize();
        if (file_.is_open())
            file_reporter_.Finalize();
    }

  private:
    static bool is_failure(const Run &run)
    {
        return starts_with(run.report_label, failure_mark);
    }

    /* What was interrupted is not, nor what is computed from runs some of which failed. */
    bool is_worth_reporting(const Run &run)
    {
        if (run.run_type == Run::RT_Aggregate)
            return failed_.count(run.run_name.function_name) == 0;
        if (is_failure(run))
            failed_.insert(run.run_name.function_name);
        return run.report_label != std::string(failure_mark) + interrupted;
    }

    /* Since 1.8 a run may be skipped for other reasons than an error, and the fields are called so. */
    template <typename R>
    static auto set_error(R &run, const std::string &why, std::nullptr_t)
        -> decltype(run.skipped, void())
    {
        using skipped = decltype(run.skipped);
        run.skipped = skipped::SkippedWithError;
        run.skip_message = why;
    }

    template <typename R>
    static auto set_error(R &run, const std::string &why, const void *)
        -> decltype(run.error_occurred, void())
    {
        run.error_occurred = true;
        run.error_message = why;
    }

    static Run failure(Run run)
    {
        set_error(run, run.report_label.substr(strlen(failure_mark)), nullptr);
        run.report_label.clear();
        run.iterations = 0;
        run.real_accumulated_time = run.cpu_accumulated_time = 0;
        run.counters.clear();
        return run;
    }

    std::unique_ptr<benchmark::BenchmarkReporter> display_;
    benchmark::JSONReporter file_reporter_;
    std::ofstream file_;
    std::set<std::string> failed_; /* names without arguments */
};

void fail(bench_state *state, const char *message)
{
    if (!state->has_failed)
        state->state->SetLabel(std::string(failure_mark) + message);
    state->has_failed = true;
}

/* Brings the library's loop to its end, so that it asks for no more. */
void finish(bench_state *state)
{
    while (!state->is_finished)
        state->is_finished = !state->state->KeepRunningBatch(enough);
}

int complain(const char *name, const char *why)
{
    fprintf(stderr, "benchmark %s: %s\n", name, why);
    return -1;
}

/* Empty if the argument makes no sense. */
std::vector<int64_t> values_of(const bench_argument &argument)
{
    std::vector<int64_t> values;
    if (argument.value_count > BENCH_VALUES_MAX)
        return values;
    if (argument.value_count > 0)
        return std::vector<int64_t>(argument.values, argument.values + argument.value_count);
    if (argument.first < 1 || argument.times < 2 || argument.last < argument.first)
        return values;
    for (int64_t value = argument.first; value < argument.last; value *= argument.times) {
        values.push_back(value);
        if (value > argument.last / argument.times)
            break;
    }
    values.push_back(argument.last);
    return values;
}

benchmark::BigO big_o(bench_complexity complexity)
{
    switch (complexity) {
    case BENCH_O_NONE:
        return benchmark::oNone;
    case BENCH_O_1:
        return benchmark::o1;
    case BENCH_O_N:
        return benchmark::oN;
    case BENCH_O_N_LOG_N:
        return benchmark::oNLogN;
    case BENCH_O_N_SQUARED:
        return benchmark::oNSquared;
    case BENCH_O_AUTO:
        break;
    }
    return benchmark::oAuto;
}

benchmark::TimeUnit time_unit(bench_unit unit)
{
    return unit == BENCH_MS   ? benchmark::kMillisecond
           : unit == BENCH_US ? benchmark::kMicrosecond
                              : benchmark::kNanosecond;
}

void configure(benchmark::internal::Benchmark *registered, const bench &bench,
               const std::vector<std::string> &names,
               const std::vector<std::vector<int64_t>> &values)
{
    registered->Unit(time_unit(bench.unit));
    if (!names.empty())
        registered->ArgNames(names)->ArgsProduct(values);
    if (bench.time == BENCH_REAL_TIME)
        registered->UseRealTime();
    if (bench.time == BENCH_MANUAL_TIME)
        registered->UseManualTime();
    if (bench.complexity != BENCH_O_NONE)
        registered->Complexity(big_o(bench.complexity));
    if (bench.iterations > 0)
        registered->Iterations(static_cast<benchmark::IterationCount>(bench.iterations));
    if (bench.min_time_s > 0)
        registered->MinTime(bench.min_time_s);
}

int try_register(bench_suite *suite, const bench &bench)
{
    std::vector<std::string> names;
    std::vector<std::vector<int64_t>> values;

    for (const bench_argument &argument : bench.arguments) {
        if (argument.name == nullptr)
            break;
        names.emplace_back(argument.name);
        values.push_back(values_of(argument));
        if (values.back().empty())
            return complain(bench.name, "an argument has no values, or no sensible range");
    }
    if (bench.iterations > 0 && bench.min_time_s > 0)
        return complain(bench.name, "either the iterations are given or the time, not both");

    auto run = bench.run;
    auto context = bench.context;
    auto call = [=](benchmark::State &library_state) {
        bench_state state = {&library_state, suite, false, false};
        library_state.SetComplexityN(1);
        if (*suite->is_stopped)
            fail(&state, interrupted);
        else
            run(&state, context);
        if (state.has_failed)
            finish(&state);
    };
    configure(benchmark::RegisterBenchmark(bench.name, call), bench, names, values);
    return 0;
}

/* Takes the file's name out of the command line. False if its format is none that we write. */
bool take_out_file(std::vector<std::string> &arguments, std::string &path)
{
    std::vector<std::string> rest;
    bool is_known = true;

    for (const std::string &argument : arguments) {
        if (starts_with(argument, out_option))
            path = argument.substr(strlen(out_option));
        else if (starts_with(argument, format_option))
            is_known = argument.substr(strlen(format_option)) == "json";
        else
            rest.push_back(argument);
    }
    rest.push_back(out_option); /* nothing, whatever the environment says */
    arguments = rest;
    return is_known;
}

/* 0, or what to exit with. The library keeps a pointer to the program's name in `arguments`. */
int try_initialize(std::vector<std::string> &arguments)
{
    std::vector<char *> pointers;

    /* The first ones, so that the command line's own have the last word. */
    for (const char *option : defaults)
        arguments.insert(arguments.begin() + 1, option);
    for (std::string &argument : arguments)
        pointers.push_back(&argument[0]);
    int count = static_cast<int>(pointers.size());
    pointers.push_back(nullptr);
    benchmark::Initialize(&count, pointers.data());
    return benchmark::ReportUnrecognizedArguments(count, pointers.data()) ? EXIT_USAGE : 0;
}

int try_run(bench_suite *suite, int argc, char **argv)
{
    std::vector<std::string> arguments(argv, argv + argc);
    std::string path;

    if (!take_out_file(arguments, path)) {
        std::cerr << "a file is written as JSON: " << format_option << "json\n";
        return EXIT_USAGE;
    }
    int status = try_initialize(arguments);
    if (status != 0)
        return status;

    reporter reporter;
    if (!path.empty() && !reporter.open(path)) {
        std::cerr << "cannot write " << path << ": " << strerror(errno) << '\n';
        return 1;
    }
    size_t run_count = benchmark::RunSpecifiedBenchmarks(&reporter);
    benchmark::Shutdown();
    if (!reporter.close()) {
        std::cerr << "the results could not be written: is the disk full?\n";
        return 1;
    }
    if (*suite->is_stopped) {
        std::cerr << "interrupted: what is above was measured, the rest was not\n";
        return EXIT_INTERRUPTED;
    }
    return run_count > 0 && suite->failure_count == 0 ? 0 : 1;
}

} // namespace

extern "C" {

int bench_register(bench_suite *suite, const bench *bench) noexcept
{
    try {
        return try_register(suite, *bench);
    } catch (const std::exception &error) {
        return complain(bench->name, error.what());
    }
}

int bench_add_context(const char *key, const char *value) noexcept
{
    try {
        benchmark::AddCustomContext(key, value);
        return 0;
    } catch (const std::exception &) {
        return -1;
    }
}

int bench_run(bench_suite *suite, int argc, char **argv) noexcept
{
    try {
        return try_run(suite, argc, argv);
    } catch (const std::exception &error) {
        fprintf(stderr, "the benchmarks cannot be run: %s\n", error.what());
        return 1;
    }
}

bool bench_keep_running(bench_state *state, uint64_t count) noexcept
{
    if (__builtin_expect(*state->suite->is_stopped, 0))
        fail(state, interrupted);
    if (__builtin_expect(state->has_failed, 0))
        finish(state);
    else
        state->is_finished =
            !state->state->KeepRunningBatch(static_cast<benchmark::IterationCount>(count));
    return !state->is_finished;
}

int64_t bench_value(const bench_state *state, unsigned index) noexcept
{
    return state->state->range(index);
}

uint64_t bench_iterations(const bench_state *state) noexcept
{
    return static_cast<uint64_t>(state->state->iterations());
}

void bench_pause(bench_state *state) noexcept
{
    state->state->PauseTiming();
}

void bench_resume(bench_state *state) noexcept
{
    state->state->ResumeTiming();
}

void bench_set_iteration_time(bench_state *state, uint64_t elapsed_ns) noexcept
{
    state->state->SetIterationTime(static_cast<double>(elapsed_ns) * 1e-9);
}

void bench_set_complexity(bench_state *state, int64_t n) noexcept
{
    state->state->SetComplexityN(n);
}

void bench_set_counter(bench_state *state, const char *name, double value,
                       bench_counter kind) noexcept
{
    auto flags = kind == BENCH_PER_ITERATION ? benchmark::Counter::kAvgIterations
                 : kind == BENCH_PER_SECOND  ? benchmark::Counter::kIsRate
                                             : benchmark::Counter::kDefaults;
    try {
        state->state->counters[name] = benchmark::Counter(value, flags);
    } catch (const std::exception &error) {
        bench_skip(state, "out of memory for a counter");
    }
}

void bench_skip(bench_state *state, const char *message) noexcept
{
    fail(state, message);
}

void bench_fail(bench_state *state, const char *message) noexcept
{
    state->suite->failure_count++;
    fail(state, message);
}

} // extern "C"
