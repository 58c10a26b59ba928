/* What protoc and go tool pprof read from a profile that was written. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pprof/proto.h"
#include "tests/pprof/callers.h"
#include "tests/pprof/clients.h"

static const struct profile_type types[] = {{"samples", "count"}, {"cpu", "nanoseconds"}};
static char output[CLIENTS_OUTPUT_SIZE];

static struct profile *make_profile(int64_t count)
{
    struct profile *profile = profile_new(types, 2);
    uintptr_t stack[64], unknown[] = {0x10, 0x20};
    unsigned depth = callers_take(stack, 64);
    int64_t values[] = {count, count * 10000000}, negative[] = {-1, -10000000};
    struct profile_label labels[] = {{"thread", "worker \"7\"", NULL, 0, false},
                                     {"retained", NULL, "bytes", 4096, false}};

    cr_assert_eq(profile_add(profile, stack, depth, false, values, labels, 2), 0);
    cr_assert_eq(profile_add(profile, unknown, 2, true, negative, NULL, 0), 0);
    profile_set_period(profile, types[1], 10000000);
    profile_set_time(profile, 1700000000000000000, 2500000000);
    return profile;
}

static const char *save(const char *name, struct profile *profile)
{
    struct symbols *symbols = symbols_new();
    char *bytes;
    size_t length;

    cr_assert_eq(symbols_refresh(symbols), 0);
    cr_assert_eq(proto_write(profile, symbols, "cpu", "made by a test", &bytes, &length), 0);
    const char *path = clients_save(name, bytes, length);
    free(bytes);
    symbols_delete(symbols);
    profile_delete(profile);
    return path;
}

Test(proto, is_the_message_that_protoc_decodes)
{
    const char *path = save("a.pb.gz", make_profile(3));

    cr_assert_eq(clients_run(output,
                             "gunzip < %s | protoc --decode=pprof.Profile -I%s profile.proto", path,
                             PROJECT_FOLDER "/tests/pprof/data"),
                 0, "%s", output);
    static const char *const wanted[] = {
        "value: 3\n  value: 30000000\n",
        "value: -1\n",
        "num: 4096",
        "time_nanos: 1700000000000000000",
        "duration_nanos: 2500000000",
        "period: 10000000",
        "has_inline_frames: true",
        "string_table: \"\"\n", /* the first */
        "string_table: \"callers_leaf\"",
        "string_table: \"worker \\\"7\\\"\"",
        "string_table: \"made by a test\"",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        cr_assert_not_null(strstr(output, wanted[i]), "no '%s' in %s", wanted[i], output);
    const char *first = strstr(output, "string_table:");
    cr_assert_eq(strncmp(first, "string_table: \"\"\n", 17), 0);
    /* a field that protoc does not know stands there by its number */
    for (const char *line = output; line != NULL; line = strchr(line, '\n')) {
        line += strspn(line, "\n ");
        cr_assert(*line == '\0' || *line < '0' || *line > '9', "%.80s", line);
    }
}

/* In what -raw prints: a line, and where its function begins. */
static void expect_line(const char *from, int line, int function_line)
{
    char wanted[64], with_column[64]; /* as Go 1.24 and later has it */

    snprintf(wanted, sizeof wanted, "/tests/pprof/callers.c:%d s=%d\n", line, function_line);
    snprintf(with_column, sizeof with_column, "/tests/pprof/callers.c:%d:0 s=%d\n", line,
             function_line);
    cr_assert(strstr(from, wanted) != NULL || strstr(from, with_column) != NULL, "no %s in %s",
              wanted, from);
}

Test(proto, has_names_lines_and_inlined_frames_for_go_tool_pprof)
{
    const char *path = save("b.pb.gz", make_profile(3));

    cr_assert_eq(clients_run(output, "go tool pprof -raw %s", path), 0, "%s", output);
    cr_assert_not_null(strstr(output, "PeriodType: cpu nanoseconds"), "%s", output);
    cr_assert_not_null(strstr(output, "Period: 10000000"), "%s", output);
    cr_assert_not_null(strstr(output, "samples/count cpu/nanoseconds[dflt]"), "%s", output);
    cr_assert_not_null(strstr(output, "retained:[4096"), "%s", output);
    const char *leaf = strstr(output, " callers_leaf /");
    const char *middle = strstr(output, "callers_middle /");
    const char *root = strstr(output, "callers_root /");
    cr_assert(leaf != NULL && middle > leaf && root > middle, "%s", output);
    expect_line(leaf, 10, 8);
    expect_line(middle, 17, 15);
}

Test(proto, can_be_listed_and_compared)
{
    const char *one = save("c.pb.gz", make_profile(3));
    const char *two = save("d.pb.gz", make_profile(5));

    cr_assert_eq(clients_run(output, "go tool pprof -list=callers_middle %s", one), 0);
    cr_assert_not_null(strstr(output, "int depth = callers_leaf(stack);"), "%s", output);
    cr_assert_eq(clients_run(output, "go tool pprof -top -cum -diff_base=%s %s", one, two), 0);
    cr_assert_neq(clients_top_row(output, "callers_root"), 0, "%s", output);
    cr_assert_not_null(strstr(output, "20ms"), "%s", output);
}

Test(proto, holds_a_profile_without_stacks)
{
    const char *path = save("e.pb.gz", profile_new(types, 2));

    cr_assert_eq(clients_run(output, "go tool pprof -raw %s", path), 0, "%s", output);
    cr_assert_not_null(strstr(output, "samples/count cpu/nanoseconds"), "%s", output);
}
